# SPDX-License-Identifier: Apache-2.0
"""The real descriptions: what comes out, against facts that were measured another way."""

import os
import re
import subprocess
import sys
import unittest

import real
from okta_generate import ledger, names
from okta_generate.model import BodyShape, Kind, PagingStyle, ResultShape, Security


def by_schema(library) -> dict:
    return {name: struct for struct in library.structs.values() for name in struct.schemas
            if not struct.header.startswith(("governance_", "myaccount_"))}


@real.needed
class Operations(unittest.TestCase):
    def setUp(self):
        self.library = real.current().library
        self.functions = {(found.operation, found.path): found for found in self.library.functions.values()
                          if not found.variant}

    def test_all_974_operations_have_a_function(self):
        self.assertEqual(len(self.functions), 974)
        counts = {api: sum(found.api == api for found in self.functions.values())
                  for api in ("management", "oauth", "governance", "myaccount")}
        self.assertEqual(counts, {"management": 732, "oauth": 40, "governance": 162, "myaccount": 40})

    def test_names_of_governance_and_myaccount_carry_their_api(self):
        for api in ("governance", "myaccount"):
            for found in self.functions.values():
                if found.api == api:
                    self.assertTrue(found.c_name.startswith(f"okta_{api}_") and found.header.startswith(f"{api}_"))

    def test_no_name_has_a_dash_or_a_doubled_underscore(self):
        everything = [*self.library.functions, *self.library.structs, *self.library.enums, *self.library.headers]
        self.assertEqual([name for name in everything if not re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", name)], [])

    def test_effects_are_those_that_were_judged_one_by_one(self):
        wrong = [(row[0], self.functions[row[0], row[2]].effect.value) for row in real.facts("idempotency.tsv")
                 if self.functions[row[0], row[2]].effect.value != (row[6] if len(row) > 6 and row[6] else row[4]).lower()
                 # Sessions of identity sources: all six uploads add to the session. The table judges two of them.
                 and not row[0].startswith("uploadIdentitySourceGroup")]
        self.assertEqual(wrong, [])

    def test_optional_bodies_are_those_of_the_table(self):
        optional = {(row[0], row[2]) for row in real.facts("optional_bodies.tsv")}
        found = {key for key, function in self.functions.items() if function.api in ("management", "oauth")
                 and function.body and not function.body.required}
        self.assertEqual(found, optional)

    def test_media_types_that_are_not_plain_json(self):
        for name, _, path, direction, _, types in real.facts("content_types.tsv"):
            function = self.functions[name, path]
            wanted = types.split(", ")
            if direction == "request":
                self.assertEqual(function.body.media_types, wanted)
            else:
                variants = [found for found in self.library.functions.values()
                            if (found.operation, found.path) == (name, path)]
                self.assertEqual(sorted(item for found in variants for item in found.result.media_types), sorted(wanted))

    def test_lists_page_by_links_and_objects_by_their_next_link(self):
        for name, path, shape, after, limit, in_body, array, _ in real.facts("paging.tsv"):
            function = self.functions[name, path]
            with self.subTest(name):
                if shape.startswith("list") and function.result.shape is not ResultShape.JSON:
                    self.assertIs(function.paging.style, PagingStyle.LINK)
                    self.assertEqual((function.paging.after, function.paging.limit),
                                     ("after" * (after == "True"), "limit" * (limit == "True")))
                elif in_body and array and after == "True":
                    self.assertEqual((function.paging.style, function.paging.items), (PagingStyle.BODY, array))

    def test_those_without_a_success_have_a_location(self):
        self.assertEqual(sum(found.result.shape is ResultShape.LOCATION for found in self.functions.values()), 7)

    def test_security_and_scopes(self):
        self.assertIs(self.functions["token", "/oauth2/v1/token"].security, Security.CLIENT)
        self.assertIs(self.functions["listEmails", "/idp/myaccount/emails"].security, Security.USER)
        self.assertEqual(self.functions["listUsers", "/api/v1/users"].scopes, ["okta.users.read"])

    def test_uploads_have_a_file(self):
        for found in self.functions.values():
            if found.body and found.body.shape is BodyShape.MULTIPART:
                kinds = [member.kind for member in self.library.structs[found.body.target].members]
                self.assertIn(Kind.UPLOAD, kinds)


@real.needed
class Structs(unittest.TestCase):
    def setUp(self):
        self.library = real.current().library
        self.by_schema = by_schema(self.library)

    def test_schemas_that_merge_in_the_table_share_a_struct(self):
        apart = []
        for row in real.facts("flat_clusters.tsv"):
            found = {self.by_schema[name].c_name for name in row[4].split(", ") if name in self.by_schema}
            if row[0] == "struct" and len(found) > 1:
                apart.append(row[1])
        # Two bodies that share an empty alternative are no one's variants of each other.
        self.assertEqual(apart, ["okta_empty_request_schema"])

    def test_invented_names_follow_the_rule(self):
        for _, schema, c_name, _ in real.facts("invented.tsv"):
            self.assertEqual("okta_" + names.snake(schema), c_name)

    def test_secrets_are_those_of_the_table(self):
        # Dates, labels, selectors, identifiers and a hash that tells nothing.
        known = {"secret_hash", "passwordChanged", "lastPasswordVerification", "passwordField", "passwordSelector",
                 "multiUse", "ttl", "admin", "format", "iss", "sub"}
        open_ = [(schema, name) for schema, name, *_ in real.facts("secrets.tsv") if schema in self.by_schema
                 and name not in known and (schema, name) != ("SubIdOpaque", "id")
                 and not any(member.secret for member in self.by_schema[schema].members if member.json == name)]
        self.assertEqual(open_, [])

    def test_what_is_sent_by_one_variant_is_not_read_only(self):
        name = next(member for member in self.library.structs["okta_application"].members if member.json == "name")
        self.assertEqual((name.read_only, name.kind), (False, Kind.STRING))

    def test_what_orgs_send_and_the_description_lacks_is_there(self):
        for struct, name in (("okta_user_credentials", "emails"), ("okta_application_settings", "manualProvisioning"),
                             ("okta_iam_role", "isCloneable"), ("okta_session", "mfaActive"), ("okta_brand", "_links")):
            self.assertIn(name, [member.json for member in self.library.structs[struct].members])

    def test_keys_of_a_client_are_one_struct_with_the_names_of_the_schemas(self):
        functions = self.library.functions
        self.assertEqual({functions[name].result.target for name in ("okta_list_jwk", "okta_get_jwk", "okta_add_jwk")},
                         {"okta_oauth2_client_jwk"})
        self.assertEqual(functions["okta_add_jwk"].body.target, "okta_oauth2_client_jwk")
        self.assertEqual(self.library.structs["okta_oauth2_client_jwk"].list_wrappers, ["keys", "jwks"])
        self.assertEqual(self.library.typedefs["okta_oauth_client_secret_links"].target, "okta_links")


@real.needed
class Committed(unittest.TestCase):
    def test_ledger_has_all_that_the_descriptions_give(self):
        book = ledger.Ledger.read(os.path.join(real.TOP, "tools", "generate", "ledger"), "9.9.9")
        self.assertEqual(real.generate(book).ledger.added(), [])


@real.needed
class Tree(unittest.TestCase):
    def test_tree_is_what_the_descriptions_give(self):
        check = [sys.executable, "-B", os.path.join(os.path.dirname(real.OVERLAY), "generate"), "--check",
                 "--descriptions", real.FOLDER]
        ended = subprocess.run(check, capture_output=True, text=True)
        self.assertEqual((ended.returncode, ended.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
