/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger.h"

#include <okta/sqlite.h>
#include <string.h>

#include "common/new_error.h"

#ifdef WITH_POSTGRES
#include "journal_postgres.h"
#include "lock_postgres.h"
#include "postgres.h"
#endif

static okta_error *open_sqlite(const char *path, const char *org_url, const lock_options *options,
                               ledger *out)
{
    okta_sqlite_journal_options its = OKTA_SQLITE_JOURNAL_OPTIONS_INIT;
    its.path = path;
    its.org_url = org_url;
    its.busy = patience_on_busy;
    its.ctx = options->limit;
    okta_error *error = okta_sqlite_journal_open_with(&its, &out->journal);
    out->each = okta_sqlite_journal_each;
    out->close = okta_sqlite_journal_close;
    return error == NULL ? lock_sqlite_open(path, options, &out->lock) : error;
}

#ifdef WITH_POSTGRES

static okta_error *open_postgres(const char *uri, const char *org_url, const lock_options *options,
                                 ledger *out)
{
    okta_error *error = journal_postgres_open(uri, org_url, options->limit, &out->journal);
    out->each = journal_postgres_each;
    out->close = journal_postgres_close;
    return error == NULL ? lock_postgres_open(journal_postgres_connection(out->journal), options, &out->lock)
                         : error;
}

okta_error *ledger_check_postgres(const char *uri)
{
    return postgres_check(uri);
}

#else

okta_error *ledger_check_postgres(const char *uri)
{
    (void)uri;
    return report_new_error(OKTA_E_CONFIG,
                            "it is in PostgreSQL, and this okta-rotationd was built without libpq");
}

static okta_error *open_postgres(const char *uri, const char *org_url, const lock_options *options,
                                 ledger *out)
{
    (void)org_url;
    (void)options;
    (void)out;
    return ledger_check_postgres(uri);
}

#endif

bool ledger_is_postgres(const char *name)
{
    return strncmp(name, "postgresql://", 13) == 0 || strncmp(name, "postgres://", 11) == 0;
}

okta_error *ledger_open(const char *name, const char *org_url, const lock_options *options, ledger *out)
{
    *out = (ledger){0};
    okta_error *error = ledger_is_postgres(name) ? open_postgres(name, org_url, options, out)
                                                 : open_sqlite(name, org_url, options, out);
    if (error != NULL) {
        ledger_close(out);
    }
    return error;
}

void ledger_close(ledger *self)
{
    if (self->lock.close != NULL) {
        self->lock.close(self->lock.ctx);
    }
    if (self->journal != NULL) {
        self->close(self->journal);
    }
    *self = (ledger){0};
}
