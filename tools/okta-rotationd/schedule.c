/* SPDX-License-Identifier: Apache-2.0 */
#include "schedule.h"

#define FIRST_MS   5000
#define LONGEST_MS 3600000
/* A clock that is a little behind the org's is no reason to rotate. */
#define AHEAD_S 600

/* FNV-1a: what an app's id is turned into must never change between versions. */
static uint64_t mix(uint64_t hash, unsigned char byte)
{
    return (hash ^ byte) * UINT64_C(1099511628211);
}

int64_t schedule_spread_s(const char *app_id, okta_rotation_kind kind, int64_t jitter_s)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (const char *at = app_id; *at != '\0'; at++) {
        hash = mix(hash, (unsigned char)*at);
    }
    hash = mix(hash, (unsigned char)kind);
    /* The low bits of ids that differ in their last byte only are alike. */
    hash ^= hash >> 32;
    return jitter_s <= 0 ? 0 : (int64_t)(hash % (uint64_t)jitter_s);
}

int64_t schedule_due_s(int64_t created_s, int64_t every_s, int64_t spread_s, int64_t now_s)
{
    if (created_s <= 0 || created_s > now_s + AHEAD_S) {
        return now_s;
    }
    return created_s + every_s + spread_s;
}

int64_t schedule_backoff_ms(unsigned failures, uint32_t chance)
{
    int64_t wait_ms = FIRST_MS;
    for (unsigned i = 1; i < failures && wait_ms < LONGEST_MS; i++) {
        wait_ms *= 2;
    }
    wait_ms = wait_ms < LONGEST_MS ? wait_ms : LONGEST_MS;
    return wait_ms - (int64_t)(chance % (uint32_t)(wait_ms / 4));
}
