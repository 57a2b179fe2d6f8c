# SPDX-License-Identifier: Apache-2.0
"""What functions, pages and rows keep when a description moves, and where new members begin."""

import copy
import unittest

import made_up
from made_up import again, answer, entry, generate, members, of_result, operation, reference
from okta_generate import writers
from okta_generate.description import DescriptionError
from okta_generate.model import BodyShape, Kind, PathBase, ResultShape

TEXT = {"type": "string"}
THING = {"Thing": {"type": "object", "properties": {"b": TEXT, "state": {"enum": ["ON", "OFF"]}}}}
LISTED = {"type": "array", "items": reference("Thing")}
OTHER = {"/other": {"get": operation("getOther", answer(reference("Thing")))}}


class Rows(made_up.Moving, unittest.TestCase):
    def drop(self, path: str, what: dict, schemas: dict = THING):
        """The function of an operation that is gone, and the library."""
        before = made_up.document(schemas, {path: what, **OTHER})
        first, second = self.move(before, made_up.document(schemas, OTHER))
        name = next(name for name in first.library.functions if name != "okta_get_other")
        return second.library.functions[name], second.library

    def test_operation_that_is_gone_keeps_all_of_its_row(self):
        found, _ = self.drop("/a", {"post": operation(
            "createOne", {**answer(TEXT, media="application/xml"), **answer(None, "204")},
            parameters=[{"name": "of", "in": "query", "schema": {"type": "array", "items": TEXT}, "explode": False}],
            security=[{"oauth2": ["okta.things.manage", "okta.things.read"]}],
            servers=[{"url": "https://drapp.example"}],
            requestBody={"content": {"application/pkcs10": {"schema": {"type": "string", "format": "binary"}}}})})
        self.assertEqual(found.operation, "createOne")
        self.assertEqual(found.scopes, ["okta.things.manage", "okta.things.read"])
        self.assertEqual((found.good_statuses, found.empty_statuses), ([200, 204], [204]))
        self.assertEqual((found.body.media_types, found.body.required), (["application/pkcs10"], False))
        self.assertEqual((found.result.shape, found.result.media_types), (ResultShape.BYTES, ["application/xml"]))
        self.assertTrue(found.result.may_be_empty)
        self.assertIs(found.base, PathBase.OTHER)
        self.assertTrue(found.params.parameters[0].comma_list)

    def test_list_that_is_gone_keeps_its_pages(self):
        found, library = self.drop("/a", {"get": operation("listThings", answer(LISTED))})
        self.assertEqual((found.paging.item, found.paging.items), ("okta_thing", ""))
        self.assertIn("okta_list_things_pages(", "".join(writers.write(library).values()))

    def test_page_that_is_an_object_keeps_its_array(self):
        after = [{"name": "after", "in": "query", "schema": TEXT}]
        page = {"Page": {"type": "object", "properties": {"things": LISTED, "_links": {"type": "object"}}}, **THING}
        one, two = ({"/a": {"get": operation("getPage", answer(reference("Page")), parameters=after)}},
                    {"/a": {"get": operation("getPage", answer(reference("Page")))}})
        _, second = self.move(made_up.document(page, one), made_up.document(page, two))
        found = second.library.functions["okta_get_page"].paging
        self.assertEqual((found.item, found.items), ("okta_thing", "things"))

    def test_object_that_became_a_list_gets_no_pages(self):
        thing = {"Thing": {"type": "object", "properties": {"_links": {"type": "object"}, "a": {"type": "array", "items": TEXT}}}}
        queries = [{"name": "after", "in": "query", "schema": TEXT}]
        before = of_result({"Thing": {"type": "object", "properties": {"b": TEXT}}}, reference("Thing"), parameters=queries)
        _, second = self.move(before, of_result(thing, LISTED, parameters=queries))
        self.assertIsNone(second.library.functions["okta_get_thing"].paging)
        self.assertEqual(second.library.functions["okta_get_thing_list"].paging.item, "okta_thing")

    def test_secret_that_is_gone_stays_redacted(self):
        schemas = {"Thing": {"type": "object", "properties": {"b": TEXT, "c": {**TEXT, "writeOnly": True}}}}
        first, second = self.move(of_result(schemas, reference("Thing")), of_result(THING, reference("Thing")))
        self.assertTrue(members(first, "okta_thing")["c"].secret)
        self.assertTrue(members(second, "okta_thing")["c"].secret)

    def test_struct_that_is_gone_keeps_what_it_does_with_other_members(self):
        gone = {"Gone": {"type": "object", "properties": {"a": TEXT}}, **THING}
        marks = [entry("management", "schemas/Gone", "mark", {"secret_extras": ["d"], "list_wrappers": ["keys"]})]
        before = made_up.document(gone, {"/a": {"get": operation("listGone", answer({"type": "array", "items": reference("Gone")}))}, **OTHER})
        first = generate(before, entries=marks)
        second = generate(made_up.document(THING, OTHER), made_up.again(first, "2.0.0", self.folder.name))
        found = second.library.structs["okta_gone"]
        self.assertEqual((found.secret_extras, found.list_wrappers, found.list_name), (["d"], ["keys"], "okta_gone_list"))

    def test_former_name_of_an_operation_still_finds_it(self):
        before = made_up.document(THING, {"/a/{id}": {"get": operation("one", answer(reference("Thing")))}})
        after = made_up.document(THING, {"/a/{other}": {"get": operation("two", answer(reference("Thing")))}})
        _, second = self.move(before, after)
        self.assertEqual(second.library.former_names, {"one": "okta_one"})
        self.assertIn('    {"one", &oktai_one_operation},\n', writers.write(second.library)["src/api/all_operations.c"])

    def test_changes_of_a_row_are_told(self):
        one, two = (of_result(THING, reference("Thing"), security=[{"oauth2": [scope]}]) for scope in ("a", "b"))
        _, second = self.move(one, two)
        self.assertEqual([change.what for change in second.library.changes], ["scopes: b, before a"])

    @staticmethod
    def query(name: str, required: bool, place: str = "query") -> dict:
        return {"name": name, "in": place, "required": required, "schema": TEXT}

    def flags(self, made, function: str = "okta_get_thing") -> list[bool]:
        """Which parameters a row has as required."""
        source = writers.write(made.library)["src/api/thing.c"]
        table = source.split(f"{function[5:]}_params_flags[] = {{")[1].split("};")[0]
        self.assertEqual([parameter.required and not parameter.late
                          for parameter in made.library.functions[function].params.parameters],
                         ["REQUIRED" in flag for flag in table.strip().rstrip(",").split(",")])
        return ["REQUIRED" in flag for flag in table.strip().rstrip(",").split(",")]

    def test_parameter_is_only_refused_where_it_is_missing_if_it_was_required_from_the_start(self):
        for place in ("query", "header"):
            before, after = (of_result(THING, reference("Thing"), parameters=[self.query("first", True), *more])
                             for more in ([self.query("second", False, place)],
                                          [self.query("second", True, place), self.query("third", True, place)]))
            first, second = self.move(before, after)
            self.assertEqual(self.flags(first), [True, False])
            self.assertEqual(self.flags(second), [True, False, False])
            third = generate(after, again(second, "3.0.0", self.folder.name))
            self.assertEqual((third.ledger.added(), self.flags(third)), ([], [True, False, False]))
            self.assertIn("required by the org", writers.write(third.library)["include/okta/api/thing.h"])

    def test_params_stay_nullable_when_a_parameter_becomes_required(self):
        before, after = (of_result(THING, reference("Thing"), parameters=[self.query("q", required)]) for required in (False, True))
        _, second = self.move(before, after)
        self.assertFalse(second.library.functions["okta_get_thing"].params.required)
        self.assertIn("@param[in] params nullable", writers.write(second.library)["include/okta/api/thing.h"])

    def test_first_params_of_a_further_function_are_required_as_described(self):
        _, second = self.move(of_result(THING, reference("Thing")),
                              of_result(THING, reference("Thing"), parameters=[self.query("q", True)]))
        self.assertTrue(second.library.functions["okta_get_thing_with_params"].params.required)

    def test_parameter_that_was_optional_once_or_is_gone_is_not_required_again(self):
        required, optional, none = (of_result(THING, reference("Thing"), parameters=parameters) for parameters in (
            [self.query("q", True)], [self.query("q", False)], [self.query("other", False)]))
        for between in (optional, none):
            _, second = self.move(required, between)
            self.assertFalse(self.flags(second)[0])
            third = generate(required, again(second, "3.0.0", self.folder.name))
            self.assertFalse(self.flags(third)[0])

    def test_parameter_of_an_operation_that_is_gone_stays_required(self):
        found, _ = self.drop("/a", {"get": operation("getA", answer(reference("Thing")), parameters=[self.query("q", True)])})
        self.assertTrue(found.params.required)

    def test_body_that_becomes_required_is_still_optional_in_the_recorded_function(self):
        before, after = (made_up.document(THING, {"/a": {"post": operation("one", answer(None), requestBody={
            "content": {"application/json": {"schema": reference("Thing")}}, "required": required})}})
            for required in (False, True))
        _, second = self.move(before, after)
        self.assertIn("OKTAI_OPERATION_BODY_OPTIONAL", writers.write(second.library)["src/api/thing.c"])
        first, second = self.move(after, after)
        self.assertNotIn("OKTAI_OPERATION_BODY_OPTIONAL", writers.write(second.library)["src/api/thing.c"])

    def test_file_of_a_body_that_becomes_required_may_be_missing(self):
        binary = {**TEXT, "format": "binary"}
        documents = [made_up.document({}, {"/a": {"post": operation("one", answer(None), requestBody={"content": {
            "multipart/form-data": {"schema": {"type": "object", "properties": {"f": binary, "g": binary}, "required": required}}}})}})
            for required in (["f"], ["f", "g"])]
        _, second = self.move(*documents)
        source = writers.write(second.library)["src/api/thing.c"]
        self.assertRegex(source, r'\{"f", [^{}]*, true\}')
        self.assertRegex(source, r'\{"g", [^{}]*, false\}')

    def test_function_whose_body_is_sent_otherwise_keeps_its_media_types(self):
        for media in ("application/x-www-form-urlencoded", "multipart/form-data", "application/xml"):
            body = {**TEXT, "format": "binary"} if media == "application/xml" else reference("Thing")
            before = made_up.document(THING, {"/a": {"post": operation("one", answer(None), reference("Thing"))}})
            after = made_up.document(THING, {"/a": {"post": operation("one", answer(None), requestBody={
                "content": {media: {"schema": body}}, "required": True})}})
            _, second = self.move(before, after)
            old, further = (second.library.functions[name] for name in ("okta_one", "okta_one_with_body"))
            self.assertEqual((old.body.shape, old.body.media_types, old.deprecated),
                             (BodyShape.STRUCT, ["application/json"], "2.0.0"))
            self.assertEqual((further.body.media_types, further.deprecated), ([media], ""))
            third = generate(after, again(second, "3.0.0", self.folder.name))
            self.assertEqual((third.ledger.added(), third.library.functions["okta_one"].body.media_types),
                             ([], ["application/json"]))

    def test_json_text_is_sent_neither_as_a_form_nor_taken_for_bytes(self):
        free = {"type": "object"}
        before, after = (made_up.document({}, {"/a": {"post": operation("one", answer(free, media=answers), requestBody={
            "content": {body: {"schema": free}}, "required": True})}}) for body, answers in (
                ("application/json", "application/json"), ("application/octet-stream", "application/pdf")))
        _, second = self.move(before, after)
        self.assertEqual([(found.body.shape, found.result.shape, found.body.media_types, found.result.media_types)
                          for found in second.library.functions.values()], [
            (BodyShape.JSON, ResultShape.JSON, ["application/json"], ["application/json"]),
            (BodyShape.BYTES, ResultShape.BYTES, ["application/octet-stream"], ["application/pdf"])])

    def test_id_of_another_operation_stops_until_the_overlay_names_one_of_the_two(self):
        def named(a: str, b: str) -> dict:
            return made_up.document(THING, {f"/{path}": {"get": operation(name, answer(reference("Thing")))}
                                            for path, name in (("a", a), ("b", b))})
        first = generate(named("one", "two"))
        for a, b in (("two", "one"), ("two", "three"), ("two", "two")):
            with self.assertRaisesRegex(DescriptionError, "paths/~1a/get: the operation has the id two, .* of GET /b"):
                generate(named(a, b), again(first, "2.0.0", self.folder.name))
        allowed = [entry("management", "request GET /a", "mark", {"name": "okta_one"})]
        second = generate(named("two", "three"), again(first, "2.0.0", self.folder.name), allowed)
        self.assertEqual({name: found.operation for name, found in second.library.functions.items()},
                         {"okta_one": "two", "okta_two": "three"})
        renamed = generate(named("one", "three"), again(first, "2.0.0", self.folder.name))
        with self.assertRaisesRegex(DescriptionError, "has the id two, which is or was that of GET /b"):
            generate(named("two", "three"), again(renamed, "3.0.0", self.folder.name))
        back = generate(named("one", "two"), again(renamed, "3.0.0", self.folder.name))
        self.assertEqual(back.library.functions["okta_two"].operation, "two")

    def test_body_that_appears_makes_a_second_function(self):
        before, after = (made_up.document(THING, {"/a": {"post": operation("one", answer(None), *body)}})
                         for body in ((), (reference("Thing"),)))
        _, second = self.move(before, after)
        self.assertIsNone(second.library.functions["okta_one"].body)
        self.assertEqual(second.library.functions["okta_one_with_body"].body.target, "okta_thing")

    def test_body_of_another_shape_makes_a_second_function(self):
        before, after = (made_up.document(THING, {"/a": {"post": operation("one", answer(None), body)}})
                         for body in (reference("Thing"), LISTED))
        _, second = self.move(before, after)
        self.assertIs(second.library.functions["okta_one"].body.shape, BodyShape.STRUCT)
        self.assertIs(second.library.functions["okta_one_with_body"].body.shape, BodyShape.LIST)

    def test_result_that_becomes_empty_keeps_the_function(self):
        for schema in (reference("Thing"), LISTED):
            _, second = self.move(of_result(THING, schema), made_up.document(THING, {
                "/things/{id}": {"get": operation("getThing", answer(None, "204"))}, **OTHER}))
            self.assertEqual(set(second.library.functions), {"okta_get_thing", "okta_get_other"})
            self.assertEqual(second.library.functions["okta_get_thing"].result.target, "okta_thing")
            self.assertEqual(second.library.functions["okta_get_thing"].good_statuses, [200, 204])
            self.assertEqual(second.library.functions["okta_get_thing"].empty_statuses, [204])

    def test_code_of_success_that_is_gone_is_still_taken(self):
        before, after = (made_up.document(THING, {"/a": {"post": operation("one", answer(reference("Thing"), code))}})
                         for code in ("200", "201"))
        _, second = self.move(before, after)
        self.assertEqual(second.library.functions["okta_one"].good_statuses, [200, 201])

    def test_invented_name_that_another_type_has_gets_a_suffix(self):
        one, two = ({"Thing": {"type": "object", "properties": {"x": schema}}} for schema in (STATE, INNER))
        for before, after, target in ((one, two, "okta_thing_x_object"), (two, one, "okta_thing_x_text")):
            _, second = self.move(of_result(before, reference("Thing")), of_result(after, reference("Thing")))
            self.assertEqual([member.target for member in second.library.structs["okta_thing"].members],
                             ["okta_thing_x", target])

    def test_result_that_goes_to_a_list_and_back_adds_one_function(self):
        before, after = of_result(THING, reference("Thing")), of_result(THING, LISTED)
        _, second = self.move(before, after)
        third = generate(before, made_up.again(second, "3.0.0", self.folder.name))
        self.assertEqual(set(third.library.functions), {"okta_get_thing", "okta_get_thing_list"})
        self.assertEqual([function.deprecated for function in third.library.functions.values()], ["", "3.0.0"])


