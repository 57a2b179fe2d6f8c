/* SPDX-License-Identifier: Apache-2.0 */
#include "keys/pkcs.h"

#include <openssl/asn1.h>
#include <openssl/core_names.h>
#include <openssl/objects.h>
#include <string.h>

#include "core/arena.h"
#include "core/error.h"

#define IMPLICIT_1 0x81u

/* Contents of object identifiers: RFC 8017, appendix A.1, and RFC 5480, section 2.1.1 */
static const oktai_bytes oid_rsa = OKTAI_BYTES("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01");
static const oktai_bytes oid_ec = OKTAI_BYTES("\x2a\x86\x48\xce\x3d\x02\x01");

static okta_error *damaged(void)
{
    return oktai_error_new(OKTA_E_ARG, "the key is damaged");
}

/* `oid` is the whole element. */
static okta_error *refuse_kind(const char *what, oktai_bytes oid)
{
    char name[64] = "unknown";
    const unsigned char *at = oid.data;
    ASN1_OBJECT *object = d2i_ASN1_OBJECT(NULL, &at, (long)oid.size);
    if (object != NULL) {
        OBJ_obj2txt(name, sizeof name, object, 0);
    }
    ASN1_OBJECT_free(object);
    return oktai_error_new(OKTA_E_ARG,
                           "a key of the %s %s is refused: it must be RSA, or EC on P-256, P-384 or P-521",
                           what, name);
}

static okta_error *read_curve(oktai_bytes *from, const oktai_key_curve **out)
{
    oktai_bytes element = *from;
    oktai_bytes oid;
    if (from->size > 0 && from->data[0] == OKTAI_DER_SEQUENCE) {
        return oktai_error_new(OKTA_E_ARG,
                               "an EC key that spells its curve out instead of naming it is refused");
    }
    if (!oktai_der_read(from, OKTAI_DER_OID, &oid)) {
        return oktai_error_new(OKTA_E_ARG, "an EC key that names no curve is refused");
    }
    element.size = (size_t)(from->data - element.data);
    *out = oktai_key_curve_by_oid(oid);
    return *out == NULL ? refuse_kind("curve", element) : NULL;
}

/* AlgorithmIdentifier (RFC 5280, section 4.1.1.2). The curve is NULL for RSA. */
static okta_error *read_algorithm(oktai_bytes *from, const oktai_key_curve **curve)
{
    oktai_bytes inside;
    oktai_bytes oid;
    oktai_bytes null;
    if (!oktai_der_read(from, OKTAI_DER_SEQUENCE, &inside)) {
        return damaged();
    }
    oktai_bytes element = inside;
    if (!oktai_der_read(&inside, OKTAI_DER_OID, &oid)) {
        return damaged();
    }
    element.size = (size_t)(inside.data - element.data);
    *curve = NULL;
    okta_error *error = NULL;
    if (oktai_bytes_equal(oid, oid_ec)) {
        error = read_curve(&inside, curve);
    } else if (!oktai_bytes_equal(oid, oid_rsa)) {
        return refuse_kind("kind", element);
    } else if (oktai_der_read(&inside, OKTAI_DER_NULL, &null) && null.size > 0) {
        return damaged();
    }
    return error == NULL && inside.size > 0 ? damaged() : error;
}

static okta_error *read_rsa_public(oktai_bytes der, oktai_key_parts *out)
{
    oktai_bytes inside;
    if (!oktai_der_read(&der, OKTAI_DER_SEQUENCE, &inside) || !oktai_der_read_number(&inside, &out->n) ||
        !oktai_der_read_number(&inside, &out->e) || inside.size > 0 || der.size > 0) {
        return damaged();
    }
    return NULL;
}

