# SPDX-License-Identifier: Apache-2.0
"""From schemas to structs: conjunctions, alternatives, positions, kinds."""

import unittest

import made_up
from made_up import answer, document, entry, generate, members, of_result, operation, reference
from okta_generate import clashes, ledger, run, writers
from okta_generate.model import Kind

TEXT = {"type": "string"}


def kinds(made, struct: str) -> dict:
    return {name: (member.kind, member.target) for name, member in members(made, struct).items()}


class Conjunctions(unittest.TestCase):
    def test_override_without_a_type_keeps_that_of_the_base(self):
        made = generate(of_result({
            "Base": {"type": "object", "properties": {"a": TEXT, "b": {"type": "integer"}}},
            "Thing": {"allOf": [reference("Base"), {"properties": {"a": {"description": "x"}, "c": TEXT}}]}},
            reference("Thing")))
        self.assertEqual(kinds(made, "okta_thing"),
                         {"a": (Kind.STRING, ""), "b": (Kind.INT, ""), "c": (Kind.STRING, "")})

    def test_siblings_of_a_reference_count(self):
        made = generate(of_result({
            "Inner": {"type": "object", "properties": {"a": TEXT}},
            "Thing": {"properties": {"x": {**reference("Inner"), "readOnly": True}, "y": reference("Inner")}}},
            reference("Thing")))
        found = members(made, "okta_thing")
        self.assertEqual((found["x"].target, found["y"].target), ("okta_inner", "okta_inner"))
        self.assertEqual((found["x"].read_only, found["y"].read_only), (True, False))


class Alternatives(unittest.TestCase):
    SHAPES = {
        "Shape": {"type": "object", "properties": {"kind": TEXT, "name": {**TEXT}},
                  "discriminator": {"propertyName": "kind", "mapping": {"CIRCLE": "#/components/schemas/Circle",
                                                                        "SQUARE": "#/components/schemas/Square"}}},
        "Circle": {"allOf": [reference("Shape"), {"type": "object", "properties": {
            "name": {"readOnly": True}, "more": reference("CircleMore"), "size": TEXT}}]},
        "Square": {"allOf": [reference("Shape"), {"type": "object", "properties": {
            "more": reference("SquareMore"), "size": {"type": "array", "items": TEXT}}}]},
        "CircleMore": {"type": "object", "properties": {"radius": {"type": "number"}, "color": {**TEXT, "enum": ["RED"]}}},
        "SquareMore": {"type": "object", "properties": {"side": {"type": "integer"}, "color": {**TEXT, "enum": ["BLUE"]}}},
    }

    def setUp(self):
        self.made = generate(of_result(self.SHAPES, reference("Shape")))

    def test_variants_of_a_mapping_are_one_flat_struct(self):
        self.assertEqual(set(self.made.library.structs), {"okta_shape", "okta_shape_more"})
        self.assertEqual(kinds(self.made, "okta_shape"), {
            "kind": (Kind.STRING, ""), "name": (Kind.STRING, ""), "more": (Kind.OBJECT, "okta_shape_more"),
            "size": (Kind.STRING, ""), "size_list": (Kind.STRINGS, "")})

    def test_text_that_is_null_by_default_is_no_second_member(self):
        rules = {"type": "object", "properties": {"a": TEXT}}
        for default, names in ((None, {"rules"}), ({}, {"rules"}), ("", {"rules", "rules_text"})):
            made = generate(of_result({
                "With": {"type": "object", "properties": {"rules": rules}},
                "Without": {"type": "object", "properties": {
                    "rules": {"type": "string", "nullable": True, "default": default}}}},
                {"oneOf": [reference("With"), reference("Without")]}))
            found = [set(members(made, struct)) for struct in made.library.structs]
            self.assertIn(names, found)

    def test_members_of_some_variants_name_them(self):
        found = members(self.made, "okta_shape_more")
        self.assertEqual((found["radius"].variants, found["side"].variants, found["color"].variants),
                         (["CircleMore"], ["SquareMore"], []))
        one = generate(of_result({
            "Here": {"type": "object", "required": ["a"], "properties": {"a": TEXT, "b": TEXT}},
            "There": {"type": "object", "properties": {"b": TEXT}}},
            {"oneOf": [reference("Here"), reference("There")]}))
        struct = next(name for name in one.library.structs if "a" in members(one, name))
        self.assertEqual((members(one, struct)["a"].variants, members(one, struct)["a"].required_there), (["Here"], True))

    def test_read_only_holds_where_all_variants_agree(self):
        self.assertFalse(members(self.made, "okta_shape")["name"].read_only)

    def test_members_that_are_objects_merge_in_turn(self):
        self.assertEqual(kinds(self.made, "okta_shape_more"), {
            "radius": (Kind.DOUBLE, ""), "color": (Kind.ENUM, "okta_shape_more_color"), "side": (Kind.INT, "")})
        self.assertEqual([value.text for value in self.made.library.enums["okta_shape_more_color"].values], ["RED", "BLUE"])

    def test_text_in_one_alternative_makes_an_enum_of_another_text(self):
        schemas = {"A": {"properties": {"x": {**TEXT, "enum": ["ONE"]}}}, "B": {"properties": {"x": TEXT}},
                   "Thing": {"oneOf": [reference("A"), reference("B")]}}
        made = generate(of_result(schemas, reference("Thing")))
        self.assertEqual(kinds(made, "okta_thing"), {"x": (Kind.STRING, "")})

    def test_schema_without_operation_is_left_out(self):
        made = generate(of_result({**self.SHAPES, "Lonely": {"properties": {"a": TEXT}}}, reference("Shape")))
        self.assertNotIn("okta_lonely", made.library.structs)


