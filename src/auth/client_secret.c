/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/client_secret.h"

#include <string.h>

#include "auth/authorization.h"
#include "core/base64url.h"
#include "core/buffer.h"
#include "core/uri.h"

#define SECRET_MAX 4096u

/* RFC 6749, appendix A.2 */
const char *oktai_client_secret_refuse(const char *secret)
{
    if (secret == NULL || secret[0] == '\0') {
        return "is required";
    }
    size_t length = strnlen(secret, SECRET_MAX + 1);
    if (length > SECRET_MAX) {
        return "is longer than 4,096 bytes";
    }
    for (size_t i = 0; i < length; i++) {
        if (secret[i] < ' ' || secret[i] > '~') {
            const char *ends = oktai_authorization_refuse_ends(secret);
            return ends != NULL ? ends : "must be printable ASCII";
        }
    }
    return NULL;
}

/* Id and secret are form-encoded before they are joined, so that a colon in the id does no harm. */
char *oktai_client_secret_line(oktai_arena *arena, const char *client_id, const char *secret)
{
    oktai_buffer pair = {0};
    oktai_buffer text = {0};
    char *line = NULL;
    if (oktai_uri_encode(&pair, client_id) && oktai_buffer_add_char(&pair, ':') &&
        oktai_uri_encode(&pair, secret) && oktai_buffer_reserve(&text, oktai_base64_length(pair.length))) {
        oktai_base64_encode((const unsigned char *)pair.data, pair.length, text.data);
        line = oktai_authorization_line(arena, "Basic", text.data);
    }
    oktai_buffer_clear(&pair);
    oktai_buffer_clear(&text);
    return line;
}
