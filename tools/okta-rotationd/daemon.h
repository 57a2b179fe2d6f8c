/* SPDX-License-Identifier: Apache-2.0 */
/* The daemon: one loop over signals, a timer, the org and those who ask for metrics. */
#ifndef OKTA_ROTATIOND_DAEMON_H
#define OKTA_ROTATIOND_DAEMON_H

#include "options.h"

/* Returns the exit code. */
int daemon_run(const options *given);

#endif
