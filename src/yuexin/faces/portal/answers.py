"""The pages of what a visitor hands in: a list, a photo. As in `pages`, nothing is decided here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.text import Truncator

from yuexin.base.errors import Refusal, printable
from yuexin.base.text import Text
from yuexin.domains.credit.lists import Brief, Checked, MatchState
from yuexin.domains.credit.lookup import MOST_LINES
from yuexin.engines.declare.types import Tone
from yuexin.faces.portal.pages import rendered
from yuexin.faces.portal.picture import MOST_BYTES as MOST_PHOTO_BYTES
from yuexin.faces.shared.answered import STATES, meant, said_of
from yuexin.faces.shared.headers import NEVER_KEEP, PERMISSIONS
from yuexin.faces.shared.listing import MOST_BYTES, Listing, typed_again
from yuexin.faces.shared.typed import repeatable

# Of a list so many lines are answered on the page; a file holds them all.
SHOWN_LINES: Final = 200
# Of what a code says so much is repeated.
LONGEST_SAID: Final = 200
TONES: Final[dict[MatchState, Tone]] = {
    "matched": "good",
    "several": "warn",
    "none": "warn",
    "closed": "plain",
}


def batch(
    request: HttpRequest,
    *,
    given: Listing | None = None,
    checked: Sequence[Checked] = (),
    refusal: Refusal | None = None,
    status: int = 200,
) -> HttpResponse:
    """The form of a list; with what was `given` also the answers, of the first lines only."""
    found = Counter(one.match.state for one in checked)
    context: dict[str, object] = {
        "refusal": refusal,
        "given": given,
        "most": MOST_LINES,
        "shown_lines": SHOWN_LINES,
        "largest_mb": MOST_BYTES >> 20,
    }
    if given:
        context |= {
            "answers": _answers(given, checked),
            "counts": [(STATES[state], found[state]) for state in STATES if found[state]],
            "again": typed_again(given),
        }
    response = rendered(request, "batch", context, status=status)
    if given:
        response.headers["Cache-Control"] = NEVER_KEEP
    return response


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One line of a list as the page shows it."""

    number: int
    typed: str
    state: MatchState
    label: Text
    tone: Tone
    said: Text
    codes: tuple[str, ...]
    brief: Brief | None


def _answers(given: Listing, checked: Sequence[Checked]) -> list[Answer]:
    return [
        Answer(
            number=row.number,
            typed=repeatable(given.typed(row)),
            state=one.match.state,
            label=STATES[one.match.state],
            tone=TONES[one.match.state],
            said=said_of(one),
            codes=meant(one),
            brief=one.brief,
        )
        for row, one in zip(given.rows[:SHOWN_LINES], checked, strict=False)
    ]


def scan(
    request: HttpRequest,
    *,
    refusal: Refusal | None = None,
    texts: Sequence[str] = (),
    codes: Sequence[tuple[str, str | None]] = (),
    status: int = 200,
) -> HttpResponse:
    """The form of a photo; where it did not lead to one file, what its codes say, or hold.

    The one page with a script of ours, and a camera.
    """
    said = [Truncator(repeatable(printable(text))).chars(LONGEST_SAID) for text in texts]
    context = {
        "refusal": refusal,
        "texts": said,
        "codes": codes,
        "largest_mb": MOST_PHOTO_BYTES >> 20,
    }
    response = rendered(request, "scan", context, status=status)
    response.headers["Permissions-Policy"] = PERMISSIONS.replace("camera=()", "camera=(self)")
    if texts:
        response.headers["Cache-Control"] = NEVER_KEEP
    return response
