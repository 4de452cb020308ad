"""The files of the sample province: the same every time, in the declared form, told in full."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from collections import Counter
from pathlib import Path

import polars as pl
import pytest
from tests.sample.reading import Province

from yuexin.base.dates import Calendar, add_months
from yuexin.base.digest import file_sha256
from yuexin.domains.collection.checks.program import CheckProgram
from yuexin.domains.collection.reading.batches import ROW, opened
from yuexin.domains.collection.reading.forms import FORM_BYTES, form_of
from yuexin.domains.collection.reading.wrapping import head_of
from yuexin.engines.declare.queries import current
from yuexin.sample.cast import EACH, LEAST_SUBJECTS
from yuexin.sample.faults import Faults
from yuexin.sample.planted import OWNERS_PART
from yuexin.sample.province import generate
from yuexin.sample.registers import REGISTERS
from yuexin.sample.schedule import ENDINGS, Times, sheets
from yuexin.sample.truth import code_playing
from yuexin.sample.vocabulary import TELLINGS

TODAY = dt.date(2026, 11, 24)


def contents(folder: Path) -> dict[str, bytes]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_the_same_arguments_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        generate(subjects=120, out=tmp_path / name, today=TODAY)
    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_no_workbook_tells_when_it_was_made(province: Province) -> None:
    folder = province.manifest.folder / "deliveries"
    for path in folder.glob("*.xlsx"):
        with zipfile.ZipFile(path) as book:
            assert {member.date_time[0] for member in book.infolist()} == {1980}
            assert b"2016-06-24" in book.read("docProps/core.xml")


def test_another_seed_makes_another_province(tmp_path: Path) -> None:
    one = generate(subjects=60, out=tmp_path / "one", today=TODAY)
    two = generate(subjects=60, out=tmp_path / "two", today=TODAY, seed=7)
    assert one.deliveries[0].sha256 != two.deliveries[0].sha256


def test_the_manifest_names_every_file_in_order(province: Province) -> None:
    written = json.loads((province.manifest.folder / "manifest.json").read_text("utf-8"))
    folder = province.manifest.folder
    assert [item["file"] for item in written] == [sheet.file for sheet in sheets(province.times)]
    assert {f"deliveries/{path.name}" for path in (folder / "deliveries").iterdir()} == {
        item["file"] for item in written
    }
    for item in written:
        assert item["sha256"] == file_sha256(folder / item["file"])
        assert item["rows"] == item["declared_rows"] == len(province.files[item["file"]]) - 1 > 0


def test_the_delivered_order_is_that_of_time(province: Province) -> None:
    days = [sheet.delivered_on for sheet in sheets(province.times)]
    assert days == sorted(days)
    assert days[-1] == province.times.today


def test_every_file_has_the_declared_headers(province: Province) -> None:
    for delivery in province.manifest.deliveries:
        declared = current().resources[delivery.resource]
        headers = [column.header for column in declared.columns]
        told = province.files[delivery.file][0]
        assert set(told) <= set(headers) if ".xml" in delivery.file else told == headers
        assert delivery.agency in declared.providers


def test_every_declared_resource_is_told_that_serves_more_than_trials(province: Province) -> None:
    told = {one.resource for one in province.manifest.deliveries}
    declared = current().resources.values()
    assert told == {one.id for one in declared if not one.testing_only}
    assert {one.resource for one in TELLINGS} < told


def test_two_dozen_agencies_deliver_in_every_form(province: Province) -> None:
    plan = sheets(province.times)
    assert len({sheet.agency for sheet in plan}) >= 24
    assert {sheet.form for sheet in plan} == set(ENDINGS)
    assert "foshan_market_regulation" in {sheet.agency for sheet in plan}


def test_every_section_of_a_file_is_filled_for_somebody(province: Province) -> None:
    kinds = {current().resources[r["resource"]].kind for r in province.rows if r["public"] == "yes"}
    filled = {current().kinds[kind].section for kind in kinds}
    assert filled == {kind.section for kind in current().kinds.values()}


def test_each_kind_of_subject_stands_in_its_own_register(province: Province) -> None:
    registers = {
        row["resource"]: set[str]() for row in province.rows if row["resource"] in REGISTERS
    }
    for row in province.rows:
        if row["resource"] in registers:
            registers[row["resource"]].add(row["code"][:2])
    assert registers == {
        "registration": {"91", "92"}, "cooperatives": {"93"}, "institutions": {"12"},
        "social_organisations": {"51"},
    }  # fmt: skip


def test_an_office_of_a_city_tells_of_its_own_city_only(province: Province) -> None:
    cities = {subject["code"]: subject["city"] for subject in province.subjects}
    divisions = {one.id: one.division for one in current().agencies.values()}
    agencies = {one.file: one.agency for one in province.manifest.deliveries}
    for row in province.rows:
        division = divisions[agencies[row["file"]]]
        if row["code"] and division != "440000":
            assert cities[row["code"]] == division


def test_todays_files_are_new_and_a_few_of_them_late(province: Province) -> None:
    last = {sheet.file: sheet for sheet in sheets(province.times) if sheet.delivered_on == TODAY}
    under = {file for file, sheet in last.items() if sheet.resource[:8] in ("licences", "penaltie")}
    rows = [row for row in province.rows if row["file"] in under and row["public"] == "yes"]
    dates = [
        (last[row["file"]].agency, dt.date.fromisoformat(day))
        for row in rows
        if (day := _decided(province.delivered(row)))
    ]
    late = [agency for agency, day in dates if Calendar().workdays_between(day, TODAY) >= 8]
    assert len(rows) > 100
    assert len(set(late)) >= 2
    assert 0.005 < len(late) / len(dates) < 0.06


def _decided(row: dict[str, str]) -> str:
    """The day of decision where it stands in the usual form."""
    day = row.get("XK_JDRQ") or row.get("CF_JDRQ") or ""
    return day if len(day) == 10 and day[4] == "-" else ""


def test_a_late_penalty_stands_next_to_one_that_goes_back(province: Province) -> None:
    beside = [row for row in province.rows if row["part"] == "beside_late"]
    assert len(beside) == EACH
    for row in beside:
        late = province.truth[row["file"], int(row["row"]) - 1]
        assert (late["part"], late["public"]) == ("late", "yes")
        assert late["code"][:2] == "91"
        assert province.delivered(row)["CF_NR_FK"] == ""


def test_the_truth_knows_every_delivered_row(province: Province) -> None:
    told = Counter(row["file"] for row in province.rows)
    assert told == {one.file: one.rows for one in province.manifest.deliveries}
    assert len(province.truth) == len(province.rows)
    codes = {subject["code"] for subject in province.subjects}
    assert {row["code"] for row in province.rows if row["code"]} <= codes


def test_rows_come_about_as_often_as_declared(province: Province) -> None:
    count = Counter(row["resource"] for row in province.rows)
    subjects = len(province.subjects)
    licences = count["licences_2018"] + count["licences_2016"]
    penalties = count["penalties_2018"] + count["penalties_2016"]
    assert 0.4 < licences / subjects < 0.6
    assert 0.03 < penalties / subjects < 0.07
    assert 0.3 < count["annual_reports"] / subjects < 0.5
    assert 0.15 < count["registration_changes"] / subjects < 0.25


def test_what_is_told_without_a_fault_passes_every_declared_check(
    province: Province, tmp_path: Path
) -> None:
    """And every row with a code that cannot be, or a date that cannot be, is found."""
    missed = {
        (row["file"], int(row["row"]), fault)
        for fault in ("mistyped_code", "impossible_date", "future_date", "fine_without_amount")
        for row in province.faults[fault]
    }
    found: set[tuple[str, int]] = set()
    for sheet in sheets(province.times):
        resource = current().resources[sheet.resource]
        program = CheckProgram.of(resource=resource, declarations=current())
        path = province.manifest.folder / sheet.file
        form = form_of(head_of(path, FORM_BYTES))
        assert sheet.form.startswith(form) or form == "csv"
        with opened(path=path, form=form, resource=resource, scratch=tmp_path) as batches:
            for batch in batches:
                assert batch.misshapen.is_empty()
                checked = program.run(frame=batch.frame, received_on=pl.lit(sheet.delivered_on))
                stopped = checked.rejected | checked.doubtful
                for number in checked.typed.filter(stopped)[ROW]:
                    assert province.truth[sheet.file, number]["public"] != "yes", (
                        checked.findings.filter(pl.col(ROW) == number)
                    )
                    assert province.truth[sheet.file, number]["part"] in ("", "beside_late")
                    found.add((sheet.file, number))
    assert {row for row in missed if row[:2] not in found} == set()


@pytest.mark.parametrize(
    "today",
    [
        dt.date(2018, 1, 1), dt.date(2022, 3, 31), dt.date(2024, 2, 28), dt.date(2024, 3, 1),
        dt.date(2026, 4, 1), dt.date(2027, 12, 31), dt.date(2032, 2, 28),
    ],
)  # fmt: skip
def test_a_province_can_be_made_on_any_day(tmp_path: Path, today: dt.date) -> None:
    manifest = generate(subjects=LEAST_SUBJECTS, out=tmp_path / "out", today=today)
    province = Province(manifest, Times(today=today))
    edges = [row for row in province.rows if row["part"] in ("ends_tomorrow", "ended_yesterday")]
    assert [row["public"] for row in edges] == ["yes", "no"] * EACH


def test_the_cast_stands_on_the_edge_of_its_terms(province: Province) -> None:
    today, day = TODAY.isoformat(), dt.timedelta(days=1)
    assert {row["CF_JDRQ"] for row in province.played("decided_today")} == {today}
    ends = {"ends_tomorrow": TODAY + day, "ended_yesterday": TODAY - day}
    for part, end in ends.items():
        for row in province.played(part):
            assert add_months(dt.date.fromisoformat(row["CF_JDRQ"]), 12) == end
    until = {"licence_ends_in_30_days": TODAY + 30 * day, "licence_ended_yesterday": TODAY - day}
    for part, end in until.items():
        assert {row["XK_YXQZI"] for row in province.played(part)} == {end.isoformat()}


def test_the_owner_of_the_cast_has_a_penalty_that_can_be_repaired(province: Province) -> None:
    (penalty,) = (row for row in province.rows if row["part"] == OWNERS_PART)
    (licence, *_) = (row for row in province.rows if row["part"] == "licence_ends_in_30_days")
    assert (
        penalty["code"]
        == licence["code"]
        == code_playing(sample=province.manifest.folder, part=OWNERS_PART)
    )
    assert (penalty["public"], penalty["faults"]) == ("yes", "")
    decided = dt.date.fromisoformat(province.delivered(penalty)["CF_JDRQ"])
    assert add_months(decided, 3) < TODAY < add_months(decided, 12)
    assert code_playing(sample=province.manifest.folder, part="nobody") is None


def test_a_late_penalty_comes_with_todays_files_only(province: Province) -> None:
    last = {one.file for one in province.manifest.deliveries[-2:]}
    late = [row for row in province.rows if row["part"] == "late"]
    assert {row["file"] for row in late} == last
    for row in late:
        decided = dt.date.fromisoformat(province.delivered(row)["CF_JDRQ"])
        assert row["file"] in last
        assert Calendar().workdays_between(decided, TODAY) == 8


def test_two_agencies_contradict_each_other_about_one_decision(province: Province) -> None:
    told = province.played("contradicted")
    assert len(told) == 2 * EACH
    for one, other in zip(told[::2], told[1::2], strict=True):
        assert one["CF_WSH"] == other["CF_WSH"]
        assert one["CF_NR_FK"] != other["CF_NR_FK"]
        assert one["CF_SJLY"] != other["CF_SJLY"]


def test_faults_can_be_turned_off(tmp_path: Path) -> None:
    none = Faults(**dict.fromkeys(Faults.__dataclass_fields__, 0.0))
    manifest = generate(subjects=300, out=tmp_path / "out", today=TODAY, faults=none)
    faults = Province(manifest, Times(today=TODAY)).faults
    assert set(faults) == {"contradicting_agencies", "fine_without_amount"}, "only in the cast"


def test_progress_is_told_to_the_end(tmp_path: Path) -> None:
    said: list[tuple[str, int, int]] = []

    def tell(phase: str, done: int, total: int) -> None:
        said.append((phase, done, total))

    manifest = generate(subjects=1000, out=tmp_path / "out", today=TODAY, progress=tell)
    assert ("subjects", 1000, 1000) in said
    files = len(manifest.deliveries)
    assert said[-1] == ("files", files, files)


def test_too_few_subjects_and_a_folder_in_use_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="can be made"):
        generate(subjects=LEAST_SUBJECTS - 1, out=tmp_path / "out", today=TODAY)
    assert not (tmp_path / "out").exists()
    generate(subjects=LEAST_SUBJECTS, out=tmp_path / "out", today=TODAY)
    with pytest.raises(FileExistsError):
        generate(subjects=LEAST_SUBJECTS, out=tmp_path / "out", today=TODAY)
