/* SPDX-License-Identifier: Apache-2.0 */
/* Typed lists that come in pages: one call brings the whole list, and whatever looks something up sees it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/operations.h"
#include "api/service_app.h"

#define JWKS      "/api/v1/apps/" API_APP "/credentials/jwks"
#define NEXT(url) "Link: <" url ">; rel=\"next\""

static void start(api_world *world, mock_list_shape shape, unsigned page_size)
{
    const mock_org_options options = {.list_shape = shape, .page_size = page_size, .rate_limit = 100000};
    api_world_start(world, &options, NULL);
}

static void put(api_world *world, const char *collection, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        char json[96];
        snprintf(json, sizeof json, "{\"id\":\"id%u\",\"status\":\"ACTIVE\",\"big\":9007199254740993}", i);
        api_put(world, collection, json);
    }
}

static void expect_ids(const okta_oauth2_client_jwk_list *list, unsigned count)
{
    assert_non_null(list);
    assert_non_null(list->items);
    assert_int_equal(list->count, count);
    for (unsigned i = 0; i < count; i++) {
        char id[16];
        size_t length = 0;
        snprintf(id, sizeof id, "id%u", i);
        assert_string_equal(list->items[i]->id, id);
        assert_string_equal(okta_extra(list->items[i], "big"), "9007199254740993");
        assert_non_null(okta_source(list->items[i], &length));
        assert_true(length > 30);
    }
}

/* What is made from a list has all its elements. */
static void expect_copies(const okta_oauth2_client_jwk_list *list)
{
    okta_oauth2_client_jwk_list *copy = NULL;
    char *json = NULL;
    api_expect_success("copy", okta_copy(okta_oauth2_client_jwk_list_descriptor(), list, &copy));
    expect_ids(copy, (unsigned)list->count);
    okta_free(copy);
    api_expect_success(
        "json", okta_to_json(okta_oauth2_client_jwk_list_descriptor(), list, OKTA_JSON_WHOLE, &json, NULL));
    size_t found = 0;
    for (const char *at = json; (at = strstr(at, "\"big\":9007199254740993")) != NULL; at++) {
        found++;
    }
    assert_int_equal(found, list->count);
    okta_free(json);
}

static void brings_the_keys_of_all_pages(void **state)
{
    (void)state;
    static const struct {
        unsigned keys;
        unsigned page_size;
        size_t requests;
    } cases[] = {{0, 1, 1}, {1, 1, 1}, {2, 1, 2}, {5, 1, 5}, {2, 2, 1}, {3, 2, 2}, {4, 2, 2}, {5, 0, 1}};
    for (size_t i = 0; i < 3 * COUNT(cases); i++) {
        api_world world;
        okta_oauth2_client_jwk_list *list = NULL;
        start(&world, (mock_list_shape)(i % 3), cases[i / 3].page_size);
        put(&world, "jwks", cases[i / 3].keys);
        api_expect_success("listJwk", okta_list_jwk(world.client, API_APP, &list));
        expect_ids(list, cases[i / 3].keys);
        expect_copies(list);
        size_t length = 1;
        const char *source = okta_source(list, &length);
        assert_true(cases[i / 3].requests == 1 ? source != NULL && length >= 2
                                               : source == NULL && length == 0);
        okta_free(list);
        api_expect_requests("listJwk", &world, cases[i / 3].requests);
        api_expect_request("listJwk", &world, 0, "GET", JWKS, "");
        api_world_stop(&world);
    }
}

static void brings_the_secrets_of_all_pages(void **state)
{
    (void)state;
    api_world world;
    okta_oauth2_client_secret_list *list = NULL;
    start(&world, MOCK_LIST_ARRAY, 1);
    put(&world, "secrets", 2);
    api_expect_success("secrets", okta_list_oauth2_client_secrets(world.client, API_APP, &list));
    assert_int_equal(list->count, 2);
    assert_string_equal(list->items[0]->id, "id0");
    assert_string_equal(list->items[1]->id, "id1");
    okta_free(list);
    api_world_stop(&world);
}

static const char *const foreign[] = {NEXT("https://org.example.com/login"), NULL};
static const char *const of_another_app[] = {NEXT("/api/v1/apps/other/credentials/jwks?after=x"), NULL};
static const char *const of_users[] = {NEXT("https://org.example.com/api/v1/users"), NULL};
static const char *const to_logout[] = {NEXT("/api/v1/logout?after=x"), NULL};
static const char *const longer[] = {NEXT(JWKS "2?after=x"), NULL};
static const char *const deeper[] = {NEXT(JWKS "/x"), NULL};
static const char *const damaged[] = {"Link: <" JWKS "?after=x; rel=\"next\"", NULL};

