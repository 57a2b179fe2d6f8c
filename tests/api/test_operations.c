/* SPDX-License-Identifier: Apache-2.0 */
/* The twelve operations: what each puts on the wire, what it gives back, and what it refuses to send. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <curl/curl.h>

#include "api/expect.h"
#include "api/operations.h"

#define LINES_MAX 10u

static bool has_line(const char *const *lines, const char *line)
{
    for (; *lines != NULL; lines++) {
        if (strcmp(*lines, line) == 0) {
            return true;
        }
    }
    return false;
}

/* The header lines of a request are these and no other, in any order. */
static void expect_lines(const char *label, const mock_request *request, const char *const *expected)
{
    size_t count = 0;
    for (size_t i = 0; request->headers[i] != NULL; i++) {
        if (!has_line(expected, request->headers[i])) {
            fail_msg("%s: unexpected header %s", label, request->headers[i]);
        }
    }
    for (; expected[count] != NULL; count++) {
        if (!has_line(request->headers, expected[count])) {
            fail_msg("%s: lacks the header %s", label, expected[count]);
        }
    }
}

static void expect_headers(const api_world *world, const api_operation *operation, const char *authorization)
{
    char host[64];
    char agent[128];
    char length[64];
    const char *lines[LINES_MAX + 1] = {host, agent, "Accept: application/json", "Accept-Encoding: gzip",
                                        authorization};
    size_t count = 5;
    snprintf(host, sizeof host, "Host: %s", mock_org_url(world->org) + strlen("http://"));
    snprintf(agent, sizeof agent, "User-Agent: libokta/%s libcurl/%s", okta_version(),
             curl_version_info(CURLVERSION_NOW)->version);
    if (strcmp(operation->method, "POST") == 0) {
        snprintf(length, sizeof length, "Content-Length: %zu", strlen(operation->body));
        lines[count++] = length;
    }
    if (operation->body[0] != '\0') {
        lines[count++] = "Content-Type: application/json";
    }
    lines[count] = NULL;
    expect_lines(operation->name, mock_org_request_at(world->org, operation->looks_before), lines);
}

static void expect_result(const api_operation *operation, void *result)
{
    if (operation->type == NULL) {
        assert_null(result);
        return;
    }
    char *json = NULL;
    size_t length = 0;
    assert_non_null(result);
    const char *source = okta_source(result, &length);
    api_expect_number(operation->name, "the length of the source", (int64_t)length,
                      (int64_t)strlen(operation->answer));
    assert_memory_equal(source, operation->answer, length);
    api_expect_success(operation->name,
                       okta_to_json(operation->type(), result, OKTA_JSON_WHOLE, &json, &length));
    api_expect_json(operation->name, json, length, operation->answer);
    okta_free(json);
}

static void sends_exactly_this(api_world *world, api_form form, const char *line)
{
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        void *result = NULL;
        api_forget(world);
        api_queue_good_answer(world, operation);
        api_expect_success(operation->name, api_run(operation, form, world->client, operation->ids, &result));
        api_expect_requests(operation->name, world, operation->looks_before + 1);
        for (unsigned look = 0; look < operation->looks_before; look++) {
            api_expect_request(operation->name, world, look, "GET", operation->look_target, "");
            api_expect_header(operation->name, world, look, "Authorization",
                              line + strlen("Authorization: "));
        }
        api_expect_request(operation->name, world, operation->looks_before, operation->method,
                           operation->target, operation->body);
        expect_headers(world, operation, line);
        expect_result(operation, result);
        okta_free(result);
    }
}

static void a_function_sends_exactly_this_and_decodes_the_answer(void **state)
{
    sends_exactly_this(*state, API_FUNCTION, "Authorization: SSWS " API_TOKEN);
}

static void a_call_sends_exactly_this_and_decodes_the_answer(void **state)
{
    sends_exactly_this(*state, API_CALL, "Authorization: SSWS " API_TOKEN);
}

static void sends_an_access_token_as_bearer(void **state)
{
    api_world *world = *state;
    okta_client_options options = api_options(world);
    options.authorization_mode = OKTA_AUTHORIZATION_BEARER;
    api_world_renew(world, &options);
    sends_exactly_this(world, API_FUNCTION, "Authorization: Bearer " API_TOKEN);
}

