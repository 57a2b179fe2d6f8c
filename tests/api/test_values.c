/* SPDX-License-Identifier: Apache-2.0 */
/* Results that are no models: each is taken by its type, and nothing of an answer is lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "api/expect.h"
#include "api/rows.h"

static const char *const thing_id[] = {"t1"};

/* A call that ran, to take the result of. */
static okta_call *answered(api_world *world, const oktai_operation *operation, mock_fault answer)
{
    api_forget(world);
    api_fault(world, answer);
    okta_call *call = oktai_operation_call(world->client, operation, thing_id, NULL, NULL);
    api_expect_success(operation->name, okta_call_run(call));
    return call;
}

static okta_error *refused(api_world *world, const oktai_operation *operation, mock_fault answer)
{
    void *result = NULL;
    api_forget(world);
    api_fault(world, answer);
    okta_error *error = oktai_operation_run(world->client, operation, thing_id, NULL, NULL, &result);
    assert_null(result);
    return error;
}

static mock_fault json(const char *body)
{
    return (mock_fault){.status = 200, .body = body};
}

static void expect_json(const okta_descriptor *type, const void *value, const char *expected)
{
    char *text = NULL;
    size_t length;
    assert_null(okta_to_json(type, value, OKTA_JSON_WHOLE, &text, &length));
    assert_string_equal(text, expected);
    assert_int_equal(length, strlen(expected));
    okta_free(text);
}

static void brings_a_list_of_strings(void **state)
{
    static const struct {
        const char *body;
        const char *items[4];
        const char *back; /* NULL: as it came */
    } cases[] = {
        {"[]", {NULL}, NULL},
        {"[\"a\",\"\",\"\\u00e9\"]", {"a", "", "\xC3\xA9"}, "[\"a\",\"\",\"\xC3\xA9\"]"},
        {"[\"a\",null,12,{\"b\":[1.50]}]", {"a", "null", "12", "{\"b\":[1.50]}"}, NULL},
        {"[\"12\",12,12]", {"12", "12", "12"}, NULL},
        {"\"alone\"", {"alone"}, "[\"alone\"]"},
    };
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        okta_call *call = answered(world, &rows_list_versions, json(cases[i].body));
        okta_string_list *list = OKTA_TAKE(call, okta_string_list);
        okta_string_list *copy = NULL;
        okta_free(call);
        assert_non_null(list->items);
        for (size_t k = 0; k < list->count; k++) {
            assert_string_equal(list->items[k], cases[i].items[k]);
        }
        assert_true(list->count == 4 || cases[i].items[list->count] == NULL);
        expect_json(okta_string_list_descriptor(), list,
                    cases[i].back == NULL ? cases[i].body : cases[i].back);
        assert_null(okta_copy(okta_string_list_descriptor(), list, &copy));
        okta_free(list);
        expect_json(okta_string_list_descriptor(), copy,
                    cases[i].back == NULL ? cases[i].body : cases[i].back);
        okta_free(copy);
    }
}

static void brings_free_form_json(void **state)
{
    static const char *const bodies[] = {"{\"b\":[1.50,null]}", "[]", "\"x\"", "9007199254740993", "null"};
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(bodies); i++) {
        okta_call *call = answered(world, &rows_tell_thing, json(bodies[i]));
        okta_json *value = OKTA_TAKE(call, okta_json);
        okta_free(call);
        assert_string_equal(value->json, bodies[i]);
        expect_json(okta_json_descriptor(), value, bodies[i]);
        okta_free(value);
    }
    okta_call *call = answered(world, &rows_tell_thing, json("\xEF\xBB\xBF [1] \n"));
    okta_json *value = OKTA_TAKE(call, okta_json);
    assert_string_equal(value->json, "[1]");
    okta_free(value);
    okta_free(call);
    api_expect_refusal("damaged", refused(world, &rows_tell_thing, json("{} x")), OKTA_E_OUTCOME_UNKNOWN,
                       "the JSON is not valid");
    api_expect_refusal("empty", refused(world, &rows_list_versions, json("")), OKTA_E_PROTOCOL, "empty");
}

