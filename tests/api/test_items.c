/* SPDX-License-Identifier: Apache-2.0 */
/* Iterators over the items of typed lists: every item once, in order, whatever form the pages have. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "api/expect.h"
#include "api/rows.h"

#define THINGS     "/api/v1/things"
#define NEXT(path) "Link: <https://org.example.com" path ">; rel=\"next\""

static void page(api_world *world, const char *link, const char *body)
{
    const char *headers[] = {"X-Okta-Request-Id: id-of-page", "X-Rate-Limit-Remaining: 41", link, NULL};
    api_fault(world, (mock_fault){.status = 200, .headers = headers, .body = body});
}

/* The ids of all items so far, with a space behind each. */
static void read_ids(okta_pages *pages, char out[64])
{
    const okta_thing *thing;
    out[0] = '\0';
    while ((thing = OKTA_NEXT(pages, okta_thing)) != NULL) {
        strncat(out, thing->id == NULL ? "-" : thing->id, 8);
        strncat(out, " ", 2);
    }
}

static void brings_every_item_of_pages_in_each_form(void **state)
{
    static const struct {
        const oktai_operation *operation;
        const char *links[3];
        const char *bodies[3];
        const char *targets[3];
    } cases[] = {
        {&rows_list_things,
         {NEXT(THINGS "?after=2&limit=2"), NEXT(THINGS "?after=3"), NULL},
         {"[{\"id\":\"a\"},{\"id\":\"b\"}]", "[]", "[{\"id\":\"c\"}]"},
         {THINGS "?limit=2", THINGS "?after=2&limit=2", THINGS "?after=3"}},
        {&rows_list_boxed_things,
         {NULL, NULL, NULL},
         {"{\"other\":[1],\"things\":[{\"id\":\"a\"},{\"id\":\"b\"}],\"_links\":{\"next\":{\"href\":"
          "\"https://x.example.com" THINGS "/boxed?after=2\"}}}",
          "{\"things\":[],\"other\":[],\"_links\":{\"next\":{\"href\":\"" THINGS "/boxed?after=3\"}}}",
          "{\"other\":[],\"things\":[{\"id\":\"c\"}],\"_links\":{}}"},
         {THINGS "/boxed?limit=2", THINGS "/boxed?after=2", THINGS "/boxed?after=3"}},
        {&rows_list_cursored,
         {NULL, NULL, NULL},
         {"{\"things\":[{\"id\":\"a\"},{\"id\":\"b\"}],\"page\":{\"after\":\"p 2&\"}}",
          "{\"page\":{\"after\":\"\\u0033\"},\"things\":[]}",
          "{\"things\":[{\"id\":\"c\"}],\"page\":{\"after\":null}}"},
         {THINGS "/cursored?limit=2", THINGS "/cursored?limit=2&after=p%202%26",
          THINGS "/cursored?limit=2&after=3"}},
    };
    api_world *world = *state;
    const okta_list_things_params params = {.model = OKTA_INIT(okta_list_things_params), .limit = {true, 2}};
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *name = cases[i].operation->name;
        char ids[64];
        api_forget(world);
        for (size_t k = 0; k < 3; k++) {
            page(world, cases[i].links[k], cases[i].bodies[k]);
        }
        okta_pages *pages = oktai_operation_pages(world->client, cases[i].operation, NULL, &params);
        read_ids(pages, ids);
        api_expect_success(name, okta_pages_error(pages));
        assert_string_equal(ids, "a b c ");
        assert_null(okta_pages_cursor(pages));
        assert_null(OKTA_NEXT(pages, okta_thing));
        okta_free(pages);
        api_expect_requests(name, world, 3);
        for (size_t k = 0; k < 3; k++) {
            api_expect_request(name, world, k, "GET", cases[i].targets[k], "");
        }
    }
}

static void lends_an_item_or_leaves_it_to_the_program(void **state)
{
    api_world *world = *state;
    page(world, NULL, "[{\"id\":\"a\",\"newer\":1},12,{\"id\":\"b\"}]");
    okta_pages *pages = oktai_operation_pages(world->client, &rows_list_things, NULL, NULL);
    okta_thing *kept = OKTA_NEXT(pages, okta_thing);
    okta_pages_keep_item(pages);
    const okta_thing *number = OKTA_NEXT(pages, okta_thing);
    size_t length;
    assert_null(number->id);
    assert_memory_equal(okta_source(number, &length), "12", 2);
    assert_int_equal(length, 2);
    assert_string_equal(OKTA_NEXT(pages, okta_thing)->id, "b");
    assert_null(OKTA_NEXT(pages, okta_thing));
    okta_free(pages);
    assert_string_equal(kept->id, "a");
    assert_string_equal(okta_extra(kept, "newer"), "1");
    okta_free(kept);
}

