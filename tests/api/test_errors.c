/* SPDX-License-Identifier: Apache-2.0 */
/* What goes wrong on the way, for every operation: the error with all it says, and how often was sent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "api/expect.h"
#include "api/operations.h"

#define REQUEST_ID    "req-canary.7"
#define ID_LINE       "X-Okta-Request-Id: " REQUEST_ID
#define LARGE_SUMMARY 3000u

#define ERROR_BODY                                                                                           \
    "{\"errorCode\":\"E0000001\",\"errorSummary\":\"It is not valid: key\",\"errorLink\":\"E0000001\","      \
    "\"errorId\":\"oae-7\",\"errorCauses\":[{\"errorSummary\":\"first\"},{\"errorSummary\":\"second\"}]}"
#define HTML "<html><body>Bad Gateway</body></html>"

/* What a case means for an operation of one effect. */
typedef struct outcome {
    okta_status status;
    unsigned attempts; /* AS_A_CREATE: as often as the table of operations says */
    bool retryable;
} outcome;

#define AS_A_CREATE 0u

typedef struct error_case {
    const char *name;
    mock_fault fault; /* strikes every attempt, with the request id above */
    const char *headers[3];
    const outcome *outcomes; /* by effect */
    api_expected told;       /* what does not depend on the effect */
} error_case;

/* The same for every effect: refused, and not tried again. */
#define REFUSED(status)                                                                                      \
    {                                                                                                        \
        {status, 1, false}, {status, 1, false}, {status, 1, false},                                          \
        {                                                                                                    \
            status, 1, false                                                                                 \
        }                                                                                                    \
    }

static const outcome invalid[API_EFFECTS] = REFUSED(OKTA_E_INVALID);
static const outcome auth[API_EFFECTS] = REFUSED(OKTA_E_AUTH);
static const outcome forbidden[API_EFFECTS] = REFUSED(OKTA_E_FORBIDDEN);
static const outcome not_found[API_EFFECTS] = REFUSED(OKTA_E_NOT_FOUND);
static const outcome conflict[API_EFFECTS] = REFUSED(OKTA_E_CONFLICT);
static const outcome foreign[API_EFFECTS] = REFUSED(OKTA_E_PROTOCOL);
/* The server failed: four times, where that is safe. A create is looked for, and so is the state of an
 * object. */
static const outcome trouble[API_EFFECTS] = {
    [API_READ] = {OKTA_E_SERVER, 4, true},
    [API_DELETE] = {OKTA_E_SERVER, 4, true},
    [API_LIFECYCLE] = {OKTA_E_SERVER, 4, true},
    [API_CREATE] = {OKTA_E_OUTCOME_UNKNOWN, AS_A_CREATE, false},
};
/* No whole answer came. */
static const outcome lost[API_EFFECTS] = {
    [API_READ] = {OKTA_E_TRANSPORT, 4, true},
    [API_DELETE] = {OKTA_E_OUTCOME_UNKNOWN, 4, true},
    [API_LIFECYCLE] = {OKTA_E_OUTCOME_UNKNOWN, 4, true},
    [API_CREATE] = {OKTA_E_OUTCOME_UNKNOWN, AS_A_CREATE, false},
};
/* An answer came whole and makes no sense: who gave it did perhaps not do what was asked. */
static const outcome nonsense[API_EFFECTS] = {
    [API_READ] = {OKTA_E_PROTOCOL, 1, false},
    [API_DELETE] = {OKTA_E_OUTCOME_UNKNOWN, 1, true},
    [API_LIFECYCLE] = {OKTA_E_OUTCOME_UNKNOWN, 1, true},
    [API_CREATE] = {OKTA_E_OUTCOME_UNKNOWN, AS_A_CREATE, false},
};
/* The answer has no result in it, as Okta answers a delete. */
static const outcome no_result[API_EFFECTS] = {
    [API_READ] = {OKTA_E_PROTOCOL, 1, false},
    [API_DELETE] = {OKTA_OK, 1, false},
    [API_LIFECYCLE] = {OKTA_E_OUTCOME_UNKNOWN, 1, true},
    [API_CREATE] = {OKTA_E_OUTCOME_UNKNOWN, AS_A_CREATE, false},
};

