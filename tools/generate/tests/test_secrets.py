# SPDX-License-Identifier: Apache-2.0
"""What is secret: the marks of the overlay against what was measured in the descriptions, and against the C code."""

import copy
import os
import re
import unittest

import real
from made_up import document, entry, generate, of_result, operation, reference
from okta_generate import overlay
from okta_generate.model import Kind

SECRET_NAMES = os.path.join(real.TOP, "src", "json", "secret_names.c")

# Members that look secret and are shown, by schema or by name alone, and why.
SHOWN = {
    ("", "secret_hash"): "a digest that tells secrets apart and opens nothing",
    ("", "passwordChanged"): "a time",
    ("", "lastPasswordVerification"): "a time",
    ("", "secretVersionId"): "an id",
    ("", "passwordField"): "where a form has its password",
    ("", "passwordSelector"): "where a form has its password",
    ("", "forgotPasswordLabel"): "a text of the sign-in page",
    ("", "forgotPasswordUrl"): "a link of the sign-in page",
    ("", "passwordInfoTip"): "a text of the sign-in page",
    ("", "passwordLabel"): "a text of the sign-in page",
    ("AuthenticatorProfileTacRequest", "multiUse"): "how a code may be used",
    ("AuthenticatorProfileTacRequest", "ttl"): "how long a code may be used",
    ("ChildOrg", "admin"): "a profile; the password in it is secret by itself",
    ("SubIdIssSub", "format"): "names a subject",
    ("SubIdIssSub", "iss"): "names a subject",
    ("SubIdIssSub", "sub"): "names a subject",
    ("SubIdOpaque", "format"): "names a subject",
    ("SubIdOpaque", "id"): "names a subject",
    ("subject", "format"): "names a subject",
    ("subject", "id"): "names a subject",
}
# The struct of a schema that is one of several in it.
STRUCTS = {
    "OrgCreationAdminCredentialsPassword": "okta_org_creation_admin_credentials_password",
    "Org2OrgApplicationSettingsApplication": "okta_application_settings_app",
}
OBJECTS = (Kind.OBJECT, Kind.OBJECTS, Kind.MAP_OBJECTS, Kind.BOOL)


@real.needed
class Measured(unittest.TestCase):
    def members(self, schema: str, name: str) -> list:
        """The members that a row of the table is about; where its schema has no struct, all values of this name."""
        structs = list(real.current().library.structs.values())
        found = [struct for struct in structs if schema in struct.schemas or struct.c_name == STRUCTS.get(schema)]
        members = [member for struct in found for member in struct.members if member.json == name]
        return members or [member for struct in structs for member in struct.members
                           if member.json == name and member.kind not in OBJECTS]

    def test_each_member_that_looks_secret_is_or_has_a_reason(self):
        rows = real.facts("secrets.tsv")
        self.assertGreater(len(rows), 100)
        for schema, name, *_ in rows:
            with self.subTest(schema=schema, member=name):
                members = self.members(schema, name)
                is_shown = ("", name) in SHOWN or (schema, name) in SHOWN
                if not is_shown:
                    self.assertNotEqual(members, [])
                self.assertEqual({member.secret for member in members} - {not is_shown}, set())

    def test_each_reason_is_needed(self):
        rows = {(schema, name) for schema, name, *_ in real.facts("secrets.tsv")}
        names = {("", name) for _, name in rows}
        self.assertEqual(set(SHOWN) - rows - names, set())

    def test_secret_parameters_are_those_that_prove_or_bind_something(self):
        found = {(function.operation, parameter.wire) for function in real.current().library.functions.values()
                 for parameter in (function.params.parameters if function.params else ()) if parameter.secret}
        self.assertEqual(found, {
            *((name, wire) for name in ("authorize", "authorizeCustomAS")
              for wire in ("sessionToken", "interclient_token", "request", "state")),
            *((name, wire) for name in ("logout", "logoutCustomAS") for wire in ("id_token_hint", "state")),
            ("verifyProvisioningConnectionForApplication", "code"),
            ("verifyProvisioningConnectionForApplication", "state"),
        })


class Names(unittest.TestCase):
    def test_names_that_are_secret_everywhere_are_secret_in_free_form_json(self):
        with open(SECRET_NAMES, encoding="utf-8") as file:
            known = set(re.findall(r'^    "(\w+)",$', file.read(), re.MULTILINE))
        marked = {found.path[len("every "):] for found in overlay.read(real.OVERLAY)
                  if found.path.startswith("every ") and found.change == "mark" and found.value.get("secret")}
        # These have other meanings, too.
        self.assertEqual(marked - known, {"request", "state"})
        self.assertGreater(len(marked), 30)


TEXT = {"type": "string"}


class Every(unittest.TestCase):
    def secrets(self, thing: dict, entries=(), pinned: bool = True):
        schemas = copy.deepcopy({"Thing": {"type": "object", "properties": thing}, "Code": TEXT, "Password": {
            "type": "object", "properties": {"value": TEXT}}})
        return generate(of_result(schemas, reference("Thing")), entries=[
            *entries, entry("management", "every code", "mark", {"secret": True})], pinned=pinned)

    def test_value_behind_a_reference_and_a_number_are_marked(self):
        for schema in (TEXT, {"type": "integer"}, reference("Code"), {"type": "array", "items": TEXT},
                       {"allOf": [reference("Code")]}):
            with self.subTest(schema):
                struct = self.secrets({"code": schema}).library.structs["okta_thing"]
                self.assertEqual([member.secret for member in struct.members], [True])

    def test_object_of_the_name_stops_until_an_entry_says_what_it_is(self):
        thing = {"code": reference("Password"), "inner": {"type": "object", "properties": {"code": TEXT}}}
        with self.assertRaisesRegex(overlay.OverlayError, "skips schemas/Thing/properties/code, "):
            self.secrets(thing)
        said = entry("management", "schemas/Thing/properties/code", "mark", {"secret": False})
        structs = self.secrets(thing, [said]).library.structs
        self.assertEqual([member.secret for member in structs["okta_thing"].members], [False, False])
        self.assertEqual([member.secret for name, struct in structs.items() if "inner" in name
                          for member in struct.members], [True])

    def test_object_in_another_release_is_told_and_the_values_are_marked_all_the_same(self):
        thing = {"code": reference("Password"), "inner": {"type": "object", "properties": {"code": TEXT}}}
        made = self.secrets(thing, pinned=False)
        self.assertIn("skips schemas/Thing/properties/code", made.missed[0])
        self.assertEqual([member.secret for name, struct in made.library.structs.items() if "inner" in name
                          for member in struct.members], [True])


class Parameters(unittest.TestCase):
    def test_mark_of_a_parameter_makes_its_row_secret_and_stays_in_the_ledger(self):
        paths = {"/things": {"get": operation("listThings", {}, parameters=[
            {"name": "ticket", "in": "query", "schema": dict(TEXT)}, {"name": "page", "in": "query", "schema": dict(TEXT)}])}}
        made = generate(document({}, paths), entries=[
            entry("management", "operation listThings parameters/ticket/schema", "mark", {"secret": True})])
        parameters = made.library.functions["okta_list_things"].params.parameters
        self.assertEqual({found.wire: found.secret for found in parameters}, {"ticket": True, "page": False})
        self.assertEqual(made.ledger.state("P", "okta_list_things", "query", "ticket", "1")[0], "secret")


if __name__ == "__main__":
    unittest.main()