static void brings_bytes_and_their_media_type(void **state)
{
    static const char xml[] = "<?xml version=\"1.0\"?><md:EntityDescriptor/>";
    api_world *world = *state;
    okta_call *call =
        answered(world, &rows_get_metadata,
                 (mock_fault){.status = 200, .body = xml, .content_type = "text/xml; charset=UTF-8"});
    okta_bytes *bytes = OKTA_TAKE(call, okta_bytes);
    okta_free(call);
    assert_string_equal(bytes->media_type, "text/xml; charset=UTF-8");
    assert_int_equal(bytes->length, strlen(xml));
    assert_string_equal(bytes->data, xml);
    okta_free(bytes);
    api_expect_header("XML", world, 0, "Accept", "text/xml");
    /* A compressed text that is cut can be told only where it is JSON. */
    api_expect_header("XML", world, 0, "Accept-Encoding", "identity");
    api_expect_refusal(
        "a page",
        refused(world, &rows_get_metadata,
                (mock_fault){.status = 200, .body = "<html></html>", .content_type = "text/html"}),
        OKTA_E_PROTOCOL, "HTTP 200");
}

static void asks_for_another_media_type_by_choice(void **state)
{
    api_world *world = *state;
    okta_call *call = answered(world, &rows_get_request, json("{\"id\":\"t1\"}"));
    okta_thing *thing = OKTA_TAKE(call, okta_thing);
    assert_string_equal(thing->id, "t1");
    okta_free(thing);
    okta_free(call);
    api_expect_header("JSON", world, 0, "Accept", "application/json");
    api_expect_header("JSON", world, 0, "Accept-Encoding", "gzip");

    api_forget(world);
    api_fault(world, (mock_fault){.status = 200, .body = "MIIC", .content_type = "application/pkcs10"});
    call = oktai_operation_call(world->client, &rows_get_request, thing_id, NULL, NULL);
    okta_call_set_accept(call, "application/pkcs10");
    api_expect_success("PKCS #10", okta_call_run(call));
    okta_bytes *bytes = OKTA_TAKE(call, okta_bytes);
    assert_string_equal(bytes->data, "MIIC");
    assert_string_equal(bytes->media_type, "application/pkcs10");
    okta_free(bytes);
    okta_free(call);
    api_expect_header("PKCS #10", world, 0, "Accept", "application/pkcs10");
}

static void refuses_a_media_type_that_is_not_offered(void **state)
{
    static const oktai_operation *const operations[] = {&rows_get_request, &rows_get_metadata,
                                                        &rows_replace_thing};
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(operations); i++) {
        okta_call *call = oktai_operation_call(world->client, operations[i], thing_id, NULL,
                                               &(okta_thing){.model = OKTA_INIT(okta_thing)});
        okta_call_set_accept(call, "application/xml");
        api_expect_refusal(operations[i]->name, okta_call_run(call), OKTA_E_ARG,
                           "does not answer with application/xml");
        okta_free(call);
    }
    okta_call_set_accept(NULL, "text/xml");
    api_expect_requests("all", world, 0);
}

static void brings_a_result_or_none_as_the_status_tells(void **state)
{
    static const struct {
        mock_fault answer;
        const char *id; /* NULL: no result */
    } cases[] = {
        {{.status = 200, .body = "{\"id\":\"t1\"}"}, "t1"},
        {{.status = 201, .body = "{\"id\":\"t1\"}"}, "t1"},
        {{.status = 201, .body = ""}, NULL},
        {{.status = 204, .body = ""}, NULL},
    };
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        okta_call *call = answered(world, &rows_assign_thing, cases[i].answer);
        okta_thing *thing = OKTA_TAKE(call, okta_thing);
        api_expect_text("the id", "", thing == NULL ? NULL : thing->id, cases[i].id);
        okta_free(thing);
        okta_free(call);
    }
    api_expect_refusal("empty", refused(world, &rows_assign_thing, json("")), OKTA_E_OUTCOME_UNKNOWN,
                       "empty");
    api_expect_refusal("202", refused(world, &rows_assign_thing, (mock_fault){.status = 202, .body = "{}"}),
                       OKTA_E_OUTCOME_UNKNOWN, "HTTP 202");
}