static const struct {
    mock_fault fault;
    okta_status status;
    unsigned attempts;
    const char *message;
} bad_pages[] = {
    {{.status = 500, .skip = 2, .times = 4}, OKTA_E_SERVER, 6, "listJwk: page 3: HTTP 500"},
    {{.status = 403, .skip = 2}, OKTA_E_FORBIDDEN, 3, "listJwk: page 3: HTTP 403"},
    {{.status = 200, .body = "{}", .skip = 1}, OKTA_E_PROTOCOL, 2, "listJwk: page 2: the JSON is no "},
    {{.status = 200, .body = "[{\"id\":\"a\"}", .skip = 1}, OKTA_E_PROTOCOL, 2, "listJwk: page 2: "},
    {{.skip = 1, .headers = foreign}, OKTA_E_PROTOCOL, 2, "listJwk: page 2: the next link"},
    {{.skip = 1, .headers = of_another_app},
     OKTA_E_PROTOCOL,
     2,
     "listJwk: page 2: the next link of a page leads"},
    {{.skip = 1, .headers = of_users}, OKTA_E_PROTOCOL, 2, "listJwk: page 2: the next link of a page leads"},
    {{.skip = 1, .headers = to_logout}, OKTA_E_PROTOCOL, 2, "listJwk: page 2: the next link of a page leads"},
    {{.skip = 1, .headers = longer}, OKTA_E_PROTOCOL, 2, "listJwk: page 2: the next link of a page leads"},
    {{.skip = 1, .headers = deeper}, OKTA_E_PROTOCOL, 2, "listJwk: page 2: the next link of a page leads"},
    {{.skip = 1, .headers = damaged}, OKTA_E_PROTOCOL, 2, "listJwk: page 2: the link"},
    {{.status = 403}, OKTA_E_FORBIDDEN, 1, "listJwk: HTTP 403"},
};

static void a_page_that_fails_fails_the_call_and_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(bad_pages); i++) {
        api_world world;
        okta_oauth2_client_jwk_list *list = NULL;
        start(&world, MOCK_LIST_ARRAY, 1);
        put(&world, "jwks", 4);
        api_fault(&world, bad_pages[i].fault);
        okta_error *error = okta_list_jwk(world.client, API_APP, &list);
        assert_null(list);
        assert_int_equal(okta_error_attempts(error), bad_pages[i].attempts);
        api_expect_requests(bad_pages[i].message, &world, bad_pages[i].attempts);
        api_expect_refusal(bad_pages[i].message, error, bad_pages[i].status, bad_pages[i].message);
        api_world_stop(&world);
    }
}

static void each_page_has_retries_of_its_own(void **state)
{
    (void)state;
    api_world world;
    okta_oauth2_client_jwk_list *list = NULL;
    start(&world, MOCK_LIST_ARRAY, 1);
    put(&world, "jwks", 3);
    for (unsigned i = 0; i < 3; i++) {
        api_fault(&world, (mock_fault){.status = 503, .skip = i == 0 ? 0 : 1});
    }
    okta_call *call = okta_list_jwk_call(world.client, API_APP);
    okta_call_set_max_retries(call, 1);
    api_expect_success("listJwk", okta_call_run(call));
    list = OKTA_TAKE(call, okta_oauth2_client_jwk_list);
    expect_ids(list, 3);
    assert_int_equal(okta_call_attempts(call), 6);
    okta_free(call);
    okta_free(list);
    /* A retry names the first try of its own page. */
    for (size_t i = 0; i < 6; i++) {
        api_expect_header("listJwk", &world, i, "X-Okta-Retry-Count", i % 2 == 0 ? NULL : "1");
    }
    api_world_stop(&world);
}

static void all_pages_share_one_deadline(void **state)
{
    (void)state;
    static const char *const headers[] = {
        "X-Rate-Limit-Limit:", "X-Rate-Limit-Remaining:", "X-Rate-Limit-Reset:", "Retry-After: 7", NULL};
    api_world world;
    start(&world, MOCK_LIST_ARRAY, 1);
    put(&world, "jwks", 4);
    api_fault(&world, (mock_fault){.status = 429, .headers = headers, .skip = 1});
    api_fault(&world, (mock_fault){.status = 429, .headers = headers, .skip = 1});
    okta_call *call = okta_list_jwk_call(world.client, API_APP);
    okta_call_set_timeout_ms(call, 12000);
    okta_error *error = okta_call_run(call);
    assert_null(OKTA_TAKE(call, okta_oauth2_client_jwk_list));
    api_expect_requests("one deadline", &world, 4);
    api_expect_number("one deadline", "waits", (int64_t)world.clock.wait_count, 1);
    api_expect_refusal("one deadline", error, OKTA_E_RATE_LIMITED, "listJwk: page 3: HTTP 429");
    okta_free(call);
    api_world_stop(&world);
}