static void brings_items_that_are_no_models(void **state)
{
    static const char *const texts[] = {"\"a\"", "{\"b\" : 1}", "null"};
    api_world *world = *state;
    page(world, NULL, "[\"a\",{\"b\" : 1}, null ]");
    okta_pages *pages = oktai_operation_pages(world->client, &rows_list_anything, NULL, NULL);
    for (size_t i = 0; i < COUNT(texts); i++) {
        assert_string_equal(OKTA_NEXT(pages, okta_json)->json, texts[i]);
    }
    assert_null(OKTA_NEXT(pages, okta_json));
    api_expect_success("anything", okta_pages_error(pages));
    okta_free(pages);
}

/* The System Log is such a list. */
static void stops_an_endless_list_at_an_empty_page_and_goes_on_later(void **state)
{
    static const char *const next = NEXT(THINGS "/events?after=2");
    api_world *world = *state;
    char ids[64];
    page(world, next, "[{\"id\":\"a\"}]");
    page(world, next, "[]");
    okta_pages *pages = oktai_operation_pages(world->client, &rows_list_thing_events, NULL, NULL);
    read_ids(pages, ids);
    assert_string_equal(ids, "a ");
    api_expect_success("the first poll", okta_pages_error(pages));
    assert_string_equal(okta_pages_cursor(pages), THINGS "/events?after=2");
    page(world, next, "[]");
    assert_null(OKTA_NEXT(pages, okta_thing));
    api_expect_success("nothing came", okta_pages_error(pages));
    page(world, NEXT(THINGS "/events?after=3"), "[{\"id\":\"b\"}]");
    page(world, NULL, "[]");
    read_ids(pages, ids);
    assert_string_equal(ids, "b ");
    api_expect_success("the last poll", okta_pages_error(pages));
    assert_string_equal(okta_pages_cursor(pages), THINGS "/events?after=3");
    okta_free(pages);
    api_expect_requests("all", world, 5);
}

/* Each poll asks for the place that the list last told, and brings what is behind it, if need be once more.
 */
static void an_endless_list_without_a_next_link_keeps_its_place(void **state)
{
    static const struct {
        const char *ids;
        const char *cursor; /* after the poll */
        size_t requests;    /* so far */
    } polls[] = {
        {"a ", THINGS "/events", 1},
        {"a b ", THINGS "/events?after=2", 3},
        {"c ", THINGS "/events?after=2", 4},
        {"", THINGS "/events?after=2", 5},
    };
    static const char *const targets[] = {THINGS "/events", THINGS "/events", THINGS "/events?after=2",
                                          THINGS "/events?after=2", THINGS "/events?after=2"};
    api_world *world = *state;
    char ids[64];
    page(world, NULL, "[{\"id\":\"a\"}]");
    page(world, NEXT(THINGS "/events?after=2"), "[{\"id\":\"a\"},{\"id\":\"b\"}]");
    page(world, NULL, "[]");
    page(world, NULL, "[{\"id\":\"c\"}]");
    page(world, NULL, "[]");
    okta_pages *pages = oktai_operation_pages(world->client, &rows_list_thing_events, NULL, NULL);
    for (size_t i = 0; i < COUNT(polls); i++) {
        read_ids(pages, ids);
        api_expect_success("a poll", okta_pages_error(pages));
        assert_string_equal(ids, polls[i].ids);
        assert_string_equal(okta_pages_cursor(pages), polls[i].cursor);
        api_expect_requests("a poll", world, polls[i].requests);
    }
    okta_free(pages);
    for (size_t i = 0; i < COUNT(targets); i++) {
        api_expect_request("a poll", world, i, "GET", targets[i], "");
    }
}

/* Pages end a poll as items do. */
static void the_pages_of_an_endless_list_rest_behind_the_last_one(void **state)
{
    api_world *world = *state;
    page(world, NULL, "[{\"id\":\"a\"}]");
    page(world, NULL, "[{\"id\":\"a\"},{\"id\":\"b\"}]");
    okta_pages *pages = oktai_operation_pages(world->client, &rows_list_thing_events, NULL, NULL);
    for (size_t count = 1; count < 3; count++) {
        const okta_page *found = okta_pages_next(pages);
        assert_non_null(found);
        assert_int_equal(found->count, count);
        assert_null(okta_pages_next(pages));
        api_expect_success("a poll", okta_pages_error(pages));
        assert_string_equal(okta_pages_cursor(pages), THINGS "/events");
        api_expect_requests("a poll", world, count);
    }
    okta_free(pages);
}

