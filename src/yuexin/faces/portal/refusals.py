"""Every no of the portal: what is wrong, by which rule, and what to do."""

from __future__ import annotations

from typing import Final

from yuexin.base.errors import Refusal
from yuexin.base.text import Text

CODE_STANDARD: Final = "GB 32100-2015"


def no_such_address() -> Refusal:
    return Refusal(
        code="no_such_address",
        what=Text("这个地址下没有页面", "There is no page at this address"),
        remedy=Text(
            "请核对地址，或在上方用名称、代码查询",
            "Check the address, or search by name or code above",
        ),
    )


def only_by_button() -> Refusal:
    return Refusal(
        code="only_by_button",
        what=Text(
            "这个地址要用页面上的按钮打开",
            "This address is opened by a button on a page",
        ),
        remedy=Text(
            "请回到上一页，按那里的按钮办理；收藏和转发请用那一页的地址",
            "Go back, and use the button there; keep or pass on the address of that page instead",
        ),
    )


def only_read() -> Refusal:
    return Refusal(
        code="only_read",
        what=Text("这个地址只能查看，不接受提交", "This address is read, and takes nothing"),
        remedy=Text("请从页面上重新进入", "Please open it again from a page"),
    )


def not_understood() -> Refusal:
    return Refusal(
        code="not_understood",
        what=Text("这个请求无法理解", "This request cannot be understood"),
        remedy=Text("请从首页重新开始", "Please start again from the front page"),
    )


def query_too_long(*, length: int, longest: int) -> Refusal:
    return Refusal(
        code="query_too_long",
        what=Text(
            f"查询内容有{length}个字符，最多{longest}个",
            f"The query has {length} characters; at most {longest} are allowed",
        ),
        remedy=Text(
            "请只输入名称中最有特点的几个字，或一个代码",
            "Type only the few most distinctive characters of the name, or one code",
        ),
    )


def not_a_page_number(*, last: int) -> Refusal:
    return Refusal(
        code="not_a_page_number",
        what=Text(f"页码应为1到{last}的整数", f"A page number is a whole number from 1 to {last}"),
        remedy=Text("请从第一页开始翻阅", "Please start from the first page"),
    )


def past_the_last_page(*, page: int) -> Refusal:
    return Refusal(
        code="past_the_last_page",
        what=Text(f"没有第{page}页", f"There is no page {page}"),
        remedy=Text("请从第一页开始翻阅", "Please start from the first page"),
    )


def invalid_code(code: str) -> Refusal:
    return Refusal(
        code="invalid_code",
        what=Text(
            f"“{code}”不是有效的统一社会信用代码",
            f"“{code}” is not a valid unified social credit code",
        ),
        rule=CODE_STANDARD,
        remedy=Text(
            "请对照营业执照核对每一位；只有旧注册号、组织机构代码或名称时，请在上方查询",
            "Compare each character with the licence; with only an old number or a name, search "
            "above",
        ),
    )


def code_not_delivered(code: str) -> Refusal:
    return Refusal(
        code="code_not_delivered",
        what=Text(
            f"代码“{code}”格式正确，但已交付的数据中没有这个主体",
            f"The code “{code}” is well formed, but the data delivered holds no such entity",
        ),
        rule=CODE_STANDARD,
        remedy=Text(
            "请核对是否抄错；新设立的主体要等登记机关下一次交付",
            "Check that it is copied correctly; a new entity appears with the registrar's next "
            "delivery",
        ),
    )


def record_not_shown() -> Refusal:
    # One answer for all: saying that a record was once here would publish it again.
    return Refusal(
        code="record_not_shown",
        what=Text(
            "这个地址下没有公开的记录：它从未存在，或依法已不再公示",
            "No public record stands at this address: it never existed, or by law it is no longer "
            "published",
        ),
        remedy=Text("请查看该主体的档案", "See the file of the entity"),
    )


def record_erased(*, order: str) -> Refusal:
    # Only of what was public: whoever has this address knew the record, and learns nothing of it.
    return Refusal(
        code="record_erased",
        what=Text(
            f"这个地址下的记录已依“{order}”删除",
            f"The record at this address was erased under {order}",
        ),
        remedy=Text("请查看该主体的档案", "See the file of the entity"),
    )


def unknown_agency() -> Refusal:
    return Refusal(
        code="unknown_agency",
        what=Text(
            "没有这个部门，或它不公开此类记录",
            "There is no such agency, or it does not publish records of this kind",
        ),
        remedy=Text("请从部门名单中选择", "Choose from the list of agencies"),
    )


def unknown_list() -> Refusal:
    return Refusal(
        code="unknown_list",
        what=Text(
            "没有这个名单，或者名单不对社会公开", "There is no such list, or it is not public"
        ),
        remedy=Text("请从名单总览中选择", "Choose one among the lists"),
    )


def no_such_filter(name: str) -> Refusal:
    return Refusal(
        code="not_a_filter",
        what=Text("没有这种筛选条件", "There is no such filter"),
        where=name,
        remedy=Text(
            "请从页面上选择；日期应写作“2024-03-05”",
            "Choose one on the page; a day is written like 2024-03-05",
        ),
    )


def no_such_told() -> Refusal:
    return Refusal(
        code="no_such_told",
        what=Text(
            "这不是举报后给出的链接，或没有写全",
            "This is no link that was given for what was told, or not all of it",
        ),
        remedy=Text(
            "请完整复制提交后页面的地址，或答复邮件里的链接；都没有了，请到登记机关窗口凭编号查询",
            "Copy the whole address of the page after you submitted, or the link of the mail with "
            "the answer; if you have neither, ask at a window of the registrar by the number",
        ),
    )


def no_such_follow() -> Refusal:
    return Refusal(
        code="no_such_follow",
        what=Text(
            "这个链接已失效，或不是本站发出的", "This link has expired, or is not one of ours"
        ),
        remedy=Text(
            "请在主体的档案页重新关注；想取消关注，请用最近一封邮件里的链接",
            "Follow the entity again on its file; to stop, use the link of the last mail",
        ),
    )
