# SPDX-License-Identifier: Apache-2.0
"""src/api/: the rows of the operations of each header, and the functions over them."""

from __future__ import annotations

from okta_generate.model import (
    BodyShape, Function, Header, Kind, Library, Member, Parameter, PathBase, Place, ResultShape, Security,
)  # fmt: skip

from . import api_headers, model_sources, symbols, text
from .api_docs import default_types

_BODIES = {
    BodyShape.STRUCT: "MODEL",
    BodyShape.LIST: "MODEL",
    BodyShape.STRINGS: "MODEL",
    BodyShape.JSON: "JSON",
    BodyShape.BYTES: "BYTES",
    BodyShape.FORM: "FORM",
    BodyShape.MULTIPART: "MULTIPART",
}

_STATUS_BITS = {200, 201, 202, 204}
_REDIRECT = 302  # stands for all of 3xx


def statuses(codes: list[int], function: str) -> str:
    """The bits of good statuses."""
    names = []
    for status in codes:
        if status not in _STATUS_BITS and not 300 <= status <= 399:
            raise ValueError(f"{function}: no bit of oktai_operation stands for the status {status}")
        name = "OKTAI_STATUS_3XX" if status >= 300 else f"OKTAI_STATUS_{status}"
        if name not in names:
            names.append(name)
    return " | ".join(names)


class _Source:
    """One file. Tables that several rows share are written once, before the first row that needs them."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.parts: list[str] = []
        self._tables: dict[tuple[str, str], str] = {}
        self._names: set[str] = set()

    def shared(self, c_type: str, stem: str, items: list[str]) -> str:
        """The name of a constant of that type with these initializers; of an array where the type ends in []."""
        key = (c_type, "\n".join(items))
        if key not in self._tables:
            name, number = stem, 2
            while name in self._names:
                name, number = f"{stem}_{number}", number + 1
            self._names.add(name)
            self._tables[key] = name
            if c_type.endswith("[]"):
                self.parts.append(text.braced(f"static const {c_type[:-2]}{name}[] = ", items) + ";\n")
            else:
                lines = "".join(f"    {item},\n" for item in items)
                self.parts.append(f"static const {c_type}{name} = {{\n{lines}}};\n")
        return self._tables[key]

    def fields(self, c_type: str, stem: str, fields: list[tuple[str, str]]) -> str:
        """The address of a constant struct; "" where no field is set."""
        items = [f".{name} = {value}" for name, value in fields]
        return f"&{self.shared(c_type, stem, items)}" if items else ""

    def names(self, stem: str, names: list[str]) -> str:
        """The name of a table of C strings."""
        return self.shared("char *const []", stem, [text.c_string(name) for name in names] + ["NULL"])

    # Rows ------------------------------------------------------------------------------------------------

    def params(self, function: Function, stem: str) -> str:
        """The table of the query and header parameters."""
        params = function.params
        assert params is not None
        rows = [_as_member(parameter) for parameter in params.parameters]
        tables, fields = model_sources.rows_and_index(self.library, params.c_name, rows, f"{stem}_params")
        schema = text.c_string(f"parameters of {function.operation}")
        fields = [("schema", schema), ("size", f"sizeof({params.c_name})"), *fields]
        self.parts.append(
            f"{tables}static const okta_descriptor {stem}_params_model = {{\n{text.initializer(fields)}}};\n"
        )
        flags = [_param_flags(parameter) for parameter in params.parameters]
        name = self.shared("uint8_t []", f"{stem}_params_flags", flags)
        return self.fields("oktai_params ", f"{stem}_params", [("type", f"&{stem}_params_model"), ("flags", name)])

    def wire(self, function: Function, stem: str) -> str:
        """What of request and answer is not plain JSON; "" where all is."""
        body, result, fields = function.body, function.result, []
        if body is not None and body.media_types and body.media_types != default_types(body):
            name = self.names(f"{symbols.variable(body.media_types[0])}_body", body.media_types)
            fields.append(("body_types", name))
        if result.media_types and result.media_types != ["application/json"]:
            name = self.names(f"{symbols.variable(result.media_types[0])}_answer", result.media_types)
            fields.append(("answer_types", name))
        if body is not None and body.shape is BodyShape.MULTIPART:
            uploads = self.uploads(body.target)
            if uploads:
                name = self.shared("oktai_upload_row []", f"{stem}_uploads", uploads)
                fields += [("uploads", name), ("upload_count", str(len(uploads)))]
        return self.fields("oktai_wire ", f"{stem}_wire", fields)

    def uploads(self, struct: str) -> list[str]:
        """The rows of the files of a multipart body."""
        return [
            f"{{{text.c_string(m.json)}, offsetof({struct}, {m.name}), {'true' if m.required and not m.late else 'false'}}}"
            for m in self.library.structs[struct].members
            if m.kind is Kind.UPLOAD
        ]

    def paging(self, function: Function, stem: str) -> str:
        """How the list comes in pages."""
        paging = function.paging
        assert paging is not None
        item = symbols.model(self.library, paging.item) if paging.item else "oktai_json_model"
        fields = [("item", f"&{item}")]
        for name, value in (
            ("member", paging.items),
            ("cursor", paging.cursor),
            ("endless_without", paging.endless_without),
        ):
            if value:
                fields.append((name, text.c_string(value)))
        return self.fields("oktai_paging ", f"{stem}_paging", fields)

    def care(self, function: Function, stem: str) -> str:
        """What is known by hand; "" for most."""
        fields = [
            (name, f"&{symbol}" if name == "settlement" else symbol) for name, symbol in function.hooks.items()
        ]
        if "settlement" in function.hooks or function.state_of:
            fields.append(("settler", "&oktai_write_settler"))
        if function.list_of and "settlement" in function.hooks:
            fields.append(("list", f"&{symbols.row(function.list_of)}"))
        if function.state_of:
            fields.append(("state", f"&{symbols.row(function.state_of)}"))
            fields.append(("target_state", text.c_string(function.target_state)))
        return self.fields("oktai_care ", f"{stem}_care", fields)

    def row(self, function: Function) -> None:
        """The row of an operation, after the tables that it needs."""
        stem = symbols.bare(function.c_name)
        fields = [("name", text.c_string(row_name(self.library, function))), ("path", text.c_string(function.path))]
        fields += self._body_and_result(function)
        if function.params is not None and function.params.parameters:
            fields.append(("params", self.params(function, stem)))
        if function.scopes:
            scope_stem = symbols.variable("_".join(scope.removeprefix("okta.") for scope in function.scopes))
            fields.append(("scopes", self.names(f"{scope_stem}_scopes", function.scopes)))
        wire = self.wire(function, stem)
        fields += [("wire", wire)] if wire else []
        if function.paging is not None:
            fields.append(("paging", self.paging(function, stem)))
        care = self.care(function, stem)
        fields += [("care", care)] if care else []
        fields += _small_fields(function)
        self.parts.append(f"const oktai_operation {symbols.row(function.c_name)} = {{\n{text.initializer(fields)}}};\n")

    def _body_and_result(self, function: Function) -> list[tuple[str, str]]:
        body, fields = function.body, []
        if body is not None and body.shape is BodyShape.LIST:
            name = symbols.list_model(symbols.list_name(self.library, body.target))
            fields.append(("request", f"&{name}"))
        elif body is not None and body.shape is BodyShape.STRINGS:
            fields.append(("request", f"&{symbols.HAND_WRITTEN['strings'][1]}"))
        elif body is not None and body.target:
            fields.append(("request", f"&{symbols.model(self.library, body.target)}"))
        if function.result.shape is not ResultShape.NONE:
            fields.append(("response", f"&{symbols.result_model(self.library, function.result)}"))
        return fields


def row_name(library: Library, function: Function) -> str:
    """Okta's operationId; a second API's operation of the same id has the API's name before it."""
    if function.operation not in library.shared_ids or function.api == "management":
        return function.operation
    return f"{function.api} {function.operation}"


