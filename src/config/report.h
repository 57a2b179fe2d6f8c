/* SPDX-License-Identifier: Apache-2.0 */
/* What is said about loaded options: where a refused value came from, and which names nobody knows. */
#ifndef OKTA_CONFIG_REPORT_H
#define OKTA_CONFIG_REPORT_H

#include "okta/client.h"

/* Put the place of an option in front of a configuration error whose message begins with the option's name.
 * Releases that error. NULL, other errors and options of the program itself stay as they are. */
okta_error *oktai_options_name_place(const okta_client_options *options, okta_error *error);

/* `name is required<why><places><advice>`, OKTA_E_CONFIG: the option that must be there and is not. Of loaded
 * options the places are the variable and the name in a file, and unknown names that may stand for a required
 * option follow. */
okta_error *oktai_options_refuse_missing(const okta_client_options *options, const char *name,
                                         const char *why, const char *advice);

/* Warn of the unknown names of loaded options by the log callback, once for all clients made from them. */
void oktai_options_warn(const okta_client_options *options);

#endif
