/* SPDX-License-Identifier: Apache-2.0 */
/* Private keys as secret stores, environment files and templates hand them out. What can mean one key only is
 * brought into the form that the readers of PEM and JWK take:
 *
 * - white space and a byte order mark around it, and quotes that an environment file kept;
 * - base64 of it, in one line or several;
 * - PEM whose line ends are lost, doubled, spaces, carriage returns, or written as `\n`;
 * - a JWK whose quotes are escaped, and a JWK set of one key. */
#ifndef OKTA_KEYS_KEY_TEXT_H
#define OKTA_KEYS_KEY_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/buffer.h"
#include "okta/error.h"

typedef enum oktai_key_shape {
    OKTAI_KEY_SHAPE_NONE, /* neither: it may be a path */
    OKTAI_KEY_SHAPE_PEM,
    OKTAI_KEY_SHAPE_JWK,
} oktai_key_shape;

/* Append the key to `out` in the form that was found, or, for OKTAI_KEY_SHAPE_NONE, the text without what
 * stood around it.
 *
 * Errors, whose messages never show the text: OKTA_E_CONFIG (several keys, a key that was cut off or lacks
 * its BEGIN and END lines), OKTA_E_NOMEM. */
okta_error *oktai_key_text_read(const char *text, size_t length, oktai_buffer *out, oktai_key_shape *shape);

/* What the bytes of a file are that are neither PEM nor a JWK, as the rest of a sentence. */
const char *oktai_key_text_other(const char *text, size_t length);

#endif
