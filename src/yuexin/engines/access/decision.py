"""The one place that decides who may see what: fields, rows of deliveries, rooms of the desk.

Deny unless a declaration and a law allow it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Final

from yuexin.base.memo import Memo
from yuexin.base.regions import lies_in, name_of
from yuexin.base.text import Text
from yuexin.engines.access.types import OPERATOR, Actor, Disclosure, FieldDecision, Scope
from yuexin.engines.declare.types import (
    Declarations,
    Field,
    Party,
    RecordKind,
    Regime,
    Release,
    Room,
    SubjectRule,
)

SCOPES = {
    "public": frozenset({"public"}),
    "subject": frozenset({"public", "authorised", "agencies"}),
    "agency": frozenset({"public", "authorised", "agencies"}),
}

_decided: Final = Memo[tuple[str, str, str], tuple[FieldDecision, ...]](4096)


def disclose(
    *,
    declarations: Declarations,
    actor: Actor,
    kind: RecordKind,
    about: str = "",
    past: bool = False,
) -> Disclosure:
    """What `actor` may see of records of `kind`, field by field, each with its reason.

    `about` is the code under which they were told, none where they are many's: what a subject sees
    of itself opens to nobody else, be his code judged to be the same subject's. `past` asks for a
    day that is over.
    """
    role = declarations.roles.get(actor.role)
    if role is None:
        return _denied("", "没有这个角色", "no such role")
    for name in role.releases:
        release = declarations.releases[name]
        if release.audience == "subject" and not _is_own(actor, about):
            continue
        if kind.id in release.by_kind:
            if past and release.audience != "public" and not role.past_views:
                return _denied(name, "该角色不得查看过去的档案", "no past views for this role")
            return _through(declarations, release, actor, kind)
    return _denied("", "这类信息不对该角色提供", "this kind is not released to this role")


def tells(
    *, declarations: Declarations, actor: Actor, rule: SubjectRule, codes: Collection[str] = ()
) -> bool:
    """Whether `actor` is told what a rule says: all are of a public one, else public bodies and
    the subject itself. `codes` are all those of the file: what is said of several together tells
    the owner of one what was told under another's, so he is not told."""
    if rule.scope == "public":
        return True
    role = declarations.roles.get(actor.role)
    for name in role.releases if role else ():
        release = declarations.releases[name]
        if release.audience == "subject" and codes and all(_is_own(actor, one) for one in codes):
            return True
        if release.audience == "agency" and actor.purpose in release.purposes:
            return True
    return False


def told_of_list(
    *,
    declarations: Declarations,
    actor: Actor,
    regime: Regime,
    sees_entry: bool,
    codes: Collection[str] = (),
) -> bool:
    """Whether `actor` is told that a subject stands in a list: whoever is told what its rule says,
    and whoever sees an entry that made it so, since the law that publishes the entry publishes the
    list."""
    rule = declarations.rules[regime.rule]
    return sees_entry or tells(declarations=declarations, actor=actor, rule=rule, codes=codes)


def finds_by_person(*, declarations: Declarations, actor: Actor) -> bool:
    """Whether `actor` may ask whom a person represents: public bodies for a stated purpose. To all
    others a person is no search term (personal-information-law Art. 6)."""
    role = declarations.roles.get(actor.role)
    return any(
        release.audience == "agency" and actor.purpose in release.purposes
        for release in (declarations.releases[name] for name in (role.releases if role else ()))
    )


def acts_for(*, actor: Actor, code: str, right: str = "apply") -> bool:
    """Whether `actor` may do this in the name of the subject of this code, and of no other: its
    owner all, a delegate what he was given (civil-code Art. 162)."""
    if not code or actor.subject_code != code:
        return False
    return actor.rights is None or right in actor.rights


def delegates_for(*, declarations: Declarations, actor: Actor) -> str:
    """The code of the subject in whose name `actor` may let others act, '' for none. Whoever was
    given a right hands it on to nobody (civil-code Art. 169)."""
    role = declarations.roles.get(actor.role)
    may = role is not None and role.delegates and actor.rights is None
    return actor.subject_code if may else ""


def confirms_for(*, declarations: Declarations, actor: Actor, code: str) -> bool:
    """Whether `actor` confirms at a window who somebody is and that he acts for this subject: an
    officer of an agency that keeps a register, within its division."""
    # Digits 3 to 8 of a unified code are the division of its registration (GB 32100-2015).
    at_window = "window" in rooms_of(declarations=declarations, actor=actor)
    return at_window and lies_in(code[2:8], actor.division)


def own_subject(*, declarations: Declarations, actor: Actor) -> str:
    """The code under which `actor` reads as the subject itself what was told, and of whose looks
    he learns. '' where his role reads as none (personal-information-law Art. 44, 45)."""
    code = acted_subject(declarations=declarations, actor=actor)
    return code if _reads_own(actor) else ""


