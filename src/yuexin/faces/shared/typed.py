"""What somebody typed, as a page may say it again."""

from __future__ import annotations

from yuexin.base.codes import identify, mask_id_number, without_id_numbers


def repeatable(typed: str) -> str:
    """What was typed as a page may say it again: a number that may be a person's only masked."""
    alone = identify(typed).scheme == "id_number"
    return mask_id_number(typed) if alone else without_id_numbers(typed)
