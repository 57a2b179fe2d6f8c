# SPDX-License-Identifier: Apache-2.0
"""src/models/: the rows of each header's structs, and models.h with all that they define."""

from __future__ import annotations

from okta_generate.model import Enum, Header, Kind, Library, Member, Struct

from . import model_headers, symbols, text

ROWS_MAX = 256  # OKTAI_ROWS_MAX of src/json/descriptor.h
FEW_ROWS = 8  # so many are looked through one by one

# The order in which rows of one JSON name are tried: a row that takes more comes later.
_TRIED = [
    Kind.BOOL, Kind.INT, Kind.DOUBLE, Kind.STRING, Kind.ENUM, Kind.OBJECT, Kind.MAP_OBJECTS, Kind.MAP_STRINGS,
    Kind.OBJECTS, Kind.ENUMS, Kind.STRINGS, Kind.JSON,
]  # fmt: skip


def rows_in_order(struct: Struct) -> list[Member]:
    """The members that have rows; those of one JSON name next to each other, in the order of trying."""
    first: dict[str, int] = {}
    rows = [member for member in struct.members if member.kind is not Kind.UPLOAD]
    for number, member in enumerate(rows):
        first.setdefault(member.json, number)
    return sorted(rows, key=lambda member: (first[member.json], _TRIED.index(member.kind)))


def _flags(member: Member, more: bool) -> str:
    names = [
        name
        for name, applies in (
            ("OKTAI_ROW_READ_ONLY", member.read_only),
            ("OKTAI_ROW_SECRET", member.secret),
            ("OKTAI_ROW_UNIQUE", member.unique),
            ("OKTAI_ROW_MORE", more),
            ("OKTAI_ROW_ADDED", member.added),
        )
        if applies
    ]
    return " | ".join(names) or "0"


def row_of(library: Library, struct: str, member: Member, more: bool = False) -> str:
    """The row of a member, with the comma behind it. TYPE is the struct while its rows are written."""
    if len(member.json.encode()) > 255 or not member.json.isascii():
        raise ValueError(f"{struct}: the JSON name {member.json!r} is longer than 255 bytes or not ASCII")
    kind = f"OKTAI_KIND_{member.kind.name}"
    json = text.c_string(member.json)
    items = ["OKTAI_ROW(TYPE", member.name, json, kind, f"{_flags(member, more)})"]
    if member.kind.counted:
        items.append(f".count_offset = offsetof(TYPE, {member.name}_count)")
    if member.kind in (Kind.ENUM, Kind.ENUMS):
        items.append(f".of.texts = &{symbols.texts(member.target)}")
    elif member.kind.has_target:
        items.append(f".of.object = &{symbols.model(library, member.target)}")
    return text.packed("    {", items, "},", hang=5) + "\n"


def by_name(names: list[str]) -> list[int]:
    """The numbers of the rows in the bytewise order of their names."""
    return sorted(range(len(names)), key=lambda number: (names[number].encode(), number))


def rows_and_index(library: Library, struct: str, rows: list[Member], stem: str) -> tuple[str, list[tuple[str, str]]]:
    """The tables of a struct with members, and the fields of its descriptor that name them."""
    if not rows:
        return "", []
    if len(rows) > ROWS_MAX:
        raise ValueError(f"{struct} has {len(rows)} rows; the engine takes {ROWS_MAX}")
    following = [member.json for member in rows[1:]] + [None]
    lines = [row_of(library, struct, m, m.json == next_name) for m, next_name in zip(rows, following)]
    table = f"static const oktai_row {stem}_rows[] = {{\n{''.join(lines)}}};\n"
    out = f"#define TYPE {struct}\n{table}#undef TYPE\n\n"
    fields = [("rows", f"{stem}_rows")]
    if len(rows) > FEW_ROWS:
        numbers = [str(number) for number in by_name([member.json for member in rows])]
        out += text.braced(f"static const uint16_t {stem}_by_name[] = ", numbers) + ";\n\n"
        fields.append(("by_name", f"{stem}_by_name"))
    return out, [*fields, ("row_count", str(len(rows)))]


