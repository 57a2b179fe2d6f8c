# SPDX-License-Identifier: Apache-2.0
"""Rows of operations: which statuses, media types and states they have."""

import unittest

import made_up
from okta_generate import writers
from okta_generate.model import ResultShape

STATUS = {"type": "string", "enum": ["ACTIVE", "INACTIVE"]}
THING = {"type": "object", "properties": {"id": {"type": "string"}, "status": STATUS}}


def parameter(name: str, schema: dict) -> dict:
    return {"name": name, "in": "path", "required": True, "schema": schema}


def changed(name: str, schema: dict) -> object:
    """The function that activates the thing behind `/things/{name}`."""
    by_name = {"parameters": [parameter(name, schema)]}
    made = made_up.generate(made_up.document({"Thing": THING}, {
        f"/things/{{{name}}}": {**by_name, "get": made_up.operation("getThing", made_up.answer(made_up.reference("Thing")))},
        f"/things/{{{name}}}/lifecycle/activate": {
            **by_name, "post": made_up.operation("activateThing", made_up.answer(made_up.reference("Thing")))}}))
    return made.library.functions["okta_activate_thing"]


class States(unittest.TestCase):
    def test_object_that_is_found_by_its_id_tells_its_state(self):
        self.assertEqual(changed("thingId", {"type": "string"}).target_state, "ACTIVE")

    def test_object_that_is_found_by_its_type_does_not_tell_which_it_is(self):
        self.assertEqual(changed("thingType", {"type": "string", "enum": ["round", "square"]}).state_of, "")


class Answers(unittest.TestCase):
    def test_accept_has_the_media_type_of_an_answer_without_content(self):
        media = "application/json;okta-version=1.0.0"
        made = made_up.generate(made_up.document({}, {"/things": {"delete": made_up.operation(
            "deleteThings", {"204": {"description": "", "content": {media: {}}}})}}))
        found = made.library.functions["okta_delete_things"].result
        self.assertEqual((found.shape, found.media_types), (ResultShape.NONE, [media]))

    def test_operation_without_a_described_success_takes_redirects(self):
        made = made_up.generate(made_up.document({}, {"/things": {"get": made_up.operation(
            "leadThings", {"429": {"description": ""}}, tags=["Thing"])}}))
        self.assertIs(made.library.functions["okta_lead_things"].result.shape, ResultShape.LOCATION)
        self.assertIn(".statuses = OKTAI_STATUS_3XX,", writers.write(made.library)["src/api/thing.c"])


if __name__ == "__main__":
    unittest.main()
