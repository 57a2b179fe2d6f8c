/* SPDX-License-Identifier: Apache-2.0 */
#include "client/signature.h"

#include "auth/assertion.h"
#include "core/error.h"

/* What was asked for longer ago is asked for again: an assertion is good for a while only. */
#define OLD_MS (OKTAI_ASSERTION_LIFE_S * INT64_C(1000) / 2)

/* Lies in the call's memory. */
typedef struct oktai_signature {
    oktai_later later;
    oktai_queue queue; /* of the call alone */
    int64_t begun_ms;  /* when it was asked for */
} oktai_signature;

static void on_finished(void *context)
{
    oktai_queue_release_all(context);
}

/* A child process touches no lock that a thread of its parent may hold. */
static void drop(okta_call *call)
{
    if (!oktai_client_is_inherited(call->client)) {
        oktai_later_drop(&call->signature->later);
    }
}

okta_error *oktai_signature_of(okta_call *call, oktai_later **out)
{
    const okta_signer *signer = call->app->signer;
    oktai_signature *self = call->signature;
    *out = NULL;
    if (signer == NULL || !oktai_signer_is_late(signer)) {
        return NULL;
    }
    if (self == NULL) {
        self = oktai_arena_alloc(oktai_root_arena(call), sizeof *self);
        if (self == NULL) {
            return oktai_error_nomem();
        }
        *self = (oktai_signature){.later = {.lock = &call->client->lock,
                                            .owner = call->client,
                                            .finished = on_finished,
                                            .context = &self->queue}};
        call->signature = self;
        call->drop_signature = drop;
    }
    int64_t now_ms = oktai_call_now_ms(call);
    if (oktai_later_is_asked(&self->later) && now_ms - self->begun_ms > OLD_MS) {
        oktai_later_drop(&self->later);
    }
    if (!oktai_later_is_asked(&self->later)) {
        self->begun_ms = now_ms;
    }
    *out = &self->later;
    return NULL;
}

bool oktai_signature_is_asked(const okta_call *call)
{
    return call->signature != NULL && oktai_later_is_asked(&call->signature->later);
}

bool oktai_signature_is_late(const okta_call *call)
{
    if (!oktai_signature_is_asked(call)) {
        return false;
    }
    pthread_mutex_lock(&call->client->lock);
    bool pending = oktai_later_is_pending(&call->signature->later);
    pthread_mutex_unlock(&call->client->lock);
    return pending;
}

oktai_need oktai_signature_await(okta_call *call)
{
    pthread_mutex_lock(&call->client->lock);
    oktai_queue_leave(&call->waiter);
    call->queued = oktai_later_is_pending(&call->signature->later);
    if (call->queued) {
        oktai_call_enter(call, &call->signature->queue);
    }
    if (call->visit != NULL) {
        call->client->tokens.awaits_signer = call->queued;
    }
    pthread_mutex_unlock(&call->client->lock);
    call->until_ms = call->retry.deadline_ms;
    return call->queued ? OKTAI_NEED_CALL : OKTAI_NEED_NOTHING;
}

void oktai_signature_leave(okta_call *call)
{
    pthread_mutex_lock(&call->client->lock);
    oktai_queue_leave(&call->waiter);
    pthread_mutex_unlock(&call->client->lock);
    call->queued = false;
    oktai_later_drop(&call->signature->later);
}
