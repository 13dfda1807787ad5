"""The language of conditions: what is read, what it means, how it is written, and what is said of a faulty one."""

from __future__ import annotations

from functools import reduce
from itertools import product

import lark
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detente as dt
from detente.limits import MAX_NESTING
from detente.model.conditions import (
    Algebra,
    And,
    Condition,
    If,
    Iff,
    Not,
    Or,
    Taken,
    as_condition,
    is_option_identifier,
    parse,
)
from tests.examples import examples
from tests.strategies import conditions

A, B, C, D = map(Taken, "abcd")
NAMES = ["a", "b", "c", "d"]
ASSIGNMENTS = [
    {name for name, value in zip(NAMES, values, strict=True) if value} for values in product([0, 1], repeat=4)
]


def true_at(condition: Condition, taken: set[str]) -> bool:
    """What a condition means, said once more and otherwise."""
    match condition:
        case Taken(option):
            return option in taken
        case Not(part):
            return not true_at(part, taken)
        case And(members):
            return all(true_at(member, taken) for member in members)
        case Or(members):
            return any(true_at(member, taken) for member in members)
        case If(premise, consequence):
            return true_at(consequence, taken) if true_at(premise, taken) else True
        case Iff(left, right):
            return true_at(left, taken) == true_at(right, taken)
    raise AssertionError(condition)


@given(condition=conditions(NAMES, depth=3))
def test_condition_holds_exactly_where_its_words_say(condition: Condition) -> None:
    assert [condition.holds(taken) for taken in ASSIGNMENTS] == [true_at(condition, taken) for taken in ASSIGNMENTS]


@given(condition=conditions(NAMES, depth=3))
def test_written_condition_is_read_back_equal(condition: Condition) -> None:
    assert parse(str(condition)) == condition
    assert as_condition(str(condition)) == as_condition(condition) == condition


@given(condition=conditions(NAMES, depth=3))
def test_condition_options_are_in_written_order(condition: Condition) -> None:
    words = str(condition).replace("(", " ").replace(")", " ").split()
    assert list(condition.options()) == [word for word in words if word in NAMES]


@given(condition=conditions(NAMES, depth=2), order=st.permutations(NAMES))
def test_renamed_condition_has_every_option_renamed(condition: Condition, order: list[str]) -> None:
    names = dict(zip(NAMES, order, strict=True))
    renamed = condition.renamed(names.__getitem__)
    assert list(renamed.options()) == [names[name] for name in condition.options()]
    for taken in ASSIGNMENTS:
        assert renamed.holds({names[name] for name in taken}) == condition.holds(taken)


@given(condition=conditions(NAMES, depth=2))
def test_condition_folds_over_any_boolean_algebra(condition: Condition) -> None:
    """Folded over sets of assignments, a condition becomes the set of those where it holds."""
    everything = frozenset(range(len(ASSIGNMENTS)))
    where = condition.fold(
        Algebra(
            option=lambda name: frozenset(place for place in everything if name in ASSIGNMENTS[place]),
            negation=lambda value: everything - value,
            conjunction=frozenset.__and__,
            disjunction=frozenset.__or__,
        )
    )
    assert where == {place for place in everything if condition.holds(ASSIGNMENTS[place])}


@pytest.mark.parametrize(
    ("text", "condition"),
    [
        ("a", A),
        ("not a and b", And((Not(A), B))),
        ("not not a", Not(Not(A))),
        ("a or b and c", Or((A, And((B, C))))),
        ("(a or b) and c", And((Or((A, B)), C))),
        ("a and b and c", And((A, B, C))),
        ("a and (b and c)", And((A, And((B, C))))),
        ("not (a or b)", Not(Or((A, B)))),
        ("if a then b or c", If(A, Or((B, C)))),
        ("if a or b then c", If(Or((A, B)), C)),
        ("if a then if b then c", If(A, If(B, C))),
        ("if a iff b then c", If(Iff(A, B), C)),
        ("if a then b iff c", Iff(If(A, B), C)),
        ("a iff if b then c", Iff(A, If(B, C))),
        ("a or b iff c and d", Iff(Or((A, B)), And((C, D)))),
        ("a iff b iff c", Iff(Iff(A, B), C)),
        ("a iff (b iff c)", Iff(A, Iff(B, C))),
        ("((a))", A),
        (" a\tand\nb ", And((A, B))),
        ("a-1.b_2 and änderung and 3rd", And((Taken("a-1.b_2"), Taken("änderung"), Taken("3rd")))),
        ("iffy and nothing and order", And((Taken("iffy"), Taken("nothing"), Taken("order")))),
    ],
)
def test_operators_bind_in_the_documented_order(text: str, condition: Condition) -> None:
    assert parse(text) == condition


def test_implication_with_a_false_premise_is_true() -> None:
    condition = parse("if a then b")
    assert [condition.holds(taken) for taken in (set(), {"a"}, {"b"}, {"a", "b"})] == [True, False, True, True]


