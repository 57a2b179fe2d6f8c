/* SPDX-License-Identifier: Apache-2.0 */
/* The signer object, signers that call a function of the program, and the JWS that every signer writes. */
#include "auth/signer.h"

#include <openssl/err.h>
#include <string.h>

#include "auth/signing.h"
#include "core/arena.h"
#include "core/base64url.h"
#include "core/error.h"
#include "core/growing.h"

/* Bytes of ::okta_signer_options in the first release: no caller has less. */
#define OPTIONS_SIZE_MIN (offsetof(okta_signer_options, form) + sizeof(okta_signature_form))

static void release(void *object)
{
    EVP_PKEY_free(((okta_signer *)object)->pkey);
}

okta_error *oktai_signer_make(const okta_signer *like, okta_signer **out)
{
    bool has_kid = like->kid_origin != OKTAI_KID_NONE;
    if (has_kid && !oktai_kid_is_good(like->kid)) {
        return oktai_error_new(OKTA_E_ARG, "kid must be 1 to %u bytes of printable ASCII", OKTAI_KID_MAX);
    }
    size_t length = has_kid ? strlen(like->kid) : 0;
    okta_signer *signer = oktai_root_new(sizeof *signer, length + 1, release);
    if (signer == NULL) {
        return oktai_error_nomem();
    }
    signer->alg = like->alg;
    signer->kid_origin = like->kid_origin;
    signer->form = like->form;
    signer->sign = like->sign;
    signer->callback = like->callback;
    signer->begin = like->begin;
    signer->ctx = like->ctx;
    signer->pkey = like->pkey;
    if (signer->pkey != NULL) {
        EVP_PKEY_up_ref(signer->pkey);
    }
    /* The root was made with room for it. */
    signer->kid = has_kid ? oktai_arena_copy(oktai_root_arena(signer), like->kid, length) : NULL;
    *out = signer;
    return NULL;
}

static okta_error *sign_by_callback(const okta_signer *signer, oktai_bytes message,
                                    unsigned char signature[OKTA_SIGNATURE_MAX], size_t *size)
{
    int code = signer->callback(signer->ctx, message.data, message.size, signature, OKTA_SIGNATURE_MAX, size);
    return code == 0 ? NULL : oktai_error_new(OKTA_E_AUTH, "the signer failed with the code %d", code);
}

static okta_error *check_options(const okta_signer_options *options)
{
    if (options->alg == NULL || options->kid == NULL) {
        return oktai_error_null(options->alg == NULL ? "alg" : "kid");
    }
    if ((options->sign == NULL) == (options->begin == NULL)) {
        return options->sign == NULL ? oktai_error_null("sign")
                                     : oktai_error_new(OKTA_E_ARG, "sign does not go with begin");
    }
    if (oktai_signature_alg_by_name(options->alg) == NULL) {
        return oktai_error_new(
            OKTA_E_ARG,
            "alg must be one of RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384 and ES512");
    }
    if (options->form != OKTA_SIGNATURE_RAW && options->form != OKTA_SIGNATURE_DER) {
        return oktai_error_new(OKTA_E_ARG, "form is no okta_signature_form");
    }
    return NULL;
}

okta_error *okta_signer_new(const okta_signer_options *options, okta_signer **out)
{
    if (out != NULL) {
        *out = NULL;
    }
    if (options == NULL || out == NULL) {
        return oktai_error_null(options == NULL ? "options" : "out");
    }
    okta_signer_options known = OKTA_SIGNER_OPTIONS_INIT;
    okta_error *error =
        oktai_growing_copy(options, OPTIONS_SIZE_MIN, &known, "options", "OKTA_SIGNER_OPTIONS_INIT");
    if (error == NULL) {
        error = check_options(&known);
    }
    if (error != NULL) {
        return error;
    }
    const okta_signer like = {
        .alg = oktai_signature_alg_by_name(known.alg),
        .kid = known.kid,
        .kid_origin = oktai_kid_origin_of(known.kid),
        .form = known.form,
        .sign = sign_by_callback,
        .callback = known.sign,
        .begin = known.begin,
        .ctx = known.ctx,
    };
    return oktai_signer_make(&like, out);
}

