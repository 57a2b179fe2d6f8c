/* SPDX-License-Identifier: Apache-2.0 */
#include "core/worker.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

struct oktai_worker {
    pthread_mutex_t lock; /* of all below */
    pthread_cond_t ended; /* a job has */
    pthread_t thread;
    bool has_thread;  /* which works, or is just about to */
    bool is_joinable; /* `thread` is to be joined */
    oktai_job *first; /* of those that wait */
    oktai_job *last;
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

/* The lock is held. NULL: there is none. */
static oktai_job *take_first(oktai_worker *worker)
{
    oktai_job *job = worker->first;
    if (job != NULL) {
        worker->first = job->next;
        worker->last = worker->first == NULL ? NULL : worker->last;
        job->next = NULL;
    }
    return job;
}

static void *work(void *context)
{
    oktai_worker *worker = context;
    oktai_job *job;
    pthread_mutex_lock(&worker->lock);
    while ((job = take_first(worker)) != NULL) {
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
    job->next = NULL;
    pthread_mutex_lock(&worker->lock);
    bool good = worker->has_thread || start_thread(worker);
    if (good && worker->last != NULL) {
        worker->last->next = job;
    } else if (good) {
        worker->first = job;
    }
    worker->last = good ? job : worker->last;
    pthread_mutex_unlock(&worker->lock);
    if (!good) {
        job->run(job);
    }
}

/* The lock is held. False: it does not wait. */
static bool take_out(oktai_worker *worker, oktai_job *job)
{
    oktai_job *before = NULL;
    oktai_job *it = worker->first;
    while (it != NULL && it != job) {
        before = it;
        it = it->next;
    }
    if (it == NULL) {
        return false;
    }
    if (before == NULL) {
        worker->first = job->next;
    } else {
        before->next = job->next;
    }
    worker->last = worker->last == job ? before : worker->last;
    return true;
}

void oktai_worker_withdraw(oktai_worker *worker, oktai_job *job)
{
    atomic_store(&job->is_withdrawn, true);
    pthread_mutex_lock(&worker->lock);
    if (!take_out(worker, job)) {
        while (worker->at == job) {
            pthread_cond_wait(&worker->ended, &worker->lock);
        }
    }
    pthread_mutex_unlock(&worker->lock);
}
