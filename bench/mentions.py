"""Rows that name no subject for certain, with the truth beside them: the sample's own, and rows of
the real register that we damaged ourselves. They are written to the table that linkage reads.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from uuid import UUID

import bench.online  # isort: skip # noqa: F401
import polars as pl
from django.db.backends.utils import CursorWrapper
from opencc import OpenCC

from yuexin.base.codes import USCC_ALPHABET, normalise_code
from yuexin.base.hanzi import readings
from yuexin.base.hanzi_alike import ALIKE
from yuexin.base.regions import cities
from yuexin.base.text import normalise_name
from yuexin.domains.collection.checks.program import CheckProgram
from yuexin.domains.collection.gate import sniff_format
from yuexin.domains.collection.reading.batches import ROW, opened
from yuexin.domains.collection.staging import Staging
from yuexin.domains.subjects.linkage.parts import PARTS, cores, parts
from yuexin.domains.subjects.linkage.queries import MENTION
from yuexin.domains.subjects.linkage.scoring import Schema
from yuexin.engines.declare.queries import current
from yuexin.engines.declare.types import Identifier, Resource
from yuexin.engines.deliveries.types import Kept, Submission
from yuexin.home.folder import Home

RECEIVED_AT = dt.datetime(2026, 11, 24, 3, 0, tzinfo=dt.UTC)
TEXTS = (
    "agency", "uscc", "org_code", "reg_no", "name", "name_key", "person", "address", "phone",
    "city", "agency_city",
)  # fmt: skip
DATES = ("established", "on_date")
SCHEMA: Schema = {
    **dict.fromkeys(("mention", *TEXTS), pl.String),
    **dict.fromkeys(DATES, pl.Date),
}
TRUTH: Schema = {"truth": pl.String, "faults": pl.String, "source": pl.String}
Row = dict[str, object]


def keep(cursor: CursorWrapper, mentions: pl.DataFrame) -> None:
    """Fill the table `mention` anew."""
    cursor.execute("DROP TABLE IF EXISTS mention")
    cursor.execute(MENTION)
    names = [*SCHEMA]
    with cursor.copy(f"COPY mention ({', '.join(names)}) FROM STDIN") as copy:
        for row in mentions.select(names).iter_rows():
            copy.write_row(row)


def numbered(rows: Sequence[Row]) -> pl.DataFrame:
    """A frame of rows, each with an id by its place."""
    ids = [{"mention": str(UUID(int=place + 1)), **row} for place, row in enumerate(rows)]
    return pl.DataFrame(ids, schema=SCHEMA | TRUTH)


def of_sample(folder: Path) -> Iterator[Row]:
    """What each row of the sample's files says of its subject, one after another."""
    truth: dict[str, dict[int, tuple[str, str]]] = {}
    with (folder / "truth" / "rows.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            told = truth.setdefault(row["file"], {})
            told[int(row["row"])] = (row["code"], row["faults"])
    for sheet in json.loads((folder / "manifest.json").read_text("utf-8")):
        for place, said in _staged(folder / sheet["file"], sheet["resource"], sheet["agency"]):
            code, faults = truth[sheet["file"]][place]
            yield {**said, "truth": code, "faults": faults, "source": sheet["resource"]}


def _staged(path: Path, name: str, agency: str) -> Iterator[tuple[int, Row]]:
    declarations = current()
    resource = declarations.resources[name]
    form = sniff_format(path)
    submission = Submission(
        resource=name, agency=agency, channel="console", file_name=path.name, format=form
    )
    kept = Kept(
        number=1, submission=submission, sha256="", size_bytes=0, received_at=RECEIVED_AT,
        declarations=declarations.digest, chain="", path=path,
    )  # fmt: skip
    staging = Staging(
        home=Home.at(path=path.parent / "home"),
        delivery=kept,
        resource=resource,
        declarations=declarations,
    )
    program = CheckProgram.of(resource=resource, declarations=declarations)
    scratch = path.parent / "scratch"
    with opened(path=path, form=form, resource=resource, scratch=scratch) as batches:
        for rows in batches:
            checked = program.run(frame=rows.frame, received_on=pl.lit(RECEIVED_AT.date()))
            raw = {row[ROW]: row for row in rows.frame.iter_rows(named=True)}
            for row in staging.run(checked).iter_rows(named=True):
                yield row["row"], _said(row, raw.get(row["row"], {}), resource, agency)


def _said(
    row: Mapping[str, object], raw: Mapping[str, object], resource: Resource, agency: str
) -> Row:
    kind = current().kinds[resource.kind]
    body = json.loads(str(row["body"]))
    numbers: Row = {item.scheme: _number(item, row, raw) for item in resource.identifiers}
    evidence = {what: body.get(field) or None for what, field in kind.evidence.items()}
    division = current().agencies[agency].division
    registered = resource.establishes and kind.event_date == "est_date"
    return {
        **dict.fromkeys(TEXTS), **numbers, **evidence,
        "agency": agency, "name": row["name"], "name_key": row["name_key"], "city": row["city"],
        "agency_city": None if division.endswith("0000") else f"{division[:4]}00",
        "established": row["event_date"] if registered else None,
        "on_date": None if registered else row["event_date"],
    }  # fmt: skip


def _number(item: Identifier, row: Mapping[str, object], raw: Mapping[str, object]) -> str | None:
    """The number as written, right or wrong."""
    return normalise_code(str(raw.get(item.column) or row[item.scheme] or "")) or None


# --- the register, damaged ---

_TRADITIONAL = OpenCC("s2t")
_CITY = {one.name.zh.removesuffix("市"): one.code for one in cities()}
_CONFUSED = str.maketrans("0125", "OIZS")
_LIKE = {line[0]: line[1:] for line in ALIKE.split()}


def register_rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return [
        {key: "" if text in ("N/A", "-") else text for key, text in row.items()} for row in rows
    ]


class Damage:
    """Takes the code of a row away or spoils it, spoils its name, and leaves some of the rest."""

    def __init__(self, *, seed: int, names: Sequence[str]) -> None:
        self.dice = random.Random(seed)
        self.characters = sorted({one for name in names for one in name if one >= "一"})
        self.by_sound: dict[str, list[str]] = {}
        for one in self.characters:
            self.by_sound.setdefault((readings(one) or (one,))[0], []).append(one)

    def row(self, row: Mapping[str, str]) -> Row:
        """What is told of a row of the register after all this."""
        code, fault = self._code(normalise_code(row["统一社会信用代码"]))
        name, named = self._name(row["企业名称"])
        return self.told(row, name, code) | {"faults": f"{fault};{named}"}

    def told(self, row: Mapping[str, str], name: str, code: Mapping[str, str]) -> Row:
        dice, city = self.dice, _CITY.get(row["地区"])
        where = dice.random()
        return {
            **dict.fromkeys(TEXTS), **code, "name": name, "name_key": normalise_name(name),
            "address": row["注册地址"] if dice.random() < 0.5 else None,
            "city": city if where < 0.45 else None,
            "agency_city": city if 0.45 <= where < 0.95 else None,
            "established": dt.date.fromisoformat(row["注册日期"]) if dice.random() < 0.3 else None,
            "on_date": None, "truth": normalise_code(row["统一社会信用代码"]), "source": "register",
        }  # fmt: skip

    def _code(self, code: str) -> tuple[dict[str, str], str]:
        roll = self.dice.random()
        if roll < 0.6:
            return {}, "missing_code"
        if roll < 0.7:
            return {"org_code": code[8:17]}, "org_code_alone"
        return {"uscc": self._slip(code)}, "mistyped_code"

    def _slip(self, code: str) -> str:
        place = self.dice.randrange(17)
        roll = self.dice.random()
        if roll < 0.3:
            return code[:place] + code[place].translate(_CONFUSED) + code[place + 1 :]
        if roll < 0.5:
            return code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        wrong = self.dice.choice(USCC_ALPHABET.replace(code[place], ""))
        return code[:place] + wrong + code[place + 1 :]

    def _name(self, name: str) -> tuple[str, str]:
        roll = self.dice.random()
        faults = (
            (0.50, "", lambda: name),
            (0.60, "region_left_out", lambda: self._without(name, "lead")),
            (0.70, "form_short", lambda: self._short(name)),
            (0.78, "traditional", lambda: _TRADITIONAL.convert(name)),
            (0.88, "wide", lambda: self._wide(name)),
            (0.895, "homophone", lambda: self._typo(name, "sound")),
            (0.91, "lookalike", lambda: self._typo(name, "look")),
            (0.92, "wrong_character", lambda: self._typo(name, "any")),
            (0.93, "lost_character", lambda: self._typo(name, "lost")),
            (0.96, "trade_left_out", lambda: self._fragment(name)),
            (1.01, "marked", lambda: name + "〓"),
        )
        return next((spoil(), fault) for share, fault, spoil in faults if roll < share)

    def _without(self, name: str, part: str) -> str:
        return name.removeprefix(self._parts(name)[part])

    def _parts(self, name: str) -> dict[str, str]:
        return dict(parts(pl.Series("key", [normalise_name(name)])).row(0, named=True))

    def _short(self, name: str) -> str:
        for form in ("有限责任公司", "股份有限公司", "有限公司"):
            if form in name:
                short = self.dice.choice(("公司", "", "有限公司"))
                return name.replace(form, short)
        return name

    def _wide(self, name: str) -> str:
        return name.replace("(", "（").replace(")", "）")[:-2] + "\u3000" + name[-2:]

    def _typo(self, name: str, how: str) -> str:
        apart = self._parts(name)
        start = len(apart["lead"])
        length = max(1, len(apart["head"]))
        place = min(len(name) - 1, start + self.dice.randrange(length))
        one = name[place]
        pool = {
            "sound": self.by_sound.get((readings(one) or (one,))[0], [one]),
            "look": _LIKE.get(one, one), "any": self.characters, "lost": [""],
        }[how]  # fmt: skip
        return name[:place] + self.dice.choice(pool) + name[place + 1 :]

    def _fragment(self, name: str) -> str:
        """The name without the last two characters of its trade."""
        apart = self._parts(name)
        head = apart["head"]
        kept = head[:-2] if len(head) > 4 else head
        return "".join({**apart, "head": kept}[part] for part in PARTS)


def hard_negatives(rows: Sequence[Mapping[str, str]], *, seed: int, count: int) -> Iterator[Row]:
    """Rows of firms that have a neighbour: the same city, the same three first characters of the
    brand, another code. The firm itself is then no candidate. Half of them tell their code.

    The extract holds some firms twice, under two codes: the same core, and the same day or address.
    Those are no negatives.
    """
    keys = pl.Series("key", [normalise_name(row["企业名称"]) for row in rows])
    stems, whole = parts(keys)["head"].str.slice(0, 3), cores(keys)["core"]
    twice = Counter(
        (core, row[told])
        for core, row in zip(whole, rows, strict=True)
        for told in ("注册日期", "注册地址")
        if row[told]
    )
    groups: dict[tuple[str, str], list[Mapping[str, str]]] = {}
    for row, stem, core in zip(rows, stems, whole, strict=True):
        once = all(twice[core, row[told]] < 2 for told in ("注册日期", "注册地址"))
        if len(stem) == 3 and once:
            groups.setdefault((row["地区"], stem), []).append(row)
    near = [row for group in groups.values() if len(group) > 1 for row in group]
    damage = Damage(seed=seed, names=["一"])
    for place, row in enumerate(damage.dice.choices(near, k=count)):
        code = {"uscc": normalise_code(row["统一社会信用代码"])} if place % 2 else {}
        yield damage.told(row, row["企业名称"], code) | {"faults": "hard_negative"}
