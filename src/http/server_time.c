/* SPDX-License-Identifier: Apache-2.0 */
#include "http/server_time.h"

static void begin(oktai_server_time *time, int64_t now_ms, int64_t wall_ms)
{
    if (!time->begun) {
        time->begun = true;
        time->own_ms = wall_ms - now_ms;
    }
}

static int64_t distance(int64_t a, int64_t b)
{
    return a > b ? a - b : b - a;
}

void oktai_server_time_learn(oktai_server_time *time, int64_t date_s, int64_t now_ms, int64_t wall_ms)
{
    begin(time, now_ms, wall_ms);
    /* A date has whole seconds. Its beginning is never ahead of the server. */
    int64_t server_ms = date_s * 1000 - now_ms;
    int64_t wall_offset_ms = wall_ms - now_ms;
    int64_t own_ms = distance(server_ms, wall_offset_ms) < distance(server_ms, time->own_ms) ? wall_offset_ms
                                                                                             : time->own_ms;
    if (server_ms > own_ms + OKTAI_SKEW_MAX_MS) {
        server_ms = own_ms + OKTAI_SKEW_MAX_MS;
    } else if (server_ms < own_ms - OKTAI_SKEW_MAX_MS) {
        server_ms = own_ms - OKTAI_SKEW_MAX_MS;
    }
    time->known = true;
    time->server_ms = server_ms;
}

int64_t oktai_server_time_excess_s(oktai_server_time *time, int64_t date_s, int64_t now_ms, int64_t wall_ms)
{
    begin(time, now_ms, wall_ms);
    int64_t by_wall_ms = date_s * 1000 - wall_ms;
    int64_t by_start_ms = date_s * 1000 - (time->own_ms + now_ms);
    bool believed =
        distance(by_wall_ms, 0) <= OKTAI_SKEW_MAX_MS || distance(by_start_ms, 0) <= OKTAI_SKEW_MAX_MS;
    return believed ? 0 : by_wall_ms / 1000;
}

int64_t oktai_server_time_s(oktai_server_time *time, int64_t now_ms, int64_t wall_ms)
{
    begin(time, now_ms, wall_ms);
    return (time->known ? time->server_ms + now_ms : wall_ms) / 1000;
}
