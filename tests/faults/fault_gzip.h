/* SPDX-License-Identifier: Apache-2.0 */
/* gzip (RFC 1952) without a library for it: as much as a test of damaged answers needs. */
#ifndef OKTA_TESTS_FAULTS_FAULT_GZIP_H
#define OKTA_TESTS_FAULTS_FAULT_GZIP_H

#include <stddef.h>

typedef struct fault_bytes {
    char *data; /* free() it */
    size_t length;
} fault_bytes;

#define FAULT_GZIP_HEAD    10u /* bytes before the compressed text */
#define FAULT_GZIP_TRAILER 8u  /* bytes behind it */

/* A text of at most 65,535 bytes, in one block that is not compressed. */
fault_bytes fault_gzip(const char *text, size_t length);

/* So many spaces, or up to 257 more, in less than a hundredth of their size. */
fault_bytes fault_gzip_spaces(size_t count);

#endif
