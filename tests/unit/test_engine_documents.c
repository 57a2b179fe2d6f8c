/* SPDX-License-Identifier: Apache-2.0 */
/* Decoding documents: what is refused as a whole, lists, and whose the memory is. */
#include "json/engine.h"

#include <stdio.h>
#include <string.h>

#include "unit/json_models.h"

static void only_an_object_is_an_object(void **state)
{
    (void)state;
    static const char *const documents[] = {"[]", "[{}]", "null", "true", "1",       "\"{}\"",
                                            "",   " ",    "{",    "{}x",  "{\"a\":}"};
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++) {
        assert_int_equal(decode_status(&everything_model, documents[i], strlen(documents[i])),
                         OKTA_E_PROTOCOL);
    }
    assert_int_equal(decode_status(&everything_model, "{}\0", 3), OKTA_E_PROTOCOL);
    assert_int_equal(decode_status(&everything_model, "{\"text\":\"a\0b\"}", 14), OKTA_E_PROTOCOL);
}

static void damage_anywhere_fails_the_document(void **state)
{
    (void)state;
    static const char *const documents[] = {
        "{\"zz\":01}",
        "{\"zz\":{\"a\":[1,]}}",
        "{\"zz\":\"\xff\"}",
        "{\"\xff\":1}",
        "{\"text\":\"\\ud800\"}",
        "{\"text\":\"\\u0000\"}",
        "{\"zz\":\"\\u0000\"}",
        "{\"any\":[\"\\u0000\"]}",
        "{\"text\":5,}",
        "{\"text\":[tru]}",
        "{\"child\":[nul]}",
        "{\"children\":[{\"text\":\"a\"]}",
        "{\"children\":[1 2]}",
        "{\"colors\":[\"RED\" \"RED\"]}",
        "{\"names\":[\"\xc0\x80\"]}",
        "{\"number\":1.}",
        "{\"number\":1e}",
        "{\"flag\":falsey}",
        "{\"text\":\"1\",\"text\":\"\x01\"}",
        "{\"text\":\"1\"}}",
    };
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++) {
        if (decode_status(&everything_model, documents[i], strlen(documents[i])) != OKTA_E_PROTOCOL) {
            fail_msg("accepted: %s", documents[i]);
        }
    }
}

/* The byte is where the value is due, whatever kind of row it is due for. */
static void a_missing_value_is_told_with_its_place(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        const char *says;
    } cases[] = {
        {"{\"zz\": }", "a value is expected at byte 7"},
        {"{\"text\": }", "a value is expected at byte 9"},
        {"{\"size\": }", "a value is expected at byte 9"},
        {"{\"any\":  ,\"text\":1}", "a value is expected at byte 9"},
        {"{\"names\":[\"a\", x]}", "a value is expected at byte 15"},
        {"{\"colors\":[\"RED\", ]}", "a comma stands before a closing bracket at byte 18"},
        {"{\"child\":{\"text\": x}}", "a value is expected at byte 18"},
        {"{\"text\":", "the text ends early at byte 8"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        oktai_buffer body = {0};
        void *out = NULL;
        append_times(&body, cases[i].json, 1);
        okta_error *error = oktai_engine_decode(&everything_model, &body, NULL, &out, NULL);
        assert_int_equal(okta_error_status(error), OKTA_E_PROTOCOL);
        if (strstr(okta_error_message(error), cases[i].says) == NULL) {
            fail_msg("%s: %s", cases[i].json, okta_error_message(error));
        }
        assert_null(out);
        okta_free(error);
        oktai_buffer_clear(&body);
    }
}

static void every_proper_prefix_is_refused(void **state)
{
    (void)state;
    const char *json =
        "{\"key\":\"k\",\"children\":[{\"text\":\"\\u00fc\",\"number\":1.5},7],\"colors\":[\"PINK\"],"
        "\"real\":-1.5e3,\"zz\":{\"a\":[null,true]},\"flag\":false,\"names\":[\"\xc3\xbc\"]}";
    size_t length = strlen(json);
    assert_int_equal(decode_status(&everything_model, json, length), OKTA_OK);
    for (size_t cut = 0; cut < length; cut++) {
        assert_int_equal(decode_status(&everything_model, json, cut), OKTA_E_PROTOCOL);
    }
}

static void null_arguments_are_refused(void **state)
{
    (void)state;
    everything *all = NULL;
    assert_int_equal(decode_status(NULL, "{}", 2), OKTA_E_ARG);
    assert_int_equal(take_status(okta_from_json(&everything_model, NULL, 0, &all)), OKTA_E_ARG);
    assert_int_equal(take_status(okta_from_json(&everything_model, NULL, 2, &all)), OKTA_E_ARG);
    assert_int_equal(take_status(okta_from_json(&everything_model, "{}", 2, NULL)), OKTA_E_ARG);
    assert_null(all);
}

