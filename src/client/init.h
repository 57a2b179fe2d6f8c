/* SPDX-License-Identifier: Apache-2.0 */
/* What the libraries below need once a process. */
#ifndef OKTA_CLIENT_INIT_H
#define OKTA_CLIENT_INIT_H

#include <stdbool.h>

#include "okta/error.h"

/* Starts what needs it once a process: libcurl, and for `tls` OpenSSL's random generator. Errors:
 * OKTA_E_NOMEM, OKTA_E_CONFIG, OKTA_E_TRANSPORT. */
okta_error *oktai_init(bool tls);

#endif
