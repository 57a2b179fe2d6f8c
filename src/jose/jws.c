/* SPDX-License-Identifier: Apache-2.0 */
#include "jose/jws.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <string.h>

#include "core/error.h"
#include "core/openssl.h"
#include "jose/fit.h"
#include "jose/header.h"
#include "keys/der.h"

/* An ECDSA-Sig-Value of the longest curve: two numbers with a zero octet, their heads and that of all. */
#define DER_MAX (2 * (OKTAI_EC_BYTES_MAX + 1 + 3) + 4)

static bool is_alg(const char *name)
{
    return oktai_signature_alg_by_name(name) != NULL;
}

static okta_error *read_header(const oktai_compact *token, const okta_jose_options *options, oktai_jws *out)
{
    okta_jose_options view;
    okta_error *error = oktai_jose_options_view(options, &view);
    const oktai_jose_choice algs = {"alg of a JWS",
                                    "RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384 and ES512",
                                    is_alg, view.algs};
    if (error == NULL) {
        error = oktai_jose_choice_check(&algs);
    }
    if (error == NULL) {
        error = oktai_jose_header_read(token, &out->out);
    }
    if (error == NULL) {
        error = oktai_jose_choice_refuse(&algs, out->out->alg);
    }
    if (error == NULL) {
        out->alg = oktai_signature_alg_by_name(out->out->alg);
    }
    return error;
}

static okta_error *not_verified(void)
{
    return oktai_error_new(OKTA_E_AUTH, "the signature of the token is not that of the key");
}

/* The check of the signer's side holds here too: it knows the form of each algorithm. */
static okta_error *read_signature(okta_text part, oktai_jws *out)
{
    unsigned char checked[OKTA_SIGNATURE_MAX];
    okta_error *error =
        oktai_compact_decode(part, "the signature", oktai_root_arena(out->out), &out->signature);
    if (error != NULL) {
        return error;
    }
    size_t size = out->signature.size;
    if (size > sizeof checked) {
        return oktai_error_new(OKTA_E_AUTH, "the signature of the token is longer than that of any key");
    }
    memcpy(checked, out->signature.data, size);
    const char *problem = oktai_signature_take(out->alg, OKTA_SIGNATURE_RAW, checked, &size);
    return problem == NULL ? NULL : oktai_error_new(OKTA_E_AUTH, "the signature of the token %s", problem);
}

static okta_error *read_payload(okta_text part, okta_jose *out)
{
    oktai_bytes payload;
    okta_error *error = oktai_compact_decode(part, "the payload", oktai_root_arena(out), &payload);
    if (error == NULL) {
        out->payload = (const char *)payload.data;
        out->payload_length = payload.size;
    }
    return error;
}

okta_error *oktai_jws_read(const char *token, size_t length, const okta_jose_options *options, oktai_jws *out)
{
    oktai_compact parts;
    *out = (oktai_jws){0};
    okta_error *error = oktai_compact_split(token, length, OKTAI_JWS_PARTS, &parts);
    if (error == NULL) {
        error = read_header(&parts, options, out);
    }
    if (error == NULL) {
        const okta_text last = parts.parts[OKTAI_JWS_PARTS - 1];
        out->message = (oktai_bytes){(const unsigned char *)token, (size_t)(last.text - token) - 1};
        error = read_payload(parts.parts[1], out->out);
        if (error == NULL) {
            error = read_signature(last, out);
        }
    }
    return error;
}

static bool begin(const oktai_jws *jws, const okta_key *key, EVP_MD_CTX *md)
{
    EVP_PKEY_CTX *ctx = NULL; /* belongs to md */
    if (EVP_DigestVerifyInit_ex(md, &ctx, jws->alg->digest, NULL, NULL, key->pkey, NULL) != 1) {
        return false;
    }
    switch (jws->alg->scheme) {
    case OKTAI_SCHEME_PKCS1:
        return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) > 0;
    case OKTAI_SCHEME_PSS:
        return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) > 0 &&
               EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) > 0 &&
               EVP_PKEY_CTX_set_rsa_mgf1_md_name(ctx, jws->alg->digest, NULL) > 0;
    case OKTAI_SCHEME_ECDSA:
        break;
    }
    return true;
}

/* OpenSSL takes ECDSA in DER. Returns where in the buffer it begins, to the end of it. */
static oktai_bytes write_der(oktai_bytes raw, unsigned char buffer[DER_MAX])
{
    const size_t half = raw.size / 2;
    oktai_der_writer writer = {buffer + DER_MAX};
    oktai_der_put_number(&writer, oktai_bytes_trim((oktai_bytes){raw.data + half, half}));
    oktai_der_put_number(&writer, oktai_bytes_trim((oktai_bytes){raw.data, half}));
    oktai_der_wrap(&writer, OKTAI_DER_SEQUENCE, buffer + DER_MAX);
    return (oktai_bytes){writer.next, (size_t)(buffer + DER_MAX - writer.next)};
}

/* To be called inside a stretch of OpenSSL. */
static okta_error *verify(const oktai_jws *jws, const okta_key *key)
{
    unsigned char der[DER_MAX];
    oktai_bytes signature = jws->signature;
    if (jws->alg->scheme == OKTAI_SCHEME_ECDSA) {
        signature = write_der(signature, der);
    } else if (signature.size != (size_t)EVP_PKEY_get_size(key->pkey)) {
        return not_verified();
    }
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    okta_error *error = NULL;
    if (md == NULL || !begin(jws, key, md)) {
        error = oktai_error_new(OKTA_E_CONFIG, "OpenSSL is configured without %s", jws->alg->name);
    } else if (EVP_DigestVerify(md, signature.data, signature.size, jws->message.data, jws->message.size) !=
               1) {
        error = not_verified();
    }
    EVP_MD_CTX_free(md);
    return error;
}

okta_error *oktai_jws_verify_by(const oktai_jws *jws, const okta_key *key)
{
    oktai_openssl stretch;
    okta_error *error = oktai_openssl_begin(&stretch);
    return error != NULL ? error : oktai_openssl_end(stretch, verify(jws, key));
}

okta_error *okta_jws_verify(const char *token, size_t length, const okta_key *key,
                            const okta_jose_options *options, okta_jose **out)
{
    if (out != NULL) {
        *out = NULL;
    }
    if (token == NULL || key == NULL || out == NULL) {
        return oktai_error_null(token == NULL ? "token" : key == NULL ? "key" : "out");
    }
    oktai_jws jws = {0};
    okta_error *error = oktai_jose_refuse_purpose(key, OKTAI_JOSE_VERIFY);
    if (error == NULL) {
        error = oktai_jws_read(token, length, options, &jws);
    }
    if (error == NULL) {
        error = oktai_jose_refuse_key(key, OKTAI_JOSE_VERIFY, jws.out);
    }
    if (error == NULL) {
        error = oktai_jws_verify_by(&jws, key);
    }
    if (error != NULL) {
        okta_free(jws.out);
        return error;
    }
    *out = jws.out;
    return NULL;
}