static void a_call_shows_the_body_until_its_result_is_taken(void **state)
{
    api_world *world = *state;
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        size_t length = 77;
        api_queue_good_answer(world, operation);
        okta_call *call = operation->call(world->client, operation->ids);
        api_expect_success(operation->name, okta_call_run(call));
        const char *body = okta_call_body(call, &length);
        api_expect_text(operation->name, "the body", body == NULL ? "" : body, operation->answer);
        api_expect_number(operation->name, "its length", (int64_t)length, (int64_t)strlen(operation->answer));
        api_expect_number(operation->name, "the status", okta_call_http_status(call), operation->good_status);
        api_expect_number(operation->name, "the attempts", okta_call_attempts(call), 1);
        if (operation->type != NULL) {
            okta_free(okta_call_take(call, operation->type()));
            assert_null(okta_call_body(call, &length));
            assert_int_equal(length, 0);
        }
        okta_free(call);
    }
}

/* Whitespace around the document, which its source does not have. */
static void the_body_is_shown_as_it_came(void **state)
{
    static const char answer[] = "\n {\"id\":\"pks1\"} \r\n";
    api_world *world = *state;
    size_t length = 0;
    api_fault(world, (mock_fault){.status = 200, .body = answer});
    okta_call *call = okta_get_jwk_call(world->client, API_APP, API_KEY);
    api_expect_success("getJwk", okta_call_run(call));
    assert_string_equal(okta_call_body(call, &length), answer);
    assert_int_equal(length, strlen(answer));
    okta_free(call);
}

static void a_result_is_taken_once_and_outlives_its_call(void **state)
{
    api_world *world = *state;
    api_queue_good_answer(world, &api_operations[0]);
    okta_call *call = okta_list_jwk_call(world->client, API_APP);
    assert_null(OKTA_TAKE(call, okta_oauth2_client_jwk_list));
    api_expect_success("listJwk", okta_call_run(call));
    okta_oauth2_client_jwk_list *list = OKTA_TAKE(call, okta_oauth2_client_jwk_list);
    assert_null(OKTA_TAKE(call, okta_oauth2_client_jwk_list));
    okta_free(call);
    expect_result(&api_operations[0], list);
    okta_free(list);
}

static void a_call_that_failed_has_no_result(void **state)
{
    api_world *world = *state;
    api_fault(world, (mock_fault){.status = 200, .body = "12"});
    okta_call *call = okta_list_jwk_call(world->client, API_APP);
    api_expect_refusal("listJwk", okta_call_run(call), OKTA_E_PROTOCOL, "the JSON is no");
    assert_null(OKTA_TAKE(call, okta_oauth2_client_jwk_list));
    okta_free(call);
}

static void a_call_runs_once(void **state)
{
    api_world *world = *state;
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        api_queue_good_answer(world, operation);
        okta_call *call = operation->call(world->client, operation->ids);
        api_expect_success(operation->name, okta_call_run(call));
        api_expect_refusal(operation->name, okta_call_run(call), OKTA_E_ARG, "a call runs once");
        okta_free(call);
    }
    unsigned looks = 0;
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        looks += api_operations[i].looks_before;
    }
    api_expect_requests("all", world, API_OPERATION_COUNT + looks);
}

/* Ids that would change what a URL means, each with a part of the complaint. */
static const struct {
    const char *id;
    const char *part;
} hostile_ids[] = {
    {NULL, "must not be NULL"},
    {"", "must not be empty"},
    {".", "must not be a dot segment"},
    {"..", "must not be a dot segment"},
    {".;x", "must not be a dot segment"},
    {"..;", "must not be a dot segment"},
    {";x", "must not be a dot segment"},
    {"../x", "has a character"},
    {"../users/x", "has a character"},
    {"a/b", "has a character"},
    {"/", "has a character"},
    {"a?b", "has a character"},
    {"a?b#c", "has a character"},
    {"a#b", "has a character"},
    {"%2e%2e", "has a character"},
    {"%2f", "has a character"},
    {"%", "has a character"},
    {"a\\b", "has a character"},
    {"a\rb", "has a character"},
    {"a\nb", "has a character"},
    {"a\r\nX-Evil: 1", "has a character"},
    {"a b", "has a character"},
    {" ", "has a character"},
    {"a\tb", "has a character"},
    {"\x01", "has a character"},
    {"a\x7f", "has a character"},
    {"\xc3\xa9", "has a character"},
    {"\xff", "has a character"},
    {"a\xc0\xae", "has a character"},
};

