"""A cell of a delivered row as it may be kept, and shown, outside its delivery."""

from __future__ import annotations

import re

from yuexin.base.codes import without_id_numbers
from yuexin.engines.declare.types import Resource

SHORTEST_MASKED = 6
LONG_NUMBER = re.compile(r"\d{11,18}[\dXx]?")  # what may be a person's, in a row of no columns


def masked(resource: Resource, header: str, text: str) -> str:
    """A personal number as a steward may see it: enough to find the row, not the person.

    Without a header, of a row whose columns nobody knows, every long number is shortened.
    """
    if not header:
        return without_id_numbers(LONG_NUMBER.sub(_shortened, text))
    column = resource.by_header.get(header)
    if column is None or not column.personal:
        return without_id_numbers(text)
    return f"{text[:2]}****{text[-2:]}" if len(text) > SHORTEST_MASKED else "****"


def _shortened(number: re.Match[str]) -> str:
    return f"{number[0][:2]}****{number[0][-2:]}"
