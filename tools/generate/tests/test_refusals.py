# SPDX-License-Identifier: Apache-2.0
"""What stops the generator: constructs that it does not know, and names that two things would have in C."""

import re
import unittest

import made_up
from made_up import answer, document, generate, of_result, operation, reference
from okta_generate import names, writers
from okta_generate.clashes import ClashError
from okta_generate.description import DescriptionError
from okta_generate.model import ARGUMENTS

TEXT = {"type": "string"}
THING = {"Thing": {"type": "object", "properties": {"b": TEXT}}}


def of_property(name: str, schema: dict = TEXT, **others: dict) -> dict:
    return of_result({"Thing": {"type": "object", "properties": {name: schema}}, **others}, reference("Thing"))


def of_path(path: str, **more) -> dict:
    return document(THING, {path: {"get": operation("getThing", answer(reference("Thing")), **more)}})


def parameter(name: str, place: str, schema: dict = TEXT) -> dict:
    return {"name": name, "in": place, "required": place == "path", "schema": schema}


def without(key: str) -> dict:
    found = of_path("/a")
    del found["paths"]["/a"]["get"][key]
    return found


# A document, and what the message names.
REFUSED = (
    (of_property("na\u00efve"), "components/schemas/Thing/properties/na\u00efve: the name"),
    (of_property("a\0b"), "schemas/Thing/properties/a.b: the name"),
    (of_property("a\nb"), "b: the name 'a.nb'"),
    (of_property("a" * 256), "schemas/Thing/properties/a+: the name .* longer than 255 bytes"),
    (of_property(""), "schemas/Thing/properties/: the name '' has neither a letter nor a digit"),
    (of_property("$"), "properties/.: the name .* has neither a letter nor a digit"),
    (of_property("x", {"type": ["string", "null"]}), "Thing/properties/x/type: a list where a text is due"),
    (of_property("x", {"type": "string", "enum": ["A\0"]}), "Thing/properties/x: the value .* of an enum"),
    (of_property("x", {"type": "string", "enum": [{}]}), "Thing/properties/x: the value .* of an enum"),
    (of_property("x", reference("L"), L={"type": "array", "items": reference("L")}), "is a list or a map of itself"),
    (of_property("x", reference("M"), M={"type": "object", "additionalProperties": reference("M")}), "is a list or a map of itself"),
    (of_property("x", reference("A"), A={"type": "array", "items": reference("M")},
                 M={"type": "object", "additionalProperties": reference("A")}), "is a list or a map of itself"),
    (document(THING, {"/a": {"get": operation("get*/A", answer(reference("Thing")))}}),
     "paths/~1a/get: the name 'get.*A' would begin or end a comment"),
    (of_property("a/*b"), "schemas/Thing/properties/a.*b: the name .* would begin or end a comment"),
    (without("operationId"), "paths/~1a/get: operationId is missing"),
    (without("tags"), "paths/~1a/get: tags is missing"),
    (without("responses"), "paths/~1a/get: responses is missing"),
    (of_path("/a", parameters=[{"in": "query", "schema": TEXT}]), "paths/~1a/get/parameters/0: name is missing"),
    (of_path("/a", parameters=[{"in": "query", "name": "q"}]), "paths/~1a/get/parameters/0: schema is missing"),
    (document({}, {"/a": {"get": operation("getA", answer(None, "2XX"))}}), "responses/2XX: the status '2XX'"),
    (of_path("/x/a-{id}.json"), "paths/~1x~1a-{id}.json: is no path"),
    (of_path("/x?a=b"), "is no path"), (of_path("/x#a"), "is no path"), (of_path("x"), "is no path"),
    (of_path("/../x"), "is no path"), (of_path("/x/./y"), "is no path"), (of_path('/x"y'), "is no path"),
    (of_path("/x//y"), "is no path"),
    (of_path("/x/{ids}", parameters=[parameter("ids", "path", {"type": "array", "items": TEXT})]), "'ids' is a list or an object"),
    (of_path("/x/{o}", parameters=[parameter("o", "path", {"type": "object"})]), "'o' is a list or an object"),
    (of_path("/a", servers=[{"url": "https://other.example"}]), "paths/~1a/get: the server https://other.example"),
    (document(THING, {f"/a/{{{name}}}": {"get": operation(name, answer(reference("Thing")))} for name in ("one", "two")}),
     "paths/~1a~1{two}/get: is the same request as management: #/paths/~1a~1{one}/get"),
    (of_path("/a", parameters=[parameter("a", "query"), parameter("a", "header")]), "wants the name a, which another member has"),
    *((of_path("/a", parameters=[parameter(name, "header")]), f"parameters/0: the header '{name}'")
      for name in ("Authorization", "host", "Content-Length", "Accept", "not a token")),
)


