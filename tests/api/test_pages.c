/* SPDX-License-Identifier: Apache-2.0 */
/* Lists in pages: every item once, in order, and nothing but the org is ever asked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/expect.h"

#define USERS     "/api/v1/users"
#define JWKS      "/api/v1/apps/" MOCK_WEB_APP "/credentials/jwks"
#define NEXT(url) "Link: <" url ">; rel=\"next\""
#define ORG       "https://org.example.com"
#define PAGES_MAX 10000u

static void start(api_world *world, unsigned users)
{
    api_world_start(world, &(mock_org_options){.users = users, .rate_limit = 100000}, NULL);
}

static void expect_item(const okta_text *item, unsigned number)
{
    char login[64];
    int length = snprintf(login, sizeof login, "\"login\":\"user%u@mock.example\"", number);
    char *text = strndup(item->text, item->length);
    assert_non_null(text);
    assert_true(length > 0 && strstr(text, login) != NULL);
    assert_int_equal(text[0], '{');
    assert_int_equal(text[item->length - 1], '}');
    free(text);
}

/* The rest of an iteration: users from `first` on. Returns behind the last; checks the pages' sizes. */
static unsigned read_pages(okta_pages *pages, unsigned first, unsigned limit, size_t *out_pages)
{
    const okta_page *page;
    size_t short_pages = 0;
    *out_pages = 0;
    while ((page = okta_pages_next(pages)) != NULL) {
        ++*out_pages;
        assert_non_null(page->items);
        assert_true(page->count <= limit);
        short_pages += page->count < limit;
        for (size_t i = 0; i < page->count; i++) {
            expect_item(&page->items[i], first++);
        }
    }
    assert_true(short_pages <= 1);
    return first;
}

static void reads_every_user_once(void **state)
{
    (void)state;
    static const struct {
        unsigned users;
        unsigned limit;
        size_t pages;
    } cases[] = {{0, 2, 1}, {1, 2, 1}, {2, 2, 1}, {3, 2, 2}, {4, 2, 2}, {5, 2, 3}, {7, 1, 7}, {450, 200, 3}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        api_world world;
        char path[64];
        size_t count;
        start(&world, cases[i].users);
        snprintf(path, sizeof path, USERS "?limit=%u", cases[i].limit);
        okta_pages *pages = okta_request_pages(world.client, path);
        assert_string_equal(okta_pages_cursor(pages), path);
        assert_int_equal(read_pages(pages, 0, cases[i].limit, &count), cases[i].users);
        assert_int_equal(count, cases[i].pages);
        assert_null(okta_pages_cursor(pages));
        api_expect_success("pages", okta_pages_error(pages));
        assert_null(okta_pages_next(pages));
        api_expect_success("pages", okta_pages_error(pages));
        okta_free(pages);
        api_expect_requests("pages", &world, count);
        api_expect_request("pages", &world, 0, "GET", path, "");
        api_world_stop(&world);
    }
}

static void asks_for_what_the_link_names(void **state)
{
    (void)state;
    api_world world;
    start(&world, 3);
    okta_pages *pages = okta_request_pages(world.client, USERS "?limit=2&filter=status%20eq%20%22ACTIVE%22");
    assert_non_null(okta_pages_next(pages));
    char *cursor = strdup(okta_pages_cursor(pages));
    assert_non_null(cursor);
    assert_non_null(strstr(cursor, "%3D")); /* not decoded, not encoded twice */
    assert_non_null(strstr(cursor, "filter=status%20eq%20%22ACTIVE%22"));
    assert_non_null(okta_pages_next(pages));
    assert_null(okta_pages_next(pages));
    okta_free(pages);
    api_expect_request("the next page", &world, 1, "GET", cursor, "");
    free(cursor);
    api_world_stop(&world);
}

