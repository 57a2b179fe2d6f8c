# SPDX-License-Identifier: Apache-2.0
"""The real descriptions for tests, where they are: ../shared/okta beside the checkout, or OKTA_FACTS_DIR."""

import copy
import functools
import os
import unittest

import made_up
from okta_generate import ledger, overlay, run, sources, yaml12

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
FOLDER = os.environ.get("OKTA_FACTS_DIR", os.path.join(TOP, "..", "shared", "okta"))
OVERLAY = os.path.join(os.path.dirname(HERE), "overlay")
HAVE = os.path.exists(os.path.join(FOLDER, "management-2026.06.3.yaml"))
needed = unittest.skipUnless(HAVE, "skipped: Okta's descriptions are not here, see OKTA_FACTS_DIR")


@functools.cache
def _sources() -> sources.Sources:
    return sources.read(OVERLAY, FOLDER, {})


@functools.cache
def _document(name: str) -> dict:
    return yaml12.read(os.path.join(FOLDER, name))


def generate(book: ledger.Ledger | None = None, management: str = "", change=None) -> run.Run:
    """A run over the descriptions. `management`: another release of that one; `change` gets the documents."""
    found = _sources()
    documents = copy.deepcopy(found.documents)
    pinned = set(found.pinned)
    if management:
        documents["management"] = copy.deepcopy(_document(management))
        pinned.discard("management")
    if change:
        change(documents)
    return run.run(documents, overlay.read(OVERLAY), book or ledger.Ledger("1.0.0"), pinned)


@functools.cache
def current() -> run.Run:
    """A run over the pinned releases and an empty ledger."""
    return generate()


def facts(name: str) -> list[list[str]]:
    """The rows of a table of facts."""
    with open(os.path.join(FOLDER, "facts", name), encoding="utf-8") as file:
        return [line.rstrip("\n").split("\t") for line in file][1:]


again = made_up.again
