"""What came with an agency's connection, and so stands outside every clock of the law."""

from __future__ import annotations

from typing import Final

# What an agency brings when it is connected is its stock, published long ago elsewhere: the clock
# runs for what comes after the first delivery of a resource, and what mends that one is of it.
# Asked when it is read, so that whoever counts a deadline leaves out the same. Of the delivery `d`.
NO_STOCK: Final = """
EXISTS (
    SELECT FROM delivery f JOIN receipt r ON r.delivery = f.number
    WHERE f.agency = d.agency AND f.resource = d.resource AND f.intent = 'report'
        AND r.state = 'folded'
        AND f.number < (
            WITH RECURSIVE back AS (
                SELECT d.number, d.linked_to_id
                UNION ALL
                SELECT l.number, l.linked_to_id
                FROM delivery l JOIN back ON l.number = back.linked_to_id
            )
            SELECT min(number) FROM back))
"""