static void goes_on_from_a_cursor_in_another_client(void **state)
{
    (void)state;
    api_world world;
    size_t count;
    start(&world, 5);
    okta_pages *pages = okta_request_pages(world.client, USERS "?limit=2");
    assert_non_null(okta_pages_next(pages));
    char *cursor = strdup(okta_pages_cursor(pages));
    assert_non_null(cursor);
    okta_free(pages);
    api_world_renew(&world, NULL);
    pages = okta_request_pages(world.client, cursor);
    memset(cursor, 'x', strlen(cursor)); /* copied */
    free(cursor);
    assert_int_equal(read_pages(pages, 2, 2, &count), 5);
    assert_int_equal(count, 2);
    okta_free(pages);
    api_expect_requests("pages", &world, 3);
    api_world_stop(&world);
}

static void a_failure_names_the_page_to_go_on_with(void **state)
{
    (void)state;
    static const mock_fault faults[] = {
        {.status = 500, .skip = 1, .times = 4},
        {.status = 403, .skip = 1},
        {.status = 200, .body = "{}", .skip = 1},
        {.status = 200, .body = "[{\"id\":1},", .skip = 1},
        {.status = 200, .body = "<html>", .content_type = "text/html", .skip = 1},
    };
    static const okta_status statuses[] = {OKTA_E_SERVER, OKTA_E_FORBIDDEN, OKTA_E_PROTOCOL, OKTA_E_PROTOCOL,
                                           OKTA_E_PROTOCOL};
    for (size_t i = 0; i < COUNT(faults); i++) {
        api_world world;
        size_t count;
        start(&world, 5);
        api_fault(&world, faults[i]);
        okta_pages *pages = okta_request_pages(world.client, USERS "?limit=2");
        assert_non_null(okta_pages_next(pages));
        char *cursor = strdup(okta_pages_cursor(pages));
        assert_null(okta_pages_next(pages));
        assert_null(okta_pages_next(pages));
        okta_error *error = okta_pages_error(pages);
        assert_int_equal(okta_error_status(error), statuses[i]);
        assert_int_equal(okta_error_http_status(error), faults[i].status);
        assert_non_null(okta_error_request_id(error));
        assert_int_equal(okta_error_attempts(error), faults[i].times == 0 ? 1 : faults[i].times);
        assert_non_null(strstr(okta_error_message(error), "request: page 2: "));
        okta_free(error);
        api_expect_success("the error is given once", okta_pages_error(pages));
        assert_null(okta_pages_next(pages));
        assert_string_equal(okta_pages_cursor(pages), cursor);
        okta_free(pages);
        pages = okta_request_pages(world.client, cursor);
        free(cursor);
        assert_int_equal(read_pages(pages, 2, 2, &count), 5);
        okta_free(pages);
        api_world_stop(&world);
    }
}

static void a_rate_limit_in_the_middle_only_takes_time(void **state)
{
    (void)state;
    static const char *const headers[] = {"X-Rate-Limit-Reset: 1750000019", NULL};
    static const int64_t waits[] = {25000};
    api_world world;
    size_t count;
    start(&world, 5);
    api_fault(&world, (mock_fault){.status = 429, .headers = headers, .skip = 1});
    okta_pages *pages = okta_request_pages(world.client, USERS "?limit=2");
    assert_int_equal(read_pages(pages, 0, 2, &count), 5);
    assert_int_equal(count, 3);
    okta_free(pages);
    api_expect_requests("pages", &world, 4);
    api_expect_waits("pages", &world, waits, 1);
    api_world_stop(&world);
}

/* An answer with these header lines and an array of one. */
static void queue_page(api_world *world, const char *const *headers)
{
    api_fault(world, (mock_fault){.status = 200, .headers = headers, .body = "[1]"});
}

