# SPDX-License-Identifier: Apache-2.0
"""The ledger over releases that there were, and over made-up changes of the real descriptions."""

import tempfile
import unittest

import real
from okta_generate.model import Kind

OLD = "management-2025.08.0.yaml"
TEXT = {"type": "string"}



@real.needed
class Releases(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder:
            cls.old = real.generate(management=OLD)
            cls.new = real.generate(real.again(cls.old, "2.0.0", folder))
            cls.third = real.generate(real.again(cls.new, "3.0.0", folder))

    def test_nothing_recorded_changes(self):
        lines = self.old.ledger.text().splitlines()
        self.assertEqual(self.new.ledger.text().splitlines()[:len(lines)], lines)

    def test_every_function_of_old_keeps_its_arguments_and_result(self):
        for name, old in self.old.library.functions.items():
            new = self.new.library.functions[name]
            self.assertEqual((new.header, new.result.shape, new.result.target), (old.header, old.result.shape, old.result.target))
            self.assertEqual([(p.name, p.kind, p.target) for p in new.path_parameters],
                             [(p.name, p.kind, p.target) for p in old.path_parameters])
            self.assertEqual(new.body and (new.body.shape, new.body.target), old.body and (old.body.shape, old.body.target))
            self.assertEqual(bool(new.params), bool(old.params))

    def test_members_and_values_of_old_are_the_first_of_new(self):
        for name, old in self.old.library.structs.items():
            members = self.new.library.structs[name].members
            self.assertEqual([(m.name, m.json, m.kind, m.target) for m in members[:len(old.members)]],
                             [(m.name, m.json, m.kind, m.target) for m in old.members])
        for name, old in self.old.library.enums.items():
            values = self.new.library.enums[name].values
            self.assertEqual([(v.constant, v.text) for v in values[:len(old.values)]],
                             [(v.constant, v.text) for v in old.values])

    def test_what_the_new_release_has_is_there(self):
        self.assertEqual(len({(found.method, found.path) for found in self.new.library.functions.values() if not found.deprecated}),
                         974)
        self.assertIn("okta_start_org_failover", self.new.library.functions)

    def test_what_it_dropped_is_deprecated(self):
        self.assertEqual(self.new.library.functions["okta_list_risk_providers"].deprecated, "2.0.0")

    def test_a_third_run_adds_nothing(self):
        self.assertEqual(self.third.ledger.added(), [])


@real.needed
class MadeUp(unittest.TestCase):
    """A property, an enum value, an operation and a variant come, and go again, without touching the generator."""

    @staticmethod
    def add(documents: dict) -> None:
        management = documents["management"]
        schemas = management["components"]["schemas"]
        schemas["User"]["properties"] = {"aMadeUp": TEXT, **schemas["User"]["properties"]}
        schemas["UserStatus"]["enum"].insert(0, "DREAMING")
        schemas["Policy"]["discriminator"]["mapping"]["MADE_UP"] = "#/components/schemas/MadeUpPolicy"
        schemas["MadeUpPolicy"] = {"allOf": [{"$ref": "#/components/schemas/Policy"}, {
            "type": "object", "properties": {"dreams": {"type": "array", "items": TEXT}}}]}
        management["paths"]["/api/v1/dreams/{dreamId}"] = {"get": {
            "operationId": "getDream", "tags": ["User"], "security": [{"apiToken": []}], "parameters": [
                {"name": "dreamId", "in": "path", "required": True, "schema": TEXT},
                {"name": "deep", "in": "query", "schema": {"type": "boolean"}}],
            "responses": {"200": {"description": "", "content": {"application/json": {"schema": {
                "type": "object", "properties": {"length": {"type": "integer"}}}}}}}}}

    @classmethod
    def setUpClass(cls):
        with tempfile.TemporaryDirectory() as folder:
            cls.added = real.generate(real.again(real.current(), "2.0.0", folder), change=cls.add)
            cls.removed = real.generate(real.again(cls.added, "3.0.0", folder))

    def test_they_appear_at_the_end(self):
        library = self.added.library
        self.assertEqual(library.structs["okta_user"].members[-1].json, "aMadeUp")
        self.assertEqual(library.enums["okta_user_status"].values[-1].constant, "OKTA_USER_STATUS_DREAMING")
        dreams = library.structs["okta_policy"].members[-1]
        self.assertEqual((dreams.json, dreams.kind), ("dreams", Kind.STRINGS))
        function = library.functions["okta_get_dream"]
        self.assertEqual((function.result.target, function.params.c_name), ("okta_get_dream_response", "okta_get_dream_params"))
        self.assertEqual(function.since, "2.0.0")

    def test_they_stay_deprecated(self):
        library = self.removed.library
        self.assertEqual(library.structs["okta_user"].members[-1].deprecated, "3.0.0")
        self.assertEqual(library.enums["okta_user_status"].values[-1].deprecated, "3.0.0")
        self.assertEqual(library.structs["okta_policy"].members[-1].deprecated, "3.0.0")
        self.assertEqual(library.functions["okta_get_dream"].deprecated, "3.0.0")
        self.assertEqual(library.structs["okta_get_dream_response"].deprecated, "3.0.0")


if __name__ == "__main__":
    unittest.main()
