/* SPDX-License-Identifier: Apache-2.0 */
#include "bench_many.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#ifdef BENCH_CALLGRIND
#include <valgrind/callgrind.h>
#else
#define CALLGRIND_START_INSTRUMENTATION
#define CALLGRIND_STOP_INSTRUMENTATION
#endif

#define IN_FLIGHT_MAX 1024u

static struct rusage usage_before;
static struct timespec time_before;

static unsigned long round_up(unsigned long number, unsigned unit)
{
    return (number + unit - 1) / unit * unit;
}

bool bench_many_read(int argc, char **argv, bench_many *out)
{
    if (argc != 7) {
        return false;
    }
    unsigned long in_flight = strtoul(argv[4], NULL, 10);
    if (in_flight == 0 || in_flight > IN_FLIGHT_MAX) {
        return false;
    }
    out->url = argv[1];
    out->ca_file = strcmp(argv[2], "-") == 0 ? NULL : argv[2];
    out->users = strcmp(argv[3], "users") == 0;
    out->in_flight = (unsigned)in_flight;
    out->warm = round_up(strtoul(argv[5], NULL, 10), out->in_flight);
    out->calls = round_up(strtoul(argv[6], NULL, 10), out->in_flight);
    return true;
}

void bench_many_begin(void)
{
    getrusage(RUSAGE_SELF, &usage_before);
    clock_gettime(CLOCK_MONOTONIC, &time_before);
    CALLGRIND_START_INSTRUMENTATION;
}

static long long between(struct timeval begin, struct timeval end)
{
    return (long long)(end.tv_sec - begin.tv_sec) * 1000000 + (end.tv_usec - begin.tv_usec);
}

void bench_many_end(const bench_many *many)
{
    struct rusage usage;
    struct timespec now;
    CALLGRIND_STOP_INSTRUMENTATION;
    getrusage(RUSAGE_SELF, &usage);
    clock_gettime(CLOCK_MONOTONIC, &now);
    long long wall_us =
        (long long)(now.tv_sec - time_before.tv_sec) * 1000000 + (now.tv_nsec - time_before.tv_nsec) / 1000;
    printf("%lu %lld %lld %ld %lld\n", many->calls, between(usage_before.ru_utime, usage.ru_utime),
           between(usage_before.ru_stime, usage.ru_stime), usage.ru_nvcsw - usage_before.ru_nvcsw, wall_us);
}

/* What all threads share. The main thread takes part in the barrier. */
typedef struct crew {
    const bench_many *many;
    bool (*call)(void *context);
    pthread_barrier_t barrier;
} crew;

typedef struct worker {
    crew *crew;
    void *context;
    bool good;
    pthread_t thread;
} worker;

static void work(worker *self, unsigned long calls)
{
    for (unsigned long left = calls / self->crew->many->in_flight; self->good && left > 0; left--) {
        self->good = self->crew->call(self->context);
    }
}

static void *run(void *argument)
{
    worker *self = argument;
    pthread_barrier_wait(&self->crew->barrier); /* all are there: each needs a connection of its own */
    work(self, self->crew->many->warm);
    pthread_barrier_wait(&self->crew->barrier); /* all are warm */
    pthread_barrier_wait(&self->crew->barrier); /* the figures begin */
    work(self, self->crew->many->calls);
    pthread_barrier_wait(&self->crew->barrier); /* all are done */
    return NULL;
}

bool bench_many_threads(const bench_many *many, bool (*call)(void *context), void *const *contexts)
{
    static worker workers[IN_FLIGHT_MAX];
    crew all = {.many = many, .call = call};
    pthread_barrier_init(&all.barrier, NULL, many->in_flight + 1);
    for (unsigned i = 0; i < many->in_flight; i++) {
        workers[i] = (worker){.crew = &all, .context = contexts[i], .good = true};
        if (pthread_create(&workers[i].thread, NULL, run, &workers[i]) != 0) {
            abort(); /* the others would wait for it at the barrier */
        }
    }
    pthread_barrier_wait(&all.barrier);
    pthread_barrier_wait(&all.barrier);
    bench_many_begin();
    pthread_barrier_wait(&all.barrier);
    pthread_barrier_wait(&all.barrier);
    bench_many_end(many);
    bool good = true;
    for (unsigned i = 0; i < many->in_flight; i++) {
        pthread_join(workers[i].thread, NULL);
        good = good && workers[i].good;
    }
    pthread_barrier_destroy(&all.barrier);
    return good;
}
