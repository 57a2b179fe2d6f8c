/* SPDX-License-Identifier: Apache-2.0 */
/* What a call waits for. */
#ifndef OKTA_CLIENT_NEED_H
#define OKTA_CLIENT_NEED_H

#include <stdint.h>

struct okta_call;

typedef enum oktai_need {
    OKTAI_NEED_NOTHING, /* it goes on, or is done */
    OKTAI_NEED_IO,      /* its request is to be sent: see oktai_sent() */
    OKTAI_NEED_TIME,    /* it is to be stepped at `until_ms`, or when it is canceled */
    OKTAI_NEED_CALL,    /* another call: it is to be stepped when its driver is woken, or at `until_ms` */
} oktai_need;

typedef struct oktai_wait {
    oktai_need need;
    struct okta_call *call; /* the call itself, or that of its children which waits */
    int64_t until_ms;       /* TIME, CALL: by the client's clock */
} oktai_wait;

#endif
