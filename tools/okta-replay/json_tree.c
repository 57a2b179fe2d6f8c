/* SPDX-License-Identifier: Apache-2.0 */
#include "json_tree.h"

#include <stdlib.h>
#include <string.h>

#include "core/error.h"
#include "json/engine.h"

static bool read_value(oktai_reader *reader, oktai_arena *arena, json_node *out);

static bool no_memory(oktai_reader *reader)
{
    reader->no_memory = true;
    if (reader->problem == NULL) {
        reader->problem = "out of memory";
    }
    return false;
}

/* An element or a member becomes one more item of `items`. */
static bool read_item(oktai_reader *reader, oktai_arena *arena, okta_text name, oktai_vector *items)
{
    json_node item = {.name = name};
    if (!read_value(reader, arena, &item)) {
        return false;
    }
    json_node *slot = oktai_arena_push(arena, items, sizeof *slot);
    if (slot == NULL) {
        return no_memory(reader);
    }
    *slot = item;
    return true;
}

static bool read_items(oktai_reader *reader, oktai_arena *arena, json_node *out)
{
    oktai_vector items = {0};
    okta_text name = {0};
    bool object = out->type == OKTAI_JSON_OBJECT;
    if (!oktai_reader_enter(reader)) {
        return false;
    }
    for (bool first = true;
         object ? oktai_reader_member(reader, first, arena, &name) : oktai_reader_element(reader, first);
         first = false) {
        if (!read_item(reader, arena, name, &items)) {
            return false;
        }
    }
    out->items = items.data;
    out->count = items.count;
    return reader->problem == NULL;
}

static bool read_value(oktai_reader *reader, oktai_arena *arena, json_node *out)
{
    out->type = oktai_reader_peek(reader);
    switch (out->type) {
    case OKTAI_JSON_OBJECT:
    case OKTAI_JSON_ARRAY:
        return read_items(reader, arena, out);
    case OKTAI_JSON_STRING:
        return oktai_reader_text(reader, arena, &out->text);
    case OKTAI_JSON_NUMBER:
    case OKTAI_JSON_TRUE:
    case OKTAI_JSON_FALSE:
    case OKTAI_JSON_NULL:
    case OKTAI_JSON_INVALID:
        break;
    }
    return oktai_reader_skip(reader, &out->text);
}

okta_error *json_tree_read(oktai_arena *arena, const char *text, size_t length, json_node *out)
{
    oktai_reader reader;
    oktai_reader_init(&reader, text, length);
    *out = (json_node){.type = OKTAI_JSON_INVALID};
    bool good = read_value(&reader, arena, out) && oktai_reader_finish(&reader);
    return good ? NULL : oktai_engine_damage(&reader);
}

const json_node *json_tree_member(const json_node *object, const char *name)
{
    size_t length = strlen(name);
    for (size_t i = 0; object->type == OKTAI_JSON_OBJECT && i < object->count; i++) {
        const json_node *item = &object->items[i];
        if (item->name.length == length && memcmp(item->name.text, name, length) == 0) {
            return item;
        }
    }
    return NULL;
}

/* A number as its digits without zeros at either end, and the power of ten behind the last of them. */
typedef struct decimal {
    bool negative;
    const char *digits; /* with at most one dot among them */
    size_t length;
    int64_t exponent;
} decimal;

#define EXPONENT_MAX INT64_C(1000000000000000)

static int64_t read_exponent(const char *at, const char *end)
{
    int64_t value = 0;
    bool negative = at < end && *at == '-';
    for (at += at < end && (*at == '-' || *at == '+'); at < end && value < EXPONENT_MAX; at++) {
        value = value * 10 + (*at - '0');
    }
    return negative ? -value : value;
}

