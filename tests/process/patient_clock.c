/* SPDX-License-Identifier: Apache-2.0 */
#include "process/patient_clock.h"

#include <stdatomic.h>

static _Atomic int64_t skipped_ms;

static int64_t now_ms(const oktai_clock *clock)
{
    (void)clock;
    return oktai_clock_system_ms() + atomic_load(&skipped_ms);
}

static void wait_ms(const oktai_clock *clock, void (*wait)(void *object, int64_t ms), void *object,
                    int64_t ms)
{
    (void)clock;
    (void)wait;
    (void)object;
    atomic_fetch_add(&skipped_ms, ms);
}

static int64_t wall_ms(const oktai_clock *clock)
{
    (void)clock;
    return oktai_system_clock.wall_ms(&oktai_system_clock) + atomic_load(&skipped_ms);
}

static uint32_t random_bits(const oktai_clock *clock)
{
    (void)clock;
    return oktai_system_clock.random(&oktai_system_clock);
}

const oktai_clock patient_clock = {now_ms, wait_ms, wall_ms, random_bits};
