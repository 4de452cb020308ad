"""What the embedded server's life cycle may refuse, and what an operator does about it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.home.folder import Home

_TAIL_LINES = 12
_TAIL_BYTES = 8192


def died(log: Path, written_before: int) -> Refusal:
    """The server ended while starting; shows what it wrote to its log."""
    lines = log_tail(log, written_before)
    return Refusal(
        code="database.died",
        what=Text(
            zh=f"内置数据库启动失败，日志末尾：{lines}",
            en=f"The embedded database ended while starting. The end of its log: {lines}",
        ),
        where=str(log),
        remedy=Text(
            zh="请按日志处理；磁盘空间不足和数据损坏最为常见。",
            en="Act on the log; a full disk and damaged files are the usual causes.",
        ),
    )


def not_answering(log: Path) -> Refusal:
    """The server lives but did not answer in time."""
    lines = log_tail(log, 0)
    return Refusal(
        code="database.not-answering",
        what=Text(
            zh=f"内置数据库在规定时间内没有应答，日志末尾：{lines}",
            en=f"The embedded database did not answer in time. The end of its log: {lines}",
        ),
        where=str(log),
        remedy=Text(
            zh="若日志表明正在恢复，请等待后重试；否则请运行 python -m yuexin.home stop。",
            en="If the log says that it is recovering, wait and try again; "
            "otherwise run python -m yuexin.home stop.",
        ),
    )


def orphans(home: Home, pids: Sequence[int]) -> Refusal:
    """Processes of a killed server still work on its files."""
    named = _named(pids)
    return Refusal(
        code="database.orphans",
        what=Text(
            zh=f"上次运行的数据库进程仍未退出（{named}），此时启动会损坏数据。",
            en=f"Processes of the last server have not ended ({named}); "
            "starting another would damage the data.",
        ),
        where=str(home.database),
        remedy=Text(
            zh="请等待其查询结束，或终止这些进程后重试。",
            en="Wait until their queries end, or terminate these processes, and try again.",
        ),
    )


def not_stopping(home: Home, pids: Sequence[int]) -> Refusal:
    """The server ignored both ways of stopping it."""
    named = _named(pids)
    return Refusal(
        code="database.not-stopping",
        what=Text(
            zh=f"内置数据库未能停止（{named}）。",
            en=f"The embedded database did not stop ({named}).",
        ),
        where=str(home.database),
        remedy=Text(
            zh="磁盘可能没有响应；请检查后终止这些进程，下次启动会自动恢复。",
            en="The disk may hang; check it and end these processes. The next start recovers.",
        ),
    )


def socket_lost(sockets: Path) -> Refusal:
    """The socket of a running, used server was deleted."""
    return Refusal(
        code="database.socket-lost",
        what=Text(
            zh="数据库正在为其他命令运行，但其套接字文件已被删除，无法再连接。",
            en="The database runs for other commands, but its socket was deleted: "
            "nobody can connect any more.",
        ),
        where=str(sockets),
        remedy=Text(
            zh="请结束其他 yuexin 命令后重试。",
            en="End the other yuexin commands and try again.",
        ),
    )


def busy(lock: Path) -> Refusal:
    """Another command has been starting or stopping the server for too long."""
    return Refusal(
        code="database.busy",
        what=Text(
            zh="另一个 yuexin 命令长时间占用数据库的启动锁。",
            en="Another yuexin command has been starting or stopping the database for too long.",
        ),
        where=str(lock),
        remedy=Text(zh="请结束该命令后重试。", en="End that command and try again."),
    )


def in_use(home: Home) -> Refusal:
    """An operator asked to stop a server that commands are using."""
    return Refusal(
        code="database.in-use",
        what=Text(
            zh="其他 yuexin 命令正在使用数据库。",
            en="Other yuexin commands are using the database.",
        ),
        where=str(home.database),
        remedy=Text(
            zh="请先结束它们；最后一个结束时数据库自行停止。",
            en="End them first; the database stops with the last one.",
        ),
    )


def log_tail(log: Path, written_before: int) -> str:
    """The last lines the server wrote after a point of its log, on one line."""
    try:
        with log.open("rb") as stream:
            size = stream.seek(0, 2)
            stream.seek(max(written_before, size - _TAIL_BYTES, 0))
            text = stream.read().decode("utf-8", "replace")
    except OSError as error:
        return error.strerror or str(error)
    return " / ".join(text.strip().splitlines()[-_TAIL_LINES:]) or "-"


def _named(pids: Sequence[int]) -> str:
    return ", ".join(map(str, pids)) or "?"
