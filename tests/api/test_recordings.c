/* SPDX-License-Identifier: Apache-2.0 */
/* Real exchanges with Okta, played back: the same request goes out, and nothing of the answer is lost. The
 * recordings are not part of the project: OKTA_FACTS_DIR, or ../shared/okta beside the project, holds them.
 * Without them the program exits with 77, which CTest shows as skipped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "api/expect.h"
#include "okta/cjson.h"

#define RECORDING   "recordings/application_sso_public_keys.jsonl"
#define SKIPPED     77
#define HEADERS_MAX 32
#define ID_SIZE     64
#define APPS        "/api/v1/apps/"

static FILE *recording;

typedef struct exchange {
    const char *method;
    const char *path;
    const char *request_body; /* "" for none */
    unsigned status;
    const char *body; /* "" for none */
    const cJSON *headers;
} exchange;

static const char *text_of(const cJSON *line, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(line, name));
    return text == NULL ? "" : text;
}

static exchange read_exchange(const cJSON *line)
{
    const cJSON *status = cJSON_GetObjectItemCaseSensitive(line, "status");
    assert_true(cJSON_IsNumber(status));
    return (exchange){
        .method = text_of(line, "method"),
        .path = text_of(line, "path"),
        .request_body = text_of(line, "request_body"),
        .status = (unsigned)status->valueint,
        .body = text_of(line, "response_body"),
        .headers = cJSON_GetObjectItemCaseSensitive(line, "response_headers"),
    };
}

/* The mock says the same as Okta said, header by header. */
static void queue(api_world *world, const exchange *one)
{
    char lines[HEADERS_MAX][512];
    const char *headers[HEADERS_MAX + 1] = {NULL};
    size_t count = 0;
    const cJSON *header;
    cJSON_ArrayForEach(header, one->headers)
    {
        const cJSON *value;
        cJSON_ArrayForEach(value, header)
        {
            assert_true(count < HEADERS_MAX && cJSON_IsString(value));
            int length =
                snprintf(lines[count], sizeof lines[count], "%s: %s", header->string, value->valuestring);
            assert_true(length > 0 && (size_t)length < sizeof lines[count]);
            headers[count] = lines[count];
            count++;
        }
    }
    api_fault(world, (mock_fault){.status = one->status, .headers = headers, .body = one->body});
}

/* Cuts `/api/v1/apps/{app}/credentials/{collection}[/{id}][/lifecycle/{verb}]`; false for other paths. */
static bool cut_path(const char *path, char app[ID_SIZE], char collection[ID_SIZE], char id[ID_SIZE],
                     char verb[ID_SIZE])
{
    int end = 0;
    id[0] = '\0';
    verb[0] = '\0';
    int count = sscanf(path, APPS "%63[^/]/credentials/%63[^/]%n/%63[^/]%n/lifecycle/%63[^/]%n", app,
                       collection, &end, id, &end, verb, &end);
    return count >= 2 && path[end] == '\0';
}

static okta_call *key_call(const api_world *world, const exchange *one, const char *app, const char *id,
                           const char *verb, const okta_oauth2_client_jwk_request *key)
{
    okta_client *client = world->client;
    if (strcmp(verb, "activate") == 0) {
        return okta_activate_oauth2_client_json_web_key_call(client, app, id);
    }
    if (strcmp(verb, "deactivate") == 0) {
        return okta_deactivate_oauth2_client_json_web_key_call(client, app, id);
    }
    if (strcmp(one->method, "DELETE") == 0) {
        return okta_delete_jwk_call(client, app, id);
    }
    if (strcmp(one->method, "POST") == 0) {
        return okta_add_jwk_call(client, app, key);
    }
    return id[0] == '\0' ? okta_list_jwk_call(client, app) : okta_get_jwk_call(client, app, id);
}

static okta_call *secret_call(const api_world *world, const exchange *one, const char *app, const char *id,
                              const char *verb, const okta_oauth2_client_secret_request_body *secret)
{
    okta_client *client = world->client;
    if (strcmp(verb, "activate") == 0) {
        return okta_activate_oauth2_client_secret_call(client, app, id);
    }
    if (strcmp(verb, "deactivate") == 0) {
        return okta_deactivate_oauth2_client_secret_call(client, app, id);
    }
    if (strcmp(one->method, "DELETE") == 0) {
        return okta_delete_oauth2_client_secret_call(client, app, id);
    }
    if (strcmp(one->method, "POST") == 0) {
        return okta_create_oauth2_client_secret_call(client, app, secret);
    }
    return id[0] == '\0' ? okta_list_oauth2_client_secrets_call(client, app)
                         : okta_get_oauth2_client_secret_call(client, app, id);
}

