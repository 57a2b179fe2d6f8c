/* SPDX-License-Identifier: Apache-2.0 */
/* Parameters of operations: what goes into the path, the query (RFC 3986) and the headers, and what is
 * refused before anything is sent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "api/expect.h"
#include "api/rows.h"

#define THINGS "/api/v1/things"

static okta_error *list(const api_world *world, const okta_list_things_params *params)
{
    okta_thing_list *things = NULL;
    okta_error *error = oktai_operation_run(world->client, &rows_list_things, NULL, params, NULL, &things);
    okta_free(things);
    return error;
}

#define PARAMS(...)                                                                                          \
    {                                                                                                        \
        .model = OKTA_INIT(okta_list_things_params), __VA_ARGS__                                             \
    }

/* The query of a call with these parameters. */
static void expect_query(api_world *world, const okta_list_things_params *params, const char *query)
{
    char target[512];
    snprintf(target, sizeof target, THINGS "%s", query);
    api_forget(world);
    api_fault(world, (mock_fault){.status = 200, .body = "[]"});
    api_expect_success(query, list(world, params));
    api_expect_requests(query, world, 1);
    api_expect_request(query, world, 0, "GET", target, "");
}

static void writes_each_kind_of_parameter(void **state)
{
    static const char *ids[] = {"a", "b,c", "d e"};
    static okta_thing_state states[] = {OKTA_THING_STATE_ON, OKTA_THING_STATE_NOT_OFF};
    static const struct {
        okta_list_things_params params;
        const char *query;
    } cases[] = {
        {PARAMS(.q = NULL), ""},
        {PARAMS(.q = ""), "?q="},
        {PARAMS(.q = "a b&c=d#e?f/g+h%41\"'~-._"), "?q=a%20b%26c%3Dd%23e%3Ff%2Fg%2Bh%2541%22%27~-._"},
        {PARAMS(.q = "\xC3\xA9\xE2\x82\xAC"), "?q=%C3%A9%E2%82%AC"},
        {PARAMS(.q = "line\r\nend\t"), "?q=line%0D%0Aend%09"},
        {PARAMS(.limit = {true, 0}), "?limit=0"},
        {PARAMS(.limit = {true, INT64_MIN}), "?limit=-9223372036854775808"},
        {PARAMS(.ratio = {true, 0.5}), "?ratio=0.5"},
        {PARAMS(.deep = {true, false}), "?deep=false"},
        {PARAMS(.deep = {true, true}), "?deep=true"},
        {PARAMS(.state = OKTA_THING_STATE_NOT_OFF), "?state=NOT%20OFF"},
        {PARAMS(.ids = ids, .ids_count = 1), "?ids=a"},
        {PARAMS(.ids = ids, .ids_count = 3), "?ids=a,b%2Cc,d%20e"},
        {PARAMS(.ids = ids, .ids_count = 0), ""},
        {PARAMS(.states = states, .states_count = 2), "?states=ON&states=NOT%20OFF"},
        {PARAMS(.q = "x", .limit = {true, 7}, .states = states, .states_count = 2,
                .until = "2026-01-01T00:00:00Z"),
         "?q=x&limit=7&states=ON&states=NOT%20OFF&until=2026-01-01T00%3A00%3A00Z"},
    };
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        expect_query(world, &cases[i].params, cases[i].query);
    }
    expect_query(world, NULL, "");
}

/* A parameter or an enum value of a later release can be sent. */
static void writes_what_the_library_does_not_know(void **state)
{
    static const okta_member extras[] = {{"newer", "\"a b\"", NULL},
                                         {"number", "12", NULL},
                                         {"several", "[\"x\",2,true]", NULL},
                                         {"state", "\"HALF ON\"", NULL},
                                         {"odd name&", "\"\"", NULL}};
    const okta_list_things_params params = {
        .model = {sizeof(okta_list_things_params), NULL, extras, COUNT(extras), NULL, 0, NULL},
        .state = OKTA_THING_STATE_OTHER};
    expect_query(*state, &params,
                 "?state=HALF%20ON&newer=a%20b&number=12&several=x&several=2&several=true&odd%20name%26=");
}

/* Such a program sets what was there then; what comes behind it is not looked at. */
static void takes_the_params_of_older_headers(void **state)
{
    okta_list_things_params params = PARAMS(.q = "x", .until = "behind the end");
    params.model.struct_size = offsetof(okta_list_things_params, limit);
    expect_query(*state, &params, "?q=x");
}

static void refuses_what_cannot_be_written(void **state)
{
    static const okta_member null_limit[] = {{"limit", "null", NULL}};
    static okta_thing_state other[] = {OKTA_THING_STATE_OTHER};
    static const char *bad_list[] = {NULL};
    static const struct {
        okta_list_things_params params;
        const char *part;
    } cases[] = {
        {{.q = "x"}, "struct_size"},
        {PARAMS(.q = OKTA_NULL), "q is null"},
        {PARAMS(.q = "\xff"), "q is not UTF-8"},
        {PARAMS(.state = OKTA_THING_STATE_OTHER), "state has an enum value without a text"},
        {PARAMS(.state = (okta_thing_state)4), "state has an enum value without a text"},
        {PARAMS(.states = other, .states_count = 1), "states has an enum value without a text"},
        {PARAMS(.ids = bad_list, .ids_count = 1), "ids has an element that is NULL"},
        {{.model = {sizeof(okta_list_things_params), NULL, null_limit, 1, NULL, 0, NULL}}, "limit is null"},
        {PARAMS(.match = "a\r\nX-Evil: 1"), "If-Match has a value that is not printable ASCII"},
        {PARAMS(.match = "\xC3\xA9"), "If-Match has a value that is not printable ASCII"},
    };
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        api_expect_refusal(cases[i].part, list(world, &cases[i].params), OKTA_E_ARG, cases[i].part);
    }
    api_expect_requests("all", world, 0);
}

