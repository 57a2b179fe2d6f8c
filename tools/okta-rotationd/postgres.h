/* SPDX-License-Identifier: Apache-2.0 */
/* A connection to PostgreSQL, for the journal and the leases. One thread uses it, and it never waits longer
 * than its patience lasts: a server that does not answer until then is left, and the connection is made anew
 * by what runs next, in as many turns as that takes. */
#ifndef OKTA_ROTATIOND_POSTGRES_H
#define OKTA_ROTATIOND_POSTGRES_H

#include <libpq-fe.h>
#include <okta/error.h>

#include "patience.h"

typedef struct postgres postgres;

/* What is wrong with a URI; NULL: nothing is. A password in it is refused: who may read the configuration
 * would have it. Errors: OKTA_E_CONFIG, OKTA_E_NOMEM. */
okta_error *postgres_check(const char *uri);

/* Connect, and make the tables where they are not there. They belong to the org that comes first: for another
 * one they are refused. `limit` is borrowed. Errors: OKTA_E_CONFIG, OKTA_E_TIMEOUT (the server does not
 * answer), OKTA_E_NOMEM. */
okta_error *postgres_open(const char *uri, const char *org_url, patience *limit, postgres **out);
/* NULL is allowed. */
void postgres_close(postgres *self);

/* Run one statement with text parameters, which may be NULL. `out` is to be given back by PQclear(); NULL: it
 * is not wanted. A connection that was lost is made anew, but not within a transaction. Errors:
 * OKTA_E_CONFIG, OKTA_E_TIMEOUT (the server does not answer, or somebody else has locked the row: the
 * statement may have happened, or may still), OKTA_E_NOMEM. */
okta_error *postgres_run(postgres *self, const char *statement, int count, const char *const *values,
                         PGresult **out);

/* A transaction. The end commits unless there is an error, which it returns then. */
okta_error *postgres_begin(postgres *self);
okta_error *postgres_end(postgres *self, okta_error *error);

/* How many rows a statement has changed or returned. */
long postgres_count(const PGresult *result);

/* A number as a parameter. */
#define POSTGRES_NUMBER 24u
const char *postgres_number(char out[POSTGRES_NUMBER], int64_t value);
/* A column of the first row as a number. */
int64_t postgres_integer(const PGresult *result, int row, int column);

#endif
