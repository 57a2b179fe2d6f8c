/* SPDX-License-Identifier: Apache-2.0 */
/* Text from elsewhere on a terminal. What a server or an argument says must not move the cursor, switch
 * colours, reverse the direction of a line, or hide characters in it. */
#ifndef OKTA_TOOLS_TEXT_H
#define OKTA_TOOLS_TEXT_H

#include <stddef.h>
#include <stdio.h>

/* Print UTF-8. Control characters, invisible characters, and those that change the direction of text or break
 * a line show as \xNN, \uNNNN or \UNNNNNNNN, and bytes that are not UTF-8 as \xNN. */
void text_print(FILE *out, const char *text);

/* The same for a text of several lines: its line ends and tabs stay. */
void text_print_lines(FILE *out, const char *text, size_t length);

/* The same with the escapes of JSON: what is valid JSON stays the same JSON. */
void text_print_json(FILE *out, const char *text, size_t length);

/* How many bytes of a text fit into `max` without a part of a character at their end. */
size_t text_cut(const char *text, size_t max);

/* How many characters text_print() prints. */
size_t text_width(const char *text);

#endif
