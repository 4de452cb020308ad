"""One snapshot of all declarations: loaded whole, cross-checked, named by its digest."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from yuexin.base.digest import canonical_json, sha256_hex
from yuexin.base.memo import Memo
from yuexin.base.text import Text
from yuexin.engines.declare import types as t
from yuexin.engines.declare.check import check
from yuexin.engines.declare.kept import as_now
from yuexin.engines.declare.numbers import with_months_taken
from yuexin.engines.declare.reader import read
from yuexin.engines.declare.source import declaration_error, parse

T = TypeVar("T", bound=t.Labelled)
S = TypeVar("S")
MAX_PACKED_BYTES = 16_000_000
_declared: Final = Memo[tuple[str, bytes, type[Any], bool], Any](2_048)


class _Kept(dict[str, bytes]):
    """The files of a snapshot that was adopted, in the words of its day."""


@dataclass(frozen=True, kw_only=True)
class _Laws:
    laws: tuple[t.Law, ...]


@dataclass(frozen=True, kw_only=True)
class _Agencies:
    agencies: tuple[t.Agency, ...]


@dataclass(frozen=True, kw_only=True)
class _Sections:
    sections: tuple[t.Section, ...]


@dataclass(frozen=True, kw_only=True)
class _Policy:
    clauses: tuple[t.Clause, ...]


@dataclass(frozen=True, kw_only=True)
class _Release(t.Labelled):
    """A release as its own file says it; `releases/<id>/<kind>.yaml` adds conditions of a kind."""

    audience: t.Audience
    basis: tuple[str, ...]
    purposes: tuple[str, ...] = ()
    kinds: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class _Calendar:
    days: tuple[t.CalendarDay, ...]


@dataclass(frozen=True, kw_only=True)
class _Items:
    items: tuple[t.MeasureItem, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Measures:
    measures: tuple[t.Measure, ...]


@dataclass(frozen=True, kw_only=True)
class _Handling:
    handling: t.Handling | None = None


@dataclass(frozen=True, kw_only=True)
class _Promising:
    promising: t.Promising | None = None


@dataclass(frozen=True, kw_only=True)
class _Remedies:
    remedies: tuple[t.Remedy, ...] = ()
    examples: tuple[t.RemedyExample, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Announcements:
    announcements: tuple[t.Announcement, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Addresses:
    addresses: tuple[t.Address, ...] = ()
    public_accounts: tuple[t.PublicAccount, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Ages:
    ages: tuple[t.Age, ...] = ()


def load_folder(folder: Path) -> t.Declarations:
    """Read every YAML file below `folder`. Raises a `Refusal` that names the place."""
    paths = sorted(folder.rglob("*.yaml"))
    return load({path.relative_to(folder).as_posix(): path.read_bytes() for path in paths})


def load(files: Mapping[str, bytes]) -> t.Declarations:
    """Read declarations from file contents by relative name, and check what refers to what."""
    declarations = _read_all(files)
    check(declarations)
    return declarations


def _read_all(files: Mapping[str, bytes]) -> t.Declarations:
    ordered = {name: files[name] for name in sorted(files)}
    contents = _Kept(ordered) if isinstance(files, _Kept) else ordered
    digests = {name: sha256_hex(data) for name, data in contents.items()}
    remedies = _maybe(contents, "remedies.yaml", _Remedies)
    items = _maybe(contents, "measure_items.yaml", _Items).items
    measures = _each(contents, "measures/", _Measures)
    commitments = _folder(contents, "commitments/", t.Commitment)
    rules = _folder(contents, "rules/", t.SubjectRule)
    announced = _maybe(contents, "announcements.yaml", _Announcements).announcements
    places = _maybe(contents, "addresses.yaml", _Addresses)
    return t.Declarations(
        digest=sha256_hex(canonical_json(digests)),
        files=contents,
        laws=_by_id((n, law) for n, one in _each(contents, "laws/", _Laws) for law in one.laws),
        agencies=_listed(contents, "agencies.yaml", _Agencies, lambda one: one.agencies),
        sections=_listed(contents, "sections.yaml", _Sections, lambda one: one.sections),
        codes=_folder(contents, "codes/", t.CodeList),
        kinds=_folder(contents, "records/", t.RecordKind),
        resources=_folder(contents, "resources/", t.Resource),
        terms=_folder(contents, "terms/", t.Term),
        rules={name: with_months_taken(one, commitments) for name, one in rules.items()},
        releases=_releases(contents),
        roles=_folder(contents, "roles/", t.Role),
        clauses=_one(contents, "policy.yaml", _Policy).clauses,
        calendar=_one(contents, "calendar.yaml", _Calendar).days,
        linkage=_folder(contents, "linkage/", t.Linkage),
        remedies=_by_id(("remedies.yaml", item) for item in remedies.remedies),
        remedy_examples=remedies.examples,
        ages=_by_id(("ages.yaml", item) for item in _maybe(contents, "ages.yaml", _Ages).ages),
        processes=_folder(contents, "processes/", t.Process),
        notices=_folder(contents, "notices/", t.Notice),
        announcements=_by_id(("announcements.yaml", one) for one in announced),
        regimes=_folder(contents, "regimes/", t.Regime),
        measure_items=_by_id(("measure_items.yaml", item) for item in items),
        measures=_by_id((name, one) for name, file in measures for one in file.measures),
        acting=_maybe(contents, "acting.yaml", t.Acting),
        handling=_maybe(contents, "handling.yaml", _Handling).handling,
        filings=_folder(contents, "filings/", t.Filing),
        commitments=commitments,
        addresses=_by_id(("addresses.yaml", one) for one in places.addresses),
        public_accounts=_by_id(("addresses.yaml", one) for one in places.public_accounts),
        promising=_maybe(contents, "promising.yaml", _Promising).promising,
    )


def pack(declarations: t.Declarations) -> bytes:
    """The snapshot as one archive, the same bytes for the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in declarations.files.items():
            info = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return out.getvalue()


