/* SPDX-License-Identifier: Apache-2.0 */
/* The client secret as the credential of a service app (RFC 6749, section 2.3.1). */
#ifndef OKTA_AUTH_CLIENT_SECRET_H
#define OKTA_AUTH_CLIENT_SECRET_H

#include "core/arena.h"

/* Why a secret is refused, as the rest of a sentence that begins with its name; NULL: it is not. */
const char *oktai_client_secret_refuse(const char *secret);

/* The header line `Authorization: Basic ...` of client_secret_basic; NULL: out of memory. */
char *oktai_client_secret_line(oktai_arena *arena, const char *client_id, const char *secret);

#endif