#define OKTA_TOLD(http)                                                                                      \
    {                                                                                                        \
        .http_status = (http), .code = "E0000001", .summary = "It is not valid: key", .id = "oae-7",         \
        .request_id = REQUEST_ID, .cause_count = 2, .causes = {"first", "second"}, .document = true,         \
        .body = ERROR_BODY                                                                                   \
    }
#define BARE_TOLD(http, text)                                                                                \
    {                                                                                                        \
        .http_status = (http), .request_id = REQUEST_ID, .body = (text)                                      \
    }

#define OKTA_CASE(http, expected)                                                                            \
    {                                                                                                        \
        "an error document with " #http, {.status = (http), .body = ERROR_BODY}, {ID_LINE}, expected,        \
            OKTA_TOLD(http)                                                                                  \
    }
#define BARE_CASE(http, expected)                                                                            \
    {                                                                                                        \
        "nothing but " #http, {.status = (http), .body = ""}, {ID_LINE}, expected, BARE_TOLD(http, NULL)     \
    }
#define BODY_CASE(http, type, text, expected)                                                                \
    {                                                                                                        \
#http " with " text, {.status = (http), .body = (text), .content_type = (type) },                    \
                             {ID_LINE }, expected, BARE_TOLD(http, text)                                     \
    }
#define GATEWAY_CASE(http, text, expected)                                                                   \
    {                                                                                                        \
#http " with " text, {.status = (http) }, {ID_LINE }, expected,                                      \
        {                                                                                                    \
            .http_status = (http), .request_id = REQUEST_ID, .document = true, .body = (text)                \
        }                                                                                                    \
    }
#define JSON_CASE(text, expected) BODY_CASE(200, "application/json", text, expected)

