/* SPDX-License-Identifier: Apache-2.0 */
#include "api/operations.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "api/expect.h"

#define KEYS        "/api/v1/apps/" API_APP "/credentials/jwks"
#define SECRETS     "/api/v1/apps/" API_APP "/credentials/secrets"
#define ACTIVATE    "/lifecycle/activate"
#define DEACTIVATE  "/lifecycle/deactivate"
#define SECRET_TEXT "a-secret-of-more-than-14"

#define LINK(name, href, method) "\"" name "\":{\"href\":\"" href "\",\"hints\":{\"allow\":[\"" method "\"]}}"
#define ORG                      "https://org.example.com"

#define KEY(status)                                                                                          \
    "{\"id\":\"" API_KEY "\",\"kid\":\"kid-1\",\"kty\":\"RSA\",\"alg\":\"RS256\",\"use\":\"sig\","           \
    "\"e\":\"AQAB\",\"n\":\"" API_N "\",\"status\":\"" status "\",\"created\":\"2025-06-15T15:06:40.000Z\"," \
    "\"lastUpdated\":\"2025-06-15T15:06:41.000Z\",\"_links\":{" LINK(                                        \
        "activate", ORG KEYS "/" API_KEY ACTIVATE, "POST") "," LINK("delete", ORG KEYS "/" API_KEY,          \
                                                                    "DELETE") "}}"

#define SECRET(status)                                                                                       \
    "{\"id\":\"" API_SECRET "\",\"created\":\"2025-06-15T15:06:40.000Z\","                                   \
    "\"lastUpdated\":\"2025-06-15T15:06:41.000Z\",\"status\":\"" status                                      \
    "\",\"client_secret\":\"" SECRET_TEXT "\",\"secret_hash\":\"yk4SVx4sUWVJVbHt6M-UPA\",\"_links\":{" LINK( \
        "deactivate", ORG SECRETS "/" API_SECRET DEACTIVATE, "POST") "}}"

static const char *const app_ids[] = {API_APP, NULL};
static const char *const key_ids[] = {API_APP, API_KEY, NULL};
static const char *const secret_ids[] = {API_APP, API_SECRET, NULL};

const okta_oauth2_client_jwk_request api_jwk_request = {
    .model = OKTA_INIT(okta_oauth2_client_jwk_request),
    .kid = "kid-1",
    .kty = OKTA_OAUTH2_CLIENT_JWK_KTY_RSA,
    .alg = "RS256",
    .use = OKTA_OAUTH2_CLIENT_JWK_USE_SIG,
    .e = "AQAB",
    .n = API_N,
    .status = OKTA_OAUTH2_CLIENT_JWK_STATUS_INACTIVE,
};

const okta_oauth2_client_secret_request_body api_secret_request = {
    .model = OKTA_INIT(okta_oauth2_client_secret_request_body),
    .client_secret = SECRET_TEXT,
    .status = OKTA_OAUTH2_CLIENT_SECRET_STATUS_ACTIVE,
};

/* Runners: the typed functions behind one signature. `type *` becomes `void *` in one place. */
#define RUN(runner, type, result, ...)                                                                       \
    static okta_error *runner(okta_client *client, const char *const *ids, void **out)                       \
    {                                                                                                        \
        type *typed = NULL;                                                                                  \
        okta_error *error = result(client, __VA_ARGS__, out == NULL ? NULL : &typed);                        \
        if (out != NULL) {                                                                                   \
            *out = typed;                                                                                    \
        }                                                                                                    \
        return error;                                                                                        \
    }

#define CALL(caller, function, ...)                                                                          \
    static okta_call *caller(okta_client *client, const char *const *ids)                                    \
    {                                                                                                        \
        return function(client, __VA_ARGS__);                                                                \
    }

