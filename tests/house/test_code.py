"""The constitution of the code: sizes, exceptions, clocks, migrations, fakes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation
from tests.house.repository import ROOT, SOURCE, named, source_trees, tracked, tree, with_suffix

LONGEST_FILE = 500
LONGEST_FUNCTION = 70
CLOCKS = {
    "datetime.now", "datetime.utcnow", "datetime.today", "date.today", "timezone.now",
    "timezone.localtime", "time.time", "time.localtime", "time.gmtime",
}  # fmt: skip
Function = ast.FunctionDef | ast.AsyncFunctionDef


def own_python() -> Iterator[Path]:
    return (path for path in with_suffix(".py") if "migrations" not in path.parts)


def functions(path: Path) -> Iterator[Function]:
    return (node for node in ast.walk(tree(path)) if isinstance(node, Function))


def test_no_file_is_longer_than_a_person_reads() -> None:
    sources = with_suffix(".py", ".sql", ".css", ".js", ".html", ".yaml")
    lengths = {named(path): len(path.read_text("utf-8").splitlines()) for path in sources}
    assert {name: n for name, n in lengths.items() if n >= LONGEST_FILE} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    lengths = {
        f"{named(path)}:{function.lineno} {function.name}": _lines(function)
        for path in own_python()
        for function in functions(path)
    }
    assert {name: n for name, n in lengths.items() if n >= LONGEST_FUNCTION} == {}


def test_nothing_anticipates_every_exception_and_goes_on() -> None:
    hidden = [
        f"{named(path)}:{node.lineno}"
        for path, module in source_trees()
        for node in ast.walk(module)
        if isinstance(node, ast.ExceptHandler) and _is_broad(node) and not _raises(node)
    ]
    assert hidden == []


def test_only_faces_read_the_clock() -> None:
    faces = SOURCE / "faces"
    read = [
        f"{named(path)}:{node.lineno}"
        for path, module in source_trees()
        for node in ast.walk(module)
        if not path.is_relative_to(faces) and isinstance(node, ast.Call) and _reads_clock(node)
    ]
    assert read == []


@pytest.fixture(scope="module")
def migrations() -> MigrationLoader:
    return MigrationLoader(None)


def test_the_migrations_of_an_app_are_one_numbered_line(migrations: MigrationLoader) -> None:
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("yuexin")}
    for app in ours & migrations.migrated_apps:
        assert len(migrations.graph.leaf_nodes(app)) == 1
        names = sorted(name for label, name in migrations.disk_migrations if label == app)
        assert [name[:4] for name in names] == [f"{n:04}" for n in range(1, len(names) + 1)]
        for before, after in pairwise(names):
            node = migrations.graph.node_map[app, after]
            assert {parent.key for parent in node.parents if parent.key[0] == app} == {
                (app, before)
            }


def test_every_change_of_a_model_has_its_migration(migrations: MigrationLoader) -> None:
    # As makemigrations does: labels of Django's own models are translated, migrations are not.
    with translation.override(None):
        living = ProjectState.from_apps(apps)
        detector = MigrationAutodetector(migrations.project_state(), living)
        assert detector.changes(graph=migrations.graph) == {}


def test_foreign_keys_point_down() -> None:
    """Within an app or to an app below; tables of siblings are joined by value."""
    order = [
        "access",
        "rules",
        "deliveries",
        "notices",
        "papers",
        "records",
        "releases",
        "lake",
        "subjects",
        "collection",
    ]
    rank = {label: place for place, label in enumerate(order)}
    up = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.many_to_one and field.concrete and field.related_model
        if not isinstance(field.related_model, str)
        if rank.get(field.related_model._meta.app_label, 0) > rank.get(model._meta.app_label, 0)
    ]
    assert up == []


def test_tests_never_patch_our_own_code() -> None:
    """Fakes stand at the wire only."""
    patched = [
        f"{named(path)}:{node.lineno}"
        for path in own_python()
        if path.is_relative_to(ROOT / "tests")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Import | ast.ImportFrom) and "mock" in ast.unparse(node)
    ]
    assert patched == []


def test_stored_verdicts_are_read_in_one_place() -> None:
    """Decision 30: whoever reads them elsewhere forgets what is said where nothing is stored."""
    homes = [SOURCE / "domains" / "subjects", SOURCE / "engines" / "rules"]
    reads = re.compile(r"(FROM|JOIN) verdict\b|VerdictRow\.objects")
    elsewhere = [
        named(path)
        for path, _ in source_trees()
        if not any(path.is_relative_to(home) for home in homes)
        and reads.search(path.read_text("utf-8"))
    ]
    assert elsewhere == []


def test_no_address_is_built_below_the_faces() -> None:
    below = [SOURCE / "domains", SOURCE / "engines"]
    pages = re.compile(r"/(s|counter|desk|account|follow|lists)/")
    built = [
        f"{named(path)}:{node.lineno}"
        for path, module in source_trees()
        if any(path.is_relative_to(folder) for folder in below)
        for node in ast.walk(module)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if pages.match(node.value)
    ]
    assert built == []


def test_every_package_of_ours_says_what_it_is_for() -> None:
    silent = [
        named(path)
        for path, module in source_trees()
        if module.body and "migrations" not in path.parts and not ast.get_docstring(module)
    ]
    assert silent == []


def test_the_repository_is_seen_at_all() -> None:
    assert len(tracked()) > 100


def _lines(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def _is_broad(handler: ast.ExceptHandler) -> bool:
    named = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(
        item is None or ast.unparse(item) in ("Exception", "BaseException") for item in named
    )


def _raises(handler: ast.ExceptHandler) -> bool:
    return any(isinstance(node, ast.Raise) for node in ast.walk(handler))


def _reads_clock(call: ast.Call) -> bool:
    return ".".join(ast.unparse(call.func).split(".")[-2:]) in CLOCKS
