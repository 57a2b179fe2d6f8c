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

static X509 *make_certificate(EVP_PKEY *key, const fault_tls_options *options)
{
    char names[64];
    int valid_to_hours = options->valid_to_hours == 0 ? 24 : options->valid_to_hours;
    int valid_from_hours = options->valid_from_hours == 0 ? -24 : options->valid_from_hours;
    X509 *certificate = X509_new();
    assert_non_null(certificate);
    X509_NAME *name = X509_get_subject_name(certificate);
    snprintf(names, sizeof names, "IP:%s", options->address == NULL ? "127.0.0.1" : options->address);
    assert_int_equal(X509_set_version(certificate, X509_VERSION_3), 1);
    assert_int_equal(ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1), 1);
    assert_non_null(X509_gmtime_adj(X509_getm_notBefore(certificate), 3600L * valid_from_hours));
    assert_non_null(X509_gmtime_adj(X509_getm_notAfter(certificate), 3600L * valid_to_hours));
    assert_int_equal(X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                                                (const unsigned char *)"fault server", -1, -1, 0),
                     1);
    assert_int_equal(X509_set_issuer_name(certificate, name), 1);
    assert_int_equal(X509_set_pubkey(certificate, key), 1);
    extend(certificate, NID_basic_constraints, "critical,CA:TRUE");
    extend(certificate, NID_subject_alt_name, names);
    assert_true(X509_sign(certificate, key, EVP_sha256()) > 0);
    return certificate;
}

static void write_ca_file(fault_tls *tls, X509 *certificate)
{
    snprintf(tls->ca_file, sizeof tls->ca_file, "/tmp/okta-faults-XXXXXX");
    int descriptor = mkstemp(tls->ca_file);
    assert_true(descriptor >= 0);
    FILE *file = fdopen(descriptor, "w");
    assert_non_null(file);
    assert_int_equal(PEM_write_X509(file, certificate), 1);
    assert_int_equal(fclose(file), 0);
}

void fault_tls_start(fault_tls *tls, const fault_tls_options *options)
{
    EVP_PKEY *key = options->rsa ? EVP_RSA_gen(2048) : EVP_EC_gen("P-256");
    assert_non_null(key);
    X509 *certificate = make_certificate(key, options);
    *tls = (fault_tls){.context = SSL_CTX_new(TLS_server_method())};
    assert_non_null(tls->context);
    assert_int_equal(SSL_CTX_use_certificate(tls->context, certificate), 1);
    assert_int_equal(SSL_CTX_use_PrivateKey(tls->context, key), 1);
    if (options->ciphers != NULL) {
        assert_int_equal(SSL_CTX_set_cipher_list(tls->context, options->ciphers), 1);
    }
    assert_int_equal(SSL_CTX_set_min_proto_version(
                         tls->context, options->min_version == 0 ? TLS1_2_VERSION : options->min_version),
                     1);
    assert_int_equal(SSL_CTX_set_max_proto_version(tls->context, options->max_version), 1);
    write_ca_file(tls, certificate);
    X509_free(certificate);
    EVP_PKEY_free(key);
}

void fault_tls_stop(fault_tls *tls)
{
    SSL_CTX_free(tls->context);
    if (tls->ca_file[0] != '\0') {
        unlink(tls->ca_file);
    }
    *tls = (fault_tls){0};
}
