/* SPDX-License-Identifier: Apache-2.0 */
/* All workers of a daemon. */
#ifndef OKTA_ROTATIOND_CREW_H
#define OKTA_ROTATIOND_CREW_H

#include "worker.h"

typedef struct crew {
    shop *shop;
    config *config;   /* held; NULL: none yet */
    worker **workers; /* by app and kind */
    size_t count;
    size_t cursor;   /* whose turn comes first */
    int64_t seen_ms; /* the time of the latest turn */
} crew;

/* How many apps are in which state, and what is due. */
typedef struct crew_gauges {
    size_t idle; /* until the next rotation is due */
    size_t looking;
    size_t rotating;
    size_t waiting; /* a rotation that goes on later */
    size_t failing;
    size_t elsewhere; /* another daemon works on it */
    int64_t next_ms;  /* when something is to be done next, since 1970; INT64_MAX: never */
    int64_t late_ms;  /* by which the latest of all apps is behind its schedule; 0: none is */
} crew_gauges;

/* Go by a configuration, which is held. Apps that stay keep what they do; those that are gone finish what
 * they do. Errors: OKTA_E_NOMEM, and all is as before. */
okta_error *crew_configure(crew *self, config *from);

/* Take over what the ledger knows. */
okta_error *crew_know(crew *self);

/* Have those begin that are due, as many as may work at a time, and renew the leases of those that work. What
 * a slow database leaves undone is for the next turn, which is due at once. */
void crew_tick(crew *self);

crew_gauges crew_look(const crew *self);

/* When crew_tick() is to run next, by the time of day. */
int64_t crew_next_ms(const crew *self);

/* Whether nothing is left to do for a daemon that ends then: all sleep, and what is due is done, failed, is
 * another daemon's, or waits for a time that is far away. */
bool crew_is_settled(const crew *self);

/* How many of them failed when they were last at work. */
size_t crew_failed(const crew *self);

/* End what they do, soon: until then shop.running is not 0. */
void crew_stop(crew *self);

/* When none is at work. */
void crew_free(crew *self);

#endif
