/* SPDX-License-Identifier: Apache-2.0 */
/* One page of a list: where the items stand and which page comes next. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/page.h"
#include "core/buffer.h"
#include "unit/allocations.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void expect_refusal(const char *label, okta_error *error, const char *part)
{
    if (okta_error_status(error) != OKTA_E_PROTOCOL || strstr(okta_error_message(error), part) == NULL) {
        fail_msg("%s: %s, not '%s'", label, okta_error_message(error), part);
    }
    okta_free(error);
}

static const struct {
    const char *body;
    const char *member;
    const char *items; /* joined by blanks; NULL: it is refused */
    const char *links; /* what `_links` holds; with a refusal: a part of the message */
} bodies[] = {
    {"[]", NULL, "", NULL},
    {"\xef\xbb\xbf [1, {\"a\":[2]} ,\"x\"] ", NULL, "1 {\"a\":[2]} \"x\"", NULL},
    {"[1]", "roles", "1", NULL},
    {"{\"roles\":[1,2]}", NULL, "1 2", NULL},
    {"{\"roles\":[]}", NULL, "", NULL},
    {"{\"_links\":{\"next\":{}},\"resource-sets\":[1]}", NULL, "1", "{\"next\":{}}"},
    {"{\"value\":[1],\"_links\":[2],\"_embedded\":[3]}", NULL, "1", "[2]"},
    {"{\"data\":[1],\"metadata\":{\"more\":[2,[3]]},\"n\":3}", NULL, "1", NULL},
    {"{\"jwks\":{\"keys\":[1]}}", NULL, "1", NULL},
    {"{\"jwks\":{\"keys\":[1]},\"_links\":{}}", NULL, "1", "{}"},
    {"{\"jwks\":{\"keys\":[1],\"_links\":{\"a\":1}}}", NULL, "1", "{\"a\":1}"},
    {"{\"\\u0072oles\":[1],\"other\":[2]}", "roles", "1", NULL},
    {"{\"a\":{\"b\":[1],\"c\":[2]}}", "c", "2", NULL},
    {"{\"_embedded\":[1],\"a\":[2]}", "_embedded", "1", NULL},
    {"{\"a\":[1],\"b\":[2]}", NULL, NULL,
     "several arrays: name the one that is the list, such as \"a\" or \"b\""},
    {"{\"a\":[1],\"a\":[2]}", NULL, NULL, "several arrays"},
    {"{\"a\":[1],\"a\":[2]}", "a", NULL, "several arrays named \"a\""},
    {"{\"a\":[1]}", "b", NULL, "no arrays named \"b\""},
    {"{\"a\":1}", "a", NULL, "no arrays named \"a\""},
    {"{}", NULL, NULL, "not a JSON array"},
    {"{\"a\":{},\"b\":{\"c\":[1]}}", NULL, NULL, "not a JSON array"},
    {"{\"a\":{\"b\":{\"c\":[1]}}}", NULL, NULL, "not a JSON array"},
    {"{\"_links\":[1]}", NULL, NULL, "not a JSON array"},
    {"7", NULL, NULL, "not a JSON array"},
    {"", NULL, NULL, "not a JSON array"},
    {"{\"a\":[1]} x", NULL, NULL, "not valid JSON"},
    {"{\"a\":[1}", NULL, NULL, "not valid JSON"},
    {"[1] 2", NULL, NULL, "not valid JSON"},
    {"[1", NULL, NULL, "not valid JSON"},
};

static void finds_the_list_in_a_body(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(bodies); i++) {
        oktai_arena arena = {0};
        oktai_page_body found;
        okta_error *error =
            oktai_page_read(bodies[i].body, strlen(bodies[i].body), bodies[i].member, NULL, &arena, &found);
        if (bodies[i].items == NULL) {
            expect_refusal(bodies[i].body, error, bodies[i].links);
            oktai_arena_clear(&arena);
            continue;
        }
        assert_null(error);
        assert_non_null(found.items);
        char joined[128] = "";
        for (size_t j = 0; j < found.count; j++) {
            size_t length = strlen(joined);
            snprintf(joined + length, sizeof joined - length, "%s%.*s", j == 0 ? "" : " ",
                     (int)found.items[j].length, found.items[j].text);
        }
        assert_string_equal(joined, bodies[i].items);
        assert_int_equal(found.links.text == NULL, bodies[i].links == NULL);
        if (bodies[i].links != NULL) {
            assert_int_equal(found.links.length, strlen(bodies[i].links));
            assert_memory_equal(found.links.text, bodies[i].links, found.links.length);
        }
        oktai_arena_clear(&arena);
    }
}

