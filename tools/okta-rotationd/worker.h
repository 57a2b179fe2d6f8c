/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps one credential of one app young: it sleeps until that is due, takes the lease, looks how old the
 * credential is, rotates it, and sleeps again. */
#ifndef OKTA_ROTATIOND_WORKER_H
#define OKTA_ROTATIOND_WORKER_H

#include "config.h"
#include "fence.h"
#include "shop.h"

typedef enum worker_state {
    WORKER_SLEEPS,  /* until next_ms, without a lease */
    WORKER_LOOKS,   /* a call lists what the app holds */
    WORKER_ROTATES, /* a rotation runs */
} worker_state;

typedef struct worker {
    shop *shop;
    config *config; /* held */
    const config_app *app;
    config *coming; /* held; takes the place of `config` when it sleeps. NULL: none does */
    const config_app *coming_app;

    worker_state state;
    int64_t next_ms;    /* when it wakes up */
    int64_t created_s;  /* of the credential in use; 0: unknown */
    unsigned failures;  /* in a row; a rotation that is taken back and begun again is one more */
    int64_t busy_ms;    /* since when the database is locked or silent; 0: it was not, or that has failed */
    bool is_waiting;    /* a rotation is under way, and waits for a time */
    unsigned elsewhere; /* how often in a row another daemon had the lease */
    bool is_finished;   /* a rotation came to its end in this process */
    bool is_leaving;    /* the app is not in the configuration any more */
    int64_t goes_on_s;  /* when the rotation that waits, or fails, was to go on, or to begin */
    int64_t failing_s;  /* when the first of the failures in a row was */

    /* While it does not sleep. */
    int64_t token;
    int64_t renew_ms; /* when the lease is to be renewed */
    okta_rotation_start start;
    int64_t begun_s; /* of the rotation */
    okta_call *call;
    okta_rotation *rotation;
    fence fence;
} worker;

/* Its configuration is held. NULL: out of memory. */
worker *worker_new(shop *within, config *from, const config_app *app);
/* One that sleeps. */
void worker_free(worker *self);

/* Go by another configuration, which is held: at once, or when it sleeps again. */
void worker_configure(worker *self, config *from, const config_app *app);

/* What the ledger knows: of the credential in use, and of a rotation that is under way. */
void worker_know_age(worker *self, int64_t created_s);
void worker_know_record(worker *self, const okta_rotation_record *record);

/* When it is, or was, to do what comes next, however often that has failed: in seconds since 1970; 0:
 * unknown. */
int64_t worker_time_s(const worker *self);

/* One that sleeps wakes up. */
void worker_begin(worker *self);

/* The clock was set back: what it knew of times to come is worth nothing. */
void worker_follow_clock(worker *self);

/* Renew the lease of one that does not sleep. Where another daemon has it, its work ends. */
void worker_renew(worker *self);

/* End what it does, soon. */
void worker_cancel(worker *self);

#endif
