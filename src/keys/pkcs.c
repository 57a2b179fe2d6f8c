/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/pkcs.h"

#include <openssl/asn1.h>
#include <openssl/core_names.h>
#include <openssl/objects.h>
#include <string.h>

#include "core/arena.h"
#include "core/error.h"

#define IMPLICIT_1 0x81u
#define POINT_FULL 4u

/* Contents of object identifiers: RFC 8017, appendix A.1, and RFC 5480, section 2.1.1 */
static const okta_bytes oid_rsa = OKTA_BYTES("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01");
static const okta_bytes oid_ec = OKTA_BYTES("\x2a\x86\x48\xce\x3d\x02\x01");

static okta_error *damaged(void)
{
    return okta_error_new(OKTA_E_ARG, "the key is damaged");
}

/* `oid` is the whole element. */
static okta_error *refuse_kind(const char *what, okta_bytes oid)
{
    char name[64] = "unknown";
    const unsigned char *at = oid.data;
    ASN1_OBJECT *object = d2i_ASN1_OBJECT(NULL, &at, (long)oid.size);
    if (object != NULL) {
        OBJ_obj2txt(name, sizeof name, object, 0);
    }
    ASN1_OBJECT_free(object);
    return okta_error_new(OKTA_E_ARG,
                          "a key of the %s %s is refused: it must be RSA, or EC on P-256, P-384 or P-521",
                          what, name);
}

static okta_error *read_curve(okta_bytes *from, const okta_key_curve **out)
{
    okta_bytes element = *from;
    okta_bytes oid;
    if (from->size > 0 && from->data[0] == OKTA_DER_SEQUENCE) {
        return okta_error_new(OKTA_E_ARG,
                              "an EC key that spells its curve out instead of naming it is refused");
    }
    if (!okta_der_read(from, OKTA_DER_OID, &oid)) {
        return okta_error_new(OKTA_E_ARG, "an EC key that names no curve is refused");
    }
    element.size = (size_t)(from->data - element.data);
    *out = okta_key_curve_by_oid(oid);
    return *out == NULL ? refuse_kind("curve", element) : NULL;
}

/* AlgorithmIdentifier (RFC 5280, section 4.1.1.2). The curve is NULL for RSA. */
static okta_error *read_algorithm(okta_bytes *from, const okta_key_curve **curve)
{
    okta_bytes inside;
    okta_bytes oid;
    okta_bytes null;
    if (!okta_der_read(from, OKTA_DER_SEQUENCE, &inside)) {
        return damaged();
    }
    okta_bytes element = inside;
    if (!okta_der_read(&inside, OKTA_DER_OID, &oid)) {
        return damaged();
    }
    element.size = (size_t)(inside.data - element.data);
    *curve = NULL;
    okta_error *error = NULL;
    if (okta_bytes_equal(oid, oid_ec)) {
        error = read_curve(&inside, curve);
    } else if (!okta_bytes_equal(oid, oid_rsa)) {
        return refuse_kind("kind", element);
    } else if (okta_der_read(&inside, OKTA_DER_NULL, &null) && null.size > 0) {
        return damaged();
    }
    return error == NULL && inside.size > 0 ? damaged() : error;
}

static okta_error *read_rsa_public(okta_bytes der, okta_key_parts *out)
{
    okta_bytes inside;
    if (!okta_der_read(&der, OKTA_DER_SEQUENCE, &inside) || !okta_der_read_number(&inside, &out->n) ||
        !okta_der_read_number(&inside, &out->e) || inside.size > 0 || der.size > 0) {
        return damaged();
    }
    return NULL;
}

static okta_error *read_rsa_private(okta_bytes der, okta_key_parts *out)
{
    okta_bytes *const numbers[] = {&out->n, &out->e, &out->d, &out->p, &out->q, &out->dp, &out->dq, &out->qi};
    okta_bytes inside;
    okta_bytes version;
    if (!okta_der_read(&der, OKTA_DER_SEQUENCE, &inside) || !okta_der_read_number(&inside, &version)) {
        return damaged();
    }
    if (version.size > 0) {
        return okta_error_new(OKTA_E_ARG, "an RSA key of more than two primes is refused");
    }
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (!okta_der_read_number(&inside, numbers[i])) {
            return damaged();
        }
    }
    out->is_private = true;
    return inside.size > 0 || der.size > 0 ? damaged() : NULL;
}

