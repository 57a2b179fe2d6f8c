# SPDX-License-Identifier: Apache-2.0
"""One call of each function, the request that the description has for it, and an answer to it."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from .c_text import Initialisers, dump, text
from .corrections import ANSWERS, BODIES, MEDIA_TYPES, NEVER_WITHOUT, STATES
from .document import Mismatch, Operation
from .naming import Function, Naming
from .schema import look
from .values import Chooser

# What an id may have beside letters and digits; a slash, a percent sign and their like are refused.
_HOSTILE = ":@&=+$,;!*'()[]{}<>|^`\"~._-"
_ALL = 99
_FILE_NAME = "logo \u00e9.png"
_PEM = "-----BEGIN CERTIFICATE-----\nTUlJQg==\n-----END CERTIFICATE-----\n"


@dataclass
class Case:
    """One case: its C text, part by part."""

    function: Function
    name: str  # of the function without "okta_"; from the second case on with its number
    declarations: list[str] = field(default_factory=list)
    arguments: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    result: str = ""
    holds: str = ""


class Deriver:
    """Cases of operations."""

    def __init__(self, naming: Naming):
        self._naming = naming
        self._c = Initialisers(naming)

    def cases(self, operation: Operation) -> list[Case]:
        """Of each function of an operation: a case for each alternative of its body or answer, with all that can be
        given, and one with what has to be given where that is less."""
        functions = self._naming.functions.get(operation.key)
        if not functions:
            raise Mismatch("has no function")
        for function in functions[1:]:  # the same call with another kind of answer
            function.parameters, function.body = functions[0].parameters, functions[0].body
        count = self._alternatives(operation)
        made = [_Maker(self._naming, self._c, operation, function, number).case()
                for function in functions for number in range(count)]
        if operation.has_options() and operation.key not in NEVER_WITHOUT:
            made += [_Maker(self._naming, self._c, operation, functions[0], count, only_required=True).case()]
        return made

    def _alternatives(self, operation: Operation) -> int:
        content = [*operation.body().values(), *(media for answer in operation.successes().values() for media in answer.values())]
        views = [look(operation.document, [media.get("schema", {})], 0) for media in content]
        views += [look(operation.document, view.items, 0) for view in views if view.items]
        return max([len(operation.body()), 1, *(view.alternatives for view in views)])


class _Maker:
    """Makes one case."""

    def __init__(self, naming: Naming, c: Initialisers, operation: Operation, function: Function, number: int,
                 only_required: bool = False):
        self._naming = naming
        self._c = c
        self._operation = operation
        self._function = function
        self._number = number
        self._only_required = only_required
        self._turn = zlib.crc32(operation.key.encode()) + number
        self._case = Case(function, function.name.removeprefix("okta_") + (f"_{number + 1}" if number else ""))
        self._ids: list[str] = []

    def case(self) -> Case:
        """The whole of it."""
        fields = self._case.fields
        fields["name"] = text(self._case.name)
        if self._number:
            fields["number"] = str(self._number)
        fields["operation"] = text(self._operation.key)
        fields["method"] = text(self._operation.method)
        self._path()
        if "servers" in self._operation.node:
            url = self._operation.node["servers"][0]["url"]
            fields["server"] = text(re.sub(r"^https://(\w+)\..*", r"\1", url))
        if self._operation.names_a_token():
            fields["token"] = "true"
        self._parameters()
        self._body()
        self._answer()
        return self._case

    def _name(self, kind: str) -> str:
        return f"{self._case.name}_{kind}"

    # -- the request --

    def _path(self) -> None:
        by_name = {p["name"]: p for p in self._operation.parameters if p["in"] == "path"}
        path = self._operation.path
        for number, name in enumerate(re.findall(r"{([^}]*)}", path)):
            member = self._function.parameters.get(("path", str(number)))
            if member is None:
                raise Mismatch(f"{self._function.name} has no argument for {name}")
            value = self._parameter_value(by_name[name])
            if member.kind == "string" and not self._is_enum(by_name[name]):
                value = f"{number}{_HOSTILE}{name}"
            self._ids.append(value)
            self._case.arguments.append(self._c.scalar(member, value))
            path = path.replace("{" + name + "}", quote(value, safe=""), 1)
        self._case.fields["path"] = text(path)

    def _is_enum(self, parameter: dict[str, Any]) -> bool:
        return bool(self._operation.document.follow(parameter["schema"]).get("enum"))

    def _parameter_value(self, parameter: dict[str, Any]) -> Any:
        chooser = Chooser(self._operation.document, self._turn, "readOnly", 1)
        value = chooser.value([parameter["schema"]], parameter["name"])
        if isinstance(value, str) and not self._is_enum(parameter):
            return f"{parameter['name']} &=+#%/?;\u00e9" if parameter["in"] == "query" else f"{parameter['name']}; a=1, b"
        return value

    def _parameters(self) -> None:
        pairs: list[str] = []
        headers: list[str] = []
        members = []
        for parameter in self._operation.parameters:
            if parameter["in"] not in ("query", "header"):
                continue
            if self._only_required and not parameter.get("required"):
                continue
            value = self._parameter_value(parameter)
            member = self._function.parameters.get((parameter["in"], parameter["name"]))
            if member is None:
                raise Mismatch(f"{self._function.name} has no parameter {parameter['name']}")
            members.append(f".{member.name} = {self._c.scalar(member, value)}")
            if isinstance(value, list):
                members.append(f".{member.name}_count = {len(value)}")
            if parameter["in"] == "header":
                headers.append(f"{parameter['name']}: {value}")
            else:
                pairs += self._pairs(parameter, value)
        if not members:
            if self._function.has_params and self._only_required:
                self._case.arguments.append("NULL")
            elif self._function.has_params:
                raise Mismatch(f"{self._function.name} has parameters that are not described")
            return
        struct = f"{self._function.name}_params"
        self._declare("params", struct, "{" + ", ".join([f"W({struct})", *members]) + "}")
        if pairs:
            self._case.fields["query"] = text("&".join(sorted(pairs)))
        if headers:
            self._case.fields["headers"] = text("\n".join(headers))

    def _pairs(self, parameter: dict[str, Any], value: Any) -> list[str]:
        """A query parameter, or a field of a form, as OpenAPI's style `form` has it."""
        style = parameter.get("style", "form")
        if style != "form" or isinstance(value, dict):
            raise Mismatch(f"{parameter['name']} of style {style} is {value!r}")
        name = quote(parameter["name"], safe="")
        values = [quote(item if isinstance(item, str) else dump(item), safe="")
                  for item in (value if isinstance(value, list) else [value])]
        if parameter.get("explode", True):
            return [f"{name}={item}" for item in values]
        return [f"{name}={','.join(values)}"]

    def _declare(self, kind: str, struct: str, initialiser: str) -> None:
        self._case.declarations.append(f"static const {struct} {self._name(kind)} = {initialiser};")
        self._case.arguments.append(f"&{self._name(kind)}")

    def _body(self) -> None:
        shape, struct = self._function.body
        content = self._operation.body()
        if not content:
            if shape != "none":
                raise Mismatch(f"{self._function.name} has a body that is not described")
            return
        if self._only_required and not self._operation.needs_body():
            self._case.arguments.append("NULL")
            return
        media_type = list(content)[self._turn % len(content)]
        schema = content[media_type].get("schema", {})
        self._case.fields["type"] = text(MEDIA_TYPES.get(media_type, media_type))
        if shape == "bytes":
            self._bytes_body(media_type)
        elif shape == "form":
            self._form_body(struct, schema)
        elif shape == "multipart":
            self._multipart_body(struct, schema)
        elif shape in ("struct", "list", "json"):
            self._json_body(struct, schema)
        else:
            raise Mismatch(f"{self._function.name} has no body")

    def _value(self, schema: dict[str, Any]) -> Any:
        each = 0 if self._only_required else _ALL
        value = Chooser(self._operation.document, self._turn, "readOnly", each).value([schema])
        if isinstance(value, dict):
            value.update(BODIES.get(self._operation.key, {}))
        return value

    def _json_body(self, struct: str, schema: dict[str, Any]) -> None:
        value = self._value(schema)
        self._case.fields["body"] = text(dump(value))
        self._case.fields["form"] = "WIRE_JSON"
        if self._function.body[0] == "json":
            self._case.arguments.append(text(dump(value)))
        elif isinstance(value, list):
            items = self._c.items(struct, value)
            self._declare("body", f"{struct}_list", f"{{W({struct}_list), .items = {items}, .count = {len(value)}}}")
        else:
            self._declare("body", struct, self._c.model(struct, value))

    def _form_body(self, struct: str, schema: dict[str, Any]) -> None:
        value = self._value(schema)
        pairs = []
        for name, item in value.items():
            pairs += self._pairs({"name": name}, item)
        self._case.fields["body"] = text("&".join(sorted(pairs)))
        self._case.fields["form"] = "WIRE_PAIRS"
        self._declare("body", struct, self._c.model(struct, value))

    def _multipart_body(self, struct: str, schema: dict[str, Any]) -> None:
        document = self._operation.document
        parts = document.follow(schema)["properties"]
        if len(parts) != 1:
            raise Mismatch(f"a body of {len(parts)} parts")
        name, node = next(iter(parts.items()))
        if document.follow(node).get("format") != "binary":
            raise Mismatch(f"the part {name} is no file")
        member = self._naming.member(struct, name, {"upload"})
        self._case.declarations.append(f"static const okta_upload {self._name('file')} = {{sizeof(okta_upload), .file_name = "
                                       f"{text(_FILE_NAME)}, .media_type = \"image/png\", .data = WIRE_FILE, "
                                       ".length = sizeof WIRE_FILE - 1};")
        self._case.fields["body"] = text(f'form-data; name="{name}"; filename="{_FILE_NAME}"')
        self._case.fields["form"] = "WIRE_PART"
        self._declare("body", struct, f"{{W({struct}), .{member.name} = &{self._name('file')}}}")

    def _bytes_body(self, media_type: str) -> None:
        body = _PEM if "pem" in media_type else "eyJ.eyJ.sig"
        self._case.fields["body"] = text(body)
        self._case.fields["form"] = "WIRE_BYTES"
        self._declare("body", "okta_bytes", f"{{W(okta_bytes), .data = {text(body)}, .length = {len(body)}, "
                                            f".media_type = {text(media_type)}}}")

    # -- the answer --

    def _answer(self) -> None:
        shape, struct = self._function.result
        fields = self._case.fields
        successes = self._operation.successes()
        status = next((code for code, content in successes.items() if content and code < 300), None)
        media_types = successes.get(status, {}) if status is not None else {}
        if status is None:
            status = next(iter(successes), 302)
        media_type = self._media_type(media_types)
        fields["status"] = str(status)
        fields["accept"] = text(MEDIA_TYPES.get(media_type, media_type) or "application/json")
        if shape == "location":
            fields["location"] = text("https://example.com/there?a=b")
            self._case.result = "okta_location"
            self._case.holds = 'wire_same(out->url, "https://example.com/there?a=b")'
        elif shape == "bytes":
            fields["answer"] = text("<bytes/>")
            fields["answer_type"] = text(media_type)
            self._case.result = "okta_bytes"
            self._case.holds = 'out->length == 8 && memcmp(out->data, "<bytes/>", 8) == 0'
        elif media_type and status != 204:
            self._json_answer(struct, media_type, media_types[media_type].get("schema", {}))
        elif shape != "none":
            raise Mismatch(f"{self._function.name} has a result that is not described")

    def _media_type(self, content: dict[str, Any]) -> str:
        if self._function.variant:
            return next(name for name in content if name.endswith(self._function.variant))
        if self._function.result[0] == "bytes":
            return next(iter(content))
        return next((name for name in content if "json" in name), next(iter(content), ""))

    def _json_answer(self, struct: str, media_type: str, schema: dict[str, Any]) -> None:
        value = Chooser(self._operation.document, self._turn, "writeOnly", 1).value([schema])
        value = self._as_the_org(value, schema)
        self._case.fields["answer"] = text(dump(value))
        self._case.fields["answer_type"] = text(media_type)
        shape = self._function.result[0]
        if shape == "none":
            return
        self._case.result = {"json": "okta_json", "strings": "okta_string_list", "list": f"{struct}_list"}.get(shape, struct)
        if shape == "json":
            self._case.holds = f"wire_same(out->json, {text(dump(value))})"
        elif shape == "strings":
            self._case.holds = f"out->count == 1 && wire_same(out->items[0], {text(value[0])})"
        elif shape == "list":
            if not isinstance(value, list):
                raise Mismatch(f"{self._case.result} cannot be {value!r}")
            self._case.holds = f"out->count == {len(value)} && {self._c.holds(struct, value[0], 'out->items[0]')}"
        else:
            self._case.holds = self._c.holds(struct, value, "out")

    def _as_the_org(self, value: Any, schema: dict[str, Any]) -> Any:
        """An answer to a change of state tells the object of the path and its state; one to a create of a key or
        secret is what was sent."""
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                item.update(ANSWERS.get(self._operation.key, {}))
        if not isinstance(value, dict):
            return value
        verb = self._operation.path.rpartition("/lifecycle/")[2]
        if "/lifecycle/" in self._operation.path and "id" in value and self._ids:
            value["id"] = self._ids[-1]
            status = look(self._operation.document, [schema], self._turn).properties.get("status", [])
            known = look(self._operation.document, status, self._turn).enum or ()
            value.update([("status", state) for state in STATES.get(verb, ()) if state in known][:1])
        return value
