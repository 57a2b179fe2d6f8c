/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/jwt.h"

#include <inttypes.h>
#include <string.h>

#include "core/error.h"
#include "json/writer.h"

static bool add_name(oktai_buffer *object, const char *name)
{
    return oktai_buffer_printf(object, "%c\"%s\":", object->length == 0 ? '{' : ',', name);
}

bool oktai_jwt_part(oktai_buffer *object, const char *name, const char *value, size_t length)
{
    return add_name(object, name) && oktai_write_string(object, value, length);
}

bool oktai_jwt_text(oktai_buffer *object, const char *name, const char *value)
{
    return value == NULL || oktai_jwt_part(object, name, value, strlen(value));
}

bool oktai_jwt_number(oktai_buffer *object, const char *name, int64_t value)
{
    return add_name(object, name) && oktai_buffer_printf(object, "%" PRId64, value);
}

bool oktai_jwt_json(oktai_buffer *object, const char *name, const char *value)
{
    return add_name(object, name) && oktai_buffer_add_text(object, value);
}

okta_error *oktai_jwt_finish(oktai_jwt *jwt, bool added, const okta_signer *signer, oktai_buffer *out)
{
    okta_error *error = NULL;
    bool ended =
        added && oktai_buffer_add_char(&jwt->header, '}') && oktai_buffer_add_char(&jwt->claims, '}');
    if (ended && signer != NULL) {
        error = oktai_signer_sign_jws(signer, &jwt->header, &jwt->claims, out);
    } else if (ended) {
        error = oktai_signer_add_unsigned(&jwt->header, &jwt->claims, out) ? NULL : oktai_error_nomem();
    } else if (jwt->header.failed || jwt->claims.failed) {
        error = oktai_error_nomem();
    } else {
        error = oktai_error_new(OKTA_E_CONFIG, "a text that a token would carry is not UTF-8");
    }
    oktai_buffer_clear(&jwt->header);
    oktai_buffer_clear(&jwt->claims);
    return error;
}
