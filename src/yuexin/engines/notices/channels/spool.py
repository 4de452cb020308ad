"""Where no gateway is set, messages are files in the data folder, each written whole or not."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json

from yuexin.engines.notices.channels.mail import composed
from yuexin.engines.notices.types import Message, Sent
from yuexin.home.folder import PRIVATE_MODE, Home, write_durably


@dataclasses.dataclass(frozen=True, kw_only=True)
class Spool:
    """Writes `spool/<channel>/<id>`: the same message is the same file."""

    home: Home

    def send(self, *, message: Message, now: dt.datetime) -> Sent:
        """Write one message; e-mail as it would have gone out, else as JSON."""
        del now
        folder = self.home.spool / message.channel
        folder.mkdir(exist_ok=True, mode=PRIVATE_MODE)
        if message.channel == "email":
            name, content = f"{message.id}.eml", composed(message).message().as_bytes()
        else:
            fields = dataclasses.asdict(message) | {"id": str(message.id)}
            text = json.dumps(fields, ensure_ascii=False, indent=1)
            name, content = f"{message.id}.json", text.encode()
        write_durably(file=folder / name, content=content)
        return Sent(outcome="spooled", receipt=f"{message.channel}/{name}")