static void refuses_every_piece_of_a_page(void **state)
{
    (void)state;
    static const char body[] = "{\"a\":[1,\"\\u0041\",{\"b\":[]}],\"_links\":{\"next\":{\"href\":\"/x\"}}}";
    for (size_t length = 0; length < sizeof body - 1; length++) {
        char *piece = strndup(body, length);
        oktai_arena arena = {0};
        oktai_page_body found;
        okta_error *error = oktai_page_read(piece, length, NULL, NULL, &arena, &found);
        assert_int_equal(okta_error_status(error), OKTA_E_PROTOCOL);
        okta_free(error);
        oktai_arena_clear(&arena);
        free(piece);
    }
}

static void a_body_of_nothing_but_commas_takes_no_memory_beyond_its_limit(void **state)
{
    (void)state;
    size_t count = 8u << 20;
    char *body = malloc(2 * count + 2);
    oktai_arena arena = {0};
    oktai_page_body found;
    assert_non_null(body);
    for (size_t i = 0; i < count; i++) {
        memcpy(body + 2 * i, i == 0 ? "[1" : ",1", 2);
    }
    memcpy(body + 2 * count, "]", 2);
    expect_refusal("commas", oktai_page_read(body, 2 * count + 1, NULL, NULL, &arena, &found),
                   "too many items");
    oktai_arena_clear(&arena);
    free(body);
}

static int64_t one(const oktai_clock *clock)
{
    (void)clock;
    return 1;
}

static void a_watch_ends_the_reading_of_a_long_page(void **state)
{
    (void)state;
    static const char *const begins[] = {"[", "{\"a\":[", "{\"a\":{\"b\":["};
    static const char *const ends[] = {"]", "]}", "]}}"};
    static const oktai_clock clock = {.now_ms = one};
    for (size_t i = 0; i < 3 * COUNT(begins); i++) {
        atomic_bool canceled = i % 3 == 1;
        const oktai_watch watch = {&clock, i % 3 == 2 ? 2 : 1, &canceled};
        const okta_status statuses[] = {OKTA_E_TIMEOUT, OKTA_E_CANCELED, OKTA_OK};
        oktai_buffer body = {0};
        oktai_arena arena = {0};
        oktai_page_body found;
        oktai_buffer_add_text(&body, begins[i / 3]);
        for (size_t j = 0; j < 10000; j++) {
            oktai_buffer_add_text(&body, j == 0 ? "1" : ",1");
        }
        assert_true(oktai_buffer_add_text(&body, ends[i / 3]));
        okta_error *error = oktai_page_read(body.data, body.length, NULL, &watch, &arena, &found);
        assert_int_equal(okta_error_status(error), statuses[i % 3]);
        assert_true(error != NULL || found.count == 10000);
        okta_free(error);
        oktai_arena_clear(&arena);
        oktai_buffer_clear(&body);
    }
}

#define USERS "/api/v1/users"

static const struct {
    const char *header; /* a Link header; NULL: none */
    const char *links;
    const char *next; /* NULL: the last page, or the refusal below */
    const char *refusal;
} links[] = {
    {NULL, NULL, NULL, NULL},
    {NULL, "{}", NULL, NULL},
    {NULL, "{\"self\":{\"href\":\"" USERS "\"}}", NULL, NULL},
    {NULL, "{\"next\":null}", NULL, NULL},
    {NULL, "7", NULL, NULL},
    {NULL, "{\"next\":{\"href\":\"" USERS "?after=1\"}}", USERS "?after=1", NULL},
    {NULL, "{\"next\":{\"hints\":{\"allow\":[]},\"href\":\"https:\\/\\/a.example" USERS "?after=\\u0031\"}}",
     USERS "?after=1", NULL},
    {NULL, "{\"next\":{\"href\":\"https://a:b@evil.example:1/governance/api/v2/tasks?x\"}}",
     "/governance/api/v2/tasks?x", NULL},
    {"Link: <" USERS "?after=2>; rel=\"next\"", "{\"next\":{\"href\":\"" USERS "?after=1\"}}",
     USERS "?after=2", NULL},
    {"Link: <" USERS ">; rel=\"self\"", "{\"next\":{\"href\":\"" USERS "?after=1\"}}", USERS "?after=1",
     NULL},
    /* A page that calls itself by another path than the one that was asked for. */
    {"Link: <https://a.example/api/v1/people?limit=2>; rel=\"self\", "
     "<https://a.example/api/v1/people?after=3&limit=2>; rel=\"next\"",
     NULL, USERS "?after=3&limit=2", NULL},
    {"Link: </api/v1/people?after=3>; rel=\"next\"", NULL, "/api/v1/people?after=3", NULL},
    {"Link: <" USERS ">; rel=\"self\", </api/v1/people?after=3>; rel=\"next\"", NULL,
     "/api/v1/people?after=3", NULL},
    {"Link: </login>; rel=\"self\", <" USERS "?after=3>; rel=\"next\"", NULL, USERS "?after=3", NULL},
    {NULL, "{\"next\":{\"href\":\"/api/v1/people?after=3\"},\"self\":{\"href\":\"/api/v1/people\"}}",
     USERS "?after=3", NULL},
    {NULL, "{\"next\":{\"href\":\"/api/v1/people?after=3\"},\"self\":{\"href\":\"" USERS "\"}}",
     "/api/v1/people?after=3", NULL},
    {NULL, "{\"next\":{\"href\":\"/api/v1/people?after=3\"},\"self\":7}", "/api/v1/people?after=3", NULL},
    {"Link: <" USERS, "{\"next\":{\"href\":\"" USERS "?after=1\"}}", NULL, "damaged"},
    {NULL, "{\"next\":{\"href\":\"/login\"}}", NULL, "leaves the API"},
    {NULL, "{\"next\":{\"href\":\"\"}}", NULL, "leaves the API"},
    {NULL, "{\"next\":{\"href\":\"" USERS "?a\\u0000b\"}}", NULL, "damaged"},
    {NULL, "{\"next\":{\"href\":\"" USERS "?a\\r\\nb\"}}", NULL, "leaves the API"},
    {NULL, "{\"next\":{\"href\":null}}", NULL, "damaged"},
    {NULL, "{\"next\":{}}", NULL, "damaged"},
    {NULL, "{\"next\":\"" USERS "\"}", NULL, "damaged"},
    {NULL, "{\"next\":[{\"href\":\"" USERS "\"}]}", NULL, "damaged"},
    {NULL, "{\"next\":7}", NULL, "damaged"},
};

