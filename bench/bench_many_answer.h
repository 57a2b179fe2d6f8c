/* SPDX-License-Identifier: Apache-2.0 */
/* One call of bench_many_okta by hand on libcurl and cJSON: the same request with the same options of TLS,
 * and the members that a program needs copied from the tree into a small struct. */
#ifndef OKTA_BENCH_MANY_ANSWER_H
#define OKTA_BENCH_MANY_ANSWER_H

#include <curl/curl.h>
#include <stddef.h>

#include "bench_many.h"

typedef struct bench_many_call {
    CURL *easy;
    bool users;
    char *data; /* the body */
    size_t length;
    size_t capacity;
    struct curl_slist *headers;
} bench_many_call;

/* False: out of memory, or libcurl knows an option not. */
bool bench_many_call_init(bench_many_call *call, const bench_many *many);
void bench_many_call_clear(bench_many_call *call);

/* Begin with an empty body. */
void bench_many_call_reset(bench_many_call *call);
/* Whether the transfer's answer is a good one: decode it, and forget it. */
bool bench_many_call_take(const bench_many_call *call, CURLcode code);

#endif
