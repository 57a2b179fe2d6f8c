# SPDX-License-Identifier: Apache-2.0
"""What the descriptions say that is sent and answered: a schema, a media type and examples for each body."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Iterator

import yaml_events

FILES = ("management-2026.06.3.yaml", "oauth-2026.06.3.yaml", "governance-3.2.0.yaml", "myaccount-2026.06.3.yaml")
_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass
class Document:
    """A description, and what its references lead to."""

    name: str
    tree: dict

    def follow(self, node: dict) -> dict:
        """What a reference stands for; a node without one is itself."""
        while "$ref" in node:
            found: object = self.tree
            for step in node["$ref"].removeprefix("#/").split("/"):
                found = found[step.replace("~1", "/").replace("~0", "~")]
            node = found
        return node


@dataclass
class Body:
    """The body of a request, or of an answer with one status."""

    document: Document
    operation: str
    method: str
    path: str
    where: str  # "request", or the status
    media_type: str
    schema: dict
    examples: dict[str, object] = field(default_factory=dict)

    @property
    def is_json(self) -> bool:
        return "json" in self.media_type or self.media_type == "application/x-www-form-urlencoded"

    @property
    def is_error(self) -> bool:
        return self.where[0] in "45d"


def _examples(document: Document, media: dict, used: set[str]) -> dict[str, object]:
    found = {}
    if "example" in media:
        found["example"] = media["example"]
    for name, example in media.get("examples", {}).items():
        reference = example.get("$ref", "")
        used.add(reference.rpartition("/")[2])
        target = document.follow(example)
        if "value" in target:
            found[reference.rpartition("/")[2] or name] = target["value"]
    return found


def _bodies_of(document: Document, path: str, method: str, operation: dict, used: set[str]) -> Iterator[Body]:
    places = [("request", document.follow(operation.get("requestBody", {})))]
    places += [(str(status), document.follow(answer)) for status, answer in operation["responses"].items()]
    for where, place in places:
        for media_type, media in place.get("content", {}).items():
            yield Body(
                document, operation["operationId"], method.upper(), path, where, media_type,
                media.get("schema", {}), _examples(document, media, used),
            )  # fmt: skip


def read(folder: str) -> tuple[list[Body], list[str]]:
    """All bodies, and the names of examples that no body has."""
    bodies: list[Body] = []
    unused: list[str] = []
    for name in FILES:
        tree = yaml_events.read(os.path.join(folder, name))
        document = Document(name.partition("-")[0], tree)
        used: set[str] = set()
        for path, item in tree["paths"].items():
            for method in _METHODS:
                if method in item:
                    bodies += _bodies_of(document, path, method, item[method], used)
        unused += [f"{document.name} {n}" for n in tree["components"].get("examples", {}) if n not in used]
    return bodies, unused
