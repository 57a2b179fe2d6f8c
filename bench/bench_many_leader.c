/* SPDX-License-Identifier: Apache-2.0 */
/* Many calls with libokta: threads that block, while one more thread drives a loop for all of them.
 * Arguments: bench_many.h. */
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "bench_many_calls.h"

typedef struct asker asker;

/* The thread that drives. */
typedef struct leader {
    okta_client *client;
    okta_loop *loop;
    pthread_mutex_t mutex;
    asker *first; /* that wait to be submitted, the latest one first */
    atomic_bool ends;
} leader;

/* A thread that waits for its call. */
struct asker {
    leader *of;
    bool users;
    okta_call *call;
    okta_error *error;
    sem_t ended;
    asker *next;
};

static void on_done(void *ctx, okta_call *call, okta_error *error)
{
    asker *self = ctx;
    (void)call;
    self->error = error;
    sem_post(&self->ended);
}

static asker *take(leader *self)
{
    pthread_mutex_lock(&self->mutex);
    asker *first = self->first;
    self->first = NULL;
    pthread_mutex_unlock(&self->mutex);
    return first;
}

static void *drive(void *context)
{
    leader *self = context;
    while (!atomic_load(&self->ends)) {
        for (asker *one = take(self), *next; one != NULL; one = next) {
            next = one->next;
            okta_error *error = okta_call_submit(one->call, self->loop, on_done, one);
            if (error != NULL) {
                on_done(one, one->call, error);
            }
        }
        okta_free(okta_loop_poll(self->loop, -1));
    }
    return NULL;
}

/* The first one in the queue wakes the leader, which takes all. */
static void ask(asker *self)
{
    leader *of = self->of;
    pthread_mutex_lock(&of->mutex);
    bool wakes = of->first == NULL;
    self->next = of->first;
    of->first = self;
    pthread_mutex_unlock(&of->mutex);
    if (wakes) {
        okta_loop_wake(of->loop);
    }
    sem_wait(&self->ended);
}

static bool make_call(void *context)
{
    asker *self = context;
    self->call = bench_many_begin_call(self->of->client, self->users);
    if (self->call == NULL) {
        return false;
    }
    ask(self);
    bool good = bench_many_ended(self->error) && bench_many_take(self->call, self->users);
    okta_free(self->call);
    return good;
}

static bool run(leader *self, const bench_many *many)
{
    pthread_t thread;
    asker *askers = calloc(many->in_flight, sizeof *askers);
    void **contexts = calloc(many->in_flight, sizeof *contexts);
    if (askers == NULL || contexts == NULL || pthread_create(&thread, NULL, drive, self) != 0) {
        abort();
    }
    for (unsigned i = 0; i < many->in_flight; i++) {
        askers[i].of = self;
        askers[i].users = many->users;
        sem_init(&askers[i].ended, 0, 0);
        contexts[i] = &askers[i];
    }
    bool good = bench_many_threads(many, make_call, contexts);
    atomic_store(&self->ends, true);
    okta_loop_wake(self->loop);
    pthread_join(thread, NULL);
    free(contexts);
    free(askers);
    return good;
}

int main(int argc, char **argv)
{
    bench_many many;
    leader self = {.mutex = PTHREAD_MUTEX_INITIALIZER};
    if (!bench_many_read(argc, argv, &many)) {
        return 2;
    }
    self.client = bench_many_client(&many);
    bool good = self.client != NULL && bench_many_ended(okta_loop_new(NULL, &self.loop)) && run(&self, &many);
    okta_free(self.loop);
    okta_free(self.client);
    return good ? 0 : 1;
}
