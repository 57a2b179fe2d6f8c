/* SPDX-License-Identifier: Apache-2.0 */
#include "soak/soak_calls.h"

#include <stdio.h>
#include <stdlib.h>

#include "soak/soak_witness.h"

static const char *const apps[] = {"0oa1", "0oa2", "0oa3"};

static okta_call *make_call(soak_worker *self, okta_client *client)
{
    static const okta_oauth2_client_secret_request_body own_secret = {
        .model = OKTA_INIT(okta_oauth2_client_secret_request_body),
        .client_secret = "0123456789abcdef0123456789abcdef"};
    const char *app = SOAK_PICK(&self->random, apps);
    switch (soak_below(&self->random, 10)) {
    case 0:
        return okta_add_jwk_call(client, app, self->world->key);
    case 1:
        return okta_delete_jwk_call(client, app, "pks1");
    case 2:
        return okta_create_oauth2_client_secret_call(client, app, &own_secret);
    case 3:
        return okta_create_oauth2_client_secret_call(client, app, NULL);
    case 4:
        return okta_activate_oauth2_client_json_web_key_call(client, app, "pks1");
    case 5:
        return okta_request_call(client, "POST", "/api/v1/users", "{\"profile\":{}}");
    case 6:
        return okta_request_call(client, "GET", "/api/v1/users?limit=2", NULL);
    default:
        return okta_list_jwk_call(client, app);
    }
}

static void publish(soak_worker *self, okta_call *call)
{
    pthread_mutex_lock(&self->lock);
    self->call = call;
    self->canceled_ms = 0;
    pthread_mutex_unlock(&self->lock);
}

void soak_worker_cancel(soak_worker *self)
{
    pthread_mutex_lock(&self->lock);
    if (self->call != NULL && self->canceled_ms == 0) {
        self->canceled_ms = soak_now_ms();
        okta_call_cancel(self->call);
    }
    pthread_mutex_unlock(&self->lock);
}

static void judge(soak_worker *self, const char *client, int64_t begun_ms, int64_t timeout_ms,
                  const okta_error *error)
{
    int64_t now_ms = soak_now_ms();
    int64_t due_ms = begun_ms + timeout_ms;
    if (self->canceled_ms != 0) {
        self->canceled++;
        due_ms = self->canceled_ms < due_ms ? self->canceled_ms : due_ms;
    }
    size_t status = (size_t)okta_error_status(error);
    self->statuses[status < SOAK_STATUSES ? status : 0]++;
    int64_t late_ms = now_ms - due_ms;
    if (late_ms <= 0) {
        return;
    }
    late_ms -= soak_witness_late_ms(begun_ms, now_ms);
    if (late_ms > self->latest_ms) {
        self->latest_ms = late_ms;
    }
    if (late_ms > SOAK_LATE_MS) {
        self->late++;
        fprintf(stderr, "soak: %s: %lld ms late after %lld ms, %s: %s\n", client, (long long)late_ms,
                (long long)(now_ms - begun_ms), self->canceled_ms != 0 ? "canceled" : "at its deadline",
                okta_error_message(error));
    }
}

static void run_call(soak_worker *self, size_t kind, okta_client *client)
{
    int64_t timeout_ms = 1 + (int64_t)soak_below(&self->random, 1500);
    okta_call *call = make_call(self, client);
    okta_call_set_timeout_ms(call, timeout_ms);
    int64_t begun_ms = soak_now_ms();
    publish(self, call);
    okta_error *error = okta_call_run(call);
    pthread_mutex_lock(&self->lock);
    self->call = NULL;
    judge(self, self->world->names[kind], begun_ms, timeout_ms, error);
    pthread_mutex_unlock(&self->lock);
    okta_free(error);
    okta_free(call);
}

/* A client of its own now and then, which ends while its connections are in any state. */
static void *work(void *context)
{
    soak_worker *self = context;
    while (!atomic_load(&self->world->over)) {
        size_t kind = soak_below(&self->random, SOAK_CLIENTS);
        okta_client *own = NULL;
        if (soak_once_in(&self->random, 8)) {
            okta_error *error = okta_client_new(&self->world->options[kind], &own);
            if (error != NULL) {
                fprintf(stderr, "soak: a client: %s\n", okta_error_message(error));
                abort();
            }
        }
        run_call(self, kind, own != NULL ? own : self->world->clients[kind]);
        okta_free(own);
    }
    return NULL;
}

void soak_worker_start(soak_worker *self)
{
    pthread_mutex_init(&self->lock, NULL);
    if (pthread_create(&self->thread, NULL, work, self) != 0) {
        abort();
    }
}
