/* SPDX-License-Identifier: Apache-2.0 */
/* Whether what a configuration names is there on this machine. Nothing is made, and nothing is sent. */
#ifndef OKTA_ROTATIOND_CHECK_H
#define OKTA_ROTATIOND_CHECK_H

#include "config.h"

/* The folder of the journal, or the URI of its database. Errors: OKTA_E_CONFIG, OKTA_E_NOMEM. */
okta_error *check_journal(const config *from);

/* The folders of file sinks: they are there, and this process may write them. Errors: OKTA_E_CONFIG,
 * OKTA_E_NOMEM. */
okta_error *check_sinks(const config *from);

#endif
