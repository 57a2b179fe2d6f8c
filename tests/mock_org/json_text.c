/* SPDX-License-Identifier: Apache-2.0 */
#include "mock_json_text.h"

#include "mock_text.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS "0123456789"
/* The texts of numbers that are longer stand for no double. */
#define MAX_NUMBER 400

static size_t digits(const char *text)
{
    return strspn(text, DIGITS);
}

/* The length of a number as RFC 8259 writes it; 0: it is none. */
static size_t number_length(const char *text, bool *out_integer)
{
    const char *at = text + (*text == '-');
    size_t whole = digits(at);
    *out_integer = true;
    if (whole == 0 || (whole > 1 && *at == '0')) {
        return 0;
    }
    at += whole;
    if (*at == '.') {
        size_t fraction = digits(++at);
        *out_integer = false;
        if (fraction == 0) {
            return 0;
        }
        at += fraction;
    }
    if (*at == 'e' || *at == 'E') {
        at++;
        at += *at == '+' || *at == '-';
        size_t exponent = digits(at);
        *out_integer = false;
        if (exponent == 0) {
            return 0;
        }
        at += exponent;
    }
    return (size_t)(at - text);
}

/* Whether a number comes back: an integer to its last digit, any other one as long as it is finite. cJSON
 * holds it as a double, and writes it with 15 digits where the rest seems small. */
static bool is_kept(const char *text, size_t length, bool integer)
{
    char copy[MAX_NUMBER + 1];
    char again[MAX_NUMBER + 1];
    if (length > MAX_NUMBER) {
        return false;
    }
    memcpy(copy, text, length);
    copy[length] = '\0';
    double value = strtod(copy, NULL);
    if (!isfinite(value)) {
        return false;
    }
    cJSON number = {.type = cJSON_Number};
    (void)cJSON_SetNumberHelper(&number, value);
    if (!cJSON_PrintPreallocated(&number, again, sizeof again, false)) {
        return false;
    }
    double written = strtod(again, NULL);
    (void)snprintf(again, sizeof again, "%.0f", value);
    return isfinite(written) && (!integer || (written == value && strcmp(again, copy) == 0));
}

/* The length of a string with its quotes; 0: it does not end, or has a control character. */
static size_t string_length(const char *text)
{
    size_t i = 1;
    while (text[i] != '"') {
        if ((unsigned char)text[i] < 0x20) {
            return 0;
        }
        i += text[i] == '\\' && text[i + 1] != '\0' ? 2 : 1;
    }
    return i + 1;
}

bool mock_json_text_is_kept(const char *text)
{
    size_t depth = 0;
    if (!mock_is_utf8(text)) {
        return false;
    }
    while (*text != '\0') {
        size_t length = 1;
        bool integer = true;
        if (*text == '"') {
            length = string_length(text);
        } else if (*text == '-' || digits(text) > 0) {
            length = number_length(text, &integer);
            length = is_kept(text, length, integer) ? length : 0;
        } else if (*text == '{' || *text == '[') {
            depth++;
        } else if ((*text == '}' || *text == ']') && depth > 0) {
            depth--;
        }
        if (length == 0 || depth > MOCK_JSON_DEPTH_MAX) {
            return false;
        }
        text += length;
    }
    return true;
}
