/* SPDX-License-Identifier: Apache-2.0 */
/* Which of several daemons works on an app. Who takes a lease works on it until the lease is released, or was
 * not renewed for its term. Each time it is taken its token grows, and what is written under a token that is
 * not the latest any more is refused. */
#ifndef OKTA_ROTATIOND_LOCK_H
#define OKTA_ROTATIOND_LOCK_H

#include <okta/rotation.h>

#include "patience.h"

/* A lease is that of an app and a kind. */
typedef struct lock_subject {
    const char *app_id;
    okta_rotation_kind kind;
} lock_subject;

/* What came of an attempt to take one. */
typedef struct lock_lease {
    int64_t token;      /* 0: another one has it */
    int64_t free_in_ms; /* then: when its term is over, unless it is renewed */
    int64_t created_s;  /* when the credential in use was made, as the latest holder said; 0: unknown */
} lock_lease;

/* The time of day in milliseconds since 1970. */
typedef int64_t lock_clock_fn(void *ctx);

typedef struct lock_options {
    int64_t term_ms;
    const char *owner;    /* for people who look into the database; copied */
    patience *limit;      /* how long a database that is locked is waited for; borrowed */
    lock_clock_fn *clock; /* NULL: the machine's */
    void *clock_ctx;
} lock_options;

typedef okta_error *lock_write_fn(void *ctx);
/* One app that some daemon has looked at. */
typedef void lock_known_fn(void *ctx, const lock_subject *subject, int64_t created_s);

/* All fail with OKTA_E_CONFIG (the database), OKTA_E_TIMEOUT (somebody else has locked it, or its server does
 * not answer) and OKTA_E_NOMEM. */
typedef struct lock {
    void *ctx;
    okta_error *(*acquire)(void *ctx, const lock_subject *subject, lock_lease *out);
    /* OKTA_E_CONFLICT: it is another one's. */
    okta_error *(*renew)(void *ctx, const lock_subject *subject, int64_t token);
    /* Give it back, and say when the credential in use was made. Another one's stays as it is. */
    okta_error *(*release)(void *ctx, const lock_subject *subject, int64_t token, int64_t created_s);
    /* Run `write` while nobody else can take the lease. OKTA_E_CONFLICT: it is another one's already, and
     * `write` did not run; else what `write` returns. */
    okta_error *(*fenced)(void *ctx, const lock_subject *subject, int64_t token, lock_write_fn *write,
                          void *write_ctx);
    /* All apps whose age is known. */
    okta_error *(*known)(void *ctx, lock_known_fn *function, void *function_ctx);
    void (*close)(void *ctx);
} lock;

/* In a SQLite file beside the journal, for daemons of one machine: PATH.leases. It may be deleted while no
 * daemon runs. `out` is to be closed by its `close`. */
okta_error *lock_sqlite_open(const char *journal, const lock_options *options, lock *out);

#endif
