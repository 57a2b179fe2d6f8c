/* SPDX-License-Identifier: Apache-2.0 */
#include "rotation/ask.h"

#include <stdlib.h>

#include "client/loop.h"
#include "core/arena.h"
#include "core/error.h"

struct okta_rotation_ask {
    oktai_course *course; /* held */
    okta_rotation_subject subject;
    okta_rotation_record *record; /* that the subject points into */
    oktai_credential credential;  /* the same */
};

static void release_ask(okta_rotation_ask *ask)
{
    okta_free(ask->record);
    oktai_credential_clear(&ask->credential);
    okta_free(ask->course);
    free(ask);
}

static bool fill_ask(okta_rotation_ask *ask, oktai_course *self)
{
    okta_error *error = NULL;
    const okta_rotation_record *record = self->record;
    if (record != NULL) {
        error = okta_rotation_record_copy(record, &ask->record);
    }
    if (error == NULL) {
        error = oktai_credential_copy_secret(self->credential.secret, &ask->credential.secret);
    }
    bool good = error == NULL;
    okta_free(error);
    ask->credential.key = oktai_root_hold(self->credential.key);
    ask->credential.signer = oktai_root_hold(self->credential.signer);
    ask->course = oktai_root_hold(self);
    bool is_key = self->options.kind != OKTA_ROTATION_CLIENT_SECRET;
    ask->subject = (okta_rotation_subject){
        .app_id = self->options.app_id,
        .kind = self->options.kind,
        .kid = ask->record == NULL || !is_key ? NULL : ask->record->name,
        .id = ask->record == NULL ? NULL : ask->record->id,
        .key = ask->credential.key,
        .signer = ask->credential.signer,
        .secret = ask->credential.secret,
    };
    return good;
}

okta_error *oktai_ask(oktai_course *self, okta_rotation_ask_fn *function)
{
    okta_rotation_ask *made = calloc(1, sizeof *made);
    if (made == NULL || !fill_ask(made, self)) {
        if (made != NULL) {
            release_ask(made);
        }
        return oktai_error_nomem();
    }
    pthread_mutex_lock(&self->lock);
    self->ask = made;
    self->answered = false;
    pthread_mutex_unlock(&self->lock);
    function(self->options.ctx, &made->subject, made);
    return NULL;
}

/* Takes `error` and `given`. */
static void answer(okta_rotation_ask *ask, okta_error *error, oktai_credential *given)
{
    oktai_course *self = ask->course;
    pthread_mutex_lock(&self->lock);
    bool awaited = self->ask == ask;
    if (awaited) {
        self->ask = NULL;
        self->answered = true;
        self->answer = error;
        self->given = *given;
        if (self->loop != NULL) {
            oktai_loop_wake_task(self->loop, &self->task);
        }
    }
    pthread_mutex_unlock(&self->lock);
    if (!awaited) {
        okta_free(error);
        oktai_credential_clear(given);
    }
    release_ask(ask);
}

void okta_rotation_answer(okta_rotation_ask *ask, okta_error *error)
{
    oktai_credential given = {NULL, NULL, NULL};
    answer(ask, error, &given);
}

void okta_rotation_answer_key(okta_rotation_ask *ask, okta_key *key, okta_signer *signer)
{
    oktai_credential given = {.key = oktai_root_hold(key), .signer = oktai_root_hold(signer)};
    answer(ask, NULL, &given);
}

void okta_rotation_answer_secret(okta_rotation_ask *ask, const char *secret)
{
    oktai_credential given = {NULL, NULL, NULL};
    okta_error *error = oktai_credential_copy_secret(secret, &given.secret);
    answer(ask, error, &given);
}

bool oktai_ask_take(oktai_course *self, okta_error **out_error, oktai_credential *out)
{
    pthread_mutex_lock(&self->lock);
    bool answered = self->answered;
    if (answered) {
        *out_error = self->answer;
        *out = self->given;
        self->answered = false;
        self->answer = NULL;
        self->given = (oktai_credential){NULL, NULL, NULL};
    }
    pthread_mutex_unlock(&self->lock);
    return answered;
}

bool oktai_ask_is_open(oktai_course *self)
{
    pthread_mutex_lock(&self->lock);
    bool asked = self->ask != NULL || self->is_making;
    pthread_mutex_unlock(&self->lock);
    return asked;
}

void oktai_ask_drop(oktai_course *self)
{
    okta_error *error = NULL;
    oktai_credential given = {NULL, NULL, NULL};
    pthread_mutex_lock(&self->lock);
    self->ask = NULL;
    pthread_mutex_unlock(&self->lock);
    if (oktai_ask_take(self, &error, &given)) { /* it came, and was not looked at */
        okta_free(error);
        oktai_credential_clear(&given);
    }
}
