/* SPDX-License-Identifier: Apache-2.0 */
/* JSON Web Tokens, member by member (RFC 7519). */
#ifndef OKTA_AUTH_JWT_H
#define OKTA_AUTH_JWT_H

#include <stdint.h>

#include "auth/signer.h"

/* The two objects of a token, each open until okta_jwt_finish(). A zeroed one is empty and ready. */
typedef struct okta_jwt {
    okta_buffer header;
    okta_buffer claims;
} okta_jwt;

/* Add a member to an object. `name` is plain ASCII; a NULL `value` is left out. False: `value` is not UTF-8,
 * or the buffer failed. */
bool okta_jwt_text(okta_buffer *object, const char *name, const char *value);
bool okta_jwt_part(okta_buffer *object, const char *name, const char *value, size_t length);
bool okta_jwt_number(okta_buffer *object, const char *name, int64_t value);
/* A member whose value is JSON already. */
bool okta_jwt_json(okta_buffer *object, const char *name, const char *value);

/* Sign the token, append it, and clear the two objects in any case. `added`: every member was. Errors:
 * OKTA_E_AUTH, OKTA_E_CONFIG (a text is not UTF-8), OKTA_E_NOMEM; then nothing is appended. */
okta_error *okta_jwt_finish(okta_jwt *jwt, bool added, const okta_signer *signer, okta_buffer *out);

#endif
