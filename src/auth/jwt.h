/* SPDX-License-Identifier: Apache-2.0 */
/* JSON Web Tokens, member by member (RFC 7519). */
#ifndef OKTA_AUTH_JWT_H
#define OKTA_AUTH_JWT_H

#include <stdint.h>

#include "auth/signer.h"

/* The two objects of a token, each open until oktai_jwt_finish(). A zeroed one is empty and ready. */
typedef struct oktai_jwt {
    oktai_buffer header;
    oktai_buffer claims;
} oktai_jwt;

/* Add a member to an object. `name` is plain ASCII; a NULL `value` is left out. False: `value` is not UTF-8,
 * or the buffer failed. */
bool oktai_jwt_text(oktai_buffer *object, const char *name, const char *value);
bool oktai_jwt_part(oktai_buffer *object, const char *name, const char *value, size_t length);
bool oktai_jwt_number(oktai_buffer *object, const char *name, int64_t value);
/* A member whose value is JSON already. */
bool oktai_jwt_json(oktai_buffer *object, const char *name, const char *value);

/* Sign the token, append it, and clear the two objects in any case. `added` says whether each member could be
 * added. `signer` NULL: without a signature. Errors: OKTA_E_AUTH, OKTA_E_CONFIG (a text is not UTF-8),
 * OKTA_E_NOMEM; then nothing is appended. */
okta_error *oktai_jwt_finish(oktai_jwt *jwt, bool added, const okta_signer *signer, oktai_buffer *out);

#endif
