/* SPDX-License-Identifier: Apache-2.0 */
/* Settling: after a write whose answer was lost the org is looked at, until it is known what became of it. */
#ifndef OKTA_CLIENT_SETTLE_H
#define OKTA_CLIENT_SETTLE_H

#include "client/call.h"

/* What a call does next. */
typedef enum oktai_settle_kind {
    OKTAI_SETTLE_SEND,  /* its request goes out, or goes out again */
    OKTAI_SETTLE_CHILD, /* `child` runs */
    OKTAI_SETTLE_PAUSE, /* for `pause_ms` */
    OKTAI_SETTLE_END,   /* with `error`; NULL: it is done, and its result is in it */
} oktai_settle_kind;

typedef struct oktai_settle_step {
    oktai_settle_kind kind;
    okta_call *child; /* the machine's from here on; NULL: out of memory */
    int64_t pause_ms;
    okta_error *error;
} oktai_settle_step;

/* A row with a settlement or a state names it, so that a program without such an operation is linked without
 * it. How far it is with a call is in the call's `settling`. */
struct oktai_settler {
    /* Before anything is sent. Where the answer to a create could not be replaced by a look, because nothing
     * tells the object from others, the ids that are in the list already are noted. */
    oktai_settle_step (*begin)(okta_call *call);
    /* Before a request goes out again that may have come through. */
    oktai_settle_step (*between)(okta_call *call);
    /* The sending ended with `error`, which is taken and may be NULL. */
    oktai_settle_step (*sent)(okta_call *call, okta_error *error);
    /* A pause is over, or a child ended: with `error` (taken), or with its result in it. */
    oktai_settle_step (*go_on)(okta_call *call, okta_call *child, okta_error *error);
};

#endif
