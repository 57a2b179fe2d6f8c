/* SPDX-License-Identifier: Apache-2.0 */
/* Calls of listJwk that may have to wait, and the end of those that are canceled meanwhile. */
#ifndef OKTA_TESTS_API_KEY_CALLS_H
#define OKTA_TESTS_API_KEY_CALLS_H

#include <stdint.h>

#include "api/fixture.h"
#include "api/runner.h"

/* One call with a deadline. */
okta_error *list_keys(const api_world *world, int64_t timeout_ms);

/* Cancels a call that waits without having sent anything, finishes and releases it. The mock heard so many
 * requests, of others. */
void cancel_waiting(const api_world *world, runner *self, size_t requests);

#endif
