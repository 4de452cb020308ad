"""A layout in words: the names of its columns, what its rules found, and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from yuexin.base.codes import check_org_code, check_reg_no, check_uscc
from yuexin.base.text import Text
from yuexin.engines.declare.types import (
    AsTold,
    Code,
    CodeList,
    Declarations,
    RecordKind,
    RequiredWhen,
    Resource,
)
from yuexin.engines.deliveries.models import Delivery
from yuexin.engines.deliveries.queries import adopted, read_under

TODAY: Final = Text("交付日", "the day of delivery")
UNKEPT: Final = "unkept_columns"
IN_WAN: Final = Text("（万元）", " (10,000 yuan)")
NO_SECRETS: Final = Text(
    "密级：没有就不填，标有密级的整份不接收",
    "a level of secrecy: leave it empty, or all is refused",
)
CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")
RULES = {
    "REQUIRED": Text("必填项为空", "a required value is missing"),
    "TYPE": Text("不符合该列的数据类型", "not a value of this column's type"),
    "RANGE": Text("超出规定的数值范围", "a number outside the declared bounds"),
    "LENGTH": Text("超过规定长度", "longer than the standard allows"),
    "CODE_LIST": Text("不在代码表中", "not in the code list"),
    "CODE_CHECK": Text("代码校验未通过", "the code fails its check"),
    "CODE_DATE": Text("代码在该日期不在使用期内", "a code that was not in use on that date"),
    "CONTROL": Text(
        "含有不可见字符或换行，已去除",
        "held invisible characters or line breaks, which were removed",
    ),
    "SHAPE": Text("列数与表头不符", "the row has another number of fields than the header"),
}
REMEDIES = {
    "REQUIRED": Text("补填这一列", "fill this column"),
    "RANGE": Text("核对数值和单位", "check the number and its unit"),
    "LENGTH": Text("缩短内容，或拆到备注", "shorten it"),
    "CODE_LIST": Text("改为代码表中的值", "use a value of the code list"),
    "CODE_CHECK": Text("对照证照逐位核对代码", "compare each character with the certificate"),
    "CODE_DATE": Text("改用当日在用的代码", "use a code that was in use on that day"),
    "CONTROL": Text("导出前去除不可见字符", "remove them before the export"),
    "SHAPE": Text(
        "补齐或去掉多余的分隔符，使列数与表头相同",
        "give the row as many fields as the header has",
    ),
}
DELIVER_AGAIN: Final = Text(
    "对照原件更正后，关联本次交付重新交付",
    "correct it by the original and deliver it again, linked to this delivery",
)
TRY_AGAIN: Final = Text("对照原件更正后再交付", "correct it by the original, then deliver it")


NO_DATE: Final = Text("不是日期，或日历上没有这一天", "no date, or no day of the calendar")
UNREAD: Final = {
    "date": NO_DATE,
    "open_date": NO_DATE,
    "integer": Text("不是整数", "no whole number"),
    "decimal": Text("不是数字", "no number"),
    "money_wan": Text("不是以万元计的数字", "no amount in 10,000 yuan"),
    "money_text": Text("读不出金额和币种", "no amount with its currency"),
    "flag": Text("不是“是”或“否”", "neither 是 nor 否"),
    "phone": Text("不是电话号码", "no telephone number"),
    "url": Text("不是网址", "no address on the web"),
}
"""What a value is that is none of its column's type."""
CODES: Final = {"uscc": check_uscc, "org_code": check_org_code, "reg_no": check_reg_no}
FEW_VALUES: Final = 12
WORDS: Final = Text("文字", "text")
FORMS: Final = {
    "code": Text("代码表中的值", "a value of its code list, in Chinese"),
    "date": Text("日期，如 2024-03-05", "a date such as 2024-03-05"),
    "open_date": Text("日期，没有期限的写“长期”", "a date, or 长期 for no end"),
    "integer": Text("整数", "a whole number"),
    "decimal": Text("数字", "a number"),
    "money_wan": Text("金额，单位万元，只写数字", "an amount in 10,000 yuan, digits only"),
    "money_text": Text("金额和币种，如 100万元人民币", "an amount with its currency"),
    "flag": Text("是或否", "是 for yes, 否 for no"),
    "uscc": Text("18 位统一社会信用代码", "a unified social credit code of 18 characters"),
    "org_code": Text("9 位组织机构代码", "an organisation code of 9 characters"),
    "reg_no": Text("注册号", "a registration number"),
    "id_number": Text("证件号码", "the number of an identity document"),
    "phone": Text("电话号码", "a telephone number"),
    "url": Text("网址", "an address on the web"),
}