static okta_error *read_rsa_private(oktai_bytes der, oktai_key_parts *out)
{
    oktai_bytes *const numbers[] = {&out->n, &out->e,  &out->d,  &out->p,
                                    &out->q, &out->dp, &out->dq, &out->qi};
    oktai_bytes inside;
    oktai_bytes version;
    if (!oktai_der_read(&der, OKTAI_DER_SEQUENCE, &inside) || !oktai_der_read_number(&inside, &version)) {
        return damaged();
    }
    if (version.size > 0) {
        return oktai_error_new(OKTA_E_ARG, "an RSA key of more than two primes is refused");
    }
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (!oktai_der_read_number(&inside, numbers[i])) {
            return damaged();
        }
    }
    out->is_private = true;
    return inside.size > 0 || der.size > 0 ? damaged() : NULL;
}

/* `curve` is the one that stands around the key; NULL: none does. */
static okta_error *read_ec_private(oktai_bytes der, const oktai_key_curve *curve, oktai_key_parts *out)
{
    oktai_bytes inside;
    oktai_bytes version;
    oktai_bytes context;
    if (!oktai_der_read(&der, OKTAI_DER_SEQUENCE, &inside) || der.size > 0 ||
        !oktai_der_read_number(&inside, &version) || version.size != 1 || version.data[0] != 1 ||
        !oktai_der_read(&inside, OKTAI_DER_OCTET_STRING, &out->d)) {
        return damaged();
    }
    out->d = oktai_bytes_trim(out->d);
    out->is_private = true;
    out->curve = curve;
    if (curve == NULL || (inside.size > 0 && inside.data[0] == OKTAI_DER_CONTEXT_0)) {
        context = (oktai_bytes){inside.data, 0};
        oktai_der_read(&inside, OKTAI_DER_CONTEXT_0, &context);
        okta_error *error = read_curve(&context, &out->curve);
        if (error != NULL) {
            return error;
        }
        if (context.size > 0 || (curve != NULL && out->curve != curve)) {
            return damaged();
        }
    }
    if (oktai_der_read(&inside, OKTAI_DER_CONTEXT_1, &context) &&
        (!oktai_der_read_bits(&context, &out->point) || out->point.size == 0 || context.size > 0)) {
        return damaged();
    }
    return inside.size > 0 ? damaged() : NULL;
}

static okta_error *read_pkcs8(oktai_bytes der, oktai_key_parts *out)
{
    oktai_bytes inside;
    oktai_bytes version;
    oktai_bytes key;
    oktai_bytes unused;
    const oktai_key_curve *curve = NULL;
    if (!oktai_der_read(&der, OKTAI_DER_SEQUENCE, &inside) || der.size > 0 ||
        !oktai_der_read_number(&inside, &version) || version.size > 1 ||
        (version.size == 1 && version.data[0] > 1)) {
        return damaged();
    }
    okta_error *error = read_algorithm(&inside, &curve);
    if (error != NULL) {
        return error;
    }
    if (!oktai_der_read(&inside, OKTAI_DER_OCTET_STRING, &key)) {
        return damaged();
    }
    oktai_der_read(&inside, OKTAI_DER_CONTEXT_0, &unused); /* attributes */
    oktai_der_read(&inside, IMPLICIT_1, &unused);          /* the public half again */
    if (inside.size > 0) {
        return damaged();
    }
    return curve == NULL ? read_rsa_private(key, out) : read_ec_private(key, curve, out);
}

static okta_error *read_spki(oktai_bytes der, oktai_key_parts *out)
{
    oktai_bytes inside;
    if (!oktai_der_read(&der, OKTAI_DER_SEQUENCE, &inside) || der.size > 0) {
        return damaged();
    }
    okta_error *error = read_algorithm(&inside, &out->curve);
    if (error != NULL) {
        return error;
    }
    oktai_bytes key;
    if (!oktai_der_read_bits(&inside, &key) || inside.size > 0) {
        return damaged();
    }
    if (out->curve == NULL) {
        return read_rsa_public(key, out);
    }
    out->point = key;
    return NULL;
}

static okta_error *read_sec1(oktai_bytes der, oktai_key_parts *out)
{
    return read_ec_private(der, NULL, out);
}

