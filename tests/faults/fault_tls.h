/* SPDX-License-Identifier: Apache-2.0 */
/* TLS for a fault_server: a key and a certificate made for the test, with whatever is wrong with them. */
#ifndef OKTA_TESTS_FAULTS_FAULT_TLS_H
#define OKTA_TESTS_FAULTS_FAULT_TLS_H

#include <stdbool.h>
#include <stddef.h>

#include <openssl/ssl.h>

typedef struct fault_tls_options {
    bool rsa;                   /* an RSA key; else P-256 */
    unsigned rsa_bits;          /* 0: 2,048 */
    const char *address;        /* whom the certificate is for; NULL: 127.0.0.1 */
    const char *host;           /* a name that it is for too; nullable */
    int valid_from_hours;       /* its days, from now */
    int valid_to_hours;         /* 0: one day */
    bool issued;                /* by an authority of its own; else it signs itself */
    const char *authority_unit; /* stands in its name, too; nullable */
    size_t authority_units;     /* how often */
    int authority_to_hours;     /* until when that one is valid, from now; 0: one day */
    const char *digest;         /* of the signature; NULL: SHA256 */
    int min_version;            /* TLS1_1_VERSION and so on; 0: 1.2 */
    int max_version;            /* 0: the latest */
    const char *ciphers;        /* of TLS 1.2 and before; NULL: OpenSSL's own */
    bool h2;                    /* HTTP/2 for clients that offer it */
} fault_tls_options;

typedef struct fault_tls {
    SSL_CTX *context;
    X509 *authority;  /* who signed the certificate */
    char ca_file[64]; /* the same as a file */
} fault_tls;

void fault_tls_start(fault_tls *tls, const fault_tls_options *options);
/* Also takes the file away. */
void fault_tls_stop(fault_tls *tls);

/* Make `path` a file of these authorities; NULL among them is passed over. */
void fault_tls_write(const char *path, X509 *const *authorities, size_t count);

#endif
