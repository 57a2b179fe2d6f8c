/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Keys on this side of the wire: make one, read or write one as PEM or JWK, name it by its thumbprint, and
 * turn its public half into what okta_add_jwk() takes.
 *
 * An okta_key holds an RSA key of 2,048 to 8,192 bits or an EC key on P-256, P-384 or P-521, private or
 * public. It never changes, so any number of threads may read one. Nothing here does network I/O. The
 * caller's OpenSSL error queue is left as it was.
 *
 * A private key is taken in only after its private half was seen to belong to the public one. RSA keys that
 * anybody can break are refused, private and public ones: with an exponent that is even, below 3 or longer
 * than 256 bits, with a factor below 752, with two equal factors or two that are close together or to the
 * ratio u/v of two numbers (up to 4, and 6/1), and those of the faulty generator of CVE-2017-15361 (ROCA);
 * and private ones with primes that are closer to such a ratio (up to 6) than the public half can show, with
 * a prime of less than a quarter of the bits, or a private exponent of half of them or less. That the modulus
 * of a public key is the product of two primes is not shown, since that would take a hundred times as long as
 * all else. A key is checked once, when it is made. Every function that takes in or checks key material
 * answers ::OKTA_E_CONFIG where the program configured OpenSSL without an algorithm that is needed. Private
 * bytes are wiped before their memory is given back.
 */
#ifndef OKTA_KEY_H
#define OKTA_KEY_H

#include "okta/common.h"
#include "okta/error.h"
#include "okta/models/oauth2_client_jwk.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A key; opaque. Release it with okta_free(). */
typedef struct okta_key okta_key;

/** The kinds of key that okta_key_generate() makes. */
typedef enum okta_key_type {
    OKTA_KEY_RSA_2048 = 1, /**< RSA, 2,048 bits, e = 65,537 */
    OKTA_KEY_RSA_3072,     /**< RSA, 3,072 bits, e = 65,537 */
    OKTA_KEY_RSA_4096,     /**< RSA, 4,096 bits, e = 65,537 */
    OKTA_KEY_EC_P256,      /**< EC on P-256 */
    OKTA_KEY_EC_P384,      /**< EC on P-384 */
    OKTA_KEY_EC_P521,      /**< EC on P-521 */
} okta_key_type;

/** Bytes of a buffer that holds an RFC 7638 SHA-256 thumbprint in base64url with its NUL. */
#define OKTA_THUMBPRINT_SIZE 44

/**
 * Make a private key.
 *
 * @param[in]  type what to make.
 * @param[out] out  the key, the caller's; NULL after an error.
 * @return NULL; ::OKTA_E_ARG (NULL, or an unknown type), ::OKTA_E_CONFIG (OpenSSL has no randomness or no
 * such algorithm), ::OKTA_E_NOMEM.
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_key_generate(okta_key_type type, okta_key **out);

/**
 * Asked for the passphrase of an encrypted PEM.
 *
 * @param[in]  ctx      what okta_key_from_pem() was given.
 * @param[out] buffer   where to write the passphrase, without a NUL. The library wipes it after use.
 * @param[in]  capacity bytes of `buffer`.
 * @return the length of the passphrase, at most `capacity`; negative to give up.
 */
typedef int okta_passphrase_fn(void *ctx, char *buffer, size_t capacity);

