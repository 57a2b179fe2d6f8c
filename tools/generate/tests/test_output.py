# SPDX-License-Identifier: Apache-2.0
"""Files are put where they belong, and what is written by hand stays."""

import contextlib
import io
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from okta_generate import output, writers  # noqa: E402
from small_library import small_library  # noqa: E402


class Put(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.files = writers.write(small_library())

    def put(self, check=False):
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            return output.put(str(self.root), self.files, {}, check)

    def test_a_second_run_finds_all_as_it_should_be(self):
        self.assertEqual(self.put(check=True), 1)
        self.assertEqual(self.put(), 0)
        self.assertEqual(self.put(check=True), 0)

    def test_what_nothing_writes_any_more_goes(self):
        self.put()
        stale = self.root / "src/models/gone.c"
        stale.write_text(self.files["src/models/pet.c"])
        self.assertEqual(self.put(check=True), 1)
        self.put()
        self.assertFalse(stale.exists())

    def test_what_is_written_by_hand_stays(self):
        self.put()
        by_hand = self.root / "src/api/find.c"
        by_hand.write_text("/* SPDX-License-Identifier: Apache-2.0 */\n")
        self.assertEqual(self.put(check=True), 0)
        self.put()
        self.assertTrue(by_hand.exists())


if __name__ == "__main__":
    unittest.main()
