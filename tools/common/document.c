/* SPDX-License-Identifier: Apache-2.0 */
#include "document.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MESSAGE_SIZE 1024u
#define REASON_SIZE  320u
#define NAME_MAX     600
#define WORD_MAX     60
#define CHOICES_SIZE 256u

static const char digits[] = "0123456789";

void document_free(document *self)
{
    if (self == NULL) {
        return;
    }
    while (self->latest != NULL) {
        document_node *node = self->latest;
        self->latest = node->before;
        free(node);
    }
    okta_free(self->error);
    free(self);
}

/* The name of a member that a node belongs to: its own, or that of the list that it is in. */
static const char *called(const document_node *node)
{
    while (node != NULL && node->name == NULL) {
        node = node->parent;
    }
    return node == NULL ? NULL : node->name->text;
}

void document_refuse(document *self, const document_node *node, const char *format, ...)
{
    char reason[REASON_SIZE];
    char message[MESSAGE_SIZE];
    const char *name = called(node);
    va_list args;
    if (self->error != NULL) {
        return;
    }
    va_start(args, format);
    (void)vsnprintf(reason, sizeof reason, format, args);
    va_end(args);
    (void)snprintf(message, sizeof message, "%.*s:%zu: %.*s%s%s", NAME_MAX, self->name, document_line(node),
                   WORD_MAX, name == NULL ? "" : name, name == NULL ? "" : ": ", reason);
    self->error = okta_error_new(OKTA_E_CONFIG, message);
}

okta_error *document_error(document *self)
{
    okta_error *error = self->error;
    self->error = NULL;
    return error;
}

const document_node *document_root(const document *self)
{
    return self->root;
}

size_t document_line(const document_node *node)
{
    return node == NULL ? 1 : node->line;
}

const char *document_word(const document_node *node)
{
    return node == NULL || node->kind != DOCUMENT_SCALAR ? NULL : node->text;
}

const document_node *document_first(const document_node *node)
{
    return node == NULL ? NULL : node->first;
}

const document_node *document_next(const document_node *node)
{
    return node->next;
}

const char *document_member_name(const document_node *node)
{
    return node->name == NULL ? NULL : node->name->text;
}

const document_node *document_member(const document_node *mapping, const char *name)
{
    if (mapping == NULL || mapping->kind != DOCUMENT_MAPPING) {
        return NULL;
    }
    const document_node *member = mapping->first;
    while (member != NULL && strcmp(member->name->text, name) != 0) {
        member = member->next;
    }
    return member;
}

const document_node *document_need(document *self, const document_node *mapping, const char *name)
{
    const document_node *member = document_member(mapping, name);
    if (member == NULL) {
        document_refuse(self, mapping, "there is no %s", name);
    }
    return member;
}

/* "file, kid, use and status", or with "or". */
static void join(const char *const *words, const char *last, char out[CHOICES_SIZE])
{
    size_t length = 0;
    out[0] = '\0';
    for (size_t i = 0; words[i] != NULL && length < CHOICES_SIZE; i++) {
        const char *before = i == 0 ? "" : words[i + 1] == NULL ? last : ", ";
        int written = snprintf(out + length, CHOICES_SIZE - length, "%s%s", before, words[i]);
        length += written > 0 ? (size_t)written : 0;
    }
}

static bool is_among(const char *word, const char *const *words, size_t *at)
{
    *at = 0;
    while (words[*at] != NULL && strcmp(word, words[*at]) != 0) {
        ++*at;
    }
    return words[*at] != NULL;
}

bool document_mapping(document *self, const document_node *node, const char *const *names)
{
    char known[CHOICES_SIZE];
    size_t at = 0;
    if (node == NULL) {
        return false;
    }
    if (node->kind != DOCUMENT_MAPPING) {
        join(names, " and ", known);
        document_refuse(self, node, "this is to be a mapping with the members %s", known);
        return false;
    }
    for (const document_node *member = node->first; member != NULL; member = member->next) {
        if (!is_among(member->name->text, names, &at)) {
            join(names, " and ", known);
            document_refuse(self, member, "there is no such member here; what is known is %s", known);
            return false;
        }
    }
    return true;
}

bool document_sequence(document *self, const document_node *node)
{
    if (node != NULL && node->kind != DOCUMENT_SEQUENCE) {
        document_refuse(self, node, "this is to be a list");
    }
    return node != NULL && node->kind == DOCUMENT_SEQUENCE;
}

/* One character or more, each of which is in `of`. */
static bool is_made_of(const char *text, const char *of)
{
    return *text != '\0' && text[strspn(text, of)] == '\0';
}

/* An integer or a float of the core schema of YAML 1.2 (section 10.3.2): 7, 007, 0x1f, 0o17, -1.5e3, .5,
 * .inf. All others are texts, such as 0oa1 and 12:30. */
