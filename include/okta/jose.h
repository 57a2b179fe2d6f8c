/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Tokens that Okta hands out: decrypt a JWE (RFC 7516), verify a JWS (RFC 7515), and check the claims of an
 * ID token (OpenID Connect Core 1.0, section 3.1.3.7). docs/tokens.md shows the three steps of a login whose
 * ID token is encrypted.
 *
 * Nothing here does network I/O: the program brings the key, or the JWKS of the issuer. The compact
 * serialization is the only one. What is accepted:
 *
 * | what | accepted |
 * |---|---|
 * | `alg` of a JWS | RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512 |
 * | `alg` of a JWE | RSA-OAEP, RSA-OAEP-256, RSA-OAEP-384, RSA-OAEP-512 |
 * | `enc` of a JWE | A128GCM, A192GCM, A256GCM, A128CBC-HS256, A192CBC-HS384, A256CBC-HS512 |
 *
 * Any other algorithm is refused by its name: `none`, HS256 and its like (a public key is no shared secret),
 * RSA1_5, `dir`, A128KW, PBES2 and ECDH-ES among them. So are `zip` in a JWE, any `crit`, a header or claim
 * that stands twice, base64url with padding, white space, another alphabet or stray bits at its end, and JSON
 * that is not strict (RFC 8259). The members `jku`, `jwk`, `x5u` and `x5c` of a token are never a source of
 * keys.
 *
 * Limits: a token has at most ::OKTA_JOSE_TOKEN_MAX bytes, its protected header at most
 * ::OKTA_JOSE_HEADER_MAX as base64url, a JWKS at most ::OKTA_JOSE_JWKS_MAX; a header, a set of claims and a
 * JWK have at most 256 members; of a JWKS at most 16 keys are tried for a token.
 *
 * No error shows a token, a payload or a `kid`.
 */
#ifndef OKTA_JOSE_H
#define OKTA_JOSE_H

#include "okta/common.h"
#include "okta/error.h"
#include "okta/key.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes of the longest token. */
#define OKTA_JOSE_TOKEN_MAX 1048576
/** Bytes of the longest protected header, as base64url. */
#define OKTA_JOSE_HEADER_MAX 16384
/** Bytes of the longest JWKS. */
#define OKTA_JOSE_JWKS_MAX 1048576

/** A token that was decrypted or verified. Release it with okta_free(), which wipes it. */
typedef struct okta_jose {
    const char *payload;   /**< the plaintext of a JWE, or what a JWS signs; any bytes, with a NUL behind */
    size_t payload_length; /**< bytes of `payload`, without that NUL */
    const char *alg;       /**< the algorithm of the key */
    const char *enc;       /**< the algorithm of the content; NULL: the token is a JWS */
    const char *kid;       /**< the key id; nullable */
    const char *typ;       /**< the type of the token; nullable */
    const char *cty;       /**< the type of the content; nullable. "JWT": the payload is a token itself */
    const char *header;    /**< the protected header as JSON, as it came */
} okta_jose;

/** What okta_jwe_decrypt() and okta_jws_verify() take beside token and key. All optional; borrowed until the
 *  function returns. */
typedef struct okta_jose_options {
    size_t struct_size; /**< required; ::OKTA_JOSE_OPTIONS_INIT fills it */

    /** The values of `alg` that the program takes, with NULL behind the last one. NULL: all that the table
     *  above has. A program that knows what its org uses should say it. */
    const char *const *algs;

    /** The values of `enc`, likewise. It has no meaning for a JWS. */
    const char *const *encs;
} okta_jose_options;

/** The initialiser of ::okta_jose_options. */
#define OKTA_JOSE_OPTIONS_INIT                                                                               \
    {                                                                                                        \
        sizeof(okta_jose_options), NULL, NULL                                                                \
    }

