/* SPDX-License-Identifier: Apache-2.0 */
/* PEM framing (RFC 7468; headers: RFC 1421, section 4.6). OpenSSL's reader leaves a part of what it decoded
 * in memory. */
#ifndef OKTA_KEYS_PEM_TEXT_H
#define OKTA_KEYS_PEM_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "keys/parts.h"

/* Text between two positions. */
typedef struct okta_text {
    const char *at;
    const char *end;
} okta_text;

/* A block as it stands in the text. */
typedef struct okta_pem_block {
    okta_text label;  /* what stands behind BEGIN */
    okta_text header; /* lines such as "DEK-Info: ..."; empty: none */
    okta_text base64;
} okta_pem_block;

/* Bytes in an arena, to be changed in place. */
typedef struct okta_octets {
    unsigned char *data;
    size_t size;
} okta_octets;

/* Find the next block and move behind it. False without `*damaged`: there is none. A block begins at the
 * start of a line; what stands between blocks is skipped. */
bool okta_pem_next(okta_text *text, okta_pem_block *out, bool *damaged);

bool okta_pem_has_label(const okta_pem_block *block, const char *label);

/* Decode the content into the arena. `out->size` is 0 when it is not base64. False: out of memory. */
bool okta_pem_decode(const okta_pem_block *block, okta_arena *arena, okta_octets *out);

/* DER as a block "PRIVATE KEY", NUL-terminated, which okta_free() takes. NULL: out of memory. */
char *okta_pem_write_private(okta_bytes der);

#endif
