/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The mock as an OAuth 2.0 authorization server for its service apps, and as a resource server that checks
 * what it issued: POST /oauth2/v1/token with client_credentials, private_key_jwt, client_secret_basic and
 * client_secret_post, DPoP (RFC 9449), scopes.
 *
 * Clients. A client is an app; its client id is the app's id, and its token_endpoint_auth_method says in
 * which of the three ways it signs in. Its keys are those of its jwks that are ACTIVE and whose use is not
 * "enc"; a key that mock_org_put() put in without a status counts as ACTIVE. Its secrets are those that are
 * ACTIVE.
 *
 * Token requests. The body is a form, each parameter once: grant_type=client_credentials, scope, client_id if
 * it is the client's, and for private_key_jwt client_assertion_type and client_assertion, for
 * client_secret_post client_id and client_secret. client_secret_basic has an Authorization header instead, of
 * base64 of id and secret, each form-encoded, with a colon between them. There is no query. The assertion is
 * a compact JWT:
 *
 *     alg       RS256/384/512, PS256/384/512 or ES256/384/512; fits the key's kty, crv and, if any, alg
 *     kid       that of a key; may be absent if the client has one key
 *     typ       absent, "JWT" or "client-authentication+jwt"; crit is absent
 *     iss, sub  the client id
 *     aud       the token URL by the request's host, as a string or the only entry of an array
 *     exp       at most 3,600 s ahead of the mock's clock, and not at or behind it
 *     iat, nbf  absent, or at most 5 s ahead
 *     jti       absent, as Okta lets it be, or not sent by this client before
 *
 * The jti of an assertion whose signature and claims are good is used up, also when the request is refused
 * for another reason (a DPoP nonce, a scope): each sending needs an assertion of its own.
 *
 * A refusal is `{"error":...,"error_description":...}`, and the first that applies: invalid_request (400),
 * unsupported_grant_type (400), invalid_client (401), invalid_dpop_proof or use_dpop_nonce (400),
 * invalid_scope (400). The endpoint has a rate-limit bucket of its own, which refused requests use up too;
 * 405, 413 and 429 have Okta's error body. The faults of mock_org_fail_next() strike it as they strike any
 * path.
 *
 * DPoP proofs, for tokens and on API calls. There is one DPoP header, a compact JWT:
 *
 *     typ, alg  "dpop+jwt"; as above
 *     jwk       a public EC key, or an RSA key of 2,048 bits or more, in canonical base64url
 *     htm       the method
 *     htu       the mock's URL by the request's host, and the path as on the request line, to the byte,
 *               without query and fragment
 *     iat       within the window around the mock's clock
 *     jti       not sent with this key before; used up also when the answer is a nonce challenge
 *     ath       of the token; on API calls only
 *     nonce     at the token endpoint that of its latest answer; on API calls where the options demand it
 *
 * As real orgs do, the token endpoint challenges a proof without its nonce, and every answer with a token has
 * a DPoP-Nonce; an option switches both off. A token request with a proof gets a token that is bound to the
 * proof's key, whether the app requires DPoP or not.
 *
 * API calls. The static token, as SSWS or Bearer, keeps all rights and needs no proof. An issued token goes
 * as Bearer if it is not bound, and as DPoP with a proof if it is; the other way round is refused. A 401 has
 * Okta's error body (E0000011) and, for Bearer and DPoP, a WWW-Authenticate header with error="invalid_token"
 * (unknown, expired, revoked, bound to another key, wrong scheme), "invalid_dpop_proof" or "use_dpop_nonce";
 * it is not counted against the rate limit. A 403 (E0000006) has error="insufficient_scope" and the scope
 * that is wanted: reading apps takes okta.apps.read or okta.apps.manage, changing them okta.apps.manage,
 * reading users okta.users.read or okta.users.manage.
 *
 * Every function may be called from any thread. Issued tokens and the jtis that were sent are kept as long as
 * the mock lives.
 */
#ifndef OKTA_TESTS_MOCK_ORG_OAUTH_H
#define OKTA_TESTS_MOCK_ORG_OAUTH_H

#include "mock_org.h"

/** The path of the token endpoint. */
#define MOCK_TOKEN_PATH "/oauth2/v1/token"

/** The most that mock_oauth_options.accepted_nonces can be. */
#define MOCK_NONCES_MAX 64

/** Zero is the default of every member. */
typedef struct mock_oauth_options {
    unsigned token_lifetime_s; /**< expires_in of tokens issued from now on; 0: 3,600 */
    const char *audience;      /**< the aud of assertions instead of the token URL; NULL: that URL; copied */
    unsigned proof_window_s;   /**< how far iat of a proof may be from the mock's clock, both ways; 0: 300 */
    bool no_token_nonce;       /**< proofs at the token endpoint need no nonce, and no token comes with one */
    bool api_nonce;            /**< proofs on API calls need the nonce of the API, which is another one */
    bool fresh_nonces;         /**< the answer to each request with a good proof has a fresh DPoP-Nonce */
    unsigned accepted_nonces;  /**< so many of the newest nonces are good at a time; 0: 1 */
} mock_oauth_options;

/** Replace all OAuth options; NULL: the defaults. False: accepted_nonces is too large or memory is out. */
bool mock_org_set_oauth(mock_org *org, const mock_oauth_options *options);

/**
 * Let token requests of an app fail with invalid_dpop_proof unless they have a proof, which is Okta's default
 * for new service apps and not the mock's. False: there is no such app.
 */
bool mock_org_require_dpop(mock_org *org, const char *app_id, bool required);
/**
 * The scopes that an app may ask for, separated by spaces; NULL: all that the mock knows (okta.apps.read,
 * okta.apps.manage, okta.users.read, okta.users.manage). Tokens that are issued keep theirs. False: no such
 * app, or memory is out.
 */
bool mock_org_grant_scopes(mock_org *org, const char *app_id, const char *scopes);

/**
 * Add a key as addJwk does, with all its rules, but without a request.
 * @param json a JSON Web Key
 * @return NULL: the key is there; else why not, a string that lives for ever
 */
const char *mock_org_add_key(mock_org *org, const char *app_id, const char *json);

/**
 * Add the public half of a private or public key in PEM, under its RFC 7638 thumbprint.
 * @return as mock_org_add_key()
 */
const char *mock_org_add_pem(mock_org *org, const char *app_id, const char *pem);

/** Take all nonces back: the next proof with one of them is challenged with a fresh one. */
void mock_org_rotate_nonces(mock_org *org);

/** Let no token that is issued so far open anything. */
void mock_org_revoke_tokens(mock_org *org);
/** How many tokens were issued since the start, revoked and expired ones included. */
size_t mock_org_token_count(mock_org *org);

/** Put the mock's clock, frozen or not, this far ahead of what mock_org_set_now() says, or behind it. */
void mock_org_set_skew(mock_org *org, int64_t seconds);

#endif
