"""One element of an XML file, by a real parser that knows neither entities nor anything outside."""

from __future__ import annotations

from dataclasses import dataclass
from xml.parsers import expat

NIL = ("nil", "true")


@dataclass(frozen=True, kw_only=True)
class Parsed:
    """A row: its fields by local name, whether they are all there is to it, and its text."""

    tag: str
    keys: tuple[str, ...]
    fields: dict[str, object]
    tags: tuple[str, ...]
    attributes: tuple[str, ...]
    flat: bool
    said: str
    raw: str

    @property
    def name(self) -> str:
        return local(self.tag)


def local(name: str) -> str:
    """A name without the prefix of its namespace."""
    return name.rpartition(":")[2]


def _told(attributes: list[str]) -> list[tuple[str, str]]:
    """The attributes that say something: not those that declare a namespace."""
    pairs = zip(attributes[::2], attributes[1::2], strict=True)
    return [(key, value) for key, value in pairs if key.partition(":")[0] != "xmlns"]


class Element:
    """Fed piece by piece until its end tag."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate()
        self._parser.ordered_attributes = True
        self._parser.buffer_text = True
        if hasattr(self._parser, "SetReparseDeferralEnabled"):
            # A tag must be told as soon as it is fed, or the end of a row would be missed.
            self._parser.SetReparseDeferralEnabled(False)
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._depth = 0
        self._tag = ""
        self._keys: list[str] = []
        self._tags: list[str] = []
        self._attributes: list[str] = []
        self._fields: dict[str, object] = {}
        self._said: list[str] = []
        self._nil = False
        self._flat = True
        self.done = False

    def feed(self, piece: str) -> bool:
        """Take a piece that ends behind a tag; whether the text is well formed as yet."""
        try:
            self._parser.Parse(piece, False)
        except expat.ExpatError:
            return False
        return True

    def parsed(self, raw: str) -> Parsed:
        return Parsed(
            tag=self._tag,
            keys=tuple(self._keys),
            fields=self._fields,
            tags=tuple(self._tags),
            attributes=tuple(self._attributes),
            flat=self._flat and len(self._keys) == len(self._fields),
            said="".join(self._said),
            raw=raw,
        )

    def _start(self, name: str, attributes: list[str]) -> None:
        self._depth += 1
        if self._depth == 1:
            self._tag = name
            for key, value in _told(attributes):
                self._attributes.append(key)
                self._keep(key, value)
            return
        if self._said:
            self._flat = self._flat and not "".join(self._said).strip()
            self._said = []
        self._nil = False
        if attributes and (told := _told(attributes)):
            self._nil = [(local(key), value) for key, value in told] == [NIL]
            self._flat = self._flat and self._nil
        self._flat = self._flat and self._depth == 2

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._depth == 1:
            self._tags.append(name)
            self._keep(name, None if self._nil else "".join(self._said))
            self._said = []
        elif self._depth == 0:
            if self._keys and self._said:
                self._flat = self._flat and not "".join(self._said).strip()
            self.done = True

    def _text(self, data: str) -> None:
        self._said.append(data)

    def _keep(self, name: str, value: str | None) -> None:
        key = local(name)
        self._keys.append(key)
        self._fields[key] = value
