/* SPDX-License-Identifier: Apache-2.0 */
/* src/core/buffer.h, base64url.h and error.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <cmocka.h>

#include "client/error_answer.h"
#include "core/arena.h"
#include "core/base64url.h"
#include "core/buffer.h"
#include "core/error.h"
#include "unit/allocations.h"
#include "unit/frees.h"
#include "unit/mutate.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define SECRET       "00MzVC-4kQ_secret-token"

static void appends_bytes(void **state)
{
    oktai_buffer buffer = {0};
    (void)state;
    assert_true(oktai_buffer_append(&buffer, NULL, 0));
    assert_string_equal(buffer.data, "");
    assert_true(oktai_buffer_append(&buffer, "a\0b", 3));
    assert_true(oktai_buffer_add_char(&buffer, '\0'));
    assert_true(oktai_buffer_add_text(&buffer, "text"));
    assert_true(oktai_buffer_add_text(&buffer, ""));
    assert_true(oktai_buffer_printf(&buffer, "<%d|%s>", -7, "x"));
    assert_int_equal(buffer.length, 14);
    assert_memory_equal(buffer.data, "a\0b\0text<-7|x>", 15);
    oktai_buffer_clear(&buffer);
    assert_true(buffer.data == NULL && buffer.length == 0 && buffer.capacity == 0);
    oktai_buffer_clear(&buffer);
}

static void grows_without_losing_a_byte(void **state)
{
    oktai_buffer buffer = {0};
    uint64_t random = 0xb0f;
    char piece[2000];
    size_t total = 0;
    (void)state;
    while (total < 1000000) {
        size_t size = pick(&random, sizeof piece);
        for (size_t i = 0; i < size; i++) {
            piece[i] = (char)((total + i) % 253);
        }
        assert_true(oktai_buffer_append(&buffer, piece, size));
        total += size;
        assert_int_equal(buffer.length, total);
        assert_int_equal(buffer.data[total], 0);
        assert_true(buffer.capacity > buffer.length);
    }
    for (size_t i = 0; i < total; i++) {
        assert_int_equal((unsigned char)buffer.data[i], i % 253);
    }
    oktai_buffer_clear(&buffer);
}

static void grows_by_doubling(void **state)
{
    oktai_buffer buffer = {0};
    (void)state;
    allocations_begin(0, false);
    for (int i = 0; i < 1000000; i++) {
        assert_true(oktai_buffer_add_char(&buffer, 'x'));
    }
    assert_true(allocations_seen() < 20);
    oktai_buffer_clear(&buffer);
}

static bool fill_by_append(oktai_buffer *buffer, const char *text)
{
    return oktai_buffer_append(buffer, text, strlen(text));
}

static bool fill_by_printf(oktai_buffer *buffer, const char *text)
{
    return oktai_buffer_printf(buffer, "%s", text);
}

static bool fill_by_chars(oktai_buffer *buffer, const char *text)
{
    bool ok = true;
    while (*text != '\0') {
        ok = oktai_buffer_add_char(buffer, *text++);
    }
    return ok;
}

static void holds_its_limit(void **state)
{
    bool (*const fill[])(oktai_buffer *, const char *) = {fill_by_append, fill_by_printf, fill_by_chars,
                                                          oktai_buffer_add_text};
    (void)state;
    for (size_t i = 0; i < COUNT(fill); i++) {
        oktai_buffer buffer = {.limit = 8};
        assert_true(fill[i](&buffer, "12345678"));
        assert_false(buffer.failed);
        assert_false(fill[i](&buffer, "9"));
        assert_true(buffer.failed && buffer.over_limit);
        assert_string_equal(buffer.data, "12345678");
        assert_int_equal(buffer.length, 8);
        assert_true(oktai_buffer_append(&buffer, "", 0) == false);
        oktai_buffer_reset(&buffer);
        assert_false(buffer.failed || buffer.over_limit);
        assert_string_equal(buffer.data, "");
        assert_true(fill[i](&buffer, "again"));
        assert_string_equal(buffer.data, "again");
        oktai_buffer_clear(&buffer);
        assert_int_equal(buffer.limit, 8);
    }
}

static void reserves_within_its_limit(void **state)
{
    oktai_buffer buffer = {.limit = 300};
    (void)state;
    assert_true(oktai_buffer_reserve(&buffer, 10));
    assert_string_equal(buffer.data, "");
    assert_true(oktai_buffer_reserve(&buffer, 300));
    assert_true(buffer.capacity > 300);
    assert_string_equal(buffer.data, "");
    assert_true(oktai_buffer_add_text(&buffer, "kept"));
    assert_false(oktai_buffer_reserve(&buffer, 301));
    assert_true(buffer.failed && buffer.over_limit);
    assert_string_equal(buffer.data, "kept");
    oktai_buffer_clear(&buffer);
    oktai_buffer small = {.limit = 10};
    assert_true(oktai_buffer_reserve(&small, 1));
    assert_false(oktai_buffer_reserve(&small, 11));
    assert_true(small.over_limit);
    oktai_buffer_clear(&small);
}

static void refuses_sizes_that_overflow(void **state)
{
    static const size_t sizes[] = {SIZE_MAX, SIZE_MAX - 1, SIZE_MAX - 4, SIZE_MAX / 2, SIZE_MAX / 2 - 4};
    (void)state;
    for (size_t i = 0; i < COUNT(sizes); i++) {
        for (int reserve = 0; reserve < 2; reserve++) {
            oktai_buffer buffer = {0};
            assert_true(oktai_buffer_add_text(&buffer, "kept"));
            assert_false(reserve != 0 ? oktai_buffer_reserve(&buffer, sizes[i])
                                      : oktai_buffer_append(&buffer, "x", sizes[i]));
            assert_true(buffer.failed && !buffer.over_limit);
            assert_string_equal(buffer.data, "kept");
            oktai_buffer_clear(&buffer);
        }
    }
}

static void a_failed_append_leaves_all_as_it_was(void **state)
{
    oktai_buffer buffer = {0};
    (void)state;
    assert_true(oktai_buffer_add_text(&buffer, SECRET));
    while (buffer.length + 1 < buffer.capacity) {
        assert_true(oktai_buffer_add_char(&buffer, '.'));
    }
    oktai_buffer before = buffer;
    allocations_begin(1, false);
    assert_false(oktai_buffer_add_char(&buffer, 'x'));
    assert_true(allocations_end());
    assert_true(buffer.failed && !buffer.over_limit);
    assert_true(buffer.data == before.data && buffer.length == before.length);
    assert_int_equal(strlen(buffer.data), buffer.length);
    /* Memory is back, but a run of appends must not have a hole. */
    assert_false(oktai_buffer_add_char(&buffer, 'y'));
    assert_false(oktai_buffer_printf(&buffer, "z"));
    assert_false(oktai_buffer_reserve(&buffer, 1));
    assert_int_equal(buffer.length, before.length);
    oktai_buffer_clear(&buffer);
    assert_true(oktai_buffer_add_char(&buffer, 'x'));
    oktai_buffer_clear(&buffer);
}

