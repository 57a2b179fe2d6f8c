/* SPDX-License-Identifier: Apache-2.0 */
#include "rotation/making.h"

#include "client/client.h"
#include "client/loop.h"
#include "core/error.h"

bool oktai_making_takes_long(const okta_rotation_options *options)
{
    return options->kind != OKTA_ROTATION_CLIENT_SECRET && options->key_type < OKTA_KEY_EC_P256;
}

/* In the thread of the client. The course lives until the lock is free: it waits for the answer. */
static void make_beside(oktai_job *job)
{
    oktai_making *making = (oktai_making *)job;
    oktai_course *self = making->course;
    oktai_credential made = {NULL, NULL, NULL};
    okta_error *error = oktai_credential_make(&self->options, &job->is_withdrawn, &made);
    pthread_mutex_lock(&self->lock);
    self->is_making = false;
    self->answered = true;
    self->answer = error;
    self->given = made;
    if (self->loop != NULL) {
        oktai_loop_wake_task(self->loop, &self->task);
    }
    pthread_mutex_unlock(&self->lock);
}

okta_error *oktai_making_begin(oktai_course *self)
{
    oktai_worker *worker = oktai_client_worker(self->options.client);
    if (worker == NULL) {
        return oktai_error_nomem();
    }
    self->making.job.run = make_beside;
    self->making.course = self;
    pthread_mutex_lock(&self->lock);
    self->is_making = true;
    self->answered = false;
    pthread_mutex_unlock(&self->lock);
    oktai_worker_do(worker, &self->making.job);
    return NULL;
}

void oktai_making_withdraw(oktai_course *self)
{
    pthread_mutex_lock(&self->lock);
    bool is_making = self->is_making;
    pthread_mutex_unlock(&self->lock);
    if (is_making) {
        oktai_worker_withdraw(oktai_client_worker(self->options.client), &self->making.job);
        pthread_mutex_lock(&self->lock);
        self->is_making = false;
        pthread_mutex_unlock(&self->lock);
    }
}
