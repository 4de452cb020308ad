"""The answer to a check: of each subject what stands against it, what is to be done, and why.

A read of stored verdicts. What cannot be told is said, and a person has to look.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from yuexin.base.text import Text
from yuexin.domains.credit.handling import words
from yuexin.domains.credit.handling.book import Book, book_of
from yuexin.domains.credit.handling.evidence import evidence_of
from yuexin.domains.credit.handling.hits import Scene, hits_of, outcome_label, standing_of
from yuexin.domains.credit.handling.reading import Found, judged_rules
from yuexin.domains.credit.handling.resolving import Meant, meant
from yuexin.domains.credit.handling.types import OVERALL, Answer, Hit, Late, Overall, Standing
from yuexin.domains.credit.verdicts import STATUS_RULE
from yuexin.engines.access.types import Actor
from yuexin.engines.declare.types import Declarations
from yuexin.engines.deliveries.queries import freshness
from yuexin.engines.rules.queries import kinds_read

GONE: Final = frozenset({"cancelled", "annulled"})
"""What the rule of the status says of whoever can be no party any more."""
TO_ACKNOWLEDGE: Final[frozenset[Overall]] = frozenset({"must_consider", "mandatory_deny"})


@dataclass(frozen=True, kw_only=True)
class Answered:
    """The answers in the order asked, and the sources that are overdue."""

    subjects: tuple[Answer, ...]
    late: tuple[Late, ...]
    notes: tuple[Text, ...]
    codes: tuple[str, ...]


def answers_to(
    *, declarations: Declarations, actor: Actor, lines: Sequence[str], scene: str, on: dt.date
) -> Answered:
    """What is called for today of each subject that a line means. `codes` are all codes of the
    files that were looked at."""
    book = book_of(declarations=declarations, scene=scene, on=on)
    rules = tuple(dict.fromkeys((*book.rules, STATUS_RULE)))
    wanted = book.wanted | {(STATUS_RULE, one) for one in GONE}
    asked = meant(declarations=declarations, lines=lines, rules=rules, wanted=wanted, on=on)
    late = late_sources(declarations=declarations, book=book, on=on)
    ids = {
        record for one in asked if one.found for said in one.found.said for record in said.records
    }
    records = evidence_of(declarations=declarations, actor=actor, records=ids, late=late, on=on)
    using = _Using(
        scene=Scene(declarations=declarations, book=book, records=records, on=on),
        rules=rules,
    )
    told = {one.asked: using.answer(one) for one in {one.asked: one for one in asked}.values()}
    codes = dict.fromkeys(code for one in asked if one.found for code in one.found.codes)
    return Answered(
        subjects=tuple(told[one.asked] for one in asked),
        late=late,
        notes=tuple(_of_persons(book)),
        codes=tuple(codes),
    )


def _of_persons(book: Book) -> Iterator[Text]:
    """That persons were not checked: no number tells them apart, and a name is never enough
    (personal-information-law Art. 6)."""
    if book.personal:
        yield words.filled(words.PERSONS, words.listed([one.label for one in book.personal]))


def late_sources(*, declarations: Declarations, book: Book, on: dt.date) -> tuple[Late, ...]:
    """The sources of what is checked that have not delivered when they were due."""
    kinds = {
        kind for rule in book.deciding for kind in kinds_read(declarations=declarations, rule=rule)
    }
    return tuple(
        Late(
            agency=one.agency,
            resource=one.resource,
            label=_source(declarations, one.agency, one.resource),
            since=one.late_since,
        )
        for one in freshness(declarations=declarations, on=on)
        if one.late_since and declarations.resources[one.resource].kind in kinds
    )


def strongest(hits: Sequence[Hit], easings: Sequence[Hit]) -> Overall:
    """The gravest of what was hit; easings where nothing was."""
    found: list[Overall] = [one.effective for one in hits]
    return max(found, key=OVERALL.index, default="ease" if easings else "")


@dataclass(frozen=True, kw_only=True)
class _Using:
    """What every subject of a check is answered by."""

    scene: Scene
    rules: tuple[str, ...]

    def answer(self, one: Meant) -> Answer:
        if one.found is None:
            return Answer(asked=one.asked, state=one.state, said=one.said, look=True, must_ack=True)
        if not one.found.said and one.found.judged == len(self.rules) and not one.found.doubtful:
            return _clear(one, one.found)
        return self._answer(one, one.found)

    def _answer(self, one: Meant, found: Found) -> Answer:
        called = [hit for said in found.said for hit in hits_of(scene=self.scene, verdict=said)]
        lists = [it for said in found.said if (it := standing_of(scene=self.scene, verdict=said))]
        hits = tuple(sorted((hit for hit in called if not hit.incentive), key=_gravest_first))
        easings = tuple(hit for hit in called if hit.incentive)
        barred = [it.label for it in lists if it.adverse] or [
            hit.list_label for hit in hits if hit.effective in TO_ACKNOWLEDGE
        ]
        notes = list(self._notes(found))
        look = bool(notes) or any(hit.look for hit in hits)
        if easings and barred:
            notes.append(words.filled(words.NO_EASINGS, words.listed(barred)))
            easings = ()
        gone = self._gone(found)
        overall = strongest(hits, easings)
        return Answer(
            asked=one.asked,
            state="cancelled" if gone else one.state,
            said=words.filled(words.CANCELLED, gone) if gone else one.said,
            code=found.code,
            codes=found.joined,
            name=found.name,
            status=gone or Text("", ""),
            overall=overall,
            look=look or gone is not None,
            must_ack=look or gone is not None or overall in TO_ACKNOWLEDGE,
            hits=hits,
            easings=easings,
            lists=tuple(self._without_ground(lists, called)),
            notes=tuple(notes),
        )

    def _notes(self, found: Found) -> Iterator[Text]:
        """What keeps the answer from being whole."""
        declared, book = self.scene.declarations, self.scene.book
        if found.doubtful:
            yield words.DOUBTFUL
        if found.judged < len(self.rules):
            done = judged_rules(subject=found.subject, rules=self.rules, on=self.scene.on)
            missing = [rule for rule in self.rules if rule not in done and rule in book.deciding]
            if missing:
                labels = words.listed([declared.rules[rule].label for rule in missing])
                yield words.filled(words.NOT_JUDGED, labels)
        unknown = [
            one.rule for one in found.said if one.value is None and one.rule in book.deciding
        ]
        if unknown:
            labels = words.listed([declared.rules[rule].label for rule in unknown])
            yield words.filled(words.NOT_KNOWN, labels)

    def _gone(self, found: Found) -> Text | None:
        for one in found.said:
            if one.rule == STATUS_RULE and one.value in GONE:
                return outcome_label(
                    declarations=self.scene.declarations,
                    rule=one.rule,
                    value=one.value,
                    on=self.scene.on,
                )
        return None

    @staticmethod
    def _without_ground(lists: Sequence[Standing], called: Sequence[Hit]) -> Iterator[Standing]:
        """The lists by which nothing is called for in this scene."""
        named = {hit.regime for hit in called}
        return (one for one in lists if one.regime not in named)


def _clear(one: Meant, found: Found) -> Answer:
    return Answer(
        asked=one.asked, state=one.state, said=one.said, code=found.code, codes=found.joined,
        name=found.name,
    )  # fmt: skip


def _gravest_first(hit: Hit) -> tuple[int, str]:
    return (-OVERALL.index(hit.effective), hit.measure)


def _source(declarations: Declarations, agency: str, resource: str) -> Text:
    who, what = declarations.agencies[agency].label, declarations.resources[resource].label
    return Text(f"{who.zh}：{what.zh}", f"{who.en}: {what.en}")
