/* SPDX-License-Identifier: Apache-2.0 */
/* Signers around keys of OpenSSL, this library's own among them. */
#include <openssl/core_names.h>
#include <openssl/provider.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <string.h>

#include "auth/signing.h"
#include "core/error.h"
#include "core/openssl.h"
#include "keys/algorithms.h"
#include "keys/build.h"
#include "keys/key.h"

#define QUERY_SIZE 128u

/* Without this query OpenSSL first tries to copy a key of another provider into its own provider, which an
 * HSM refuses. */
static const char *stay_at_home(const EVP_PKEY *pkey, char query[QUERY_SIZE])
{
    const OSSL_PROVIDER *provider = EVP_PKEY_get0_provider(pkey);
    const char *name = provider == NULL ? "'" : OSSL_PROVIDER_get0_name(provider);
    if (strchr(name, '\'') != NULL) {
        return NULL;
    }
    int length = snprintf(query, QUERY_SIZE, "?provider='%s'", name);
    return length > 0 && (size_t)length < QUERY_SIZE ? query : NULL;
}

static bool begin_signature(const okta_signer *signer, EVP_MD_CTX *md)
{
    const oktai_signature_alg *alg = signer->alg;
    char query[QUERY_SIZE];
    const char *home = stay_at_home(signer->pkey, query);
    EVP_PKEY_CTX *ctx = NULL; /* belongs to md */
    if (EVP_DigestSignInit_ex(md, &ctx, alg->digest, NULL, home, signer->pkey, NULL) != 1) {
        return false;
    }
    switch (alg->scheme) {
    case OKTAI_SCHEME_PKCS1:
        return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) > 0;
    case OKTAI_SCHEME_PSS: /* keys of engines refuse the name of a digest here, but take the digest itself */
        return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) > 0 &&
               EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) > 0 &&
               EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, EVP_get_digestbyname(alg->digest)) > 0;
    case OKTAI_SCHEME_ECDSA:
        break;
    }
    return true;
}

/* To be called inside a stretch of OpenSSL. */
static okta_error *sign(const okta_signer *signer, oktai_bytes message, unsigned char *signature,
                        size_t *size)
{
    *size = OKTA_SIGNATURE_MAX;
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    bool good = md != NULL && begin_signature(signer, md) &&
                EVP_DigestSign(md, signature, size, message.data, message.size) == 1;
    EVP_MD_CTX_free(md);
    if (!good) {
        const char *reason = oktai_openssl_reason();
        return oktai_error_new(OKTA_E_AUTH, "the key cannot sign with %s: %s", signer->alg->name,
                               reason == NULL ? "OpenSSL says no reason" : reason);
    }
    if (signer->alg->scheme != OKTAI_SCHEME_ECDSA && *size != (size_t)EVP_PKEY_get_size(signer->pkey)) {
        return oktai_error_new(OKTA_E_AUTH, "the key gave a signature that is not as long as its modulus");
    }
    return NULL;
}

static okta_error *sign_by_key(const okta_signer *signer, oktai_bytes message,
                               unsigned char signature[OKTA_SIGNATURE_MAX], size_t *size)
{
    oktai_openssl stretch;
    okta_error *error = oktai_openssl_begin(&stretch);
    return error != NULL ? error : oktai_openssl_end(stretch, sign(signer, message, signature, size));
}

/* `alg` is nullable. */
static okta_error *choose_alg(const char *alg, const oktai_key_curve *curve, const oktai_signature_alg **out)
{
    const char *name = alg != NULL ? alg : oktai_jwk_default_alg(curve, OKTA_OAUTH2_CLIENT_JWK_USE_SIG);
    const char *reason = oktai_jwk_refuse_alg(name, curve, OKTA_OAUTH2_CLIENT_JWK_USE_SIG);
    if (reason != NULL) {
        return oktai_error_new(OKTA_E_ARG, "alg %s", reason);
    }
    *out = oktai_signature_alg_by_name(name);
    EVP_MD *digest = EVP_MD_fetch(NULL, (*out)->digest, NULL);
    if (digest == NULL) {
        return oktai_error_new(OKTA_E_CONFIG, "OpenSSL is configured without %s", (*out)->digest);
    }
    EVP_MD_free(digest);
    return NULL;
}

