/* SPDX-License-Identifier: Apache-2.0 */
/* What a client keeps of tokens that change: where they come from, and the latest. */
#ifndef OKTA_CLIENT_TOKENS_H
#define OKTA_CLIENT_TOKENS_H

#include "auth/dpop.h"
#include "auth/service_app.h"
#include "auth/token.h"
#include "http/server_time.h"
#include "okta/client.h"

/* The file of a service app's private key, to be read again. */
typedef struct oktai_key_place {
    const char *path;   /* NULL: the key came from elsewhere */
    const char *folder; /* that the file must be below; NULL: it may be anywhere */
    const char *alg;    /* nullable, as the options have them */
    const char *kid;
    const char *kid_source;
    bool readable;
} oktai_key_place;

/* The tokens of a client that asks for them, or whose token was replaced. What follows `mode` is under the
 * client's lock. */
typedef struct oktai_tokens {
    oktai_service_app who; /* the service app without its credential; all zero: it is none */
    oktai_key_place key_place;
    okta_client_auth_method secret_method;
    okta_token_fn *source; /* NULL: none */
    void *source_ctx;
    okta_dpop_mode mode;
    oktai_service_app *app;                  /* the service app with its credential; NULL: it is none */
    uint64_t changes;                        /* of the credential */
    oktai_token *token;                      /* the latest; NULL: none yet */
    uint64_t count;                          /* of tokens so far */
    bool asking;                             /* a thread is at the token endpoint */
    bool awaits_signer;                      /* the latest request for a token, that it be signed */
    uint64_t flights;                        /* how often one was there */
    const okta_error *failure;               /* why the latest one failed, if that is true for all */
    unsigned failures;                       /* such failures in a row */
    int64_t quiet_until_ms;                  /* until then `failure` is the answer to all who ask */
    bool without_kid;                        /* the latest token came to an assertion without a derived kid */
    oktai_dpop_key *key;                     /* NULL: proofs are not asked for; once set it stays */
    char token_nonce[OKTAI_DPOP_NONCE_SIZE]; /* of the token endpoint; "": none */
    char api_nonce[OKTAI_DPOP_NONCE_SIZE];   /* of all other paths */
    oktai_server_time time;
} oktai_tokens;

#endif
