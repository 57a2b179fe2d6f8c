/* SPDX-License-Identifier: Apache-2.0 */
/* The blocking driver: a thread runs its call and waits for what that needs. */
#include <pthread.h>
#include <string.h>

#include "client/cancel.h"
#include "client/machine.h"
#include "core/arena.h"
#include "core/error.h"
#include "core/misuse.h"
#include "http/transport.h"
#include "http/verdict.h"

typedef struct blocking {
    oktai_driver driver; /* the first member */
    okta_call *root;
    okta_client *client;
    pthread_cond_t changed; /* with the client's lock */
    bool has_condition;
    oktai_transport *transport; /* of the request at hand; NULL: none */
} blocking;

static void wake(oktai_driver *driver, okta_call *call)
{
    blocking *self = (blocking *)driver;
    (void)call;
    if (self->has_condition) {
        pthread_cond_signal(&self->changed);
    }
    if (self->transport != NULL) {
        oktai_transport_wake(self->transport);
    }
}

static void set_transport(blocking *self, oktai_transport *transport)
{
    pthread_mutex_lock(&self->client->lock);
    self->transport = transport;
    pthread_mutex_unlock(&self->client->lock);
}

/* Few calls wait. The lock is held. */
static void make_condition(blocking *self)
{
    pthread_condattr_t attributes;
    if (self->has_condition) {
        return;
    }
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&self->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    self->has_condition = true;
}

/* Wait so long at most while the root is not canceled and `queued` (NULL: nothing) stands in its queue. */
static void wait_in_lock(blocking *self, const oktai_waiter *queued, int64_t ms)
{
    const struct timespec until = oktai_clock_in_ms(ms);
    bool late = false;
    pthread_mutex_lock(&self->client->lock);
    make_condition(self);
    self->client->waiting++;
    while (!late && !oktai_call_is_canceled(self->root) && (queued == NULL || queued->queue != NULL)) {
        late = pthread_cond_timedwait(&self->changed, &self->client->lock, &until) != 0;
    }
    self->client->waiting--;
    pthread_mutex_unlock(&self->client->lock);
}

static void sleep_until_canceled(void *context, int64_t ms)
{
    wait_in_lock(context, NULL, ms);
}

/* Other calls run by real time, whatever the client's clock says. */
static void wait_for_call(blocking *self, const oktai_wait *wait)
{
    int64_t left_ms = wait->until_ms - oktai_call_now_ms(wait->call);
    bool looks = self->client->clock != &oktai_system_clock && left_ms > OKTAI_LOOK_MS;
    left_ms = left_ms < 1 ? 1 : left_ms;
    wait_in_lock(self, &wait->call->waiter, looks ? OKTAI_LOOK_MS : left_ms);
}

static void perform(blocking *self, okta_call *call)
{
    oktai_transport *transport = oktai_client_take_transport(self->client);
    if (transport == NULL) {
        oktai_sent(call, oktai_verdict_no_memory());
        return;
    }
    set_transport(self, transport);
    oktai_attempt attempt = oktai_transport_perform(transport, &call->sending.request, &call->response);
    set_transport(self, NULL);
    oktai_sent(call, attempt);
    oktai_client_give_transport(self->client, transport); /* whoever has the next turn finds it */
}

static void drive(blocking *self)
{
    const oktai_clock *clock = self->client->clock;
    for (;;) {
        oktai_wait wait = oktai_step(self->root);
        switch (wait.need) {
        case OKTAI_NEED_NOTHING:
            return;
        case OKTAI_NEED_IO:
            perform(self, wait.call);
            break;
        case OKTAI_NEED_TIME:
            clock->wait_ms(clock, sleep_until_canceled, self, wait.until_ms - oktai_call_now_ms(wait.call));
            break;
        case OKTAI_NEED_CALL:
            wait_for_call(self, &wait);
            break;
        }
    }
}

static okta_error *run(okta_call *call)
{
    blocking self = {.driver = {wake}, .root = call, .client = call->client};
    oktai_call_begin_run(call->root, &self.driver);
    drive(&self);
    oktai_call_end_run(call->root);
    if (self.has_condition) {
        pthread_cond_destroy(&self.changed);
    }
    return oktai_call_take_outcome(call);
}

okta_error *okta_call_run(okta_call *call)
{
    oktai_expect_root(__func__, call);
    if (call == NULL) {
        return oktai_error_nomem();
    }
    okta_error *error = oktai_call_refuse(call);
    if (error != NULL) {
        return error;
    }
    call->ran = true;
    return run(call);
}
