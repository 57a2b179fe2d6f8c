/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/json_verdict.h"

#include <stdlib.h>
#include <string.h>

#include "unit/json_models.h"
#include "json/engine.h"

bool reader_alive(const oktai_reader *reader)
{
    return reader->problem == NULL && !reader->no_memory;
}

char *terminated_copy(const char *text, size_t length)
{
    char *copy = malloc(length + 1);
    assert_non_null(copy);
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

/* Read the next value through the functions that hand out pieces, not by skipping it. */
static bool walk(oktai_reader *reader, oktai_arena *arena)
{
    okta_text span;
    size_t length;
    bool first = true;
    switch (oktai_reader_peek(reader)) {
    case OKTAI_JSON_OBJECT:
        if (!oktai_reader_enter(reader)) {
            return false;
        }
        while (oktai_reader_member(reader, first, arena, &span)) {
            first = false;
            if (!walk(reader, arena)) {
                return false;
            }
        }
        return reader_alive(reader);
    case OKTAI_JSON_ARRAY:
        if (!oktai_reader_enter(reader)) {
            return false;
        }
        while (oktai_reader_element(reader, first)) {
            first = false;
            if (!walk(reader, arena)) {
                return false;
            }
        }
        return reader_alive(reader);
    case OKTAI_JSON_STRING:
        return oktai_reader_string(reader, arena, &length) != NULL;
    case OKTAI_JSON_NUMBER:
        return oktai_reader_skip(reader, &span);
    case OKTAI_JSON_TRUE:
    case OKTAI_JSON_FALSE:
    case OKTAI_JSON_NULL:
        return oktai_reader_literal(reader);
    case OKTAI_JSON_INVALID:
    default:
        return false;
    }
}

static void assert_dead(oktai_reader *reader)
{
    oktai_arena arena = {0};
    okta_text span;
    size_t length;
    assert_non_null(reader->problem);
    assert_false(reader->no_memory);
    assert_int_equal(oktai_reader_peek(reader), OKTAI_JSON_INVALID);
    assert_false(oktai_reader_enter(reader));
    assert_false(oktai_reader_text(reader, &arena, &span));
    assert_false(oktai_reader_member(reader, true, &arena, &span));
    assert_false(oktai_reader_member(reader, false, &arena, &span));
    assert_false(oktai_reader_element(reader, true));
    assert_false(oktai_reader_element(reader, false));
    assert_null(oktai_reader_string(reader, &arena, &length));
    assert_false(oktai_reader_skip(reader, &span));
    assert_false(oktai_reader_literal(reader));
    assert_false(oktai_reader_finish(reader));
    assert_non_null(reader->problem);
    oktai_arena_clear(&arena);
}

static bool accepted_by_skip(const char *text, size_t length)
{
    char *copy = terminated_copy(text, length);
    oktai_reader reader;
    okta_text span;
    oktai_reader_init(&reader, copy, length);
    bool accepted = oktai_reader_skip(&reader, &span) && oktai_reader_finish(&reader);
    if (!accepted) {
        assert_dead(&reader);
    }
    free(copy);
    return accepted;
}

static bool accepted_by_walk(const char *text, size_t length)
{
    char *copy = terminated_copy(text, length);
    oktai_arena arena = {0};
    oktai_reader reader;
    oktai_reader_init(&reader, copy, length);
    bool accepted = walk(&reader, &arena) && oktai_reader_finish(&reader);
    if (accepted) {
        assert_int_equal(reader.depth, 0);
        assert_ptr_equal(reader.next, reader.end);
    } else {
        assert_dead(&reader);
    }
    oktai_arena_clear(&arena);
    free(copy);
    return accepted;
}

static bool accepted_by_check(const char *text, size_t length)
{
    char *copy = terminated_copy(text, length);
    okta_status status = take_status(oktai_engine_check(copy, length, NULL));
    free(copy);
    assert_true(status == OKTA_OK || status == OKTA_E_PROTOCOL);
    return status == OKTA_OK;
}

void assert_verdict(const char *text, size_t length, bool accepted)
{
    if (accepted_by_skip(text, length) != accepted || accepted_by_walk(text, length) != accepted ||
        accepted_by_check(text, length) != accepted) {
        fail_msg("%s by skip %d, walk %d, check %d: %.200s", accepted ? "due" : "not due",
                 accepted_by_skip(text, length), accepted_by_walk(text, length),
                 accepted_by_check(text, length), text);
    }
}
