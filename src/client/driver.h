/* SPDX-License-Identifier: Apache-2.0 */
/* Whoever runs calls: a thread that waits for one, or an event loop. */
#ifndef OKTA_CLIENT_DRIVER_H
#define OKTA_CLIENT_DRIVER_H

struct okta_call;

/* How long a wait for another call goes on without a look at a clock that is not the system's. */
#define OKTAI_LOOK_MS 1000

typedef struct oktai_driver {
    /* What a call (or a child of it) waits for may have come: its turn, a token, or its end by somebody who
     * cancels it. From any thread; the client's lock is held. The driver steps the call, never in here. */
    void (*wake)(struct oktai_driver *driver, struct okta_call *call);
} oktai_driver;

#endif
