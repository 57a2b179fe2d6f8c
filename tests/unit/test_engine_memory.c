/* SPDX-License-Identifier: Apache-2.0 */
/* Lists as wholes: what stands beside the array, and how much memory a document may take. */
#include <string.h>

#include "okta/models/oauth2_client_jwk.h"
#include "unit/json_models.h"

#define MIB (1024u * 1024u)

static void a_copy_keeps_what_stands_beside_the_array(void **state)
{
    (void)state;
    everything_list *list = decode(
        &everything_list_model,
        "{\"next\":\"c\\u0075rsor\",\"page\":{\"n\":[ 1.10 ],\"items\":[{\"key\":\"a\"}],\"after\":null}}");
    everything_list *copy = NULL;
    assert_success(okta_copy(&everything_list_model, list, &copy));
    assert_int_equal(copy->model.extra_count, list->model.extra_count);
    okta_free(list);
    assert_int_equal(copy->model.extra_count, 3);
    assert_string_equal(okta_extra(copy, "next"), "\"c\\u0075rsor\"");
    assert_string_equal(copy->model.extras[0].text, "cursor");
    assert_string_equal(okta_extra(copy, "n"), "[ 1.10 ]");
    assert_null(copy->model.extras[1].text);
    assert_string_equal(okta_extra(copy, "after"), "null");
    assert_int_equal(copy->count, 1);
    assert_string_equal(copy->items[0]->key, "a");
    everything_list *again = NULL;
    assert_success(okta_copy(&everything_list_model, copy, &again));
    okta_free(copy);
    assert_string_equal(okta_extra(again, "next"), "\"c\\u0075rsor\"");
    okta_free(again);
}

static void a_second_wrapper_is_an_extra(void **state)
{
    (void)state;
    everything_list *list =
        decode(&everything_list_model, "{\"items\":[{\"key\":\"a\"}],\"page\":[{\"key\":\"b\"},{}],"
                                       "\"items\":{\"items\":[]}}");
    assert_int_equal(list->count, 1);
    assert_string_equal(list->items[0]->key, "a");
    assert_int_equal(list->model.extra_count, 2);
    assert_string_equal(okta_extra(list, "page"), "[{\"key\":\"b\"},{}]");
    assert_string_equal(okta_extra(list, "items"), "{\"items\":[]}");
    everything_list *copy = NULL;
    assert_success(okta_copy(&everything_list_model, list, &copy));
    okta_free(list);
    assert_int_equal(copy->count, 1);
    assert_string_equal(okta_extra(copy, "page"), "[{\"key\":\"b\"},{}]");
    okta_free(copy);
}

static void an_empty_wrapper_before_the_array_does_not_hide_it(void **state)
{
    (void)state;
    everything_list *list =
        decode(&everything_list_model, "{\"page\":{\"n\":1},\"items\":[{\"key\":\"a\"}]}");
    assert_int_equal(list->count, 1);
    assert_string_equal(okta_extra(list, "n"), "1");
    okta_free(list);
}

static void fill(oktai_buffer *json, const char *open, const char *element, size_t count, const char *close)
{
    oktai_buffer_reset(json);
    append_times(json, open, 1);
    append_times(json, element, count - 1);
    assert_true(oktai_buffer_append(json, element, strlen(element) - 1)); /* without its comma */
    append_times(json, close, 1);
}

/* Elements of two bytes become structs of hundreds. */
static void a_document_that_takes_far_more_than_its_length_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *open;
        const char *element;
        const char *close;
    } cases[] = {
        {"[", "1,", "]"}, {"[", "{},", "]"}, {"[", "[],", "]"}, {"{\"jwks\":{\"keys\":[", "1,", "]}}"}};
    const okta_descriptor *jwks = okta_oauth2_client_jwk_list_descriptor();
    oktai_buffer json = {0};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t count = 4 * MIB / strlen(cases[i].element);
        fill(&json, cases[i].open, cases[i].element, count, cases[i].close);
        void *out = &json;
        okta_error *error = okta_from_json(jwks, json.data, json.length, &out);
        assert_int_equal(okta_error_status(error), OKTA_E_PROTOCOL);
        assert_non_null(strstr(okta_error_message(error), "far more memory"));
        assert_null(out);
        okta_free(error);
    }
    oktai_buffer_clear(&json);
}

static void a_hundred_thousand_small_elements_decode(void **state)
{
    (void)state;
    static const char *const elements[] = {"1,", "{},", "{\"kid\":\"a\"},"};
    oktai_buffer json = {0};
    for (size_t i = 0; i < sizeof elements / sizeof elements[0]; i++) {
        fill(&json, "[", elements[i], 100000, "]");
        okta_oauth2_client_jwk_list *list = decode(okta_oauth2_client_jwk_list_descriptor(), json.data);
        assert_int_equal(list->count, 100000);
        assert_int_equal(list->items[99999]->model.struct_size, sizeof *list->items[0]);
        okta_free(list);
    }
    oktai_buffer_clear(&json);
}

/* White space counts as length, and a copy has none: what was decoded once can be copied all the same. */
static void what_decodes_can_be_copied(void **state)
{
    (void)state;
    oktai_buffer json = {0};
    size_t each = sizeof(everything) + 2 * sizeof(void *);
    size_t count = 80u * MIB / each;
    fill(&json, "[", "1                                                                      ,", count, " ]");
    everything_list *list = decode(&everything_list_model, json.data);
    oktai_buffer_clear(&json);
    everything_list *copy = NULL;
    assert_success(okta_copy(&everything_list_model, list, &copy));
    okta_free(list);
    assert_int_equal(copy->count, count);
    assert_source(copy->items[count - 1], "1");
    okta_free(copy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_copy_keeps_what_stands_beside_the_array),
        cmocka_unit_test(a_second_wrapper_is_an_extra),
        cmocka_unit_test(an_empty_wrapper_before_the_array_does_not_hide_it),
        cmocka_unit_test(a_document_that_takes_far_more_than_its_length_is_refused),
        cmocka_unit_test(a_hundred_thousand_small_elements_decode),
        cmocka_unit_test(what_decodes_can_be_copied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
