"""Merging a changed conflict into the text that a person wrote; comments and the layout of everything else are kept.

Theory of operation. The text is loaded as a tree with comments. A comment on a line of its own belongs to the next
element, but the loader attaches it to the word before it; so comments are first moved to the element they stand above.
Then the difference between the two conflicts is applied, element by element, and a comment moves with its element.

Two steps surround this. A ranking of thousands of states is thousands of nodes, although a change moves only one:
unchanged runs of a long list are cut out of the text, with their comments, and replaced by a placeholder until the
change is made (`shorten_values`). And the writer uses a layout of its own: the difference between its output before and
after the change is applied to the lines that the person wrote (`changed_like`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from difflib import SequenceMatcher
from io import StringIO
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import CommentMark, YAMLError
from ruamel.yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.tokens import CommentToken

from detente.errors import InputError
from detente.io.yaml.build import PREFERENCE_FORMS
from detente.io.yaml.edit import CannotRewriteError, Patch, patched
from detente.io.yaml.parse import parse_yaml
from detente.io.yaml.schema import CONFLICT
from detente.io.yaml.write import round_trip_yaml, tree_text
from detente.model.conflict import Conflict

#: Minimum length of a list, and of a run in it, for cutting elements out.
LONG, TOGETHER = 100, 8
#: The keys of evidence of an element that is otherwise written as a list.
_GROUNDS = frozenset({"evidence", "against", "note"})
#: The index of the comments above an element among those the loader stores for it.
_ABOVE = 1


def merged_texts(text: str, old: Conflict, new: Conflict, in_text: Callable[[str], str] | None = None) -> Iterator[str]:
    """Yield candidates for the text of a file after a change, touching only what differs between the two conflicts.

    If a value is shared by aliases, the first candidate changes it for all of them; the second expands every alias; the
    third rewrites changed elements in this program's own style. The caller takes the first candidate that parses to the
    changed conflict. If the change comes with a function for the text itself (``in_text``), its result is tried before.
    """
    if old == new:
        yield text
        return
    if in_text:
        for write in (str, _without_aliases):
            with suppress(CannotRewriteError, InputError):
                yield in_text(write(text))
    before, after = CONFLICT.write(old), CONFLICT.write(new)
    if short := shorten_values(text, before, after):
        with suppress(YAMLError):
            found = map(short.restored, _carried(short.text, before, after, False))
            yield from (made for made in found if made is not None)
    for write, coarse in ((str, False), (_without_aliases, False), (str, True)):
        yield from _carried(write(text), CONFLICT.write(old), CONFLICT.write(new), coarse)


def _carried(text: str, old: Mapping[Any, Any], new: Mapping[Any, Any], coarse: bool) -> Iterator[str]:
    """Yield a text after a change, given as the difference of two dumps."""
    tree, rest, plain = _settled(text)
    _apply(tree, old, new, coarse)
    made = tree_text(tree) + rest
    if plain != text:
        # Unchanged elements keep the person's layout, even where the writer would use a different one.
        yield changed_like(text, plain, made)
    yield made


def _without_aliases(text: str) -> str:
    made, stream = round_trip_yaml(), StringIO()
    made.representer.ignore_aliases = lambda data: True
    made.dump(made.load(text), stream)
    return stream.getvalue()


def _settled(text: str) -> tuple[Any, str, str]:
    """Load a text with every comment moved to the element it stands above; comments after the last element are returned
    separately.

    The third result is the text in the writer's layout.
    """
    tree = round_trip_yaml().load(text)
    plain = _written(tree)
    left: list[CommentToken] = []
    _settle(tree, left, set())
    rest = "".join(" " * token.start_mark.column + token.value for token in left)
    # Comments at positions that the loader does not report stay as they are.
    return (tree, rest, plain) if _written(tree) + rest == plain else (round_trip_yaml().load(text), "", plain)


def _written(tree: Any) -> str:
    """Return a tree as text, and restore its state, because writing consumes comments."""
    text = tree_text(tree)
    waiting, seen = [tree], set()
    while waiting:
        node = waiting.pop()
        if not isinstance(node, CommentedMap | CommentedSeq) or id(node) in seen:
            continue
        seen.add(id(node))
        for slots in (node.ca.comment or [], *node.ca.items.values()):
            for one in slots:
                for token in one if isinstance(one, list) else [one]:
                    if token is not None:
                        token.reset()
        waiting += node.values() if isinstance(node, CommentedMap) else node
    return text


def _settle(node: Any, waiting: list[CommentToken], seen: set[int]) -> None:
    """Move the comments after each element of a tree to the next element."""
    if not isinstance(node, CommentedMap | CommentedSeq) or id(node) in seen:
        return
    seen.add(id(node))
    if node.fa.flow_style():
        return
    behind = 2 if isinstance(node, CommentedMap) else 0
    for key in list(node) if isinstance(node, CommentedMap) else range(len(node)):
        value = node[key]
        if waiting:
            slots = _slots(node, key)
            slots[_ABOVE] = [*waiting, *(slots[_ABOVE] or [])]
            waiting.clear()
        slots = node.ca.items.get(key)
        if slots:
            waiting += _cut(slots[behind])
            if slots[behind] is not None and not slots[behind].value:
                slots[behind] = None
            if len(slots) > 3 and slots[3] and _is_block(value):
                waiting += slots[3]
                slots[3] = None
        if _is_block(value):
            value.ca.comment = None
        _settle(value, waiting, seen)


def _is_block(value: Any) -> bool:
    return isinstance(value, CommentedMap | CommentedSeq) and bool(value) and not value.fa.flow_style()


def _slots(node: CommentedMap | CommentedSeq, key: Any) -> list[Any]:
    found: list[Any] = node.ca.items.setdefault(key, [None, None, None, None])
    return found


def _cut(token: CommentToken | None) -> list[CommentToken]:
    """Cut from a comment everything after its first line, and return that line by line."""
    if token is None:
        return []
    own, end, rest = token.value.partition("\n")
    token.value = own + end if own else ""
    made = []
    for line in rest.splitlines():
        words = line.lstrip(" ")
        made.append(CommentToken(words + "\n", CommentMark(len(line) - len(words)), None))
    return made


def _apply(tree: Any, old: Mapping[Any, Any], new: Mapping[Any, Any], coarse: bool) -> None:
    """Apply the difference between two dumps to a tree with comments."""
    old = _rekeyed(tree, old, new)
    for key in [key for key in old if key not in new and key in tree]:
        _remove(tree, key)
    before: Any = None
    for key, value in new.items():
        if key not in old or old[key] != value:
            if key in tree:
                made = _changed(tree[key], old.get(key), value, coarse)
                if made is not tree[key]:
                    tree[key] = made
            else:
                keys = list(tree)
                tree.insert(keys.index(before) + 1 if before in keys else 0, key, value)
        before = key if key in tree else before


def _changed(mine: Any, old: Any, new: Any, coarse: bool) -> Any:
    """Return a value after a change: the written one, changed in place if the form is the same."""
    if isinstance(new, dict) and isinstance(old, dict) and isinstance(mine, dict):
        if coarse and set(mine) != set(old):
            return new
        _apply(mine, old, new, coarse)
        return mine
    if isinstance(new, list) and isinstance(old, list) and isinstance(mine, CommentedSeq):
        _apply_list(mine, old, new, coarse)
        return mine
    if not isinstance(mine, CommentedSeq) or not isinstance(new, dict):
        return new
    # The short form: a list in place of the mapping.
    before = old if isinstance(old, dict) else {}
    key = next((key for key in new if key not in _GROUNDS), None)
    was = before.get(key) if isinstance(old, dict) else old
    if key in (None, "known") or not isinstance(was, list) or not isinstance(new[key], list):
        return new
    if _GROUNDS & new.keys() and set(new) - _GROUNDS == {key}:
        # With evidence added, the list becomes the value of the key that it stood for.
        _apply_list(mine, was, new[key], coarse)
        return CommentedMap([(key, mine), *((other, value) for other, value in new.items() if other != key)])
    if list(before) == list(new) == [key]:
        _apply_list(mine, was, new[key], coarse)
        return mine
    return new


def _rekeyed(tree: Any, old: Mapping[Any, Any], new: Mapping[Any, Any]) -> Mapping[Any, Any]:
    """Rename the keys of elements, such as a renamed state or preferences in another form."""
    changed_forms = [form for form in PREFERENCE_FORMS if old.get(form) != new.get(form)]
    if isinstance(tree.get("preferences"), CommentedMap) and changed_forms:
        # Written as 'preferences: {ranking: …}': the nested form is a key by itself.
        ((form, value),) = tree["preferences"].items()
        _rename(tree, "preferences", form)
        tree[form] = value
    gone, come = [key for key in old if key not in new], [key for key in new if key not in old]
    if len(gone) != 1 or len(come) != 1 or gone[0] not in tree:
        return old
    (former,), (present,) = gone, come
    same = old[former] == new[present]
    if not same and not {former, present} <= set(PREFERENCE_FORMS):
        return old
    _rename(tree, former, present)
    if not same:
        # A comment on the key's line was about the other form.
        _slots(tree, present)[2] = None
        tree[present] = new[present]
    return {**{key: value for key, value in old.items() if key != former}, present: new[present]}


def _rename(tree: CommentedMap, old: Any, new: Any) -> None:
    """Rename the key of an element in place; the comments above and beside it stay."""
    slots = tree.ca.items.pop(old, None)
    place = list(tree).index(old)
    value = tree[old]
    del tree[old]
    tree.insert(place, new, value)
    if slots:
        tree.ca.items[new] = slots


def _remove(tree: CommentedMap, key: Any) -> None:
    """Remove an element; a comment above it that a blank line separates, such as a heading, stays with the next
    element.
    """
    keys = list(tree)
    following = keys[keys.index(key) + 1 :]
    slots = tree.ca.items.pop(key, None)
    del tree[key]
    if slots and slots[_ABOVE] and following:
        below = _slots(tree, following[0])
        # The comments that do not belong to the element: everything up to the last blank line.
        last = max((place for place, token in enumerate(slots[_ABOVE]) if not token.value.strip()), default=-1)
        heading = slots[_ABOVE][: last + 1]
        kept = heading if any(token.value.strip() for token in heading) else []
        below[_ABOVE] = [*kept, *(below[_ABOVE] or [])] or None


def _apply_list(tree: CommentedSeq, old: list[Any], new: list[Any], coarse: bool) -> None:
    """Change a list to its new items; items that existed keep their layout and comments."""
    if len(tree) != len(old):
        tree[:] = new
        return
    written = [str(item) for item in tree]
    if written != old and all(isinstance(item, str) for item in (*old, *new)) and sorted(written) == sorted(old):
        # A set, such as the options taken in a state, in the person's own order.
        old, new = written, [*(one for one in written if one in new), *(one for one in new if one not in written)]
    items, comments = list(tree), dict(tree.ca.items)
    # Items are looked up by their text; comparing thousands of states with each other would be slow.
    alike: dict[str, dict[int, None]] = {}
    for place, value in enumerate(old):
        alike.setdefault(repr(value), {})[place] = None
    origins: list[int | None] = []
    for place, value in enumerate(new):
        same = alike.get(repr(value), {})
        found = place if place in same else next(iter(same), None)
        origins.append(found)
        if found is not None:
            del same[found]
    left = sorted(place for same in alike.values() for place in same)
    edited = dict(zip([place for place, one in enumerate(origins) if one is None], left, strict=False))
    del tree[:]
    tree.ca.items.clear()
    for place, value in enumerate(new):
        origin = origins[place]
        if origin is not None:
            tree.append(items[origin])
        elif place in edited and len(old) == len(new):
            origin = edited[place]
            mine, before = items[origin], old[origin]
            same_shape = isinstance(value, dict) and isinstance(before, dict) and isinstance(mine, dict)
            if same_shape and set(before) <= set(mine):
                # The form is the same, so it keeps its comments.
                _apply(mine, before, value, coarse)
                tree.append(mine)
            else:
                tree.append(value)
        else:
            tree.append(value)
        if origin is not None and origin in comments:
            tree.ca.items[place] = comments[origin]


class Shortened:
    """A text with parts cut out, and the cut parts by their placeholders."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.left_out: dict[str, str] = {}
        self.cuts: list[Patch] = []

    def look(self, node: Node, old: Any, new: Any) -> None:
        """Find long runs in an element and below it; both versions of its data are changed in place."""
        if isinstance(node, MappingNode) and isinstance(old, dict) and isinstance(new, dict):
            if len(old) >= LONG and [str(key.value) for key, _ in node.value] == list(map(str, old)):
                self.cut(node, old, new)
                return
            before, after = ({str(key): value for key, value in data.items()} for data in (old, new))
            for key, value in node.value:
                if isinstance(key, ScalarNode) and key.value in before and key.value in after:
                    self.look(value, before[key.value], after[key.value])
        elif isinstance(node, SequenceNode) and isinstance(old, list) and isinstance(new, list):
            self.cut(node, old, new)

    def cut(self, node: CollectionNode, old: Any, new: Any) -> None:
        """Cut runs that are unchanged out of a list or a mapping; a list of lists is treated as one list of items."""
        spans = [span for entry in node.value if (span := _span_in_line(entry))]
        if len(old) < LONG or not len(spans) == len(node.value) == len(old) or spans != sorted(spans):
            # An entry has lines of its own, or its content is elsewhere, behind an alias.
            return
        is_mapping = isinstance(old, dict)
        before, after = (list(data.items() if is_mapping else data) for data in (old, new))
        matcher = SequenceMatcher(None, list(map(repr, before)), list(map(repr, after)), autojunk=False)
        # From the end, so that replacements do not move the text before them.
        for place, now, count in reversed(matcher.get_matching_blocks()):
            was = self.text[spans[place][0] : spans[place + count - 1][1]] if count >= TOGETHER else "*"
            if {"&", "*"} & set(was):
                continue
            number = len(self.left_out)
            while (word := f"left-out-{number}.") in self.text or any(one.startswith(word) for one in self.left_out):
                number += 1
            written = f"{word}: 0" if is_mapping else word
            self.cuts.append((spans[place][0], spans[place + count - 1][1], written))
            self.left_out[written] = was
            before[place : place + count] = after[now : now + count] = [(word, 0) if is_mapping else word]
        for data, items in ((old, before), (new, after)):
            data.clear()
            if is_mapping:
                data.update(items)
            else:
                data.extend(items)

    def restored(self, text: str) -> str | None:
        """Return a text with the cut parts restored; None if a placeholder is missing or repeated."""
        for word, was in self.left_out.items():
            if text.count(word) != 1:
                return None
            text = text.replace(word, was)
        return text


