/* SPDX-License-Identifier: Apache-2.0 */
/* `_links`: one link or several under a name, found by name, and written as they came. */
#include <string.h>

#include "okta/links.h"
#include "unit/allocations.h"
#include "unit/json_models.h"

static okta_links *decode_links(const char *json)
{
    return decode(okta_links_descriptor(), json);
}

static void links_are_found_by_name_and_number(void **state)
{
    (void)state;
    const char *json = "{\"self\":{\"href\":\"https://a/1\"},"
                       "\"logo\":[{\"href\":\"https://a/2\",\"name\":\"medium\",\"type\":\"image/png\"},"
                       "{\"href\":\"https://a/3\"}],"
                       "\"delete\":{\"href\":\"https://a/4\",\"hints\":{\"allow\":[\"DELETE\",\"QUERY\"]}}}";
    okta_links *links = decode_links(json);
    assert_int_equal(links->entries_count, 3);
    assert_string_equal(links->entries[1].name, "logo");
    assert_int_equal(links->entries[1].count, 2);
    assert_string_equal(okta_links_find(links, "self", 0)->href, "https://a/1");
    assert_null(okta_links_find(links, "self", 1));
    assert_string_equal(okta_links_find(links, "logo", 0)->name, "medium");
    assert_string_equal(okta_links_find(links, "logo", 0)->type, "image/png");
    assert_string_equal(okta_links_find(links, "logo", 1)->href, "https://a/3");
    assert_null(okta_links_find(links, "logo", 2));
    const okta_link *remove = okta_links_find(links, "delete", 0);
    assert_int_equal(remove->hints->allow_count, 2);
    assert_string_equal(remove->hints->allow[1], "QUERY");
    assert_null(okta_links_find(links, "Self", 0));
    assert_null(okta_links_find(links, "", 0));
    assert_null(okta_links_find(links, NULL, 0));
    assert_null(okta_links_find(NULL, "self", 0));
    assert_encodes(okta_links_descriptor(), links, OKTA_JSON_WHOLE, json);
    assert_encodes(okta_links_descriptor(), links, OKTA_JSON_REQUEST, json);
    assert_encodes(okta_links_descriptor(), links, OKTA_JSON_REDACTED, json);
    okta_free(links);
}

static void a_link_shows_all_its_members(void **state)
{
    (void)state;
    const char *json =
        "{\"type\":{\"href\":\"h\",\"hints\":{\"allow\":[\"GET\"],\"g\":1},\"method\":\"get\",\"name\":\"n\","
        "\"type\":\"t\",\"rel\":\"r\",\"templated\":true,\"title\":\"T\",\"more\":\"m\"}}";
    okta_links *links = decode_links(json);
    const okta_link *link = okta_links_find(links, "type", 0);
    assert_string_equal(link->href, "h");
    assert_string_equal(link->method, "get");
    assert_string_equal(link->name, "n");
    assert_string_equal(link->type, "t");
    assert_string_equal(link->rel, "r");
    assert_string_equal(link->title, "T");
    assert_true(link->templated.has && link->templated.value);
    assert_string_equal(okta_extra(link, "more"), "\"m\"");
    assert_string_equal(okta_extra(link->hints, "g"), "1");
    assert_encodes(okta_links_descriptor(), links, OKTA_JSON_WHOLE, json);
    okta_free(links);
}

/* One link in an array stays in an array, and a repeated name stays repeated. */
static void all_comes_back_as_it_was(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        size_t entries, extras;
    } cases[] = {
        {"{}", 0, 0},
        {"{\"a\":[]}", 1, 0},
        {"{\"a\":[{}]}", 1, 0},
        {"{\"a\":{}}", 1, 0},
        {"{\"a\":{\"href\":\"1\"},\"a\":[{\"href\":\"2\"}]}", 2, 0},
        {"{\"a\":{\"href\":5},\"\\n\":{\"href\":null}}", 2, 0},
        {"{\"a\":null}", 0, 1},
        {"{\"a\":\"https://a\"}", 0, 1},
        {"{\"a\":[\"https://a\"]}", 0, 1},
        {"{\"a\":[{\"href\":\"1\"}, null]}", 0, 1},
        {"{\"a\":[[{\"href\":\"1\"}]]}", 0, 1},
        {"{\"a\":1.10}", 0, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        okta_links *links = decode_links(cases[i].json);
        assert_non_null(links->entries);
        assert_int_equal(links->entries_count, cases[i].entries);
        assert_int_equal(links->model.extra_count, cases[i].extras);
        assert_encodes(okta_links_descriptor(), links, OKTA_JSON_WHOLE, cases[i].json);
        okta_links *copy = NULL;
        assert_success(okta_copy(okta_links_descriptor(), links, &copy));
        okta_free(links);
        assert_encodes(okta_links_descriptor(), copy, OKTA_JSON_WHOLE, cases[i].json);
        okta_free(copy);
    }
    okta_links *links = decode_links("{\"a\":{\"href\":\"1\"},\"b\":{},\"a\":[{\"href\":\"2\"}]}");
    assert_string_equal(okta_links_find(links, "a", 0)->href, "1");
    assert_string_equal(okta_links_find(links, "a", 1)->href, "2");
    okta_free(links);
}

