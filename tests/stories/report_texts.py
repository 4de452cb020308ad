"""What is typeset in the report of every subject, read in a process of its own: a visitor may not
ask for so many, and the text of a PDF is packed."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from tests.stories.site import Console

from yuexin.faces.console.session import session


def reports_of(console: Console) -> Iterator[dict[str, Any]]:
    """Code, language and text of every report there could be."""
    ran = subprocess.run(
        [sys.executable, "-m", "tests.stories.report_texts"],
        capture_output=True,
        check=True,
        env=console.environment,
        timeout=600,
    )
    yield from map(json.loads, ran.stdout.splitlines())


def main() -> None:
    with session(migrate=False):
        from yuexin.domains.credit.operations import NO_NOTICE
        from yuexin.domains.credit.paper import content_of
        from yuexin.domains.credit.queries import credit_file, remedies
        from yuexin.domains.subjects.models import Subject
        from yuexin.engines.access.types import PUBLIC
        from yuexin.engines.papers.types import Draft, Language

        now = dt.datetime.now(dt.UTC)
        draft = Draft(number="YX20261124-00000000", code="0000-0000-0000")
        languages: tuple[Language, ...] = ("zh", "en")
        for code in Subject.objects.order_by("code").values_list("code", flat=True):
            file = credit_file(actor=PUBLIC, code=code, on=None, now=now)
            assert file is not None
            for language in languages:
                said = content_of(
                    file, draft=draft, address="http://localhost/verify", language=language,
                    remedies=remedies(now=now), notice=NO_NOTICE, now=now,
                )  # fmt: skip
                text = json.dumps(said, ensure_ascii=False)
                print(json.dumps({"code": code, "language": language, "text": text}))  # noqa: T201


if __name__ == "__main__":
    main()
