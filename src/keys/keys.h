/* SPDX-License-Identifier: Apache-2.0 */
/* What src/client uses of src/keys. */
#ifndef OKTA_KEYS_KEYS_H
#define OKTA_KEYS_KEYS_H

#include "okta/error.h"

/* okta_jwk_check() in the shape of an operation row's check: `model` is an okta_oauth2_client_jwk_request. */
okta_error *okta_jwk_check_model(const void *model);

#endif
