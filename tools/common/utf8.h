/* SPDX-License-Identifier: Apache-2.0 */
/* Text from elsewhere, character by character. */
#ifndef OKTA_TOOLS_UTF8_H
#define OKTA_TOOLS_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* Decode one UTF-8 sequence in front of `end`. Returns its length; 0 when the bytes are none (RFC 3629,
 * section 4). */
size_t utf8_decode(const char *text, const char *end, uint32_t *out);

#endif
