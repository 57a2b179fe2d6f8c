/* SPDX-License-Identifier: Apache-2.0 */
/* The system's CA folder and bundle as a test wants them, for the library and for libcurl. The program is
 * linked with -Wl,--wrap=curl_version_info, and what libcurl reads from the real folder comes from the
 * test's.
 */
#ifndef OKTA_TESTS_FAULTS_FAULT_AUTHORITIES_H
#define OKTA_TESTS_FAULTS_FAULT_AUTHORITIES_H

#include <openssl/x509.h>

typedef struct fault_authorities {
    char folder[64]; /* with a link for each authority, once there is one */
    char bundle[96];
    char folder_file[128];
} fault_authorities;

/* An empty folder, and no bundle yet. */
void fault_authorities_start(fault_authorities *self);
void fault_authorities_stop(fault_authorities *self);

/* Let the folder, or the bundle, hold this one alone. */
void fault_authorities_in_folder(fault_authorities *self, X509 *authority);
void fault_authorities_in_bundle(fault_authorities *self, X509 *authority);

/* How often a folder or file of authorities was given to OpenSSL to read by itself, by whomever. */
unsigned fault_authorities_folders(void);
unsigned fault_authorities_files(void);

#endif
