/* SPDX-License-Identifier: Apache-2.0 */
#include "mock_work.h"

#include "mock_body.h"
#include "mock_hide.h"
#include "mock_json.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* What an answer that is no JSON holds. */
static const char *bytes_of(const char *media_types)
{
    if (strstr(media_types, "xml") != NULL) {
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

static void answer_bytes(const mock_work *at, const char *types)
{
    mock_answer_body(at->call->answer, bytes_of(types));
    mock_answer_header(at->call->answer, "Content-Type: %.*s", (int)strcspn(types, " "), types);
}

/* Answer with the usual status of success, and with an object where one is described. */
void mock_work_answer(const mock_work *at, const cJSON *object)
{
    mock_answer *out = at->call->answer;
    mock_value shape = mock_value_of(at->operation->answer);
    const char *statuses = at->operation->statuses;
    mock_value element = {.kind = 'o', .number = shape.number, .name = ""};
    cJSON *json = NULL;
    out->status = statuses != NULL && *statuses != '\0' ? (unsigned)strtoul(statuses, NULL, 10) : 302;
    if (mock_wants_bytes(at->call, at->operation)) {
        answer_bytes(at, at->operation->bytes_types);
        return;
    }
    switch (shape.kind) {
    case '\0':
        return;
    case 'l':
        mock_answer_header(out, "Location: %s/made", mock_call_url(at->call));
        return;
    case 'f':
        answer_bytes(at, at->operation->answer_types != NULL ? at->operation->answer_types : "text/plain");
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
void mock_work_answer_spot(const mock_work *at)
{
    cJSON *object = mock_spot_read(at->call, &at->spot);
    if (object != NULL) {
        mock_work_answer(at, object);
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

void mock_work_maker(const mock_work *at, const char *url, char now[MOCK_TIMESTAMP_SIZE], mock_maker *out)
{
    mock_timestamp(now, mock_now(at->call->org));
    *out = (mock_maker){
        .id = *at->spot.id != '\0' ? at->spot.id : NULL,
        .id_member = at->spot.place != NULL ? at->spot.place->id : NULL,
        .url = url,
        .now = now,
        .state =
            query_says(at->call->record->target, "activate=false") ? MOCK_STATE_NOT_YET : MOCK_STATE_ACTIVE,
    };
}

bool mock_work_is_own(const char *name)
{
    static const char *const own[] = {"id", "_links", "_embedded", NULL};
    return mock_texts_have(own, name) || mock_is_creation_time(name) || mock_is_update_time(name);
}

/* Take out what one shape describes and another one does not, also inside. */
static void drop_foreign(cJSON *object, size_t from, size_t to)
{
    cJSON *next = NULL;
    for (cJSON *member = object->child; from != to && member != NULL; member = next) {
        next = member->next;
        mock_value sent = mock_shape_member(from, member->string);
        mock_value shown = mock_shape_member(to, member->string);
        if (sent.kind != '\0' && shown.kind == '\0') {
            cJSON_Delete(cJSON_DetachItemViaPointer(object, member));
        } else if (sent.kind == 'o' && shown.kind == 'o' && cJSON_IsObject(member)) {
            drop_foreign(member, sent.number, shown.number);
        } else if (sent.kind == 'O' && shown.kind == 'O' && cJSON_IsArray(member)) {
            for (cJSON *item = member->child; item != NULL; item = item->next) {
                drop_foreign(item, sent.number, shown.number);
            }
        }
    }
}

/* Take out what the org itself writes, and give the member with the id the one that the object has. False:
 * memory is out. */
static bool drop_own(const mock_work *at, cJSON *body)
{
    cJSON *next = NULL;
    for (cJSON *member = at->spot.place != NULL ? body->child : NULL; member != NULL; member = next) {
        next = member->next;
        if (mock_work_is_own(member->string)) {
            cJSON_Delete(cJSON_DetachItemViaPointer(body, member));
        }
    }
    const char *id_member = at->spot.place != NULL ? at->spot.place->id : NULL;
    bool told = id_member != NULL && cJSON_GetObjectItemCaseSensitive(body, id_member) != NULL;
    return !told || *at->spot.id == '\0' || mock_json_set(body, id_member, cJSON_CreateString(at->spot.id));
}

cJSON *mock_work_kept(const mock_work *at, const cJSON *body)
{
    cJSON *kept = cJSON_IsObject(body) ? cJSON_Duplicate(body, true) : cJSON_CreateObject();
    mock_value described = mock_value_of(at->operation->body);
    bool shaped = at->spot.shape.kind == 'o' && (described.kind == 'o' || described.kind == 'O');
    if (kept != NULL && shaped) {
        drop_foreign(kept, described.number, at->spot.shape.number);
    }
    if (kept != NULL && !drop_own(at, kept)) {
        cJSON_Delete(kept);
        kept = NULL;
    }
    if (kept != NULL) {
        mock_hide_passwords(kept);
    }
    return kept;
}

cJSON *mock_work_make(const mock_work *at, const cJSON *base)
{
    char now[MOCK_TIMESTAMP_SIZE];
    mock_maker maker;
    char *path = mock_spot_path(&at->spot);
    char *url = path != NULL ? mock_format("%s%s", mock_call_url(at->call), path) : NULL;
    mock_work_maker(at, url, now, &maker);
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

bool mock_work_store(const mock_work *at, cJSON *object)
{
    return object != NULL && mock_spot_write(at->call, &at->spot, object);
}
