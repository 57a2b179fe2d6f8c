/* SPDX-License-Identifier: Apache-2.0 */
/* Batches: calls that are read one after the other and run a few at once, each key's in their order. */
#include "okta/batch.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "client/call.h"
#include "client/loop.h"
#include "client/patience.h"
#include "core/arena.h"
#include "core/error.h"
#include "core/misuse.h"
#include "core/process.h"

#define IN_FLIGHT_MAX   10000u
#define HELD_BACK_MAX   1000000u
#define HELD_BACK_USUAL 256u
#define BUCKETS         256u /* a power of two */

typedef struct course course;

/* A call that was read. */
typedef struct entry {
    course *batch;
    okta_batch_item item;
    struct entry *ahead; /* in flight */
    struct entry *behind;
    struct entry *next_in_bucket; /* in flight, with a key */
    struct entry *held_first;     /* of its key, and held back until it ends; linked by `behind` */
    struct entry *held_last;
    char key[];
} entry;

/* What runs. It lives on when the program lets go of the batch. */
struct course {
    oktai_task task; /* the first member */
    oktai_process owner;
    okta_batch_options options;
    okta_batch_done_fn *done;
    void *done_ctx;
    bool ran;
    bool is_read;     /* `next` came to its end */
    bool stopped;     /* no further call begins */
    bool canceling;   /* those in flight are canceled */
    unsigned at_once; /* calls in flight at most; 0: as the first one's client */
    okta_batch_counts counts;
    okta_error *outcome;
    entry *in_flight;
    entry *buckets[BUCKETS];

    atomic_bool canceled; /* by anyone */
    pthread_mutex_t lock; /* of what follows */
    okta_loop *loop;      /* NULL: it is in none */
};

struct okta_batch {
    course *course; /* held */
};

static size_t bucket_of(const char *key)
{
    uint32_t hash = 2166136261u;
    for (; *key != '\0'; key++) {
        hash = (hash ^ (unsigned char)*key) * 16777619u;
    }
    return (hash ^ hash >> 16) & (BUCKETS - 1);
}

/* The call of that key that is in flight; NULL: none. */
static entry *find(course *self, const char *key)
{
    entry *it = key == NULL ? NULL : self->buckets[bucket_of(key)];
    while (it != NULL && strcmp(it->key, key) != 0) {
        it = it->next_in_bucket;
    }
    return it;
}

static void take_off(course *self, entry *it)
{
    self->counts.in_flight++;
    it->ahead = NULL;
    it->behind = self->in_flight;
    if (self->in_flight != NULL) {
        self->in_flight->ahead = it;
    }
    self->in_flight = it;
    if (it->item.key != NULL) {
        entry **bucket = &self->buckets[bucket_of(it->key)];
        it->next_in_bucket = *bucket;
        *bucket = it;
    }
}

/* Returns the next one of its key; NULL: there is none. */
static entry *land(course *self, entry *it)
{
    self->counts.in_flight--;
    *(it->ahead == NULL ? &self->in_flight : &it->ahead->behind) = it->behind;
    if (it->behind != NULL) {
        it->behind->ahead = it->ahead;
    }
    if (it->item.key != NULL) {
        entry **place = &self->buckets[bucket_of(it->key)];
        while (*place != it) {
            place = &(*place)->next_in_bucket;
        }
        *place = it->next_in_bucket;
    }
    entry *next = it->held_first;
    if (next != NULL) {
        self->counts.held_back--;
        next->held_first = next->behind;
        next->held_last = next->held_first == NULL ? NULL : it->held_last;
    }
    return next;
}

static void hold_back(course *self, entry *first, entry *it)
{
    it->behind = NULL;
    *(first->held_first == NULL ? &first->held_first : &first->held_last->behind) = it;
    first->held_last = it;
    self->counts.held_back++;
}

/* The first reason counts. Takes `why`. */
static void stop(course *self, okta_error *why)
{
    self->stopped = true;
    if (self->outcome == NULL) {
        self->outcome = why;
    } else {
        okta_free(why);
    }
}

static void cancel_in_flight(course *self)
{
    self->canceling = true;
    for (entry *it = self->in_flight; it != NULL; it = it->behind) {
        okta_call_cancel(it->item.call);
    }
}

/* What somebody who canceled it wants. */
static void see_cancel(course *self)
{
    if (atomic_load(&self->canceled) && !self->canceling) {
        stop(self, oktai_error_new(OKTA_E_CANCELED, "the batch was canceled"));
        cancel_in_flight(self);
    }
}

static void stop_for(course *self, const okta_error *error)
{
    stop(self, oktai_error_new(okta_error_status(error), "the batch stopped at its first error: %s",
                               okta_error_message(error)));
    if (self->options.on_error == OKTA_BATCH_STOP_AND_CANCEL) {
        cancel_in_flight(self);
    }
}

