# SPDX-License-Identifier: Apache-2.0
"""include/okta/api/: the functions of each header, with the structs of their parameters; and okta/all.h."""

from __future__ import annotations

from okta_generate.model import Function, Header, Kind, Library, Params, ResultShape

from . import api_docs, facts, model_headers, symbols, text


def api_path(header: str) -> str:
    """The path below include/ of the functions of a header."""
    return f"okta/api/{header}.h"


def arguments(library: Library, function: Function) -> list[str]:
    """The declarations of the arguments, out left aside."""
    out = ["okta_client *client"]
    for parameter in function.path_parameters:
        c_type = "const char *" if parameter.kind is Kind.STRING else f"{parameter.target} "
        out.append(f"{c_type}{parameter.name}")
    if function.params is not None:
        out.append(f"const {function.params.c_name} *params")
    if function.body is not None:
        out.append(f"{symbols.body_type(library, function.body)}{function.body.argument}")
    return out


def arguments_out(library: Library, function: Function) -> list[str]:
    """The declarations of all arguments."""
    out = arguments(library, function)
    if function.result.shape is not ResultShape.NONE:
        out.append(f"{symbols.result_type(library, function.result)} **out")
    return out


def page_arguments(library: Library, function: Function) -> list[str]:
    """The declarations of the arguments of the function that returns pages: a list is read without a body."""
    if function.body is not None:
        raise ValueError(f"{function.c_name} is paged and has a body")
    return arguments(library, function)


def _params(library: Library, function: Function, params: Params) -> str:
    members = [("okta_model model;", "begin with OKTA_INIT()")]
    for parameter in params.parameters:
        c_type = symbols.member_type(library, parameter.kind, parameter.target, set())
        later = "OKTA_LATER " if parameter.later else ""
        members.append((f"{later}{c_type}{parameter.name};", facts.of_parameter(parameter, function.since)))
        if parameter.kind.counted:
            members.append((f"size_t {parameter.name}_count;", "how many"))
    return (
        f"/** Parameters of {function.c_name}(). */\n"
        f"typedef struct {params.c_name} {{\n{text.behind(members)}}} {params.c_name};\n"
    )


def _texts(function: Function, seen: set[str]) -> str:
    """The macros for texts of parameters."""
    out = ""
    for parameter in [*function.path_parameters, *(function.params.parameters if function.params else ())]:
        values = [(value.constant, value.text) for value in parameter.constants if value.constant not in seen]
        seen.update(name for name, _ in values)
        out += text.macros(values, f"{text.code(parameter.wire)} of {function.c_name}()")
    return f"{out}\n" if out else ""


def _function(library: Library, function: Function, seen: set[str]) -> str:
    """`seen`: what stands in the header already; the variants of a function share params and texts."""
    out = []
    if function.params is not None and function.params.c_name not in seen:
        seen.add(function.params.c_name)
        out.append(_params(library, function, function.params) + "\n")
    out.append(_texts(function, seen))
    out += [
        api_docs.function_comment(library, function),
        text.prototype(
            "OKTA_API OKTA_MUST_CHECK ", "okta_error *", function.c_name, arguments_out(library, function), ";"
        ),
        "\n",
        api_docs.call_comment(library, function),
        text.prototype("OKTA_API ", "okta_call *", f"{function.c_name}_call", arguments(library, function), ";"),
        "\n",
    ]
    if function.paging is not None:
        out += [
            api_docs.pages_comment(function),
            text.prototype(
                "OKTA_API ", "okta_pages *", f"{function.c_name}_pages", page_arguments(library, function), ";"
            ),
            "\n",
        ]
    return "".join(out)


class _Reach:
    """The headers with the structs and enums that a function leads to."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._seen: set[str] = set()
        self.includes: set[str] = set()

    def add_struct(self, name: str) -> None:
        """A struct and all that its members lead to; also by the name of a typedef, or a type written by hand."""
        waiting = [name]
        while waiting:
            name = waiting.pop()
            if name in self._library.typedefs:
                typedef = self._library.typedefs[name]
                self.includes.add(model_headers.model_path(typedef.header))
                name = typedef.target
            if name in self._library.foreign:
                self.includes.add(self._library.foreign[name].include)
            elif name not in self._seen:
                self._seen.add(name)
                struct = self._library.structs[name]
                self.includes.add(model_headers.model_path(struct.header))
                waiting += [m.target for m in struct.members if m.kind.has_target and not _is_enum(m.kind)]

    def add_enum(self, name: str) -> None:
        """An enum."""
        self.includes.add(model_headers.enum_path(self._library.enums[name].header))

    def add_function(self, function: Function) -> None:
        """All that a function takes and gives."""
        parameters = list(function.path_parameters)
        parameters += function.params.parameters if function.params is not None else []
        for parameter in parameters:
            if _is_enum(parameter.kind):
                self.add_enum(parameter.target)
        for part in (function.body, function.result):
            if part is None:
                continue
            if part.target:
                self.add_struct(part.target)
            if part.shape.value in symbols.HAND_WRITTEN_HEADERS:
                self.includes.add(symbols.HAND_WRITTEN_HEADERS[part.shape.value])
        if function.body is not None and function.body.typedef:
            self.add_struct(function.body.typedef)
        if function.paging is not None:
            self.includes.add("okta/pages.h")
            if function.paging.item:
                self.add_struct(function.paging.item)


def _is_enum(kind: Kind) -> bool:
    return kind in (Kind.ENUM, Kind.ENUMS)


def api_header(library: Library, header: Header) -> str:
    """The header with the functions."""
    reach = _Reach(library)
    reach.includes = {"okta/call.h", "okta/client.h", "okta/common.h", "okta/error.h"}
    functions = [library.functions[name] for name in header.functions]
    for function in functions:
        reach.add_function(function)
    if any(function.params is not None for function in functions):
        reach.includes.add("okta/model.h")
    paragraphs = [
        f"Functions of {model_headers.tag_of(header)}. A program includes `{api_path(header.name)}`; their structs "
        "and enums come with it.",
        "Besides the errors that a function names it can answer those that every operation can; @ref operations "
        "tells them, and what the effects mean. Each function has a twin that ends in `_call`: the same request "
        "as an object (see okta/call.h); it returns NULL only when memory is out.",
    ]
    start = model_headers.opened(api_path(header.name), paragraphs, reach.includes)
    seen: set[str] = set()
    return start + model_headers.in_c("\n".join(_function(library, function, seen) for function in functions))


def all_header(library: Library) -> str:
    """okta/all.h."""
    includes = {api_path(header.name) for header in library.headers.values() if header.functions}
    includes |= {model_headers.model_path(h.name) for h in library.headers.values() if h.structs or h.typedefs}
    includes.add("okta/okta.h")
    paragraphs = ["Everything: the functions of all tags and their models. okta/okta.h includes no tag."]
    return model_headers.opened("okta/all.h", paragraphs, includes) + "\n#endif\n"
