# SPDX-License-Identifier: Apache-2.0
"""YAML 1.2, names of C, and what the reader of descriptions refuses."""

import unittest

import made_up
from okta_generate import description, names, overlay, yaml12


class Yaml(unittest.TestCase):
    def test_only_true_false_null_and_numbers_are_no_texts(self):
        text = "{a: no, b: on, c: 2021-06-14, d: 12:30, e: true, f: null, g: 10, h: 1.5, i: 1e3, j: 0o7, k: yes, l: 3.0.3}"
        self.assertEqual(yaml12.parse(text, "t"), {
            "a": "no", "b": "on", "c": "2021-06-14", "d": "12:30", "e": True, "f": None, "g": 10, "h": 1.5, "i": 1000.0,
            "j": "0o7", "k": "yes", "l": "3.0.3"})

    def test_keys_are_texts(self):
        self.assertEqual(yaml12.parse("{200: a, on: b, true: c, null: d}", "t"),
                         {"200": "a", "on": "b", "true": "c", "null": "d"})

    def test_key_that_is_there_twice_is_refused_with_its_line(self):
        with self.assertRaisesRegex(yaml12.YamlError, "t, line 2: the key 'a' is there twice"):
            yaml12.parse("a: 1\na: 2\n", "t")


class Names(unittest.TestCase):
    def test_rule_splits_words_and_knows_whole_words(self):
        for name, wanted in {
            "OAuth2ClientJsonWebKeyECRequest": "oauth2_client_json_web_key_ec_request", "deletejwk": "deletejwk",
            "IdPCsr": "idp_csr", "IdProofingMethod": "id_proofing_method", "UserFactorU2F": "user_factor_u2f",
            "getAllWellKnownURIs": "get_all_well_known_uris", "listAllCustomAAGUIDs": "list_all_custom_aaguids",
            "BASIC_SMTP_AUTH_CREATE": "basic_smtp_auth_create", "oob-authenticate": "oob_authenticate",
            "DeviceAssuranceIOSPlatform": "device_assurance_ios_platform", "isGAed": "is_gaed", "_links": "links",
        }.items():
            self.assertEqual(names.snake(name), wanted)

    def test_member_avoids_keywords_of_c_and_cpp_and_the_head_of_a_model(self):
        self.assertEqual([names.member(name) for name in ("default", "and", "namespace", "model", "id")],
                         ["default_", "and_", "namespace_", "model_", "id"])

    def test_member_of_a_url_is_its_last_part(self):
        self.assertEqual(names.member("https://schemas.okta.com/secevent/okta/event-type/ip-change"), "ip_change")
        self.assertEqual(names.member("x5t#S256"), "x5t_s256")

    def test_constants_spare_those_that_all_enums_have(self):
        self.assertEqual(names.constant("okta_kind", "OTHER"), "OKTA_KIND_OTHER_")
        self.assertEqual(names.constant("okta_kind", "token:hotp"), "OKTA_KIND_TOKEN_HOTP")

    def test_markup_and_remarks_are_no_part_of_a_text(self):
        self.assertEqual(names.wire_text('<x-lifecycle class="ea"></x-lifecycle> POST_AUTH'), "POST_AUTH")
        self.assertEqual(names.wire_text("ENTITY_RISK (EA)"), "ENTITY_RISK")
        self.assertEqual(names.wire_text("WAITING (with number matching challenge)"), "WAITING")
        self.assertEqual(names.wire_text("OAuth 2.0"), "OAuth 2.0")


class Overlay(unittest.TestCase):
    def test_what_is_added_in_two_places_is_marked_in_each_alone(self):
        new = {"pin": {"type": "string"}}
        document = {"components": {"schemas": {"A": {}, "B": {}}}}
        entries = [made_up.entry("made", f"schemas/{name}", "add", new) for name in ("A", "B")]
        entries.append(made_up.entry("made", "schemas/A/properties/pin", "mark", {"secret": True}))
        overlay.apply(entries, {"made": document}, {"made"})
        self.assertEqual(document["components"]["schemas"]["A"]["properties"]["pin"]["x-libokta"], {"secret": True})
        self.assertEqual(document["components"]["schemas"]["B"]["properties"]["pin"], {"type": "string"})
        self.assertEqual(new, {"pin": {"type": "string"}})


class Refusals(unittest.TestCase):
    def refused(self, document: dict, text: str) -> None:
        with self.assertRaisesRegex(description.DescriptionError, text):
            description.read("management", document)

    def test_unknown_keyword_of_a_schema_is_named_with_its_path(self):
        self.refused(made_up.of_result({"Thing": {"type": "object", "properties": {"a": {"const": 1}}}},
                                       made_up.reference("Thing")),
                     "components/schemas/Thing/properties/a: the keyword 'const' is not understood")

    def test_properties_with_names_of_keywords_are_properties(self):
        names_ = ("enum", "oneOf", "items", "default", "$ref", "type", "required")
        found = description.read("management", made_up.of_result(
            {"Thing": {"properties": {name: {"type": "string"} for name in names_}}}, made_up.reference("Thing")))
        self.assertEqual(tuple(found.schemas["Thing"].properties), names_)

    def test_unknown_type_reference_style_and_version_are_refused(self):
        thing = made_up.reference("Thing")
        self.refused(made_up.of_result({"Thing": {"type": "decimal"}}, thing), "the type 'decimal'")
        self.refused(made_up.of_result({}, thing), "leads nowhere")
        query = {"name": "q", "in": "query", "schema": {"type": "array", "items": {"type": "string"}}, "style": "deepObject"}
        self.refused(made_up.of_result({"Thing": {}}, thing, parameters=[query]), "the style 'deepObject'")
        self.refused({**made_up.document({}, {}), "openapi": "3.1.0"}, "version 3.1.0")


if __name__ == "__main__":
    unittest.main()
