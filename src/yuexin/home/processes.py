"""Which server processes live in a data directory, as /proc tells. A process number proves nothing:
it may belong to a zombie, or to a stranger that got the number after a restart."""

from __future__ import annotations

import os
from pathlib import Path


def is_alive(pid: int) -> bool:
    """Whether a process runs; a zombie does not."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return False
    # The name in parentheses may hold spaces and parentheses of its own.
    return fields[fields.rindex(b")") + 2 :][:1] not in b"ZX"


def is_server(pid: int, *, data: Path) -> bool:
    """Whether a process is a postgres that works in this data directory."""
    try:
        name = Path(f"/proc/{pid}/comm").read_bytes().strip()
        return name == b"postgres" and os.path.samefile(f"/proc/{pid}/cwd", data)
    except OSError:
        return False


def servers(data: Path) -> list[int]:
    """Every postgres process of this data directory, the postmaster's orphans included."""
    numbers = (int(name) for name in os.listdir("/proc") if name.isdecimal())
    return sorted(pid for pid in numbers if is_server(pid, data=data))


def recorded_pid(data: Path) -> int | None:
    """What postmaster.pid says, true or not; None without a readable number."""
    try:
        first = (data / "postmaster.pid").read_text("utf-8", "replace").split("\n", 1)[0]
        return int(first)
    except (OSError, ValueError):
        return None


def postmaster(data: Path) -> int | None:
    """The living postmaster of this data directory."""
    pid = recorded_pid(data)
    return pid if pid is not None and pid > 0 and is_server(pid, data=data) else None