class Refused(unittest.TestCase):
    def test_message_names_file_and_place(self):
        for refused, text in REFUSED:
            with self.subTest(text):
                with self.assertRaisesRegex(DescriptionError, text.replace("{", r"\{")) as caught:
                    generate(refused)
                self.assertIn("management: ", str(caught.exception))

    def test_header_that_a_request_may_replace_is_taken(self):
        for name in ("Content-Type", "User-Agent", "If-Match"):
            generate(of_path("/a", parameters=[parameter(name, "header")]))

    def test_object_that_holds_itself_is_taken(self):
        me = {"type": "object", "properties": {"me": reference("S")}, "additionalProperties": reference("S")}
        lists = {"type": "array", "items": {"type": "array", "items": reference("S")}}
        made = generate(of_property("x", reference("S"), S=me, L=lists))
        self.assertEqual(made_up.members(made, "okta_s")["me"].target, "okta_s")

    def test_value_that_an_enum_has_twice_is_one_constant(self):
        made = generate(of_property("x", {"type": "string", "enum": ["A", "B", "A"]}))
        self.assertEqual([value.text for value in made.library.enums["okta_thing_x"].values], ["A", "B"])


def two(first: dict, second: dict) -> dict:
    """A list of things with params and pages, and another operation."""
    return document({**THING, "Held": {"type": "object", "properties": {
        "map": {"type": "object", "additionalProperties": reference("Thing")}}}},
        {"/a": {"get": first}, "/b": {"get": second}, "/c": {"get": operation("getHeld", answer(reference("Held")))}})


def list_things() -> dict:
    return operation("listThings", answer({"type": "array", "items": reference("Thing")}), parameters=[parameter("q", "query")])


class Clashes(made_up.Moving, unittest.TestCase):
    def test_each_name_that_is_derived_is_held_against_functions(self):
        for id_, what in (
            ("listThingsCall", "the twin of okta_list_things"), ("listThingsPages", "the pages of okta_list_things"),
            ("listThingsParams", "the params of okta_list_things"), ("thing", "a struct"), ("thingList", "the list of okta_thing"),
            ("thingEntry", "the entry of a map of okta_thing"), ("thingDescriptor", "the descriptor of okta_thing"),
            ("thingListDescriptor", "the descriptor of okta_thing_list"),
        ):
            with self.subTest(id_), self.assertRaisesRegex(ClashError, f"okta_{names.snake(id_)}: .*{what}"):
                generate(two(list_things(), operation(id_, answer(None))))

    def test_texts_of_two_requests_have_no_constant_in_common(self):
        texts, enums = (two(*(operation(id_, answer(None), parameters=[parameter(name, "query", schema)])
                              for id_, name in (("a", "bC"), ("aB", "c")))) for schema in (TEXT, {**TEXT, "enum": ["D"]}))
        with self.assertRaisesRegex(ClashError, "OKTA_A_B_C_D: a text of"):
            self.move(texts, enums)

    def test_constant_is_no_guard_of_a_header(self):
        with self.assertRaisesRegex(ClashError, "OKTA_API_THING_H: .*the guard"):
            generate(document({"Api": {"type": "string", "enum": ["THING_H"]},
                               "Thing": {"type": "object", "properties": {"x": reference("Api")}}},
                              {"/a": {"get": operation("getThing", answer(reference("Thing")))}}))

    def test_header_is_no_other_file(self):
        with self.assertRaisesRegex(ClashError, "all_operations"):
            generate(document(THING, {"/a": {"get": operation("x", answer(reference("Thing")), tags=["AllOperations"])}}))


class Arguments(unittest.TestCase):
    def test_placeholder_has_no_name_that_a_function_uses_itself(self):
        path = "/x/" + "/".join(f"{{{name}}}" for name in ARGUMENTS)
        made = generate(document(THING, {path: {"post": operation(
            "x", answer(reference("Thing")), reference("Thing"), parameters=[parameter("q", "query")])}}))
        self.assertEqual([found.name for found in made.library.functions["okta_x"].path_parameters],
                         [f"{name}_id" for name in ARGUMENTS])

    def test_those_names_are_all_that_a_function_uses(self):
        made = generate(document(THING, {
            "/x/{place}": {"post": operation("x", answer(reference("Thing")), reference("Thing"), parameters=[parameter("q", "query")])},
            "/y/{place}": {"get": operation("y", answer({"type": "array", "items": reference("Thing")}))}}))
        source = writers.write(made.library)["src/api/thing.c"]
        source = source[source.index("okta_error *okta_x("):]
        words = set(re.findall(r"\b[a-z]\w*", source)) - {"const", "char", "return", "place"}
        self.assertEqual({word for word in words if not word.startswith(("okta_", "oktai_"))}, set(ARGUMENTS))


if __name__ == "__main__":
    unittest.main()
