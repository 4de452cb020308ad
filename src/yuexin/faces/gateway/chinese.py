"""What each operation does, in Chinese. The English is the operation's own docstring."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

TEXTS: Final[Mapping[str, str]] = {
    "subject": "公众看到公开档案；持密钥者，依其所代表者的权限和法定目的，看到法律向其开放的内容。"
    "超出公开档案的查询均留痕，主体可知悉。代码中的小写、空格和全角字符会自动更正。",
    "search": "按代码、旧号码或名称片段查询，最相符者在前，每页二十个。",
    "batch": "代码、旧号码或全称，按所问次序逐行以 NDJSON 答复：查到的附公开档案，"
    "对应几个主体的列出代码，查不到的说明未收录，无效的说明错在哪里。"
    "数量以 64 MiB 为限。可为 JSON 数组、NDJSON（每行一个字符串或含 code 的对象）、"
    "CSV（第一列）或纯文本（每行一个）。无法读取的行以一行说明答复。"
    "末行之后再无内容：行数少于代码数，即为传输中断。",
    "deliver": "以请求内容或表单字段 file 交付一个文件。答复 202 表示文件已入库、入链并落盘；"
    "其后进行校验，结果见回执。同一文件以同一幂等键重发，即为同一交付，永远得到同一答复；"
    "同一键用于其他内容则拒绝。文件格式以其字节为准，不以 Content-Type 为准。",
    "trial": "像交付一样给出文件，只问校验结果，不存档、不交付。不可接收的同样拒绝。"
    "文件较长时只看前十万行左右；登记里有没有该主体，交付时才核对。",
    "delivery": "供交付部门及负责其交付的人员查看。",
    "receipt": "交付的结果，附签名和首批退回的行。尚未处理时答复 202。",
    "errors": "按行序，每个导致退回的问题一行 NDJSON。",
    "resolved": "曾经等待、后来入库或又重新等待的行：按行序，每页一百行，各有其结果。",
    "catalogue": "已声明的全部资源及其列，全部部门，包括已撤销的。",
}