/* The iterator and the list take the same bodies, and find the same in them. */
static void takes_the_bodies_that_the_list_takes(void **state)
{
    static const struct {
        const char *body;
        const char *ids; /* NULL: it is no list of things */
    } cases[] = {
        {"[{\"id\":\"a\"},{\"id\":\"b\"}]", "a b "},
        {" {\"id\":\"a\"} ", "a "},
        {"{\"id\":\"a\",\"realmIds\":[\"x\"]}", "a "},
        {"{\"tags\":[\"x\"],\"other\":[{\"id\":\"y\"}]}", "- "},
        {"[\"x\",{\"id\":\"a\"}]", "- a "},
        {"{\"realmIds\":[\"x\"]}", NULL},
        {"{\"users\":[{\"id\":\"a\"}],\"_links\":{}}", NULL},
        {"{}", NULL},
        {"\"x\"", NULL},
        {"null", NULL},
        {"{\"id\":\"a\"", NULL},
    };
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char ids[64];
        char listed[64] = "";
        okta_thing_list *list = NULL;
        api_forget(world);
        page(world, NULL, cases[i].body);
        page(world, NULL, cases[i].body);
        okta_pages *pages = oktai_operation_pages(world->client, &rows_list_things, NULL, NULL);
        read_ids(pages, ids);
        okta_error *error = okta_pages_error(pages);
        okta_free(pages);
        okta_error *same = oktai_operation_run(world->client, &rows_list_things, NULL, NULL, NULL, &list);
        okta_status status = cases[i].ids == NULL ? OKTA_E_PROTOCOL : OKTA_OK;
        api_expect_number(cases[i].body, "status", okta_error_status(error), status);
        api_expect_number(cases[i].body, "status of the list", okta_error_status(same), status);
        api_expect_text(cases[i].body, "the items", ids, cases[i].ids == NULL ? "" : cases[i].ids);
        for (size_t k = 0; list != NULL && k < list->count; k++) {
            strncat(listed, list->items[k]->id == NULL ? "-" : list->items[k]->id, 8);
            strncat(listed, " ", 2);
        }
        api_expect_text(cases[i].body, "the list", listed, ids);
        okta_free(error);
        okta_free(same);
        okta_free(list);
    }
}

static void an_object_is_no_list_of_strings(void **state)
{
    api_world *world = *state;
    static const oktai_paging paging = {.item = &oktai_json_model};
    oktai_operation names = rows_list_anything;
    names.response = &oktai_string_list_model;
    names.paging = &paging;
    page(world, NULL, "{\"names\":[\"a\"]}");
    okta_pages *pages = oktai_operation_pages(world->client, &names, NULL, NULL);
    assert_null(OKTA_NEXT(pages, okta_json));
    api_expect_refusal("strings", okta_pages_error(pages), OKTA_E_PROTOCOL, "not an array");
    okta_free(pages);
}

/* A page with members of its own is the result as it came. */
static void a_page_that_is_an_object_is_all_that_one_call_brings(void **state)
{
    api_world *world = *state;
    okta_thing *thing = NULL;
    page(world, NEXT(THINGS "/boxed?after=2"), "{\"id\":\"box\",\"things\":[{\"id\":\"a\"}]}");
    api_expect_success("a page",
                       oktai_operation_run(world->client, &rows_list_boxed_things, NULL, NULL, NULL, &thing));
    assert_string_equal(thing->id, "box");
    okta_free(thing);
    api_expect_requests("a page", world, 1);
}

static void reads_a_limited_list_to_its_last_page(void **state)
{
    const okta_list_things_params params = {.model = OKTA_INIT(okta_list_things_params), .until = "z"};
    api_world *world = *state;
    char ids[64];
    page(world, NEXT(THINGS "/events?until=z&after=2"), "[]");
    page(world, NULL, "[{\"id\":\"b\"}]");
    okta_pages *pages = oktai_operation_pages(world->client, &rows_list_thing_events, NULL, &params);
    read_ids(pages, ids);
    assert_string_equal(ids, "b ");
    assert_null(okta_pages_cursor(pages));
    okta_free(pages);
    /* The list that comes as one result has the same end. */
    okta_thing_list *list = NULL;
    page(world, NEXT(THINGS "/events?after=2"), "[{\"id\":\"a\"}]");
    page(world, NEXT(THINGS "/events?after=3"), "[]");
    api_expect_success("a list",
                       oktai_operation_run(world->client, &rows_list_thing_events, NULL, NULL, NULL, &list));
    assert_int_equal(list->count, 1);
    okta_free(list);
}

