/* SPDX-License-Identifier: Apache-2.0 */
/* Every allocation of the JSON layer fails once, alone and with all after it: the answer is out of memory,
 * the outputs are NULL, nothing leaks, and the same call succeeds afterwards. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "okta/cjson.h"
#include "unit/allocations.h"
#include "unit/json_models.h"
#include "json/engine.h"

/* What a sweep works on. */
typedef struct fixture {
    oktai_buffer document;
    everything *model;
    cJSON *tree;
    char *expected; /* the model as JSON */
} fixture;

/* Does the call once. After success `*out` has a JSON text that okta_free() takes, made when memory was there
 * again; after a failure it has NULL. */
typedef okta_error *call_once(const fixture *f, char **out);

static okta_error *text_of(everything *model, char **out)
{
    allocations_begin(0, false);
    *out = encode(&everything_model, model, OKTA_JSON_WHOLE);
    okta_free(model);
    return NULL;
}

static bool struck;

/* Ends the failing part of a call. */
static okta_error *ended(okta_error *error)
{
    struck = allocations_end();
    return error;
}

static okta_error *call_from_json(const fixture *f, char **out)
{
    void *model = &struck;
    okta_error *error =
        ended(okta_from_json(&everything_model, f->document.data, f->document.length, &model));
    if (error != NULL) {
        assert_null(model);
        *out = NULL;
        return error;
    }
    return text_of(model, out);
}

static okta_error *call_to_json(const fixture *f, char **out)
{
    size_t length = 7;
    return ended(okta_to_json(&everything_model, f->model, OKTA_JSON_WHOLE, out, &length));
}

static okta_error *call_copy(const fixture *f, char **out)
{
    void *copy = &struck;
    okta_error *error = ended(okta_copy(&everything_model, f->model, &copy));
    if (error != NULL) {
        assert_null(copy);
        *out = NULL;
        return error;
    }
    return text_of(copy, out);
}

static okta_error *call_redact(const fixture *f, char **out)
{
    return ended(okta_redact_json(&everything_model, f->expected, strlen(f->expected), out, NULL));
}

static okta_error *call_redacted_to_json(const fixture *f, char **out)
{
    return ended(okta_to_json(&everything_model, f->model, OKTA_JSON_REDACTED, out, NULL));
}

static okta_error *text_of_tree(cJSON *tree, char **out)
{
    okta_error *error = okta_cjson_to_json(tree, out, NULL);
    cJSON_Delete(tree);
    return error;
}

static okta_error *call_json_to_cjson(const fixture *f, char **out)
{
    cJSON *tree = f->tree;
    okta_error *error = ended(okta_json_to_cjson(f->expected, strlen(f->expected), &tree));
    if (error != NULL) {
        assert_null(tree);
        *out = NULL;
        return error;
    }
    return text_of_tree(tree, out);
}

static okta_error *call_model_to_cjson(const fixture *f, char **out)
{
    cJSON *tree = f->tree;
    okta_error *error = ended(okta_model_to_cjson(&everything_model, f->model, &tree));
    if (error != NULL) {
        assert_null(tree);
        *out = NULL;
        return error;
    }
    return text_of_tree(tree, out);
}

static okta_error *call_cjson_to_json(const fixture *f, char **out)
{
    size_t length = 7;
    return ended(okta_cjson_to_json(f->tree, out, &length));
}

static okta_error *call_model_from_cjson(const fixture *f, char **out)
{
    void *model = &struck;
    okta_error *error = ended(okta_model_from_cjson(&everything_model, f->tree, &model));
    if (error != NULL) {
        assert_null(model);
        *out = NULL;
        return error;
    }
    return text_of(model, out);
}

/* The nth allocation of the call fails, for every n. Returns how many there were. */
static size_t sweep(const fixture *f, call_once *call, bool lasting)
{
    char *expected = NULL;
    allocations_begin(0, false);
    assert_success(call(f, &expected));
    assert_non_null(expected);
    struck = true;
    size_t nth = 0;
    while (struck) {
        char untouched = 0;
        char *out = &untouched;
        allocations_begin(++nth, lasting);
        okta_error *error = call(f, &out);
        if (error == NULL) {
            assert_string_equal(out, expected);
            okta_free(out);
        } else {
            assert_true(struck);
            assert_int_equal(okta_error_status(error), OKTA_E_NOMEM);
            assert_null(out);
            okta_free(error);
        }
    }
    okta_free(expected);
    return nth - 1;
}

static void sweep_both(void **state, call_once *call, size_t fewest)
{
    const fixture *f = *state;
    size_t once = sweep(f, call, false);
    size_t lasting = sweep(f, call, true);
    assert_true(once >= fewest);
    assert_true(lasting >= fewest);
}

static void from_json_survives(void **state)
{
    sweep_both(state, call_from_json, 3);
}

static void to_json_survives(void **state)
{
    sweep_both(state, call_to_json, 2);
}

static void copy_survives(void **state)
{
    /* A pointer of half the size leaves more room in the first block. */
    sweep_both(state, call_copy, sizeof(void *) == 8 ? 4 : 3);
}

static void redact_json_survives(void **state)
{
    sweep_both(state, call_redact, 3);
}

static void redacted_to_json_survives(void **state)
{
    sweep_both(state, call_redacted_to_json, 3);
}

static void json_to_cjson_survives(void **state)
{
    sweep_both(state, call_json_to_cjson, 100);
}

static void model_to_cjson_survives(void **state)
{
    sweep_both(state, call_model_to_cjson, 100);
}

