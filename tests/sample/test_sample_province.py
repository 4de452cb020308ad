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
from yuexin.domains.collection.gate import sniff_format
from yuexin.domains.collection.reading.batches import ROW, opened
from yuexin.engines.declare.queries import current
from yuexin.sample import Faults, generate
from yuexin.sample.cast import EACH, LEAST_SUBJECTS
from yuexin.sample.schedule import Times, sheets

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
        assert province.files[delivery.file][0] == [column.header for column in declared.columns]
        assert delivery.agency in declared.providers


def test_the_open_extract_is_declared_but_not_delivered(province: Province) -> None:
    assert "register_extract" in current().resources
    assert "register_extract" not in {one.resource for one in province.manifest.deliveries}


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
        (row["file"], int(row["row"]))
        for fault in ("mistyped_code", "impossible_date", "future_date", "fine_without_amount")
        for row in province.faults[fault]
    }
    for sheet in sheets(province.times):
        resource = current().resources[sheet.resource]
        program = CheckProgram.of(resource=resource, declarations=current())
        path = province.manifest.folder / sheet.file
        form = sniff_format(path)
        with opened(path=path, form=form, resource=resource, scratch=tmp_path) as batches:
            for batch in batches:
                assert batch.misshapen.is_empty()
                checked = program.run(frame=batch.frame, received_on=pl.lit(sheet.delivered_on))
                stopped = checked.rejected | checked.doubtful
                for number in checked.typed.filter(stopped)[ROW]:
                    assert province.truth[sheet.file, number]["public"] != "yes"
                    missed.discard((sheet.file, number))
    assert missed == set()


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


def test_a_late_penalty_comes_with_the_last_file_only(province: Province) -> None:
    last = province.manifest.deliveries[-1].file
    late = [row for row in province.rows if row["part"] == "late"]
    assert len(late) == EACH
    for row in late:
        decided = dt.date.fromisoformat(province.delivered(row)["CF_JDRQ"])
        assert row["file"] == last
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
    assert set(faults) == {"contradicting_agencies"}, "only the cast contradicts"


def test_progress_is_told_to_the_end(tmp_path: Path) -> None:
    said: list[tuple[str, int, int]] = []

    def tell(phase: str, done: int, total: int) -> None:
        said.append((phase, done, total))

    generate(subjects=1000, out=tmp_path / "out", today=TODAY, progress=tell)
    assert ("subjects", 1000, 1000) in said
    assert said[-1] == ("files", 15, 15)


def test_too_few_subjects_and_a_folder_in_use_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="can be made"):
        generate(subjects=LEAST_SUBJECTS - 1, out=tmp_path / "out", today=TODAY)
    assert not (tmp_path / "out").exists()
    generate(subjects=LEAST_SUBJECTS, out=tmp_path / "out", today=TODAY)
    with pytest.raises(FileExistsError):
        generate(subjects=LEAST_SUBJECTS, out=tmp_path / "out", today=TODAY)
