"""What the gateway itself refuses: what is wrong, by which rule, and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from yuexin.base.codes import Verdict
from yuexin.base.errors import Refusal
from yuexin.base.text import Text

REFERENCE: Final = "/api/"
CODE_STANDARD: Final = "GB 32100-2015"
KEY_REMEDY: Final = Text(
    "请在请求头写明 Authorization: Bearer <密钥>；密钥由数据管理员签发",
    "send the header Authorization: Bearer <key>; keys are issued by a data steward",
)


def no_such_address() -> Refusal:
    return Refusal(
        code="NO_SUCH_ADDRESS",
        what=Text("这个地址下没有接口", "nothing answers at this address"),
        remedy=Text(f"接口说明见 {REFERENCE}", f"see {REFERENCE} for what there is"),
    )


def method(allowed: str) -> Refusal:
    return Refusal(
        code="METHOD",
        what=Text("这个地址不接受此方法", "this address does not answer this method"),
        rule="RFC 9110",
        remedy=Text(f"可用的方法：{allowed}", f"methods here: {allowed}"),
    )


def not_understood() -> Refusal:
    return Refusal(
        code="NOT_UNDERSTOOD",
        what=Text("这个请求无法理解", "this request cannot be understood"),
        rule="RFC 9110",
        remedy=Text(f"请按 {REFERENCE} 的说明重写请求", f"write it as {REFERENCE} says"),
    )


def broken() -> Refusal:
    return Refusal(
        code="BROKEN",
        what=Text("平台出错，请求未完成", "the platform failed; the request was not completed"),
        remedy=Text(
            "请稍后重试；交付请用同一幂等键重发",
            "try again later; send a delivery again under the same idempotency key",
        ),
    )


def parameters(first: str) -> Refusal:
    return Refusal(
        code="PARAMETER",
        what=Text("请求参数不符合接口说明", "a parameter is not as described"),
        where=first,
        rule="OpenAPI",
        remedy=Text(f"请对照 {REFERENCE} 改正", f"correct it by {REFERENCE}"),
    )


def key_missing() -> Refusal:
    return Refusal(
        code="KEY_MISSING",
        what=Text("这个接口需要密钥", "a key is needed here"),
        rule="RFC 6750",
        remedy=KEY_REMEDY,
    )


def key_form() -> Refusal:
    return Refusal(
        code="KEY_FORM",
        what=Text("认证头的写法无法识别", "the header of authorisation cannot be read"),
        where="Authorization",
        rule="RFC 6750",
        remedy=KEY_REMEDY,
    )


def other_purpose(own: str) -> Refusal:
    return Refusal(
        code="PURPOSE",
        what=Text("密钥限用于另一目的", "the key serves another purpose"),
        where="purpose",
        rule="sharing-regulation",
        remedy=Text(f"该密钥的目的为 {own}", f"the purpose of this key is {own}"),
    )


def not_acceptable(offered: str) -> Refusal:
    return Refusal(
        code="NOT_ACCEPTABLE",
        what=Text("不提供所要求的格式", "it is not given in the form asked for"),
        where="Accept",
        rule="RFC 9110",
        remedy=Text(f"可提供 {offered}", f"ask for {offered}"),
    )


def media_type(taken: Iterable[str]) -> Refusal:
    named = ", ".join(taken)
    return Refusal(
        code="MEDIA_TYPE",
        what=Text("不接受这种内容类型", "this type of content is not taken"),
        where="Content-Type",
        rule="RFC 9110",
        remedy=Text(f"可用 {named}", f"send one of {named}"),
    )


def length_needed() -> Refusal:
    return Refusal(
        code="LENGTH",
        what=Text("未说明内容长度", "the length of the content is not said"),
        where="Content-Length",
        # A body in chunks that breaks off looks like one that is whole.
        rule="RFC 9110",
        remedy=Text(
            "请先写成文件，并写明 Content-Length", "make it a file first and say Content-Length"
        ),
    )


def body_too_large(most: int) -> Refusal:
    return Refusal(
        code="TOO_LARGE",
        what=Text("内容超过单次上限", "the content is larger than one request may be"),
        where="Content-Length",
        rule=f"<= {most} bytes",
        remedy=Text("请分批发送", "send it in parts"),
    )


def body_cut(received: int, length: int) -> Refusal:
    return Refusal(
        code="BODY_CUT",
        what=Text(
            f"内容不完整：应为 {length} 字节，收到 {received} 字节",
            f"the content broke off: {length} bytes announced, {received} received",
        ),
        rule="RFC 9112",
        remedy=Text("请重发；交付用同一幂等键", "send it again, a delivery under the same key"),
    )


def no_file() -> Refusal:
    return Refusal(
        code="NO_FILE",
        what=Text("表单中没有文件", "the form holds no file"),
        where="file",
        rule="multipart/form-data",
        remedy=Text("请以字段 file 附上一个文件", "attach one file as the field `file`"),
    )


def idempotency_missing() -> Refusal:
    return Refusal(
        code="IDEMPOTENCY_MISSING",
        what=Text("交付须带幂等键", "a delivery needs an idempotency key"),
        where="Idempotency-Key",
        rule="draft-ietf-httpapi-idempotency-key-header",
        remedy=Text(
            "请为每次交付取一个新的键（如 UUID），重发时沿用",
            "choose a new key for each delivery, a UUID for instance, and repeat it when sending "
            "again",
        ),
    )


def not_a_moment() -> Refusal:
    return Refusal(
        code="NOT_A_MOMENT",
        what=Text("发送时间应为 ISO 8601 时间", "the time of sending is a moment of ISO 8601"),
        where="sent_at",
        rule="ISO 8601",
        remedy=Text("例如 2026-11-24T11:00:00+08:00", "2026-11-24T11:00:00+08:00, for instance"),
    )


def past_the_last_page(page: int) -> Refusal:
    return Refusal(
        code="PAST_THE_LAST_PAGE",
        what=Text(f"没有第{page}页", f"there is no page {page}"),
        where="page",
        remedy=Text("请从第一页开始", "start from the first page"),
    )


def invalid_code(verdict: Verdict) -> Refusal:
    said = [problem.text for problem in verdict.problems if problem.severity == "error"]
    return Refusal(
        code="INVALID_CODE",
        what=Text(
            f"不是有效的统一社会信用代码：{'；'.join(text.zh for text in said)}",
            f"not a valid unified social credit code: {'; '.join(text.en for text in said)}",
        ),
        where="code",
        rule=CODE_STANDARD,
        remedy=Text("请对照执照核对每一位", "compare each character with the licence"),
    )


def unknown_code() -> Refusal:
    return Refusal(
        code="UNKNOWN_CODE",
        what=Text(
            "代码格式正确，但已交付的数据中没有这个主体",
            "the code is well formed, but the data delivered holds no such entity",
        ),
        where="code",
        rule=CODE_STANDARD,
        remedy=Text(
            "请核对是否抄错；新设立的主体要等登记机关下一次交付",
            "check that it is copied correctly; a new entity appears with the registrar's next "
            "delivery",
        ),
    )


def no_such_delivery(number: int) -> Refusal:
    return Refusal(
        code="NO_SUCH_DELIVERY",
        what=Text(f"没有交付 {number}", f"there is no delivery {number}"),
        where="number",
        remedy=Text("请核对回执号", "check the number of the receipt"),
    )


def no_such_correction(number: int) -> Refusal:
    return Refusal(
        code="NO_SUCH_CORRECTION",
        what=Text(
            f"这个密钥没有需要确认的更正 {number}",
            f"there is no correction {number} for this key to confirm",
        ),
        where="number",
        remedy=Text(
            "请在 /api/v1/corrections 中查 shown 为 true 的更正",
            "see which are `shown` to the key in /api/v1/corrections",
        ),
    )


def no_such_recall(number: int) -> Refusal:
    return Refusal(
        code="NO_SUCH_RECALL",
        what=Text(
            f"这个密钥没有需要确认的撤下或更改 {number}",
            f"there is no recall {number} for this key to confirm",
        ),
        where="number",
        remedy=Text("请查 /api/v1/recalls", "see /api/v1/recalls"),
    )


def not_yours(number: int, reason: Text) -> Refusal:
    return Refusal(
        code="NOT_YOURS",
        what=Text(
            f"无权查看交付 {number}：{reason.zh}",
            f"delivery {number} is not yours to see: {reason.en}",
        ),
        where="number",
        rule="DESIGN law 7",
        remedy=Text("请用交付部门的密钥", "ask with a key of the agency that delivered it"),
    )
