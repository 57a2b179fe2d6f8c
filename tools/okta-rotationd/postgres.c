/* SPDX-License-Identifier: Apache-2.0 */
#include "postgres.h"

#include <inttypes.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "common/new_error.h"
#include "common/now.h"

/* So long one host may take until the connection is there. */
#define CONNECT_MS 5000
/* With less than this left nothing is sent: it would only cost the connection. */
#define LEAST_MS 20

struct postgres {
    PGconn *connection;
    patience *limit;
    PostgresPollingStatusType polling; /* OK: the connection was there */
    int64_t connect_until_ms;          /* by now_steady_ms() */
    bool is_late;                      /* the host did not answer until then */
    bool is_lost;                      /* the connection is of no use any more */
    bool is_within;                    /* a transaction */
};

/* A daemon that is paused within a transaction, or whose machine is gone, must not keep others away: the
 * server ends its session. */
static const char settings[] = "SET client_min_messages = warning; SET synchronous_commit = on;"
                               "SET idle_in_transaction_session_timeout = '10s'";
/* The tables are made with more patience. A row is locked for as long as a write of the journal takes. */
static const char limits[] = "SET statement_timeout = '1s'; SET lock_timeout = '100ms'";

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS okta_rotation("
    " app text NOT NULL, kind integer NOT NULL, phase integer NOT NULL, revision bigint NOT NULL,"
    " name text, id text, begun_s bigint NOT NULL, due_s bigint NOT NULL, quiet_s bigint NOT NULL,"
    " overlap_s bigint NOT NULL, grace_s bigint NOT NULL, others text NOT NULL, PRIMARY KEY(app, kind));"
    "CREATE TABLE IF NOT EXISTS okta_rotation_lease("
    " app text NOT NULL, kind integer NOT NULL, token bigint NOT NULL, until timestamptz NOT NULL,"
    " owner text, created_s bigint NOT NULL, PRIMARY KEY(app, kind));"
    "CREATE TABLE IF NOT EXISTS okta_rotation_org("
    " one integer PRIMARY KEY CHECK(one = 1), url text NOT NULL)";

static const char claim_text[] =
    "INSERT INTO okta_rotation_org(one, url) VALUES(1, $1) ON CONFLICT DO NOTHING";

/* Any number that only this program uses: it keeps two daemons from making the tables at once. */
#define SCHEMA_LOCK "SELECT pg_advisory_xact_lock(7240117501)"

/* The server's words are of several lines; the first one says what is wrong. */
static okta_error *fail(const postgres *self, okta_status status)
{
    const char *message = PQerrorMessage(self->connection);
    return report_new_error(status, "journal postgresql: %.*s", (int)strcspn(message, "\n"), message);
}

static okta_error *silent(void)
{
    return report_new_error(OKTA_E_TIMEOUT, "journal postgresql: the server does not answer in time");
}

/* Statements. */

/* Lock and statement timeouts of the server. */
static bool is_timeout(const PGresult *result)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    return state != NULL && (strcmp(state, "55P03") == 0 || strcmp(state, "57014") == 0);
}

static okta_error *judge(postgres *self, const PGresult *result, int64_t since_ms)
{
    ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {
        return NULL;
    }
    if (!is_timeout(result)) {
        return fail(self, OKTA_E_CONFIG);
    }
    patience_spend(self->limit, since_ms);
    return fail(self, OKTA_E_TIMEOUT);
}

/* False: the server does not take it in time. What else is wrong shows when the results are read. */
static bool flush(const postgres *self, int64_t since_ms)
{
    bool good = true;
    while (good && PQflush(self->connection) == 1) {
        good = patience_wait(self->limit, since_ms, PQsocket(self->connection), POLLIN | POLLOUT) &&
               PQconsumeInput(self->connection) == 1;
    }
    return good;
}

/* False: the server does not answer in time. */
static bool await_result(const postgres *self, int64_t since_ms)
{
    while (PQisBusy(self->connection) == 1) {
        if (!patience_wait(self->limit, since_ms, PQsocket(self->connection), POLLIN)) {
            return false;
        }
        if (PQconsumeInput(self->connection) == 0) {
            return true; /* the connection is gone, which is the next result */
        }
    }
    return true;
}

