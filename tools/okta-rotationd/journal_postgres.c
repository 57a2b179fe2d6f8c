/* SPDX-License-Identifier: Apache-2.0 */
#include "journal_postgres.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "common/new_error.h"

#define COLUMNS "app, kind, phase, revision, name, id, begun_s, due_s, quiet_s, overlap_s, grace_s, others"
#define NUMBERS 9u

static const char load_text[] = "SELECT " COLUMNS " FROM okta_rotation WHERE app = $1 AND kind = $2::integer";
static const char each_text[] = "SELECT " COLUMNS " FROM okta_rotation ORDER BY app, kind";
static const char insert_text[] =
    "INSERT INTO okta_rotation(" COLUMNS ") VALUES($1, $2::integer, $3::integer, $4::bigint, $5, $6, "
    "$7::bigint, $8::bigint, $9::bigint, $10::bigint, $11::bigint, $12) ON CONFLICT DO NOTHING";
static const char update_text[] =
    "UPDATE okta_rotation SET phase = $3::integer, revision = $4::bigint, name = $5, id = $6, "
    "begun_s = $7::bigint, due_s = $8::bigint, quiet_s = $9::bigint, overlap_s = $10::bigint, "
    "grace_s = $11::bigint, others = $12 "
    "WHERE app = $1 AND kind = $2::integer AND revision = $4::bigint - 1";
static const char delete_text[] =
    "DELETE FROM okta_rotation WHERE app = $1 AND kind = $2::integer AND revision = $3::bigint";

typedef struct postgres_journal {
    okta_rotation_journal journal; /* the first member */
    postgres *connection;
} postgres_journal;

/* What the app held besides, as JSON. */

static char *write_others(const okta_rotation_record *record)
{
    cJSON *list = cJSON_CreateArray();
    bool good = list != NULL;
    for (size_t i = 0; good && i < record->other_count; i++) {
        const okta_rotation_other *other = &record->others[i];
        cJSON *item = cJSON_CreateObject();
        good = item != NULL && cJSON_AddItemToArray(list, item) &&
               (other->name == NULL || cJSON_AddStringToObject(item, "name", other->name) != NULL) &&
               (other->id == NULL || cJSON_AddStringToObject(item, "id", other->id) != NULL) &&
               cJSON_AddNumberToObject(item, "flags", other->flags) != NULL;
    }
    char *text = good ? cJSON_PrintUnformatted(list) : NULL;
    cJSON_Delete(list);
    return text;
}

static void read_other(const cJSON *item, okta_rotation_other *out)
{
    out->name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "name"));
    out->id = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "id"));
    const cJSON *flags = cJSON_GetObjectItemCaseSensitive(item, "flags");
    out->flags = cJSON_IsNumber(flags) ? (unsigned)flags->valueint : 0;
}

/* Reading. */

static const char *text_of(const PGresult *rows, int row, int column)
{
    return PQgetisnull(rows, row, column) != 0 ? NULL : PQgetvalue(rows, row, column);
}

static okta_error *take_row(const PGresult *rows, int row, okta_rotation_record **out)
{
    cJSON *list = cJSON_Parse(PQgetvalue(rows, row, 11));
    int count = cJSON_GetArraySize(list);
    okta_rotation_other *others = calloc((size_t)count + 1, sizeof *others);
    if (!cJSON_IsArray(list) || others == NULL) {
        okta_error *error = others == NULL
                                ? okta_error_new(OKTA_E_NOMEM, NULL)
                                : report_new_error(OKTA_E_CONFIG, "journal postgresql is damaged: app %s",
                                                   PQgetvalue(rows, row, 0));
        free(others);
        cJSON_Delete(list);
        return error;
    }
    size_t at = 0;
    const cJSON *item;
    cJSON_ArrayForEach(item, list)
    {
        read_other(item, &others[at++]);
    }
    const okta_rotation_record record = {
        .app_id = PQgetvalue(rows, row, 0),
        .kind = (okta_rotation_kind)postgres_integer(rows, row, 1),
        .phase = (okta_rotation_phase)postgres_integer(rows, row, 2),
        .revision = postgres_integer(rows, row, 3),
        .name = text_of(rows, row, 4),
        .id = text_of(rows, row, 5),
        .begun_s = postgres_integer(rows, row, 6),
        .due_s = postgres_integer(rows, row, 7),
        .quiet_s = postgres_integer(rows, row, 8),
        .overlap_s = postgres_integer(rows, row, 9),
        .grace_s = postgres_integer(rows, row, 10),
        .others = others,
        .other_count = at,
    };
    okta_error *error = okta_rotation_record_copy(&record, out);
    free(others);
    cJSON_Delete(list);
    return error;
}

