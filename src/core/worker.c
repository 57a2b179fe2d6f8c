/* SPDX-License-Identifier: Apache-2.0 */
#include "core/worker.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

struct oktai_worker {
    pthread_mutex_t lock; /* of all below */
    pthread_cond_t ended; /* a job has */
    pthread_t thread;
    bool has_thread;     /* which works, or is just about to */
    bool is_joinable;    /* `thread` is to be joined */
    oktai_list waiting;  /* jobs, in their order */
    const oktai_job *at; /* that runs, or has just run */
};

oktai_worker *oktai_worker_new(void)
{
    oktai_worker *worker = calloc(1, sizeof *worker);
    if (worker != NULL) {
        pthread_mutex_init(&worker->lock, NULL);
        pthread_cond_init(&worker->ended, NULL);
    }
    return worker;
}

void oktai_worker_free(oktai_worker *worker)
{
    if (worker == NULL) {
        return;
    }
    if (worker->is_joinable) {
        pthread_join(worker->thread, NULL);
    }
    pthread_cond_destroy(&worker->ended);
    pthread_mutex_destroy(&worker->lock);
    free(worker);
}

static void *work(void *context)
{
    oktai_worker *worker = context;
    oktai_job *job;
    pthread_mutex_lock(&worker->lock);
    while ((job = oktai_list_first(&worker->waiting)) != NULL) {
        oktai_list_remove(&worker->waiting, &job->link);
        worker->at = job;
        pthread_mutex_unlock(&worker->lock);
        job->run(job);
        pthread_mutex_lock(&worker->lock);
        worker->at = NULL;
        pthread_cond_broadcast(&worker->ended);
    }
    worker->has_thread = false;
    pthread_mutex_unlock(&worker->lock);
    return NULL;
}

/* The lock is held. The thread before has nothing left to do, and is gone before there is another. The
 * program's signals are not for this thread. */
static bool start_thread(oktai_worker *worker)
{
    sigset_t all;
    sigset_t before;
    if (worker->is_joinable) {
        pthread_join(worker->thread, NULL);
    }
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    worker->has_thread = pthread_create(&worker->thread, NULL, work, worker) == 0;
    worker->is_joinable = worker->has_thread;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return worker->has_thread;
}

void oktai_worker_do(oktai_worker *worker, oktai_job *job)
{
    atomic_store(&job->is_withdrawn, false);
    pthread_mutex_lock(&worker->lock);
    bool good = worker->has_thread || start_thread(worker);
    if (good) {
        oktai_list_append(&worker->waiting, &job->link);
    }
    pthread_mutex_unlock(&worker->lock);
    if (!good) {
        job->run(job);
    }
}

/* The lock is held. */
static bool waits(const oktai_worker *worker, const oktai_job *job)
{
    const oktai_job *it = oktai_list_first(&worker->waiting);
    while (it != NULL && it != job) {
        it = oktai_list_after(&it->link);
    }
    return it != NULL;
}

void oktai_worker_withdraw(oktai_worker *worker, oktai_job *job)
{
    atomic_store(&job->is_withdrawn, true);
    pthread_mutex_lock(&worker->lock);
    if (waits(worker, job)) {
        oktai_list_remove(&worker->waiting, &job->link);
    }
    while (worker->at == job) {
        pthread_cond_wait(&worker->ended, &worker->lock);
    }
    pthread_mutex_unlock(&worker->lock);
}
