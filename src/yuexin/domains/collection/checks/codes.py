"""Check digits of whole columns, from the same tables as the checks of one code."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from yuexin.base.codes import (
    AUTHORITIES,
    ID_CHECKS,
    ID_MODULUS,
    ID_WEIGHTS,
    ORG_ALPHABET,
    ORG_CHECKS,
    ORG_MODULUS,
    ORG_WEIGHTS,
    USCC_ALPHABET,
    USCC_MODULUS,
    USCC_WEIGHTS,
)
from yuexin.base.codes.verdict import DIGITS

FOREIGN = 255
REG_NO_LENGTH, LEGACY_LENGTH = 15, 13
Bytes = npt.NDArray[np.uint8]
Flags = npt.NDArray[np.bool_]


def _table(alphabet: str) -> Bytes:
    """The index of each byte in the alphabet, `FOREIGN` for the others."""
    table = np.full(256, FOREIGN, dtype=np.uint8)
    table[np.frombuffer(alphabet.encode("ascii"), dtype=np.uint8)] = np.arange(len(alphabet))
    return table


def _flags(characters: str) -> Flags:
    flags = np.zeros(256, dtype=np.bool_)
    flags[np.frombuffer(characters.encode("ascii"), dtype=np.uint8)] = True
    return flags


USCC_TABLE = _table(USCC_ALPHABET)
ORG_TABLE = _table(ORG_ALPHABET)
DIGIT_TABLE = _table(DIGITS)
AUTHORITY_FLAGS = _flags("".join(AUTHORITIES))
USCC_CHARACTERS = np.frombuffer(USCC_ALPHABET.encode("ascii"), dtype=np.uint8)
ORG_CHECK_CHARACTERS = np.frombuffer(ORG_CHECKS.encode("ascii"), dtype=np.uint8)
ID_CHECK_CHARACTERS = np.frombuffer(ID_CHECKS.encode("ascii"), dtype=np.uint8)


def uscc_valid(column: pl.Series) -> pl.Series:
    """Whether each code passes GB 32100: characters, authority and check character."""
    return _by_width(column, 18, _uscc)


def org_code_valid(column: pl.Series) -> pl.Series:
    """Whether each organisation code of nine characters passes GB 11714."""
    return _by_width(column, 9, _org)


def id_number_valid(column: pl.Series) -> pl.Series:
    """Whether each citizen id number of eighteen characters passes GB 11643's check."""
    return _by_width(column, 18, _id)


def reg_no_valid(column: pl.Series) -> pl.Series:
    """Whether each registration number passes: fifteen digits ISO 7064 MOD 11,10; thirteen, from
    before 2007, carry no check."""
    passed = _by_width(column, REG_NO_LENGTH, _reg_no)
    if column.drop_nulls().str.len_bytes().eq(LEGACY_LENGTH).any():
        passed = passed | _by_width(column, LEGACY_LENGTH, _digits)
    return passed


def _by_width(column: pl.Series, width: int, check: Callable[[Bytes], Flags]) -> pl.Series:
    """Apply a check to the values of exactly `width` bytes; the others fail, null stays null."""
    fits = (column.str.len_bytes() == width).fill_null(value=False)
    values = column.filter(fits)
    passed = np.zeros(len(column), dtype=np.bool_)
    if len(values):
        joined = "".join(values.to_list()).encode("utf-8")
        matrix = np.frombuffer(joined, dtype=np.uint8).reshape(-1, width)
        passed[fits.to_numpy()] = check(matrix)
    result = pl.Series(column.name, passed)
    return result.set(column.is_null(), None) if column.null_count() else result


def _weighted(indices: Bytes, weights: Sequence[int]) -> npt.NDArray[np.int32]:
    total = np.zeros(len(indices), dtype=np.int32)
    for place, weight in enumerate(weights):
        total += indices[:, place].astype(np.int32) * weight
    return total


def _uscc(matrix: Bytes) -> Flags:
    indices = USCC_TABLE[matrix]
    known = (indices != FOREIGN).all(axis=1) & AUTHORITY_FLAGS[matrix[:, 0]]
    digits = (DIGIT_TABLE[matrix[:, 2:8]] != FOREIGN).all(axis=1)
    expected = USCC_CHARACTERS[-_weighted(indices[:, :17], USCC_WEIGHTS) % USCC_MODULUS]
    return np.asarray(known & digits & (expected == matrix[:, 17]))


def _org(matrix: Bytes) -> Flags:
    indices = ORG_TABLE[matrix[:, :8]]
    known = (indices != FOREIGN).all(axis=1)
    expected = ORG_CHECK_CHARACTERS[_weighted(indices, ORG_WEIGHTS) % ORG_MODULUS]
    return np.asarray(known & (expected == matrix[:, 8]))


def _id(matrix: Bytes) -> Flags:
    indices = DIGIT_TABLE[matrix[:, :17]]
    known = (indices != FOREIGN).all(axis=1)
    expected = ID_CHECK_CHARACTERS[_weighted(indices, ID_WEIGHTS) % ID_MODULUS]
    return np.asarray(known & (expected == matrix[:, 17]))


def _digits(matrix: Bytes) -> Flags:
    return np.asarray((DIGIT_TABLE[matrix] != FOREIGN).all(axis=1))


def _reg_no(matrix: Bytes) -> Flags:
    indices = DIGIT_TABLE[matrix]
    known = (indices != FOREIGN).all(axis=1)
    product = np.full(len(matrix), 10, dtype=np.int32)
    for place in range(14):
        total = (product + indices[:, place]) % 10
        product = 2 * np.where(total == 0, 10, total) % 11
    return np.asarray(known & (((11 - product) % 10) == indices[:, 14]))