/* The last result of what was sent, or the first error. */
static okta_error *take_results(postgres *self, int64_t since_ms, PGresult **out)
{
    okta_error *error = NULL;
    PGresult *last = NULL;
    bool is_there = flush(self, since_ms) && await_result(self, since_ms);
    for (PGresult *next = NULL; is_there && (next = PQgetResult(self->connection)) != NULL;) {
        error = error == NULL ? judge(self, next, since_ms) : error;
        PQclear(last);
        last = next;
        is_there = PQstatus(self->connection) != CONNECTION_OK || await_result(self, since_ms);
    }
    if (!is_there) {
        self->is_lost = true;
        okta_free(error);
        error = silent();
    }
    if (error == NULL && out != NULL) {
        *out = last;
    } else {
        PQclear(last);
    }
    return error;
}

static okta_error *refuse_to_send(postgres *self)
{
    if (self->is_lost) {
        return silent();
    }
    if (self->limit->left_ms >= LEAST_MS) {
        return NULL;
    }
    self->is_lost = self->is_within;
    return silent();
}

static okta_error *run_plain(postgres *self, const char *text)
{
    int64_t since_ms = now_steady_ms();
    okta_error *error = refuse_to_send(self);
    if (error != NULL) {
        return error;
    }
    return PQsendQuery(self->connection, text) == 1 ? take_results(self, since_ms, NULL)
                                                    : fail(self, OKTA_E_CONFIG);
}

/* Connecting. */

static void expect_host(postgres *self)
{
    self->polling = PGRES_POLLING_WRITING;
    self->connect_until_ms = now_steady_ms() + CONNECT_MS;
    self->is_late = false;
}

/* libpq goes on to the next host, or gives up. */
static void give_host_up(postgres *self)
{
    (void)shutdown(PQsocket(self->connection), SHUT_RDWR);
    self->connect_until_ms = now_steady_ms() + CONNECT_MS;
    self->is_late = true;
}

static bool is_connecting(const postgres *self)
{
    return self->polling == PGRES_POLLING_READING || self->polling == PGRES_POLLING_WRITING;
}

/* Wait for the host until its time is over. False: the patience is at its end. */
static bool await_host(postgres *self, int64_t since_ms)
{
    short events = self->polling == PGRES_POLLING_READING ? POLLIN : POLLOUT;
    int64_t now_ms = now_steady_ms();
    int64_t until_ms = since_ms + self->limit->left_ms;
    patience its = *self->limit;
    its.left_ms = (self->connect_until_ms < until_ms ? self->connect_until_ms : until_ms) - now_ms;
    if (patience_wait(&its, now_ms, PQsocket(self->connection), events)) {
        return true;
    }
    now_ms = now_steady_ms();
    if (now_ms < self->connect_until_ms || now_ms >= until_ms) {
        patience_spend(self->limit, since_ms);
        return false;
    }
    give_host_up(self);
    return true;
}

/* OKTA_E_TIMEOUT: the connection is still being made, or the server did not answer. */
static okta_error *go_on_connecting(postgres *self)
{
    int64_t since_ms = now_steady_ms();
    while (is_connecting(self)) {
        if (!await_host(self, since_ms)) {
            return silent();
        }
        self->polling = PQresetPoll(self->connection);
    }
    if (self->polling != PGRES_POLLING_OK) {
        return self->is_late ? silent() : fail(self, OKTA_E_CONFIG);
    }
    self->is_lost = PQsetnonblocking(self->connection, 1) != 0;
    return run_plain(self, settings);
}

/* Tables of an org stay that org's; those that are nobody's become its. */
static okta_error *claim(postgres *self, const char *org_url)
{
    PGresult *rows = NULL;
    okta_error *error = postgres_run(self, claim_text, 1, &org_url, NULL);
    if (error == NULL) {
        error = postgres_run(self, "SELECT url FROM okta_rotation_org", 0, NULL, &rows);
    }
    if (error == NULL && (PQntuples(rows) != 1 || strcasecmp(PQgetvalue(rows, 0, 0), org_url) != 0)) {
        error =
            report_new_error(OKTA_E_CONFIG,
                             "journal postgresql: it is of the org %s, and the configured org is %s: name "
                             "another database",
                             PQntuples(rows) == 1 ? PQgetvalue(rows, 0, 0) : "?", org_url);
    }
    PQclear(rows);
    return error;
}

