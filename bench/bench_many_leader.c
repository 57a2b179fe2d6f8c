/* SPDX-License-Identifier: Apache-2.0 */
/* Many calls with libokta: threads that block, while one more thread drives a loop for all of them.
 * Arguments: bench_many.h. */
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#include <okta/api/application_sso_public_keys.h>
#include <okta/api/user.h>
#include <okta/okta.h>

#include "bench_many.h"

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

static bool take_key(okta_call *call)
{
    okta_oauth2_client_jwk *key = OKTA_TAKE(call, okta_oauth2_client_jwk);
    bool good = key != NULL && key->kid != NULL && key->n != NULL;
    okta_free(key);
    return good;
}

static bool take_users(okta_call *call)
{
    okta_user_list *users = OKTA_TAKE(call, okta_user_list);
    bool good = users != NULL && users->count == BENCH_MANY_USERS && users->items[0]->profile->login != NULL;
    okta_free(users);
    return good;
}

static bool make_call(void *context)
{
    asker *self = context;
    const okta_list_users_params params = {OKTA_INIT(okta_list_users_params),
                                           .limit = okta_int(BENCH_MANY_USERS)};
    self->call = self->users ? okta_list_users_call(self->of->client, &params)
                             : okta_get_jwk_call(self->of->client, "a", "k");
    if (self->call == NULL) {
        return false;
    }
    ask(self);
    bool good = self->error == NULL && (self->users ? take_users(self->call) : take_key(self->call));
    if (self->error != NULL) {
        fprintf(stderr, "%s\n", okta_error_message(self->error));
    }
    okta_free(self->error);
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
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = many.url;
    options.token = "mock-token";
    options.ca_file = many.ca_file;
    options.max_in_flight = many.in_flight;
    okta_error *error = okta_client_new(&options, &self.client);
    if (error == NULL) {
        error = okta_loop_new(NULL, &self.loop);
    }
    if (error != NULL) {
        fprintf(stderr, "%s\n", okta_error_message(error));
    }
    bool good = error == NULL && run(&self, &many);
    okta_free(error);
    okta_free(self.loop);
    okta_free(self.client);
    return good ? 0 : 1;
}
