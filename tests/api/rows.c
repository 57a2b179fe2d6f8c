/* SPDX-License-Identifier: Apache-2.0 */
#include "api/rows.h"

#include "api/fixture.h"

static const char *const state_texts[] = {"ON", "NOT OFF"};
const oktai_enum_texts rows_thing_states = {state_texts, COUNT(state_texts)};

#define ROW(member, json, kind, flags) OKTAI_ROW(okta_thing, member, json, kind, flags)
#define STRINGS(type, member)          .count_offset = offsetof(type, member##_count)

static const okta_descriptor thing_model;

static const oktai_row thing_rows[] = {
    {ROW(id, "id", OKTAI_KIND_STRING, OKTAI_ROW_READ_ONLY | OKTAI_ROW_UNIQUE)},
    {ROW(name, "name", OKTAI_KIND_STRING, 0)},
    {ROW(state, "state", OKTAI_KIND_ENUM, 0), .of.texts = &rows_thing_states},
    {ROW(size, "size", OKTAI_KIND_INT, 0)},
    {ROW(ratio, "ratio", OKTAI_KIND_DOUBLE, 0)},
    {ROW(good, "good", OKTAI_KIND_BOOL, 0)},
    {ROW(tags, "tags", OKTAI_KIND_STRINGS, 0), STRINGS(okta_thing, tags)},
    {ROW(part, "part", OKTAI_KIND_OBJECT, 0), .of.object = &thing_model},
    {ROW(free_form, "freeForm", OKTAI_KIND_JSON, 0)},
    {ROW(secret, "secret", OKTAI_KIND_STRING, OKTAI_ROW_SECRET)},
};

static const okta_descriptor thing_model = {
    .schema = "Thing", .size = sizeof(okta_thing), .rows = thing_rows, .row_count = COUNT(thing_rows)};
static const okta_descriptor thing_list_model = {
    .schema = "Thing list", .size = sizeof(okta_thing_list), .item = &thing_model};

const okta_descriptor *okta_thing_descriptor(void)
{
    return &thing_model;
}

const okta_descriptor *okta_thing_list_descriptor(void)
{
    return &thing_list_model;
}

#undef ROW
#define ROW(member, json, kind) OKTAI_ROW(okta_list_things_params, member, json, kind, 0)

static const oktai_row list_rows[] = {
    {ROW(q, "q", OKTAI_KIND_STRING)},
    {ROW(limit, "limit", OKTAI_KIND_INT)},
    {ROW(ratio, "ratio", OKTAI_KIND_DOUBLE)},
    {ROW(deep, "deep", OKTAI_KIND_BOOL)},
    {ROW(state, "state", OKTAI_KIND_ENUM), .of.texts = &rows_thing_states},
    {ROW(ids, "ids", OKTAI_KIND_STRINGS), STRINGS(okta_list_things_params, ids)},
    {ROW(states, "states", OKTAI_KIND_ENUMS), STRINGS(okta_list_things_params, states),
     .of.texts = &rows_thing_states},
    {ROW(match, "If-Match", OKTAI_KIND_STRING)},
    {ROW(until, "until", OKTAI_KIND_STRING)},
};
static const uint8_t list_flags[COUNT(list_rows)] = {
    [6] = OKTAI_PARAM_REPEATED,
    [7] = OKTAI_PARAM_HEADER,
};
static const okta_descriptor list_params_model = {.schema = "okta_list_things_params",
                                                  .size = sizeof(okta_list_things_params),
                                                  .rows = list_rows,
                                                  .row_count = COUNT(list_rows)};
static const oktai_params list_params = {&list_params_model, list_flags};

#undef ROW
#define ROW(member, json, kind) OKTAI_ROW(okta_find_thing_params, member, json, kind, 0)

static const oktai_row find_rows[] = {
    {ROW(key, "key", OKTAI_KIND_STRING)},
    {ROW(language, "Accept-Language", OKTAI_KIND_STRING)},
};
static const uint8_t find_flags[COUNT(find_rows)] = {OKTAI_PARAM_REQUIRED, OKTAI_PARAM_HEADER};
static const okta_descriptor find_params_model = {.schema = "okta_find_thing_params",
                                                  .size = sizeof(okta_find_thing_params),
                                                  .rows = find_rows,
                                                  .row_count = COUNT(find_rows)};
static const oktai_params find_params = {&find_params_model, find_flags};

static const oktai_row logo_rows[] = {
    {OKTAI_ROW(okta_thing_logo_body, name, "name", OKTAI_KIND_STRING, 0)},
};
static const okta_descriptor logo_model = {.schema = "okta_thing_logo_body",
                                           .size = sizeof(okta_thing_logo_body),
                                           .rows = logo_rows,
                                           .row_count = COUNT(logo_rows)};
static const oktai_upload_row logo_uploads[] = {
    {"file", offsetof(okta_thing_logo_body, file), true},
    {"small", offsetof(okta_thing_logo_body, small), false},
};