static void refuses_id(api_world *world, const api_operation *operation, size_t position, const char *id,
                       const char *part)
{
    static const char *const names[][2] = {{"appId", "keyId"}, {"appId", "secretId"}};
    bool of_secrets = strstr(operation->target, "/secrets") != NULL;
    const char *ids[2] = {operation->ids[0], operation->ids[1]};
    char message[128];
    ids[position] = id;
    snprintf(message, sizeof message, "%s %s", names[of_secrets][position], part);
    for (api_form form = API_FUNCTION; form < API_FORMS; form++) {
        void *out = operation->type == NULL ? NULL : world;
        okta_error *error = api_run(operation, form, world->client, ids, &out);
        api_expect_number(operation->name, "attempts", okta_error_attempts(error), 0);
        api_expect_refusal(operation->name, error, OKTA_E_ARG, message);
        assert_null(out);
    }
}

static void refuses_hostile_ids_before_any_request(void **state)
{
    api_world *world = *state;
    static char long_id[4097];
    memset(long_id, 'a', sizeof long_id - 1);
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        for (size_t position = 0; position < 2 && operation->ids[position] != NULL; position++) {
            for (size_t j = 0; j < COUNT(hostile_ids); j++) {
                refuses_id(world, operation, position, hostile_ids[j].id, hostile_ids[j].part);
            }
            refuses_id(world, operation, position, long_id, "is longer than 512 bytes");
            refuses_id(world, operation, position, long_id + sizeof long_id - 1 - 513,
                       "is longer than 512 bytes");
        }
    }
    api_expect_requests("all", world, 0);
}

/* Ids that are unusual but only ids, and how they stand in the request line. */
static const struct {
    const char *id;
    const char *encoded;
} unusual_ids[] = {
    {"kid:me@org", "kid%3Ame%40org"},
    {"a+b=c!", "a%2Bb%3Dc%21"},
    {"-._~", "-._~"},
    {"...", "..."},
    {".a", ".a"},
    {"a..", "a.."},
    {"..a;x", "..a%3Bx"},
    {"$&'()*,;<>[]^`{|}\"", "%24%26%27%28%29%2A%2C%3B%3C%3E%5B%5D%5E%60%7B%7C%7D%22"},
    {"{keyId}", "%7BkeyId%7D"},
};

/* `ids` as they stand in the request line: the target, and that of the looks ahead of it. */
/* The answer to a lifecycle call has to be about the object that was asked for. */
static void queue_answer_about(api_world *world, const api_operation *operation, const char *id)
{
    char answer[16384];
    const char *at = operation->effect == API_LIFECYCLE ? strstr(operation->answer, operation->ids[1]) : NULL;
    if (at == NULL) {
        api_queue_good_answer(world, operation);
        return;
    }
    size_t length = (size_t)(at - operation->answer);
    memcpy(answer, operation->answer, length);
    for (const char *c = id; *c != '\0'; c++) {
        if ((unsigned char)*c < 0x80) {
            length += (size_t)snprintf(answer + length, sizeof answer - length, "\\u%04x", (unsigned)*c);
        } else {
            answer[length++] = *c;
        }
    }
    snprintf(answer + length, sizeof answer - length, "%s", at + strlen(operation->ids[1]));
    api_fault(world, (mock_fault){.method = "POST", .status = operation->good_status, .body = answer});
}

static void sends_encoded(api_world *world, const api_operation *operation, const char *const *ids,
                          const char *const *encoded)
{
    char target[2048];
    unsigned looks = operation->looks_before;
    snprintf(target, sizeof target, "%s%s%s%s%s", operation->prefix, encoded[0], operation->middle,
             operation->ids[1] == NULL ? "" : encoded[1], operation->suffix);
    for (api_form form = API_FUNCTION; form < API_FORMS; form++) {
        void *out = NULL;
        api_forget(world);
        queue_answer_about(world, operation, ids[1]);
        api_expect_success(operation->name, api_run(operation, form, world->client, ids, &out));
        api_expect_requests(operation->name, world, looks + 1);
        for (unsigned look = 0; look < looks; look++) {
            api_expect_request(operation->name, world, look, "GET", target, "");
        }
        api_expect_request(operation->name, world, looks, operation->method, target, operation->body);
        okta_free(out);
    }
}

