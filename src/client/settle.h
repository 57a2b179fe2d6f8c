/* SPDX-License-Identifier: Apache-2.0 */
/* Settling: after a write whose answer was lost the org is looked at, until it is known what became of it. */
#ifndef OKTA_CLIENT_SETTLE_H
#define OKTA_CLIENT_SETTLE_H

#include "client/newcomers.h"

/* A row with a settlement or a state names it, so that a program without such an operation is linked without
 * it. */
struct oktai_settler {
    /* To be called before a create is sent. Where the answer could not be replaced by a look, because nothing
     * tells the object from others, this notes the ids that are in the list already. Else it does nothing. */
    okta_error *(*prepare)(okta_call *call, oktai_known_ids *out);
    /* To be called when the sending of a call ended with `error`, which it takes and which may be NULL. Where
     * the write is unsettled, the org is looked at. Returns the error of the call; NULL where a look shows
     * that the write was done. */
    okta_error *(*settle)(okta_call *call, okta_error *error, const oktai_known_ids *known);
    /* Look at the object of a lifecycle call: whether it is in the state that the call asked for. If so, the
     * object is the call's result. False for every other operation. */
    bool (*settle_state)(okta_call *call);
};

#endif