static okta_error *make_within(postgres *self, const char *org_url)
{
    okta_error *error = run_plain(self, SCHEMA_LOCK);
    if (error == NULL) {
        error = run_plain(self, schema);
    }
    return error == NULL ? claim(self, org_url) : error;
}

static okta_error *make_schema(postgres *self, const char *org_url)
{
    okta_error *error = postgres_begin(self);
    return error == NULL ? postgres_end(self, make_within(self, org_url)) : error;
}

static bool is_secret(const PQconninfoOption *option)
{
    bool is_password =
        strcmp(option->keyword, "password") == 0 || strcmp(option->keyword, "sslpassword") == 0;
    return is_password && option->val != NULL;
}

/* What libpq says of a URI is not told: it may repeat a password. */
okta_error *postgres_check(const char *uri)
{
    char *message = NULL;
    okta_error *error = NULL;
    PQconninfoOption *all = PQconninfoParse(uri, &message);
    if (all == NULL) {
        error = message == NULL
                    ? okta_error_new(OKTA_E_NOMEM, NULL)
                    : report_new_error(OKTA_E_CONFIG,
                                       "libpq does not understand this URI; it is such as "
                                       "postgresql://USER@HOST:PORT/DATABASE?NAME=VALUE, with %%XX "
                                       "for special characters");
    }
    for (const PQconninfoOption *at = all; error == NULL && at != NULL && at->keyword != NULL; at++) {
        if (is_secret(at)) {
            error =
                report_new_error(OKTA_E_CONFIG,
                                 "the URI holds a password (%s), which is for nobody who reads this file: "
                                 "put it into ~/.pgpass, into the file that PGPASSFILE names, or into "
                                 "the environment of libpq",
                                 at->keyword);
        }
    }
    PQconninfoFree(all);
    PQfreemem(message);
    return error;
}

static okta_error *connect_first(postgres *self, const char *uri)
{
    static const char *const names[] = {"dbname", "tcp_user_timeout", "application_name", NULL};
    const char *const values[] = {uri, "10000", "okta-rotationd", NULL};
    self->connection = PQconnectStartParams(names, values, 1);
    if (self->connection == NULL) {
        return okta_error_new(OKTA_E_NOMEM, NULL);
    }
    if (PQstatus(self->connection) == CONNECTION_BAD) {
        return fail(self, OKTA_E_CONFIG);
    }
    expect_host(self);
    return go_on_connecting(self);
}

okta_error *postgres_open(const char *uri, const char *org_url, patience *limit, postgres **out)
{
    postgres *self = calloc(1, sizeof *self);
    *out = NULL;
    if (self == NULL) {
        return okta_error_new(OKTA_E_NOMEM, NULL);
    }
    self->limit = limit;
    okta_error *error = connect_first(self, uri);
    if (error == NULL) {
        error = make_schema(self, org_url);
    }
    if (error == NULL) {
        error = run_plain(self, limits);
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
    bool is_good = !self->is_lost && !is_connecting(self) && PQstatus(self->connection) == CONNECTION_OK;
    if (is_good || self->is_within) {
        return NULL;
    }
    if (self->limit->left_ms < LEAST_MS) {
        return silent();
    }
    if (!is_connecting(self)) {
        if (PQresetStart(self->connection) == 0) {
            return fail(self, OKTA_E_CONFIG);
        }
        self->is_lost = true;
        expect_host(self);
    }
    okta_error *error = go_on_connecting(self);
    if (error == NULL) {
        error = run_plain(self, limits);
    }
    self->is_lost = error != NULL;
    return error;
}

okta_error *postgres_run(postgres *self, const char *statement, int count, const char *const *values,
                         PGresult **out)
{
    if (out != NULL) {
        *out = NULL;
    }
    okta_error *error = revive(self);
    if (error == NULL) {
        error = refuse_to_send(self);
    }
    if (error != NULL) {
        return error;
    }
    int64_t since_ms = now_steady_ms();
    return PQsendQueryParams(self->connection, statement, count, NULL, values, NULL, NULL, 0) == 1
               ? take_results(self, since_ms, out)
               : fail(self, OKTA_E_CONFIG);
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
    if (!self->is_lost && PQtransactionStatus(self->connection) != PQTRANS_IDLE) {
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
