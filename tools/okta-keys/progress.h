/* SPDX-License-Identifier: Apache-2.0 */
/* A line on standard error that tells how far the tool is. It is shown on a terminal only, and whatever else
 * is printed there takes it away first, and begins a line. */
#ifndef OKTA_KEYS_PROGRESS_H
#define OKTA_KEYS_PROGRESS_H

#include <stddef.h>

/* Show the line in the place of the one before; several calls within a tenth of a second are one. `doing` is
 * such as "listing keys". */
void progress_show(const char *doing, size_t ended, size_t of, size_t failed);

/* Take it away, and end an open line of standard output that is on the screen. */
void progress_clear(void);

/* Whether the last line of standard output has its end. */
typedef enum progress_line {
    LINE_IS_ENDED,
    LINE_IS_OPEN,
} progress_line;
void progress_set_line(progress_line now);

#endif