static const error_case cases[] = {
    OKTA_CASE(400, invalid),
    OKTA_CASE(401, auth),
    OKTA_CASE(403, forbidden),
    OKTA_CASE(404, not_found),
    OKTA_CASE(405, invalid),
    OKTA_CASE(409, conflict),
    OKTA_CASE(410, not_found),
    OKTA_CASE(412, conflict),
    OKTA_CASE(413, invalid),
    OKTA_CASE(415, invalid),
    OKTA_CASE(418, invalid),
    OKTA_CASE(422, invalid),
    OKTA_CASE(499, invalid),
    OKTA_CASE(408, trouble),
    OKTA_CASE(500, trouble),
    OKTA_CASE(502, trouble),
    OKTA_CASE(503, trouble),
    OKTA_CASE(504, trouble),
    BARE_CASE(401, auth),
    BARE_CASE(400, nonsense),
    BARE_CASE(404, nonsense),
    BARE_CASE(410, nonsense),
    BARE_CASE(503, trouble),
    BODY_CASE(403, "text/html", HTML, forbidden),
    BODY_CASE(502, "text/html", HTML, trouble),
    BODY_CASE(503, "application/json", "{\"errorCode\":\"E00", trouble),
    BODY_CASE(400, "text/html", HTML, nonsense),
    BODY_CASE(404, "text/html", HTML, nonsense),
    BODY_CASE(404, "application/json", HTML, nonsense),
    BODY_CASE(409, "text/html", HTML, nonsense),
    BODY_CASE(410, "text/plain", "gone", nonsense),
    BODY_CASE(404, "application/json", "[\"E0000007\"]", nonsense),
    BODY_CASE(404, "application/json", "{\"errorCode\":\"E0000007\"", nonsense),
    GATEWAY_CASE(404, "{\"status\":404,\"message\":\"no Route matched\"}", nonsense),
    GATEWAY_CASE(404, "{\"status\":404,\"error\":\"Not Found\",\"path\":\"/api/v1\"}", nonsense),
    GATEWAY_CASE(404, "{\"errorCode\":404}", nonsense),
    GATEWAY_CASE(401, "{\"message\":\"Unauthorized\"}", auth),
    GATEWAY_CASE(403, "{\"message\":\"Forbidden\"}", forbidden),
    GATEWAY_CASE(503, "{\"message\":\"no healthy upstream\"}", trouble),
    BARE_CASE(300, foreign),
    BARE_CASE(301, foreign),
    BARE_CASE(304, foreign),
    {"an OAuth error",
     {.status = 400},
     {ID_LINE},
     invalid,
     {.http_status = 400,
      .code = "invalid_scope",
      .summary = "no such scope",
      .request_id = REQUEST_ID,
      .document = true,
      .body = "{\"error\":\"invalid_scope\",\"error_description\":\"no such scope\"}"}},
    {"a challenge alone",
     {.status = 403, .body = ""},
     {ID_LINE,
      "WWW-Authenticate: Bearer authorization_uri=\"https://x\", error_description=\"no right to it\", "
      "error=\"insufficient_scope\", scope=\"okta.apps.read\""},
     forbidden,
     {.http_status = 403,
      .code = "insufficient_scope",
      .summary = "no right to it",
      .request_id = REQUEST_ID}},
    {"a challenge without an error",
     {.status = 401, .body = ""},
     {ID_LINE, "WWW-Authenticate: Bearer realm=\"x\", terror=\"y\", error=z"},
     auth,
     BARE_TOLD(401, NULL)},
    {"causes of any kind",
     {.status = 400},
     {ID_LINE},
     invalid,
     {.http_status = 400,
      .code = "E1",
      .request_id = REQUEST_ID,
      .cause_count = 3,
      .causes = {NULL, "told", NULL},
      .document = true,
      .body = "{\"errorCode\":\"E1\",\"errorCauses\":[7,{\"errorSummary\":\"told\"},{\"x\":1}]}"}},
    BARE_CASE(200, nonsense),
    BARE_CASE(202, nonsense),
    BARE_CASE(203, nonsense),
    BARE_CASE(204, no_result),
    BODY_CASE(200, "text/html", HTML, nonsense),
    BODY_CASE(200, "application/json", HTML, nonsense),
    JSON_CASE("{\"id\":\"a\"", nonsense),
    JSON_CASE("[{\"id\":\"a\"}", nonsense),
    JSON_CASE("{\"id\":\"a\"} {}", nonsense),
    JSON_CASE("{\"id\":\"a\",}", nonsense),
    JSON_CASE("{\"id\":\"\xff\"}", nonsense),
    JSON_CASE("{\"id\":01}", nonsense),
    JSON_CASE(" ", nonsense),
    JSON_CASE("{\"id\":\"a\\u0000b\"}", nonsense),
    JSON_CASE("12", nonsense),
    JSON_CASE("null", nonsense),
    JSON_CASE("\"a\"", nonsense),
    {"the request is dropped", {.drop_before = true}, {NULL}, lost, {0}},
    {"the answer is dropped", {.drop_after = true}, {NULL}, lost, {0}},
    {"the body is cut",
     {.status = 200, .body = "{\"id\":\"a\"}", .cut_body_at = 5},
     {ID_LINE},
     lost,
     {.request_id = REQUEST_ID}},
};

/* A create is not sent again where an answer of 2xx began: the org has it. */
static unsigned sends_of(const error_case *one, const api_operation *operation)
{
    const outcome *expected = &one->outcomes[operation->effect];
    bool said_done = one->fault.status >= 200 && one->fault.status <= 299;
    if (expected->attempts != AS_A_CREATE) {
        return expected->attempts;
    }
    return said_done ? 1 : operation->sends;
}

