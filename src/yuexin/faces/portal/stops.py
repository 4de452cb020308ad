"""The stops of the tour, declared: what each shows, where it leads, and as whom one goes there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

from django.urls import reverse
from django.utils.http import urlencode

from yuexin.base.text import Text
from yuexin.domains.credit.types import Tour

CHIEF: Final = "demo.chief"
OWNER: Final = "demo.owner"
HANDLER: Final = "demo.handler"
SIGNER: Final = "demo.signer"
UNSAID: Final = Text("", "")


@dataclass(frozen=True, kw_only=True)
class Found:
    """What the tour leads through, the delivery by which its rejected row became a record, and the
    code of the firm of the cast's owner, '' where there is none."""

    tour: Tour
    mended: int | None
    firm: str = ""


class Lead(NamedTuple):
    """Where a stop is, '' while there is no such page, what it is about here, what is still to be
    done there, what its link says where it says something else, and the address of what else is to
    be seen there, with what that link says."""

    address: str
    about: Text
    undone: Text = UNSAID
    act: Text = UNSAID
    beside: str = ""
    beside_act: Text = UNSAID


@dataclass(frozen=True, kw_only=True)
class Stop:
    """One stop: its title, the view it leads to, what to look at there, and what the link says.

    `by` is the login of the one of the cast who goes there, '' where everybody may; `doing` where
    something is to be done there first; `chapter` where a new part of the tour begins.
    """

    title: Text
    view: str
    look: Text
    act: Text
    lead: Callable[[Found], Lead]
    by: str = ""
    doing: bool = False
    chapter: Text = UNSAID


NO_OWNER: Final = Lead("", Text("示例账号里没有企业负责人", "There is no owner among the accounts"))
LAW_TRIED: Final = "process-penalty_repair-penalty_publicity"


def _late(found: Found) -> Lead:
    asked = {"agency": found.tour.agency, "late": "1", "on": found.tour.on.isoformat()}
    query = urlencode(asked)
    return Lead(f"{reverse('portal:today')}?{query}#rows", found.tour.label)


def _penalty(found: Found) -> Lead:
    code, name = found.tour.code, found.tour.name
    address = reverse("portal:record", kwargs={"code": code, "record": found.tour.record})
    return Lead(address, Text(f"{name}（虚构）", f"{name} (invented)"))


def _raw(found: Found) -> Lead:
    return _stored(found.tour.delivery, found.tour.row)


def _rejected(found: Found) -> Lead:
    return _beside("desk:quarantined", found)


def _mending(found: Found) -> Lead:
    lead = _beside("desk:mend", found)
    if not lead.address:
        return lead
    if found.mended:
        return lead._replace(
            about=Text("这一行已经更正过了", "This row was mended already"),
            act=Text("看它怎样更正的", "See how it was mended"),
        )
    return lead._replace(undone=Text("还没有更正", "Not mended yet"))


def _public(found: Found) -> Lead:
    if found.mended is None:
        return Lead(
            "", Text("上一站更正之后，这里有链接", "The link is here once the row is mended")
        )
    return _stored(found.mended, 1)


def _whole(found: Found) -> Lead:
    del found
    return Lead(reverse("portal:integrity"), Text("", ""))


def _filings(found: Found) -> Lead:
    return _of_firm("counter:filings", found)


def _my_credit(found: Found) -> Lead:
    return _of_firm("counter:credit", found)


def _cases(found: Found) -> Lead:
    return _of_firm("desk:cases", found)


def _of_firm(view: str, found: Found) -> Lead:
    return Lead(reverse(view), UNSAID) if found.firm else NO_OWNER


def _gone(found: Found) -> Lead:
    if not found.firm:
        return NO_OWNER
    address = reverse("portal:file", kwargs={"code": found.firm})
    answer = reverse("gateway:subject", kwargs={"code": found.firm})
    return Lead(
        address,
        UNSAID,
        beside=answer,
        beside_act=Text("看接口的回答（JSON）", "See the interface's answer (JSON)"),
    )


def _trials(found: Found) -> Lead:
    del found
    query = urlencode({"law": LAW_TRIED})
    return Lead(f"{reverse('desk:trials')}?{query}#{LAW_TRIED}", UNSAID)


def _stored(delivery: int, row: int) -> Lead:
    address = reverse("desk:stored", kwargs={"number": delivery, "row": row})
    return Lead(address, _row(delivery, row))


def _beside(view: str, found: Found) -> Lead:
    if found.tour.rejected is None:
        return Lead("", Text("这个部门没有退回的行", "This agency has no returned row"))
    delivery, row = found.tour.rejected
    return Lead(reverse(view, kwargs={"delivery": delivery, "row": row}), _row(delivery, row))


def _row(delivery: int, row: int) -> Text:
    return Text(f"第 {delivery} 次交付第 {row} 行", f"Row {row} of delivery {delivery}")


