"""What `yuexin serve` says of itself in links."""

from __future__ import annotations

import pytest

from yuexin.faces.console.run import reached_at


@pytest.mark.parametrize(
    ("host", "port", "said"),
    [
        ("127.0.0.1", 8102, "http://127.0.0.1:8102"),
        ("0.0.0.0", 80, "http://127.0.0.1:80"),
        ("::1", 8000, "http://[::1]:8000"),
        ("credit.example", 8000, "http://credit.example:8000"),
    ],
)
def test_links_lead_to_the_port_that_is_served(host: str, port: int, said: str) -> None:
    assert reached_at(host, port) == said
