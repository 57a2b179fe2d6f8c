/* SPDX-License-Identifier: Apache-2.0 */
/* Access tokens of a service app: the request for one (RFC 6749, section 4.4; RFC 7523, section 2.2) and what
 * its answer says. Nothing here sends. */
#ifndef OKTA_AUTH_TOKEN_H
#define OKTA_AUTH_TOKEN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "auth/signer.h"
#include "core/buffer.h"

/* Who asks, for what, and where. */
typedef struct oktai_service_app {
    const char *client_id;
    const char *scopes;
    const char *token_url;
    const char *audience;
    const char *assertion_type; /* nullable */
    okta_signer *signer;
} oktai_service_app;

/* A token, shared by the threads that use it: a root, held by each of them. */
typedef struct oktai_token {
    uint64_t number;    /* which of the client's tokens, from 1 */
    atomic_bool worked; /* the API took it at least once */
    bool is_dpop;
    const char *value;
    const char *line;      /* `Authorization: ...` */
    int64_t refresh_at_ms; /* from then on another one is asked for; under the client's lock */
    int64_t expires_at_ms; /* from then on it is not used */
} oktai_token;

/* The form that asks for a token, with a fresh assertion dated `now_s`, appended. Errors: as
 * oktai_assertion_write(). */
okta_error *oktai_token_request_write(const oktai_service_app *app, int64_t now_s, oktai_buffer *out);

/* The token in a good answer, whose body it takes. The life of a token that does not say it is 300 s; it is
 * at most 24 h. It is renewed in the last fifth of its life, at a time by chance. Errors: OKTA_E_PROTOCOL (no
 * answer of a token endpoint, or another type of token than was asked for), OKTA_E_NOMEM. */
okta_error *oktai_token_read(oktai_buffer *body, bool dpop, int64_t now_ms, uint32_t random,
                             oktai_token **out);

/* What a refusal of the token endpoint asks for. */
typedef enum oktai_token_wish {
    OKTAI_TOKEN_WISH_NONE,
    OKTAI_TOKEN_WISH_NONCE, /* a proof with the nonce of this answer */
    OKTAI_TOKEN_WISH_PROOF, /* a proof, or another one */
} oktai_token_wish;

oktai_token_wish oktai_token_wish_of(const oktai_buffer *body);

#endif