/* An answer with these header lines and a list of one. */
static void queue_page(api_world *world, const char *const *headers)
{
    api_fault(world, (mock_fault){.status = 200, .headers = headers, .body = "[{\"id\":\"a\"}]"});
}

static void ends_a_circle_before_it_asks_again(void **state)
{
    api_world *world = *state;
    static const char *const itself[] = {NEXT("https://org.example.com" JWKS), NULL};
    static const char *const second[] = {NEXT(JWKS "?after=a"), NULL};
    static const char *const *const circles[][3] = {{itself}, {second, itself}, {second, second}};
    for (size_t i = 0; i < COUNT(circles); i++) {
        okta_oauth2_client_jwk_list *list = NULL;
        size_t expected = 0;
        api_forget(world);
        for (; expected < 3 && circles[i][expected] != NULL; expected++) {
            queue_page(world, circles[i][expected]);
        }
        okta_error *error = okta_list_jwk(world->client, API_APP, &list);
        assert_null(list);
        api_expect_refusal("a circle", error, OKTA_E_PROTOCOL, "seen before");
        api_expect_requests("a circle", world, expected);
    }
}

static void the_host_of_a_next_link_is_never_asked(void **state)
{
    api_world *world = *state;
    api_world other;
    start(&other, MOCK_LIST_ARRAY, 0);
    static const char *const formats[] = {"Link: <%s" JWKS "?after=x>; rel=\"next\"",
                                          "Link: <http://a:b@%s" JWKS "?after=x>; rel=\"next\""};
    for (size_t i = 0; i < COUNT(formats); i++) {
        char line[256];
        const char *const headers[] = {line, NULL};
        okta_oauth2_client_jwk_list *list = NULL;
        snprintf(line, sizeof line, formats[i], mock_org_url(other.org) + (i == 0 ? 0 : strlen("http://")));
        api_forget(world);
        queue_page(world, headers);
        queue_page(world, NULL);
        api_expect_success(line, okta_list_jwk(world->client, API_APP, &list));
        assert_int_equal(list->count, 2);
        okta_free(list);
        api_expect_request(line, world, 1, "GET", JWKS "?after=x", "");
        api_expect_header(line, world, 1, "Authorization", "SSWS " API_TOKEN);
    }
    api_expect_requests("the other host", &other, 0);
    api_world_stop(&other);
}

static void pages_together_keep_to_the_largest_answer(void **state)
{
    (void)state;
    api_world world;
    okta_oauth2_client_jwk_list *list = NULL;
    start(&world, MOCK_LIST_ARRAY, 1);
    put(&world, "jwks", 40);
    okta_client_options options = api_options(&world);
    options.max_response_bytes = 1000;
    api_world_renew(&world, &options);
    okta_error *error = okta_list_jwk(world.client, API_APP, &list);
    assert_null(list);
    api_expect_refusal("together", error, OKTA_E_PROTOCOL, "longer than max_response_bytes");
    assert_true(mock_org_request_count(world.org) < 40);
    options.max_response_bytes = 40000;
    api_world_renew(&world, &options);
    api_expect_success("together", okta_list_jwk(world.client, API_APP, &list));
    expect_ids(list, 40);
    okta_free(list);
    api_world_stop(&world);
}

static void cancel_on_second_page(void *ctx, const okta_log_event *event)
{
    okta_call **call = ctx;
    if (strstr(event->message, "page 2, attempt 1") != NULL) {
        okta_call_cancel(*call);
    }
}

static void a_cancel_between_two_pages_ends_the_call(void **state)
{
    (void)state;
    api_world world;
    okta_call *call = NULL;
    start(&world, MOCK_LIST_ARRAY, 1);
    put(&world, "jwks", 4);
    okta_client_options options = api_options(&world);
    options.log = cancel_on_second_page;
    options.log_level = OKTA_LOG_DEBUG;
    options.log_ctx = &call;
    api_world_renew(&world, &options);
    call = okta_list_jwk_call(world.client, API_APP);
    okta_error *error = okta_call_run(call);
    assert_null(OKTA_TAKE(call, okta_oauth2_client_jwk_list));
    api_expect_refusal("canceled", error, OKTA_E_CANCELED, "listJwk: page 3: the call was canceled");
    api_expect_requests("canceled", &world, 2);
    okta_free(call);
    api_world_stop(&world);
}

