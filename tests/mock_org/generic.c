/* SPDX-License-Identifier: Apache-2.0 */
#include "mock_generic.h"

#include "mock_body.h"
#include "mock_check.h"
#include "mock_json.h"
#include "mock_objects.h"
#include "mock_patch.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* An operation at work. */
typedef struct work {
    mock_call *call;
    const mock_operation *operation;
    const mock_path *path;
    mock_spot spot; /* what the path is about */
    cJSON *body;    /* NULL: none, or no JSON */
} work;

static bool is_one_of(const char *word, const char *words)
{
    return mock_words_have(words, word);
}

/* What an answer that is no JSON holds. */
static const char *bytes_of(const char *media_types)
{
    if (media_types != NULL && strstr(media_types, "xml") != NULL) {
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><made/>\n";
    }
    return "-----BEGIN CERTIFICATE REQUEST-----\nbWFkZQ==\n-----END CERTIFICATE REQUEST-----\n";
}

static cJSON *in_list(cJSON *item)
{
    cJSON *list = item != NULL ? cJSON_CreateArray() : NULL;
    if (list == NULL || !cJSON_AddItemToArray(list, item)) {
        cJSON_Delete(item);
        cJSON_Delete(list);
        return NULL;
    }
    return list;
}

static void answer_bytes(const work *at)
{
    mock_answer_body(at->call->answer, bytes_of(at->operation->answer_types));
    mock_answer_header(
        at->call->answer, "Content-Type: %.*s",
        (int)strcspn(at->operation->answer_types != NULL ? at->operation->answer_types : "", " "),
        at->operation->answer_types != NULL ? at->operation->answer_types : "");
}

/* Answer with the usual status of success, and with an object where one is described. */
static void answer(const work *at, const cJSON *object)
{
    mock_answer *out = at->call->answer;
    mock_value shape = mock_value_of(at->operation->answer);
    const char *statuses = at->operation->statuses;
    mock_value element = {.kind = 'o', .number = shape.number, .name = ""};
    cJSON *json = NULL;
    out->status = statuses != NULL && *statuses != '\0' ? (unsigned)strtoul(statuses, NULL, 10) : 302;
    switch (shape.kind) {
    case '\0':
        return;
    case 'l':
        mock_answer_header(out, "Location: %s/made", mock_call_url(at->call));
        return;
    case 'f':
        answer_bytes(at);
        return;
    case 'S':
        json = in_list(cJSON_CreateString(*at->spot.id != '\0' ? at->spot.id : "made"));
        break;
    case 'O':
        json = in_list(mock_show(at->call, &at->spot, object, element));
        break;
    default:
        json = mock_show(at->call, &at->spot, object, shape);
        break;
    }
    mock_answer_json(out, out->status, json);
}

/* Answer with what is stored at the spot. */
static void answer_spot(const work *at)
{
    cJSON *object = mock_spot_read(at->call, &at->spot);
    if (object != NULL) {
        answer(at, object);
    }
    cJSON_Delete(object);
}

/* Whether a query has this pair. */
static bool query_says(const char *target, const char *pair)
{
    size_t length = strlen(pair);
    const char *at = strchr(target, '?');
    while (at != NULL) {
        at++;
        if (strncmp(at, pair, length) == 0 && strchr("&", at[length]) != NULL) {
            return true;
        }
        at = strchr(at, '&');
    }
    return false;
}

static void maker_of(const work *at, const char *url, char now[MOCK_TIMESTAMP_SIZE], mock_maker *out)
{
    mock_timestamp(now, mock_now(at->call->org));
    *out = (mock_maker){
        .id = *at->spot.id != '\0' ? at->spot.id : NULL,
        .id_member = at->spot.place != NULL ? at->spot.place->id : NULL,
        .url = url,
        .now = now,
        .inactive = query_says(at->call->record->target, "activate=false"),
    };
}