static void encodes_unusual_ids(void **state)
{
    static char longest[513];
    memset(longest, 'k', sizeof longest - 1);
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        for (size_t j = 0; j < COUNT(unusual_ids); j++) {
            const char *const ids[] = {unusual_ids[j].id, unusual_ids[COUNT(unusual_ids) - 1 - j].id};
            const char *const encoded[] = {unusual_ids[j].encoded,
                                           unusual_ids[COUNT(unusual_ids) - 1 - j].encoded};
            sends_encoded(*state, operation, ids, encoded);
        }
        const char *const long_ids[] = {longest, longest};
        sends_encoded(*state, operation, long_ids, long_ids);
    }
}

static void refuses_null_arguments(void **state)
{
    api_world *world = *state;
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        for (api_form form = API_FUNCTION; form < API_FORMS; form++) {
            void *out = operation->type == NULL ? NULL : world;
            api_expect_refusal(operation->name, api_run(operation, form, NULL, operation->ids, &out),
                               OKTA_E_ARG, "client must not be NULL");
            assert_null(out);
        }
        if (operation->type != NULL) {
            api_expect_refusal(operation->name, operation->run(world->client, operation->ids, NULL),
                               OKTA_E_ARG, "out must not be NULL");
        }
    }
    okta_oauth2_client_jwk *key = (void *)world;
    api_expect_refusal("addJwk", okta_add_jwk(world->client, API_APP, NULL, &key), OKTA_E_ARG,
                       "must not be NULL");
    assert_null(key);
    okta_call *call = okta_add_jwk_call(world->client, API_APP, NULL);
    api_expect_refusal("addJwk", okta_call_run(call), OKTA_E_ARG, "must not be NULL");
    okta_free(call);
    api_expect_requests("all", world, 0);
}

static const okta_member private_member[] = {{"d", "\"AQAB\"", NULL}};
static const okta_member null_kid[] = {{"kid", "null", NULL}};
static const okta_member bad_member[] = {{"x5t", "{", NULL}};

