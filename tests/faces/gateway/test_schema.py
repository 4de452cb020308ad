"""What the OpenAPI document says, every operation does: with whatever it is sent, by whomever."""

from __future__ import annotations

import json
from typing import Any

import pytest
import schemathesis
from tests.faces.gateway.calls import Keys
from tests.intake import Intake

from yuexin.wsgi import application

EXAMPLES = 25
CONFIG = schemathesis.Config.from_dict(
    {
        "seed": 20160624,
        "generation": {"max-examples": EXAMPLES, "deterministic": True},
        # A batch refuses no line: it answers that the line is broken.
        "operations": [
            {
                "include-operation-id": "batch",
                "checks": {"negative_data_rejection": {"enabled": False}},
            },
            # What lacks its key alone is given one by `test_with_a_key`, and is then in order.
            {
                "include-operation-id": "recalls",
                "checks": {"negative_data_rejection": {"enabled": False}},
            },
        ],
        # What the catalogue, the calendar or a key does not allow is told by 422.
        "checks": {
            "positive_data_acceptance": {
                "expected-statuses": ["2xx", "401", "403", "404", "422", "429"]
            }
        },
    }
)


@schemathesis.serializer("application/x-ndjson")
def lines(context: schemathesis.SerializationContext, value: object) -> bytes:
    del context
    return value.encode() if isinstance(value, str) else json.dumps(value).encode()


schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application, config=CONFIG)
OPERATIONS = {
    "subject", "search", "batch", "deliver", "trial", "delivery", "receipt", "errors",
    "resolved", "corrections", "confirm", "recalls", "recalled", "catalogue", "check", "checked",
    "feedback", "liftings", "lifted",
}  # fmt: skip


@schema.parametrize()
def test_anonymous(case: schemathesis.Case[Any], filled: Intake) -> None:
    del filled
    case.call_and_validate()


@schema.parametrize()
def test_with_a_key(case: schemathesis.Case[Any], keys: Keys) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {keys.busy}"})


def test_the_document_names_every_operation() -> None:
    raw = schema.raw_schema
    assert raw["openapi"].startswith("3.1")
    named = {one["operationId"] for path in raw["paths"].values() for one in path.values()}
    assert named == OPERATIONS
    for path in raw["paths"].values():
        for one in path.values():
            assert "500" in one["responses"]
            if "security" in one:
                assert {"401", "403", "429"} <= one["responses"].keys()


@pytest.mark.parametrize("method", ["post"])
def test_what_is_compulsory_is_said_to_be(method: str) -> None:
    parameters = schema.raw_schema["paths"]["/api/v1/deliveries"][method]["parameters"]
    required = {one["name"] for one in parameters if one["required"]}
    assert required == {"resource", "Idempotency-Key"}
