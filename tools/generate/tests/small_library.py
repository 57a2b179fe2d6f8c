# SPDX-License-Identifier: Apache-2.0
"""A made-up library with one of each shape, for the tests of the writers."""

from __future__ import annotations

from okta_generate.model import (
    Body, BodyShape, Effect, Enum, EnumValue, Facts, ForeignType, Function, Header, Kind, Library, Member, Paging,
    PagingStyle, Parameter, Params, PathBase, Place, Result, ResultShape, Security, Status, Struct, Typedef,
)  # fmt: skip

SINCE = "0.2.0"


def _enums() -> list[Enum]:
    return [
        Enum(
            "okta_pet_kind", "pet", "OKTA_PET_KIND_ABSENT", "OKTA_PET_KIND_OTHER",
            [
                EnumValue("OKTA_PET_KIND_CAT", "CAT", SINCE),
                EnumValue("OKTA_PET_KIND_BIG_DOG", "BIG DOG??/*@\\*/", "0.3.0"),
                EnumValue("OKTA_PET_KIND_OTHER_", "OTHER", SINCE, deprecated="0.3.0"),
            ],
            ["PetKind"], SINCE,
        ),
    ]  # fmt: skip


def _members() -> list[Member]:
    return [
        Member("id", "id", Kind.STRING, read_only=True, unique=True, since=SINCE),
        Member("kind", "kind", Kind.ENUM, "okta_pet_kind", required=True, since=SINCE),
        Member("born", "born*/@on", Kind.STRING, facts=Facts("date-time", min_length="1", max_length="40")),
        Member("alive", "alive", Kind.BOOL, facts=Facts(default="true", nullable=True)),
        Member("legs", "legs", Kind.INT, facts=Facts("int32", minimum="0", maximum="100"), since="0.3.0"),
        Member("weight", "weight", Kind.DOUBLE),
        Member("pin", "pin", Kind.STRING, secret=True, deprecated="0.3.0"),
        Member("default_", "default", Kind.JSON),
        Member("owner", "owner", Kind.OBJECT, "okta_owner"),
        Member("friends", "friends", Kind.OBJECTS, "okta_pet"),
        Member("names", "urn:x/names#1", Kind.STRINGS, facts=Facts(min_items="1", max_items="3")),
        Member("sound", "sound", Kind.STRING, later=True,
               constants=[EnumValue("OKTA_PET_SOUND_MEOW", 'me"ow', "0.3.0")]),
        Member("kinds", "kinds", Kind.ENUMS, "okta_pet_kind"),
        Member("labels", "labels", Kind.MAP_STRINGS),
        Member("owners", "owners", Kind.MAP_OBJECTS, "okta_owner"),
        Member("links", "_links", Kind.OBJECT, "okta_links", read_only=True),
        Member("legs_text", "legs", Kind.STRING),
        Member("kind_json", "kind", Kind.JSON),
    ]


def _structs() -> list[Struct]:
    upload = Member("picture", "picture", Kind.UPLOAD, required=True, media_types=["image/png", "image/*"])
    return [
        Struct(
            "okta_pet", "pet", "Pet", _members(), ["Pet", "Cat"], list_name="okta_pet_list", entry_name="okta_pet_entry",
            list_wrappers=["pets"], secret_extras=["d", "k"], since=SINCE,
        ),
        Struct("okta_pet_traits", "pet", "PetTraits", open=True, attributes=True, since=SINCE),
        Struct("okta_pet_picture", "pet", "uploadPicture body",
               [Member("note", "note", Kind.STRING), upload], since=SINCE),
        Struct(
            "okta_owner", "governance_owners", "Owner",
            [Member("name", "name", Kind.STRING), Member("pets", "pets", Kind.MAP_OBJECTS, "okta_pet"),
             Member("traits", "traits", Kind.OBJECT, "okta_pet_traits")],
            ["Owner"], entry_name="okta_owner_entry", since=SINCE,
        ),
    ]  # fmt: skip


def _path(name: str, wire: str) -> Parameter:
    return Parameter(name, wire, Place.PATH, Kind.STRING, facts=Facts(max_length="20"))


def _list_pets() -> Function:
    parameters = [
        Parameter("limit", "limit", Place.QUERY, Kind.INT, facts=Facts(default="20", maximum="200")),
        Parameter("kind", "filter[kind]", Place.QUERY, Kind.ENUMS, "okta_pet_kind", comma_list=True),
        Parameter("tags", "tag", Place.QUERY, Kind.STRINGS,
                  constants=[EnumValue("OKTA_LIST_PETS_TAGS_RED", "RED", "0.3.0")]),
        Parameter("trace", "X-Trace", Place.HEADER, Kind.STRING, required=True),
    ]
    return Function(
        "okta_list_pets", "listPets", "management", "Pet", "pet", "GET", "/api/v1/pets", Effect.READ,
        params=Params("okta_list_pets_params", parameters), result=Result(ResultShape.LIST, "okta_pet"),
        good_statuses=[200], statuses=[Status("200", True), Status("404", True)], scopes=["okta.pets.read"],
        paging=Paging(PagingStyle.AFTER, "okta_pet", "data", "after", "limit", "metadata.after", "until"), since=SINCE,
    )  # fmt: skip


