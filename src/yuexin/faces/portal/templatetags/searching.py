"""The addresses under which a search is asked again with other filters."""

from __future__ import annotations

from typing import Final

from django import template

from yuexin.domains.credit.finding.types import Query
from yuexin.faces.shared.searching import FILTERS, address_of

register: Final = template.Library()


@register.simple_tag
def asking(asked: Query, field: str, value: str) -> str:
    """The query string of the same search with one filter more, another, or one less."""
    return address_of(asked, **{field: value})


@register.filter
def filters(asked: Query) -> list[tuple[str, str]]:
    """The filters chosen from a list, by name."""
    return [(name, value) for name in FILTERS if (value := getattr(asked, name))]
