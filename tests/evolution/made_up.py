#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""made_up.py IN OUT: copies a description of the Management API with made-up things in it, and damaged.

What is made up, and used by made_up.c: a property, a value in the middle of an enum, a schema, a variant of a
polymorphic type, an operation under a tag of its own, a parameter beside others, the first parameter of an operation,
a list in place of an object. The damage is of every kind that releases of the description did so far, many times over.
"""

import json
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "tools", "generate"))
from okta_generate import yaml12  # noqa: E402

TEXT = {"type": "string"}


def _content(schema):
    return {"200": {"description": "", "content": {"application/json": {"schema": schema}}}}


def _add(document):
    schemas, paths = document["components"]["schemas"], document["paths"]
    schemas["Dream"] = {"type": "object", "properties": {"length": {"type": "integer"}}}
    dream = {"$ref": "#/components/schemas/Dream"}
    schemas["User"]["properties"] = {"aDream": dream, "anAlias": TEXT, **schemas["User"]["properties"]}
    schemas["UserStatus"]["enum"].insert(1, "DREAMING")
    schemas["Policy"]["discriminator"]["mapping"]["DREAM"] = "#/components/schemas/DreamPolicy"
    schemas["DreamPolicy"] = {"allOf": [{"$ref": "#/components/schemas/Policy"}, {
        "type": "object", "properties": {"dreams": {"type": "array", "items": TEXT}}}]}
    paths["/api/v1/dreams/{dreamId}"] = {"get": {
        "operationId": "getDream", "tags": ["Dream"], "security": [{"apiToken": []}], "responses": _content(dream),
        "parameters": [{"name": "dreamId", "in": "path", "required": True, "schema": TEXT},
                       {"name": "isDeep", "in": "query", "schema": {"type": "boolean"}}]}}
    paths["/api/v1/users"]["get"]["parameters"].insert(0, {"name": "dream", "in": "query", "schema": TEXT})
    paths["/api/v1/org"]["get"]["parameters"] = [{"name": "dream", "in": "query", "schema": TEXT}]
    types = paths["/api/v1/meta/types/user/{typeId}"]["get"]["responses"]["200"]["content"]["application/json"]
    types["schema"] = {"type": "array", "items": types["schema"]}


def _schemas(document):
    """All schemas with properties, each with its own properties only."""
    waiting, found = list(document["components"]["schemas"].values()), []
    while waiting:
        schema = waiting.pop()
        if isinstance(schema.get("properties"), dict):
            found.append(schema["properties"])
            waiting += schema["properties"].values()
        waiting += schema.get("allOf", []) + [schema[key] for key in ("items",) if isinstance(schema.get(key), dict)]
    return found


def _damage_members(document):
    """Properties go away, become text, a list or an object where they were another thing, and change their order."""
    others = ({"type": "integer"}, {"type": "array", "items": TEXT}, {"type": "object", "properties": {"dream": TEXT}})
    number, all_properties = 0, _schemas(document)
    names = [name for properties in all_properties for name in properties]
    for properties in all_properties:
        for name in list(properties):
            number += 1
            # What several schemas have may be one member of two types at once where one is part of the other.
            if names.count(name) > 1 or "_" in name:
                continue
            if number % 17 == 0:
                del properties[name]
            elif number % 19 == 0:
                properties[name] = others[number % 3] if properties[name].get("type") == "string" else TEXT
        turned = list(reversed(properties.items()))
        properties.clear()
        properties.update(turned)


def _damage_enums(document):
    """Enums are turned around, lose a value, or become text."""
    for number, schema in enumerate(document["components"]["schemas"].values()):
        if schema.get("type") == "string" and len(schema.get("enum", ())) > 2:
            schema["enum"].reverse()
            if number % 3 == 0:
                del schema["enum"][1]
            elif number % 5 == 0:
                del schema["enum"]


def _turn(operation):
    """A list where an object was, and an object where a list was."""
    for response in operation["responses"].values():
        for content in response.get("content", {}).values():
            schema = content.get("schema", {})
            content["schema"] = schema["items"] if schema.get("type") == "array" else {"type": "array", "items": schema}


def _damage_operations(document):
    """Operations go away, get another operationId, tag, names of placeholders, shape of result, or no result."""
    number = 0
    for path, item in list(document["paths"].items()):
        if "/credentials/" in path or "/users" in path or path == "/api/v1/org":
            continue
        number += 1
        verbs = [verb for verb in item if verb in ("get", "put", "post", "delete", "patch")]
        for verb in verbs:
            operation = item[verb]
            if number % 7 == 1:
                operation["operationId"] += "Renamed"
                operation["tags"] = ["Dream"]
            elif number % 7 == 2 and verb == "get":
                _turn(operation)
            elif number % 7 == 3 and verb == "post":
                operation["responses"] = {"204": {"description": ""}}
        if number % 7 == 4 and verbs:
            del item[verbs[0]]
        elif number % 7 == 5 and "parameters" in item:
            text = json.dumps(item["parameters"])
            if "$ref" not in text:
                renamed = re.sub(r"\{(\w+)\}", r"{\1OfDreams}", path)
                for parameter in item["parameters"]:
                    parameter["name"] += "OfDreams" * (parameter["in"] == "path")
                document["paths"][renamed] = document["paths"].pop(path)


def main():
    document = yaml12.read(sys.argv[1])
    _damage_members(document)
    _damage_enums(document)
    _damage_operations(document)
    _add(document)
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(document, file)


if __name__ == "__main__":
    main()
