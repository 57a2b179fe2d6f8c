/* SPDX-License-Identifier: Apache-2.0 */
/* Every allocation of the library fails in turn, once and from there on: nothing crashes or leaks, nothing is
 * told wrongly, and the client goes on. Leaks are for LeakSanitizer to find. */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "api/expect.h"
#include "api/operations.h"
#include "unit/allocations.h"

#define USERS     "/api/v1/users"
#define SWEEP_MAX 2000u

/* A piece of work under failing allocations, with its verdict. Returns false when it failed wrongly. */
typedef struct sweep {
    api_world *world;
    const char *label;
    bool lasting;
    size_t nth; /* the allocation that fails */
} sweep;

static void begin(const sweep *s)
{
    mock_org_forget_requests(s->world->org);
    s->world->clock.wait_count = 0;
    allocations_begin(s->nth, s->lasting);
}

static void complain(const sweep *s, const okta_error *error, const char *what)
{
    fail_msg("%s: allocation %zu%s: %s (%s: %s)", s->label, s->nth, s->lasting ? " and all after it" : "",
             what, okta_status_name(okta_error_status(error)), okta_error_message(error));
}

/* Runs `work` with the first, second, third ... allocation failing, until it needs no more of them. */
static void sweep_all(api_world *world, const char *label, bool (*work)(sweep *s, const void *ctx),
                      const void *ctx)
{
    for (int lasting = 0; lasting <= 1; lasting++) {
        sweep s = {world, label, lasting == 1, 1};
        while (work(&s, ctx)) {
            s.nth++;
            assert_true(s.nth < SWEEP_MAX);
        }
        /* A sweep that failed nothing tests nothing. */
        assert_true(s.nth > 1);
    }
}

/* An operation, and how the org answers it from now on, each time. */
typedef struct scene {
    const api_operation *operation;
    mock_fault answer; /* to each sending */
    bool found;        /* each look shows what was asked for */
    bool first;        /* with a new client each time: its first call makes a connection */
} scene;

static void set(api_world *world, const scene *one)
{
    const api_operation *operation = one->operation;
    const char *list = one->found ? operation->found : operation->absent;
    mock_fault answer = one->answer;
    answer.method = operation->method;
    answer.times = UINT_MAX;
    api_world_start(world, NULL, NULL);
    api_fault(world, answer);
    api_queue_looks(world, operation, UINT_MAX, list);
}

static mock_fault good_answer(const api_operation *operation)
{
    return (mock_fault){.status = operation->good_status,
                        .body = operation->answer[0] == '\0' ? NULL : operation->answer};
}

/* How often the operation itself went out. */
static unsigned count_sent(const sweep *s, const api_operation *operation)
{
    unsigned count = 0;
    for (size_t i = 0; i < mock_org_request_count(s->world->org); i++) {
        count += strcmp(mock_org_request_at(s->world->org, i)->method, operation->method) == 0;
    }
    return count;
}

/* What may come out: nothing of it is ever "out of memory" for a create that the server has seen, and what a
 * look can tell is told. */
static void expect_verdict(const sweep *s, const scene *one, const okta_error *error, const void *out)
{
    const api_operation *operation = one->operation;
    bool creates = operation->effect == API_CREATE;
    unsigned sent = count_sent(s, operation);
    okta_status status = okta_error_status(error);
    if (sent > (creates && !one->found ? operation->sends : 1)) {
        complain(s, error, "sent too often");
    }
    if (mock_org_request_count(s->world->org) >
        operation->looks_before + sent * (1 + operation->looks_behind)) {
        complain(s, error, "looked too often");
    }
    if (error == NULL) {
        if (sent == 0 || (out == NULL) != (operation->type == NULL)) {
            complain(s, error, "a success without its result");
        }
        return;
    }
    if (out != NULL) {
        complain(s, error, "a result after an error");
    }
    bool no_memory = status == OKTA_E_NOMEM && !(sent > 0 && creates);
    bool unknown = status == OKTA_E_OUTCOME_UNKNOWN && sent > 0 && operation->effect != API_READ;
    if (!no_memory && !unknown) {
        complain(s, error, "the wrong status");
    }
    if (unknown && creates && okta_error_is_retryable(error)) {
        complain(s, error, "offers to create twice");
    }
    /* With one allocation that fails, there is memory to look, and to send once more where that is due: not
     * behind an answer of 2xx. */
    bool said_done = one->answer.status >= 200 && one->answer.status <= 299;
    if (unknown && creates && !s->lasting && (one->found || (operation->sends > 1 && !said_done))) {
        complain(s, error, "a look would have told");
    }
}