/* Real orgs send 200 where 201 is described, and 201 for 200. Anybody can send an empty answer, or JSON with
 * nothing of the result in it. */
static void takes_a_success_for_another_where_the_answer_fits(void **state)
{
    static const char thing[] = "{\"id\":\"t1\"}";
    const okta_thing body = {.model = OKTA_INIT(okta_thing), .name = "n"};
    oktai_operation pause = rows_switch_thing;
    pause.statuses = OKTAI_STATUS_200;
    const okta_bytes bytes = {.model = OKTA_INIT(okta_bytes), .data = "x", .length = 1};
    const struct {
        const char *name;
        const oktai_operation *operation;
        const void *body;
        unsigned http_status;
        const char *answer;
        okta_status status;
    } cases[] = {
        {"a read", &rows_get_request, NULL, 201, thing, OKTA_OK},
        {"a replacement", &rows_replace_thing, &body, 201, thing, OKTA_OK},
        {"an action", &rows_publish_thing, &bytes, 200, thing, OKTA_OK},
        {"a list", &rows_list_things, NULL, 201, "[{\"id\":\"t1\"}]", OKTA_OK},
        {"a list of one", &rows_list_things, NULL, 201, thing, OKTA_OK},
        {"a change of state", &pause, NULL, 204, "", OKTA_OK},
        {"a change of state by a 201", &pause, NULL, 201, "", OKTA_E_OUTCOME_UNKNOWN},
        {"another object", &rows_publish_thing, &bytes, 200, "{\"ok\":true}", OKTA_E_OUTCOME_UNKNOWN},
        {"an empty object", &rows_replace_thing, &body, 201, "{}", OKTA_E_OUTCOME_UNKNOWN},
        {"links alone", &rows_replace_thing, &body, 201, "{\"_links\":{}}", OKTA_E_OUTCOME_UNKNOWN},
        {"a list for an object", &rows_replace_thing, &body, 201, "[]", OKTA_E_OUTCOME_UNKNOWN},
        {"no JSON", &rows_replace_thing, &body, 201, "{\"id\":", OKTA_E_OUTCOME_UNKNOWN},
        {"nothing", &rows_replace_thing, &body, 201, "", OKTA_E_OUTCOME_UNKNOWN},
        {"a text", &rows_get_request, NULL, 201, "\"t1\"", OKTA_E_PROTOCOL},
        {"accepted", &rows_replace_thing, &body, 202, thing, OKTA_E_OUTCOME_UNKNOWN},
        {"another author", &rows_get_request, NULL, 203, thing, OKTA_E_PROTOCOL},
        {"no content", &rows_replace_thing, &body, 204, "", OKTA_E_OUTCOME_UNKNOWN},
        {"free-form JSON", &rows_tell_thing, NULL, 201, thing, OKTA_E_OUTCOME_UNKNOWN},
        {"no result is due", &rows_delete_thing, NULL, 200, "{}", OKTA_E_OUTCOME_UNKNOWN},
    };
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        api_forget(world);
        api_fault(world, (mock_fault){.status = cases[i].http_status, .body = cases[i].answer});
        okta_call *call =
            oktai_operation_call(world->client, cases[i].operation, thing_id, NULL, cases[i].body);
        okta_error *error = okta_call_run(call);
        api_expect_number(cases[i].name, "status", okta_error_status(error), cases[i].status);
        if (error == NULL && cases[i].answer[0] != '\0') {
            api_expect_text(cases[i].name, "the body", okta_call_body(call, NULL), cases[i].answer);
        }
        okta_free(error);
        okta_free(call);
        api_expect_requests(cases[i].name, world, 1);
    }
}

