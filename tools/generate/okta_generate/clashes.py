# SPDX-License-Identifier: Apache-2.0
"""Stops where two things would have one name: among what is generated, and with what is written by hand."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from . import names
from .model import ARGUMENTS, Function, Library, Parameter
from .writers.text import guard_of

_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_DEFINED = (
    re.compile(r"\b(okta_\w+)\s*\((?!\*)"),  # functions
    re.compile(r"\}\s*(okta_\w+)\s*;"),  # structs, enums
    re.compile(r"\btypedef\s+struct\s+(okta_\w+)\s+\1\s*;"),  # opaque types
    re.compile(r"#\s*define\s+(OKTA_\w+)"),
    re.compile(r"^\s*(OKTA_\w+)\s*(?:=[^,\n]*)?,?\s*$", re.MULTILINE),  # enumerators
    re.compile(r"\bextern\s[^;(]*?\b(okta_\w+)"),
)
_NAME = re.compile(r"okta_[a-z0-9]\w*|OKTA_[A-Z0-9]\w*", re.ASCII)
_INNER_NAME = re.compile(r"[a-z]\w*", re.ASCII)  # of a member or an argument
_OWN_FILES = {"all_operations"}  # of src/api, beside those of headers


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
    yield from _of_functions(library)
    for header in library.headers:
        for path in (f"okta/models/{header}.h", f"okta/models/{header}_enums.h", f"okta/api/{header}.h"):
            yield guard_of(path), f"the guard of {path}"


def _of_functions(library: Library) -> Iterator[tuple[str, str]]:
    """Names of functions and of what stands beside them. The functions of one request share params and texts."""
    shared = {}
    for function in library.functions.values():
        request = f"{function.method} {function.path}"
        yield function.c_name, "a function"
        yield f"{function.c_name}_call", f"the twin of {function.c_name}()"
        if function.paging:
            yield f"{function.c_name}_pages", f"the pages of {function.c_name}()"
        for parameter in _parameters(function):
            for value in parameter.constants:
                shared[value.constant, request, parameter.name] = f"a text of {parameter.name} of {request}"
        if function.params:
            shared[function.params.c_name, request, ""] = f"the params of {function.c_name}()"
    yield from ((name, what) for (name, *_), what in shared.items())


def _parameters(function: Function) -> list[Parameter]:
    return [*function.path_parameters, *(function.params.parameters if function.params else ())]


def _in_structs(library: Library) -> Iterator[str]:
    """Members of models, and of params with their name on the wire."""
    owners = [(struct.c_name, [(member.name, member.json, member.kind) for member in struct.members])
              for struct in library.structs.values()]
    owners += [(function.params.c_name, [(found.name, found.wire, found.kind) for found in function.params.parameters])
               for function in library.functions.values() if function.params]
    for owner, members in owners:
        seen: dict[str, str] = {}
        for plain, json, kind in members:
            for name in [plain] + [f"{plain}_count"] * kind.counted:
                if name in seen:
                    yield f"{owner}: {json!r} and {seen[name]!r} are both {name}"
                seen[name] = json
            if plain in names.KEYWORDS or not _INNER_NAME.fullmatch(plain):
                yield f"{owner}: {plain!r} of {json!r} is a keyword, or no name of C"


def _in_functions(library: Library) -> Iterator[str]:
    """Arguments of functions, and what they call their own variables."""
    for function in library.functions.values():
        own = [function.body.argument if name == "body" and function.body else name for name in ARGUMENTS]
        for name in (parameter.name for parameter in function.path_parameters):
            if name in names.KEYWORDS or not _INNER_NAME.fullmatch(name) or name.startswith(("okta_", "oktai_")):
                yield f"{function.c_name}(): {name!r} is a keyword, no name of C, or one that begins as those of the library"
            if name in own:
                yield f"{function.c_name}(): two arguments or variables have the name {name}"
            own.append(name)


def check(library: Library, others: dict[str, str]) -> None:
    """Stops on clashes within the library and with the names of `others`."""
    problems = [*_in_structs(library), *_in_functions(library)]
    seen: dict[str, tuple[str, str]] = {}
    for name, what in _identifiers(library):
        # Constants are in capitals and all else in small letters: two of a kind must differ by more.
        key = name if name.isupper() else name.lower()
        if not _NAME.fullmatch(name):
            problems.append(f"{name}: {what}, and no name of C")
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
        if name in _OWN_FILES or not _INNER_NAME.fullmatch(name):
            problems.append(f"{name!r}: a header, and the name of another file or no name of C")
        if f"{name}_enums" in library.headers:
            problems.append(f"{name}_enums: a header and the enums of another")
    if problems:
        raise ClashError("name these in the overlay:\n" + "\n".join(sorted(set(problems))))
