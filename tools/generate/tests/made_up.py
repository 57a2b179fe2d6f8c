# SPDX-License-Identifier: Apache-2.0
"""Small made-up descriptions for tests of the passes, and runs over them."""

import copy
import os
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.dirname(HERE))

from okta_generate import ledger, overlay, run  # noqa: E402


def reference(name: str) -> dict:
    return {"$ref": f"#/components/schemas/{name}"}


def answer(schema: dict | None, code: str = "200", media: str = "application/json") -> dict:
    return {code: {"description": "", "content": {media: {"schema": schema}}} if schema else {"description": ""}}


def operation(name: str, responses: dict, body: dict | None = None, parameters: list | None = None, **more) -> dict:
    found = {"operationId": name, "tags": ["Thing"], "responses": responses, "security": [{"apiToken": []}], **more}
    if body is not None:
        found["requestBody"] = {"content": {"application/json": {"schema": body}}, "required": True}
    if parameters is not None:
        found["parameters"] = parameters
    return found


def document(schemas: dict, paths: dict) -> dict:
    return {"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": paths, "components": {"schemas": schemas}}


def of_result(schemas: dict, result: dict, **more) -> dict:
    """A description with one operation that gives this."""
    return document(schemas, {"/things/{id}": {"get": operation("getThing", answer(result), **more)}})


def generate(document_: dict, book: ledger.Ledger | None = None, entries: list | None = None,
             pinned: bool = True, **others: dict) -> run.Run:
    """A run over copies of documents; the ledger is changed."""
    documents = copy.deepcopy({"management": document_, **others})
    return run.run(documents, entries or [], book or ledger.Ledger("1.0.0"), set(documents) if pinned else set())


def again(made: run.Run, version: str, folder: str) -> ledger.Ledger:
    """The ledger of a run as the next version of the library reads it."""
    path = os.path.join(folder, "ledger")
    with open(path, "w", encoding="utf-8") as file:
        file.write(made.ledger.text())
    return ledger.Ledger.read(path, version)


class Moving:
    """For tests of a description that moves: has a folder for the ledger."""

    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def move(self, before: dict, after: dict) -> tuple[run.Run, run.Run]:
        """A run over a description, and one over the next over its ledger."""
        first = generate(before)
        second = generate(after, again(first, "2.0.0", self.folder.name))
        lines = first.ledger.text().splitlines()
        self.assertEqual(second.ledger.text().splitlines()[:len(lines)], lines)
        return first, second


def entry(api: str, path: str, change: str, value: object) -> overlay.Entry:
    return overlay.Entry("test", 1, api, path, change, value)


def members(made: run.Run, struct: str) -> dict:
    return {member.name: member for member in made.library.structs[struct].members}
