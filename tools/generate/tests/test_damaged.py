# SPDX-License-Identifier: Apache-2.0
"""Damaged descriptions: each is taken or refused in one line with file and place, and what is refused writes nothing."""

import contextlib
import copy
import importlib.machinery
import importlib.util
import io
import json
import os
import pathlib
import tempfile
import unittest
from unittest import mock

import made_up
from made_up import answer, document, operation, reference
from okta_generate import output

SCRIPT = pathlib.Path(__file__).resolve().parents[1] / "generate"
LOADER = importlib.machinery.SourceFileLoader("generate_script", str(SCRIPT))
PROGRAM = importlib.util.module_from_spec(importlib.util.spec_from_loader("generate_script", LOADER))
LOADER.exec_module(PROGRAM)

TEXT = {"type": "string"}
VALUES = (None, 7, True, [], ["x", {}], {}, {"x": 1}, "text")
OVERLAY = """
- at: [management every pin, management schemas/Cat/allOf/1/properties/pin]
  mark: {secret: true}
  why: made up
- at: management operation getThing
  mark: {effect: read}
  why: made up
- at: management request POST /things/{}
  mark: {effect: create}
  why: made up
"""


def small() -> dict:
    """A description with one of each construct."""
    schemas = {
        "Thing": {"type": "object", "required": ["id"], "discriminator": {"propertyName": "kind", "mapping": {
            "CAT": "#/components/schemas/Cat"}}, "properties": {
                "id": {**TEXT, "readOnly": True, "maxLength": 20}, "kind": {**TEXT, "enum": ["CAT", "DOG"]}, "pin": TEXT,
                "list": {"type": "array", "items": reference("Part")}, "_links": {"type": "object"},
                "map": {"type": "object", "additionalProperties": TEXT}, "any": {"anyOf": [TEXT, {"type": "integer"}]}}},
        "Cat": {"allOf": [reference("Thing"), {"type": "object", "properties": {"pin": TEXT, "lives": {"type": "integer"}}}]},
        "Part": {"type": "object", "properties": {"p": {"type": "number", "default": 1.5}}}}
    query = {"name": "q", "in": "query", "required": False, "style": "form", "explode": True, "schema": TEXT}
    found = document(schemas, {"/things/{id}": {
        "parameters": [{"$ref": "#/components/parameters/Id"}],
        "get": operation("getThing", answer(reference("Thing")), parameters=[query], security=[{"oauth2": ["okta.things.read"]}]),
        "post": operation("makeThing", {"201": {"$ref": "#/components/responses/Made"}, **answer(None, "404")},
                          requestBody={"$ref": "#/components/requestBodies/Body"},
                          servers=[{"url": "https://drapp.example.com"}])}})
    body = {"content": {"application/json": {"schema": reference("Cat")}}, "required": True}
    found["components"].update({
        "parameters": {"Id": {"name": "id", "in": "path", "required": True, "schema": TEXT}},
        "requestBodies": {"Body": body}, "responses": {"Made": {"description": "", **body, "headers": {"Location": {"schema": TEXT}}}}})
    del found["components"]["responses"]["Made"]["required"]
    return found


def places(node: object, path: tuple = ()):
    """The path of each value inside a document."""
    for key, item in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield (*path, key)
        yield from places(item, (*path, key))


def damaged():
    """Copies of the description, in each of which one value is gone, is another one, or has a sibling twice."""
    whole = small()
    for path in places(whole):
        for value in ("gone", *VALUES):
            found = copy.deepcopy(whole)
            holder = found
            for key in path[:-1]:
                holder = holder[key]
            if value == "gone":
                del holder[path[-1]]
            else:
                holder[path[-1]] = value
            yield f"{'/'.join(map(str, path))} = {value!r}", found


