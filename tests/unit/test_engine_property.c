/* SPDX-License-Identifier: Apache-2.0 */
/* What holds for every document: random ones, the same in every run. */
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "unit/json_models.h"
#include "unit/json_oracle.h"

#define ROUNDS ((size_t)3000)

typedef void check_document(const oktai_buffer *document, const oktai_buffer *redacted);

static void for_random_documents(uint64_t seed, check_document *check)
{
    test_random random = {seed};
    oktai_buffer document = {0}, redacted = {0};
    size_t bytes = 0;
    for (size_t i = 0; i < ROUNDS; i++) {
        random_document(&random, &document, &redacted);
        assert_true(oracle_accepts(document.data, document.length));
        bytes += document.length;
        check(&document, &redacted);
    }
    /* The documents are worth the name. */
    assert_true(bytes / ROUNDS > 200);
    oktai_buffer_clear(&document);
    oktai_buffer_clear(&redacted);
}

/* The same JSON value, whatever the order of members. */
static void assert_same_value(const char *a, const char *b)
{
    cJSON *left = cJSON_Parse(a);
    cJSON *right = cJSON_Parse(b);
    assert_non_null(left);
    assert_non_null(right);
    if (!cJSON_Compare(left, right, true)) {
        fail_msg("%s\nis not\n%s", a, b);
    }
    cJSON_Delete(left);
    cJSON_Delete(right);
}

static void decode_then_encode(const oktai_buffer *document, const oktai_buffer *redacted)
{
    (void)redacted;
    everything *all = decode_everything(document->data);
    char *first = encode(&everything_model, all, OKTA_JSON_WHOLE);
    assert_true(oracle_accepts(first, strlen(first)));
    assert_same_value(document->data, first);
    okta_free(all);
    all = decode_everything(first);
    assert_source(all, first);
    assert_encodes(&everything_model, all, OKTA_JSON_WHOLE, first);
    okta_free(all);
    okta_free(first);
}

static void nothing_is_lost_and_the_second_round_changes_nothing(void **state)
{
    (void)state;
    for_random_documents(11, decode_then_encode);
}

static void copy_then_encode(const oktai_buffer *document, const oktai_buffer *redacted)
{
    (void)redacted;
    static const okta_json_form forms[] = {OKTA_JSON_WHOLE, OKTA_JSON_REQUEST, OKTA_JSON_REDACTED};
    everything *all = decode_everything(document->data);
    everything *copy = NULL;
    char *texts[3];
    for (size_t i = 0; i < 3; i++) {
        texts[i] = encode(&everything_model, all, forms[i]);
        assert_true(oracle_accepts(texts[i], strlen(texts[i])));
    }
    assert_success(okta_copy(&everything_model, all, &copy));
    okta_free(all);
    for (size_t i = 0; i < 3; i++) {
        assert_encodes(&everything_model, copy, forms[i], texts[i]);
        okta_free(texts[i]);
    }
    okta_free(copy);
}

static void a_copy_is_written_as_its_original(void **state)
{
    (void)state;
    for_random_documents(12, copy_then_encode);
}

static void redact_both_ways(const oktai_buffer *document, const oktai_buffer *redacted)
{
    assert_redacts(&everything_model, document->data, redacted->data);
    everything *all = decode_everything(document->data);
    char *text = encode(&everything_model, all, OKTA_JSON_REDACTED);
    assert_null(strstr(text, ORACLE_SECRET));
    okta_free(text);
    okta_free(all);
}

static void no_secret_is_left_and_all_else_is_untouched(void **state)
{
    (void)state;
    for_random_documents(13, redact_both_ways);
}

/* In a request no read-only member is left, at no level. */
static void assert_no_read_only(const okta_descriptor *type, const cJSON *object)
{
    for (size_t i = 0; i < type->row_count; i++) {
        const oktai_row *row = &type->rows[i];
        const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, row->name);
        if ((row->flags & OKTAI_ROW_READ_ONLY) != 0) {
            assert_null(member);
        } else if (row->kind == OKTAI_KIND_OBJECT && cJSON_IsObject(member)) {
            assert_no_read_only(row->of.object, member);
        } else if ((row->kind == OKTAI_KIND_OBJECTS && cJSON_IsArray(member)) ||
                   (row->kind == OKTAI_KIND_MAP_OBJECTS && cJSON_IsObject(member))) {
            const cJSON *element;
            cJSON_ArrayForEach(element, member)
            {
                assert_no_read_only(row->of.object, element);
            }
        }
    }
}

static void encode_request(const oktai_buffer *document, const oktai_buffer *redacted)
{
    (void)redacted;
    everything *all = decode_everything(document->data);
    char *text = encode(&everything_model, all, OKTA_JSON_REQUEST);
    cJSON *tree = cJSON_Parse(text);
    assert_non_null(tree);
    assert_no_read_only(&everything_model, tree);
    cJSON_Delete(tree);
    okta_free(text);
    okta_free(all);
}

static void requests_have_no_read_only_members(void **state)
{
    (void)state;
    for_random_documents(14, encode_request);
}

/* Damaged documents are accepted exactly when they are still JSON with an object at the root, and then come
 * back; only what the model itself refuses at the root may fall out of that. */
static void damaged_documents_are_refused_or_come_back(void **state)
{
    (void)state;
    test_random random = {15};
    oktai_buffer document = {0}, redacted = {0};
    size_t accepted = 0, refused = 0;
    for (size_t i = 0; i < 3 * ROUNDS; i++) {
        random_document(&random, &document, &redacted);
        random_damage(&random, &document);
        everything *all = NULL;
        char *copy = exact_copy(document.data, document.length);
        okta_error *error = okta_from_json(&everything_model, copy, document.length, &all);
        free(copy);
        if (error != NULL) {
            assert_int_equal(okta_error_status(error), OKTA_E_PROTOCOL);
            refused += !oracle_accepts(document.data, document.length);
            okta_free(error);
            continue;
        }
        assert_true(oracle_accepts(document.data, document.length));
        accepted++;
        char *first = encode(&everything_model, all, OKTA_JSON_WHOLE);
        okta_free(all);
        all = decode_everything(first);
        assert_encodes(&everything_model, all, OKTA_JSON_WHOLE, first);
        okta_free(all);
        okta_free(first);
    }
    assert_true(accepted > ROUNDS / 4);
    assert_true(refused > ROUNDS / 4);
    oktai_buffer_clear(&document);
    oktai_buffer_clear(&redacted);
}

static void prefixes_of_random_documents_are_refused(void **state)
{
    (void)state;
    test_random random = {16};
    oktai_buffer document = {0}, redacted = {0};
    for (size_t i = 0; i < 60; i++) {
        random_document(&random, &document, &redacted);
        size_t whole = document.length;
        while (whole > 0 && document.data[whole - 1] != '}') {
            whole--;
        }
        for (size_t cut = 0; cut < whole; cut++) {
            assert_int_equal(decode_status(&everything_model, document.data, cut), OKTA_E_PROTOCOL);
        }
    }
    oktai_buffer_clear(&document);
    oktai_buffer_clear(&redacted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_lost_and_the_second_round_changes_nothing),
        cmocka_unit_test(a_copy_is_written_as_its_original),
        cmocka_unit_test(no_secret_is_left_and_all_else_is_untouched),
        cmocka_unit_test(requests_have_no_read_only_members),
        cmocka_unit_test(damaged_documents_are_refused_or_come_back),
        cmocka_unit_test(prefixes_of_random_documents_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
