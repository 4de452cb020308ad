"""A declared model against what is compared, its examples against what is found. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from yuexin.base.errors import Refusal
from yuexin.base.text import Text, normalise_name
from yuexin.domains.subjects.linkage.decision import decide
from yuexin.domains.subjects.linkage.model import Model
from yuexin.domains.subjects.linkage.scoring import (
    MENTIONS,
    NAMES,
    SAID,
    SUBJECTS,
    Evidence,
    compared,
    prepared,
    ranked,
    with_counts,
)
from yuexin.engines.declare.types import Linkage, LinkageExample

LEVELS: dict[str, tuple[str, ...]] = {
    "code": ("same", "slip", "inside", "other", "other_valid", "other_known"),
    "number": ("same", "other", "other_known"),
    "name": ("whole", "same", "spelled", "typed", "shortened", "brand", "near", "other"),
    "region": ("same", "turned", "within", "wider", "left_out", "other"),
    "form": ("same", "short", "other"),
    "branch": ("same", "one", "other"),
    "borne": ("within", "before", "after"),
    "place": ("city", "office", "other_office", "other_city"),
    "person": ("same", "spelled", "other"),
    "address": ("same", "near", "other"),
    "phone": ("same", "other"),
    "established": ("same", "near", "other"),
}
SAYS = ("person", "address", "phone")


def check_linkage(linkage: Linkage) -> None:
    """Hold a model against what is compared, and run every worked example. Raises the first
    `Refusal`."""
    declared = {field.id: tuple(field.by_level) for field in linkage.compared}
    if declared != LEVELS:
        both = (*LEVELS, *declared)
        wrong = next(name for name in both if declared.get(name) != LEVELS.get(name))
        expected = ", ".join(LEVELS.get(wrong, ("-",)))
        raise _refused(
            f"linkage/{linkage.id}.{wrong}",
            Text("比较项与程序不一致", "the levels are not those that are compared"),
            Text(f"应为：{expected}", f"write: {expected}"),
        )
    for example in linkage.examples:
        finding, code = found(example, Model(declared=linkage))
        if (finding, code) != (example.finding, example.subject):
            raise _refused(
                f"linkage/{linkage.id} “{example.name}”",
                Text(f"示例得到 {finding} {code}", f"the example gives {finding} {code}"),
                Text("改权重或示例", "change the weights or the example"),
            )


def _refused(where: str, what: Text, remedy: Text) -> Refusal:
    return Refusal(code="DECLARATION", what=what, where=where, rule="declarations", remedy=remedy)


def found(example: LinkageExample, model: Model) -> tuple[str, str]:
    """The finding of a worked example, and the code of the subject it names."""
    said = example.mention
    row = {name: said.get(name, "") for name in MENTIONS} | {
        "mention": "-",
        "name_key": normalise_name(said.get("name", "")),
        "established": _day(said.get("established")),
        "on_date": _day(said.get("on_date")),
    }
    codes = [subject["code"] for subject in example.subjects]
    mention = pl.DataFrame([row], schema=MENTIONS)
    asked = prepared(mentions=mention, known=codes, model=model)
    pairs = pl.DataFrame({"subject": codes}).with_columns(
        mention=pl.lit("-"), by_number=pl.Series([_numbered(said, one) for one in example.subjects])
    )
    levels = compared(pairs=pairs, mentions=asked, evidence=_evidence(example), model=model)
    counted = with_counts(
        levels=levels, cores=_counts(levels["core_s"]), brands=_counts(levels["brand_s"])
    )
    candidates = ranked(levels=counted, model=model, subjects=model.declared.subjects_learned)
    decided = decide(candidates=candidates, model=model).row(0, named=True)
    return decided["verdict"], decided["subject"] or ""


def _numbered(said: Mapping[str, str], subject: Mapping[str, str]) -> bool:
    org = said.get("org_code", "")
    reg = said.get("reg_no", "")
    return bool((org and subject["code"][8:17] == org) or (reg and subject.get("reg_no") == reg))


def _evidence(example: LinkageExample) -> Evidence:
    subjects = [
        (one["code"], one["code"], one.get("city", ""), _day(one.get("established")))
        for one in example.subjects
    ]
    said = [
        (one["code"], what, one[what]) for one in example.subjects for what in SAYS if one.get(what)
    ]
    return Evidence(
        subjects=pl.DataFrame(subjects, schema=SUBJECTS, orient="row"),
        names=pl.DataFrame(list(_names(example.subjects)), schema=NAMES, orient="row"),
        said=pl.DataFrame(said, schema=SAID, orient="row"),
    ).plain()


Borne = tuple[str, str, str, dt.date | None, dt.date | None]


def _names(subjects: Sequence[Mapping[str, str]]) -> Iterator[Borne]:
    for subject in subjects:
        for told in subject["names"].split(";"):
            name, since, until = (*told.split("|"), "", "")[:3]
            yield subject["code"], normalise_name(name), name, _day(since), _day(until)


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def _counts(texts: pl.Series) -> pl.DataFrame:
    return texts.value_counts().rename({texts.name: "text"})
