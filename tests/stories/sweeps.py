"""Everything public, read as widely as anybody could. A later feature adds its own to `SWEEPS`."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from typing import Any, Final, NamedTuple
from urllib.parse import quote, unquote

import httpx
import polars as pl
from tests.sample.reading import Province
from tests.stories.pages import tree
from tests.stories.plants import Plant
from tests.stories.province import ago, registered
from tests.stories.report_texts import reports_of
from tests.stories.site import Site

from yuexin.base.codes import check_uscc, identify, mask_id_number
from yuexin.base.codes.checksums import id_check
from yuexin.base.codes.verdict import normalise_code
from yuexin.base.text import normalise_name
from yuexin.engines.declare.queries import current

# Before, between and after the deliveries; while what ended yesterday was still shown; yesterday.
PAST_DAYS: Final = (100, 50, 30, 10, 5, 3, 1)
ASKED: Final = "❧"
UNKNOWN_RECORD: Final = "00000000-0000-4000-8000-000000000000"


class Public(NamedTuple):
    """The site with all that was delivered to it and all that must not be found."""

    site: Site
    province: Province
    plants: list[Plant]

    @property
    def codes(self) -> list[str]:
        """The files beside which something was planted, as far as they exist."""
        found = {plant.code for plant in self.plants if plant.what.split()[0] != "operator"}
        known = {code for (code,) in self.site.console.rows("SELECT code FROM subject")}
        return sorted(found & known)


class Seen(NamedTuple):
    """Something that anybody can read, its headers included; `code` where it is one file's own."""

    place: str
    text: str
    code: str = ""


def files(public: Public) -> Iterator[Seen]:
    """The files and timelines beside which something was planted, in both languages."""
    for code in public.codes:
        for path in (f"/s/{code}", f"/s/{code}/timeline"):
            for language in ("zh", "en"):
                yield _read(public.site, path, code, accept_language=language)


def files_of_the_others(public: Public) -> Iterator[Seen]:
    """And of everybody else."""
    for subject in registered(public.province):
        if subject["code"] not in public.codes:
            yield _read(public.site, f"/s/{subject['code']}", subject["code"])


def past_files(public: Public) -> Iterator[Seen]:
    """The same on past days, when some of it was public."""
    for code in public.codes:
        for day in PAST_DAYS:
            for path in (f"/s/{code}", f"/s/{code}/timeline"):
                yield _read(public.site, path, code, on=ago(day))


def machine_files(public: Public) -> Iterator[Seen]:
    """The file of every subject for machines."""
    for (code,) in public.site.console.rows("SELECT code FROM subject"):
        yield _read(public.site, f"/s/{code}.json", code)


def interface(public: Public) -> Iterator[Seen]:
    """Whatever the interface tells without a key: every file, also on past days, and the rest."""
    for (code,) in public.site.console.rows("SELECT code FROM subject"):
        yield _read(public.site, f"/api/v1/subjects/{code}", code)
    for code in public.codes:
        for day in PAST_DAYS:
            yield _read(public.site, f"/api/v1/subjects/{code}", code, on=ago(day))
    for path in ("/api/", "/api/v1/openapi.json", "/api/v1/catalogue", "/api/v1/corrections"):
        yield _read(public.site, path)


def reports(public: Public) -> Iterator[Seen]:
    """All that goes into the report on paper of every subject, in both languages."""
    for line in reports_of(public.site.console):
        yield Seen(f"report in {line['language']}", line["text"], line["code"])


def records(public: Public) -> Iterator[Seen]:
    """The permanent address of every version of every record of these files, shown or not."""
    found = public.site.console.rows(
        "SELECT s.code, r.id FROM record r JOIN subject s ON s.id = r.subject "
        "WHERE s.code = ANY(%s)",
        public.codes,
    )
    for code, record in found:
        yield _read(public.site, f"/s/{code}/records/{record}", code)


def listings(public: Public) -> Iterator[Seen]:
    """Every page of every agency's publicity, and the pages of the platform itself."""
    site = public.site
    for path in (
        "/", "/about", "/agencies", "/robots.txt", "/search", "/today?late=1", "/held",
        "/integrity", "/batch", "/scan", "/verify",
        "/tour", "/sign-in", "/desk/", "/desk/subjects", "/account", "/account/file",
    ):  # fmt: skip
        yield _read(site, path)
    for page in count(1):
        seen = _read(site, "/sitemap.xml", page=page)
        yield seen
        if "<loc>" not in seen.text:
            break
    for path in ("/today", *_tabs(site)):
        for page in count(1):
            answer = site.answer(path, page=page)
            yield _seen(f"{path}?page={page}", answer)
            if 'rel="next"' not in answer.text:
                break
        yield _read(site, path, accept_language="en")


