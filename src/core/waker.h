/* SPDX-License-Identifier: Apache-2.0 */
/* A descriptor that any thread can make readable. */
#ifndef OKTA_CORE_WAKER_H
#define OKTA_CORE_WAKER_H

#include <stdbool.h>

typedef struct oktai_waker {
    int to_read; /* -1: none */
    int to_write;
} oktai_waker;

/* False: no descriptor is left. */
bool oktai_waker_open(oktai_waker *waker);
void oktai_waker_close(oktai_waker *waker);

/* Make it readable. */
void oktai_waker_wake(const oktai_waker *waker);
/* Make it readable no more. */
void oktai_waker_calm(const oktai_waker *waker);

#endif
