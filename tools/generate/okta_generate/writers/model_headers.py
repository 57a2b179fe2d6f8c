# SPDX-License-Identifier: Apache-2.0
"""include/okta/models/: the structs and the enums of each header."""

from __future__ import annotations

from okta_generate.model import Enum, Header, Kind, Library, Member, Struct, Typedef

from . import facts, symbols, text

API_NAMES = {
    "management": "Management",
    "oauth": "OAuth 2.0 and OpenID Connect",
    "governance": "Governance",
    "myaccount": "MyAccount",
}


def tag_of(header: Header) -> str:
    """The tag and the API of a header, for comments."""
    api = f"Okta's {API_NAMES.get(header.api, header.api)} API"
    return f"the tag {text.code(header.tag)} of {api}" if header.tag else f"several tags of {api}"


def opened(path: str, paragraphs: list[str], includes: set[str]) -> str:
    """The begin of a public header, whose comment has these paragraphs."""
    guard = text.guard_of(path)
    lines = [" * @file"]
    for number, paragraph in enumerate(paragraphs):
        lines += [" *"] if number > 0 else []
        lines += [f" * {line}" for line in text.words(paragraph, text.WIDTH - 3)]
    comment = "/**\n" + "\n".join(lines) + "\n */\n"
    block = "".join(f'#include "{include}"\n' for include in sorted(includes))
    return f"{text.head()}{comment}#ifndef {guard}\n#define {guard}\n" + (f"\n{block}" if block else "")


def in_c(body: str) -> str:
    """Declarations with the linkage of C, and the end of the header."""
    return (
        '\n#ifdef __cplusplus\nextern "C" {\n#endif\n\n'
        f"{body}\n#ifdef __cplusplus\n}}\n#endif\n#endif\n"
    )


def versions(since: str, deprecated: str) -> str:
    """The end of a comment: since when, and from when on no more."""
    end = f" Deprecated since {deprecated}." if deprecated else ""
    return f"{end} @since {since}" if since else end


class Owners:
    """The members that lead to structs and enums which Okta gives no name."""

    def __init__(self, library: Library) -> None:
        self._owners: dict[str, str] = {}
        for struct in library.structs.values():
            for member in struct.members:
                if member.target:
                    self._owners.setdefault(member.target, f"{text.code(member.json)} of ::{struct.c_name}")
        for function in library.functions.values():
            parameters = list(function.path_parameters)
            parameters += function.params.parameters if function.params is not None else []
            for parameter in parameters:
                if parameter.target:
                    self._owners.setdefault(parameter.target, f"{text.code(parameter.wire)} of {function.c_name}()")
            for part, name in ((function.body, "Body"), (function.result, "Result")):
                if part is not None and part.target:
                    self._owners.setdefault(part.target, f"{name} of {function.c_name}()")

    def brief(self, c_name: str, schemas: list[str]) -> str:
        """What a type is: Okta's names of it, or where it stands."""
        return okta_names(schemas) if schemas else self._owners.get(c_name, "Of no description any more")


def okta_names(schemas: list[str]) -> str:
    """Okta's names of a type."""
    return "Okta's " + ", ".join(text.code(schema) for schema in schemas)


# Enums -------------------------------------------------------------------------------------------------------


def enum_path(header: str) -> str:
    """The path below include/ of the enums of a header."""
    return f"okta/models/{header}_enums.h"


def _enum(enum: Enum, owners: Owners) -> str:
    values = [(f"{enum.absent} = 0,", "absent"), (f"{enum.other},", "newer than the library")]
    for value in enum.values:
        note = text.code(value.text) if value.text.strip() else "a text without a letter"
        if value.since and value.since != enum.since:
            note += f"; since {value.since}"
        if value.deprecated:
            note += f"; deprecated since {value.deprecated}"
        values.append((f"{value.constant},", note))
    brief = owners.brief(enum.c_name, enum.schemas)
    head = text.comment([f"{brief}.{versions(enum.since, enum.deprecated)}"])
    return f"{head}typedef enum {enum.c_name} {{\n{text.behind(values)}}} {enum.c_name};\n"


def enum_header(library: Library, header: Header) -> str:
    """The header with the enums."""
    owners = Owners(library)
    enums = [_enum(library.enums[name], owners) for name in header.enums]
    start = opened(enum_path(header.name), [f"Enums of {tag_of(header)}."], set())
    return start + "\n" + "\n".join(enums) + "\n#endif\n"


# Structs -----------------------------------------------------------------------------------------------------


