/* SPDX-License-Identifier: Apache-2.0 */
/* TLS for a fault_server: a key and a certificate made for the test, with whatever is wrong with them. */
#ifndef OKTA_TESTS_FAULTS_FAULT_TLS_H
#define OKTA_TESTS_FAULTS_FAULT_TLS_H

#include <stdbool.h>

#include <openssl/ssl.h>

typedef struct fault_tls_options {
    bool rsa;             /* an RSA key of 2,048 bits; else P-256 */
    const char *address;  /* whom the certificate is for; NULL: 127.0.0.1 */
    int valid_from_hours; /* its days, from now */
    int valid_to_hours;   /* 0: one day */
    int min_version;      /* TLS1_1_VERSION and so on; 0: 1.2 */
    int max_version;      /* 0: the latest */
    const char *ciphers;  /* of TLS 1.2 and before; NULL: OpenSSL's own */
} fault_tls_options;

typedef struct fault_tls {
    SSL_CTX *context;
    char ca_file[64]; /* the certificate, which signs itself */
} fault_tls;

void fault_tls_start(fault_tls *tls, const fault_tls_options *options);
/* Also takes the file away. */
void fault_tls_stop(fault_tls *tls);

#endif