STOPS: Final = (
    Stop(
        chapter=Text("数据：一条记录从哪里来", "The data: where a record comes from"),
        title=Text("哪个部门迟了", "Which agency is late"),
        view="portal:today",
        look=Text(
            "这些记录公开时已超过规定的工作日；每一行写着用了几个工作日。",
            "These became public past the working days allowed. Each says how many it took.",
        ),
        act=Text("看逾期公开的记录", "See the late records"),
        lead=_late,
    ),
    Stop(
        title=Text("其中一条记录", "One of these records"),
        view="portal:record",
        look=Text(
            "依据、公示到哪一天、不服怎么办，都在这一页；来源写着第几次交付第几行。",
            "Its law, how long it is public, what can be done against it, and its source.",
        ),
        act=Text("打开这条记录", "Open this record"),
        lead=_penalty,
    ),
    Stop(
        title=Text("它从哪里来", "Where it came from"),
        view="desk:stored",
        look=Text(
            "存档文件里的那一行，没有改动过，只遮住证件号码这类个人信息；回执和校验再点一下就到。",
            "The row as it stands in the stored file. Its receipt and checks are one step on.",
        ),
        act=Text("看原始行、回执和校验", "See the raw row, its receipt and checks"),
        lead=_raw,
        by=CHIEF,
    ),
    Stop(
        title=Text("旁边被退回的一行", "A returned row beside it"),
        view="desk:quarantined",
        look=Text(
            "哪一列、违反哪条规则、该怎么办，都写明了；没有一行被丢掉。",
            "Which column, which rule, and what to do. No row is lost.",
        ),
        act=Text("看这一行和原因", "See the row and why"),
        lead=_rejected,
        by=CHIEF,
    ),
    Stop(
        title=Text("更正，再交付", "Mend it, deliver it again"),
        view="desk:mend",
        look=Text(
            "改好标出的那一项，下面列着可以对照的内容；先校验一下也可以，再提交。原件不动。",
            "Mend what is marked by what stands below it; you may only check it first.",
        ),
        act=Text("更正这一行", "Mend this row"),
        lead=_mending,
        by=CHIEF,
        doing=True,
    ),
    Stop(
        title=Text("随即公开", "Public at once"),
        view="desk:stored",
        look=Text(
            "写着接收后几秒处理、去了哪里；打开公开的记录，就是市民看到的样子。",
            "It says how many seconds it took. Open the public record as a citizen sees it.",
        ),
        act=Text("看更正后的这一行", "See where the mended row is now"),
        lead=_public,
        by=CHIEF,
    ),
    Stop(
        title=Text("没有被改过", "Nothing was altered"),
        view="portal:integrity",
        look=Text(
            "点“现在核验一次”：核验交付链和日志链，再从全部交付重建一遍，与现状逐列比较。",
            "“Verify now” checks the chains, derives all data again and compares.",
        ),
        act=Text("核验并重建", "Verify and rebuild"),
        lead=_whole,
    ),
    Stop(
        title=Text("企业：填报年度报告", "The enterprise files its annual report"),
        view="counter:filings",
        look=Text(
            "点一份逾期年报的“补报”，一屏一屏地填，已有的不用再填；检查后报送，随即有回执。",
            "Pick an overdue report, fill it screen by screen, check and send: a receipt follows.",
        ),
        act=Text("填报年度报告", "File the annual report"),
        lead=_filings,
        by=OWNER,
        doing=True,
        chapter=Text("企业：三分钟报年报，修复一条处罚", "The enterprise: a report, a repair"),
    ),
    Stop(
        title=Text("申请修复一条处罚", "Apply for the repair of a penalty"),
        view="counter:credit",
        look=Text(
            "在省生态环境厅的处罚下点“申请”：先写明每个条件是否符合，附一张照片作证明，提交后有办件号。",
            "Apply under the environment department's penalty; each condition is explained first.",
        ),
        act=Text("看我的信用，申请修复", "See my credit and apply"),
        lead=_my_credit,
        by=OWNER,
        doing=True,
    ),
    Stop(
        title=Text("经办人员受理", "The case officer accepts"),
        view="desk:cases",
        look=Text(
            "打开这件修复申请，点“受理”：办理期限按工作日开始计算，企业收到通知。",
            "Open the application and accept it: a clock of working days starts, the firm is told.",
        ),
        act=Text("去受理", "Accept it"),
        lead=_cases,
        by=HANDLER,
        doing=True,
    ),
    Stop(
        title=Text("负责人决定修复", "The signing officer grants"),
        view="desk:cases",
        look=Text(
            "打开同一件，核对后点“同意修复”：一个决定，处处撤下。",
            "Open the same case, check it and grant it: one decision withdraws it everywhere.",
        ),
        act=Text("去决定", "Decide"),
        lead=_cases,
        by=SIGNER,
        doing=True,
    ),
    Stop(
        title=Text("处罚不再公开", "The penalty is gone"),
        view="portal:file",
        look=Text(
            "这家企业的公开档案里没有这条处罚了；在这里下载的信用报告和接口的回答里也没有。",
            "It is gone from this public file, from the report to be downloaded and the interface.",
        ),
        act=Text("看公开的档案", "See the public file"),
        lead=_gone,
    ),
    Stop(
        title=Text("改一个数，看谁进谁出", "Change a number, see who enters and leaves"),
        view="desk:trials",
        look=Text(
            "满几个月才可申请修复：把“一般”的 3 改成 6，看谁出；改成 1，看谁进；法律没有改动。",
            "From when on may one repair? Try 6 months for 3, then 1. Nothing is changed.",
        ),
        act=Text("试改修复门槛", "Try another threshold of repair"),
        lead=_trials,
        by=CHIEF,
        doing=True,
        chapter=Text("法律：改一个数，看谁进谁出", "The law: change a number"),
    ),
)
