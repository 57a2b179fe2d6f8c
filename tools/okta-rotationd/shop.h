/* SPDX-License-Identifier: Apache-2.0 */
/* What all workers of a daemon share. */
#ifndef OKTA_ROTATIOND_SHOP_H
#define OKTA_ROTATIOND_SHOP_H

#include <okta/rotation.h>
#include <stdbool.h>

#include "ledger.h"

/* What happened since the process began. */
typedef struct shop_counts {
    uint64_t begun;
    uint64_t done;
    uint64_t undone;
    uint64_t failed;
    uint64_t overtaken; /* another daemon went on with it */
    uint64_t looks;     /* at what an app holds */
    uint64_t reloads_good;
    uint64_t reloads_bad;
    int64_t last_success_s; /* 0: none yet */
} shop_counts;

typedef struct shop {
    okta_client *client;
    okta_loop *loop;
    ledger ledger;
    patience patience; /* with the database of the ledger */
    int64_t term_ms;   /* of leases */
    size_t running;
    bool is_stopping;
    uint32_t chance; /* of the latest shop_chance() */
    shop_counts counts;
} shop;

/* The time of day in milliseconds since 1970. */
int64_t shop_now_ms(void);

/* Any number: not for secrets. */
uint32_t shop_chance(shop *self);

#endif
