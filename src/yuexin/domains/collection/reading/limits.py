"""What a reader takes at the most, and the column that numbers rows."""

from __future__ import annotations

ROW = "__row"
CHUNK_BYTES = 1 << 20
MAX_LINE_BYTES = 8 << 20
MAX_FIELD_CHARACTERS = 2_000_000
MAX_COLUMNS = 2_000
BATCH_BYTES = 64 << 20
BLOCK_BYTES = 900_000
# Rows from which the columns of a file of objects are learned, and what else may stand in it.
MAX_HEAD_BYTES = 16 << 20
