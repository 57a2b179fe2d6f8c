/* SPDX-License-Identifier: Apache-2.0 */
/* The guard that a careful program needs for a handle that is used again before libcurl 8.1.0 (curl issue
 * 11101). */
#ifndef OKTA_BENCH_GUARD_H
#define OKTA_BENCH_GUARD_H

#include <curl/curl.h>

/* Nothing with a later libcurl. */
void bench_guard(CURL *easy);

#endif
