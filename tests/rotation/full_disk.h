/* SPDX-License-Identifier: Apache-2.0 */
/* A disk for SQLite that is full, or broken, from a moment on. Nothing is really brought to the disk, so that
 * a sweep over all moments is quick. */
#ifndef OKTA_TESTS_ROTATION_FULL_DISK_H
#define OKTA_TESTS_ROTATION_FULL_DISK_H

#include <stdbool.h>

/* What becomes of the deed that fails. */
typedef enum full_disk_mode {
    FULL_DISK_ONCE,   /* it is not done; those behind it are */
    FULL_DISK_STAYS,  /* neither it nor any behind it is done */
    FULL_DISK_HALF,   /* of a write the first half is done; none behind it is */
    FULL_DISK_BEHIND, /* it is done, and told as failed; none behind it is done */
    FULL_DISK_MODES,
} full_disk_mode;

/* All databases of the process are on this disk from here on. False: SQLite does not take it. */
bool full_disk_install(void);

/* The nth open, write, sync, truncation or growth of shared memory from here on fails. 0: none. */
void full_disk_fail(unsigned nth, full_disk_mode mode);

/* There is room again. Returns how many deeds there were since full_disk_fail(). */
unsigned full_disk_mend(void);

#endif
