/* SPDX-License-Identifier: Apache-2.0 */
#include "core/clock.h"

#include <sys/random.h>
#include <time.h>

int64_t oktai_clock_system_ms(void)
{
    struct timespec now = {0};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t now_ms(const oktai_clock *clock)
{
    (void)clock;
    return oktai_clock_system_ms();
}

static void wait_ms(const oktai_clock *clock, void (*wait)(void *object, int64_t ms), void *object,
                    int64_t ms)
{
    (void)clock;
    wait(object, ms);
}

static int64_t wall_ms(const oktai_clock *clock)
{
    (void)clock;
    struct timespec now = {0};
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Jitter only: where the system has no randomness yet, the clock's low bits do. */
static uint32_t random_bits(const oktai_clock *clock)
{
    uint32_t bits = 0;
    if (getrandom(&bits, sizeof bits, GRND_NONBLOCK) != (ssize_t)sizeof bits) {
        struct timespec now = {0};
        clock_gettime(CLOCK_MONOTONIC, &now);
        bits = (uint32_t)now.tv_nsec * 2654435761u;
    }
    (void)clock;
    return bits;
}

const oktai_clock oktai_system_clock = {now_ms, wait_ms, wall_ms, random_bits};

struct timespec oktai_clock_in_ms(int64_t ms)
{
    struct timespec until = {0};
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += (time_t)(ms / 1000);
    until.tv_nsec += (long)(ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    return until;
}
