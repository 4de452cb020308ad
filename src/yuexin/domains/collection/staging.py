"""From checked rows to staged records: one frame with all that placing a row needs."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

# Of the standard one all objects share a lock, and a program takes long to make.
from django.utils.functional import cached_property

from yuexin.base.codes import SOLE_TRADER_PREFIX
from yuexin.base.dates import today
from yuexin.base.text import normalise_name
from yuexin.domains.collection.checks.program import Checked
from yuexin.domains.collection.reading.batches import ROW
from yuexin.domains.subjects.names import listed
from yuexin.engines.access.queries import disclose, person_marks
from yuexin.engines.access.types import PUBLIC, Disclosure
from yuexin.engines.declare.types import (
    MAJORITY,
    PERSON_MARK,
    Declarations,
    Field,
    RecordKind,
    Resource,
)
from yuexin.engines.deliveries.types import Kept
from yuexin.engines.releases.queries import AT_HOME, as_public, masked, without_id_numbers
from yuexin.engines.rules.queries import ReleaseProgram, frame_schema, release_program
from yuexin.home.folder import Home

SEPARATOR = "\x1f"
ATTRIBUTES = ("entity_type", "city")
ENDLESS = dt.date(9999, 12, 31)
OLD_ID_LENGTH = 15
ID_SHAPE = "^([0-9]{15}|[0-9]{17}[0-9Xx])$"


@dataclass(frozen=True, kw_only=True)
class Staging:
    """How one delivery's rows become staged records, under the declarations it is read with; `home`
    holds the key by which persons are told apart."""

    home: Home
    delivery: Kept
    resource: Resource
    declarations: Declarations

    @cached_property
    def kind(self) -> RecordKind:
        return self.declarations.kinds[self.resource.kind]

    @cached_property
    def lineage(self) -> str:
        """The agency whose facts these are: of one that is gone, the one that succeeded it."""
        agency = self.declarations.agencies[self.delivery.submission.agency]
        while agency.successor:
            agency = self.declarations.agencies[agency.successor]
        return agency.id

    @cached_property
    def schema(self) -> dict[str, pl.DataType]:
        return frame_schema(self.kind)

    @cached_property
    def disclosure(self) -> Disclosure:
        return disclose(declarations=self.declarations, actor=PUBLIC, kind=self.kind)

    @cached_property
    def program(self) -> ReleaseProgram | None:
        """The public release of this kind, where there is one."""
        release = self.declarations.releases.get(self.disclosure.release)
        if release is None or not self.disclosure.allowed:
            return None
        return release_program(
            declarations=self.declarations, release=release.id, kind=self.kind.id
        )

    @cached_property
    def filled(self) -> tuple[str, ...]:
        """The fields that this resource's columns can fill, whatever a batch holds."""
        named = {
            name
            for column in self.resource.columns
            for name in (
                column.field,
                column.currency_field,
                column.minor_field,
                PERSON_MARK if column.person_mark else "",
            )
        }
        return tuple(field.id for field in self.kind.fields if field.id in named)

    def run(self, checked: Checked) -> pl.DataFrame:
        """One staged row per row that was not rejected, in the order of the delivery."""
        kept = checked.typed.with_columns(checked.doubtful.alias("doubtful"))
        kept = kept.filter(~checked.rejected)
        fields = kept.select(*(self._field(field) for field in self.kind.fields))
        fields = fields.with_columns(self._minors(kept))
        fields = fields.with_columns(pl.col(self.kind.event_date).alias("event_date"))
        names = kept.select(
            pl.col(ROW).alias("row"),
            *self._identifiers(),
            self._name(self.resource.subject_name).alias("name"),
            self._name(self.resource.former_names).alias("former_names"),
            waiting_reason(resource=self.resource).alias("reason"),
        )
        names = names.with_columns(
            _name_key(names["name"]).alias("name_key"), _former(names["former_names"])
        )
        return names.hstack(self._record_columns(fields, names))

    def _record_columns(self, fields: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
        body = [pl.col(name) for name in self.filled]
        return (
            fields.select(
                *(self._attribute(name) for name in ATTRIBUTES),
                self._operator(),
                self._evidence().alias("evidence"),
                self._source_key(self.kind.key).alias("source_key"),
                self._loose_key().alias("loose_key"),
                pl.col("event_date"),
                self._valid_from().alias("valid_from"),
                self._valid_until().alias("valid_until"),
                self._start_given().alias("start_given"),
                pl.struct(body).struct.json_encode().alias("body"),
            )
            .hstack(self._publicity(fields))
            .hstack(self._public_bodies(fields, names["uscc"]))
        )

    def _field(self, field: Field) -> pl.Expr:
        """The field's value from whichever column fills it."""
        dtype = self.schema[field.id]
        for column in self.resource.columns:
            value = pl.col(f"={column.header}")
            if column.field == field.id:
                if column.type == "id_number":
                    value = masked("id_number", value, pl.lit(value=True))
                if field.type == "text" and field.id not in self.kind.key:
                    value = without_id_numbers(value)
                return value.cast(dtype).alias(field.id)
            if column.person_mark and field.id == PERSON_MARK:
                return value.map_batches(self._marks, pl.String).alias(field.id)
            if column.currency_field == field.id:
                return pl.col(f"+{field.id}").alias(field.id)
        return pl.lit(None, dtype=dtype).alias(field.id)

    def _marks(self, numbers: pl.Series) -> pl.Series:
        """What tells the persons apart whose documents have these numbers."""
        different = numbers.unique().drop_nulls().to_list()
        marks = person_marks(home=self.home, numbers=different)
        return pl.Series(numbers.name, [marks.get(one) for one in numbers], dtype=pl.String)

    def _minors(self, kept: pl.DataFrame) -> list[pl.Series]:
        """Whether the person of an id number was, or for all that can be read may have been,
        under age on the event date. The birthday itself still counts as under age."""
        found = []
        for column in self.resource.columns:
            if column.minor_field:
                number = pl.col(f"={column.header}")
                century = pl.when(number.str.len_chars() == OLD_ID_LENGTH).then(pl.lit("19"))
                digits = pl.concat_str(
                    century.otherwise(pl.lit("")), number.str.slice(6, 8), ignore_nulls=False
                )
                born = digits.str.slice(0, 8).str.to_date("%Y%m%d", strict=False)
                minor = self._under_age(born, self._column_of(self.kind.event_date))
                unknown = number.str.contains(ID_SHAPE) & minor.is_null()
                found.append(kept.select((minor | unknown).alias(column.minor_field)).to_series())
        return found

    def _under_age(self, born: pl.Expr, event: pl.Expr) -> pl.Expr:
        """Whether somebody is under age by the law of the event; null where no law says."""
        under = pl.lit(None, dtype=pl.Boolean)
        age = self.declarations.ages.get(MAJORITY)
        versions = sorted(age.versions, key=lambda one: one.valid_from) if age else ()
        for number, version in enumerate(versions):
            begun = event >= version.valid_from if number else event.is_not_null()
            holds = begun & (event < version.valid_to) if version.valid_to else begun
            young = born.dt.offset_by(f"{version.years}y") >= event
            under = pl.when(holds).then(young).otherwise(under)
        return under

    def _column_of(self, field: str) -> pl.Expr:
        header = next(c.header for c in self.resource.columns if c.field == field)
        return pl.col(f"={header}")

    def _identifiers(self) -> list[pl.Expr]:
        given = {item.scheme: item.column for item in self.resource.identifiers}
        return [
            self._text(given.get(scheme, "")).alias(scheme)
            for scheme in ("uscc", "org_code", "reg_no")
        ]

    def _text(self, header: str) -> pl.Expr:
        return pl.col(f"={header}") if header else pl.lit(None, dtype=pl.String)

    def _name(self, header: str) -> pl.Expr:
        name = self._text(header)
        return without_id_numbers(name) if header else name

    def _attribute(self, name: str) -> pl.Expr:
        """A field the subject itself is known by, where this kind has it."""
        if name not in self.kind.by_field:
            return pl.lit(None, dtype=pl.String).alias(name)
        return pl.col(name).alias(name)

    def _operator(self) -> pl.Expr:
        """The key of the name of whoever operates the subject, where this kind says it."""
        field = self.kind.names.operator if self.kind.names else ""
        value = pl.col(field).map_batches(_name_key) if field else pl.lit(None, dtype=pl.String)
        return value.alias("operator")

    def _evidence(self) -> pl.Expr:
        """What tells, beside names and numbers, whom a row is about, as JSON; none where nothing
        is declared."""
        values = [
            pl.col(field).cast(pl.String).alias(what)
            for what, field in sorted(self.kind.evidence.items())
            if field in self.filled
        ]
        return pl.struct(values).struct.json_encode() if values else pl.lit(None, dtype=pl.String)

    def _loose_key(self) -> pl.Expr:
        """The key without who decided, which a layout may not say; none where nobody decides."""
        if not self.kind.decided_by:
            return pl.lit(None, dtype=pl.String)
        return self._source_key([name for name in self.kind.key if name != self.kind.decided_by])

    def _source_key(self, key: Sequence[str]) -> pl.Expr:
        named = [pl.col(name).cast(pl.String).fill_null("") for name in key]
        parts = [pl.lit(self.lineage), *named]
        parts += [pl.lit("")] * (len(self.kind.key) - len(key))
        if self.kind.temporal == "state":
            start = pl.when(self._start_given()).then(self._valid_from())
            parts.append(start.cast(pl.String).fill_null(""))
        return pl.concat_str(parts, separator=SEPARATOR)

    def _valid_from(self) -> pl.Expr:
        event = pl.col("event_date")
        return pl.coalesce(pl.col(self.kind.valid_from), event) if self.kind.valid_from else event

    def _start_given(self) -> pl.Expr:
        """Whether the row itself says from when on its fact holds."""
        return pl.col(self.kind.valid_from or "event_date").is_not_null()

    def _valid_until(self) -> pl.Expr:
        """Exclusive; none for what has no end."""
        if not self.kind.valid_until:
            return pl.lit(None, dtype=pl.Date)
        last = pl.col(self.kind.valid_until)
        return pl.when(last < ENDLESS).then(last.dt.offset_by("1d"))

    def _publicity(self, fields: pl.DataFrame) -> pl.DataFrame:
        if self.program is None:
            nothing = pl.lit(None, dtype=pl.Date)
            return fields.with_columns(
                shown_from=nothing,
                shown_until=nothing,
                term_class=pl.lit(""),
                withheld=pl.lit("not_released"),
            ).select("shown_from", "shown_until", "term_class", "withheld")
        return self.program.evaluate(fields, today(self.delivery.received_at))

    def _public_bodies(self, fields: pl.DataFrame, codes: pl.Series) -> pl.DataFrame:
        """The fields the public may see, masked: of an entity, and of a sole trader where the row
        may turn out to be one's."""
        nothing = pl.Series("public_body", [None], dtype=pl.String)
        bodies = nothing.new_from_index(0, fields.height).to_frame()
        bodies = bodies.with_columns(public_body_home=pl.col("public_body"))
        if self.program is None:
            return bodies
        bodies = bodies.with_columns(self._shown(fields, at_home=False))
        if AT_HOME.isdisjoint(item.mask for item in self.disclosure.visible):
            return bodies
        maybe = codes.is_null() | codes.str.starts_with(SOLE_TRADER_PREFIX)
        home = self._shown(fields.filter(maybe), at_home=True).to_list()
        return bodies.with_columns(
            public_body_home=bodies["public_body_home"].scatter(maybe.arg_true(), home)
        )

    def _shown(self, fields: pl.DataFrame, *, at_home: bool) -> pl.Series:
        shown = [
            as_public(kind=self.kind, item=item, at_home=at_home)
            for item in self.disclosure.visible
            if item.field in self.filled
        ]
        encoded = fields.select(pl.struct(shown).struct.json_encode().alias("public_body"))
        return encoded.to_series()


def waiting_reason(*, resource: Resource) -> pl.Expr:
    """Why a row must wait whatever the registers say, over its typed values and `doubtful`; empty
    where it need not."""
    ids = [pl.col(f"={item.column}") for item in resource.identifiers]
    natural = pl.lit(value=False)
    if resource.natural_person is not None:
        party = resource.natural_person
        natural = (pl.col(f"={party.column}") == party.equals).fill_null(value=False)
    nobody = pl.all_horizontal(item.is_null() for item in ids)
    return (
        pl.when(natural)
        .then(pl.lit("NATURAL_PERSON"))
        .when(pl.col("doubtful"))
        .then(pl.lit("CODE_CHECK"))
        .when(nobody)
        .then(pl.lit("NO_CODE"))
        .otherwise(pl.lit(""))
    )


def _name_key(names: pl.Series) -> pl.Series:
    keys = [None if name is None else normalise_name(name) for name in names.to_list()]
    return pl.Series(names.name, keys, dtype=pl.String)


def _former(cells: pl.Series) -> pl.Series:
    """Former names of a cell, separated by ； or 、, each beside its normalised form, as JSON."""
    found = []
    for cell in cells.to_list():
        pairs = [[name, normalise_name(name)] for name in listed(cell)]
        found.append(json.dumps(pairs, ensure_ascii=False) if pairs else None)
    return pl.Series("former_names", found, dtype=pl.String)
