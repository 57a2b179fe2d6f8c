/* SPDX-License-Identifier: Apache-2.0 */
/* What the daemon tells Prometheus, as text. */
#ifndef OKTA_ROTATIOND_METRICS_H
#define OKTA_ROTATIOND_METRICS_H

#include <stddef.h>

#include "crew.h"

/* The text in the exposition format 0.0.4; the caller frees it. NULL: out of memory. */
char *metrics_text(const shop_counts *counts, const crew_gauges *gauges, int64_t now_ms, size_t *out_length);

#endif
