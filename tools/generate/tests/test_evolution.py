# SPDX-License-Identifier: Apache-2.0
"""What the ledger keeps when a description moves."""

import copy
import unittest

import made_up
from made_up import again, answer, generate, members, of_result, operation, reference
from okta_generate.model import Effect, Kind, ResultShape
from okta_generate.writers import change_list

TEXT = {"type": "string"}
THING = {"Thing": {"type": "object", "properties": {"b": TEXT, "state": {"enum": ["ON", "OFF"]}}}}


class Moves(made_up.Moving, unittest.TestCase):
    def test_second_run_adds_nothing(self):
        document = of_result(THING, reference("Thing"))
        _, second = self.move(document, document)
        self.assertEqual(second.ledger.added(), [])

    def test_new_member_and_value_come_last(self):
        schemas = {"Thing": {"type": "object", "properties": {"a": TEXT, "b": TEXT, "state": {"enum": ["NEW", "ON", "OFF"]}}}}
        _, second = self.move(of_result(THING, reference("Thing")), of_result(schemas, reference("Thing")))
        self.assertEqual(list(members(second, "okta_thing")), ["b", "state", "a"])
        self.assertEqual(members(second, "okta_thing")["a"].since, "2.0.0")
        self.assertEqual([value.text for value in second.library.enums["okta_thing_state"].values], ["ON", "OFF", "NEW"])

    def test_what_is_gone_stays_and_is_deprecated_and_comes_back(self):
        before, after = of_result(THING, reference("Thing")), of_result({"Thing": {"properties": {"b": TEXT}}}, reference("Thing"))
        _, second = self.move(before, after)
        self.assertEqual(members(second, "okta_thing")["state"].deprecated, "2.0.0")
        self.assertEqual(second.library.enums["okta_thing_state"].deprecated, "2.0.0")
        third = generate(before, again(second, "3.0.0", self.folder.name))
        self.assertEqual(members(third, "okta_thing")["state"].deprecated, "")

    def test_renamed_schema_keeps_its_struct(self):
        _, second = self.move(of_result(THING, reference("Thing")),
                              of_result({"Renamed": THING["Thing"]}, reference("Renamed")))
        self.assertEqual(set(second.library.structs), {"okta_thing"})
        self.assertEqual(second.library.functions["okta_get_thing"].result.target, "okta_thing")

    def test_member_of_another_kind_gets_a_second_one(self):
        for before, after, kind, second_kind in (
            (TEXT, {"type": "integer"}, Kind.STRING, Kind.INT),
            ({"properties": {"a": TEXT}}, {"type": "array", "items": {"properties": {"a": TEXT}}}, Kind.OBJECT, Kind.OBJECTS),
        ):
            one, two = ({"Thing": {"properties": {"x": schema}}} for schema in (before, after))
            _, second = self.move(of_result(one, reference("Thing")), of_result(two, reference("Thing")))
            found = [(member.json, member.kind, bool(member.deprecated))
                     for member in second.library.structs["okta_thing"].members]
            self.assertEqual(found, [("x", kind, True), ("x", second_kind, False)])

    def test_member_that_changes_its_spelling_is_a_second_one(self):
        one, two = ({"Thing": {"properties": {name: TEXT}}} for name in ("entityRisk", "EntityRisk"))
        _, second = self.move(of_result(one, reference("Thing")), of_result(two, reference("Thing")))
        self.assertEqual([(member.name, member.json) for member in second.library.structs["okta_thing"].members],
                         [("entity_risk", "entityRisk"), ("entity_risk_2", "EntityRisk")])

    def test_text_against_enum_keeps_the_recorded_side(self):
        for before, after, kind in ((TEXT, {"enum": ["A"]}, Kind.STRING), ({"enum": ["A"]}, TEXT, Kind.ENUM)):
            one, two = ({"Thing": {"properties": {"x": schema}}} for schema in (before, after))
            _, second = self.move(of_result(one, reference("Thing")), of_result(two, reference("Thing")))
            self.assertEqual([member.kind for member in second.library.structs["okta_thing"].members], [kind])

    def test_text_that_became_an_enum_gets_constants(self):
        one, two = ({"Thing": {"properties": {"x": schema}}} for schema in (TEXT, {"enum": ["A B"]}))
        _, second = self.move(of_result(one, reference("Thing")), of_result(two, reference("Thing")))
        self.assertEqual([(value.constant, value.text) for value in members(second, "okta_thing")["x"].constants],
                         [("OKTA_THING_X_A_B", "A B")])

    def test_parameter_that_became_an_enum_gets_constants(self):
        one, two = (of_result(THING, reference("Thing"), parameters=[{"name": "q", "in": "query", "schema": schema}])
                    for schema in (TEXT, {"type": "string", "enum": ["A B"]}))
        _, second = self.move(one, two)
        found = second.library.functions["okta_get_thing"].params.parameters[0]
        self.assertEqual([(value.constant, value.text) for value in found.constants], [("OKTA_GET_THING_Q_A_B", "A B")])

    def test_value_that_is_recorded_as_json_gets_no_struct(self):
        one, two = ({"Thing": {"properties": {"y": TEXT, "x": schema}}} for schema in ({"type": "object"}, THING["Thing"]))
        _, second = self.move(of_result(one, reference("Thing")), of_result(two, reference("Thing")))
        self.assertEqual(second.ledger.added(), [])

    def test_first_parameter_makes_a_second_function(self):
        query = {"name": "q", "in": "query", "schema": TEXT}
        _, second = self.move(of_result(THING, reference("Thing")),
                              of_result(THING, reference("Thing"), parameters=[query]))
        functions = second.library.functions
        self.assertIsNone(functions["okta_get_thing"].params)
        self.assertEqual(functions["okta_get_thing_with_params"].params.c_name, "okta_get_thing_params")

    def test_another_shape_of_result_makes_a_second_function(self):
        listed = {"type": "array", "items": reference("Thing")}
        for before, after, name, shape in ((reference("Thing"), listed, "okta_get_thing_list", ResultShape.LIST),
                                           (listed, reference("Thing"), "okta_get_thing_object", ResultShape.STRUCT)):
            _, second = self.move(of_result(THING, before), of_result(THING, after))
            self.assertEqual(second.library.functions[name].result.shape, shape)
            self.assertEqual(second.library.functions[name].result.target, "okta_thing")

    def test_operation_is_its_method_and_path(self):
        before = made_up.document(THING, {"/a/{id}": {"get": operation("one", answer(reference("Thing")))}})
        after = made_up.document(THING, {"/a/{other}": {"get": operation("two", answer(reference("Thing")))}})
        _, second = self.move(before, after)
        self.assertEqual(set(second.library.functions), {"okta_one"})

    def test_id_that_goes_to_another_operation_stops(self):
        before = made_up.document(THING, {"/a": {"patch": operation("one", answer(None), reference("Thing"))}})
        after = made_up.document(THING, {"/a": {"post": operation("one", answer(None), reference("Thing"))}})
        with self.assertRaisesRegex(Exception, "okta_one"):
            self.move(before, after)

    def test_operation_that_is_gone_keeps_its_function_and_effect(self):
        before = made_up.document(THING, {"/a": {"post": operation("createOne", answer(None), reference("Thing"))},
                                          "/b": {"get": operation("b", answer(reference("Thing")))}})
        after = copy.deepcopy(before)
        del after["paths"]["/a"]
        _, second = self.move(before, after)
        found = second.library.functions["okta_create_one"]
        self.assertEqual((found.deprecated, found.effect, found.good_statuses), ("2.0.0", Effect.CREATE, [200]))

    def test_member_that_became_read_only_is_a_change_that_is_told(self):
        after = copy.deepcopy(THING)
        after["Thing"]["properties"]["b"] = {**TEXT, "readOnly": True}
        _, second = self.move(of_result(THING, reference("Thing")), of_result(after, reference("Thing")))
        self.assertEqual([line for line in second.ledger.added()], ["A\tM\tokta_thing\tb\t1\tread-only\t2.0.0"])
        self.assertEqual([(change.version, change.name, change.what) for change in second.library.changes],
                         [("2.0.0", "okta_thing.b", "became read-only: it is not sent any more")])
        self.assertIn("\n## 2.0.0\n\n* `okta_thing.b` became read-only: it is not sent any more\n",
                      change_list.changes(second.library))


if __name__ == "__main__":
    unittest.main()
