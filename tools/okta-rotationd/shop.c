/* SPDX-License-Identifier: Apache-2.0 */
#include "shop.h"

#include "common/now.h"

int64_t shop_now_ms(void)
{
    return now_wall_ms();
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
