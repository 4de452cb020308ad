"""What an erasure left to do when it was killed: every command begins with it."""

from __future__ import annotations

from django.db import connection, transaction

from yuexin.engines.deliveries.operations import FOLD_LOCK, drop_replaced, drop_strays
from yuexin.engines.deliveries.queries import replaced_files
from yuexin.home.folder import Home


def finish(*, home: Home) -> int:
    """Do what an erasure still has to do since its commit, and undo one that never committed.

    Safe at any moment. Returns how many files were dropped.
    """
    dropped = 0
    if replaced_files(store=home.deliveries):
        # Loaded for this only: it takes longer than most commands, which find nothing here.
        from yuexin.engines.lake.operations import sweep_alone

        # The pool first: while an erased file is there, the next command knows of the rest.
        sweep_alone(lake=home.lake)
        dropped = drop_replaced(store=home.deliveries)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [FOLD_LOCK])
        if cursor.fetchone()[0]:
            dropped += drop_strays(store=home.deliveries)
    return dropped
