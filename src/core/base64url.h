/* SPDX-License-Identifier: Apache-2.0 */
/* base64url without padding (RFC 4648, section 5), and base64. */
#ifndef OKTA_CORE_BASE64URL_H
#define OKTA_CORE_BASE64URL_H

#include <stdbool.h>
#include <stddef.h>

/* Characters that `size` bytes take, without a NUL. */
size_t oktai_base64url_length(size_t size);
/* Write the text and a NUL. */
void oktai_base64url_encode(const unsigned char *bytes, size_t size, char *out);
/* Strict: no padding, no other character, no stray bits at the end. `out` has room for `length` / 4 * 3 + 2
 * bytes. False: not base64url. */
bool oktai_base64url_decode(const char *text, size_t length, unsigned char *out, size_t *out_size);

/* The same with the alphabet and the padding of RFC 4648, section 4. */
size_t oktai_base64_length(size_t size);
void oktai_base64_encode(const unsigned char *bytes, size_t size, char *out);

/* The six bits of a letter of base64, whose last two letters are `last`: "-_" here, "+/" in PEM. -1: no
 * letter. */
int oktai_base64_value(char c, const char last[2]);

#endif
