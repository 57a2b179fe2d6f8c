# SPDX-License-Identifier: Apache-2.0
"""What doc comments say of a value: facts of the description in a few words, never its sentences."""

from __future__ import annotations

from okta_generate.model import Facts, Kind, Member, Parameter

from .text import code, plain


def _range(low: str, high: str, unit: str) -> str:
    if low in ("", "0") and unit:
        low = ""
    if low and high:
        return f"{low}{unit}" if low == high else f"{low} to {high}{unit}"
    if low:
        return f"at least {low}{unit}"
    return f"at most {high}{unit}" if high else ""


def of_value(facts: Facts) -> list[str]:
    """Format, limits, default."""
    out = [
        plain(facts.format),
        _range(facts.minimum, facts.maximum, ""),
        _range(facts.min_length, facts.max_length, " characters"),
        _range(facts.min_items, facts.max_items, " items"),
        f"default {code(facts.default)}" if facts.default else "",
        "may be null" if facts.nullable else "",
    ]
    return [text for text in out if text]


# A member of more variants than that is told without their names.
VARIANTS_NAMED = 3

_WHERE = {
    Kind.STRING: "a string", Kind.ENUM: "a string", Kind.JSON: "of another type", Kind.BOOL: "true or false",
    Kind.INT: "an integer", Kind.DOUBLE: "a number", Kind.OBJECT: "an object", Kind.STRINGS: "a list of strings",
    Kind.ENUMS: "a list of strings", Kind.OBJECTS: "a list of objects", Kind.MAP_STRINGS: "an object of strings",
    Kind.MAP_OBJECTS: "an object of objects", Kind.UPLOAD: "a file",
}  # fmt: skip


def _required(late: bool) -> str:
    return "required by the org" if late else "required"


def of_member(member: Member, shared: bool, since: str) -> str:
    """The comment of a member. `shared`: another member has its JSON name. `since`: of the struct."""
    out = [f"where it is {_WHERE[member.kind]}"] if shared else []
    if member.kind is Kind.JSON and not shared:
        out.append("JSON text")
    out += of_value(member.facts)
    out += [
        word
        for word, applies in (
            (_required(member.late), member.required),
            ("read-only", member.read_only),
            ("secret", member.secret),
        )
        if applies
    ]
    out += [code(media_type) for media_type in member.media_types]
    if 0 < len(member.variants) <= VARIANTS_NAMED:
        there = ", required there" if member.required_there else ""
        out.append(f"of {', '.join(map(code, member.variants))}{there}")
    return _with_versions(code(member.json), out, member.since, since, member.deprecated)


def of_parameter(parameter: Parameter, since: str) -> str:
    """The comment of a member of a params struct."""
    out = of_value(parameter.facts)
    if parameter.required:
        out.insert(0, _required(parameter.late))
    if parameter.place.value == "header":
        out.insert(0, "header")
    if parameter.secret:
        out.append("secret")
    return _with_versions(code(parameter.wire), out, parameter.since, since, parameter.deprecated)


def of_argument(parameter: Parameter) -> str:
    """The comment of an argument that goes into the path."""
    return "; ".join([code(parameter.wire), *of_value(parameter.facts)])


def _with_versions(name: str, facts: list[str], own: str, outer: str, deprecated: str) -> str:
    if own and own != outer:
        facts = [*facts, f"since {own}"]
    if deprecated:
        facts = [*facts, f"deprecated since {deprecated}"]
    return f"{name}: {'; '.join(facts)}" if facts else name
