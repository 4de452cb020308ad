"""What a check says in words. Public interface: tested and translated."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from yuexin.base.text import Text
from yuexin.domains.credit.handling.types import Ground, Overall

OVERALL: Final[dict[Overall, Text]] = {
    "mandatory_deny": Text("依法不予办理", "Refuse by law"),
    "must_consider": Text("依法须予考虑", "Weigh it, by law"),
    "advisory": Text("建议从严办理", "Better be strict"),
    "inform": Text("仅供知悉", "For your knowledge"),
    "ease": Text("可予便利", "Ease it"),
    "": Text("未见须采取的措施", "No measure is called for"),
}
LOOK_FIRST: Final = Text("须人工核实", "A person must look first")
TO_DO: Final[dict[Overall, Text]] = {
    "mandatory_deny": Text(
        "须拒绝办理：确认知悉，签发附救济途径的不予办理决定，并反馈结果。",
        "Refuse: acknowledge, sign the reasoned refusal with its remedies, and report what you "
        "did.",
    ),
    "must_consider": Text(
        "把下列措施作为办理的考虑因素，自行裁量；确认知悉，并反馈结果。",
        "Weigh the measures below and decide; acknowledge, and report what you did.",
    ),
    "advisory": Text(
        "建议从严审查；是否采取由您决定，请反馈结果。",
        "Examine strictly; whether to is yours to decide. Report what you did.",
    ),
    "inform": Text(
        "没有须采取的措施，不得据此限制。",
        "Nothing is to be done: it is no ground for any limit.",
    ),
    "ease": Text("可提供下列便利；请反馈结果。", "Offer the easings below; report what you did."),
    "": Text(
        "照常办理。未见不等于没有：只核对已归集的信息。",
        "Handle it as usual. Only what was collected here was looked at.",
    ),
}
LOOK_TO_DO: Final = Text(
    "先向信息来源单位核实下列存疑之处，核实前不得据此作出不利决定。",
    "First verify what is doubtful with its source; until then nothing adverse may rest on it.",
)
CODE_TO_DO: Final = Text(
    "没有确定是哪个主体：先核对代码，填对以后重新核查。没有核查到，不等于没有限制。",
    "It is not certain who is meant: compare the code, then check again. What was not checked may "
    "be limited all the same.",
)

FOUND: Final = Text("按统一社会信用代码找到", "found by its unified social credit code")
JOINED: Final = Text(
    "这个代码已认定与 {} 为同一主体，按同一份档案核查",
    "this code was judged to be the same entity as {}; their one file was checked",
)
MOVED: Final = Text(
    "这是旧号码，现用代码为 {}，按现用代码核查",
    "an old number; the entity now has the code {}, which was checked",
)
CANCELLED: Final = Text(
    "该主体登记状态为“{}”，不能再作为办理对象；所列信息仅供核对",
    "the entity's registration is: {}; it can be no party any more, what is listed is for "
    "comparison only",
)
UNKNOWN: Final = Text(
    "代码正确，但归集的登记信息中没有这个主体；不能据此认为没有限制",
    "the code is well formed, but no such entity was collected here: not that nothing stands "
    "against it",
)
BY_NAME: Final = Text(
    "仅凭名称不能核查，请核对代码：{}",
    "a name alone is not checked; compare its code: {}",
)

NOT_CONFIRMED: Final = Text(
    "该措施的依据尚待确认，不得据此拒绝",
    "the basis of this measure is not confirmed yet: it refuses nothing",
)
DISPUTED: Final = Text(
    "当事人对这条信息提出异议，正在处理", "this is under objection, which is being handled"
)
STALE: Final = Text(
    "来源单位逾期没有更新，可能已经变化", "its source is overdue: it may have changed since"
)
NOT_KNOWN: Final = Text(
    "尚未研判，或资料不全：{}。须人工核实",
    "not judged yet, or too little is known: {}. A person has to look",
)
DOUBTFUL: Final = Text(
    "这个代码下的登记信息有矛盾，正在核实",
    "what was told under this code contradicts itself and is being verified",
)
NO_EASINGS: Final = Text(
    "在严重失信名单中的，不适用守信激励（{}）",
    "no easing for whoever stands in an adverse list ({})",
)
PERSON_FOUND: Final = Text(
    "{}（{}）曾任{}（{}）的法定代表人，该主体{}；是否负有个人责任、能否任职，须人工核实",
    "{} ({}) was the legal representative of {} ({}), of which is said: {}; whether he is "
    "personally liable and may hold the post, a person has to verify",
)
TO_HOLD_A_POST: Final = Text("拟任职", "to hold a post")
NOT_COMPARED: Final = Text(
    "本环节下列措施也针对法定代表人：{}。有 {} 名任职人员没有可核对的证件号码，没有比对；"
    "同名不等于同一人，请核实其证件后填入证件号码再核查",
    "in this scene these measures also bind legal representatives: {}. Of those who hold posts, {} "
    "not compared, since no number with a check character was delivered; one name is not one "
    "person: look at the document and check again with its number",
)
COMPARED: Final = Text(
    "填写的证件号码（{}）已经比对，查到的列在下面；没有列出的，只是未见，不等于没有",
    "the numbers given ({}) were compared, and what was found stands below; where nothing does, "
    "nothing was seen, which is not that there is nothing",
)
OTHER_NOT_KNOWN: Final = Text(
    "本环节下列措施也针对法定代表人：{}。任职人员曾任法定代表人的其他主体尚未研判，或资料不全：{}。须人工核实",
    "in this scene these measures also bind legal representatives: {}. Of other entities that "
    "holders of posts represented it was not judged yet, or too little is known: {}. A person has "
    "to look",
)
NO_POSTS: Final = Text(
    "本环节下列措施也针对法定代表人：{}。没有归集到任职信息，没有比对；请核实证件后填入证件号码再核查",
    "in this scene these measures also bind legal representatives: {}. Who holds posts was not "
    "collected and not compared: look at the document and check again with its number",
)
ONE_BAD: Final = Text(
    "联合体：成员 {} 依法不予办理，整个联合体不予办理",
    "a consortium: by law this member is to be refused, and so is the whole: {}",
)
REPEATED: Final = Text(
    "清单里有 {} 行与其他行重复，每个主体只核查一次",
    "{} lines of the list repeat another one; each entity is checked once",
)
CONTACT: Final = Text("向{}核实", "verify with {}")


def filled(text: Text, *values: Text | str) -> Text:
    """The sentence with these put in, in both languages."""
    return Text(
        text.zh.format(*(one.zh if isinstance(one, Text) else one for one in values)),
        text.en.format(*(one.en if isinstance(one, Text) else one for one in values)),
    )


def repeated(count: int) -> Text:
    """That so many lines named what another line names."""
    return filled(REPEATED, f"{count:,}")


def doubts(one: Ground) -> list[Text]:
    """What is doubtful of a ground."""
    return [*([DISPUTED] if one.disputed else []), *([STALE] if one.stale else [])]


def codes(named: Iterable[str]) -> Text:
    """Several codes, as each language sets them apart."""
    return listed([Text(one, one) for one in named])


def listed(texts: list[Text]) -> Text:
    """Several, each once, in their order."""
    once = list(dict.fromkeys(texts))
    return Text("、".join(one.zh for one in once), ", ".join(one.en for one in once))