/* Whether a write may have happened all the same. */
static bool is_unsettled(const error_case *one, const api_operation *operation)
{
    okta_status status = one->outcomes[operation->effect].status;
    return operation->effect != API_READ && (status == OKTA_E_OUTCOME_UNKNOWN || status == OKTA_E_SERVER);
}

/* Looks are for that, behind the last sending too. */
static void expected_story(const error_case *one, const api_operation *operation, unsigned sends,
                           api_story out)
{
    if (is_unsettled(one, operation)) {
        api_lost_story(operation, sends, out);
    } else {
        api_ended_story(operation, sends, out);
    }
}

static size_t expected_waits(const error_case *one, const api_operation *operation, unsigned sends,
                             int64_t out[API_WAITS_MAX])
{
    static const int64_t retries[] = {375, 750, 1500};
    if (one->outcomes[operation->effect].attempts == AS_A_CREATE) {
        return api_lost_waits(operation, sends, out);
    }
    assert_true(sends - 1 <= COUNT(retries));
    memcpy(out, retries, (sends - 1) * sizeof *out);
    return sends - 1;
}

static void queue_fault(api_world *world, const error_case *one, const api_operation *operation,
                        unsigned times)
{
    mock_fault fault = one->fault;
    fault.method = operation->method;
    fault.times = times;
    fault.headers = one->headers;
    fault.body = fault.body == NULL && fault.status != 0 ? one->told.body : fault.body;
    api_fault(world, fault);
}

/* The fault strikes every sending, and no look finds anything. */
static void queue(api_world *world, const error_case *one, const api_operation *operation, unsigned sends)
{
    api_story story;
    unsigned looks = 0;
    queue_fault(world, one, operation, sends);
    expected_story(one, operation, sends, story);
    for (size_t i = 0; story[i] != '\0'; i++) {
        looks += story[i] == 'l';
    }
    api_queue_looks(world, operation, looks, operation->absent);
}

static void expect_outcome(const char *label, const error_case *one, const outcome *expected,
                           okta_error *error)
{
    if (expected->status == OKTA_OK) {
        api_expect_success(label, error);
        return;
    }
    api_expected told = one->told;
    told.status = expected->status;
    told.attempts = expected->attempts;
    told.retryable = expected->retryable;
    api_expect_error(label, error, &told);
}

static void run_case(api_world *world, const error_case *one, const api_operation *operation, api_form form)
{
    outcome expected = one->outcomes[operation->effect];
    char label[256];
    api_story story;
    int64_t waits[API_WAITS_MAX];
    void *out = operation->type == NULL ? NULL : world;
    expected.attempts = sends_of(one, operation);
    snprintf(label, sizeof label, "%s: %s", operation->name, one->name);
    api_world_renew(world, NULL);
    api_forget(world);
    queue(world, one, operation, expected.attempts);
    okta_error *error = api_run(operation, form, world->client, operation->ids, &out);
    expect_outcome(label, one, &expected, error);
    expected_story(one, operation, expected.attempts, story);
    api_expect_story(label, world, operation, story, one->told.request_id);
    api_expect_waits(label, world, waits, expected_waits(one, operation, expected.attempts, waits));
    assert_null(out);
}

static void run_all(api_world *world, api_form form)
{
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        for (size_t j = 0; j < COUNT(cases); j++) {
            run_case(world, &cases[j], &api_operations[i], form);
        }
    }
}

static void a_function_reports_every_kind_of_failure(void **state)
{
    run_all(*state, API_FUNCTION);
}

static void a_call_reports_every_kind_of_failure(void **state)
{
    run_all(*state, API_CALL);
}