def acted_subject(*, declarations: Declarations, actor: Actor) -> str:
    """The code of the subject in whose name `actor` comes to the counter, with whichever rights;
    '' for whoever acts for none."""
    role = declarations.roles.get(actor.role)
    named = role.releases if role else ()
    is_own = any(declarations.releases[name].audience == "subject" for name in named)
    return actor.subject_code if is_own else ""


def _is_own(actor: Actor, told_under: str) -> bool:
    """An owner is one of the code that he was granted, and of no other, whatever was judged to be
    the same subject: by a wrong judgement he would read another firm's."""
    return acts_for(actor=actor, code=told_under, right="read_file")


def _reads_own(actor: Actor) -> bool:
    return acts_for(actor=actor, code=actor.subject_code, right="read_file")


def _through(
    declarations: Declarations, release: Release, actor: Actor, kind: RecordKind
) -> Disclosure:
    if release.purposes and actor.purpose not in release.purposes:
        return _denied(release.id, "须说明法定的查询目的", "a declared purpose is needed")
    fields = _fields(declarations, release, kind)
    reason = Text(f"依据{release.zh}", f"by the {release.en}")
    return Disclosure(release=release.id, allowed=True, reason=reason, fields=fields)


def _fields(
    declarations: Declarations, release: Release, kind: RecordKind
) -> tuple[FieldDecision, ...]:
    """Of all fields, decided once while the same declarations hold: who asks changes nothing."""
    key = (declarations.digest, release.id, kind.id)
    return _decided.get(key, lambda: tuple(_field(release, field) for field in kind.fields))


def _field(release: Release, field: Field) -> FieldDecision:
    opened = field.public_when if release.audience == "public" else ""
    if field.scope not in SCOPES[release.audience] and not opened:
        return _hidden(field, "没有法律规定对其公开", "no law opens it to this reader")
    if release.audience == "public" and not field.basis:
        return _hidden(field, "没有公开依据", "no legal basis to publish")
    masked = field.mask != "none" and release.audience == "public"
    return FieldDecision(
        field=field.id,
        treatment="mask" if masked else "show",
        mask=field.mask,
        reason=Text(f"依据 {field.basis or release.basis[0]}", field.basis or release.basis[0]),
        when=opened,
    )


def _hidden(field: Field, zh: str, en: str) -> FieldDecision:
    return FieldDecision(field=field.id, treatment="hide", mask="none", reason=Text(zh, en))


def _denied(release: str, zh: str, en: str) -> Disclosure:
    return Disclosure(release=release, allowed=False, reason=Text(zh, en))


def deliveries_scope(*, declarations: Declarations, actor: Actor) -> Scope:
    """Of which agencies `actor` may look at deliveries, quarantine and waiting rows."""
    role = declarations.roles.get(actor.role)
    if role is None or role.scope == "none":
        return _scope(frozenset(), "该角色不查看交付情况", "this role looks at no deliveries")
    if role.scope == "province":
        reason = Text(
            "看得到全省各部门交付的数据", "you see what all agencies of the province deliver"
        )
        return Scope(everything=True, agencies=frozenset(declarations.agencies), reason=reason)
    if role.scope == "division":
        place = name_of(actor.division) or Text("所辖区划", "the division")
        within = frozenset(agencies_within(declarations=declarations, division=actor.division))
        return _scope(
            within,
            f"看得到{place.zh}各部门交付的数据",
            f"you see what the agencies of {place.en} deliver",
        )
    own = _answers_for(declarations, actor.agency)
    return _scope(own, "只看得到本部门交付的数据", "you see what your own agency delivers")


def agencies_acted_for(*, declarations: Declarations, actor: Actor) -> frozenset[str]:
    """The agencies in whose name `actor` may deliver: his own, and those merged into it.

    Whoever keeps the data of a division, or of the province, delivers for the agencies there.
    """
    role = declarations.roles.get(actor.role)
    if role is not None and role.delivers == "province":
        return frozenset(declarations.agencies)
    own = _answers_for(declarations, actor.agency)
    if role is not None and role.delivers == "division":
        return own | set(agencies_within(declarations=declarations, division=actor.division))
    return own


def is_partial(*, actor: Actor, code: str) -> bool:
    """Whether the account of `actor` may act for the subject of this code by another grant: what
    he would decide of it in an office is his own affair."""
    return bool(code) and code in actor.also_for


