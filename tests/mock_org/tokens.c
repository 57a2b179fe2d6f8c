/* SPDX-License-Identifier: Apache-2.0 */
#include "mock_tokens.h"

#include <openssl/rand.h>
#include <stdlib.h>
#include <string.h>

static bool make_secret(char out[MOCK_SECRET_SIZE])
{
    unsigned char octets[32];
    char *text = RAND_bytes(octets, sizeof octets) == 1 ? mock_base64url_encode(octets, sizeof octets) : NULL;
    bool made = text != NULL;
    if (made) {
        memcpy(out, text, MOCK_SECRET_SIZE);
    }
    free(text);
    return made;
}

static void token_free(mock_token *token)
{
    free(token->client_id);
    free(token->scopes);
    free(token);
}

const mock_token *mock_tokens_issue(mock_tokens *tokens, const char *client_id, const char *scopes,
                                    int64_t expires, const char *jkt)
{
    mock_token *token = calloc(1, sizeof *token);
    if (token == NULL) {
        return NULL;
    }
    token->client_id = mock_copy(client_id);
    token->scopes = mock_copy(scopes);
    token->expires = expires;
    memcpy(token->jkt, jkt, strlen(jkt) + 1);
    if (token->client_id == NULL || token->scopes == NULL || !make_secret(token->text)) {
        token_free(token);
        return NULL;
    }
    token->next = tokens->first;
    tokens->first = token;
    tokens->issued++;
    return token;
}

const mock_token *mock_tokens_find(const mock_tokens *tokens, const char *text)
{
    const mock_token *token = tokens->first;
    while (token != NULL && strcmp(token->text, text) != 0) {
        token = token->next;
    }
    return token;
}

void mock_tokens_revoke(mock_tokens *tokens)
{
    for (mock_token *token = tokens->first; token != NULL; token = token->next) {
        token->revoked = true;
    }
}

void mock_tokens_clear(mock_tokens *tokens)
{
    while (tokens->first != NULL) {
        mock_token *next = tokens->first->next;
        token_free(tokens->first);
        tokens->first = next;
    }
}

bool mock_scopes_have(const char *scopes, const char *scope, size_t scope_length)
{
    while (*scopes != '\0') {
        size_t length = strcspn(scopes, " ");
        if (length == scope_length && memcmp(scopes, scope, length) == 0) {
            return true;
        }
        scopes += length + (scopes[length] == ' ');
    }
    return false;
}

const char *mock_nonces_make(mock_nonces *nonces)
{
    char *nonce = nonces->values[nonces->count % MOCK_NONCES_MAX];
    if (!make_secret(nonce)) {
        return NULL;
    }
    nonces->count++;
    return nonce;
}

const char *mock_nonces_newest(mock_nonces *nonces)
{
    return nonces->count > 0 ? nonces->values[(nonces->count - 1) % MOCK_NONCES_MAX]
                             : mock_nonces_make(nonces);
}

bool mock_nonces_have(const mock_nonces *nonces, const char *nonce, size_t accepted)
{
    for (size_t back = 1; back <= accepted && back <= nonces->count; back++) {
        if (strcmp(nonces->values[(nonces->count - back) % MOCK_NONCES_MAX], nonce) == 0) {
            return true;
        }
    }
    return false;
}
