"""A page as a visitor reads it: its tree, its sections, its entries with their sources."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser

VOID = frozenset({"br", "input", "link", "meta", "hr", "img"})
APART = frozenset({"article", "dd", "div", "dt", "h1", "h2", "h3", "li", "p", "td", "th", "tr"})
SOURCE_ZH = re.compile(r"第 (\d+) 次交付第 (\d+) 行")


@dataclass(eq=False)
class Node:
    """An element with its attributes and what stands in it, in order."""

    tag: str = ""
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)

    def __iter__(self) -> Iterator[Node]:
        """Every element inside, from top to bottom."""
        for child in self.children:
            if isinstance(child, Node):
                yield child
                yield from child

    def all(self, *tags: str, cls: str = "") -> list[Node]:
        """The elements of these tags (or of any), that carry the class where one is given."""
        return [
            node
            for node in self
            if (not tags or node.tag in tags)
            and (not cls or cls in node.attributes.get("class", "").split())
        ]

    def one(self, *tags: str, cls: str = "") -> Node:
        (found,) = self.all(*tags, cls=cls)
        return found

    @property
    def text(self) -> str:
        return " ".join("".join(self._words()).split())

    def _words(self) -> Iterator[str]:
        yield " " if self.tag in APART else ""
        for child in self.children:
            if isinstance(child, Node):
                yield from child._words()
            else:
                yield child

    @property
    def links(self) -> list[str]:
        return [node.attributes["href"] for node in self.all("a")]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Node()]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().tag == tag, f"</{tag}> closes nothing that is open"

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def tree(html: str) -> Node:
    """The page as a tree; fails where its tags do not match."""
    reader = _Reader()
    reader.feed(html)
    assert len(reader.open) == 1, f"<{reader.open[-1].tag}> is never closed"
    return reader.open[0]


@dataclass(frozen=True)
class Entry:
    """One record of a file: what its article says."""

    node: Node

    @property
    def headline(self) -> str:
        return self.node.all("h1", "h3")[0].text

    @cached_property
    def facts(self) -> dict[str, str]:
        return facts(self.node)

    @property
    def source(self) -> str:
        return self.node.one("p", cls="source").text

    @property
    def place(self) -> tuple[int, int]:
        """Delivery and row, as the Chinese page names them."""
        found = SOURCE_ZH.search(self.source)
        assert found, self.source
        return int(found[1]), int(found[2])

    @property
    def address(self) -> str:
        """Its permanent address."""
        return self.node.one("p", cls="permanent").links[0]


def facts(node: Node) -> dict[str, str]:
    """What the definition lists of an element say."""
    return {
        pair.one("dt").text: pair.one("dd").text
        for listed in node.all("dl", cls="facts")
        for pair in listed.all("div")
    }


@dataclass(frozen=True)
class Section:
    """One section of a file."""

    node: Node

    @property
    def entries(self) -> list[Entry]:
        return [Entry(node) for node in self.node.all("article")]

    @property
    def state(self) -> str:
        """Which kind of empty it says it is; nothing where it holds entries."""
        for node in self.node.all("p", cls="empty"):
            names = node.attributes["class"].split()
            return next(name for name in names if name != "empty").removeprefix("empty-")
        return ""


def sections(page: Node) -> dict[str, Section]:
    """The sections of a file by their ids, in order."""
    place = page.one("div", cls="sections")
    return {node.attributes["id"]: Section(node) for node in place.all("section")}


def entries(page: Node) -> list[Entry]:
    """Every entry that a file shows in full."""
    return [entry for section in sections(page).values() for entry in section.entries]


@dataclass(frozen=True)
class Hit:
    """One line of a page of hits."""

    name: str
    code: str
    text: str


def hits(page: Node) -> list[Hit]:
    return [
        Hit(name=node.one("a", cls="hit-name").text, code=node.one("p", cls="code").text,
            text=node.text)
        for listed in page.all("ol", cls="hits")
        for node in listed.all("li")
    ]  # fmt: skip