static okta_error *load(void *ctx, const char *app_id, okta_rotation_kind kind, okta_rotation_record **out)
{
    const postgres_journal *self = ctx;
    char number[POSTGRES_NUMBER];
    PGresult *rows = NULL;
    const char *const values[] = {app_id, postgres_number(number, (int64_t)kind)};
    *out = NULL;
    okta_error *error = postgres_run(self->connection, load_text, 2, values, &rows);
    if (error == NULL && PQntuples(rows) == 1) {
        error = take_row(rows, 0, out);
    }
    PQclear(rows);
    return error;
}

okta_error *journal_postgres_each(okta_rotation_journal *journal, journal_record_fn *function, void *ctx)
{
    PGresult *rows = NULL;
    okta_error *error = postgres_run(journal_postgres_connection(journal), each_text, 0, NULL, &rows);
    bool more = true;
    for (int i = 0; error == NULL && more && i < PQntuples(rows); i++) {
        okta_rotation_record *record = NULL;
        error = take_row(rows, i, &record);
        more = error == NULL && function(ctx, record);
        okta_free(record);
    }
    PQclear(rows);
    return error;
}

/* Writing. */

static okta_error *conflict(const okta_rotation_record *record)
{
    return report_new_error(OKTA_E_CONFLICT,
                            "journal postgresql: another process went on with the %s of app %s",
                            okta_rotation_kind_name(record->kind), record->app_id);
}

static okta_error *write_record(void *ctx, const char *text, const okta_rotation_record *record)
{
    const postgres_journal *self = ctx;
    char numbers[NUMBERS][POSTGRES_NUMBER];
    PGresult *result = NULL;
    char *others = write_others(record);
    const char *const values[] = {record->app_id,
                                  postgres_number(numbers[0], (int64_t)record->kind),
                                  postgres_number(numbers[1], (int64_t)record->phase),
                                  postgres_number(numbers[2], record->revision),
                                  record->name,
                                  record->id,
                                  postgres_number(numbers[3], record->begun_s),
                                  postgres_number(numbers[4], record->due_s),
                                  postgres_number(numbers[5], record->quiet_s),
                                  postgres_number(numbers[6], record->overlap_s),
                                  postgres_number(numbers[7], record->grace_s),
                                  others};
    okta_error *error = others == NULL ? okta_error_new(OKTA_E_NOMEM, NULL)
                                       : postgres_run(self->connection, text, 12, values, &result);
    if (error == NULL && postgres_count(result) != 1) {
        error = conflict(record);
    }
    PQclear(result);
    cJSON_free(others);
    return error;
}

static okta_error *begin(void *ctx, const okta_rotation_record *record)
{
    return write_record(ctx, insert_text, record);
}

static okta_error *step(void *ctx, const okta_rotation_record *record)
{
    return write_record(ctx, update_text, record);
}

static okta_error *forget(void *ctx, const okta_rotation_record *record)
{
    const postgres_journal *self = ctx;
    char numbers[2][POSTGRES_NUMBER];
    PGresult *result = NULL;
    const char *const values[] = {record->app_id, postgres_number(numbers[0], (int64_t)record->kind),
                                  postgres_number(numbers[1], record->revision)};
    okta_error *error = postgres_run(self->connection, delete_text, 3, values, &result);
    if (error == NULL && postgres_count(result) != 1) {
        error = conflict(record);
    }
    PQclear(result);
    return error;
}

/* Opening. */

okta_error *journal_postgres_open(const char *uri, const char *org_url, patience *limit,
                                  okta_rotation_journal **out)
{
    postgres_journal *self = calloc(1, sizeof *self);
    *out = NULL;
    if (self == NULL) {
        return okta_error_new(OKTA_E_NOMEM, NULL);
    }
    okta_error *error = postgres_open(uri, org_url, limit, &self->connection);
    if (error != NULL) {
        free(self);
        return error;
    }
    self->journal = (okta_rotation_journal){.struct_size = sizeof self->journal,
                                            .ctx = self,
                                            .load = load,
                                            .begin = begin,
                                            .step = step,
                                            .forget = forget};
    *out = &self->journal;
    return NULL;
}

void journal_postgres_close(okta_rotation_journal *journal)
{
    postgres_journal *self = journal->ctx;
    postgres_close(self->connection);
    free(self);
}

postgres *journal_postgres_connection(okta_rotation_journal *journal)
{
    postgres_journal *self = journal->ctx;
    return self->connection;
}
