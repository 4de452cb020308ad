"""What costs more to make than to keep: made once for a key, and forgotten when there is much."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Memo(Generic[K, V]):
    """At most `most` values by key, for as long as the process lives.

    A value must follow from its key alone: it never changes while it is remembered. Safe to use
    from several threads, of which two may make the same value at the same time.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: dict[K, tuple[V]] = {}

    def get(self, key: K, make: Callable[[], V]) -> V:
        """The value of `key`, made now if it is not there."""
        found = self._values.get(key)
        if found is None:
            found = (make(),)
            if len(self._values) >= self._most:
                self._values.clear()
            self._values[key] = found
        return found[0]
