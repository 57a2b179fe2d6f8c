/* SPDX-License-Identifier: Apache-2.0 */
/* The key object: making one, and what it says about itself. */
#include "keys/key.h"

#include <openssl/core_names.h>
#include <openssl/params.h>
#include <openssl/rsa.h>
#include <string.h>

#include "core/arena.h"
#include "core/error.h"
#include "core/openssl.h"
#include "keys/description.h"
#include "keys/thumbprint.h"

void oktai_key_flip(unsigned char *number, size_t size)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    for (size_t i = 0; i < size / 2; i++) {
        unsigned char byte = number[i];
        number[i] = number[size - 1 - i];
        number[size - 1 - i] = byte;
    }
#else
    (void)number;
    (void)size;
#endif
}

bool oktai_key_number(const EVP_PKEY *pkey, const char *param, unsigned char *out, size_t size)
{
    OSSL_PARAM params[] = {OSSL_PARAM_construct_BN(param, out, size), OSSL_PARAM_construct_end()};
    if (EVP_PKEY_get_params(pkey, params) != 1 || !OSSL_PARAM_modified(&params[0])) {
        return false;
    }
    oktai_key_flip(out, size);
    return true;
}

/* The public half of the OpenSSL key as texts in the key's own arena. */
static bool show_public(okta_key *key)
{
    unsigned char e[OKTAI_RSA_BYTES_MAX];
    unsigned char numbers[OKTAI_RSA_BYTES_MAX]; /* n, or a point */
    oktai_key_parts parts = {.curve = key->curve};
    bool good;
    if (key->curve == NULL) {
        size_t size = (size_t)EVP_PKEY_get_size(key->pkey);
        good = oktai_key_number(key->pkey, OSSL_PKEY_PARAM_RSA_N, numbers, size) &&
               oktai_key_number(key->pkey, OSSL_PKEY_PARAM_RSA_E, e, size);
        parts.n = oktai_bytes_trim((oktai_bytes){numbers, size});
        parts.e = oktai_bytes_trim((oktai_bytes){e, size});
    } else {
        size_t size = key->curve->size;
        good = oktai_key_number(key->pkey, OSSL_PKEY_PARAM_EC_PUB_X, numbers + 1, size) &&
               oktai_key_number(key->pkey, OSSL_PKEY_PARAM_EC_PUB_Y, numbers + 1 + size, size);
        numbers[0] = OKTAI_POINT_FULL;
        parts.point = (oktai_bytes){numbers, 1 + 2 * size};
    }
    return good && oktai_jwk_write(&parts, oktai_root_arena(key), &key->texts);
}

static void release(void *object)
{
    EVP_PKEY_free(((okta_key *)object)->pkey);
}

okta_error *oktai_key_wrap(EVP_PKEY *pkey, const oktai_key_curve *curve, bool is_private, okta_key **out)
{
    okta_key *key = oktai_root_new(sizeof *key, 0, release);
    if (key == NULL) {
        EVP_PKEY_free(pkey);
        return oktai_error_nomem();
    }
    key->pkey = pkey;
    key->curve = curve;
    key->is_private = is_private;
    oktai_key_describe(curve, (size_t)EVP_PKEY_get_bits(pkey), key->description);
    /* A valid key shows its numbers, as long as there is memory. */
    okta_error *error =
        show_public(key) ? oktai_thumbprint(&key->texts, key->thumbprint) : oktai_error_nomem();
    if (error != NULL) {
        okta_free(key);
        return error;
    }
    *out = key;
    return NULL;
}

static bool is_canceled(const atomic_bool *canceled)
{
    return canceled != NULL && atomic_load(canceled);
}

/* OpenSSL asks at each number that it tries. 0: it gives up. */
static int goes_on(EVP_PKEY_CTX *context)
{
    return !is_canceled(EVP_PKEY_CTX_get_app_data(context));
}

/* NULL: OpenSSL cannot, or was told to give up. */
static EVP_PKEY *generate_rsa(size_t bits, const atomic_bool *canceled)
{
    EVP_PKEY *pkey = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    if (context != NULL && EVP_PKEY_keygen_init(context) == 1 &&
        EVP_PKEY_CTX_set_rsa_keygen_bits(context, (int)bits) == 1) {
        EVP_PKEY_CTX_set_app_data(context, (void *)(uintptr_t)canceled);
        EVP_PKEY_CTX_set_cb(context, goes_on);
        if (EVP_PKEY_generate(context, &pkey) != 1) {
            pkey = NULL;
        }
    }
    EVP_PKEY_CTX_free(context);
    return pkey;
}

/* `crv` is NULL for RSA. */
static okta_error *generate(size_t rsa_bits, const char *crv, const atomic_bool *canceled, okta_key **out)
{
    EVP_PKEY *pkey =
        crv == NULL ? generate_rsa(rsa_bits, canceled) : EVP_PKEY_Q_keygen(NULL, NULL, "EC", crv);
    if (pkey == NULL && is_canceled(canceled)) {
        return oktai_error_new(OKTA_E_CANCELED, "the making of a key was canceled");
    }
    if (pkey == NULL) {
        return oktai_error_new(OKTA_E_CONFIG, "OpenSSL cannot make a key of this kind");
    }
    return oktai_key_wrap(pkey, crv == NULL ? NULL : oktai_key_curve_by_name(crv), true, out);
}

okta_error *oktai_key_generate(okta_key_type type, const atomic_bool *canceled, okta_key **out)
{
    static const struct {
        okta_key_type type;
        size_t rsa_bits;
        const char *crv;
    } kinds[] = {
        {OKTA_KEY_RSA_2048, 2048, NULL}, {OKTA_KEY_RSA_3072, 3072, NULL}, {OKTA_KEY_RSA_4096, 4096, NULL},
        {OKTA_KEY_EC_P256, 0, "P-256"},  {OKTA_KEY_EC_P384, 0, "P-384"},  {OKTA_KEY_EC_P521, 0, "P-521"},
    };
    if (out == NULL) {
        return oktai_error_null("out");
    }
    *out = NULL;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (kinds[i].type != type) {
            continue;
        }
        oktai_openssl stretch;
        okta_error *error = oktai_openssl_begin(&stretch);
        return error != NULL
                   ? error
                   : oktai_openssl_end(stretch, generate(kinds[i].rsa_bits, kinds[i].crv, canceled, out));
    }
    return oktai_error_new(OKTA_E_ARG, "type is no okta_key_type");
}

okta_error *okta_key_generate(okta_key_type type, okta_key **out)
{
    return oktai_key_generate(type, NULL, out);
}

bool okta_key_is_private(const okta_key *key)
{
    return key != NULL && key->is_private;
}

const char *okta_key_description(const okta_key *key)
{
    return key == NULL ? NULL : key->description;
}

okta_error *okta_key_thumbprint(const okta_key *key, char out[OKTA_THUMBPRINT_SIZE])
{
    if (out == NULL) {
        return oktai_error_null("out");
    }
    out[0] = '\0';
    if (key == NULL) {
        return oktai_error_null("key");
    }
    memcpy(out, key->thumbprint, OKTA_THUMBPRINT_SIZE);
    return NULL;
}