def unpack(archive: bytes) -> t.Declarations:
    """The snapshot an adoption kept.

    It was checked when it was adopted: what is asked of declarations since then, and how they are
    written, does not keep old deliveries from being read again.
    """
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        if sum(info.file_size for info in opened.infolist()) > MAX_PACKED_BYTES:
            raise ValueError("the kept declarations are larger than any snapshot can be")
        return _read_all(_Kept({info.filename: opened.read(info) for info in opened.infolist()}))


def _read(files: Mapping[str, bytes], name: str, schema: type[S]) -> S:
    """What a file declares. Of two snapshots most files are the same: each is read once."""
    kept = isinstance(files, _Kept)

    def declared() -> S:
        node = parse(name=name, data=files[name])
        return read(as_now(name, node) if kept else node, schema)

    found: S = _declared.get((name, files[name], schema, kept), declared)
    return found


def _maybe(files: Mapping[str, bytes], name: str, schema: type[S]) -> S:
    """A file that snapshots from before it was invented do not have."""
    return _read(files, name, schema) if name in files else schema()


def _one(files: Mapping[str, bytes], name: str, schema: type[Any]) -> Any:
    if name not in files:
        raise declaration_error(
            place=name,
            what=Text("缺少这个声明文件", "this declaration file is missing"),
            remedy=Text(f"补上 {name}", f"add {name}"),
        )
    return _read(files, name, schema)


def _listed(
    files: Mapping[str, bytes], name: str, schema: type[Any], items: Callable[[Any], Iterable[T]]
) -> Mapping[str, T]:
    return _by_id((name, item) for item in items(_one(files, name, schema)))


def _folder(files: Mapping[str, bytes], prefix: str, schema: type[T]) -> Mapping[str, T]:
    return _by_id(_each(files, prefix, schema))


def _each(files: Mapping[str, bytes], prefix: str, schema: type[S]) -> Iterator[tuple[str, S]]:
    """What every file of a folder declares, those in folders of their own apart."""
    for name in files:
        if name.startswith(prefix) and "/" not in name.removeprefix(prefix):
            yield name, _read(files, name, schema)


def _releases(files: Mapping[str, bytes]) -> Mapping[str, t.Release]:
    heads = _folder(files, "releases/", _Release)
    return {name: _release(files, head) for name, head in heads.items()}


def _release(files: Mapping[str, bytes], head: _Release) -> t.Release:
    prefix = f"releases/{head.id}/"
    conditions = {}
    for name, item in _each(files, prefix, t.ReleaseKind):
        if name != f"{prefix}{item.kind}.yaml" or item.kind not in head.kinds:
            raise declaration_error(
                place=name,
                what=Text(
                    f"“{item.kind}”不在该视图的 kinds 中，或与文件名不符",
                    f"“{item.kind}” is not among the kinds of the release, or not the file's name",
                ),
                remedy=Text("改 kinds 或文件名", "mend its kinds, or the name of the file"),
            )
        conditions[item.kind] = item
    kinds = tuple(conditions.get(kind) or t.ReleaseKind(kind=kind) for kind in head.kinds)
    return t.Release(
        id=head.id,
        zh=head.zh,
        en=head.en,
        audience=head.audience,
        basis=head.basis,
        purposes=head.purposes,
        kinds=kinds,
    )


def _by_id(items: Iterable[tuple[str, T]]) -> Mapping[str, T]:
    found: dict[str, T] = {}
    for name, item in items:
        if item.id in found:
            raise declaration_error(
                place=name,
                what=Text(f"编号“{item.id}”重复", f"the id “{item.id}” stands twice"),
                remedy=Text("换一个编号", "choose another id"),
            )
        found[item.id] = item
    return found
