/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OKTA_TESTS_DRIVERS_H
#define OKTA_TESTS_DRIVERS_H

#include "okta/call.h"

/* What became of a call that something else drives. */
typedef struct driven_call {
    unsigned done; /* how often its outcome was told */
    okta_error *error;
} driven_call;

#endif