static void a_failed_format_marks_the_buffer(void **state)
{
    static const wchar_t no_text[] = {(wchar_t)0x7fffffff, 0};
    oktai_buffer buffer = {0};
    (void)state;
    assert_true(oktai_buffer_add_text(&buffer, "kept"));
    assert_false(oktai_buffer_printf(&buffer, "%ls", no_text));
    assert_true(buffer.failed && !buffer.over_limit);
    assert_string_equal(buffer.data, "kept");
    oktai_buffer_clear(&buffer);
    /* The first failure is the one that is told. */
    oktai_buffer full = {.limit = 1};
    assert_false(oktai_buffer_add_text(&full, "ab"));
    assert_false(oktai_buffer_printf(&full, "%ls", no_text));
    assert_true(full.failed && full.over_limit);
    oktai_buffer_clear(&full);
}

static void wipes_the_memory_it_leaves(void **state)
{
    oktai_buffer buffer = {0};
    (void)state;
    assert_true(oktai_buffer_add_text(&buffer, SECRET));
    while (buffer.length + 1 < buffer.capacity) {
        assert_true(oktai_buffer_add_char(&buffer, '.'));
    }
    frees_watch(buffer.data, buffer.capacity);
    assert_true(oktai_buffer_add_char(&buffer, '.'));
    assert_true(frees_were_clean());
    size_t length = buffer.length;
    oktai_buffer_reset(&buffer);
    for (size_t i = 0; i < length; i++) {
        assert_int_equal(buffer.data[i], 0);
    }
    assert_true(buffer.capacity > length);
    assert_true(oktai_buffer_add_text(&buffer, SECRET));
    frees_watch(buffer.data, buffer.capacity);
    oktai_buffer_clear(&buffer);
    assert_true(frees_were_clean());
    oktai_buffer_reset(&buffer);
    assert_null(buffer.data);
}