@pytest.mark.parametrize(
    ("text", "says", "column"),
    [
        ("", "the condition is empty", 1),
        ("   ", "the condition is empty", 1),
        ("a and", "ends after 'and'", 6),
        ("not", "ends after 'not'", 4),
        ("(a or b", "a ')' is missing at the end", 8),
        ("a)", "this ')' has no matching '('", 2),
        ("if a", "'if' needs a 'then'", 1),
        ("a b", "iff, then) is missing between", 3),
        ("a and or b", "'or' is not allowed here", 7),
        ("a and if b then c", "put an inner 'if … then …' in parentheses", 7),
        ("and a", "'and' is not allowed here", 1),
        ("a then b", "'then' is not allowed here", 3),
        ("a % b", "'%' is not allowed in a condition", 3),
        ("a\xa0and b", "the character NO-BREAK SPACE is not allowed in a condition", 2),
    ],
)
def test_syntax_error_names_problem_and_column(text: str, says: str, column: int) -> None:
    with pytest.raises(dt.ConditionError) as raised:
        parse(text)
    assert says in str(raised.value)
    assert raised.value.column == column
    assert raised.value.faults[0].column == column


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [("a & b", "and"), ("a | b", "or"), ("a AND b", "and"), ("a Or b", "or"), ("¬a", "not"), ("a → b", "if … then …")],
)
def test_syntax_error_offers_a_suggestion(text: str, suggestion: str) -> None:
    with pytest.raises(dt.ConditionError, match="did you mean") as raised:
        parse(text)
    assert raised.value.suggestion == suggestion


GRAMMAR = lark.Lark(
    r"""
    ?start: condition
    ?condition: implication
        | implication ("iff" implication)+          -> iff
    ?implication: disjunction
        | "if" condition "then" implication         -> if_then
    ?disjunction: conjunction
        | conjunction ("or" conjunction)+           -> disjunction
    ?conjunction: negation
        | negation ("and" negation)+                -> conjunction
    ?negation: atom
        | "not" negation                            -> negation
    ?atom: OPTION                                   -> option
        | "(" condition ")"
    OPTION: /\w[\w.-]*/
    %import common.WS
    %ignore WS
    """,
    parser="lalr",
    lexer="basic",
)


def read_by_grammar(text: str) -> Condition | int:
    """What the published grammar makes of a text: its condition, or the column of its fault."""
    try:
        tree = GRAMMAR.parse(text)
    except lark.UnexpectedCharacters as error:
        return int(error.pos_in_stream or 0) + 1
    except lark.UnexpectedToken as error:
        return len(text) + 1 if error.token.type == "$END" else int(error.token.start_pos or 0) + 1

    def built(node: lark.Tree[lark.Token]) -> Condition:
        if node.data == "option":
            return Taken(str(node.children[0]))
        parts = tuple(built(child) for child in node.children if isinstance(child, lark.Tree))
        match node.data:
            case "negation":
                return Not(*parts)
            case "conjunction":
                return And(parts)
            case "disjunction":
                return Or(parts)
            case "if_then":
                return If(*parts)
        return reduce(Iff, parts)

    return built(tree)


WORDS = ["a", "b", "and", "or", "not", "if", "then", "iff", "(", ")"]


@given(
    text=st.text(alphabet="ab()&%- \n", max_size=12) | st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join),
)
def test_arbitrary_text_is_parsed_or_refused(text: str) -> None:
    try:
        condition = parse(text)
    except dt.ConditionError as error:
        assert 1 <= error.column <= len(text) + 1
        assert str(error)
    else:
        assert parse(str(condition)) == condition


@settings(max_examples=examples(2000))
@given(
    text=st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join)
    | conditions(NAMES, depth=3).map(str)
    | st.text(alphabet="ab()&%-. \n\t\xa0\u0301ifthenor", max_size=12),
)
def test_parser_agrees_with_the_grammar(text: str) -> None:
    """The same condition, or the same place of the first fault; where the text ends too early the words say where."""
    expected = read_by_grammar(text)
    try:
        assert parse(text) == expected
    except dt.ConditionError as error:
        if not text.strip() or expected == len(text) + 1:
            assert isinstance(expected, int)
        else:
            assert error.column == expected


def test_deep_and_wide_conditions_are_parsed() -> None:
    assert parse("(" * 5000 + "a" + ")" * 5000) == A
    assert len(list(parse(" and ".join(["a", "not b"] * 5000)).options())) == 10_000
    assert parse("not " * MAX_NESTING + "a").holds({"a"})
    for text in ("not " * 5000 + "a", " iff ".join(["a"] * 5000), "if a then " * 5000 + "a"):
        with pytest.raises(dt.ConditionError, match=str(MAX_NESTING)):
            parse(text)


@pytest.mark.parametrize("word", ["a", "a1", "1a", "a-b", "a.b", "a_b", "ünde", "AND"])
def test_valid_words_name_an_option(word: str) -> None:
    assert is_option_identifier(word)
    assert parse(f"{word} or x") == Or((Taken(word), Taken("x")))


@pytest.mark.parametrize("word", ["", "-a", ".a", "a b", "a,b", "a+b", "and", "or", "not", "if", "then", "iff", "a\n"])
def test_invalid_words_do_not_name_an_option(word: str) -> None:
    assert not is_option_identifier(word)