static void expect_refusal(const okta_links *links, const char *message)
{
    char *json = NULL;
    okta_error *error = okta_to_json(okta_links_descriptor(), links, OKTA_JSON_REQUEST, &json, NULL);
    assert_int_equal(okta_error_status(error), OKTA_E_ARG);
    assert_string_equal(okta_error_message(error), message);
    okta_free(error);
}

static void a_program_builds_links(void **state)
{
    (void)state;
    okta_link one = {.model = OKTA_INIT(okta_link), .href = "https://a/1"};
    okta_link two = {.model = OKTA_INIT(okta_link), .href = "https://a/2", .templated = okta_bool(false)};
    okta_link *both[] = {&one, &two};
    okta_link_entry entries[] = {
        {.name = "self", .links = both, .count = 1},
        {.name = "all", .links = both, .count = 2},
        {.name = "list", .links = both, .count = 1, .is_array = true},
        {.name = "none", .is_array = true},
    };
    okta_links links = {.model = OKTA_INIT(okta_links), .entries = entries, .entries_count = 4};
    assert_encodes(okta_links_descriptor(), &links, OKTA_JSON_REQUEST,
                   "{\"self\":{\"href\":\"https://a/1\"},\"all\":[{\"href\":\"https://a/1\"},"
                   "{\"href\":\"https://a/2\",\"templated\":false}],\"list\":[{\"href\":\"https://a/1\"}],"
                   "\"none\":[]}");
    both[1] = NULL;
    expect_refusal(&links, "all has an element that is NULL");
    entries[1].links = NULL;
    expect_refusal(&links, "all has no link");
    entries[1] = (okta_link_entry){.name = "all"};
    expect_refusal(&links, "all has no link");
    entries[1].name = NULL;
    expect_refusal(&links, "an entry of links has no name");
    links.model.struct_size = sizeof links.model;
    expect_refusal(&links, "Links is shorter than its members");
    links = (okta_links){.entries = entries};
    assert_int_equal(encode_status(okta_links_descriptor(), &links, OKTA_JSON_WHOLE), OKTA_E_ARG);
}

static void damaged_links_are_refused(void **state)
{
    (void)state;
    const char *json = "{\"a\":[{\"href\":\"1\"},{\"hints\":{\"allow\":[\"GET\"]}}],\"b\":{},\"c\":null}";
    for (size_t cut = 0; cut < strlen(json); cut++) {
        assert_int_equal(decode_status(okta_links_descriptor(), json, cut), OKTA_E_PROTOCOL);
    }
    oktai_buffer deep = {0};
    append_times(&deep, "{\"a\":", 1);
    append_times(&deep, "[", 64);
    append_times(&deep, "]", 64);
    append_times(&deep, "}", 1);
    assert_int_equal(decode_status(okta_links_descriptor(), deep.data, deep.length), OKTA_E_PROTOCOL);
    oktai_buffer_clear(&deep);
}

static void each_allocation_may_fail(void **state)
{
    (void)state;
    oktai_buffer json = {0};
    append_times(&json, "{\"s\\u0065lf\":{\"href\":\"a\\u0062\",\"hints\":{\"allow\":[\"\\u0047ET\"]}}", 1);
    append_times(&json, ",\"logo\":[{\"href\":\"a\"},{}],\"none\":null", 60);
    append_times(&json, "}", 1);
    bool struck = true;
    for (size_t nth = 1; struck; nth++) {
        okta_links *links = NULL;
        allocations_begin(nth, false);
        okta_error *error = okta_from_json(okta_links_descriptor(), json.data, json.length, &links);
        struck = allocations_end();
        assert_int_equal(take_status(error), struck ? OKTA_E_NOMEM : OKTA_OK);
        assert_true(struck == (links == NULL));
        okta_free(links);
    }
    oktai_buffer_clear(&json);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(links_are_found_by_name_and_number), cmocka_unit_test(a_link_shows_all_its_members),
        cmocka_unit_test(all_comes_back_as_it_was),           cmocka_unit_test(a_program_builds_links),
        cmocka_unit_test(damaged_links_are_refused),          cmocka_unit_test(each_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