static const oktai_paging thing_pages = {.item = &thing_model};
static const oktai_paging event_pages = {.item = &thing_model, .endless_without = "until"};
static const oktai_paging boxed_pages = {.item = &thing_model, .member = "things"};
static const oktai_paging cursored_pages = {.item = &thing_model, .member = "things", .cursor = "page.after"};
static const oktai_paging any_pages = {.item = &oktai_json_model};

static const char *const merge_patch[] = {"application/merge-patch+json", NULL};
static const char *const json_patch[] = {"application/json-patch+json", NULL};
static const char *const certificates[] = {"application/x-x509-ca-cert", "application/x-pem-file", NULL};
static const char *const requests[] = {"application/json", "application/pkcs10", NULL};
static const char *const metadata[] = {"text/xml", NULL};
static const oktai_wire merge_wire = {.body_types = merge_patch};
static const oktai_wire patch_wire = {.body_types = json_patch};
static const oktai_wire logo_wire = {.uploads = logo_uploads, .upload_count = COUNT(logo_uploads)};
static const oktai_wire certificate_wire = {.body_types = certificates};
static const oktai_wire request_wire = {.answer_types = requests};
static const oktai_wire metadata_wire = {.answer_types = metadata};

#define THINGS "/api/v1/things"
#define THING  THINGS "/{thingId}"

const oktai_operation rows_list_things = {.name = "listThings",
                                          .path = THINGS,
                                          .response = &thing_list_model,
                                          .params = &list_params,
                                          .paging = &thing_pages,
                                          .method = OKTAI_METHOD_GET,
                                          .effect = OKTAI_EFFECT_READ,
                                          .statuses = OKTAI_STATUS_200};
const oktai_operation rows_list_thing_events = {.name = "listThingEvents",
                                                .path = THINGS "/events",
                                                .response = &thing_list_model,
                                                .params = &list_params,
                                                .paging = &event_pages,
                                                .method = OKTAI_METHOD_GET,
                                                .effect = OKTAI_EFFECT_READ,
                                                .statuses = OKTAI_STATUS_200};
const oktai_operation rows_list_boxed_things = {.name = "listBoxedThings",
                                                .path = THINGS "/boxed",
                                                .response = &thing_model,
                                                .params = &list_params,
                                                .paging = &boxed_pages,
                                                .method = OKTAI_METHOD_GET,
                                                .effect = OKTAI_EFFECT_READ,
                                                .statuses = OKTAI_STATUS_200};
const oktai_operation rows_list_cursored = {.name = "listCursored",
                                            .path = THINGS "/cursored",
                                            .response = &thing_model,
                                            .params = &list_params,
                                            .paging = &cursored_pages,
                                            .method = OKTAI_METHOD_GET,
                                            .effect = OKTAI_EFFECT_READ,
                                            .statuses = OKTAI_STATUS_200};
const oktai_operation rows_list_anything = {.name = "listAnything",
                                            .path = THINGS "/anything",
                                            .response = &oktai_json_model,
                                            .paging = &any_pages,
                                            .method = OKTAI_METHOD_GET,
                                            .effect = OKTAI_EFFECT_READ,
                                            .statuses = OKTAI_STATUS_200};
const oktai_operation rows_find_thing = {.name = "findThing",
                                         .path = THINGS "/find",
                                         .response = &thing_model,
                                         .params = &find_params,
                                         .method = OKTAI_METHOD_GET,
                                         .effect = OKTAI_EFFECT_READ,
                                         .statuses = OKTAI_STATUS_200};
const oktai_operation rows_get_thing = {.name = "getThing",
                                        .path = THING "/in/{state}",
                                        .response = &thing_model,
                                        .method = OKTAI_METHOD_GET,
                                        .effect = OKTAI_EFFECT_READ,
                                        .statuses = OKTAI_STATUS_200};
const oktai_operation rows_create_thing = {.name = "createThing",
                                           .path = THINGS,
                                           .request = &thing_model,
                                           .response = &thing_model,
                                           .body = OKTAI_BODY_MODEL,
                                           .method = OKTAI_METHOD_POST,
                                           .effect = OKTAI_EFFECT_CREATE,
                                           .statuses = OKTAI_STATUS_200 | OKTAI_STATUS_201};
const oktai_operation rows_replace_thing = {.name = "replaceThing",
                                            .path = THING,
                                            .request = &thing_model,
                                            .response = &thing_model,
                                            .body = OKTAI_BODY_MODEL,
                                            .method = OKTAI_METHOD_PUT,
                                            .effect = OKTAI_EFFECT_REPLACE,
                                            .statuses = OKTAI_STATUS_200};
const oktai_operation rows_update_thing = {.name = "updateThing",
                                           .path = THING,
                                           .request = &thing_model,
                                           .response = &thing_model,
                                           .body = OKTAI_BODY_MODEL,
                                           .wire = &merge_wire,
                                           .method = OKTAI_METHOD_PATCH,
                                           .effect = OKTAI_EFFECT_UPDATE,
                                           .statuses = OKTAI_STATUS_200};
const oktai_operation rows_patch_things = {.name = "patchThings",
                                           .path = THINGS,
                                           .request = &thing_list_model,
                                           .body = OKTAI_BODY_MODEL,
                                           .wire = &patch_wire,
                                           .method = OKTAI_METHOD_PATCH,
                                           .effect = OKTAI_EFFECT_UPDATE};