static okta_error *wrap_key(const okta_key *key, const char *alg, const char *kid, okta_signer **out)
{
    const bool named = key->kid != NULL;
    okta_signer like = {
        .kid = kid != NULL ? kid
               : named     ? key->kid
                           : key->thumbprint,
        .kid_origin = kid != NULL ? oktai_kid_origin_of(kid)
                      : named     ? OKTAI_KID_OF_JWK
                                  : OKTAI_KID_DERIVED,
        .form = OKTA_SIGNATURE_DER,
        .sign = sign_by_key,
        .pkey = key->pkey,
    };
    okta_error *error = choose_alg(alg != NULL ? alg : key->alg, key->curve, &like.alg);
    return error != NULL ? error : oktai_signer_make(&like, out);
}

okta_error *okta_signer_from_key(const okta_key *key, const char *alg, const char *kid, okta_signer **out)
{
    if (out != NULL) {
        *out = NULL;
    }
    if (key == NULL || out == NULL) {
        return oktai_error_null(key == NULL ? "key" : "out");
    }
    if (!key->is_private) {
        return oktai_error_new(OKTA_E_ARG, "the key has no private half");
    }
    if (key->use == OKTA_OAUTH2_CLIENT_JWK_USE_ENC) {
        return oktai_error_new(OKTA_E_ARG, "the key is for encryption: its use is enc");
    }
    if (key->forbids_signing) {
        return oktai_error_new(
            OKTA_E_ARG, "the key must not sign: the key_ops of its JWK do not have \"sign\", or its "
                        "use is neither sig nor enc, or its key_ops, use, alg or kid has a wrong type");
    }
    oktai_openssl stretch;
    okta_error *error = oktai_openssl_begin(&stretch);
    return error != NULL ? error : oktai_openssl_end(stretch, wrap_key(key, alg, kid, out));
}

/* A curve has several names, and providers differ in which one they use. */
static const oktai_key_curve *find_curve(const char *group)
{
    static const char *const names[] = {"P-256", "P-384", "P-521"};
    if (strcmp(group, "secp256r1") == 0) {
        group = names[0];
    }
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const oktai_key_curve *curve = oktai_key_curve_by_name(names[i]);
        if (strcmp(group, curve->crv) == 0 || strcmp(group, curve->group) == 0) {
            return curve;
        }
    }
    return NULL;
}

/* `*out` stays NULL for RSA. */
static okta_error *identify(const EVP_PKEY *pkey, const oktai_key_curve **out)
{
    if (EVP_PKEY_is_a(pkey, "RSA")) {
        int bits = EVP_PKEY_get_bits(pkey);
        return bits >= (int)OKTAI_RSA_BITS_MIN && bits <= (int)OKTAI_RSA_BITS_MAX
                   ? NULL
                   : oktai_error_new(OKTA_E_ARG,
                                     "an RSA key of %d bits is refused: it must have 2048 to 8192", bits);
    }
    if (!EVP_PKEY_is_a(pkey, "EC")) {
        const char *name = EVP_PKEY_get0_type_name(pkey);
        return oktai_error_new(OKTA_E_ARG, "a key of type %s is refused: it must be RSA or EC",
                               name == NULL ? "unknown" : name);
    }
    char group[64];
    if (EVP_PKEY_get_group_name(pkey, group, sizeof group, NULL) != 1) {
        return oktai_error_new(OKTA_E_ARG, "an EC key on a curve without a name is refused");
    }
    *out = find_curve(group);
    return *out != NULL
               ? NULL
               : oktai_error_new(OKTA_E_ARG, "the EC curve %s is refused: it must be P-256, P-384 or P-521",
                                 group);
}

/* The public half of a key of OpenSSL. */
typedef struct public_half {
    unsigned char n[OKTAI_RSA_BYTES_MAX];
    unsigned char e[OKTAI_RSA_BYTES_MAX];
    unsigned char point[OKTAI_EC_POINT_MAX];
    oktai_key_parts parts;
} public_half;

