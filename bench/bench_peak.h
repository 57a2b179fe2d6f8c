/* SPDX-License-Identifier: Apache-2.0 */
/* How much memory of its own a program had at most. */
#ifndef OKTA_BENCH_PEAK_H
#define OKTA_BENCH_PEAK_H

/* KiB at the peak without the pages that come from files as they are: all processes share those, and the size
 * of the library is a figure of its own. -1: this system does not tell. */
long bench_peak_kib(void);

#endif