static void ends_a_circle_of_links(void **state)
{
    api_world *world = *state;
    static const char *const a[] = {NEXT(ORG USERS "?after=a"), NULL};
    static const char *const b[] = {NEXT(ORG USERS "?after=b"), NULL};
    static const char *const start_again[] = {NEXT(ORG USERS), NULL};
    static const char *const *const circles[][4] = {
        {start_again},    /* the page names itself */
        {a, a},           /* the second one does */
        {a, start_again}, /* two name each other */
        {a, b, a},        /* the last two do */
        {a, b, start_again},
    };
    for (size_t i = 0; i < COUNT(circles); i++) {
        size_t expected = 0;
        api_forget(world);
        for (; expected < 4 && circles[i][expected] != NULL; expected++) {
            queue_page(world, circles[i][expected]);
        }
        okta_pages *pages = okta_request_pages(world->client, USERS);
        size_t count = 0;
        while (okta_pages_next(pages) != NULL) {
            count++;
        }
        assert_int_equal(count, expected);
        api_expect_refusal("a circle", okta_pages_error(pages), OKTA_E_PROTOCOL, "seen before");
        okta_free(pages);
        api_expect_requests("a circle", world, expected);
    }
}

static void gives_up_after_ten_thousand_pages(void **state)
{
    (void)state;
    api_world world;
    start(&world, PAGES_MAX + 1);
    okta_pages *pages = okta_request_pages(world.client, USERS "?limit=1");
    unsigned count = 0;
    const okta_page *page;
    while ((page = okta_pages_next(pages)) != NULL) {
        expect_item(&page->items[0], count++);
        mock_org_forget_requests(world.org);
    }
    assert_int_equal(count, PAGES_MAX);
    api_expect_refusal("pages", okta_pages_error(pages), OKTA_E_PROTOCOL, "more than 10,000 pages");
    assert_non_null(okta_pages_cursor(pages));
    okta_free(pages);
    api_world_stop(&world);
}

/* The host in a next link is never asked: not even with nothing secret. */
static void drops_the_host_of_a_next_link(void **state)
{
    api_world *world = *state;
    api_world other;
    start(&other, 3);
    static const char *const formats[] = {
        "Link: <%s" USERS "?after=x>; rel=\"next\"",
        "Link: <//%s" USERS "?after=x>; rel=next",
        "Link: <http://org.example.com@%s" USERS "?after=x>; rel=\"next\"",
        "Link: <http://a:b@%s" USERS "?after=x>; rel=\"next\"",
        "Link: <https://%s" USERS "?after=x>; rel=\"last next\"",
        "Link: <HTTP://%s" USERS "?after=x>; rel=\"next\"",
        "Link: <" USERS "?after=x>; title=\"%s\"; rel=\"next\"",
    };
    for (size_t i = 0; i < COUNT(formats); i++) {
        char line[256];
        const char *const headers[] = {line, NULL};
        const char *host = mock_org_url(other.org) + (i == 0 ? 0 : strlen("http://"));
        snprintf(line, sizeof line, formats[i], host);
        api_forget(world);
        queue_page(world, headers);
        queue_page(world, NULL);
        okta_pages *pages = okta_request_pages(world->client, USERS);
        assert_non_null(okta_pages_next(pages));
        assert_non_null(okta_pages_next(pages));
        assert_null(okta_pages_next(pages));
        api_expect_success(line, okta_pages_error(pages));
        okta_free(pages);
        api_expect_requests(line, world, 2);
        api_expect_request(line, world, 1, "GET", USERS "?after=x", "");
        api_expect_header(line, world, 1, "Authorization", "SSWS " API_TOKEN);
        api_expect_header(line, world, 1, "Host", mock_org_url(world->org) + strlen("http://"));
    }
    api_expect_requests("the other host", &other, 0);
    api_world_stop(&other);
}