/* Passwords are not shown: of an object only that there is one, of a text nothing. */
static void hide_passwords(cJSON *json)
{
    cJSON *next = NULL;
    for (cJSON *member = json->child; member != NULL; member = next) {
        next = member->next;
        bool password = member->string != NULL && strcasecmp(member->string, "password") == 0;
        if (password && cJSON_IsString(member)) {
            cJSON_Delete(cJSON_DetachItemViaPointer(json, member));
        } else if (password && cJSON_IsObject(member)) {
            cJSON_Delete(member->child);
            member->child = NULL;
        } else {
            hide_passwords(member);
        }
    }
}

/* The members of a body that its object keeps: those of the object's shape, and those that nobody knows. */
static cJSON *kept_members(const work *at, const cJSON *body)
{
    cJSON *kept = cJSON_IsObject(body) ? cJSON_Duplicate(body, true) : cJSON_CreateObject();
    mock_value described = mock_value_of(at->operation->body);
    bool same =
        at->spot.shape.kind != 'o' || described.kind == '\0' || described.number == at->spot.shape.number;
    cJSON *next = NULL;
    for (cJSON *member = kept != NULL && !same ? kept->child : NULL; member != NULL; member = next) {
        next = member->next;
        if (mock_shape_member(described.number, member->string).kind != '\0' &&
            mock_shape_member(at->spot.shape.number, member->string).kind == '\0') {
            cJSON_Delete(cJSON_DetachItemViaPointer(kept, member));
        }
    }
    if (kept != NULL) {
        hide_passwords(kept);
    }
    return kept;
}

/* The object that a body makes at the spot. NULL: memory is out, and the answer is broken. */
static cJSON *make_object(const work *at, const cJSON *base)
{
    char now[MOCK_TIMESTAMP_SIZE];
    mock_maker maker;
    char *path = mock_spot_path(&at->spot);
    char *url = path != NULL ? mock_format("%s%s", mock_call_url(at->call), path) : NULL;
    maker_of(at, url, now, &maker);
    cJSON *made = NULL;
    if (url != NULL) {
        made = at->spot.shape.kind == 'o' ? mock_make_object(&maker, at->spot.shape.number, base, true)
                                          : cJSON_Duplicate(base, true);
    }
    free(url);
    free(path);
    at->call->answer->broken = at->call->answer->broken || made == NULL;
    return made;
}

/* What is assigned shows what it is. False: there is no such thing, and the answer says so. */
static bool read_referred(const work *at, cJSON **out)
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
        mock_refuse_missing(at->call, at->operation->name, at->spot.id);
    } else {
        *out = mock_spot_read(at->call, &referred);
    }
    mock_spot_clear(&referred);
    return *out != NULL;
}

