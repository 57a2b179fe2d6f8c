/* SPDX-License-Identifier: Apache-2.0 */
#include "shop.h"

#include <time.h>

int64_t shop_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* xorshift */
uint32_t shop_chance(shop *self)
{
    uint32_t x = self->chance == 0 ? 1 : self->chance;
    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    self->chance = x;
    return x;
}
