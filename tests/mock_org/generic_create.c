/* SPDX-License-Identifier: Apache-2.0 */
/* Verbs that make objects. */
#include "mock_json.h"
#include "mock_work.h"

#include <stdlib.h>
#include <string.h>

/* The id that a body names in a member, or behind a dot in a member of that one. NULL: none. */
static const char *id_in(const cJSON *body, const char *member)
{
    const char *dot = strchr(member, '.');
    char *outer = dot != NULL ? mock_copy_n(member, (size_t)(dot - member)) : NULL;
    const cJSON *inner = outer != NULL ? cJSON_GetObjectItemCaseSensitive(body, outer) : body;
    free(outer);
    return mock_json_string(inner, dot != NULL ? dot + 1 : member);
}

/* What is assigned by a POST has the id of what it is, and its body tells it. */
static bool is_told_its_id(const mock_place *place)
{
    static const char *const paths[] = {"/api/v1/apps/*/interclient-allowed-apps/*", "/api/v1/apps/*/users/*",
                                        "/api/v1/groups/*/owners/*", NULL};
    return mock_texts_have(paths, place->path);
}

/* The id that the body gives an object, or a made-up one. */
static const char *choose_id(const mock_work *at, const cJSON *body, char made[MOCK_ID_SIZE])
{
    const char *member = at->spot.place->id;
    bool told = member != NULL && (strcmp(member, "id") != 0 || is_told_its_id(at->spot.place));
    const char *given = told ? id_in(body, member) : NULL;
    if (given != NULL && mock_path_is_id(given)) {
        return given;
    }
    mock_new_id(at->call->org, at->spot.folder, made);
    return made;
}

/* Create an object at a spot without an id. The result is for cJSON_Delete(). NULL: it is refused or broken.
 */
static cJSON *create_one(mock_work *at, const cJSON *body)
{
    char made[MOCK_ID_SIZE];
    at->spot.id = choose_id(at, body, made);
    cJSON *object = NULL;
    if (mock_spot_exists(at->call, &at->spot) && strcmp(at->spot.place->how, "any") != 0) {
        mock_refuse_invalid(at->call, "Api validation", "An object with this id already exists");
    } else {
        cJSON *base = mock_work_kept(at, body);
        at->call->answer->broken = at->call->answer->broken || base == NULL;
        if (base != NULL && mock_work_store(at, mock_work_make(at, base))) {
            object = mock_spot_read(at->call, &at->spot);
        }
        cJSON_Delete(base);
    }
    at->spot.id = "";
    return object;
}

/* Where a create puts its object: into the collection at its path, or into one above that holds the like. */
static const mock_place *collection_of(const mock_work *at, size_t *out_segments)
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
static void create_several(mock_work *at)
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
        mock_work_answer(at, NULL);
        if (shape.kind == 'O') {
            mock_answer_json(at->call->answer, at->call->answer->status, shown);
            return;
        }
    }
    cJSON_Delete(shown);
}

void mock_work_create(mock_work *at)
{
    size_t segments = 0;
    const mock_place *place = collection_of(at, &segments);
    if (place == NULL) {
        /* What is at a path without ids is there from the start. */
        mock_work_replace(at);
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
            mock_work_answer(at, object);
        }
        cJSON_Delete(object);
    }
}
