# SPDX-License-Identifier: Apache-2.0
"""Reads YAML by the core schema of YAML 1.2, strictly.

PyYAML follows YAML 1.1, where `no`, `on`, `12:30` and `2021-06-14` are no texts. Here only null, true and
false, integers and decimal fractions are other than text. A key that an object has twice is an error, and
so are tags.
"""

from __future__ import annotations

import re

import yaml

_Base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlError(Exception):
    """A file that is no YAML of the kind that is read here; the text names file and line."""


class _Loader(_Base):
    pass


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("null", r"^(?:~|null|Null|NULL|)$", ["~", "n", "N", ""]),
    ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("float", r"^[-+]?(?:\.[0-9]+|[0-9]+\.[0-9]*|[0-9]+(?:\.[0-9]*)?[eE][-+]?[0-9]+)(?:[eE][-+]?[0-9]+)?$",
     "-+.0123456789"),
):
    _Loader.add_implicit_resolver("tag:yaml.org,2002:" + _tag, re.compile(_pattern), list(_first))


def _integer(_loader: _Loader, node: yaml.Node) -> int:
    return int(node.value, 10)


def _fraction(_loader: _Loader, node: yaml.Node) -> float:
    return float(node.value)


def _mapping(loader: _Loader, node: yaml.Node) -> dict:
    found: dict = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if isinstance(key, bool) or not isinstance(key, (str, int)):
            key = key_node.value
        key = str(key)
        if key in found:
            raise YamlError(f"line {key_node.start_mark.line + 1}: the key {key!r} is there twice")
        found[key] = loader.construct_object(value_node, deep=True)
    return found


_Loader.add_constructor("tag:yaml.org,2002:int", _integer)
_Loader.add_constructor("tag:yaml.org,2002:float", _fraction)
_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def parse(text: str, name: str) -> object:
    """The one document of a text. `name` is what errors call it. All keys are texts."""
    try:
        return yaml.load(text, _Loader)
    except YamlError as error:
        raise YamlError(f"{name}, {error}") from None
    except yaml.MarkedYAMLError as error:
        at = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise YamlError(f"{name}{at}: {error.problem}") from None
    except (yaml.YAMLError, ValueError) as error:  # a character that no text may have, a number without end
        raise YamlError(f"{name}: {' '.join(str(error).split())}") from None
    except RecursionError:
        raise YamlError(f"{name}: has too many objects and lists inside each other") from None


def parse_bytes(data: bytes, name: str) -> object:
    """The one document of a file's content."""
    try:
        return parse(data.decode("utf-8"), name)
    except UnicodeDecodeError as error:
        raise YamlError(f"{name}: is no UTF-8 at byte {error.start}") from None


def read(path: str) -> object:
    """The one document of a file."""
    with open(path, "rb") as file:
        return parse_bytes(file.read(), path)
