/* SPDX-License-Identifier: Apache-2.0 */
#include "worker.h"

#include <stdlib.h>

#include "log.h"
#include "look.h"
#include "schedule.h"
#include "sink.h"

/* So long a database that is locked, or does not answer, is no failure. */
#define BUSY_MS 10000
/* After so long, and a bit by chance, it is asked again. */
#define ASK_AGAIN_MS 200

static void look(worker *self);
static void rotate(worker *self, okta_rotation_start start, int64_t begun_s);

static log_line line_of(const worker *self, log_level level, const char *event)
{
    return (log_line){.level = level, .event = event, .app = self->app->id, .kind = self->app->kind};
}

static lock_subject subject_of(const worker *self)
{
    return (lock_subject){.app_id = self->app->id, .kind = self->app->kind};
}

/* Making. */

worker *worker_new(shop *within, config *from, const config_app *app)
{
    worker *self = calloc(1, sizeof *self);
    if (self != NULL) {
        self->shop = within;
        self->config = config_hold(from);
        self->app = app;
    }
    return self;
}

void worker_free(worker *self)
{
    config_drop(self->config);
    config_drop(self->coming);
    free(self);
}

/* When its credential is due, in seconds since 1970; 0: unknown. */
static int64_t credential_due_s(const worker *self)
{
    const config_app *app = self->app;
    return self->created_s == 0
               ? 0
               : schedule_due_s(self->created_s, app->every_s,
                                schedule_spread_s(app->id, app->kind, app->jitter_s), shop_now_ms() / 1000);
}

int64_t worker_time_s(const worker *self)
{
    int64_t due_s = self->is_waiting ? self->goes_on_s : credential_due_s(self);
    return due_s == 0 && self->failures > 0 ? self->failing_s : due_s;
}

/* A rotation was to begin when the credential was due; where nobody knows that, when it did. */
static int64_t beginning_s(const worker *self, int64_t begun_s)
{
    int64_t due_s = credential_due_s(self);
    return due_s > 0 && due_s < begun_s ? due_s : begun_s;
}

static void know_time(worker *self, const okta_rotation_record *record)
{
    self->goes_on_s = record->due_s > 0 ? record->due_s : beginning_s(self, record->begun_s);
}

/* Sleep until the credential is due; at once where nobody knows. */
static void sleep_until_due(worker *self)
{
    self->next_ms = credential_due_s(self) * 1000;
}

void worker_know_age(worker *self, int64_t created_s)
{
    self->created_s = created_s;
    if (!self->is_waiting) {
        sleep_until_due(self);
    }
}

void worker_know_record(worker *self, const okta_rotation_record *record)
{
    self->is_waiting = true;
    self->next_ms = record->due_s * 1000;
    know_time(self, record);
}

static void go_by_coming(worker *self)
{
    config_drop(self->config);
    self->config = self->coming;
    self->app = self->coming_app;
    self->coming = NULL;
    self->coming_app = NULL;
    if (self->failures > 0) {
        self->next_ms = 0; /* whoever changes the configuration may have repaired it */
    } else if (!self->is_waiting) {
        sleep_until_due(self);
    }
}

void worker_configure(worker *self, config *from, const config_app *app)
{
    config_drop(self->coming);
    self->coming = config_hold(from);
    self->coming_app = app;
    self->is_leaving = false;
    if (self->state == WORKER_SLEEPS) {
        go_by_coming(self);
    }
}

/* The end of its work. */

/* Give the lease back, and sleep until `next_ms`. */
static void leave(worker *self, int64_t next_ms)
{
    const lock_subject subject = subject_of(self);
    const lock *leases = &self->shop->ledger.lock;
    okta_error *error = leases->release(leases->ctx, &subject, self->token, self->created_s);
    if (error != NULL) {
        log_line line = line_of(self, LOG_WARNING, "lease not released");
        line.error = error;
        log_write(&line);
        okta_free(error);
    }
    self->state = WORKER_SLEEPS;
    self->token = 0;
    self->next_ms = next_ms;
    self->shop->running--;
    if (self->coming != NULL) {
        go_by_coming(self);
    }
}

/* False: it is due, and whatever failed before is not over. */
static bool leave_until_due(worker *self)
{
    int64_t due_ms = credential_due_s(self) * 1000;
    if (due_ms <= shop_now_ms()) {
        return false;
    }
    self->failures = 0;
    leave(self, due_ms);
    return true;
}

/* It is tried again later. Takes `error`. `step` is nullable. */
static void fail(worker *self, const char *step, okta_error *error)
{
    self->failing_s = self->failures == 0 ? shop_now_ms() / 1000 : self->failing_s;
    int64_t wait_ms = schedule_backoff_ms(++self->failures, shop_chance(self->shop));
    log_line line = line_of(self, LOG_ERROR, "failed");
    line.step = step;
    line.error = error;
    line.retry_ms = wait_ms;
    self->shop->counts.failed++;
    log_write(&line);
    okta_free(error);
    if (self->state == WORKER_SLEEPS) {
        self->next_ms = shop_now_ms() + wait_ms;
    } else {
        leave(self, shop_now_ms() + wait_ms);
    }
}

