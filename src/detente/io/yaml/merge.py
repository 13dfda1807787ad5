"""Merging a changed conflict into the text that a person wrote; comments and the layout of everything else are kept.

Theory of operation. Both versions of the conflict are written as data, and the two are compared element by element.
Where they differ, the difference becomes a patch of the text at the place that the parser gives for the element:
another value, another key, or other entries of a mapping or a list (`detente.io.yaml.edit`). A new value is written in
the program's style; nothing else in the text is touched. If the text found in this way does not parse to the changed
conflict, larger parts of it are written anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from io import StringIO
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.scalarstring import (
    DoubleQuotedScalarString,
    LiteralScalarString,
    ScalarString,
    SingleQuotedScalarString,
)

from detente.errors import ConditionError, InputError
from detente.io.yaml.build import PREFERENCE_FORMS
from detente.io.yaml.edit import (
    COLON,
    CannotRewriteError,
    Patch,
    Plan,
    align_comments,
    as_written,
    node_span,
    patched,
    rebuilt,
    references,
    reworded,
    value_span,
)
from detente.io.yaml.fields import Names
from detente.io.yaml.parse import YamlDocument, parse_yaml
from detente.io.yaml.schema import CONFLICT
from detente.io.yaml.write import LINE_WIDTH, round_trip_yaml, tree_text
from detente.model.conditions import is_option_identifier, is_quoted_name
from detente.model.conflict import Conflict
from detente.model.names import name_key
from detente.model.option_names import OptionNames

#: The keys of evidence of an element that is otherwise written as a list.
_GROUNDS = frozenset({"evidence", "against", "note"})
#: One attempt after the other: the level down to which elements are compared, below which what differs is written anew;
#: whether a changed alias is replaced by its value; and whether what is written in another form than the program's is
#: written anew, because its meaning may depend on the rest of the file, as that of a pattern of Y and N does.
_ATTEMPTS = ((99, False, False), (99, True, False), *((level, True, True) for level in (99, 4, 3, 2, 1)))
_QUOTED = {"'": SingleQuotedScalarString, '"': DoubleQuotedScalarString}
_ANCHOR = re.compile(r"&[^\s,]+[ \t]*")
_BESIDE = re.compile(r"[ \t]+#[^\n]*")


def merged_texts(text: str, old: Conflict, new: Conflict, in_text: Callable[[str], str] | None = None) -> Iterator[str]:
    """Yield candidates for the text of a file after a change, touching only what differs between the two conflicts.

    The caller takes the first candidate that parses to the changed conflict: a value that aliases share is changed for
    all of them, then only where it differs, then with every alias expanded. If the change comes with a function for the
    text itself (``in_text``), its result is tried before.
    """
    if old == new:
        yield text
        return
    names, former = OptionNames.of(new), OptionNames.of(old)
    text = _with_names(text, former, names)
    # The text has the names after the change, and those of options that go.
    known = OptionNames((*names.options, *(one for one in former.options if not names.entry(one[0]))))
    writings = (str, _without_aliases) if "*" in text else (str,)
    if in_text:
        for write in writings:
            with suppress(CannotRewriteError, InputError):
                yield in_text(write(text))
    before, after = CONFLICT.write(old), CONFLICT.write(new)
    has_new = not _texts_of_model(after) <= _texts_of_model(before)
    is_by_name = has_new and any(map(_has_name, _conditions(text)))
    for write in writings:
        for attempt in _ATTEMPTS:
            # A form that the patches do not know, such as brackets behind an alias: the next attempt writes more anew.
            with suppress(CannotRewriteError, InputError, ValueError, IndexError):
                made = _Merge(write(text), *attempt, known).merged(before, after)
                if is_by_name:
                    yield _named_as_before(text, made, names)
                yield made


def _without_aliases(text: str) -> str:
    made, stream = round_trip_yaml(), StringIO()
    made.representer.ignore_aliases = lambda data: True
    made.dump(made.load(text), stream)
    return stream.getvalue()


def _conditions(text: str) -> list[ScalarNode]:
    """Return the conditions in a text; none of a text without quotation marks."""
    if not re.search("[\"'“]", text):
        return []
    return [one.node for one in references(parse_yaml(text, "")) if one.what == Names.CONDITION]


def _has_name(node: ScalarNode) -> bool:
    """Tell whether a condition gives an option by its name: in quotation marks, or in those of YAML."""
    value = str(node.value)
    return bool(re.search("[\"'“]", value)) or (node.style is not None and not is_option_identifier(value))


def _texts_of_model(tree: Any) -> set[str]:
    """Return every text in the parts of a written conflict that have conditions."""
    if isinstance(tree, dict):
        apart = ("sources", "statements", "speakers")
        return {str(key) for key in tree}.union(
            *(_texts_of_model(one) for key, one in tree.items() if key not in apart)
        )
    return set().union(*map(_texts_of_model, tree)) if isinstance(tree, list) else {str(tree)}


def _with_names(text: str, before: OptionNames, after: OptionNames) -> str:
    """Return a text in which what gives an option by its name gives the name that it has after a change."""
    if before == after:
        return text

    def named(word: str) -> str:
        name = word[1:-1] if is_quoted_name(word) else word
        id = before.ids(name)[0] if len(before.ids(name)) == 1 else None
        if id is None or after.entry(id) is None:
            return word
        is_shown = before.entry(id) == after.entry(id) or name_key(name) in map(name_key, after.ways(id))
        return word if is_shown and after.ids(name) == (id,) else after.quoted(id)

    patches: list[Patch] = []
    with suppress(ConditionError):
        for mention in references(parse_yaml(text, "")):
            node, value = mention.node, str(mention.node.value)
            if mention.what not in (Names.CONDITION, Names.OPTION):
                continue
            is_alone = mention.what == Names.OPTION or node.style in _QUOTED
            if is_alone and before.ids(value) and not before.entry(value):
                made = named(value)
                name = made[1:-1] if is_quoted_name(made) and not after.entry(made[1:-1]) else made
                written = rendered_inline([_QUOTED.get(node.style, str)(name)])
                patches += [(*node_span(node), written)] if made != value else []
            elif mention.what == Names.CONDITION and _has_name(node):
                patches += reworded(text, node, lambda word: named(word) if is_quoted_name(word) else word)
    return patched(text, patches)


def _named_as_before(text: str, made: str, names: OptionNames) -> str:
    """Return a changed text in which new conditions give options by name, because the others do."""
    before = {str(node.value) for node in _conditions(text)}
    new = [node for node in _conditions(made) if str(node.value) not in before]
    return patched(
        made,
        [
            patch
            for node in new
            for patch in reworded(made, node, lambda word: names.quoted(word) if names.entry(word) else word)
        ],
    )


class _Value:
    """A value in the text: its node, and where it stands.

    ``lead`` is the end of the colon or the dash before it, ``column`` that of its key or dash; ``is_inline`` tells
    whether it stands between brackets.
    """

    def __init__(self, text: str, entry: Node | tuple[Node, Node], begin: int, is_inline: bool) -> None:
        self.is_item, self.is_inline = not isinstance(entry, tuple), is_inline
        if isinstance(entry, tuple):
            key, self.node = entry
            at, begin = node_span(key)
            colon = COLON.match(text, begin)
            self.lead = colon.end() if colon else begin
            self.has_colon = colon is not None
        else:
            self.node = entry
        self.start, self.end = value_span(text, self.node, begin)
        if self.is_item:
            at = self.start if is_inline else text.rfind("-", begin, self.start)
            self.lead = at if is_inline else at + 1
        self.column = at - text.rfind("\n", 0, at) - 1
        self.is_alias = text.startswith("*", self.start)
        self.is_empty = self.start == self.end


class _Merge:
    """A text, and what is to be changed in it."""

    def __init__(self, text: str, level: int, expand: bool, anew: bool, options: OptionNames) -> None:
        self.text, self.level, self.expand, self.anew, self.options = text, level, expand, anew, options
        self.patches: list[Patch] = []
        self.plans: list[tuple[CollectionNode, Plan]] = []

    def merged(self, old: Mapping[Any, Any], new: Mapping[Any, Any]) -> str:
        """Return the text with the changes that lead from one version of its data to the other."""
        # Only the places are needed, not the data.
        document = YamlDocument("", self.text)
        root = document.places[()].value
        assert isinstance(root, MappingNode)
        self.mapping(root, old, new, self.level)
        patches = align_comments(document, self.text, self.patches)
        # Inner collections come first.
        for node, plan in self.plans:
            start, end, made = rebuilt(self.text, node, plan, patches)
            patches = sorted([*(one for one in patches if one[1] <= start or end <= one[0]), (start, end, made)])
        return patched(self.text, patches)

    def mapping(self, node: MappingNode, old: Mapping[Any, Any], new: Mapping[Any, Any], level: int) -> None:
        """Change the entries of a mapping."""
        values = self.values(node)
        written = {str(key.value): number for number, (key, _) in enumerate(node.value)}
        keys = {number: key for number, (key, _) in enumerate(node.value)}
        nested = values[written["preferences"]] if "preferences" in written else None
        if nested and isinstance(nested.node, MappingNode) and not nested.is_alias and len(nested.node.value) == 1:
            ((form, _),) = nested.node.value
            if form.value in PREFERENCE_FORMS:
                # Written as 'preferences: {ranking: …}'.
                number = written.pop("preferences")
                written[form.value], keys[number] = number, form
                (values[number],) = self.values(nested.node)
        missing, others = [key for key in old if str(key) not in written], [key for key in written if key not in old]
        if len(missing) == len(others):
            # The same keys in another notation, such as 'not(a)'.
            written |= {str(key): written.pop(other) for key, other in zip(missing, others, strict=True)}
        gone, come = [key for key in old if key not in new], [key for key in new if key not in old]
        former = gone[0] if len(gone) == len(come) == 1 and str(gone[0]) in written else None
        if former is not None and (old[former] == new[come[0]] or {former, come[0]} <= set(PREFERENCE_FORMS)):
            (present,) = come
            written[str(present)] = number = written.pop(str(former))
            self.patches.append((*node_span(keys[number]), as_written(str(present), keys[number])))
            old = {present if key == former else key: value for key, value in old.items()}
        kept = [key for key in new if str(key) in written]
        plan: list[int | str] = [written[str(key)] for key in kept]
        if [key for key in old if key in kept] == [key for key in kept if key in old]:
            removed = {written[str(key)] for key in old if key not in new and str(key) in written}
            plan = [number for number in range(len(values)) if number not in removed]
        before: int | str | None = None
        for key, value in new.items():
            if str(key) in written:
                before = written[str(key)]
                if self.anew or key not in old or differ(old[key], value):
                    self.value(values[before], old.get(key), value, level - 1)
            else:
                made = self.entry(values, {key: value}, bool(node.flow_style))
                plan.insert(plan.index(before) + 1 if before is not None else 0, made)
                before = made
        self.give(node, plan)

    def sequence(self, node: SequenceNode, old: list[Any], new: list[Any], level: int) -> None:
        """Change the items of a list; those that it had keep their layout and comments."""
        values = self.values(node)
        written = [item.value if isinstance(item, ScalarNode) else "" for item in node.value]
        # An option may be given by its name; then so is a new one.
        words = {one for one in old if isinstance(one, str)}
        by_name = {one for one in written if words and one not in words and self.meant(one) in words}
        written = [self.meant(one) if one in by_name else one for one in written]
        if written != old and all(isinstance(item, str) for item in (*old, *new)) and sorted(written) == sorted(old):
            # A set, such as the options taken in a state, in the person's own order.
            old, new = written, [*(one for one in written if one in new), *(one for one in new if one not in written)]
        # Items are looked up by their text; comparing thousands of states with each other would be slow.
        alike: dict[str, dict[int, None]] = {}
        # An element that has not changed is often the same object in both.
        texts = {id(value): repr(value) for value in old}
        for place, value in enumerate(old):
            alike.setdefault(texts[id(value)], {})[place] = None
        plan: list[Any] = []
        for place, value in enumerate(new):
            same = alike.get(texts.get(id(value)) or repr(value), {})
            found = place if place in same else next(iter(same), None)
            plan.append(found)
            if found is not None:
                del same[found]
        left = sorted(place for same in alike.values() for place in same) if len(old) == len(new) else []
        for place, value in enumerate(new):
            if plan[place] is None and left:
                plan[place] = origin = left.pop(0)
                self.value(values[origin], old[origin], value, level - 1)
            elif plan[place] is None:
                plan[place] = self.entry(values, [self.named(value) if by_name else value], bool(node.flow_style))
        self.give(node, plan)

    def meant(self, word: str) -> str:
        """Return the identifier of the option that a word names; the word if it names none."""
        found = self.options.ids(word)
        return found[0] if len(found) == 1 else word

    def named(self, value: Any) -> Any:
        """Return the name of an option in place of its identifier, for YAML to put in quotation marks."""
        quoted = self.options.quoted(value) if isinstance(value, str) and self.options.entry(value) else value
        return DoubleQuotedScalarString(quoted[1:-1]) if quoted != value else value

    def values(self, node: CollectionNode) -> list[_Value]:
        """Return the values of a collection."""
        found: list[_Value] = []
        for entry in node.value:
            begin = found[-1].end if found else node.start_mark.index
            found.append(_Value(self.text, entry, begin, bool(node.flow_style)))
        return found

    def give(self, node: CollectionNode, plan: Plan) -> None:
        """Note the entries that a collection is to have."""
        if list(plan) != list(range(len(node.value))):
            if not plan:
                raise CannotRewriteError
            self.plans.append((node, plan))

    def value(self, at: _Value, old: Any, new: Any, level: int) -> None:
        """Change a value: in place if its form is the same, or write it anew."""
        node = at.node
        is_kept = at.is_alias or (isinstance(node, ScalarNode) and not isinstance(new, dict | list))
        if (at.is_alias and not self.expand) or (is_kept and old is not None and not differ(old, new)):
            return
        if level < 1 or at.is_alias or not new or not isinstance(node, CollectionNode) or not node.value:
            self.write(at, new)
        elif isinstance(node, MappingNode) and isinstance(old, dict) and isinstance(new, dict):
            if self.anew and {str(key.value) for key, _ in node.value} != set(map(str, old)):
                self.write(at, new)
            else:
                self.mapping(node, old, new, level)
        elif isinstance(node, SequenceNode) and isinstance(old, list) and isinstance(new, list):
            if len(node.value) == len(old):
                self.sequence(node, old, new, level)
            else:
                self.write(at, new)
        elif not isinstance(node, SequenceNode) or not self.short_form(at, node, old, new, level):
            self.write(at, new)

    def short_form(self, at: _Value, node: SequenceNode, old: Any, new: Any, level: int) -> bool:
        """Change an element that is written as a list in place of its mapping, if that is possible."""
        before = old if isinstance(old, dict) else {}
        key = next((key for key in new if key not in _GROUNDS), None) if isinstance(new, dict) else None
        was = before.get(key) if isinstance(old, dict) else old
        if key in (None, "known") or not isinstance(was, list) or not isinstance(new[key], list):
            return False
        if list(before) == list(new) == [key] and len(was) == len(node.value):
            self.sequence(node, was, new[key], level)
            return True
        grounds = {other: value for other, value in new.items() if other != key}
        if was != new[key] or not grounds.keys() <= _GROUNDS or at.is_item:
            return False
        # With evidence added, the list becomes the value of the key that it stood for.
        if at.is_inline or node.flow_style:
            more = f", {rendered_inline(grounds)}}}"
            self.patches += [(at.start, at.start, f"{{{key}: "), (at.end, at.end, more)]
            return True
        pad, line = " " * (at.column + 2), self.text.rfind("\n", 0, at.start) + 1
        end = self.text.find("\n", at.end)
        end = len(self.text) if end < 0 else end
        list_lines = "".join(f"  {one}" for one in self.text[line:end].splitlines(keepends=True))
        more = rendered(grounds, at.column + 2)
        self.patches.append((line, end, f"{pad}{key}:\n{list_lines}\n{pad}{more}"))
        return True

    def is_commented_below(self, at: _Value) -> bool:
        """Tell whether a comment below a value is indented deeper than its key or dash."""
        found = re.compile(r"[^\n]*(?:\n[ ]*)*\n([ ]*)#").match(self.text, at.end)
        return found is not None and len(found[1]) > at.column

    def entry(self, values: list[_Value], data: Any, is_inline: bool) -> str:
        """Return a new entry of a collection as text, given as a collection of its own."""
        return rendered_inline(data) if is_inline else rendered(data, values[0].column)

    def write(self, at: _Value, new: Any) -> None:
        """Write a value anew; a comment on its line stays."""
        style = at.node.style if isinstance(at.node, ScalarNode) else None
        if isinstance(new, str) and not isinstance(new, ScalarString) and style in _QUOTED and "\n" not in new:
            new = _QUOTED[style](new)
        start, end, text = at.start, at.end, self.text
        anchor = _ANCHOR.match(text, start, end)
        if at.is_inline:
            made = rendered_inline([new])
            is_after_key = at.is_empty and not at.is_item
            made = made if not is_after_key else f" {made}" if at.has_colon else f": {made}"
            self.patches.append((anchor.end() if anchor else start, end, made))
            return
        above = _BESIDE.match(text, at.lead, start)
        beside = _BESIDE.match(text, end)
        if beside and isinstance(at.node, CollectionNode) and not at.node.flow_style:
            # It is about the last entry, which goes.
            end, beside = beside.end(), None
        beside = above or beside
        if isinstance(new, LiteralScalarString) and self.is_commented_below(at):
            # A comment that is indented deeper would become a part of the block.
            new = DoubleQuotedScalarString(new)
        key = [new] if at.is_item else {"k": new}
        made = rendered(key, at.column, endless=beside is not None)[1 if at.is_item else 2 :]
        if "\n" not in made and not above:
            made = made if at.is_empty else made[1:]
            self.patches.append((anchor.end() if anchor else start, end, made))
            return
        head, line_end, rest = made.partition("\n")
        named = f" {anchor[0].strip()}" if anchor else ""
        self.patches.append(
            (
                at.lead,
                beside.end() if beside and not above else end,
                f"{named}{head}{beside[0] if beside else ''}{line_end}{rest}",
            )
        )


def differ(one: Any, other: Any) -> bool:
    """Tell whether two versions of data differ, if only in the order of keys."""
    if one is other:
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) != list(other) or any(differ(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) != len(other) or any(map(differ, one, other))
    return bool(one != other)


def rendered(data: Any, column: int, *, endless: bool = False) -> str:
    """Return data as YAML in lines of their own from a column on; the first line is not indented.

    ``endless`` writes text on one line, however long.
    """
    levels = (column + 1) // 2
    tree = CommentedSeq(data) if isinstance(data, list) else CommentedMap(data)
    for _ in range(levels):
        tree = CommentedMap(k=tree)
    lines = tree_text(tree, None if endless else LINE_WIDTH).splitlines(keepends=True)[levels:]
    own = len(lines[0]) - len(lines[0].lstrip(" "))
    made = (" " * max(column - own, 0) + line[max(own - column, 0) :] if line.strip() else line for line in lines)
    return "".join(made).strip(" ").removesuffix("\n")


def rendered_inline(data: Any) -> str:
    """Return the entries of a collection as YAML between brackets, on one line and without the brackets."""
    # The writer leaves out the braces of a mapping with one key in a list.
    tree = CommentedMap(data) if isinstance(data, dict) else CommentedMap(k=data[0])
    tree.fa.set_flow_style()
    return tree_text(tree, None)[1 if isinstance(data, dict) else len("{k: ") : -len("}\n")]
