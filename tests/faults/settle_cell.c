/* SPDX-License-Identifier: Apache-2.0 */
#include "faults/settle_cell.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TRIES 10u

/* A cell at work. */
typedef struct cell {
    const settle_plan *plan;
    settle_world world;
    settle_end end;
    settle_end expected;
    bool lost;
    bool duplicate;
    bool orphan;
    char complaint[1400]; /* "": all is as it should be */
} cell;

static void complain(cell *self, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The first complaint counts. */
static void complain(cell *self, const char *format, ...)
{
    if (self->complaint[0] != '\0') {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(self->complaint, sizeof self->complaint, format, arguments);
    va_end(arguments);
}

const char *settle_fate_name(settle_fate fate)
{
    static const char *const names[SETTLE_FATES] = {"processed", "unseen", "late"};
    return names[fate];
}

const char *settle_list_name(settle_list list)
{
    static const char *const names[SETTLE_LISTS] = {"works", "500, then works", "down"};
    return names[list];
}

/* What the rules make of it. */
static settle_end expect(const settle_plan *plan)
{
    const settle_end unknown = {.status = OKTA_E_OUTCOME_UNKNOWN, .posts = 1};
    const settle_end unknown_twice = {.status = OKTA_E_OUTCOME_UNKNOWN, .posts = 2};
    const settle_end found = {.status = OKTA_OK, .reconciled = true, .posts = 1};
    const settle_end found_twice = {.status = OKTA_OK, .reconciled = true, .posts = 2};
    const settle_end told = {.status = OKTA_OK, .posts = 2};
    if (plan->list == SETTLE_LIST_DOWN) {
        return unknown;
    }
    if (plan->fate == SETTLE_PROCESSED) {
        return found;
    }
    if (plan->cause->said_done) {
        bool in_time = plan->fate == SETTLE_LATE && plan->late_at >= 1 && plan->late_at <= 3;
        return in_time ? found : unknown;
    }
    if (plan->fate == SETTLE_UNSEEN) {
        return plan->strikes == 1 ? told : unknown_twice;
    }
    if (plan->late_at == SETTLE_ALWAYS && plan->strikes == 1) {
        return told;
    }
    return plan->late_at >= 1 && plan->late_at <= 3 ? found : found_twice;
}

static void start(cell *self)
{
    settle_plan plan = *self->plan;
    settle_world_begin(&self->world, plan.cause->padding);
    plan.hurry = &self->world.clock->hurry;
    self->world.org = settle_org_start(&plan);
    assert_true(settle_world_connect(&self->world, settle_org_url(self->world.org), &plan));
}

static void stop(cell *self)
{
    settle_org_free(self->world.org);
    self->world.org = NULL;
    settle_world_end(&self->world);
}

/* Where real time is short the request may not leave in time: then it is known not to have been sent, and the
 * cell is another one. */
static void add(cell *self)
{
    for (unsigned tries = 1;; tries++) {
        start(self);
        settle_world_add(&self->world, self->plan, &self->end);
        self->end.posts = settle_org_post_count(self->world.org);
        if (self->end.posts > 0 || self->plan->cause->act != SETTLE_STALL || tries == TRIES) {
            return;
        }
        stop(self);
    }
}

static void check_end(cell *self)
{
    char thumbprint[OKTA_THUMBPRINT_SIZE];
    const settle_end *end = &self->end;
    settle_world_thumbprint(&self->world, thumbprint);
    if (strstr(self->world.log, self->plan->cause->says) == NULL || self->world.log[0] == '\0') {
        complain(self, "it is another cause: %s", self->world.log);
    } else if (end->status != self->expected.status) {
        complain(self, "%s: %s", okta_status_name(end->status), end->message);
    } else if (end->reconciled != self->expected.reconciled) {
        complain(self, "the call says that it was %sreconciled", end->reconciled ? "" : "not ");
    } else if (end->posts != self->expected.posts) {
        complain(self, "%u POST, not %u: %s", end->posts, self->expected.posts, end->message);
    } else if (end->status != OKTA_OK && (strstr(end->message, "\"" SETTLE_KID "\"") == NULL ||
                                          strstr(end->message, thumbprint) == NULL)) {
        complain(self, "the error does not name kid and thumbprint: %s", end->message);
    } else if (strstr(end->message, SETTLE_TOKEN) != NULL) {
        complain(self, "the error shows the token");
    }
}

/* What the caller was told, against what the org has. */
static void check_truth(cell *self)
{
    char id[32];
    unsigned keys = settle_org_kid_count(self->world.org, SETTLE_KID);
    settle_org_id_of(self->world.org, SETTLE_KID, id);
    if (self->end.status == OKTA_OK && (keys == 0 || strcmp(id, self->end.id) != 0)) {
        self->lost = true;
        complain(self, "the caller has key \"%s\", the org \"%s\"", self->end.id, id);
    } else if (self->end.status != OKTA_OK && self->end.status != OKTA_E_OUTCOME_UNKNOWN && keys > 0) {
        self->orphan = true;
        complain(self, "a key without an owner: %s", self->end.message);
    }
    if (settle_org_key_count(self->world.org) > 1) {
        self->duplicate = true;
        complain(self, "the key is there %u times", settle_org_key_count(self->world.org));
    }
}

/* okta_reconcile_jwk() says what the org has. */
static bool reconcile_tells(cell *self, const char *when)
{
    char id[32];
    char seen[32];
    settle_org_id_of(self->world.org, SETTLE_KID, id);
    okta_status status = settle_world_reconcile(&self->world, seen);
    if (status != (id[0] == '\0' ? OKTA_E_NOT_FOUND : OKTA_OK) || strcmp(id, seen) != 0) {
        complain(self, "%s, okta_reconcile_jwk: %s with \"%s\", and the org has \"%s\"", when,
                 okta_status_name(status), seen, id);
    }
    return status == OKTA_OK;
}

/* The caller whose call did not succeed gets the key all the same, once. */
static void finish(cell *self)
{
    settle_end again;
    settle_plan good = {0};
    settle_org_recover(self->world.org);
    (void)reconcile_tells(self, "at first");
    settle_org_catch_up(self->world.org);
    check_truth(self);
    if (!reconcile_tells(self, "in the end")) {
        settle_world_add(&self->world, &good, &again);
        if (again.status != OKTA_OK) {
            complain(self, "adding it again: %s", again.message);
        }
    }
    if (settle_org_key_count(self->world.org) != 1) {
        complain(self, "the org has %u keys in the end", settle_org_key_count(self->world.org));
    }
}

static void look_at_key(cell *self)
{
    okta_oauth2_client_jwk *key = NULL;
    okta_error *error = okta_get_jwk(self->world.client, SETTLE_APP, self->end.id, &key);
    if (error != NULL || strcmp(key->kid, SETTLE_KID) != 0) {
        complain(self, "its id leads to nothing: %s", okta_error_message(error));
    }
    okta_free(key);
    okta_free(error);
}

static void count(const cell *self, settle_tally *tally)
{
    tally->cells++;
    tally->lost += self->lost;
    tally->duplicate += self->duplicate;
    tally->orphan += self->orphan;
    tally->failed += self->complaint[0] != '\0';
}

void settle_cell_run(const settle_plan *plan, settle_tally *tally)
{
    cell self = {.plan = plan, .expected = expect(plan)};
    add(&self);
    check_end(&self);
    check_truth(&self);
    unsigned looks = settle_org_look_count(self.world.org);
    if (self.end.status == OKTA_OK) {
        look_at_key(&self);
    }
    finish(&self);
    settle_org_finish(self.world.org);
    if (settle_org_complaint(self.world.org)[0] != '\0') {
        complain(&self, "%s", settle_org_complaint(self.world.org));
    }
    bool good = self.complaint[0] == '\0';
    printf("W4   %-26s %-10s list %-16s %-16s %u POST %2u looks  %s\n", plan->cause->name,
           settle_fate_name(plan->fate), settle_list_name(plan->list), okta_status_name(self.end.status),
           self.end.posts, looks, good ? "ok" : "FAILED");
    if (!good) {
        printf("     FAILED: %s\n", self.complaint);
    }
    count(&self, tally);
    stop(&self);
}

void settle_cells_run(const settle_cause *cause, unsigned strikes, settle_tally *tally)
{
    for (int fate = 0; fate < SETTLE_FATES; fate++) {
        for (int list = 0; list < SETTLE_LISTS; list++) {
            const settle_plan plan = {
                .cause = cause, .fate = (settle_fate)fate, .list = (settle_list)list, .strikes = strikes};
            settle_cell_run(&plan, tally);
        }
    }
}

void settle_tally_end(const char *name, const settle_tally *tally, unsigned cells)
{
    printf("%u cells%s: %u lost, %u duplicate, %u orphan\n", tally->cells, name, tally->lost,
           tally->duplicate, tally->orphan);
    (void)fflush(stdout);
    assert_int_equal(tally->cells, cells);
    assert_int_equal(tally->failed, 0);
    assert_int_equal(tally->lost + tally->duplicate + tally->orphan, 0);
}
