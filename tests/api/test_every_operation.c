/* SPDX-License-Identifier: Apache-2.0 */
/* Every operation of Okta's reference, called through the library with what it requires: the stand-in org
 * answers with a described success, and the library decodes it. What the path names is made first. The
 * stand-in links no libokta: a mistake in one shows in the other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>
#include <cmocka.h>

#include "api/all_operations.h"
#include "api/described.h"
#include "api/fixture.h"
#include "mock_table.h"
#include "okta/okta.h"
#include "json/plain.h"

#define IDS_MAX   8
#define ID_SIZE   80
#define PATH_SIZE 256

typedef struct walk {
    api_world world;
    char ids[IDS_MAX][ID_SIZE];
} walk;

/* ---- calls ---- */

static oktai_operation operation_of(const mock_operation *row)
{
    for (size_t i = 0; i < oktai_operation_count; i++) {
        const oktai_operation *operation = oktai_operations[i];
        if (strcmp(operation->path, row->path) == 0 &&
            strcmp(oktai_method_name((oktai_method)operation->method), row->method) == 0) {
            oktai_operation found = *operation;
            /* The loopback has no other names. */
            found.server = OKTAI_SERVER_ORG;
            return found;
        }
    }
    fail_msg("no operation for %s %s", row->method, row->path);
    return (oktai_operation){0};
}

static void *read_model(const okta_descriptor *type, const cJSON *json)
{
    char *text = cJSON_PrintUnformatted(json);
    void *model = NULL;
    okta_error *error = okta_from_json(type, text, strlen(text), &model);
    if (error != NULL) {
        fail_msg("%s: %s", text, okta_error_message(error));
    }
    free(text);
    return model;
}

/* The body argument of an operation. `*out_text`: what it borrows, for free(); `*out_model`: for okta_free().
 */
static const void *body_argument(const oktai_operation *operation, const mock_operation *row, char **out_text,
                                 void **out_model)
{
    static const okta_bytes bytes = {.model = OKTA_INIT(okta_bytes), .data = "bytes", .length = 5};
    static okta_upload upload = OKTA_UPLOAD_INIT;
    upload.file_name = "file";
    upload.data = "bytes";
    upload.length = 5;
    if (operation->body == OKTAI_BODY_NONE) {
        return NULL;
    }
    if (operation->body == OKTAI_BODY_BYTES) {
        return &bytes;
    }
    bool parts = operation->body == OKTAI_BODY_MULTIPART;
    cJSON *json = parts ? cJSON_CreateObject() : described_body(row);
    if (operation->body == OKTAI_BODY_JSON) {
        *out_text = cJSON_PrintUnformatted(json);
    } else {
        *out_model = read_model(operation->request, json);
    }
    cJSON_Delete(json);
    for (size_t i = 0; parts && i < operation->wire->upload_count; i++) {
        const okta_upload *file = &upload;
        memcpy((char *)*out_model + operation->wire->uploads[i].offset, &file, sizeof file);
    }
    return *out_text != NULL ? *out_text : *out_model;
}

static void *params_argument(const oktai_operation *operation, const mock_operation *row)
{
    if (operation->params == NULL) {
        return NULL;
    }
    cJSON *json = cJSON_CreateObject();
    described_params(json, row->query);
    described_params(json, row->headers);
    void *params = read_model(operation->params->type, json);
    cJSON_Delete(json);
    return params;
}

/* Run an operation by its row. The result is a root, or NULL where there is none. */
static okta_error *run(walk *self, const mock_operation *row, const oktai_operation *operation, void **out)
{
    const char *ids[IDS_MAX];
    for (size_t i = 0; i < IDS_MAX; i++) {
        ids[i] = self->ids[i];
    }
    char *text = NULL;
    void *model = NULL;
    void *params = params_argument(operation, row);
    const void *body = body_argument(operation, row, &text, &model);
    okta_error *error = oktai_operation_run(self->world.client, operation, ids, params, body,
                                            operation->response != NULL ? out : NULL);
    okta_free(params);
    okta_free(model);
    free(text);
    return error;
}

/* ---- what a path names ---- */

/* The first object in an answer that is a list, has one, or is one. */
static const cJSON *first_object(const cJSON *json)
{
    const cJSON *member = NULL;
    if (cJSON_IsArray(json)) {
        return cJSON_GetArrayItem(json, 0);
    }
    cJSON_ArrayForEach(member, json)
    {
        if (cJSON_IsArray(member)) {
            return cJSON_GetArrayItem(member, 0);
        }
    }
    return json;
}