def parties_in(
    *,
    declarations: Declarations,
    actor: Actor,
    code: str,
    office: str,
    applicant: str = "",
    closed: bool = False,
) -> frozenset[Party]:
    """As which parties `actor` may take steps of a case about the entity of this code that the
    agency `office` handles; none for the entity where the case is `closed` to it. Nobody is both
    sides of one case, by whichever of his grants, and whoever applied for an entity is no party
    once he acts for it no more."""
    if actor == OPERATOR:
        return frozenset({"clock"})
    if is_partial(actor=actor, code=code):
        return frozenset()
    if not closed and acts_for(actor=actor, code=code):
        return frozenset({"applicant"})
    if actor.id == applicant:
        return frozenset()
    role = declarations.roles.get(actor.role)
    if role is None or "cases" not in role.rooms:
        return frozenset()
    if office not in agencies_acted_for(declarations=declarations, actor=actor):
        return frozenset()
    return frozenset({"office", "signer"}) if role.signs else frozenset({"office"})


def signs(*, declarations: Declarations, actor: Actor) -> bool:
    """Whether `actor` is one who signs what decides a case, for some body."""
    role = declarations.roles.get(actor.role)
    return role is not None and role.signs


def rooms_of(*, declarations: Declarations, actor: Actor) -> tuple[Room, ...]:
    """The rooms of the desk that `actor` may enter, in the order in which his role names them. At
    a window stand officers of those agencies only that keep a register."""
    role = declarations.roles.get(actor.role)
    named = role.rooms if role else ()
    if actor.agency in declarations.acting.windows:
        return named
    return tuple(room for room in named if room != "window")


def offices_of(*, declarations: Declarations, actor: Actor) -> frozenset[str]:
    """The agencies in whose place `actor` reads what is told to an office: officers their own, and
    those merged into it."""
    role = declarations.roles.get(actor.role)
    officer = role is not None and role.holder == "officer"
    return _answers_for(declarations, actor.agency) if officer else frozenset()


def checks_in(*, declarations: Declarations, actor: Actor, scene: str) -> bool:
    """Whether `actor` may check subjects at the point of handling in this scene: for an agency, in
    a role with that room, where the agencies' release names the scene among its purposes."""
    role = declarations.roles.get(actor.role)
    if role is None or "handling" not in role.rooms or not _own_agencies(declarations, actor):
        return False
    opened = (declarations.releases[name] for name in role.releases)
    return any(one.audience == "agency" and scene in one.purposes for one in opened)


def scenes_of(*, declarations: Declarations, actor: Actor) -> tuple[str, ...]:
    """The scenes in which `actor` may check, in the order in which they are declared."""
    named = (code.code for code in declarations.codes["purposes"].values)
    return tuple(
        one for one in named if checks_in(declarations=declarations, actor=actor, scene=one)
    )


def handles_for(*, declarations: Declarations, actor: Actor) -> frozenset[str]:
    """The agencies whose checks `actor` reads, answers and proves: his own, and those merged into
    it. What another body asked is nobody else's to read."""
    role = declarations.roles.get(actor.role)
    inside = role is not None and "handling" in role.rooms
    return _own_agencies(declarations, actor) if inside else frozenset()


def refuses_for(*, declarations: Declarations, actor: Actor, agency: str) -> bool:
    """Whether `actor` signs what this agency refuses by a check: in a role that refuses, for it."""
    role = declarations.roles.get(actor.role)
    own = handles_for(declarations=declarations, actor=actor)
    return role is not None and role.refuses and agency in own


def counts_handling_of(*, declarations: Declarations, actor: Actor) -> Scope:
    """Of which agencies `actor` reads how checks were answered, in numbers and without any subject:
    his own, or all of those in his reach."""
    role = declarations.roles.get(actor.role)
    if role is not None and "handling" in role.rooms and role.scope in ("division", "province"):
        return deliveries_scope(declarations=declarations, actor=actor)
    own = handles_for(declarations=declarations, actor=actor)
    return _scope(own, "只看得到本部门的核查", "you see the checks of your own agency")


def _own_agencies(declarations: Declarations, actor: Actor) -> frozenset[str]:
    return _answers_for(declarations, actor.agency)


def agencies_within(*, declarations: Declarations, division: str) -> Iterator[str]:
    """The agencies whose declared division is this one or lies below it."""
    return (one.id for one in declarations.agencies.values() if lies_in(one.division, division))


def _answers_for(declarations: Declarations, agency: str) -> frozenset[str]:
    """An agency and, through all reforms, those whose successor it is."""
    found = {agency} & declarations.agencies.keys()
    while (
        more := {one.id for one in declarations.agencies.values() if one.successor in found} - found
    ):
        found |= more
    return frozenset(found)


def lineage_of(*, declarations: Declarations, agency: str) -> frozenset[str]:
    """An agency with all that became one with it by reforms, before it and after."""
    last, seen = agency, {agency}
    while (found := declarations.agencies.get(last)) and found.successor not in {"", *seen}:
        last = found.successor
        seen.add(last)
    return _answers_for(declarations, last) | {agency}


def _scope(agencies: frozenset[str], zh: str, en: str) -> Scope:
    return Scope(everything=False, agencies=agencies, reason=Text(zh, en))
