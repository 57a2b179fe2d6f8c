/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 in base64url. */
#ifndef OKTA_CORE_DIGEST_H
#define OKTA_CORE_DIGEST_H

#include <stddef.h>

#include "okta/error.h"

/* 43 characters and a NUL. */
#define OKTAI_DIGEST_SIZE 44

/* Errors: OKTA_E_CONFIG (OpenSSL cannot compute it), OKTA_E_NOMEM; then `out` is "". */
okta_error *oktai_digest(const char *text, size_t length, char out[OKTAI_DIGEST_SIZE]);
/* The same, to be called inside a stretch of OpenSSL. */
okta_error *oktai_digest_within(const char *text, size_t length, char out[OKTAI_DIGEST_SIZE]);

#endif
