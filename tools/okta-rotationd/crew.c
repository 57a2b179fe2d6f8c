/* SPDX-License-Identifier: Apache-2.0 */
#include "crew.h"

#include <stdlib.h>
#include <string.h>

#include "common/errand.h"
#include "log.h"

/* So long a daemon that ends then waits itself. */
#define SOON_MS 90000
/* So long the leases may keep the loop from signals, the watchdog and metrics: a database that is locked
 * makes each of them wait. */
#define TURN_MS 250
/* A clock that is set back by less needs no care: nothing sleeps longer than that in vain. */
#define STEP_MS 1000

/* By app and kind. */

static int compare(const char *app_id, okta_rotation_kind kind, const config_app *app)
{
    int order = strcmp(app_id, app->id);
    return order != 0 ? order : (int)kind - (int)app->kind;
}

static int by_subject(const void *a, const void *b)
{
    const worker *const *left = a;
    const worker *const *right = b;
    return compare((*left)->app->id, (*left)->app->kind, (*right)->app);
}

static worker *find(const crew *self, const char *app_id, okta_rotation_kind kind)
{
    size_t low = 0;
    size_t high = self->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare(app_id, kind, self->workers[middle]->app);
        if (order == 0) {
            return self->workers[middle];
        }
        low = order > 0 ? middle + 1 : low;
        high = order > 0 ? high : middle;
    }
    return NULL;
}

/* Configuring. */

/* Those of the configuration, new ones among them, behind those that are gone and at work. False: out of
 * memory; what was made is in `out` all the same. */
static bool gather(const crew *self, config *from, worker **out, size_t *out_count)
{
    size_t count = 0;
    bool good = true;
    for (size_t i = 0; good && i < from->app_count; i++) {
        const config_app *app = &from->apps[i];
        worker *its = find(self, app->id, app->kind);
        its = its != NULL ? its : worker_new(self->shop, from, app);
        good = its != NULL;
        if (good) {
            out[count++] = its;
        }
    }
    *out_count = count;
    return good;
}

static bool is_old(const crew *self, const worker *it)
{
    return find(self, it->app->id, it->app->kind) == it;
}

static void leave_behind(crew *self, config *from)
{
    for (size_t i = 0; i < self->count; i++) {
        self->workers[i]->is_leaving = true;
    }
    for (size_t i = 0; i < from->app_count; i++) {
        worker *its = find(self, from->apps[i].id, from->apps[i].kind);
        if (its != NULL) {
            worker_configure(its, from, &from->apps[i]);
        }
    }
}

static void tell_gone(const worker *it)
{
    log_write(&(log_line){
        .event = "app removed",
        .app = it->app->id,
        .kind = it->app->kind,
        .level = it->is_waiting || it->state == WORKER_ROTATES ? LOG_WARNING : LOG_INFO,
        .detail =
            it->is_waiting || it->state == WORKER_ROTATES
                ? "its rotation is under way and stays in the journal: okta-keys rotate --resume ends it"
                : NULL});
}

okta_error *crew_configure(crew *self, config *from)
{
    size_t count = 0;
    worker **all = calloc(from->app_count + self->count + 1, sizeof *all);
    if (all == NULL || !gather(self, from, all, &count)) {
        for (size_t i = 0; i < count; i++) {
            if (!is_old(self, all[i])) {
                worker_free(all[i]);
            }
        }
        free(all);
        return okta_error_new(OKTA_E_NOMEM, NULL);
    }
    leave_behind(self, from);
    for (size_t i = 0; i < self->count; i++) {
        worker *it = self->workers[i];
        if (it->is_leaving) {
            tell_gone(it);
            all[count++] = it;
        }
    }
    qsort(all, count, sizeof(worker *), by_subject);
    free(self->workers);
    self->workers = all;
    self->count = count;
    config_drop(self->config);
    self->config = config_hold(from);
    return NULL;
}

/* Those that are gone, as soon as they sleep. */
static void sweep(crew *self)
{
    size_t count = 0;
    for (size_t i = 0; i < self->count; i++) {
        worker *it = self->workers[i];
        if (it->is_leaving && it->state == WORKER_SLEEPS) {
            worker_free(it);
        } else {
            self->workers[count++] = it;
        }
    }
    self->count = count;
}

/* What the ledger knows. */

static bool know_record(void *ctx, const okta_rotation_record *record)
{
    worker *its = find(ctx, record->app_id, record->kind);
    if (its != NULL) {
        worker_know_record(its, record);
    }
    return true;
}

static void know_age(void *ctx, const lock_subject *subject, int64_t created_s)
{
    worker *its = find(ctx, subject->app_id, subject->kind);
    if (its != NULL) {
        worker_know_age(its, created_s);
    }
}

okta_error *crew_know(crew *self)
{
    const ledger *known = &self->shop->ledger;
    okta_error *error = known->each(known->journal, know_record, self);
    return error == NULL ? known->lock.known(known->lock.ctx, know_age, self) : error;
}

/* Turns. */

