"""The door for reads: the masks of what is released, each an expression over a column."""

from __future__ import annotations

from yuexin.engines.releases.masking import (
    AT_HOME,
    as_public,
    masked,
    without_id_numbers,
    without_mobiles,
)

__all__ = ["AT_HOME", "as_public", "masked", "without_id_numbers", "without_mobiles"]
