"""Agencies deliver through the command, each call a process of its own; visitors watch."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from tests.cast import COMPANY, COOPERATIVE, TRADER, Entity, entity
from tests.stories.pages import Entry, entries, hits, sections
from tests.stories.province import as_csv
from tests.stories.site import Console, Said, Site

from yuexin.engines.declare.queries import current

Write = Callable[..., Path]
PLACES = ("new", "changed", "unchanged", "waiting", "rejected")
MARKET = ("--agency", "market_regulation")
ENVIRONMENT = ("--agency", "environment")


LICENSEE, NAMED, ACCUSED, WARNED, SOUGHT = (entity(n) for n in range(21, 26))


@pytest.fixture(scope="module")
def register(office: Site, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The register of those whom the stories below are about."""
    known = (COMPANY, COOPERATIVE, TRADER, LICENSEE, NAMED, ACCUSED, WARNED, SOUGHT)
    path = tmp_path_factory.mktemp("register") / "register.csv"
    path.write_text(as_csv("registration", [one.registration() for one in known]), "utf-8")
    assert _counts(office.console.deliver("registration", path)) == {"new": len(known)}


# --- the empty platform, and a folder ---


def test_an_empty_platform_says_that_nothing_came_yet(office: Site, written: Write) -> None:
    first = entity(1)
    assert "现有" not in office.page("/").text
    assert "还没有" in office.page("/agencies").text or "尚未交付" in office.page("/agencies").text
    office.console.deliver("registration", written("registration", first.registration()))
    section, (one, *others) = fewest_sources()
    before = sections(office.file(first.uscc))
    assert before[section].state == "not_yet"
    assert "尚未收到" in before[section].node.text
    deliver_empty(office, written, *one)
    partly = sections(office.file(first.uscc))
    assert partly[section].state == "partial"
    assert "尚未交付过" in partly[section].node.text
    for source in others:
        deliver_empty(office, written, *source)
    after = sections(office.file(first.uscc))
    assert after[section].state == "none"
    assert f"{current().sections[section].empty_zh}（截至" in after[section].node.text


def fewest_sources() -> tuple[str, list[tuple[str, str]]]:
    """The section that the fewest sources feed, though several, and these: agency and resource."""
    fed: dict[str, list[tuple[str, str]]] = {}
    for resource in current().resources.values():
        section = current().kinds[resource.kind].section
        for agency in resource.providers:
            if not resource.testing_only and not current().agencies[agency].valid_to:
                fed.setdefault(section, []).append((agency, resource.id))
    del fed["basic"]
    return min((item for item in fed.items() if len(item[1]) > 1), key=lambda item: len(item[1]))


def deliver_empty(office: Site, written: Write, agency: str, resource: str) -> None:
    """An agency has nothing to tell, and says so."""
    office.console.deliver(resource, written(resource), "--agency", agency)


def test_a_folder_is_delivered_by_its_manifest(office: Site, written: Write) -> None:
    listed = [
        {"file": written(resource, row, name=f"{resource}.csv").name, "resource": resource,
         "agency": "market_regulation", "declared_rows": 1}
        for resource, row in (
            ("registration", entity(3).registration()), ("annual_reports", entity(3).report()),
        )
    ]  # fmt: skip
    folder = written("registration").parent
    (folder / "manifest.json").write_text(json.dumps(listed))
    receipts = office.console("deliver", "--json", folder).lines()
    assert [receipt["resource"] for receipt in receipts] == [one["resource"] for one in listed]
    assert [_counts(receipt) for receipt in receipts] == [{"new": 1}, {"new": 1}]
    assert office.console("deliver", "--json", "--skip-known", folder).lines() == []
    (folder / "manifest.json").write_text(json.dumps([listed[0] | {"declared_rows": "1"}]))
    assert "declared_rows" in _words(office.console("deliver", folder, status=2))
    assert office.console("verify", "--json").json()["problems"] == []
    (folder / "manifest.json").write_text('[{"file": "../../etc/passwd"}]')
    assert "liesoutsidethefolder" in _words(office.console("deliver", folder, status=2))


# --- twice, corrected, waiting ---


