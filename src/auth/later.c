/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/later.h"

#include <string.h>

#include "auth/signing.h"
#include "core/arena.h"
#include "core/error.h"
#include "core/misuse.h"

/* Held by who waits for it and by the program, which lets go in okta_sign_finish(). */
struct okta_signing {
    okta_signer *signer; /* held */
    pthread_mutex_t *lock;
    void *owner; /* held */
    oktai_buffer message;

    /* Under the lock. */
    const oktai_later *later; /* NULL: nobody waits */
    bool done;
    int code;
    unsigned char signature[OKTA_SIGNATURE_MAX];
    size_t size;
};

bool oktai_signer_is_late(const okta_signer *signer)
{
    return signer->begin != NULL;
}

static void release(void *object)
{
    okta_signing *self = object;
    oktai_buffer_clear(&self->message);
    oktai_wipe(self->signature, sizeof self->signature);
    okta_free(self->signer);
    okta_free(self->owner);
}

okta_error *oktai_later_begin(oktai_later *later, const okta_signer *signer, const oktai_buffer *message)
{
    okta_signing *self = oktai_root_new(sizeof *self, 0, release);
    if (self == NULL || !oktai_buffer_append(&self->message, message->data, message->length)) {
        okta_free(self);
        return oktai_error_nomem();
    }
    self->signer = oktai_root_hold((okta_signer *)(uintptr_t)signer);
    self->lock = later->lock;
    self->owner = oktai_root_hold(later->owner);
    self->later = later;
    later->signing = oktai_root_hold(self);
    signer->begin(signer->ctx, (const unsigned char *)self->message.data, self->message.length, self);
    return NULL;
}

bool oktai_later_is_asked(const oktai_later *later)
{
    return later != NULL && later->signing != NULL;
}

bool oktai_later_is_pending(const oktai_later *later)
{
    return later->signing != NULL && !later->signing->done;
}

static void let_go(oktai_later *later)
{
    okta_free(later->signing);
    later->signing = NULL;
}

okta_error *oktai_later_take(oktai_later *later, oktai_buffer *out)
{
    okta_signing *self = later->signing;
    okta_error *error = NULL;
    if (self->code != 0) {
        error = oktai_error_new(OKTA_E_AUTH, "the signer failed with the code %d", self->code);
    } else if (self->size > OKTA_SIGNATURE_MAX) {
        error = oktai_error_new(OKTA_E_AUTH, "the signature that the signer gave is too long");
    } else if (!oktai_buffer_append(out, self->message.data, self->message.length)) {
        error = oktai_error_nomem();
    } else {
        error = oktai_signer_add_signature(self->signer, self->signature, self->size, out);
    }
    let_go(later);
    return error;
}

void oktai_later_drop(oktai_later *later)
{
    if (later->signing != NULL) {
        pthread_mutex_lock(later->lock);
        later->signing->later = NULL;
        pthread_mutex_unlock(later->lock);
        let_go(later);
    }
}

/* What does not fit is no signature: it is told as one that is too long. */
void okta_sign_finish(okta_signing *signing, int code, const unsigned char *signature, size_t size)
{
    oktai_expect_root(__func__, signing);
    if (signing == NULL) {
        return;
    }
    pthread_mutex_lock(signing->lock);
    if (!signing->done) {
        signing->done = true;
        signing->code = code;
        signing->size = signature == NULL ? 0 : size;
        memcpy(signing->signature, signature == NULL ? (const unsigned char *)"" : signature,
               signing->size < OKTA_SIGNATURE_MAX ? signing->size : OKTA_SIGNATURE_MAX);
        if (signing->later != NULL) {
            signing->later->finished(signing->later->context);
        }
    }
    pthread_mutex_unlock(signing->lock);
    okta_free(signing);
}
