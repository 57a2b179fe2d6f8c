/* SPDX-License-Identifier: Apache-2.0 */
/* Time and chance, as an interface: policies take them as arguments, tests bring their own. */
#ifndef OKTA_CORE_CLOCK_H
#define OKTA_CORE_CLOCK_H

#include <stdint.h>
#include <time.h>

typedef struct oktai_clock {
    /* Milliseconds that never go back, from any start. */
    int64_t (*now_ms)(const struct oktai_clock *clock);
    /* Wait that long. `wait` and its `object` can end the wait early; a clock that is not real ignores them.
     */
    void (*wait_ms)(const struct oktai_clock *clock, void (*wait)(void *object, int64_t ms), void *object,
                    int64_t ms);
    /* The time of day in milliseconds since 1970, UTC, as the machine believes it; it may jump. */
    int64_t (*wall_ms)(const struct oktai_clock *clock);
    /* 32 bits by chance. */
    uint32_t (*random)(const struct oktai_clock *clock);
} oktai_clock;

/* The system's. */
extern const oktai_clock oktai_system_clock;

/* Its milliseconds that never go back, for what waits in real time whatever the clock of a client says. */
int64_t oktai_clock_system_ms(void);

/* The time by CLOCK_MONOTONIC in so many milliseconds, for a condition. */
struct timespec oktai_clock_in_ms(int64_t ms);

#endif
