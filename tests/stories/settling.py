"""The town as it is before its stories begin, made by a process of its own in the home from which
it is served: secrets of a second factor are kept under a key of that home."""

from __future__ import annotations

import datetime as dt
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from yuexin.faces.console.session import present, session


def main() -> None:
    """Make all of it; print the secrets of the keys."""
    with session() as home, tempfile.TemporaryDirectory(dir=home.scratch) as scratch:
        from tests.intake import Intake
        from tests.stories.townsfolk import PAST

        from yuexin.engines.declare.queries import current

        intake = Intake(home=home, folder=Path(scratch), declarations=current(), now=present())
        for days, resource, rows in PAST:
            sender = "environment" if resource == "penalties_2018" else "market_regulation"
            moment = present() - dt.timedelta(days=days)
            found = intake(resource, rows, agency=sender, now=moment)
            assert found["rows_ok"] == len(rows), found
        _people()
        print(json.dumps(dict(_keys())))  # noqa: T201


def _people() -> None:
    from allauth.mfa.totp.internal.auth import TOTP
    from tests.faces.entrance import people
    from tests.stories.townsfolk import OFFICERS, OWNERS

    for login, (role, agency) in OFFICERS.items():
        account = people.account(login)
        people.grant(account, role=role, agency=agency)
        TOTP.activate(account, people.SECRET)
    for login, firm in OWNERS.items():
        people.grant(people.account(login), role="owner", agency="", subject_code=firm.uscc)


def _keys() -> Iterator[tuple[str, str]]:
    """Of the systems that deliver, and of those of bodies that keep copies of what they read."""
    from tests.engines.access.given import key
    from tests.stories.townsfolk import RATE, READERS, SYSTEMS

    now = present()
    terms = {"now": now, "expires_at": now + dt.timedelta(days=30), "rate_per_minute": RATE}
    for agency in SYSTEMS:
        yield agency, key(agency=agency, scopes=["deliver", "receipt"], **terms)[1]
    for reader, agency in READERS.items():
        may = {"role": "clerk", "purpose": "licensing", "scopes": ["read"]}
        yield reader, key(agency=agency, **may, **terms)[1]


if __name__ == "__main__":
    main()
