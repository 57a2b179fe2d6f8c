# SPDX-License-Identifier: Apache-2.0
"""Puts files where they belong, or tells which would change."""

from __future__ import annotations

import os
import sys

from . import writers
from .run import Run


class OutputError(Exception):
    """Files that cannot be written."""


def files(made: Run) -> dict[str, str]:
    """All generated files by their path below the top folder."""
    try:
        return writers.write(made.library)
    except ValueError as error:  # what no file can hold; the text names the struct or the function
        raise OutputError(str(error)) from error


def put(root: str, found: dict[str, str], others: dict[str, str], check: bool) -> int:
    """Writes what changed and removes what is stale. With `check` only tells it: 1 where there is any."""
    wanted = {os.path.join(root, path): text for path, text in found.items()}
    wanted.update(others)
    changed = [path for path, text in sorted(wanted.items()) if _read(path) != text]
    stale = [path for path in _present(root) if path not in wanted] if found else []
    if check:
        for path in changed + stale:
            print(f"generate: {path} is not what the descriptions give", file=sys.stderr)
        return 1 if changed or stale else 0
    _write({path: wanted[path] for path in changed})
    for path in stale:
        os.remove(path)
    print(f"generate: {len(changed)} files written, {len(stale)} removed, {len(wanted) - len(changed)} as they were")
    return 0


def _write(texts: dict[str, str]) -> None:
    """Writes all files, or none: each beside its place first."""
    fresh = {path: f"{path}.fresh" for path in texts}
    try:
        for path, beside in fresh.items():
            os.makedirs(os.path.dirname(os.path.abspath(path)), exist_ok=True)
            with open(beside, "w", encoding="utf-8") as file:
                file.write(texts[path])
    except OSError as error:
        for beside in filter(os.path.exists, fresh.values()):
            os.remove(beside)
        raise OutputError(f"{error.filename or error}: nothing is written: {error.strerror}") from error
    for path, beside in fresh.items():
        os.replace(beside, path)


def _present(root: str) -> list[str]:
    """The generated files that are there."""
    found = [os.path.join(folder, name) for base in writers.FOLDERS
             for folder, _, names in os.walk(os.path.join(root, base)) for name in sorted(names)]
    return [path for path in found if writers.is_generated(_read(path) or "")]


def _read(path: str) -> str | None:
    if not os.path.exists(path):
        return None
    with open(path, encoding="utf-8") as file:
        return file.read()
