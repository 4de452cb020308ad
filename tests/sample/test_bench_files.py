"""The big files for benchmarks: clean, in the declared layouts, about the same subjects."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from tests.sample.reading import table

from yuexin.base.codes import check_reg_no, check_uscc
from yuexin.domains.collection.checks.program import CheckProgram
from yuexin.domains.collection.reading.batches import opened
from yuexin.engines.declare.queries import current
from yuexin.sample.bench_files import valid_codes, write_licences, write_register
from yuexin.sample.codes import org_code

ROWS = 2000
SEED = 7
TODAY = pl.date(2026, 11, 24)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("bench")
    write_register(out / "registration.csv", ROWS, SEED)
    write_licences(out / "licences_2018.csv", 2 * ROWS, SEED)
    return out


def rows(path: Path) -> list[dict[str, str]]:
    header, *lines = table(path, "utf-8")
    return [dict(zip(header, line, strict=True)) for line in lines]


@pytest.mark.parametrize("resource", ["registration", "licences_2018"])
def test_a_bench_file_is_clean(folder: Path, resource: str) -> None:
    path, declared = folder / f"{resource}.csv", current().resources[resource]
    assert table(path, "utf-8")[0] == [column.header for column in declared.columns]
    program = CheckProgram.of(resource=declared, declarations=current())
    with opened(path=path, form="csv", resource=declared, scratch=folder / "scratch") as batches:
        for batch in batches:
            assert batch.misshapen.is_empty()
            assert program.run(frame=batch.frame, received_on=TODAY).findings.is_empty()


def test_bench_codes_are_valid_and_different(folder: Path) -> None:
    told = rows(folder / "registration.csv")
    codes = [row["统一社会信用代码"] for row in told]
    assert codes == valid_codes(rows=ROWS, seed=SEED).to_list()
    assert len(set(codes)) == ROWS
    assert all(check_uscc(code).problems == () for code in codes)
    assert all(check_reg_no(row["注册号"]).problems == () for row in told)


def test_bench_codes_use_the_blocks_of_the_province() -> None:
    code = valid_codes(rows=2, seed=SEED)[1]
    assert code[8:17] == org_code(index=1, seed=SEED)


def test_every_bench_licence_finds_its_register(folder: Path) -> None:
    names = {row["统一社会信用代码"]: row["名称"] for row in rows(folder / "registration.csv")}
    licences = rows(folder / "licences_2018.csv")
    assert len(licences) == 2 * ROWS
    assert len({row["XK_WSH"] for row in licences}) == 2 * ROWS
    assert all(names[row["XK_XDR_SHXYM"]] == row["XK_XDR_MC"] for row in licences)


def test_bench_licences_can_be_spread_over_given_codes(tmp_path: Path) -> None:
    codes = valid_codes(rows=3, seed=SEED)
    write_licences(tmp_path / "out.csv", 50, SEED, codes=codes)
    given = {row["XK_XDR_SHXYM"] for row in rows(tmp_path / "out.csv")}
    assert given == set(codes.to_list())


def test_the_same_seed_writes_the_same_bench_file(folder: Path, tmp_path: Path) -> None:
    write_register(tmp_path / "again.csv", ROWS, SEED)
    assert (tmp_path / "again.csv").read_bytes() == (folder / "registration.csv").read_bytes()
