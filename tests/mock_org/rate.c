/* SPDX-License-Identifier: Apache-2.0 */
#include "mock_rate.h"

/* A clock that a test moves backwards must not leave a window that lasts longer than it may. */
static bool window_is_open(const mock_bucket *bucket, mock_limit limit, int64_t now)
{
    return bucket->ends > now && bucket->ends - now <= (int64_t)limit.window_s;
}

bool mock_rate_take(mock_bucket *bucket, mock_limit limit, int64_t now)
{
    if (!window_is_open(bucket, limit, now)) {
        *bucket = (mock_bucket){.ends = now + (int64_t)limit.window_s};
    }
    if (bucket->used >= limit.calls) {
        return false;
    }
    bucket->used++;
    return true;
}

mock_rate_state mock_rate_look(const mock_bucket *bucket, mock_limit limit, int64_t now)
{
    bool open = window_is_open(bucket, limit, now);
    return (mock_rate_state){
        .limit = limit.calls,
        .remaining = limit.calls - (open ? bucket->used : 0),
        .reset = open ? bucket->ends : now + (int64_t)limit.window_s,
    };
}
