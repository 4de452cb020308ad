"""What is refused about checks, in words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Final

from yuexin.base.dates import day_text
from yuexin.base.errors import Refusal
from yuexin.base.text import Text

CHECK_AGAIN: Final = Text("请重新核查，按今天的结果办理", "check again, and act by today's answer")
AGAIN: Final = Text("请改正这一项后重新提交", "mend it, then submit again")


def scene_closed(scene: str) -> Refusal:
    return Refusal(
        code="SCENE",
        what=Text(
            "这个环节不在您可以核查的环节之内，或没有这个环节",
            "this is no scene in which you may check, or there is none of that name",
        ),
        where=scene,
        rule="declarations/releases/agency.yaml",
        remedy=Text("请从列出的办理环节中选择", "choose one of the scenes that are listed"),
    )


def nobody_asked() -> Refusal:
    return Refusal(
        code="EMPTY",
        what=Text("没有写要核查的主体", "no subject was given to check"),
        where="subjects",
        remedy=Text("请写至少一个统一社会信用代码", "give at least one unified social credit code"),
    )


def no_persons_here(scene: str) -> Refusal:
    return Refusal(
        code="NO_PERSONS",
        what=Text(
            "本环节没有针对法定代表人的措施，不核查个人",
            "no measure of this scene binds legal representatives: persons are not checked",
        ),
        where=f"persons {scene}",
        rule="personal-information-law:6",
        remedy=Text("请不要填写证件号码", "give no numbers of documents"),
    )


def persons_of_one() -> Refusal:
    return Refusal(
        code="ONE_SUBJECT",
        what=Text(
            "填写证件号码时只能核查一个主体",
            "with numbers of documents, one subject is checked at a time",
        ),
        where="persons",
        remedy=Text("请逐个主体核查", "check the subjects one by one"),
    )


def too_many_persons(most: int) -> Refusal:
    return Refusal(
        code="TOO_MANY",
        what=Text(f"一次最多核查 {most} 人", f"at most {most} persons are checked at once"),
        where="persons",
        remedy=Text("请分次核查", "check them in parts"),
    )


def not_comparable(line: int) -> Refusal:
    return Refusal(
        code="DOCUMENT",
        what=Text(
            f"第 {line} 个证件号码校验不符，或没有校验码，不能据以确定是谁",
            f"number {line} fails its check, or has no check character: it tells nobody apart",
        ),
        where="persons",
        rule="GB 11643",
        remedy=Text(
            "请核对；可以比对居民身份证、港澳台居民居住证和 18 位的外国人永久居留身份证，"
            "其他证件请人工核实",
            "compare it; identity cards, residence permits and permanent residence cards of 18 "
            "characters can be compared, a person has to look at others",
        ),
    )


def too_long(field: str, most: int) -> Refusal:
    return Refusal(
        code="TOO_LONG",
        what=Text(
            f"超过 {most} 个字符，或含有不可见字符",
            f"longer than {most} characters, or with unreadable ones",
        ),
        where=field,
        remedy=Text("请改短", "shorten it"),
    )


def no_such_check(number: str) -> Refusal:
    """One answer for a check that never was and for another body's."""
    return Refusal(
        code="NO_SUCH_CHECK",
        what=Text(
            "没有这次核查，或不是您的部门提出的", "there is no such check, or it is not your body's"
        ),
        where=number,
        remedy=Text("请核对核查编号", "compare the number of the check"),
    )


def not_in_answer(subject: str, measure: str) -> Refusal:
    return Refusal(
        code="NOT_IN_ANSWER",
        what=Text(
            "这次核查的结果里，这个主体没有这项措施",
            "the answer of this check names no such measure for this subject",
        ),
        where=f"{subject} {measure}".strip(),
        remedy=Text(
            "只能反馈核查结果列出的主体和措施",
            "report on the subjects and measures that the answer lists",
        ),
    )


def reported_already(subject: str, measure: str) -> Refusal:
    return Refusal(
        code="REPORTED_ALREADY",
        what=Text(
            "这项措施已经反馈过，反馈不能改", "this was reported on before, which stands as it is"
        ),
        where=f"{subject} {measure}",
        remedy=Text(
            "措施此后解除的，在“解除确认”中填写",
            "where the measure ended since, say so among the liftings",
        ),
    )


def incomplete(field: str, what: Text) -> Refusal:
    return Refusal(code="FEEDBACK", what=what, where=field, remedy=AGAIN)


def no_such_result(given: str, known: Collection[str]) -> Refusal:
    return Refusal(
        code="FEEDBACK",
        what=Text("没有这种实施结果", "there is no such result"),
        where=given,
        remedy=Text(f"可用：{'、'.join(known)}", f"one of: {', '.join(known)}"),
    )


def to_be_acknowledged() -> Refusal:
    return Refusal(
        code="ACKNOWLEDGE_FIRST",
        what=Text(
            "这次核查的结果须先确认知悉，再反馈",
            "this answer is to be acknowledged before anything is reported on it",
        ),
        remedy=Text("请先确认知悉，或在反馈时一并勾选", "acknowledge it first, or with the report"),
    )


def nothing_to_refuse(subject: str) -> Refusal:
    return Refusal(
        code="NO_REFUSAL",
        what=Text(
            "没有确定的、法律规定须拒绝的措施，不能签发不予办理决定",
            "no measure that is certain and by which the law refuses: no refusal is signed",
        ),
        where=subject,
        remedy=Text("请按核查结果裁量办理", "handle it by the answer, at your discretion"),
    )


def signed_already(subject: str) -> Refusal:
    return Refusal(
        code="SIGNED_ALREADY",
        what=Text("不予办理决定已经签发", "the refusal was signed before"),
        where=subject,
        remedy=Text("请在核查结果页下载", "get it from the page of the check"),
    )


def no_such_lifting(where: str) -> Refusal:
    return Refusal(
        code="NO_SUCH_LIFTING",
        what=Text(
            "没有待您的部门确认的这项解除", "there is no such lifting for your body to confirm"
        ),
        where=where,
        remedy=Text("请从解除确认的列表中打开", "open it from the list of liftings"),
    )


def check_outdated(number: str) -> Refusal:
    """A refusal is signed on the day of its check only."""
    return Refusal(
        code="CHECK_OUTDATED",
        what=Text(
            "这次核查不是今天做的，不能据此签发",
            "this check is not of today, nothing is signed by it",
        ),
        where=number,
        rule="declarations/measures",
        remedy=CHECK_AGAIN,
    )


def ended_since(label: Text, since: dt.date | None) -> Refusal:
    """Nothing is refused by what has been lifted since the check, be it on the same day."""
    day = day_text(since) if since else None
    zh, en = (f"自{day.zh}起", f" since {day.en}") if day else ("在核查之后", "")
    return Refusal(
        code="CHECK_OUTDATED",
        what=Text(
            f"“{label.zh}”{zh}已不再成立，不能据此签发",
            f"“{label.en}” holds no more{en}: nothing is signed by it",
        ),
        rule="declarations/measures",
        remedy=CHECK_AGAIN,
    )


def not_yours_to_sign(roles: Sequence[Text]) -> Refusal:
    return Refusal(
        code="FORBIDDEN",
        what=Text("您的角色不能签发不予办理决定", "your role signs no refusals"),
        rule="declarations/roles",
        remedy=Text(
            f"请由本部门的{'、'.join(one.zh for one in roles)}签发",
            f"let one of your body sign it: {', '.join(one.en for one in roles)}",
        ),
    )
