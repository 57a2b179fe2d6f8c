/* SPDX-License-Identifier: Apache-2.0 */
/* Reading what a call brought. */
#include "client/call.h"
#include "client/log.h"
#include "core/misuse.h"

void *okta_call_take(okta_call *call, const okta_descriptor *type)
{
    oktai_expect_root(__func__, call);
    if (call == NULL || type == NULL) {
        return NULL;
    }
    const okta_descriptor *result = oktai_call_result_type(call);
    if (result != type) {
        const char *schema = result == NULL ? "nothing" : result->schema;
        oktai_misuse("okta_call_take(): the result of %s is %s, not %s", call->operation->name, schema,
                     type->schema);
        if (call->ran && call->client != NULL) {
            oktai_log_note(call, OKTA_LOG_WARN, 0, "the result is %s, and was asked for as %s", schema,
                           type->schema);
        }
        return NULL;
    }
    return oktai_call_take_result(call);
}

bool okta_call_was_reconciled(const okta_call *call)
{
    oktai_expect_root(__func__, call);
    return call != NULL && call->reconciled;
}

int okta_call_http_status(const okta_call *call)
{
    oktai_expect_root(__func__, call);
    return call == NULL ? 0 : call->response.http_status;
}

const char *okta_call_request_id(const okta_call *call)
{
    oktai_expect_root(__func__, call);
    oktai_redactor redactor = {0};
    const char *id = call == NULL ? NULL : oktai_response_id(&call->response);
    if (id != NULL) {
        const oktai_call_secrets secrets = oktai_call_secrets_of(call);
        id = oktai_hide_or_nothing(&redactor, &secrets, id) == id ? id : NULL;
        oktai_redactor_clear(&redactor);
    }
    return id;
}

const char *okta_call_header(const okta_call *call, const char *name, size_t index)
{
    oktai_expect_root(__func__, call);
    return call == NULL || name == NULL ? NULL : oktai_headers_get(&call->response.headers, name, index);
}

const char *okta_call_body(const okta_call *call, size_t *length)
{
    oktai_expect_root(__func__, call);
    const char *body = NULL;
    size_t bytes = 0;
    if (call != NULL && call->response.body.length > 0) {
        body = call->response.body.data;
        bytes = call->response.body.length;
    } else if (call != NULL) {
        body = call->result_text;
        bytes = call->result_length;
    }
    if (length != NULL) {
        *length = bytes;
    }
    return body;
}

okta_rate_limit okta_call_rate_limit(const okta_call *call)
{
    oktai_expect_root(__func__, call);
    okta_rate_limit unknown = {0};
    return call == NULL ? unknown : oktai_headers_rate_limit(&call->response.headers);
}