/* Members of the old object that a replacement keeps: what the org itself writes. False: memory is out. */
static bool keep_own(const work *at, cJSON *base, const cJSON *old)
{
    const cJSON *member = NULL;
    cJSON_ArrayForEach(member, old)
    {
        mock_value row = at->spot.shape.kind == 'o' ? mock_shape_member(at->spot.shape.number, member->string)
                                                    : mock_value_of(NULL);
        const char *id_member = at->spot.place != NULL ? at->spot.place->id : NULL;
        bool own = row.read_only || strcmp(member->string, "id") == 0 ||
                   strcmp(member->string, "status") == 0 || strcmp(member->string, "_links") == 0 ||
                   strncmp(member->string, "created", 7) == 0 ||
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

static bool store(const work *at, cJSON *object)
{
    return object != NULL && mock_spot_write(at->call, &at->spot, object);
}

static void replace(const work *at)
{
    cJSON *base = kept_members(at, at->body);
    bool existed = mock_spot_exists(at->call, &at->spot);
    cJSON *old = NULL;
    bool found = existed || read_referred(at, &old);
    if (existed) {
        old = mock_spot_read(at->call, &at->spot);
        found = old != NULL;
    }
    if (found && (base == NULL || !keep_own(at, base, old) ||
                  (!existed && old != NULL && !mock_patch_merge(old, base)))) {
        at->call->answer->broken = true;
    } else if (found && store(at, make_object(at, existed || old == NULL ? base : old))) {
        answer_spot(at);
    }
    cJSON_Delete(base);
    cJSON_Delete(old);
}

/* The times of an update are those of the call. False: memory is out. */
static bool stamp(const work *at, cJSON *object)
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

/* False: the answer is a refusal or broken. */
static bool apply_change(const work *at, cJSON *object)
{
    mock_cause cause = {.text = ""};
    bool changed = false;
    if (cJSON_IsArray(at->body)) {
        changed = mock_patch_apply(object, at->body, &cause);
    } else {
        cJSON *change = kept_members(at, at->body);
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

static void update(const work *at)
{
    cJSON *object = mock_spot_read(at->call, &at->spot);
    if (object == NULL) {
        return;
    }
    if (!apply_change(at, object)) {
        cJSON_Delete(object);
    } else if (mock_spot_write(at->call, &at->spot, object)) {
        answer_spot(at);
    }
}

static void delete_all(const work *at, const mock_place *place)
{
    char made[MOCK_ID_SIZE];
    mock_spot spot = {.place = place, .folder = at->spot.folder};
    mock_store_forget(&at->call->org->store, spot.folder);
    for (size_t i = 0; (spot.id = mock_natural_id(place, spot.folder, i, made)) != NULL; i++) {
        if (!mock_spot_write(at->call, &spot, NULL)) {
            return;
        }
    }
    answer(at, NULL);
}

/* The id that a body names in a member, or behind a dot in a member of that one. NULL: none. */
static const char *id_in(const cJSON *body, const char *member)
{
    const char *dot = strchr(member, '.');
    char *outer = dot != NULL ? mock_copy_n(member, (size_t)(dot - member)) : NULL;
    const cJSON *inner = outer != NULL ? cJSON_GetObjectItemCaseSensitive(body, outer) : body;
    free(outer);
    return mock_json_string(inner, dot != NULL ? dot + 1 : member);
}

/* The id that the body gives an object, or a made-up one. */
static const char *choose_id(const work *at, const cJSON *body, char made[MOCK_ID_SIZE])
{
    const char *member = at->spot.place->id;
    const char *given = member != NULL && strcmp(member, "id") != 0 ? id_in(body, member) : NULL;
    if (given != NULL && mock_path_is_id(given)) {
        return given;
    }
    mock_new_id(at->call->org, at->spot.folder, made);
    return made;
}

/* Create an object at a spot without an id. The result is for cJSON_Delete(). NULL: it is refused or broken.
 */
static cJSON *create_one(work *at, const cJSON *body)
{
    char made[MOCK_ID_SIZE];
    at->spot.id = choose_id(at, body, made);
    cJSON *object = NULL;
    if (mock_spot_exists(at->call, &at->spot) && strcmp(at->spot.place->how, "any") != 0) {
        mock_refuse_invalid(at->call, "Api validation", "An object with this id already exists");
    } else {
        cJSON *base = kept_members(at, body);
        at->call->answer->broken = at->call->answer->broken || base == NULL;
        if (base != NULL && store(at, make_object(at, base))) {
            object = mock_spot_read(at->call, &at->spot);
        }
        cJSON_Delete(base);
    }
    at->spot.id = "";
    return object;
}

/* Where a create puts its object: into the collection at its path, or into one above that holds the like. */
static const mock_place *collection_of(const work *at, size_t *out_segments)
{
    const char *path = at->operation->path;
    const mock_place *place = mock_place_in(path);
    *out_segments = at->path->count;
    size_t above = strlen(path);
    while (place == NULL && *out_segments > 1) {
        while (above > 0 && path[above - 1] != '/') {
            above--;
        }
        above -= above > 0;
        --*out_segments;
        char *shorter = mock_copy_n(path, above);
        place = shorter != NULL ? mock_place_in(shorter) : NULL;
        free(shorter);
        const char *answered = at->operation->answer;
        if (place != NULL &&
            (place->shape == NULL || answered == NULL || strcmp(place->shape, answered) != 0)) {
            return NULL;
        }
    }
    return place;
}

/* One object for each item of the body. */
static void create_several(work *at)
{
    mock_value shape = mock_value_of(at->operation->answer);
    mock_value element = {.kind = 'o', .number = shape.number, .name = ""};
    cJSON *shown = cJSON_CreateArray();
    const cJSON *item = NULL;
    bool created = shown != NULL;
    cJSON_ArrayForEach(item, at->body)
    {
        cJSON *object = created ? create_one(at, item) : NULL;
        created = object != NULL;
        cJSON *show = created ? mock_show(at->call, &at->spot, object, element) : NULL;
        cJSON_Delete(object);
        if (created && (show == NULL || !cJSON_AddItemToArray(shown, show))) {
            cJSON_Delete(show);
            at->call->answer->broken = true;
        }
    }
    if (created && !at->call->answer->broken) {
        answer(at, NULL);
        if (shape.kind == 'O') {
            mock_answer_json(at->call->answer, at->call->answer->status, shown);
            return;
        }
    }
    cJSON_Delete(shown);
}

static void create(work *at)
{
    size_t segments = 0;
    const mock_place *place = collection_of(at, &segments);
    if (place == NULL) {
        /* What is at a path without ids is there from the start. */
        replace(at);
        return;
    }
    mock_spot_clear(&at->spot);
    at->spot = (mock_spot){.place = place, .id = "", .shape = mock_value_of(place->shape)};
    at->spot.folder = mock_path_join(at->path, segments);
    if (at->spot.folder == NULL) {
        at->call->answer->broken = true;
    } else if (cJSON_IsArray(at->body)) {
        create_several(at);
    } else {
        cJSON *object = create_one(at, at->body);
        if (object != NULL) {
            answer(at, object);
        }
        cJSON_Delete(object);
    }
}

/* What the last word of a path makes of a status. NULL: nothing. */
static const char *status_after(const mock_path *path, mock_value status)
{
    static const struct {
        const char *words;
        const char *status;
    } verbs[] = {
        {"suspend", "SUSPENDED"}, {"pause", "PAUSED"},  {"expire_password", "PASSWORD_EXPIRED"},
        {"launch", "LAUNCHED"},   {"end", "COMPLETED"}, {"revoke", "REVOKED"},
    };
    const char *word = path->segments[path->count - 1];
    if (is_one_of(word, "activate reactivate enable ENABLE unsuspend unlock resume")) {
        return mock_status_text(status, true);
    }
    if (is_one_of(word, "deactivate disable DISABLE stop")) {
        return mock_status_text(status, false);
    }
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        bool known = status.kind == 's' ||
                     (status.kind == 'e' && mock_texts_have(mock_enums[status.number], verbs[i].status));
        if (known && is_one_of(word, verbs[i].words)) {
            return verbs[i].status;
        }
    }
    return NULL;
}

static void change_state(const work *at)
{
    mock_value row =
        at->spot.shape.kind == 'o' ? mock_shape_member(at->spot.shape.number, "status") : mock_value_of(NULL);
    const char *status = status_after(at->path, row);
    cJSON *object = mock_spot_read(at->call, &at->spot);
    cJSON *change = object != NULL ? cJSON_CreateObject() : NULL;
    if (change != NULL && status != NULL && cJSON_AddStringToObject(change, "status", status) != NULL &&
        mock_patch_merge(object, change) && stamp(at, object)) {
        if (mock_spot_write(at->call, &at->spot, object)) {
            answer_spot(at);
        }
        object = NULL;
    } else if (change != NULL && status == NULL) {
        answer(at, object);
    } else {
        at->call->answer->broken = true;
    }
    cJSON_Delete(object);
    cJSON_Delete(change);
}

/* What neither is in the store nor changes it: an answer of the described shape, with what the body has. */
static void act(const work *at)
{
    mock_value shape = mock_value_of(at->operation->answer);
    char now[MOCK_TIMESTAMP_SIZE];
    mock_maker maker;
    maker_of(at, NULL, now, &maker);
    maker.fill = MOCK_FILL_SCALARS;
    cJSON *made = NULL;
    if (shape.kind == 'o' || shape.kind == 'O') {
        const cJSON *base = cJSON_IsObject(at->body) ? at->body : NULL;
        made = mock_make_object(&maker, shape.number, base, false);
        at->call->answer->broken = at->call->answer->broken || made == NULL;
    } else if (shape.kind == 'j') {
        made = cJSON_CreateObject();
    }
    if (made != NULL) {
        hide_passwords(made);
        answer(at, made);
    } else if (!at->call->answer->broken) {
        answer(at, NULL);
    }
    cJSON_Delete(made);
}

static bool ends_at_placeholder(const char *path)
{
    return path[strlen(path) - 1] == '}';
}

static void dispatch(work *at)
{
    const char *method = at->operation->method;
    const char *effect = at->operation->effect;
    bool own_object =
        ends_at_placeholder(at->operation->path) || mock_table_at("GET", at->operation->path) != NULL;
    if (strcmp(method, "GET") == 0) {
        answer_spot(at);
    } else if (strcmp(method, "DELETE") == 0) {
        const mock_place *inside = mock_place_in(at->operation->path);
        if (inside != NULL && *at->spot.id == '\0') {
            delete_all(at, inside);
        } else if (!own_object || mock_spot_write(at->call, &at->spot, NULL)) {
            answer(at, NULL);
        }
    } else if (strcmp(effect, "create") == 0) {
        create(at);
    } else if (strcmp(effect, "state") == 0) {
        change_state(at);
    } else if (strcmp(method, "PUT") == 0) {
        replace(at);
    } else if (strcmp(method, "PATCH") == 0 || is_one_of(effect, "update replace")) {
        update(at);
    } else {
        act(at);
    }
}

/* What an operation is about: the object of the last placeholder, or what is at the whole path. */
static bool find_spot(work *at)
{
    const mock_operation *operation = at->operation;
    const mock_place *last = mock_place_find(operation->path, strlen(operation->path));
    bool assigns =
        strcmp(operation->method, "PUT") == 0 && last != NULL && strcmp(last->how, "assigned") == 0;
    if (!mock_spot_walk(at->call, operation, at->path, assigns, &at->spot)) {
        return false;
    }
    if (at->spot.folder != NULL &&
        (ends_at_placeholder(operation->path) || strcmp(operation->effect, "state") == 0)) {
        return true;
    }
    mock_spot_clear(&at->spot);
    if (!mock_spot_whole(at->call, operation, at->path, &at->spot)) {
        return false;
    }
    bool makes = is_one_of(operation->method, "PUT POST");
    if (!makes && !mock_spot_exists(at->call, &at->spot)) {
        mock_refuse(at->call, 404);
        return false;
    }
    return true;
}

static bool check_query(const mock_call *call, const mock_operation *operation)
{
    mock_cause cause = {.text = ""};
    if (mock_check_query(operation, call->record->target, &cause)) {
        return true;
    }
    mock_refuse_invalid(call, "query", cause.text);
    return false;
}

void mock_answer_operation(mock_call *call, const mock_operation *operation, const mock_path *path)
{
    work at = {.call = call, .operation = operation, .path = path, .spot = {.id = ""}};
    if (mock_has_scopes(call, operation) && mock_names_client(call, operation) &&
        check_query(call, operation) && find_spot(&at) && mock_read_body(call, operation, &at.body)) {
        if (mock_list_of(operation).element.kind != '\0') {
            mock_answer_list(call, operation, path);
        } else {
            dispatch(&at);
        }
    }
    cJSON_Delete(at.body);
    mock_spot_clear(&at.spot);
}