def lists(public: Public) -> Iterator[Seen]:
    """Every subject in lists of codes, answered on a page and as a file."""
    codes = [code for (code,) in public.site.console.rows("SELECT code FROM subject")]
    for form in ("page", "csv"):
        yield _seen(f"/batch as {form}", listed(public.site, codes, form=form))


def listed(site: Site, lines: Iterable[str], *, form: str = "csv") -> httpx.Response:
    """The answer to a list."""
    site.client.cookies.clear()
    return site.client.post("/batch", data={"lines": "\n".join(lines), "as": form})


def histories(public: Public) -> Iterator[Seen]:
    """What was announced of these firms, as a page and as a feed, and the form to follow them."""
    for code in public.codes:
        for path in (f"/s/{code}/history", f"/s/{code}/feed.atom", f"/s/{code}/follow"):
            yield _read(public.site, path, code)
        yield _read(public.site, f"/s/{code}/history", code, accept_language="en")


def announced(public: Public) -> Iterator[Seen]:
    """All announcements, under each heading to the last page, and what is published in numbers."""
    site = public.site
    overview = tree(site.answer("/announcements").text)
    headings = {link for link in overview.links if link.startswith("/announcements?")}
    for path in ("/announcements", *sorted(headings)):
        for page in count(1):
            join = "&" if "?" in path else "?"
            answer = site.answer(f"{path}{join}page={page}")
            yield _seen(f"{path} page {page}", answer)
            if 'rel="next"' not in answer.text:
                break
    for path in ("/announcements.atom", "/rates", "/rates.csv", "/filings", "/commitments",
                 "/draws/1", "/draws/1/population.txt"):  # fmt: skip
        yield _read(site, path)


def lists_of_the_law(public: Public) -> Iterator[Seen]:
    """Every list, who stands in it to the last page and as a table, and the measures."""
    site = public.site
    for path in ("/lists", "/measures"):
        yield _read(site, path)
        yield _read(site, path, accept_language="en")
    for regime in current().regimes:
        yield _read(site, f"/lists/{regime}.csv")
        for page in count(1):
            answer = site.answer(f"/lists/{regime}", page=page)
            yield _seen(f"/lists/{regime}?page={page}", answer)
            if 'rel="next"' not in answer.text:
                break


def tables(public: Public) -> Iterator[Seen]:
    """The public projection itself, and what the search can find."""
    for name, statement in (
        ("public_row", "SELECT s.code, to_jsonb(p)::text FROM public_row p "
                       "JOIN subject s ON s.id = p.subject WHERE p.shown_from <= now() "
                       "AND (p.shown_until IS NULL OR p.shown_until > (now() AT TIME ZONE "
                       "'Asia/Shanghai')::date)"),
        ("subject", "SELECT code, to_jsonb(s)::text FROM subject s"),
        ("subject_name", "SELECT '', (to_jsonb(n) - 'subject')::text FROM subject_name n "
                         "WHERE searchable"),
        ("verdict", "SELECT '', to_jsonb(v)::text FROM verdict v"),
    ):  # fmt: skip
        for code, text in public.site.console.rows(statement):
            yield Seen(name, text, code)


SWEEPS: Final[tuple[Callable[[Public], Iterator[Seen]], ...]] = (
    files, files_of_the_others, past_files, machine_files, interface, reports, records, listings,
    lists, histories, announced, lists_of_the_law,
    tables,
)  # fmt: skip


def standing_in(text: str, strings: list[str]) -> set[str]:
    """Which of these strings stand in a text; many are looked for at once."""
    found = pl.Series([text]).str.extract_many(strings, overlapping=True)
    return set(found.explode().drop_nulls().to_list())


# --- asking for it ---