static decimal read_decimal(okta_text text)
{
    const char *at = text.text;
    const char *end = text.text + text.length;
    decimal out = {.negative = at < end && *at == '-'};
    at += out.negative;
    const char *mantissa_end = at;
    while (mantissa_end < end && *mantissa_end != 'e' && *mantissa_end != 'E') {
        mantissa_end++;
    }
    if (mantissa_end < end) {
        out.exponent = read_exponent(mantissa_end + 1, end);
    }
    const char *dot = memchr(at, '.', (size_t)(mantissa_end - at));
    if (dot != NULL) {
        out.exponent -= mantissa_end - dot - 1;
    }
    while (at < mantissa_end && (*at == '0' || *at == '.')) {
        at++;
    }
    while (at < mantissa_end && (mantissa_end[-1] == '0' || mantissa_end[-1] == '.')) {
        out.exponent += mantissa_end[-1] == '0';
        mantissa_end--;
    }
    out.digits = at;
    out.length = (size_t)(mantissa_end - at);
    return out;
}

/* The digit at `*at` of a decimal, whose dot is skipped; '\0' behind the last one. */
static char next_digit(const decimal *number, size_t *at)
{
    *at += *at < number->length && number->digits[*at] == '.';
    return *at < number->length ? number->digits[(*at)++] : '\0';
}

bool json_number_same(okta_text one, okta_text other)
{
    const decimal a = read_decimal(one);
    const decimal b = read_decimal(other);
    size_t in_a = 0;
    size_t in_b = 0;
    char digit;
    if (a.length == 0 || b.length == 0) {
        return a.length == b.length; /* zero, whatever its sign and exponent are */
    }
    if (a.negative != b.negative || a.exponent != b.exponent) {
        return false;
    }
    do {
        digit = next_digit(&a, &in_a);
        if (digit != next_digit(&b, &in_b)) {
            return false;
        }
    } while (digit != '\0');
    return true;
}

typedef struct comparison {
    oktai_arena *arena;
    oktai_buffer *pointer;
    bool no_memory;
} comparison;

static bool compare_values(comparison *c, const json_node *expected, const json_node *actual);

/* `~` and `/` have escapes in a pointer. */
static void add_step(oktai_buffer *pointer, okta_text name)
{
    oktai_buffer_add_char(pointer, '/');
    for (size_t i = 0; i < name.length; i++) {
        if (name.text[i] == '~' || name.text[i] == '/') {
            oktai_buffer_add_text(pointer, name.text[i] == '~' ? "~0" : "~1");
        } else {
            oktai_buffer_add_char(pointer, name.text[i]);
        }
    }
}

static void leave_step(oktai_buffer *pointer, size_t length)
{
    if (pointer->data != NULL && pointer->length > length) {
        pointer->data[length] = '\0';
        pointer->length = length;
    }
}

static int by_text(okta_text one, okta_text other)
{
    size_t length = one.length < other.length ? one.length : other.length;
    int order = length == 0 ? 0 : memcmp(one.text, other.text, length);
    return order != 0 ? order : (one.length > other.length) - (one.length < other.length);
}

/* By name; of one name in the order of the text. */
static int by_name(const void *one, const void *other)
{
    const json_node *a = *(const json_node *const *)one;
    const json_node *b = *(const json_node *const *)other;
    int order = by_text(a->name, b->name);
    return order != 0 ? order : (a > b) - (a < b);
}

/* The members of an object by name. NULL: out of memory. */
static const json_node **sort_all(oktai_arena *arena, const json_node *object)
{
    const json_node **sorted = oktai_arena_array(arena, object->count + 1, sizeof *sorted);
    for (size_t i = 0; sorted != NULL && i < object->count; i++) {
        sorted[i] = &object->items[i];
    }
    if (sorted != NULL) {
        qsort(sorted, object->count, sizeof *sorted, by_name);
    }
    return sorted;
}

static bool doubled_here(oktai_arena *arena, const json_node *object, oktai_vector *out)
{
    const json_node **sorted = sort_all(arena, object);
    for (size_t i = 1; sorted != NULL && i < object->count; i++) {
        if (by_text(sorted[i - 1]->name, sorted[i]->name) == 0) {
            okta_text *slot = oktai_arena_push(arena, out, sizeof *slot);
            if (slot == NULL) {
                return false;
            }
            *slot = sorted[i]->name;
        }
    }
    return sorted != NULL;
}

