/* SPDX-License-Identifier: Apache-2.0 */
/* long_runs short|full [RUN]: makes the runs, and prints their figures with the limits. scripts/long-runs
 * calls it. */
#include <stdio.h>
#include <string.h>

#include "long/long_run.h"

static const struct {
    const char *name;
    bool (*run)(const long_size *size);
} runs[] = {
    {"rate", long_run_rate},     {"waiters", long_run_waiters}, {"sleepers", long_run_sleepers},
    {"memory", long_run_memory}, {"clients", long_run_clients}, {"cancel", long_run_cancel},
};

static const long_size sizes[] = {
    {.rate_calls = 10000, .rounds = 40, .memory_calls = 60000, .clients = 1000},
    {.rate_calls = 10000, .rounds = 100, .memory_calls = 1000000, .clients = 10000},
};

int main(int argc, char **argv)
{
    bool full = argc > 1 && strcmp(argv[1], "full") == 0;
    bool good = true;
    unsigned made = 0;
    if (argc < 2 || argc > 3 || (!full && strcmp(argv[1], "short") != 0)) {
        fputs("usage: long_runs short|full [RUN]\n", stderr);
        return 2;
    }
    for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++) {
        if (argc == 2 || strcmp(argv[2], runs[i].name) == 0) {
            good = runs[i].run(&sizes[full]) && good;
            made++;
        }
    }
    return good && made > 0 ? 0 : 1;
}
