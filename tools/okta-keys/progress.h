/* SPDX-License-Identifier: Apache-2.0 */
/* A line on standard error that tells how far the tool is. It is shown on a terminal only, and whatever else
 * is printed there takes it away first. */
#ifndef OKTA_KEYS_PROGRESS_H
#define OKTA_KEYS_PROGRESS_H

#include <stddef.h>

/* Show the line in the place of the one before; several calls within a tenth of a second are one. `doing` is
 * such as "listing keys". */
void progress_show(const char *doing, size_t ended, size_t of, size_t failed);

/* Take it away. */
void progress_clear(void);

#endif
