# SPDX-License-Identifier: Apache-2.0
"""A compiler takes what the writers write, with the project's warnings as errors."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "tools" / "generate"))

from okta_generate import writers  # noqa: E402
from small_library import small_library  # noqa: E402

C = os.environ.get("OKTA_C_COMPILER", "cc")
CXX = os.environ.get("OKTA_CXX_COMPILER") or "c++"
COMMON = ["-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wshadow", "-Wundef", "-Werror"]
AS_C = ["-x", "c", "-Wstrict-prototypes", "-Wmissing-prototypes"]


class Compiled(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if shutil.which(C) is None:
            raise unittest.SkipTest(f"no compiler {C}")
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.out = pathlib.Path(folder.name)
        cls.files = writers.write(small_library())
        for path, content in cls.files.items():
            (cls.out / path).parent.mkdir(parents=True, exist_ok=True)
            (cls.out / path).write_text(content, encoding="utf-8")

    def compiles(self, command, *folders, text=None):
        """The compiler takes the file that the command ends with, or the text."""
        includes = [item for folder in folders for item in ("-I", str(folder))]
        run = subprocess.run([*command[:1], *COMMON, *includes, *command[1:]], input=text, capture_output=True, text=True)
        self.assertEqual(run.returncode, 0, run.stderr[:4000])

    def test_sources(self):
        folders = (self.out / "src", self.out / "include", ROOT / "src", ROOT / "include")
        sources = [path for path in self.files if path.startswith("src/") and path.endswith(".c")]
        self.assertEqual(len(sources), 5)
        for path in sources:
            with self.subTest(path):
                self.compiles([C, *AS_C, "-std=c11", "-D_DEFAULT_SOURCE", str(self.out / path)], *folders)

    def test_the_tables_of_the_stand_in(self):
        for name in ("operation_table.c", "place_table.c"):
            self.compiles([C, *AS_C, "-std=c11", str(self.out / "tests/mock_org" / name)], ROOT / "tests/mock_org")

    def test_each_header_alone_and_twice(self):
        folders = (self.out / "include", ROOT / "include")
        languages = [[C, *AS_C, "-std=c99"], [C, *AS_C, "-std=c11"]]
        if shutil.which(CXX):
            languages += [[CXX, "-x", "c++", "-std=c++11"], [CXX, "-x", "c++", "-std=c++20"]]
        for path in self.files:
            if not path.startswith("include/"):
                continue
            include = f'#include "{path.removeprefix("include/")}"\n'
            for language in languages:
                with self.subTest(path, language=language[-1]):
                    self.compiles([*language, "-"], *folders, text=include * 2)

    def test_a_program_uses_what_it_names(self):
        program = """
            #include <okta/all.h>
            int main(void)
            {
                okta_client *client = NULL;
                okta_pet_list *list = NULL;
                const char *tags[] = {"a"};
                okta_list_pets_params params = {.model = OKTA_INIT(okta_list_pets_params),
                                                .limit = okta_int(2), .tags = tags, .tags_count = 1, .trace = "t"};
                okta_error *error = okta_list_pets(client, &params, &list);
                okta_call *call = okta_get_pet_call(client, "id");
                okta_pet *pet = OKTA_TAKE(call, okta_pet);
                int fits = pet->owners[0].value->pets[0].value->kind == OKTA_PET_KIND_BIG_DOG;
                return error == NULL && fits ? 0 : (int)list->count;
            }
        """
        self.compiles([C, *AS_C, "-std=c11", "-"], self.out / "include", ROOT / "include", text=program.strip() + "\n")


if __name__ == "__main__":
    unittest.main()
