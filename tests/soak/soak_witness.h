/* SPDX-License-Identifier: Apache-2.0 */
/* A thread that only sleeps. By how much it wakes too late tells how late a machine that is busy makes
 * everybody. */
#ifndef OKTA_TESTS_SOAK_WITNESS_H
#define OKTA_TESTS_SOAK_WITNESS_H

#include <stdint.h>

/* Milliseconds that never go back. */
int64_t soak_now_ms(void);

void soak_witness_start(void);
void soak_witness_stop(void);

/* By how much it woke too late at most, of its sleeps that touch this span of time. */
int64_t soak_witness_late_ms(int64_t from_ms, int64_t to_ms);

#endif