static void run_once(api_world *world, const error_case *one, const api_operation *operation)
{
    outcome expected = one->outcomes[operation->effect];
    api_story story;
    int64_t waits[API_WAITS_MAX];
    void *out = NULL;
    expected.attempts = 1;
    api_world_renew(world, NULL);
    api_forget(world);
    queue(world, one, operation, 1);
    okta_call *call = operation->call(world->client, operation->ids);
    okta_call_set_max_retries(call, 0);
    okta_error *error = api_run_call(operation, call, &out);
    expect_outcome(operation->name, one, &expected, error);
    api_expect_number(operation->name, "attempts", okta_call_attempts(call), 1);
    api_expect_number(operation->name, "reconciled", okta_call_was_reconciled(call), false);
    okta_free(call);
    expected_story(one, operation, 1, story);
    api_expect_story(operation->name, world, operation, story, NULL);
    api_expect_waits(operation->name, world, waits, expected_waits(one, operation, 1, waits));
}

/* The outcome is looked for all the same. */
static void sends_once_with_no_retries(void **state)
{
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        for (size_t j = 0; j < COUNT(cases); j++) {
            run_once(*state, &cases[j], &api_operations[i]);
        }
    }
}

/* An outcome that a look tells is a success: here the first one behind so many sendings. */
static void run_found(api_world *world, const error_case *one, const api_operation *operation, unsigned sends,
                      unsigned max_retries)
{
    const char *what = one->name;
    void *out = NULL;
    char *json = NULL;
    size_t length = 0;
    api_story story;
    api_world_renew(world, NULL);
    api_forget(world);
    queue_fault(world, one, operation, sends);
    api_queue_looks(world, operation, operation->looks_behind * (sends - 1), operation->absent);
    api_queue_looks(world, operation, 1, operation->found);
    okta_call *call = operation->call(world->client, operation->ids);
    okta_call_set_max_retries(call, max_retries);
    api_expect_success(what, api_run_call(operation, call, &out));
    api_expect_number(what, "attempts", okta_call_attempts(call), sends);
    api_expect_number(what, "reconciled", okta_call_was_reconciled(call), true);
    okta_free(call);
    api_ended_story(operation, sends, story);
    assert_true(strlen(story) + 1 < sizeof story);
    memcpy(story + strlen(story), "l", sizeof "l");
    api_expect_story(what, world, operation, story, one->told.request_id);
    assert_non_null(out);
    api_expect_success(what, okta_to_json(operation->type(), out, OKTA_JSON_WHOLE, &json, &length));
    api_expect_json(what, json, length, operation->answer);
    okta_free(json);
    okta_free(out);
}

/* Behind each sending, whether another one is allowed or not. */
static void a_look_that_finds_it_makes_a_success(void **state)
{
    size_t count = 0;
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        for (size_t j = 0; j < COUNT(cases) && operation->found != NULL; j++) {
            unsigned sends = sends_of(&cases[j], operation);
            for (unsigned sent = 1; sent <= sends && is_unsettled(&cases[j], operation); sent++) {
                run_found(*state, &cases[j], operation, sent, 3);
                run_found(*state, &cases[j], operation, sent, sent - 1);
                count++;
            }
        }
    }
    assert_true(count > 200);
}

