/* SPDX-License-Identifier: Apache-2.0 */
/* Text from elsewhere on a terminal. What a server or an argument says must not move the cursor, switch
 * colours or reverse the direction of a line. */
#ifndef OKTA_KEYS_TEXT_H
#define OKTA_KEYS_TEXT_H

#include <stddef.h>
#include <stdio.h>

/* Print UTF-8 with control characters, and bytes that are not UTF-8, as \xNN, and characters that change the
 * direction of text or break a line as \uNNNN. */
void text_print(FILE *out, const char *text);

/* The same for a text of several lines, behind which a NUL stands: its line ends and tabs stay. */
void text_print_lines(FILE *out, const char *text, size_t length);

/* How many characters text_print() prints. */
size_t text_width(const char *text);

#endif