/* `curve` is the one that stands around the key; NULL: none does. */
static okta_error *read_ec_private(okta_bytes der, const okta_key_curve *curve, okta_key_parts *out)
{
    okta_bytes inside;
    okta_bytes version;
    okta_bytes context;
    if (!okta_der_read(&der, OKTA_DER_SEQUENCE, &inside) || der.size > 0 ||
        !okta_der_read_number(&inside, &version) || version.size != 1 || version.data[0] != 1 ||
        !okta_der_read(&inside, OKTA_DER_OCTET_STRING, &out->d)) {
        return damaged();
    }
    out->d = okta_bytes_trim(out->d);
    out->is_private = true;
    out->curve = curve;
    if (curve == NULL || (inside.size > 0 && inside.data[0] == OKTA_DER_CONTEXT_0)) {
        context = (okta_bytes){inside.data, 0};
        okta_der_read(&inside, OKTA_DER_CONTEXT_0, &context);
        okta_error *error = read_curve(&context, &out->curve);
        if (error != NULL) {
            return error;
        }
        if (context.size > 0 || (curve != NULL && out->curve != curve)) {
            return damaged();
        }
    }
    if (okta_der_read(&inside, OKTA_DER_CONTEXT_1, &context) &&
        (!okta_der_read_bits(&context, &out->point) || out->point.size == 0 || context.size > 0)) {
        return damaged();
    }
    return inside.size > 0 ? damaged() : NULL;
}

static okta_error *read_pkcs8(okta_bytes der, okta_key_parts *out)
{
    okta_bytes inside;
    okta_bytes version;
    okta_bytes key;
    okta_bytes unused;
    const okta_key_curve *curve = NULL;
    if (!okta_der_read(&der, OKTA_DER_SEQUENCE, &inside) || der.size > 0 ||
        !okta_der_read_number(&inside, &version) || version.size > 1 ||
        (version.size == 1 && version.data[0] > 1)) {
        return damaged();
    }
    okta_error *error = read_algorithm(&inside, &curve);
    if (error != NULL) {
        return error;
    }
    if (!okta_der_read(&inside, OKTA_DER_OCTET_STRING, &key)) {
        return damaged();
    }
    okta_der_read(&inside, OKTA_DER_CONTEXT_0, &unused); /* attributes */
    okta_der_read(&inside, IMPLICIT_1, &unused);         /* the public half again */
    if (inside.size > 0) {
        return damaged();
    }
    return curve == NULL ? read_rsa_private(key, out) : read_ec_private(key, curve, out);
}

static okta_error *read_spki(okta_bytes der, okta_key_parts *out)
{
    okta_bytes inside;
    if (!okta_der_read(&der, OKTA_DER_SEQUENCE, &inside) || der.size > 0) {
        return damaged();
    }
    okta_error *error = read_algorithm(&inside, &out->curve);
    if (error != NULL) {
        return error;
    }
    okta_bytes key;
    if (!okta_der_read_bits(&inside, &key) || inside.size > 0) {
        return damaged();
    }
    if (out->curve == NULL) {
        return read_rsa_public(key, out);
    }
    out->point = key;
    return NULL;
}

static okta_error *read_sec1(okta_bytes der, okta_key_parts *out)
{
    return read_ec_private(der, NULL, out);
}

okta_error *okta_key_read_der(okta_key_form form, okta_bytes der, okta_key_parts *out)
{
    static okta_error *(*const readers[])(okta_bytes, okta_key_parts *) = {
        [OKTA_FORM_PKCS8] = read_pkcs8,           [OKTA_FORM_RSA_PRIVATE] = read_rsa_private,
        [OKTA_FORM_EC_PRIVATE] = read_sec1,       [OKTA_FORM_SPKI] = read_spki,
        [OKTA_FORM_RSA_PUBLIC] = read_rsa_public,
    };
    *out = (okta_key_parts){0};
    return readers[form](der, out);
}

