/* SPDX-License-Identifier: Apache-2.0 */
/* The input is a JSON text. The strict reader is held against the tests' second reading of RFC 8259, against
 * cJSON, and against itself. */
#include <cjson/cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/utf8.h"
#include "fuzz/fuzz.h"
#include "okta/cjson.h"
#include "unit/json_oracle.h"
#include "json/engine.h"
#include "json/number.h"
#include "json/reader.h"
#include "json/writer.h"

static void check_number(okta_text span)
{
    char *end = NULL;
    char *text = malloc(span.length + 1);
    FUZZ_CHECK(text != NULL);
    memcpy(text, span.text, span.length);
    text[span.length] = '\0';
    double expected = strtod(text, &end);
    double value = 0;
    int64_t whole = 0;
    FUZZ_CHECK(*end == '\0');
    /* What underflows to zero, and what is too long to look at, is no double. */
    bool underflows = expected == 0 && strcspn(text, "123456789") < strcspn(text, "eE");
    bool due = isfinite(expected) && !underflows && span.length < 512;
    bool is_double = oktai_number_to_double(span.text, span.length, &value);
    FUZZ_CHECK(is_double == due);
    if (is_double) {
        char shortest[OKTAI_NUMBER_SIZE];
        double again;
        FUZZ_CHECK(value == expected && !signbit(value) == !signbit(expected));
        size_t length = oktai_number_from_double(value, shortest);
        FUZZ_CHECK(length < sizeof shortest && shortest[length] == '\0');
        FUZZ_CHECK(oktai_number_to_double(shortest, length, &again) && again == value);
        FUZZ_CHECK(fuzz_take(oktai_engine_check(shortest, length, NULL)) == OKTA_OK);
    }
    if (oktai_number_to_int(span.text, span.length, &whole)) {
        FUZZ_CHECK(is_double && fabs((double)whole - value) <= fabs(value) * 0x1p-52);
    } else if (is_double && strcspn(text, ".eE") == span.length && fabs(value) < 0x1p62) {
        FUZZ_CHECK(value == 0 && text[0] == '-');
    }
    free(text);
}

/* What is written reads back as it was. */
static void check_string(const char *text, size_t length)
{
    oktai_buffer out = {0};
    oktai_arena arena = {0};
    oktai_reader reader;
    size_t again_length = 0;
    for (const char *p = text; p < text + length;) {
        size_t sequence = (unsigned char)*p < 0x80 ? 1 : oktai_utf8_sequence(p, text + length);
        FUZZ_CHECK(sequence > 0 && *p != '\0');
        p += sequence;
    }
    FUZZ_CHECK(oktai_write_string(&out, text, length));
    oktai_reader_init(&reader, out.data, out.length);
    const char *again = oktai_reader_string(&reader, &arena, &again_length);
    FUZZ_CHECK(again != NULL && again_length == length && memcmp(again, text, length) == 0);
    FUZZ_CHECK(oktai_reader_finish(&reader));
    oktai_arena_clear(&arena);
    oktai_buffer_clear(&out);
}

/* Through the functions that hand out pieces. */
static bool walk(oktai_reader *reader, oktai_arena *arena)
{
    okta_text span;
    size_t length;
    const char *text;
    oktai_json_type type = oktai_reader_peek(reader);
    FUZZ_CHECK(reader->depth <= OKTAI_JSON_DEPTH_MAX);
    if (type == OKTAI_JSON_OBJECT && oktai_reader_enter(reader)) {
        for (bool first = true; oktai_reader_member(reader, first, arena, &span); first = false) {
            check_string(span.text, span.length);
            if (!walk(reader, arena)) {
                return false;
            }
        }
    } else if (type == OKTAI_JSON_ARRAY && oktai_reader_enter(reader)) {
        for (bool first = true; oktai_reader_element(reader, first); first = false) {
            if (!walk(reader, arena)) {
                return false;
            }
        }
    } else if (type == OKTAI_JSON_STRING) {
        text = oktai_reader_string(reader, arena, &length);
        if (text != NULL) {
            FUZZ_CHECK(strlen(text) == length);
            check_string(text, length);
        }
    } else if (type == OKTAI_JSON_NUMBER) {
        if (oktai_reader_skip(reader, &span)) {
            check_number(span);
        }
    } else if (type != OKTAI_JSON_INVALID) {
        oktai_reader_literal(reader);
    }
    FUZZ_CHECK(!reader->no_memory);
    return type != OKTAI_JSON_INVALID && reader->problem == NULL;
}

static void check_cjson(fuzz_text json)
{
    size_t mark = (unsigned char)json.text[0] == 0xEF ? 3 : 0;
    cJSON *theirs = cJSON_ParseWithOpts(json.text + mark, NULL, 1);
    FUZZ_CHECK(theirs != NULL);
    cJSON_Delete(theirs);
    cJSON *tree = NULL;
    char *text = NULL;
    size_t length = 0;
    fuzz_expect_success(okta_json_to_cjson(json.text, json.length, &tree));
    /* A number beyond a double, or an object with a name twice, need not come back. */
    if (fuzz_take(okta_cjson_to_json(tree, &text, &length)) == OKTA_OK) {
        FUZZ_CHECK(oracle_accepts(text, length));
    }
    okta_free(text);
    cJSON_Delete(tree);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input = {data, size};
    fuzz_text json = fuzz_rest(&input);
    oktai_arena arena = {0};
    oktai_reader reader;
    bool due = oracle_accepts(json.text, json.length);
    okta_status status = fuzz_take(oktai_engine_check(json.text, json.length, NULL));
    FUZZ_CHECK(status == (due ? OKTA_OK : OKTA_E_PROTOCOL));
    oktai_reader_init(&reader, json.text, json.length);
    bool walked = walk(&reader, &arena) && oktai_reader_finish(&reader);
    FUZZ_CHECK(walked == due && (walked || reader.problem != NULL));
    oktai_arena_clear(&arena);
    if (due) {
        check_cjson(json);
    }
    free(json.text);
    return 0;
}