def _small_fields(function: Function) -> list[tuple[str, str]]:
    fields = [
        ("method", f"OKTAI_METHOD_{function.method.upper()}"),
        ("effect", f"OKTAI_EFFECT_{function.effect.name}"),
    ]
    if function.body is not None:
        fields.append(("body", f"OKTAI_BODY_{_BODIES[function.body.shape]}"))
    if function.security in (Security.NONE, Security.CLIENT):
        fields.append(("security", f"OKTAI_SECURITY_{function.security.name}"))
    if function.base is PathBase.OTHER:
        fields.append(("server", "OKTAI_SERVER_DRAPP"))
    flags = []
    if function.body is not None and (not function.body.required or function.body.late):
        flags.append("OKTAI_OPERATION_BODY_OPTIONAL")
    if function.deprecated or function.deprecated_by_okta:
        flags.append("OKTAI_OPERATION_DEPRECATED")
    if flags:
        fields.append(("flags", " | ".join(flags)))
    good = function.good_statuses + ([_REDIRECT] if function.result.shape is ResultShape.LOCATION else [])
    if good:
        fields.append(("statuses", statuses(good, function.c_name)))
    if function.empty_statuses:
        fields.append(("empty_statuses", statuses(function.empty_statuses, function.c_name)))
    return fields


def _as_member(parameter: Parameter) -> Member:
    return Member(parameter.name, parameter.wire, parameter.kind, parameter.target, secret=parameter.secret)


