/* SPDX-License-Identifier: Apache-2.0 */
#include "rotation/policy.h"

#include <stddef.h>

#include "rotation/record.h"

/* What leads out of a phase, and into which. */
typedef struct path_row {
    okta_rotation_phase phase;
    okta_rotation_step step;
    okta_rotation_phase next;
} path_row;

#define PATH_LENGTH 6u

static const path_row key_path[PATH_LENGTH] = {
    {OKTA_ROTATION_PHASE_PREPARED, OKTA_ROTATION_STEP_STORE, OKTA_ROTATION_PHASE_STORED},
    {OKTA_ROTATION_PHASE_STORED, OKTA_ROTATION_STEP_ADD, OKTA_ROTATION_PHASE_ADDED},
    {OKTA_ROTATION_PHASE_ADDED, OKTA_ROTATION_STEP_PROVE, OKTA_ROTATION_PHASE_PROVEN},
    {OKTA_ROTATION_PHASE_PROVEN, OKTA_ROTATION_STEP_SWITCH, OKTA_ROTATION_PHASE_SWITCHED},
    {OKTA_ROTATION_PHASE_SWITCHED, OKTA_ROTATION_STEP_DEACTIVATE, OKTA_ROTATION_PHASE_RETIRED},
    {OKTA_ROTATION_PHASE_RETIRED, OKTA_ROTATION_STEP_DELETE, OKTA_ROTATION_PHASE_NONE},
};

/* A secret is made known to the org first, and found there again. */
static const path_row secret_path[PATH_LENGTH] = {
    {OKTA_ROTATION_PHASE_PREPARED, OKTA_ROTATION_STEP_ADD, OKTA_ROTATION_PHASE_ADDED},
    {OKTA_ROTATION_PHASE_ADDED, OKTA_ROTATION_STEP_STORE, OKTA_ROTATION_PHASE_STORED},
    {OKTA_ROTATION_PHASE_STORED, OKTA_ROTATION_STEP_PROVE, OKTA_ROTATION_PHASE_PROVEN},
    {OKTA_ROTATION_PHASE_PROVEN, OKTA_ROTATION_STEP_SWITCH, OKTA_ROTATION_PHASE_SWITCHED},
    {OKTA_ROTATION_PHASE_SWITCHED, OKTA_ROTATION_STEP_DEACTIVATE, OKTA_ROTATION_PHASE_RETIRED},
    {OKTA_ROTATION_PHASE_RETIRED, OKTA_ROTATION_STEP_DELETE, OKTA_ROTATION_PHASE_NONE},
};

static const path_row *path_of(okta_rotation_kind kind)
{
    return kind == OKTA_ROTATION_CLIENT_SECRET ? secret_path : key_path;
}

/* PATH_LENGTH: the phase is on no path. */
static size_t place_of(const path_row *path, okta_rotation_phase phase)
{
    size_t i = 0;
    while (i < PATH_LENGTH && path[i].phase != phase) {
        i++;
    }
    return i;
}

static size_t place_of_step(const path_row *path, okta_rotation_step step)
{
    size_t i = 0;
    while (path[i].step != step) {
        i++;
    }
    return i;
}

static bool is_at_or_behind(const okta_rotation_record *record, okta_rotation_step step)
{
    const path_row *path = path_of(record->kind);
    size_t place = place_of(path, record->phase);
    return place < PATH_LENGTH && place >= place_of_step(path, step);
}

bool oktai_rotation_may_be_sent(const okta_rotation_record *record)
{
    return is_at_or_behind(record, OKTA_ROTATION_STEP_ADD);
}

bool oktai_rotation_may_be_switched(const okta_rotation_record *record)
{
    return is_at_or_behind(record, OKTA_ROTATION_STEP_SWITCH);
}

const oktai_seen_item *oktai_rotation_ours(const okta_rotation_record *record, const oktai_seen *seen)
{
    for (size_t i = 0; i < seen->count; i++) {
        const oktai_seen_item *it = &seen->items[i];
        if (oktai_record_same(it->name, record->name) || oktai_record_same(it->id, record->id)) {
            return it;
        }
    }
    return NULL;
}

/* The first that has one of the flags, and is active or not. */
static const oktai_seen_item *first_with(const oktai_rotation_view *view, unsigned flag, bool active)
{
    for (size_t i = 0; i < view->seen->count; i++) {
        const oktai_seen_item *it = &view->seen->items[i];
        if ((oktai_record_flags(view->record, it->name, it->id) & flag) != 0 && it->active == active) {
            return it;
        }
    }
    return NULL;
}

static oktai_move problem(const char *what, const char *id)
{
    return (oktai_move){.problem = what, .problem_id = id};
}

static oktai_move about(okta_rotation_step step, const oktai_seen_item *item)
{
    return (oktai_move){.step = step, .item = item};
}

static oktai_move wait_until(int64_t until_s)
{
    return (oktai_move){.step = OKTA_ROTATION_STEP_WAIT, .until_s = until_s};
}

static size_t count_active(const oktai_seen *seen)
{
    size_t count = 0;
    for (size_t i = 0; i < seen->count; i++) {
        count += seen->items[i].active;
    }
    return count;
}

/* One that was given up and is active, unless the org keeps it until another one is active. */
static const oktai_seen_item *active_dropped(const oktai_rotation_view *view)
{
    bool stays = view->keeps_last && count_active(view->seen) == 1;
    return stays ? NULL : first_with(view, OKTA_ROTATION_DROPPED, true);
}

/* One that was given up goes. An active encryption key is never deactivated: activating another one does
 * that, so that the app can go on encrypting. */