/* The same once more with all the memory there is. */
static void expect_usable(const sweep *s, const api_operation *operation)
{
    void *out = NULL;
    okta_error *error = operation->run(s->world->client, operation->ids, &out);
    if (error != NULL || (out == NULL) != (operation->type == NULL)) {
        complain(s, error, "the client is not usable");
    }
    okta_free(out);
}

static bool run_operation(sweep *s, const void *ctx)
{
    const scene *one = ctx;
    const api_operation *operation = one->operation;
    void *out = operation->type == NULL ? NULL : s;
    if (one->first) {
        api_world_renew(s->world, NULL);
    }
    begin(s);
    okta_error *error = operation->run(s->world->client, operation->ids, &out);
    bool failed = allocations_end();
    expect_verdict(s, one, error, out);
    okta_free(error);
    okta_free(out);
    expect_usable(s, operation);
    return failed;
}

/* Each operation with its good answer; where it looks, with each of what a look can show. */
static void sweep_operations(bool (*work)(sweep *s, const void *ctx), bool first)
{
    for (size_t i = 0; i < 2 * API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i / 2];
        const scene one = {operation, good_answer(operation), i % 2 == 1, first};
        if (!one.found || (operation->effect == API_CREATE && operation->found != NULL)) {
            api_world world;
            set(&world, &one);
            sweep_all(&world, operation->name, work, &one);
            api_world_stop(&world);
        }
    }
}

static void every_operation_survives(void **state)
{
    (void)state;
    sweep_operations(run_operation, false);
    sweep_operations(run_operation, true);
}

/* Every setting, every accessor, and okta_free() of whatever came. */
static bool run_call(sweep *s, const void *ctx)
{
    const scene *one = ctx;
    const api_operation *operation = one->operation;
    void *out = operation->type == NULL ? NULL : s;
    begin(s);
    okta_call *call = operation->call(s->world->client, operation->ids);
    okta_call_add_header(call, "X-A", "a");
    okta_call_add_header(call, "X-Long-Enough-To-Need-A-Block", "0123456789012345678901234567890123456789");
    okta_call_set_timeout_ms(call, 50000);
    okta_call_set_max_retries(call, 1);
    okta_error *error = api_run_call(operation, call, &out);
    (void)okta_call_http_status(call);
    (void)okta_call_attempts(call);
    (void)okta_call_request_id(call);
    (void)okta_call_header(call, "Date", 0);
    (void)okta_call_body(call, NULL);
    (void)okta_call_rate_limit(call);
    bool reconciled = okta_call_was_reconciled(call);
    okta_call_cancel(call);
    okta_free(call);
    bool failed = allocations_end();
    expect_verdict(s, one, error, out);
    if (reconciled && (error != NULL || !one->found)) {
        complain(s, error, "reconciled with what is not there");
    }
    for (size_t i = 0; i < mock_org_request_count(s->world->org); i++) {
        bool own = strcmp(mock_org_request_at(s->world->org, i)->method, operation->method) == 0;
        api_expect_header(s->label, s->world, i, "X-A", own ? "a" : NULL);
    }
    okta_free(error);
    okta_free(out);
    expect_usable(s, operation);
    return failed;
}

static void every_call_survives(void **state)
{
    (void)state;
    sweep_operations(run_call, false);
}

/* Every answer is lost: the looks have the last word. */
static bool run_lost(sweep *s, const void *ctx)
{
    const scene *one = ctx;
    const api_operation *operation = one->operation;
    void *out = s;
    api_world_renew(s->world, NULL);
    begin(s);
    okta_call *call = operation->call(s->world->client, operation->ids);
    okta_error *error = api_run_call(operation, call, &out);
    bool reconciled = okta_call_was_reconciled(call);
    unsigned attempts = okta_call_attempts(call);
    okta_free(call);
    bool failed = allocations_end();
    unsigned sent = count_sent(s, operation);
    okta_status status = okta_error_status(error);
    unsigned most = operation->effect == API_CREATE ? (one->found ? 1 : operation->sends) : 4;
    if (sent > most || attempts > most) {
        complain(s, error, "sent too often");
    }
    if (reconciled != (error == NULL) || (error == NULL) != (out != NULL) || (error == NULL && !one->found)) {
        complain(s, error, "a success that nothing shows");
    }
    /* At the end of its repetitions the last answer speaks, and doing it twice does no harm. */
    bool ended = operation->effect == API_LIFECYCLE && sent == most &&
                 (status == OKTA_E_SERVER || status == OKTA_E_NOMEM);
    if (error != NULL && status != (sent > 0 ? OKTA_E_OUTCOME_UNKNOWN : OKTA_E_NOMEM) && !ended) {
        complain(s, error, "the wrong status");
    }
    if (!failed && error != NULL && one->found) {
        complain(s, error, "a look would have told");
    }
    okta_free(error);
    okta_free(out);
    return failed;
}

