/* SPDX-License-Identifier: Apache-2.0 */
#include "client/error_answer.h"

#include "core/error.h"

/* NULL: the server said nothing, or there is no error. */
static const oktai_error_answer *answer_of(const okta_error *error)
{
    return error == NULL ? NULL : error->answer;
}

int okta_error_http_status(const okta_error *error)
{
    const oktai_error_answer *answer = answer_of(error);
    return answer == NULL ? 0 : answer->http_status;
}

const char *okta_error_code(const okta_error *error)
{
    const oktai_error_answer *answer = answer_of(error);
    return answer == NULL ? NULL : answer->code;
}

const char *okta_error_summary(const okta_error *error)
{
    const oktai_error_answer *answer = answer_of(error);
    return answer == NULL ? NULL : answer->summary;
}

const char *okta_error_id(const okta_error *error)
{
    const oktai_error_answer *answer = answer_of(error);
    return answer == NULL ? NULL : answer->id;
}

size_t okta_error_cause_count(const okta_error *error)
{
    const oktai_error_answer *answer = answer_of(error);
    return answer == NULL ? 0 : answer->cause_count;
}

const char *okta_error_cause_summary(const okta_error *error, size_t index)
{
    return index < okta_error_cause_count(error) ? error->answer->causes[index] : NULL;
}

const struct okta_error_body *okta_error_document(const okta_error *error)
{
    const oktai_error_answer *answer = answer_of(error);
    return answer == NULL ? NULL : answer->document;
}

const char *okta_error_request_id(const okta_error *error)
{
    const oktai_error_answer *answer = answer_of(error);
    return answer == NULL ? NULL : answer->request_id;
}

const char *okta_error_response_body(const okta_error *error, size_t *length)
{
    const oktai_error_answer *answer = answer_of(error);
    if (length != NULL) {
        *length = answer == NULL ? 0 : answer->body_length;
    }
    return answer == NULL ? NULL : answer->body;
}
