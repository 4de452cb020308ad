"""A mark is seen wherever a file can carry it, above all in files that nobody can read."""

from __future__ import annotations

import gzip
import io
import struct
import zipfile
from collections.abc import Callable, Sequence

import pytest
import xlsxwriter
from tests.cast import COMPANY, entity
from tests.domains.collection.test_secrecy import SECRET, TOLD, csv, files, marked, refused
from tests.domains.collection.workbooks import packed, parts, workbook
from tests.intake import Intake, table
from tests.state import value

from yuexin.base.errors import Refusal

pytestmark = pytest.mark.usefixtures("undone")

WIDE = ["utf-16", "utf-16-le", "utf-16-be", "utf-32"]
BOM = {"utf-16-le": "\ufeff", "utf-16-be": "\ufeff"}
BARE = [
    *("秘密", "机密", "绝密", "秘密级", "机 密", "工作秘密", "秘密★10年", "机密 ★ 长期", " 绝密★ "),
    *("机密＊5年", "秘密 一年", "绝密长期", "（机密）", "密级：秘密"),
]
PROSE = [
    *("侵犯商业秘密，商业秘密 保护", "广州机密科技有限公司", "计算机密码产品、电机密封件"),
    *("不得泄露其秘密的义务", "商业秘密*", "非机密件的销毁", "分为绝密、机密、秘密三级"),
]
HEADINGS = [
    *("密级", "密 级", "密　级", "\ufeff密级", "MJ", "ｍｊ", "mj ", "Secrecy"),
    *("秘密等级", "保密级别", "保密 等级", "是否涉密", "密级（必填）"),
]


def extract(headers: Sequence[str], *rows: dict[str, str]) -> bytes:
    """An open extract under these headers, with a text to look for afterwards."""
    return table(list(headers), [COMPANY.extract(经营范围=TOLD, **row) for row in rows]).encode()


def kept(deliver: Intake, data: bytes, *, resource: str = "registration") -> str:
    """The code under which a file is refused that nothing keeps out, or nothing."""
    return str(deliver.bytes(resource, data)["refusal"].get("code", ""))


def not_kept(deliver: Intake, data: bytes, *, resource: str = "registration") -> str:
    """The code of a file that the gate refuses for another reason."""
    before = files(deliver)
    with pytest.raises(Refusal) as caught:
        deliver.bytes(resource, data)
    assert files(deliver) == before
    assert value("SELECT count(*) FROM delivery") == 0
    assert caught.value.remedy
    return caught.value.code


# --- encodings that are not taken ---


@pytest.mark.parametrize("encoding", WIDE)
def test_a_mark_in_a_wide_encoding_is_seen(deliver: Intake, encoding: str) -> None:
    text = BOM.get(encoding, "") + csv(deliver, marked()).decode()
    refused(deliver, text.encode(encoding))
    refused(deliver, gzip.compress(text.encode(encoding)))


def test_an_unknown_word_in_a_wide_encoding_is_seen(deliver: Intake) -> None:
    refused(deliver, csv(deliver, marked("内部")).decode().encode("utf-16"))


def test_a_wide_file_without_a_mark_is_told_its_encoding(deliver: Intake) -> None:
    data = csv(deliver, [COMPANY.registration()]).decode().encode("utf-16")
    assert kept(deliver, data) == "ENCODING"


# --- files of a wrong shape, and unreadable ones ---

BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "a row too long": lambda data: data + b"x" + b"," * 40 + b"y\r\n",
    "an open quote": lambda data: data + b'"x,y\r\n',
    "a title above the header": lambda data: "登记名单\r\n".encode() + data,
    "a NUL": lambda data: data + b"\0",
    "half a character": lambda data: data + "密".encode()[:2],
    "two encodings": lambda data: data + "市场主体登记，".encode("gb18030"),
    "a cut archive": lambda data: gzip.compress(data)[:-4],
}  # fmt: skip


@pytest.mark.parametrize("fault", BROKEN)
@pytest.mark.parametrize("mark", ["秘密", "机密 ★ 长期"])
def test_a_mark_that_is_a_whole_field_of_a_broken_file_is_seen(
    deliver: Intake, fault: str, mark: str
) -> None:
    """In a layout that has no column for it, and in whatever column it stands."""
    data = extract(deliver.headers("register_extract"), {}, {"企业类型": mark})
    refused(deliver, BROKEN[fault](data), resource="register_extract")


