/* SPDX-License-Identifier: Apache-2.0 */
/* The signer object, for the files that make one. */
#ifndef OKTA_AUTH_SIGNING_H
#define OKTA_AUTH_SIGNING_H

#include <openssl/evp.h>

#include "auth/kid.h"
#include "auth/signature.h"

/* Sign `message` into `signature`, in whatever form the signer has. Errors: OKTA_E_AUTH, OKTA_E_NOMEM. */
typedef okta_error *oktai_signer_sign_fn(const okta_signer *signer, oktai_bytes message,
                                         unsigned char signature[OKTA_SIGNATURE_MAX], size_t *size);

struct okta_signer {
    const oktai_signature_alg *alg;
    const char *kid; /* NULL: none */
    oktai_kid_origin kid_origin;
    okta_signature_form form;
    oktai_signer_sign_fn *sign;

    okta_sign_fn *callback;    /* of okta_signer_new() */
    okta_begin_sign_fn *begin; /* in its place: the signature comes later */
    void *ctx;

    EVP_PKEY *pkey; /* of the others */
};

/* An `okta_signer` with what `like` says; it copies `kid`, unless its origin is none, and takes a reference
 * of its own of the key. Errors: OKTA_E_ARG (`kid`), OKTA_E_NOMEM. */
okta_error *oktai_signer_make(const okta_signer *like, okta_signer **out);

/* What okta_signer_from_evp_pkey() does with a key, to be called inside a stretch of OpenSSL. */
okta_error *oktai_signer_wrap(EVP_PKEY *pkey, const char *alg, const char *kid, okta_signer **out);

#endif
