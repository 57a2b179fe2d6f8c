/* SPDX-License-Identifier: Apache-2.0 */
/* Whoever runs calls: a thread that waits for one, or an event loop. */
#ifndef OKTA_CLIENT_DRIVER_H
#define OKTA_CLIENT_DRIVER_H

struct okta_call;

typedef struct oktai_driver {
    /* What a call (or a child of it) waits for may have come: its turn, a token, or its end by somebody who
     * cancels it. From any thread; the client's lock is held. The driver steps the call, never in here. */
    void (*wake)(struct oktai_driver *driver, struct okta_call *call);
} oktai_driver;

#endif
