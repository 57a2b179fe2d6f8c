/* SPDX-License-Identifier: Apache-2.0 */
#include "lock_postgres.h"

#include <stdlib.h>
#include <string.h>

#include "common/new_error.h"

/* From now on for $3 milliseconds. */
#define UNTIL "clock_timestamp() + $3::bigint * interval '1 millisecond'"

static const char take_text[] =
    "INSERT INTO okta_rotation_lease AS it(app, kind, token, until, owner, created_s) "
    "VALUES($1, $2::integer, 1, " UNTIL ", $4, 0) ON CONFLICT(app, kind) DO UPDATE SET token = it.token + 1, "
    "until = " UNTIL ", owner = $4 WHERE it.until <= clock_timestamp() RETURNING token, created_s";
static const char look_text[] =
    "SELECT greatest(ceil(extract(epoch FROM until - clock_timestamp()) * 1000), 1)::bigint, created_s "
    "FROM okta_rotation_lease WHERE app = $1 AND kind = $2::integer";
static const char renew_text[] = "UPDATE okta_rotation_lease SET until = " UNTIL
                                 " WHERE app = $1 AND kind = $2::integer AND token = $4::bigint";
static const char release_text[] =
    "UPDATE okta_rotation_lease SET until = 'epoch', owner = NULL, created_s = $3::bigint "
    "WHERE app = $1 AND kind = $2::integer AND token = $4::bigint";
static const char known_text[] =
    "SELECT app, kind, created_s FROM okta_rotation_lease WHERE created_s > 0 ORDER BY app, kind";

typedef struct postgres_lock {
    postgres *connection;
    char *owner;
    int64_t term_ms;
} postgres_lock;

static okta_error *acquire(void *ctx, const lock_subject *subject, lock_lease *out)
{
    const postgres_lock *self = ctx;
    char kind[POSTGRES_NUMBER];
    char term[POSTGRES_NUMBER];
    PGresult *rows = NULL;
    const char *const values[] = {subject->app_id, postgres_number(kind, (int64_t)subject->kind),
                                  postgres_number(term, self->term_ms), self->owner};
    *out = (lock_lease){0};
    okta_error *error = postgres_run(self->connection, take_text, 4, values, &rows);
    if (error == NULL && PQntuples(rows) == 1) {
        out->token = postgres_integer(rows, 0, 0);
        out->created_s = postgres_integer(rows, 0, 1);
    } else if (error == NULL) {
        PQclear(rows);
        error = postgres_run(self->connection, look_text, 2, values, &rows);
        bool is_there = error == NULL && PQntuples(rows) == 1;
        out->free_in_ms = is_there ? postgres_integer(rows, 0, 0) : 1;
        out->created_s = is_there ? postgres_integer(rows, 0, 1) : 0;
    }
    PQclear(rows);
    return error;
}

/* OKTA_E_CONFLICT: the token is not the latest. */
static okta_error *change(const postgres_lock *self, const char *text, const lock_subject *subject,
                          int64_t token, int64_t value)
{
    char kind[POSTGRES_NUMBER];
    char number[POSTGRES_NUMBER];
    char its[POSTGRES_NUMBER];
    PGresult *result = NULL;
    const char *const values[] = {subject->app_id, postgres_number(kind, (int64_t)subject->kind),
                                  postgres_number(number, value), postgres_number(its, token)};
    okta_error *error = postgres_run(self->connection, text, 4, values, &result);
    if (error == NULL && postgres_count(result) != 1) {
        error =
            report_new_error(OKTA_E_CONFLICT, "journal postgresql: another daemon works on the %s of app %s",
                             okta_rotation_kind_name(subject->kind), subject->app_id);
    }
    PQclear(result);
    return error;
}

static okta_error *renew(void *ctx, const lock_subject *subject, int64_t token)
{
    const postgres_lock *self = ctx;
    return change(self, renew_text, subject, token, self->term_ms);
}

static okta_error *release(void *ctx, const lock_subject *subject, int64_t token, int64_t created_s)
{
    okta_error *error = change(ctx, release_text, subject, token, created_s);
    if (okta_error_status(error) == OKTA_E_CONFLICT) {
        okta_free(error);
        error = NULL;
    }
    return error;
}

/* The row stays locked until the end of the transaction: nobody takes the lease meanwhile. */
static okta_error *fenced(void *ctx, const lock_subject *subject, int64_t token, lock_write_fn *write,
                          void *write_ctx)
{
    const postgres_lock *self = ctx;
    okta_error *error = postgres_begin(self->connection);
    if (error != NULL) {
        return error;
    }
    error = change(self, renew_text, subject, token, self->term_ms);
    return postgres_end(self->connection, error == NULL ? write(write_ctx) : error);
}

static okta_error *known(void *ctx, lock_known_fn *function, void *function_ctx)
{
    const postgres_lock *self = ctx;
    PGresult *rows = NULL;
    okta_error *error = postgres_run(self->connection, known_text, 0, NULL, &rows);
    for (int i = 0; error == NULL && i < PQntuples(rows); i++) {
        const lock_subject subject = {.app_id = PQgetvalue(rows, i, 0),
                                      .kind = (okta_rotation_kind)postgres_integer(rows, i, 1)};
        function(function_ctx, &subject, postgres_integer(rows, i, 2));
    }
    PQclear(rows);
    return error;
}

static void close_lock(void *ctx)
{
    postgres_lock *self = ctx;
    free(self->owner);
    free(self);
}

okta_error *lock_postgres_open(postgres *connection, const lock_options *options, lock *out)
{
    postgres_lock *self = calloc(1, sizeof *self);
    *out = (lock){0};
    if (self != NULL) {
        self->connection = connection;
        self->term_ms = options->term_ms;
        self->owner = strdup(options->owner);
    }
    if (self == NULL || self->owner == NULL) {
        free(self);
        return okta_error_new(OKTA_E_NOMEM, NULL);
    }
    *out = (lock){.ctx = self,
                  .acquire = acquire,
                  .renew = renew,
                  .release = release,
                  .fenced = fenced,
                  .known = known,
                  .close = close_lock};
    return NULL;
}