static const struct {
    const char *line;
    const char *part;
} bad_links[] = {
    {NEXT(ORG "/"), "leaves the API"},
    {NEXT(ORG), "leaves the API"},
    {NEXT(ORG "/login?after=x"), "leaves the API"},
    {NEXT(ORG "/api/v2/users"), "leaves the API"},
    {NEXT(ORG "/api/v1"), "leaves the API"},
    {NEXT(ORG "/api/v1x/users"), "leaves the API"},
    {NEXT(ORG "/api/v1/../../login"), "leaves the API"},
    {NEXT(ORG "/api/v1/%2e%2e/%2e%2e/login"), "leaves the API"},
    {NEXT(ORG "/api/v1/users#f"), "leaves the API"},
    {NEXT(ORG "/a/b/api/v1/users"), "leaves the API"},
    {NEXT("//" USERS), "leaves the API"},
    {NEXT("?after=x"), "leaves the API"},
    {NEXT(""), "leaves the API"},
    {NEXT("file:///api/v1/users"), "leaves the API"},
    {NEXT("ftp://org.example.com/api/v1/users"), "leaves the API"},
    {NEXT("javascript:/api/v1/users"), "leaves the API"},
    {NEXT(ORG "\\@evil.example" USERS), "leaves the API"},
    {NEXT(ORG USERS "?q=a b"), "leaves the API"},
    {NEXT(ORG USERS "?q=\xc3\xa9"), "leaves the API"},
    {"Link: <" ORG USERS "?after=x; rel=\"next\"", "damaged"},
    {"Link: " ORG USERS "?after=x; rel=\"next\"", "damaged"},
    {"Link: <" ORG USERS "?after=x>; rel=\"next", "damaged"},
    {"Link: <" ORG USERS "?after=x>; rel=", "damaged"},
    {"Link: <" ORG USERS "?after=x>", "damaged"},
    {"Link: <" ORG USERS "?after=x>; re", "damaged"},
    {"Link: <" ORG USERS "?after=x>; rel=\"next\" <", "damaged"},
    {"Link: <" ORG USERS "?after=x>; rel=\"next\", <" ORG USERS "?after=y>; rel=\"next\"", "damaged"},
    {"Link: garbage", "damaged"},
};

static void refuses_links_that_are_no_next_page(void **state)
{
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(bad_links); i++) {
        const char *const headers[] = {bad_links[i].line, "X-Okta-Request-Id: req-9", NULL};
        api_forget(world);
        queue_page(world, headers);
        okta_pages *pages = okta_request_pages(world->client, USERS "?limit=1");
        /* A page whose follower is in doubt is not delivered: nobody takes it for the last. */
        assert_null(okta_pages_next(pages));
        okta_error *error = okta_pages_error(pages);
        assert_int_equal(okta_error_http_status(error), 200);
        assert_string_equal(okta_error_request_id(error), "req-9");
        assert_string_equal(okta_error_response_body(error, NULL), "[1]");
        api_expect_refusal(bad_links[i].line, error, OKTA_E_PROTOCOL, bad_links[i].part);
        assert_string_equal(okta_pages_cursor(pages), USERS "?limit=1");
        okta_free(pages);
        api_expect_requests(bad_links[i].line, world, 1);
    }
}

static void takes_links_in_every_good_form(void **state)
{
    static const char *const forms[][4] = {
        {NEXT(USERS "?after=x")},
        {"Link: <" ORG USERS ">; rel=\"self\"", NEXT(ORG USERS "?after=x")},
        {NEXT(ORG USERS "?after=x"), "Link: <" ORG USERS ">; rel=\"self\""},
        {"link: <" ORG USERS ">; rel=\"self\", <" ORG USERS "?after=x>;rel=NEXT"},
        {"LINK:   <" ORG USERS "?after=x> ; title=\"a, b; c\" ; rel = \"next\""},
        {NEXT(ORG USERS "?after=x"), NEXT("https://org-admin.example.com" USERS "?after=x")},
    };
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(forms); i++) {
        api_forget(world);
        queue_page(world, forms[i]);
        queue_page(world, NULL);
        okta_pages *pages = okta_request_pages(world->client, USERS);
        assert_non_null(okta_pages_next(pages));
        assert_string_equal(okta_pages_cursor(pages), USERS "?after=x");
        assert_non_null(okta_pages_next(pages));
        assert_null(okta_pages_next(pages));
        api_expect_success(forms[i][0], okta_pages_error(pages));
        okta_free(pages);
    }
}