@dataclass(frozen=True, kw_only=True)
class Layout:
    """A resource and the kind of record that its rows become.

    `unkept` is what columns that become no field of it are called.
    """

    resource: Resource
    kind: RecordKind
    unkept: Mapping[str, Code]
    codes: Mapping[str, CodeList]

    @classmethod
    def of(cls, *, declarations: Declarations, resource: str) -> Layout:
        declared = declarations.resources[resource]
        names = declarations.codes.get(UNKEPT)
        return cls(
            resource=declared,
            kind=declarations.kinds[declared.kind],
            unkept=names.by_code if names else {},
            codes=declarations.codes,
        )

    def label(self, header: str) -> Text:
        """What people call a column: its first Chinese name, and the label of what it fills."""
        column = self.resource.by_header.get(header)
        if column is None:
            return Text(header, header)
        spoken = next(filter(CHINESE.search, (header, *column.aliases)), header)
        named = self.kind.by_field.get(column.field) or self.unkept.get(spoken)
        zh, en = spoken, named.label.en if named else spoken
        if column.type == "money_wan":
            zh = zh if "万元" in zh else zh + IN_WAN.zh
            en = en + IN_WAN.en if named else en
        return Text(zh, en)

    def form(self, header: str) -> Text:
        """What a cell of a column looks like."""
        if header == self.resource.secrecy_column:
            return NO_SECRETS
        return FORMS.get(self.resource.by_header[header].type, WORDS)

    def named(self, header: str) -> Text:
        """The same, beside the header where that says something else."""
        zh, en = self.label(header)
        return Text(
            zh if zh == header else f"{zh}（{header}）", en if en == header else f"{en} ({header})"
        )

    def sentence(self, rule: str, *, header: str = "", value: str = "") -> Text:
        """What a finding's rule means, in words; of a column and its value where they are given."""
        column = self.resource.by_header.get(header)
        if column is not None and rule == "TYPE":
            return UNREAD.get(column.type, RULES[rule])
        if column is not None and rule == "CODE_CHECK" and value and not column.personal:
            return self._miswritten(column.type, value)
        if rule in RULES:
            return RULES[rule]
        for item in self.resource.required_when:
            if item.id == rule:
                return self._requirement(item)
        for told in self.resource.as_told:
            if told.id == rule:
                return self._untold(told)
        for order in self.resource.not_after:
            if order.id == rule:
                first, second = self.named(order.first), TODAY
                if order.second != "today":
                    second = self.named(order.second)
                return Text(f"“{first.zh}”晚于“{second.zh}”", f"{first.en} lies after {second.en}")
        return Text(rule, rule)

    def remedy(self, rule: str, *, header: str, otherwise: Text = DELIVER_AGAIN) -> Text:
        """What to do about a finding; `otherwise` where the rule alone does not say."""
        column = self.resource.by_header.get(header)
        if column is not None and rule == "TYPE":
            form = self.form(header)
            return Text(f"应为{form.zh}", f"it should be {form.en}")
        if column is not None and rule == "CODE_LIST" and column.codes in self.codes:
            values = [code.zh for code in self.codes[column.codes].values]
            few = "、".join(values[:FEW_VALUES])
            more = " 等" if len(values) > FEW_VALUES else ""
            return Text(f"代码表中有：{few}{more}", f"its code list has: {few}{more}")
        return REMEDIES.get(rule, otherwise)

    def beside(self, rule: str, *, header: str) -> frozenset[str]:
        """The columns that whoever mends what a rule found wants to see: those that it compares,
        and where the amount of this column is told."""
        resource = self.resource
        compared = [
            *((one.column, one.require) for one in resource.required_when if one.id == rule),
            *((one.first, one.second) for one in resource.not_after if one.id == rule),
            *((one.column, one.within) for one in resource.as_told if one.column == header),
        ]
        return frozenset(h for headers in compared for h in headers if h in resource.by_header)

    def _miswritten(self, scheme: str, value: str) -> Text:
        """What is wrong with a code, and which one may be meant."""
        check = CODES.get(scheme)
        verdict = check(value) if check else None
        wrong = [one.text for one in verdict.problems if one.severity == "error"] if verdict else []
        if verdict is None or not wrong:
            return RULES["CODE_CHECK"]
        zh, en = "；".join(text.zh for text in wrong), "; ".join(text.en for text in wrong)
        if verdict.suggestion:
            zh += f"；是不是 {verdict.suggestion}？"
            en += f"; is it {verdict.suggestion}?"
        return Text(zh, en)

    def _untold(self, rule: AsTold) -> Text:
        column, within = self.named(rule.column), self.named(rule.within)
        return Text(
            f"“{within.zh}”里写的{rule.after}数额与“{column.zh}”不同，请核对单位",
            f"{within.en} tells another amount than {column.en}: check the unit",
        )

    def _requirement(self, rule: RequiredWhen) -> Text:
        """What a required value lacks: a number above zero, or any."""
        zh, en = ("必填且应大于 0", "above 0") if rule.positive else ("必填", "filled")
        column, require = self.named(rule.column), self.named(rule.require)
        return Text(
            f"“{column.zh}”含“{rule.contains}”时“{require.zh}”{zh}",
            f"where {column.en} holds {rule.contains}, {require.en} must be {en}",
        )


def layout_of(delivery: Delivery) -> Layout:
    """The layout that the delivery is read by now."""
    digest = read_under().get(delivery.number, delivery.declarations_id)
    return Layout.of(declarations=adopted(digest), resource=delivery.resource)