static bool take_id(const cJSON *object, const mock_place *place, char *out_id)
{
    const char *id = cJSON_GetStringValue(object);
    const char *name = place->id != NULL ? place->id : "id";
    const char *dot = strchr(name, '.');
    const cJSON *holder = object;
    if (dot != NULL) {
        char outer[ID_SIZE];
        (void)snprintf(outer, sizeof outer, "%.*s", (int)(dot - name), name);
        holder = cJSON_GetObjectItemCaseSensitive(object, outer);
        name = dot + 1;
    }
    id = id != NULL ? id : cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(holder, name));
    if (id != NULL) {
        (void)snprintf(out_id, ID_SIZE, "%s", id);
    }
    return id != NULL;
}

/* Run the operation of a collection, and take an id from what it answers. */
static bool id_from(walk *self, const mock_operation *row, const mock_place *place, bool list, char *out_id)
{
    oktai_operation operation = operation_of(row);
    void *result = NULL;
    okta_error *error = run(self, row, &operation, &result);
    if (error != NULL) {
        fail_msg("%s: %s", row->name, okta_error_message(error));
    }
    char *text = NULL;
    size_t length = 0;
    bool found = false;
    if (result != NULL && operation.response->form != OKTAI_FORM_BYTES) {
        assert_null(okta_to_json(operation.response, result, OKTA_JSON_WHOLE, &text, &length));
        cJSON *json = cJSON_Parse(text);
        found = take_id(list ? first_object(json) : json, place, out_id);
        cJSON_Delete(json);
    }
    okta_free(text);
    okta_free(result);
    return found;
}

static bool is_own(const mock_place *place)
{
    return strcmp(place->path, "/api/v1/apps/*/credentials/jwks/*") == 0 ||
           strcmp(place->path, "/api/v1/apps/*/credentials/secrets/*") == 0;
}

static void make_id(walk *self, const mock_operation *row, const char *path, size_t length, char *out_id);

static void make_assigned(walk *self, const mock_place *place, const char *path, size_t length, char *out_id)
{
    char template[PATH_SIZE];
    (void)snprintf(out_id, ID_SIZE, "text");
    if (place->refers != NULL) {
        char refers[PATH_SIZE];
        (void)snprintf(refers, sizeof refers, "%.*s{id}", (int)(strlen(place->refers) - 1), place->refers);
        make_id(self, NULL, refers, strlen(refers), out_id);
    }
    (void)snprintf(template, sizeof template, "%.*s", (int)length, path);
    const mock_operation *put = mock_table_at("PUT", template);
    assert_non_null(put);
    oktai_operation operation = operation_of(put);
    void *result = NULL;
    okta_error *error = run(self, put, &operation, &result);
    if (error != NULL) {
        fail_msg("%s: %s", put->name, okta_error_message(error));
    }
    okta_free(result);
}

/* An id for the placeholder at which the first `length` bytes of a template end. The ids before it are there.
 */
static void make_id(walk *self, const mock_operation *row, const char *path, size_t length, char *out_id)
{
    const mock_place *place = mock_place_find(path, length);
    assert_non_null(place);
    size_t cut = length;
    while (path[cut - 1] != '/') {
        cut--;
    }
    char collection[PATH_SIZE];
    (void)snprintf(collection, sizeof collection, "%.*s", (int)cut - 1, path);
    const mock_operation *list = mock_table_at("GET", collection);
    if (place->texts != NULL) {
        (void)snprintf(out_id, ID_SIZE, "%s", place->texts[0]);
    } else if (strcmp(place->path, "/api/v1/apps/*") == 0) {
        (void)snprintf(out_id, ID_SIZE, "%s", MOCK_WEB_APP);
    } else if (is_own(place)) {
        bool activates = strstr(row->path, "deactivate") == NULL;
        (void)snprintf(out_id, ID_SIZE, "%s", activates ? "inactive" : "active");
    } else if (strcmp(place->how, "any") == 0) {
        (void)snprintf(out_id, ID_SIZE, "%s", "text");
    } else if (strcmp(place->how, "assigned") == 0) {
        make_assigned(self, place, path, length, out_id);
    } else if (strcmp(place->how, "found") == 0) {
        assert_true(id_from(self, list, place, true, out_id));
    } else {
        const mock_operation *create = mock_table_at("POST", collection);
        assert_non_null(create);
        if (!id_from(self, create, place, false, out_id) &&
            (list == NULL || !id_from(self, list, place, true, out_id))) {
            /* No answer shows it: it is the one that the body chose. */
            (void)snprintf(out_id, ID_SIZE, "chosen");
        }
    }
}

static void make_ids(walk *self, const mock_operation *row)
{
    const char *at = row->path;
    size_t count = 0;
    for (mock_step step; mock_step_next(&at, &step);) {
        if (step.placeholder) {
            assert_true(count < IDS_MAX);
            make_id(self, row, row->path, (size_t)(at - row->path), self->ids[count++]);
        }
    }
}

/* ---- the walk ---- */

