/* SPDX-License-Identifier: Apache-2.0 */
/* The JSON of --json, and the answer of a request: the text that Okta sent, byte for byte, and on a terminal
 * with escapes for what a terminal acts on or does not show. `mask`, nullable, is the descriptor whose
 * secret members are replaced by "***". What goes wrong on standard output itself is noticed by
 * output_finish(). */
#ifndef OKTA_KEYS_OUTPUT_H
#define OKTA_KEYS_OUTPUT_H

#include <okta/okta.h>

/* Print a text, mostly JSON, and a newline where it does not end in one. */
okta_error *output_text(const okta_descriptor *mask, const char *json, size_t length);

/* Print the text that a model was decoded from. */
okta_error *output_model(const okta_descriptor *mask, const void *model);

/* A JSON array that is printed element by element. Begins with its `mask`. */
typedef struct output_array {
    const okta_descriptor *mask;
    size_t count;
} output_array;

okta_error *output_array_add(output_array *array, const char *json, size_t length);

void output_array_end(const output_array *array);

/* End the line of an array that breaks off. It stays open: no reader of JSON takes it for the whole. */
void output_array_cut(const output_array *array);

/* A part of a text: the text that a model was decoded from. */
okta_error *output_model_piece(const okta_descriptor *mask, const void *model);
/* A text as a string of JSON. False: out of memory. */
bool output_string_piece(const char *text);
/* `"NAME":"TEXT"`, behind what stands in front of it. NULL and "" print nothing. False: out of memory. */
bool output_member_piece(const char *before, const char *name, const char *text);

/* `"error":{...}` with what an error says, in these words; `error` is nullable. False: out of memory. */
bool output_error_piece(const char *message, okta_status status, const okta_error *error);

/* Print what models were decoded from as an array; `at` gives the one at an index of `list`. */
typedef const void *output_model_at(const void *list, size_t index);
okta_error *output_models(const okta_descriptor *mask, size_t count, output_model_at *at, const void *list);

/* True while everything that was printed reached its destination. */
bool output_works(void);

/* Nobody reads standard output any more, for this reason of the system. */
void output_is_lost(int reason);

/* Say that standard output was lost. Returns EXIT_REFUSED. */
int output_report_lost(void);

/* Flush and close standard output. Returns `code`, or EXIT_REFUSED after it has said what was lost. */
int output_finish(int code);

#endif