class Layout(made_up.Moving, unittest.TestCase):
    def test_first_member_of_each_later_run_begins_behind_the_struct(self):
        lots = [{"b": {"type": "boolean"}}, {"c": {"type": "boolean"}, "d": {"type": "boolean"}}, {"e": {"enum": ["A"]}}]
        properties, book, made = {}, None, None
        for number, lot in enumerate(lots):
            properties.update(lot)
            schemas = {"Thing": {"type": "object", "properties": copy.deepcopy(properties)}}
            made = generate(of_result(schemas, reference("Thing"), parameters=[
                {"name": name, "in": "query", "schema": TEXT} for name in properties]), book)
            book = made_up.again(made, f"{number + 2}.0.0", self.folder.name)
        self.assertEqual([(member.name, member.later) for member in made.library.structs["okta_thing"].members],
                         [("b", False), ("c", True), ("d", False), ("e", True)])
        self.assertEqual([parameter.later for parameter in made.library.functions["okta_get_thing"].params.parameters],
                         [False, True, False, True])
        self.assertEqual([member.added for member in made.library.structs["okta_thing"].members],
                         [False, True, True, True])
        files = writers.write(made.library)
        self.assertIn('"c", OKTAI_KIND_BOOL, OKTAI_ROW_ADDED)', files["src/models/thing.c"])
        self.assertIn('"b", OKTAI_KIND_BOOL, 0)', files["src/models/thing.c"])
        self.assertIn("    OKTA_LATER okta_opt_bool c;", files["include/okta/models/thing.h"])
        self.assertIn("    OKTA_LATER const char *c;", files["include/okta/api/thing.h"])

    def test_struct_that_a_later_run_makes_has_no_such_place(self):
        schemas = {"Thing": {"type": "object", "properties": {"b": TEXT, "n": {"type": "object", "properties": {"x": TEXT, "y": TEXT}}}}}
        _, second = self.move(of_result({"Thing": {"type": "object", "properties": {"b": TEXT}}}, reference("Thing")),
                              of_result(schemas, reference("Thing")))
        self.assertEqual([member.later for member in second.library.structs["okta_thing_n"].members], [False, False])
        self.assertEqual([member.added for member in second.library.structs["okta_thing_n"].members], [False, False])
        self.assertTrue(members(second, "okta_thing")["n"].added)
        self.assertTrue(members(second, "okta_thing")["n"].later)