static void put_oid(okta_der_writer *writer, okta_bytes oid)
{
    const unsigned char *end = writer->next;
    okta_der_put(writer, oid);
    okta_der_wrap(writer, OKTA_DER_OID, end);
}

static bool put_rsa(okta_der_writer *writer, const okta_key *key)
{
    /* from the last to the first */
    static const char *const names[] = {
        OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
        OSSL_PKEY_PARAM_RSA_EXPONENT2,
        OSSL_PKEY_PARAM_RSA_EXPONENT1,
        OSSL_PKEY_PARAM_RSA_FACTOR2,
        OSSL_PKEY_PARAM_RSA_FACTOR1,
        OSSL_PKEY_PARAM_RSA_D,
        OSSL_PKEY_PARAM_RSA_E,
        OSSL_PKEY_PARAM_RSA_N,
    };
    const unsigned char *end = writer->next;
    unsigned char bytes[OKTA_RSA_BYTES_MAX];
    size_t size = (size_t)EVP_PKEY_get_size(key->pkey);
    bool good = true;
    for (size_t i = 0; good && i < sizeof names / sizeof names[0]; i++) {
        good = okta_key_number(key->pkey, names[i], bytes, size);
        if (good) {
            okta_der_put_number(writer, (okta_bytes){bytes, size});
        }
    }
    okta_wipe(bytes, sizeof bytes);
    okta_der_put_number(writer, (okta_bytes){NULL, 0});
    okta_der_wrap(writer, OKTA_DER_SEQUENCE, end);
    return good;
}

static bool put_ec(okta_der_writer *writer, const okta_key *key)
{
    static const unsigned char one = 1;
    const unsigned char *end = writer->next;
    size_t size = key->curve->size;
    unsigned char point[2 + OKTA_EC_POINT_MAX - 1] = {0,
                                                      POINT_FULL}; /* no unused bits; RFC 5480, section 2.2 */
    unsigned char d[OKTA_EC_BYTES_MAX];
    bool good = okta_key_number(key->pkey, OSSL_PKEY_PARAM_EC_PUB_X, point + 2, size) &&
                okta_key_number(key->pkey, OSSL_PKEY_PARAM_EC_PUB_Y, point + 2 + size, size) &&
                okta_key_number(key->pkey, OSSL_PKEY_PARAM_PRIV_KEY, d, size);
    if (good) {
        okta_der_put(writer, (okta_bytes){point, 2 + 2 * size});
        okta_der_wrap(writer, OKTA_DER_BIT_STRING, end);
        okta_der_wrap(writer, OKTA_DER_CONTEXT_1, end);
        const unsigned char *private_end = writer->next;
        okta_der_put(writer, (okta_bytes){d, size});
        okta_der_wrap(writer, OKTA_DER_OCTET_STRING, private_end);
        okta_der_put_number(writer, (okta_bytes){&one, 1});
        okta_der_wrap(writer, OKTA_DER_SEQUENCE, end);
    }
    okta_wipe(d, sizeof d);
    return good;
}

const unsigned char *okta_key_write_der(const okta_key *key, unsigned char *end)
{
    okta_der_writer writer = {end};
    if (key->curve == NULL ? !put_rsa(&writer, key) : !put_ec(&writer, key)) {
        return NULL;
    }
    okta_der_wrap(&writer, OKTA_DER_OCTET_STRING, end);
    const unsigned char *algorithm_end = writer.next;
    if (key->curve == NULL) {
        okta_der_wrap(&writer, OKTA_DER_NULL, algorithm_end);
        put_oid(&writer, oid_rsa);
    } else {
        put_oid(&writer, key->curve->oid);
        put_oid(&writer, oid_ec);
    }
    okta_der_wrap(&writer, OKTA_DER_SEQUENCE, algorithm_end);
    okta_der_put_number(&writer, (okta_bytes){NULL, 0});
    okta_der_wrap(&writer, OKTA_DER_SEQUENCE, end);
    return writer.next;
}
