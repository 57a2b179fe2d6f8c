/* SPDX-License-Identifier: Apache-2.0 */
/* What ends long work early: a deadline, or somebody who cancels. Loops over what a server sent look at it
 * now and then, and need not know whose it is. */
#ifndef OKTA_CORE_WATCH_H
#define OKTA_CORE_WATCH_H

#include <stdatomic.h>
#include <stdint.h>

#include "core/clock.h"
#include "okta/error.h"

typedef struct oktai_watch {
    const oktai_clock *clock;
    int64_t deadline_ms; /* by that clock */
    const atomic_bool *canceled;
} oktai_watch;

/* OKTA_OK: the work may go on; OKTA_E_CANCELED, OKTA_E_TIMEOUT: it is to end. NULL: nothing ends it. */
okta_status oktai_watch_look(const oktai_watch *watch);

#endif