static void goes_on_from_a_cursor_without_losing_an_item(void **state)
{
    api_world *world = *state;
    char cursor[64];
    page(world, NEXT(THINGS "?after=2"), "[{\"id\":\"a\"},{\"id\":\"b\"}]");
    okta_pages *pages = oktai_operation_pages(world->client, &rows_list_things, NULL, NULL);
    assert_string_equal(okta_pages_cursor(pages), THINGS);
    assert_string_equal(OKTA_NEXT(pages, okta_thing)->id, "a");
    assert_string_equal(okta_pages_cursor(pages), THINGS);
    assert_string_equal(OKTA_NEXT(pages, okta_thing)->id, "b");
    snprintf(cursor, sizeof cursor, "%s", okta_pages_cursor(pages));
    assert_string_equal(cursor, THINGS "?after=2");
    okta_pages_set_cursor(pages, cursor);
    api_expect_refusal("late", okta_pages_error(pages), OKTA_E_ARG, "cursor comes too late");
    okta_free(pages);
    api_forget(world);
    page(world, NULL, "[{\"id\":\"c\"}]");
    pages = oktai_operation_pages(world->client, &rows_list_things, NULL, NULL);
    okta_pages_set_cursor(pages, cursor);
    assert_string_equal(OKTA_NEXT(pages, okta_thing)->id, "c");
    okta_free(pages);
    api_expect_request("resumed", world, 0, "GET", cursor, "");
    pages = oktai_operation_pages(world->client, &rows_list_things, NULL, NULL);
    okta_pages_set_cursor(pages, "https://evil.example.com/");
    assert_null(OKTA_NEXT(pages, okta_thing));
    api_expect_refusal("a URL", okta_pages_error(pages), OKTA_E_ARG, "cursor ");
    okta_free(pages);
}

static void takes_headers_and_tells_about_the_last_page(void **state)
{
    const okta_list_things_params params = {.model = OKTA_INIT(okta_list_things_params), .match = "v1"};
    api_world *world = *state;
    page(world, NEXT(THINGS "?after=2"), "[{\"id\":\"a\"}]");
    page(world, NULL, "[{\"id\":\"b\"}]");
    okta_pages *pages = oktai_operation_pages(world->client, &rows_list_things, NULL, &params);
    okta_pages_add_header(pages, "X-Mine", "1");
    assert_null(okta_pages_request_id(pages));
    while (OKTA_NEXT(pages, okta_thing) != NULL) {
        assert_string_equal(okta_pages_request_id(pages), "id-of-page");
        assert_int_equal(okta_pages_rate_limit(pages).remaining.value, 41);
    }
    api_expect_success("pages", okta_pages_error(pages));
    okta_free(pages);
    for (size_t i = 0; i < 2; i++) {
        api_expect_header("pages", world, i, "X-Mine", "1");
        api_expect_header("pages", world, i, "If-Match", "v1");
    }
}

static void refuses_what_calls_refuse(void **state)
{
    api_world *world = *state;
    okta_pages *pages = oktai_operation_pages(world->client, &rows_list_things, NULL, NULL);
    okta_pages_add_header(pages, "Authorization", "x");
    assert_null(OKTA_NEXT(pages, okta_thing));
    api_expect_refusal("a header", okta_pages_error(pages), OKTA_E_ARG, "sets itself");
    okta_free(pages);
    pages = oktai_operation_pages(world->client, &rows_list_things, NULL, NULL);
    okta_pages_set_timeout_ms(pages, 0);
    assert_null(OKTA_NEXT(pages, okta_thing));
    api_expect_refusal("a limit", okta_pages_error(pages), OKTA_E_ARG, "timeout_ms");
    okta_free(pages);
    pages = oktai_operation_pages(NULL, &rows_list_things, NULL, NULL);
    okta_pages_cancel(pages);
    assert_null(OKTA_NEXT(pages, okta_thing));
    api_expect_refusal("no client", okta_pages_error(pages), OKTA_E_ARG, "client");
    okta_free(pages);
    okta_pages_cancel(NULL);
    okta_pages_keep_item(NULL);
    okta_pages_set_cursor(NULL, "/");
    okta_pages_add_header(NULL, "a", "b");
    okta_pages_set_timeout_ms(NULL, 1);
    assert_null(okta_pages_next_item(NULL, okta_thing_descriptor()));
    assert_null(okta_pages_request_id(NULL));
    assert_false(okta_pages_rate_limit(NULL).limit.has);
    api_expect_requests("all", world, 0);
}

