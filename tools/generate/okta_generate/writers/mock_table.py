# SPDX-License-Identifier: Apache-2.0
"""tests/mock_org/operation_table.c, and place_table.c: what the stand-in org knows of every operation.

The stand-in links no libokta and shares no type with it: the table is plain text. mock_operation.h tells the form.
"""

from __future__ import annotations

from okta_generate.model import BodyShape, Function, Kind, Library, Member, Parameter, Place, ResultShape

from . import text
from .mock_places import PATH as PLACES_PATH
from .mock_places import Places, StorePlace, operations, real

PATH = "tests/mock_org/operation_table.c"

# One letter a kind. mock_operation.h has the same table in words.
_LETTERS = {
    Kind.STRING: "s", Kind.JSON: "j", Kind.BOOL: "b", Kind.INT: "i", Kind.DOUBLE: "d", Kind.ENUM: "e",
    Kind.OBJECT: "o", Kind.STRINGS: "S", Kind.ENUMS: "E", Kind.OBJECTS: "O", Kind.MAP_STRINGS: "m",
    Kind.MAP_OBJECTS: "M", Kind.UPLOAD: "f",
}  # fmt: skip


class _Numbers:
    """Gives structs or enums numbers in the order of their first use."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._numbers: dict[str, int] = {}

    def of(self, name: str) -> int:
        if name not in self._numbers:
            self._numbers[name] = len(self.names)
            self.names.append(name)
        return self._numbers[name]


class MockTable:
    """The file."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._structs = _Numbers()
        self._enums = _Numbers()

    def write(self) -> dict[str, str]:
        """The text of both files by their paths: the places have the numbers of the shapes."""
        rows = [self._operation(function) for function in operations(self._library)]
        shapes: list[str] = []
        self._add_shapes(shapes)
        places = [self._place(place) for place in Places(self._library).all()]
        self._add_shapes(shapes)
        enums = [self._texts(name) for name in self._enums.names] + ["    NULL,\n"]
        shapes.append("    {.members = NULL},\n")
        whole = (
            text.head()
            + '#include "mock_operation.h"\n\n'
            + _table("char *const *const mock_enums[]", enums)
            + "\n"
            + _table("mock_shape mock_shapes[]", shapes)
            + "\n"
            + _table("mock_operation mock_operations[]", rows)
            + f"\nconst size_t mock_operation_count = {len(rows)};\n"
        )
        table = (
            text.head()
            + '#include "mock_operation.h"\n\n'
            + _table("mock_place mock_places[]", places)
            + f"\nconst size_t mock_place_count = {len(places)};\n"
        )
        return {PATH: whole, PLACES_PATH: table}

    def _add_shapes(self, shapes: list[str]) -> None:
        while len(shapes) < len(self._structs.names):
            shapes.append(self._shape(self._structs.names[len(shapes)]))

    def _place(self, place: StorePlace) -> str:
        fields = [
            ("path", text.c_string(place.path)),
            ("how", text.c_string(place.how)),
            ("shape", text.c_string(f"o{self._structs.of(real(self._library, place.struct))}" if place.struct else "")),
            ("id", text.c_string(place.id_member)),
            ("known", text.c_string(place.known)),
            ("refers", text.c_string(place.refers)),
            ("texts", _lines(place.texts)),
        ]
        return f"    {{\n{_fields(fields)}    }},\n"

    def _shape(self, struct: str) -> str:
        foreign = struct in self._library.foreign
        members = [] if foreign else self._library.structs[struct].members
        open_ = foreign or self._library.structs[struct].open or self._library.structs[struct].attributes
        lines = [self._member(member) for member in members]
        fields = [("members", _lines(lines)), ("open", "true" if open_ else "")]
        return f"    /* {struct} */\n    {{\n{_fields(fields)}    }},\n"

    def _member(self, member: Member) -> str:
        flags = ("!" if member.required else "") + ("r" if member.read_only else "")
        flags += "w" if member.facts.write_only else ""
        return self._value(member.kind, member.target) + flags + " " + member.json

    def _value(self, kind: Kind, target: str) -> str:
        letter = _LETTERS[kind]
        if kind in (Kind.ENUM, Kind.ENUMS):
            return f"{letter}{self._enums.of(target)}"
        return f"{letter}{self._structs.of(target)}" if kind.has_target else letter

    def _texts(self, enum: str) -> str:
        return f"    /* {enum} */\n    {_lines([value.text for value in self._library.enums[enum].values], 4)},\n"

    def _parameter(self, parameter: Parameter) -> str:
        flags = ("!" if parameter.required else "") + ("," if parameter.comma_list else "")
        return f"{self._value(parameter.kind, parameter.target)}{flags} {parameter.wire}"

    def _operation(self, function: Function) -> str:
        query = [self._parameter(p) for p in _parameters(function) if p.place is Place.QUERY]
        headers = [self._parameter(p) for p in _parameters(function) if p.place is Place.HEADER]
        fields = [
            ("name", text.c_string(function.operation)),
            ("method", text.c_string(function.method)),
            ("path", text.c_string(function.path)),
            ("path_parameters", _lines([self._parameter(p) for p in function.path_parameters])),
            ("query", _lines(query)),
            ("headers", _lines(headers)),
            *self._body(function),
            *self._result(function),
            ("statuses", text.c_string(" ".join(str(status) for status in function.good_statuses))),
            ("effect", text.c_string(function.effect.value)),
            ("security", text.c_string(function.security.value)),
            ("scopes", text.c_string(" ".join(function.scopes))),
        ]
        return f"    {{\n{_fields(fields)}    }},\n"

    def _body(self, function: Function) -> list[tuple[str, str]]:
        body = function.body
        if body is None:
            return []
        value = {
            BodyShape.STRUCT: "o", BodyShape.FORM: "o", BodyShape.MULTIPART: "o", BodyShape.LIST: "O",
            BodyShape.STRINGS: "S", BodyShape.JSON: "j", BodyShape.BYTES: "f",
        }[body.shape]  # fmt: skip
        value += str(self._structs.of(real(self._library, body.target))) if value in "oO" else ""
        types = body.media_types or ["application/json"]
        return [
            ("body", text.c_string(value + ("!" if body.required else ""))),
            ("body_types", text.c_string(" ".join(types))),
        ]

    def _result(self, function: Function) -> list[tuple[str, str]]:
        result = function.result
        value = {
            ResultShape.NONE: "", ResultShape.STRUCT: "o", ResultShape.LIST: "O", ResultShape.STRINGS: "S",
            ResultShape.JSON: "j", ResultShape.BYTES: "f", ResultShape.LOCATION: "l",
        }[result.shape]  # fmt: skip
        value += str(self._structs.of(real(self._library, result.target))) if value and value in "oO" else ""
        paging = function.paging
        return [
            ("answer", text.c_string(value)),
            ("answer_types", text.c_string(" ".join(result.media_types))),
            ("bytes_types", text.c_string(" ".join(self._bytes_types(function)))),
            ("paging", text.c_string(paging.style.value if paging is not None else "")),
            ("items", text.c_string(paging.items if paging is not None else "")),
        ]

    def _bytes_types(self, function: Function) -> list[str]:
        """Media types of bytes that another function of an operation with JSON asks for."""
        types: list[str] = []
        for other in self._library.functions.values():
            same = (other.method, other.path) == (function.method, function.path)
            if same and other.result.shape is ResultShape.BYTES and function.result.shape is not ResultShape.BYTES:
                types += [media_type for media_type in other.result.media_types if media_type not in types]
        return types


def _parameters(function: Function) -> list[Parameter]:
    return function.params.parameters if function.params is not None else []


def _lines(lines: list[str], indent: int = 8) -> str:
    """A table of C strings with a NULL at the end, as an expression; "" for none."""
    if not lines:
        return "" if indent == 8 else "(const char *const[]){NULL}"
    items = [text.c_string(line) for line in lines] + ["NULL"]
    start = "(const char *const[]){"
    if len(start + ", ".join(items)) < text.WIDTH - 40:
        return start + ", ".join(items) + "}"
    inner = " " * (indent + 4)
    return f"{start}\n{text.packed(inner, items, '', hang=indent + 4)}\n{' ' * indent}}}"


def _fields(fields: list[tuple[str, str]]) -> str:
    """The lines of an initializer, those that say nothing left out."""
    return "".join(f"        .{name} = {value},\n" for name, value in fields if value not in ('""', ""))


def _table(declaration: str, rows: list[str]) -> str:
    return f"const {declaration} = {{\n{''.join(rows)}}};\n"


def mock_tables(library: Library) -> dict[str, str]:
    """Both files by their paths."""
    return MockTable(library).write()
