/* SPDX-License-Identifier: Apache-2.0 */
/* Operations, run in the calling thread. */
#include <string.h>

#include "client/call.h"
#include "core/error.h"

/* Runs and releases a call, and takes its result. */
static okta_error *run_to_end(okta_call *call, void *out)
{
    okta_error *error = okta_call_run(call);
    if (out != NULL) {
        void *result = oktai_call_take_result(call);
        memcpy(out, &result, sizeof result);
    }
    okta_free(call);
    return error;
}

static bool lacks_out(const oktai_operation *operation, const void *out)
{
    return out == NULL && operation->response != NULL;
}

okta_error *oktai_operation_run_plain(okta_client *client, const oktai_operation *operation,
                                      const char *const *ids, void *out)
{
    return lacks_out(operation, out) ? oktai_error_null("out")
                                     : run_to_end(oktai_operation_call_plain(client, operation, ids), out);
}

okta_error *oktai_operation_run(okta_client *client, const oktai_operation *operation, const char *const *ids,
                                const void *params, const void *body, void *out)
{
    return lacks_out(operation, out)
               ? oktai_error_null("out")
               : run_to_end(oktai_operation_call(client, operation, ids, params, body), out);
}