def _param_flags(parameter: Parameter) -> str:
    names = [
        name
        for name, applies in (
            ("OKTAI_PARAM_HEADER", parameter.place is Place.HEADER),
            ("OKTAI_PARAM_REQUIRED", parameter.required and not parameter.late),
            ("OKTAI_PARAM_REPEATED", parameter.kind in (Kind.STRINGS, Kind.ENUMS) and not parameter.comma_list),
        )
        if applies
    ]
    return " | ".join(names) or "0"


# Functions ---------------------------------------------------------------------------------------------------


def _function(library: Library, function: Function) -> str:
    is_plain = function.params is None and function.body is None
    suffix = "_plain" if is_plain else ""
    shared = ["client", f"&{symbols.row(function.c_name)}", "ids" if function.path_parameters else "NULL"]
    params = ["params" if function.params is not None else "NULL"]
    body = [] if is_plain else [*params, function.body.argument if function.body is not None else "NULL"]
    out = ["out" if function.result.shape is not ResultShape.NONE else "NULL"]
    plain = api_headers.arguments(library, function)
    name = function.c_name
    parts = [
        _body("okta_error *", name, api_headers.arguments_out(library, function), f"run{suffix}", function,
              shared + body + out),
        _body("okta_call *", f"{name}_call", plain, f"call{suffix}", function, shared + body),
    ]
    if function.paging is not None:
        arguments = api_headers.page_arguments(library, function)
        parts.append(_body("okta_pages *", f"{name}_pages", arguments, "pages", function, shared + params))
    return "\n".join(parts)


def _body(result: str, name: str, declared: list[str], which: str, function: Function, passed: list[str]) -> str:
    lines = [text.prototype("", result, name, declared, ""), "\n{\n"]
    if function.path_parameters:
        ids = [
            p.name if p.kind is Kind.STRING else f"oktai_enum_in_path(&{symbols.texts(p.target)}, (int){p.name})"
            for p in function.path_parameters
        ]
        lines.append(text.packed("    const char *const ids[] = {", ids, "};") + "\n")
    lines.append(text.packed(f"    return oktai_operation_{which}(", passed, ");") + "\n}\n")
    return "".join(lines)


def api_source(library: Library, header: Header) -> str:
    """The rows and functions of a header."""
    source = _Source(library)
    functions = [library.functions[name] for name in header.functions]
    for function in functions:
        source.row(function)
    includes = ["api/operation_rows.h", "json/plain.h", "models/models.h"]
    hooks = {hook for function in functions for hook in function.hooks}
    includes += ["settle/settlements.h"] if "settlement" in hooks else []
    includes += ["keys/keys.h"] if hooks - {"settlement"} else []
    return (
        text.head()
        + f'#include "{api_headers.api_path(header.name)}"\n\n'
        + "".join(f'#include "{include}"\n' for include in sorted(includes))
        + "\n"
        + "\n".join(source.parts)
        + "\n"
        + "\n".join(_function(library, function) for function in functions)
    )


def rows_header(library: Library) -> str:
    """src/api/operation_rows.h."""
    rows = sorted(symbols.row(name) for name in library.functions)
    return (
        text.head()
        + "/* The row of each operation. */\n"
        + "#ifndef OKTA_API_OPERATION_ROWS_H\n#define OKTA_API_OPERATION_ROWS_H\n\n"
        + '#include "client/operation.h"\n\n'
        + "".join(f"extern const oktai_operation {name};\n" for name in rows)
        + "\n#endif\n"
    )


def operations_source(library: Library) -> str:
    """src/api/all_operations.c: the table of all, in a file of its own, so that a program that does not look an
    operation up by its name is linked without it."""
    last = symbols.that_count(library, lambda function: row_name(library, function))
    names = sorted(last, key=lambda name: name.encode())
    lines = "".join(f"    &{symbols.row(last[name].c_name)},\n" for name in names)
    former = [f"    {{{text.c_string(name)}, &{symbols.row(target)}}},\n"
              for name, target in library.former_names.items() if name not in last]
    rest = sorted(symbols.row(name) for name in set(library.functions) - {function.c_name for function in last.values()})
    siblings = "".join(f"    &{name},\n" for name in rest)
    return (
        text.head()
        + '#include "api/all_operations.h"\n\n#include "api/operation_rows.h"\n\n'
        + f"const oktai_operation *const oktai_operations[] = {{\n{lines}}};\n\n"
        + f"const size_t oktai_operation_count = {len(names)};\n\n"
        + f"const oktai_former_name oktai_former_names[] = {{\n{''.join(former)}    {{NULL, NULL}},\n}};\n\n"
        + f"const oktai_operation *const oktai_operation_siblings[] = {{\n{siblings}    NULL,\n}};\n"
    )