/* A refusal, or an object in another state than was asked for. */
static void a_look_that_tells_nothing_leaves_the_error(void **state)
{
    static const struct {
        unsigned status;
        const char *body;
    } looks[] = {
        {200, "{}"},
        {200, "{\"status\":null}"},
        {200, "{\"status\":7}"},
        {200, "{\"status\":\"\"}"},
        {200, "{\"status\":\"active\"}"},
        {200, "{\"status\":\"INACTIVE \"}"},
        {200, "{\"status\":\"STAGED\"}"},
        {200, "{\"x\":{\"status\":\"ACTIVE\"},\"y\":{\"status\":\"INACTIVE\"}}"},
        {200, "[]"},
        {200, "{\"status\":\"ACTIVE\""},
        {200, "{\"status\":\"INACTIVE\""},
        {200, ""},
        {204, ""},
        {302, "{\"status\":\"ACTIVE\"}"},
        {403, "{\"status\":\"ACTIVE\"}"},
        {404, "{\"status\":\"INACTIVE\"}"},
        {503, "{\"status\":\"INACTIVE\"}"},
    };
    api_world *world = *state;
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        for (size_t j = 0; j < COUNT(looks) && operation->effect == API_LIFECYCLE; j++) {
            static const char *const headers[] = {ID_LINE, NULL};
            const api_expected told = {OKTA_E_SERVER, .http_status = 500, .attempts = 1, .retryable = true,
                                       .request_id = REQUEST_ID};
            void *out = world;
            api_world_renew(world, NULL);
            api_forget(world);
            api_fault(world, (mock_fault){.method = "POST", .status = 500, .body = "", .headers = headers});
            api_fault(world, (mock_fault){.method = "GET", .status = looks[j].status, .body = looks[j].body});
            okta_call *call = operation->call(world->client, operation->ids);
            okta_call_set_max_retries(call, 0);
            api_expect_error(looks[j].body, api_run_call(operation, call, &out), &told);
            api_expect_number(looks[j].body, "reconciled", okta_call_was_reconciled(call), false);
            okta_free(call);
            assert_null(out);
            api_expect_story(looks[j].body, world, operation, "sl", NULL);
        }
    }
}

static void says_it_in_one_line(void **state)
{
    api_world *world = *state;
    const struct {
        const char *body;
        const char *message;
    } lines[] = {
        {ERROR_BODY, "getJwk: HTTP 400 E0000001: It is not valid: key (first; and 1 more)"},
        {"{\"errorCode\":\"E1\",\"errorSummary\":\"s\",\"errorCauses\":[{\"errorSummary\":\"c\"}]}",
         "getJwk: HTTP 400 E1: s (c)"},
        {"{\"errorCode\":\"E1\",\"errorCauses\":[7,{\"errorSummary\":\"c\"},{}]}", "getJwk: HTTP 400 E1 (c)"},
        {"{\"errorCode\":\"E1\",\"errorSummary\":\"%s %n %d %\"}", "getJwk: HTTP 400 E1: %s %n %d %"},
        {"{\"errorCode\":\"E1\",\"errorSummary\":\"a\\r\\nb\\tc\\u007fd\\u001be\"}",
         "getJwk: HTTP 400 E1: a  b c d e"},
        {"{\"error\":\"invalid_token\"}", "getJwk: HTTP 400 invalid_token"},
        {"{}", "getJwk: HTTP 400: an answer without Okta's error document"},
        {"oops", "getJwk: HTTP 400: an answer without Okta's error document"},
    };
    for (size_t i = 0; i < COUNT(lines); i++) {
        okta_oauth2_client_jwk *key = NULL;
        api_fault(world, (mock_fault){.status = 400, .body = lines[i].body});
        okta_error *error = okta_get_jwk(world->client, API_APP, API_KEY, &key);
        assert_string_equal(okta_error_message(error), lines[i].message);
        okta_free(error);
    }
}

static void cuts_a_long_message_between_characters(void **state)
{
    api_world *world = *state;
    for (size_t shift = 0; shift < 3; shift++) {
        char body[LARGE_SUMMARY + 64];
        size_t length = (size_t)snprintf(body, sizeof body, "{\"errorCode\":\"E1\",\"errorSummary\":\"%.*s",
                                         (int)shift, "xx");
        for (; length < LARGE_SUMMARY; length += 3) {
            memcpy(body + length, "\xe2\x82\xac", 3);
        }
        memcpy(body + length, "\"}", 3);
        okta_oauth2_client_jwk *key = NULL;
        api_fault(world, (mock_fault){.status = 400, .body = body});
        okta_error *error = okta_get_jwk(world->client, API_APP, API_KEY, &key);
        const char *message = okta_error_message(error);
        const char *text = message + strlen("getJwk: HTTP 400 E1: ") + shift;
        assert_in_range(strlen(message), 990, 1000);
        assert_int_equal(strlen(text) % 3, 0);
        assert_true(strlen(okta_error_summary(error)) > LARGE_SUMMARY - 64);
        okta_free(error);
    }
}

