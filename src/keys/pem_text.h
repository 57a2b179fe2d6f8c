/* SPDX-License-Identifier: Apache-2.0 */
/* PEM framing (RFC 7468; headers: RFC 1421, section 4.6). OpenSSL's reader leaves a part of what it decoded
 * in memory. */
#ifndef OKTA_KEYS_PEM_TEXT_H
#define OKTA_KEYS_PEM_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "keys/bytes.h"
#include "okta/common.h"

/* A block as it stands in the text. */
typedef struct oktai_pem_block {
    okta_text label;  /* what stands behind BEGIN */
    okta_text header; /* lines such as "DEK-Info: ..."; empty: none */
    okta_text base64;
} oktai_pem_block;

/* Bytes in an arena, to be changed in place. */
typedef struct oktai_octets {
    unsigned char *data;
    size_t size;
} oktai_octets;

/* Find the next block and move behind it. False without `*damaged`: there is none. A block begins at the
 * start of a line; what stands between blocks is skipped. */
bool oktai_pem_next(okta_text *text, oktai_pem_block *out, bool *damaged);

bool oktai_pem_has_label(const oktai_pem_block *block, const char *label);

/* Decode the content into the arena. `out->size` is 0 when it is not base64. False: out of memory. */
bool oktai_pem_decode(const oktai_pem_block *block, oktai_arena *arena, oktai_octets *out);

/* DER as a block "PRIVATE KEY", NUL-terminated, which okta_free() takes. NULL: out of memory. */
char *oktai_pem_write_private(oktai_bytes der);

#endif
