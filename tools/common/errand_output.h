/* SPDX-License-Identifier: Apache-2.0 */
/* What a command of the user says on its standard error, line by line, for programs whose own output has a
 * form to keep. A line is bounded, and so is how many of a command are told. Whatever is long and may be a
 * key, a secret or a token is hidden. */
#ifndef OKTA_TOOLS_ERRAND_OUTPUT_H
#define OKTA_TOOLS_ERRAND_OUTPUT_H

#include <stdbool.h>
#include <stddef.h>

#define ERRAND_LINE_MAX 400u

typedef struct errand_output {
    int fd; /* -1: none */
    char line[ERRAND_LINE_MAX + 1];
    size_t length;
    bool is_cut; /* the line at hand is longer */
    bool in_pem; /* between BEGIN and END */
    size_t told; /* lines of the command */
} errand_output;

/* Is told each line, which lives until it returns. */
typedef void errand_line_fn(void *ctx, const char *line);

/* `*out_end` is the command's, for its standard error; the caller closes it. False: errno tells why. */
bool errand_output_open(errand_output *self, int *out_end);
void errand_output_close(errand_output *self);

/* Tell the lines that are there, and wait for none. `is_last`: the command has ended, and what it left
 * without a newline is a line, too. */
void errand_output_read(errand_output *self, bool is_last, errand_line_fn *tell, void *ctx);

#endif
