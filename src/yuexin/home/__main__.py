"""For operators: `python -m yuexin.home start | stop | status | psql`."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import asdict
from types import FrameType

from yuexin.base.errors import Refusal
from yuexin.base.text import Text
from yuexin.home import cluster
from yuexin.home.binaries import clean_environment, program
from yuexin.home.folder import Home


def main(arguments: list[str]) -> int:
    """Run one command; the exit code."""
    commands = {"start": _start, "stop": _stop, "status": _status, "psql": _psql}
    if not arguments or arguments[0] not in commands:
        _say(f"python -m yuexin.home {' | '.join(commands)}")
        return 2
    signal.signal(signal.SIGTERM, _leave)
    try:
        return commands[arguments[0]](Home.from_environment(), arguments[1:])
    except Refusal as refusal:
        _say(refusal.sentence("zh"))
        _say(refusal.sentence("en"))
        return 1
    except KeyboardInterrupt:
        return 130


def _start(home: Home, _: list[str]) -> int:
    """Keep the server running until Ctrl-C or SIGTERM."""
    with cluster.running(home, _tell) as url:
        sys.stdout.write(f"{url}\n")
        sys.stdout.flush()
        while True:
            signal.pause()


def _stop(home: Home, _: list[str]) -> int:
    cluster.stop(home)
    return 0


def _status(home: Home, _: list[str]) -> int:
    sys.stdout.write(json.dumps(asdict(cluster.status(home))) + "\n")
    return 0


def _psql(home: Home, arguments: list[str]) -> int:
    with cluster.running(home, _tell) as url:
        command = [str(program("psql")), url, *arguments]
        # psql handles Ctrl-C itself, by cancelling the query; it must not end us.
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)
        child = subprocess.Popen(command, env=clean_environment(), preexec_fn=_default_interrupt)
        code = child.wait()
        signal.signal(signal.SIGINT, before)
        return code


def _default_interrupt() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _leave(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def _tell(note: Text) -> None:
    _say(f"{note.zh} {note.en}")


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