static oktai_move take_away(const oktai_rotation_view *view)
{
    const oktai_seen_item *active = active_dropped(view);
    if (active == NULL) {
        return about(OKTA_ROTATION_STEP_DELETE, first_with(view, OKTA_ROTATION_DROPPED, false));
    }
    const oktai_seen_item *before = first_with(view, OKTA_ROTATION_WAS_ACTIVE, false);
    if (view->record->kind == OKTA_ROTATION_ENCRYPTION_KEY && before != NULL) {
        return about(OKTA_ROTATION_STEP_ACTIVATE, before);
    }
    return about(OKTA_ROTATION_STEP_DEACTIVATE, active);
}

/* What was given up may still be on its way to the org. */
static oktai_move finish(const oktai_rotation_view *view)
{
    return view->now_s < view->record->quiet_s ? wait_until(view->record->quiet_s)
                                               : about(OKTA_ROTATION_STEP_FINISH, NULL);
}

static oktai_move begin_again(void)
{
    return (oktai_move){.step = OKTA_ROTATION_STEP_MAKE, .phase = OKTA_ROTATION_PHASE_PREPARED};
}

/* A secret that came meanwhile, and whose text the org does not show as it is, may be the one whose answer
 * was lost, or somebody else's. */
static const oktai_seen_item *unclear(const oktai_rotation_view *view)
{
    for (size_t i = 0; i < view->seen->count; i++) {
        const oktai_seen_item *it = &view->seen->items[i];
        if (oktai_record_find(view->record, it->name, it->id) == NULL) {
            return it;
        }
    }
    return NULL;
}

static oktai_move refuse_unclear(const oktai_rotation_view *view)
{
    return problem("the app has a secret that was not there before, and its text does not tell whose it is",
                   unclear(view)->id);
}

/* Whether a secret was given up whose id nobody knows. */
static bool has_lost_secret(const okta_rotation_record *record)
{
    for (size_t i = 0; i < record->other_count; i++) {
        const okta_rotation_other *it = &record->others[i];
        if ((it->flags & OKTA_ROTATION_DROPPED) != 0 && it->id == NULL) {
            return record->kind == OKTA_ROTATION_CLIENT_SECRET;
        }
    }
    return false;
}

static oktai_move add(const oktai_rotation_view *view, const oktai_seen_item *ours)
{
    if (ours != NULL) {
        return (oktai_move){.phase = OKTA_ROTATION_PHASE_ADDED, .item = ours};
    }
    if (view->record->kind == OKTA_ROTATION_CLIENT_SECRET && unclear(view) != NULL) {
        return refuse_unclear(view);
    }
    if (!view->has_new) {
        return begin_again();
    }
    return (oktai_move){.step = OKTA_ROTATION_STEP_ADD, .phase = OKTA_ROTATION_PHASE_ADDED};
}

static oktai_move retire(const oktai_rotation_view *view)
{
    const oktai_seen_item *active = first_with(view, OKTA_ROTATION_RETIRES, true);
    return active != NULL ? about(OKTA_ROTATION_STEP_DEACTIVATE, active)
                          : (oktai_move){.phase = OKTA_ROTATION_PHASE_RETIRED};
}

/* Those that somebody activated again are in use, and stay. */
static oktai_move clear_away(const oktai_rotation_view *view, const oktai_seen_item *ours)
{
    const oktai_seen_item *old = first_with(view, OKTA_ROTATION_RETIRES, false);
    if (old == NULL) {
        return finish(view);
    }
    if (ours == NULL || !ours->active) {
        return problem("the new one is gone or inactive, so that the old one is not deleted", old->id);
    }
    return about(OKTA_ROTATION_STEP_DELETE, old);
}

/* What needs the new one to be there and active. */
static oktai_move use(const oktai_rotation_view *view, const path_row *row, const oktai_seen_item *ours)
{
    bool needs_new = row->step == OKTA_ROTATION_STEP_STORE ||
                     (row->step == OKTA_ROTATION_STEP_PROVE && !view->proves_bare);
    if (ours == NULL || (needs_new && !view->has_new)) {
        return begin_again();
    }
    if (!ours->active) {
        return about(OKTA_ROTATION_STEP_ACTIVATE, ours);
    }
    if (row->step == OKTA_ROTATION_STEP_DEACTIVATE) {
        return retire(view);
    }
    return (oktai_move){.step = row->step, .phase = row->next};
}

oktai_move oktai_rotation_next(const oktai_rotation_view *view)
{
    const okta_rotation_record *record = view->record;
    const path_row *path = path_of(record->kind);
    if (active_dropped(view) != NULL || first_with(view, OKTA_ROTATION_DROPPED, false) != NULL) {
        return take_away(view);
    }
    if (record->phase == OKTA_ROTATION_PHASE_UNDOING) {
        if (first_with(view, OKTA_ROTATION_DROPPED, true) != NULL) {
            return begin_again(); /* it goes when another one is active */
        }
        return has_lost_secret(record) && unclear(view) != NULL ? refuse_unclear(view) : finish(view);
    }
    size_t place = place_of(path, record->phase);
    if (place == PATH_LENGTH) {
        return problem("the journal has a phase that this version does not know", NULL);
    }
    if (view->now_s < record->due_s) {
        return wait_until(record->due_s);
    }
    const path_row *row = &path[place];
    const oktai_seen_item *ours = oktai_rotation_ours(record, view->seen);
    if (row->step == OKTA_ROTATION_STEP_ADD) {
        return add(view, ours);
    }
    if (row->step == OKTA_ROTATION_STEP_DELETE) {
        return clear_away(view, ours);
    }
    if (row->step == OKTA_ROTATION_STEP_STORE && !oktai_rotation_may_be_sent(record)) {
        return view->has_new ? (oktai_move){.step = row->step, .phase = row->next} : begin_again();
    }
    return use(view, row, ours);
}
