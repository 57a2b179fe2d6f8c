# SPDX-License-Identifier: Apache-2.0
"""The library as plain data: what the passes produce and all that the writers see.

Nothing here knows YAML, OpenAPI or the ledger. Every name of C is final: the passes chose it, the ledger
recorded it, and the pass over clashes has seen it. Every list is in the order in which it is written:
members, enum values, parameters in the order of the ledger, which is append-only; structs, enums and
functions in the order of their first meeting in their header. `to_data()` makes text-ready data of it.
"""

from __future__ import annotations

import dataclasses
import enum
import functools
from dataclasses import dataclass, field


class Kind(enum.Enum):
    """The C type of a struct member, a parameter, and with it the JSON type it takes."""

    STRING = "string"  # const char *; all formats, dates stay text
    JSON = "json"  # const char *: any JSON value as text
    BOOL = "bool"  # okta_opt_bool
    INT = "int"  # okta_opt_int
    DOUBLE = "double"  # okta_opt_double
    ENUM = "enum"  # the enum `target`
    OBJECT = "object"  # pointer to the struct `target`
    STRINGS = "strings"  # const char **, with `<name>_count`
    ENUMS = "enums"  # pointer to enums `target`, with `<name>_count`
    OBJECTS = "objects"  # pointer to pointers to structs `target`, with `<name>_count`
    MAP_STRINGS = "map_strings"  # okta_string_entry *, with `<name>_count`
    MAP_OBJECTS = "map_objects"  # `<target>_entry` *, with `<name>_count`
    UPLOAD = "upload"  # okta_upload: a file of a multipart body; only in structs with `multipart`

    @property
    def counted(self) -> bool:
        """Whether the member has a `<name>_count` beside it."""
        return self in _COUNTED

    @property
    def has_target(self) -> bool:
        """Whether the member names an enum or a struct."""
        return self in _TARGETED


_COUNTED = {Kind.STRINGS, Kind.ENUMS, Kind.OBJECTS, Kind.MAP_STRINGS, Kind.MAP_OBJECTS}
_TARGETED = {Kind.ENUM, Kind.ENUMS, Kind.OBJECT, Kind.OBJECTS, Kind.MAP_OBJECTS}


@dataclass
class Facts:
    """What a description says of a value beyond its type; for doc comments."""

    format: str = ""  # of a string or number: "date-time", "uri", "int64" …
    default: str = ""  # as JSON text; "" where there is none, or where it is prose
    minimum: str = ""
    maximum: str = ""
    min_length: str = ""
    max_length: str = ""
    min_items: str = ""
    max_items: str = ""
    nullable: bool = False  # the description allows an explicit null
    write_only: bool = False  # sent, and never answered


@dataclass
class EnumValue:
    """A constant of an enum. Its number is its place in the enum: 0 absent, 1 other, then from 2 on."""

    constant: str  # OKTA_USER_STATUS_ACTIVE
    text: str  # the text on the wire
    since: str = ""  # the version of libokta that has it first
    deprecated: str = ""  # the version of libokta from which on no description has it; "" while one has


@dataclass
class Enum:
    """An enum, `..._ABSENT` and `..._OTHER` not listed."""

    c_name: str  # okta_user_status
    header: str  # of Library.headers; it stands in include/okta/models/<header>_enums.h
    absent: str  # the constant of 0
    other: str  # the constant of 1
    values: list[EnumValue] = field(default_factory=list)
    schemas: list[str] = field(default_factory=list)  # Okta's names of it; empty for an inline enum
    since: str = ""
    deprecated: str = ""


@dataclass
class Member:
    """A member of a struct. Two members of one struct may have the same `json`: the JSON type decides."""

    name: str  # last_updated
    json: str  # lastUpdated; for a form or a multipart body the field's name
    kind: Kind
    target: str = ""  # C name of the enum or struct, see Kind.has_target
    read_only: bool = False  # decoded, left out of request bodies
    secret: bool = False  # redacted
    unique: bool = False  # an object that has it twice is refused
    required: bool = False  # in every alternative of the description; says nothing about answers
    variants: list[str] = field(default_factory=list)  # Okta's names of those that have it, where others lack it
    required_there: bool = False  # in each of `variants`
    late: bool = False  # UPLOAD: required, but not when programs got it first: its absence is left to the org
    comma_list: bool = False  # a list in a form: one field, its values joined by spaces or commas
    media_types: list[str] = field(default_factory=list)  # UPLOAD: the media types the description names
    later: bool = False  # begins behind the size that the struct had in programs before
    added: bool = False  # programs have the struct without it: they look for an extra
    constants: list[EnumValue] = field(default_factory=list)  # macros for the texts of a member that stayed text
    facts: Facts = field(default_factory=Facts)
    since: str = ""
    deprecated: str = ""


