# SPDX-License-Identifier: Apache-2.0
"""Reads a description (OpenAPI 3.0) into schemas and operations, and stops on all that it does not know.

Each keyword of a description is either understood, or in a table of those that are left aside on purpose.
References are resolved to the schema they name; what stands beside a `$ref` counts as well.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from . import structure
from .structure import DescriptionError, below, fault

METHODS = ("get", "post", "put", "patch", "delete")


# Keywords that say nothing a program depends on, with what they are.
_PROSE = {"description", "title", "summary", "example", "examples", "externalDocs"}
_IGNORED_SCHEMA = _PROSE | {
    "pattern",  # the org checks it
    "uniqueItems",  # the org checks it
    "multipleOf",  # the org checks it
    "x-okta-ignore-redocly-rules-for-sdk",  # for another generator
    "x-enumDescriptions",  # prose
    "x-enumDescription",  # prose
    "x-enum-varnames",  # names in other languages
    "x-okta-lifecycle",  # beta, early access
    "x-tags",  # grouping in the reference
    "x-okta-defined-as",  # where the value comes from
    "x-okta-operationId",  # a remark
    "x-okta-allow-null-property-value-for-updates",  # a remark; a null can be sent in any model
    "x-explicit-null",  # a remark; the same
}
_SCHEMA = {
    "type", "format", "enum", "properties", "items", "additionalProperties", "required", "readOnly", "writeOnly",
    "nullable", "default", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "deprecated",
    "allOf", "oneOf", "anyOf", "discriminator", "$ref",
    "x-okta-extensible",  # custom properties may come beside those that are described
    "x-libokta",  # put there by the overlay
}
_TYPES = {"string", "integer", "number", "boolean", "object", "array"}
_OPERATION = {"operationId", "parameters", "requestBody", "responses", "security", "tags", "deprecated", "servers"}
_IGNORED_OPERATION = _PROSE | {
    "x-okta-lifecycle", "x-okta-iam-admin-roles", "x-okta-iam-permissions", "x-codegen-request-body-name",
    "x-disable-permissions-audit", "lifecycle", "isGenerallyAvailable", "SKUs", "x-okta-no-scope-required",
}
_PARAMETER = {"name", "in", "schema", "required", "style", "explode", "allowReserved", "deprecated"}
_IGNORED_PARAMETER = _PROSE | {
    "x-okta-added-version", "x-okta-lifecycle",
    "x-scim-filter", "x-order-by",  # what a filter or an order may name; the org checks it
    "allowEmptyValue",  # an empty text can be sent in any parameter
}
_IGNORED_RESPONSE = {"x-okta-lifecycle", "x-okta-ignore-redocly-rules-for-sdk"}
_DOCUMENT = {"openapi", "info", "paths", "components", "servers"}
_IGNORED_DOCUMENT = {"tags", "externalDocs", "x-webhooks", "x-tagGroups"}
# Headers that the library makes itself; Content-Type and User-Agent may be given all the same.
_OWN_HEADERS = {
    "accept", "authorization", "connection", "content-length", "dpop", "expect", "host", "transfer-encoding",
    "x-okta-retry-count", "x-okta-retry-for",
}
_COMPONENT = re.compile(r"[A-Za-z0-9._-]+")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
# A placeholder is a whole segment: an id is escaped for its place between two slashes.
_SEGMENT = re.compile(r"\{[A-Za-z0-9_.-]+\}|(?!\.{1,2}$)[A-Za-z0-9._~!$&'()*+,;=:@%-]+")
_OTHER_SERVER = re.compile(r"https://drapp\.[A-Za-z0-9.{}-]+/?")  # the only one that requests know beside the org
_NAME_MAX = 255  # bytes of a JSON name in a row
_COMPONENTS = {"schemas", "parameters", "responses", "requestBodies"}
_IGNORED_COMPONENTS = {"examples", "securitySchemes", "headers"}


@dataclass(eq=False)
class Schema:
    """A schema. Two are the same only when they are the same object."""

    api: str
    where: str  # its place in the description
    name: str = ""  # of a component; "" for an inline schema
    type: str = ""
    format: str = ""
    enum: list | None = None
    properties: dict[str, Schema] = field(default_factory=dict)
    has_properties: bool = False
    items: Schema | None = None
    additional: Schema | bool | None = None
    required: tuple[str, ...] = ()
    read_only: bool | None = None
    write_only: bool | None = None
    nullable: bool = False
    deprecated: bool = False
    extensible: bool = False
    default: object = None
    only_null: bool = False  # the text that it describes is null by default, or no text at all
    limits: dict[str, object] = field(default_factory=dict)
    ref: Schema | None = None
    all_of: list[Schema] = field(default_factory=list)
    one_of: list[Schema] = field(default_factory=list)  # oneOf and anyOf
    mapping: dict[str, Schema] = field(default_factory=dict)
    discriminator: str = ""
    marks: dict[str, object] = field(default_factory=dict)  # of the overlay


@dataclass
class RawParameter:
    """A parameter as the description has it."""

    name: str
    place: str
    schema: Schema
    required: bool
    explode: bool | None
    style: str
    deprecated: bool


@dataclass
class RawBody:
    """A request body: media type -> schema."""

    content: dict[str, Schema]
    required: bool


@dataclass
class RawResponse:
    """A response: media type -> schema."""

    code: str
    name: str
    content: dict[str, Schema]
    headers: list[str]


@dataclass
class RawOperation:
    """An operation as the description has it."""

    api: str
    method: str
    path: str
    id: str
    tag: str
    parameters: list[RawParameter]
    body: RawBody | None
    responses: list[RawResponse]
    security: list[dict] | None
    servers: list[str]
    deprecated: bool
    marks: dict[str, object]

    @property
    def where(self) -> str:
        """Its place in the description."""
        return below("#", "paths", self.path, self.method.lower())


@dataclass
class Description:
    """A description."""

    api: str
    version: str
    schemas: dict[str, Schema]
    operations: list[RawOperation]
    document: dict


class _Reader:
    def __init__(self, api: str, document: dict):
        self.api = api
        self.document = document
        self.components: dict[str, Schema] = {}
        self.pending: list[tuple[Schema, str, str]] = []

    def stop(self, where: str, what: str) -> DescriptionError:
        return fault(self.api, where, what)

    def known(self, where: str, data: dict, understood: set[str], ignored: set[str]) -> None:
        for key in data:
            if key not in understood and key not in ignored:
                raise self.stop(where, f"the keyword {key!r} is not understood")

    def name(self, where: str, name: str) -> str:
        """A JSON name that a row can hold and a letter of which makes a name of C."""
        if not name.isascii() or not name.isprintable() or len(name) > _NAME_MAX:
            raise self.stop(where, f"the name {name[:40]!r} is longer than {_NAME_MAX} bytes, or is not of the characters of "
                                   "ASCII that can be printed")
        if not re.search(r"[A-Za-z0-9]", name):
            raise self.stop(where, f"the name {name!r} has neither a letter nor a digit")
        if "*/" in name or "/*" in name:
            raise self.stop(where, f"the name {name!r} would begin or end a comment of C")
        return name

    def resolve(self, data: dict, where: str, kind: str) -> dict:
        """A parameter, body or response, which may be a reference without siblings."""
        prefix = f"#/components/{kind}/"
        seen: set[str] = set()
        while "$ref" in data:
            if set(data) - {"$ref"} - _PROSE - {"x-okta-lifecycle"}:
                raise self.stop(where, "siblings of this $ref are not understood")
            name = data["$ref"][len(prefix):]
            found = self.document["components"].get(kind, {}).get(name)
            if not data["$ref"].startswith(prefix) or found is None:
                raise self.stop(where, f"the reference {data['$ref']!r} leads nowhere")
            if name in seen:
                raise self.stop(where, f"the reference {data['$ref']!r} leads back to itself")
            seen.add(name)
            data, where = found, below("#", "components", kind, name)
        return data

    # -- schemas --

    def schema(self, data: dict, where: str, name: str = "") -> Schema:
        self.known(where, data, _SCHEMA, _IGNORED_SCHEMA)
        found = self.components[name] if name else Schema(self.api, where)
        self.read_values(found, data, where)
        self.read_parts(found, data, where)
        return found

    def read_values(self, found: Schema, data: dict, where: str) -> None:
        found.type = data.get("type", "")
        if found.type and found.type not in _TYPES:
            raise self.stop(where, f"the type {found.type!r} is not understood")
        found.format = data.get("format", "")
        if "enum" in data:
            if not data["enum"]:
                raise self.stop(where, "an enum without values")
            for value in data["enum"]:
                if isinstance(value, (dict, list)) or isinstance(value, str) and not value.isprintable():
                    raise self.stop(where, f"the value {value!r} of an enum is no text that can be printed")
            found.enum = data["enum"]  # what is there twice is one value, see EnumClusters
        found.required = tuple(data.get("required", ()))
        found.read_only = data.get("readOnly")
        found.write_only = data.get("writeOnly")
        found.nullable = data.get("nullable", False)
        found.deprecated = data.get("deprecated", False)
        found.extensible = data.get("x-okta-extensible", False)
        found.default = data.get("default")
        found.only_null = (found.type == "string" and found.nullable and "default" in data
                           and not isinstance(found.default, str))
        found.limits = {key: data[key] for key in ("minimum", "maximum", "minLength", "maxLength", "minItems",
                                                   "maxItems") if key in data}
        found.marks = data.get("x-libokta", {})

    def read_parts(self, found: Schema, data: dict, where: str) -> None:
        if "properties" in data:
            found.has_properties = True
            for key, value in data["properties"].items():
                place = below(where, "properties", key)
                found.properties[self.name(place, key)] = self.schema(value, place)
        if "items" in data:
            found.items = self.schema(data["items"], f"{where}/items")
        additional = data.get("additionalProperties")
        found.additional = additional if isinstance(additional, bool) or additional is None else \
            self.schema(additional, f"{where}/additionalProperties")
        for key, parts in (("allOf", found.all_of), ("oneOf", found.one_of), ("anyOf", found.one_of)):
            for at, value in enumerate(data.get(key, ())):
                parts.append(self.schema(value, below(where, key, at)))
        if "$ref" in data:
            self.pending.append((found, "", data["$ref"]))
        if "discriminator" in data:
            self.known(f"{where}/discriminator", data["discriminator"], {"propertyName", "mapping"}, set())
            found.discriminator = data["discriminator"]["propertyName"]
            for value, target in data["discriminator"].get("mapping", {}).items():
                self.pending.append((found, value, target))

    def link(self) -> None:
        """Puts schemas where references were."""
        prefix = "#/components/schemas/"
        for schema, value, target in self.pending:
            name = target[len(prefix):] if target.startswith(prefix) else target
            if name not in self.components:
                raise self.stop(schema.where, f"the reference {target!r} leads nowhere")
            if value:
                schema.mapping[value] = self.components[name]
            else:
                schema.ref = self.components[name]

    # -- operations --

    def parameter(self, data: dict, where: str) -> RawParameter:
        found = self.resolve(data, where, "parameters")
        self.known(where, found, _PARAMETER, _IGNORED_PARAMETER)
        for key in ("name", "in", "schema"):
            if key not in found:
                raise self.stop(where, f"{key} is missing")
        if found["in"] not in ("path", "query", "header"):
            raise self.stop(where, f"a parameter in {found['in']!r} is not understood")
        style = found.get("style", "")
        if style not in ("", "simple", "form") or found.get("allowReserved"):
            raise self.stop(where, f"the style {style!r} is not understood")
        if found["in"] == "header" and (found["name"].lower() in _OWN_HEADERS or not _TOKEN.fullmatch(found["name"])):
            raise self.stop(where, f"the header {found['name']!r} is one that requests have already, or is none")
        return RawParameter(self.name(where, found["name"]), found["in"], self.schema(found["schema"], f"{where}/schema"),
                            found.get("required", False), found.get("explode"), style,
                            found.get("deprecated", False))

    def content(self, data: dict, where: str) -> dict[str, Schema]:
        found = {}
        for media, value in data.get("content", {}).items():
            place = below(where, "content", media)
            self.known(place, value, {"schema"}, _PROSE)
            found[media] = self.schema(value.get("schema", {}), f"{place}/schema")
        return found

    def body(self, data: dict, where: str) -> RawBody:
        found = self.resolve(data, where, "requestBodies")
        self.known(where, found, {"content", "required"}, _PROSE | {"x-okta-lifecycle"})
        return RawBody(self.content(found, where), found.get("required", False))

    def response(self, code: str, data: dict, where: str) -> RawResponse:
        if not re.fullmatch(r"[1-5][0-9][0-9]|default", code):
            raise self.stop(where, f"the status {code!r} is not understood")
        name = data["$ref"].rsplit("/", 1)[-1] if "$ref" in data else ""
        found = self.resolve(data, where, "responses")
        self.known(where, found, {"content", "headers"}, _PROSE | _IGNORED_RESPONSE)
        content = self.content(found, where) if code[0] in "23" else \
            {media: Schema(self.api, where) for media in found.get("content", {})}
        return RawResponse(code, name, content, list(found.get("headers", {})))

    def operation(self, method: str, path: str, data: dict, shared: list) -> RawOperation:
        where = below("#", "paths", path, method)
        self.known(where, data, _OPERATION | {"x-libokta"}, _IGNORED_OPERATION)
        parameters: dict[tuple[str, str], RawParameter] = {}
        for at, value in enumerate([*shared, *data.get("parameters", ())]):
            parameter = self.parameter(value, f"{where}/parameters/{at}")
            parameters[parameter.place, parameter.name] = parameter
        tags = data["tags"]
        if len(tags) != 1 or not self.name(where, tags[0]):
            raise self.stop(where, "an operation has one tag")
        servers = [server["url"] for server in data.get("servers", ())]
        if len(servers) > 1 or not all(map(_OTHER_SERVER.fullmatch, servers)):
            raise self.stop(where, f"the server {', '.join(servers)} is not understood")
        return RawOperation(
            self.api, method.upper(), path, self.name(where, data["operationId"]), tags[0],
            list(parameters.values()),
            self.body(data["requestBody"], f"{where}/requestBody") if "requestBody" in data else None,
            [self.response(code, value, below(where, "responses", code)) for code, value in data["responses"].items()],
            data.get("security"), servers, data.get("deprecated", False), data.get("x-libokta", {}))

    def path(self, path: str) -> None:
        """Stops on a path that is none, or whose placeholders are parts of segments."""
        first, *segments = path.split("/")
        if first or not all(map(_SEGMENT.fullmatch, segments)):
            raise self.stop(below("#", "paths", path), "is no path, or has a placeholder that is no whole segment of it")

    def read(self) -> Description:
        self.known("#", self.document, _DOCUMENT, _IGNORED_DOCUMENT)
        if not str(self.document["openapi"]).startswith("3.0."):
            raise self.stop("#/openapi", f"version {self.document['openapi']} is not understood")
        components = self.document["components"]
        self.known("#/components", components, _COMPONENTS, _IGNORED_COMPONENTS)
        schemas = components.get("schemas", {})
        for name in schemas:
            where = below("#", "components", "schemas", name)
            if not _COMPONENT.fullmatch(name):
                raise self.stop(where, "the name of a component has other characters than letters, digits, '.', '_' and '-'")
            self.components[name] = Schema(self.api, where, name)
        for name, data in schemas.items():
            self.schema(data, self.components[name].where, name)
        operations = []
        for path, item in self.document["paths"].items():
            self.path(path)
            self.known(below("#", "paths", path), item, {*METHODS, "options", "parameters"}, {"x-okta-lifecycle"})
            # OPTIONS only serves browsers, which ask with it what other origins may do.
            operations += [self.operation(method, path, item[method], item.get("parameters", []))
                           for method in item if method in METHODS]
        self.link()
        return Description(self.api, str(self.document["info"]["version"]), self.components, operations,
                           self.document)


def read(api: str, document: object) -> Description:
    """Reads the document of an API."""
    structure.check(api, document)
    return _Reader(api, document).read()
