/* SPDX-License-Identifier: Apache-2.0 */
#include "process/batch_feed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

static void act(feed *self, feed_deed *what, unsigned at)
{
    if (what != NULL && at == self->deed_at) {
        self->did = true;
        what(self);
    }
}

static bool give(void *ctx, okta_batch_item *item)
{
    feed *self = ctx;
    char number[FEED_KEY_SIZE];
    const char *app = "app";
    assert_null(item->call);
    assert_null(item->error);
    if (self->given == self->calls) {
        item->error = self->failure;
        self->failure = NULL;
        return false;
    }
    unsigned at = self->given++;
    if (self->keys > 0) {
        (void)snprintf(self->key, sizeof self->key, "app%u", at % self->keys);
        item->key = app = self->key; /* until the next call */
    }
    (void)snprintf(number, sizeof number, "%u", at);
    bool is_bad = at == self->bad;
    if (!is_bad || !self->bad_is_null) {
        item->call =
            okta_get_jwk_call(self->client, app, is_bad && self->bad_id != NULL ? self->bad_id : number);
        self->alive += item->call != NULL;
        self->most_alive = self->alive > self->most_alive ? self->alive : self->most_alive;
    }
    if (is_bad && self->bad_has_error) {
        okta_key *none = NULL;
        item->error = okta_key_from_pem("", 0, NULL, NULL, &none);
    }
    item->ctx = (void *)(uintptr_t)(at + 1);
    act(self, self->in_next, at);
    return true;
}

static void take(void *ctx, const okta_batch_item *item, okta_error *error)
{
    feed *self = ctx;
    unsigned at = (unsigned)(uintptr_t)item->ctx - 1;
    okta_status status = okta_error_status(error);
    assert_true(at < self->given);
    unsigned place = self->all_told++;
    self->told[status]++;
    if (status == OKTA_OK) {
        okta_oauth2_client_jwk *key = OKTA_TAKE(item->call, okta_oauth2_client_jwk);
        assert_non_null(key);
        okta_free(key);
    }
    self->alive -= item->call != NULL;
    okta_free(item->call);
    okta_free(error);
    if (self->keys > 0 && self->keys <= FEED_KEYS) {
        char app[FEED_KEY_SIZE];
        (void)snprintf(app, sizeof app, "app%u", at % self->keys);
        assert_string_equal(item->key, app); /* also behind the end of the call */
        self->out_of_order = self->out_of_order || at < self->next_of[at % self->keys];
        self->next_of[at % self->keys] = at + 1;
    }
    act(self, self->in_result, place);
}

static void progress(void *ctx, const okta_batch_counts *counts)
{
    feed *self = ctx;
    self->counts = *counts;
    assert_int_equal(counts->done + counts->failed, self->all_told);
    assert_int_equal(counts->in_flight + counts->held_back, self->given - self->all_told);
    act(self, self->in_progress, self->given - 1);
}

okta_batch_options feed_options(feed *self)
{
    okta_batch_options options = OKTA_BATCH_OPTIONS_INIT;
    options.next = give;
    options.result = take;
    options.progress = progress;
    options.ctx = self;
    return options;
}

void feed_make(feed *self, const okta_batch_options *options)
{
    assert_null(okta_batch_new(options, &self->batch));
    assert_non_null(self->batch);
}

void feed_end(feed *self, okta_error *error)
{
    self->ended++;
    self->status = okta_error_status(error);
    okta_free(error);
    okta_free(self->batch);
    self->batch = NULL;
}

void feed_on_end(void *ctx, const okta_batch_counts *counts, okta_error *error)
{
    feed *self = ctx;
    self->at_end = *counts;
    assert_int_equal(counts->in_flight + counts->held_back, 0);
    assert_int_equal(counts->done + counts->failed, self->given);
    feed_end(self, error);
    if (self->other != NULL) {
        feed_submit(self->other);
    }
}

void feed_submit(feed *self)
{
    unsigned before = self->given;
    assert_null(okta_batch_submit(self->batch, self->loop, feed_on_end, self));
    assert_int_equal(self->given, before);
}

void feed_run(feed *self)
{
    if (self->loop == NULL) {
        feed_end(self, okta_batch_run(self->batch));
        return;
    }
    feed_submit(self);
    assert_null(okta_loop_run(self->loop));
    assert_int_equal(okta_loop_pending(self->loop), 0);
}

okta_loop *feed_new_loop(void)
{
    okta_loop *loop = NULL;
    assert_null(okta_loop_new(NULL, &loop));
    return loop;
}

void feed_expect_told(const feed *self, unsigned good, unsigned canceled)
{
    assert_int_equal(self->told[OKTA_OK], good);
    assert_int_equal(self->told[OKTA_E_CANCELED], canceled);
    assert_int_equal(self->all_told, self->given);
    assert_int_equal(self->alive, 0);
    assert_false(self->out_of_order);
}