@pytest.mark.parametrize("mark", BARE)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_every_way_to_write_a_mark_is_seen(deliver: Intake, mark: str, encoding: str) -> None:
    text = csv(deliver, [COMPANY.registration(经营范围=TOLD)]).decode()
    for data in (f"{text}{mark},x\r\n", f"{mark}\r\n{text}", f'{text}x,"{mark}"'):
        refused(deliver, data.encode(encoding))


@pytest.mark.parametrize("prose", PROSE)
def test_prose_is_no_mark(deliver: Intake, prose: str) -> None:
    """Neither in a file that is read, nor in one of which a row is set aside."""
    row = COMPANY.registration(经营范围=prose)
    assert deliver("registration", [row])["rows_new"] == 1
    text = csv(deliver, [row]).decode() + "x,y,z\r\n"
    assert deliver.bytes("registration", text.encode("gb18030"))["rows_rejected"] == 1


def test_a_mark_in_any_other_column_of_a_right_file_is_data(deliver: Intake) -> None:
    row = COMPANY.registration(经营范围="机密")
    assert deliver("registration", [row])["rows_new"] == 1


def test_a_mark_in_a_broken_workbook_is_seen(deliver: Intake) -> None:
    book = workbook(deliver.headers("registration"), marked())
    for data in (book[: len(book) // 2 * 2 - 60], book.replace(b"PK\x05\x06", b"PK\x05\x07")):
        refused(deliver, data)


@pytest.mark.parametrize("resource", ["registration", "register_extract"])
@pytest.mark.parametrize("mark", ["秘密", "内部", "待定"])
def test_a_mark_in_a_workbook_with_a_title_is_seen(
    deliver: Intake, mark: str, resource: str
) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "登记名单")
        for row, line in enumerate([["名称", "密 级"], ["甲", "公开"], [TOLD, mark]], start=1):
            sheet.write_row(row, 0, line)
    refused(deliver, out.getvalue(), resource=resource)


def test_a_mark_is_seen_behind_a_long_line_and_across_pieces(deliver: Intake) -> None:
    for size in (1 << 20, (1 << 20) - 3, 9 << 20):
        refused(deliver, b"x" * size + f',{SECRET},"'.encode())


# --- a column that tells secrecy, by any heading ---


@pytest.mark.parametrize("heading", HEADINGS)
@pytest.mark.parametrize("resource", ["register_extract", "penalties_2018"])
def test_a_secrecy_column_is_known_by_its_heading(
    deliver: Intake, heading: str, resource: str
) -> None:
    """A word that nobody knows refuses, in a layout with a column for it and in one without."""
    headers = [name for name in deliver.headers(resource) if name != "密级"]
    assert heading not in headers
    for word in ("内部", "工作秘密", "待定"):
        row = [*[TOLD] * len(headers), word]
        for sign in (",", "\t", ";"):
            text = "\r\n".join(sign.join(line) for line in ([*headers, heading], row))
            refused(deliver, text.encode("gb18030"), resource=resource)
        book = workbook([*headers, heading], [dict(zip([*headers, heading], row, strict=True))])
        refused(deliver, book, resource=resource)


def test_a_secrecy_column_that_says_nothing_keeps_no_file_out(deliver: Intake) -> None:
    headers = [*deliver.headers("register_extract"), "秘密等级"]
    data = extract(headers, {"秘密等级": "-"}, {"秘密等级": "非涉密"}, {"秘密等级": "秘密等级"})
    assert kept(deliver, data, resource="register_extract") == "COLUMNS"


# --- archives ---


def test_every_member_of_a_packed_file_is_looked_into(deliver: Intake) -> None:
    text = csv(deliver, marked())
    first, second = text[:700], text[700:] + b"x,y\r\n"
    refused(deliver, gzip.compress(first) + gzip.compress(second))
    refused(deliver, gzip.compress(first) + b"\0" * 9 + gzip.compress(second)[:-4])
    refused(deliver, gzip.compress(first) + second)
    refused(deliver, gzip.compress(first)[:-30] + gzip.compress(second))


@pytest.mark.parametrize("resource", ["registration", "register_extract"])
@pytest.mark.parametrize("mark", [SECRET, "内部"])
def test_every_member_of_a_zip_is_looked_into(deliver: Intake, resource: str, mark: str) -> None:
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", method) as archive:
            archive.writestr("a.csv", csv(deliver, [entity(n).registration() for n in range(40)]))
            archive.writestr("b.csv", csv(deliver, marked(mark)))
        refused(deliver, out.getvalue(), resource=resource)


CLOSED: dict[str, Callable[[bytes], bytes]] = {
    "an archive in a workbook": lambda text: packed(parts("", **{"a.gz": gzip.compress(text)})),
    "an old workbook in a zip": lambda text: packed({"a.xls": b"\xd0\xcf\x11\xe0" + text}),
    "a packed archive": lambda text: gzip.compress(gzip.compress(text)),
    "a workbook packed twice": lambda text: packed(
        {"a": gzip.compress(packed(parts(text.decode())))}
    ),
    "an unknown packing": lambda text: packed({"a.csv": text}).replace(b"\x08\0", b"\x09\0"),
    "a locked member": lambda text: packed({"a.csv": text}).replace(
        b"PK\x03\x04\x14\0\0\0", b"PK\x03\x04\x14\0\1\0"
    ),
}  # fmt: skip


@pytest.mark.parametrize("resource", ["registration", "register_extract"])
@pytest.mark.parametrize("fault", CLOSED)
def test_an_archive_that_cannot_be_looked_into_is_not_kept(
    deliver: Intake, fault: str, resource: str
) -> None:
    assert not_kept(deliver, CLOSED[fault](b"x,y\r\n"), resource=resource) == "ARCHIVE"


def test_an_archive_that_is_none_is_kept_to_be_looked_at(deliver: Intake) -> None:
    assert kept(deliver, b"PK\x03\x04 no archive") == "WORKBOOK"
    assert kept(deliver, packed({"a.csv": b"a", "b.csv": b"b"})) == "ARCHIVE"


# --- names ---

NAMES = ["秘密名单", "(机密)x", "（機密）绝密", "绝密★x", "秘 密 名单", "国家秘密目录", "工作秘密"]
ORDINARY = ["商业秘密案件", "商业 秘密", "计算机密码", "保密协议", "密级公开"]


@pytest.mark.parametrize("name", [f"{name}.csv" for name in NAMES])
def test_a_mark_in_the_name_of_a_file_is_seen(deliver: Intake, name: str) -> None:
    data = csv(deliver, [COMPANY.registration(经营范围=TOLD)])
    refused(deliver, data, name=name)
    refused(deliver, data, name=name.encode("gb18030").decode("utf-8", "surrogateescape"))


@pytest.mark.parametrize("name", NAMES)
def test_a_mark_in_a_name_within_a_file_is_seen(deliver: Intake, name: str) -> None:
    data = csv(deliver, [COMPANY.registration(经营范围=TOLD)])
    for encoding in ("utf-8", "gb18030"):
        refused(deliver, named_gzip(data, name.encode(encoding)))
        refused(deliver, gzip.compress(b"") + named_gzip(data, name.encode(encoding)))
    refused(deliver, packed({f"{name}.csv": data}))
    refused(deliver, titled(deliver, name))


@pytest.mark.parametrize("name", ORDINARY)
def test_an_ordinary_name_is_no_mark(deliver: Intake, name: str) -> None:
    data = csv(deliver, [COMPANY.registration()])
    assert deliver.bytes("registration", data, name=f"{name}.csv")["rows_new"] == 1
    for again in (named_gzip(data, name.encode()), titled(deliver, name)):
        assert deliver.bytes("registration", again)["rows_unchanged"] == 1


def test_the_folder_is_no_part_of_what_is_delivered(deliver: Intake) -> None:
    path = deliver.folder / "机密" / "a.csv"
    path.parent.mkdir()
    path.write_bytes(csv(deliver, [entity(1).registration()]))
    assert deliver.path("registration", path)["rows_new"] == 1


def named_gzip(data: bytes, name: bytes) -> bytes:
    """What a packing program makes of a file of this name."""
    plain = gzip.compress(data, mtime=0)
    return plain[:3] + struct.pack("B", 8) + plain[4:10] + name + b"\0" + plain[10:]


def titled(deliver: Intake, name: str) -> bytes:
    """A workbook with an empty second sheet of this name."""
    out = io.BytesIO()
    headers = deliver.headers("registration")
    with xlsxwriter.Workbook(out) as book:
        row = COMPANY.registration()
        book.add_worksheet().write_row(0, 0, headers)
        book.worksheets()[0].write_row(1, 0, [row.get(header, "") for header in headers])
        book.add_worksheet(name)
    return out.getvalue()
