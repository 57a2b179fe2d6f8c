# SPDX-License-Identifier: Apache-2.0
"""The doc comments of functions: method, path, scopes, effect, parameters, results, errors, version."""

from __future__ import annotations

from okta_generate.model import Body, BodyShape, Function, Library, PathBase, ResultShape, Security

from . import facts, symbols, text

# What a client makes of these statuses; those that any operation can answer with are told once, elsewhere.
_ERRORS = {"400": "OKTA_E_INVALID", "404": "OKTA_E_NOT_FOUND", "409": "OKTA_E_CONFLICT"}

_SECURITY = {
    Security.API: "",
    Security.USER: "Takes the access token of a signed-in user.",
    Security.CLIENT: "Takes the authentication of an OAuth 2.0 client.",
    Security.NONE: "Takes no authorization.",
}

_DEFAULT_BODY = {
    BodyShape.FORM: ["application/x-www-form-urlencoded"],
    BodyShape.MULTIPART: ["multipart/form-data"],
    BodyShape.BYTES: [],
}


def default_types(body: Body) -> list[str]:
    """The media types of a body where nothing is said about them."""
    return _DEFAULT_BODY.get(body.shape, ["application/json"])


def brings_all_pages(function: Function) -> bool:
    """Whether the function itself brings all pages of a paged list: models in an array are appended. A page that is
    an object has members of its own, and is the result as it came."""
    return function.paging is not None and function.result.shape is ResultShape.LIST


def what(function: Function) -> str:
    """The facts of a request in short sentences; the operation, method and path first."""
    out = [f"{function.operation}: {text.code(f'{function.method} {function.path}')}."]
    if function.base is PathBase.OTHER:
        out.append("Goes to drapp.{host of the org}.")
    if function.scopes:
        word = "Scope" if len(function.scopes) == 1 else "Scopes"
        out.append(f"{word} {', '.join(text.code(scope) for scope in function.scopes)}.")
    out.append(_SECURITY[function.security])
    out.append(f"Effect: {function.effect.value}.")
    if function.paging is not None:
        out.append("Paged." if brings_all_pages(function) else f"Paged: brings one page, {function.c_name}_pages() all.")
    if function.good_statuses:
        out.append(f"Succeeds with {', '.join(str(status) for status in function.good_statuses)}.")
    return " ".join(sentence for sentence in out if sentence)


def body_note(body: Body) -> str:
    """The comment of a body argument."""
    out = ["required" if body.required and not body.late else "nullable"]
    if body.late:
        out.append("the org requires one")
    if body.shape is BodyShape.JSON:
        out.append("one JSON document")
    if body.media_types and body.media_types != default_types(body):
        out.append("sent as " + " or ".join(text.code(media_type) for media_type in body.media_types))
    return "; ".join(out)


def result_note(library: Library, function: Function) -> str:
    """The comment of the out argument."""
    out = ["yours; NULL after an error"]
    if function.result.may_be_empty:
        out[0] += " and where the answer is empty"
    types = function.result.media_types
    if types and types != ["application/json"]:
        out.append("Okta sends " + " or ".join(text.code(media_type) for media_type in types))
    return "; ".join(out)


def _returns(function: Function) -> str:
    errors = [f"::{_ERRORS[status.code]}" for status in function.statuses if status.code in _ERRORS]
    return "; ".join(["NULL", ", ".join(errors)] if errors else ["NULL, or the failure"])


def _deprecated(function: Function) -> list[str]:
    if function.successor:
        return [f"@deprecated since {function.deprecated} of libokta: Okta describes {function.successor}()."]
    if function.deprecated:
        return [f"@deprecated Okta does not describe it any more, since {function.deprecated} of libokta."]
    return ["@deprecated by Okta."] if function.deprecated_by_okta else []


def function_comment(library: Library, function: Function) -> str:
    """The comment of the blocking function."""
    lines = [what(function), "@param[in] client required."]
    for parameter in function.path_parameters:
        lines.append(f"@param[in] {parameter.name} {facts.of_argument(parameter)}.")
    if function.params is not None:
        lines.append(f"@param[in] params {'required' if function.params.required else 'nullable'}.")
    if function.body is not None:
        lines.append(f"@param[in] {function.body.argument} {body_note(function.body)}.")
    if function.result.shape is not ResultShape.NONE:
        lines.append(f"@param[out] out {result_note(library, function)}.")
    lines.append(f"@return {_returns(function)}.")
    lines += _deprecated(function)
    if function.since:
        lines.append(f"@since {function.since}")
    return text.comment(lines)


def call_comment(library: Library, function: Function) -> str:
    """The comment of the twin."""
    result = symbols.result_type(library, function.result)
    end = f" @since {function.since}" if function.since else ""
    tail = f"its result is ::{result}" if result else "it has no result"
    return text.comment([f"{function.c_name}() as a call; {tail}.{end}"])


def pages_comment(function: Function) -> str:
    """The comment of the function that returns pages."""
    item = function.paging.item if function.paging is not None else ""
    what_items = f"OKTA_NEXT() gives each ::{item}" if item else "their items are no models"
    end = f" @since {function.since}" if function.since else ""
    return text.comment([f"The pages of {function.c_name}(); {what_items}.{end}"])
