/* SPDX-License-Identifier: Apache-2.0 */
/* One recorded exchange, played back in one of three ways. */
#ifndef OKTA_REPLAY_REPLAY_H
#define OKTA_REPLAY_REPLAY_H

#include "client/operation.h"
#include "exchange.h"
#include "run.h"

typedef enum replay_verdict {
    REPLAY_PASSED,
    REPLAY_FAILED,
    REPLAY_UNMATCHED, /* no operation has its method and path */
    REPLAY_UNSENT,    /* its request was recorded without the body that it needs */
} replay_verdict;

typedef struct replay_outcome {
    replay_verdict verdict;
    const char *part;                 /* of what failed: "request", "answer", "call"; NULL: nothing did */
    okta_error *reason;               /* the caller's; NULL: nothing failed */
    const oktai_operation *operation; /* NULL: unmatched */
    const char *path;                 /* normalised, in the arena */
    member_counts counts;             /* of answer and request together */
} replay_outcome;

/* Play one exchange back. What the outcome points to lives in the arena. */
replay_outcome replay_exchange(replay_run *run, oktai_arena *arena, const exchange *one);

#endif
