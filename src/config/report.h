/* SPDX-License-Identifier: Apache-2.0 */
/* What is said about loaded options: where a refused value came from, and which names nobody knows. */
#ifndef OKTA_CONFIG_REPORT_H
#define OKTA_CONFIG_REPORT_H

#include "okta/client.h"

/* Put the place of an option in front of a configuration error whose message begins with the option's name.
 * Releases that error. NULL, other errors and options of the program itself stay as they are. */
okta_error *oktai_options_name_place(const okta_client_options *options, okta_error *error);

/* Warn of the unknown names of loaded options by the log callback, once for all clients made from them. */
void oktai_options_warn(const okta_client_options *options);

#endif
