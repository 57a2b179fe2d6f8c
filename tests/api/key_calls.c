/* SPDX-License-Identifier: Apache-2.0 */
#include "api/key_calls.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "api/expect.h"
#include "api/operations.h"

okta_error *list_keys(const api_world *world, int64_t timeout_ms)
{
    okta_call *call = okta_list_jwk_call(world->client, API_APP);
    okta_call_set_timeout_ms(call, timeout_ms);
    okta_error *error = okta_call_run(call);
    okta_free(call);
    return error;
}

void cancel_waiting(const api_world *world, runner *self, size_t requests)
{
    const api_expected expected = {.status = OKTA_E_CANCELED};
    okta_call_cancel(self->call);
    runner_finish(self);
    api_expect_error("listJwk", self->error, &expected);
    assert_null(OKTA_TAKE(self->call, okta_oauth2_client_jwk_list));
    okta_free(self->call);
    api_expect_requests("listJwk", world, requests);
}