def names_table(stem: str, names: list[str]) -> str:
    """A table of C strings that ends with NULL."""
    items = [text.c_string(name) for name in names] + ["NULL"]
    return text.braced(f"static const char *const {stem}[] = ", items) + ";\n\n"


def _struct(library: Library, struct: Struct) -> str:
    stem = symbols.bare(struct.c_name)
    out, fields = rows_and_index(library, struct.c_name, rows_in_order(struct), stem)
    if struct.secret_extras:
        out += names_table(f"{stem}_secrets", struct.secret_extras)
        fields.append(("secret_extras", f"{stem}_secrets"))
    if struct.open or struct.attributes:
        fields.append(("flags", "OKTAI_DESCRIPTOR_OPEN"))
    fields = [("schema", text.c_string(struct.schema)), ("size", f"sizeof({struct.c_name})"), *fields]
    name = symbols.model(library, struct.c_name)
    out += f"const okta_descriptor {name} = {{\n{text.initializer(fields)}}};\n\n" + _getter(struct.c_name, name)
    if struct.list_name:
        out += "\n" + _list(library, struct)
    return out


def _getter(c_type: str, name: str) -> str:
    head = text.prototype("", "const okta_descriptor *", f"{c_type}_descriptor", ["void"], "")
    return f"{head}\n{{\n    return &{name};\n}}\n"


def _list(library: Library, struct: Struct) -> str:
    name = symbols.list_model(struct.list_name)
    fields = [
        ("schema", text.c_string(f"{struct.schema} list")),
        ("size", f"sizeof({struct.list_name})"),
        ("item", f"&{symbols.model(library, struct.c_name)}"),
    ]
    out = ""
    if struct.list_wrappers:
        stem = f"{symbols.bare(struct.list_name)}_wrappers"
        out = names_table(stem, struct.list_wrappers)
        fields.append(("wrappers", stem))
    return (
        f"{out}const okta_descriptor {name} = {{\n{text.initializer(fields)}}};\n\n"
        + _getter(struct.list_name, name)
    )


def _enum(enum: Enum) -> str:
    stem = f"{symbols.bare(enum.c_name)}_values"
    if not enum.values:
        return f"const oktai_enum_texts {symbols.texts(enum.c_name)} = {{NULL, 0}};\n"
    items = [text.c_string(value.text) for value in enum.values]
    table = text.braced(f"static const char *const {stem}[] = ", items)
    return f"{table};\n" + text.braced(f"const oktai_enum_texts {symbols.texts(enum.c_name)} = ", [stem, str(len(items))]) + ";\n"


def model_source(library: Library, header: Header) -> str:
    """The rows of a header's structs and the texts of its enums."""
    parts = [_enum(library.enums[name]) for name in header.enums]
    parts += [_struct(library, library.structs[name]) for name in header.structs]
    includes = [f'#include "{model_headers.model_path(header.name)}"\n\n'] if header.structs else []
    return text.head() + "".join(includes) + '#include "models/models.h"\n\n' + "\n".join(parts)


def models_index(library: Library) -> str:
    """src/models/models.h."""
    models = []
    for struct in library.structs.values():
        models.append(symbols.model(library, struct.c_name))
        if struct.list_name:
            models.append(symbols.list_model(struct.list_name))
    enums = [symbols.texts(name) for name in library.enums]
    lines = [f"extern const okta_descriptor {name};\n" for name in sorted(models)]
    lines += ["\n", *(f"extern const oktai_enum_texts {name};\n" for name in sorted(enums))] if enums else []
    return (
        text.head()
        + "/* The descriptors of all models and the texts of all enums. */\n"
        + "#ifndef OKTA_MODELS_MODELS_H\n#define OKTA_MODELS_MODELS_H\n\n"
        + '#include "json/descriptor.h"\n\n'
        + "".join(lines)
        + "\n#endif\n"
    )
