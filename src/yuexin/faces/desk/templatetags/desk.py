"""Words of the desk: states, channels, and what the journal says was done."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import Final

from django import template

from yuexin.base.text import Text

register = template.Library()

_OURS: Final = re.compile(r"[a-z@][a-z0-9_]*(?:[/-][a-z0-9_]+)*")
_CODE: Final = re.compile(r"[0-9A-Z]{8,}")
STATES: Final = {
    "pending": Text("尚未处理", "not processed yet"),
    "folded": Text("已处理", "processed"),
    "refused": Text("整批拒收", "refused whole"),
}
TONES: Final = {"pending": "warn", "folded": "good", "refused": "bad"}
CHANNELS: Final = {
    "console": Text("命令", "command"),
    "desk": Text("办公台", "desk"),
    "gateway": Text("接口", "interface"),
    "case": Text("案件决定", "decision of a case"),
}
STREAMS: Final = {"look": Text("查看", "looks"), "change": Text("变动", "changes")}
INTENTS: Final = {"report": Text("报送", "report"), "withdraw": Text("撤回", "withdrawal")}
PLACES: Final = {
    "pending": Text("这次交付尚未处理", "the delivery is not processed yet"),
    "refused": Text("这次交付整批拒收", "the delivery was refused whole"),
    "quarantined": Text("未通过校验，已退回", "it failed a check and was rejected"),
    "waiting": Text("待核，等待对应到主体", "it waits for its subject"),
    "erased": Text("已依法删除", "it was erased by order"),
    "placed": Text("已入库，成为一条记录", "it became a record"),
    "nowhere": Text(
        "没有成为新的记录：内容与已收到的相同，或后来被撤回",
        "no new record came of it: it said what had been received, or was withdrawn since",
    ),
    "withdrawal": Text("这是一次撤回，收回所指的内容", "it is a withdrawal of what it names"),
}
ACTIONS: Final = {
    "file.read": Text("查看档案", "looked at a file"),
    "person.search": Text(
        "按法定代表人姓名查询", "looked for subjects by their legal representative"
    ),
    "file.denied": Text("请求查看档案未获准", "asked for a file and was refused"),
    "file.checked": Text("办事核查", "checked at the point of handling"),
    "case.read": Text("查看案件", "looked at a case"),
    "check.read": Text("查看核查结果", "looked at a check again"),
    "proposal.read": Text("查看候选名单及其依据", "looked at who is proposed, and why"),
    "proposals.signed": Text("为名单全部签署", "signed for all who were proposed"),
    "proposals.stopped": Text("停止成批签署", "stopped a signature for all"),
    "trial.read": Text("查看试算涉及的主体", "looked at whom a trial would move"),
    "check.acknowledged": Text("确认知悉核查结果", "took note of a check"),
    "check.reported": Text("反馈核查措施", "reported on a check"),
    "check.refusal_signed": Text("签发不予办理决定", "signed a refusal"),
    "lifting.confirmed": Text("确认解除措施", "confirmed that a measure ended"),
    "row.read": Text("查看原始行", "looked at a row as delivered"),
    "row.mending": Text("取出原始行以便更正", "took a row to mend it"),
    "errors.read": Text("导出错误清单", "took the list of errors"),
    "case.opened": Text("申请或立案", "a case was opened"),
    "draw.announced": Text("公告随机抽取", "a draw was announced"),
    "draw.drawn": Text("随机抽取", "a draw was made"),
    "case.step": Text("办理案件的一步", "a step of a case was taken"),
    "delivery.received": Text("接收交付", "a delivery was received"),
    "delivery.repeated": Text("重复发送的交付", "a delivery was sent again"),
    "delivery.folded": Text("处理交付", "a delivery was processed"),
    "delivery.refused": Text("拒收交付", "a delivery was refused"),
    "trial.refused": Text("预校验的文件不可接收", "a file to be tried was refused"),
    "judgement.pair": Text("认定两个代码", "judged whether two codes are one"),
    "correction.confirmed": Text("确认知悉更正", "confirmed a correction"),
    "recall.confirmed": Text("确认知悉撤下或更改", "confirmed that a record is changed or gone"),
    "judgement.relinked": Text("再次比对等待中的行", "compared again what waits"),
    "judgement.made": Text("认定主体", "judged whose a row is"),
    "delivery.read_again": Text("按现行声明重新读取", "a delivery was read again"),
    "delivery.erased": Text("依法删除内容", "contents were erased by order"),
    "whatif.asked": Text("试算规则", "asked what a changed rule would do"),
    "verification.asked": Text("请求核验交付", "asked that deliveries be verified"),
    "rebuild": Text("由交付重建数据", "derived data were made again"),
    "rebuild.check": Text("核对重建结果", "derived data were made again to compare"),
    "paper.issued": Text("签发信用报告", "a credit report was issued"),
    "account.opened": Text("开立账号", "an account was opened"),
    "account.closed": Text("关闭账号", "an account was closed"),
    "account.signed_in": Text("登录", "signed in"),
    "account.signed_out": Text("退出登录", "signed out"),
    "account.password": Text("修改密码", "a password was changed"),
    "account.factor_added": Text("启用第二因素", "a second factor was added"),
    "account.factor_removed": Text("停用第二因素", "a second factor was removed"),
    "account.factor_renewed": Text("更换恢复码", "recovery codes were renewed"),
    "account.factor_forgotten": Text("由运维清除第二因素", "the operator cleared a second factor"),
    "calendar.opened": Text("订阅期限日历", "an address for a calendar was made"),
    "calendar.closed": Text("停用日历地址", "an address for a calendar was ended"),
    "contact.confirmed": Text("确认联系方式", "an address was confirmed"),
    "contact.dropped": Text("删除联系方式", "an address was removed"),
    "look.delayed": Text("延迟告知查看", "looks are told later"),
    "grant.given": Text("授予角色", "a role was given"),
    "grant.ended": Text("终止授权", "a grant was ended"),
    "identity.verified": Text("核实身份", "who somebody is was verified"),
    "identity.erased": Text("删除实名信息", "what was verified of a person was erased"),
    "key.issued": Text("签发密钥", "a key was issued"),
    "key.ended": Text("停用密钥", "a key was revoked"),
    "key.elsewhere": Text("密钥在另一地址使用", "a key was used elsewhere"),
}


@register.filter
def state(value: str) -> Text:
    return STATES[value]


@register.filter
def tone(value: str) -> str:
    return TONES[value]


@register.filter
def channel(value: str) -> Text | str:
    return CHANNELS.get(value, value)


@register.filter
def stream(value: str) -> Text:
    """Of which of the journal's two chains something is."""
    return STREAMS.get(value, Text(value, value))