static void gives_items_byte_for_byte(void **state)
{
    static const char *const items[] = {
        "{ \"a\" : [1, 2]\n}", "9007199254740993", "\"a, ]\"", "[]", "null", "-1.50e+07", "true", "{}"};
    api_world *world = *state;
    char body[512] = " [";
    for (size_t i = 0; i < COUNT(items); i++) {
        size_t length = strlen(body);
        snprintf(body + length, sizeof body - length, "%s %s ", i == 0 ? "" : ",", items[i]);
    }
    size_t length = strlen(body);
    snprintf(body + length, sizeof body - length, "] \r\n");
    api_fault(world, (mock_fault){.status = 200, .body = body});
    okta_pages *pages = okta_request_pages(world->client, USERS);
    const okta_page *page = okta_pages_next(pages);
    assert_non_null(page);
    assert_int_equal(page->json.length, strlen(body));
    assert_memory_equal(page->json.text, body, page->json.length);
    assert_int_equal(page->count, COUNT(items));
    for (size_t i = 0; i < COUNT(items); i++) {
        assert_int_equal(page->items[i].length, strlen(items[i]));
        assert_memory_equal(page->items[i].text, items[i], strlen(items[i]));
    }
    okta_free(pages);
}

static void reads_a_list_inside_an_object(void **state)
{
    (void)state;
    static const mock_list_shape shapes[] = {MOCK_LIST_KEYS, MOCK_LIST_JWKS};
    static const char *const ids[] = {"{\"id\":\"a\"}", "{\"id\":\"b\"}", "{\"id\":\"c\"}"};
    for (size_t i = 0; i < 2 * COUNT(shapes); i++) {
        api_world world;
        size_t seen = 0;
        unsigned page_size = 1 + (unsigned)i / 2;
        api_world_start(&world, &(mock_org_options){.list_shape = shapes[i % 2], .page_size = page_size},
                        NULL);
        for (size_t j = 0; j < COUNT(ids); j++) {
            api_put(&world, "jwks", ids[j]);
        }
        okta_pages *pages = okta_request_pages(world.client, JWKS);
        for (const okta_page *page; (page = okta_pages_next(pages)) != NULL;) {
            assert_true(page->count >= 1 && page->count <= page_size);
            assert_int_equal(page->json.text[0], '{');
            for (size_t j = 0; j < page->count; j++, seen++) {
                if (seen >= COUNT(ids)) {
                    fail_msg("there are more than %zu items", COUNT(ids));
                    return;
                }
                assert_int_equal(page->items[j].length, strlen(ids[seen]));
                assert_memory_equal(page->items[j].text, ids[seen], strlen(ids[seen]));
            }
        }
        api_expect_success("pages", okta_pages_error(pages));
        assert_int_equal(seen, COUNT(ids));
        okta_free(pages);
        api_expect_requests("pages", &world, page_size == 1 ? 3 : 2);
        api_world_stop(&world);
    }
}

static void reads_the_member_that_is_named(void **state)
{
    api_world *world = *state;
    static const char *const bodies[] = {
        "{\"users\":[1],\"groups\":[2,3],\"_links\":{\"next\":{\"href\":\"" USERS "?after=x\"}}}",
        "{\"users\":[4],\"groups\":[],\"_links\":{\"next\":null}}"};
    api_fault(world, (mock_fault){.status = 200, .body = bodies[0], .times = 2});
    api_fault(world, (mock_fault){.status = 200, .body = bodies[1]});
    okta_pages *pages = okta_request_pages(world->client, USERS);
    assert_null(okta_pages_next(pages));
    api_expect_refusal("several", okta_pages_error(pages), OKTA_E_PROTOCOL,
                       "several arrays: name the one that is the list, such as \"users\" or \"groups\"");
    okta_free(pages);
    pages = okta_request_pages(world->client, USERS);
    okta_pages_set_list(pages, "groups");
    const okta_page *page = okta_pages_next(pages);
    assert_non_null(page);
    assert_int_equal(page->count, 2);
    assert_string_equal(okta_pages_cursor(pages), USERS "?after=x");
    page = okta_pages_next(pages);
    assert_non_null(page);
    assert_int_equal(page->count, 0);
    assert_null(okta_pages_next(pages));
    api_expect_success("named", okta_pages_error(pages));
    okta_free(pages);
    pages = okta_request_pages(world->client, USERS);
    okta_pages_set_list(pages, NULL);
    assert_null(okta_pages_next(pages));
    api_expect_refusal("no name", okta_pages_error(pages), OKTA_E_ARG, "member must not be NULL");
    okta_free(pages);
    okta_pages_set_list(NULL, "groups");
}

