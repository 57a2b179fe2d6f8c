# SPDX-License-Identifier: Apache-2.0
"""What the ledger keeps when a description moves."""

import copy
import unittest

import made_up
from made_up import again, answer, generate, members, of_result, operation, reference
from okta_generate.model import Effect, Kind, ResultShape
from okta_generate import writers
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


QUERY = {"name": "q", "in": "query", "schema": TEXT}


def of_body(body: dict | None, result: dict | None = None) -> dict:
    return made_up.document(THING, {"/a": {"post": operation("one", answer(result), body)}})


LISTED = {"type": "array", "items": reference("Thing")}
FORM = {"content": {"application/x-www-form-urlencoded": {"schema": reference("Thing")}}, "required": True}
FILE = {"content": {"application/pdf": {"schema": {**TEXT, "format": "binary"}}}, "required": True}

# Before, after, and the function that takes the place of okta_one().
REPLACED = {
    "a first parameter": (of_body(None), {"parameters": [QUERY]}, "okta_one_with_params"),
    "a first parameter that is required": (of_body(None), {"parameters": [{**QUERY, "required": True}]}, "okta_one_with_params"),
    "a body": (of_body(None), {"requestBody": FORM}, "okta_one_with_body"),
    "a body of another shape": (of_body(reference("Thing")), {"requestBody": FILE}, "okta_one_with_body"),
    "no body": (of_body(reference("Thing")), {"requestBody": None}, "okta_one_without_body"),
    "a result": (of_body(None), {"responses": answer(reference("Thing"))}, "okta_one_object"),
    "a result of another shape": (of_body(None, reference("Thing")), {"responses": answer(LISTED)}, "okta_one_list"),
    "bytes": (of_body(None, reference("Thing")), {"responses": answer(TEXT, media="text/csv")}, "okta_one_bytes"),
    "a location": (of_body(None, reference("Thing")), {"responses": {"302": {"description": ""}}}, "okta_one_location"),
    "two at once": (of_body(None, reference("Thing")), {"requestBody": FORM, "responses": answer(LISTED)}, "okta_one_with_body_list"),
}


class Replaced(made_up.Moving, unittest.TestCase):
    """An operation that a recorded function does not fit any more gets a further one."""

    def test_old_function_is_deprecated_and_told_and_works_as_before(self):
        for what, (before, change, name) in REPLACED.items():
            with self.subTest(what):
                after = copy.deepcopy(before)
                one = after["paths"]["/a"]["post"]
                one.update(change)
                after["paths"]["/a"]["post"] = {key: value for key, value in one.items() if value is not None}
                first, second = self.move(before, after)
                old, further = (second.library.functions[found] for found in ("okta_one", name))
                self.assertEqual((old.deprecated, old.successor, further.deprecated), ("2.0.0", name, ""))
                self.assertIn(f"\n* `okta_one()` is not what is described any more: {name}() is\n",
                              change_list.changes(second.library))
                files = writers.write(second.library)
                self.assertIn(f"@deprecated since 2.0.0 of libokta: Okta describes {name}().",
                              files["include/okta/api/thing.h"].replace("\n *", ""))
                was = first.library.functions["okta_one"]
                self.assertEqual((old.result.shape, old.result.target, old.result.media_types, old.params),
                                 (was.result.shape, was.result.target, was.result.media_types, was.params))
                self.assertEqual(old.body, was.body)
                third = generate(after, again(second, "3.0.0", self.folder.name))
                self.assertEqual((third.ledger.added(), writers.write(third.library)), ([], files))
                back = generate(before, again(second, "3.0.0", self.folder.name))
                self.assertEqual([back.library.functions[found].deprecated for found in ("okta_one", name)], ["", "3.0.0"])

    def test_further_function_that_does_not_fit_any_more_is_replaced_in_turn(self):
        texts = {"type": "array", "items": TEXT}
        _, second = self.move(of_body(None, reference("Thing")), of_body(None, LISTED))
        third = generate(of_body(None, texts), again(second, "3.0.0", self.folder.name))
        found = third.library.functions
        self.assertEqual([(name, found[name].deprecated, found[name].successor) for name in found], [
            ("okta_one", "2.0.0", "okta_one_list"), ("okta_one_list", "3.0.0", "okta_one_list_2"), ("okta_one_list_2", "", "")])
        self.assertIs(found["okta_one_list_2"].result.shape, ResultShape.STRINGS)

    def test_table_of_all_has_the_function_that_is_described(self):
        _, second = self.move(of_body(None, reference("Thing")), of_body(None, LISTED))
        back = generate(of_body(None, reference("Thing")), again(second, "3.0.0", self.folder.name))
        for made, name in ((second, "one_list"), (back, "one")):
            table = writers.write(made.library)["src/api/all_operations.c"].split("oktai_operation_count")[0]
            self.assertIn(f"&oktai_{name}_operation,", table)

    def test_what_the_org_requires_from_a_later_release_on_is_told(self):
        optional, required = ({**QUERY, "required": flag} for flag in (False, True))
        bodies = [made_up.document(THING, {"/a": {"post": operation("one", answer(None), requestBody={
            "content": {"application/json": {"schema": reference("Thing")}}, "required": flag})}}) for flag in (False, True)]
        other = {**QUERY, "name": "other"}
        for before, after, text in (
            (of_result({}, TEXT, parameters=[optional]), of_result({}, TEXT, parameters=[required]),
             "`okta_get_thing(): q` is required by the org, and may be missing here"),
            (of_result({}, TEXT, parameters=[other]), of_result({}, TEXT, parameters=[other, required]),
             "`okta_get_thing(): q` is required by the org, and may be missing here"),
            (*bodies, "`okta_one()` the org requires a body, which may be missing here"),
            (of_body(None, reference("Thing")), made_up.document(THING, {"/a": {"post": operation("one", {
                **answer(None), **answer(reference("Thing"), "201")})}}),
             "the answer may be empty, and the result NULL"),
        ):
            with self.subTest(text):
                _, second = self.move(before, after)
                self.assertIn(text, change_list.changes(second.library))
                self.assertEqual([found.deprecated for found in second.library.functions.values()], [""])
                third = generate(before, again(second, "3.0.0", self.folder.name))
                self.assertEqual(generate(before, again(third, "4.0.0", self.folder.name)).ledger.added(), [])


