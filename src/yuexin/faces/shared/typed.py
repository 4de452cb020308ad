"""What somebody typed, as a page may say it again."""

from __future__ import annotations

from typing import Final

from yuexin.base.codes import identify, mask_id_number, without_id_numbers

FEWEST_DIGITS: Final = 14


def repeatable(typed: str) -> str:
    """What was typed as a page may say it again: a number that may be a person's only masked."""
    # However it is written, a number of a person has more digits; most of what is typed has none.
    if sum(map(str.isdigit, typed)) < FEWEST_DIGITS:
        return typed
    alone = identify(typed).scheme == "id_number"
    return mask_id_number(typed) if alone else without_id_numbers(typed)