bool json_tree_doubled(oktai_arena *arena, const json_node *document, oktai_vector *out)
{
    bool good = document->type != OKTAI_JSON_OBJECT || doubled_here(arena, document, out);
    for (size_t i = 0; good && i < document->count; i++) {
        good = json_tree_doubled(arena, &document->items[i], out);
    }
    return good;
}

/* The members of an object by name, the first of each name only. NULL: out of memory. */
static const json_node **sort_members(comparison *c, const json_node *object, size_t *out_count)
{
    const json_node **sorted = sort_all(c->arena, object);
    size_t count = 0;
    if (sorted == NULL) {
        c->no_memory = true;
        return NULL;
    }
    for (size_t i = 0; i < object->count; i++) {
        if (count == 0 || by_text(sorted[count - 1]->name, sorted[i]->name) != 0) {
            sorted[count++] = sorted[i];
        }
    }
    *out_count = count;
    return sorted;
}

/* Whether both have this member, and with the same value. The pointer stays at what differs. */
static bool compare_member(comparison *c, okta_text name, const json_node *expected, const json_node *actual)
{
    size_t length = c->pointer->length;
    add_step(c->pointer, name);
    if (expected == NULL || actual == NULL || !compare_values(c, expected, actual)) {
        return false;
    }
    leave_step(c->pointer, length);
    return true;
}

static bool compare_objects(comparison *c, const json_node *expected, const json_node *actual)
{
    size_t count_a = 0;
    size_t count_b = 0;
    const json_node **a = sort_members(c, expected, &count_a);
    const json_node **b = a == NULL ? NULL : sort_members(c, actual, &count_b);
    size_t i = 0;
    size_t j = 0;
    if (b == NULL) {
        return false;
    }
    while (i < count_a || j < count_b) {
        int order = i == count_a ? 1 : j == count_b ? -1 : by_text(a[i]->name, b[j]->name);
        bool same = order < 0    ? compare_member(c, a[i]->name, a[i], NULL)
                    : order == 0 ? compare_member(c, a[i]->name, a[i], b[j])
                                 : compare_member(c, b[j]->name, NULL, b[j]);
        if (!same) {
            return false;
        }
        i += order <= 0;
        j += order >= 0;
    }
    return true;
}

static bool compare_arrays(comparison *c, const json_node *expected, const json_node *actual)
{
    size_t length = c->pointer->length;
    size_t most = expected->count > actual->count ? expected->count : actual->count;
    for (size_t i = 0; i < most; i++) {
        oktai_buffer_printf(c->pointer, "/%zu", i);
        if (i >= expected->count || i >= actual->count ||
            !compare_values(c, &expected->items[i], &actual->items[i])) {
            return false;
        }
        leave_step(c->pointer, length);
    }
    return true;
}

static bool compare_values(comparison *c, const json_node *expected, const json_node *actual)
{
    if (expected->type != actual->type) {
        return false;
    }
    switch (expected->type) {
    case OKTAI_JSON_OBJECT:
        return compare_objects(c, expected, actual);
    case OKTAI_JSON_ARRAY:
        return compare_arrays(c, expected, actual);
    case OKTAI_JSON_STRING:
        return by_text(expected->text, actual->text) == 0;
    case OKTAI_JSON_NUMBER:
        return json_number_same(expected->text, actual->text);
    case OKTAI_JSON_TRUE:
    case OKTAI_JSON_FALSE:
    case OKTAI_JSON_NULL:
    case OKTAI_JSON_INVALID:
        break;
    }
    return true;
}

okta_error *json_tree_compare(oktai_arena *arena, const json_node *expected, const json_node *actual,
                              oktai_buffer *pointer, bool *out_same)
{
    comparison c = {.arena = arena, .pointer = pointer};
    *out_same = compare_values(&c, expected, actual);
    return c.no_memory || pointer->failed ? oktai_error_nomem() : NULL;
}
