"""A changed conflict carried over to the text that a person wrote: comments and the look of all else survive.

The text is loaded as a tree that knows its comments. A comment on a line of its own speaks of what comes next, but the
loader hangs it onto the word before it; so comments are first brought to what they stand above. Then the difference
between the two conflicts is applied, element by element: a comment goes where its element goes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from io import StringIO
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import CommentMark, YAMLError
from ruamel.yaml.tokens import CommentToken

from detente.conflict.model import ConflictModel
from detente.errors import InputError
from detente.files.conflict_rewriting import CannotRewriteError
from detente.files.conflict_shapes import FORMS
from detente.files.conflict_shortening import shortened
from detente.files.conflict_writing import document, yaml, yaml_text
from detente.files.text_merging import changed_like

#: What may be said of the grounds of an element that is otherwise written as a list.
_GROUNDS = frozenset({"evidence", "against", "note"})
#: Where, in what the loader keeps for an element, the comments above it stand.
_ABOVE = 1


def merged_texts(
    text: str, old: ConflictModel, new: ConflictModel, in_text: Callable[[str], str] | None = None
) -> Iterator[str]:
    """Yield the text of a file after a change, touching only what differs between the two conflicts.

    Where something is written once and meant twice, by an alias, the first text changes it in both places; in the
    second every alias is written out; in the third, what is otherwise written than this program would is written anew
    where it has changed. The first that means the changed conflict is the one to take. Where a change comes with a way
    to make it in the text itself (``in_text``), that is tried before.
    """
    if old == new:
        yield text
        return
    if in_text:
        for write in (str, _without_aliases):
            with suppress(CannotRewriteError, InputError):
                yield in_text(write(text))
    before, after = document(old), document(new)
    if short := shortened(text, before, after):
        with suppress(YAMLError):
            found = map(short.restored, _carried(short.text, before, after, False))
            yield from (made for made in found if made is not None)
    for write, coarse in ((str, False), (_without_aliases, False), (str, True)):
        yield from _carried(write(text), document(old), document(new), coarse)


def _carried(text: str, old: Mapping[Any, Any], new: Mapping[Any, Any], coarse: bool) -> Iterator[str]:
    """Yield a text after a change that two dumps differ by."""
    tree, rest, plain = _settled(text)
    _apply(tree, old, new, coarse)
    made = yaml_text(tree) + rest
    if plain != text:
        # What the writer lays out otherwise than the person did, and nobody has changed, stays as it was.
        yield changed_like(text, plain, made)
    yield made


def _without_aliases(text: str) -> str:
    made, stream = yaml(), StringIO()
    made.representer.ignore_aliases = lambda data: True
    made.dump(made.load(text), stream)
    return stream.getvalue()


def _settled(text: str) -> tuple[Any, str, str]:
    """Load a text with every comment at what it stands above; what follows the last element comes by itself.

    The third is the text as the writer lays it out.
    """
    tree = yaml().load(text)
    plain = _written(tree)
    left: list[CommentToken] = []
    _settle(tree, left, set())
    rest = "".join(" " * token.start_mark.column + token.value for token in left)
    # Where comments stand as the loader does not say, they are left to it.
    return (tree, rest, plain) if _written(tree) + rest == plain else (yaml().load(text), "", plain)


def _written(tree: Any) -> str:
    """Return a tree as text, and leave it as if it had not been written: a comment is written once."""
    text = yaml_text(tree)
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
    """Bring the comments below each element of a tree to the next element."""
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
    """Cut from a comment what follows its own line, and return that line by line."""
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
    """Carry the difference between two dumps over to a tree with comments."""
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
    """Return a value after a change: what was written, changed within where it is written in the same shape."""
    if isinstance(new, dict) and isinstance(old, dict) and isinstance(mine, dict):
        if coarse and set(mine) != set(old):
            return new
        _apply(mine, old, new, coarse)
        return mine
    if isinstance(new, list) and isinstance(old, list) and isinstance(mine, CommentedSeq):
        _apply_list(mine, old, new, coarse)
        return mine
    if isinstance(mine, CommentedSeq) and (key := _list_key(old, new)):
        # Written short, and now with grounds: the list goes below the key that it stood for.
        _apply_list(mine, old[key] if isinstance(old, dict) else old, new[key], coarse)
        return CommentedMap([(key, mine), *((other, value) for other, value in new.items() if other != key)])
    if isinstance(mine, CommentedSeq) and (inner := _only_list(old, new)):
        # Written short: the list that the one key would hold.
        _apply_list(mine, *inner, coarse)
        return mine
    return new


def _rekeyed(tree: Any, old: Mapping[Any, Any], new: Mapping[Any, Any]) -> Mapping[Any, Any]:
    """Give another key to what has one, such as a renamed state or preferences in another form."""
    if isinstance(tree.get("preferences"), CommentedMap) and _wants(old) != _wants(new):
        # Written as 'preferences: {ranking: …}': the form stands for itself.
        ((form, value),) = tree["preferences"].items()
        _rename(tree, "preferences", form)
        tree[form] = value
    gone, come = [key for key in old if key not in new], [key for key in new if key not in old]
    if len(gone) != 1 or len(come) != 1 or gone[0] not in tree:
        return old
    (former,), (present,) = gone, come
    same = old[former] == new[present]
    if not same and not {former, present} <= set(FORMS):
        return old
    _rename(tree, former, present)
    if not same:
        # What was said behind the key was said of the other form.
        _slots(tree, present)[2] = None
        tree[present] = new[present]
    return {**{key: value for key, value in old.items() if key != former}, present: new[present]}


def _only_list(old: Any, new: Any) -> tuple[list[Any], list[Any]] | None:
    """Return the lists that two mappings hold under the one key that both have; None where it is otherwise."""
    if not isinstance(old, dict) or not isinstance(new, dict) or len(old) != 1 or list(old) != list(new):
        return None
    ((_, before),), ((_, after),) = old.items(), new.items()
    return (before, after) if isinstance(before, list) and isinstance(after, list) else None


def _list_key(old: Any, new: Any) -> Any:
    """Return the key of a mapping under which the list stands that was written without it; None where there is none."""
    if not isinstance(new, dict) or not isinstance(old, dict | list) or not _GROUNDS & new.keys():
        return None
    keys = [key for key in new if key not in _GROUNDS]
    if len(keys) != 1 or keys == ["known"]:
        return None
    before = old.get(keys[0]) if isinstance(old, dict) else old
    return keys[0] if isinstance(before, list) and isinstance(new[keys[0]], list) else None


def _wants(data: Mapping[Any, Any]) -> list[Any]:
    return [data.get(form) for form in FORMS]


def _rename(tree: CommentedMap, old: Any, new: Any) -> None:
    """Give an element another key in its place; the comments above it and behind it stay."""
    slots = tree.ca.items.pop(old, None)
    place = list(tree).index(old)
    value = tree[old]
    del tree[old]
    tree.insert(place, new, value)
    if slots:
        tree.ca.items[new] = slots


def _remove(tree: CommentedMap, key: Any) -> None:
    """Take an element out; a comment after a blank line above it, such as a heading, stays with what follows."""
    keys = list(tree)
    following = keys[keys.index(key) + 1 :]
    slots = tree.ca.items.pop(key, None)
    del tree[key]
    if slots and slots[_ABOVE] and following:
        below = _slots(tree, following[0])
        kept = _heading(slots[_ABOVE])
        below[_ABOVE] = [*kept, *(below[_ABOVE] or [])] or None


def _heading(above: list[CommentToken]) -> list[CommentToken]:
    """Return what is not about the element right below: everything down to the last blank line."""
    last = max((place for place, token in enumerate(above) if not token.value.strip()), default=-1)
    kept = above[: last + 1]
    return kept if any(token.value.strip() for token in kept) else []


def _apply_list(tree: CommentedSeq, old: list[Any], new: list[Any], coarse: bool) -> None:
    """Bring a list to its new items; an item that was there keeps its look and its comments."""
    if len(tree) != len(old):
        tree[:] = new
        return
    written = [str(item) for item in tree]
    if written != old and all(isinstance(item, str) for item in (*old, *new)) and sorted(written) == sorted(old):
        # A set, such as the options taken in a state, written in an order of the person's own.
        old, new = written, [*(one for one in written if one in new), *(one for one in new if one not in written)]
    items, comments = list(tree), dict(tree.ca.items)
    # Found by what is written: of thousands of states, each would else be compared with each.
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
            tree.append(_edited(items[origin], old[origin], value, coarse))
        else:
            tree.append(value)
        if origin is not None and origin in comments:
            tree.ca.items[place] = comments[origin]


def _edited(mine: Any, old: Any, new: Any, coarse: bool) -> Any:
    """Return an item of a list after a change; one that is written in the same shape keeps its own comments."""
    alike = isinstance(new, dict) and isinstance(old, dict) and isinstance(mine, dict)
    if not alike or not set(old) <= set(mine):
        return new
    _apply(mine, old, new, coarse)
    return mine