/* Keys that okta_jwk_check() refuses: one of each of its reasons. */
static const struct {
    const char *part;
    okta_oauth2_client_jwk_request key;
} refused_keys[] = {
#define RSA .kty = OKTA_OAUTH2_CLIENT_JWK_KTY_RSA, .e = "AQAB", .n = API_N
#define EC  .kty = OKTA_OAUTH2_CLIENT_JWK_KTY_EC, .crv = "P-256", .x = API_X, .y = API_Y
#define JWK .model = OKTA_INIT(okta_oauth2_client_jwk_request)
    {"OKTA_INIT", {.kid = "k", RSA}},
    {"OKTA_INIT", {RSA}},
    {"kid", {JWK, .kid = "", RSA}},
    {"kid", {JWK, .kid = OKTA_NULL, RSA}},
    {"kid", {{sizeof(okta_oauth2_client_jwk_request), NULL, null_kid, 1, NULL, 0, NULL}, RSA}},
    {"kty", {JWK, .kid = "k", .e = "AQAB", .n = API_N}},
    {"kty", {JWK, .kid = "k", .kty = OKTA_OAUTH2_CLIENT_JWK_KTY_OTHER, .e = "AQAB", .n = API_N}},
    {"n", {JWK, .kid = "k", .kty = OKTA_OAUTH2_CLIENT_JWK_KTY_RSA, .e = "AQAB"}},
    {"e", {JWK, .kid = "k", .kty = OKTA_OAUTH2_CLIENT_JWK_KTY_RSA, .n = API_N}},
    {"1024 bits",
     {JWK, .kid = "k", .kty = OKTA_OAUTH2_CLIENT_JWK_KTY_RSA, .e = "AQAB",
      .n = "1aGaNuHYi3qN-prpdKzY14a8he_3d4NRI-gj0nbMIWv9pGTiO87vU6W-"
           "vNtVcINXGRcgYz7Bff4gqnbs95GQNkTlGt9Y24GI483"
           "yXqKv_OIVmNqU2ZNY6KZhjRS0aZtSnXA606oa26sAObCvh_mmwJGDLRJYec68tKjzxCWLro0"}},
    {"n", {JWK, .kid = "k", .kty = OKTA_OAUTH2_CLIENT_JWK_KTY_RSA, .e = "AQAB", .n = API_N "=="}},
    {"n", {JWK, .kid = "k", .kty = OKTA_OAUTH2_CLIENT_JWK_KTY_RSA, .e = "AQAB", .n = "AM" API_N}},
    {"use", {JWK, .kid = "k", .use = OKTA_OAUTH2_CLIENT_JWK_USE_ENC, EC}},
    {"alg", {JWK, .kid = "k", .alg = "ES256", RSA}},
    {"alg", {JWK, .kid = "k", .alg = "RS256", EC}},
    {"crv", {JWK, .kid = "k", .kty = OKTA_OAUTH2_CLIENT_JWK_KTY_EC, .x = API_X, .y = API_Y}},
    {"point of P-256",
     {JWK, .kid = "k", .kty = OKTA_OAUTH2_CLIENT_JWK_KTY_EC, .crv = "P-256", .x = API_X, .y = API_X}},
    {"\"d\" is private",
     {{sizeof(okta_oauth2_client_jwk_request), NULL, private_member, 1, NULL, 0, NULL}, .kid = "k", RSA}},
    {"x5t", {{sizeof(okta_oauth2_client_jwk_request), NULL, bad_member, 1, NULL, 0, NULL}, .kid = "k", RSA}},
    /* without a kid: no thumbprint, or not enough to be sent with it */
    {"kty", {JWK, .e = "AQAB", .n = API_N}},
    {"kty", {JWK, .kty = OKTA_OAUTH2_CLIENT_JWK_KTY_OTHER, .e = "AQAB", .n = API_N}},
    {"n", {JWK, .kty = OKTA_OAUTH2_CLIENT_JWK_KTY_RSA, .e = "AQAB"}},
    {"n", {JWK, .kty = OKTA_OAUTH2_CLIENT_JWK_KTY_RSA, .e = "AQAB", .n = API_N "=="}},
    {"point of P-256", {JWK, .kty = OKTA_OAUTH2_CLIENT_JWK_KTY_EC, .crv = "P-256", .x = API_X, .y = API_X}},
    {"alg", {JWK, .alg = "RS256", EC}},
    {"\"d\" is private",
     {{sizeof(okta_oauth2_client_jwk_request), NULL, private_member, 1, NULL, 0, NULL}, RSA}},
#undef RSA
#undef EC
#undef JWK
};

static void refuses_bad_keys_before_any_request(void **state)
{
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(refused_keys); i++) {
        okta_oauth2_client_jwk *out = (void *)world;
        api_expect_refusal("addJwk", okta_add_jwk(world->client, API_APP, &refused_keys[i].key, &out),
                           OKTA_E_ARG, refused_keys[i].part);
        assert_null(out);
        okta_call *call = okta_add_jwk_call(world->client, API_APP, &refused_keys[i].key);
        api_expect_refusal("addJwk", okta_call_run(call), OKTA_E_ARG, refused_keys[i].part);
        okta_free(call);
    }
    api_expect_requests("all", world, 0);
}

/* The key of RFC 7638, section 3.1, and an EC key whose thumbprint is known. */
#define NAMELESS_N                                                                                           \
    "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjB"   \
    "ZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8"   \
    "KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_"   \
    "xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"
#define NAMELESS_X "_kLaU1BkwSAvCNN9thQPdEEHTetJv2Bm8IO-ne4KdRg"
#define NAMELESS_Y "eA6BHcvcVq_5mopF1bIkm-kfBQOa25-IMhUBni2ElNc"

static const okta_member odd_member[] = {{"x5t", "\"q\"", NULL}};

