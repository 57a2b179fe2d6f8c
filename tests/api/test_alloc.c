/* SPDX-License-Identifier: Apache-2.0 */
/* Every allocation of the library fails in turn, once and from there on: nothing crashes or leaks, nothing is
 * told wrongly, and the client goes on. Leaks are for LeakSanitizer to find. */
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

/* What may come out: nothing of it is ever "out of memory" for a create that the server has seen. */
static void expect_verdict(const sweep *s, const api_operation *operation, const okta_error *error,
                           const void *out)
{
    bool sent = mock_org_request_count(s->world->org) > 0;
    okta_status status = okta_error_status(error);
    if (mock_org_request_count(s->world->org) > 1) {
        complain(s, error, "sent more than once");
    }
    if (error == NULL) {
        if (!sent || (out == NULL) != (operation->type == NULL)) {
            complain(s, error, "a success without its result");
        }
        return;
    }
    if (out != NULL) {
        complain(s, error, "a result after an error");
    }
    bool no_memory = status == OKTA_E_NOMEM && !(sent && operation->effect == API_CREATE);
    bool unknown = status == OKTA_E_OUTCOME_UNKNOWN && sent && operation->effect != API_READ;
    if (!no_memory && !unknown) {
        complain(s, error, "the wrong status");
    }
    if (unknown && operation->effect == API_CREATE && okta_error_is_retryable(error)) {
        complain(s, error, "offers to create twice");
    }
}

/* The same once more with all the memory there is. `left`: the answer for it waits at the mock. */
static void expect_usable(const sweep *s, const api_operation *operation, bool left)
{
    void *out = NULL;
    if (!left) {
        api_queue_good_answer(s->world, operation);
    }
    okta_error *error = operation->run(s->world->client, operation->ids, &out);
    if (error != NULL || (out == NULL) != (operation->type == NULL)) {
        complain(s, error, "the client is not usable");
    }
    okta_free(out);
}

static bool run_operation(sweep *s, const void *ctx)
{
    const api_operation *operation = ctx;
    void *out = operation->type == NULL ? NULL : s;
    api_queue_good_answer(s->world, operation);
    begin(s);
    okta_error *error = operation->run(s->world->client, operation->ids, &out);
    bool failed = allocations_end();
    expect_verdict(s, operation, error, out);
    bool left = mock_org_request_count(s->world->org) == 0;
    okta_free(error);
    okta_free(out);
    expect_usable(s, operation, left);
    return failed;
}

/* The same with a new client each time: its first call makes a connection. */
static bool run_first_operation(sweep *s, const void *ctx)
{
    api_world_renew(s->world, NULL);
    return run_operation(s, ctx);
}

static void every_operation_survives(void **state)
{
    api_world *world = *state;
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        const api_operation *operation = &api_operations[i];
        sweep_all(world, operation->name, run_operation, operation);
        sweep_all(world, operation->name, run_first_operation, operation);
    }
}

/* Every setting, every accessor, and okta_free() of whatever came. */
static bool run_call(sweep *s, const void *ctx)
{
    const api_operation *operation = ctx;
    void *out = operation->type == NULL ? NULL : s;
    api_queue_good_answer(s->world, operation);
    begin(s);
    okta_call *call = operation->call(s->world->client, operation->ids);
    okta_call_add_header(call, "X-A", "a");
    okta_call_add_header(call, "X-Long-Enough-To-Need-A-Block", "0123456789012345678901234567890123456789");
    okta_call_set_timeout_ms(call, 50000);
    okta_call_set_max_retries(call, 1);
    okta_error *error = okta_call_run(call, operation->type == NULL ? NULL : &out);
    (void)okta_call_http_status(call);
    (void)okta_call_attempts(call);
    (void)okta_call_request_id(call);
    (void)okta_call_header(call, "Date", 0);
    (void)okta_call_body(call, NULL);
    (void)okta_call_rate_limit(call);
    okta_call_cancel(call);
    okta_free(call);
    bool failed = allocations_end();
    expect_verdict(s, operation, error, out);
    bool left = mock_org_request_count(s->world->org) == 0;
    if (!left) {
        api_expect_header(s->label, s->world, 0, "X-A", "a");
    }
    okta_free(error);
    okta_free(out);
    expect_usable(s, operation, left);
    return failed;
}

static void every_call_survives(void **state)
{
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        sweep_all(*state, api_operations[i].name, run_call, &api_operations[i]);
    }
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
    okta_error *error = okta_call_run(call, NULL);
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
    api_expect_success("the client is usable", okta_call_run(call, NULL));
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
    const api_operation *operation = ctx;
    static const char body[] =
        "{\"errorCode\":\"E0000001\",\"errorSummary\":\"It is not valid\",\"errorId\":\"a\","
        "\"errorCauses\":[{\"errorSummary\":\"one\"},{\"errorSummary\":\"two\"}]}";
    void *out = operation->type == NULL ? NULL : s;
    api_fault(s->world, (mock_fault){.status = 400, .body = body});
    begin(s);
    okta_error *error = operation->run(s->world->client, operation->ids, &out);
    bool failed = allocations_end();
    bool sent = mock_org_request_count(s->world->org) > 0;
    okta_status status = okta_error_status(error);
    bool whole = okta_error_cause_count(error) == 2 && okta_error_code(error) != NULL;
    bool raw = okta_error_document(error) == NULL && okta_error_response_body(error, NULL) != NULL;
    bool unknown = status == OKTA_E_OUTCOME_UNKNOWN && sent && operation->effect != API_READ;
    if (out != NULL ||
        (status != OKTA_E_NOMEM && !unknown && !(status == OKTA_E_INVALID && (whole || raw)))) {
        complain(s, error, "told wrongly");
    }
    okta_free(error);
    if (!sent) {
        error = operation->run(s->world->client, operation->ids, &out);
        assert_int_equal(okta_error_status(error), OKTA_E_INVALID);
        okta_free(error);
    }
    expect_usable(s, operation, false);
    return failed;
}

static void refusals_survive(void **state)
{
    for (size_t i = 0; i < API_OPERATION_COUNT; i++) {
        sweep_all(*state, api_operations[i].name, run_refused, &api_operations[i]);
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

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, api_world_setup, api_world_teardown)
    const struct CMUnitTest tests[] = {
        TEST(every_operation_survives),  TEST(every_call_survives), TEST(making_a_client_survives),
        TEST(raw_requests_survive),      TEST(refusals_survive),    TEST(retries_survive),
        cmocka_unit_test(pages_survive),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