static void gives_its_content_to_an_arena_that_wipes_it(void **state)
{
    oktai_arena arena = {0};
    oktai_buffer buffer = {.limit = 1000};
    (void)state;
    assert_true(oktai_buffer_give(&buffer, &arena));
    assert_null(arena.blocks);
    assert_true(oktai_buffer_add_text(&buffer, SECRET));
    const char *data = buffer.data;
    allocations_begin(1, false);
    assert_false(oktai_buffer_give(&buffer, &arena));
    assert_true(allocations_end());
    assert_ptr_equal(buffer.data, data);
    assert_string_equal(buffer.data, SECRET);
    assert_true(oktai_buffer_give(&buffer, &arena));
    assert_true(buffer.data == NULL && buffer.length == 0 && buffer.capacity == 0 && buffer.limit == 1000);
    assert_string_equal(data, SECRET);
    frees_watch(data, sizeof SECRET);
    oktai_arena_clear(&arena);
    assert_true(frees_were_clean());
}

/* Decodes from and into exactly the memory that the header asks for. */
static bool decode(const char *text, size_t length, unsigned char *out, size_t *out_size)
{
    char *exact = malloc(length == 0 ? 1 : length);
    unsigned char *room = malloc(length / 4 * 3 + 2);
    assert_true(exact != NULL && room != NULL);
    memcpy(exact, text, length);
    bool ok = oktai_base64url_decode(exact, length, room, out_size);
    if (ok) {
        assert_true(*out_size <= length / 4 * 3 + 2);
        memcpy(out, room, *out_size);
    }
    free(exact);
    free(room);
    return ok;
}

