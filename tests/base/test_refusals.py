"""What a refusal says, to people and to machines."""

import pickle

from yuexin.base.errors import Refusal
from yuexin.base.text import Text

FULL = Refusal(
    code="CHECK",
    what=Text("统一社会信用代码校验位不符。", "the check character does not match"),
    where="第3行 uscc",
    rule="GB 32100-2015",
    remedy=Text("请核对后重新报送", "correct it and deliver again."),
)
BARE = Refusal(code="CLOSED", what=Text("案件已办结", "the case is closed"))


def test_a_refusal_says_what_where_by_which_rule_and_what_to_do() -> None:
    assert FULL.sentence("zh-CN") == (
        "统一社会信用代码校验位不符；位置：第3行 uscc；"
        "依据：GB 32100-2015；处理：请核对后重新报送。"
    )
    assert FULL.sentence("en") == (
        "The check character does not match. Where: 第3行 uscc. Rule: GB 32100-2015. "
        "What to do: correct it and deliver again."
    )


def test_what_a_refusal_does_not_know_it_leaves_out() -> None:
    assert str(BARE) == "案件已办结。"
    assert BARE.sentence("en") == "The case is closed."


def test_a_refusal_is_problem_details_for_a_machine() -> None:
    assert FULL.as_dict("en") == {
        "type": "urn:yuexin:refusal:CHECK",
        "title": "the check character does not match",
        "detail": FULL.sentence("en"),
        "where": "第3行 uscc",
        "rule": "GB 32100-2015",
        "remedy": "correct it and deliver again.",
    }
    assert BARE.as_dict("zh")["remedy"] == ""


def test_a_refusal_survives_the_way_out_of_a_worker_process() -> None:
    again = pickle.loads(pickle.dumps(FULL))
    assert again.as_dict("zh") == FULL.as_dict("zh")
    assert again.code == "CHECK"