def questions(text: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every address that takes what a visitor types. A later feature adds its own."""
    typed = quote(text, safe="")
    yield "/search", {"q": text}
    yield "/search", {"q": text, "page": 2}
    yield "/search", {"q": text, "lang": "en"}
    yield f"/s/{typed}", {}
    yield f"/s/{typed}.json", {}
    yield f"/s/{typed}/timeline", {}
    yield f"/s/{typed}/records/{UNKNOWN_RECORD}", {}
    yield f"/s/{typed}/report", {}
    yield "/verify", {"n": text, "c": text}
    yield "/suggest.json", {"q": text}
    yield "/search.csv", {"q": text}
    yield f"/s/{typed}/history", {}
    yield f"/s/{typed}/feed.atom", {}
    yield f"/s/{typed}/follow", {}
    yield "/lists/serious_dishonesty", {"city": text, "since": text}
    yield f"/lists/{typed}", {}
    yield "/announcements", {"kind": text, "city": text}
    yield "/rates", {"month": text}
    yield f"/follow/confirm/{typed}", {}
    yield f"/counter/calendar/{typed}.ics", {}
    yield "/widget/check", {"t": text}
    yield f"/agencies/{typed}", {}
    yield f"/agencies/environment/{typed}", {}
    yield "/agencies/environment/penalty", {"page": text}
    yield "/api/v1/subjects", {"q": text}
    yield f"/api/v1/subjects/{typed}", {}
    yield f"/api/v1/{typed}", {}
    yield f"/{typed}", {}


def answered(site: Site, text: str) -> dict[str, tuple[int, str]]:
    """What is answered to a text at every such address, the text itself taken out."""
    found = {}
    for number, (path, query) in enumerate(questions(text)):
        answer = site.answer(path, **query)
        said = _headers(answer) + _decoded(answer)
        found[f"{number} {path.replace(quote(text, safe=''), ASKED)}"] = (
            answer.status_code,
            _without(said, text),
        )
    return found


def answered_in_a_list(site: Site, texts: list[str]) -> list[str]:
    """What is answered to each of these texts in one list, the text itself taken out."""
    answer = listed(site, texts)
    assert answer.status_code == 200
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    found = {int(row[0]): "\n".join(row[1:-1]) for row in rows[1:]}
    return [_without(found[number], text) for number, text in enumerate(texts, start=1)]


def nonsense(text: str, taken: list[str]) -> str:
    """Another text that looks the same to every check, and that nobody delivered."""
    for number in range(1, 1000):
        other = _altered(text, number)
        known = any(other in one for one in taken)
        if not known and _complaints(other) == _complaints(text):
            return other
    raise AssertionError(f"nothing is like {text}: {_complaints(text)}")


def _altered(text: str, number: int) -> str:
    """The last digits replaced, of an identity number those of its order; else turned around."""
    if identify(text).scheme == "id_number":
        body = f"{text[:14]}{number:03}"
        return body + id_check(body)
    if not any(character.isdigit() for character in text):
        return text[number:] + text[:number]
    places = [place for place, character in enumerate(text) if character.isdigit()]
    changed = list(text)
    for place, digit in zip(reversed(places), f"{99_999_999 - number * 7}"[::-1], strict=False):
        changed[place] = digit
    return "".join(changed)


def _complaints(text: str) -> tuple[object, ...]:
    """What the checks say of a text: two texts that they take for the same get the same page."""
    verdicts = (check_uscc(text), identify(text))
    return tuple((v.scheme, v.valid, v.suggestion is None, *v.problems) for v in verdicts)


def _without(said: str, text: str) -> str:
    """An answer without the visitor's own text, in every form in which it is repeated."""
    forms = {text, normalise_code(text), normalise_name(text), mask_id_number(text)}
    for form in sorted((f for f in forms if f.strip("*")), key=len, reverse=True):
        for written in (quote(form), quote(form, safe=""), html.escape(form), form):
            said = said.replace(written, ASKED)
    return said


# --- reading ---


def _tabs(site: Site) -> list[str]:
    """Every kind of record that every agency publishes."""
    overview = tree(site.answer("/agencies").text)
    agencies = {link for link in overview.links if re.fullmatch("/agencies/[a-z_]+", link)}
    assert agencies
    return [
        tab
        for agency in sorted(agencies)
        for tab in tree(site.answer(agency).text).one("nav", cls="tabs").links
    ]


def _read(site: Site, path: str, code: str = "", **query: Any) -> Seen:
    return _seen(f"{path} {query or ''}", site.answer(path, **query), code)


def _seen(place: str, answer: httpx.Response, code: str = "") -> Seen:
    assert answer.status_code < 500, place
    return Seen(place, _headers(answer) + _decoded(answer), code)


def _headers(answer: httpx.Response) -> str:
    """The headers, without what tells the moment and the digest of what is read below."""
    told = [f"{k}: {v}" for k, v in answer.headers.items() if k not in ("date", "etag")]
    told = [re.sub("expires=[^;]*", "", line) for line in told]
    return unquote("\n".join(line for line in told if not line.startswith("content-length")))


def _decoded(answer: httpx.Response) -> str:
    """A body with everything that hides characters undone."""
    if "json" in answer.headers["Content-Type"]:
        return json.dumps(answer.json(), ensure_ascii=False)
    return unquote(html.unescape(answer.text))
