"""Whether a report is genuine, and whether what it says still holds.

The answer never tells what has changed: what has left publicity must not be published again.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final, Literal

from yuexin.base.text import Text
from yuexin.domains.credit.handling.queries import proves, read_number
from yuexin.domains.credit.paper import facts_of
from yuexin.domains.credit.queries import credit_file, names
from yuexin.domains.subjects.corrections import wrong_at
from yuexin.engines.access.types import PUBLIC
from yuexin.engines.declare.queries import current
from yuexin.engines.papers import queries as papers
from yuexin.engines.papers.operations import facts_digest
from yuexin.engines.papers.types import Evidence, Paper

Outcome = Literal["same", "outdated", "proof", "no_such", "changed", "elsewhere", "foreign"]

CORRECTED: Final = Text(
    "签发时，档案里有不是该主体的条目，后已移出：不要采信这一份，转给别人的请告知对方。",
    "When it was issued the file held entries that are not this entity's; they were removed. Do "
    "not rely on it, and tell whomever you handed it to.",
)
SAID: Final[dict[Outcome, tuple[Text, Text]]] = {
    "same": (
        Text("报告是真的，所载的公开事实没有变化", "Genuine, and the facts are still the same"),
        Text(
            "可以使用。手里是纸质件的，请与网上的档案核对，看印出的内容是否一致。",
            "It can be used. Compare a print with the file on this site: only the number and code "
            "of a print can be verified, not its words.",
        ),
    ),
    "outdated": (
        Text("报告是真的，但此后事实已有变化", "Genuine, but the facts have changed since"),
        Text(
            "请不要再用这一份，到档案页重新获取。",
            "Do not use it any more; get a new report from the file.",
        ),
    ),
    "proof": (
        Text("这份核查文书是真的", "This paper of a check is genuine"),
        Text(
            "它由本平台签发，所依据的核查留存至今、没有改动。内容只有核查的部门看得到，这里不显示。",
            "This platform issued it, and the check it rests on stands as it was kept. What it "
            "says is for the body that asked, and is not shown here.",
        ),
    ),
    "no_such": (
        Text("没有编号和校验码都相符的报告", "No report has this number and this check code"),
        Text(
            "请对照报告逐位核对，两项都要填；校验码里没有字母 I、L、O、U。"
            "仍不相符的，请索取 PDF 文件再验证，不要采信这份报告。",
            "Compare both with the report, character by character; check codes hold no I, L, O or "
            "U. If they still do not match, ask for the PDF file and verify that; do not rely on "
            "the report.",
        ),
    ),
    "changed": (
        Text("这个文件在签发之后被改动过", "This file was changed after it was issued"),
        Text(
            "请不要采信。向出示的人索取下载时的原始文件，或到档案页重新获取报告。",
            "Do not rely on it. Ask for the file as it was downloaded, or get a new report from "
            "the file page.",
        ),
    ),
    "elsewhere": (
        Text(
            "文件的签名完好，但本平台没有签发过这份报告",
            "The signature is whole, but this platform issued no such report",
        ),
        Text(
            "它可能出自另一处安装的平台：请到报告上印的验证地址验证；确认不了的，不要采信。",
            "Another installation may have issued it: verify it at the address printed on it, and "
            "do not rely on it where that cannot be done.",
        ),
    ),
    "foreign": (
        Text("这不是本平台签发的报告文件", "This is no report file of this platform"),
        Text(
            "请上传下载时的原始 PDF 文件；扫描、截图、另存或打印成 PDF 的都无法验证。"
            "没有原始文件的，请输入报告上的编号和校验码。",
            "Upload the PDF as it was downloaded; scans, screenshots and files saved or printed "
            "anew cannot be verified. Without it, type the number and check code.",
        ),
    ),
}

OF_A_CHECK: Final = "check/"
"""What papers of checks at the point of handling are about."""
NOT_GENUINE: Final[dict[Evidence, Outcome]] = {
    "changed": "changed",
    "elsewhere": "elsewhere",
    "foreign": "foreign",
}


@dataclass(frozen=True, kw_only=True)
class Checked:
    """What was found, in a sentence, and what to do. Of a genuine report also its number, whom it
    is about and when it was issued; `name` is '' where it is a person's own, as in `Hit`.
    `correction` where the file held then what was not its own."""

    outcome: Outcome
    said: Text
    todo: Text
    number: str = ""
    code: str = ""
    name: str = ""
    issued_at: dt.datetime | None = None
    correction: Text | None = None

    @property
    def tone(self) -> Literal["good", "warn", "bad"]:
        if self.outcome in ("same", "proof"):
            return "good"
        return "warn" if self.outcome == "outdated" else "bad"


def check_number(*, number: str, code: str, now: dt.datetime) -> Checked:
    """What a report's number and check code say, as somebody typed them."""
    paper = papers.find(number=number, code=code)
    if paper is None and (made_at := proves(number=number, digest=code)):
        return _proof(read_number(number), made_at)
    return _of(paper, now) if paper else _nothing("no_such")


def check_file(*, data: bytes, now: dt.datetime) -> Checked:
    """What a file is. Whatever it holds, nothing of it is opened or fetched."""
    found = papers.examine(data=data)
    if found.paper is None:
        return _nothing(NOT_GENUINE[found.evidence])
    return _of(found.paper, now)


def _proof(number: str, at: dt.datetime) -> Checked:
    said, todo = SAID["proof"]
    return Checked(outcome="proof", said=said, todo=todo, number=number, issued_at=at)


def _of(paper: Paper, now: dt.datetime) -> Checked:
    if paper.about.startswith(OF_A_CHECK):
        return _proof(paper.number, paper.issued_at)
    file = credit_file(actor=PUBLIC, code=paper.about, on=None, now=now)
    same = file is not None and facts_digest(facts_of(file)) == paper.facts_sha256
    outcome: Outcome = "same" if same else "outdated"
    said, todo = SAID[outcome]
    wrong = not same and wrong_at(declarations=current(), code=paper.about, at=paper.issued_at)
    return Checked(
        outcome=outcome,
        said=said,
        todo=todo,
        correction=CORRECTED if wrong else None,
        number=paper.number,
        code=paper.about,
        name=names(actor=PUBLIC, codes=[paper.about]).get(paper.about, ""),
        issued_at=paper.issued_at,
    )


def _nothing(outcome: Outcome) -> Checked:
    said, todo = SAID[outcome]
    return Checked(outcome=outcome, said=said, todo=todo)
