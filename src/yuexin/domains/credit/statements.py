"""The conditions that every read of the public projection shares."""

from __future__ import annotations

# Whether a row of the public projection is shown on the day.
SHOWN = "shown_from <= %(today)s AND (shown_until IS NULL OR shown_until > %(today)s)"

# An event is there from its date on, also where its validity begins later; a state while it holds.
BEGUN = "coalesce(CASE WHEN kind = ANY({states}) THEN valid_from END, event_date, {on}) <= {on}"
