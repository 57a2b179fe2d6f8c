# SPDX-License-Identifier: Apache-2.0
"""What the overlay changes, and that an entry which hits nothing is told."""

import unittest

from made_up import answer, document, entry, generate, of_result, operation, reference
from okta_generate import overlay

TEXT = {"type": "string"}
THING = {"Thing": {"type": "object", "properties": {"a": TEXT, "state": {"enum": ["ON"]}}}}
DOCUMENT = of_result(THING, reference("Thing"))

# Entries that hit nothing, and what is told of each.
MISSED = (
    (entry("management", "schemas/Other", "mark", {"name": "okta_other"}), "there is no 'Other'"),
    (entry("management", "schemas/Thing/properties/b", "set", {"type": "integer"}), "there is no 'b'"),
    (entry("management", "schemas/Thing/properties/a", "set", {"type": "string"}), "all is so already"),
    (entry("management", "schemas/Thing", "drop", ["properties/b"]), "there is no 'properties/b'"),
    (entry("management", "schemas/Thing", "add", {"a": TEXT}), "the property 'a' is there already"),
    (entry("management", "schemas/Thing/properties/state", "values", ["ON"]), "the value 'ON' is there already"),
    (entry("management", "schemas/Thing/properties/a", "values", ["ON"]), "the place is no enum"),
    (entry("management", "operation other", "mark", {"effect": "read"}), "0 operations have this name"),
    (entry("management", "request POST /things/{}", "mark", {"effect": "read"}), "no operation has this method and path"),
    (entry("management", "every password", "mark", {"secret": True}), "no property has this name"),
    (entry("management", "schemas/Other", "rename", "Another"), "there is no 'Other'"),
)


class Missed(unittest.TestCase):
    def test_entry_that_hits_nothing_stops_for_the_pinned_release(self):
        for missed, text in MISSED:
            with self.assertRaisesRegex(overlay.OverlayError, f"test, entry 1: management .*: {text}"):
                generate(DOCUMENT, entries=[missed])

    def test_entry_that_hits_nothing_is_passed_over_for_another_release(self):
        for missed, text in MISSED:
            made = generate(DOCUMENT, entries=[missed], pinned=False)
            self.assertEqual(len(made.missed), 1)
            self.assertIn(text, made.missed[0])
            self.assertEqual(set(made.library.structs), {"okta_thing"})

    def test_mark_that_is_there_already_is_missed(self):
        twice = entry("management", "schemas/Thing", "mark", {"name": "okta_other"})
        with self.assertRaisesRegex(overlay.OverlayError, "the mark 'name' is there already"):
            generate(DOCUMENT, entries=[twice, twice])

    def test_api_without_description_is_told_for_any_release(self):
        with self.assertRaisesRegex(overlay.OverlayError, "there is no such API"):
            generate(DOCUMENT, entries=[entry("oauth", "schemas/Thing", "mark", {"name": "okta_x"})], pinned=False)


class Hits(unittest.TestCase):
    def test_name_of_an_operation_is_found_by_its_request(self):
        paths = {"/things/{id}": {"get": operation("getThing", answer(reference("Thing")))}}
        made = generate(document(THING, paths), entries=[
            entry("management", "request GET /things/{}", "mark", {"name": "okta_read_thing"})])
        self.assertEqual(set(made.library.functions), {"okta_read_thing"})


if __name__ == "__main__":
    unittest.main()
