"""A page taken apart: its tags in order, and its text."""

from __future__ import annotations

from html.parser import HTMLParser

from django.http import HttpResponse

APART = frozenset({"dd", "div", "dt", "h1", "h2", "h3", "li", "option", "p", "td", "th", "tr"})
Tag = tuple[str, dict[str, str]]


class Markup(HTMLParser):
    """The tags with their attributes and the text of an answer."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[Tag] = []
        self.words: list[str] = []
        self.feed(response.content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self.words.append(" " if tag in APART else "")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    def all(self, *names: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.tags if tag in names]

    def headings(self) -> list[int]:
        return [int(tag[1]) for tag, _ in self.tags if tag in ("h1", "h2", "h3", "h4")]

    def links(self) -> list[str]:
        return [attributes["href"] for attributes in self.all("a")]
