/* SPDX-License-Identifier: Apache-2.0 */
#include "rotation/choose.h"

#include <string.h>

#include "core/arena.h"
#include "core/error.h"
#include "rotation/record.h"

static const char *noun(okta_rotation_kind kind)
{
    switch (kind) {
    case OKTA_ROTATION_CLIENT_SECRET:
        return "secret";
    case OKTA_ROTATION_ENCRYPTION_KEY:
        return "encryption key";
    case OKTA_ROTATION_SIGNING_KEY:
    case OKTA_ROTATION_KIND_NONE:
        break;
    }
    return "signing key";
}

/* What a program calls it. */
static bool is_named(const oktai_seen_item *item, const okta_rotation_options *options)
{
    return options->kind == OKTA_ROTATION_CLIENT_SECRET ? oktai_record_same(item->id, options->retire_name)
                                                        : oktai_record_same(item->name, options->retire_name);
}

/* Times of Okta are in one form, so that their texts compare as they do. One without comes last. */
static bool is_older(const oktai_seen_item *a, const oktai_seen_item *b)
{
    return b == NULL || (a->created != NULL && (b->created == NULL || strcmp(a->created, b->created) < 0));
}

static const oktai_seen_item *oldest(const oktai_seen *seen)
{
    const oktai_seen_item *found = NULL;
    for (size_t i = 0; i < seen->count; i++) {
        found = is_older(&seen->items[i], found) ? &seen->items[i] : found;
    }
    return found;
}

static bool is_retired(const okta_rotation_options *options, const oktai_seen *seen,
                       const oktai_seen_item *item)
{
    switch (options->retire) {
    case OKTA_ROTATION_RETIRE_ACTIVE:
        return item->active;
    case OKTA_ROTATION_RETIRE_OLDEST:
        return item == oldest(seen);
    case OKTA_ROTATION_RETIRE_ALL_OTHERS:
        return true;
    case OKTA_ROTATION_RETIRE_NAMED:
        return is_named(item, options);
    case OKTA_ROTATION_RETIRE_NONE:
        break;
    }
    return false;
}

static size_t count_retired(const okta_rotation_options *options, const oktai_seen *seen)
{
    size_t count = 0;
    for (size_t i = 0; i < seen->count; i++) {
        count += is_retired(options, seen, &seen->items[i]);
    }
    return count;
}

okta_error *oktai_rotation_refuse(const okta_rotation_options *options, const oktai_seen *seen)
{
    const char *what = noun(options->kind);
    size_t retired = count_retired(options, seen);
    if (options->retire == OKTA_ROTATION_RETIRE_NAMED && retired == 0) {
        return oktai_error_new(OKTA_E_NOT_FOUND, "app %s has no %s %s to retire", options->app_id, what,
                               options->retire_name);
    }
    if (options->retire == OKTA_ROTATION_RETIRE_ACTIVE && retired > 1) {
        return oktai_error_new(OKTA_E_CONFLICT,
                               "app %s has %zu active %ss: say which of them are to be retired",
                               options->app_id, retired, what);
    }
    if (seen->room == 0) {
        return oktai_error_new(
            OKTA_E_CONFLICT, "app %s holds as many %s as it may: delete an inactive one first",
            options->app_id, options->kind == OKTA_ROTATION_CLIENT_SECRET ? "secrets" : "keys");
    }
    return NULL;
}

/* What the rotation before still had to do with it. One that is active again is in use. */
static unsigned flags_before(const okta_rotation_record *before, const oktai_seen_item *item)
{
    if (before == NULL) {
        return 0;
    }
    const okta_rotation_other *other = oktai_record_find(before, item->name, item->id);
    unsigned flags = other == NULL ? 0 : other->flags & (OKTA_ROTATION_RETIRES | OKTA_ROTATION_DROPPED);
    if (item->active) {
        flags &= (unsigned)~OKTA_ROTATION_RETIRES;
    }
    if ((flags & OKTA_ROTATION_RETIRES) != 0) {
        flags |= OKTA_ROTATION_TAKEN_OVER;
    }
    bool is_its = oktai_record_same(before->name, item->name) || oktai_record_same(before->id, item->id);
    return flags | (is_its ? OKTA_ROTATION_BEFORE : 0);
}

static size_t list_others(const okta_rotation_options *options, const okta_rotation_record *before,
                          const oktai_seen *seen, okta_rotation_other *others)
{
    for (size_t i = 0; i < seen->count; i++) {
        const oktai_seen_item *item = &seen->items[i];
        unsigned flags = flags_before(before, item);
        flags |= is_retired(options, seen, item) ? OKTA_ROTATION_RETIRES : 0;
        flags |= item->active ? OKTA_ROTATION_WAS_ACTIVE : 0;
        others[i] = (okta_rotation_other){item->name, item->id, flags};
    }
    size_t count = seen->count;
    for (size_t i = 0; before != NULL && i < before->other_count; i++) {
        if ((before->others[i].flags & OKTA_ROTATION_DROPPED) != 0) {
            others[count++] = before->others[i];
        }
    }
    return count;
}

okta_error *oktai_rotation_first(const okta_rotation_options *options, const okta_rotation_record *before,
                                 const oktai_seen *seen, const char *name, int64_t revision, int64_t now_s,
                                 okta_rotation_record **out)
{
    *out = NULL;
    size_t most = seen->count + (before == NULL ? 0 : before->other_count);
    okta_rotation_other *others = oktai_root_new((most + 1) * sizeof *others, 0, NULL);
    if (others == NULL) {
        return oktai_error_nomem();
    }
    const okta_rotation_record record = {
        .app_id = options->app_id,
        .kind = options->kind,
        .phase = OKTA_ROTATION_PHASE_PREPARED,
        .revision = before == NULL ? revision : before->revision + 1,
        .name = name,
        .others = others,
        .other_count = list_others(options, before, seen, others),
        .begun_s = now_s,
        .quiet_s = before == NULL ? 0 : before->quiet_s,
        .overlap_s = options->overlap_s.value,
        .grace_s = options->grace_s.value,
    };
    okta_error *error = okta_rotation_record_copy(&record, out);
    okta_free(others);
    return error;
}