/**
 * Read a key from PEM: PKCS#1, SEC1 (also with the traditional encryption of both), PKCS#8 (also encrypted),
 * or a public key (SubjectPublicKeyInfo or PKCS#1). The text must hold exactly one key; other text around it
 * and a block of EC parameters do not matter. The terminal is never prompted.
 *
 * @param[in]  pem        the text; need not be NUL-terminated.
 * @param[in]  length     bytes of `pem`, at most 65,536.
 * @param[in]  passphrase nullable; called once if the key is encrypted.
 * @param[in]  ctx        nullable; handed to `passphrase`.
 * @param[out] out        the key, the caller's; NULL after an error.
 * @return NULL; ::OKTA_E_ARG (NULL; no key, several keys, a certificate, a damaged key; an encrypted key
 *         without its passphrase, or one that asks for more than 10,000,000 iterations or scrypt with p above
 *         16; RSA below 2,048 or above 8,192 bits, weak (see above), or of more than
 *         two primes; an EC curve or kind of key that Okta does not take, or a curve that is spelled out
 *         instead of named; a private half that does not belong to the public one), ::OKTA_E_CONFIG,
 *         ::OKTA_E_NOMEM.
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *
okta_key_from_pem(const char *pem, size_t length, okta_passphrase_fn *passphrase, void *ctx, okta_key **out);

/**
 * Read a key from a JWK (RFC 7517), private or public. Members beyond the key material do not matter, except
 * `kid`, `use` and `alg`, which okta_key_to_jwk_request() takes over where its options are silent, and
 * `key_ops`: without "sign" among them okta_signer_from_key() refuses the key, and okta/jose.h tells what
 * okta_jws_verify() and okta_jwe_decrypt() want.
 *
 * @param[in]  json   one JSON object in strict JSON; need not be NUL-terminated.
 * @param[in]  length bytes of `json`, at most 65,536.
 * @param[out] out    the key, the caller's; NULL after an error.
 * @return NULL; ::OKTA_E_ARG (NULL; not strict JSON; a member twice; key material missing, not a string, not
 *         base64url without padding, an RSA number with a leading zero octet, an EC number shorter or longer
 *         than the curve wants, or not a valid key; an RSA private key without all of `p`, `q`, `dp`, `dq`
 * and `qi`, or with `oth`; the limits of okta_key_from_pem()), ::OKTA_E_CONFIG, ::OKTA_E_NOMEM.
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_key_from_jwk(const char *json, size_t length, okta_key **out);

/**
 * Read a key, private or public, as secret stores, environment files and templates hand it out: PEM or a JWK,
 * also in quotes or base64, behind a byte order mark, with line ends that are lost, doubled or spelled out,
 * or as the only key of a JWK set. The option `private_key` takes the same shapes; docs/configuration.md
 * lists them.
 *
 * @param[in]  text       the text; need not be NUL-terminated.
 * @param[in]  length     bytes of `text`, at most 65,536.
 * @param[in]  passphrase nullable; called once if the key is encrypted PEM.
 * @param[in]  ctx        nullable; handed to `passphrase`.
 * @param[out] out        the key, the caller's; NULL after an error.
 * @return NULL; ::OKTA_E_ARG (NULL; what is no key, or may be several: the message names its shape; what
 *         okta_key_from_pem() and okta_key_from_jwk() refuse), ::OKTA_E_CONFIG, ::OKTA_E_NOMEM.
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_key_from_text(const char *text, size_t length,
                                                        okta_passphrase_fn *passphrase, void *ctx,
                                                        okta_key **out);

/** @return true when the key has its private half; false for NULL. @since 0.1.0 */
OKTA_API bool okta_key_is_private(const okta_key *key);

/** @return a short name such as "RSA 2048" or "EC P-256", borrowed from the key; NULL for NULL. @since 0.1.0
 */
OKTA_API const char *okta_key_description(const okta_key *key);

/**
 * The thumbprint of the public half: SHA-256 (RFC 7638, section 3), base64url without padding.
 *
 * @param[in]  key required.
 * @param[out] out receives 43 characters and a NUL.
 * @return NULL; ::OKTA_E_ARG (NULL).
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_key_thumbprint(const okta_key *key, char out[OKTA_THUMBPRINT_SIZE]);

/**
 * The private key as unencrypted PKCS#8 PEM.
 *
 * @param[in]  key     a private key.
 * @param[out] out_pem NUL-terminated text, the caller's; okta_free() wipes it. NULL after an error.
 * @return NULL; ::OKTA_E_ARG (NULL, or a public key), ::OKTA_E_NOMEM.
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_key_to_private_pem(const okta_key *key, char **out_pem);

/**
 * Write the private key as PKCS#8 PEM to a file that does not exist yet. The file has mode 0600; file and
 * folder are on disk (fsync) when the function returns. After an error no file is left.
 *
 * @param[in] key  a private key.
 * @param[in] path the file to create.
 * @return NULL; ::OKTA_E_ARG (NULL, a public key, the file exists, or it cannot be created or written: the
 *         message has the system's reason), ::OKTA_E_NOMEM.
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_key_write_private_pem(const okta_key *key, const char *path);

/** What okta_key_to_jwk_request() puts beside the key material. All optional; strings are copied. */
typedef struct okta_key_jwk_options {
    size_t struct_size;                   /**< required; ::OKTA_KEY_JWK_OPTIONS_INIT fills it */
    okta_oauth2_client_jwk_use use;       /**< absent: that of the JWK, else sig */
    okta_oauth2_client_jwk_status status; /**< absent: not sent; Okta then activates the key */
    const char *kid;                      /**< key id; NULL: that of the JWK the key came from, else the
                                               RFC 7638 thumbprint */
    const char *alg;                      /**< NULL: that of the JWK; else RS256 or ES256, ES384, ES512 by the
                                               curve for sig, RSA-OAEP-256 for enc */
} okta_key_jwk_options;

