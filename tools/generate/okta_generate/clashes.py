# SPDX-License-Identifier: Apache-2.0
"""Stops where two things would have one name: among what is generated, and with what is written by hand."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from . import names
from .model import Library

_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_DEFINED = (
    re.compile(r"\b(okta_\w+)\s*\((?!\*)"),  # functions
    re.compile(r"\}\s*(okta_\w+)\s*;"),  # structs, enums
    re.compile(r"\btypedef\s+struct\s+(okta_\w+)\s+\1\s*;"),  # opaque types
    re.compile(r"#\s*define\s+(OKTA_\w+)"),
    re.compile(r"^\s*(OKTA_\w+)\s*(?:=[^,\n]*)?,?\s*$", re.MULTILINE),  # enumerators
    re.compile(r"\bextern\s[^;(]*?\b(okta_\w+)"),
)
_GENERATED = ("models", "api")


class ClashError(Exception):
    """Names that two things have; the text tells all of them."""


def hand_written(root: str) -> dict[str, str]:
    """The public names that are written by hand, with their header."""
    found = {}
    top = os.path.join(root, "include", "okta")
    for name in sorted(os.listdir(top)) if os.path.isdir(top) else ():
        if name.endswith(".h") and name != "all.h":
            with open(os.path.join(top, name), encoding="utf-8") as file:
                text = _COMMENT.sub("", file.read())
            for pattern in _DEFINED:
                found.update((word, f"okta/{name}") for word in pattern.findall(text))
    return found


def _identifiers(library: Library) -> Iterator[tuple[str, str]]:
    """All names of C at file level, with what each is."""
    for struct in library.structs.values():
        yield struct.c_name, "a struct"
        yield f"{struct.c_name}_descriptor", f"the descriptor of {struct.c_name}"
        if struct.list_name:
            yield struct.list_name, f"the list of {struct.c_name}"
            yield f"{struct.list_name}_descriptor", f"the descriptor of {struct.list_name}"
        for member in struct.members:
            yield from ((value.constant, f"a text of {struct.c_name}.{member.name}") for value in member.constants)
        if struct.entry_name:
            yield struct.entry_name, f"the entry of a map of {struct.c_name}"
    for typedef in library.typedefs.values():
        yield typedef.c_name, f"a typedef of {typedef.target}"
    for enum in library.enums.values():
        yield enum.c_name, "an enum"
        yield enum.absent, f"a value of {enum.c_name}"
        yield enum.other, f"a value of {enum.c_name}"
        for value in enum.values:
            yield value.constant, f"a value of {enum.c_name}"
    params = {}
    for function in library.functions.values():
        yield function.c_name, "a function"
        for parameter in [*function.path_parameters, *(function.params.parameters if function.params else ())]:
            params.update((value.constant, f"a text of {parameter.name}") for value in parameter.constants)
        yield f"{function.c_name}_call", f"the twin of {function.c_name}()"
        if function.params:
            params[function.params.c_name] = f"the params of {function.c_name}()"
    yield from params.items()


def _in_structs(library: Library) -> Iterator[str]:
    for struct in library.structs.values():
        seen: dict[str, str] = {}
        for member in struct.members:
            for name in [member.name] + [f"{member.name}_count"] * member.kind.counted:
                if name in seen:
                    yield f"{struct.c_name}: {member.json!r} and {seen[name]!r} are both {name}"
                seen[name] = member.json
    for function in library.functions.values():
        arguments = ["client", *(parameter.name for parameter in function.path_parameters)]
        arguments += ["params"] * bool(function.params) + ["out"]
        arguments += [function.body.argument] if function.body else []
        if len(set(arguments)) != len(arguments):
            yield f"{function.c_name}(): two arguments have one name: {', '.join(arguments)}"


def _keywords(library: Library) -> Iterator[str]:
    for struct in library.structs.values():
        yield from (f"{struct.c_name}: {member.name} is a keyword" for member in struct.members
                    if member.name in names.KEYWORDS)
    for function in library.functions.values():
        for parameter in [*function.path_parameters, *(function.params.parameters if function.params else ())]:
            if parameter.name in names.KEYWORDS:
                yield f"{function.c_name}(): {parameter.name} is a keyword"


def check(library: Library, others: dict[str, str]) -> None:
    """Stops on clashes within the library and with the names of `others`."""
    problems = [*_in_structs(library), *_keywords(library)]
    seen: dict[str, tuple[str, str]] = {}
    for name, what in _identifiers(library):
        # Constants are in capitals and all else in small letters: two of a kind must differ by more.
        key = name if name.isupper() else name.lower()
        if key in seen:
            problems.append(f"{name}: {what} and {seen[key][1]}")
        seen[key] = (name, what)
        if name in others:
            problems.append(f"{name}: {what}, and {others[name]} has the name")
    headers: dict[str, str] = {}
    for name in library.headers:
        if headers.setdefault(name.lower(), name) != name:
            problems.append(f"{name}: two headers")
    for name in library.headers:
        if f"{name}_enums" in library.headers:
            problems.append(f"{name}_enums: a header and the enums of another")
    if problems:
        raise ClashError("name these in the overlay:\n" + "\n".join(sorted(set(problems))))