static void encodes_base64url(void **state)
{
    static const struct {
        const char *bytes;
        const char *text;
    } cases[] = {
        {"", ""},
        {"f", "Zg"},
        {"fo", "Zm8"},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg"},
        {"fooba", "Zm9vYmE"},
        {"foobar", "Zm9vYmFy"},
        {"\xfb\xff\xbf", "-_-_"},
        {"\xff", "_w"},
        {"\x01", "AQ"},
        {"\xff\xff\xff\xff", "_____w"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[32];
        unsigned char bytes[32];
        size_t size = strlen(cases[i].bytes);
        assert_int_equal(oktai_base64url_length(size), strlen(cases[i].text));
        oktai_base64url_encode((const unsigned char *)cases[i].bytes, size, text);
        assert_string_equal(text, cases[i].text);
        assert_true(decode(cases[i].text, strlen(cases[i].text), bytes, &size));
        assert_int_equal(size, strlen(cases[i].bytes));
        assert_memory_equal(bytes, cases[i].bytes, size);
    }
}

/* RFC 4648, section 10, and the two letters that differ. */
static void encodes_base64_with_padding(void **state)
{
    static const struct {
        const char *bytes;
        const char *text;
    } cases[] = {
        {"", ""},
        {"f", "Zg=="},
        {"fo", "Zm8="},
        {"foo", "Zm9v"},
        {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="},
        {"foobar", "Zm9vYmFy"},
        {"\xfb\xff\xbf", "+/+/"},
        {"\xff", "/w=="},
        {"\xff\xff\xff\xff", "/////w=="},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[32];
        size_t size = strlen(cases[i].bytes);
        assert_int_equal(oktai_base64_length(size), strlen(cases[i].text));
        oktai_base64_encode((const unsigned char *)cases[i].bytes, size, text);
        assert_string_equal(text, cases[i].text);
    }
}

static void groups_digits_by_three(void **state)
{
    static const struct {
        int64_t number;
        const char *text;
    } cases[] = {{0, "0"},
                 {7, "7"},
                 {999, "999"},
                 {1000, "1,000"},
                 {86400, "86,400"},
                 {1000001, "1,000,001"},
                 {1002003, "1,002,003"},
                 {INT64_MAX, "9,223,372,036,854,775,807"}};
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        oktai_buffer text = {0};
        assert_true(oktai_buffer_add_grouped(&text, cases[i].number));
        assert_string_equal(text.data, cases[i].text);
        oktai_buffer_clear(&text);
    }
}

static void decodes_what_it_encoded(void **state)
{
    unsigned char bytes[600];
    unsigned char back[600];
    uint64_t random = 0xb64;
    (void)state;
    for (size_t size = 0; size < sizeof bytes; size++) {
        for (size_t i = 0; i < size; i++) {
            bytes[i] = (unsigned char)pick(&random, 256);
        }
        size_t length = oktai_base64url_length(size);
        char *text = malloc(length + 1);
        size_t back_size = 0;
        assert_non_null(text);
        oktai_base64url_encode(bytes, size, text);
        assert_int_equal(strlen(text), length);
        assert_true(decode(text, length, back, &back_size));
        assert_int_equal(back_size, size);
        assert_memory_equal(back, bytes, size);
        free(text);
    }
}

/* Each value has one spelling: of all 2- and 3-character texts exactly one for each of 1 and 2 bytes. */
static void accepts_one_spelling_of_each_value(void **state)
{
    char text[3];
    unsigned char out[4];
    size_t size;
    size_t valid[4] = {0};
    (void)state;
    for (int a = 0; a < 256; a++) {
        text[0] = (char)a;
        valid[1] += oktai_base64url_decode(text, 1, out, &size) ? 1u : 0u;
        for (int b = 0; b < 256; b++) {
            text[1] = (char)b;
            valid[2] += oktai_base64url_decode(text, 2, out, &size) ? 1u : 0u;
            for (int c = 0; c < 256; c++) {
                text[2] = (char)c;
                valid[3] += oktai_base64url_decode(text, 3, out, &size) ? 1u : 0u;
            }
        }
    }
    assert_int_equal(valid[1], 0);
    assert_int_equal(valid[2], 256);
    assert_int_equal(valid[3], 65536);
}

static void refuses_what_is_no_base64url(void **state)
{
    static const struct {
        const char *text;
        size_t length;
    } cases[] = {
        {"Zg==", 4},       {"Zg=", 3},      {"=", 1},     {"Zm9v=", 5},  {"Zm+v", 4},
        {"Zm/v", 4},       {"Zm9v\n", 5},   {" Zm9v", 5}, {"Zm 9v", 5},  {"Zm9\0", 4},
        {"\0\0", 2},       {"A", 1},        {"Zm9vA", 5}, {"Zh", 2},     {"Zm9", 3},
        {"Z\xc3\xa9g", 4}, {"\xff\xff", 2}, {"Zm.v", 4},  {"Zm9vYh", 6}, {"AAAAAAAAA", 9},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        unsigned char out[16];
        size_t size;
        if (decode(cases[i].text, cases[i].length, out, &size)) {
            fail_msg("\"%s\" is decoded", cases[i].text);
        }
    }
}

static void makes_errors(void **state)
{
    okta_error *error = oktai_error_new(OKTA_E_CONFIG, "%s is %d", "port", 0);
    (void)state;
    assert_int_equal(okta_error_status(error), OKTA_E_CONFIG);
    assert_string_equal(okta_error_message(error), "port is 0");
    assert_int_equal(okta_error_http_status(error), 0);
    assert_null(okta_error_code(error));
    assert_null(okta_error_document(error));
    assert_false(okta_error_is_retryable(error));
    okta_free(error);
    error = oktai_error_null("client");
    assert_int_equal(okta_error_status(error), OKTA_E_ARG);
    assert_string_equal(okta_error_message(error), "client must not be NULL");
    okta_free(error);
}

static size_t released;

static void count_release(void *object)
{
    (void)object;
    released++;
}

static void programs_make_errors(void **state)
{
    static const struct {
        okta_status status;
        const char *message;
        okta_status becomes;
        const char *says;
    } cases[] = {
        {OKTA_E_AUTH, "no %s token", OKTA_E_AUTH, "no %s token"},
        {OKTA_E_OUTCOME_UNKNOWN, NULL, OKTA_E_OUTCOME_UNKNOWN, "OUTCOME_UNKNOWN"},
        {OKTA_OK, "fine", OKTA_E_ARG, "fine"},
        {(okta_status)99, NULL, OKTA_E_ARG, "ARG"},
        {(okta_status)-1, NULL, OKTA_E_ARG, "ARG"},
        {OKTA_E_NOMEM, "much", OKTA_E_NOMEM, "out of memory"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        okta_error *error = okta_error_new(cases[i].status, cases[i].message);
        assert_int_equal(okta_error_status(error), cases[i].becomes);
        assert_string_equal(okta_error_message(error), cases[i].says);
        assert_int_equal(okta_error_http_status(error), 0);
        okta_free(error);
    }
}

static void an_error_takes_what_it_owns_along(void **state)
{
    (void)state;
    released = 0;
    okta_error *error = oktai_error_new(OKTA_E_SERVER, "x");
    assert_ptr_not_equal(error, oktai_error_nomem());
    error->owned = oktai_root_new(100, 0, count_release);
    assert_non_null(error->owned);
    okta_free(error);
    assert_int_equal(released, 1);
}

/* Many own errors of a shared one: each has its own words, and the shared one keeps its own. */
static void a_shared_error_is_not_written_to(void **state)
{
    (void)state;
    released = 0;
    okta_error *first = oktai_error_new(OKTA_E_AUTH, "the token is refused");
    assert_ptr_not_equal(first, oktai_error_nomem());
    first->owned = oktai_root_new(100, 0, count_release);
    first->attempts = 3;
    const okta_error *shared = first;
    okta_error *own[3];
    for (size_t i = 0; i < COUNT(own); i++) {
        own[i] = oktai_error_of(shared);
        assert_ptr_not_equal(own[i], shared);
        own[i] = oktai_error_reword(own[i], "call %zu: %s", i, okta_error_message(own[i]));
    }
    oktai_root_let_go(shared);
    assert_int_equal(released, 0);
    assert_string_equal(okta_error_message(shared), "the token is refused");
    assert_string_equal(okta_error_message(own[0]), "call 0: the token is refused");
    assert_string_equal(okta_error_message(own[2]), "call 2: the token is refused");
    assert_int_equal(okta_error_status(own[1]), OKTA_E_AUTH);
    assert_int_equal(okta_error_attempts(own[1]), 3);
    for (size_t i = 0; i < COUNT(own); i++) {
        assert_int_equal(released, 0);
        okta_free(own[i]);
    }
    assert_int_equal(released, 1);
    assert_null(oktai_error_of(NULL));
}

/* Whoever cannot say it better says what it was; nothing is lost and nothing leaks. */
static void rewording_survives_a_lack_of_memory(void **state)
{
    (void)state;
    okta_error *cause = oktai_error_new(OKTA_E_AUTH, "the token is refused");
    allocations_begin(1, true);
    okta_error *own = oktai_error_of(cause);
    okta_error *same = oktai_error_reword(cause, "other words");
    assert_true(allocations_end());
    assert_ptr_equal(own, oktai_error_nomem());
    assert_ptr_equal(same, cause);
    assert_string_equal(okta_error_message(same), "the token is refused");
    okta_free(same);
    assert_ptr_equal(oktai_error_reword(oktai_error_nomem(), "x"), oktai_error_nomem());
}

/* A long message with a character of 1 to 4 bytes across each place near the cut. */
static void cuts_messages_between_characters(void **state)
{
    static const char *const characters[] = {"x", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"};
    (void)state;
    for (size_t c = 0; c < COUNT(characters); c++) {
        for (size_t before = 985; before < 1001; before++) {
            char text[1100];
            size_t size = strlen(characters[c]);
            memset(text, 'a', before);
            snprintf(text + before, sizeof text - before, "%s", characters[c]);
            okta_error *error = oktai_error_new(OKTA_E_SERVER, "%s", text);
            size_t length = strlen(okta_error_message(error));
            if (before + size <= 999) {
                assert_int_equal(length, before + size);
            } else {
                assert_int_equal(length, before < 999 ? before : 999);
            }
            assert_memory_equal(okta_error_message(error), text, length);
            okta_free(error);
        }
    }
    char *huge = malloc(100001);
    assert_non_null(huge);
    memset(huge, 0x80, 100000);
    huge[100000] = '\0';
    okta_error *error = oktai_error_new(OKTA_E_SERVER, "%s", huge);
    assert_string_equal(okta_error_message(error), "");
    okta_free(error);
    free(huge);
}

static void out_of_memory_needs_no_memory(void **state)
{
    (void)state;
    for (size_t nth = 1; nth < 3; nth++) {
        allocations_begin(nth, true);
        okta_error *error = oktai_error_new(OKTA_E_ARG, "%0900d", 1);
        bool failed = allocations_end();
        assert_true(failed == (error == oktai_error_nomem()));
        assert_true(nth > 1 || failed);
        okta_free(error);
    }
    okta_error *error = oktai_error_new(OKTA_E_NOMEM, "whatever");
    assert_ptr_equal(error, oktai_error_nomem());
    okta_free(error);
    okta_free(error);
    okta_free(oktai_error_nomem());
    assert_int_equal(okta_error_status(error), OKTA_E_NOMEM);
    assert_string_equal(okta_error_message(error), "out of memory");
    assert_true(okta_error_is_retryable(error));
    static const wchar_t no_text[] = {(wchar_t)0x7fffffff, 0};
    assert_ptr_equal(oktai_error_new(OKTA_E_ARG, "%ls", no_text), oktai_error_nomem());
}

static void null_is_success(void **state)
{
    size_t length = 1;
    (void)state;
    assert_int_equal(okta_error_status(NULL), OKTA_OK);
    assert_string_equal(okta_error_message(NULL), "success");
    assert_int_equal(okta_error_http_status(NULL), 0);
    assert_null(okta_error_code(NULL));
    assert_null(okta_error_summary(NULL));
    assert_null(okta_error_id(NULL));
    assert_int_equal(okta_error_cause_count(NULL), 0);
    assert_null(okta_error_cause_summary(NULL, 0));
    assert_null(okta_error_document(NULL));
    assert_null(okta_error_request_id(NULL));
    assert_int_equal(okta_error_attempts(NULL), 0);
    assert_false(okta_error_is_retryable(NULL));
    assert_int_equal(okta_error_retry_after_ms(NULL), 0);
    assert_null(okta_error_response_body(NULL, &length));
    assert_int_equal(length, 0);
    assert_null(okta_error_response_body(NULL, NULL));
}

static void accessors_read_their_own_field(void **state)
{
    static const char *const causes[] = {"cause 0", NULL, "cause 2"};
    const struct okta_error_body *document = (const struct okta_error_body *)(const void *)causes;
    const oktai_error_answer answer = {.http_status = 409,
                                       .code = "code",
                                       .summary = "summary",
                                       .id = "id",
                                       .request_id = "request",
                                       .document = document,
                                       .causes = causes,
                                       .cause_count = 3,
                                       .body = "body",
                                       .body_length = 4};
    const okta_error error = {.status = OKTA_E_CONFLICT,
                              .retryable = true,
                              .attempts = 3,
                              .retry_after_ms = 1500,
                              .message = "message",
                              .answer = &answer};
    size_t length = 0;
    (void)state;
    assert_int_equal(okta_error_status(&error), OKTA_E_CONFLICT);
    assert_true(okta_error_is_retryable(&error));
    assert_int_equal(okta_error_http_status(&error), 409);
    assert_int_equal(okta_error_attempts(&error), 3);
    assert_int_equal(okta_error_retry_after_ms(&error), 1500);
    assert_string_equal(okta_error_message(&error), "message");
    assert_string_equal(okta_error_code(&error), "code");
    assert_string_equal(okta_error_summary(&error), "summary");
    assert_string_equal(okta_error_id(&error), "id");
    assert_string_equal(okta_error_request_id(&error), "request");
    assert_ptr_equal(okta_error_document(&error), document);
    assert_int_equal(okta_error_cause_count(&error), 3);
    assert_string_equal(okta_error_cause_summary(&error, 0), "cause 0");
    assert_null(okta_error_cause_summary(&error, 1));
    assert_string_equal(okta_error_cause_summary(&error, 2), "cause 2");
    assert_null(okta_error_cause_summary(&error, 3));
    assert_null(okta_error_cause_summary(&error, SIZE_MAX));
    assert_string_equal(okta_error_response_body(&error, &length), "body");
    assert_int_equal(length, 4);
    assert_string_equal(okta_error_response_body(&error, NULL), "body");
}

static void names_every_status(void **state)
{
    (void)state;
    assert_string_equal(okta_status_name(OKTA_OK), "OK");
    assert_string_equal(okta_status_name(OKTA_E_NOT_FOUND), "NOT_FOUND");
    assert_string_equal(okta_status_name(OKTA_E_OUTCOME_UNKNOWN), "OUTCOME_UNKNOWN");
    for (int a = OKTA_OK; a <= OKTA_E_OUTCOME_UNKNOWN; a++) {
        assert_string_not_equal(okta_status_name((okta_status)a), "UNKNOWN");
        for (int b = OKTA_OK; b < a; b++) {
            assert_string_not_equal(okta_status_name((okta_status)a), okta_status_name((okta_status)b));
        }
    }
    int foreign = OKTA_E_OUTCOME_UNKNOWN + 1;
    assert_string_equal(okta_status_name((okta_status)foreign), "UNKNOWN");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appends_bytes),
        cmocka_unit_test(grows_without_losing_a_byte),
        cmocka_unit_test(grows_by_doubling),
        cmocka_unit_test(holds_its_limit),
        cmocka_unit_test(reserves_within_its_limit),
        cmocka_unit_test(refuses_sizes_that_overflow),
        cmocka_unit_test(a_failed_append_leaves_all_as_it_was),
        cmocka_unit_test(a_failed_format_marks_the_buffer),
        cmocka_unit_test(wipes_the_memory_it_leaves),
        cmocka_unit_test(gives_its_content_to_an_arena_that_wipes_it),
        cmocka_unit_test(encodes_base64url),
        cmocka_unit_test(encodes_base64_with_padding),
        cmocka_unit_test(groups_digits_by_three),
        cmocka_unit_test(decodes_what_it_encoded),
        cmocka_unit_test(accepts_one_spelling_of_each_value),
        cmocka_unit_test(refuses_what_is_no_base64url),
        cmocka_unit_test(makes_errors),
        cmocka_unit_test(programs_make_errors),
        cmocka_unit_test(an_error_takes_what_it_owns_along),
        cmocka_unit_test(a_shared_error_is_not_written_to),
        cmocka_unit_test(rewording_survives_a_lack_of_memory),
        cmocka_unit_test(cuts_messages_between_characters),
        cmocka_unit_test(out_of_memory_needs_no_memory),
        cmocka_unit_test(null_is_success),
        cmocka_unit_test(accessors_read_their_own_field),
        cmocka_unit_test(names_every_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