static void a_token_that_ends_between_two_pages_is_renewed(void **state)
{
    service_world *world = *state;
    static const char *const next[] = {NEXT(JWKS "?after=x"), NULL};
    static const char *const last[] = {NEXT(JWKS "?after=y"), NULL};
    okta_oauth2_client_jwk_list *list = NULL;
    mock_fault refused = {.status = 401, .path_contains = "/api/v1/"};
    mock_fault pages[3] = {
        {.status = 200, .headers = next, .body = "[{\"id\":\"id0\",\"big\":9007199254740993}]"},
        {.status = 200, .headers = last, .body = "[{\"id\":\"id1\",\"big\":9007199254740993}]"},
        {.status = 200, .body = "[{\"id\":\"id2\",\"big\":9007199254740993}]"}};
    for (size_t i = 0; i < COUNT(pages); i++) {
        if (i > 0) {
            api_fault(&world->api, refused);
        }
        pages[i].path_contains = "/api/v1/";
        api_fault(&world->api, pages[i]);
    }
    api_expect_success("listJwk", okta_list_jwk(world->api.client, API_APP, &list));
    expect_ids(list, 3);
    okta_free(list);
    assert_int_equal(service_requests(world, MOCK_TOKEN_PATH), 3);
    assert_int_equal(service_requests(world, "/api/"), 5);
}

static okta_oauth2_client_jwk_request wanted_key(void)
{
    okta_oauth2_client_jwk_request key = {.model = OKTA_INIT(okta_oauth2_client_jwk_request)};
    key.kid = "wanted";
    key.kty = OKTA_OAUTH2_CLIENT_JWK_KTY_RSA;
    key.n = API_N;
    key.e = "AQAB";
    return key;
}

static void put_wanted_key_last(api_world *world)
{
    put(world, "jwks", 3);
    api_put(world, "jwks",
            "{\"id\":\"" API_KEY "\",\"kid\":\"wanted\",\"kty\":\"RSA\",\"n\":\"" API_N "\",\"e\":\"AQAB\"}");
}

static void reconcile_finds_a_key_on_the_last_page(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        api_world world;
        okta_oauth2_client_jwk *found = NULL;
        okta_oauth2_client_jwk_request key = wanted_key();
        start(&world, (mock_list_shape)i, 1);
        put_wanted_key_last(&world);
        api_expect_success("reconcile", okta_reconcile_jwk(world.client, API_APP, &key, &found));
        assert_string_equal(found->id, API_KEY);
        okta_free(found);
        api_world_stop(&world);
    }
}

static void a_lost_create_is_found_on_the_last_page(void **state)
{
    (void)state;
    api_world world;
    okta_oauth2_client_jwk *added = NULL;
    okta_oauth2_client_jwk_request key = wanted_key();
    start(&world, MOCK_LIST_ARRAY, 1);
    put_wanted_key_last(&world);
    api_fault(&world, (mock_fault){.method = "POST", .drop_before = true});
    okta_call *call = okta_add_jwk_call(world.client, API_APP, &key);
    api_expect_success("addJwk", okta_call_run(call));
    added = OKTA_TAKE(call, okta_oauth2_client_jwk);
    assert_true(okta_call_was_reconciled(call));
    assert_string_equal(added->id, API_KEY);
    okta_free(added);
    okta_free(call);
    api_expect_requests("addJwk", &world, 5); /* one POST, four pages */
    api_world_stop(&world);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, api_world_setup, api_world_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(brings_the_keys_of_all_pages),
        cmocka_unit_test(brings_the_secrets_of_all_pages),
        cmocka_unit_test(a_page_that_fails_fails_the_call_and_is_named),
        cmocka_unit_test(each_page_has_retries_of_its_own),
        cmocka_unit_test(all_pages_share_one_deadline),
        TEST(ends_a_circle_before_it_asks_again),
        TEST(the_host_of_a_next_link_is_never_asked),
        cmocka_unit_test(pages_together_keep_to_the_largest_answer),
        cmocka_unit_test(a_cancel_between_two_pages_ends_the_call),
        cmocka_unit_test_setup_teardown(a_token_that_ends_between_two_pages_is_renewed, service_setup,
                                        service_teardown),
        cmocka_unit_test(reconcile_finds_a_key_on_the_last_page),
        cmocka_unit_test(a_lost_create_is_found_on_the_last_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
