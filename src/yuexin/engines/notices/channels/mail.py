"""E-mail by Django's mail backend, or as the bytes that would have gone out."""

from __future__ import annotations

import datetime as dt
import smtplib
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection

from yuexin.base.text import Text
from yuexin.engines.notices.types import Message, Sent

SIGNED: Final = Text(
    "此邮件由系统自动发出，请勿直接回复。",
    "This message was sent automatically. Please do not reply.",
)
STOP: Final = Text("不想再收到：", "To stop these messages: ")
PERMANENT: Final = 500


class Mail:
    """Hands messages to the mail server that is set."""

    def send(self, *, message: Message, now: dt.datetime) -> Sent:
        """One message over a connection of its own. The same message bears the same Message-ID."""
        del now
        mail = composed(message)
        mail.connection = get_connection()
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            return _refused(code, said)
        except smtplib.SMTPAuthenticationError as error:
            return Sent(
                outcome="failed", error=f"the server refused our name: {error.smtp_code}", down=True
            )
        except smtplib.SMTPResponseException as error:
            return _refused(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            return Sent(outcome="failed", error=f"{type(error).__name__}: {error}", down=True)
        return Sent(outcome="sent", receipt=mail.extra_headers["Message-ID"])


def composed(message: Message) -> EmailMessage:
    """The mail, with headers that hold nothing of others but the title, which is one line."""
    parts = [message.body]
    if message.link:
        parts.append(message.link)
    foot = SIGNED.in_(message.language)
    if message.leave:
        foot = f"{foot}\n{STOP.in_(message.language)}{message.leave}"
    parts.append(f"--\n{foot}")
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    headers = {
        "Message-ID": f"<{message.id}@{host}>",
        "Auto-Submitted": "auto-generated",
        "Content-Language": message.language,
    }
    if message.leave:
        headers["List-Unsubscribe"] = f"<{message.leave}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return EmailMessage(
        subject=message.title,
        body="\n\n".join(parts) + "\n",
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.address],
        headers=headers,
    )


def _refused(code: int, said: bytes | str) -> Sent:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return Sent(outcome="failed", error=f"{code} {text}", final=code >= PERMANENT)