static void cjson_to_json_survives(void **state)
{
    sweep_both(state, call_cjson_to_json, 2);
}

static void model_from_cjson_survives(void **state)
{
    sweep_both(state, call_model_from_cjson, 4);
}

/* What is refused with memory is refused without, or memory is out: never accepted, never a crash. */
static void refusals_survive(void **state)
{
    (void)state;
    static const char *const documents[] = {"{\"key\":1,\"key\":2}", "{\"text\":\"\\u00fc\\n\",\"zz\":01}",
                                            "[]", "{",
                                            "{\"child\":{\"key\":1,\"key\":2},\"names\":[\"a\",5]} x"};
    everything bad[] = {{.model = OKTA_INIT(everything), .text = "a\xff"},
                        {.model = OKTA_INIT(everything), .any = "{"},
                        {.text = "t"}};
    for (size_t i = 0; i < sizeof documents / sizeof documents[0]; i++) {
        struck = true;
        for (size_t nth = 1; struck; nth++) {
            void *out = &struck;
            allocations_begin(nth, nth % 2 == 0);
            okta_error *error =
                ended(okta_from_json(&everything_model, documents[i], strlen(documents[i]), &out));
            okta_status status = take_status(error);
            assert_true(status == OKTA_E_PROTOCOL || (status == OKTA_E_NOMEM && struck));
            assert_null(out);
        }
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struck = true;
        for (size_t nth = 1; struck; nth++) {
            char *out = NULL;
            allocations_begin(nth, nth % 2 == 0);
            okta_status status =
                take_status(ended(okta_to_json(&everything_model, &bad[i], OKTA_JSON_WHOLE, &out, NULL)));
            assert_true(status == OKTA_E_ARG || (status == OKTA_E_NOMEM && struck));
            assert_null(out);
        }
    }
}

static void the_body_stays_with_the_buffer_when_memory_is_out(void **state)
{
    const fixture *f = *state;
    struck = true;
    for (size_t nth = 1; struck; nth++) {
        oktai_buffer body = {0};
        void *out = NULL;
        append_times(&body, f->document.data, 1);
        allocations_begin(nth, false);
        okta_error *error = ended(oktai_engine_decode(&everything_model, &body, NULL, &out, NULL));
        if (error != NULL) {
            assert_int_equal(take_status(error), OKTA_E_NOMEM);
            assert_null(out);
            assert_string_equal(body.data, f->document.data);
        } else {
            assert_null(body.data);
        }
        okta_free(out);
        oktai_buffer_clear(&body);
    }
}

/* cJSON is its own library: only its hooks bring its memory here. */
static void *malloc_for_cjson(size_t size)
{
    return malloc(size);
}

static void free_for_cjson(void *memory)
{
    free(memory);
}

static int set_up(void **state)
{
    static fixture f;
    cJSON_Hooks hooks = {malloc_for_cjson, free_for_cjson};
    cJSON_InitHooks(&hooks);
    append_times(
        &f.document,
        "{\"text\":\"\\u00fc\\n\",\"any\":[1.5],\"color\":\"PINK\",\"colors\":[\"RED\",\"PINK\"],\"flag\":7,",
        1);
    append_times(&f.document, "\"names\":[", 1);
    append_times(&f.document, "\"a\\u0062c\",", 20);
    append_times(&f.document,
                 "\"\"],\"password\":\"p\",\"pass\\u0065word\":1,\"pin\":[\"\\u0041\"],\"child\":{\"key\":1,"
                 "\"key\":2},\"children\":[",
                 1);
    append_times(&f.document, "{\"te\\u0078t\":\"\\u0041\",\"zz\":{\"a\":null},\"token\":{}},5,", 40);
    append_times(&f.document, "{}],", 1);
    append_times(&f.document, "\"more\":{\"labels\":{\"\\u0041\":\"\\u0042\",", 1);
    for (int i = 0; i < 40; i++) {
        char entry[32];
        snprintf(entry, sizeof entry, "\"l%d\":\"\\u0061\",", i);
        append_times(&f.document, entry, 1);
    }
    append_times(
        &f.document,
        "\"b\":null},\"urn:x/places#1\":{\"a\":{},\"b\":5,\"c\":[{}]},\"size\":[\"a\",{\"key\":\"b\"}],"
        "\"kind\":[\"x\"],\"more\":{}}",
        1);
    append_times(&f.document,
                 ",\"z\\u007a\":\"long enough to need room of its own, long enough to need room\"", 60);
    append_times(&f.document, "}", 1);
    f.model = decode_everything(f.document.data);
    f.expected = encode(&everything_model, f.model, OKTA_JSON_WHOLE);
    assert_success(okta_json_to_cjson(f.expected, strlen(f.expected), &f.tree));
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    oktai_buffer_clear(&f->document);
    okta_free(f->model);
    okta_free(f->expected);
    cJSON_Delete(f->tree);
    cJSON_InitHooks(NULL);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(from_json_survives),
        cmocka_unit_test(to_json_survives),
        cmocka_unit_test(copy_survives),
        cmocka_unit_test(redact_json_survives),
        cmocka_unit_test(redacted_to_json_survives),
        cmocka_unit_test(json_to_cjson_survives),
        cmocka_unit_test(model_to_cjson_survives),
        cmocka_unit_test(cjson_to_json_survives),
        cmocka_unit_test(model_from_cjson_survives),
        cmocka_unit_test(refusals_survive),
        cmocka_unit_test(the_body_stays_with_the_buffer_when_memory_is_out),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
