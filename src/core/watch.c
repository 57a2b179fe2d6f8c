/* SPDX-License-Identifier: Apache-2.0 */
#include "core/watch.h"

#include <stddef.h>

okta_status oktai_watch_look(const oktai_watch *watch)
{
    if (watch == NULL) {
        return OKTA_OK;
    }
    if (atomic_load(watch->canceled)) {
        return OKTA_E_CANCELED;
    }
    return watch->clock->now_ms(watch->clock) < watch->deadline_ms ? OKTA_OK : OKTA_E_TIMEOUT;
}