RUN(run_list_keys, okta_oauth2_client_jwk_list, okta_list_jwk, ids[0])
CALL(call_list_keys, okta_list_jwk_call, ids[0])
RUN(run_add_key, okta_oauth2_client_jwk, okta_add_jwk, ids[0], &api_jwk_request)
CALL(call_add_key, okta_add_jwk_call, ids[0], &api_jwk_request)
RUN(run_get_key, okta_oauth2_client_jwk, okta_get_jwk, ids[0], ids[1])
CALL(call_get_key, okta_get_jwk_call, ids[0], ids[1])
CALL(call_delete_key, okta_delete_jwk_call, ids[0], ids[1])
RUN(run_activate_key, okta_oauth2_client_jwk, okta_activate_oauth2_client_json_web_key, ids[0], ids[1])
CALL(call_activate_key, okta_activate_oauth2_client_json_web_key_call, ids[0], ids[1])
RUN(run_deactivate_key, okta_oauth2_client_jwk, okta_deactivate_oauth2_client_json_web_key, ids[0], ids[1])
CALL(call_deactivate_key, okta_deactivate_oauth2_client_json_web_key_call, ids[0], ids[1])
RUN(run_list_secrets, okta_oauth2_client_secret_list, okta_list_oauth2_client_secrets, ids[0])
CALL(call_list_secrets, okta_list_oauth2_client_secrets_call, ids[0])
RUN(run_create_secret, okta_oauth2_client_secret, okta_create_oauth2_client_secret, ids[0],
    &api_secret_request)
CALL(call_create_secret, okta_create_oauth2_client_secret_call, ids[0], &api_secret_request)
RUN(run_make_secret, okta_oauth2_client_secret, okta_create_oauth2_client_secret, ids[0], NULL)
CALL(call_make_secret, okta_create_oauth2_client_secret_call, ids[0], NULL)
RUN(run_get_secret, okta_oauth2_client_secret, okta_get_oauth2_client_secret, ids[0], ids[1])
CALL(call_get_secret, okta_get_oauth2_client_secret_call, ids[0], ids[1])
CALL(call_delete_secret, okta_delete_oauth2_client_secret_call, ids[0], ids[1])
RUN(run_activate_secret, okta_oauth2_client_secret, okta_activate_oauth2_client_secret, ids[0], ids[1])
CALL(call_activate_secret, okta_activate_oauth2_client_secret_call, ids[0], ids[1])
RUN(run_deactivate_secret, okta_oauth2_client_secret, okta_deactivate_oauth2_client_secret, ids[0], ids[1])
CALL(call_deactivate_secret, okta_deactivate_oauth2_client_secret_call, ids[0], ids[1])

static okta_error *run_delete_key(okta_client *client, const char *const *ids, void **out)
{
    (void)out;
    return okta_delete_jwk(client, ids[0], ids[1]);
}

static okta_error *run_delete_secret(okta_client *client, const char *const *ids, void **out)
{
    (void)out;
    return okta_delete_oauth2_client_secret(client, ids[0], ids[1]);
}

#define APPS                "/api/v1/apps/"
#define OF(which, mid, end) .ids = (which), .prefix = APPS, .middle = (mid), .suffix = (end)
#define OF_KEYS             OF(app_ids, "/credentials/jwks", ""), .target = KEYS
#define OF_SECRETS          OF(app_ids, "/credentials/secrets", ""), .target = SECRETS
#define OF_KEY(action)      OF(key_ids, "/credentials/jwks/", action), .target = (KEYS "/" API_KEY action)
#define OF_SECRET(action)                                                                                    \
    OF(secret_ids, "/credentials/secrets/", action), .target = (SECRETS "/" API_SECRET action)
#define NAMED(operation_id) .name = (operation_id), .id = (operation_id)

/* How creates and lifecycle calls look. */
#define LOOKS_AT_KEYS                                                                                        \
    .look_target = KEYS, .look_name = "listJwk", .looks_behind = 4, .sends = 2, .absent = "[]",              \
    .found = "[" KEY("INACTIVE") "]"
#define LOOKS_AT_SECRETS .look_target = SECRETS, .look_name = "listOAuth2ClientSecrets"
#define LOOKS_FOR_ITS_SECRET                                                                                 \
    LOOKS_AT_SECRETS, .looks_behind = 4, .sends = 1, .absent = "[]", .found = "[" SECRET("ACTIVE") "]"
#define LOOKS_FOR_A_NEW_SECRET                                                                               \
    LOOKS_AT_SECRETS, .looks_before = 1, .looks_behind = 1, .sends = 1, .absent = "[]"
#define LOOKS_AT_KEY(is, was)                                                                                \
    .look_target = (KEYS "/" API_KEY), .look_name = "getJwk", .looks_behind = 1, .absent = KEY(was),         \
    .found = KEY(is)
#define LOOKS_AT_SECRET(is, was)                                                                             \
    .look_target = (SECRETS "/" API_SECRET), .look_name = "getOAuth2ClientSecret", .looks_behind = 1,        \
    .absent = SECRET(was), .found = SECRET(is)