/* The program may do anything in here, but drive the loop. Takes `error`. */
static void tell(course *self, const okta_batch_item *item, okta_error *error)
{
    *(error == NULL ? &self->counts.done : &self->counts.failed) += 1;
    if (error != NULL && !self->stopped && self->options.on_error != OKTA_BATCH_GO_ON) {
        stop_for(self, error);
    }
    self->options.result(self->options.ctx, item, error);
    see_cancel(self);
}

static void tell_progress(course *self)
{
    if (self->options.progress != NULL) {
        self->options.progress(self->options.ctx, &self->counts);
        see_cancel(self);
    }
}

/* Tell its outcome and forget it. Returns the next one of its key; NULL: there is none. */
static entry *end(course *self, entry *it, okta_error *error)
{
    entry *next = land(self, it);
    tell(self, &it->item, error);
    free(it);
    return next;
}

static void on_end(void *ctx, okta_call *call, okta_error *error);

static okta_error *submit(course *self, entry *it)
{
    if (self->stopped) {
        return oktai_error_new(OKTA_E_CANCELED, "the call did not begin: the batch stopped");
    }
    oktai_patience_set(it->item.call);
    return okta_call_submit(it->item.call, self->loop, on_end, it);
}

/* Begin a call. One that cannot begin ends at once, and then the next of its key begins. NULL is none. */
static void begin(course *self, entry *it)
{
    while (it != NULL) {
        take_off(self, it);
        okta_error *error = submit(self, it);
        it = error == NULL ? NULL : end(self, it, error);
    }
}

static void on_end(void *ctx, okta_call *call, okta_error *error)
{
    entry *it = ctx;
    course *self = it->batch;
    (void)call;
    begin(self, end(self, it, error));
    tell_progress(self);
    atomic_store(&self->task.is_due, true);
}

/* NULL: out of memory. */
static entry *new_entry(course *self, const okta_batch_item *item)
{
    size_t size = item->key == NULL ? 1 : strlen(item->key) + 1;
    entry *it = calloc(1, sizeof *it + size);
    if (it == NULL) {
        return NULL;
    }
    it->batch = self;
    it->item = *item;
    if (item->key != NULL) {
        memcpy(it->key, item->key, size);
        it->item.key = it->key;
    }
    return it;
}

static void take_limit(course *self, const okta_call *call)
{
    if (self->at_once == 0 && call != NULL && call->client != NULL) {
        self->at_once = call->client->pacing.options.max_in_flight;
    }
}

/* A call that was read begins, is held back, or fails at once. */
static void take(course *self, okta_batch_item item)
{
    okta_error *error = item.error;
    item.error = NULL;
    take_limit(self, item.call);
    see_cancel(self); /* by `next` itself */
    entry *it = error != NULL || item.call == NULL ? NULL : new_entry(self, &item);
    entry *first = find(self, item.key);
    if (it == NULL) {
        tell(self, &item, error != NULL ? error : oktai_error_nomem());
    } else if (first != NULL) {
        hold_back(self, first, it);
    } else {
        begin(self, it);
    }
}

static void read_next(course *self)
{
    okta_batch_item item = {NULL, NULL, NULL, NULL};
    if (self->options.next(self->options.ctx, &item)) {
        take(self, item);
        tell_progress(self);
        return;
    }
    self->is_read = true;
    if (item.error != NULL) {
        stop(self, item.error);
    }
    see_cancel(self);
}

static bool may_read(const course *self)
{
    unsigned at_once = self->at_once == 0 ? 1 : self->at_once;
    return !self->is_read && !self->stopped && self->counts.in_flight < at_once &&
           self->counts.held_back < self->options.max_held_back;
}

static void set_loop(course *self, okta_loop *loop)
{
    pthread_mutex_lock(&self->lock);
    self->loop = loop;
    pthread_mutex_unlock(&self->lock);
}

static void finish(course *self)
{
    okta_loop *loop = self->loop;
    set_loop(self, NULL);
    oktai_loop_end_task(loop, &self->task);
    okta_error *outcome = self->outcome;
    self->outcome = NULL;
    self->done(self->done_ctx, &self->counts, outcome);
    okta_free(self);
}

/* One call is read in each turn of the loop, so that what it takes to make one holds up no answer for long.
 */
static void go_on(oktai_task *task)
{
    course *self = (course *)task;
    if (!self->is_read || self->counts.in_flight > 0) {
        see_cancel(self);
    }
    if (may_read(self)) {
        read_next(self);
    }
    if (may_read(self)) {
        atomic_store(&task->is_due, true);
    } else if ((self->is_read || self->stopped) && self->counts.in_flight == 0) {
        finish(self);
    }
}

static void cancel(course *self)
{
    if (oktai_process_is_another(&self->owner)) {
        return;
    }
    atomic_store(&self->canceled, true);
    pthread_mutex_lock(&self->lock);
    if (self->loop != NULL) {
        oktai_loop_wake_task(self->loop, &self->task);
    }
    pthread_mutex_unlock(&self->lock);
}

static void cancel_task(oktai_task *task)
{
    cancel((course *)task);
}

