/* SPDX-License-Identifier: Apache-2.0 */
/* When something is due. No clock and no I/O. */
#ifndef OKTA_ROTATIOND_SCHEDULE_H
#define OKTA_ROTATIOND_SCHEDULE_H

#include <okta/rotation.h>

/* How long after its time an app begins, 0 to `jitter_s` - 1: always the same of an app and kind, so that
 * apps whose credentials were made together spread over the jitter. */
int64_t schedule_spread_s(const char *app_id, okta_rotation_kind kind, int64_t jitter_s);

/* When a credential that was made at `created_s` is due, in seconds since 1970. One whose age is unknown (0)
 * is due at once, and so is one from the future: its time cannot be right. */
int64_t schedule_due_s(int64_t created_s, int64_t every_s, int64_t spread_s, int64_t now_s);

/* How long to wait after so many failures in a row, 1 and more: twice as long after each, between 5 seconds
 * and an hour, and less by up to a quarter by `chance`, which is any number. */
int64_t schedule_backoff_ms(unsigned failures, uint32_t chance);

#endif
