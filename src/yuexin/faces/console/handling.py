"""`yuexin check`: what the law calls for of entities, in a scene, for a body."""

from __future__ import annotations

import datetime as dt
import json

import click

from yuexin.faces.console.session import refusals_as_sentences, session, utf8


@click.command()
@click.argument("codes", nargs=-1, required=True)
@click.option("--scene", required=True, callback=utf8, help="办理环节，如 procurement。 The scene.")
@click.option("--agency", required=True, callback=utf8, help="核查的部门。 The body that checks.")
@click.option("--item", default="", callback=utf8, help="办理事项。 What is handled.")
@click.option("--case-no", default="", callback=utf8, help="办件编号。 The case's number.")
@click.option("--consortium", is_flag=True, help="联合体。 The codes are one consortium.")
@click.option("--json", "as_json", is_flag=True)
def check(
    codes: tuple[str, ...],
    scene: str,
    agency: str,
    item: str,
    case_no: str,
    consortium: bool,
    as_json: bool,
) -> None:
    """办事核查。 Check entities at the point of handling; the answer is kept, each is told."""
    with refusals_as_sentences(), session():
        from yuexin.domains.credit.handling import words
        from yuexin.domains.credit.handling.operations import check as make
        from yuexin.engines.access.types import Actor
        from yuexin.engines.declare.queries import current

        kept = make(
            declarations=current(),
            actor=Actor(id="operator", role="clerk", agency=agency),
            subjects=codes,
            scene=scene,
            item=item,
            case_no=case_no,
            consortium=consortium,
            channel="console",
            now=dt.datetime.now(dt.UTC),
        )
        if as_json:
            click.echo(json.dumps({**json.loads(kept.answer), "digest": kept.check.digest}))
            return
        found = kept.check
        click.echo(f"{found.number} {found.digest}")
        for one in found.subjects:
            word = words.LOOK_FIRST if one.look else words.OVERALL[one.overall]
            click.echo(f"{one.code or one.asked} {one.name} {word.zh} {word.en}")
            for hit in (*one.hits, *one.easings):
                for it in hit.rests_on:
                    click.echo(
                        f"  {hit.label.zh} {it.list_label.zh}：{it.found.zh} {hit.scene_law.zh}"
                    )
            for said in (*(person.said for person in one.persons), one.said, *one.notes):
                click.echo(f"  {said.zh} {said.en}")
