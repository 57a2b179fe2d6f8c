/* SPDX-License-Identifier: Apache-2.0 */
/* Pages that a loop fetches, one ahead of the program where it asks for that. */
#include <stdlib.h>

#include "client/cancel.h"
#include "client/loop.h"
#include "client/loop_calls.h"
#include "client/pages.h"
#include "core/arena.h"
#include "core/error.h"
#include "core/misuse.h"

/* A page on its way: from the beginning of its call until the program has been told. */
typedef struct oktai_fetch {
    oktai_task task;   /* the first member; tells of a page that was there before it was asked for */
    okta_pages *pages; /* NULL: released */
    okta_call *first;  /* held: the root of the call */
    okta_loop *loop;   /* while the call, or the task, is in it; else NULL */
    okta_call *call;
    okta_error *error;
    okta_pages_done_fn *done; /* NULL: nobody asked yet */
    void *ctx;
} fetch;

static void free_fetch(fetch *self)
{
    okta_free(self->call);
    okta_free(self->error);
    okta_free(self->first);
    free(self);
}

/* It is of no use any more. */
static void abandon(fetch *self)
{
    self->pages = NULL;
    if (self->loop != NULL) {
        okta_call_cancel(self->first);
    } else {
        free_fetch(self);
    }
}

/* NULL: out of memory. */
static fetch *new_fetch(okta_pages *pages)
{
    fetch *self = calloc(1, sizeof *self);
    if (self != NULL) {
        self->pages = pages;
        self->first = oktai_root_hold(pages->first);
        pages->abandon = abandon;
    }
    return self;
}

static void on_fetched(void *ctx, okta_call *call, okta_error *error);

/* On an error nothing began. */
static okta_error *begin_fetch(fetch *self, okta_loop *loop)
{
    okta_pages *pages = self->pages;
    okta_error *error;
    okta_call *call = oktai_pages_call(pages, &error);
    if (error == NULL) {
        error = okta_call_submit(call, loop, on_fetched, self);
    }
    if (error != NULL) {
        okta_free(call);
        return error;
    }
    self->loop = loop;
    self->call = call;
    pages->fetch = self;
    return NULL;
}

/* The program is told before it asks for that page neither that it came nor why it cannot. */
static void read_ahead(okta_pages *pages, okta_loop *loop)
{
    bool wanted = pages->reads_ahead && pages->error == NULL && !pages->finished && !pages->resting;
    fetch *self = wanted ? new_fetch(pages) : NULL;
    if (self != NULL) {
        self->error = begin_fetch(self, loop);
        pages->fetch = self;
    }
    if (self != NULL && self->error == NULL) {
        oktai_loop_calls_advance(self->call); /* the server works while the program does */
    }
}

/* The program may release the pages in `done`. */
static void deliver(fetch *self, okta_loop *loop)
{
    okta_pages *pages = self->pages;
    okta_pages_done_fn *done = self->done;
    void *ctx = self->ctx;
    pages->fetch = NULL;
    if (self->error == NULL) {
        self->error = oktai_loop_refuse(loop); /* of one that ends, nobody is to ask for the page behind */
    }
    if (self->call != NULL || self->error != NULL) {
        oktai_pages_take(pages, self->call, self->error);
        self->call = NULL;
        self->error = NULL;
        read_ahead(pages, loop);
    }
    free_fetch(self);
    done(ctx, pages);
}

static void on_fetched(void *ctx, okta_call *call, okta_error *error)
{
    fetch *self = ctx;
    okta_loop *loop = self->loop;
    (void)call;
    self->loop = NULL;
    self->error = error;
    if (self->pages == NULL) {
        free_fetch(self);
    } else if (self->done != NULL) {
        deliver(self, loop);
    }
}

static void run_task(oktai_task *task)
{
    fetch *self = (fetch *)task;
    okta_loop *loop = self->loop;
    self->loop = NULL;
    oktai_loop_end_task(loop, task);
    if (self->pages == NULL) {
        free_fetch(self);
        return;
    }
    if (self->call != NULL && self->error == NULL && oktai_call_is_ended(self->first)) {
        self->error = oktai_error_new(OKTA_E_CANCELED, "the pages were canceled");
    }
    deliver(self, loop);
}

/* It ends in its next run anyway. */
static void cancel_task(oktai_task *task)
{
    (void)task;
}

/* There is something to tell, or that there is nothing. */
static okta_error *tell_soon(fetch *self, okta_loop *loop)
{
    self->task.run = run_task;
    self->task.cancel = cancel_task;
    okta_error *error = oktai_loop_begin_task(loop, &self->task);
    if (error == NULL) {
        self->loop = loop;
    }
    return error;
}

static okta_error *refuse(okta_pages *pages, const okta_loop *loop, okta_pages_done_fn *done)
{
    okta_error *error = oktai_loop_refuse(loop);
    const fetch *ahead = pages->fetch;
    if (error == NULL && done == NULL) {
        error = oktai_error_null("done");
    }
    if (error == NULL && ahead != NULL && ahead->done != NULL) {
        error = oktai_error_new(OKTA_E_ARG, "a page was asked for already, and `done` did not run yet");
    }
    if (error == NULL && ahead != NULL && ahead->loop != NULL && ahead->loop != loop) {
        error = oktai_error_new(OKTA_E_ARG, "a page is on its way already, in another loop");
    }
    if (error == NULL && pages->failed) {
        error = oktai_error_new(OKTA_E_ARG, "these pages failed: make new ones from okta_pages_cursor()");
    }
    return error;
}

/* The next page comes by `self`, or comes already. */
static okta_error *ask(okta_pages *pages, fetch *self, okta_loop *loop)
{
    if (self == pages->fetch) {
        return self->loop != NULL ? NULL : tell_soon(self, loop);
    }
    if (pages->finished || oktai_pages_end_poll(pages)) {
        pages->fetch = self;
        return tell_soon(self, loop);
    }
    return begin_fetch(self, loop);
}

okta_error *okta_pages_submit(okta_pages *pages, okta_loop *loop, okta_pages_done_fn *done, void *ctx)
{
    oktai_expect_root(__func__, pages);
    oktai_expect_root(__func__, loop);
    if (pages == NULL) {
        return oktai_error_nomem();
    }
    okta_error *error = refuse(pages, loop, done);
    fetch *self = pages->fetch != NULL || error != NULL ? pages->fetch : new_fetch(pages);
    if (error == NULL && self == NULL) {
        error = oktai_error_nomem();
    }
    if (error != NULL) {
        return error;
    }
    pages->is_submitted = true;
    error = okta_pages_error(pages);
    error = error != NULL ? error : oktai_call_take_problem(pages->first);
    error = error != NULL ? error : ask(pages, self, loop);
    oktai_pages_drop(pages); /* an error has quoted it */
    if (error != NULL) {
        pages->failed = true;
        pages->fetch = NULL;
        abandon(self);
        return error;
    }
    self->done = done;
    self->ctx = ctx;
    return NULL;
}

void okta_pages_set_ahead(okta_pages *pages, bool ahead)
{
    oktai_expect_root(__func__, pages);
    if (pages != NULL) {
        pages->reads_ahead = ahead;
    }
}