def shorten_values(text: str, old: Any, new: Any) -> Shortened | None:
    """Shorten a text and its data before and after a change; the data are changed in place.

    None, with nothing changed, if no list is long enough.
    """

    def is_long(data: Any) -> bool:
        values = data.values() if isinstance(data, Mapping) else data
        return isinstance(data, Mapping | list) and (len(data) >= LONG or any(map(is_long, values)))

    if not is_long(old):
        return None
    made = Shortened(text)
    made.look(parse_yaml(text, "").places[()].value, old, new)
    made.text = patched(text, made.cuts)
    return made if made.cuts else None


def _span_in_line(entry: Node | tuple[Node, Node]) -> tuple[int, int] | None:
    """Return the span of an entry in its line; None if it has lines of its own."""
    nodes = entry if isinstance(entry, tuple) else (entry,)
    for node in nodes:
        is_quoted_or_plain = isinstance(node, ScalarNode) and node.value and node.style in (None, "'", '"')
        if not is_quoted_or_plain and not (isinstance(node, CollectionNode) and node.flow_style):
            return None
    return nodes[0].start_mark.index, nodes[-1].end_mark.index


def changed_like(mine: str, before: str, after: str) -> str:
    r"""Return a text with the changes that lead from ``before`` to ``after``.

    >>> print(changed_like("a:   1 # one\nb: 2\n", "a: 1 # one\nb: 2\n", "a: 1 # one\nb: 3\nc: 4\n"), end="")
    a:   1 # one
    b: 3
    c: 4
    """
    if mine == before:
        return after
    ours, base, theirs = (text.splitlines(keepends=True) for text in (mine, before, after))
    starts, ends, within = _edges(base, ours)
    made: list[str] = []
    done = 0
    for first, last, new_first, new_last in _hunks(base, theirs, within):
        start = starts[first]
        made += ours[done:start] + theirs[new_first:new_last]
        done = ends[last] if last > first else start
    return "".join(made + ours[done:])


