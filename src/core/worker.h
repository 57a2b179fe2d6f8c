/* SPDX-License-Identifier: Apache-2.0 */
/* A thread for what would hold a loop up, such as the making of an RSA key. There is one at most, and only
 * while there are jobs; they are done one after the other. */
#ifndef OKTA_CORE_WORKER_H
#define OKTA_CORE_WORKER_H

#include <stdatomic.h>
#include <stdbool.h>

#include "core/list.h"

typedef struct oktai_worker oktai_worker;

/* Belongs to who wants it done, until its `run` has told that or it is withdrawn. */
typedef struct oktai_job {
    oktai_link link;                    /* among those that wait */
    void (*run)(struct oktai_job *job); /* nobody touches the job from its return on */
    atomic_bool is_withdrawn;           /* `run` ends soon when it becomes true */
} oktai_job;

/* NULL: out of memory. */
oktai_worker *oktai_worker_new(void);
/* There must be no job any more. Waits for the thread, which has nothing left to do. NULL is allowed. */
void oktai_worker_free(oktai_worker *worker);

/* Have a job done. Where the system has no thread to give, it is done before this returns. */
void oktai_worker_do(oktai_worker *worker, oktai_job *job);

/* Behind this a job does not run any more: one that waits never does, and one that runs has ended. From the
 * thread that had it done. */
void oktai_worker_withdraw(oktai_worker *worker, oktai_job *job);

#endif
