"""The sample province: everything is told subject by subject into all files at once."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from yuexin.base.digest import file_sha256
from yuexin.engines.declare.queries import current
from yuexin.engines.declare.types import Declarations
from yuexin.sample.agencies import Signatures
from yuexin.sample.cast import LEAST_SUBJECTS
from yuexin.sample.codes import MOST_SUBJECTS
from yuexin.sample.desk import Desk
from yuexin.sample.dice import Dice
from yuexin.sample.faults import DECIDING, Faults, Spoiler
from yuexin.sample.layout import NAME, Row
from yuexin.sample.licences import Licences
from yuexin.sample.penalties import Penalties
from yuexin.sample.planted import cast_penalties, owners_penalty
from yuexin.sample.register import changes, registrations
from yuexin.sample.registers import REGISTERS
from yuexin.sample.reports import annual_reports
from yuexin.sample.schedule import Sheet, Times, sheets
from yuexin.sample.subjects import Subject
from yuexin.sample.subjects import subjects as every_subject
from yuexin.sample.tellings import Tellings
from yuexin.sample.told import Public, Told
from yuexin.sample.truth import Truth

SEED: Final = 20160624
STEP: Final = 500

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One file of the province. `declared_rows` is what its agency says it holds."""

    file: str
    resource: str
    agency: str
    rows: int
    sha256: str
    declared_rows: int


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """The files below `folder`, in the order in which they are to be delivered."""

    folder: Path
    deliveries: tuple[Delivery, ...]


def generate(
    *,
    subjects: int,
    out: Path,
    today: dt.date,
    seed: int = SEED,
    faults: Faults | None = None,
    progress: Progress | None = None,
) -> Manifest:
    """Make a province of invented subjects and the files agencies would send about them.

    `out` gets `deliveries/`, `manifest.json` and `truth/`; the same arguments give the same bytes.
    Raises `FileExistsError` where `out` holds a province already, `ValueError` for a number of
    subjects outside the limits.
    """
    if not LEAST_SUBJECTS <= subjects <= MOST_SUBJECTS:
        raise ValueError(f"{subjects} subjects: {LEAST_SUBJECTS} to {MOST_SUBJECTS} can be made")
    times = Times(today=today)
    declarations = current()
    plan = sheets(times)
    (out / "deliveries").mkdir(parents=True)
    with Truth(out / "truth") as truth, Desk(out, plan, declarations) as desk:
        office = _Office(
            seed=seed, times=times, declarations=declarations, rates=faults or Faults(),
            desk=desk, truth=truth, plan=plan, count=subjects,
        )  # fmt: skip
        for subject in every_subject(count=subjects, seed=seed, times=times):
            office.tell(subject)
            if progress and (subject.index + 1) % STEP == 0:
                progress("subjects", subject.index + 1, subjects)
        plan = tuple(sheet for sheet in plan if desk.rows_of(sheet))
        truth.deliveries(plan)
    desk.discard_empty()
    return _manifest(out=out, plan=plan, desk=desk, progress=progress)


class _Office:
    """Tells all that is known of a subject, with faults, and writes the truth beside it."""

    def __init__(
        self, *, seed: int, times: Times, declarations: Declarations, rates: Faults, desk: Desk,
        truth: Truth, plan: tuple[Sheet, ...], count: int,
    ) -> None:  # fmt: skip
        self._times, self._desk, self._truth = times, desk, truth
        self._events = Dice(seed=seed, purpose="events")
        self._spoiler = Spoiler(
            dice=Dice(seed=seed, purpose="faults"), rates=rates, today=times.today
        )
        signatures = Signatures(declarations.agencies)
        self._licences = Licences(dice=self._events, times=times, signatures=signatures)
        self._penalties = Penalties(
            dice=self._events, times=times, signatures=signatures,
            contradicted=rates.contradicting_agencies,
        )  # fmt: skip
        # Its own dice: what everybody else is told stays the same.
        self._owners = Penalties(
            dice=Dice(seed=seed, purpose="owner"), times=times, signatures=signatures,
            contradicted=0,
        )  # fmt: skip
        self._tellings = Tellings(
            dice=Dice(seed=seed, purpose="tellings"), times=times, plan=plan,
            declarations=declarations, layouts=desk.layouts, count=count,
        )  # fmt: skip

    def tell(self, subject: Subject) -> None:
        self._truth.subject(subject)
        registered = True
        for told in self._all(subject):
            registered = self._send(told, subject, registered=registered) and registered

    def _all(self, subject: Subject) -> Iterator[Told]:
        # The registration first: whether it was delivered soundly decides over all that follows.
        yield from registrations(subject, self._times)
        yield from changes(subject, self._events, self._times)
        yield from annual_reports(subject, self._events, self._times)
        yield from self._licences.told(subject)
        yield from self._penalties.told(subject)
        yield from cast_penalties(subject, self._penalties, self._times)
        yield from owners_penalty(subject, self._owners, self._times)
        yield from self._tellings.told(subject)

    def _send(self, told: Told, subject: Subject, *, registered: bool) -> bool:
        """Send a row, twice where it is repeated. Whether the registration still stands."""
        if told.part or (told.subject and told.subject.role):
            self._write(told, told.row, told.faults, subject, registered=registered)
            return True
        row, faults = self._spoiler.spoiled(told, self._desk.layout_of(told))
        repeated = self._spoiler.repeated(told)
        again = faults
        if repeated == "duplicate_row":
            again = (*faults, repeated)
        elif repeated:
            again = faults = (*faults, repeated)
        self._write(told, row, faults, subject, registered=registered)
        if repeated:
            other = {**row, NAME: self._spoiler.other_name(subject)}
            second = row if repeated == "duplicate_row" else other
            self._write(told, second, again, subject, registered=registered)
        return told.resource not in REGISTERS or DECIDING.isdisjoint(faults)

    def _write(
        self, told: Told, row: Row, faults: tuple[str, ...], subject: Subject, *, registered: bool
    ) -> None:
        public, why = _fate(told, faults, registered=registered)
        file, number = self._desk.send(told, row)
        self._truth.row(file=file, number=number, told=told, faults=faults, public=public, why=why)
        if told.planted:
            self._truth.planted(file=file, number=number, told=told, subject=subject)


def _fate(told: Told, faults: tuple[str, ...], *, registered: bool) -> tuple[Public, str]:
    """Whether the row must be public, where its faults and its subject's registration count."""
    if told.public != "yes":
        return told.public, told.why or (faults[0] if faults else "")
    deciding = [fault for fault in faults if fault in DECIDING]
    if deciding:
        return "may", deciding[0]
    return ("yes", "") if registered else ("may", "registration")


def _manifest(
    *, out: Path, plan: tuple[Sheet, ...], desk: Desk, progress: Progress | None
) -> Manifest:
    deliveries = []
    for sheet in plan:
        rows = desk.rows_of(sheet)
        deliveries.append(
            Delivery(
                file=sheet.file, resource=sheet.resource, agency=sheet.agency, rows=rows,
                sha256=file_sha256(out / sheet.file), declared_rows=rows,
            )
        )  # fmt: skip
        if progress:
            progress("files", len(deliveries), len(plan))
    text = json.dumps([asdict(one) for one in deliveries], ensure_ascii=False, indent=1)
    (out / "manifest.json").write_text(text + "\n", encoding="utf-8")
    return Manifest(folder=out, deliveries=tuple(deliveries))
