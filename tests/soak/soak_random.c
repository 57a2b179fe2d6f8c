/* SPDX-License-Identifier: Apache-2.0 */
#include "soak/soak_random.h"

/* SplitMix64. */
static uint64_t next(soak_random *random)
{
    uint64_t z = random->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

soak_random soak_random_begin(uint64_t seed, uint64_t number)
{
    soak_random random = {seed ^ (number * UINT64_C(0xd6e8feb86659fd93))};
    next(&random);
    return random;
}

size_t soak_below(soak_random *random, size_t count)
{
    return (size_t)(next(random) % count);
}

bool soak_once_in(soak_random *random, size_t count)
{
    return soak_below(random, count) == 0;
}
