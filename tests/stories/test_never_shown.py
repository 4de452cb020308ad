"""What must never be shown is planted, and then looked for in everything that is public."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator

import pytest
from tests.sample.reading import Province
from tests.stories import sweeps
from tests.stories.pages import hits
from tests.stories.plants import PLANTS, Plant, plants
from tests.stories.province import TODAY
from tests.stories.site import Site
from tests.stories.sweeps import SWEEPS, Public, Seen


@pytest.fixture(scope="module")
def public(site: Site, province: Province) -> Public:
    return Public(site, province, plants(province))


def named(function: Callable[..., object]) -> str:
    return function.__name__


@pytest.mark.parametrize("function", PLANTS, ids=named)
def test_there_is_something_to_look_for(
    province: Province, function: Callable[[Province], Iterator[Plant]]
) -> None:
    found = list(function(province))
    assert found
    assert all(len(string) > 1 for plant in found for string in plant.strings)


@pytest.mark.parametrize("sweep", SWEEPS, ids=named)
def test_nothing_planted_is_shown(
    public: Public, sweep: Callable[[Public], Iterator[Seen]]
) -> None:
    # Each string once, with the files on whose own pages it may stand.
    searched: dict[str, dict[frozenset[str], str]] = defaultdict(dict)
    for plant in public.plants:
        for string in plant.strings:
            searched[string][plant.own] = plant.what
    found = {
        f"{what} at {seen.place}"
        for seen in sweep(public)
        for string in sweeps.standing_in(seen.text, list(searched))
        for own, what in searched[string].items()
        if seen.code not in own
    }
    assert found == set()


def test_asking_for_it_is_answered_as_asking_for_nothing(public: Public) -> None:
    """No page says more about a planted text than about nonsense of the same shape."""
    known = [name for (name,) in public.site.console.rows("SELECT name FROM subject_name")]
    taken = known + [string for plant in public.plants for string in plant.strings]
    for text in _asked(public):
        if not any(text in name for name in known):
            other = sweeps.nonsense(text, taken)
            assert sweeps.answered(public.site, text) == sweeps.answered(public.site, other), text


def test_a_persons_name_finds_only_what_bears_it(public: Public) -> None:
    for text in _names(public):
        found = hits(public.site.page("/search", q=text))
        assert all(text in hit.text.replace("匹配：", "") for hit in found), text


def test_a_number_that_was_typed_is_not_kept_in_the_log(public: Public) -> None:
    """Visitors paste what they have: the operator's log is no place for a person's number."""
    number = next(s for plant in public.plants for s in plant.strings
                  if plant.what.startswith("identity number"))  # fmt: skip
    for path in (f"/s/{number}", f"/s/{number}.json", f"/search?q={number}", f"/{number}"):
        public.site.answer(path)
    assert number not in public.site.log.read_text("utf-8")


# --- and what must be shown, is ---


def test_every_row_that_must_be_public_is_public(public: Public) -> None:
    site, numbers = public.site, _delivery_of(public.site)
    missing = []
    for subject in public.province.subjects:
        code = subject["code"]
        wanted = {(numbers[row["file"]], int(row["row"])) for row in public.province.rows
                  if row["code"] == code and row["public"] == "yes"}  # fmt: skip
        if wanted:
            shown = {(one["delivery"], one["row"]) for one in site.document(code)["records"]}
            missing += [(code, place) for place in wanted - shown]
    assert missing == []


def test_a_row_that_must_not_be_public_is_not(public: Public) -> None:
    numbers = _delivery_of(public.site)
    hidden = {(numbers[row["file"]], int(row["row"])) for row in public.province.rows
              if row["public"] == "no"}  # fmt: skip
    shown = set(public.site.console.rows(
        "SELECT delivery, row FROM public_row WHERE shown_from <= %(today)s "
        "AND (shown_until IS NULL OR shown_until > %(today)s)", today=TODAY,
    ))  # fmt: skip
    assert hidden & shown == set()


@pytest.mark.parametrize(
    "sweep",
    [sweeps.files, sweeps.machine_files, sweeps.reports, sweeps.listings, sweeps.tables],
    ids=named,
)
def test_the_same_look_finds_what_is_public(
    public: Public, sweep: Callable[[Public], Iterator[Seen]]
) -> None:
    (row, *_) = [r for r in public.province.rows if r["part"] == "ends_tomorrow"]
    number = public.province.delivered(row)["CF_WSH"]
    wide = public._replace(plants=[Plant("public", row["code"], (number,))])
    assert any(sweeps.standing_in(seen.text, [number]) for seen in sweep(wide))


def _asked(public: Public) -> list[str]:
    """What to ask for: everything, but of what all have only one."""
    many = ("operator", "identity", "phone")
    kinds = {plant.what.split()[0]: plant for plant in public.plants}
    chosen = [plant for plant in public.plants if plant.what.split()[0] not in many]
    chosen += [kinds[kind] for kind in many]
    return sorted({string for plant in chosen for string in plant.strings})


def _names(public: Public) -> list[str]:
    """The names of all natural persons, and of a few operators."""
    people = [p.strings[0] for p in public.plants if p.what.startswith("natural person")]
    operators = [p.strings[0] for p in public.plants if p.what.startswith("operator")]
    return [*people, *operators[:20]]


def _delivery_of(site: Site) -> dict[str, int]:
    found = site.console.rows("SELECT 'deliveries/' || file_name, number FROM delivery")
    return dict(found)
