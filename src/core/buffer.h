/* SPDX-License-Identifier: Apache-2.0 */
/* Growable bytes with a cap. A failed append or reserve leaves the content as it was and marks the buffer, so
 * that a run of appends is checked once. Memory that the buffer leaves is wiped. */
#ifndef OKTA_CORE_BUFFER_H
#define OKTA_CORE_BUFFER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* A zeroed buffer is empty, without a cap, and ready. */
typedef struct okta_buffer {
    char *data;      /* NUL-terminated once anything was reserved; NULL before */
    size_t length;   /* bytes without the NUL */
    size_t capacity; /* bytes allocated */
    size_t limit;    /* the largest length; 0: none */
    bool failed;     /* an append failed */
    bool over_limit; /* ... because of the limit, not of memory */
} okta_buffer;

bool okta_buffer_reserve(okta_buffer *buffer, size_t length);
bool okta_buffer_append(okta_buffer *buffer, const void *data, size_t length);
bool okta_buffer_add_char(okta_buffer *buffer, char c);
bool okta_buffer_add_text(okta_buffer *buffer, const char *text);
/* printf into the buffer. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
bool okta_buffer_printf(okta_buffer *buffer, const char *format, ...);
bool okta_buffer_vprintf(okta_buffer *buffer, const char *format, va_list args);
/* Forget the content, keep the memory for reuse, wiped. */
void okta_buffer_reset(okta_buffer *buffer);
/* Wipe and free. */
void okta_buffer_clear(okta_buffer *buffer);

#endif
