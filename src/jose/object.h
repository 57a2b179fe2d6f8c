/* SPDX-License-Identifier: Apache-2.0 */
/* A JSON object of a token: a header, a set of claims, a JWK. Each name stands in it once. */
#ifndef OKTA_JOSE_OBJECT_H
#define OKTA_JOSE_OBJECT_H

#include "core/arena.h"
#include "okta/error.h"
#include "json/reader.h"

#define OKTAI_JOSE_MEMBERS_MAX 256u

typedef struct oktai_jose_member {
    okta_text name; /* without escapes */
    oktai_json_type type;
    okta_text value; /* of a string without quotes and escapes; else as it came. A NUL stands behind it */
} oktai_jose_member;

typedef struct oktai_jose_object {
    oktai_vector members;
} oktai_jose_object;

/* Read one strict JSON object to its last byte, without a byte order mark. All lies in the arena, and a NUL
 * stands behind `json`. `what` begins the message: "the protected header". Errors: OKTA_E_PROTOCOL,
 * OKTA_E_NOMEM. */
okta_error *oktai_jose_object_read(const char *json, size_t length, const char *what, oktai_arena *arena,
                                   oktai_jose_object *out);

/* NULL: it has none of that name. */
const oktai_jose_member *oktai_jose_object_find(const oktai_jose_object *object, const char *name);

/* The value of a string; NULL where there is no such member. Errors: OKTA_E_PROTOCOL (it is no string). */
okta_error *oktai_jose_object_string(const oktai_jose_object *object, const char *name, const char **out);

/* Whether a member is absent, or this string. */
bool oktai_jose_object_allows(const oktai_jose_object *object, const char *name, const char *value);

#endif
