/* SPDX-License-Identifier: Apache-2.0 */
/* The journal of rotations in PostgreSQL, for daemons of several machines. */
#ifndef OKTA_ROTATIOND_JOURNAL_POSTGRES_H
#define OKTA_ROTATIOND_JOURNAL_POSTGRES_H

#include <okta/rotation_journal.h>
#include <stdbool.h>

#include "postgres.h"

/* Connect, as postgres_open() says. The journal owns the connection; close it by journal_postgres_close(). */
okta_error *journal_postgres_open(const char *uri, const char *org_url, patience *limit,
                                  okta_rotation_journal **out);
void journal_postgres_close(okta_rotation_journal *journal);

/* That connection. */
postgres *journal_postgres_connection(okta_rotation_journal *journal);

/* All rotations, by app and kind, until the function returns false. */
typedef bool journal_record_fn(void *ctx, const okta_rotation_record *record);
okta_error *journal_postgres_each(okta_rotation_journal *journal, journal_record_fn *function, void *ctx);

#endif
