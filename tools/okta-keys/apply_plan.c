/* SPDX-License-Identifier: Apache-2.0 */
#include "apply_plan.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KID_MAX 80

#if defined(__GNUC__)
#define PLAN_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define PLAN_PRINTF(text, first)
#endif

/* What becomes of a key of the app. */
typedef struct fate {
    size_t wanted; /* the key in the file that names it; APPLY_NONE: none */
    bool is_active;
    bool is_deleted;
    bool is_swapped; /* the activation of an encryption key deactivates it */
    bool is_early;   /* it is deleted first, to make room */
} fate;

typedef struct planner {
    const apply_question *question;
    apply_plan *plan;
    fate *fates;           /* of the keys of the app */
    size_t *found;         /* the key of the app that a key of the file names; APPLY_NONE: none */
    size_t adds;           /* keys that are added */
    size_t encryption_key; /* in the file: the one that is to be active; APPLY_NONE: none */
    bool swaps;            /* another encryption key of the app is active when it becomes so */
} planner;

static void complain(planner *self, size_t line, const char *format, ...) PLAN_PRINTF(3, 4);

static void complain(planner *self, size_t line, const char *format, ...)
{
    apply_problem *problem = &self->plan->problems[self->plan->problem_count++];
    va_list args;
    problem->line = line;
    va_start(args, format);
    (void)vsnprintf(problem->text, sizeof problem->text, format, args);
    va_end(args);
}

static void add_deed(planner *self, apply_deed deed)
{
    self->plan->deeds[self->plan->count++] = deed;
}

static bool is_to_be_added(const planner *self, size_t i)
{
    const apply_wanted *wanted = &self->question->wanted[i];
    return self->found[i] == APPLY_NONE && wanted->status != APPLY_ABSENT && wanted->thumbprint != NULL;
}

/* Whether a key of the file encrypts. One that only a kid tells is what the app's key is. */
static bool encrypts(const planner *self, size_t i)
{
    size_t found = self->found[i];
    return found != APPLY_NONE ? self->question->held[found].encrypts
                               : self->question->wanted[i].use == APPLY_ENC;
}

/* Finding. */

/* Why the key of the app is not the one in the file, as one line. NULL: it is. */
static const char *difference(const apply_wanted *wanted, const apply_held *held)
{
    if (wanted->thumbprint != NULL && held->thumbprint == NULL) {
        return "the app has a key with this kid whose material cannot be read, so that nothing tells whether "
               "it is the key in the file";
    }
    if (wanted->thumbprint != NULL && strcmp(wanted->thumbprint, held->thumbprint) != 0) {
        return "the app has another key with this kid; a key is never replaced: give this one another kid, "
               "or delete that one first";
    }
    if (wanted->use != APPLY_ANY_USE && (wanted->use == APPLY_ENC) != held->encrypts) {
        return held->encrypts
                   ? "the app's key with this kid is for enc, and what a key is for cannot be changed"
                   : "the app's key with this kid is for sig, and what a key is for cannot be changed";
    }
    if (wanted->alg != NULL && held->alg != NULL && strcmp(wanted->alg, held->alg) != 0) {
        return "the app's key with this kid has another alg, which cannot be changed";
    }
    return NULL;
}

static void find_one(planner *self, size_t i)
{
    const apply_question *question = self->question;
    const apply_wanted *wanted = &question->wanted[i];
    size_t matches = 0;
    self->found[i] = APPLY_NONE;
    for (size_t j = 0; j < question->held_count; j++) {
        if (question->held[j].kid != NULL && strcmp(question->held[j].kid, wanted->kid) == 0) {
            self->found[i] = j;
            matches++;
        }
    }
    if (matches > 1) {
        complain(self, wanted->line, "%.*s: %zu keys of the app have this kid: delete one by its id", KID_MAX,
                 wanted->kid, matches);
        return;
    }
    if (matches == 0) {
        bool is_missing = wanted->status != APPLY_ABSENT && wanted->thumbprint == NULL;
        if (is_missing) {
            complain(self, wanted->line,
                     "%.*s: the app has no key with this kid, and no file is named to add it", KID_MAX,
                     wanted->kid);
        }
        return;
    }
    fate *its = &self->fates[self->found[i]];
    const char *reason = difference(wanted, &question->held[self->found[i]]);
    its->wanted = i;
    its->is_active = wanted->status == APPLY_ACTIVE;
    its->is_deleted = wanted->status == APPLY_ABSENT;
    if (reason != NULL) {
        complain(self, wanted->line, "%.*s: %s", KID_MAX, wanted->kid, reason);
    }
}