/**
 * Decrypt a JWE.
 *
 * The tag is compared in constant time, and verified before anything is decrypted by CBC. A content key that
 * the private key does not open is replaced by a random one (RFC 7516, section 11.5): that key, a wrong
 * padding and a wrong tag are one and the same error. A payload is not proof of who wrote it: anybody can
 * encrypt for a public key. Where `cty` is "JWT" the payload is a JWS to be verified.
 *
 * A program that has several keys, for instance while it replaces one, calls this for one after the other as
 * long as the answer is ::OKTA_E_NOT_FOUND.
 *
 * @param[in]  token   the compact serialization; need not be NUL-terminated.
 * @param[in]  length  bytes of `token`.
 * @param[in]  key     an RSA private key. What its JWK says binds: `use` other than enc, `key_ops` without
 *                     "decrypt" and "unwrapKey".
 * @param[in]  options nullable; NULL: all defaults.
 * @param[out] out     the plaintext and the header, the caller's; NULL after an error.
 * @return NULL; ::OKTA_E_ARG (NULL; `struct_size`; the options name an unknown algorithm; a key that is
 *         public, no RSA key, or not for decrypting), ::OKTA_E_PROTOCOL (the token is damaged or too long, or
 *         has an algorithm, a header or a size that is refused), ::OKTA_E_NOT_FOUND (`kid` or `alg` of the
 *         token and the key differ, or the encrypted key is not as long as the modulus: the token is for
 *         another key), ::OKTA_E_AUTH (it cannot be decrypted), ::OKTA_E_CONFIG (OpenSSL is configured
 *         without an algorithm), ::OKTA_E_NOMEM.
 * @since 0.2.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_jwe_decrypt(const char *token, size_t length, const okta_key *key,
                                                      const okta_jose_options *options, okta_jose **out);

/**
 * Verify the signature of a JWS by one key.
 *
 * @param[in]  token   the compact serialization; need not be NUL-terminated.
 * @param[in]  length  bytes of `token`.
 * @param[in]  key     public or private. What its JWK says binds: `use` other than sig, `key_ops` without
 *                     "verify".
 * @param[in]  options nullable; NULL: all defaults.
 * @param[out] out     the payload and the header, the caller's; NULL after an error.
 * @return NULL; ::OKTA_E_ARG (NULL; `struct_size`; the options name an unknown algorithm; a key that is not
 *         for verifying), ::OKTA_E_PROTOCOL (the token is damaged or too long, or has an algorithm or a
 *         header that is refused), ::OKTA_E_NOT_FOUND (`kid`, or `alg` and the kind of the key do not fit the
 *         token: it was signed by another key), ::OKTA_E_AUTH (the signature is not that of the key),
 *         ::OKTA_E_CONFIG (OpenSSL is configured without an algorithm), ::OKTA_E_NOMEM.
 * @since 0.2.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_jws_verify(const char *token, size_t length, const okta_key *key,
                                                     const okta_jose_options *options, okta_jose **out);

/**
 * Verify the signature of a JWS by the keys of a JWKS (RFC 7517, section 5), such as the answer of
 * okta_oauth_keys().
 *
 * A key fits when `kty`, and `crv` for EC, are those of the token's `alg`; when its `kid` is that of the
 * token, which may have none; and when its `use`, `key_ops` and `alg`, where given, are sig, have "verify",
 * and are that of the token. Of several that fit one has to verify. A key of the set that is damaged or of
 * another kind is passed over.
 *
 * @param[in]  token       the compact serialization; need not be NUL-terminated.
 * @param[in]  length      bytes of `token`.
 * @param[in]  jwks        a JSON object with the array `keys`; need not be NUL-terminated.
 * @param[in]  jwks_length bytes of `jwks`.
 * @param[in]  options     nullable; NULL: all defaults.
 * @param[out] out         the payload and the header, the caller's; NULL after an error.
 * @return as okta_jws_verify(), and ::OKTA_E_ARG (`jwks` is no JWKS in strict JSON, or too long),
 *         ::OKTA_E_NOT_FOUND (no key of the set fits: the issuer may have a new key, fetch the set again).
 * @since 0.2.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_jws_verify_with_jwks(const char *token, size_t length,
                                                               const char *jwks, size_t jwks_length,
                                                               const okta_jose_options *options,
                                                               okta_jose **out);

/** What okta_id_token_check() expects. Borrowed until the function returns. */
typedef struct okta_id_token_options {
    size_t struct_size;   /**< required; ::OKTA_ID_TOKEN_OPTIONS_INIT fills it */
    const char *issuer;   /**< required; `iss`, byte by byte: "https://example.okta.com/oauth2/default" */
    const char *audience; /**< required; the client id of the app */
    const char *nonce;    /**< the nonce of the authorization request; NULL: the request had none */
    int64_t now_s;        /**< the time, in seconds since 1970, UTC; 0: the clock of the machine */
    int64_t leeway_s;     /**< seconds by which the clocks may differ, 0 to 3,600; 120 by default */
} okta_id_token_options;

/** The initialiser of ::okta_id_token_options. */
#define OKTA_ID_TOKEN_OPTIONS_INIT                                                                           \
    {                                                                                                        \
        sizeof(okta_id_token_options), NULL, NULL, NULL, 0, 120                                              \
    }

/** Whom an ID token is about. Release it with okta_free(). Times are seconds since 1970, UTC. */
typedef struct okta_id_token {
    const char *sub;      /**< the subject: whom the issuer authenticated; never empty */
    int64_t expires_at_s; /**< `exp` */
    int64_t issued_at_s;  /**< `iat` */
    int64_t auth_time_s;  /**< `auth_time`: when the user was authenticated; 0: not told */
} okta_id_token;

/**
 * Check the claims of an ID token whose signature was verified.
 *
 * `iss` is the issuer; `aud` is the audience, and nothing beside it; `azp`, where given, is the audience too;
 * `exp` lies ahead, `iat` and, where given, `nbf` do not, all within the leeway; `nonce` is the one that is
 * expected; `sub` is there. A token whose `typ` is another than "JWT" is none: an access token among them.
 * `at_hash`, `acr` and `amr` are not looked at, nor is how long ago the user was authenticated.
 *
 * @param[in]  token   what okta_jws_verify() or okta_jws_verify_with_jwks() gave. What okta_jwe_decrypt()
 *                     gave is refused: a decrypted token is not verified.
 * @param[in]  options required.
 * @param[out] out     whom the token is about, the caller's; NULL after an error.
 * @return NULL; ::OKTA_E_ARG (NULL; `struct_size`; no issuer or audience; a time or leeway out of range; a
 *         token that was only decrypted), ::OKTA_E_PROTOCOL (the payload is no set of claims, or a claim is
 *         missing, twice or of a wrong type), ::OKTA_E_AUTH (a claim is not what is expected: the message
 *         names it), ::OKTA_E_NOMEM.
 * @since 0.2.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *
okta_id_token_check(const okta_jose *token, const okta_id_token_options *options, okta_id_token **out);

#ifdef __cplusplus
}
#endif
#endif