HOOKS = {"check": "oktai_thing_check", "settlement": "oktai_thing_settlement"}
STATUS = {"type": "string", "enum": ["ON", "ACTIVE"]}


class Hooks(made_up.Moving, unittest.TestCase):
    """What is written by hand for an operation serves old programs as well."""

    def moved(self, change, schemas: dict = THING) -> tuple[dict, dict]:
        """The rows of two runs; between them the description changes, and the overlay marks what is still there."""
        before = made_up.document(schemas, {
            "/a": {"post": operation("createOne", answer(reference("Thing")), reference("Thing")),
                   "get": operation("listOnes", answer(LISTED))},
            "/a/{id}": {"get": operation("getOne", answer(reference("Thing")))},
            "/a/{id}/lifecycle/switch": {"post": operation("switchOne", answer(None))},
            "/b": {"get": operation("b", answer(reference("Thing")))}})
        marks = {"/a": {"hooks": HOOKS, "argument": "thing"}, "/a/{id}/lifecycle/switch": {"effect": "state", "target_state": "ON"}}
        after = copy.deepcopy(before)
        change(after["paths"])
        made = []
        for described in (before, after):
            entries = [made_up.entry("management", f"request POST {path.replace('id', '')}", "mark", mark)
                       for path, mark in marks.items() if "post" in described["paths"].get(path, {})]
            book = again(made[-1], "2.0.0", self.folder.name) if made else None
            made.append(generate(described, book, entries))
        return tuple({name: self.care(found, name) for name in found.library.functions} for found in made)

    @staticmethod
    def care(made, name: str) -> str:
        """The care of a row, as C."""
        source = writers.write(made.library)["src/api/thing.c"]
        start = f"static const oktai_care {name[len('okta_'):]}_care = {{\n"
        return source.split(start)[1].split("};")[0] if start in source else ""

    def test_operation_that_is_gone_keeps_them(self):
        before, after = self.moved(lambda paths: (paths["/a"].pop("post"), paths.pop("/a/{id}/lifecycle/switch")),
                                   {"Thing": {"type": "object", "properties": {"status": STATUS}}})
        self.assertIn(".settlement = &oktai_thing_settlement,", before["okta_create_one"])
        self.assertIn(".check = oktai_thing_check,", before["okta_create_one"])
        self.assertIn(".list = &oktai_list_ones_operation,", before["okta_create_one"])
        self.assertIn('.target_state = "ON",', before["okta_switch_one"])
        self.assertEqual(after, before)

    def test_what_settles_it_may_be_gone_as_well(self):
        before, after = self.moved(lambda paths: (paths.pop("/a"), paths.pop("/a/{id}"), paths.pop("/a/{id}/lifecycle/switch")),
                                   {"Thing": {"type": "object", "properties": {"status": STATUS}}})
        self.assertEqual(after, before)

    def test_operation_that_stays_keeps_what_settles_it(self):
        before, after = self.moved(lambda paths: paths["/a"].pop("get"))
        self.assertIn(".list = &oktai_list_ones_operation,", before["okta_create_one"])
        self.assertEqual(after, before)

    def test_function_of_another_body_gets_none(self):
        before, after = self.moved(lambda paths: paths["/a"]["post"].update(requestBody=FILE))
        self.assertEqual(after["okta_create_one"], before["okta_create_one"])
        self.assertEqual(after["okta_create_one_with_body"], "")


if __name__ == "__main__":
    unittest.main()