INNER = {"type": "object", "properties": {"z": TEXT}}
STATE = {"type": "string", "enum": ["A", "B"]}
STRUCTS = {"type": "array", "items": INNER}
MAP = {"type": "object", "additionalProperties": INNER}
TEXTS = {"type": "array", "items": TEXT}
STATES = {"type": "array", "items": STATE}
FREE, FREE_LIST = {"type": "object"}, {"type": "array", "items": {"type": "object"}}
NUMBER, WHOLE, FLAG = {"type": "number"}, {"type": "integer"}, {"type": "boolean"}

# Before, after, the kinds of the members that the name then has. Those at the head of the table happened.
KINDS = (
    (TEXT, STATE, [Kind.STRING]), (STATE, TEXT, [Kind.ENUM]), (TEXTS, STATES, [Kind.STRINGS]),
    (STATES, TEXTS, [Kind.ENUMS]), (FREE, INNER, [Kind.JSON]), (FREE_LIST, TEXTS, [Kind.JSON]),
    (FREE_LIST, STRUCTS, [Kind.JSON]), (FREE_LIST, STATES, [Kind.JSON]),
    (TEXT, STATES, [Kind.STRING, Kind.ENUMS]), (STATES, STATE, [Kind.ENUMS, Kind.ENUM]),
    (TEXTS, FREE_LIST, [Kind.STRINGS, Kind.JSON]), (STATES, FREE_LIST, [Kind.ENUMS, Kind.JSON]),
    (TEXT, FLAG, [Kind.STRING, Kind.BOOL]), (TEXT, WHOLE, [Kind.STRING, Kind.INT]),
    (INNER, STRUCTS, [Kind.OBJECT, Kind.OBJECTS]), (STRUCTS, INNER, [Kind.OBJECTS, Kind.OBJECT]),
    (WHOLE, NUMBER, [Kind.INT, Kind.DOUBLE]), (NUMBER, WHOLE, [Kind.DOUBLE]), (FLAG, TEXT, [Kind.BOOL, Kind.STRING]),
    (TEXT, INNER, [Kind.STRING, Kind.OBJECT]), (INNER, TEXT, [Kind.OBJECT, Kind.STRING]),
    (INNER, FREE, [Kind.OBJECT, Kind.JSON]), (TEXT, FREE, [Kind.STRING, Kind.JSON]), (MAP, TEXT, [Kind.MAP_OBJECTS, Kind.STRING]),
    (STRUCTS, TEXTS, [Kind.OBJECTS, Kind.STRINGS]), (TEXTS, STRUCTS, [Kind.STRINGS, Kind.OBJECTS]),
)


class Kinds(made_up.Moving, unittest.TestCase):
    def test_recorded_member_stays_and_another_json_type_gets_a_second_one(self):
        for before, after, wanted in KINDS:
            with self.subTest(before=before, after=after):
                one, two = ({"Thing": {"type": "object", "properties": {"x": schema}}} for schema in (before, after))
                first, second = self.move(of_result(one, reference("Thing")), of_result(two, reference("Thing")))
                found = second.library.structs["okta_thing"].members
                self.assertEqual([member.kind for member in found], wanted)
                self.assertEqual((found[0].name, found[0].target),
                                 [(member.name, member.target) for member in members(first, "okta_thing").values()][0])
                writers.write(second.library)


if __name__ == "__main__":
    unittest.main()
