/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/authorization.h"

#include <string.h>
#include <strings.h>

#define TOKEN_MAX ((size_t)OKTA_TOKEN_MAX)

static const char *const schemes[][2] = {
    {"SSWS ", "begins with its scheme: leave out \"SSWS\""},
    {"Bearer ", "begins with its scheme: leave out \"Bearer\""},
    {"DPoP ", "begins with its scheme: leave out \"DPoP\""},
    {"Authorization:", "is a whole header: leave out all but the credential itself"},
};

/* A credential with its scheme, as people copy it from a header. */
static const char *refuse_scheme(const char *token)
{
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        if (strncasecmp(token, schemes[i][0], strlen(schemes[i][0])) == 0) {
            return schemes[i][1];
        }
    }
    return NULL;
}

const char *oktai_authorization_refuse_ends(const char *text)
{
    char last = text[strlen(text) - 1];
    if (last == '\n' || last == '\r') {
        return "ends in a line break";
    }
    if (last == ' ') {
        return "ends in a space";
    }
    return text[0] == ' ' ? "begins with a space" : NULL;
}

const char *oktai_authorization_refuse(const char *token)
{
    if (token == NULL || token[0] == '\0') {
        return "is required";
    }
    size_t length = strnlen(token, TOKEN_MAX + 1);
    if (length > TOKEN_MAX) {
        return "is longer than 16,384 bytes";
    }
    const char *reason = refuse_scheme(token);
    reason = reason == NULL ? oktai_authorization_refuse_ends(token) : reason;
    if (reason != NULL) {
        return reason;
    }
    for (size_t i = 0; i < length; i++) {
        if (token[i] <= ' ' || token[i] > '~') {
            return "must be printable ASCII without spaces";
        }
    }
    return NULL;
}

/* Access tokens of an org are JWTs, which begin with `{"` in Base64. */
static const struct {
    const char *start;
    const char *doubt;
} doubts[] = {
    {"Authorization: SSWS eyJ",
     "the token looks like an access token, which the authorization_mode Bearer sends, and it is SSWS"},
    {"Authorization: Bearer 00",
     "the token looks like an API token, which the authorization_mode SSWS sends, and it is Bearer"},
};

const char *oktai_authorization_doubt(const char *line)
{
    for (size_t i = 0; line != NULL && i < sizeof doubts / sizeof doubts[0]; i++) {
        if (strncmp(line, doubts[i].start, strlen(doubts[i].start)) == 0) {
            return doubts[i].doubt;
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
