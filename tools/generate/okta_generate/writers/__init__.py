# SPDX-License-Identifier: Apache-2.0
"""The writers: from the library as plain data to the text of each file. One module a kind of file."""

from __future__ import annotations

from okta_generate.model import Library

from . import api_headers, api_sources, change_list, cmake_lists, mock_table, model_headers, model_sources, reference, text

# Where generated files are, beside some that are written by hand. One that `write` does not return is stale.
FOLDERS = ("include/okta/models", "include/okta/api", "src/models", "src/api")


def is_generated(content: str) -> bool:
    """Whether a file says that it is written here."""
    return text.MARK in "".join(content.splitlines(keepends=True)[:2])


def write(library: Library) -> dict[str, str]:
    """The text of every file by its path below the top folder, in the order of the paths."""
    files = {
        "include/okta/all.h": api_headers.all_header(library),
        "src/models/models.h": model_sources.models_index(library),
        "src/models/files.cmake": cmake_lists.models_list(library),
        "src/api/operation_rows.h": api_sources.rows_header(library),
        "src/api/all_operations.c": api_sources.operations_source(library),
        "src/api/files.cmake": cmake_lists.api_list(library),
        "docs/operations.md": reference.operations(library),
        change_list.PATH: change_list.changes(library),
        **mock_table.mock_tables(library),
    }
    for header in library.headers.values():
        if header.enums:
            files["include/" + model_headers.enum_path(header.name)] = model_headers.enum_header(library, header)
        if header.structs or header.typedefs:
            files["include/" + model_headers.model_path(header.name)] = model_headers.model_header(library, header)
        if header.structs or header.enums:
            files[f"src/models/{header.name}.c"] = model_sources.model_source(library, header)
        if header.functions:
            files["include/" + api_headers.api_path(header.name)] = api_headers.api_header(library, header)
            files[f"src/api/{header.name}.c"] = api_sources.api_source(library, header)
    return dict(sorted(files.items()))
