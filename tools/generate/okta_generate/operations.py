# SPDX-License-Identifier: Apache-2.0
"""Decides the functions of operations: arguments, params, body, result, and records them.

A function's key is its method and its path with blanked placeholders. Where an operation gets something that
the recorded function cannot have, such as its first parameter or another shape of result, or loses its body, it gets
a further function. The recorded ones stay and are deprecated.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from . import identity, kinds, names, states
from .binding import LINKS, Binding, Position
from .clusters import Clusters
from .description import RawOperation, RawParameter, Schema
from .ledger import Ledger
from .members import Members, Slot
from .model import ARGUMENTS, BodyShape, Kind, ResultShape
from .shapes import Alternatives, Shapes
from .structure import below, fault

_FORM = "application/x-www-form-urlencoded"
_MULTIPART = "multipart/form-data"
_FAMILIES = {"struct": "object", "form": "object", "multipart": "object", "list": "objects"}
_SUFFIX = {
    ResultShape.STRUCT: "object", ResultShape.LIST: "list", ResultShape.STRINGS: "list", ResultShape.JSON: "json",
    ResultShape.BYTES: "bytes", ResultShape.LOCATION: "location",
}


def is_json(media: str) -> bool:
    """Whether a media type is JSON, or a form of it such as a merge patch."""
    plain = re.split(r"[;,]", media)[0].strip()
    return plain == "application/json" or plain.endswith("+json")


@dataclass
class Carried:
    """What a body or a result is: its shape, the struct, the media types."""

    shape: BodyShape | ResultShape
    target: str = ""
    media: list[str] = field(default_factory=list)
    may_be_empty: bool = False


@dataclass
class Planned:
    """An operation with what was decided for it."""

    raw: RawOperation
    key: str
    name: str
    header: str
    body: Carried | None = None
    results: list[Carried] = field(default_factory=list)  # the first of the plain function
    successor: str = ""  # C name of the function that has all that is described of the first result


def key_of(operation: RawOperation) -> str:
    """Method and path with blanked placeholders."""
    return operation.method + " " + re.sub(r"\{[^{}]*\}", "{}", operation.path)


def good(operation: RawOperation) -> list:
    """The responses of success: those of 2xx."""
    return [response for response in operation.responses if response.code[0] == "2"]


class Operations:
    """Plans operations, and records their functions."""

    def __init__(self, ledger: Ledger, shapes: Shapes, clusters: Clusters, binding: Binding, members: Members):
        self.ledger = ledger
        self.shapes = shapes
        self.clusters = clusters
        self.binding = binding
        self.members = members
        self.planned: list[Planned] = []

    # -- what is taken and given --

    def body_alternatives(self, operation: RawOperation) -> Alternatives:
        """All that a body with members may be."""
        content = operation.body.content if operation.body else {}
        return tuple(alternative for media, schema in content.items()
                     if is_json(media) or media in (_FORM, _MULTIPART) for alternative in self.shapes.expand(schema))

    def result_alternatives(self, operation: RawOperation) -> Alternatives:
        """All that an answer of success may be as JSON."""
        return tuple(alternative for response in good(operation) if response.code != "204"
                     for media, schema in response.content.items() if is_json(media)
                     for alternative in self.shapes.expand(schema))

    def propose(self, operations: list[RawOperation]) -> None:
        """Gives all positions of operations to the clusters."""
        for operation in operations:
            self.clusters.add(self.body_alternatives(operation))
            self.clusters.add(self.result_alternatives(operation))
        self.clusters.close()

    def plan_all(self, operations: list[RawOperation]) -> None:
        """Plans these operations."""
        for operation in operations:
            self.plan(operation)

    def plan(self, operation: RawOperation) -> None:
        """Decides body and results of an operation, and binds all below them."""
        key = key_of(operation)
        twin = next((planned.raw for planned in self.planned if planned.key == key), None)
        if twin:
            raise fault(operation.api, operation.where, f"is the same request as {twin.api}: {twin.where}")
        recorded = self.ledger.get("F", key, "")
        name = recorded[0] if recorded else identity.function_name(operation)
        header = recorded[1] if recorded else identity.header_name(operation)
        self.ledger.put("H", (identity.header_name(operation),), (operation.api, operation.tag))
        self.binding.enter(header)
        planned = Planned(operation, key, name, header)
        planned.body = self._body(operation, key, name)
        planned.results = self._results(operation, key, name)
        self.binding.drain()
        self.planned.append(planned)

    def _position(self, owner: str, kind_of_line: str, key: str) -> Position | None:
        """The position of the bodies or results of a request's functions; None where a text of JSON takes them all."""
        recorded = [self.ledger.get(kind_of_line, values[0]) for _, values in self.ledger.of("F", key)]
        known = {_FAMILIES[values[0]]: values[1] for values in recorded if values and values[0] in _FAMILIES}
        if not known and any(values and values[0] == "json" for values in recorded):
            return None
        return Position(owner, "", known, {"map_objects"})

    def _body(self, operation: RawOperation, key: str, name: str) -> Carried | None:
        if not operation.body:
            return None
        media = [str(item) for item in operation.marks.get("body_media_types", operation.body.content)]
        alternatives = self.body_alternatives(operation)
        if not alternatives:
            return Carried(BodyShape.BYTES, "", media)
        position = self._position(f"{name}_request", "B", key)
        kind = self._kind(alternatives)
        structs = self.binding.bind(position, alternatives, kinds.needed([kinds.Choice(kind)])) if position else {}
        plain = re.split(r"[;,]", media[0])[0].strip()
        if plain in (_FORM, _MULTIPART):
            if kind is not Kind.OBJECT or "object" not in structs:
                raise fault(operation.api, below(operation.where, "requestBody"), "is a form, and no object with members")
            shape = BodyShape.FORM if plain == _FORM else BodyShape.MULTIPART
            return Carried(shape, structs["object"], media)
        if kind is Kind.OBJECT and structs:
            return Carried(BodyShape.STRUCT, structs.get("object", LINKS), media)
        if kind is Kind.OBJECTS and structs:
            return Carried(BodyShape.LIST, structs["objects"], media)
        return Carried(BodyShape.STRINGS if kind in (Kind.STRINGS, Kind.ENUMS) else BodyShape.JSON, "", media)

    def _kind(self, alternatives: Alternatives) -> Kind:
        """The one kind that a body or a result has; JSON where several may come."""
        chosen = kinds.choose(self.shapes, alternatives)
        return chosen[0].kind if len(chosen) == 1 else Kind.JSON

    def _results(self, operation: RawOperation, key: str, name: str) -> list[Carried]:
        responses = good(operation)
        if not responses or "location" in operation.marks:
            return [Carried(ResultShape.LOCATION)]
        empty = any(response.code == "204" or not response.content for response in responses)
        media = list(dict.fromkeys(item for response in responses if response.code != "204"
                                   for item in response.content))
        others = [item for item in media if not is_json(item)]
        alternatives = self.result_alternatives(operation)
        found = []
        if alternatives:
            found.append(self._json_result(key, name, alternatives, [item for item in media if is_json(item)], empty))
        if others:
            found.append(Carried(ResultShape.BYTES, "", others, empty))
        accepted = dict.fromkeys(item for response in responses for item in response.content if is_json(item))
        return found or [Carried(ResultShape.NONE, "", list(accepted))]

    def _json_result(self, key: str, name: str, alternatives: Alternatives, media: list[str], empty: bool) -> Carried:
        position = self._position(f"{name}_response", "R", key)
        if position is None:
            return Carried(ResultShape.JSON, "", media, empty)
        kind = self._kind(alternatives)
        structs = self.binding.bind(position, alternatives, kinds.needed([kinds.Choice(kind)]))
        if kind is Kind.OBJECT:
            return Carried(ResultShape.STRUCT, structs.get("object", LINKS), media, empty)
        if kind is Kind.OBJECTS:
            return Carried(ResultShape.LIST, structs["objects"], media, empty)
        if kind in (Kind.STRINGS, Kind.ENUMS):
            return Carried(ResultShape.STRINGS, "", media, empty)
        return Carried(ResultShape.JSON, "", media, empty)

    # -- the ledger --

    def collect_parameters(self) -> None:
        """The parameters of all operations as slots."""
        for planned in self.planned:
            at = 0
            placeholders = re.findall(r"\{([^{}]*)\}", planned.raw.path)
            by_name = {(p.place, p.name): p for p in planned.raw.parameters}
            for place in placeholders:
                found = by_name.get(("path", place))
                schema = found.schema if found else Schema(planned.raw.api, planned.raw.where, type="string")
                self._slot(planned, "path", str(at), place, schema, found)
                at += 1
            for parameter in planned.raw.parameters:
                if parameter.place != "path":
                    self._slot(planned, parameter.place, parameter.name, parameter.name, parameter.schema, parameter)

    def _slot(self, planned: Planned, place: str, key: str, wire: str, schema: Schema,
              raw: RawParameter | None) -> None:
        name = names.member(wire)
        if place == "path" and name in {*ARGUMENTS, str(planned.raw.marks.get("argument", "body"))}:
            name += "_id"
        self.members.collect(Slot("P", (planned.name, place), key, planned.header, self.shapes.expand(schema), [], name,
                                  Position(planned.name, wire), raw=raw))

    def record(self) -> None:
        """Records all functions."""
        for planned in self.planned:
            has_params = any(parameter.place != "path" for parameter in planned.raw.parameters)
            for at, result in enumerate(planned.results):
                # A second result is of another media type, and has a function of its own from the start.
                variant = "" if at == 0 else names.snake(result.media[0].rsplit("/", 1)[-1])
                self._record(planned, variant, result, has_params)
        self._check_ids()
        self.members.relax({planned.name for planned in self.planned})

    def _check_ids(self) -> None:
        """Stops where an id, by which a program may ask for scopes, would mean another operation than before."""
        holders: dict[tuple[str, str], str] = {}
        for (key, variant), id_ in states.ids(self.ledger):
            header = self.ledger.get("F", key, variant)[1]
            holders.setdefault((self.ledger.get("H", header)[0], id_), key)
        named = {planned.key for planned in self.planned if "name" in planned.raw.marks}
        for planned in self.planned:
            raw = planned.raw
            holder = holders.setdefault((raw.api, raw.id), planned.key)
            if holder != planned.key and not {holder, planned.key} & named:
                self.binding.problems.append(
                    f"{raw.api}: {raw.where}: the operation has the id {raw.id}, which is or was "
                    f"that of {holder}")

    def _record(self, planned: Planned, variant: str, result: Carried, has_params: bool) -> None:
        """Finds the function that can have all that is described of a result, or makes a further one."""
        for full in _variants(variant, self._lacking(planned, variant, result, has_params)):
            if self.ledger.get("F", planned.key, full) is None and not self._put(planned, full, result, has_params):
                return
            if not self._lacking(planned, full, result, has_params):
                self.ledger.touch("F", planned.key, full)
                planned.successor = planned.successor or self.ledger.get("F", planned.key, full)[0]
                return

    def _put(self, planned: Planned, full: str, result: Carried, has_params: bool) -> bool:
        """Records a function. False where another one has its name."""
        name = planned.name + (f"_{full}" if full else "")
        holder = next((key for key, values in self.ledger.all("F") if values[0] == name), None)
        if holder:
            raw = planned.raw
            self.binding.problems.append(
                f"{raw.api}: {raw.where}: the operation {raw.id} wants the name {name}, "
                f"which {holder[0]} has ({self.ledger.where('F', *holder)})")
            return False
        count = str(planned.raw.path.count("{"))
        self.ledger.put("F", (planned.key, full), (name, planned.header, count, "params" if has_params else ""))
        self.ledger.put("R", (name,), (result.shape.value, result.target))
        if planned.body:
            self.ledger.put("B", (name,), (planned.body.shape.value, planned.body.target))
        return True

    def _lacking(self, planned: Planned, full: str, result: Carried, has_params: bool) -> str:
        """What a recorded function cannot have, or has too much, as a suffix; empty where it is as described."""
        recorded = self.ledger.get("F", planned.key, full)
        if recorded is None:
            return ""
        found = ["with_params"] if has_params and not recorded[3] else []
        body = self.ledger.get("B", recorded[0])
        if planned.body and not (body and body_holds(BodyShape(body[0]), planned.body.shape)):
            found.append("with_body")
        if body and not planned.body:
            found.append("without_body")
        shape = ResultShape(self.ledger.get("R", recorded[0])[0])
        if not _result_holds(shape, result.shape):
            found.append(_SUFFIX[result.shape])
        return "_".join(found)


def _variants(variant: str, suffix: str) -> Iterator[str]:
    """The recorded function, and the further ones for what it lacks: one such may lack it in turn."""
    yield variant
    full = "_".join(part for part in (variant, suffix) if part)
    yield full
    yield from (f"{full}_{number}" for number in itertools.count(2))


_JSON_BODIES = {BodyShape.STRUCT, BodyShape.LIST, BodyShape.STRINGS, BodyShape.JSON}
_JSON_RESULTS = {ResultShape.STRUCT, ResultShape.LIST, ResultShape.STRINGS, ResultShape.JSON}


def body_holds(recorded: BodyShape, present: BodyShape) -> bool:
    """Whether a recorded function can send what is described."""
    return recorded is present or recorded is BodyShape.JSON and present in _JSON_BODIES


def _result_holds(recorded: ResultShape, present: ResultShape) -> bool:
    return recorded is present or present is ResultShape.NONE or recorded is ResultShape.JSON and present in _JSON_RESULTS
