/* SPDX-License-Identifier: Apache-2.0 */
/* How long the daemon's only thread waits for a database that is locked, or whose server does not answer.
 * What is waited in vain is shared by a turn of the loop, so that signals, the watchdog, metrics and other
 * apps come soon; whoever waited in vain tries again in another turn. */
#ifndef OKTA_ROTATIOND_PATIENCE_H
#define OKTA_ROTATIOND_PATIENCE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct patience {
    int64_t left_ms;  /* of this turn; what was waited in vain is taken off */
    int interrupt_fd; /* waits end when it is readable; -1: there is none */
    int64_t busy_ms;  /* when the wait of patience_on_busy() began, by now_steady_ms() */
} patience;

/* Wait until a descriptor has one of `events`, as of poll(). False: in vain, since `since_ms`, by
 * now_steady_ms(). */
bool patience_wait(patience *self, int64_t since_ms, int fd, short events);

/* What was waited for since then is not there. */
void patience_spend(patience *self, int64_t since_ms);

/* For SQLite, while another process holds the file: wait a moment. `count` is how often it was asked for the
 * same wait before. False: not any longer. */
bool patience_on_busy(void *ctx, unsigned count);

#endif
