# SPDX-License-Identifier: Apache-2.0
"""tools/generate/CHANGES.md: what a program can feel of a description that moved, though no type of C changed."""

from __future__ import annotations

from okta_generate.model import Change, Library

from . import text

PATH = "tools/generate/CHANGES.md"

_START = f"""<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- {text.MARK} -->
# Changes that a program can feel

What Okta's descriptions tell otherwise than at the time when the ledger recorded it, by version of libokta. No type
of C changes with it. The ledger holds the same in its lines `A` and `D`; CHANGELOG.md takes from here what matters.
"""


def _section(version: str, changes: list[Change]) -> str:
    lines = [f"* `{change.name}` {change.what}\n" for change in changes]
    return f"\n## {version}\n\n" + "".join(lines)


def changes(library: Library) -> str:
    """The list, the latest version first."""
    versions = list(dict.fromkeys(change.version for change in library.changes))
    sections = [_section(version, [change for change in library.changes if change.version == version])
                for version in reversed(versions)]
    return _START + ("".join(sections) or "\nNone.\n")
