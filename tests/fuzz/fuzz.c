/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "okta/common.h"

void fuzz_fail(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
    abort();
}

uint8_t fuzz_byte(fuzz_input *input)
{
    if (input->left == 0) {
        return 0;
    }
    input->left--;
    return *input->next++;
}

size_t fuzz_choice(fuzz_input *input, size_t count)
{
    return fuzz_byte(input) % count;
}

uint32_t fuzz_u32(fuzz_input *input)
{
    uint32_t value = 0;
    for (int i = 0; i < 4; i++) {
        value = value << 8 | fuzz_byte(input);
    }
    return value;
}

int64_t fuzz_range(fuzz_input *input, int64_t min, int64_t max)
{
    uint64_t span = (uint64_t)max - (uint64_t)min;
    uint8_t how = fuzz_byte(input);
    uint64_t offset = how >> 2;
    if ((how & 3) == 1) {
        offset = (uint64_t)fuzz_u32(input) << 32 | fuzz_u32(input);
    } else if ((how & 3) == 2) {
        offset = fuzz_u32(input);
    } else if ((how & 3) == 3) {
        offset = span - (offset < span ? offset : span);
    }
    offset = span == UINT64_MAX ? offset : offset % (span + 1);
    return (int64_t)((uint64_t)min + offset);
}

bool fuzz_more(const fuzz_input *input)
{
    return input->left > 0;
}

static fuzz_text take(fuzz_input *input, size_t length)
{
    fuzz_text piece = {malloc(length + 1), length};
    FUZZ_CHECK(piece.text != NULL);
    if (length > 0) {
        memcpy(piece.text, input->next, length);
        input->next += length;
        input->left -= length;
    }
    piece.text[length] = '\0';
    return piece;
}

fuzz_text fuzz_rest(fuzz_input *input)
{
    return take(input, input->left);
}

fuzz_text fuzz_line(fuzz_input *input)
{
    const uint8_t *end = input->left == 0 ? NULL : memchr(input->next, '\n', input->left);
    fuzz_text line = take(input, end == NULL ? input->left : (size_t)(end - input->next));
    fuzz_byte(input);
    return line;
}

char *fuzz_exact(fuzz_text text)
{
    char *copy = malloc(text.length);
    FUZZ_CHECK(copy != NULL || text.length == 0);
    if (text.length > 0) {
        memcpy(copy, text.text, text.length);
    }
    return copy;
}

static bool is_one_line(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < ' ' || *text == 0x7f) {
            return false;
        }
    }
    return true;
}

okta_status fuzz_take(okta_error *error)
{
    okta_status status = okta_error_status(error);
    const char *message = okta_error_message(error);
    size_t length;
    const char *body = okta_error_response_body(error, &length);
    FUZZ_CHECK((error == NULL) == (status == OKTA_OK));
    FUZZ_CHECK(strcmp(okta_status_name(status), "UNKNOWN") != 0);
    FUZZ_CHECK(message != NULL && message[0] != '\0' && is_one_line(message));
    FUZZ_CHECK(okta_error_retry_after_ms(error) >= 0 && okta_error_retry_at(error) >= 0);
    FUZZ_CHECK((body == NULL) == (length == 0) && (body == NULL || body[length] == '\0'));
    for (size_t i = 0; i <= okta_error_cause_count(error); i++) {
        const char *cause = okta_error_cause_summary(error, i);
        FUZZ_CHECK(cause == NULL || strlen(cause) <= length);
    }
    okta_free(error);
    return status;
}

void fuzz_expect_success(okta_error *error)
{
    if (error != NULL) {
        fuzz_fail(__FILE__, __LINE__, okta_error_message(error));
    }
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    const char *found = c == '\0' ? NULL : strchr(digits, c);
    return found == NULL ? -1 : (int)((found - digits) % 16);
}

/* The byte that a reader of URLs sees at `*p`, which moves on; -1: a broken escape. */
static int read_byte(const char **p)
{
    int c = (unsigned char)*(*p)++;
    if (c != '%') {
        return c;
    }
    int high = hex_digit((*p)[0]);
    int low = high < 0 ? -1 : hex_digit((*p)[1]);
    *p += low < 0 ? 0 : 2;
    return low < 0 ? -1 : high * 16 + low;
}

bool fuzz_is_clean_target(const char *target)
{
    const char *end = target + strcspn(target, "?");
    if (target[0] != '/' || strchr(target, '#') != NULL) {
        return false;
    }
    for (const char *p = target; p < end;) {
        char name[4] = "";
        size_t length = 0;
        bool parameters = false;
        for (p++; p < end && *p != '/';) {
            int c = read_byte(&p);
            if (c < ' ' || c == 0x7f || c == '/' || c == '\\' || c == '%') {
                return false;
            }
            parameters = parameters || c == ';';
            if (!parameters && length++ < sizeof name - 1) {
                name[length - 1] = (char)c;
            }
        }
        bool last = p >= end;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || (length == 0 && (parameters || !last))) {
            return false;
        }
    }
    return true;
}
