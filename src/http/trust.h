/* SPDX-License-Identifier: Apache-2.0 */
/* Whom a client trusts to sign the certificates of servers: the authorities of one file, or the system's. */
#ifndef OKTA_HTTP_TRUST_H
#define OKTA_HTTP_TRUST_H

#include <openssl/x509_vfy.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "okta/error.h"

/* The largest file of authorities in bytes. A system's bundle has some 220,000. */
#define OKTAI_TRUST_FILE_MAX 2097152u

/* How much of the system's authorities is read. */
typedef enum oktai_trust_reach {
    OKTAI_TRUST_QUICK, /* the folder with a link for each authority, where there is one; else the bundle */
    OKTAI_TRUST_WHOLE, /* folder and bundle */
} oktai_trust_reach;

/* Authorities as they were read at one time. Zeroed: none. */
typedef struct oktai_trust {
    X509_STORE *store;
    bool has_more;        /* OKTAI_TRUST_WHOLE would read more */
    const char *watched;  /* the file or folder that changes when the authorities do */
    struct stat as_found; /* ... before it was read */
} oktai_trust;

/* Read `ca_file` (borrowed for the life of `out`), or what the system has when it is NULL: the folder and the
 * bundle that libcurl was built for, or OpenSSL's where it was built for none. Only regular files are read,
 * and nothing here waits for another process.
 *
 * Errors: OKTA_E_CONFIG (what cannot be read, is too large, or has no certificate), OKTA_E_NOMEM,
 * OKTA_E_TRANSPORT (too few descriptors: it may pass, and the error is retryable). They name `ca_file` or the
 * system's file, and `out` is untouched. */
okta_error *oktai_trust_read(const char *ca_file, oktai_trust_reach reach, oktai_trust *out);

/* Whether what was read looks changed on disk. */
bool oktai_trust_is_outdated(const oktai_trust *trust);

void oktai_trust_clear(oktai_trust *trust);

/* NULL, or why a file cannot be one of authorities: it does not exist, or is no regular file. For a TLS
 * library that reads it by itself. Errors: OKTA_E_CONFIG. */
okta_error *oktai_trust_refuse_file(const char *ca_file);

#endif