static bool is_long(int64_t since_ms)
{
    int64_t now_ms = shop_now_ms();
    return now_ms < since_ms || now_ms - since_ms > TURN_MS;
}

static void begin_due(crew *self, int64_t now_ms)
{
    bool has_time = true;
    for (size_t i = 0; i < self->count && has_time; i++) {
        worker *it = self->workers[(self->cursor + i) % self->count];
        if (it->state == WORKER_SLEEPS && it->next_ms <= now_ms) {
            worker_begin(it);
            has_time = !is_long(now_ms) && self->shop->running < self->config->max_in_flight;
        }
        if (!has_time) {
            self->cursor = (self->cursor + i + 1) % self->count;
        }
    }
}

/* False: the time of this turn is over. */
static bool renew_leases(crew *self, int64_t now_ms)
{
    bool has_time = true;
    for (size_t i = 0; i < self->count && has_time; i++) {
        worker *it = self->workers[i];
        if (it->state != WORKER_SLEEPS && it->renew_ms <= now_ms) {
            worker_renew(it);
            has_time = !is_long(now_ms);
        }
    }
    return has_time;
}

/* Times by the clock as it was would come late, by years where it was wrong by that. */
static void follow_clock(crew *self, int64_t now_ms)
{
    for (size_t i = 0; now_ms < self->seen_ms - STEP_MS && i < self->count; i++) {
        worker_follow_clock(self->workers[i]);
    }
    self->seen_ms = now_ms;
}

void crew_tick(crew *self)
{
    int64_t now_ms = shop_now_ms();
    sweep(self);
    follow_clock(self, now_ms);
    bool has_time = renew_leases(self, now_ms);
    bool has_room =
        self->count > 0 && !self->shop->is_stopping && self->shop->running < self->config->max_in_flight;
    if (has_time && has_room) {
        begin_due(self, now_ms);
    }
}

int64_t crew_next_ms(const crew *self)
{
    bool has_room =
        self->config != NULL && self->shop->running < self->config->max_in_flight && !self->shop->is_stopping;
    int64_t next_ms = INT64_MAX;
    for (size_t i = 0; i < self->count; i++) {
        const worker *it = self->workers[i];
        bool sleeps = it->state == WORKER_SLEEPS;
        int64_t its_ms = !sleeps ? it->renew_ms : has_room || it->is_leaving ? it->next_ms : INT64_MAX;
        next_ms = its_ms < next_ms ? its_ms : next_ms;
    }
    return next_ms;
}

/* Looks. */

static size_t *count_of(crew_gauges *out, const worker *it)
{
    return it->state == WORKER_LOOKS     ? &out->looking
           : it->state == WORKER_ROTATES ? &out->rotating
           : it->failures > 0            ? &out->failing
           : it->elsewhere > 0           ? &out->elsewhere
           : it->is_waiting              ? &out->waiting
                                         : &out->idle;
}

crew_gauges crew_look(const crew *self)
{
    crew_gauges out = {.next_ms = INT64_MAX};
    int64_t now_ms = shop_now_ms();
    for (size_t i = 0; i < self->count; i++) {
        const worker *it = self->workers[i];
        int64_t due_s = worker_time_s(it);
        int64_t late_ms = due_s == 0 ? 0 : now_ms - due_s * 1000;
        ++*count_of(&out, it);
        out.late_ms = late_ms > out.late_ms ? late_ms : out.late_ms;
        out.next_ms = it->state == WORKER_SLEEPS && it->next_ms < out.next_ms ? it->next_ms : out.next_ms;
    }
    return out;
}

static bool is_settled(const worker *it, int64_t now_ms)
{
    if (it->state != WORKER_SLEEPS) {
        return false;
    }
    if (it->busy_ms != 0) {
        return false; /* the database was locked a moment ago */
    }
    if (it->elsewhere == 1) {
        return false; /* who was killed renews no lease: it is free soon */
    }
    return it->failures > 0 || it->elsewhere > 0 || it->is_finished || it->is_leaving ||
           it->next_ms > now_ms + (it->is_waiting ? SOON_MS : 0);
}

bool crew_is_settled(const crew *self)
{
    int64_t now_ms = shop_now_ms();
    for (size_t i = 0; i < self->count; i++) {
        if (!is_settled(self->workers[i], now_ms)) {
            return false;
        }
    }
    return true;
}

size_t crew_failed(const crew *self)
{
    size_t count = 0;
    for (size_t i = 0; i < self->count; i++) {
        count += self->workers[i]->failures > 0;
    }
    return count;
}

/* The end. */

void crew_stop(crew *self)
{
    self->shop->is_stopping = true;
    errand_end_all();
    for (size_t i = 0; i < self->count; i++) {
        if (self->workers[i]->state != WORKER_SLEEPS) {
            worker_cancel(self->workers[i]);
        }
    }
}

void crew_free(crew *self)
{
    for (size_t i = 0; i < self->count; i++) {
        worker_free(self->workers[i]);
    }
    free(self->workers);
    config_drop(self->config);
    *self = (crew){.shop = self->shop};
}