const api_operation api_operations[API_OPERATION_COUNT] = {
    {NAMED("listJwk"), .effect = API_READ, .method = "GET", OF_KEYS, .body = "", .good_status = 200,
     .answer = "[" KEY("ACTIVE") "," KEY("INACTIVE") "]", .type = okta_oauth2_client_jwk_list_descriptor,
     .run = run_list_keys, .call = call_list_keys},
    {NAMED("addJwk"), .effect = API_CREATE, .method = "POST", OF_KEYS,
     .body =
         "{\"kid\":\"kid-1\",\"kty\":\"RSA\",\"alg\":\"RS256\",\"use\":\"sig\",\"e\":\"AQAB\",\"n\":\"" API_N
         "\",\"status\":\"INACTIVE\"}",
     .good_status = 201, .answer = KEY("INACTIVE"), .type = okta_oauth2_client_jwk_descriptor, LOOKS_AT_KEYS,
     .run = run_add_key, .call = call_add_key},
    {NAMED("getJwk"), .effect = API_READ, .method = "GET", OF_KEY(""), .body = "", .good_status = 200,
     .answer = KEY("INACTIVE"), .type = okta_oauth2_client_jwk_descriptor, .run = run_get_key,
     .call = call_get_key},
    {NAMED("deletejwk"), .effect = API_DELETE, .method = "DELETE", OF_KEY(""), .body = "", .good_status = 204,
     .answer = "", .run = run_delete_key, .call = call_delete_key},
    {NAMED("activateOAuth2ClientJsonWebKey"), .effect = API_LIFECYCLE, .method = "POST", OF_KEY(ACTIVATE),
     .body = "", .good_status = 200, .answer = KEY("ACTIVE"), .type = okta_oauth2_client_jwk_descriptor,
     LOOKS_AT_KEY("ACTIVE", "INACTIVE"), .run = run_activate_key, .call = call_activate_key},
    {NAMED("deactivateOAuth2ClientJsonWebKey"), .effect = API_LIFECYCLE, .method = "POST", OF_KEY(DEACTIVATE),
     .body = "", .good_status = 200, .answer = KEY("INACTIVE"), .type = okta_oauth2_client_jwk_descriptor,
     LOOKS_AT_KEY("INACTIVE", "ACTIVE"), .run = run_deactivate_key, .call = call_deactivate_key},
    {NAMED("listOAuth2ClientSecrets"), .effect = API_READ, .method = "GET", OF_SECRETS, .body = "",
     .good_status = 200, .answer = "[" SECRET("ACTIVE") "," SECRET("INACTIVE") "]",
     .type = okta_oauth2_client_secret_list_descriptor, .run = run_list_secrets, .call = call_list_secrets},
    {NAMED("createOAuth2ClientSecret"), .effect = API_CREATE, .method = "POST", OF_SECRETS,
     .body = "{\"client_secret\":\"" SECRET_TEXT "\",\"status\":\"ACTIVE\"}", .good_status = 201,
     .answer = SECRET("ACTIVE"), .type = okta_oauth2_client_secret_descriptor, LOOKS_FOR_ITS_SECRET,
     .run = run_create_secret, .call = call_create_secret},
    {.name = "createOAuth2ClientSecret without a body",
     .id = "createOAuth2ClientSecret",
     .effect = API_CREATE,
     .method = "POST",
     OF_SECRETS,
     .body = "",
     .good_status = 201,
     .answer = SECRET("ACTIVE"),
     .type = okta_oauth2_client_secret_descriptor,
     LOOKS_FOR_A_NEW_SECRET,
     .run = run_make_secret,
     .call = call_make_secret},
    {NAMED("getOAuth2ClientSecret"), .effect = API_READ, .method = "GET", OF_SECRET(""), .body = "",
     .good_status = 200, .answer = SECRET("ACTIVE"), .type = okta_oauth2_client_secret_descriptor,
     .run = run_get_secret, .call = call_get_secret},
    {NAMED("deleteOAuth2ClientSecret"), .effect = API_DELETE, .method = "DELETE", OF_SECRET(""), .body = "",
     .good_status = 204, .answer = "", .run = run_delete_secret, .call = call_delete_secret},
    {NAMED("activateOAuth2ClientSecret"), .effect = API_LIFECYCLE, .method = "POST", OF_SECRET(ACTIVATE),
     .body = "", .good_status = 200, .answer = SECRET("ACTIVE"), .type = okta_oauth2_client_secret_descriptor,
     LOOKS_AT_SECRET("ACTIVE", "INACTIVE"), .run = run_activate_secret, .call = call_activate_secret},
    {NAMED("deactivateOAuth2ClientSecret"), .effect = API_LIFECYCLE, .method = "POST", OF_SECRET(DEACTIVATE),
     .body = "", .good_status = 200, .answer = SECRET("INACTIVE"),
     .type = okta_oauth2_client_secret_descriptor, LOOKS_AT_SECRET("INACTIVE", "ACTIVE"),
     .run = run_deactivate_secret, .call = call_deactivate_secret},
};