static void ends_at_the_limit_of_a_page(void **state)
{
    api_world *world = *state;
    page(world, NEXT(THINGS "?after=2"), "[{\"id\":\"a\"}]");
    api_fault(world, (mock_fault){.status = 503, .times = 20});
    okta_pages *pages = oktai_operation_pages(world->client, &rows_list_things, NULL, NULL);
    okta_pages_set_timeout_ms(pages, 700);
    world->clock.now_ms += 10000; /* between pages no time counts */
    assert_string_equal(OKTA_NEXT(pages, okta_thing)->id, "a");
    world->clock.now_ms += 10000;
    assert_null(OKTA_NEXT(pages, okta_thing));
    api_expect_refusal("a limit", okta_pages_error(pages), OKTA_E_SERVER, "page 2");
    assert_string_equal(okta_pages_cursor(pages), THINGS "?after=2");
    okta_free(pages);
    api_expect_requests("a limit", world, 3);
}

static void *cancel(void *context)
{
    okta_pages_cancel(context);
    return NULL;
}

static void ends_when_another_thread_cancels(void **state)
{
    api_world *world = *state;
    pthread_t thread;
    page(world, NEXT(THINGS "?after=2"), "[{\"id\":\"a\"},{\"id\":\"b\"}]");
    okta_pages *pages = oktai_operation_pages(world->client, &rows_list_things, NULL, NULL);
    assert_non_null(OKTA_NEXT(pages, okta_thing));
    assert_int_equal(pthread_create(&thread, NULL, cancel, pages), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_non_null(OKTA_NEXT(pages, okta_thing)); /* it came before */
    assert_null(OKTA_NEXT(pages, okta_thing));
    api_expect_refusal("canceled", okta_pages_error(pages), OKTA_E_CANCELED, "canceled");
    okta_free(pages);
    api_expect_requests("canceled", world, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(brings_every_item_of_pages_in_each_form, api_world_setup,
                                        api_world_teardown),
        cmocka_unit_test_setup_teardown(lends_an_item_or_leaves_it_to_the_program, api_world_setup,
                                        api_world_teardown),
        cmocka_unit_test_setup_teardown(brings_items_that_are_no_models, api_world_setup, api_world_teardown),
        cmocka_unit_test_setup_teardown(stops_an_endless_list_at_an_empty_page_and_goes_on_later,
                                        api_world_setup, api_world_teardown),
        cmocka_unit_test_setup_teardown(an_endless_list_without_a_next_link_keeps_its_place, api_world_setup,
                                        api_world_teardown),
        cmocka_unit_test_setup_teardown(the_pages_of_an_endless_list_rest_behind_the_last_one,
                                        api_world_setup, api_world_teardown),
        cmocka_unit_test_setup_teardown(takes_the_bodies_that_the_list_takes, api_world_setup,
                                        api_world_teardown),
        cmocka_unit_test_setup_teardown(an_object_is_no_list_of_strings, api_world_setup, api_world_teardown),
        cmocka_unit_test_setup_teardown(a_page_that_is_an_object_is_all_that_one_call_brings, api_world_setup,
                                        api_world_teardown),
        cmocka_unit_test_setup_teardown(reads_a_limited_list_to_its_last_page, api_world_setup,
                                        api_world_teardown),
        cmocka_unit_test_setup_teardown(goes_on_from_a_cursor_without_losing_an_item, api_world_setup,
                                        api_world_teardown),
        cmocka_unit_test_setup_teardown(takes_headers_and_tells_about_the_last_page, api_world_setup,
                                        api_world_teardown),
        cmocka_unit_test_setup_teardown(refuses_what_calls_refuse, api_world_setup, api_world_teardown),
        cmocka_unit_test_setup_teardown(ends_at_the_limit_of_a_page, api_world_setup, api_world_teardown),
        cmocka_unit_test_setup_teardown(ends_when_another_thread_cancels, api_world_setup,
                                        api_world_teardown),
    };
    return cmocka_run_group_tests_name("items", tests, NULL, NULL);
}
