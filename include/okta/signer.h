/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Signers: what proves who a service app is. A client in mode ::OKTA_AUTHORIZATION_PRIVATE_KEY signs an
 * assertion for each access token it asks for (RFC 7523). The key may be one of this library, one of OpenSSL
 * or of a provider of OpenSSL, or one that never enters the process's memory: then a callback signs, in an
 * HSM, a key management service or a PKCS#11 token.
 *
 * A signer never changes. Any number of threads and clients may share one; a client keeps the signers it uses
 * alive.
 */
#ifndef OKTA_SIGNER_H
#define OKTA_SIGNER_H

#include "okta/common.h"
#include "okta/error.h"
#include "okta/key.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A signer; opaque. Release it with okta_free(). */
typedef struct okta_signer okta_signer;

/** How a callback writes ECDSA signatures. RSA has one form only. */
typedef enum okta_signature_form {
    OKTA_SIGNATURE_RAW = 0, /**< r and s, each as long as the curve's order (RFC 7518, section 3.4), as
                                 PKCS#11 gives them */
    OKTA_SIGNATURE_DER,     /**< an ECDSA-Sig-Value (RFC 3279, section 2.2.3), as OpenSSL and key management
                                 services give them */
} okta_signature_form;

/** Bytes of the longest signature: RSA of 8,192 bits. */
#define OKTA_SIGNATURE_MAX 1024

/**
 * Signs a message. It must not use the client that it signs for, which waits for it. It runs in any thread
 * that needs a token, in several at the same time, and with no lock of the library held.
 * @param[in]  ctx       what the options gave.
 * @param[in]  message   what is to be signed, not hashed yet; borrowed.
 * @param[in]  length    bytes of `message`.
 * @param[out] signature where to write the signature.
 * @param[in]  capacity  bytes of `signature`: ::OKTA_SIGNATURE_MAX.
 * @param[out] size      bytes written; 0 before.
 * @return 0 for success; any other number fails the call with ::OKTA_E_AUTH and stands in its message. What
 *         the function leaves in OpenSSL's error queue stays there.
 */
typedef int okta_sign_fn(void *ctx, const unsigned char *message, size_t length, unsigned char *signature,
                         size_t capacity, size_t *size);

/** A signature that a signer gives later; opaque. */
typedef struct okta_signing okta_signing;

/**
 * Asks for a signature that comes later, such as from an HSM or a key management service with an interface of
 * its own: the call waits for it, and holds up no okta_loop. A request that carries the signature to the
 * org itself, as that of okta_introspect() does, keeps its place among those under way meanwhile; one for a
 * token has none. Call okta_sign_finish()
 * once for each, from any thread, also from within this function; until then the signer, the client and the
 * message stay in memory. Otherwise as okta_sign_fn().
 * @param[in] ctx     what the options gave.
 * @param[in] message what is to be signed, not hashed yet; borrowed until okta_sign_finish().
 * @param[in] length  bytes of `message`.
 * @param[in] signing for okta_sign_finish().
 * @since 0.2.0
 */
typedef void okta_begin_sign_fn(void *ctx, const unsigned char *message, size_t length,
                                okta_signing *signing);

/**
 * Give a signature that was asked for, or say that there is none. The call may have ended meanwhile. It must
 * not be called in a child process for what was asked for before fork.
 * @param[in] signing   what okta_begin_sign_fn() got; it is gone.
 * @param[in] code      0 for success; any other number fails the call with ::OKTA_E_AUTH and stands in its
 *                      message.
 * @param[in] signature nullable after a failure; copied.
 * @param[in] size      bytes of `signature`, at most ::OKTA_SIGNATURE_MAX: a longer one fails the call.
 * @since 0.2.0
 */
OKTA_API void okta_sign_finish(okta_signing *signing, int code, const unsigned char *signature, size_t size);

/** What okta_signer_new() takes. */
typedef struct okta_signer_options {
    size_t struct_size; /**< required; ::OKTA_SIGNER_OPTIONS_INIT fills it */

    /** Required; the algorithm (RFC 7518, section 3.1): "RS256", "RS384", "RS512", "PS256", "PS384", "PS512",
     *  "ES256", "ES384" or "ES512". */
    const char *alg;

    /** Required; the key id under which Okta knows the public key: printable ASCII of at most 255 bytes. "":
     *  assertions carry none. */
    const char *kid;

    /** Required, unless `begin` is given; signs. */
    okta_sign_fn *sign;

    /** Optional; handed to `sign` or `begin`; borrowed for the life of the signer and of its clients. */
    void *ctx;

    /** Optional; how `sign` writes ECDSA signatures. */
    okta_signature_form form;

    /** In the place of `sign`; the signature comes later. @since 0.2.0 */
    okta_begin_sign_fn *begin;
} okta_signer_options;

/** The initialiser of ::okta_signer_options. */
#define OKTA_SIGNER_OPTIONS_INIT                                                                             \
    {                                                                                                        \
        sizeof(okta_signer_options), NULL, NULL, NULL, NULL, OKTA_SIGNATURE_RAW, NULL                        \
    }

