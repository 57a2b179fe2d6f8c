/* SPDX-License-Identifier: Apache-2.0 */
#include "mock_generic.h"

#include "mock_body.h"
#include "mock_check.h"
#include "mock_hide.h"
#include "mock_users.h"
#include "mock_work.h"

#include <string.h>

/* Of /api/v1/users/{userId}. */
#define USER_SEGMENT 3

/* What neither is in the store nor changes it: an answer of the described shape, with what the body has. */
static void act(const mock_work *at)
{
    mock_value shape = mock_value_of(at->operation->answer);
    char now[MOCK_TIMESTAMP_SIZE];
    mock_maker maker;
    mock_work_maker(at, NULL, now, &maker);
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
        mock_hide_passwords(made);
        if (shape.kind == 'o' || shape.kind == 'O') {
            mock_hide_written(shape.number, made);
        }
        mock_work_answer(at, made);
    } else if (!at->call->answer->broken) {
        mock_work_answer(at, NULL);
    }
    cJSON_Delete(made);
}

static bool ends_at_placeholder(const char *path)
{
    return path[strlen(path) - 1] == '}';
}

static void dispatch(mock_work *at)
{
    const char *method = at->operation->method;
    const char *effect = at->operation->effect;
    bool own_object =
        ends_at_placeholder(at->operation->path) || mock_table_at("GET", at->operation->path) != NULL;
    if (strcmp(method, "GET") == 0) {
        mock_work_answer_spot(at);
    } else if (strcmp(method, "DELETE") == 0) {
        const mock_place *inside = mock_place_in(at->operation->path);
        if (inside != NULL && *at->spot.id == '\0') {
            mock_work_delete_all(at, inside);
        } else if (!own_object || mock_spot_write(at->call, &at->spot, NULL)) {
            mock_work_answer(at, NULL);
        }
    } else if (strcmp(effect, "create") == 0) {
        mock_work_create(at);
    } else if (strcmp(effect, "state") == 0) {
        mock_work_change_state(at);
    } else if (strcmp(method, "PUT") == 0) {
        mock_work_replace(at);
    } else if (strcmp(method, "PATCH") == 0 || mock_words_have("update replace", effect)) {
        mock_work_update(at);
    } else {
        act(at);
    }
}

/* What an operation is about: the object of the last placeholder, or what is at the whole path. */
static bool find_spot(mock_work *at)
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
    bool makes = mock_words_have("PUT POST", operation->method);
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

/* A path may name a user by the login. From here on it has the id. */
static void name_user_by_id(const mock_call *call, const mock_operation *operation, mock_path *path, char *id,
                            size_t size)
{
    static const char by_user[] = MOCK_USERS_FOLDER "/{";
    char made[MOCK_ID_SIZE];
    if (strncmp(operation->path, by_user, strlen(by_user)) == 0) {
        const char *found = mock_user_id(call->org, path->segments[USER_SEGMENT], made);
        if (found != path->segments[USER_SEGMENT] && strlen(found) < size) {
            memcpy(id, found, strlen(found) + 1);
            path->segments[USER_SEGMENT] = id;
        }
    }
}

void mock_answer_operation(mock_call *call, const mock_operation *operation, const mock_path *way)
{
    char user_id[MOCK_ID_SIZE];
    mock_path own = *way;
    const mock_path *path = &own;
    name_user_by_id(call, operation, &own, user_id, sizeof user_id);
    mock_work at = {.call = call, .operation = operation, .path = path, .spot = {.id = ""}};
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
