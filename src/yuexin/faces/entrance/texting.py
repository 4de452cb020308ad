"""The one place from which a text goes to a telephone: into the spool of the data folder.

Whoever runs the gateway of the province takes it from there; each text is a file of its own.
"""

from __future__ import annotations

import datetime as dt
import json
import secrets
from pathlib import Path
from typing import Final

from yuexin.base.text import Text
from yuexin.home.folder import PRIVATE_MODE, Home, write_durably

CODE: Final = Text(
    "【粤信】验证码 {code}，用于{why}，十分钟内有效。工作人员不会向您索要。",
    "Yuexin: your code is {code}, to {why}. It is good for ten minutes; nobody will ask for it.",
)


def spool(home: Home) -> Path:
    """Where texts lie until they are sent."""
    return home.path / "spool" / "sms"


def send_code(
    *, home: Home, number: str, code: str, why: Text, language: str, now: dt.datetime
) -> None:
    """Text a code to a number, in the language of the page, with what it is for."""
    said = CODE.in_(language).format(code=code, why=why.in_(language))
    folder = spool(home)
    folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE_MODE)
    name = f"{now:%Y%m%dT%H%M%S%f}-{secrets.token_hex(4)}.json"
    content = json.dumps({"to": number, "text": said}, ensure_ascii=False)
    write_durably(file=folder / name, content=content.encode())
