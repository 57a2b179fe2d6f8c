/* SPDX-License-Identifier: Apache-2.0 */
#include "core/buffer.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CAPACITY_MIN 256u

extern inline bool oktai_buffer_has_room(const oktai_buffer *buffer, size_t length);
extern inline bool oktai_buffer_add_char(oktai_buffer *buffer, char c);

static bool fail(oktai_buffer *buffer, bool over_limit)
{
    buffer->failed = true;
    buffer->over_limit = buffer->over_limit || over_limit;
    return false;
}

/* realloc would leave a copy of secrets behind. */
static bool move_to(oktai_buffer *buffer, size_t capacity)
{
    char *data = malloc(capacity);
    if (data == NULL) {
        return fail(buffer, false);
    }
    if (buffer->length > 0) {
        memcpy(data, buffer->data, buffer->length);
    }
    data[buffer->length] = '\0';
    oktai_wipe(buffer->data, buffer->capacity);
    free(buffer->data);
    buffer->data = data;
    buffer->capacity = capacity;
    return true;
}

bool oktai_buffer_reserve(oktai_buffer *buffer, size_t length)
{
    if (buffer->failed) {
        return false;
    }
    if (buffer->limit != 0 && length > buffer->limit) {
        return fail(buffer, true);
    }
    if (length < buffer->capacity) {
        return true;
    }
    if (length >= SIZE_MAX / 2) {
        return fail(buffer, false);
    }
    size_t capacity = buffer->capacity * 2;
    if (capacity < CAPACITY_MIN) {
        capacity = CAPACITY_MIN;
    }
    if (buffer->limit != 0 && capacity > buffer->limit) {
        capacity = buffer->limit + 1;
    }
    if (capacity <= length) {
        capacity = length + 1;
    }
    return move_to(buffer, capacity);
}

bool oktai_buffer_append(oktai_buffer *buffer, const void *data, size_t length)
{
    if (buffer->failed) {
        return false;
    }
    if (length > SIZE_MAX / 2 - buffer->length) {
        return fail(buffer, false);
    }
    size_t whole = buffer->length + length;
    if (!oktai_buffer_has_room(buffer, whole) && !oktai_buffer_reserve(buffer, whole)) {
        return false;
    }
    if (length > 0) {
        memcpy(buffer->data + buffer->length, data, length);
    }
    buffer->length += length;
    buffer->data[buffer->length] = '\0';
    return true;
}

bool oktai_buffer_add_text(oktai_buffer *buffer, const char *text)
{
    return oktai_buffer_append(buffer, text, strlen(text));
}

bool oktai_buffer_vprintf(oktai_buffer *buffer, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    bool ok =
        length >= 0 ? oktai_buffer_reserve(buffer, buffer->length + (size_t)length) : fail(buffer, false);
    if (ok) {
        vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, again);
        buffer->length += (size_t)length;
    }
    va_end(again);
    return ok;
}

bool oktai_buffer_printf(oktai_buffer *buffer, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    bool ok = oktai_buffer_vprintf(buffer, format, args);
    va_end(args);
    return ok;
}

bool oktai_buffer_add_grouped(oktai_buffer *buffer, int64_t number)
{
    if (number < 1000) {
        return oktai_buffer_printf(buffer, "%" PRId64, number);
    }
    return oktai_buffer_add_grouped(buffer, number / 1000) &&
           oktai_buffer_printf(buffer, ",%03" PRId64, number % 1000);
}

void oktai_buffer_reset(oktai_buffer *buffer)
{
    oktai_wipe(buffer->data, buffer->length);
    buffer->length = 0;
    buffer->failed = false;
    buffer->over_limit = false;
    if (buffer->data != NULL) {
        buffer->data[0] = '\0';
    }
}

void oktai_buffer_clear(oktai_buffer *buffer)
{
    oktai_wipe(buffer->data, buffer->capacity);
    free(buffer->data);
    *buffer = (oktai_buffer){.limit = buffer->limit};
}

/* Behind the NUL nothing was written. */
bool oktai_buffer_give(oktai_buffer *buffer, oktai_arena *arena)
{
    if (buffer->data != NULL && !oktai_arena_adopt(arena, buffer->data, buffer->length + 1)) {
        return false;
    }
    *buffer = (oktai_buffer){.limit = buffer->limit};
    return true;
}
