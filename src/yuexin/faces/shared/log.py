"""What the operator's log may hold: visitors paste persons' numbers, and addresses carry them."""

from __future__ import annotations

import logging


class WithoutAddress(logging.Filter):
    """Tell of a failed request by the view that failed, never by the address it was asked by."""

    def filter(self, record: logging.LogRecord) -> bool:
        request = getattr(record, "request", None)
        if request is not None:
            match = getattr(request, "resolver_match", None)
            record.msg = "%s failed at %s"
            record.args = (request.method, match.view_name if match else "no view")
        return True
