# SPDX-License-Identifier: Apache-2.0
"""The reading of schemas that examples are held against, on made-up ones."""

import os
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import schemas  # noqa: E402
import yaml_events  # noqa: E402
from described import Document  # noqa: E402

PETS = Document("pets", {"components": {"schemas": {
    "Pet": {
        "type": "object",
        "properties": {"kind": {"type": "string"}, "age": {"type": "integer"}},
        "required": ["kind"],
        "discriminator": {"propertyName": "kind", "mapping": {"CAT": "#/components/schemas/Cat", "DOG": "Dog"}},
    },
    "Cat": {"allOf": [{"$ref": "#/components/schemas/Pet"}, {"properties": {"lives": {"type": "integer"}}}]},
    "Dog": {
        "allOf": [{"$ref": "#/components/schemas/Pet"}],
        "properties": {"lives": {"type": "string"}, "tricks": {"type": "array", "items": {"enum": ["sit", "roll"]}}},
    },
    "Node": {"type": "object", "properties": {"next": {"$ref": "#/components/schemas/Node"}}},
}}})  # fmt: skip


def ref(name):
    return {"$ref": "#/components/schemas/" + name}


def problems(schema, value):
    return schemas.fit(PETS, [schema], value).problems


class Fits(unittest.TestCase):
    def test_types_are_looked_at_at_every_level(self):
        schema = {"type": "object", "properties": {"a": {"type": "array", "items": {"type": "string"}}}}
        self.assertEqual(problems(schema, {"a": ["x"]}), [])
        self.assertEqual(problems(schema, {"a": ["x", 7]}), [("/a/1", "is of the type integer, not string")])
        self.assertEqual(problems(schema, {"a": "x"}), [("/a", "is of the type string, not array")])
        self.assertEqual(problems(schema, []), [("", "is of the type array, not object")])

    def test_an_integer_is_a_number_and_a_boolean_is_none(self):
        self.assertEqual(problems({"type": "number"}, 7), [])
        self.assertEqual(problems({"type": "integer"}, 7.5), [("", "is of the type number, not integer")])
        self.assertEqual(problems({"type": "integer"}, True), [("", "is of the type boolean, not integer")])

    def test_a_schema_without_a_type_means_one(self):
        self.assertEqual(problems({"properties": {}}, [1]), [("", "is of the type array, not object")])
        self.assertEqual(problems({"items": {"type": "string"}}, {}), [("", "is of the type object, not array")])
        self.assertEqual(problems({}, [1, None]), [])

    def test_null_fits_where_it_is_said(self):
        self.assertEqual(problems({"type": "string"}, None), [("", "is null")])
        self.assertEqual(problems({"type": "string", "nullable": True}, None), [])

    def test_enums_have_their_values_only(self):
        self.assertEqual(problems({"enum": ["A", "B"]}, "B"), [])
        self.assertEqual(problems({"enum": ["A", "B"]}, "C"), [("", "is none of the enum's values")])

    def test_a_discriminator_chooses(self):
        self.assertEqual(problems(ref("Pet"), {"kind": "CAT", "lives": 9}), [])
        self.assertEqual(
            problems(ref("Pet"), {"kind": "DOG", "lives": 9}), [("/lives", "is of the type integer, not string")]
        )
        self.assertEqual(problems(ref("Pet"), {"kind": "DOG", "tricks": ["fly"]})[0][0], "/tricks/0")

    def test_what_no_variant_tells_has_what_all_share(self):
        self.assertEqual(problems(ref("Pet"), {"kind": "COW", "lives": {}}), [])
        self.assertEqual(problems(ref("Pet"), {"kind": "COW", "age": "1"})[0][0], "/age")

    def test_the_best_of_the_alternatives_counts(self):
        either = {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "integer"}}]}
        self.assertEqual(problems(either, "x"), [])
        self.assertEqual(problems(either, [1, "x"]), [("", "is of the type array, not string")])

    def test_siblings_of_a_reference_count(self):
        self.assertEqual(problems({**ref("Node"), "nullable": True}, None), [])

    def test_entries_of_a_map_have_their_schema(self):
        schema = {"type": "object", "additionalProperties": {"type": "integer"}}
        self.assertEqual(problems(schema, {"a/b": 1, "c~d": "x"}), [("/c~0d", "is of the type string, not integer")])


class Undescribed(unittest.TestCase):
    def test_members_without_a_schema_are_told(self):
        found = schemas.fit(PETS, [ref("Node")], {"next": {"newer": 1}, "x/y": 2})
        self.assertEqual(found.undescribed, ["/next/newer", "/x~1y"])

    def test_all_in_a_list_without_items_is_free(self):
        self.assertEqual(schemas.fit(PETS, [{"type": "array"}], [{"a": 1}]).undescribed, ["/", "/0/a"])


class Instances(unittest.TestCase):
    def test_there_is_one_of_each_variant(self):
        found = schemas.instances(PETS, [ref("Pet")], minimal=False)
        self.assertEqual([value["kind"] for value in found], ["CAT", "DOG"])
        self.assertEqual(found[0]["lives"], 7)
        self.assertEqual(found[1]["tricks"], ["sit"])

    def test_a_minimal_one_has_what_is_required(self):
        self.assertEqual(schemas.instances(PETS, [ref("Pet")], minimal=True), [{"kind": "CAT"}, {"kind": "DOG"}])

    def test_they_fit(self):
        for value in schemas.instances(PETS, [ref("Pet")], minimal=False):
            self.assertEqual(problems(ref("Pet"), value), [])

    def test_a_schema_inside_of_itself_ends(self):
        self.assertIn("next", schemas.instances(PETS, [ref("Node")], minimal=False)[0])


class Yaml(unittest.TestCase):
    def test_scalars_are_those_of_version_1_2(self):
        text = "a: no\nb: 2021-06-14\nc: '7'\nd: 7\ne: 1.50\nf: true\ng:\nh: {no: [12:30, ~]}\ni: &x {k: 1}\nj: *x\n"
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write(text)
            file.flush()
            found = yaml_events.read(file.name)
        self.assertEqual(found, {
            "a": "no", "b": "2021-06-14", "c": "7", "d": 7, "e": 1.5, "f": True, "g": None,
            "h": {"no": ["12:30", None]}, "i": {"k": 1}, "j": {"k": 1},
        })  # fmt: skip


if __name__ == "__main__":
    unittest.main()
