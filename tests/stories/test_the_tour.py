"""The first five minutes: from the front page along the tour, by real pages and forms."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from tests.stories.pages import Node, tree
from tests.stories.site import PATIENCE_SECONDS, Site, own_console, serving

from yuexin.engines.declare.queries import current

SUBJECTS = 400
DIGITS = re.compile(r"\d+")


class Visitor:
    """A browser without JavaScript: it keeps its cookies, follows links and submits forms."""

    def __init__(self, site: Site) -> None:
        self.client = httpx.Client(
            base_url=site.url, timeout=PATIENCE_SECONDS, trust_env=False, follow_redirects=True
        )
        self.at = ""

    def open(self, path: str) -> Node:
        answer = self.client.get(path)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        self.at = answer.url.path
        return tree(answer.text)

    def submit(self, form: Node, **values: str) -> Node:
        """Send a form as it stands, with these values in the place of its own."""
        fields = {
            field.attributes["name"]: field.attributes.get("value", "")
            for field in form.all("input")
            if "name" in field.attributes
        }
        fields |= {field.attributes["name"]: field.text for field in form.all("textarea")}
        action = form.attributes.get("action") or self.at
        answer = self.client.post(
            action, data=fields | values, headers={"Referer": str(self.client.base_url)}
        )
        assert answer.status_code == 200, f"{action}: {answer.status_code} {answer.text[:2000]}"
        self.at = answer.url.path
        return tree(answer.text)

    def until(self, path: str, word: str) -> Node:
        """The page once it says this."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while word not in (page := self.open(path)).text:
            assert time.monotonic() < deadline, f"{path} never says {word}: {page.text}"
            time.sleep(0.05)
        return page


@pytest.fixture(scope="module")
def demonstration() -> Iterator[Site]:
    """What `make run` makes: a small province, the cast, the server and its worker."""
    with own_console() as console:
        sample: Path = console.home / "sample"
        console("sample", "--subjects", SUBJECTS, "--out", sample)
        console("deliver", sample)
        console("account", "cast")
        with serving(console, workers=1, work=True) as site:
            yield site


@pytest.fixture
def visitor(demonstration: Site) -> Visitor:
    return Visitor(demonstration)


def link(page: Node, start: str) -> str:
    """The first link of a page that begins so."""
    return next(one for one in page.links if one.startswith(start))


def test_the_front_page_says_what_it_is_and_every_number_opens_its_rows(visitor: Visitor) -> None:
    front = visitor.open("/")
    assert "全是虚构的" in front.text
    live = front.one("dl", cls="live")
    for address in live.links:
        assert visitor.open(address).one("h1").text
    published, late = DIGITS.findall(live.text)[:2]
    assert f"首次公开 {published} 条，其中 {late} 条逾期" in visitor.open("/today").text


def test_each_example_leads_to_the_same_company(visitor: Visitor) -> None:
    fragment, code, mistyped = visitor.open("/").one("ul", cls="examples").links
    wanted = code.partition("q=")[2]
    assert f"/s/{wanted}" in visitor.open(fragment).links
    assert f"/s/{wanted}" in visitor.open(code).links
    corrected = visitor.open(mistyped)
    assert wanted in corrected.text
    assert any(wanted in one for one in corrected.links)


def test_the_tour_goes_from_a_late_penalty_to_a_mended_row_that_is_public(
    visitor: Visitor,
) -> None:
    tour = visitor.open("/tour")
    assert visitor.open(link(tour, "/today?")).one("h1")
    record = visitor.open(link(tour, "/s/"))
    assert "来源" in record.text
    assert "逾期公开" in record.text
    one_click = next(f for f in tour.all("form") if "demonstration" in f.attributes["action"])
    tour = visitor.submit(one_click)
    raw = visitor.open(link(tour, "/desk/deliveries/"))
    assert "存档文件里的原样" in raw.text
    receipt = visitor.open(link(raw, "/desk/deliveries/"))
    assert "链值" in receipt.text or "摘要" in receipt.text
    rejected = visitor.open(link(tour, "/desk/quarantine/"))
    assert "退回" in rejected.text
    shown = mended(visitor, tour)
    assert visitor.open(link(shown, "/s/")).one("h1")


def mended(visitor: Visitor, tour: Node) -> Node:
    """The row's page once what was mended is public."""
    address = next(one for one in tour.links if one.endswith("/mend"))
    number = int(address.split("/")[3])
    delivered = visitor.open(f"/desk/deliveries/{number}").text
    page = visitor.open(address)
    form = next(f for f in page.all("form") if f.attributes.get("class") == "form")
    kept = visitor.submit(form, **sound_values(form, delivered))
    new = max(int(found) for found in re.findall(r"/desk/deliveries/(\d+)", " ".join(kept.links)))
    assert new > number
    return visitor.until(f"/desk/deliveries/{new}/rows/1", "看公开的记录")


def sound_values(form: Node, delivered: str) -> dict[str, str]:
    """What an officer would type into the faulty fields: values like those of a sound example."""
    resource = next(r for r in current().resources.values() if r.zh in delivered)
    sound = resource.examples[0].row
    faulty = [p for p in form.all("p") if "faulty" in p.attributes.get("class", "")]
    headers = [
        field.attributes["name"].removeprefix("c.")
        for paragraph in faulty
        for field in (*paragraph.all("input"), *paragraph.all("textarea"))
    ]
    assert headers
    return {f"c.{header}": sound.get(header, "") for header in headers}


def test_nothing_was_tampered_with_and_a_rebuild_gives_the_same(visitor: Visitor) -> None:
    tour = visitor.open("/tour")
    one_click = next(f for f in tour.all("form") if "demonstration" in f.attributes["action"])
    visitor.submit(one_click)
    page = visitor.open("/integrity")
    visitor.submit(next(f for f in page.all("form") if "/integrity/" in f.attributes["action"]))
    done = visitor.until("/integrity", "与现状一致")
    assert "完好" in done.text


def test_outside_the_demonstration_there_is_no_tour(office: Site) -> None:
    assert office.answer("/tour").status_code == 404
    assert "虚构" not in office.page("/").text
