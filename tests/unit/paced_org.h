/* SPDX-License-Identifier: Apache-2.0 */
/* A simulated org with rate limits, and callers of it that share one pacing policy and never rest. No clock
 * runs here: an hour takes milliseconds. */
#ifndef OKTA_TESTS_UNIT_PACED_ORG_H
#define OKTA_TESTS_UNIT_PACED_ORG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "http/pacing.h"

#define PACED_CALLERS 64u
#define PACED_BUCKETS 3u

/* A limit of the org. Windows of a minute begin with a call, or with each minute. */
typedef struct paced_bucket {
    int64_t limit;
    bool by_minutes;
    int64_t ends_ms; /* of the current window */
    int64_t used;    /* in the current window */
    unsigned windows;
    int64_t most_used; /* in a window */
    int64_t served;
    int64_t refused;
} paced_bucket;

typedef enum paced_stage {
    PACED_ASKS,
    PACED_QUEUES,   /* until another request ends */
    PACED_SENDS,    /* on its way to the org */
    PACED_WORKS,    /* inside the org */
    PACED_RECEIVES, /* on its way back */
} paced_stage;

typedef struct paced_caller {
    uint64_t endpoint;
    size_t bucket;
    bool rests; /* takes no part */
    paced_stage stage;
    int64_t at_ms; /* when the stage ends */
    oktai_pacing_turn turn;
    unsigned attempts; /* of one call */
    int http_status;
    okta_rate_limit rate;
} paced_caller;

/* Begins zeroed but for the pacing's options, the buckets' limits, the callers and `chance`. */
typedef struct paced_org {
    oktai_pacing pacing;
    paced_bucket buckets[PACED_BUCKETS];
    paced_caller callers[PACED_CALLERS];
    unsigned at_once;      /* requests that the org works on */
    unsigned max_at_once;  /* more are refused; 0: any number */
    int64_t crowded;       /* refused for that */
    unsigned lost_percent; /* of the answers that do not come */
    int64_t lost;
    uint64_t chance;
    int64_t now_ms;
    int64_t cap_time; /* the policy's cap, times milliseconds */
    size_t next;      /* who comes first of those whose time is the same */
} paced_org;

/* Let `ms` pass. */
void paced_org_run(paced_org *org, int64_t ms);
/* When the org's clock begins its n-th minute. */
int64_t paced_org_minute(int64_t n);
/* Forget all counts, but not what the policy learnt. */
void paced_org_forget(paced_org *org);

#endif
