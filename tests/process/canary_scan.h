/* SPDX-License-Identifier: Apache-2.0 */
/* Looks for secrets in all memory that this process can write: heap, stacks, and the data of every library.
 * Secrets stay masked here, so that the search does not find itself. */
#ifndef OKTA_TESTS_PROCESS_CANARY_SCAN_H
#define OKTA_TESTS_PROCESS_CANARY_SCAN_H

#include <stdbool.h>
#include <stddef.h>

/* Each byte of a masked text is XORed with it. */
#define CANARY_MASK 0xa7u

/* Bytes of a needle: short enough that half a copy of a secret holds one, long enough to mean something. */
#define CANARY_NEEDLE 12u

#define CANARY_NEEDLES_MAX 8192u

/* One more needle of CANARY_NEEDLE masked bytes. False: there are too many. */
bool canary_scan_add(const unsigned char *masked);

/* Look for all of them. Returns how many bytes were looked at; 0: the memory map cannot be read. */
size_t canary_scan_run(void);

/* How often the needle was found; counted from 0 in the order of canary_scan_add(). */
size_t canary_scan_hits(size_t needle);
size_t canary_scan_count(void);

#endif
