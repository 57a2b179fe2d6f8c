/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/signer_support.h"

#include <cjson/cJSON.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

#include "core/base64url.h"

static char *decoded(const char *text, size_t length, size_t *size)
{
    unsigned char *bytes = malloc(length + 3);
    assert_non_null(bytes);
    assert_true(oktai_base64url_decode(text, length, bytes, size));
    bytes[*size] = '\0';
    return (char *)bytes;
}

void jws_parse(const char *token, parsed_jws *out)
{
    size_t size;
    const char *first = strchr(token, '.');
    assert_non_null(first);
    const char *second = strchr(first + 1, '.');
    assert_non_null(second);
    *out = (parsed_jws){.message = token, .message_length = (size_t)(second - token)};
    out->header = decoded(token, (size_t)(first - token), &size);
    assert_int_equal(size, strlen(out->header));
    out->claims = decoded(first + 1, (size_t)(second - first - 1), &size);
    assert_int_equal(size, strlen(out->claims));
    char *signature = decoded(second + 1, strlen(second + 1), &out->signature_size);
    assert_true(out->signature_size <= sizeof out->signature);
    memcpy(out->signature, signature, out->signature_size);
    free(signature);
}

void jws_clear(parsed_jws *jws)
{
    free(jws->header);
    free(jws->claims);
    *jws = (parsed_jws){0};
}

char *json_text_member(const char *json, const char *name)
{
    cJSON *object = cJSON_Parse(json);
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
    assert_true(cJSON_IsString(member));
    char *text = strdup(member->valuestring);
    assert_non_null(text);
    cJSON_Delete(object);
    return text;
}

/* The signature as OpenSSL wants it. */
static size_t der_of_raw(const unsigned char *raw, size_t size, unsigned char *der)
{
    ECDSA_SIG *signature = ECDSA_SIG_new();
    int half = (int)(size / 2);
    assert_int_equal(ECDSA_SIG_set0(signature, BN_bin2bn(raw, half, NULL), BN_bin2bn(raw + half, half, NULL)),
                     1);
    int length = i2d_ECDSA_SIG(signature, &der);
    assert_true(length > 0);
    ECDSA_SIG_free(signature);
    return (size_t)length;
}

bool jws_verifies(const parsed_jws *jws, EVP_PKEY *pkey, const char *alg)
{
    unsigned char der[160];
    const unsigned char *signature = jws->signature;
    size_t size = jws->signature_size;
    const EVP_MD *digest = strcmp(alg + 2, "256") == 0   ? EVP_sha256()
                           : strcmp(alg + 2, "384") == 0 ? EVP_sha384()
                                                         : EVP_sha512();
    EVP_PKEY_CTX *ctx = NULL;
    EVP_MD_CTX *md = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestVerifyInit(md, &ctx, digest, NULL, pkey), 1);
    if (alg[0] == 'E') {
        size_t full = strcmp(alg, "ES256") == 0 ? 64 : strcmp(alg, "ES384") == 0 ? 96 : 132;
        assert_int_equal(size, full);
        size = der_of_raw(jws->signature, size, der);
        signature = der;
    } else if (alg[0] == 'P') {
        assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING), 1);
        assert_int_equal(EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, EVP_MD_get_size(digest)), 1);
        assert_int_equal(EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, digest), 1);
    } else {
        assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING), 1);
    }
    bool good =
        EVP_DigestVerify(md, signature, size, (const unsigned char *)jws->message, jws->message_length) == 1;
    EVP_MD_CTX_free(md);
    return good;
}

okta_error *sign_something(const okta_signer *signer, oktai_buffer *out)
{
    oktai_buffer header = {.data = (char[]){"{\"a\":1}"}, .length = 7};
    oktai_buffer claims = {.data = (char[]){"{\"b\":2}"}, .length = 7};
    return oktai_signer_sign_jws(signer, &header, &claims, out);
}

void expect_signs(const okta_signer *signer, EVP_PKEY *pkey, const char *alg)
{
    oktai_buffer out = {0};
    parsed_jws jws;
    assert_string_equal(okta_signer_alg(signer), alg);
    assert_null(sign_something(signer, &out));
    jws_parse(out.data, &jws);
    assert_string_equal(jws.header, "{\"a\":1}");
    assert_string_equal(jws.claims, "{\"b\":2}");
    assert_true(jws_verifies(&jws, pkey, alg));
    jws_clear(&jws);
    oktai_buffer_clear(&out);
}

okta_signer *signer_of_evp(EVP_PKEY *pkey, const char *alg, const char *kid)
{
    okta_signer *signer = NULL;
    okta_error *error = okta_signer_from_evp_pkey(pkey, alg, kid, &signer);
    if (error != NULL) {
        print_error("%s\n", okta_error_message(error));
    }
    assert_null(error);
    assert_non_null(signer);
    return signer;
}
