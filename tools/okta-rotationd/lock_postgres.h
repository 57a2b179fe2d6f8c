/* SPDX-License-Identifier: Apache-2.0 */
/* Leases as rows in PostgreSQL, for daemons of several machines. They go by the server's clock. */
#ifndef OKTA_ROTATIOND_LOCK_POSTGRES_H
#define OKTA_ROTATIOND_LOCK_POSTGRES_H

#include "lock.h"
#include "postgres.h"

/* The connection is borrowed; what is written under a fence goes by the same one, in one transaction. */
okta_error *lock_postgres_open(postgres *connection, const lock_options *options, lock *out);

#endif
