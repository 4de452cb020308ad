"""The catalogue: what may be delivered, by whom, in which layout."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import Router

from yuexin.engines.declare.queries import current
from yuexin.engines.declare.types import Agency, Column, Resource
from yuexin.faces.gateway import answers, openapi
from yuexin.faces.gateway.schemas import Catalogue

router = Router(tags=["目录 catalogue"])


@router.get(
    "/catalogue",
    operation_id="catalogue",
    summary="目录 Resources, their columns, and agencies",
    response={200: Catalogue},
    openapi_extra=openapi.extra(problems=(406,)),
)
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every resource that is declared, with its layout, and every agency, gone ones included."""
    answers.require_accepted(request, answers.JSON)
    declared = current()
    return answers.value(
        {
            "digest": declared.digest,
            "agencies": [_agency(item) for item in declared.agencies.values()],
            "resources": [_resource(item) for item in declared.resources.values()],
        }
    )


def _agency(item: Agency) -> dict[str, object]:
    names = ("id", "zh", "en", "uscc", "valid_from", "valid_to", "successor")
    return {name: getattr(item, name) for name in names}


def _resource(item: Resource) -> dict[str, object]:
    names = (
        "id", "zh", "en", "code", "providers", "kind", "cycle", "sharing", "openness", "basis",
        "testing_only",
    )  # fmt: skip
    said = {name: getattr(item, name) for name in names}
    return {**said, "columns": [_column(column) for column in item.columns]}


def _column(item: Column) -> dict[str, object]:
    names = ("header", "aliases", "type", "codes", "required", "max_length", "personal")
    return {name: getattr(item, name) for name in names}