static void writes_headers_that_an_operation_owns(void **state)
{
    api_world *world = *state;
    okta_list_things_params params = PARAMS(.match = "\"v1\"", .q = "x");
    expect_query(world, &params, "?q=x");
    api_expect_header("If-Match", world, 0, "If-Match", "\"v1\"");
    params.match = "";
    expect_query(world, &params, "?q=x");
    api_expect_header("If-Match", world, 0, "If-Match", "");
    params.match = NULL;
    expect_query(world, &params, "?q=x");
    api_expect_header("If-Match", world, 0, "If-Match", NULL);
}

/* libcurl would say that memory is out. */
static void names_the_parameter_that_makes_a_url_too_long(void **state)
{
    api_world *world = *state;
    char *text = malloc(1000001);
    assert_non_null(text);
    memset(text, 'a', 1000000);
    text[1000000] = '\0';
    okta_list_things_params params = PARAMS(.match = "m", .q = text);
    api_expect_refusal("q", list(world, &params), OKTA_E_ARG,
                       "the parameter q makes a URL of more than 1000000 bytes");
    memset(text, '/', 400000);
    text[400000] = '\0'; /* three bytes each */
    api_expect_refusal("escapes", list(world, &params), OKTA_E_ARG, "the parameter q makes a URL of more");
    memset(text, 'a', 1000000);
    text[0] = '/';
    okta_call *call = okta_request_call(world->client, "GET", text, NULL);
    api_expect_refusal("raw", okta_call_run(call), OKTA_E_ARG, "path makes a URL of more than 1000000 bytes");
    okta_free(call);
    free(text);
    api_expect_requests("refused", world, 0);
}

static void names_a_required_parameter_that_is_missing(void **state)
{
    api_world *world = *state;
    okta_thing *thing = NULL;
    okta_find_thing_params params = {.model = OKTA_INIT(okta_find_thing_params), .language = "de"};
    api_expect_refusal("NULL", oktai_operation_run(world->client, &rows_find_thing, NULL, NULL, NULL, &thing),
                       OKTA_E_ARG, "the parameter key is required");
    api_expect_refusal("absent",
                       oktai_operation_run(world->client, &rows_find_thing, NULL, &params, NULL, &thing),
                       OKTA_E_ARG, "the parameter key is required");
    api_expect_requests("refused", world, 0);
    params.key = "k";
    api_fault(world, (mock_fault){.status = 200, .body = "{\"id\":\"t1\"}"});
    api_expect_success("given",
                       oktai_operation_run(world->client, &rows_find_thing, NULL, &params, NULL, &thing));
    assert_string_equal(thing->id, "t1");
    okta_free(thing);
    api_expect_request("given", world, 0, "GET", THINGS "/find?key=k", "");
    api_expect_header("given", world, 0, "Accept-Language", "de");
}

static okta_error *get(const api_world *world, const char *id, int state)
{
    okta_thing *thing = NULL;
    const char *const ids[] = {id, oktai_enum_in_path(&rows_thing_states, state)};
    okta_error *error = oktai_operation_run(world->client, &rows_get_thing, ids, NULL, NULL, &thing);
    okta_free(thing);
    return error;
}

static void writes_ids_and_enums_into_the_path(void **state)
{
    api_world *world = *state;
    api_fault(world, (mock_fault){.status = 200, .body = "{}"});
    api_expect_success("an enum", get(world, "t1", OKTA_THING_STATE_ON));
    api_expect_requests("an enum", world, 1);
    api_expect_request("an enum", world, 0, "GET", THINGS "/t1/in/ON", "");
}

static void refuses_enums_without_a_text_in_the_path(void **state)
{
    api_world *world = *state;
    for (int value = -1; value <= 5; value++) {
        if (value != OKTA_THING_STATE_ON && value != OKTA_THING_STATE_NOT_OFF) {
            api_expect_refusal("an enum", get(world, "t1", value), OKTA_E_ARG,
                               "state is no value of its enum");
        }
    }
    api_expect_refusal("an id", get(world, "", OKTA_THING_STATE_ON), OKTA_E_ARG, "thingId must not be empty");
    api_expect_requests("all", world, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(writes_each_kind_of_parameter, api_world_setup, api_world_teardown),
        cmocka_unit_test_setup_teardown(writes_what_the_library_does_not_know, api_world_setup,
                                        api_world_teardown),
        cmocka_unit_test_setup_teardown(takes_the_params_of_older_headers, api_world_setup,
                                        api_world_teardown),
        cmocka_unit_test_setup_teardown(refuses_what_cannot_be_written, api_world_setup, api_world_teardown),
        cmocka_unit_test_setup_teardown(writes_headers_that_an_operation_owns, api_world_setup,
                                        api_world_teardown),
        cmocka_unit_test_setup_teardown(names_the_parameter_that_makes_a_url_too_long, api_world_setup,
                                        api_world_teardown),
        cmocka_unit_test_setup_teardown(names_a_required_parameter_that_is_missing, api_world_setup,
                                        api_world_teardown),
        cmocka_unit_test_setup_teardown(writes_ids_and_enums_into_the_path, api_world_setup,
                                        api_world_teardown),
        cmocka_unit_test_setup_teardown(refuses_enums_without_a_text_in_the_path, api_world_setup,
                                        api_world_teardown),
    };
    return cmocka_run_group_tests_name("params", tests, NULL, NULL);
}
