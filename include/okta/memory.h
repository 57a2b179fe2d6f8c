/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Memory below the library. libokta wipes its own memory before it gives it back. libcurl and OpenSSL do not
 * wipe all of theirs: copies of a token stay where a header was written, of a key where it was read. A
 * program that must not leave such copies switches wiping on for them too.
 */
#ifndef OKTA_MEMORY_H
#define OKTA_MEMORY_H

#include "okta/common.h"
#include "okta/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Give libcurl and OpenSSL an allocator that overwrites each block before it is freed or moved.
 *
 * It holds for the whole process, for every user of the two libraries in it, until the process ends: libokta
 * must not be unloaded from here on. Call it first of all, before the first client or key is made, and before
 * anything in the program uses OpenSSL or libcurl; no other thread may use them meanwhile. Calling it again
 * does nothing.
 *
 * What it costs: each block has 16 bytes more, and is written once more when it goes. Clients speak HTTP/1.1
 * only, as libcurl's HTTP/2 engine has memory of its own that cannot be wiped. They have one connection for
 * each request in flight in either case.
 *
 * After an error the program goes on as if it had not been called, except that OpenSSL may use the allocator
 * already. cJSON is never touched.
 *
 * @return NULL; ::OKTA_E_CONFIG (too late: OpenSSL has allocated memory, or libcurl is initialised; or
 *         `SSLKEYLOGFILE` is set), ::OKTA_E_NOMEM, ::OKTA_E_TRANSPORT (libcurl cannot start).
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_use_wiping_memory(void);

#ifdef __cplusplus
}
#endif
#endif