def test_the_same_file_twice_changes_nothing(office: Site, written: Write) -> None:
    rows = [entity(n).registration() for n in (10, 11, 12)]
    path = written("registration", *rows)
    first = office.console.deliver("registration", path)
    page = office.answer(f"/s/{entity(10).uscc}").text
    second = office.console.deliver("registration", path)
    assert _counts(first) == {"new": 3}
    assert _counts(second) == {"unchanged": 3}
    assert second["batch_id"] == first["batch_id"] + 1
    assert second["sha256"] == first["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert _only_the_time_differs(page, office.answer(f"/s/{entity(10).uscc}").text)


def test_a_corrected_row_replaces_the_old_one_on_every_page(
    office: Site, written: Write, register: None
) -> None:
    heavy = COMPANY.penalty(CF_NR_FK="12.34")
    lighter = COMPANY.penalty(CF_NR_FK="5.67")
    office.console.deliver("penalties_2018", written("penalties_2018", heavy), *ENVIRONMENT)
    (before,) = _penalties(office, COMPANY)
    assert before.facts["罚款金额"] == "123,400 元"
    corrected = office.console.deliver(
        "penalties_2018", written("penalties_2018", lighter), *ENVIRONMENT
    )
    assert _counts(corrected) == {"changed": 1}
    (after,) = _penalties(office, COMPANY)
    assert after.facts["罚款金额"] == "56,700 元"
    assert after.address != before.address
    assert office.answer(before.address).headers["Location"] == after.address
    for path in (f"/s/{COMPANY.uscc}", f"/s/{COMPANY.uscc}/timeline", "/agencies/environment"):
        assert before.address not in office.page(path).links
    assert "123400" not in json.dumps(office.document(COMPANY.uscc))


def test_a_row_waits_for_its_registration_and_is_then_shown(office: Site, written: Write) -> None:
    late = entity(20)
    receipt = office.console.deliver(
        "penalties_2018", written("penalties_2018", late.penalty()), *ENVIRONMENT
    )
    assert _counts(receipt) == {"waiting": 1}
    assert receipt["waiting"] == {"UNREGISTERED": 1}
    office.page(f"/s/{late.uscc}", status=404)
    office.console.deliver("registration", written("registration", late.registration()))
    (penalty,) = _penalties(office, late)
    assert penalty.place == (receipt["batch_id"], 1)
    assert office.console.rows("SELECT * FROM waiting WHERE uscc = %s", late.uscc) == []


def test_a_name_the_code_never_had_is_not_believed(
    office: Site, written: Write, register: None
) -> None:
    stranger = "佛山市张冠李戴有限公司"
    rows = written("penalties_2018", NAMED.penalty(CF_XDR_MC=stranger))
    receipt = office.console.deliver("penalties_2018", rows, *ENVIRONMENT)
    assert receipt["waiting"] == {"NAME_DISAGREES": 1}
    assert _penalties(office, NAMED) == []
    assert stranger not in office.answer(f"/s/{NAMED.uscc}").text
    assert hits(office.page("/search", q=stranger)) == []
    # The register learns that it was a former name: now the row is about this entity.
    told = NAMED.registration(曾用名=stranger, 核准日期="2024-02-02")
    office.console.deliver("registration", written("registration", told))
    assert len(_penalties(office, NAMED)) == 1
    assert [hit.code for hit in hits(office.page("/search", q=stranger))] == [NAMED.uscc]


def test_rejected_rows_are_named_and_delivered_again(
    office: Site, written: Write, register: None
) -> None:
    good, other = COOPERATIVE.licence("1"), COOPERATIVE.licence("2")
    bad = [other | {"XK_JDRQ": "2021-02-30"}, COOPERATIVE.licence("3", XK_XDR_MC="")]
    first = office.console.deliver("licences_2018", written("licences_2018", good, *bad))
    assert _counts(first) == {"new": 1, "rejected": 2}
    findings = {(f["column"], f["rule"], f["rows"], f["of"]) for f in first["findings"]}
    assert findings == {("XK_JDRQ", "TYPE", 1, 3), ("XK_XDR_MC", "REQUIRED", 1, 3)}
    assert all(first["sentences"][rule]["zh"] for _, rule, *_ in findings)
    assert _kept_back(office.console, first["batch_id"]) == [2, 3]
    assert [(e["row"], e["field"], e["rule"], e["value_masked"]) for e in first["errors"]] == [
        (2, "XK_JDRQ", "TYPE", "2021-02-30"), (3, "XK_XDR_MC", "REQUIRED", "")
    ]  # fmt: skip
    again = written("licences_2018", other, COOPERATIVE.licence("3"))
    second = office.console.deliver("licences_2018", again, "--linked-to", first["batch_id"])
    assert second["linked_to"] == first["batch_id"]
    assert _counts(second) == {"new": 2}
    licences = [e for e in entries(office.file(COOPERATIVE.uscc)) if "许可" in e.headline]
    assert len(licences) == 3
    nowhere = office.console.deliver("licences_2018", again, "--linked-to", 99_999, status=2)
    assert "没有交付99999" in _words(nowhere)


def test_the_agency_takes_its_errors_home_and_checks_the_signature(
    office: Site, written: Write, register: None, tmp_path: Path
) -> None:
    bad = COMPANY.licence("9", XK_JDRQ="=2+5", XK_NR="x" * 5000)
    number = office.console.deliver("licences_2018", written("licences_2018", bad))["batch_id"]
    out = tmp_path / "errors.csv"
    receipt = office.console("receipt", number, "--errors", out, "--json").json()
    signature = receipt["signature"]
    signed = {key: receipt[key] for key in signature["over"]}
    text = json.dumps(signed, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(signature["public_key"]))
    key.verify(bytes.fromhex(signature["value"]), text)
    with pytest.raises(InvalidSignature):
        key.verify(bytes.fromhex(signature["value"]), text.replace(b'"rows_ok":0', b'"rows_ok":1'))
    rows = list(csv.reader(out.read_text("utf-8-sig").splitlines()))
    told = {(row, field, rule): value for row, field, rule, _, value in rows[1:]}
    assert set(told) == {("1", "XK_JDRQ", "TYPE"), ("1", "XK_NR", "LENGTH")}
    assert told["1", "XK_JDRQ", "TYPE"] == "'=2+5"
    again = office.console("receipt", number, "--errors", out, status=2)
    assert "ERRORS_FILE" in again.err
    assert "没有回执" in office.console("receipt", 99_999, status=1).err


def test_of_two_agencies_that_contradict_each_other_the_second_waits(
    office: Site, written: Write, register: None
) -> None:
    for agency, fine, place in ((MARKET, "1", "new"), (ENVIRONMENT, "2", "waiting")):
        rows = written("penalties_2018", ACCUSED.penalty(CF_NR_FK=fine))
        receipt = office.console.deliver("penalties_2018", rows, *agency)
        assert _counts(receipt) == {place: 1}
    assert receipt["waiting"] == {"SAID_ELSEWHERE": 1}
    (told,) = _penalties(office, ACCUSED)
    assert told.facts["罚款金额"] == "10,000 元"
    assert "市场监督管理局" in told.source


def test_what_was_said_by_mistake_is_taken_back(
    office: Site, written: Write, register: None
) -> None:
    rows = written("penalties_2018", SOUGHT.penalty("77"))
    assert _counts(office.console.deliver("penalties_2018", rows, *ENVIRONMENT)) == {"new": 1}
    (told,) = _penalties(office, SOUGHT)
    taken = office.console.deliver("penalties_2018", rows, *ENVIRONMENT, "--withdraw")
    assert (_counts(taken), taken["intent"]) == ({"changed": 1}, "withdraw")
    assert _penalties(office, SOUGHT) == []
    office.page(told.address, status=404)


# --- refused ---


def test_a_file_that_cannot_be_read_gets_a_receipt_in_words(
    office: Site, written: Write, tmp_path: Path, register: None
) -> None:
    truncated, stranger = tmp_path / "truncated.xlsx", written("penalties_2018", COMPANY.penalty())
    truncated.write_bytes(b"PK\x03\x04 no archive")
    short = written("licences_2018", LICENSEE.licence("9"), name="short.csv")
    ask = ("deliver", "--resource", "licences_2018", "--json")
    receipts = office.console(*ask, truncated, stranger, status=2).lines()
    receipts += office.console(*ask, short, "--rows", 2, status=2).lines()
    for receipt, said in zip(
        receipts, ("压缩", "未在目录中声明", "申报 2 行，实收 1 行"), strict=True
    ):
        assert receipt["state"] == "refused"
        assert said in receipt["refusal"]["zh"], receipt["refusal"]
        assert "处理：" in receipt["refusal"]["zh"]
        assert "What to do: " in receipt["refusal"]["en"]
        assert _counts(receipt) == {}
    assert "9号" not in office.file(LICENSEE.uscc).text


def test_what_is_not_even_received_leaves_a_sentence_and_no_number(
    office: Site, written: Write, tmp_path: Path
) -> None:
    last = _deliveries(office.console)
    path = written("licences_2018", LICENSEE.licence("8"))
    empty, scan = tmp_path / "empty.csv", tmp_path / "scan.csv"
    empty.write_bytes(b"")
    scan.write_bytes(b"%PDF-1.7")
    for words, sentences in (
        ((path, "--sha256", "0" * 64), ("文件摘要与申报不符",)),
        ((path, "--agency", "data_bureau"), ("不是该资源的提供方",)),
        ((empty, scan, "--secrecy", ""), ("文件为空", "不支持的文件格式")),
    ):
        said = office.console("deliver", "--resource", "licences_2018", *words, status=2)
        assert said.out == ""
        assert all(sentence in _words(said) for sentence in sentences)
    assert _deliveries(office.console) == last


def test_nothing_of_a_secret_file_is_kept(office: Site, written: Write) -> None:
    marker = "绝不外传的机要事项甲乙丙"
    row = COMPANY.penalty("77", CF_SY=marker, 密级="机密★十年")
    said = office.console.deliver("penalties_2018", written("penalties_2018", row), status=2)
    assert "未接收" in _words(said)
    assert marker not in _words(said)
    for encoding in ("utf-8", "gb18030"):
        assert [p for p in _files(office.console.home) if _holds(p, marker.encode(encoding))] == []
    assert list(office.console.home.glob("deliveries/.arriving-*")) == []
    noted = office.console.rows(
        "SELECT detail->>'code' FROM journal_entry WHERE action = 'delivery.refused'"
    )
    assert ("SECRET",) in noted


# --- the other commands ---


def test_an_officer_sees_more_for_a_purpose_and_the_look_is_kept(
    office: Site, written: Write, register: None
) -> None:
    warned = WARNED.penalty(CF_CFLB="警告", CF_NR="警告", CF_NR_FK="", CF_FRDB="李示例")
    office.console.deliver("penalties_2018", written("penalties_2018", warned), *ENVIRONMENT)
    ask = ("subject", WARNED.uscc, "--json")
    public = office.console(*ask).json()
    officer = office.console(*ask, "--purpose", "licensing").json()
    curious = office.console(*ask, "--purpose", "curiosity").json()
    assert _facts(public, "penalty") == []
    (seen,) = _facts(officer, "penalty")
    assert seen["legal_rep"] == "李示例"
    assert seen["penalty_types"] == "警告"
    assert {section["state"] for section in curious["sections"]} <= {"not_public", "not_collected"}
    looks = office.console.rows(
        "SELECT actor, detail->>'purpose' FROM journal_entry WHERE stream = 'look' "
        "AND thing = %s ORDER BY id",
        f"subject/{WARNED.uscc}",
    )
    assert [purpose for _, purpose in looks] == ["licensing", "curiosity"]


def test_a_subject_is_printed_for_people_and_for_a_past_day(office: Site, register: None) -> None:
    printed = office.console("subject", TRADER.uscc.lower()).out
    assert TRADER.name in printed
    assert "来源：广东省市场监督管理局" in printed
    past = office.console("subject", TRADER.uscc, "--on", "2020-01-31", "--json").json()
    assert past["on"] == "2020-01-31"
    assert past["timeline"] == []


def test_codes_are_judged_line_by_line(office: Site) -> None:
    typed = [COMPANY.uscc, COMPANY.uscc.lower(), COMPANY.uscc[:-1] + "X", "", "440306600000347"]
    said = office.console("code", "--json", text="\n".join(typed)).lines()
    assert [(one["valid"], one["scheme"]) for one in said] == [
        (True, "uscc"), (True, "uscc"), (False, "uscc"), (False, "uscc"), (True, "reg_no"),
    ]  # fmt: skip
    assert said[1]["code"] == COMPANY.uscc
    assert said[2]["problems"] == ["CHECK"]
    assert "有效" in office.console("code", text=COMPANY.uscc).out
    mistyped = COMPANY.uscc.replace("0", "O")
    assert f"did you mean {COMPANY.uscc}" in office.console("code", text=mistyped).out


def test_the_command_searches_as_the_page_does(office: Site, register: None) -> None:
    for query in ("示例", SOUGHT.org_code):
        found = office.console("search", query, "--json").json()
        page = hits(office.page("/search", q=query))
        assert [hit["code"] for hit in found["hits"]] == [hit.code for hit in page]
        assert SOUGHT.uscc in [hit.code for hit in page]
    assert SOUGHT.name in office.console("search", SOUGHT.name).out


def test_the_doctor_says_what_this_installation_is(office: Site) -> None:
    said = office.console("doctor", "--json").json()
    assert said["home"] == str(office.console.home)
    assert said["database"].startswith("PostgreSQL")
    assert said["declarations"] == current().digest
    assert said["unsettled"] == []
    assert said["free_bytes"] > 0


# --- the end: everything above stays provable ---


def test_all_of_it_verifies_and_rebuilds(office: Site) -> None:
    console = office.console
    verified = console("verify", "--json").json()
    assert verified["problems"] == []
    assert verified["deliveries"] == _deliveries(console)
    receipts = console.rows("SELECT count(*), count(DISTINCT delivery) FROM receipt")
    assert receipts == [(verified["deliveries"], verified["deliveries"])]
    before = _derived(console)
    assert console("rebuild", "--check", "--json").json()["differences"] == []
    assert _derived(console) == before
    assert console("rebuild", "--json").json()["differences"] == []
    assert _derived(console) == before
    assert console("verify", "--json").json()["problems"] == []


def _counts(receipt: dict[str, int]) -> dict[str, int]:
    """Where the rows ended, without the places where none did."""
    return {place: receipt[f"rows_{place}"] for place in PLACES if receipt[f"rows_{place}"]}


def _words(said: Said) -> str:
    """What was said to a person, however the lines were broken."""
    return "".join(said.err.split())


def _only_the_time_differs(one: str, other: str) -> bool:
    """The last line of a file names the moment of the last delivery."""
    return one.split("全部内容出自")[0] == other.split("全部内容出自")[0]


def _penalties(office: Site, one: Entity) -> list[Entry]:
    found = sections(office.file(one.uscc))["administration"].entries
    return [entry for entry in found if "处罚决定文书号" in entry.facts]


def _kept_back(console: Console, number: int) -> list[int]:
    found = console.rows("SELECT row FROM quarantined WHERE delivery = %s ORDER BY row", number)
    return [row for (row,) in found]


def _deliveries(console: Console) -> int:
    ((count,),) = console.rows("SELECT count(*) FROM delivery")
    return int(count)


def _files(home: Path) -> list[Path]:
    return [path for path in home.rglob("*") if path.is_file()]


def _holds(path: Path, secret: bytes) -> bool:
    try:
        return secret in path.read_bytes()
    except FileNotFoundError:
        return False


def _facts(file: dict[str, Any], kind: str) -> list[dict[str, str]]:
    """The facts of a kind of record in a printed file, in Chinese."""
    return [
        {fact["field"]: fact["value"]["zh"] for fact in entry["facts"]}
        for section in file["sections"]
        for entry in section["entries"]
        if entry["kind"] == kind
    ]


def _derived(console: Console) -> dict[str, list[tuple[object, ...]]]:
    """Every derived row, whole."""
    tables = ("subject", "alias", "subject_name", "record", "public_row", "quarantined", "waiting")
    every = {t: console.rows(f"SELECT to_jsonb(t)::text FROM {t} t ORDER BY 1") for t in tables}
    verdicts = "SELECT subject, rule, value, valid_from FROM verdict ORDER BY 1, 2, 4"
    return every | {"verdict": console.rows(verdicts)}