okta_error *oktai_key_read_der(oktai_key_form form, oktai_bytes der, oktai_key_parts *out)
{
    static okta_error *(*const readers[])(oktai_bytes, oktai_key_parts *) = {
        [OKTAI_FORM_PKCS8] = read_pkcs8,           [OKTAI_FORM_RSA_PRIVATE] = read_rsa_private,
        [OKTAI_FORM_EC_PRIVATE] = read_sec1,       [OKTAI_FORM_SPKI] = read_spki,
        [OKTAI_FORM_RSA_PUBLIC] = read_rsa_public,
    };
    *out = (oktai_key_parts){0};
    return readers[form](der, out);
}

static void put_oid(oktai_der_writer *writer, oktai_bytes oid)
{
    const unsigned char *end = writer->next;
    oktai_der_put(writer, oid);
    oktai_der_wrap(writer, OKTAI_DER_OID, end);
}

static bool put_rsa(oktai_der_writer *writer, const okta_key *key)
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
    unsigned char bytes[OKTAI_RSA_BYTES_MAX];
    size_t size = (size_t)EVP_PKEY_get_size(key->pkey);
    bool good = true;
    for (size_t i = 0; good && i < sizeof names / sizeof names[0]; i++) {
        good = oktai_key_number(key->pkey, names[i], bytes, size);
        if (good) {
            oktai_der_put_number(writer, (oktai_bytes){bytes, size});
        }
    }
    oktai_wipe(bytes, sizeof bytes);
    oktai_der_put_number(writer, (oktai_bytes){NULL, 0});
    oktai_der_wrap(writer, OKTAI_DER_SEQUENCE, end);
    return good;
}

static bool put_ec(oktai_der_writer *writer, const okta_key *key)
{
    static const unsigned char one = 1;
    const unsigned char *end = writer->next;
    size_t size = key->curve->size;
    unsigned char point[2 + OKTAI_EC_POINT_MAX - 1] = {
        0, OKTAI_POINT_FULL}; /* no unused bits; RFC 5480, section 2.2 */
    unsigned char d[OKTAI_EC_BYTES_MAX];
    bool good = oktai_key_number(key->pkey, OSSL_PKEY_PARAM_EC_PUB_X, point + 2, size) &&
                oktai_key_number(key->pkey, OSSL_PKEY_PARAM_EC_PUB_Y, point + 2 + size, size) &&
                oktai_key_number(key->pkey, OSSL_PKEY_PARAM_PRIV_KEY, d, size);
    if (good) {
        oktai_der_put(writer, (oktai_bytes){point, 2 + 2 * size});
        oktai_der_wrap(writer, OKTAI_DER_BIT_STRING, end);
        oktai_der_wrap(writer, OKTAI_DER_CONTEXT_1, end);
        const unsigned char *private_end = writer->next;
        oktai_der_put(writer, (oktai_bytes){d, size});
        oktai_der_wrap(writer, OKTAI_DER_OCTET_STRING, private_end);
        oktai_der_put_number(writer, (oktai_bytes){&one, 1});
        oktai_der_wrap(writer, OKTAI_DER_SEQUENCE, end);
    }
    oktai_wipe(d, sizeof d);
    return good;
}

const unsigned char *oktai_key_write_der(const okta_key *key, unsigned char *end)
{
    oktai_der_writer writer = {end};
    if (key->curve == NULL ? !put_rsa(&writer, key) : !put_ec(&writer, key)) {
        return NULL;
    }
    oktai_der_wrap(&writer, OKTAI_DER_OCTET_STRING, end);
    const unsigned char *algorithm_end = writer.next;
    if (key->curve == NULL) {
        oktai_der_wrap(&writer, OKTAI_DER_NULL, algorithm_end);
        put_oid(&writer, oid_rsa);
    } else {
        put_oid(&writer, key->curve->oid);
        put_oid(&writer, oid_ec);
    }
    oktai_der_wrap(&writer, OKTAI_DER_SEQUENCE, algorithm_end);
    oktai_der_put_number(&writer, (oktai_bytes){NULL, 0});
    oktai_der_wrap(&writer, OKTAI_DER_SEQUENCE, end);
    return writer.next;
}
