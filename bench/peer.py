"""The peer of the look-up: bare Starlette and asyncpg, the same statement, the same bytes."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
from psycopg.conninfo import conninfo_to_dict
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

STATEMENT = os.environ["BENCH_STATEMENT"]
NOBODY = os.environ["BENCH_NOBODY"]
JUDGED_BY = os.environ["BENCH_JUDGED_BY"]
pool: Any = None


@asynccontextmanager
async def opened(_: Starlette) -> AsyncIterator[None]:
    global pool
    given = conninfo_to_dict(os.environ["YUEXIN_DATABASE_URL"])
    pool = await asyncpg.create_pool(
        host=given["host"],
        port=given.get("port", 5432),
        user=given["user"],
        database=given["dbname"],
        min_size=8,
        max_size=8,
    )
    yield
    await pool.close()


async def look_up(request: Request) -> Response:
    today = dt.datetime.now(ZoneInfo("Asia/Shanghai")).date()
    code = request.path_params["code"]
    body = await pool.fetchval(STATEMENT, code, today, NOBODY, JUDGED_BY)
    if body is None:
        return Response(status_code=404)
    return Response(body, media_type="application/json")


app = Starlette(routes=[Route("/s/{code}.json", look_up)], lifespan=opened)
