/* SPDX-License-Identifier: Apache-2.0 */
#include "client/endings.h"

#include "client/limits.h"
#include "core/arena.h"
#include "core/error.h"

okta_error *oktai_call_ended(okta_call *call, okta_status status, const char *reason)
{
    oktai_attempt attempt = {.failure = status, .reason = reason};
    bool unsettled = oktai_call_is_unsettled(call);
    oktai_decision decision = {.verdict = OKTAI_VERDICT_FAIL,
                               .status = unsettled ? OKTA_E_OUTCOME_UNKNOWN : status,
                               .retryable = status == OKTA_E_TIMEOUT &&
                                            !(unsettled && oktai_effect_is_once(call->operation->effect))};
    oktai_answer answer = oktai_call_answer(call);
    return oktai_outcome_error(&answer, &decision, &attempt);
}

okta_error *oktai_call_failed(okta_call *call, okta_error *cause)
{
    if (!oktai_call_is_unsettled(call) || okta_error_status(cause) == OKTA_E_OUTCOME_UNKNOWN) {
        return cause;
    }
    okta_error *error = oktai_call_ended(call, okta_error_status(cause), okta_error_message(cause));
    if (!oktai_root_is_static(error)) {
        error->retryable = okta_error_is_retryable(cause) && !oktai_effect_is_once(call->operation->effect);
        error->retry_after_ms = okta_error_retry_after_ms(cause);
    }
    okta_free(cause);
    return error;
}

okta_error *oktai_call_late(okta_call *call, const char *what)
{
    const char *reason =
        oktai_limits_explain(call, oktai_arena_join(oktai_root_arena(call), "the deadline passed ", what));
    return oktai_call_ended(call, OKTA_E_TIMEOUT, reason == NULL ? "the deadline passed" : reason);
}

okta_error *oktai_call_interrupted(okta_call *call, okta_error *cause)
{
    bool canceled = okta_error_status(cause) == OKTA_E_CANCELED;
    okta_free(cause);
    call->retry.unsettled = true;
    return canceled
               ? oktai_call_ended(call, OKTA_E_CANCELED, "the call was canceled while its answer was read")
               : oktai_call_late(call, "while the answer was read");
}

okta_error *oktai_call_check(okta_call *call, const char *what)
{
    const oktai_watch watch = oktai_call_watch(call);
    okta_status status = oktai_watch_look(&watch);
    if (status == OKTA_OK) {
        return NULL;
    }
    if (status == OKTA_E_CANCELED) {
        return oktai_call_ended(call, OKTA_E_CANCELED, "the call was canceled");
    }
    return oktai_call_late(call, what);
}