static void find_all(planner *self)
{
    const apply_question *question = self->question;
    for (size_t j = 0; j < question->held_count; j++) {
        self->fates[j] = (fate){.wanted = APPLY_NONE, .is_active = question->held[j].is_active};
    }
    for (size_t i = 0; i < question->wanted_count; i++) {
        find_one(self, i);
        self->adds += is_to_be_added(self, i);
    }
    for (size_t j = 0; question->prune && j < question->held_count; j++) {
        bool is_named = self->fates[j].wanted != APPLY_NONE;
        self->fates[j].is_deleted = self->fates[j].is_deleted || !is_named;
        self->fates[j].is_active = self->fates[j].is_active && is_named;
    }
}

/* Rules. */

/* An app has one active encryption key: Okta deactivates it when another one is activated. */
static void plan_encryption(planner *self)
{
    const apply_question *question = self->question;
    self->encryption_key = APPLY_NONE;
    for (size_t i = 0; i < question->wanted_count; i++) {
        const apply_wanted *wanted = &question->wanted[i];
        if (wanted->status != APPLY_ACTIVE || !encrypts(self, i)) {
            continue;
        }
        if (self->encryption_key != APPLY_NONE) {
            complain(self, wanted->line, "%.*s: an app has one active encryption key, and that is %.*s",
                     KID_MAX, wanted->kid, KID_MAX, question->wanted[self->encryption_key].kid);
            continue;
        }
        self->encryption_key = i;
    }
    if (self->encryption_key == APPLY_NONE) {
        return;
    }
    const apply_wanted *wanted = &question->wanted[self->encryption_key];
    size_t found = self->found[self->encryption_key];
    bool becomes_active = found == APPLY_NONE || !question->held[found].is_active;
    for (size_t j = 0; becomes_active && j < question->held_count; j++) {
        const apply_held *held = &question->held[j];
        if (j == found || !held->encrypts || !held->is_active) {
            continue;
        }
        self->swaps = true;
        self->fates[j].is_swapped = true;
        if (self->fates[j].wanted == APPLY_NONE && !question->prune) {
            complain(
                self, wanted->line,
                "%.*s: to activate it deactivates the encryption key %.*s, which the file does not name: "
                "name it there as inactive or absent",
                KID_MAX, wanted->kid, KID_MAX, held->kid == NULL ? held->id : held->kid);
        }
    }
}

/* The last signing key that works is never taken away. */
static void check_signing(planner *self)
{
    const apply_question *question = self->question;
    size_t before = 0;
    size_t after = 0;
    size_t line = question->line;
    for (size_t j = 0; j < question->held_count; j++) {
        const apply_held *held = &question->held[j];
        const fate *its = &self->fates[j];
        bool counts = !held->encrypts;
        before += counts && held->is_active;
        after += counts && its->is_active && !its->is_deleted;
        if (counts && held->is_active && its->wanted != APPLY_NONE) {
            line = question->wanted[its->wanted].line;
        }
    }
    for (size_t i = 0; i < question->wanted_count; i++) {
        after += is_to_be_added(self, i) && !encrypts(self, i) && question->wanted[i].status == APPLY_ACTIVE;
    }
    if (before > 0 && after == 0) {
        complain(self, line, "no active signing key would be left to the app");
    }
}

/* Keys that are inactive may go first where there is no room for those that come. */
static void check_room(planner *self)
{
    const apply_question *question = self->question;
    size_t count = question->held_count + self->adds;
    for (size_t j = 0; self->adds > 0 && j < question->held_count; j++) {
        bool makes_room = count > APPLY_KEYS_MAX && self->fates[j].is_deleted && !question->held[j].is_active;
        self->fates[j].is_early = makes_room;
        count -= makes_room;
        if (question->held[j].kid == NULL) {
            complain(self, question->line,
                     "the app has a key without a kid, %.*s, beside which none can be added: delete it first",
                     KID_MAX, question->held[j].id);
        }
    }
    if (self->adds > 0 && count > APPLY_KEYS_MAX) {
        complain(self, question->line,
                 "the app would have %zu keys for a while, and may have %u: delete some first", count,
                 APPLY_KEYS_MAX);
    }
}

/* Deeds. */

static void list_deletes(planner *self, bool early)
{
    for (size_t j = 0; j < self->question->held_count; j++) {
        if (self->fates[j].is_deleted && self->fates[j].is_early == early) {
            add_deed(self, (apply_deed){.change = APPLY_DELETE, .wanted = self->fates[j].wanted, .held = j});
        }
    }
}

