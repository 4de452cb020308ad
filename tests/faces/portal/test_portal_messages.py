"""The English catalogue is complete, and what Django reads is what was written."""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from django.utils.translation import ngettext, override
from tools import messages


def test_every_message_has_english() -> None:
    found = messages.problems(used=messages.messages(), english=messages.catalogue())
    assert list(found) == []


def test_missing_unused_and_differing_messages_are_found() -> None:
    english = Catalog(locale="en")
    english.add("旧", "old")
    english.add("共 %(n)s 条", "all")
    english.add("空", "")
    used = {"新": "a.html:1", "共 %(n)s 条": "a.html:2", "空": "a.html:3"}
    found = list(messages.problems(used=used, english=english))
    assert len(found) == 4
    assert found[0] == "a.html:1: no English for “新”"


def test_messages_are_found_in_templates_and_in_code(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    page = tmp_path / "templates" / "a.html"
    page.write_text('{% load i18n %}{% translate "一" %}{% mark _("二") %}', encoding="utf-8")
    (tmp_path / "faces").mkdir()
    (tmp_path / "faces" / "b.py").write_text('gettext("三")', encoding="utf-8")
    assert set(messages.messages(source=tmp_path)) == {"一", "二", "三"}


def test_one_is_one_in_english() -> None:
    with override("en"):
        for message, said in (("%(median)s / %(p95)s 天", "day"), ("%(events)s 项", "event")):
            assert ngettext(message, message, 1).endswith(said)
            assert ngettext(message, message, 2).endswith(f"{said}s")


def test_the_compiled_catalogue_is_the_written_one() -> None:
    written = io.BytesIO()
    write_mo(written, messages.catalogue())
    assert messages.ENGLISH.with_suffix(".mo").read_bytes() == written.getvalue()
