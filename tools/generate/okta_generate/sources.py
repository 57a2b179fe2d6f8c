# SPDX-License-Identifier: Apache-2.0
"""Finds the descriptions and reads them: the pinned releases, or others that the caller names."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass, field

from . import yaml12


class SourceError(Exception):
    """A description that is not there or is not the pinned one."""


@dataclass
class Sources:
    """What a run reads."""

    version: str  # of libokta
    documents: dict[str, dict] = field(default_factory=dict)
    pinned: set[str] = field(default_factory=set)
    files: dict[str, str] = field(default_factory=dict)  # where each document was


def name_files(text: str, files: dict[str, str]) -> str:
    """A message with the file in place of the API that stands first in a line."""
    return re.sub(r"(?m)^(\w+): ", lambda found: f"{files.get(found.group(1), found.group(1))}: ", text)


def _table(path: str) -> dict:
    """The list of the pinned descriptions."""
    found = yaml12.read(path)
    rows = found.get("descriptions") if isinstance(found, dict) else None
    if not isinstance(rows, dict) or "library" not in found or \
            not all(isinstance(row, dict) and isinstance(row.get("file"), str) and "sha256" in row for row in rows.values()):
        raise SourceError(f"{path}: wants `library`, and `descriptions` with `file` and `sha256` each")
    return found


def read(overlay: str, folder: str, others: dict[str, str]) -> Sources:
    """The documents: those that `others` names for an API, and the pinned ones of the folder."""
    table = _table(os.path.join(overlay, "descriptions.yaml"))
    found = Sources(str(table["library"]))
    unknown = set(others) - set(table["descriptions"])
    if unknown:
        raise SourceError(f"there is no API {', '.join(sorted(unknown))}")
    for api, row in table["descriptions"].items():
        path = others.get(api, os.path.join(folder, row["file"]))
        if not os.path.exists(path):
            raise SourceError(f"{path} is not there: see --descriptions")
        with open(path, "rb") as file:
            data = file.read()
        if hashlib.sha256(data).hexdigest() == row["sha256"]:
            found.pinned.add(api)
        elif api not in others:
            raise SourceError(f"{path} is not the pinned release: name it with --description {api}=FILE")
        found.files[api] = path
        found.documents[api] = yaml12.parse_bytes(data, path)
    return found
