/* SPDX-License-Identifier: Apache-2.0 */
/* A journal that writes only under a lease. */
#ifndef OKTA_ROTATIOND_FENCE_H
#define OKTA_ROTATIOND_FENCE_H

#include <stdbool.h>

#include "lock.h"

/* Begins by fence_begin(), and is used for one run of a rotation. */
typedef struct fence {
    okta_rotation_journal journal; /* for okta_rotation_options */
    const okta_rotation_journal *inner;
    const lock *lock;
    lock_subject subject;
    int64_t token;
    bool is_overtaken; /* the journal or the lease is another daemon's */
} fence;

/* All is borrowed. */
void fence_begin(fence *self, const okta_rotation_journal *inner, const lock *leases,
                 const lock_subject *subject, int64_t token);

#endif