static void lost_answers_survive(void **state)
{
    static const mock_fault lost[] = {{.status = 500}, {.drop_before = true}, {.status = 201, .body = "{}"}};
    (void)state;
    for (size_t i = 0; i < 2 * COUNT(lost) * API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i / (2 * COUNT(lost))];
        size_t fault = i / 2 % COUNT(lost);
        const scene one = {operation, lost[fault], i % 2 == 1, true};
        bool looks = operation->effect == API_CREATE || (operation->effect == API_LIFECYCLE && fault < 2);
        if (looks && (!one.found || operation->found != NULL)) {
            api_world world;
            set(&world, &one);
            sweep_all(&world, operation->name, run_lost, &one);
            api_world_stop(&world);
        }
    }
}

#define NAMELESS_KID "V_dxcLnwefpJJCcZT3JdRNF_DXe88kSR50ydIhYSndQ"
#define NAMELESS_X   "_kLaU1BkwSAvCNN9thQPdEEHTetJv2Bm8IO-ne4KdRg"
#define NAMELESS_Y   "eA6BHcvcVq_5mopF1bIkm-kfBQOa25-IMhUBni2ElNc"
#define NAMELESS_KEY                                                                                         \
    "{\"id\":\"a\",\"kid\":\"" NAMELESS_KID "\",\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"" NAMELESS_X        \
    "\",\"y\":\"" NAMELESS_Y "\"}"

static const okta_oauth2_client_jwk_request nameless_key = {
    .model = OKTA_INIT(okta_oauth2_client_jwk_request),
    .kty = OKTA_OAUTH2_CLIENT_JWK_KTY_EC,
    .crv = "P-256",
    .x = NAMELESS_X,
    .y = NAMELESS_Y,
};

/* A kid is made for the key, and it is sent with that or not at all. */
static bool run_nameless(sweep *s, const void *ctx)
{
    okta_oauth2_client_jwk *key = (void *)s;
    (void)ctx;
    begin(s);
    okta_error *error = okta_add_jwk(s->world->client, API_APP, &nameless_key, &key);
    bool failed = allocations_end();
    bool sent = mock_org_request_count(s->world->org) > 0;
    if (error == NULL ? key == NULL || strcmp(key->kid, NAMELESS_KID) != 0
                      : key != NULL || sent || okta_error_status(error) != OKTA_E_NOMEM) {
        /* Memory that stays short leaves no look. */
        bool unknown =
            okta_error_status(error) == OKTA_E_OUTCOME_UNKNOWN && sent && s->lasting && key == NULL;
        if (!unknown) {
            complain(s, error, "addJwk");
        }
    }
    if (sent) {
        assert_non_null(strstr(mock_org_request_at(s->world->org, 0)->body, "\"kid\":\"" NAMELESS_KID "\""));
    }
    okta_free(error);
    okta_free(key);
    return failed;
}

static bool run_reconcile(sweep *s, const void *ctx)
{
    okta_oauth2_client_jwk *key = (void *)s;
    (void)ctx;
    begin(s);
    okta_error *error = okta_reconcile_jwk(s->world->client, API_APP, &nameless_key, &key);
    bool failed = allocations_end();
    if (error == NULL ? key == NULL || strcmp(key->id, "a") != 0
                      : key != NULL || okta_error_status(error) != OKTA_E_NOMEM) {
        complain(s, error, "okta_reconcile_jwk");
    }
    okta_free(error);
    okta_free(key);
    return failed;
}

static void keys_without_a_kid_survive(void **state)
{
    api_world *world = *state;
    api_fault(world,
              (mock_fault){.method = "GET", .status = 200, .body = "[" NAMELESS_KEY "]", .times = UINT_MAX});
    api_fault(world, (mock_fault){.method = "POST", .status = 201, .body = NAMELESS_KEY, .times = UINT_MAX});
    sweep_all(world, "addJwk without a kid", run_nameless, NULL);
    sweep_all(world, "okta_reconcile_jwk", run_reconcile, NULL);
}

