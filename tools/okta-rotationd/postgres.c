/* SPDX-License-Identifier: Apache-2.0 */
#include "postgres.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/new_error.h"

struct postgres {
    PGconn *connection;
    bool is_within; /* a transaction */
};

/* A daemon that is paused within a transaction, or whose machine is gone, must not keep others away: the
 * server ends its session. */
static const char settings[] =
    "SET client_min_messages = warning; SET synchronous_commit = on; SET statement_timeout = '10s';"
    "SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '10s'";

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS okta_rotation("
    " app text NOT NULL, kind integer NOT NULL, phase integer NOT NULL, revision bigint NOT NULL,"
    " name text, id text, begun_s bigint NOT NULL, due_s bigint NOT NULL, quiet_s bigint NOT NULL,"
    " overlap_s bigint NOT NULL, grace_s bigint NOT NULL, others text NOT NULL, PRIMARY KEY(app, kind));"
    "CREATE TABLE IF NOT EXISTS okta_rotation_lease("
    " app text NOT NULL, kind integer NOT NULL, token bigint NOT NULL, until timestamptz NOT NULL,"
    " owner text, created_s bigint NOT NULL, PRIMARY KEY(app, kind))";

/* Any number that only this program uses: it keeps two daemons from making the tables at once. */
#define SCHEMA_LOCK "SELECT pg_advisory_xact_lock(7240117501)"

/* The server's words are of several lines; the first one says what is wrong. */
static okta_error *fail(const postgres *self)
{
    const char *message = PQerrorMessage(self->connection);
    return report_new_error(OKTA_E_CONFIG, "journal postgresql: %.*s", (int)strcspn(message, "\n"), message);
}

static okta_error *run_plain(postgres *self, const char *text)
{
    PGresult *result = PQexec(self->connection, text);
    ExecStatusType status = PQresultStatus(result);
    okta_error *error = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ? NULL : fail(self);
    PQclear(result);
    return error;
}

static okta_error *make_schema(postgres *self)
{
    okta_error *error = postgres_begin(self);
    if (error == NULL) {
        error = run_plain(self, SCHEMA_LOCK);
        error = postgres_end(self, error == NULL ? run_plain(self, schema) : error);
    }
    return error;
}

okta_error *postgres_open(const char *uri, postgres **out)
{
    static const char *const names[] = {"dbname", "connect_timeout", "tcp_user_timeout", "application_name",
                                        NULL};
    const char *const values[] = {uri, "5", "10000", "okta-rotationd", NULL};
    postgres *self = calloc(1, sizeof *self);
    *out = NULL;
    if (self == NULL) {
        return okta_error_new(OKTA_E_NOMEM, NULL);
    }
    self->connection = PQconnectdbParams(names, values, 1);
    okta_error *error = NULL;
    if (self->connection == NULL) {
        error = okta_error_new(OKTA_E_NOMEM, NULL);
    } else if (PQstatus(self->connection) != CONNECTION_OK) {
        error = fail(self);
    }
    if (error == NULL) {
        error = run_plain(self, settings);
    }
    if (error == NULL) {
        error = make_schema(self);
    }
    if (error != NULL) {
        postgres_close(self);
        return error;
    }
    *out = self;
    return NULL;
}

void postgres_close(postgres *self)
{
    if (self != NULL) {
        PQfinish(self->connection);
    }
    free(self);
}

/* Make a connection anew that was lost. */
static okta_error *revive(postgres *self)
{
    if (PQstatus(self->connection) == CONNECTION_OK || self->is_within) {
        return NULL;
    }
    PQreset(self->connection);
    return PQstatus(self->connection) == CONNECTION_OK ? run_plain(self, settings) : fail(self);
}

okta_error *postgres_run(postgres *self, const char *statement, int count, const char *const *values,
                         PGresult **out)
{
    okta_error *error = revive(self);
    if (out != NULL) {
        *out = NULL;
    }
    if (error != NULL) {
        return error;
    }
    PGresult *result = PQexecParams(self->connection, statement, count, NULL, values, NULL, NULL, 0);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        error = fail(self);
    }
    if (error == NULL && out != NULL) {
        *out = result;
    } else {
        PQclear(result);
    }
    return error;
}

okta_error *postgres_begin(postgres *self)
{
    okta_error *error = revive(self);
    if (error == NULL) {
        error = run_plain(self, "BEGIN");
    }
    self->is_within = error == NULL;
    return error;
}

okta_error *postgres_end(postgres *self, okta_error *error)
{
    if (error == NULL) {
        error = run_plain(self, "COMMIT");
    }
    if (PQtransactionStatus(self->connection) != PQTRANS_IDLE) {
        okta_free(run_plain(self, "ROLLBACK"));
    }
    self->is_within = false;
    return error;
}

long postgres_count(const PGresult *result)
{
    /* libpq takes what it only reads without const. */
    const char *changed = PQcmdTuples((PGresult *)(uintptr_t)result);
    return strtol(changed, NULL, 10);
}

const char *postgres_number(char out[POSTGRES_NUMBER], int64_t value)
{
    (void)snprintf(out, POSTGRES_NUMBER, "%" PRId64, value);
    return out;
}

int64_t postgres_integer(const PGresult *result, int row, int column)
{
    return strtoll(PQgetvalue(result, row, column), NULL, 10);
}
