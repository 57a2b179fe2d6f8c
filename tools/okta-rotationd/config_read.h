/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the configuration file. */
#ifndef OKTA_ROTATIOND_CONFIG_READ_H
#define OKTA_ROTATIOND_CONFIG_READ_H

#include "config.h"

/* Read a file. `out` is to be given back by config_drop(). Errors: OKTA_E_CONFIG, which names file and line;
 * OKTA_E_NOMEM. Nothing but the file is looked at. */
okta_error *config_read(const char *path, config **out);

#endif
