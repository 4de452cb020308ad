"""The server's settings for the machine it starts on, as the text of `yuexin.conf`.

Written anew at every start; what an operator sets with ALTER SYSTEM is read later and wins.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from yuexin.base.text import Text
from yuexin.home.sockets import PORT

_MB = 1024 * 1024
_MOST_BUFFERS_MB = 4096
_ENOUGH_BUFFERS_MB = 512
_LEAST_BUFFERS_MB = 64
_MOST_TEMPORARY_MB = 256
_CONTROL_GROUPS = Path("/sys/fs/cgroup")
_OWN_GROUPS = Path("/proc/self/cgroup")
# Docker gives 64 MB, which a few parallel hash joins exceed.
_ENOUGH_SHARED_MEMORY_MB = 256

_ALWAYS = """\
listen_addresses = ''
port = {port}
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
cluster_name = 'yuexin'
max_connections = 100
shared_buffers = {shared_buffers_mb}MB
work_mem = 64MB
temp_buffers = {temp_buffers_mb}MB
maintenance_work_mem = {maintenance_mb}MB
dynamic_shared_memory_type = {dynamic_memory}
fsync = on
synchronous_commit = on
full_page_writes = on
max_wal_size = 4GB
checkpoint_timeout = 15min
wal_compression = {wal_compression}
default_toast_compression = {toast_compression}
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
logging_collector = off
log_destination = 'stderr'
"""


@dataclass(frozen=True)
class Machine:
    """What bounds the server's memory, in MB."""

    memory_mb: int
    shared_memory_mb: int

    @property
    def shared_buffers_mb(self) -> int:
        """An eighth of the machine, 4 GB at most. Linux takes them from plain memory."""
        return max(_LEAST_BUFFERS_MB, min(_MOST_BUFFERS_MB, self.memory_mb // 8))

    @property
    def temp_buffers_mb(self) -> int:
        """What one session may keep of its temporary tables: a fold reads its batch many times."""
        return min(_MOST_TEMPORARY_MB, self.shared_buffers_mb // 8)

    @property
    def has_shared_memory(self) -> bool:
        return self.shared_memory_mb >= _ENOUGH_SHARED_MEMORY_MB

    def notes(self) -> Iterator[Text]:
        """What an operator should know about a machine smaller than planned for."""
        if self.shared_buffers_mb < _ENOUGH_BUFFERS_MB:
            yield Text(
                zh=f"内存较小（{self.memory_mb} MB），数据库缓存设为 {self.shared_buffers_mb} MB。",
                en=f"Memory is small ({self.memory_mb} MB): "
                f"the database caches {self.shared_buffers_mb} MB.",
            )
        if not self.has_shared_memory:
            yield Text(
                zh=f"/dev/shm 较小（{self.shared_memory_mb} MB），并行查询改用文件，速度较慢。",
                en=f"/dev/shm is small ({self.shared_memory_mb} MB): "
                "parallel queries share files instead, and are slower.",
            )


def this_machine() -> Machine:
    """Measure the machine, or the container where one bounds the memory."""
    physical = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    memory = min(physical, _container_limit_bytes() or physical)
    return Machine(memory_mb=memory // _MB, shared_memory_mb=_shared_memory_bytes() // _MB)


def settings_text(*, machine: Machine, sockets: Path, has_lz4: bool) -> str:
    """The settings. The socket path must be plain: see `sockets.socket_directory`."""
    return _ALWAYS.format(
        port=PORT,
        sockets=sockets,
        shared_buffers_mb=machine.shared_buffers_mb,
        temp_buffers_mb=machine.temp_buffers_mb,
        maintenance_mb=min(_ENOUGH_BUFFERS_MB, machine.shared_buffers_mb),
        dynamic_memory="posix" if machine.has_shared_memory else "mmap",
        wal_compression="lz4" if has_lz4 else "on",
        toast_compression="lz4" if has_lz4 else "pglz",
    )


def _shared_memory_bytes() -> int:
    try:
        status = os.statvfs("/dev/shm")
    except OSError:
        return 0
    return status.f_frsize * status.f_blocks


def _container_limit_bytes() -> int | None:
    """The least memory that any control group above this process allows; none where none does."""
    limits = [limit for file in _limit_files() if (limit := _number(file)) is not None]
    return min(limits, default=None)


def _limit_files() -> Iterator[Path]:
    """Where the limits stand, if anywhere: of this process's groups, and of those they lie in."""
    # Within a container its own group may be the top, whatever its processes say of theirs.
    yield _CONTROL_GROUPS / "memory.max"
    yield _CONTROL_GROUPS / "memory" / "memory.limit_in_bytes"
    try:
        groups = _OWN_GROUPS.read_text().splitlines()
    except OSError:
        return
    for line in groups:
        _, controllers, path = line.split(":", 2)
        name = {"": "memory.max", "memory": "memory.limit_in_bytes"}.get(controllers)
        if name:
            top = _CONTROL_GROUPS / controllers
            own = top / path.lstrip("/")
            within = (folder for folder in (own, *own.parents) if folder.is_relative_to(top))
            yield from (folder / name for folder in within)


def _number(file: Path) -> int | None:
    try:
        return int(file.read_text())
    except (OSError, ValueError):
        # There is no such group, or it says "max".
        return None
