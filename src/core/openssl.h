/* SPDX-License-Identifier: Apache-2.0 */
/* OpenSSL's error queue belongs to the program. What runs between begin and end leaves it as it was. */
#ifndef OKTA_CORE_OPENSSL_H
#define OKTA_CORE_OPENSSL_H

#include <stdbool.h>

#include "okta/error.h"

/* One stretch of OpenSSL calls. */
typedef struct oktai_openssl {
    bool queue_was_empty;
} oktai_openssl;

/* The first call of every stretch. Errors: OKTA_E_NOMEM (OpenSSL cannot start; no function of it may then be
 * called, and oktai_openssl_end() neither). */
okta_error *oktai_openssl_begin(oktai_openssl *stretch);

/* Interrupt a stretch for foreign code, which may use the queue. */
void oktai_openssl_pause(oktai_openssl stretch);
void oktai_openssl_resume(oktai_openssl *stretch);

/* A stretch of foreign code; `uses`: it uses OpenSSL, which has started. A queue that was empty is empty
 * again; in another one its errors stay, behind those of the program. */
oktai_openssl oktai_openssl_begin_foreign(bool uses);
void oktai_openssl_end_foreign(oktai_openssl stretch);

/* Within a stretch: the latest error of its own calls; 0: none. */
unsigned long oktai_openssl_latest(void);

/* Within a stretch: OpenSSL's reason for it, which lives as long as OpenSSL; NULL: none. */
const char *oktai_openssl_reason(void);

/* Takes back what the stretch put into the queue. Returns `error` (nullable), or out of memory in its place
 * when memory was the cause. */
okta_error *oktai_openssl_end(oktai_openssl stretch, okta_error *error);

#endif
