/* SPDX-License-Identifier: Apache-2.0 */
/* UTF-8 texts. */
#ifndef OKTA_CORE_UTF8_H
#define OKTA_CORE_UTF8_H

#include <stddef.h>

/* Bytes of the well-formed sequence beyond ASCII at `p` (Unicode, table 3-7); 0: not well-formed. */
size_t oktai_utf8_sequence(const char *p, const char *end);

/* Make it one line of text: control characters, and bytes that are not UTF-8, become spaces. */
void oktai_utf8_flatten(char *text, size_t length);

#endif
