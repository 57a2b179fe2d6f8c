/* SPDX-License-Identifier: Apache-2.0 */
/* What a client keeps of its service app: who it is, and its access tokens. */
#ifndef OKTA_CLIENT_TOKENS_H
#define OKTA_CLIENT_TOKENS_H

#include "auth/dpop.h"
#include "auth/service_app.h"
#include "auth/token.h"
#include "http/server_time.h"
#include "okta/client.h"

/* The access tokens of a service app. What follows `mode` is under the client's lock. */
typedef struct oktai_tokens {
    oktai_service_app app;
    okta_dpop_mode mode;
    oktai_token *token;                      /* the latest; NULL: none yet */
    uint64_t count;                          /* of tokens so far */
    bool asking;                             /* a thread is at the token endpoint */
    uint64_t flights;                        /* how often one was there */
    const okta_error *failure;               /* why the latest one failed, if that is true for all */
    unsigned failures;                       /* such failures in a row */
    int64_t quiet_until_ms;                  /* until then `failure` is the answer to all who ask */
    bool without_kid;                        /* the latest token came to an assertion without a derived kid;
                                                only for the thread that asks */
    oktai_dpop_key *key;                     /* NULL: proofs are not asked for; once set it stays */
    char token_nonce[OKTAI_DPOP_NONCE_SIZE]; /* of the token endpoint; "": none */
    char api_nonce[OKTAI_DPOP_NONCE_SIZE];   /* of all other paths */
    oktai_server_time time;
} oktai_tokens;

#endif
