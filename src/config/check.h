/* SPDX-License-Identifier: Apache-2.0 */
/* Options that a client is to be made from, whether a program set them or a place was read. */
#ifndef OKTA_CONFIG_CHECK_H
#define OKTA_CONFIG_CHECK_H

#include "core/buffer.h"
#include "okta/client.h"

/* A program's options as this library knows them, where its headers may be others. Errors: OKTA_E_ARG. */
okta_error *oktai_options_known(const okta_client_options *options, okta_client_options *out);

/* Check each option that is set against its row. What must be there, and what goes together, is not seen
 * here. Errors: OKTA_E_CONFIG, whose message begins with the option's name; OKTA_E_NOMEM. */
okta_error *oktai_options_check(const okta_client_options *options);

/* Give each number that is not set its default. */
void oktai_options_complete(okta_client_options *options);

#endif