class Damaged(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.top = pathlib.Path(folder.name)
        (self.top / "overlay").mkdir()
        (self.top / "overlay/descriptions.yaml").write_text(
            "library: 1.0.0\ndescriptions: {management: {file: management.yaml, sha256: none}}\n")
        (self.top / "overlay/made_up.yaml").write_text(OVERLAY)
        hand_written = mock.patch.object(PROGRAM.clashes, "hand_written", lambda root: {})
        hand_written.start()
        self.addCleanup(hand_written.stop)
        self.number = 0

    def run_over(self, data: bytes, *options: str) -> tuple[int, str, list[str]]:
        """The exit status, what was told, and the files that were written."""
        self.number += 1
        out = self.top / f"out{self.number}"
        file = self.top / "description"
        file.write_bytes(data)
        told = io.StringIO()
        arguments = ["generate", "--overlay", str(self.top / "overlay"), "--description", f"management={file}",
                     "--out", str(out), "--ledger", str(out / "ledger"), *options]
        with mock.patch("sys.argv", arguments), contextlib.redirect_stderr(told), contextlib.redirect_stdout(io.StringIO()):
            status = PROGRAM.guarded()
        return status, told.getvalue(), [str(path) for path in out.rglob("*") if path.is_file()]

    def refuses(self, data: bytes, place: str = "") -> None:
        self.check_refusal(self.run_over(data), place)

    def check_refusal(self, found: tuple[int, str, list[str]], place: str) -> None:
        status, told, written = found
        lines = [line for line in told.splitlines() if not line.startswith("generate: passed over: ")]
        self.assertEqual((status, written), (1, []))
        self.assertRegex(lines[-1], f"{self.top}/description(, line [0-9]+)?: {place}")
        self.assertLess(len(lines), 4, told)  # names that clash are told below a line of their own
        self.assertNotIn("Traceback", told)

    def test_description_that_is_whole_is_taken(self):
        status, told, written = self.run_over(json.dumps(small()).encode())
        self.assertEqual((status, told), (0, ""))
        self.assertGreater(len(written), 10)

    def test_each_damage_is_taken_or_refused_with_its_place(self):
        number, refused = 0, 0
        for what, found in damaged():
            data = json.dumps(found).encode()
            number += 1
            with self.subTest(what):
                outcome = self.run_over(data, "--ledger-only")
                if outcome[0]:
                    refused += 1
                    self.check_refusal(outcome, "#")
        self.assertGreater(number, 1000)
        self.assertGreater(refused, 500)

    def test_text_that_is_cut_is_refused(self):
        text = json.dumps(small(), indent=1)
        for size in range(0, len(text) - 1, 97):
            with self.subTest(size):
                self.refuses(text[:size].encode())

    def test_what_is_no_text_of_yaml_is_refused(self):
        for data, place in ((b"", "#: the document is empty"), (b"\xff\xfe", "is no UTF-8"), (b"a: \x00", ""),
                            (b"[" * 2000 + b"]" * 2000, ""), (b"openapi: " + b"1" * 5000, ""), (b"7", "#: a number where"),
                            (b"a: !x 1", ""), (b"- a", "#: a list where an object is due")):
            with self.subTest(data[:20]):
                self.refuses(data, place)

    def test_references_that_lead_back_to_themselves_are_refused(self):
        for kind, name in (("parameters", "Id"), ("requestBodies", "Body"), ("responses", "Made"), ("schemas", "Part")):
            found = small()
            found["components"][kind][name] = {"$ref": f"#/components/{kind}/Other"}
            found["components"][kind]["Other"] = {"$ref": f"#/components/{kind}/{name}"}
            with self.subTest(kind):
                self.refuses(json.dumps(found).encode(), f"#/components/{kind}/")
        found = small()
        found["components"]["schemas"]["Part"]["properties"]["pin"] = {"$ref": "#/components/schemas/Pin"}
        found["components"]["schemas"]["Pin"] = {"allOf": [{"$ref": "#/components/schemas/Pin"}]}
        self.refuses(json.dumps(found).encode(), "#/components/schemas/Pin")

    def test_operations_that_share_an_id_are_refused(self):
        found = small()
        found["paths"]["/others"] = {"get": operation("getThing", answer(reference("Thing")))}
        self.refuses(json.dumps(found).encode(), "#/paths/~1others/get: ")

    def test_marks_of_the_overlay_stand_in_no_description(self):
        found = small()
        found["components"]["schemas"]["Part"]["x-libokta"] = {"name": "okta_x"}
        self.refuses(json.dumps(found).encode(), "#/components/schemas/Part: the keyword x-libokta is that of the overlay")

    def test_property_may_have_the_name_of_a_keyword(self):
        found = small()
        for name in ("additionalProperties", "properties", "x-libokta", "required", "$ref"):
            found["components"]["schemas"]["Part"]["properties"][name] = TEXT
        self.assertEqual(self.run_over(json.dumps(found).encode())[0], 0)

    def test_file_that_cannot_be_read_is_named(self):
        with mock.patch.object(pathlib.Path, "write_bytes"):
            (self.top / "description").mkdir()
            self.assertRegex(self.run_over(b"")[1], "Is a directory: .*description")

    def test_files_of_the_overlay_are_refused_with_their_entry(self):
        for text, told in (("7", "made_up.yaml: is no list"), ("- 7", "made_up.yaml, entry 1: is no object"),
                           ("- {at: [7], why: x, mark: {}}", "made_up.yaml, entry 1: `at` is no text"),
                           ("- {at: management schemas/Part, why: x, mark: 7}", "entry 1: mark has a value of another type")):
            (self.top / "overlay/made_up.yaml").write_text(text)
            status, found, written = self.run_over(json.dumps(small()).encode())
            self.assertEqual((status, written), (1, []))
            self.assertIn(told, found)

    def test_disk_that_is_full_leaves_all_files_as_they_were(self):
        root = self.top / "full"
        root.mkdir()
        (root / "a").write_text("old")
        calls, real_open = [], open

        def failing(path, mode="r", **more):
            calls.append(path)
            if "w" in mode and str(path).endswith("c.fresh"):
                raise OSError(28, os.strerror(28), path)
            return real_open(path, mode, **more)

        with mock.patch.object(output, "open", failing, create=True), self.assertRaisesRegex(output.OutputError, "nothing is written"):
            output.put(str(root), {"a": "new", "b": "new", "c": "new"}, {}, False)
        self.assertEqual({path.name: path.read_text() for path in root.iterdir()}, {"a": "old"})


if __name__ == "__main__":
    unittest.main()
