/* SPDX-License-Identifier: Apache-2.0 */
#include "client/look.h"

#define STEPS_A_LOOK 256u

bool oktai_look_is_over(const okta_call *call)
{
    const oktai_watch watch = oktai_call_watch(call);
    return oktai_watch_look(&watch) != OKTA_OK;
}

bool oktai_look_is_over_at(const okta_call *call, size_t step)
{
    return step % STEPS_A_LOOK == STEPS_A_LOOK - 1 && oktai_look_is_over(call);
}