static void takes_any_success_where_none_is_described(void **state)
{
    static const mock_fault answers[] = {
        {.status = 200, .body = ""}, {.status = 200, .body = "{}"}, {.status = 201, .body = "{\"a\":1}"},
        {.status = 202, .body = ""}, {.status = 204, .body = ""},   {.status = 299, .body = ""},
    };
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(answers); i++) {
        api_forget(world);
        api_fault(world, answers[i]);
        api_expect_success("success",
                           oktai_operation_run(world->client, &rows_kick_thing, thing_id, NULL, NULL, NULL));
    }
    api_fault(world, (mock_fault){.status = 302, .headers = (const char *const[]){"Location: /", NULL}});
    api_expect_refusal("a redirect",
                       oktai_operation_run(world->client, &rows_kick_thing, thing_id, NULL, NULL, NULL),
                       OKTA_E_PROTOCOL, "302");
}

/* Okta's descriptions turned results from objects into lists and back. */
static void takes_one_object_for_a_list_of_one_and_no_list_for_an_object(void **state)
{
    api_world *world = *state;
    okta_call *call = answered(world, &rows_list_things, json("{\"newer\":1,\"id\":\"t1\"}"));
    okta_thing_list *list = OKTA_TAKE(call, okta_thing_list);
    okta_free(call);
    assert_int_equal(list->count, 1);
    assert_string_equal(list->items[0]->id, "t1");
    assert_string_equal(okta_extra(list->items[0], "newer"), "1");
    expect_json(okta_thing_list_descriptor(), list, "[{\"id\":\"t1\",\"newer\":1}]");
    okta_free(list);
    api_expect_refusal("another object", refused(world, &rows_list_things, json("{\"status\":\"up\"}")),
                       OKTA_E_PROTOCOL, "the JSON is no Thing list");
    api_expect_refusal("an array", refused(world, &rows_get_request, json("[{\"id\":\"t1\"}]")),
                       OKTA_E_PROTOCOL, "the JSON is an array, not an object: it is no Thing");
    api_expect_refusal("damaged", refused(world, &rows_get_request, json("[{\"id\":\"t1\"}")),
                       OKTA_E_PROTOCOL, "the JSON is not valid");
}

#define TO "https://app.example.com/cb?code=a%20b#x"

static void brings_where_a_redirect_leads_and_does_not_follow(void **state)
{
    static const char *const headers[] = {"Location: " TO, NULL};
    static const unsigned statuses[] = {200, 204, 301, 302, 303, 307, 308};
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(statuses); i++) {
        okta_call *call = answered(world, &rows_authorize,
                                   (mock_fault){.status = statuses[i],
                                                .headers = headers,
                                                .body = statuses[i] == 204 ? "" : "<html>moved</html>",
                                                .content_type = "text/html"});
        okta_location *location = OKTA_TAKE(call, okta_location);
        assert_string_equal(location->url, TO);
        okta_free(location);
        okta_free(call);
        api_expect_requests("a redirect", world, 1);
        api_expect_header("a redirect", world, 0, "Authorization", NULL);
    }
    okta_call *call = answered(world, &rows_authorize, (mock_fault){.status = 200, .body = ""});
    okta_location *location = OKTA_TAKE(call, okta_location);
    assert_null(location->url);
    okta_free(location);
    okta_free(call);
    api_expect_refusal("304", refused(world, &rows_authorize, (mock_fault){.status = 304}), OKTA_E_PROTOCOL,
                       "");
    api_expect_refusal("400", refused(world, &rows_authorize, (mock_fault){.status = 400}), OKTA_E_INVALID,
                       "");
}

