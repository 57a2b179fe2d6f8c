# SPDX-License-Identifier: Apache-2.0
"""What a program can feel of an item beyond its C type, as text for the ledger, and back for what is gone.

Of a function and a struct it is an object of JSON that leaves out what most have; of a member and a parameter
words with blanks between.
"""

from __future__ import annotations

import json

from .ledger import Key, Ledger
from .model import Effect, Function, Member, Paging, PagingStyle, Parameter, PathBase, ResultShape, Security, Struct


def _text(values: dict) -> str:
    kept = {key: value for key, value in values.items() if value not in ("", False, [], {}, None)}
    return json.dumps(kept, sort_keys=True, separators=(",", ":")) if kept else ""


def values(text: str) -> dict:
    """The values of a state."""
    return json.loads(text) if text else {}


def of_function(function: Function) -> str:
    """All that a row has beside the types of arguments and result."""
    body, paging = function.body, function.paging
    return _text({
        "id": function.operation,
        "effect": function.effect.value,
        "security": "" if function.security is Security.API else function.security.value,
        "base": "" if function.base is PathBase.ORG else function.base.value,
        "codes": function.good_statuses,
        "empty": function.empty_statuses,
        "scopes": function.scopes,
        "body types": body.media_types if body and body.media_types != ["application/json"] else [],
        "body optional": bool(body) and (not body.required or body.late),
        "body late": bool(body) and body.late,
        "answer types": [] if function.result.media_types == ["application/json"] else function.result.media_types,
        "answer may be empty": function.result.may_be_empty,
        "page": [paging.items, paging.cursor, paging.endless_without] if paging else [],
        "argument": body.argument if body and body.argument != "body" else "",
        "typedef": body.typedef if body else "",
        "hooks": function.hooks,
        "list": function.list_of,
        "state": [function.state_of, function.target_state] if function.state_of else [],
    })


def restore_function(function: Function, text: str) -> None:
    """Gives a function that no description has any more what its last one told."""
    said = values(text)
    function.operation = said.get("id", function.operation)
    function.effect = Effect(said["effect"])
    function.security = Security(said.get("security", Security.API.value))
    function.base = PathBase(said.get("base", PathBase.ORG.value))
    function.good_statuses = said.get("codes", [])
    function.empty_statuses = said.get("empty", [])
    function.scopes = said.get("scopes", [])
    function.hooks = said.get("hooks", {})
    restore_body(function, text)
    restore_answers(function, text)


def restore_body(function: Function, text: str) -> None:
    """Gives a function whose body no description has any more what the last one told of it."""
    said = values(text)
    if function.body:
        function.body.media_types = said.get("body types", ["application/json"])
        function.body.required = "body optional" not in said or "body late" in said
        function.body.late = "body late" in said
        function.body.argument, function.body.typedef = said.get("argument", "body"), said.get("typedef", "")


def restore_answers(function: Function, text: str) -> None:
    """Gives a function whose result no description has any more what the last one told of it."""
    said = values(text)
    if function.result.shape is not ResultShape.NONE:
        function.result.media_types = said.get("answer types", ["application/json"])
        function.result.may_be_empty = "answer may be empty" in said


def widen_function(function: Function, text: str) -> None:
    """Keeps what programs may do: the codes of success that descriptions had before, as not all orgs are of one
    release; a body that was optional."""
    said, described = values(text), function.good_statuses
    if function.body:
        function.body.late = function.body.required and "body optional" in said
    if described and "codes" in said:
        former = [code for code in said["codes"] if code not in described]
        function.good_statuses = sorted(described + former)
        if function.result.shape not in (ResultShape.NONE, ResultShape.LOCATION):
            function.empty_statuses = sorted({*function.empty_statuses, *(code for code in said.get("empty", ())
                                                                          if code in former)})


def restore_paging(function: Function, item: str, text: str) -> None:
    """Gives a function the pages that the ledger has of it."""
    items, cursor, endless = values(text).get("page") or ["", "", ""]
    style = PagingStyle.BODY if function.result.shape is ResultShape.STRUCT else PagingStyle.LINK
    function.paging = Paging(style, item, items, cursor=cursor, endless_without=endless)


def restore_list(function: Function, text: str) -> None:
    """Gives a function that creates what no function lists any more the one that did."""
    function.list_of = values(text).get("list", "")


def restore_target(function: Function, text: str) -> None:
    """Gives a function that changes the state of what no function reads any more the one that did."""
    function.state_of, function.target_state = values(text).get("state", ["", ""])


def former_names(ledger: Ledger) -> dict[str, str]:
    """The names that operations had at Okta before, each with its function."""
    found = {}
    for change in ledger.changes():
        if (change.kind, change.of) == ("A", "F") and change.before:
            before = values(change.before).get("id", "")
            if before != values(change.state).get("id", ""):
                found[before] = ledger.get("F", *change.key)[0]
    return found


def ids(ledger: Ledger) -> list[tuple[Key, str]]:
    """The ids that the operations of functions have or had at Okta, as far as the ledger knows."""
    states = [(key, ledger.state("F", *key)[0]) for key, _ in ledger.all("F")]
    states += [(change.key, change.before) for change in ledger.changes() if (change.kind, change.of) == ("A", "F")]
    return [(key, values(state)["id"]) for key, state in states if "id" in values(state)]


def of_struct(struct: Struct) -> str:
    """What a struct does with members that it does not have."""
    return _text({"open": struct.open, "attributes": struct.attributes, "secret extras": struct.secret_extras,
                  "wrappers": struct.list_wrappers})


def restore_struct(struct: Struct, text: str) -> None:
    """Gives a struct that no description has any more what its last one told."""
    said = values(text)
    struct.open, struct.attributes = "open" in said, "attributes" in said
    struct.secret_extras, struct.list_wrappers = said.get("secret extras", []), said.get("wrappers", [])


REQUIRED = "required"  # the word for what is refused where it is missing
LATE = "late"  # the word for what the org requires, and what is not refused where it is missing


def of_member(is_read_only: bool, is_secret: bool, need: str) -> str:
    """Whether a member is sent, and shown; whether a file may be missing: REQUIRED, LATE or nothing."""
    return " ".join(["read-only"] * is_read_only + ["secret"] * is_secret + [need] * bool(need))


def restore_member(member: Member, text: str) -> None:
    """Gives a member that no description has any more what its last one told."""
    words = text.split()
    member.read_only, member.secret = "read-only" in words, "secret" in words
    member.required, member.late = REQUIRED in words or LATE in words, LATE in words


def of_parameter(is_comma_list: bool, need: str, is_secret: bool) -> str:
    """How a list is written; whether the parameter may be missing: REQUIRED, LATE or nothing; whether errors show the
    value."""
    return " ".join(["commas"] * is_comma_list + [need] * bool(need) + ["secret"] * is_secret)


def restore_parameter(parameter: Parameter, text: str) -> None:
    """Gives a parameter that no description has any more what its last one told."""
    words = text.split()
    parameter.comma_list, parameter.secret = "commas" in words, "secret" in words
    parameter.required, parameter.late = REQUIRED in words or LATE in words, LATE in words


def relaxed(text: str) -> str:
    """The state of what may be missing from here on."""
    return " ".join(word for word in text.split() if word not in (REQUIRED, LATE))
