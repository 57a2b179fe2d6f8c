# SPDX-License-Identifier: Apache-2.0
"""A second run over the same descriptions changes nothing, whatever stands where."""

import copy
import itertools
import unittest

import made_up
from made_up import again, answer, document, generate, operation, reference
from okta_generate import writers
from okta_generate.description import DescriptionError

TEXT, WHOLE = {"type": "string"}, {"type": "integer"}
ONE = {"type": "object", "properties": {"z": TEXT}}
TWO = {"type": "object", "properties": {"y": WHOLE, "n": {"type": "object", "properties": {"q": TEXT}}}}
PARTS = (TEXT, WHOLE, ONE, TWO, reference("Other"), {"type": "string", "enum": ["A", "B"]},
         {"type": "array", "items": ONE}, {"type": "object", "additionalProperties": ONE})
SHAPES = [*PARTS, {"oneOf": [TEXT, ONE]}, *({"anyOf": list(parts)} for parts in itertools.combinations(PARTS, 3))]


def small() -> dict:
    schemas = {"Other": {"type": "object", "properties": {"o": TEXT}},
               "Thing": {"type": "object", "properties": {
                   "x": TEXT, "l": {"type": "array", "items": TEXT}, "m": {"type": "object", "additionalProperties": TEXT}}}}
    return document(schemas, {"/things/{id}": {
        "get": operation("getThing", answer(reference("Thing"))),
        "post": operation("makeThing", answer(reference("Thing")), copy.deepcopy(reference("Thing")))}})


def json_of(holder: dict) -> dict:
    return holder["content"]["application/json"]


# Where a schema stands: the object that holds it, and its key there.
PLACES = {
    "a member": lambda document: (document["components"]["schemas"]["Thing"]["properties"], "x"),
    "an item": lambda document: (document["components"]["schemas"]["Thing"]["properties"]["l"], "items"),
    "a value": lambda document: (document["components"]["schemas"]["Thing"]["properties"]["m"], "additionalProperties"),
    "a component": lambda document: (document["components"]["schemas"], "Thing"),
    "a result": lambda document: (json_of(document["paths"]["/things/{id}"]["get"]["responses"]["200"]), "schema"),
    "a body": lambda document: (json_of(document["paths"]["/things/{id}"]["post"]["requestBody"]), "schema"),
}


class FixedPoint(made_up.Moving, unittest.TestCase):
    def check_second_run(self, made, described: dict) -> None:
        files = writers.write(made.library)
        second = generate(described, again(made, made.ledger.version, self.folder.name))
        self.assertEqual((second.ledger.added(), writers.write(second.library)), ([], files))

    def test_second_run_changes_nothing(self):
        start = generate(small())
        for place, schema in itertools.product(PLACES, SHAPES):
            described = small()
            holder, key = PLACES[place](described)
            holder[key] = copy.deepcopy(schema)
            with self.subTest(place, schema=schema):
                self.check_second_run(generate(described), described)
                self.check_second_run(generate(described, again(start, "2.0.0", self.folder.name)), described)

    def test_position_that_a_later_operation_makes_one_of_json_gets_no_struct(self):
        def bound(*results: dict) -> dict:
            return document({"Thing": {"type": "object", "properties": {"x": {"type": "boolean"}}}}, {
                f"/{number}": {"get": operation(f"get{number}", answer(result))} for number, result in enumerate(results)})
        described = bound(reference("Thing"), {"type": "object", "properties": {"x": ONE}},
                          {"type": "object", "properties": {"x": TEXT}})
        _, second = self.move(bound(*[reference("Thing")] * 3), described)
        self.assertEqual(set(second.library.structs), {"okta_thing"})
        self.check_second_run(second, described)

    def test_alternatives_that_lead_back_to_themselves_stop(self):
        for schemas in ({"A": {"anyOf": [reference("B"), TEXT]}, "B": {"anyOf": [reference("A"), WHOLE]}},
                        {"A": {"type": "array", "items": {"anyOf": [reference("A"), reference("B")]}},
                         "B": {"type": "array", "items": {"anyOf": [reference("B"), reference("A")]}}}):
            with self.assertRaisesRegex(DescriptionError, "of itself"):
                generate(made_up.of_result(schemas, reference("A")))

    def test_parameter_that_holds_objects_stops(self):
        for schema in (ONE, {"type": "array", "items": ONE}, {"type": "object", "additionalProperties": TEXT}):
            with self.assertRaisesRegex(DescriptionError, "the parameter 'q' holds objects"):
                generate(made_up.of_result({}, TEXT, parameters=[{"name": "q", "in": "query", "schema": schema}]))

    def test_form_that_is_no_object_stops(self):
        described = document({}, {"/a": {"post": operation("one", answer(None), requestBody={
            "content": {"application/x-www-form-urlencoded": {"schema": {"anyOf": [ONE, TEXT]}}}})}})
        with self.assertRaisesRegex(DescriptionError, "is a form, and no object"):
            generate(described)


if __name__ == "__main__":
    unittest.main()