def model_path(header: str) -> str:
    """The path below include/ of the structs of a header."""
    return f"okta/models/{header}.h"


def members_of(library: Library, struct: Struct, known: set[str]) -> list[tuple[str, str]]:
    """The declarations of the members, each with its comment."""
    out = [("okta_model model;", "begin with OKTA_INIT()")]
    names = [member.json for member in struct.members]
    for member in struct.members:
        shared = names.count(member.json) > 1
        out.append((_declaration(library, member, known), facts.of_member(member, shared, struct.since)))
        if member.kind.counted:
            out.append((f"size_t {member.name}_count;", "how many"))
    return out


def _declaration(library: Library, member: Member, known: set[str]) -> str:
    later = "OKTA_LATER " if member.later else ""
    return f"{later}{symbols.member_type(library, member.kind, member.target, known)}{member.name};"


def _struct(library: Library, struct: Struct, known: set[str], owners: Owners) -> str:
    name = struct.c_name
    brief = [owners.brief(name, struct.schemas) + "."]
    if struct.attributes:
        brief.append("Its members are custom attributes: okta_extra() and okta_set_extra().")
    members = text.behind(members_of(library, struct, known))
    head = text.comment([" ".join(brief) + versions(struct.since, struct.deprecated)])
    out = [f"{head}typedef struct {name} {{\n{members}}} {name};\n"]
    known.add(name)
    out += [text.macros([(value.constant, value.text) for value in member.constants],
                        f"{text.code(member.json)} of ::{name}") for member in struct.members if member.constants]
    if struct.entry_name:
        out.append(_entry(struct))
        known.add(struct.entry_name)
    if struct.list_name:
        out.append(_list(struct))
    return "\n".join(out)


def _entry(struct: Struct) -> str:
    members = [("const char *name;", "its name"), (f"{struct.c_name} *value;", "NULL where it is null")]
    return (
        f"/** An entry of an object whose members are ::{struct.c_name}. */\n"
        f"typedef struct {struct.entry_name} {{\n{text.behind(members)}}} {struct.entry_name};\n"
    )


def _list(struct: Struct) -> str:
    members = [
        ("okta_model model;", "begin with OKTA_INIT()"),
        (f"{struct.c_name} **items;", "non-NULL, also when empty"),
        ("size_t count;", "how many"),
    ]
    return (
        f"/** A list of ::{struct.c_name}. As JSON: an array. */\n"
        f"typedef struct {struct.list_name} {{\n{text.behind(members)}}} {struct.list_name};\n"
    )


def descriptors_of(struct: Struct) -> list[str]:
    """The C types of a struct that have a descriptor: it, and its list."""
    return [name for name in (struct.c_name, struct.list_name) if name]


def _descriptor(name: str, since: str) -> str:
    return (
        text.comment([f"@return the descriptor of ::{name}. @since {since}"])
        + text.prototype("OKTA_API ", "const okta_descriptor *", f"{name}_descriptor", ["void"], ";")
        + "\n"
    )


def _typedef(typedef: Typedef, known: set[str], library: Library) -> str:
    complete = typedef.target in known or typedef.target in library.foreign
    what = okta_names([typedef.schema]) if typedef.schema else "Another name"
    return (
        text.comment([f"{what}: a ::{typedef.target}.{versions(typedef.since, '')}"])
        + f"typedef {'' if complete else 'struct '}{typedef.target} {typedef.c_name};\n"
    )


def _includes(library: Library, header: Header) -> set[str]:
    includes = {"okta/model.h"}
    targets = [library.typedefs[name].target for name in header.typedefs]
    for name in header.structs:
        for member in library.structs[name].members:
            if member.kind in (Kind.ENUM, Kind.ENUMS):
                includes.add(enum_path(library.enums[member.target].header))
            elif member.kind is Kind.UPLOAD:
                includes.add(symbols.UPLOAD_HEADER)
            elif member.target:
                targets.append(member.target)
    includes |= {library.foreign[name].include for name in targets if name in library.foreign}
    return includes


def model_header(library: Library, header: Header) -> str:
    """The header with the structs."""
    path = model_path(header.name)
    known: set[str] = set()
    owners = Owners(library)
    parts = [_struct(library, library.structs[name], known, owners) for name in header.structs]
    parts += [_typedef(library.typedefs[name], known, library) for name in header.typedefs]
    for name in header.structs:
        struct = library.structs[name]
        parts += [_descriptor(described, struct.since) for described in descriptors_of(struct)]
    start = opened(path, [f"Structs of {tag_of(header)}."], _includes(library, header))
    return start + in_c("\n".join(parts))