static void messages_do_not_repeat_the_document(void **state)
{
    (void)state;
    static const char *const documents[] = {
        "{\"password\":\"hunter2\",\"zz\":01}",
        "{\"password\":\"hunter2",
        "{\"password\":\"hunter2\\x\"}",
        "[\"hunter2\"]",
        "\"hunter2\"",
        "{\"hunter2\":1",
        "{\"key\":\"hunter2\",\"key\":\"hunter2\"}",
        "hunter2",
    };
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++) {
        everything *all = NULL;
        okta_error *error = okta_from_json(&everything_model, documents[i], strlen(documents[i]), &all);
        assert_int_equal(okta_error_status(error), OKTA_E_PROTOCOL);
        assert_true(strlen(okta_error_message(error)) > 0);
        assert_null(strstr(okta_error_message(error), "hunter2"));
        okta_free(error);
    }
}

static void the_body_goes_to_the_root_only_when_decoded(void **state)
{
    (void)state;
    oktai_buffer body = {0};
    void *out = NULL;
    append_times(&body, "{\"text\":\"a\",\"key\":1,\"key\":2}", 1);
    char *data = body.data;
    assert_int_equal(take_status(oktai_engine_decode(&everything_model, &body, NULL, &out, NULL)),
                     OKTA_E_PROTOCOL);
    assert_null(out);
    assert_ptr_equal(body.data, data);
    assert_string_equal(body.data, "{\"text\":\"a\",\"key\":1,\"key\":2}");
    oktai_buffer_reset(&body);
    append_times(&body, "{\"text\":\"a\\u0062\",\"zz\":[1]}", 1);
    assert_success(oktai_engine_decode(&everything_model, &body, NULL, &out, NULL));
    assert_null(body.data);
    assert_int_equal(body.length, 0);
    oktai_buffer_clear(&body);
    everything *all = out;
    assert_string_equal(all->text, "ab");
    assert_source(all, "{\"text\":\"a\\u0062\",\"zz\":[1]}");
    okta_free(all);
}

/* A clock on which each look takes a millisecond. */
typedef struct counting_clock {
    oktai_clock clock; /* first: it is handed back */
    int64_t looks;
} counting_clock;

static int64_t count_look(const oktai_clock *clock)
{
    counting_clock *self = (counting_clock *)(uintptr_t)clock;
    return self->looks++;
}

/* Each of these has a good 20,000 members or elements. */
static const struct {
    const char *begin;
    const char *entry;
    const char *end;
} long_documents[] = {
    {"{\"zz\":[0", ",1", "]}"},    {"{\"zz\":{\"a\":0", ",\"a\":1", "}}"},
    {"{\"b\":0", ",\"a\":1", "}"}, {"{\"names\":[\"\"", ",\"a\"", "]}"},
    {"{\"text\":[0", ",1", "]}"},  {"{\"children\":[{}", ",{}", "]}"},
};

#define LONG_DOCUMENTS (sizeof long_documents / sizeof long_documents[0])

static void append_long(oktai_buffer *out, size_t i)
{
    append_times(out, long_documents[i].begin, 1);
    append_times(out, long_documents[i].entry, 20000);
    append_times(out, long_documents[i].end, 1);
}

static void a_watch_ends_the_decoding_of_a_long_document(void **state)
{
    (void)state;
    static const struct {
        int64_t deadline_ms;
        bool canceled;
        okta_status status;
    } cases[] = {
        {0, false, OKTA_E_TIMEOUT},    {3, false, OKTA_E_TIMEOUT}, {2, false, OKTA_E_TIMEOUT},
        {1000, true, OKTA_E_CANCELED}, {0, true, OKTA_E_CANCELED}, {1000, false, OKTA_OK},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0] * LONG_DOCUMENTS; i++) {
        const size_t at = i / LONG_DOCUMENTS;
        counting_clock clock = {.clock = {.now_ms = count_look}};
        atomic_bool canceled = cases[at].canceled;
        const oktai_watch watch = {&clock.clock, cases[at].deadline_ms, &canceled};
        oktai_buffer body = {0};
        void *out = NULL;
        append_long(&body, i % LONG_DOCUMENTS);
        assert_int_equal(take_status(oktai_engine_check(body.data, body.length, &watch)), cases[at].status);
        clock.looks = 0;
        assert_int_equal(take_status(oktai_engine_decode(&everything_model, &body, &watch, &out, NULL)),
                         cases[at].status);
        if (cases[at].status == OKTA_OK) {
            assert_in_range(clock.looks, 20000 / 4096, 2 * 20000 / 4096);
        } else {
            assert_int_equal(clock.looks, cases[at].canceled ? 0 : cases[at].deadline_ms + 1);
        }
        assert_true((out != NULL) == (cases[at].status == OKTA_OK));
        assert_true((body.data == NULL) == (cases[at].status == OKTA_OK));
        okta_free(out);
        oktai_buffer_clear(&body);
    }
}