static void list_adds(planner *self)
{
    for (size_t i = 0; i < self->question->wanted_count; i++) {
        if (is_to_be_added(self, i)) {
            bool waits = self->swaps && i == self->encryption_key;
            bool as_inactive = waits || self->question->wanted[i].status == APPLY_INACTIVE;
            add_deed(self,
                     (apply_deed){
                         .change = APPLY_ADD, .wanted = i, .held = APPLY_NONE, .as_inactive = as_inactive});
        }
    }
}

static void list_activations(planner *self)
{
    const apply_question *question = self->question;
    for (size_t i = 0; i < question->wanted_count; i++) {
        size_t found = self->found[i];
        bool is_encryption_key = i == self->encryption_key;
        bool is_due = found != APPLY_NONE
                          ? question->wanted[i].status == APPLY_ACTIVE && !question->held[found].is_active
                          : is_encryption_key && self->swaps;
        if (is_due) {
            add_deed(self, (apply_deed){.change = APPLY_ACTIVATE, .wanted = i, .held = found});
        }
        for (size_t j = 0; is_due && is_encryption_key && j < question->held_count; j++) {
            if (self->fates[j].is_swapped) {
                add_deed(self, (apply_deed){.change = APPLY_DEACTIVATE,
                                            .wanted = self->fates[j].wanted,
                                            .held = j,
                                            .is_swap = true});
            }
        }
    }
}

static void list_deactivations(planner *self)
{
    for (size_t j = 0; j < self->question->held_count; j++) {
        const fate *its = &self->fates[j];
        bool ends = !its->is_active || its->is_deleted;
        if (self->question->held[j].is_active && ends && !its->is_swapped) {
            add_deed(self, (apply_deed){.change = APPLY_DEACTIVATE, .wanted = its->wanted, .held = j});
        }
    }
}

static bool is_touched(const apply_plan *plan, size_t wanted)
{
    size_t i = 0;
    while (i < plan->count && plan->deeds[i].wanted != wanted) {
        i++;
    }
    return i < plan->count;
}

static void list_deeds(planner *self)
{
    list_deletes(self, true);
    list_adds(self);
    list_activations(self);
    list_deactivations(self);
    list_deletes(self, false);
    for (size_t i = 0; i < self->question->wanted_count; i++) {
        self->plan->unchanged += !is_touched(self->plan, i);
    }
}

bool apply_plan_make(const apply_question *question, apply_plan *out)
{
    size_t all = question->wanted_count + question->held_count;
    planner self = {.question = question, .plan = out};
    *out = (apply_plan){0};
    /* A key of the file is added and activated at most; one of the app deactivated and deleted. Each has two
     * problems of its own at most, and an app two more. */
    out->deeds = calloc(2 * all + 1, sizeof *out->deeds);
    out->problems = calloc(2 * all + 2, sizeof *out->problems);
    self.fates = calloc(question->held_count + 1, sizeof *self.fates);
    self.found = calloc(question->wanted_count + 1, sizeof *self.found);
    bool has_memory = out->deeds != NULL && out->problems != NULL && self.fates != NULL && self.found != NULL;
    if (has_memory) {
        find_all(&self);
        plan_encryption(&self);
        check_signing(&self);
        check_room(&self);
    }
    if (has_memory && out->problem_count == 0) {
        list_deeds(&self);
    }
    free(self.fates);
    free(self.found);
    return has_memory;
}

void apply_plan_clear(apply_plan *plan)
{
    free(plan->deeds);
    free(plan->problems);
    *plan = (apply_plan){0};
}

static bool is_same_deed(const apply_deed *a, const apply_held *a_held, const apply_deed *b,
                         const apply_held *b_held)
{
    bool same = a->change == b->change && a->wanted == b->wanted && a->as_inactive == b->as_inactive &&
                a->is_swap == b->is_swap && (a->held == APPLY_NONE) == (b->held == APPLY_NONE);
    return same && (a->held == APPLY_NONE || strcmp(a_held[a->held].id, b_held[b->held].id) == 0);
}

bool apply_plan_is_same(const apply_plan *first, const apply_held *first_held, const apply_plan *second,
                        const apply_held *second_held)
{
    bool same = first->count == second->count && first->problem_count == second->problem_count;
    /* No deed is there twice, and the order of the app's keys is the org's. */
    for (size_t i = 0; same && i < first->count; i++) {
        size_t j = 0;
        while (j < second->count &&
               !is_same_deed(&first->deeds[i], first_held, &second->deeds[j], second_held)) {
            j++;
        }
        same = j < second->count;
    }
    return same;
}
