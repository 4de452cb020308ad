"""The stylesheet: contrast by WCAG 2.2 AA in light and dark, and nothing from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import yuexin.faces.portal

CSS = (
    Path(yuexin.faces.portal.__path__[0]) / "static" / "portal" / "yuexin.css"
).read_text(encoding="utf-8")  # fmt: skip
TOKENS = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", part)) for part in CSS.split("}")[:2]]
SCHEMES = pytest.mark.parametrize("tokens", TOKENS, ids=["light", "dark"])


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@SCHEMES
def test_text_stands_out_from_every_ground(tokens: dict[str, str]) -> None:
    for ink in ("ink", "soft", "accent", "good", "warn", "bad"):
        for ground in ("paper", "wash"):
            assert contrast(tokens[ink], tokens[ground]) >= 4.5, (ink, ground)
    assert contrast(tokens["on-accent"], tokens["accent"]) >= 4.5


@SCHEMES
def test_the_edge_of_a_field_can_be_seen(tokens: dict[str, str]) -> None:
    assert contrast(tokens["edge"], tokens["paper"]) >= 3


def test_both_schemes_define_the_same_colours() -> None:
    light, dark = TOKENS
    assert set(light) == set(dark)
    assert len(light) == 11


def test_nothing_is_loaded_from_elsewhere() -> None:
    assert "url(" not in CSS
    assert "@import" not in CSS


def test_each_tone_has_a_shape_of_its_own() -> None:
    shapes = re.findall(r'\.mark-(\w+)::before \{ content: "(.)"', CSS)
    assert {tone for tone, _ in shapes} == {"plain", "good", "warn", "bad"}
    assert len({shape for _, shape in shapes}) == 4
