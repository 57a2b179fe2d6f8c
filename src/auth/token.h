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
typedef struct okta_service_app {
    const char *client_id;
    const char *scopes;
    const char *token_url;
    const char *audience;
    const char *assertion_type; /* nullable */
    okta_signer *signer;
} okta_service_app;

/* A token, shared by the threads that use it. A root; okta_free() lets go of one hold. */
typedef struct okta_token {
    atomic_uint holds;  /* beyond the first */
    uint64_t number;    /* which of the client's tokens, from 1 */
    atomic_bool worked; /* the API took it at least once */
    bool is_dpop;
    const char *value;
    const char *line;      /* `Authorization: ...` */
    int64_t refresh_at_ms; /* from then on another one is asked for; under the client's lock */
    int64_t expires_at_ms; /* from then on it is not used */
} okta_token;

okta_token *okta_token_hold(okta_token *token);

/* The form that asks for a token, with a fresh assertion dated `now_s`, appended. Errors: as
 * okta_assertion_write(). */
okta_error *okta_token_request_write(const okta_service_app *app, int64_t now_s, okta_buffer *out);

/* The token in a good answer, whose body it takes. The life of a token that does not say it is 300 s; it is
 * at most 24 h. It is renewed in the last fifth of its life, at a time by chance. Errors: OKTA_E_PROTOCOL (no
 * answer of a token endpoint, or another type of token than was asked for), OKTA_E_NOMEM. */
okta_error *okta_token_read(okta_buffer *body, bool dpop, int64_t now_ms, uint32_t random, okta_token **out);

/* What a refusal of the token endpoint asks for. */
typedef enum okta_token_wish {
    OKTA_TOKEN_WISH_NONE,
    OKTA_TOKEN_WISH_NONCE, /* a proof with the nonce of this answer */
    OKTA_TOKEN_WISH_PROOF, /* a proof, or another one */
} okta_token_wish;

okta_token_wish okta_token_wish_of(const okta_buffer *body);

#endif
