# SPDX-License-Identifier: Apache-2.0
"""Makes the row of an operation: path, statuses, scopes, security, body, result, paging, settlement."""

from __future__ import annotations

import re

from . import effects, states
from .ledger import Ledger
from .model import (Body, BodyShape, Effect, Function, Kind, Library, Paging, PagingStyle, PathBase, Result,
                    ResultShape, Security, Status)
from .operations import Planned, body_holds
from .description import RawOperation

_OAUTH = {"oauth2", "OAuth2"}


def function(ledger: Ledger, key: str, variant: str, name: str, header: str, planned: Planned | None) -> Function:
    """The function of a line of the ledger, its parameters left out."""
    method, path = key.split(" ", 1)
    api, tag = ledger.get("H", header)
    found = Function(name, name[len("okta_"):], api, tag, header, method, path, Effect.READ)
    shape, target = ledger.get("R", name)
    found.result = Result(ResultShape(shape), target)
    body = ledger.get("B", name)
    if body:
        found.body = Body(BodyShape(body[0]), "body", body[1])
    if planned:
        _describe(found, planned)
        if not _fits_hooks(ledger, key, name):
            found.hooks = {}
        _keep(found, planned, ledger.state("F", key, variant)[0])
        states.widen_function(found, ledger.state("F", key, variant)[0])
    else:
        states.restore_function(found, ledger.state("F", key, variant)[0])
    return found


def _fits_hooks(ledger: Ledger, key: str, name: str) -> bool:
    """Whether a function takes and gives what the first one of its operation does, which the hooks are written for."""
    first = ledger.get("F", key, "")
    return not first or all(ledger.get(kind, name) == ledger.get(kind, first[0]) for kind in ("B", "R"))


def good_statuses(operation: RawOperation) -> list[int]:
    """The statuses that mean success; none where any of 2xx and 3xx does."""
    codes = [int(response.code) for response in operation.responses if response.code[0] == "2"]
    codes += [int(code) for code in operation.marks.get("statuses", ()) if int(code) not in codes]
    return sorted(codes)


def security(operation: RawOperation) -> Security:
    """What a request shows to be let in."""
    if "security" in operation.marks:
        return Security(str(operation.marks["security"]))
    schemes = {name for choice in operation.security or () for name in choice}
    if not schemes:
        return Security.NONE
    if any(name.startswith("Client_authentication") for name in schemes):
        return Security.CLIENT
    return Security.USER if operation.api == "myaccount" else Security.API


def _scopes(operation: RawOperation) -> list[str]:
    return list(dict.fromkeys(str(scope) for choice in operation.security or () for name, scopes in choice.items()
                              if name in _OAUTH for scope in scopes or ()))


def _describe(found: Function, planned: Planned) -> None:
    raw = planned.raw
    found.operation, found.path = raw.id, raw.path
    found.api, found.tag = raw.api, raw.tag
    found.effect = effects.effect(raw)
    found.good_statuses, found.security, found.scopes = good_statuses(raw), security(raw), _scopes(raw)
    if found.result.shape not in (ResultShape.NONE, ResultShape.LOCATION):
        empty = {response.code for response in raw.responses if not response.content}
        empty |= {str(code) for code in raw.marks.get("bare_statuses", ())}
        found.empty_statuses = [code for code in found.good_statuses if str(code) in empty]
    found.statuses = [Status(response.code, bool(response.content), response.name) for response in raw.responses]
    found.base = PathBase.OTHER if raw.servers else PathBase.ORG
    found.deprecated_by_okta = raw.deprecated
    found.hooks = {str(name): str(symbol) for name, symbol in dict(raw.marks.get("hooks", {})).items()}
    found.target_state = str(raw.marks.get("target_state", ""))
    # A body of another shape is that of a further function; this one keeps what the ledger has of its own.
    if found.body and planned.body and body_holds(found.body.shape, planned.body.shape):
        found.body.media_types = planned.body.media
        found.body.required = bool(raw.marks.get("body_required", raw.body.required if raw.body else False))
        found.body.argument = str(raw.marks.get("argument", "body"))
        found.body.typedef = str(raw.marks.get("body_typedef", ""))
    # A function whose shape of result nothing has any more keeps what the ledger has of its pages.
    for result in planned.results:
        if result.shape is found.result.shape:
            found.result.media_types = result.media
            found.result.may_be_empty = result.may_be_empty or "bare_statuses" in raw.marks
            _page(found, raw)


