/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/jwt.h"

#include <inttypes.h>
#include <string.h>

#include "core/error.h"
#include "json/writer.h"

static bool add_name(okta_buffer *object, const char *name)
{
    return okta_buffer_printf(object, "%c\"%s\":", object->length == 0 ? '{' : ',', name);
}

bool okta_jwt_part(okta_buffer *object, const char *name, const char *value, size_t length)
{
    return add_name(object, name) && okta_write_string(object, value, length);
}

bool okta_jwt_text(okta_buffer *object, const char *name, const char *value)
{
    return value == NULL || okta_jwt_part(object, name, value, strlen(value));
}

bool okta_jwt_number(okta_buffer *object, const char *name, int64_t value)
{
    return add_name(object, name) && okta_buffer_printf(object, "%" PRId64, value);
}

bool okta_jwt_json(okta_buffer *object, const char *name, const char *value)
{
    return add_name(object, name) && okta_buffer_add_text(object, value);
}

okta_error *okta_jwt_finish(okta_jwt *jwt, bool added, const okta_signer *signer, okta_buffer *out)
{
    okta_error *error = NULL;
    bool ended = added && okta_buffer_add_char(&jwt->header, '}') && okta_buffer_add_char(&jwt->claims, '}');
    if (ended) {
        error = okta_signer_sign_jws(signer, &jwt->header, &jwt->claims, out);
    } else if (jwt->header.failed || jwt->claims.failed) {
        error = okta_error_nomem();
    } else {
        error = okta_error_new(OKTA_E_CONFIG, "a text that a token would carry is not UTF-8");
    }
    okta_buffer_clear(&jwt->header);
    okta_buffer_clear(&jwt->claims);
    return error;
}
