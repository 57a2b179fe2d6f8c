/* SPDX-License-Identifier: Apache-2.0 */
#include "client/patience.h"

/* A refusal that asks for more than a window of a minute, with its chance, ends the call. */
#define REFUSAL_MS (OKTAI_PACING_PROBE_MS + INT64_C(11000))

void oktai_patience_set(okta_call *call)
{
    call->is_patient = true;
}

void oktai_patience_begin(okta_call *call)
{
    if (call->root->is_patient && call->visit == NULL) {
        call->bides = true;
        call->bides_since_ms = oktai_call_now_ms(call);
    }
}

static void give_back(okta_call *call, int64_t passed_ms, int64_t latest_ms)
{
    int64_t deadline_ms = call->retry.deadline_ms + passed_ms;
    call->bided_ms += passed_ms;
    call->retry.deadline_ms = deadline_ms < latest_ms ? deadline_ms : latest_ms;
}

void oktai_patience_end(okta_call *call)
{
    if (!call->bides) {
        return;
    }
    int64_t passed_ms = oktai_call_now_ms(call) - call->bides_since_ms;
    call->bides = false;
    for (okta_call *its = call->root; its != NULL; its = its->child) {
        give_back(its, passed_ms, call->root->latest_ms);
    }
}

int64_t oktai_patience_turn_ms(const okta_call *call)
{
    return call->root->is_patient ? call->root->latest_ms : call->retry.deadline_ms;
}

int64_t oktai_patience_refusal_ms(const okta_call *call)
{
    /* Of a request for a token others wait, whose time goes on. */
    if (!call->root->is_patient || call->visit != NULL) {
        return 0;
    }
    int64_t most_ms = call->root->latest_ms - call->retry.deadline_ms;
    return most_ms < REFUSAL_MS ? most_ms : REFUSAL_MS;
}