static void put_item(walk *self, const char *collection, const char *id, const char *status)
{
    char json[PATH_SIZE];
    bool key = strcmp(collection, "jwks") == 0;
    (void)snprintf(json, sizeof json, "{\"id\":\"%s\",\"status\":\"%s\"%s%s%s}", id, status,
                   key ? ",\"kid\":\"" : "", key ? id : "", key ? "\"" : "");
    api_put(&self->world, collection, json);
}

/* A key or secret to deactivate, which is not the only one, and one to activate or delete. */
static void put_items(walk *self, const mock_operation *row)
{
    bool deactivates = strstr(row->path, "/deactivate") != NULL;
    bool of_one = strchr(row->path, '}') != strrchr(row->path, '}');
    static const char *const collections[] = {"jwks", "secrets"};
    for (size_t i = 0; i < COUNT(collections) && strstr(row->path, "/credentials/") != NULL; i++) {
        put_item(self, collections[i], "active", "ACTIVE");
        if (of_one) {
            put_item(self, collections[i], deactivates ? "other" : "inactive",
                     deactivates ? "ACTIVE" : "INACTIVE");
        }
    }
}

static void start(walk *self, const mock_operation *row)
{
    *self = (walk){.world = {0}};
    api_world_start(&self->world, NULL, NULL);
    put_items(self, row);
    assert_true(mock_org_add_app(self->world.org, FORM_APP, "client_secret_post"));
    assert_true(mock_org_put(self->world.org, FORM_APP, "secrets",
                             "{\"id\":\"s\",\"client_secret\":\"" FORM_SECRET "\",\"status\":\"ACTIVE\"}"));
}

/* Members that came and that the struct does not show: of another type, or of another name. */
static size_t count_extras(const okta_descriptor *type, const void *model)
{
    if (model == NULL || type == &oktai_links_model || type->form != OKTAI_FORM_MODEL) {
        return 0;
    }
    size_t count = 0;
    const oktai_any_list *list = model;
    for (size_t i = 0; type->item != NULL && i < list->count; i++) {
        count += count_extras(type->item, list->items[i]);
    }
    const okta_model *head = model;
    for (size_t i = 0; type->item == NULL && i < head->extra_count; i++) {
        /* What patches add wherever they may. */
        count += strcmp(head->extras[i].name, "description") != 0;
    }
    for (size_t i = 0; type->item == NULL && i < type->row_count; i++) {
        const oktai_row *row = &type->rows[i];
        const void *value = NULL;
        if (row->kind == OKTAI_KIND_OBJECT || row->kind == OKTAI_KIND_OBJECTS) {
            memcpy(&value, (const char *)model + row->offset, sizeof value);
        }
        if (row->kind == OKTAI_KIND_OBJECT) {
            count += count_extras(row->of.object, value);
        }
        size_t items = 0;
        if (row->kind == OKTAI_KIND_OBJECTS && value != NULL) {
            memcpy(&items, (const char *)model + row->count_offset, sizeof items);
        }
        for (size_t k = 0; k < items; k++) {
            count += count_extras(row->of.object, ((void *const *)value)[k]);
        }
    }
    return count;
}

/* Whether a result holds what its kind always has. */
static bool is_whole(const oktai_operation *operation, const void *result)
{
    if (operation->response == NULL) {
        return result == NULL;
    }
    if (operation->response->form == OKTAI_FORM_BYTES) {
        return result != NULL && ((const okta_bytes *)result)->length > 0;
    }
    if (operation->response->form == OKTAI_FORM_LOCATION) {
        return result != NULL && ((const okta_location *)result)->url != NULL;
    }
    char *text = NULL;
    size_t length = 0;
    okta_error *error =
        result != NULL ? okta_to_json(operation->response, result, OKTA_JSON_WHOLE, &text, &length) : NULL;
    bool whole =
        result != NULL && error == NULL && length >= 2 && count_extras(operation->response, result) == 0;
    if (!whole) {
        print_error("%s\n", text != NULL ? text : "");
    }
    okta_free(error);
    okta_free(text);
    return whole;
}

static bool succeeds(const mock_operation *row)
{
    walk self;
    start(&self, row);
    make_ids(&self, row);
    oktai_operation operation = operation_of(row);
    void *result = NULL;
    okta_error *error = run(&self, row, &operation, &result);
    bool good = error == NULL && is_whole(&operation, result);
    if (!good) {
        const char *cause = okta_error_cause_summary(error, 0);
        print_error("%s: %s; %s\n", row->name, error != NULL ? okta_error_message(error) : "no whole result",
                    cause != NULL ? cause : "");
    }
    okta_free(error);
    okta_free(result);
    api_world_stop(&self.world);
    return good;
}

static void every_operation_is_answered_and_decoded(void **state)
{
    (void)state;
    size_t failures = 0;
    assert_int_equal(mock_operation_count, 974);
    for (size_t i = 0; i < mock_operation_count; i++) {
        failures += !succeeds(&mock_operations[i]);
    }
    assert_int_equal(failures, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_is_answered_and_decoded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