/* A request body as the model that the typed function takes; NULL: there was none. */
static void *read_model(const okta_descriptor *type, const char *json)
{
    void *model = NULL;
    if (json[0] != '\0') {
        api_expect_success(json, okta_from_json(type, json, strlen(json), &model));
    }
    return model;
}

/* What the typed function for a path needs, and the type of its result. */
typedef struct typed {
    okta_call *call; /* NULL: there is no such function, or it refuses to send this key */
    const okta_descriptor *result;
    void *model;
    unsigned looks; /* ahead of the request: the result could not be found again */
} typed;

static typed make_key_call(const api_world *world, const exchange *one, const char *app, const char *id,
                           const char *verb)
{
    typed made = {.result = okta_oauth2_client_jwk_descriptor()};
    made.model = read_model(made.result, one->request_body);
    okta_error *refusal = made.model == NULL ? NULL : okta_jwk_check(made.model);
    if (refusal == NULL) {
        made.call = key_call(world, one, app, id, verb, made.model);
    }
    okta_free(refusal);
    if (strcmp(one->method, "GET") == 0 && id[0] == '\0') {
        made.result = okta_oauth2_client_jwk_list_descriptor();
    }
    return made;
}

static typed make_secret_call(const api_world *world, const exchange *one, const char *app, const char *id,
                              const char *verb)
{
    typed made = {.result = okta_oauth2_client_secret_descriptor()};
    made.model = read_model(okta_oauth2_client_secret_request_body_descriptor(), one->request_body);
    const okta_oauth2_client_secret_request_body *body = made.model;
    bool creates = strcmp(one->method, "POST") == 0 && id[0] == '\0';
    made.looks = creates && (body == NULL || body->client_secret == NULL);
    made.call = secret_call(world, one, app, id, verb, made.model);
    if (strcmp(one->method, "GET") == 0 && id[0] == '\0') {
        made.result = okta_oauth2_client_secret_list_descriptor();
    }
    return made;
}

static typed make_call(const api_world *world, const exchange *one)
{
    char app[ID_SIZE];
    char collection[ID_SIZE];
    char id[ID_SIZE];
    char verb[ID_SIZE];
    typed made = {0};
    if (cut_path(one->path, app, collection, id, verb)) {
        if (strcmp(collection, "jwks") == 0) {
            made = make_key_call(world, one, app, id, verb);
        } else if (strcmp(collection, "secrets") == 0) {
            made = make_secret_call(world, one, app, id, verb);
        }
    }
    if (made.call == NULL || strcmp(one->method, "DELETE") == 0) {
        made.result = NULL;
    }
    return made;
}

static void expect_request(const char *label, const api_world *world, const exchange *one, unsigned looks)
{
    const mock_request *request = mock_org_request_at(world->org, looks);
    api_expect_requests(label, world, looks + 1);
    if (looks > 0) {
        api_expect_request(label, world, 0, "GET", one->path, "");
    }
    api_expect_text(label, "the method", request->method, one->method);
    api_expect_text(label, "the path", request->target, one->path);
    if (one->request_body[0] == '\0') {
        api_expect_number(label, "bytes of the body", (int64_t)request->body_length, 0);
    } else {
        api_expect_json(label, request->body, request->body_length, one->request_body);
    }
}

/* Written again, the result is what came. */
static void expect_result(const char *label, const okta_descriptor *type, const void *result,
                          const exchange *one)
{
    char *json = NULL;
    size_t length = 0;
    cJSON *tree = NULL;
    void *copy = NULL;
    assert_non_null(result);
    api_expect_success(label, okta_to_json(type, result, OKTA_JSON_WHOLE, &json, &length));
    api_expect_json(label, json, length, one->body);
    okta_free(json);
    api_expect_success(label, okta_copy(type, result, &copy));
    api_expect_success(label, okta_model_to_cjson(type, copy, &tree));
    okta_free(copy);
    cJSON *recorded = cJSON_Parse(one->body);
    assert_true(cJSON_Compare(tree, recorded, true));
    cJSON_Delete(recorded);
    cJSON_Delete(tree);
}

