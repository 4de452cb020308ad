"""A small closed-loop load: keep-alive connections, each asking as soon as it is answered."""

from __future__ import annotations

import asyncio
import random
import statistics
import sys
import time

PATIENCE_SECONDS = 10


async def _ask(port: int, paths: list[str], until: float, seen: list[float], client: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    chosen = random.Random(client)
    while time.perf_counter() < until:
        path = chosen.choice(paths)
        begun = time.perf_counter()
        writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), timeout=PATIENCE_SECONDS)
        if not head.startswith(b"HTTP/1.1 200"):
            raise SystemExit(f"{path}: {head[:200]!r}")
        length = next(
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        )
        await reader.readexactly(length)
        seen.append(time.perf_counter() - begun)
    writer.close()


async def _run(port: int, paths: list[str], seconds: float, clients: int) -> tuple[float, float]:
    seen: list[float] = []
    until = time.perf_counter() + seconds
    await asyncio.gather(*(_ask(port, paths, until, seen, client) for client in range(clients)))
    return len(seen) / seconds, statistics.quantiles(seen, n=100)[94]


def load(*, port: int, paths: list[str], seconds: float, clients: int) -> tuple[float, float]:
    """Requests answered per second, and the 95th percentile of their seconds."""
    return asyncio.run(_run(port, paths, seconds, clients))


if __name__ == "__main__":
    port, seconds, clients, *paths = sys.argv[1:]
    print(*load(port=int(port), paths=paths, seconds=float(seconds), clients=int(clients)))
