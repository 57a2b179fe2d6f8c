/* SPDX-License-Identifier: Apache-2.0 */
/* Waits for many descriptors and a time at once, behind one descriptor: epoll, or kqueue where there is none.
 */
#ifndef OKTA_CORE_POLLER_H
#define OKTA_CORE_POLLER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    OKTAI_POLL_INPUT = 1,
    OKTAI_POLL_OUTPUT = 2,
};

typedef struct oktai_poller {
    int fd;       /* readable when anything is ready or the time is there; -1: not open */
    int timer_fd; /* -1: none yet */
} oktai_poller;

/* A descriptor that is ready. */
typedef struct oktai_poll_event {
    int fd; /* -1: the time is there */
    unsigned events;
} oktai_poll_event;

/* False: no descriptor is left. */
bool oktai_poller_open(oktai_poller *poller);
void oktai_poller_close(oktai_poller *poller);

/* Watch for `events` in the place of `before`, which it was watched for until now (0: not at all). 0: no
 * more. False: it cannot be watched. */
bool oktai_poller_watch(oktai_poller *poller, int fd, unsigned before, unsigned events);

/* Forget all descriptors: one that was closed while another process has it, too, cannot be forgotten alone.
 * The poller's own stays. False: it cannot be done, or need not. */
bool oktai_poller_renew(oktai_poller *poller);

/* Be readable in so many ms; -1: not for any time. For programs that wait for the poller's descriptor. False:
 * no descriptor is left. */
bool oktai_poller_set_timer(oktai_poller *poller, int64_t ms);

/* Wait at most `ms`; -1: as long as it takes. Returns how many events it wrote, at most `max`; a signal ends
 * the wait early with 0; -1: the system cannot wait. */
int oktai_poller_wait(oktai_poller *poller, oktai_poll_event *out, int max, int64_t ms);

#endif
