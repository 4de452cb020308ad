"""Big clean files for benchmarks: millions of rows in the declared layouts, made column by column.

Subject n of a seed has the same code and name in every file, so a licence finds its register.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from yuexin.base.codes import (
    ORG_ALPHABET,
    ORG_CHECKS,
    ORG_MODULUS,
    ORG_WEIGHTS,
    USCC_ALPHABET,
    USCC_MODULUS,
    USCC_WEIGHTS,
)
from yuexin.engines.declare.queries import current
from yuexin.sample import names, words
from yuexin.sample.agencies import MARKET
from yuexin.sample.codes import NEW_CODES, NEW_PLACES, NEW_PREFIX, NEW_STEP
from yuexin.sample.layout import NAME, REG_NO, USCC, Layout, layout
from yuexin.sample.told import BODY, SOLE_TRADER

CHUNK_ROWS: Final = 250_000

Numbers = npt.NDArray[np.uint64]
Columns = dict[str, pl.Series | pl.Expr | str]
_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)
_FIRST_DAY: Final = dt.date(2016, 1, 1)
_DAYS: Final = 3600


def valid_codes(*, rows: int, seed: int) -> pl.Series:
    """The codes of the subjects that `write_register` tells of, in its order."""
    return _codes(_Draw(np.arange(rows, dtype=np.uint64), seed), seed)


def write_register(path: Path, rows: int, seed: int) -> None:
    """A register of `rows` active companies and sole traders, as UTF-8 CSV without any fault."""
    shape = layout(declarations=current(), resource="registration")
    _write(path, rows, shape, lambda numbers: _register(_Draw(numbers, seed), seed))


def write_licences(path: Path, rows: int, seed: int, *, codes: pl.Series | None = None) -> None:
    """`rows` licences in the layout of 2018, as UTF-8 CSV without any fault.

    They are spread over `codes`, by default over the first half as many subjects of the register
    of the same seed.
    """
    shape = layout(declarations=current(), resource="licences_2018")
    count = max(1, rows // 2) if codes is None else codes.len()

    def told(numbers: Numbers) -> Columns:
        draw = _Draw(_Draw(numbers, seed + 1).below(count, 0), seed)
        known = _codes(draw, seed) if codes is None else codes.gather(draw.numbers)
        return _licences(numbers, draw, known, seed)

    _write(path, rows, shape, told)


def _write(path: Path, rows: int, shape: Layout, told: Callable[[Numbers], Columns]) -> None:
    with path.open("wb") as stream:
        for start in range(0, rows, CHUNK_ROWS):
            numbers = np.arange(start, min(start + CHUNK_ROWS, rows), dtype=np.uint64)
            frame = _frame(shape, told(numbers))
            frame.write_csv(stream, include_header=start == 0)


def _frame(shape: Layout, columns: Columns) -> pl.DataFrame:
    """The columns under their headers; what is one value for all rows is written as its word."""
    words_at = dict(shape.words)
    filled = []
    for place, (column, key) in enumerate(zip(shape.columns, shape.keys, strict=True)):
        value = columns.get(key, "")
        if isinstance(value, str):
            word = words_at.get(place, {}).get(value, value)
            value = pl.lit(word or None, dtype=pl.String)
        filled.append(value.alias(column.header))
    return pl.select(filled)


class _Draw:
    """Choices for numbered things: the same number and seed always choose alike."""

    def __init__(self, numbers: Numbers, seed: int) -> None:
        self.numbers, self._seed = numbers, seed % 2**32 * 64

    def below(self, size: int, purpose: int) -> Numbers:
        """A number below `size` for each, another one for another purpose (SplitMix64)."""
        mixed = (self.numbers + np.uint64(self._seed + purpose + 1)) * _GOLDEN
        mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return (mixed ^ (mixed >> np.uint64(31))) % np.uint64(size)

    def pick(self, items: Sequence[str], purpose: int) -> pl.Series:
        return pl.Series(list(items)).gather(self.below(len(items), purpose))

    def date(self, purpose: int) -> pl.Series:
        days = pl.Series(self.below(_DAYS, purpose)).cast(pl.Int32)
        return (days + (_FIRST_DAY - dt.date(1970, 1, 1)).days).cast(pl.Date)

    @cached_property
    def places(self) -> Numbers:
        return self.below(len(names.PLACES), 0)

    @cached_property
    def traders(self) -> pl.Series:
        return pl.Series(self.below(10, 1) < 6)

    def by_kind(self, trader: pl.Series | str, company: pl.Series | str) -> pl.Series:
        """One value for sole traders and another for companies."""
        choice = pl.when(self.traders).then(pl.lit(trader)).otherwise(pl.lit(company))
        return pl.select(choice).to_series()


@cache
def _county_digits() -> npt.NDArray[np.uint8]:
    return np.array([list(place.county.encode()) for place in names.PLACES], dtype=np.uint8)


def _codes(draw: _Draw, seed: int) -> pl.Series:
    """GB 32100 codes with both check characters; the organisation codes are those of `codes`."""
    matrix = np.empty((len(draw.numbers), 18), dtype=np.uint8)
    matrix[:, 0] = ord("9")
    matrix[:, 1] = np.where(draw.traders.to_numpy(), ord("2"), ord("1"))
    matrix[:, 2:8] = _county_digits()[draw.places]
    matrix[:, 8:11] = list(NEW_PREFIX.encode())
    rest = (draw.numbers * np.uint64(NEW_STEP) + np.uint64(seed)) % np.uint64(NEW_CODES)
    alphabet = np.frombuffer(USCC_ALPHABET.encode(), dtype=np.uint8)
    for place in range(NEW_PLACES):
        matrix[:, 11 + place] = alphabet[rest % np.uint64(len(alphabet))]
        rest //= np.uint64(len(alphabet))
    org = _weighted(matrix[:, 8:16], ORG_ALPHABET, ORG_WEIGHTS) % ORG_MODULUS
    matrix[:, 16] = np.frombuffer(ORG_CHECKS.encode(), dtype=np.uint8)[org]
    total = _weighted(matrix[:, :17], USCC_ALPHABET, USCC_WEIGHTS)
    matrix[:, 17] = alphabet[-total % USCC_MODULUS]
    return _texts(matrix)


def _weighted(
    matrix: npt.NDArray[np.uint8], alphabet: str, weights: Sequence[int]
) -> npt.NDArray[np.int32]:
    table = np.zeros(256, dtype=np.int32)
    table[np.frombuffer(alphabet.encode(), dtype=np.uint8)] = np.arange(len(alphabet))
    total = np.zeros(len(matrix), dtype=np.int32)
    for place, weight in enumerate(weights):
        total += table[matrix[:, place]] * weight
    return total


def _texts(matrix: npt.NDArray[np.uint8]) -> pl.Series:
    width = matrix.shape[1]
    return pl.Series(np.ascontiguousarray(matrix).view(f"S{width}").ravel().astype(str))


def _reg_nos(draw: _Draw) -> pl.Series:
    """Registration numbers with their check digit, ISO 7064 MOD 11,10."""
    matrix = np.empty((len(draw.numbers), 15), dtype=np.uint8)
    matrix[:, :6] = _county_digits()[draw.places]
    matrix[:, 6] = np.where(draw.traders.to_numpy(), ord("9"), ord("3"))
    rest = np.uint64(5_000_000) + draw.numbers % np.uint64(5_000_000)
    for place in range(13, 6, -1):
        matrix[:, place] = rest % np.uint64(10) + np.uint64(ord("0"))
        rest //= np.uint64(10)
    product = np.full(len(matrix), 10, dtype=np.int32)
    for place in range(14):
        total = (product + matrix[:, place] - ord("0")) % 10
        product = np.where(total == 0, 10, total) * 2 % 11
    matrix[:, 14] = (11 - product) % 10 + ord("0")
    return _texts(matrix)


def _cities(draw: _Draw) -> pl.Series:
    return pl.Series([place.city_name for place in names.PLACES]).gather(draw.places)


def _counties(draw: _Draw) -> pl.Series:
    return pl.Series([place.county_name for place in names.PLACES]).gather(draw.places)


def _names(draw: _Draw) -> pl.Series:
    """Names of companies by city, and of shops by county."""
    brand = draw.pick(words.RARE, 2) + draw.pick(words.PLAIN + words.RARE, 3)
    shop = draw.pick([trade.word for trade in words.SHOP_TRADES], 4)
    trade = draw.pick([trade.word for trade in words.COMPANY_TRADES], 5)
    return draw.by_kind(_counties(draw) + brand + shop, _cities(draw) + brand + trade + "有限公司")


def _people(draw: _Draw) -> pl.Series:
    return draw.pick(words.SURNAMES, 6) + draw.pick(words.GIVEN, 7) + draw.pick(words.GIVEN, 8)


def _register(draw: _Draw, seed: int) -> Columns:
    city = _cities(draw)
    since = draw.date(9).dt.to_string("%Y-%m-%d")
    road = draw.pick(words.RARE, 10) + draw.pick(words.PLAIN, 11) + "路"
    number = pl.Series(draw.below(399, 12) + np.uint64(1)).cast(pl.String) + "号"
    return {
        USCC: _codes(draw, seed),
        REG_NO: _reg_nos(draw),
        NAME: _names(draw),
        "entity_type": draw.by_kind("个体工商户", "有限责任公司"),
        "legal_rep": _people(draw),
        "est_date": since,
        "appr_date": since,
        "reg_org": city + "市场监督管理局",
        "state": "1",
        "address": city + _counties(draw) + road + number,
        "province": "440000",
        "city": city,
        "scope_text": draw.pick([trade.scope for trade in words.COMPANY_TRADES], 13),
    }


def _licences(numbers: Numbers, draw: _Draw, codes: pl.Series, seed: int) -> Columns:
    """`numbers` tell the licences apart, `draw` belongs to their subjects."""
    day = _Draw(numbers, seed + 2).date(0)
    date = day.dt.to_string("%Y-%m-%d")
    serial = pl.Series(numbers).cast(pl.String).str.zfill(10)
    agency = current().agencies[MARKET]
    trader = codes.str.slice(1, 1) == "2"
    return {
        USCC: codes,
        NAME: _names(draw),
        "party_class": pl.when(trader).then(pl.lit(SOLE_TRADER)).otherwise(pl.lit(BODY)),
        "legal_rep": _people(draw),
        "document_name": "食品经营许可决定书",
        "doc_no": "粤市监许〔" + date.str.slice(0, 4) + "〕" + serial + "号",
        "category": "普通",
        "licence_name": "食品经营许可证",
        "licence_no": "JY" + serial,
        "content": _Draw(numbers, seed + 2).pick([t.scope for t in words.SHOP_TRADES], 1),
        "decision_date": date,
        "from_date": date,
        "until_date": day.dt.offset_by("5y").dt.to_string("%Y-%m-%d"),
        "authority": agency.zh,
        "authority_code": agency.uscc,
        "state": "valid",
        "source_unit": agency.zh,
        "source_unit_code": agency.uscc,
    }
