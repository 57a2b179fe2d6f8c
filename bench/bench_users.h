/* SPDX-License-Identifier: Apache-2.0 */
/* A list of users as Okta answers it, for the programs that decode it. */
#ifndef OKTA_BENCH_USERS_H
#define OKTA_BENCH_USERS_H

#include <stddef.h>

/* The text of a JSON array of so many users, to be freed; NULL: out of memory. */
char *bench_users(unsigned count, size_t *length);

#endif