class Kinds(unittest.TestCase):
    def one(self, schema: dict, **schemas) -> Kind:
        made = generate(of_result({"Thing": {"properties": {"x": schema, "y": TEXT}}, **schemas}, reference("Thing")))
        return members(made, "okta_thing")["x"].kind

    def test_maps_lists_and_free_values(self):
        inner = {"type": "object", "properties": {"a": TEXT}}
        for schema, kind in (
            ({"type": "object", "additionalProperties": TEXT}, Kind.MAP_STRINGS),
            ({"type": "object", "additionalProperties": inner}, Kind.MAP_OBJECTS),
            ({"type": "object", "additionalProperties": {"type": "integer"}}, Kind.JSON),
            ({"type": "object"}, Kind.JSON), ({}, Kind.JSON), ({"type": "array", "items": {}}, Kind.JSON),
            ({"type": "array", "items": TEXT}, Kind.STRINGS), ({"type": "array", "items": inner}, Kind.OBJECTS),
            ({"type": "array", "items": {"type": "array", "items": TEXT}}, Kind.JSON),
            ({**inner, "additionalProperties": True}, Kind.OBJECT), ({"oneOf": [TEXT, {"type": "integer"}, inner]}, Kind.JSON),
            ({"oneOf": [{"type": "integer"}, {"type": "number"}]}, Kind.DOUBLE), ({"enum": ["A"]}, Kind.ENUM),
        ):
            with self.subTest(schema=schema):
                self.assertEqual(self.one(schema), kind)

    def test_links_are_links_by_name(self):
        self.assertEqual(self.one({"type": "string"}), Kind.STRING)
        made = generate(of_result({"Thing": {"properties": {"_links": {"properties": {"self": TEXT}}}}}, reference("Thing")))
        self.assertEqual(members(made, "okta_thing")["links"].target, "okta_links")


