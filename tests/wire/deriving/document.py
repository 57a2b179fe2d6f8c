# SPDX-License-Identifier: Apache-2.0
"""Reads a description: scalars as YAML 1.2 has them, references, operations."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

_BASE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
METHODS = ("get", "put", "post", "delete", "patch")


class Mismatch(Exception):
    """What the descriptions have and the library's names have not, or what is not understood."""


class _Loader(_BASE):  # type: ignore[valid-type, misc]
    """The core schema of YAML 1.2: dates, `yes` and `on` are text."""

    yaml_implicit_resolvers: dict[str, Any] = {}


for _tag, _pattern, _first in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+", list("-+0123456789")),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", list("-+.0123456789")),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"(?:{_pattern})$"), _first)
_Loader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(loader.construct_scalar(node)))
_Loader.add_constructor("tag:yaml.org,2002:float", lambda loader, node: float(loader.construct_scalar(node)))


class Document:
    """One description."""

    def __init__(self, api: str, path: str):
        self.api = api
        with open(path, "rb") as file:
            self.tree = yaml.load(file, _Loader)  # noqa: S506: a safe loader

    def target(self, reference: str) -> dict[str, Any]:
        """What `#/a/b` leads to."""
        node = self.tree
        if not reference.startswith("#/"):
            raise Mismatch(f"{self.api}: {reference} leads out of the description")
        for step in reference[2:].split("/"):
            node = node[step.replace("~1", "/").replace("~0", "~")]
        return node

    def follow(self, node: dict[str, Any]) -> dict[str, Any]:
        """The node itself, where it is a reference."""
        while isinstance(node.get("$ref"), str):
            node = self.target(node["$ref"])
        return node

    def operations(self) -> Iterator[Operation]:
        """All but the OPTIONS, in the order of the description."""
        for path, item in self.tree["paths"].items():
            for method, node in item.items():
                if method in METHODS:
                    yield Operation(self, method.upper(), path, node, self._parameters(item, node))

    def _parameters(self, item: dict[str, Any], node: dict[str, Any]) -> list[dict[str, Any]]:
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for entry in [*item.get("parameters", []), *node.get("parameters", [])]:
            parameter = self.follow(entry)
            found[parameter["in"], parameter["name"]] = parameter
        return list(found.values())


@dataclass(frozen=True)
class Operation:
    """One operation as it is described."""

    document: Document
    method: str
    path: str
    node: dict[str, Any]
    parameters: list[dict[str, Any]]

    @property
    def key(self) -> str:
        """Method and path with blank placeholders."""
        return f"{self.method} {re.sub(r'{[^}]*}', '{}', self.path)}"

    def body(self) -> dict[str, Any]:
        """Media type -> schema and so on; empty without a body."""
        return self.document.follow(self.node.get("requestBody", {})).get("content", {})

    def needs_body(self) -> bool:
        """Whether it cannot go without its body."""
        return self.document.follow(self.node.get("requestBody", {})).get("required") is True

    def has_options(self) -> bool:
        """Whether something of the request may be left out: a parameter or the body."""
        return (bool(self.body()) and not self.needs_body()) or any(
            parameter["in"] in ("query", "header") and not parameter.get("required") for parameter in self.parameters)

    def successes(self) -> dict[int, dict[str, Any]]:
        """Status -> media types, for 2xx and 3xx, in the order of the numbers."""
        found = {}
        for status, response in self.node["responses"].items():
            if str(status)[0] in "23":
                found[int(status)] = self.document.follow(response).get("content", {})
        return dict(sorted(found.items()))

    def names_a_token(self) -> bool:
        """Whether the request tells by a token of Okta's who it comes from."""
        schemes = self.document.tree["components"].get("securitySchemes", {})
        return any(schemes[name]["type"] in ("apiKey", "oauth2")
                   for choice in self.node.get("security", []) for name in choice)