static bool make_client(sweep *s, const void *ctx)
{
    okta_client_options options = api_options(s->world);
    okta_client *client = (okta_client *)s;
    (void)ctx;
    options.user_agent = "agent/1";
    options.ca_file = "/nowhere/ca.pem";
    options.proxy = "";
    begin(s);
    okta_error *error = okta_client_new(&options, &client);
    bool failed = allocations_end();
    if (error == NULL ? client == NULL : client != NULL || okta_error_status(error) != OKTA_E_NOMEM) {
        complain(s, error, "okta_client_new");
    }
    okta_free(error);
    okta_free(client);
    return failed;
}

static void making_a_client_survives(void **state)
{
    sweep_all(*state, "okta_client_new", make_client, NULL);
}

static bool run_request(sweep *s, const void *ctx)
{
    static const char body[] = "{\"profile\":{\"login\":\"a@b.example\"},\"n\":[1,2,3]}";
    const char *method = ctx;
    bool creates = strcmp(method, "POST") == 0;
    mock_fault answer = {.status = 200, .body = "{\"id\":\"a\"}"};
    api_fault(s->world, answer);
    begin(s);
    okta_call *call = okta_request_call(s->world->client, method, USERS "?limit=2", creates ? body : NULL);
    okta_error *error = okta_call_run(call);
    bool failed = allocations_end();
    bool sent = mock_org_request_count(s->world->org) > 0;
    okta_status expected = sent && creates ? OKTA_E_OUTCOME_UNKNOWN : OKTA_E_NOMEM;
    if (error != NULL && okta_error_status(error) != expected) {
        complain(s, error, "the wrong status");
    }
    assert_true(error != NULL || okta_call_body(call, NULL) != NULL);
    okta_free(error);
    okta_free(call);
    if (sent) {
        api_fault(s->world, answer);
    }
    call = okta_request_call(s->world->client, method, USERS, NULL);
    api_expect_success("the client is usable", okta_call_run(call));
    okta_free(call);
    return failed;
}

static void raw_requests_survive(void **state)
{
    sweep_all(*state, "GET", run_request, "GET");
    sweep_all(*state, "POST", run_request, "POST");
}

/* A refusal is told as one, or memory is out; what Okta said is whole, or there as it came. */
static bool run_refused(sweep *s, const void *ctx)
{
    const scene *one = ctx;
    const api_operation *operation = one->operation;
    void *out = operation->type == NULL ? NULL : s;
    begin(s);
    okta_error *error = operation->run(s->world->client, operation->ids, &out);
    bool failed = allocations_end();
    unsigned sent = count_sent(s, operation);
    okta_status status = okta_error_status(error);
    bool whole = okta_error_cause_count(error) == 2 && okta_error_code(error) != NULL;
    bool raw = okta_error_document(error) == NULL && okta_error_response_body(error, NULL) != NULL;
    bool unknown = status == OKTA_E_OUTCOME_UNKNOWN && sent > 0 && operation->effect != API_READ;
    if (out != NULL ||
        (status != OKTA_E_NOMEM && !unknown && !(status == OKTA_E_INVALID && (whole || raw)))) {
        complain(s, error, "told wrongly");
    }
    if (sent > (operation->effect == API_CREATE ? operation->sends : 1)) {
        complain(s, error, "sent too often");
    }
    okta_free(error);
    error = operation->run(s->world->client, operation->ids, &out);
    if (okta_error_status(error) != OKTA_E_INVALID || okta_error_cause_count(error) != 2 || out != NULL) {
        complain(s, error, "the client is not usable");
    }
    okta_free(error);
    return failed;
}

static void refusals_survive(void **state)
{
    static const char body[] =
        "{\"errorCode\":\"E0000001\",\"errorSummary\":\"It is not valid\",\"errorId\":\"a\","
        "\"errorCauses\":[{\"errorSummary\":\"one\"},{\"errorSummary\":\"two\"}]}";
    (void)state;
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const scene one = {&api_operations[i], {.status = 400, .body = body}, false, false};
        api_world world;
        set(&world, &one);
        sweep_all(&world, api_operations[i].name, run_refused, &one);
        api_world_stop(&world);
    }
}

