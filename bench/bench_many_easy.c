/* SPDX-License-Identifier: Apache-2.0 */
/* What bench_many_okta does, by hand: threads that have a handle of libcurl each. Arguments: bench_many.h. */
#include <stdlib.h>

#include "bench_many_answer.h"

static bool call(void *context)
{
    bench_many_call *one = context;
    bench_many_call_reset(one);
    return bench_many_call_take(one, curl_easy_perform(one->easy));
}

int main(int argc, char **argv)
{
    bench_many many;
    if (!bench_many_read(argc, argv, &many) || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        return 2;
    }
    bench_many_call *calls = calloc(many.in_flight, sizeof *calls);
    void **contexts = calloc(many.in_flight, sizeof *contexts);
    bool good = calls != NULL && contexts != NULL;
    for (unsigned i = 0; good && i < many.in_flight; i++) {
        good = bench_many_call_init(&calls[i], &many);
        contexts[i] = &calls[i];
    }
    good = good && bench_many_threads(&many, call, contexts);
    for (unsigned i = 0; calls != NULL && i < many.in_flight; i++) {
        bench_many_call_clear(&calls[i]);
    }
    free(contexts);
    free(calls);
    curl_global_cleanup();
    return good ? 0 : 1;
}
