/* SPDX-License-Identifier: Apache-2.0 */
/* Lengths of time as people write them: 30s, 5m, 24h, 7d. */
#ifndef OKTA_TOOLS_DURATION_H
#define OKTA_TOOLS_DURATION_H

#include <stdbool.h>
#include <stdint.h>

/* At most 365 days. */
bool duration_read(const char *text, int64_t *out_s);

#endif