/* Nothing is begun yet. Takes `error`. */
static void fail_or_wait(worker *self, const char *step, okta_error *error)
{
    int64_t now_ms = shop_now_ms();
    self->busy_ms = self->busy_ms == 0 ? now_ms : self->busy_ms;
    if (okta_error_status(error) != OKTA_E_TIMEOUT || self->failures > 0 || now_ms < self->busy_ms ||
        now_ms - self->busy_ms >= BUSY_MS) {
        self->busy_ms = 0;
        fail(self, step, error);
        return;
    }
    okta_free(error);
    int64_t next_ms = now_ms + ASK_AGAIN_MS + shop_chance(self->shop) % 256;
    if (self->state == WORKER_SLEEPS) {
        self->next_ms = next_ms;
    } else {
        leave(self, next_ms);
    }
}

/* Another daemon has the lease. */
static void let_go(worker *self)
{
    self->elsewhere++;
    self->shop->counts.overtaken++;
    log_line line = line_of(self, LOG_INFO, "overtaken");
    line.detail = "another daemon works on it";
    log_write(&line);
    leave(self, shop_now_ms() + self->shop->term_ms);
}

/* The daemon stops. */
static void stop(worker *self, okta_error *error)
{
    okta_free(error);
    leave(self, INT64_MAX);
}

/* Looking. */

static void on_look(void *ctx, okta_call *call, okta_error *error)
{
    worker *self = ctx;
    self->call = NULL;
    int64_t created_s = error == NULL ? look_take(call, self->app->kind) : 0;
    okta_free(call);
    if (self->shop->is_stopping) {
        stop(self, error);
        return;
    }
    if (self->fence.is_overtaken) {
        okta_free(error);
        let_go(self);
        return;
    }
    if (error != NULL) {
        fail(self, "look", error);
        return;
    }
    self->created_s = created_s;
    if (leave_until_due(self)) {
        return;
    }
    rotate(self, OKTA_ROTATION_GO_ON_OR_BEGIN, shop_now_ms() / 1000);
}

static void look(worker *self)
{
    self->shop->counts.looks++;
    self->call = look_call(self->shop->client, self->app->id, self->app->kind);
    okta_error *error = okta_call_submit(self->call, self->shop->loop, on_look, self);
    if (error != NULL) {
        okta_free(self->call);
        self->call = NULL;
        fail(self, "look", error);
    }
}

/* Rotating. */

/* What is said of a run that came to where it waits, or to its end. */
static void tell(worker *self, const okta_rotation_progress *progress, bool is_done)
{
    log_line line = line_of(self, LOG_INFO, is_done ? "rotated" : "waits");
    line.kid = progress->kid;
    line.step = is_done ? NULL : okta_rotation_phase_name(progress->phase);
    line.due_s = is_done ? credential_due_s(self) : progress->due_s;
    if (is_done && progress->kept > 0) {
        line.level = LOG_WARNING;
        line.detail = "somebody activated an old one again: it stays";
    }
    log_write(&line);
}

static void end_well(worker *self, const okta_rotation_progress *progress)
{
    bool is_done = progress->state == OKTA_ROTATION_DONE;
    self->failures = 0;
    self->is_waiting = !is_done;
    self->goes_on_s = progress->due_s;
    self->is_finished = is_done;
    self->shop->counts.done += is_done;
    self->shop->counts.last_success_s = shop_now_ms() / 1000;
    bool is_used = is_done || progress->phase == OKTA_ROTATION_PHASE_SWITCHED ||
                   progress->phase == OKTA_ROTATION_PHASE_RETIRED;
    self->created_s = is_used ? self->begun_s : self->created_s;
    tell(self, progress, is_done);
    leave(self, (is_done ? credential_due_s(self) : progress->due_s) * 1000);
}

static void end_undone(worker *self, okta_error *error)
{
    sink_undo(self->app);
    self->is_waiting = false;
    self->shop->counts.undone++;
    if (error == NULL) {
        error = okta_error_new(OKTA_E_CONFLICT, "the rotation was taken back");
    }
    fail(self, "undone", error);
}

/* The rotation that was to go on is gone: another daemon, or okta-keys, brought it to its end. */
static bool is_gone(const worker *self, const okta_error *error)
{
    return self->start == OKTA_ROTATION_GO_ON && okta_error_status(error) == OKTA_E_NOT_FOUND;
}

static void on_rotated(void *ctx, okta_rotation *rotation, okta_error *error)
{
    worker *self = ctx;
    const okta_rotation_progress *progress = okta_rotation_look(rotation);
    self->rotation = NULL;
    if (error != NULL && self->shop->is_stopping) {
        stop(self, error);
    } else if (self->fence.is_overtaken) {
        okta_free(error);
        let_go(self);
    } else if (is_gone(self, error)) {
        okta_free(error);
        self->is_waiting = false;
        self->created_s = 0;
        leave(self, shop_now_ms());
    } else if (progress->state == OKTA_ROTATION_UNDONE) {
        end_undone(self, error);
    } else if (error != NULL) {
        self->is_waiting = progress->phase != OKTA_ROTATION_PHASE_NONE;
        fail(self, okta_rotation_phase_name(progress->phase), error);
    } else {
        end_well(self, progress);
    }
    okta_free(rotation);
}

