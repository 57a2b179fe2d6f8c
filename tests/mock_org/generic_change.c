/* SPDX-License-Identifier: Apache-2.0 */
/* Verbs that work on an object that is there. */
#include "mock_work.h"

#include "mock_patch.h"

#include <stdlib.h>
#include <string.h>

/* Leave an object (nullable) the members that are of the same type in two shapes, links apart. */
static void keep_alike(cJSON *object, size_t shape, size_t other_shape)
{
    cJSON *next = NULL;
    for (cJSON *member = object != NULL ? object->child : NULL; member != NULL; member = next) {
        next = member->next;
        mock_value one = mock_shape_member(shape, member->string);
        mock_value other = mock_shape_member(other_shape, member->string);
        if (one.kind != other.kind || one.number != other.number || strcmp(member->string, "_links") == 0) {
            cJSON_Delete(cJSON_DetachItemViaPointer(object, member));
        }
    }
}

/* What is assigned shows what it is, as far as an assignment has the like. False: there is no such
 * thing, and the answer says so. */
static bool read_referred(const mock_work *at, cJSON **out)
{
    const char *refers = at->spot.place != NULL ? at->spot.place->refers : NULL;
    const mock_place *place = refers != NULL ? mock_place_find(refers, strlen(refers)) : NULL;
    *out = NULL;
    if (place == NULL) {
        return true;
    }
    mock_spot referred = {.place = place, .id = at->spot.id, .shape = mock_value_of(place->shape)};
    referred.folder = mock_copy_n(refers, strlen(refers) - strlen("/*"));
    bool found = referred.folder != NULL && mock_spot_exists(at->call, &referred);
    if (referred.folder == NULL) {
        at->call->answer->broken = true;
    } else if (!found) {
        mock_spot_refuse_missing(at->call, &referred);
    } else if (at->spot.shape.kind == 'o' && referred.shape.kind == 'o') {
        *out = mock_spot_read(at->call, &referred);
        keep_alike(*out, referred.shape.number, at->spot.shape.number);
    }
    mock_spot_clear(&referred);
    return found && !at->call->answer->broken;
}

/* Members of the old object that a replacement keeps: what the org itself writes. False: memory is out. */
static bool keep_own(const mock_work *at, cJSON *base, const cJSON *old)
{
    const cJSON *member = NULL;
    cJSON_ArrayForEach(member, old)
    {
        mock_value row = at->spot.shape.kind == 'o' ? mock_shape_member(at->spot.shape.number, member->string)
                                                    : mock_value_of(NULL);
        const char *id_member = at->spot.place != NULL ? at->spot.place->id : NULL;
        bool own = row.read_only || mock_work_is_own(member->string) ||
                   strcmp(member->string, "status") == 0 || strncmp(member->string, "created", 7) == 0 ||
                   (id_member != NULL && strcmp(member->string, id_member) == 0);
        if (own && !mock_is_update_time(member->string) &&
            cJSON_GetObjectItemCaseSensitive(base, member->string) == NULL) {
            cJSON *copy = cJSON_Duplicate(member, true);
            if (copy == NULL || !cJSON_AddItemToObject(base, member->string, copy)) {
                cJSON_Delete(copy);
                return false;
            }
        }
    }
    return true;
}

void mock_work_replace(const mock_work *at)
{
    bool existed = mock_spot_exists(at->call, &at->spot);
    if (existed && at->operation->body == NULL && strcmp(at->operation->method, "PUT") == 0) {
        /* It is assigned already. */
        mock_work_answer_spot(at);
        return;
    }
    cJSON *base = mock_work_kept(at, at->body);
    cJSON *old = NULL;
    bool found = existed || read_referred(at, &old);
    if (existed) {
        old = mock_spot_read(at->call, &at->spot);
        found = old != NULL;
    }
    if (found && (base == NULL || !keep_own(at, base, old) ||
                  (!existed && old != NULL && !mock_patch_merge(old, base)))) {
        at->call->answer->broken = true;
    } else if (found && mock_work_store(at, mock_work_make(at, existed || old == NULL ? base : old))) {
        mock_work_answer_spot(at);
    }
    cJSON_Delete(base);
    cJSON_Delete(old);
}

/* The times of an update are those of the call. False: memory is out. */
static bool stamp(const mock_work *at, cJSON *object)
{
    char now[MOCK_TIMESTAMP_SIZE];
    mock_timestamp(now, mock_now(at->call->org));
    for (cJSON *member = object->child; member != NULL; member = member->next) {
        if (mock_is_update_time(member->string) && cJSON_IsString(member) &&
            cJSON_SetValuestring(member, now) == NULL) {
            return false;
        }
    }
    return true;
}

/* Whether both have a member of the org's own alike, or neither has it. */
static bool is_kept(const cJSON *before, const cJSON *after, const char *name)
{
    const cJSON *one = cJSON_GetObjectItemCaseSensitive(before, name);
    const cJSON *other = cJSON_GetObjectItemCaseSensitive(after, name);
    return (one == NULL && other == NULL) ||
           (one != NULL && other != NULL && cJSON_Compare(one, other, true));
}

