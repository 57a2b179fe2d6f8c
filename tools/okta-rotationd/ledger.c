/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger.h"

#include <okta/sqlite.h>

static okta_error *open_sqlite(const char *path, const lock_options *options, ledger *out)
{
    okta_error *error = okta_sqlite_journal_open(path, &out->journal);
    out->each = okta_sqlite_journal_each;
    out->close = okta_sqlite_journal_close;
    return error == NULL ? lock_sqlite_open(path, options, &out->lock) : error;
}

okta_error *ledger_open(const char *name, const lock_options *options, ledger *out)
{
    *out = (ledger){0};
    okta_error *error = open_sqlite(name, options, out);
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
