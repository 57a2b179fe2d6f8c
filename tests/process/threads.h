/* SPDX-License-Identifier: Apache-2.0 */
/* The threads of this process, as the kernel counts them. */
#ifndef OKTA_TESTS_PROCESS_THREADS_H
#define OKTA_TESTS_PROCESS_THREADS_H

unsigned threads_count(void);

#endif
