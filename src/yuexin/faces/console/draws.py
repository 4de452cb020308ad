"""`yuexin draw`: draw a share of the filings again, and see that it is the same."""

from __future__ import annotations

import re
from pathlib import Path

import click

from yuexin.base.errors import Refusal
from yuexin.base.lots import drawn, population_digest, seed_digest, share_of
from yuexin.base.text import Text
from yuexin.faces.console.session import refusals_as_sentences, say, session, utf8

DIFFERS = 1
SEED = re.compile("[0-9a-f]{64}")


@click.command()
@click.option("--verify", type=int, help="The number of the draw to be drawn again.")
@click.option(
    "--population", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A population as downloaded; no database is needed then.",
)  # fmt: skip
@click.option(
    "--seed", default="", callback=utf8, help="The seed that was published, with --population."
)
@click.option("--permille", type=click.IntRange(1, 1000), default=30, show_default=True)
@click.option("--json", "as_json", is_flag=True)
def draw(
    verify: int | None, population: Path | None, seed: str, permille: int, *, as_json: bool
) -> None:
    """重算一次随机抽取。 Draw again what was drawn at random."""
    with refusals_as_sentences():
        if population is not None:
            _from_file(population, seed, permille, as_json=as_json)
            return
        if verify is None:
            raise Refusal(
                code="DRAW_OPTION",
                what=Text("请写明 --verify 或 --population", "name --verify or --population"),
            )
    with session():
        from yuexin.domains.hall.filing.draws import draw_of
        from yuexin.engines.declare.queries import current

        found = draw_of(declarations=current(), number=verify or 0)
        if found is None or found.drawn_at is None:
            click.echo(
                f"没有这次抽取，或尚未抽取 no such draw, or not drawn yet: {verify}", err=True
            )
            raise SystemExit(DIFFERS)
        said = {
            "number": found.number, "holds": found.holds, "seed": found.seed,
            "seed_sha256": found.seed_sha256, "population": found.population_count,
            "population_sha256": found.population_sha256, "drawn": list(found.drawn),
        }  # fmt: skip
        word = "一致 the same" if found.holds else "不一致 it differs"
        lines = [f"第 {found.number} 次抽取 draw {found.number}：{word}", *found.drawn]
        say(said, as_json=as_json, text="\n".join(lines))
        if not found.holds:
            raise SystemExit(DIFFERS)


def _from_file(population: Path, seed: str, permille: int, *, as_json: bool) -> None:
    """By what is published alone: no home, no database."""
    if not SEED.fullmatch(seed):
        raise Refusal(
            code="DRAW_SEED",
            what=Text("种子应为 64 位十六进制数", "a seed is 64 hexadecimal digits"),
            where="--seed",
            remedy=Text(
                "请从抽取的公开页复制种子", "copy the seed from the public page of the draw"
            ),
        )
    members = population.read_text("utf-8-sig").split()
    found = drawn(
        members=members, seed=seed, count=share_of(count=len(set(members)), permille=permille)
    )
    said = {
        "seed_sha256": seed_digest(seed=seed), "population": len(set(members)),
        "population_sha256": population_digest(members=members), "drawn": list(found),
    }  # fmt: skip
    lines = [
        f"种子的摘要 digest of the seed: {said['seed_sha256']}",
        f"名单的摘要 digest of the population: {said['population_sha256']}",
        f"{said['population']} 户中抽中 {len(found)} 户 {len(found)} drawn of {said['population']}",
    ]
    say(said, as_json=as_json, text="\n".join([*lines, *found]))