class Marks(unittest.TestCase):
    SCHEMAS = {"Thing": {"properties": {"a": TEXT, "state": {"enum": ["OFF", "ON"]}, "z": TEXT}},
               "Base": {"properties": {"a": TEXT}}}

    def made(self, *marks, **changes):
        entries = [entry("management", f"schemas/{place}", "mark", mark) for place, mark in marks]
        return generate(of_result({**self.SCHEMAS, **changes}, reference("Thing")), entries=entries)

    def test_object_with_a_list_of_anything_has_no_links(self):
        made = generate(of_result({"Thing": {"type": "object", "properties": {"domains": {"type": "array"}}}}, reference("Thing")))
        self.assertEqual(made.library.functions["okta_get_thing"].result.target, "okta_thing")
        self.assertEqual(kinds(made, "okta_thing"), {"domains": (Kind.JSON, "")})

    def test_order_of_members_and_of_values(self):
        made = self.made(("Thing", {"order": ["z", "state"]}), ("Thing/properties/state", {"order": ["ON"]}))
        self.assertEqual(list(members(made, "okta_thing")), ["z", "state", "a"])
        self.assertEqual([value.text for value in made.library.enums["okta_thing_state"].values], ["ON", "OFF"])

    def test_answer_that_may_lack_its_body(self):
        for entries, bare in (([], []), ([entry("management", "operation getThing", "mark", {"bare_statuses": [200]})], [200])):
            made = generate(of_result(self.SCHEMAS, reference("Thing")), entries=entries)
            found = made.library.functions["okta_get_thing"]
            self.assertEqual((found.empty_statuses, found.result.may_be_empty), (bare, bool(bare)))

    def test_header_of_its_own(self):
        made = self.made(("Thing", {"header": "own", "schema": "Anything"}))
        struct = made.library.structs["okta_thing"]
        self.assertEqual((struct.header, struct.schema, made.library.enums["okta_thing_state"].header),
                         ("own", "Anything", "own"))
        self.assertEqual((made.library.headers["own"].tag, made.library.headers["thing"].structs), ("", []))
        self.assertIn("Structs of several tags of Okta's Management API.",
                      writers.write(made.library)["include/okta/models/own.h"])

    def test_typedef_of_a_component_that_stands_nowhere(self):
        made = self.made(("Base", {"name": "okta_thing", "typedefs": ["okta_base"]}))
        self.assertEqual(made.library.typedefs["okta_base"].target, "okta_thing")

    def test_one_name_for_two_enums_is_one_enum(self):
        schema = {"enum": ["ON", "BOTH"]}
        made = self.made(("Thing/properties/state", {"name": "okta_state"}), ("Thing/properties/z", {"name": "okta_state"}),
                         Thing={"properties": {"state": {"enum": ["OFF", "ON"]}, "z": schema}})
        self.assertEqual({member.target for member in members(made, "okta_thing").values()}, {"okta_state"})
        self.assertEqual([value.text for value in made.library.enums["okta_state"].values], ["OFF", "ON", "BOTH"])

    def test_type_beside_a_reference_makes_no_other_enum(self):
        made = self.made(Thing={"properties": {"a": {"type": "string", "readOnly": True, **reference("State")}}},
                         State={"type": "string", "enum": ["ON"]})
        self.assertEqual(members(made, "okta_thing")["a"].target, "okta_state")


class Clashes(unittest.TestCase):
    def test_two_members_of_one_name_stop_with_both(self):
        with self.assertRaisesRegex(Exception, "management: #/components/schemas/Thing/properties/a-b: okta_thing: 'a-b' wants the name a_b, which another member has"):
            generate(of_result({"Thing": {"properties": {"aB": TEXT, "a-b": TEXT}}}, reference("Thing")))

    def test_two_values_of_one_constant_stop(self):
        with self.assertRaisesRegex(Exception, "management: #/components/schemas/Thing/properties/x: 'one' wants OKTA_THING_X_ONE, which another value has"):
            generate(of_result({"Thing": {"properties": {"x": {"enum": ["ONE", "one"]}}}}, reference("Thing")))

    def test_names_of_two_kinds_stop_with_both(self):
        lister = {"/things": {"get": operation("thing", answer(reference("Thing")))}}
        for schemas, paths, text in (
            ({"Thing": {"properties": {"a": TEXT}}}, lister, "okta_thing: a function and a struct"),
            ({"ThingCall": {"properties": {"a": TEXT}}, "Thing": reference("ThingCall")}, lister,
             r"okta_thing_call: the twin of okta_thing\(\) and a struct"),
            ({"Thing": {"enum": ["A"]}, "Other": {"properties": {"a": reference("Thing")}}},
             {"/things": {"get": operation("thing", answer(reference("Other")))}}, "okta_thing: a function and an enum"),
        ):
            with self.assertRaisesRegex(clashes.ClashError, text):
                generate(document(schemas, paths))

    def test_name_that_is_written_by_hand_stops_with_its_header(self):
        with self.assertRaisesRegex(clashes.ClashError, "okta_client: a struct, and okta/client.h has the name"):
            run.run({"management": of_result({"Client": {"properties": {"a": TEXT}}}, reference("Client"))}, [],
                    ledger.Ledger("1.0.0"), set(), {"okta_client": "okta/client.h"})

    def test_names_that_differ_in_capitals_only_stop(self):
        with self.assertRaisesRegex(Exception, "okta_thing"):
            generate(of_result({"Thing": {"properties": {"a": reference("THING")}}, "THING": {"properties": {"b": TEXT}}},
                               reference("Thing")))

    def test_inline_object_does_not_take_the_name_of_a_component(self):
        made = generate(of_result({"Thing": {"properties": {"type": {"properties": {"id": TEXT}}}},
                                   "ThingType": {"enum": ["A"]}}, reference("Thing")))
        self.assertEqual(members(made, "okta_thing")["type"].target, "okta_thing_type_inline")


if __name__ == "__main__":
    unittest.main()
