/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/authorization.h"

#include <string.h>

#define TOKEN_MAX 16384u

const char *oktai_authorization_refuse(const char *token)
{
    if (token == NULL || token[0] == '\0') {
        return "is required";
    }
    size_t length = strnlen(token, TOKEN_MAX + 1);
    if (length > TOKEN_MAX) {
        return "is longer than 16,384 bytes";
    }
    for (size_t i = 0; i < length; i++) {
        if (token[i] <= ' ' || token[i] > '~') {
            return "must be printable ASCII without spaces";
        }
    }
    return NULL;
}

char *oktai_authorization_line(oktai_arena *arena, const char *scheme, const char *token)
{
    static const char name[] = "Authorization: ";
    size_t scheme_length = strlen(scheme);
    size_t token_length = strlen(token);
    char *line = oktai_arena_text(arena, sizeof name + scheme_length + token_length);
    if (line != NULL) {
        char *at = line;
        memcpy(at, name, sizeof name - 1);
        at += sizeof name - 1;
        memcpy(at, scheme, scheme_length);
        at += scheme_length;
        *at++ = ' ';
        memcpy(at, token, token_length + 1);
    }
    return line;
}