const oktai_operation rows_delete_thing = {.name = "deleteThing",
                                           .path = THING,
                                           .method = OKTAI_METHOD_DELETE,
                                           .effect = OKTAI_EFFECT_DELETE,
                                           .statuses = OKTAI_STATUS_204};
const oktai_operation rows_switch_thing = {.name = "switchThing",
                                           .path = THING "/lifecycle/on",
                                           .method = OKTAI_METHOD_POST,
                                           .effect = OKTAI_EFFECT_STATE};
const oktai_operation rows_kick_thing = {
    .name = "kickThing", .path = THING "/kick", .method = OKTAI_METHOD_POST, .effect = OKTAI_EFFECT_ACTION};
const oktai_operation rows_destroy_thing = {.name = "destroyThing",
                                            .path = THING "/destroyed",
                                            .method = OKTAI_METHOD_DELETE,
                                            .effect = OKTAI_EFFECT_ACTION};
const oktai_operation rows_tell_thing = {.name = "tellThing",
                                         .path = THING "/tell",
                                         .response = &oktai_json_model,
                                         .body = OKTAI_BODY_JSON,
                                         .flags = OKTAI_OPERATION_BODY_OPTIONAL,
                                         .method = OKTAI_METHOD_POST,
                                         .effect = OKTAI_EFFECT_ACTION,
                                         .statuses = OKTAI_STATUS_200};
const oktai_operation rows_upload_logo = {.name = "uploadThingLogo",
                                          .path = THING "/logo",
                                          .request = &logo_model,
                                          .body = OKTAI_BODY_MULTIPART,
                                          .wire = &logo_wire,
                                          .method = OKTAI_METHOD_POST,
                                          .effect = OKTAI_EFFECT_REPLACE,
                                          .statuses = OKTAI_STATUS_201};
const oktai_operation rows_publish_thing = {.name = "publishThing",
                                            .path = THING "/publish",
                                            .response = &thing_model,
                                            .body = OKTAI_BODY_BYTES,
                                            .wire = &certificate_wire,
                                            .method = OKTAI_METHOD_POST,
                                            .effect = OKTAI_EFFECT_ACTION,
                                            .statuses = OKTAI_STATUS_201};
const oktai_operation rows_get_request = {.name = "getThingRequest",
                                          .path = THING "/request",
                                          .response = &thing_model,
                                          .wire = &request_wire,
                                          .method = OKTAI_METHOD_GET,
                                          .effect = OKTAI_EFFECT_READ,
                                          .statuses = OKTAI_STATUS_200};
const oktai_operation rows_get_metadata = {.name = "getThingMetadata",
                                           .path = THING "/metadata",
                                           .response = &oktai_bytes_model,
                                           .wire = &metadata_wire,
                                           .method = OKTAI_METHOD_GET,
                                           .effect = OKTAI_EFFECT_READ,
                                           .statuses = OKTAI_STATUS_200};
const oktai_operation rows_list_versions = {.name = "listThingVersions",
                                            .path = THING "/versions",
                                            .response = &oktai_string_list_model,
                                            .method = OKTAI_METHOD_GET,
                                            .effect = OKTAI_EFFECT_READ,
                                            .statuses = OKTAI_STATUS_200};
const oktai_operation rows_assign_thing = {
    .name = "assignThing",
    .path = THING "/assign",
    .response = &thing_model,
    .method = OKTAI_METHOD_POST,
    .effect = OKTAI_EFFECT_STATE,
    .statuses = OKTAI_STATUS_200 | OKTAI_STATUS_201 | OKTAI_STATUS_204,
    .empty_statuses = OKTAI_STATUS_201 | OKTAI_STATUS_204,
};
const oktai_operation rows_authorize = {.name = "authorizeThing",
                                        .path = "/oauth2/v1/authorize",
                                        .response = &oktai_location_model,
                                        .params = &list_params,
                                        .method = OKTAI_METHOD_GET,
                                        .effect = OKTAI_EFFECT_READ,
                                        .security = OKTAI_SECURITY_NONE,
                                        .statuses = OKTAI_STATUS_3XX};
const oktai_operation rows_introspect = {.name = "introspectThing",
                                         .path = "/oauth2/v1/introspect",
                                         .request = &thing_model,
                                         .response = &oktai_json_model,
                                         .body = OKTAI_BODY_FORM,
                                         .method = OKTAI_METHOD_POST,
                                         .effect = OKTAI_EFFECT_READ,
                                         .security = OKTAI_SECURITY_CLIENT,
                                         .statuses = OKTAI_STATUS_200};
static const char *const fail_over_scopes[] = {"okta.dr.manage", NULL};
const oktai_operation rows_fail_over = {.name = "failThingOver",
                                        .path = "/api/v1/dr/failover",
                                        .response = &thing_model,
                                        .scopes = fail_over_scopes,
                                        .method = OKTAI_METHOD_POST,
                                        .effect = OKTAI_EFFECT_ACTION,
                                        .server = OKTAI_SERVER_DRAPP,
                                        .statuses = OKTAI_STATUS_200};
