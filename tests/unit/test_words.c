/* SPDX-License-Identifier: Apache-2.0 */
/* src/core/words.h: what is done a word at a time is what is done a byte at a time, wherever words begin and
 * end. Memory of exactly the right size lets AddressSanitizer see a byte too much. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/words.h"

#define LENGTH_MAX 40u

static char *new_text(size_t length)
{
    char *text = malloc(length + 1); /* not 0 */
    assert_non_null(text);
    memset(text, 'a', length + 1);
    return text;
}

static void texts_are_the_same_to_the_last_byte(void **state)
{
    (void)state;
    for (size_t length = 0; length <= LENGTH_MAX; length++) {
        char *a = new_text(length);
        char *b = malloc(length > 0 ? length : 1);
        assert_non_null(b);
        memcpy(b, a, length);
        assert_true(oktai_is_same_text(a, b, length));
        for (size_t at = 0; at < length; at++) {
            b[at] = '\x61' ^ '\x01';
            assert_false(oktai_is_same_text(a, b, length));
            b[at] = '\x61' ^ '\x80';
            assert_false(oktai_is_same_text(a, b, length));
            b[at] = 'a';
        }
        free(a);
        free(b);
    }
}

static bool is_plain(int c)
{
    return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

/* Every byte at every place behind plain ones. */
static void a_run_ends_with_what_is_not_plain(void **state)
{
    (void)state;
    for (size_t length = 1; length <= 20; length++) {
        for (size_t at = 0; at < length; at++) {
            for (int c = 0; c < 0x100; c++) {
                char *text = new_text(length - 1);
                text[at] = (char)c;
                const char *end = oktai_plain_run(text, text + length);
                assert_ptr_equal(end, is_plain(c) ? text + length : text + at);
                free(text);
            }
        }
    }
}

/* A string of `length` bytes and what ends it, with `behind` bytes more, into `room` bytes. */
static void assert_copied(size_t length, char end, size_t behind, size_t room)
{
    char *text = new_text(length + behind);
    char *out = malloc(room > 0 ? room : 1);
    assert_non_null(out);
    memset(out, 'x', room);
    text[length] = end;
    size_t readable = length + 1 + behind;
    size_t copied = oktai_copy_run(out, text, room < readable ? room : readable);
    if (copied != OKTAI_NO_RUN) {
        assert_int_equal(end, '"');
        assert_int_equal(copied, length);
        assert_memory_equal(out, text, length);
        assert_int_equal(out[length], '\0');
    }
    for (size_t i = copied != OKTAI_NO_RUN ? length + 1 : 0; i < room; i++) {
        assert_true(out[i] == 'x' || out[i] == '\0'); /* nothing of the text, or of what is behind it */
    }
    free(text);
    free(out);
}

static void a_run_is_copied_whole_or_not_at_all(void **state)
{
    (void)state;
    for (size_t length = 0; length <= LENGTH_MAX; length++) {
        for (size_t behind = 0; behind < 10; behind++) {
            for (size_t room = 0; room <= LENGTH_MAX + 10; room++) {
                assert_copied(length, '"', behind, room);
                assert_copied(length, '\\', behind, room);
                assert_copied(length, '\n', behind, room);
                assert_copied(length, '\xc3', behind, room);
            }
        }
    }
}

/* Where the machine's words have their first byte lowest, the short way is the one that is taken. */
static void a_run_with_room_behind_it_is_copied(void **state)
{
    (void)state;
    const uint64_t one = 1;
    char first;
    memcpy(&first, &one, 1);
    for (size_t length = 0; length <= LENGTH_MAX; length++) {
        char *text = new_text(length + 8);
        char out[LENGTH_MAX + 8];
        text[length] = '"';
        assert_int_equal(oktai_copy_run(out, text, length + 8), first == 1 ? length : OKTAI_NO_RUN);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_the_same_to_the_last_byte),
        cmocka_unit_test(a_run_ends_with_what_is_not_plain),
        cmocka_unit_test(a_run_is_copied_whole_or_not_at_all),
        cmocka_unit_test(a_run_with_room_behind_it_is_copied),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
