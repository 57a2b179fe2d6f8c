/* SPDX-License-Identifier: Apache-2.0 */
/* Access tokens of a service app: the request for one (RFC 6749, section 4.4) and what its answer says.
 * Nothing here sends. */
#ifndef OKTA_AUTH_TOKEN_H
#define OKTA_AUTH_TOKEN_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "auth/later.h"
#include "auth/service_app.h"
#include "core/buffer.h"
#include "core/watch.h"

/* A token, shared by the threads that use it: a root, held by each of them. */
typedef struct oktai_token {
    uint64_t number;        /* which of the client's tokens, from 1 */
    oktai_service_app *app; /* that it was given to, held; NULL: it comes from the program */
    bool without_kid;       /* it came to an assertion without a derived kid */
    atomic_bool worked;     /* the API took it at least once */
    bool is_dpop;
    const char *value;
    const char *line;      /* `Authorization: ...` */
    int64_t refresh_at_ms; /* from then on another one is asked for; under the client's lock */
    int64_t expires_at_ms; /* from then on it is not used */
} oktai_token;

/* Append the fields of a form that tell who the client is; none where a header tells it. An assertion is that
 * of the app's file as it is at this moment, or a fresh one, dated `now_s`, for whoever `url` is, unless the
 * configuration names an audience, and without a kid where that is asked for. `later` is nullable unless the
 * signer answers later: while a signature is under way, the form is not whole. Errors: as
 * oktai_assertion_write() and oktai_assertion_file_read(). */
okta_error *oktai_service_app_identify(const oktai_service_app *app, const char *url, bool without_kid,
                                       int64_t now_s, oktai_later *later, oktai_buffer *out);

/* Append the form that asks for a token. Its assertion and the errors are those of
 * oktai_service_app_identify() for the token endpoint. */
okta_error *oktai_token_request_write(const oktai_service_app *app, bool without_kid, int64_t now_s,
                                      oktai_later *later, oktai_buffer *out);

/* The token in a good answer, whose body it takes. The life of a token that does not say it is 300 s; it is
 * at most 24 h. It is renewed in the last fifth of its life, at a time by chance. Errors: OKTA_E_PROTOCOL (no
 * answer of a token endpoint, or another type of token than was asked for), OKTA_E_NOMEM; OKTA_E_TIMEOUT and
 * OKTA_E_CANCELED by `watch` (nullable). */
okta_error *oktai_token_read(oktai_buffer *body, const oktai_watch *watch, bool dpop, int64_t now_ms,
                             uint32_t random, oktai_token **out);

/* A token for a header of that scheme, which has no end. Errors: OKTA_E_NOMEM. */
okta_error *oktai_token_make(const char *scheme, const char *value, oktai_token **out);
/* It lives so long from now on, at most 10 years. */
void oktai_token_set_life(oktai_token *token, int64_t life_s, int64_t now_ms, uint32_t random);

/* What a refusal of the token endpoint asks for. */
typedef enum oktai_token_wish {
    OKTAI_TOKEN_WISH_NONE,
    OKTAI_TOKEN_WISH_NONCE,  /* a proof with the nonce of this answer */
    OKTAI_TOKEN_WISH_PROOF,  /* a proof, or another one */
    OKTAI_TOKEN_WISH_CLIENT, /* the org does not know the client by what it sent: by another kid, or none, it
                                may */
} oktai_token_wish;

/* `watch` (nullable) ends it early; then nothing is asked for. */
oktai_token_wish oktai_token_wish_of(const oktai_buffer *body, const oktai_watch *watch);

#endif