/* What is read in a moment is read, however late it came. */
static void a_watch_does_not_end_the_decoding_of_a_short_document(void **state)
{
    (void)state;
    counting_clock clock = {.clock = {.now_ms = count_look}};
    atomic_bool canceled = true;
    const oktai_watch watch = {&clock.clock, 0, &canceled};
    oktai_buffer body = {0};
    void *out = NULL;
    append_times(&body, "{\"zz\":[0", 1);
    append_times(&body, ",1", 4000);
    append_times(&body, "]}", 1);
    assert_success(oktai_engine_check(body.data, body.length, &watch));
    assert_success(oktai_engine_decode(&everything_model, &body, &watch, &out, NULL));
    assert_int_equal(clock.looks, 0);
    okta_free(out);
}

static void an_empty_body_is_refused(void **state)
{
    (void)state;
    oktai_buffer body = {0};
    void *out = NULL;
    assert_int_equal(take_status(oktai_engine_decode(&everything_model, &body, NULL, &out, NULL)),
                     OKTA_E_PROTOCOL);
    assert_null(out);
    assert_true(oktai_buffer_reserve(&body, 10));
    assert_int_equal(take_status(oktai_engine_decode(&everything_list_model, &body, NULL, &out, NULL)),
                     OKTA_E_PROTOCOL);
    assert_null(out);
    oktai_buffer_clear(&body);
}

static void the_report_counts_what_was_set_aside(void **state)
{
    (void)state;
    static const struct {
        const char *json;
        size_t set_aside;
        const char *first;
    } cases[] = {
        {"{}", 0, NULL},
        {"{\"zz\":1,\"text\":null,\"color\":\"PINK\",\"colors\":[\"PINK\"]}", 0, NULL},
        {"{\"zz\":1,\"number\":1.5,\"text\":1}", 2, "number"},
        {"{\"child\":{\"flag\":1},\"children\":[{\"names\":{}}],\"real\":\"\"}", 3, "flag"},
        {"{\"child\":{\"key\":1,\"key\":2}}", 1, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        oktai_buffer body = {0};
        void *out = NULL;
        oktai_decode_report report = {0};
        append_times(&body, cases[i].json, 1);
        assert_success(oktai_engine_decode(&everything_model, &body, NULL, &out, &report));
        if (i + 1 < sizeof cases / sizeof cases[0]) {
            assert_int_equal(report.set_aside, cases[i].set_aside);
            if (cases[i].first == NULL) {
                assert_null(report.first_name);
            } else {
                assert_string_equal(report.first_name, cases[i].first);
            }
        } else {
            assert_true(report.set_aside >= 1);
            assert_non_null(report.first_name);
        }
        okta_free(out);
    }
}

static void sixty_four_levels_of_models_are_decoded(void **state)
{
    (void)state;
    for (size_t levels = 63; levels <= 65; levels++) {
        oktai_buffer json = {0};
        append_times(&json, "{\"child\":", levels - 1);
        append_times(&json, "{\"text\":\"deep\"}", 1);
        append_times(&json, "}", levels - 1);
        assert_int_equal(decode_status(&everything_model, json.data, json.length),
                         levels <= 64 ? OKTA_OK : OKTA_E_PROTOCOL);
        oktai_buffer_clear(&json);
    }
}

static void lists_are_found_in_every_shape(void **state)
{
    (void)state;
    static const char *const documents[] = {
        "[{\"key\":\"a\"},{\"key\":\"b\"}]",
        "{\"items\":[{\"key\":\"a\"},{\"key\":\"b\"}]}",
        "{\"page\":{\"items\":[{\"key\":\"a\"},{\"key\":\"b\"}]}}",
        "{\"items\":{\"page\":[{\"key\":\"a\"},{\"key\":\"b\"}]}}",
        "{\"page\":{\"page\":{\"items\":[{\"key\":\"a\"},{\"key\":\"b\"}]}}}",
        "{\"total\":2,\"items\":[{\"key\":\"a\"},{\"key\":\"b\"}],\"next\":{\"items\":[1]}}",
        "{\"page\":{\"n\":[],\"items\":[{\"key\":\"a\"},{\"key\":\"b\"}],\"m\":null},\"o\":1}",
        "{\"it\\u0065ms\":[{\"key\":\"a\"},{\"key\":\"b\"}]}",
        "{\"page\":null,\"items\":[{\"key\":\"a\"},{\"key\":\"b\"}]}",
        "{\"page\":{\"n\":1},\"items\":[{\"key\":\"a\"},{\"key\":\"b\"}]}",
        "{\"items\":[{\"key\":\"a\"},{\"key\":\"b\"}],\"items\":[{\"key\":\"c\"}],\"page\":[]}",
        "\xef\xbb\xbf [ {\"key\":\"a\"} , {\"key\":\"b\"} ] ",
    };
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++) {
        everything_list *list = decode(&everything_list_model, documents[i]);
        assert_int_equal(list->model.struct_size, sizeof *list);
        assert_ptr_equal(list->model.type, &everything_list_model);
        assert_int_equal(list->count, 2);
        assert_string_equal(list->items[0]->key, "a");
        assert_string_equal(list->items[1]->key, "b");
        assert_source(list->items[1], "{\"key\":\"b\"}");
        assert_encodes(&everything_list_model, list, OKTA_JSON_WHOLE, "[{\"key\":\"a\"},{\"key\":\"b\"}]");
        okta_free(list);
    }
}