def _functions() -> list[Function]:
    def simple(c_name: str, operation: str, method: str, path: str, effect: Effect, **more: object) -> Function:
        return Function(c_name, operation, "management", "Pet", "pet", method, path, effect, since=SINCE, **more)

    pet = Result(ResultShape.STRUCT, "okta_pet")
    by_id = [_path("pet_id", "petId")]
    return [
        _list_pets(),
        simple(
            "okta_create_pet", "createPet", "POST", "/api/v1/pets", Effect.CREATE, scopes=["okta.pets.manage"],
            body=Body(BodyShape.STRUCT, "pet", "okta_pet", typedef="okta_cat"), result=pet, good_statuses=[201, 200],
            empty_statuses=[200],
            hooks={"settlement": "oktai_jwk_settlement"}, list_of="okta_list_pets",
        ),
        simple("okta_get_pet", "getPet", "GET", "/api/v1/pets/{petId}", Effect.READ, path_parameters=by_id, result=pet),
        simple(
            "okta_activate_pet", "activatePet", "POST", "/api/v1/pets/{petId}/lifecycle/activate", Effect.STATE,
            path_parameters=by_id, state_of="okta_get_pet", target_state="ACTIVE", good_statuses=[200, 204],
            empty_statuses=[204], statuses=[Status("200", True), Status("204", False)],
            result=Result(ResultShape.STRUCT, "okta_pet", may_be_empty=True), deprecated_by_okta=True,
        ),
        simple(
            "okta_upload_picture_of_a_pet_with_a_name_that_is_long", "uploadPicture", "POST",
            "/api/v1/pets/{petId}/pictures/{kind}", Effect.REPLACE, security=Security.CLIENT, base=PathBase.OTHER,
            path_parameters=[*by_id, Parameter("kind", "kind", Place.PATH, Kind.ENUM, "okta_pet_kind")],
            body=Body(BodyShape.MULTIPART, "body", "okta_pet_picture", ["multipart/form-data"]),
        ),
        simple(
            "okta_send_pet_form", "sendPetForm", "POST", "/oauth2/v1/pets", Effect.ACTION, security=Security.NONE,
            body=Body(BodyShape.FORM, "body", "okta_pet_traits", ["application/x-www-form-urlencoded"], False),
            result=Result(ResultShape.JSON), good_statuses=[200],
        ),
        simple(
            "okta_patch_pets", "patchPets", "PATCH", "/api/v1/pets", Effect.UPDATE, result=Result(ResultShape.STRINGS),
            body=Body(BodyShape.JSON, "json", media_types=["application/json-patch+json"]),
        ),
        simple(
            "okta_replace_pets", "replacePets", "PUT", "/api/v1/pets", Effect.REPLACE,
            body=Body(BodyShape.LIST, "body", "okta_pet"), result=Result(ResultShape.LOCATION), good_statuses=[],
        ),
        simple(
            "okta_sign_pets", "signPets", "POST", "/api/v1/pets/csr", Effect.ACTION,
            body=Body(BodyShape.BYTES, "body", media_types=["application/x-x509-ca-cert", "application/pkix-cert"]),
            result=Result(ResultShape.BYTES, media_types=["application/pkcs10", "application/json"]),
        ),
        Function(
            "okta_governance_list_pets", "listPets", "governance", "Owners", "governance_owners", "GET",
            "/governance/api/v1/owners", Effect.READ, result=Result(ResultShape.STRUCT, "okta_owner"), since=SINCE,
        ),
    ]  # fmt: skip


def small_library() -> Library:
    """The library."""
    library = Library(SINCE, {"management": "2026.06.3"})
    library.enums = {enum.c_name: enum for enum in _enums()}
    library.structs = {struct.c_name: struct for struct in _structs()}
    library.functions = {function.c_name: function for function in _functions()}
    library.foreign = {"okta_links": ForeignType("okta_links", "okta/links.h", "oktai_links_model")}
    library.typedefs = {
        "okta_cat": Typedef("okta_cat", "okta_pet", "governance_owners", "Cat", SINCE),
        "okta_pet_links": Typedef("okta_pet_links", "okta_links", "pet", "PetLinks", SINCE),
    }
    for name, api, tag in (("pet", "management", "Pet"), ("governance_owners", "governance", "Owners")):
        library.headers[name] = Header(
            name, api, tag,
            *([key for key, value in table.items() if value.header == name]
              for table in (library.structs, library.enums, library.typedefs, library.functions)),
        )  # fmt: skip
    return library
