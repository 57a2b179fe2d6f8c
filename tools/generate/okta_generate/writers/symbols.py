# SPDX-License-Identifier: Apache-2.0
"""The names of what the generated files define beside the names that the library's plain data holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable

from okta_generate.model import Body, BodyShape, Function, Kind, Library, Result, ResultShape

# What results and bodies are that no description has a schema for: C type, descriptor inside the library.
HAND_WRITTEN = {
    "strings": ("okta_string_list", "oktai_string_list_model"),
    "json": ("okta_json", "oktai_json_model"),
    "bytes": ("okta_bytes", "oktai_bytes_model"),
    "location": ("okta_location", "oktai_location_model"),
}

# Where those are declared whose shape is a body or a result.
HAND_WRITTEN_HEADERS = {
    "strings": "okta/values.h",
    "json": "okta/values.h",
    "bytes": "okta/values.h",
    "location": "okta/values.h",
}
UPLOAD_HEADER = "okta/upload.h"

_C_TYPES = {
    Kind.STRING: "const char *",
    Kind.JSON: "const char *",
    Kind.BOOL: "okta_opt_bool ",
    Kind.INT: "okta_opt_int ",
    Kind.DOUBLE: "okta_opt_double ",
    Kind.STRINGS: "const char **",
    Kind.MAP_STRINGS: "okta_string_entry *",
    Kind.UPLOAD: "const okta_upload *",
}


def bare(c_name: str) -> str:
    """A public name without its prefix."""
    return c_name.removeprefix("okta_")


def model(library: Library, struct: str) -> str:
    """The descriptor object of a struct, a typedef or a hand-written type."""
    target = library.typedefs[struct].target if struct in library.typedefs else struct
    if target in library.foreign:
        return library.foreign[target].descriptor
    return f"oktai_{bare(target)}_model"


def list_model(struct_list: str) -> str:
    """The descriptor object of a list struct."""
    return f"oktai_{bare(struct_list)}_model"


def texts(enum: str) -> str:
    """The object with the texts of an enum."""
    return f"oktai_{bare(enum)}_texts"


def row(function: str) -> str:
    """The row of an operation."""
    return f"oktai_{bare(function)}_operation"


def variable(text: str) -> str:
    """A name for something inside a file, made from any text."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")


def member_type(library: Library, kind: Kind, target: str, known: set[str]) -> str:
    """The C type of a member. A struct that is not in `known` is named with its keyword."""
    if kind in _C_TYPES:
        return _C_TYPES[kind]
    if kind is Kind.ENUM:
        return f"{target} "
    if kind is Kind.ENUMS:
        return f"{target} *"
    name = f"{target}_entry" if kind is Kind.MAP_OBJECTS else target
    complete = name in known or target in library.foreign
    stars = "**" if kind is Kind.OBJECTS else "*"
    return f"{'' if complete else 'struct '}{name} {stars}"


def result_type(library: Library, result: Result) -> str:
    """The C type that the out argument of a function points to; "" where there is none."""
    if result.shape is ResultShape.NONE:
        return ""
    if result.shape is ResultShape.STRUCT:
        return result.target
    if result.shape is ResultShape.LIST:
        return list_name(library, result.target)
    return HAND_WRITTEN[result.shape.value][0]


def list_name(library: Library, struct: str) -> str:
    """The list struct of a struct."""
    name = library.structs[struct].list_name
    if not name:
        raise ValueError(f"{struct} has no list_name, and an operation takes or gives a list of it")
    return name


def result_model(library: Library, result: Result) -> str:
    """The descriptor object of a result."""
    if result.shape is ResultShape.STRUCT:
        return model(library, result.target)
    if result.shape is ResultShape.LIST:
        return list_model(list_name(library, result.target))
    return HAND_WRITTEN[result.shape.value][1]


def body_type(library: Library, body: Body) -> str:
    """The C type of a body argument, up to the argument's name."""
    if body.shape is BodyShape.JSON:
        return "const char *"
    if body.shape is BodyShape.LIST:
        return f"const {list_name(library, body.target)} *"
    if body.shape in (BodyShape.STRINGS, BodyShape.BYTES):
        return f"const {HAND_WRITTEN[body.shape.value][0]} *"
    return f"const {body.typedef or body.target} *"


def _rank(function: Function) -> tuple[bool, bool]:
    return not function.deprecated, function.result.shape is not ResultShape.BYTES


def that_count(library: Library, key: Callable[[Function], Hashable]) -> dict[Hashable, Function]:
    """One function an operation, by what `key` tells of it: the last one of its variants, without those that ask
    for bytes where others get JSON, and without those that are deprecated where others are not."""
    found: dict[Hashable, Function] = {}
    for function in library.functions.values():
        operation = key(function)
        before = found.get(operation)
        if before is None or _rank(function) >= _rank(before):
            found[operation] = function
    return found
