/* SPDX-License-Identifier: Apache-2.0 */
#include "faults/fault_tls.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "faults/fault_h2.h"

static void extend(X509 *certificate, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    assert_non_null(extension);
    assert_int_equal(X509_add_ext(certificate, extension, -1), 1);
    X509_EXTENSION_free(extension);
}

static void add_name(X509_NAME *name, const char *kind, const char *text)
{
    assert_int_equal(
        X509_NAME_add_entry_by_txt(name, kind, MBSTRING_ASC, (const unsigned char *)text, -1, -1, 0), 1);
}

/* Not signed yet. Each has a name of its own, so that none is looked for under another's. */
static X509 *make_certificate(EVP_PKEY *key, int from_hours, int to_hours)
{
    static unsigned made;
    char text[32];
    X509 *certificate = X509_new();
    assert_non_null(certificate);
    X509_NAME *name = X509_get_subject_name(certificate);
    snprintf(text, sizeof text, "fault server %u", ++made);
    assert_int_equal(X509_set_version(certificate, X509_VERSION_3), 1);
    assert_int_equal(ASN1_INTEGER_set(X509_get_serialNumber(certificate), (long)made), 1);
    assert_non_null(
        X509_gmtime_adj(X509_getm_notBefore(certificate), 3600L * (from_hours == 0 ? -24 : from_hours)));
    assert_non_null(
        X509_gmtime_adj(X509_getm_notAfter(certificate), 3600L * (to_hours == 0 ? 24 : to_hours)));
    add_name(name, "CN", text);
    assert_int_equal(X509_set_issuer_name(certificate, name), 1);
    assert_int_equal(X509_set_pubkey(certificate, key), 1);
    return certificate;
}

static X509 *make_leaf(EVP_PKEY *key, const fault_tls_options *options)
{
    char names[128];
    X509 *leaf = make_certificate(key, options->valid_from_hours, options->valid_to_hours);
    snprintf(names, sizeof names, "IP:%s%s%s", options->address == NULL ? "127.0.0.1" : options->address,
             options->host == NULL ? "" : ",DNS:", options->host == NULL ? "" : options->host);
    extend(leaf, NID_basic_constraints, options->issued ? "critical,CA:FALSE" : "critical,CA:TRUE");
    extend(leaf, NID_subject_alt_name, names);
    return leaf;
}

/* Signs the leaf; returns who is to be trusted for it. */
static X509 *sign(X509 *leaf, EVP_PKEY *key, const fault_tls_options *options)
{
    const EVP_MD *digest = options->digest == NULL ? EVP_sha256() : EVP_get_digestbyname(options->digest);
    assert_non_null(digest);
    if (!options->issued) {
        assert_true(X509_sign(leaf, key, digest) > 0);
        assert_int_equal(X509_up_ref(leaf), 1);
        return leaf;
    }
    EVP_PKEY *authority_key = EVP_EC_gen("P-256");
    assert_non_null(authority_key);
    X509 *authority = make_certificate(authority_key, -48, options->authority_to_hours);
    for (size_t i = 0; i < options->authority_units; i++) {
        add_name(X509_get_subject_name(authority), "OU", options->authority_unit);
    }
    assert_int_equal(X509_set_issuer_name(authority, X509_get_subject_name(authority)), 1);
    extend(authority, NID_basic_constraints, "critical,CA:TRUE");
    assert_true(X509_sign(authority, authority_key, EVP_sha256()) > 0);
    assert_int_equal(X509_set_issuer_name(leaf, X509_get_subject_name(authority)), 1);
    assert_true(X509_sign(leaf, authority_key, digest) > 0);
    EVP_PKEY_free(authority_key);
    return authority;
}

void fault_tls_write(const char *path, X509 *const *authorities, size_t count)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (size_t i = 0; i < count; i++) {
        assert_true(authorities[i] == NULL || PEM_write_X509(file, authorities[i]) == 1);
    }
    assert_int_equal(fclose(file), 0);
}

static SSL_CTX *make_context(X509 *leaf, EVP_PKEY *key, const fault_tls_options *options)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    assert_non_null(context);
    if (options->rsa_bits != 0 || options->digest != NULL) {
        /* Else OpenSSL would not even offer what is too weak. */
        SSL_CTX_set_security_level(context, 0);
    }
    assert_int_equal(SSL_CTX_use_certificate(context, leaf), 1);
    assert_int_equal(SSL_CTX_use_PrivateKey(context, key), 1);
    assert_true(options->ciphers == NULL || SSL_CTX_set_cipher_list(context, options->ciphers) == 1);
    int min_version = options->min_version == 0 ? TLS1_2_VERSION : options->min_version;
    assert_int_equal(SSL_CTX_set_min_proto_version(context, min_version), 1);
    assert_int_equal(SSL_CTX_set_max_proto_version(context, options->max_version), 1);
    if (options->h2) {
        fault_h2_offer(context);
    }
    return context;
}

void fault_tls_start(fault_tls *tls, const fault_tls_options *options)
{
    unsigned bits = options->rsa_bits == 0 ? 2048 : options->rsa_bits;
    EVP_PKEY *key = options->rsa ? EVP_RSA_gen(bits) : EVP_EC_gen("P-256");
    assert_non_null(key);
    X509 *leaf = make_leaf(key, options);
    *tls = (fault_tls){.authority = sign(leaf, key, options)};
    tls->context = make_context(leaf, key, options);
    snprintf(tls->ca_file, sizeof tls->ca_file, "/tmp/okta-faults-XXXXXX");
    int descriptor = mkstemp(tls->ca_file);
    assert_true(descriptor >= 0);
    assert_int_equal(close(descriptor), 0);
    fault_tls_write(tls->ca_file, &tls->authority, 1);
    X509_free(leaf);
    EVP_PKEY_free(key);
}

void fault_tls_stop(fault_tls *tls)
{
    SSL_CTX_free(tls->context);
    X509_free(tls->authority);
    if (tls->ca_file[0] != '\0') {
        unlink(tls->ca_file);
    }
    *tls = (fault_tls){0};
}