/* What a look brings is as large as the answer, and is beyond the limit with it. */
static void takes_an_answer_of_at_most(api_world *world, const api_operation *operation, size_t limit)
{
    okta_client_options options = api_options(world);
    bool fits = limit >= strlen(operation->answer);
    bool blind = !fits && operation->looks_behind > 0;
    void *out = NULL;
    options.max_response_bytes = limit;
    api_world_renew(world, &options);
    api_forget(world);
    api_queue_good_answer(world, operation);
    if (blind) {
        api_queue_looks(world, operation, 1, operation->answer);
    }
    okta_error *error = operation->run(world->client, operation->ids, &out);
    api_expect_requests(operation->name, world, operation->looks_before + 1 + blind);
    if (fits) {
        api_expect_success(operation->name, error);
    } else {
        okta_status status = operation->effect == API_READ ? OKTA_E_PROTOCOL : OKTA_E_OUTCOME_UNKNOWN;
        api_expect_number(operation->name, "attempts", okta_error_attempts(error), 1);
        api_expect_refusal(operation->name, error, status, "larger than max_response_bytes");
        assert_null(out);
    }
    okta_free(out);
}

static void refuses_an_answer_beyond_the_limit(void **state)
{
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        if (api_operations[i].type != NULL) {
            takes_an_answer_of_at_most(*state, &api_operations[i], strlen(api_operations[i].answer));
            takes_an_answer_of_at_most(*state, &api_operations[i], strlen(api_operations[i].answer) - 1);
        }
    }
}

/* Which kind of token it is shows at its beginning. */
static void names_the_mode_that_a_refused_token_is_for(void **state)
{
    static const struct {
        okta_authorization_mode mode;
        const char *token;
        const char *told; /* NULL: nothing of a mode */
    } refusals[] = {
        {OKTA_AUTHORIZATION_SSWS, "eyJraWQiOiJhIn0.e30.c2ln",
         "which the authorization_mode Bearer sends, and it is SSWS"},
        {OKTA_AUTHORIZATION_BEARER, "00refusedtoken",
         "which the authorization_mode SSWS sends, and it is Bearer"},
        {OKTA_AUTHORIZATION_SSWS, "00refusedtoken", NULL},
        {OKTA_AUTHORIZATION_BEARER, "eyJraWQiOiJhIn0.e30.c2ln", NULL},
    };
    api_world *world = *state;
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        okta_client_options options = api_options(world);
        void *model = NULL;
        options.authorization_mode = refusals[i].mode;
        options.token = refusals[i].token;
        api_world_renew(world, &options);
        okta_error *error = api_operations[0].run(world->client, api_operations[0].ids, &model);
        const char *message = okta_error_message(error);
        assert_int_equal(okta_error_status(error), OKTA_E_AUTH);
        assert_null(strstr(message, refusals[i].token));
        if (refusals[i].told == NULL) {
            assert_null(strstr(message, "authorization_mode"));
        } else {
            assert_non_null(strstr(message, refusals[i].told));
        }
        okta_free(error);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, api_world_setup, api_world_teardown)
    const struct CMUnitTest tests[] = {
        TEST(names_the_mode_that_a_refused_token_is_for),
        TEST(a_function_reports_every_kind_of_failure),
        TEST(a_call_reports_every_kind_of_failure),
        TEST(sends_once_with_no_retries),
        TEST(a_look_that_finds_it_makes_a_success),
        TEST(a_look_that_tells_nothing_leaves_the_error),
        TEST(says_it_in_one_line),
        TEST(cuts_a_long_message_between_characters),
        TEST(refuses_an_answer_beyond_the_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