void *api_take(const api_operation *operation, okta_call *call)
{
    return operation->type == NULL ? NULL : okta_call_take(call, operation->type());
}

okta_error *api_run_call(const api_operation *operation, okta_call *call, void **out)
{
    okta_error *error = okta_call_run(call);
    if (operation->type != NULL) {
        *out = api_take(operation, call);
    }
    return error;
}

okta_error *api_run(const api_operation *operation, api_form form, okta_client *client,
                    const char *const *ids, void **out)
{
    if (form == API_FUNCTION) {
        return operation->run(client, ids, operation->type == NULL ? NULL : out);
    }
    okta_call *call = operation->call(client, ids);
    okta_error *error = api_run_call(operation, call, out);
    okta_free(call);
    return error;
}

void api_queue_looks(api_world *world, const api_operation *operation, unsigned times, const char *body)
{
    if (operation->look_target != NULL && times > 0) {
        api_fault(world, (mock_fault){.method = "GET", .status = 200, .body = body, .times = times});
    }
}

void api_queue_good_answer(api_world *world, const api_operation *operation)
{
    api_queue_looks(world, operation, operation->looks_before, operation->absent);
    api_fault(world, (mock_fault){.method = operation->method,
                                  .status = operation->good_status,
                                  .body = operation->answer[0] == '\0' ? NULL : operation->answer});
}

static void append(char *out, char step, unsigned times)
{
    size_t length = strlen(out);
    assert_true(length + times < API_STORY_MAX);
    memset(out + length, step, times);
    out[length + times] = '\0';
}

void api_lost_story(const api_operation *operation, unsigned sends, api_story out)
{
    out[0] = '\0';
    append(out, 'l', operation->looks_before);
    for (unsigned i = 0; i < sends; i++) {
        append(out, 's', 1);
        append(out, 'l', operation->looks_behind);
    }
}

void api_ended_story(const api_operation *operation, unsigned sends, api_story out)
{
    api_lost_story(operation, sends, out);
    out[strlen(out) - operation->looks_behind] = '\0';
}

size_t api_lost_waits(const api_operation *operation, unsigned sends, int64_t out[API_WAITS_MAX])
{
    size_t count = 0;
    for (unsigned i = 0; i < sends; i++) {
        for (unsigned look = 1; look < operation->looks_behind; look++) {
            out[count++] = INT64_C(1000) << (look - 1);
        }
    }
    return count;
}

static void expect_sending(const char *label, const api_world *world, const api_operation *operation,
                           size_t i, unsigned number, const char *first_id)
{
    char text[32];
    snprintf(text, sizeof text, "%u", number);
    api_expect_request(label, world, i, operation->method, operation->target, operation->body);
    api_expect_header(label, world, i, "X-Okta-Retry-Count", number == 0 ? NULL : text);
    api_expect_header(label, world, i, "X-Okta-Retry-For", number == 0 ? NULL : first_id);
}

static void expect_look(const char *label, const api_world *world, const api_operation *operation, size_t i)
{
    api_expect_request(label, world, i, "GET", operation->look_target, "");
    api_expect_header(label, world, i, "X-Okta-Retry-Count", NULL);
    api_expect_header(label, world, i, "X-Okta-Retry-For", NULL);
    unsigned connection = mock_org_request_at(world->org, i)->connection;
    for (size_t j = 0; j < i; j++) {
        if (mock_org_request_at(world->org, j)->connection >= connection) {
            fail_msg("%s: the look %zu is on the connection of request %zu", label, i, j);
        }
    }
}

void api_expect_story(const char *label, const api_world *world, const api_operation *operation,
                      const char *story, const char *first_id)
{
    unsigned sent = 0;
    api_expect_requests(label, world, strlen(story));
    for (size_t i = 0; story[i] != '\0'; i++) {
        api_expect_header(label, world, i, "Authorization", "SSWS " API_TOKEN);
        if (story[i] == 's') {
            expect_sending(label, world, operation, i, sent++, first_id);
        } else {
            expect_look(label, world, operation, i);
        }
    }
}