static void refuses_a_page_without_a_list(void **state)
{
    static const char *const bodies[] = {"{}",   "{\"a\":1}", "7", "null", "\"a\"",      "[1", "[1,]",
                                         "[1]x", "[1] [2]",   "",  "]",    "[\"\xff\"]", "[1}"};
    api_world *world = *state;
    for (size_t i = 0; i < 2 * COUNT(bodies); i++) {
        const char *type = i % 2 == 0 ? "application/json" : "text/plain";
        api_fault(world, (mock_fault){.status = 200, .body = bodies[i / 2], .content_type = type});
        okta_pages *pages = okta_request_pages(world->client, USERS);
        assert_null(okta_pages_next(pages));
        okta_error *error = okta_pages_error(pages);
        assert_int_equal(okta_error_http_status(error), 200);
        api_expect_refusal(bodies[i / 2], error, OKTA_E_PROTOCOL, "request: ");
        okta_free(pages);
    }
    api_fault(world, (mock_fault){.status = 204});
    okta_pages *pages = okta_request_pages(world->client, USERS);
    assert_null(okta_pages_next(pages));
    api_expect_refusal("204", okta_pages_error(pages), OKTA_E_PROTOCOL, "not a JSON array");
    okta_free(pages);
}

static void refuses_bad_arguments_before_any_request(void **state)
{
    static const char *const paths[] = {
        NULL, "", "users", "/..", "//evil.example/", "http://evil.example/", "/a#f", "/a\r\nb"};
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(paths); i++) {
        okta_pages *pages = okta_request_pages(world->client, paths[i]);
        assert_null(okta_pages_next(pages));
        api_expect_refusal("a path", okta_pages_error(pages), OKTA_E_ARG, "path ");
        okta_free(pages);
    }
    okta_pages *pages = okta_request_pages(NULL, USERS);
    assert_null(okta_pages_next(pages));
    api_expect_refusal("no client", okta_pages_error(pages), OKTA_E_ARG, "client must not be NULL");
    assert_null(okta_pages_next(pages));
    okta_free(pages);
    assert_null(okta_pages_next(NULL));
    assert_null(okta_pages_cursor(NULL));
    api_expect_refusal("no pages", okta_pages_error(NULL), OKTA_E_NOMEM, "out of memory");
    okta_free(okta_request_pages(world->client, USERS));
    api_expect_requests("all", world, 0);
}

static void an_error_nobody_asks_for_is_released(void **state)
{
    api_world *world = *state;
    api_fault(world, (mock_fault){.status = 400});
    okta_pages *pages = okta_request_pages(world->client, USERS);
    assert_null(okta_pages_next(pages));
    okta_free(pages);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, api_world_setup, api_world_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_user_once),
        cmocka_unit_test(asks_for_what_the_link_names),
        cmocka_unit_test(goes_on_from_a_cursor_in_another_client),
        cmocka_unit_test(a_failure_names_the_page_to_go_on_with),
        cmocka_unit_test(a_rate_limit_in_the_middle_only_takes_time),
        TEST(ends_a_circle_of_links),
        cmocka_unit_test(gives_up_after_ten_thousand_pages),
        TEST(drops_the_host_of_a_next_link),
        TEST(refuses_links_that_are_no_next_page),
        TEST(takes_links_in_every_good_form),
        TEST(gives_items_byte_for_byte),
        cmocka_unit_test(reads_a_list_inside_an_object),
        TEST(reads_the_member_that_is_named),
        TEST(refuses_a_page_without_a_list),
        TEST(refuses_bad_arguments_before_any_request),
        TEST(an_error_nobody_asks_for_is_released),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