static const struct {
    okta_oauth2_client_jwk_request key;
    const char *kid;
    const char *body;
} nameless_keys[] = {
    {{.model = OKTA_INIT(okta_oauth2_client_jwk_request),
      .kty = OKTA_OAUTH2_CLIENT_JWK_KTY_RSA,
      .e = "AQAB",
      .n = NAMELESS_N},
     "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs",
     "{\"kid\":\"NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs\",\"kty\":\"RSA\",\"e\":\"AQAB\","
     "\"n\":\"" NAMELESS_N "\"}"},
    {{{sizeof(okta_oauth2_client_jwk_request), NULL, odd_member, 1, NULL, 0, NULL},
      .kty = OKTA_OAUTH2_CLIENT_JWK_KTY_EC,
      .alg = "ES256",
      .use = OKTA_OAUTH2_CLIENT_JWK_USE_SIG,
      .crv = "P-256",
      .x = NAMELESS_X,
      .y = NAMELESS_Y,
      .status = OKTA_OAUTH2_CLIENT_JWK_STATUS_INACTIVE},
     "V_dxcLnwefpJJCcZT3JdRNF_DXe88kSR50ydIhYSndQ",
     "{\"kid\":\"V_dxcLnwefpJJCcZT3JdRNF_DXe88kSR50ydIhYSndQ\",\"kty\":\"EC\",\"alg\":\"ES256\","
     "\"use\":\"sig\",\"crv\":\"P-256\",\"x\":\"" NAMELESS_X "\",\"y\":\"" NAMELESS_Y
     "\",\"status\":\"INACTIVE\",\"x5t\":\"q\"}"},
};

static void a_key_without_a_kid_gets_its_thumbprint(void **state)
{
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(nameless_keys); i++) {
        okta_oauth2_client_jwk_request key = nameless_keys[i].key;
        okta_oauth2_client_jwk *added = NULL;
        api_forget(world);
        api_expect_success("addJwk", okta_add_jwk(world->client, API_APP, &key, &added));
        api_expect_requests("addJwk", world, 1);
        api_expect_request("addJwk", world, 0, "POST", "/api/v1/apps/" API_APP "/credentials/jwks",
                           nameless_keys[i].body);
        assert_string_equal(added->kid, nameless_keys[i].kid);
        okta_free(added);
        assert_memory_equal(&key, &nameless_keys[i].key, sizeof key); /* the caller's stays as it is */
    }
}

static void refuses_bad_secrets_before_any_request(void **state)
{
    api_world *world = *state;
    const struct {
        const char *part;
        okta_oauth2_client_secret_request_body body;
    } cases[] = {
        {"OKTA_INIT", {.client_secret = "a-secret-of-more-than-14"}},
        {"client_secret",
         {.model = OKTA_INIT(okta_oauth2_client_secret_request_body), .client_secret = "\xff"}},
        {"status",
         {.model = OKTA_INIT(okta_oauth2_client_secret_request_body),
          .status = OKTA_OAUTH2_CLIENT_SECRET_STATUS_OTHER}},
        {"status",
         {.model = OKTA_INIT(okta_oauth2_client_secret_request_body),
          .status = (okta_oauth2_client_secret_status)99}},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        okta_oauth2_client_secret *out = (void *)world;
        api_expect_refusal("createOAuth2ClientSecret",
                           okta_create_oauth2_client_secret(world->client, API_APP, &cases[i].body, &out),
                           OKTA_E_ARG, cases[i].part);
        assert_null(out);
    }
    api_expect_requests("all", world, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, api_world_setup, api_world_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_function_sends_exactly_this_and_decodes_the_answer),
        TEST(a_call_sends_exactly_this_and_decodes_the_answer),
        TEST(sends_an_access_token_as_bearer),
        TEST(a_call_shows_the_body_until_its_result_is_taken),
        TEST(the_body_is_shown_as_it_came),
        TEST(a_result_is_taken_once_and_outlives_its_call),
        TEST(a_call_that_failed_has_no_result),
        TEST(a_call_runs_once),
        TEST(refuses_hostile_ids_before_any_request),
        TEST(encodes_unusual_ids),
        TEST(refuses_null_arguments),
        TEST(refuses_bad_keys_before_any_request),
        TEST(a_key_without_a_kid_gets_its_thumbprint),
        TEST(refuses_bad_secrets_before_any_request),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
