/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * What the authorization server remembers: issued tokens and nonces, all of them unguessable.
 */
#ifndef OKTA_TESTS_MOCK_ORG_TOKENS_H
#define OKTA_TESTS_MOCK_ORG_TOKENS_H

#include "mock_oauth.h"
#include "mock_public_key.h"

/** 32 random octets in base64url */
#define MOCK_SECRET_SIZE 44

typedef struct mock_token {
    struct mock_token *next;
    char text[MOCK_SECRET_SIZE];
    char *client_id;
    char *scopes;    /**< separated by single spaces */
    int64_t expires; /**< the first second in which it is no good */
    bool revoked;
    char jkt[MOCK_THUMBPRINT_SIZE]; /**< of the key it is bound to; "" for none */
} mock_token;

/** The newest first. */
typedef struct mock_tokens {
    mock_token *first;
    size_t issued;
} mock_tokens;

/** Issue a token; the strings are copied. `jkt` "" is none. NULL: memory or randomness is out. */
const mock_token *mock_tokens_issue(mock_tokens *tokens, const char *client_id, const char *scopes,
                                    int64_t expires, const char *jkt);
const mock_token *mock_tokens_find(const mock_tokens *tokens, const char *text);
void mock_tokens_revoke(mock_tokens *tokens);
void mock_tokens_clear(mock_tokens *tokens);

/** Whether a list of scopes has this one. */
bool mock_scopes_have(const char *scopes, const char *scope, size_t scope_length);

/** A ring of the newest nonces. */
typedef struct mock_nonces {
    char values[MOCK_NONCES_MAX][MOCK_SECRET_SIZE];
    size_t count; /**< how many were made since the last rotation */
} mock_nonces;

/** Make a nonce, which lives until MOCK_NONCES_MAX others are made. NULL: randomness is out. */
const char *mock_nonces_make(mock_nonces *nonces);
/** The newest nonce, made if there is none. NULL: randomness is out. */
const char *mock_nonces_newest(mock_nonces *nonces);
/** Whether this is one of the `accepted` newest. */
bool mock_nonces_have(const mock_nonces *nonces, const char *nonce, size_t accepted);

#endif
