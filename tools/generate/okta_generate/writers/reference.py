# SPDX-License-Identifier: Apache-2.0
"""docs/operations.md: every operation by tag, to be found by Okta's name of it."""

from __future__ import annotations

import re

from okta_generate.model import Function, Header, Library

from . import api_docs, api_headers, model_headers, text

_START = """# Operations
<!-- SPDX-License-Identifier: Apache-2.0 --><!-- {mark} -->

Every operation of Okta's reference, by API and tag: its operationId, the function, what it sends. Each function
has a twin that ends in `_call` (okta/call.h); a list that comes in pages has another that ends in `_pages`
(okta/pages.h). What is `paged` comes whole, all pages as one list; where `one page a call` stands beside it the
result is one page, and only `_pages` brings all. The functions of a tag are declared in its header, all of them in okta/all.h.
[From Okta's reference to C](reference-to-c.md) tells how an operation's page there becomes a call.

| effect | what a repetition does | sent again |
|---|---|---|
| read | nothing | after any failure of the network or the server |
| replace, delete, state | brings about the same | after any failure of the network or the server |
| create, update | may do it twice | only where the server cannot have seen it |
| action | does it twice | only where the server cannot have seen it |

Besides the errors that a function names each can answer `OKTA_E_ARG` (a NULL argument, a refused id or model),
`OKTA_E_NOMEM`, `OKTA_E_TRANSPORT`, `OKTA_E_TIMEOUT`, `OKTA_E_CANCELED`, `OKTA_E_AUTH`, `OKTA_E_FORBIDDEN`,
`OKTA_E_RATE_LIMITED`, `OKTA_E_SERVER` and `OKTA_E_PROTOCOL`, and a write whose answer is lost for good
`OKTA_E_OUTCOME_UNKNOWN`.
"""


def _cell(value: str) -> str:
    return value.replace("|", "\\|")


def _paged(function: Function) -> str:
    if function.paging is None:
        return ""
    return ", paged" if api_docs.brings_all_pages(function) else ", paged, one page a call"


def _row(function: Function) -> str:
    scopes = ", ".join(text.code(scope) for scope in function.scopes) or "none"
    cells = [
        function.operation,
        f"{function.c_name}()",
        text.code(f"{function.method} {function.path}"),
        scopes,
        function.effect.value + _paged(function),
    ]
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |\n"


def _section(library: Library, header: Header) -> str:
    functions = [library.functions[name] for name in header.functions]
    return (
        f"\n### {text.plain(header.tag)}\n\nHeader {api_headers.api_path(header.name)}\n\n"
        "| operation | function | request | scopes | effect |\n|---|---|---|---|---|\n"
        + "".join(_row(function) for function in functions)
    )


def _anchor(heading: str) -> str:
    """The anchor of a heading, as web sites make it and docs/page.awk does."""
    return re.sub(r"[^a-z0-9 _-]", "", heading.lower()).replace(" ", "-")


def _links(headers: list[Header]) -> str:
    """A link to the section of each tag, in lines that keep links whole."""
    lines = [""]
    for header in headers:
        link = f"[{text.plain(header.tag)}](#{_anchor(header.tag)})"
        if len(lines[-1]) + len(link) > 110:
            lines.append("")
        lines[-1] += link + (", " if header is not headers[-1] else "")
    return "\n".join(line.rstrip() for line in lines) + "\n"


def operations(library: Library) -> str:
    """docs/operations.md."""
    out = [_START.format(mark=text.MARK)]
    apis = list(dict.fromkeys(header.api for header in library.headers.values()))
    for api in apis:
        headers = [h for h in library.headers.values() if h.api == api and h.functions]
        headers.sort(key=lambda header: header.tag.lower())
        if headers:
            out.append(f"\n## {model_headers.API_NAMES.get(api, api)}\n\n{_links(headers)}")
        out += [_section(library, header) for header in headers]
    return "".join(out)