/* Whether operations made of an object what it may be: of its shape, and the same one. */
static bool check_patched(const mock_work *at, const cJSON *before, const cJSON *after, mock_cause *out)
{
    const char *id_member = at->spot.place != NULL ? at->spot.place->id : NULL;
    const cJSON *const objects[] = {before, after};
    if (id_member != NULL && !is_kept(before, after, id_member)) {
        return mock_cause_say(out, "%s: read-only", id_member);
    }
    for (size_t i = 0; i < 2; i++) {
        const cJSON *member = NULL;
        cJSON_ArrayForEach(member, objects[i])
        {
            if (mock_work_is_own(member->string) && !is_kept(before, after, member->string)) {
                return mock_cause_say(out, "%s: read-only", member->string);
            }
        }
    }
    return at->spot.shape.kind != 'o' || mock_check_change(at->spot.shape.number, before, after, "", out);
}

static bool patch(const mock_work *at, cJSON *object, mock_cause *out)
{
    cJSON *before = cJSON_Duplicate(object, true);
    bool patched =
        before != NULL && mock_patch_apply(object, at->body, out) && check_patched(at, before, object, out);
    cJSON_Delete(before);
    return patched;
}

/* False: the answer is a refusal or broken. */
static bool apply_change(const mock_work *at, cJSON *object)
{
    mock_cause cause = {.text = ""};
    bool changed = false;
    if (cJSON_IsArray(at->body)) {
        changed = patch(at, object, &cause);
    } else {
        cJSON *change = mock_work_kept(at, at->body);
        changed = change != NULL && mock_patch_merge(object, change);
        cJSON_Delete(change);
    }
    if (*cause.text != '\0') {
        mock_refuse_invalid(at->call, "Api validation", cause.text);
        return false;
    }
    changed = changed && stamp(at, object);
    at->call->answer->broken = at->call->answer->broken || !changed;
    return changed;
}

void mock_work_update(const mock_work *at)
{
    cJSON *object = mock_spot_read(at->call, &at->spot);
    if (object == NULL) {
        return;
    }
    if (!apply_change(at, object)) {
        cJSON_Delete(object);
    } else if (mock_spot_write(at->call, &at->spot, object)) {
        mock_work_answer_spot(at);
    }
}

void mock_work_delete_all(const mock_work *at, const mock_place *place)
{
    char made[MOCK_ID_SIZE];
    mock_spot spot = {.place = place, .folder = at->spot.folder};
    mock_store_forget(&at->call->org->store, spot.folder);
    for (size_t i = 0; (spot.id = mock_natural_id(place, spot.folder, i, made)) != NULL; i++) {
        if (!mock_spot_write(at->call, &spot, NULL)) {
            return;
        }
    }
    mock_work_answer(at, NULL);
}

/* What the last word of a path makes of a status. NULL: nothing. */
static const char *status_after(const mock_path *path, mock_value status)
{
    static const struct {
        const char *verb;
        const char *status;
    } verbs[] = {
        {"suspend", "SUSPENDED"}, {"pause", "PAUSED"},  {"expire_password", "PASSWORD_EXPIRED"},
        {"launch", "LAUNCHED"},   {"end", "COMPLETED"}, {"revoke", "REVOKED"},
    };
    const char *word = path->segments[path->count - 1];
    if (mock_words_have("activate reactivate enable ENABLE unsuspend unlock resume", word)) {
        return mock_status_text(status, MOCK_STATE_ACTIVE);
    }
    if (mock_words_have("deactivate disable DISABLE stop", word)) {
        return mock_status_text(status, MOCK_STATE_INACTIVE);
    }
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        bool known = status.kind == 's' ||
                     (status.kind == 'e' && mock_texts_have(mock_enums[status.number], verbs[i].status));
        if (known && strcmp(verbs[i].verb, word) == 0) {
            return verbs[i].status;
        }
    }
    return NULL;
}

void mock_work_change_state(const mock_work *at)
{
    mock_value row =
        at->spot.shape.kind == 'o' ? mock_shape_member(at->spot.shape.number, "status") : mock_value_of(NULL);
    const char *status = status_after(at->path, row);
    cJSON *object = mock_spot_read(at->call, &at->spot);
    cJSON *change = object != NULL ? cJSON_CreateObject() : NULL;
    if (change != NULL && status != NULL && cJSON_AddStringToObject(change, "status", status) != NULL &&
        mock_patch_merge(object, change) && stamp(at, object)) {
        if (mock_spot_write(at->call, &at->spot, object)) {
            mock_work_answer_spot(at);
        }
        object = NULL;
    } else if (change != NULL && status == NULL) {
        mock_work_answer(at, object);
    } else {
        at->call->answer->broken = true;
    }
    cJSON_Delete(object);
    cJSON_Delete(change);
}
