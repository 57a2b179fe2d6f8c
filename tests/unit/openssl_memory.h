/* SPDX-License-Identifier: Apache-2.0 */
/* Operations over OpenSSL when memory is short: the library's own, OpenSSL's below it, or that of OpenSSL's
 * start. For programs with WRAP_MALLOC, allocations.c and --wrap of OPENSSL_init_crypto and
 * OSSL_LIB_CTX_get0_global_default. */
#ifndef OKTA_TESTS_UNIT_OPENSSL_MEMORY_H
#define OKTA_TESTS_UNIT_OPENSSL_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#include "okta/okta.h"

/* `run` fails the test when it leaves half a result behind an error. */
typedef struct memory_operation {
    const char *name;
    okta_error *(*run)(void);
} memory_operation;

/* The `*state` of the tests below. */
typedef struct memory_operations {
    const memory_operation *all;
    size_t count;
    size_t without_openssl; /* how many do without it */
    size_t silent_share;    /* one in so many failures inside OpenSSL comes out as another error */
} memory_operations;

/* Takes OpenSSL's memory over, which allocations.h does not count until a test below asks for it. What it
 * gives is never zero. To be called before OpenSSL has any. False: it has. */
bool openssl_memory_take(void);

/* Runs each operation once without a failure: what OpenSSL fetches once stays fetched. */
void openssl_memory_settle(const memory_operations *operations);

/* Refusals need memory for their message: NULL for OKTA_E_ARG, which it releases, and else the error. */
okta_error *expect_refusal(okta_error *error);

/* Tests. Each allocation fails in turn, alone and with all behind it. */
void each_allocation_of_the_library_may_fail(void **state);
void each_allocation_of_openssl_may_fail(void **state);
/* OpenSSL has no memory for its context, or for the rest. */
void openssl_may_fail_to_start(void **state);

#endif