def _keep(found: Function, planned: Planned, text: str) -> None:
    """What a recorded function sends and asks for where the description has another body or result: its own."""
    if text and found.body and not (planned.body and body_holds(found.body.shape, planned.body.shape)):
        states.restore_body(found, text)
    if text and all(result.shape is not found.result.shape for result in planned.results):
        states.restore_answers(found, text)


def _page(found: Function, raw: RawOperation) -> None:
    """Whether a list may come in pages, as far as the operation alone tells."""
    queries = [parameter.name for parameter in raw.parameters if parameter.place == "query"]
    if found.result.shape in (ResultShape.LIST, ResultShape.STRINGS) and found.method == "GET":
        found.paging = Paging(PagingStyle.LINK, found.result.target)
    elif found.result.shape is ResultShape.STRUCT and found.method == "GET":
        found.paging = Paging(PagingStyle.BODY, "", str(raw.marks.get("page_items", "")))
    if found.paging:
        found.paging.after = "after" if "after" in queries else ""
        found.paging.limit = "limit" if "limit" in queries else ""
        found.paging.cursor = str(raw.marks.get("page_cursor", ""))
        found.paging.endless_without = str(raw.marks.get("endless_without", ""))


def fill_path(found: Function) -> None:
    """Names the placeholders of a path that only the ledger has."""
    names = iter(parameter.name for parameter in found.path_parameters)
    found.path = re.sub(r"\{\}", lambda _: "{" + next(names) + "}", found.path)
    for parameter, wire in zip(found.path_parameters, re.findall(r"\{([^{}]*)\}", found.path)):
        parameter.wire, parameter.required = wire, True


def connect(library: Library, ledger: Ledger) -> None:
    """Finds what needs the whole library: arrays of pages, and who reads what another one changes."""
    reads = {(found.path, found.api): found for found in library.functions.values()
             if found.method == "GET" and not found.deprecated}
    for found in library.functions.values():
        if found.paging and found.paging.style is PagingStyle.BODY and not _find_items(library, found):
            found.paging = None
        _record_pages(ledger, found)
        recorded = ledger.state("F", _key(found), found.variant)[0]
        if found.effect is Effect.STATE:
            _connect_state(library, found, reads, recorded)
        if found.effect is Effect.CREATE:
            _connect_list(found, reads, recorded)


def _key(found: Function) -> str:
    return found.method + " " + re.sub(r"\{[^{}]*\}", "{}", found.path)


def _connect_list(found: Function, reads: dict, recorded: str) -> None:
    """Finds the function that lists what this one creates. What is deprecated, or has none any more, keeps what it had."""
    lister = reads.get((found.path, found.api))
    if lister is None or found.deprecated and recorded:
        states.restore_list(found, recorded)
    elif lister.result.shape is ResultShape.LIST:
        found.list_of = lister.c_name


def _record_pages(ledger: Ledger, found: Function) -> None:
    """A function that has pages keeps them, and their item."""
    recorded = ledger.get("I", found.c_name)
    if recorded and (found.paging is None or found.paging.item != recorded[0]):
        states.restore_paging(found, recorded[0], ledger.state("F", _key(found), found.variant)[0])
    elif found.paging:
        ledger.put("I", (found.c_name,), (found.paging.item,))


def _find_items(library: Library, found: Function) -> bool:
    """The one array of a page that is an object. Only a page that can name the next one is a page."""
    struct = library.structs.get(found.result.target)
    paging = found.paging
    if not struct or not paging or not (paging.after or paging.items):
        return False
    arrays = [member for member in struct.members if member.kind in (Kind.OBJECTS, Kind.STRINGS)
              and (not paging.items or member.json == paging.items)]
    if len(arrays) != 1 or not paging.items and not any(member.json == "_links" for member in struct.members):
        return False
    paging.items, paging.item = arrays[0].json, arrays[0].target
    return True


def _connect_state(library: Library, found: Function, reads: dict, recorded: str) -> None:
    path, _, verb = found.path.partition("/lifecycle/")
    reader = reads.get((path, found.api))
    if reader is None or found.deprecated and recorded:
        states.restore_target(found, recorded)
        return
    struct = library.structs.get(reader.result.target)
    status = next((member for member in struct.members if member.json == "status"), None) if struct else None
    # What is not found by an id, such as a method by its type, does not tell by one which it is.
    if not status or not path.endswith("}") or found.path_parameters[-1].kind is not Kind.STRING:
        return
    texts = {value.text for value in library.enums[status.target].values} if status.kind is Kind.ENUM else set()
    wanted = found.target_state or {"activate": "ACTIVE", "deactivate": "INACTIVE"}.get(verb, "")
    if wanted in texts:
        found.state_of, found.target_state = reader.c_name, wanted
