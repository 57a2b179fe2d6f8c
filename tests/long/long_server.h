/* SPDX-License-Identifier: Apache-2.0 */
/* The server of the long runs: HTTP/1.1 on a loopback port, on one thread of a process of its own, so that
 * what a run costs is the library's alone. By path:
 *
 * /api/v1/apps/aN/credentials/jwks/M   a key; requests of app N are to come in the order of M, from 0
 * /api/v1/late                         429, for ten minutes
 * /api/v1/apps/mute/credentials/jwks/M no answer
 * /api/v1/apps/.../credentials/jwks    an empty list whose limit is used up for ten minutes
 *
 * and a key for all others. */
#ifndef OKTA_TESTS_LONG_SERVER_H
#define OKTA_TESTS_LONG_SERVER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define LONG_APPS     64u
#define LONG_WINDOW_S 60

/* What both processes see. */
typedef struct long_shared {
    _Atomic int64_t now_ms;    /* since 1970, of a run with a made-up clock; 0: the clock is the system's */
    atomic_uint limit;         /* keys in a window; 0: any number */
    atomic_uint served;        /* keys */
    atomic_uint refused;       /* with 429 */
    atomic_uint refused_later; /* ... in any window but the first */
    atomic_uint windows;
    atomic_uint unordered;       /* requests of an app that came out of turn */
    atomic_uint mute;            /* requests that wait for an answer for ever */
    atomic_uint next[LONG_APPS]; /* number of the app's next request */
} long_shared;

typedef struct long_server {
    long_shared *shared;
    char url[64];
    pid_t pid;
    int end; /* closed to end it */
} long_server;

bool long_server_start(long_server *server);
void long_server_stop(long_server *server);

#endif
