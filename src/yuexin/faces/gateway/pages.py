"""The page that describes the interface, made from the same document that machines read."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from yuexin.base.text import Text
from yuexin.faces.gateway.api import api
from yuexin.faces.gateway.openapi import CHINESE

WORDS: Final = {
    "title": Text("粤信接口", "Yuexin interface"),
    "lead": Text(
        "供机器使用的同一份数据。下列内容由接口自身的 OpenAPI 文档生成。",
        "The same data, for machines. Made from the interface's own OpenAPI document.",
    ),
    "document": Text("OpenAPI 3.1 文档", "OpenAPI 3.1 document"),
    "key": Text("密钥", "Key"),
    "key_text": Text(
        "标有“需要密钥”的接口须在请求头写明 Authorization: Bearer <密钥>。密钥由数据管理员签发，"
        "有权限、期限、网络范围和每分钟次数。",
        "An operation marked “key needed” wants the header Authorization: Bearer <key>. Keys are "
        "issued by a data steward, with scopes, a term, networks and a rate a minute.",
    ),
    "errors": Text("错误", "Errors"),
    "errors_text": Text(
        "凡未能如愿的请求，均以 application/problem+json（RFC 9457）答复：code 供机器判断，"
        "zh 与 en 各为一句话，说明错在哪里、依据什么、怎么办。",
        "Whatever is not answered as asked is answered as application/problem+json (RFC 9457): "
        "`code` is for machines, `zh` and `en` say in a sentence what, by which rule, and what to "
        "do.",
    ),
    "needed": Text("需要密钥", "key needed"),
    "optional": Text("公开，可带密钥", "public, a key optional"),
    "public": Text("公开", "public"),
    "parameters": Text("参数", "Parameters"),
    "body": Text("请求内容", "Body"),
    "responses": Text("答复", "Answers"),
    "required": Text("必填", "required"),
    "fields": Text("字段", "Members"),
    "home": Text("返回首页", "Front page"),
    "shapes": Text("数据结构", "Shapes"),
}
SHOWN: Final = ("pattern", "format", "minimum", "maximum", "maxLength", "enum", "default")


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """Every operation with its parameters, bodies and answers, without a line of script."""
    document = json.loads(json.dumps(api.get_openapi_schema()))
    language = translation.get_language() or "zh-hans"
    words = {name: text.in_(language) for name, text in WORDS.items()}
    found = {
        "words": words,
        "version": document["info"]["version"],
        "operations": list(_operations(document, words, zh=language.startswith("zh"))),
        "shapes": list(_shapes(document)),
    }
    return render(request, "gateway/reference.html", found)


def _operations(
    document: Mapping[str, Any], words: Mapping[str, str], *, zh: bool
) -> Iterator[dict[str, Any]]:
    for path, methods in document["paths"].items():
        for method, said in methods.items():
            yield {
                "id": said["operationId"],
                "method": method.upper(),
                "path": path,
                "summary": _part(said["summary"], zh=zh),
                "text": said[CHINESE] if zh else said["description"],
                "access": words[_access(said.get("security", []))],
                "parameters": [_parameter(one, zh=zh) for one in said.get("parameters", [])],
                "bodies": list(said.get("requestBody", {}).get("content", {})),
                "responses": [_response(*one) for one in said["responses"].items()],
            }


def _part(both: str, *, zh: bool) -> str:
    """The half of a line in both languages, of which the Chinese one holds no space."""
    first, _, rest = both.partition(" ")
    return first if zh or not rest else rest


def _access(security: list[Any]) -> str:
    if not security:
        return "public"
    return "optional" if {} in security else "needed"


def _parameter(said: Mapping[str, Any], *, zh: bool) -> dict[str, Any]:
    schema = said["schema"]
    limits = [f"{name} {schema[name]}" for name in SHOWN if schema.get(name) not in (None, "")]
    return {
        "name": said["name"],
        "place": said["in"],
        "type": schema.get("type", ""),
        "limits": " · ".join(limits),
        "required": said["required"],
        "text": _part(said.get("description", ""), zh=zh),
    }


def _response(status: str, said: Mapping[str, Any]) -> dict[str, Any]:
    types = [
        (media_type, _shape(one.get("itemSchema") or one["schema"]))
        for media_type, one in said.get("content", {}).items()
    ]
    return {"status": status, "text": said["description"], "types": types}


def _shapes(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for name, schema in sorted(document["components"]["schemas"].items()):
        members = [
            (member, _shape(said), said.get("description", ""))
            for member, said in schema.get("properties", {}).items()
        ]
        yield {"name": name, "text": schema.get("description", ""), "members": members}


def _shape(schema: Mapping[str, Any]) -> str:
    """A schema in a word or two; the name of a shape where it has one."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " | ".join(_shape(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(json.dumps(one, ensure_ascii=False) for one in schema["enum"])
    if schema.get("type") == "array":
        return f"{_shape(schema.get('items', {}))}[]"
    kind = str(schema.get("type", "any"))
    return f"{kind} ({schema['format']})" if "format" in schema else kind