/* Trouble, a wait, and the second try. */
static bool run_with_retry(sweep *s, const void *ctx)
{
    static const char *const headers[] = {"X-Okta-Request-Id: first", NULL};
    okta_oauth2_client_jwk *key = (void *)s;
    (void)ctx;
    api_world_renew(s->world, NULL);
    api_fault(s->world, (mock_fault){.status = 503, .headers = headers});
    begin(s);
    okta_error *error = okta_get_jwk(s->world->client, API_APP, API_KEY, &key);
    bool failed = allocations_end();
    if (error == NULL ? key == NULL || mock_org_request_count(s->world->org) != 2
                      : key != NULL || okta_error_status(error) != OKTA_E_NOMEM) {
        complain(s, error, "getJwk");
    }
    okta_free(error);
    okta_free(key);
    api_expect_success("the client is usable", okta_get_jwk(s->world->client, API_APP, API_KEY, &key));
    okta_free(key);
    return failed;
}

static void retries_survive(void **state)
{
    api_put(*state, "jwks", "{\"id\":\"" API_KEY "\",\"kid\":\"a\",\"kty\":\"RSA\",\"status\":\"ACTIVE\"}");
    sweep_all(*state, "getJwk", run_with_retry, NULL);
}

/* Counts users; they come in order. */
static unsigned read_pages(okta_pages *pages, unsigned first)
{
    const okta_page *page;
    while ((page = okta_pages_next(pages)) != NULL) {
        for (size_t i = 0; i < page->count; i++) {
            char login[32];
            snprintf(login, sizeof login, "user%u@mock.", first++);
            const char *found = strstr(page->items[i].text, login);
            assert_true(found != NULL && found < page->items[i].text + page->items[i].length);
        }
    }
    return first;
}

/* All users, or an error that names the page to go on with: then all of the rest. */
static bool run_pages(sweep *s, const void *ctx)
{
    char cursor[256] = USERS "?limit=2";
    (void)ctx;
    begin(s);
    okta_pages *pages = okta_request_pages(s->world->client, cursor);
    unsigned users = read_pages(pages, 0);
    okta_error *error = okta_pages_error(pages);
    bool failed = allocations_end();
    if (error == NULL ? users != 5 : okta_error_status(error) != OKTA_E_NOMEM) {
        complain(s, error, "pages");
    }
    if (error != NULL && okta_pages_cursor(pages) != NULL) {
        snprintf(cursor, sizeof cursor, "%s", okta_pages_cursor(pages));
    }
    okta_free(pages);
    if (error != NULL) {
        pages = okta_request_pages(s->world->client, cursor);
        users = read_pages(pages, users);
        api_expect_success("the rest", okta_pages_error(pages));
        okta_free(pages);
    }
    okta_free(error);
    assert_int_equal(users, 5);
    return failed;
}

static void pages_survive(void **state)
{
    (void)state;
    api_world world;
    api_world_start(&world, &(mock_org_options){.users = 5, .rate_limit = 1000000}, NULL);
    sweep_all(&world, "pages", run_pages, NULL);
    api_world_stop(&world);
}

/* All keys of all pages, or nothing but an error. */
static bool run_list(sweep *s, const void *ctx)
{
    okta_oauth2_client_jwk_list *list = NULL;
    (void)ctx;
    begin(s);
    okta_error *error = okta_list_jwk(s->world->client, API_APP, &list);
    bool failed = allocations_end();
    if (error == NULL ? list == NULL || list->count != 5
                      : list != NULL || okta_error_status(error) != OKTA_E_NOMEM) {
        complain(s, error, "a list in pages");
    }
    okta_free(error);
    okta_free(list);
    return failed;
}

static void lists_in_pages_survive(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        api_world world;
        mock_org_options options = {.page_size = 2, .list_shape = (mock_list_shape)i, .rate_limit = 1000000};
        api_world_start(&world, &options, NULL);
        for (int j = 0; j < 5; j++) {
            api_put(&world, "jwks", "{\"id\":\"" API_KEY "\",\"kid\":\"a\",\"kty\":\"RSA\",\"more\":[1,{}]}");
        }
        sweep_all(&world, "listJwk", run_list, NULL);
        api_world_stop(&world);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, api_world_setup, api_world_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_survives),
        cmocka_unit_test(every_call_survives),
        cmocka_unit_test(lost_answers_survive),
        TEST(keys_without_a_kid_survive),
        TEST(making_a_client_survives),
        TEST(raw_requests_survive),
        cmocka_unit_test(refusals_survive),
        TEST(retries_survive),
        cmocka_unit_test(pages_survive),
        cmocka_unit_test(lists_in_pages_survive),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
