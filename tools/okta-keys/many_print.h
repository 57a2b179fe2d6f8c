/* SPDX-License-Identifier: Apache-2.0 */
/* What is printed of many apps. */
#ifndef OKTA_KEYS_MANY_PRINT_H
#define OKTA_KEYS_MANY_PRINT_H

#include "many_work.h"

/* Print all whose turn it is, in the order of the command line. */
void many_print_ended(many *self);

/* The last line: how many are done. */
void many_sum_up(const many *self);

/* The same of any apps. `first_left`, the first that was not begun, is NULL where all were. */
void many_print_sum(size_t done, size_t failed, size_t left, const char *first_left, many_stop stop);

/* Print the member `error` of an app in JSON. NULL: the app was not begun. */
int many_print_error(const okta_error *error);

void many_clear_app(many_app *app);

/* Print the line in front of what an app has, and its models in JSON. */
void many_print_title(const many *self, const many_app *app);
int many_print_models(const many *self, size_t count, output_model_at *at, const void *list);

/* Print a cell of a line, which has that width at least, and the last one, with the line's end. NULL and ""
 * show as "-". */
void many_print_cell(const char *text, size_t width);
void many_print_last(const char *text);

#endif