static void what_is_no_list_is_refused(void **state)
{
    (void)state;
    static const char *const documents[] = {
        "{}",
        "null",
        "1",
        "\"\"",
        "true",
        "",
        "{\"items\":null}",
        "{\"items\":{}}",
        "{\"items\":\"[]\"}",
        "{\"Items\":[]}",
        "{\"other\":[]}",
        "{\"other\":{\"items\":[]}}",
        "{\"page\":{\"other\":[]}}",
        "[",
        "[{}",
        "[{},]",
        "[]]",
        "{\"items\":[]",
        "{\"items\":[}",
        "[1 2]",
        "{\"items\":[],\"x\":01}",
    };
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++) {
        if (decode_status(&everything_list_model, documents[i], strlen(documents[i])) != OKTA_E_PROTOCOL) {
            fail_msg("accepted: %s", documents[i]);
        }
    }
}

static void an_empty_list_is_not_null(void **state)
{
    (void)state;
    static const char *const documents[] = {"[]", " [ ] ", "{\"items\":[]}", "{\"page\":{\"items\":[]}}"};
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++) {
        everything_list *list = decode(&everything_list_model, documents[i]);
        assert_non_null(list->items);
        assert_int_equal(list->count, 0);
        assert_encodes(&everything_list_model, list, OKTA_JSON_REQUEST, "[]");
        okta_free(list);
    }
}

/* Elements that are no objects, and objects that are refused, show nothing and keep their text. */
static void one_bad_element_never_fails_a_list(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "1.10",
        "\"a\\u0041\"",
        "null",
        "[ 1 ]",
        "true",
        "[]",
        "-0",
        "[{\"key\":\"a\"}]",
        "1e999",
        "{\"key\":\"a\", \"key\":\"b\"}",
        "{\"id\":null,\"id\":null}",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char json[128], child[160];
        snprintf(json, sizeof json, "[{\"key\":\"a\"},%s,%s,{\"key\":\"b\"}]", bad[i], bad[i]);
        everything_list *list = decode(&everything_list_model, json);
        assert_int_equal(list->count, 4);
        assert_string_equal(list->items[0]->key, "a");
        assert_null(list->items[1]->key);
        assert_null(list->items[1]->id);
        assert_int_equal(list->items[1]->model.extra_count, 0);
        assert_source(list->items[1], bad[i]);
        assert_source(list->items[2], bad[i]);
        assert_string_equal(list->items[3]->key, "b");
        assert_encodes(&everything_list_model, list, OKTA_JSON_WHOLE, json);
        okta_free(list);
        snprintf(child, sizeof child, "{\"children\":%s}", json);
        everything *all = decode_everything(child);
        assert_int_equal(all->children_count, 4);
        assert_source(all->children[2], bad[i]);
        assert_string_equal(all->children[3]->key, "b");
        assert_encodes(&everything_model, all, OKTA_JSON_WHOLE, child);
        okta_free(all);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_an_object_is_an_object),
        cmocka_unit_test(damage_anywhere_fails_the_document),
        cmocka_unit_test(a_missing_value_is_told_with_its_place),
        cmocka_unit_test(every_proper_prefix_is_refused),
        cmocka_unit_test(null_arguments_are_refused),
        cmocka_unit_test(messages_do_not_repeat_the_document),
        cmocka_unit_test(the_body_goes_to_the_root_only_when_decoded),
        cmocka_unit_test(a_watch_ends_the_decoding_of_a_long_document),
        cmocka_unit_test(a_watch_does_not_end_the_decoding_of_a_short_document),
        cmocka_unit_test(an_empty_body_is_refused),
        cmocka_unit_test(the_report_counts_what_was_set_aside),
        cmocka_unit_test(sixty_four_levels_of_models_are_decoded),
        cmocka_unit_test(lists_are_found_in_every_shape),
        cmocka_unit_test(what_is_no_list_is_refused),
        cmocka_unit_test(an_empty_list_is_not_null),
        cmocka_unit_test(one_bad_element_never_fails_a_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
