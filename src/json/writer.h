/* SPDX-License-Identifier: Apache-2.0 */
/* Writing JSON texts into a buffer. */
#ifndef OKTA_JSON_WRITER_H
#define OKTA_JSON_WRITER_H

#include <stdbool.h>
#include <stddef.h>

#include "core/buffer.h"

/* Append a string with quotes and escapes. False: it is not UTF-8 (the buffer then holds a part of it), or
 * the buffer failed. */
bool oktai_write_string(oktai_buffer *out, const char *text, size_t length);

#endif
