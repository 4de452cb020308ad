"""What the journal says was done has words on the desk's page."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.house.repository import source_trees

from yuexin.faces.desk.templatetags.desk import ACTIONS

WRITERS = {"note", "note_all", "noting_all", "_journal", "_refusals_noted", "note_looks"}


def test_every_action_that_is_journaled_has_words() -> None:
    written = {action for _, module in source_trees() for action in _actions(module)}
    assert "delivery.folded" in written
    assert "account.factor_added" in written
    assert written == set(ACTIONS)


def _actions(module: ast.Module) -> Iterator[str]:
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in WRITERS:
            yield from (text for given in node.args[1:] for text in _texts(given))
            yield from (
                text
                for word in node.keywords
                if word.arg == "action"
                for text in _texts(word.value)
            )
        elif isinstance(node, ast.Assign):
            yield from _assigned(node.targets[0], node.value)


def _assigned(target: ast.expr, value: ast.expr) -> Iterator[str]:
    """Also where a tuple gives the action together with something else."""
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        for one, given in zip(target.elts, value.elts, strict=True):
            yield from _assigned(one, given)
    elif isinstance(target, ast.Name) and target.id == "action":
        yield from _texts(value)


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from (*_texts(node.body), *_texts(node.orelse))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