static void refuses_json_of_what_is_none(void **state)
{
    const okta_bytes bytes = {.model = OKTA_INIT(okta_bytes), .data = "x", .length = 1};
    const okta_location location = {.model = OKTA_INIT(okta_location)};
    const struct {
        const okta_descriptor *type;
        const void *value;
        const char *part;
    } cases[] = {{okta_bytes_descriptor(), &bytes, "okta_bytes is no JSON"},
                 {okta_location_descriptor(), &location, "okta_location is no JSON"}};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char *text = NULL;
        void *copy = NULL;
        api_expect_refusal("to", okta_to_json(cases[i].type, cases[i].value, OKTA_JSON_WHOLE, &text, NULL),
                           OKTA_E_ARG, cases[i].part);
        api_expect_refusal("copy", okta_copy(cases[i].type, cases[i].value, &copy), OKTA_E_ARG,
                           cases[i].part);
        api_expect_refusal("from", okta_from_json(cases[i].type, "{}", 2, &copy), OKTA_E_ARG, cases[i].part);
        assert_null(text);
        assert_null(copy);
    }
}

static void refuses_values_that_are_none(void **state)
{
    static const char *null_item[] = {NULL};
    static const char *bad_item[] = {"\xff"};
    const okta_string_list lists[] = {
        {.model = OKTA_INIT(okta_string_list), .items = null_item, .count = 1},
        {.model = OKTA_INIT(okta_string_list), .items = bad_item, .count = 1},
        {.items = NULL},
    };
    const okta_json values[] = {
        {.model = OKTA_INIT(okta_json)}, {.model = OKTA_INIT(okta_json), .json = "{"}, {.json = "{}"}};
    char *text = NULL;
    (void)state;
    for (size_t i = 0; i < COUNT(lists); i++) {
        api_expect_refusal(
            "a list", okta_to_json(okta_string_list_descriptor(), &lists[i], OKTA_JSON_WHOLE, &text, NULL),
            OKTA_E_ARG, "okta_string_list");
    }
    for (size_t i = 0; i < COUNT(values); i++) {
        api_expect_refusal("JSON",
                           okta_to_json(okta_json_descriptor(), &values[i], OKTA_JSON_WHOLE, &text, NULL),
                           OKTA_E_ARG, "okta_json");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(brings_a_list_of_strings, api_world_setup, api_world_teardown),
        cmocka_unit_test_setup_teardown(brings_free_form_json, api_world_setup, api_world_teardown),
        cmocka_unit_test_setup_teardown(brings_bytes_and_their_media_type, api_world_setup,
                                        api_world_teardown),
        cmocka_unit_test_setup_teardown(asks_for_another_media_type_by_choice, api_world_setup,
                                        api_world_teardown),
        cmocka_unit_test_setup_teardown(refuses_a_media_type_that_is_not_offered, api_world_setup,
                                        api_world_teardown),
        cmocka_unit_test_setup_teardown(brings_a_result_or_none_as_the_status_tells, api_world_setup,
                                        api_world_teardown),
        cmocka_unit_test_setup_teardown(takes_one_object_for_a_list_of_one_and_no_list_for_an_object,
                                        api_world_setup, api_world_teardown),
        cmocka_unit_test_setup_teardown(takes_a_success_for_another_where_the_answer_fits, api_world_setup,
                                        api_world_teardown),
        cmocka_unit_test_setup_teardown(takes_any_success_where_none_is_described, api_world_setup,
                                        api_world_teardown),
        cmocka_unit_test_setup_teardown(brings_where_a_redirect_leads_and_does_not_follow, api_world_setup,
                                        api_world_teardown),
        cmocka_unit_test(refuses_json_of_what_is_none),
        cmocka_unit_test(refuses_values_that_are_none),
    };
    return cmocka_run_group_tests_name("values", tests, NULL, NULL);
}
