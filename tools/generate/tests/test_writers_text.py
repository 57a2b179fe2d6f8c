# SPDX-License-Identifier: Apache-2.0
"""Text that is valid C, valid Doxygen and fits into a line."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from okta_generate.writers import text  # noqa: E402


class StringsOfC(unittest.TestCase):
    def test_escapes_what_c_reads_otherwise(self):
        self.assertEqual(text.c_string('a"b\\c\n'), '"a\\"b\\\\c\\n"')

    def test_has_no_trigraphs(self):
        self.assertEqual(text.c_string("a??/b???"), '"a?\\?/b?\\?\\?"')

    def test_writes_other_bytes_so_that_a_digit_may_follow(self):
        self.assertEqual(text.c_string("é1\x01" + "2"), '"\\303\\2511\\0012"')


class Comments(unittest.TestCase):
    def test_no_text_ends_or_begins_a_comment(self):
        self.assertEqual(text.code("image/*"), "`image/ *`")
        self.assertEqual(text.code("a*/b"), "`a* /b`")

    def test_what_doxygen_would_obey_is_plain_text(self):
        self.assertEqual(text.code("a@b"), "a&#64;b")
        self.assertEqual(text.plain("<b>&\\"), "&#60;b&#62;&#38;&#92;")

    def test_a_short_comment_is_one_line(self):
        self.assertEqual(text.comment(["A user. @since 0.2.0"]), "/** A user. @since 0.2.0 */\n")

    def test_commands_stand_together_behind_an_empty_line(self):
        self.assertEqual(text.comment(["A.", "@return b.", "@since 1"]), "/**\n * A.\n *\n * @return b.\n * @since 1\n */\n")

    def test_comment_without_room_stands_before_its_declaration(self):
        name = "long_name_" * 8 + "x;"
        self.assertEqual(text.behind([(f"int {name}", f"`{'word' * 8}`")]), f"    /** `{'word' * 8}` */\n    int {name}\n")

    def test_item_without_room_below_the_first_one_stands_farther_left(self):
        found = text.packed("x" * 60 + "(", ["a", "b" * 60], ")")
        self.assertEqual(found, "x" * 60 + "(a,\n        " + "b" * 60 + ")")

    def test_comments_behind_declarations_stand_in_one_column(self):
        self.assertEqual(text.behind([("int a;", "b"), ("long cd;", "e")]), "    int a;   /**< b */\n    long cd; /**< e */\n")

    def test_no_line_is_wider_than_a_line_may_be(self):
        lines = text.comment(["word " * 100, "@return " + "word " * 100], "    ").splitlines()
        lines += text.behind([("const char *name;", "word " * 60)]).splitlines()
        self.assertLessEqual(max(map(len, lines)), text.WIDTH)


class Prototypes(unittest.TestCase):
    def test_arguments_stand_below_the_first(self):
        written = text.prototype("OKTA_API ", "okta_call *", "okta_" + "x" * 60, ["okta_client *client", "const char *id"], ";")
        first, second = written.splitlines()
        self.assertEqual(second.index("const"), first.index("(") + 1)

    def test_a_long_name_stands_below_its_type(self):
        written = text.prototype("OKTA_API ", "okta_call *", "okta_" + "x" * 70, ["okta_client *client"], ";")
        self.assertEqual(written.splitlines()[0], "OKTA_API okta_call *")

    def test_arguments_of_a_longer_name_stand_below_it(self):
        written = text.prototype("OKTA_API ", "okta_call *", "okta_" + "x" * 90, ["okta_client *client"], ";")
        self.assertEqual(written.splitlines()[2], "    okta_client *client);")


if __name__ == "__main__":
    unittest.main()
