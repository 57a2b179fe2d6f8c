#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""made_up.py IN OUT: copies a description of the Management API with made-up things in it; made_up.c uses them.

What is made up: a property, a value in the middle of an enum, a schema, a variant of a polymorphic type, an operation
under a tag of its own, a parameter beside others, the first parameter of an operation, a list in place of an object.
"""

import json
import os
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


def main():
    document = yaml12.read(sys.argv[1])
    _add(document)
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(document, file)


if __name__ == "__main__":
    main()
