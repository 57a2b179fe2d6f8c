/* SPDX-License-Identifier: Apache-2.0 */
/* SIGINT, SIGTERM and SIGHUP, where what was begun is brought to an end first. The first one is noted, and
 * the next one ends the process at once. */
#ifndef OKTA_KEYS_INTERRUPT_H
#define OKTA_KEYS_INTERRUPT_H

#include <stdbool.h>

/* From here on the first signal is noted. A signal that is ignored, as under nohup, stays ignored. False: no
 * descriptor is left. */
bool interrupt_watch(void);

/* Readable once a signal came. */
int interrupt_fd(void);

bool interrupt_came(void);

/* From here on signals end the process again. */
void interrupt_release(void);

/* Where a signal came, end the process by it. */
void interrupt_end(void);

#endif
