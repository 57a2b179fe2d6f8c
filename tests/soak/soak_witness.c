/* SPDX-License-Identifier: Apache-2.0 */
#include "soak/soak_witness.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

#define NAP_MS 5
#define NAPS   4096u /* that are remembered: at least 20 s */

typedef struct nap {
    int64_t from_ms;
    int64_t late_ms;
} nap;

static struct {
    pthread_t thread;
    pthread_mutex_t lock; /* of what follows */
    bool stopped;
    nap naps[NAPS];
    size_t count; /* the latest one is at hand: its `late_ms` is not known yet */
} witness = {.lock = PTHREAD_MUTEX_INITIALIZER};

int64_t soak_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void *sleep_on(void *context)
{
    const struct timespec time = {.tv_nsec = NAP_MS * 1000000L};
    (void)context;
    for (bool stopped = false; !stopped;) {
        int64_t from_ms = soak_now_ms();
        pthread_mutex_lock(&witness.lock);
        nap *self = &witness.naps[witness.count++ % NAPS];
        *self = (nap){from_ms, 0};
        pthread_mutex_unlock(&witness.lock);
        nanosleep(&time, NULL);
        pthread_mutex_lock(&witness.lock);
        self->late_ms = soak_now_ms() - from_ms - NAP_MS;
        stopped = witness.stopped;
        pthread_mutex_unlock(&witness.lock);
    }
    return NULL;
}

void soak_witness_start(void)
{
    if (pthread_create(&witness.thread, NULL, sleep_on, NULL) != 0) {
        abort();
    }
}

void soak_witness_stop(void)
{
    pthread_mutex_lock(&witness.lock);
    witness.stopped = true;
    pthread_mutex_unlock(&witness.lock);
    pthread_join(witness.thread, NULL);
}

int64_t soak_witness_late_ms(int64_t from_ms, int64_t to_ms)
{
    int64_t most_ms = 0;
    pthread_mutex_lock(&witness.lock);
    size_t known = witness.count < NAPS ? witness.count : NAPS;
    for (size_t i = 1; i <= known; i++) {
        const nap *one = &witness.naps[(witness.count - i) % NAPS];
        int64_t late_ms = i == 1 ? to_ms - one->from_ms - NAP_MS : one->late_ms;
        bool touches = one->from_ms <= to_ms && one->from_ms + NAP_MS + late_ms >= from_ms;
        if (touches && late_ms > most_ms) {
            most_ms = late_ms;
        }
        if (one->from_ms + NAP_MS + late_ms < from_ms) {
            break;
        }
    }
    pthread_mutex_unlock(&witness.lock);
    return most_ms;
}
