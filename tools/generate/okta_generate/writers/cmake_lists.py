# SPDX-License-Identifier: Apache-2.0
"""src/models/files.cmake and src/api/files.cmake: the generated files for the build."""

from __future__ import annotations

from okta_generate.model import Library

from . import api_headers, model_headers, text


def _list(name: str, files: list[str]) -> str:
    lines = "".join(f"\n    {file}" for file in sorted(files))
    return f"set({name}{lines})\n"


def _file(lists: list[str]) -> str:
    return f"# SPDX-License-Identifier: Apache-2.0\n# {text.MARK}\n" + "\n".join(lists)


def models_list(library: Library) -> str:
    """src/models/files.cmake."""
    sources, headers = [], []
    for header in library.headers.values():
        if header.structs or header.enums:
            sources.append(f"models/{header.name}.c")
        if header.structs or header.typedefs:
            headers.append(model_headers.model_path(header.name))
        if header.enums:
            headers.append(model_headers.enum_path(header.name))
    return _file([_list("okta_model_sources", sources), _list("okta_model_headers", headers)])


def api_list(library: Library) -> str:
    """src/api/files.cmake."""
    names = [header.name for header in library.headers.values() if header.functions]
    sources = ["api/all_operations.c"] + [f"api/{name}.c" for name in names]
    headers = ["okta/all.h"] + [api_headers.api_path(name) for name in names]
    return _file([_list("okta_api_sources", sources), _list("okta_api_headers", headers)])
