# SPDX-License-Identifier: Apache-2.0
"""The C of structs and enums."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from okta_generate import writers  # noqa: E402
from okta_generate.model import Kind, Member  # noqa: E402
from okta_generate.writers import model_sources  # noqa: E402
from small_library import small_library  # noqa: E402


class ModelHeaders(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.files = writers.write(small_library())
        cls.header = cls.files["include/okta/models/pet.h"]

    def has(self, *lines):
        for line in lines:
            self.assertIn(f"    {line}\n", self.header)

    def test_a_member_tells_its_json_name_and_the_facts(self):
        self.has("okta_opt_int legs;               /**< `legs`: where it is an integer; int32; 0 to 100; since 0.3.0 */")
        self.has("const char *pin;                 /**< `pin`: secret; deprecated since 0.3.0 */")
        self.has("okta_opt_bool alive;             /**< `alive`: default `true`; may be null */")

    def test_lists_and_maps_have_a_count_behind_them(self):
        self.assertRegex(self.header, r"const char \*\*names; .*\n    size_t names_count;")
        self.assertRegex(self.header, r"struct okta_owner_entry \*owners; .*\n    size_t owners_count;")
        self.assertRegex(self.header, r"okta_string_entry \*labels; .*\n    size_t labels_count;")

    def test_a_struct_of_another_header_needs_no_include(self):
        self.has("struct okta_owner *owner;        /**< `owner` */")
        self.assertNotIn("okta/models/governance_owners.h", self.header)

    def test_enums_come_with_their_header(self):
        self.assertIn('#include "okta/models/pet_enums.h"\n', self.header)
        self.assertNotIn("#include", self.files["include/okta/models/pet_enums.h"])

    def test_constants_stand_in_the_order_of_the_ledger(self):
        enums = self.files["include/okta/models/pet_enums.h"]
        constants = [line.split(",")[0].strip() for line in enums.splitlines() if line.startswith("    OKTA_")]
        self.assertEqual(
            constants,
            ["OKTA_PET_KIND_ABSENT = 0", "OKTA_PET_KIND_OTHER", "OKTA_PET_KIND_CAT", "OKTA_PET_KIND_BIG_DOG", "OKTA_PET_KIND_OTHER_"],
        )  # fmt: skip

    def test_texts_of_a_member_that_stayed_text_are_macros(self):
        self.assertIn('/** A text of `sound` of ::okta_pet. */\n#define OKTA_PET_SOUND_MEOW "me\\"ow"\n', self.header)

    def test_each_struct_and_list_has_a_descriptor(self):
        for name in ("okta_pet", "okta_pet_list", "okta_pet_traits"):
            self.assertIn(f"OKTA_API const okta_descriptor *{name}_descriptor(void);\n", self.header)

    def test_typedefs_name_a_struct_that_stands_elsewhere(self):
        other = self.files["include/okta/models/governance_owners.h"]
        self.assertIn("typedef struct okta_pet okta_cat;\n", other)
        self.assertIn("typedef okta_links okta_pet_links;\n", self.header)


class ModelRows(unittest.TestCase):
    def setUp(self):
        self.library = small_library()
        self.source = writers.write(self.library)["src/models/pet.c"]

    def test_rows_of_one_name_stand_together_and_the_one_that_takes_all_is_last(self):
        rows = model_sources.rows_in_order(self.library.structs["okta_pet"])
        names = [member.name for member in rows]
        self.assertEqual(names[1:3], ["kind", "kind_json"])
        self.assertEqual(names[names.index("legs") + 1], "legs_text")
        self.assertIn('legs, "legs", OKTAI_KIND_INT, OKTAI_ROW_MORE)', self.source)
        self.assertIn('legs_text, "legs", OKTAI_KIND_STRING, 0)', self.source)

    def test_the_order_by_name_is_bytewise_and_stable(self):
        self.assertEqual(model_sources.by_name(["b", "a", "b", "Z", "_c", "ab"]), [3, 4, 1, 5, 0, 2])

    def test_flags_tell_what_the_member_is(self):
        self.assertIn('id, "id", OKTAI_KIND_STRING, OKTAI_ROW_READ_ONLY | OKTAI_ROW_UNIQUE)', self.source)
        self.assertIn('pin, "pin", OKTAI_KIND_STRING, OKTAI_ROW_SECRET)', self.source)

    def test_a_few_rows_have_no_order_by_name(self):
        self.assertIn("pet_by_name", self.source)
        self.assertNotIn("pet_picture_by_name", self.source)

    def test_a_file_of_a_multipart_body_has_no_row(self):
        self.assertNotIn("OKTAI_KIND_UPLOAD", self.source)

    def test_an_open_struct_says_so(self):
        self.assertEqual(self.source.count(".flags = OKTAI_DESCRIPTOR_OPEN,"), 1)
        traits = self.source.split("const okta_descriptor oktai_pet_traits_model = {")[1].split("};")[0]
        self.assertIn(".flags = OKTAI_DESCRIPTOR_OPEN,", traits)

    def test_secret_extras_and_wrappers_are_tables(self):
        self.assertIn('static const char *const pet_secrets[] = {"d", "k", NULL};', self.source)
        self.assertIn('static const char *const pet_list_wrappers[] = {"pets", NULL};', self.source)

    def test_refuses_more_rows_than_the_engine_takes(self):
        members = [Member(f"m{i}", f"m{i}", Kind.STRING) for i in range(257)]
        with self.assertRaisesRegex(ValueError, "okta_big has 257 rows"):
            model_sources.rows_and_index(self.library, "okta_big", members, "big")

    def test_refuses_a_json_name_that_no_row_can_hold(self):
        for name in ("x" * 256, "ä"):
            with self.assertRaisesRegex(ValueError, "JSON name"):
                model_sources.row_of(self.library, "okta_pet", Member("x", name, Kind.STRING))

    def test_a_struct_without_members_has_no_rows(self):
        tables, fields = model_sources.rows_and_index(self.library, "okta_x", [], "x")
        self.assertEqual((tables, fields), ("", []))

    def test_models_h_declares_all_that_rows_refer_to(self):
        index = writers.write(self.library)["src/models/models.h"]
        for name in ("okta_descriptor oktai_pet_list_model", "oktai_enum_texts oktai_pet_kind_texts"):
            self.assertIn(f"extern const {name};\n", index)

    def test_a_list_name_that_is_missing_stops(self):
        self.library.structs["okta_pet"].list_name = ""
        with self.assertRaisesRegex(ValueError, "okta_pet has no list_name"):
            writers.write(self.library)


class Order(unittest.TestCase):
    def test_the_same_library_gives_the_same_files(self):
        self.assertEqual(writers.write(small_library()), writers.write(small_library()))

    def test_every_file_says_that_it_is_generated(self):
        for path, content in writers.write(small_library()).items():
            self.assertIn("Generated by tools/generate.", content.splitlines()[1], path)

    def test_a_header_has_the_files_that_something_stands_in(self):
        files = writers.write(small_library())
        self.assertNotIn("include/okta/models/governance_owners_enums.h", files)
        self.assertIn("include/okta/models/pet_enums.h", files)



if __name__ == "__main__":
    unittest.main()
