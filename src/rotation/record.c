/* SPDX-License-Identifier: Apache-2.0 */
#include "rotation/record.h"

#include <string.h>

#include "core/arena.h"
#include "core/error.h"

static const char *const kind_names[] = {"none", "signing-key", "encryption-key", "client-secret"};
static const char *const phase_names[] = {"none",   "prepared", "stored",  "added",
                                          "proven", "switched", "retired", "undoing"};

#define COUNT(array) (sizeof(array) / sizeof *(array))

const char *okta_rotation_kind_name(okta_rotation_kind kind)
{
    return (size_t)kind < COUNT(kind_names) ? kind_names[kind] : "unknown";
}

const char *okta_rotation_phase_name(okta_rotation_phase phase)
{
    return (size_t)phase < COUNT(phase_names) ? phase_names[phase] : "unknown";
}

bool oktai_record_same(const char *a, const char *b)
{
    return a != NULL && b != NULL && strcmp(a, b) == 0;
}

/* `added` is nullable. */
static bool copy_others(oktai_arena *arena, okta_rotation_record *record, const okta_rotation_other *added)
{
    size_t count = record->other_count + (added == NULL ? 0 : 1);
    okta_rotation_other *others = oktai_arena_array(arena, count + 1, sizeof *others);
    bool good = others != NULL;
    for (size_t i = 0; good && i < count; i++) {
        others[i] = i < record->other_count ? record->others[i] : *added;
        good = oktai_arena_keep(arena, &others[i].name) && oktai_arena_keep(arena, &others[i].id);
    }
    record->others = others;
    record->other_count = count;
    return good;
}

static okta_error *duplicate(const okta_rotation_record *record, const okta_rotation_other *added,
                             okta_rotation_record **out)
{
    okta_rotation_record *made = oktai_root_new(sizeof *made, 0, NULL);
    *out = NULL;
    if (made == NULL) {
        return oktai_error_nomem();
    }
    oktai_arena *arena = oktai_root_arena(made);
    *made = *record;
    if (!oktai_arena_keep(arena, &made->app_id) || !oktai_arena_keep(arena, &made->name) ||
        !oktai_arena_keep(arena, &made->id) || !copy_others(arena, made, added)) {
        okta_free(made);
        return oktai_error_nomem();
    }
    *out = made;
    return NULL;
}

okta_error *okta_rotation_record_copy(const okta_rotation_record *record, okta_rotation_record **out)
{
    if (out == NULL) {
        return oktai_error_null("out");
    }
    *out = NULL;
    return record == NULL ? oktai_error_null("record") : duplicate(record, NULL, out);
}

oktai_record_change oktai_record_keep(const okta_rotation_record *record)
{
    return (oktai_record_change){.before = record,
                                 .phase = record->phase,
                                 .name = record->name,
                                 .id = record->id,
                                 .due_s = record->due_s,
                                 .quiet_s = record->quiet_s};
}

okta_error *oktai_record_change_to(const oktai_record_change *change, okta_rotation_record **out)
{
    okta_rotation_record record = *change->before;
    record.revision++;
    record.phase = change->phase;
    record.name = change->name;
    record.id = change->id;
    record.due_s = change->due_s;
    record.quiet_s = change->quiet_s;
    return duplicate(&record, change->added, out);
}

/* NULL: none has it. */
static const okta_rotation_other *find_flag(const okta_rotation_record *record, unsigned flag)
{
    for (size_t i = 0; i < record->other_count; i++) {
        if ((record->others[i].flags & flag) != 0) {
            return &record->others[i];
        }
    }
    return NULL;
}

bool oktai_record_has_before(const okta_rotation_record *record)
{
    return find_flag(record, OKTA_ROTATION_TAKEN_OVER) != NULL &&
           find_flag(record, OKTA_ROTATION_BEFORE) != NULL;
}

/* All but the one that the earlier rotation made. Returns how many. */
static size_t list_before(const okta_rotation_record *record, const okta_rotation_other *its,
                          okta_rotation_other *others)
{
    size_t count = 0;
    for (size_t i = 0; i < record->other_count; i++) {
        okta_rotation_other other = record->others[i];
        bool is_taken_over = (other.flags & OKTA_ROTATION_TAKEN_OVER) != 0;
        other.flags &= OKTA_ROTATION_DROPPED;
        other.flags |= is_taken_over ? OKTA_ROTATION_RETIRES : 0u;
        if (&record->others[i] != its) {
            others[count++] = other;
        }
    }
    return count;
}

okta_error *oktai_record_back_to_before(const okta_rotation_record *record, int64_t due_s,
                                        okta_rotation_record **out)
{
    const okta_rotation_other *its = find_flag(record, OKTA_ROTATION_BEFORE);
    okta_rotation_other *others = oktai_root_new((record->other_count + 1) * sizeof *others, 0, NULL);
    *out = NULL;
    if (others == NULL) {
        return oktai_error_nomem();
    }
    okta_rotation_record back = *record;
    back.revision++;
    back.phase = OKTA_ROTATION_PHASE_RETIRED;
    back.name = its->name;
    back.id = its->id;
    back.due_s = due_s;
    back.others = others;
    back.other_count = list_before(record, its, others);
    okta_error *error = okta_rotation_record_copy(&back, out);
    okta_free(others);
    return error;
}

const okta_rotation_other *oktai_record_find(const okta_rotation_record *record, const char *name,
                                             const char *id)
{
    for (size_t i = 0; i < record->other_count; i++) {
        const okta_rotation_other *it = &record->others[i];
        if (oktai_record_same(it->id, id) || oktai_record_same(it->name, name)) {
            return it;
        }
    }
    return NULL;
}

unsigned oktai_record_flags(const okta_rotation_record *record, const char *name, const char *id)
{
    const okta_rotation_other *other = oktai_record_find(record, name, id);
    return other == NULL ? 0 : other->flags;
}