static void release_course(void *object)
{
    course *self = object;
    okta_free(self->outcome);
    pthread_mutex_destroy(&self->lock);
}

static void release_batch(void *object)
{
    okta_batch *batch = object;
    if (batch->course != NULL) {
        cancel(batch->course);
        okta_free(batch->course);
    }
}

static okta_error *check_options(const okta_batch_options *options)
{
    if (options == NULL) {
        return oktai_error_null("options");
    }
    if (options->struct_size < sizeof *options) {
        return oktai_error_new(OKTA_E_ARG, "options must begin as OKTA_BATCH_OPTIONS_INIT");
    }
    if (options->next == NULL || options->result == NULL) {
        return oktai_error_null(options->next == NULL ? "options.next" : "options.result");
    }
    if (options->max_in_flight > IN_FLIGHT_MAX) {
        return oktai_error_new(OKTA_E_ARG, "options.max_in_flight must be 0 to 10,000");
    }
    if (options->max_held_back > HELD_BACK_MAX) {
        return oktai_error_new(OKTA_E_ARG, "options.max_held_back must be 0 to 1,000,000");
    }
    if ((unsigned)options->on_error > OKTA_BATCH_STOP_AND_CANCEL) {
        return oktai_error_new(OKTA_E_ARG, "options.on_error is no value of its enum");
    }
    return NULL;
}

static course *new_course(const okta_batch_options *options)
{
    course *self = oktai_root_new(sizeof *self, 0, release_course);
    if (self == NULL) {
        return NULL;
    }
    atomic_init(&self->task.is_due, false);
    atomic_init(&self->canceled, false);
    self->task.run = go_on;
    self->task.cancel = cancel_task;
    self->owner = oktai_process_now();
    self->options = *options;
    self->at_once = options->max_in_flight;
    if (options->max_held_back == 0) {
        self->options.max_held_back = HELD_BACK_USUAL;
    }
    pthread_mutex_init(&self->lock, NULL);
    return self;
}

okta_error *okta_batch_new(const okta_batch_options *options, okta_batch **out)
{
    if (out == NULL) {
        return oktai_error_null("out");
    }
    *out = NULL;
    okta_error *error = check_options(options);
    if (error != NULL) {
        return error;
    }
    okta_batch *batch = oktai_root_new(sizeof *batch, 0, release_batch);
    if (batch != NULL) {
        batch->course = new_course(options);
    }
    if (batch == NULL || batch->course == NULL) {
        okta_free(batch);
        return oktai_error_nomem();
    }
    *out = batch;
    return NULL;
}

static okta_error *refuse(const okta_batch *batch)
{
    if (batch == NULL) {
        return oktai_error_null("batch");
    }
    if (oktai_process_is_another(&batch->course->owner)) {
        return oktai_error_new(OKTA_E_ARG, "the batch was made before fork: make one in the child");
    }
    if (batch->course->ran) {
        return oktai_error_new(OKTA_E_ARG, "a batch runs once, and this one ran");
    }
    return NULL;
}

okta_error *okta_batch_submit(okta_batch *batch, okta_loop *loop, okta_batch_done_fn *done, void *ctx)
{
    oktai_expect_root(__func__, batch);
    oktai_expect_root(__func__, loop);
    okta_error *error = refuse(batch);
    if (error == NULL && done == NULL) {
        error = oktai_error_null("done");
    }
    if (error != NULL) {
        return error;
    }
    course *self = batch->course;
    self->done = done;
    self->done_ctx = ctx;
    error = oktai_loop_begin_task(loop, &self->task);
    if (error == NULL) {
        self->ran = true;
        oktai_root_hold(self);
        set_loop(self, loop);
    }
    return error;
}

/* How a batch ended that runs in this thread. */
typedef struct ending {
    okta_error *error;
} ending;

static void keep_ending(void *ctx, const okta_batch_counts *counts, okta_error *error)
{
    ending *its = ctx;
    (void)counts;
    its->error = error;
}

okta_error *okta_batch_run(okta_batch *batch)
{
    oktai_expect_root(__func__, batch);
    okta_loop *loop = NULL;
    ending its = {NULL};
    okta_error *error = refuse(batch);
    if (error == NULL) {
        error = okta_loop_new(NULL, &loop);
    }
    if (error == NULL) {
        error = okta_batch_submit(batch, loop, keep_ending, &its);
    }
    if (error == NULL) {
        error = okta_loop_run(loop);
    }
    okta_free(loop);
    if (error != NULL) {
        okta_free(its.error);
        return error;
    }
    return its.error;
}

void okta_batch_cancel(okta_batch *batch)
{
    oktai_expect_root(__func__, batch);
    if (batch != NULL) {
        cancel(batch->course);
    }
}

const okta_batch_counts *okta_batch_count(const okta_batch *batch)
{
    oktai_expect_root(__func__, batch);
    return batch == NULL ? NULL : &batch->course->counts;
}