static void follows_the_header_and_else_the_body(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(links); i++) {
        oktai_arena arena = {0};
        oktai_headers headers = {0};
        const char *next = NULL;
        okta_text text = {links[i].links, links[i].links == NULL ? 0 : strlen(links[i].links)};
        if (links[i].header != NULL) {
            assert_true(oktai_headers_add_line(&headers, links[i].header, strlen(links[i].header)));
        }
        okta_error *error = oktai_page_next(&headers, text, USERS "?limit=2", &arena, &next);
        if (links[i].refusal != NULL) {
            assert_null(next);
            expect_refusal(links[i].links, error, links[i].refusal);
        } else {
            assert_null(error);
            assert_int_equal(next == NULL, links[i].next == NULL);
            if (next != NULL) {
                assert_string_equal(next, links[i].next);
            }
        }
        oktai_headers_clear(&headers);
        oktai_arena_clear(&arena);
    }
}

static void a_trail_knows_every_page_and_ends(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 3; seed++) {
        oktai_page_trail trail = {.seed = seed * UINT64_C(0x9e3779b97f4a7c15)};
        char target[64];
        for (unsigned i = 0; i < OKTAI_PAGES_MAX; i++) {
            snprintf(target, sizeof target, USERS "?after=%u", i);
            assert_null(oktai_page_trail_add(&trail, target));
        }
        for (unsigned i = 0; i < OKTAI_PAGES_MAX; i += 97) {
            snprintf(target, sizeof target, USERS "?after=%u", i);
            expect_refusal(target, oktai_page_trail_add(&trail, target), "seen before");
        }
        expect_refusal("one more", oktai_page_trail_add(&trail, USERS), "more than 10,000 pages");
        assert_true(trail.capacity <= 4 * OKTAI_PAGES_MAX);
        oktai_arena_clear(&trail.arena);
    }
}

static void memory_that_ends_is_told(void **state)
{
    (void)state;
    static const char body[] =
        "{\"\\u0061\":[1,2,3,4,5],\"_links\":{\"next\":{\"href\":\"\\/api\\/v1\\/x?1\"},"
        "\"self\":{\"href\":\"\\/api\\/v1\\/x\"}}}";
    bool failed = true;
    for (size_t nth = 1; failed; nth++) {
        oktai_arena arena = {0};
        oktai_headers headers = {0};
        oktai_page_trail trail = {0};
        oktai_page_body found;
        const char *next = NULL;
        allocations_begin(nth, false);
        okta_error *error = oktai_page_read(body, sizeof body - 1, NULL, NULL, &arena, &found);
        if (error == NULL) {
            error = oktai_page_next(&headers, found.links, USERS, &arena, &next);
        }
        if (error == NULL) {
            error = oktai_page_trail_add(&trail, next);
        }
        failed = allocations_end();
        assert_int_equal(okta_error_status(error), failed ? OKTA_E_NOMEM : OKTA_OK);
        okta_free(error);
        oktai_arena_clear(&arena);
        oktai_arena_clear(&trail.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_list_in_a_body),
        cmocka_unit_test(refuses_every_piece_of_a_page),
        cmocka_unit_test(a_body_of_nothing_but_commas_takes_no_memory_beyond_its_limit),
        cmocka_unit_test(a_watch_ends_the_reading_of_a_long_page),
        cmocka_unit_test(follows_the_header_and_else_the_body),
        cmocka_unit_test(a_trail_knows_every_page_and_ends),
        cmocka_unit_test(memory_that_ends_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
