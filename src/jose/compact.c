/* SPDX-License-Identifier: Apache-2.0 */
#include "jose/compact.h"

#include <string.h>

#include "core/base64url.h"
#include "core/error.h"

static size_t count_parts(const char *token, size_t length)
{
    size_t count = 1;
    for (size_t i = 0; i < length; i++) {
        count += token[i] == '.';
    }
    return count;
}

static okta_error *refuse_count(const char *token, size_t length, size_t wanted)
{
    size_t count = count_parts(token, length);
    const char *name = wanted == OKTAI_JWS_PARTS ? "JWS" : "JWE";
    if (length > 0 && token[0] == '{') {
        return oktai_error_new(OKTA_E_PROTOCOL,
                               "the token is in the JSON serialization: the compact one of "
                               "a %s is wanted",
                               name);
    }
    return oktai_error_new(OKTA_E_PROTOCOL, "the token has %zu parts; a %s has %zu%s", count, name, wanted,
                           count == OKTAI_JWS_PARTS   ? ": this may be a JWS, to be verified"
                           : count == OKTAI_JWE_PARTS ? ": this may be a JWE, to be decrypted"
                                                      : "");
}

okta_error *oktai_compact_split(const char *token, size_t length, size_t count, oktai_compact *out)
{
    if (length > OKTA_JOSE_TOKEN_MAX) {
        return oktai_error_new(OKTA_E_PROTOCOL, "the token is longer than %d bytes", OKTA_JOSE_TOKEN_MAX);
    }
    if (count_parts(token, length) != count) {
        return refuse_count(token, length, count);
    }
    *out = (oktai_compact){.token = {token, length}};
    const char *next = token;
    const char *end = token + length;
    for (size_t i = 0; i < count; i++) {
        const char *dot = i + 1 == count ? end : memchr(next, '.', (size_t)(end - next));
        out->parts[i] = (okta_text){next, (size_t)(dot - next)};
        next = dot + 1;
    }
    if (out->parts[0].length > OKTA_JOSE_HEADER_MAX) {
        return oktai_error_new(OKTA_E_PROTOCOL, "the protected header is longer than %d bytes",
                               OKTA_JOSE_HEADER_MAX);
    }
    return NULL;
}

okta_error *oktai_compact_decode(okta_text part, const char *what, oktai_arena *arena, oktai_bytes *out)
{
    unsigned char *bytes = (unsigned char *)oktai_arena_text(arena, part.length / 4 * 3 + 2);
    size_t size = 0;
    if (bytes == NULL) {
        return oktai_error_nomem();
    }
    if (!oktai_base64url_decode(part.text, part.length, bytes, &size)) {
        return oktai_error_new(OKTA_E_PROTOCOL, "%s is not base64url without padding", what);
    }
    bytes[size] = '\0';
    *out = (oktai_bytes){bytes, size};
    return NULL;
}
