"""A browser without JavaScript: it keeps its cookies, follows links and submits forms."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

import httpx
from tests.stories.pages import Node, tree
from tests.stories.site import PATIENCE_SECONDS, Site

T = TypeVar("T")
Files = dict[str, tuple[str, bytes, str]]


class Visitor:
    """Somebody at a browser of his own."""

    def __init__(self, site: Site) -> None:
        self.client = httpx.Client(
            base_url=site.url, timeout=PATIENCE_SECONDS, trust_env=False, follow_redirects=True
        )
        self.at = ""

    def open(self, path: str, *, status: int = 200) -> Node:
        return self._read(self.client.get(path), status)

    def submit(self, form: Node, files: Files | None = None, /, **values: str) -> Node:
        """Send a form as it stands, with these values in the place of its own, and these files."""
        return self._read(self._sent(form, files, values), 200)

    def refused(self, form: Node, files: Files | None = None, /, **values: str) -> Node:
        """The page that says why what was sent does not go through."""
        return self._read(self._sent(form, files, values), 400)

    def taken(self, form: Node, **values: str) -> bytes:
        """The file that is given for a form."""
        answer = self._sent(form, None, values)
        assert answer.status_code == 200, answer.text[:2000]
        return answer.content

    def until(self, path: str, word: str) -> Node:
        """The page once it says this."""
        return self.awaited(path, lambda page: word in page.text, f"says {word}")

    def until_gone(self, path: str, word: str) -> Node:
        """The page once it does not say this any more."""
        return self.awaited(path, lambda page: word not in page.text, f"is without {word}")

    def awaited(self, path: str, holds: Callable[[Node], bool], what: str) -> Node:
        """The page once this holds of it."""
        return awaited(lambda: page if holds(page := self.open(path)) else None, f"{path} {what}")

    def _sent(self, form: Node, files: Files | None, values: dict[str, str]) -> httpx.Response:
        fields = {
            field.attributes["name"]: field.attributes.get("value", "")
            for field in form.all("input")
            if "name" in field.attributes and _is_sent(field)
        }
        fields |= {field.attributes["name"]: field.text for field in form.all("textarea")}
        fields |= dict(map(chosen, form.all("select")))
        return self.client.post(
            form.attributes.get("action") or self.at,
            data=fields | values,
            files=files,
            headers={"Referer": str(self.client.base_url)},
        )

    def _read(self, answer: httpx.Response, status: int) -> Node:
        where = answer.url.path
        assert answer.status_code == status, f"{where}: {answer.status_code} {answer.text[:2000]}"
        self.at = where
        return tree(answer.text)


def awaited(found: Callable[[], T | None], what: str) -> T:
    """What is found once there is something to find."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (one := found()) is None:
        assert time.monotonic() < deadline, f"never: {what}"
        time.sleep(0.05)
    return one


def link(page: Node, start: str) -> str:
    """The first link of a page that begins so."""
    return next(one for one in page.links if one.startswith(start))


def main_form(page: Node) -> Node:
    return page.one("main").all("form")[-1]


def form_asking(page: Node, name: str) -> Node:
    """The form of a page in which this is asked for."""
    return next(
        form
        for form in page.one("main").all("form")
        if any(
            one.attributes.get("name") == name for one in form.all("input", "select", "textarea")
        )
    )


def form_with(page: Node, value: str) -> Node:
    """The first form of a page of which a field or a button says this."""
    return next(
        form
        for form in page.one("main").all("form")
        if any(one.attributes.get("value") == value for one in form.all("input", "button"))
    )


def chosen(select: Node) -> tuple[str, str]:
    """What a browser sends of a list that nobody touched."""
    options = select.all("option")
    found = next((one for one in options if "selected" in one.attributes), options[0])
    return select.attributes["name"], found.attributes.get("value", found.text)


def required(form: Node) -> dict[str, str]:
    """The first answer to every question that must be answered by one of several."""
    asked = {one.attributes["for"] for one in form.all("label") if "（必填）" in one.text}
    return {
        select.attributes["name"]: next(filter(None, values))
        for select in form.all("select")
        if select.attributes["id"] in asked and not chosen(select)[1]
        for values in [[one.attributes.get("value", "") for one in select.all("option")]]
    }


def file_report(visitor: Visitor, page: Node) -> Node:
    """Go through the screens of a filing, answer what must be answered, and send it."""
    while "核对并报送" not in page.text:
        page = visitor.submit(main_form(page), onward="next", **required(main_form(page)))
    return visitor.submit(next(f for f in page.one("main").all("form") if "报送并公示" in f.text))


def take_step(visitor: Visitor, case: Node, step: str, **said: str) -> Node:
    """Take a step of the case that is open in the browser."""
    return visitor.submit(form_with(case, step), **said)


def _is_sent(field: Node) -> bool:
    """Whether a browser sends a field that nobody touched."""
    kind = field.attributes.get("type")
    return kind != "file" and (kind not in ("checkbox", "radio") or "checked" in field.attributes)