@dataclass
class Struct:
    """A model. It begins with `okta_model model`."""

    c_name: str  # okta_user
    header: str  # of Library.headers; it stands in include/okta/models/<header>.h
    schema: str  # Okta's name of it for messages; for an inline object the owner's and the member's
    members: list[Member] = field(default_factory=list)
    schemas: list[str] = field(default_factory=list)  # all of Okta's names that are bound to it
    open: bool = False  # the description allows further members: they are extras
    attributes: bool = False  # has no members of its own: its extras are custom attributes
    list_name: str = ""  # okta_user_list, where an operation takes or gives a list of it
    list_wrappers: list[str] = field(default_factory=list)  # members that may wrap that array
    entry_name: str = ""  # okta_user_entry, where some member is a map of it
    secret_extras: list[str] = field(default_factory=list)  # members it does not have that are secret
    since: str = ""
    deprecated: str = ""


@dataclass
class ForeignType:
    """A type that is written by hand and that members, bodies or results use, such as okta_links."""

    c_name: str
    include: str  # okta/links.h
    descriptor: str = ""  # the C name of its descriptor object inside the library


@dataclass
class Typedef:
    """A further name of a struct."""

    c_name: str
    target: str
    header: str
    schema: str = ""  # Okta's name, where it is one of a schema
    since: str = ""


# What a function calls its own arguments and variables; a body's argument may have another name.
ARGUMENTS = ("client", "params", "body", "out", "ids")


class Place(enum.Enum):
    """Where a parameter goes."""

    PATH = "path"
    QUERY = "query"
    HEADER = "header"


@dataclass
class Parameter:
    """A parameter of an operation: an argument of the function (path), or a member of its params struct."""

    name: str  # app_id
    wire: str  # appId
    place: Place
    kind: Kind  # STRING or ENUM in a path; STRING BOOL INT DOUBLE ENUM STRINGS ENUMS elsewhere
    target: str = ""  # the enum
    required: bool = False
    late: bool = False  # required, but not when programs got it first: its absence is left to the org
    comma_list: bool = False  # of a list: one value joined by commas; else the key is repeated
    secret: bool = False  # of query and header: no error shows it
    open: bool = False  # PATH: the value may hold slashes and is a rest of a path
    later: bool = False  # begins behind the size that the params struct had in programs before
    constants: list[EnumValue] = field(default_factory=list)  # macros for the texts of one that stayed text
    facts: Facts = field(default_factory=Facts)
    since: str = ""
    deprecated: str = ""


@dataclass
class Params:
    """The params struct of an operation: okta_model and the query and header parameters."""

    c_name: str  # okta_list_users_params
    parameters: list[Parameter] = field(default_factory=list)

    @property
    def required(self) -> bool:
        """Whether a NULL is refused."""
        return any(parameter.required and not parameter.late for parameter in self.parameters)


class BodyShape(enum.Enum):
    """What the body argument of a function is."""

    STRUCT = "struct"  # const <target> *
    LIST = "list"  # const <target>_list *: a JSON array of objects; `target` is the item's struct
    STRINGS = "strings"  # const okta_string_list *: a JSON array of strings
    JSON = "json"  # const char *json: any JSON text
    BYTES = "bytes"  # const okta_bytes *
    FORM = "form"  # const <target> *: application/x-www-form-urlencoded
    MULTIPART = "multipart"  # const <target> *: multipart/form-data, with okta_upload members


@dataclass
class Body:
    """The body of a request."""

    shape: BodyShape
    argument: str  # the name of the argument: "body", or what the overlay says
    target: str = ""  # the C name of the struct; for LIST of the item's
    media_types: list[str] = field(default_factory=list)  # the first is the default
    required: bool = True  # a NULL is refused
    late: bool = False  # required, but not when programs got it first: a NULL is left to the org
    typedef: str = ""  # the name that the signature shows, where it is a typedef of the target


class ResultShape(enum.Enum):
    """What the result of a function is."""

    NONE = "none"  # no out argument
    STRUCT = "struct"  # <target> **out
    LIST = "list"  # <target>_list **out: a JSON array of objects; `target` is the item's struct
    STRINGS = "strings"  # okta_string_list **out: a JSON array of strings
    JSON = "json"  # okta_json **out: any JSON text
    BYTES = "bytes"  # okta_bytes **out: bytes and their media type
    LOCATION = "location"  # okta_location **out: the Location of an answer of 2xx or 3xx


@dataclass
class Result:
    """The result of an operation that went well."""

    shape: ResultShape
    target: str = ""
    media_types: list[str] = field(default_factory=list)  # what Accept says, the first by default
    may_be_empty: bool = False  # some good status has no body: the result then is NULL


class Effect(enum.Enum):
    """What a repetition of the request would do."""

    READ = "read"
    CREATE = "create"
    REPLACE = "replace"
    UPDATE = "update"
    DELETE = "delete"
    STATE = "state"  # brings about a state; the same twice
    ACTION = "action"  # must not happen twice


class PagingStyle(enum.Enum):
    """How the next page of a list is found."""

    LINK = "link"  # a Link header with rel="next"
    BODY = "body"  # `_links.next.href` in the body
    AFTER = "after"  # the query parameter `after`, taken from the page


