# SPDX-License-Identifier: Apache-2.0
"""The C of functions and of the rows of operations; the tables beside them."""

import copy
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from okta_generate import writers  # noqa: E402
from okta_generate.model import Body, BodyShape, Effect, Result, ResultShape  # noqa: E402
from okta_generate.writers import api_sources  # noqa: E402
from small_library import small_library  # noqa: E402


def row_in(source, name):
    """The text of a row."""
    start = source.index(f"const oktai_operation oktai_{name}_operation = {{")
    return source[start : source.index("};", start)]


class Functions(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.files = writers.write(small_library())
        cls.header = cls.files["include/okta/api/pet.h"]
        cls.source = cls.files["src/api/pet.c"]

    def test_arguments_are_path_params_body_out(self):
        flat = " ".join(self.header.split())
        self.assertIn("okta_get_pet(okta_client *client, const char *pet_id, okta_pet **out);", flat)
        self.assertIn("okta_list_pets(okta_client *client, const okta_list_pets_params *params, okta_pet_list **out);", flat)
        self.assertIn("okta_create_pet(okta_client *client, const okta_cat *pet, okta_pet **out);", flat)
        self.assertIn("const char *pet_id, okta_pet_kind kind, const okta_pet_picture *body);", flat)

    def test_each_function_has_a_twin_without_out(self):
        self.assertIn("OKTA_API okta_call *okta_get_pet_call(okta_client *client, const char *pet_id);\n", self.header)

    def test_a_paged_list_has_pages(self):
        flat = " ".join(self.header.split())
        self.assertIn("okta_pages *okta_list_pets_pages(okta_client *client, const okta_list_pets_params *params);", flat)
        self.assertEqual(self.header.count("_pages(okta_client"), 1)

    def test_what_brings_one_page_says_so(self):
        library = small_library()
        function = library.functions["okta_list_pets"]
        for shape in ResultShape:
            function.result.shape = shape
            header = " ".join(writers.write(library)["include/okta/api/pet.h"].replace("\n *", "").split())
            reference = writers.write(library)["docs/operations.md"]
            one = shape is not ResultShape.LIST
            with self.subTest(shape):
                self.assertEqual("Paged: brings one page, okta_list_pets_pages() all." in header, one)
                self.assertEqual("read, paged |" in reference, not one)
                self.assertEqual("read, paged, one page a call |" in reference, one)

    def test_the_comment_holds_facts(self):
        for line in (
            " * listPets: `GET /api/v1/pets`. Scope `okta.pets.read`. Effect: read. Paged. Succeeds with 200.",
            " * @return NULL; ::OKTA_E_NOT_FOUND.",
            " * @param[in] params required.",
            " * @deprecated by Okta.",
        ):
            self.assertIn(line + "\n", self.header)

    def test_models_that_an_operation_reaches_are_included(self):
        self.assertIn('#include "okta/models/governance_owners.h"\n', self.header)

    def test_an_enum_in_the_path_goes_by_its_text(self):
        self.assertIn("{pet_id, oktai_enum_in_path(&oktai_pet_kind_texts, (int)kind)};", self.source)

    def test_all_h_includes_every_header(self):
        everything = self.files["include/okta/all.h"]
        for name in ("okta.h", "api/pet.h", "api/governance_owners.h", "models/pet.h"):
            self.assertIn(f'#include "okta/{name}"\n', everything)


class Rows(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.library = small_library()
        cls.source = writers.write(cls.library)["src/api/pet.c"]

    def test_statuses_are_bits_and_those_without_body_are_told(self):
        row = row_in(self.source, "activate_pet")
        self.assertIn(".statuses = OKTAI_STATUS_200 | OKTAI_STATUS_204,", row)
        self.assertIn(".empty_statuses = OKTAI_STATUS_204,", row)
        self.assertIn(".flags = OKTAI_OPERATION_DEPRECATED,", row)
        self.assertIn(".statuses = OKTAI_STATUS_3XX,", row_in(self.source, "replace_pets"))

    def test_a_status_that_may_lack_its_body_is_told(self):
        row = row_in(self.source, "create_pet")
        self.assertIn(".statuses = OKTAI_STATUS_201 | OKTAI_STATUS_200,", row)
        self.assertIn(".empty_statuses = OKTAI_STATUS_200,", row)

    def test_refuses_a_status_that_has_no_bit(self):
        with self.assertRaisesRegex(ValueError, "206"):
            api_sources.statuses([200, 206], "okta_x")

    def test_parameters_tell_their_place_and_form(self):
        self.assertIn("    0, 0, OKTAI_PARAM_REPEATED, OKTAI_PARAM_HEADER | OKTAI_PARAM_REQUIRED,\n", self.source)
        self.assertIn('kind, "filter[kind]", OKTAI_KIND_ENUMS, 0)', self.source)

    def test_a_body_tells_its_kind_and_model(self):
        for name, body, request in (
            ("create_pet", "MODEL", "&oktai_pet_model"),
            ("replace_pets", "MODEL", "&oktai_pet_list_model"),
            ("send_pet_form", "FORM", "&oktai_pet_traits_model"),
            ("upload_picture_of_a_pet_with_a_name_that_is_long", "MULTIPART", "&oktai_pet_picture_model"),
        ):
            row = row_in(self.source, name)
            self.assertIn(f".body = OKTAI_BODY_{body},", row)
            self.assertIn(f".request = {request},", row)
        self.assertNotIn(".request", row_in(self.source, "patch_pets"))
        self.assertIn("OKTAI_OPERATION_BODY_OPTIONAL", row_in(self.source, "send_pet_form"))

    def test_results_without_a_schema_have_the_models_of_the_library(self):
        for name, model in (("send_pet_form", "json"), ("patch_pets", "string_list"), ("sign_pets", "bytes")):
            self.assertIn(f".response = &oktai_{model}_model,", row_in(self.source, name))

    def test_media_types_are_told_where_they_are_not_usual(self):
        self.assertIn('{"application/json-patch+json", NULL}', self.source)
        self.assertIn('{"application/pkcs10", "application/json", NULL}', self.source)
        self.assertNotIn(".wire", row_in(self.source, "send_pet_form"))
        self.assertIn('{"picture", offsetof(okta_pet_picture, picture), true}', self.source)

    def test_what_is_known_by_hand_hangs_on_the_row(self):
        self.assertIn(".settlement = &oktai_jwk_settlement,\n    .settler = &oktai_write_settler,\n"
                      "    .list = &oktai_list_pets_operation,", self.source)
        self.assertIn('.state = &oktai_get_pet_operation,\n    .target_state = "ACTIVE",', self.source)

    def test_an_operation_without_params_and_body_does_not_need_their_writers(self):
        for call in ("run_plain(client, &oktai_get_pet_operation, ids, out)",
                     "call_plain(client, &oktai_get_pet_operation, ids)",
                     "call(client, &oktai_create_pet_operation, NULL, NULL, pet)",
                     "run(client, &oktai_list_pets_operation, NULL, params, NULL, out)"):
            self.assertIn(f"    return oktai_operation_{call};\n", self.source)

    def test_pages_tell_where_list_and_cursor_are(self):
        for line in ('.member = "data"', '.cursor = "metadata.after"', '.endless_without = "until"'):
            self.assertIn(f"    {line},\n", self.source)

    def test_rows_share_a_table_with_the_same_content(self):
        library = small_library()
        for name in ("okta_get_pet", "okta_patch_pets"):
            library.functions[name].scopes = ["okta.pets.read"]
        source = writers.write(library)["src/api/pet.c"]
        self.assertEqual(source.count('{"okta.pets.read", NULL}'), 1)
        self.assertEqual(source.count(".scopes = pets_read_scopes,"), 3)

    def test_two_apis_with_one_operation_id_have_two_names(self):
        self.assertEqual(api_sources.row_name(self.library, self.library.functions["okta_list_pets"]), "listPets")
        other = self.library.functions["okta_governance_list_pets"]
        self.assertEqual(api_sources.row_name(self.library, other), "governance listPets")

    def test_names_of_all_rows_take_one_walk_over_the_functions(self):
        class Counted(dict):
            walks = 0

            def values(self):
                self.walks += 1
                return super().values()

        library = small_library()
        functions = list(library.functions.values())
        library.functions = Counted(library.functions)
        for function in functions:
            api_sources.row_name(library, function)
        self.assertEqual(library.functions.walks, 1)

    def test_the_table_of_all_is_in_the_order_of_the_names(self):
        table = writers.write(self.library)["src/api/all_operations.c"]
        rows = [line.strip(" &,") for line in table.splitlines() if line.startswith("    &")]
        by_row = {api_sources.symbols.row(n): api_sources.row_name(self.library, f) for n, f in self.library.functions.items()}
        names = [by_row[row] for row in rows]
        self.assertEqual(names, sorted(names))
        self.assertEqual(len(names), len(self.library.functions))

    def test_of_two_media_types_the_row_with_json_counts(self):
        library = small_library()
        twin = copy.deepcopy(library.functions["okta_get_pet"])
        twin.c_name, twin.variant, twin.result = "okta_get_pet_pkcs10", "pkcs10", Result(ResultShape.BYTES)
        for names in (["okta_get_pet", "okta_get_pet_pkcs10"], ["okta_get_pet_pkcs10", "okta_get_pet"]):
            both = {"okta_get_pet": library.functions["okta_get_pet"], "okta_get_pet_pkcs10": twin}
            library.functions = {name: both[name] for name in names}
            table, siblings = api_sources.operations_source(library).split("oktai_operation_siblings[] = ")
            self.assertIn("&oktai_get_pet_operation", table)
            self.assertNotIn("pkcs10", table)
            self.assertIn("&oktai_get_pet_pkcs10_operation", siblings)

    def test_of_several_functions_the_last_one_counts(self):
        library = small_library()
        later = copy.deepcopy(library.functions["okta_get_pet"])
        later.c_name, later.variant = "okta_get_pet_with_params", "with_params"
        library.functions = {"okta_get_pet": library.functions["okta_get_pet"], later.c_name: later}
        table = api_sources.operations_source(library)
        self.assertIn("&oktai_get_pet_with_params_operation", table.split("oktai_operation_siblings")[0])
        self.assertTrue(table.endswith("oktai_operation_siblings[] = {\n    &oktai_get_pet_operation,\n    NULL,\n};\n"))
        self.assertIn("oktai_operation_count = 1;", table)

    def test_pages_with_a_body_stop(self):
        library = small_library()
        library.functions["okta_list_pets"].body = Body(BodyShape.JSON, "json")
        with self.assertRaisesRegex(ValueError, "okta_list_pets is paged and has a body"):
            writers.write(library)


class Tables(unittest.TestCase):
    def test_docs_find_a_function_by_oktas_name(self):
        lines = writers.write(small_library())["docs/operations.md"].splitlines()
        row = next(line for line in lines if line.startswith("| createPet |"))
        self.assertEqual(row, "| createPet | okta_create_pet() | `POST /api/v1/pets` | `okta.pets.manage` | create |")
        row = next(line for line in lines if line.startswith("| listPets |"))
        self.assertTrue(row.endswith("| read, paged |"), row)

    def test_docs_lead_to_each_tag(self):
        lines = writers.write(small_library())["docs/operations.md"].splitlines()
        tags = [line[4:] for line in lines if line.startswith("### ")]
        links = " ".join(lines)
        for tag in tags:
            self.assertIn(f"[{tag}](#{tag.lower().replace(' ', '-')})", links)
        self.assertEqual(len(tags), len(set(tags)))

    def test_the_stand_in_knows_bodies_in_short(self):
        table = writers.write(small_library())["tests/mock_org/operation_table.c"]
        self.assertIn('.body = "o0!",', table)
        self.assertIn('"sr id", "e0! kind",', table)
        self.assertIn('.query = (const char *const[]){"i limit", "E0, filter[kind]", "S tag", NULL},', table)
        self.assertIn('.statuses = "201 200",', table)

    def test_the_stand_in_knows_where_objects_are(self):
        def how(change):
            library = small_library()
            change(library.functions)
            table = writers.write(library)["tests/mock_org/place_table.c"]
            row = table.split('.path = "/api/v1/pets/*",', 1)[1].split("},", 1)[0]
            return row.split('.how = "', 1)[1].split('"', 1)[0], '.id = "id"' in row

        def replace_one(functions):
            functions["okta_create_pet"].effect = Effect.ACTION
            functions["okta_get_pet"].method = "PUT"

        def no_list(functions):
            functions["okta_create_pet"].effect = Effect.ACTION
            functions["okta_list_pets"].method = "DELETE"

        self.assertEqual(how(lambda functions: None), ("made", True))
        self.assertEqual(how(lambda functions: setattr(functions["okta_create_pet"], "effect", Effect.ACTION)), ("found", True))
        self.assertEqual(how(replace_one), ("assigned", True))
        self.assertEqual(how(no_list), ("any", True))

    def test_the_stand_in_knows_ids_that_a_path_enumerates(self):
        table = writers.write(small_library())["tests/mock_org/place_table.c"]
        row = table.split('.path = "/api/v1/pets/*/pictures/*",', 1)[1]
        self.assertIn('.how = "enum"', row)
        self.assertIn('.texts = (const char *const[]){"CAT",', row)

    def test_one_row_an_operation_for_the_stand_in(self):
        library = small_library()
        library.functions["okta_get_pet"].method = "POST"
        library.functions["okta_get_pet"].path = "/api/v1/pets"
        library.functions["okta_get_pet"].path_parameters = []
        library.functions["okta_get_pet"].result = Result(ResultShape.NONE)
        table = writers.write(library)["tests/mock_org/operation_table.c"]
        self.assertIn("mock_operation_count = 9;", table)

    def test_cmake_lists_name_all_files(self):
        files = writers.write(small_library())
        listed = files["src/models/files.cmake"] + files["src/api/files.cmake"]
        for path in files:
            if path.endswith((".c", ".h")) and path.startswith(("include/", "src/")) and path not in (
                "src/models/models.h", "src/api/operation_rows.h"
            ):  # fmt: skip
                self.assertIn("\n    " + path.removeprefix("include/").removeprefix("src/"), listed)


if __name__ == "__main__":
    unittest.main()