static void expect_refusal(const char *label, okta_error *error, const exchange *one)
{
    cJSON *document = cJSON_Parse(one->body);
    assert_non_null(document);
    api_expect_number(label, "the HTTP status", okta_error_http_status(error), one->status);
    api_expect_text(label, "the code", okta_error_code(error), text_of(document, "errorCode"));
    api_expect_text(label, "the summary", okta_error_summary(error), text_of(document, "errorSummary"));
    api_expect_text(label, "the id", okta_error_id(error), text_of(document, "errorId"));
    const cJSON *causes = cJSON_GetObjectItemCaseSensitive(document, "errorCauses");
    int count = cJSON_GetArraySize(causes);
    api_expect_number(label, "causes", (int64_t)okta_error_cause_count(error), count);
    for (int i = 0; i < count; i++) {
        api_expect_text(label, "a cause", okta_error_cause_summary(error, (size_t)i),
                        text_of(cJSON_GetArrayItem(causes, i), "errorSummary"));
    }
    char *json = NULL;
    size_t length = 0;
    api_expect_success(label, okta_to_json(okta_error_body_descriptor(), okta_error_document(error),
                                           OKTA_JSON_WHOLE, &json, &length));
    api_expect_json(label, json, length, one->body);
    okta_free(json);
    cJSON_Delete(document);
}

/* Returns whether a typed function made the request. */
static bool replay(api_world *world, const char *label, const exchange *one)
{
    typed made = make_call(world, one);
    bool is_typed = made.call != NULL;
    void *result = NULL;
    okta_call *call = is_typed ? made.call
                               : okta_request_call(world->client, one->method, one->path,
                                                   one->request_body[0] == '\0' ? NULL : one->request_body);
    api_forget(world);
    if (made.looks > 0) {
        api_fault(world, (mock_fault){.method = "GET", .status = 200, .body = "[]"});
    }
    queue(world, one);
    okta_error *error = okta_call_run(call);
    if (made.result != NULL) {
        result = okta_call_take(call, made.result);
    }
    expect_request(label, world, one, made.looks);
    api_expect_number(label, "the HTTP status", okta_call_http_status(call), one->status);
    api_expect_number(label, "success", error == NULL, one->status < 300);
    if (error != NULL) {
        expect_refusal(label, error, one);
    } else if (made.result != NULL) {
        expect_result(label, made.result, result, one);
    } else {
        const char *body = okta_call_body(call, NULL);
        api_expect_text(label, "the body", body == NULL ? "" : body, one->body);
    }
    okta_free(error);
    okta_free(result);
    okta_free(call);
    okta_free(made.model);
    return is_typed;
}

static void every_recorded_exchange_plays_back(void **state)
{
    api_world *world = *state;
    char *line = NULL;
    size_t size = 0;
    unsigned count = 0;
    unsigned typed_count = 0;
    while (getline(&line, &size, recording) > 0) {
        char label[512];
        cJSON *json = cJSON_Parse(line);
        assert_non_null(json);
        exchange one = read_exchange(json);
        count++;
        snprintf(label, sizeof label, "%u: %s %s", count, one.method, one.path);
        bool is_typed = replay(world, label, &one);
        typed_count += is_typed;
        print_message("%s: %u, %s\n", label, one.status, is_typed ? "typed" : "raw");
        cJSON_Delete(json);
    }
    free(line);
    assert_true(typed_count > 0 && count > typed_count);
}

static FILE *open_recording(void)
{
    char path[4096];
    const char *facts = getenv("OKTA_FACTS_DIR");
    const char *folder = facts != NULL ? facts : OKTA_SOURCE_DIR "/../shared/okta";
    snprintf(path, sizeof path, "%s/%s", folder, RECORDING);
    return fopen(path, "r");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_recorded_exchange_plays_back, api_world_setup,
                                        api_world_teardown),
    };
    recording = open_recording();
    if (recording == NULL) {
        puts("skipped: no " RECORDING " in OKTA_FACTS_DIR or ../shared/okta");
        return SKIPPED;
    }
    int failures = cmocka_run_group_tests(tests, NULL, NULL);
    (void)fclose(recording);
    return failures;
}