@register.filter
def intent(value: str) -> Text:
    return INTENTS.get(value, Text(value, value))


@register.filter
def place(value: str) -> Text:
    return PLACES[value]


@register.filter
def refused_at(where: str) -> str:
    """Where a refusal says that something is wrong; of names of ours nothing, of a code beside them
    the code."""
    words = where.split()
    others = [word for word in words if not _OURS.fullmatch(word)]
    told_by_code = all(_CODE.fullmatch(word) for word in others)
    return " ".join(others) if told_by_code else where


@register.filter
def action(value: str) -> Text | str:
    return ACTIONS.get(value, value)


@register.filter
def item(mapping: dict[str, object], key: str) -> object:
    """What a mapping holds under a key, nothing where it holds none."""
    return mapping.get(key)


@register.filter
def after(moment: dt.datetime, before: dt.datetime) -> Text:
    """How long after it was received something was settled; nothing where clocks turned back."""
    seconds = (moment - before).total_seconds()
    if seconds < 0:
        return Text("", "")
    minutes = round(seconds / 60)
    if seconds < 59.95:
        return Text(f"接收后 {seconds:.1f} 秒", f"{seconds:.1f} s after it came")
    hours, rest = divmod(minutes, 60)
    zh = f"{hours} 小时 {rest} 分钟" if hours else f"{rest} 分钟"
    en = f"{hours} h {rest} min" if hours else f"{rest} min"
    return Text(f"接收后 {zh}", f"{en} after it came")


@register.filter
def month_days(month: str) -> str:
    """The days of a month `YYYY-MM` as a query asks for them."""
    year, number = int(month[:4]), int(month[5:])
    return f"from={month}-01&to={month}-{calendar.monthrange(year, number)[1]}"
