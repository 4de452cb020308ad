"""Three things to try in the search box of a demonstration, all about one company with a file."""

from __future__ import annotations

from typing import Final

from django.db import connection

from yuexin.base.regions import district_prefix
from yuexin.base.text import Text
from yuexin.domains.credit.files import Reader
from yuexin.domains.credit.statements import SHOWN
from yuexin.domains.credit.types import Example

TOLD: Final = f"""
SELECT s.code, s.name FROM (
    SELECT subject, event_date, record FROM public_row
    WHERE kind = ANY(%(kinds)s) AND {SHOWN} AND event_date IS NOT NULL
    ORDER BY event_date DESC, record LIMIT 500
) p JOIN subject s ON s.id = p.subject
WHERE NOT s.sole_trader AND NOT s.named_after_person AND length(s.name) > 8
    AND position('0' IN s.code) > 0
ORDER BY p.event_date DESC, p.record LIMIT 1
"""
FRAGMENT_SIZE: Final = 4
FRAGMENT_OF: Final = Text("名称里的几个字", "a few characters of a name")
WHOLE_CODE: Final = Text("统一社会信用代码", "a unified social credit code")
MISTYPED: Final = Text("把 0 打成字母 O 的代码", "the same code with a letter O for a zero")


def examples(*, reader: Reader) -> tuple[Example, ...]:
    """A fragment of a name, a code, and the code mistyped; nothing where nothing is shown."""
    kinds = [kind.id for kind in reader.declarations.kinds.values() if kind.strictest]
    with connection.cursor() as cursor:
        cursor.execute(TOLD, {"kinds": kinds, "today": reader.today})
        found = cursor.fetchone()
    if found is None:
        return ()
    code, name = found
    return (
        Example(query=_fragment(name), why=FRAGMENT_OF),
        Example(query=code, why=WHOLE_CODE),
        Example(query=code.replace("0", "O"), why=MISTYPED),
    )


def _fragment(name: str) -> str:
    """What distinguishes a company stands behind its place."""
    behind = name.removeprefix(district_prefix(name))
    return (behind if behind != name else name[2:])[:FRAGMENT_SIZE]