@dataclass
class Paging:
    """A list that comes in pages."""

    style: PagingStyle
    item: str  # C name of the struct of an item; "" for strings
    items: str = ""  # JSON name of the array in a page that is an object; "" where the page is the array
    after: str = ""  # name of the query parameter for the cursor; "" where there is none
    limit: str = ""  # name of the query parameter for the size of a page
    cursor: str = ""  # AFTER: where in a page its value is, names with dots between: "metadata.after"
    endless_without: str = ""  # the query parameter without which the list never ends: "until"


class Security(enum.Enum):
    """What a request shows to be let in."""

    API = "api"  # an API token or an OAuth 2.0 access token of an admin or a service app
    USER = "user"  # an access token of the end user (MyAccount)
    CLIENT = "client"  # the authentication of an OAuth 2.0 client: an assertion or a secret in the form
    NONE = "none"  # nothing


class PathBase(enum.Enum):
    """What the path is relative to."""

    ORG = "org"  # https://{org}
    OTHER = "other"  # another root that the description names


@dataclass
class Status:
    """A status that the description has for an operation."""

    code: str  # "200", "default"
    has_body: bool
    reason: str = ""  # a fact in a few words, such as the name of the response component


@dataclass
class Function:
    """A function of the API, and the row of its operation. Its `_call` twin has the same arguments.

    Several functions may be of one operation: `variant` then tells the suffix that the later ones have
    because a program may be compiled against the earlier one.
    """

    c_name: str  # okta_get_user
    operation: str  # Okta's operationId
    api: str  # management, oauth, governance, myaccount
    tag: str  # the tag of Okta's reference
    header: str  # of Library.headers; it stands in include/okta/api/<header>.h
    method: str  # GET
    path: str  # /api/v1/users/{id}
    effect: Effect
    path_parameters: list[Parameter] = field(default_factory=list)
    params: Params | None = None
    body: Body | None = None
    result: Result = field(default_factory=lambda: Result(ResultShape.NONE))
    good_statuses: list[int] = field(default_factory=list)  # of 2xx and 3xx that mean success
    empty_statuses: list[int] = field(default_factory=list)  # good ones that may come without the body of the others
    statuses: list[Status] = field(default_factory=list)
    scopes: list[str] = field(default_factory=list)
    security: Security = Security.API
    base: PathBase = PathBase.ORG
    paging: Paging | None = None
    variant: str = ""
    hooks: dict[str, str] = field(default_factory=dict)  # row member -> C symbol written by hand in src/settle
    list_of: str = ""  # C name of the function that lists what this one creates; for a settlement
    state_of: str = ""  # STATE: C name of the function that reads the object
    target_state: str = ""  # STATE: the value of its `status` afterwards
    deprecated_by_okta: bool = False
    since: str = ""
    deprecated: str = ""  # the version of libokta from which on no description has it, or has `successor` in its place
    successor: str = ""  # C name of the function that has what is described in place of this one


@dataclass
class Header:
    """A group of structs, enums and functions: the base name of its four files."""

    name: str  # user, governance_campaigns
    api: str
    tag: str
    structs: list[str] = field(default_factory=list)
    enums: list[str] = field(default_factory=list)
    typedefs: list[str] = field(default_factory=list)
    functions: list[str] = field(default_factory=list)


@dataclass
class Change:
    """Something that a program can feel although no type of C changed; for tools/generate/CHANGES.md."""

    version: str  # of libokta
    name: str  # okta_user.status, okta_get_user()
    what: str  # "became read-only: it is not sent any more"


@dataclass
class Library:
    """Everything that is generated."""

    version: str  # the version of libokta that the run writes, such as 0.2.0
    descriptions: dict[str, str] = field(default_factory=dict)  # api -> the description's version
    headers: dict[str, Header] = field(default_factory=dict)
    structs: dict[str, Struct] = field(default_factory=dict)
    enums: dict[str, Enum] = field(default_factory=dict)
    foreign: dict[str, ForeignType] = field(default_factory=dict)
    typedefs: dict[str, Typedef] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)
    former_names: dict[str, str] = field(default_factory=dict)  # an operationId that was -> the function's C name
    changes: list[Change] = field(default_factory=list)  # in the order of the versions

    @functools.cached_property
    def shared_ids(self) -> set[str]:
        """The operationIds that two APIs have. Read it when all functions are there."""
        first: dict[str, str] = {}
        return {found.operation for found in self.functions.values()
                if first.setdefault(found.operation, found.api) != found.api}

    def to_data(self) -> dict:
        """The library as dicts, lists, texts, numbers: for JSON."""
        return _data(self)


def _data(value: object) -> object:
    if isinstance(value, enum.Enum):
        return value.value
    if dataclasses.is_dataclass(value):
        return {f.name: _data(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {key: _data(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_data(item) for item in value]
    return value
