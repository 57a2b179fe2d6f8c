/* SPDX-License-Identifier: Apache-2.0 */
/* How creates whose answer was lost are settled, written by hand for the operations that have such rules. */
#ifndef OKTA_SETTLE_SETTLEMENTS_H
#define OKTA_SETTLE_SETTLEMENTS_H

#include "client/operation.h"

/* addJwk: the kid names the key, and the org refuses a second one of a kid. */
extern const oktai_settlement oktai_jwk_settlement;

/* createOAuth2ClientSecret: a secret that the program brought is its own name; the org may hold it twice. */
extern const oktai_settlement oktai_secret_settlement;

#endif
