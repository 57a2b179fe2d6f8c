/* SPDX-License-Identifier: Apache-2.0 */
/* What daemons share: the journal of rotations, and the leases that say who works on what. */
#ifndef OKTA_ROTATIOND_LEDGER_H
#define OKTA_ROTATIOND_LEDGER_H

#include <stdbool.h>

#include "lock.h"

/* One rotation that is under way. */
typedef bool ledger_record_fn(void *ctx, const okta_rotation_record *record);

typedef struct ledger {
    okta_rotation_journal *journal;
    lock lock;
    /* All rotations that are under way. */
    okta_error *(*each)(okta_rotation_journal *journal, ledger_record_fn *function, void *ctx);
    void (*close)(okta_rotation_journal *journal);
} ledger;

/* Whether a journal's name is that of a database of PostgreSQL. */
bool ledger_is_postgres(const char *name);

/* What is wrong with such a name; NULL: nothing is. Errors: OKTA_E_CONFIG, OKTA_E_NOMEM. */
okta_error *ledger_check_postgres(const char *uri);

/* Open what the configuration names: the path of a SQLite file, or a URI of PostgreSQL. One of another org is
 * refused. Errors: OKTA_E_CONFIG, OKTA_E_TIMEOUT (it is locked, or the server does not answer),
 * OKTA_E_NOMEM. */
okta_error *ledger_open(const char *name, const char *org_url, const lock_options *options, ledger *out);

/* One that was opened, or is all zero. */
void ledger_close(ledger *self);

#endif
