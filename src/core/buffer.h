/* SPDX-License-Identifier: Apache-2.0 */
/* Growable bytes with a cap. A failed append or reserve leaves the content as it was and marks the buffer, so
 * that a run of appends is checked once. Memory that the buffer leaves is wiped. */
#ifndef OKTA_CORE_BUFFER_H
#define OKTA_CORE_BUFFER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"

/* A zeroed buffer is empty, without a cap, and ready. */
typedef struct oktai_buffer {
    char *data;      /* NUL-terminated once anything was reserved; NULL before */
    size_t length;   /* bytes without the NUL */
    size_t capacity; /* bytes allocated */
    size_t limit;    /* the largest length; 0: none */
    bool failed;     /* an append failed */
    bool over_limit; /* ... because of the limit, not of memory */
} oktai_buffer;

/* Whether a content of `length` bytes fits as it is. */
inline bool oktai_buffer_has_room(const oktai_buffer *buffer, size_t length)
{
    return length < buffer->capacity && !buffer->failed && (buffer->limit == 0 || length <= buffer->limit);
}
/* Make room for a content of `length` bytes. */
bool oktai_buffer_reserve(oktai_buffer *buffer, size_t length);
bool oktai_buffer_append(oktai_buffer *buffer, const void *data, size_t length);
/* Inline, since JSON consists of single characters for a good part. What is made for size calls the function
 * in buffer.c, which is one for all. */
inline bool oktai_buffer_add_char(oktai_buffer *buffer, char c)
{
    if (!oktai_buffer_has_room(buffer, buffer->length + 1)) {
        return oktai_buffer_append(buffer, &c, 1);
    }
    /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): what has room has data */
    buffer->data[buffer->length++] = c;
    buffer->data[buffer->length] = '\0';
    return true;
}
bool oktai_buffer_add_text(oktai_buffer *buffer, const char *text);
/* printf into the buffer. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
bool oktai_buffer_printf(oktai_buffer *buffer, const char *format, ...);
bool oktai_buffer_vprintf(oktai_buffer *buffer, const char *format, va_list args);
/* The digits of a number that is not negative, with a comma in front of each three. */
bool oktai_buffer_add_grouped(oktai_buffer *buffer, int64_t number);
/* Forget the content, keep the memory for reuse, wiped. */
void oktai_buffer_reset(oktai_buffer *buffer);
/* Wipe and free. */
void oktai_buffer_clear(oktai_buffer *buffer);
/* The content stays where it is and goes with the arena; the buffer is empty. False: out of memory, and the
 * buffer is as it was. */
bool oktai_buffer_give(oktai_buffer *buffer, oktai_arena *arena);

#endif
