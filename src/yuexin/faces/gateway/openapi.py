"""The OpenAPI document: what ninja says of the operations, and what it cannot know."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from yuexin.faces.gateway import problems
from yuexin.faces.gateway.chinese import TEXTS
from yuexin.faces.gateway.schemas import Problem

REFERENCE: Final = {"$ref": "#/components/schemas/Problem"}
CHINESE: Final = "x-description-zh"
RETRY: Final = {
    "Retry-After": {
        "description": "秒数 Seconds until it is worth asking again",
        "schema": {"type": "integer", "minimum": 0},
    }
}
CHALLENGE: Final = {
    "WWW-Authenticate": {"description": "RFC 6750", "schema": {"type": "string"}},
}
LOCATION: Final = {
    "Location": {"description": "交付的地址 Where it is", "schema": {"type": "string"}},
}
IDEMPOTENCY: Final[dict[str, Any]] = {
    "description": "必填；交付方为这次交付取的名字 Compulsory: the sender's name for this delivery",
    "minLength": 1,
    "maxLength": 255,
    "pattern": r"^[!#-\[\]-~]+$",
    "x-required": True,
}
BYTES: Final = {"type": "string", "format": "binary"}
FORM: Final = {"type": "object", "properties": {"file": BYTES}, "required": ["file"]}


class Gateway(NinjaAPI):
    """An interface whose errors are problems, in its description too."""

    def get_openapi_schema(self, **given: Any) -> OpenAPISchema:
        schema = super().get_openapi_schema(**given)
        schema["components"]["schemas"]["Problem"] = Problem.model_json_schema()
        for operations in schema["paths"].values():
            for operation in operations.values():
                _finish(operation)
        return schema


def extra(
    *,
    problems: tuple[int, ...],
    open_to_public: bool = False,
    answer: str = "",
    body: Mapping[str, Any] | None = None,
    headers: Mapping[int, Any] | None = None,
) -> dict[str, Any]:
    """What an operation adds to what ninja finds out: its problems, its body, its headers."""
    said: dict[str, Any] = {"responses": {status: _problem(status) for status in problems}}
    for status, named in (headers or {}).items():
        said["responses"][status] = {"headers": named}
    if open_to_public:
        said["security"] = [{}]
    if answer:
        said["x-answer"] = answer
    if body:
        content = {name: {"schema": schema} for name, schema in body.items()}
        said["requestBody"] = {"required": True, "content": content}
    return said


def _finish(operation: dict[str, Any]) -> None:
    """Give a stream its type, and every operation the answer of a server that failed."""
    operation[CHINESE] = TEXTS[operation["operationId"]]
    answer = operation.pop("x-answer", "")
    if answer:
        content = operation["responses"][200]["content"]
        operation["responses"][200]["content"] = {answer: _lines(content.popitem()[1])}
    operation["responses"][500] = _problem(500)
    for parameter in operation["parameters"]:
        _finish_parameter(parameter)
    ordered = sorted(operation["responses"].items())
    operation["responses"] = {str(status): said for status, said in ordered}


def _finish_parameter(parameter: dict[str, Any]) -> None:
    """A parameter that may be left out has no value then, and one that may not says so."""
    if parameter["schema"].get("default") in ("", -1, 0):
        del parameter["schema"]["default"]
    if parameter["schema"].pop("x-required", False):
        parameter["required"] = True


def _lines(described: dict[str, Any]) -> dict[str, Any]:
    """A stream is text to a reader of OpenAPI 3.1; `itemSchema` (3.2) says what a line is."""
    return {"schema": {"type": "string"}, "itemSchema": described["schema"]}


def _problem(status: int) -> dict[str, Any]:
    said: dict[str, Any] = {
        "description": HTTPStatus(status).phrase,
        "content": {problems.MEDIA_TYPE: {"schema": REFERENCE}},
    }
    if status == 401:
        said["headers"] = CHALLENGE
    if status in (429, 503):
        said["headers"] = RETRY
    return said
