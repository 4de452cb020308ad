"""The tables of this engine: the journal, accounts and grants, interface keys."""

from yuexin.engines.access.models.accounts import Account, Grant, GrantEnd, Identity, Phone
from yuexin.engines.access.models.delays import LookDelay
from yuexin.engines.access.models.journal import Entry, Seal
from yuexin.engines.access.models.keys import Key, KeyEnd, KeyUse
from yuexin.engines.access.models.texted import TextedCode

__all__ = [
    "Account", "Entry", "Grant", "GrantEnd", "Identity", "Key", "KeyEnd", "KeyUse", "LookDelay",
    "Phone", "Seal", "TextedCode",
]  # fmt: skip