def _edges(base: Sequence[str], ours: Sequence[str]) -> tuple[dict[int, int], dict[int, int], dict[int, int]]:
    """Return corresponding boundaries between lines of two texts, at which both can be cut.

    The first mapping has boundaries after which lines are alike, the second those before which they are, and the third
    maps boundaries within differently laid out lines to where these begin.
    """
    starts, ends, within = {len(base): len(ours)}, {0: 0}, {}
    # Indentation and spacing between words are ignored in the comparison.
    bare, our_bare = (["".join(line.split()) for line in lines] for lines in (base, ours))
    for tag, first, last, our_first, our_last in SequenceMatcher(None, bare, our_bare, autojunk=False).get_opcodes():
        if tag == "insert":
            continue
        if tag == "equal":
            for place in range(last - first):
                starts[first + place] = our_first + place
                ends[first + place + 1] = our_first + place + 1
        else:
            starts[first], ends[last] = our_first, our_last
            within.update(dict.fromkeys(range(first + 1, last), first))
    return starts, ends, within


def _hunks(base: Sequence[str], theirs: Sequence[str], within: dict[int, int]) -> list[tuple[int, int, int, int]]:
    """Return the differing ranges of two texts, without cutting differently laid out lines in two."""
    found: list[tuple[int, int, int, int]] = []
    for tag, first, last, new_first, new_last in SequenceMatcher(None, base, theirs, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        back = first - within.get(first, first)
        first, new_first = first - back, new_first - back
        while last in within:
            last, new_last = last + 1, new_last + 1
        if found and first < found[-1][1]:
            first, new_first = found[-1][0], found[-1][2]
            last, new_last = max(last, found[-1][1]), max(new_last, found[-1][3])
            found.pop()
        found.append((first, last, new_first, new_last))
    return found