static void rotate(worker *self, okta_rotation_start start, int64_t begun_s)
{
    const config_app *app = self->app;
    const lock_subject subject = subject_of(self);
    fence_begin(&self->fence, self->shop->ledger.journal, &self->shop->ledger.lock, &subject, self->token);
    self->state = WORKER_ROTATES;
    self->start = start;
    self->begun_s = begun_s;
    self->goes_on_s = start == OKTA_ROTATION_GO_ON ? self->goes_on_s : beginning_s(self, begun_s);
    okta_rotation_options options = OKTA_ROTATION_OPTIONS_INIT;
    options.client = self->shop->client;
    options.app_id = app->id;
    options.kind = app->kind;
    options.journal = &self->fence.journal;
    options.start = start;
    options.retire = app->retire;
    options.key_type = app->key_type;
    options.store = sink_store;
    bool recalls = app->sink.file != NULL && app->kind != OKTA_ROTATION_CLIENT_SECRET;
    options.recall = recalls ? sink_recall : NULL;
    options.switch_over = sink_switch;
    options.ctx = (void *)(uintptr_t)app;
    options.client_id = app->client_id;
    options.scopes = app->scopes;
    options.client_auth_method = app->client_auth_method;
    options.overlap_s = okta_int(app->overlap_s);
    options.grace_s = okta_int(app->grace_s);
    okta_error *error = okta_rotation_new(&options, &self->rotation);
    if (error == NULL) {
        error = okta_rotation_submit(self->rotation, self->shop->loop, on_rotated, self);
    }
    if (error != NULL) {
        okta_free(self->rotation);
        self->rotation = NULL;
        fail(self, "begin", error);
        return;
    }
    log_line line = line_of(self, LOG_INFO, start == OKTA_ROTATION_GO_ON ? "goes on" : "begins");
    self->shop->counts.begun += start != OKTA_ROTATION_GO_ON;
    log_write(&line);
}

/* Its turn. */

/* Under the lease: go on with what the journal has, or see whether the credential is due. */
static void work(worker *self)
{
    const okta_rotation_journal *journal = self->shop->ledger.journal;
    okta_rotation_record *record = NULL;
    okta_error *error = journal->load(journal->ctx, self->app->id, self->app->kind, &record);
    if (error != NULL) {
        fail_or_wait(self, "journal", error);
        return;
    }
    self->busy_ms = 0;
    if (record != NULL) {
        int64_t begun_s = record->begun_s;
        know_time(self, record);
        okta_free(record);
        rotate(self, OKTA_ROTATION_GO_ON, begun_s);
        return;
    }
    self->is_waiting = false;
    if (!leave_until_due(self)) {
        look(self);
    }
}

void worker_begin(worker *self)
{
    const lock_subject subject = subject_of(self);
    const lock *leases = &self->shop->ledger.lock;
    lock_lease lease;
    okta_error *error = leases->acquire(leases->ctx, &subject, &lease);
    if (error != NULL) {
        fail_or_wait(self, "lease", error);
        return;
    }
    if (lease.created_s > 0) {
        self->created_s = lease.created_s;
    }
    self->elsewhere = lease.token == 0 ? self->elsewhere + 1 : 0;
    if (self->elsewhere > 0) {
        self->busy_ms = 0;
        self->next_ms = shop_now_ms() + lease.free_in_ms + shop_chance(self->shop) % 256;
        return;
    }
    self->state = WORKER_LOOKS;
    self->token = lease.token;
    self->fence.is_overtaken = false;
    self->renew_ms = shop_now_ms() + self->shop->term_ms / 3;
    self->shop->running++;
    work(self);
}

void worker_follow_clock(worker *self)
{
    if (self->state != WORKER_SLEEPS) {
        self->renew_ms = 0;
    } else if (self->failures > 0 || self->elsewhere > 0 || self->is_waiting) {
        self->next_ms = 0;
    } else {
        sleep_until_due(self);
    }
}

void worker_renew(worker *self)
{
    const lock_subject subject = subject_of(self);
    const lock *leases = &self->shop->ledger.lock;
    okta_error *error = leases->renew(leases->ctx, &subject, self->token);
    self->renew_ms = shop_now_ms() + self->shop->term_ms / 3;
    if (okta_error_status(error) == OKTA_E_CONFLICT) {
        self->fence.is_overtaken = true;
        worker_cancel(self);
    } else if (error != NULL) {
        log_line line = line_of(self, LOG_WARNING, "lease not renewed");
        line.error = error;
        log_write(&line);
    }
    okta_free(error);
}

void worker_cancel(worker *self)
{
    okta_rotation_cancel(self->rotation);
    if (self->call != NULL) {
        okta_call_cancel(self->call);
    }
}
