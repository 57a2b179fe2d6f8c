# SPDX-License-Identifier: Apache-2.0
"""Tells which schemas of two descriptions are the same, and what a schema is called in C.

The Management API and the OAuth 2.0 / OpenID Connect API share schemas. Where both have the same content
under one name it is one schema; where the content differs, that of OAuth gets `OAuth` before its name,
unless the overlay renames it. The names of Governance and MyAccount carry the name of their API.
"""

from __future__ import annotations

from . import names
from .description import Description, RawOperation, Schema

_PREFIXES = {"management": "okta_", "oauth": "okta_", "governance": "okta_governance_", "myaccount": "okta_myaccount_"}


def prefix(api: str) -> str:
    """What every name of an API begins with."""
    return _PREFIXES[api]


def origin(schema: Schema) -> str:
    """The name of a component in its own description, which no clash with another one changes."""
    return schema.where.rsplit("/", 1)[-1]


def schema_name(schema: Schema) -> str:
    """The name of C that a component gets when nothing else decides."""
    if "name" in schema.marks:
        return str(schema.marks["name"])
    return prefix(schema.api) + names.snake(schema.name)


def function_name(operation: RawOperation) -> str:
    """The name of the function of an operation."""
    if "name" in operation.marks:
        return str(operation.marks["name"])
    return prefix(operation.api) + names.snake(operation.id)


def header_name(operation: RawOperation) -> str:
    """The name of the headers of an operation's tag."""
    return prefix(operation.api)[len("okta_"):] + names.snake(operation.tag)


def unify(base: Description, other: Description) -> None:
    """Puts schemas of `base` where `other` has the same, and renames those that differ."""
    shared = [name for name in other.schemas if name in base.schemas]
    same = {name for name in shared if _content(other.schemas[name]) == _content(base.schemas[name])}
    differ = set(shared) - same
    while differ:
        for name in differ:
            other.schemas[name].name = "OAuth" + name
        # What refers to a schema that differs, differs as well.
        differ = {name for name in same if any(origin(target) in shared and target.name not in same
                                               for target in _references(other.schemas[name]))}
        same -= differ
    put = {other.schemas[name]: base.schemas[name] for name in same}
    for schema in _all(other):
        schema.ref = put.get(schema.ref, schema.ref) if schema.ref else None
        schema.mapping = {value: put.get(target, target) for value, target in schema.mapping.items()}
    other.schemas = {schema.name: schema for schema in (put.get(found, found) for found in other.schemas.values())}


def _children(schema: Schema) -> list[Schema]:
    found = [*schema.properties.values(), *schema.all_of, *schema.one_of]
    found += [part for part in (schema.items, schema.additional) if isinstance(part, Schema)]
    return found


def _walk(schema: Schema) -> list[Schema]:
    return [schema, *(below for child in _children(schema) for below in _walk(child))]


def _references(schema: Schema) -> set[Schema]:
    return {target for part in _walk(schema) for target in (part.ref, *part.mapping.values()) if target}


def _all(description: Description) -> list[Schema]:
    roots = list(description.schemas.values())
    for operation in description.operations:
        roots += [parameter.schema for parameter in operation.parameters]
        roots += list(operation.body.content.values()) if operation.body else []
        roots += [schema for response in operation.responses for schema in response.content.values()]
    return [schema for root in roots for schema in _walk(root)]


def _content(schema: Schema) -> tuple:
    """All that counts of a schema; other schemas by their name."""
    return (
        schema.type, schema.format, tuple(map(str, schema.enum or ())), schema.required, schema.read_only,
        schema.write_only, schema.nullable, schema.discriminator, schema.has_properties,
        schema.ref.name if schema.ref else "",
        tuple((value, target.name) for value, target in schema.mapping.items()),
        tuple((name, _content(child)) for name, child in schema.properties.items()),
        tuple(_content(child) for child in schema.all_of), tuple(_content(child) for child in schema.one_of),
        _content(schema.items) if schema.items else (),
        _content(schema.additional) if isinstance(schema.additional, Schema) else schema.additional,
    )
