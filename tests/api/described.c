/* SPDX-License-Identifier: Apache-2.0 */
#include "api/described.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

#include "api/fixture.h"
#include "mock_table.h"

#define DEPTH_MAX 8
#define ID_SIZE   80

/* Keys and secrets have rules of their own, which need more than what is required. */
static const struct {
    const char *operation;
    const char *body;
} own_bodies[] = {
    {"addJwk", "{\"kid\":\"k1\",\"kty\":\"EC\",\"crv\":\"P-256\","
               "\"x\":\"nu1MQ2yd_HE7ZFM9wyJSkiOF-mvb1FlB7hCosTQmDW8\","
               "\"y\":\"yMYadTOoeL-QUC_I260o02_m03Q2pjj2Cy1iow1ndQs\"}"},
    {"token", "{\"grant_type\":\"client_credentials\",\"scope\":\"okta.apps.read\",\"client_id\":\"" FORM_APP
              "\",\"client_secret\":\"" FORM_SECRET "\"}"},
};

static cJSON *make_object(size_t shape, unsigned depth);

static cJSON *in_array(cJSON *item)
{
    cJSON *array = cJSON_CreateArray();
    assert_true(cJSON_AddItemToArray(array, item));
    return array;
}

static const char *first_text(size_t number)
{
    return mock_enums[number][0] != NULL ? mock_enums[number][0] : "text";
}

static cJSON *make_value(mock_value value, unsigned depth)
{
    assert_true(depth < DEPTH_MAX);
    switch (value.kind) {
    case 's':
        return cJSON_CreateString("text");
    case 'e':
        return cJSON_CreateString(first_text(value.number));
    case 'b':
        return cJSON_CreateTrue();
    case 'i':
        return cJSON_CreateNumber(2);
    case 'd':
        return cJSON_CreateNumber(2.5);
    case 'S':
        return in_array(cJSON_CreateString("text"));
    case 'E':
        return in_array(cJSON_CreateString(first_text(value.number)));
    case 'O':
        return in_array(make_object(value.number, depth + 1));
    case 'o':
        return make_object(value.number, depth + 1);
    default:
        return cJSON_CreateObject();
    }
}

/* The operations of RFC 6902 say what they change. */
static void fill_patch(cJSON *object, size_t shape)
{
    mock_value op = mock_shape_member(shape, "op");
    if (op.kind != 'e' || mock_shape_member(shape, "path").kind != 's') {
        return;
    }
    for (size_t i = 0; mock_enums[op.number][i] != NULL; i++) {
        if (strcasecmp(mock_enums[op.number][i], "replace") == 0) {
            cJSON_DeleteItemFromObjectCaseSensitive(object, "op");
            cJSON_AddStringToObject(object, "op", mock_enums[op.number][i]);
        }
    }
    cJSON_DeleteItemFromObjectCaseSensitive(object, "path");
    cJSON_AddStringToObject(object, "path", "/description");
    cJSON_AddStringToObject(object, "value", "text");
}

static cJSON *make_object(size_t shape, unsigned depth)
{
    const char *const *members = mock_shapes[shape].members;
    cJSON *object = cJSON_CreateObject();
    assert_non_null(object);
    for (size_t i = 0; members != NULL && members[i] != NULL; i++) {
        mock_value member = mock_value_of(members[i]);
        if (member.required && !member.read_only && !cJSON_HasObjectItem(object, member.name)) {
            assert_true(cJSON_AddItemToObject(object, member.name, make_value(member, depth)));
        }
    }
    fill_patch(object, shape);
    return object;
}

void described_params(cJSON *params, const char *const *rows)
{
    for (size_t i = 0; rows != NULL && rows[i] != NULL; i++) {
        mock_value row = mock_value_of(rows[i]);
        if (row.required) {
            assert_true(cJSON_AddItemToObject(params, row.name, make_value(row, 0)));
        }
    }
}

/* The id that a client chooses stands in the body of the create. */
static void add_id(cJSON *body, const mock_operation *row)
{
    const mock_place *place = mock_place_in(row->path);
    size_t shape = mock_value_of(row->body).number;
    if (place == NULL || place->id == NULL || strcmp(row->effect, "create") != 0 || !cJSON_IsObject(body)) {
        return;
    }
    const char *dot = strchr(place->id, '.');
    if (dot != NULL) {
        char outer[ID_SIZE];
        (void)snprintf(outer, sizeof outer, "%.*s", (int)(dot - place->id), place->id);
        cJSON *holder = make_value(mock_shape_member(shape, outer), 0);
        cJSON_DeleteItemFromObjectCaseSensitive(holder, dot + 1);
        cJSON_AddStringToObject(holder, dot + 1, "chosen");
        assert_true(cJSON_AddItemToObject(body, outer, holder));
    } else if (mock_shape_member(shape, place->id).kind == 's' && strcmp(place->id, "id") != 0 &&
               !mock_shape_member(shape, place->id).read_only && !cJSON_HasObjectItem(body, place->id)) {
        cJSON_AddStringToObject(body, place->id, "chosen");
    }
}

cJSON *described_body(const mock_operation *row)
{
    for (size_t i = 0; i < COUNT(own_bodies); i++) {
        if (strcmp(own_bodies[i].operation, row->name) == 0) {
            return cJSON_Parse(own_bodies[i].body);
        }
    }
    cJSON *body = make_value(mock_value_of(row->body), 0);
    add_id(body, row);
    if (strcmp(row->security, "client") == 0 && cJSON_IsObject(body)) {
        cJSON_AddStringToObject(body, "client_id", FORM_APP);
    }
    return body;
}