static bool looks_like_number(const char *text)
{
    static const char *const specials[] = {".inf", ".Inf", ".INF", NULL};
    static const char *const not_numbers[] = {".nan", ".NaN", ".NAN", NULL};
    size_t at = 0;
    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'o')) {
        return is_made_of(text + 2, text[1] == 'x' ? "0123456789abcdefABCDEF" : "01234567");
    }
    if (is_among(text, not_numbers, &at)) {
        return true;
    }
    text += *text == '-' || *text == '+';
    if (is_among(text, specials, &at)) {
        return true;
    }
    size_t whole = strspn(text, digits);
    size_t part = text[whole] == '.' ? strspn(text + whole + 1, digits) : 0;
    text += whole + (text[whole] == '.' ? 1 + part : 0);
    if (whole + part == 0) {
        return false;
    }
    if (*text == 'e' || *text == 'E') {
        text++;
        text += *text == '-' || *text == '+';
        return is_made_of(text, digits);
    }
    return *text == '\0';
}

/* Why a scalar without quotes is no text; NULL: it is one. Readers of YAML do not agree about the words. */
static const char *refuse_plain(const char *text)
{
    static const char *const words[] = {"true", "True", "TRUE", "false", "False", "FALSE", "yes",
                                        "Yes",  "YES",  "no",   "No",    "NO",    "on",    "On",
                                        "ON",   "off",  "Off",  "OFF",   NULL};
    static const char *const nulls[] = {"", "~", "null", "Null", "NULL", NULL};
    size_t at = 0;
    if (is_among(text, nulls, &at)) {
        return "there is no value";
    }
    if (is_among(text, words, &at)) {
        return "this is a truth value: put a text into quotes";
    }
    return looks_like_number(text) ? "this is a number: put a text into quotes" : NULL;
}

const char *document_text(document *self, const document_node *node)
{
    const char *reason = NULL;
    if (node == NULL) {
        return NULL;
    }
    if (node->kind != DOCUMENT_SCALAR) {
        reason = "this is to be a text";
    } else if (node->is_plain) {
        reason = refuse_plain(node->text);
    } else if (node->text[0] == '\0') {
        reason = "the text is empty";
    }
    if (reason != NULL) {
        document_refuse(self, node, "%s", reason);
        return NULL;
    }
    return node->text;
}

size_t document_choice(document *self, const document_node *node, const char *const *choices, size_t fallback)
{
    char known[CHOICES_SIZE];
    size_t at = 0;
    if (node == NULL) {
        return fallback;
    }
    if (node->kind == DOCUMENT_SCALAR && is_among(node->text, choices, &at)) {
        return at;
    }
    join(choices, " or ", known);
    if (node->kind == DOCUMENT_SCALAR) {
        document_refuse(self, node, "this is %s, not '%.*s'", known, WORD_MAX, node->text);
    } else {
        document_refuse(self, node, "this is %s", known);
    }
    return fallback;
}

/* Digits without a sign or a zero in front; the sign of a negative number is cut off. */
static bool read_digits(const char *text, uint64_t *out)
{
    uint64_t value = 0;
    bool is_number = text[0] != '\0' && (text[0] != '0' || text[1] == '\0');
    for (; is_number && *text != '\0'; text++) {
        unsigned digit = (unsigned)(unsigned char)*text - '0';
        is_number = digit <= 9 && value <= ((uint64_t)INT64_MAX - digit) / 10;
        value = value * 10 + digit;
    }
    *out = value;
    return is_number;
}

int64_t document_integer(document *self, const document_node *node, int64_t min, int64_t max,
                         int64_t fallback)
{
    uint64_t value = 0;
    if (node == NULL) {
        return fallback;
    }
    if (node->kind == DOCUMENT_SCALAR && node->is_plain) {
        bool is_negative = node->text[0] == '-';
        if (read_digits(node->text + (is_negative ? 1 : 0), &value)) {
            int64_t number = is_negative ? -(int64_t)value : (int64_t)value;
            if (number >= min && number <= max) {
                return number;
            }
        }
    }
    document_refuse(self, node, "this is a number from %" PRId64 " to %" PRId64 "%s", min, max,
                    node->kind == DOCUMENT_SCALAR && !node->is_plain ? ", without quotes" : "");
    return fallback;
}

bool document_truth(document *self, const document_node *node, bool fallback)
{
    if (node == NULL) {
        return fallback;
    }
    bool is_plain = node->kind == DOCUMENT_SCALAR && node->is_plain;
    bool is_true = is_plain && strcmp(node->text, "true") == 0;
    if (!is_true && !(is_plain && strcmp(node->text, "false") == 0)) {
        document_refuse(self, node, "this is true or false%s",
                        node->kind == DOCUMENT_SCALAR && !is_plain ? ", without quotes" : "");
        return fallback;
    }
    return is_true;
}