const char *okta_signer_alg(const okta_signer *signer)
{
    return signer == NULL ? NULL : signer->alg->name;
}

const char *okta_signer_kid(const okta_signer *signer)
{
    return signer == NULL ? NULL : signer->kid;
}

oktai_kid_origin oktai_signer_kid_origin(const okta_signer *signer)
{
    return signer->kid_origin;
}

static bool add_base64url(oktai_buffer *out, const void *bytes, size_t size)
{
    size_t length = oktai_base64url_length(size);
    if (!oktai_buffer_reserve(out, out->length + length)) {
        return false;
    }
    oktai_base64url_encode(bytes, size, out->data + out->length);
    out->length += length;
    return true;
}

/* Turn a signature into the form that a JWS carries. */
static okta_error *take(const okta_signer *signer, unsigned char signature[OKTA_SIGNATURE_MAX], size_t *size)
{
    const char *problem = oktai_signature_take(signer->alg, signer->form, signature, size);
    return problem == NULL ? NULL
                           : oktai_error_new(OKTA_E_AUTH, "the signature that the signer gave %s", problem);
}

static okta_error *append(oktai_buffer *out, const unsigned char *signature, size_t size)
{
    return oktai_buffer_add_char(out, '.') && add_base64url(out, signature, size) ? NULL
                                                                                  : oktai_error_nomem();
}

okta_error *oktai_signer_add_signature(const okta_signer *signer, unsigned char signature[OKTA_SIGNATURE_MAX],
                                       size_t size, oktai_buffer *out)
{
    okta_error *error = take(signer, signature, &size);
    return error != NULL ? error : append(out, signature, size);
}

static okta_error *sign(const okta_signer *signer, oktai_bytes message,
                        unsigned char signature[OKTA_SIGNATURE_MAX], size_t *size)
{
    okta_error *error = signer->sign(signer, message, signature, size);
    if (error != NULL) {
        return error;
    }
    return take(signer, signature, size);
}

/* Sign what stands in the buffer from `start` on. */
static okta_error *add_signature(const okta_signer *signer, size_t start, oktai_buffer *out)
{
    unsigned char signature[OKTA_SIGNATURE_MAX] = {0};
    size_t size = 0;
    oktai_bytes message = {(const unsigned char *)out->data + start, out->length - start};
    okta_error *error = sign(signer, message, signature, &size);
    if (error == NULL) {
        error = append(out, signature, size);
    }
    oktai_wipe(signature, sizeof signature);
    return error;
}

bool oktai_signer_add_unsigned(const oktai_buffer *header, const oktai_buffer *claims, oktai_buffer *out)
{
    return !header->failed && !claims->failed && add_base64url(out, header->data, header->length) &&
           oktai_buffer_add_char(out, '.') && add_base64url(out, claims->data, claims->length);
}

bool oktai_signer_shares_kid(const okta_signer *a, const okta_signer *b)
{
    if (a->kid == NULL || b->kid == NULL || strcmp(a->kid, b->kid) != 0 || a->pkey == NULL ||
        b->pkey == NULL) {
        return false;
    }
    ERR_set_mark();
    bool same_key = EVP_PKEY_eq(a->pkey, b->pkey) == 1;
    ERR_pop_to_mark();
    return !same_key;
}

okta_error *oktai_signer_sign_jws(const okta_signer *signer, const oktai_buffer *header,
                                  const oktai_buffer *claims, oktai_buffer *out)
{
    size_t start = out->length;
    okta_error *error = oktai_signer_add_unsigned(header, claims, out) ? add_signature(signer, start, out)
                                                                       : oktai_error_nomem();
    if (error != NULL && out->length > start) {
        oktai_wipe(out->data + start, out->length - start);
        out->length = start;
    }
    return error;
}