/* False: the key does not show it. */
static bool read_public(const EVP_PKEY *pkey, const oktai_key_curve *curve, public_half *out)
{
    out->parts = (oktai_key_parts){.curve = curve};
    if (curve != NULL) {
        size_t size = 0;
        bool shown = EVP_PKEY_get_octet_string_param(pkey, OSSL_PKEY_PARAM_PUB_KEY, out->point,
                                                     sizeof out->point, &size) == 1;
        out->parts.point = (oktai_bytes){out->point, size};
        return shown;
    }
    size_t size = (size_t)EVP_PKEY_get_size(pkey);
    if (!oktai_key_number(pkey, OSSL_PKEY_PARAM_RSA_N, out->n, size) ||
        !oktai_key_number(pkey, OSSL_PKEY_PARAM_RSA_E, out->e, size)) {
        return false;
    }
    out->parts.n = oktai_bytes_trim((oktai_bytes){out->n, size});
    out->parts.e = oktai_bytes_trim((oktai_bytes){out->e, size});
    return true;
}

/* A weak key is refused where its public half can be seen. The thumbprint is made where no kid is given. */
static okta_error *check_public(const EVP_PKEY *pkey, const oktai_key_curve *curve, const char *kid,
                                char thumbprint[OKTA_THUMBPRINT_SIZE])
{
    public_half half;
    okta_key *key = NULL;
    if (!read_public(pkey, curve, &half)) {
        return kid != NULL ? NULL
                           : oktai_error_new(OKTA_E_ARG, "the key does not show its public half: its kid "
                                                         "must be given");
    }
    if (kid != NULL) {
        return oktai_key_check_public(&half.parts);
    }
    okta_error *error = oktai_key_build(&half.parts, &key);
    if (error == NULL) {
        memcpy(thumbprint, key->thumbprint, OKTA_THUMBPRINT_SIZE);
    }
    okta_free(key);
    return error;
}

/* Only a signature shows whether the key has a private half, and whether its holder lets it sign. */
static okta_error *check_signer(const okta_signer *signer)
{
    static const unsigned char text[] = "libokta";
    unsigned char signature[OKTA_SIGNATURE_MAX];
    size_t size = 0;
    okta_error *error = sign(signer, (oktai_bytes){text, sizeof text}, signature, &size);
    if (error == NULL) {
        const char *problem = oktai_signature_take(signer->alg, signer->form, signature, &size);
        return problem == NULL ? NULL : oktai_error_new(OKTA_E_ARG, "the key's signature %s", problem);
    }
    if (okta_error_status(error) == OKTA_E_NOMEM) {
        return error;
    }
    okta_error *refusal = oktai_error_new(OKTA_E_ARG, "%s", okta_error_message(error));
    okta_free(error);
    return refusal;
}

okta_error *oktai_signer_wrap(EVP_PKEY *pkey, const char *alg, const char *kid, okta_signer **out)
{
    char thumbprint[OKTA_THUMBPRINT_SIZE];
    const oktai_key_curve *curve = NULL;
    okta_signer like = {
        .kid = kid != NULL ? kid : thumbprint,
        .kid_origin = kid != NULL ? oktai_kid_origin_of(kid) : OKTAI_KID_DERIVED,
        .form = OKTA_SIGNATURE_DER,
        .sign = sign_by_key,
        .pkey = pkey,
    };
    okta_error *error = identify(pkey, &curve);
    if (error == NULL) {
        error = choose_alg(alg, curve, &like.alg);
    }
    if (error == NULL) {
        error = check_public(pkey, curve, kid, thumbprint);
    }
    okta_signer *signer = NULL;
    if (error == NULL) {
        error = oktai_signer_make(&like, &signer);
    }
    if (error == NULL) {
        error = check_signer(signer);
    }
    if (error != NULL) {
        okta_free(signer);
        return error;
    }
    *out = signer;
    return NULL;
}

okta_error *okta_signer_from_evp_pkey(EVP_PKEY *pkey, const char *alg, const char *kid, okta_signer **out)
{
    if (out != NULL) {
        *out = NULL;
    }
    if (pkey == NULL || out == NULL) {
        return oktai_error_null(pkey == NULL ? "pkey" : "out");
    }
    oktai_openssl stretch;
    okta_error *error = oktai_openssl_begin(&stretch);
    return error != NULL ? error : oktai_openssl_end(stretch, oktai_signer_wrap(pkey, alg, kid, out));
}