/** The initialiser of ::okta_key_jwk_options. */
#define OKTA_KEY_JWK_OPTIONS_INIT                                                                            \
    {                                                                                                        \
        sizeof(okta_key_jwk_options), OKTA_OAUTH2_CLIENT_JWK_USE_ABSENT,                                     \
            OKTA_OAUTH2_CLIENT_JWK_STATUS_ABSENT, NULL, NULL                                                 \
    }

/**
 * The public half of a key as a request model for okta_add_jwk().
 *
 * @param[in]  key     required.
 * @param[in]  options nullable; NULL: all defaults.
 * @param[out] out     the model, the caller's; NULL after an error.
 * @return NULL; ::OKTA_E_ARG (NULL; `struct_size`; what okta_jwk_check() refuses), ::OKTA_E_CONFIG,
 *         ::OKTA_E_NOMEM.
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_key_to_jwk_request(const okta_key *key,
                                                             const okta_key_jwk_options *options,
                                                             okta_oauth2_client_jwk_request **out);

/**
 * The public half of the key in a JWK model, for instance one that Okta returned.
 *
 * @param[in]  jwk required. Padding of base64url and leading zero octets, which Okta sometimes sends, are
 *                 accepted, and so are EC coordinates that lack their leading zero octets.
 * @param[out] out the key, the caller's; NULL after an error.
 * @return NULL; ::OKTA_E_ARG (NULL, or no usable public key), ::OKTA_E_CONFIG, ::OKTA_E_NOMEM.
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_key_from_jwk_model(const okta_oauth2_client_jwk *jwk,
                                                             okta_key **out);

/** Bytes of a buffer that holds what a key is called, with its NUL. */
#define OKTA_KEY_DESCRIPTION_SIZE 16

/**
 * A short name of the key in a JWK model, such as "RSA 2048" or "EC P-256", for instance for a list of keys
 * that Okta returned. The key material is read as by okta_key_from_jwk_model(), and not checked: this costs
 * as much as reading the text.
 *
 * @param[in]  jwk required.
 * @param[out] out receives the name; "" after an error.
 * @return NULL; ::OKTA_E_ARG (NULL, `struct_size`, or key material that is missing or cannot be read),
 *         ::OKTA_E_NOMEM.
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_jwk_description(const okta_oauth2_client_jwk *jwk,
                                                          char out[OKTA_KEY_DESCRIPTION_SIZE]);

/**
 * Check a key before it is sent. okta_add_jwk() does the same, and sends nothing when it is refused.
 *
 * Required: a non-empty `kid` without control characters; `kty` RSA with `n` and `e`, or EC with `crv`, `x`
 * and `y`; base64url without padding; no leading zero octet in `n` and `e`; RSA of 2,048 to 8,192 bits; no
 * weak RSA key (see above); `x` and `y` as long as the curve wants and a point on it; `use`, where given, sig
 * or enc, and enc only for RSA; `status`, where given, ACTIVE or INACTIVE; an `alg`, where given, that fits
 * key type, curve and use: RS256, RS384, RS512, PS256, PS384, PS512, or for enc RSA-OAEP, RSA-OAEP-256,
 * RSA-OAEP-384, RSA-OAEP-512, and of EC the one of the curve; among the extras no private member (`d`, `p`,
 * `q`, `dp`, `dq`, `qi`, `oth`, `k`), and `use`, `alg` and `status` not in place of the struct's.
 *
 * @param[in] jwk required.
 * @return NULL; ::OKTA_E_ARG (the message says which member and why), ::OKTA_E_CONFIG, ::OKTA_E_NOMEM.
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_jwk_check(const okta_oauth2_client_jwk_request *jwk);

#ifdef __cplusplus
}
#endif
#endif