/**
 * A signer around a callback. A signature that the callback gives is taken only when its length and form fit
 * the algorithm: of RSA 256 to 1,024 bytes that are not all zero, of ECDSA two numbers from 1 to the order of
 * the curve less 1, in raw form or in strict DER with nothing behind it. Anything else fails the call with
 * ::OKTA_E_AUTH. Nobody verifies the signature before Okta does.
 * @param[in]  options required; strings are copied.
 * @param[out] out     the signer, the caller's; NULL after an error.
 * @return NULL; ::OKTA_E_ARG (NULL, `struct_size`, or a member is refused), ::OKTA_E_NOMEM.
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_signer_new(const okta_signer_options *options, okta_signer **out);

/**
 * A signer around a private key of this library.
 * @param[in]  key a private key; the signer keeps its own hold of it, so that it may be released at once.
 * @param[in]  alg nullable; NULL: that of the JWK the key came from, else RS256, or of an EC key the
 *                 algorithm of its curve.
 * @param[in]  kid nullable; NULL: that of the JWK the key came from, else the RFC 7638 thumbprint, which a
 *                 client leaves out where the org does not know it. "": none.
 * @param[out] out the signer, the caller's; NULL after an error.
 * @return NULL; ::OKTA_E_ARG (NULL, a public key, a key that must not sign by the `use` or the `key_ops` of
 *         its JWK, an `alg` that does not fit the key, a bad `kid`), ::OKTA_E_CONFIG (OpenSSL is configured
 *         without the hash of `alg`), ::OKTA_E_NOMEM.
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_signer_from_key(const okta_key *key, const char *alg,
                                                          const char *kid, okta_signer **out);

struct evp_pkey_st;

/**
 * A signer around a key of OpenSSL (`EVP_PKEY *`), which may live in a provider of the default library
 * context or in an engine. The key itself is asked for its type, its size or curve, and, where `kid` is NULL,
 * its public half; nothing private is read, and a key stays in its provider where that can sign. One
 * signature is made here, to see that the key can.
 * @param[in]  pkey RSA of 2,048 to 8,192 bits, or EC on P-256, P-384 or P-521; the signer takes a reference
 *                  of its own.
 * @param[in]  alg  nullable; NULL: RS256, or of an EC key the algorithm of its curve.
 * @param[in]  kid  nullable; NULL: the RFC 7638 thumbprint, which a client leaves out where the org does not
 *                  know it. "": none.
 * @param[out] out  the signer, the caller's; NULL after an error.
 * @return NULL; ::OKTA_E_ARG (NULL, another kind of key such as RSA-PSS or Ed25519, an `alg` that does not
 *         fit the key, a bad `kid`, or the key cannot sign), ::OKTA_E_CONFIG, ::OKTA_E_NOMEM.
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_signer_from_evp_pkey(struct evp_pkey_st *pkey, const char *alg,
                                                               const char *kid, okta_signer **out);

/**
 * A signer around the one private key that OpenSSL finds behind a URI: `pkcs11:token=okta;object=signing`
 * with a PKCS#11 provider, or whatever other scheme a provider or the program has a store for (OSSL_STORE);
 * or `org.openssl.engine:ENGINE:KEY` with an engine, such as
 * `org.openssl.engine:pkcs11:pkcs11:token=okta;object=signing;type=private`. Files are never read, nor is one
 * whose name looks like the URI. No error shows the URI, since it may hold a PIN.
 * @param[in]  uri        required. A path is no URI here: read key files with okta_key_from_pem().
 * @param[in]  passphrase nullable; asked for a PIN or passphrase, once: a second wrong one may lock a token.
 *                        The terminal is never prompted. What it leaves in OpenSSL's error queue goes.
 * @param[in]  ctx        nullable; handed to `passphrase`.
 * @param[in]  alg        as in okta_signer_from_evp_pkey().
 * @param[in]  kid        as in okta_signer_from_evp_pkey().
 * @param[out] out        the signer, the caller's; NULL after an error.
 * @return NULL; ::OKTA_E_ARG (as okta_signer_from_evp_pkey(); `uri` has no scheme or is a `file:` URI; no
 *         private key or several behind it; a PIN or passphrase that is asked for and not given, or asked
 *         for again), ::OKTA_E_CONFIG (OpenSSL has no provider or engine for such URIs, or it cannot open
 *         this one, for instance for a wrong PIN; a provider that cannot be told from OpenSSL's reader of
 *         files), ::OKTA_E_NOMEM.
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_signer_from_uri(const char *uri, okta_passphrase_fn *passphrase,
                                                          void *ctx, const char *alg, const char *kid,
                                                          okta_signer **out);

/** @return the algorithm, borrowed from the signer; NULL for NULL. @since 0.1.0 */
OKTA_API const char *okta_signer_alg(const okta_signer *signer);

/** @return the key id, borrowed from the signer; NULL when it has none, and for NULL. @since 0.1.0 */
OKTA_API const char *okta_signer_kid(const okta_signer *signer);

#ifdef __cplusplus
}
#endif
#endif
