/* SPDX-License-Identifier: Apache-2.0 */
/* The time. */
#ifndef OKTA_TOOLS_NOW_H
#define OKTA_TOOLS_NOW_H

#include <stdint.h>

/* The time of day in milliseconds since 1970, as the machine believes it; it may jump. */
int64_t now_wall_ms(void);

/* Milliseconds that never go back, from any start. */
int64_t now_steady_ms(void);

#endif
