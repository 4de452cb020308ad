"""Reads one expression of a declaration: every token, node, argument and name is listed or refused.

The token check comes first and binds the names: SQLGlot takes exponential time on some nested
type names (`date(date(…`), so nothing unlisted may reach its parser.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Sequence
from typing import Final

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, TokenError
from sqlglot.tokenizer_core import Token, TokenType

from yuexin.base.errors import Refusal
from yuexin.base.text import Text, has_control

MAX_CHARS: Final = 4000
MAX_DEPTH: Final = 40

FUNCTIONS: Final = (
    "list_contains",
    "list_has_any",
    "list_has_all",
    "array_to_string",
    "coalesce",
    "length",
    "lower",
    "starts_with",
    "contains",
    "least",
    "greatest",
    "year",
    "due_on",
)
# Functions of DuckDB that SQLGlot does not know by a node of their own.
ANONYMOUS: Final = ("list_has_all", "due_on")
AGGREGATES: Final = ("count", "sum", "min", "max")
UNITS: Final = ("DAY", "MONTH", "YEAR")
KEYWORDS: Final = (
    "AND",
    "OR",
    "NOT",
    "IN",
    "IS",
    "NULL",
    "TRUE",
    "FALSE",
    "BETWEEN",
    "DATE",
    "INTERVAL",
    "FILTER",
    "WHERE",
)

_DIALECT: Final = "duckdb"
_BEFORE_BRACKET: Final = frozenset({"AND", "OR", "NOT", "IN", "BETWEEN", "FILTER", "WHERE"})
_UNIT_WORDS: Final = frozenset(UNITS) | {unit + "S" for unit in UNITS}
_OPENING: Final = frozenset({TokenType.L_PAREN, TokenType.L_BRACKET})
_CLOSING: Final = frozenset({TokenType.R_PAREN, TokenType.R_BRACKET})
_PLAIN: Final = (
    _OPENING
    | _CLOSING
    | {
        TokenType.COMMA,
        TokenType.DOT,
        TokenType.STRING,
        TokenType.NUMBER,
        TokenType.EQ,
        TokenType.NEQ,
        TokenType.LT,
        TokenType.LTE,
        TokenType.GT,
        TokenType.GTE,
        TokenType.PLUS,
        TokenType.DASH,
        TokenType.STAR,
    }
)

_PAIR: Final = frozenset({"this", "expression"})
_THIS: Final = frozenset({"this"})
_MANY: Final = frozenset({"this", "expressions"})
_NODES: Final[dict[type[exp.Expr], frozenset[str]]] = {
    **dict.fromkeys((exp.And, exp.Or, exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE), _PAIR),
    **dict.fromkeys((exp.Add, exp.Sub, exp.Mul, exp.Is, exp.Filter), _PAIR),
    **dict.fromkeys((exp.ArrayContains, exp.ArrayOverlaps, exp.ArrayToString), _PAIR),
    **dict.fromkeys((exp.StartsWith, exp.Contains), _PAIR),
    **dict.fromkeys((exp.Not, exp.Paren, exp.Neg, exp.Where, exp.Boolean), _THIS),
    **dict.fromkeys((exp.Length, exp.Lower, exp.Sum, exp.Min, exp.Max, exp.Var), _THIS),
    exp.Year: _THIS,
    **dict.fromkeys((exp.In, exp.Coalesce), _MANY),
    **dict.fromkeys((exp.Least, exp.Greatest), _MANY | {"ignore_nulls"}),
    exp.Between: frozenset({"this", "low", "high"}),
    exp.Cast: frozenset({"this", "to"}),
    exp.DataType: frozenset({"this", "nested"}),
    exp.Interval: frozenset({"this", "unit"}),
    exp.Anonymous: _MANY,
    exp.Array: frozenset({"expressions", "value_constructor"}),
    exp.Count: frozenset({"this", "big_int"}),
    exp.Column: frozenset({"this", "table"}),
    exp.Identifier: _THIS,
    exp.Literal: frozenset({"this", "is_string"}),
    exp.Null: frozenset(),
}

ALLOWED: Final = ", ".join(
    [
        "AND OR NOT",
        "= <> < <= > >=",
        "IN (…)",
        "BETWEEN",
        "IS NULL",
        "+ - *",
        "TRUE FALSE",
        "DATE '2026-04-01'",
        "INTERVAL n DAY|MONTH|YEAR",
        *FUNCTIONS,
    ]
)


def refused(*, place: str, what: Text, remedy: Text) -> Refusal:
    """The refusal of an expression, with its place in the declarations and what to write."""
    return Refusal(code="EXPRESSION", what=what, where=place, rule="rules", remedy=remedy)


def unlisted(*, place: str, token: str, allowed: str = ALLOWED) -> Refusal:
    """The refusal of one token or name, with what is allowed in its place."""
    return refused(
        place=place,
        what=Text(f"表达式中不能使用“{token}”", f"“{token}” is not allowed in this expression"),
        remedy=Text(f"可以使用：{allowed}", f"allowed are: {allowed}"),
    )


def parse(*, text: str, names: Collection[str], place: str, aggregates: bool = False) -> exp.Expr:
    """Read one expression over `names`, and aggregates where they are allowed.

    The tree that comes back holds listed nodes with listed arguments only. Raises a `Refusal`
    that names the first token that is not listed, and what is.
    """
    functions = (*FUNCTIONS, *AGGREGATES) if aggregates else FUNCTIONS
    _check_tokens(_tokens(text, place), text, functions, names, place)
    try:
        tree: exp.Expr = sqlglot.parse_one(text, dialect=_DIALECT, into=exp.Condition)
    except (ParseError, RecursionError) as error:
        raise refused(
            place=place,
            what=Text("这不是一个完整的表达式", "this is not one complete expression"),
            remedy=Text("检查括号、逗号和运算符", "look at brackets, commas and operators"),
        ) from error
    _check_tree(tree, place, depth=1)
    return tree


def conjuncts(tree: exp.Expr) -> list[exp.Expr]:
    """The parts that AND joins at the top, brackets between them removed."""
    tree = tree.unnest()
    if not isinstance(tree, exp.And):
        return [tree]
    return [part for item in tree.flatten() for part in conjuncts(item)]


def shown(node: exp.Expr) -> str:
    """A node as text for people. What runs is never this, but what `render` writes."""
    try:
        return node.sql(dialect=_DIALECT, normalize_functions="lower")
    except RecursionError:
        return node.key


def _tokens(text: str, place: str) -> list[Token]:
    if len(text) > MAX_CHARS:
        raise refused(
            place=place,
            what=Text(f"表达式有 {len(text)} 个字符", f"the expression has {len(text)} characters"),
            remedy=Text(f"不超过 {MAX_CHARS} 个字符", f"write at most {MAX_CHARS}"),
        )
    if has_control(text.translate({9: " ", 10: " ", 13: " "})):
        raise unlisted(place=place, token="control character")
    try:
        return sqlglot.tokenize(text, read=_DIALECT)
    except TokenError as error:
        raise unlisted(place=place, token=text[-20:]) from error


def _check_tokens(
    tokens: Sequence[Token], text: str, functions: Sequence[str], names: Collection[str], place: str
) -> None:
    depth = 0
    followers: list[Token | None] = [*tokens[1:], None] if tokens else []
    for token, after in zip(tokens, followers, strict=True):
        if token.comments:
            raise unlisted(place=place, token=f"-- {token.comments[0].strip()}")
        depth += (token.token_type in _OPENING) - (token.token_type in _CLOSING)
        if depth > MAX_DEPTH:
            raise _too_deep(place)
        if token.token_type not in _PLAIN:
            _check_word(token, after, text, functions, names, place)


def _check_word(
    token: Token,
    after: Token | None,
    text: str,
    functions: Sequence[str],
    names: Collection[str],
    place: str,
) -> None:
    source = text[token.start : token.end + 1]
    if source != token.text or not source.isidentifier():
        raise unlisted(place=place, token=source)
    upper = source.upper()
    if after is not None and after.token_type is TokenType.L_PAREN:
        if source.lower() not in functions and upper not in _BEFORE_BRACKET:
            raise unlisted(place=place, token=f"{source}(", allowed=", ".join(functions))
    elif source not in names and upper not in KEYWORDS and upper not in _UNIT_WORDS:
        near = difflib.get_close_matches(source, names, n=3) or sorted(names)
        raise unlisted(place=place, token=source, allowed=", ".join(near))


def _check_tree(node: exp.Expr, place: str, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise _too_deep(place)
    arguments = _NODES.get(type(node))
    unknown = isinstance(node, exp.Anonymous) and node.name.lower() not in ANONYMOUS
    if arguments is None or unknown:
        raise unlisted(place=place, token=shown(node)[:80])
    for name, value in node.args.items():
        if value and name not in arguments:
            raise unlisted(place=place, token=f"{shown(node)[:80]} ({name})")
    for child in _children(node):
        _check_tree(child, place, depth + 1)


def _children(node: exp.Expr) -> Iterator[exp.Expr]:
    # A chain of AND or OR leans to the left, one level for each part, yet is read as one list.
    if isinstance(node, exp.Connector):
        return iter(node.flatten(unnest=False))
    return node.iter_expressions()


def _too_deep(place: str) -> Refusal:
    return refused(
        place=place,
        what=Text("表达式嵌套过深", "the expression is nested too deeply"),
        remedy=Text(f"不超过 {MAX_DEPTH} 层", f"nest at most {MAX_DEPTH} levels"),
    )
