/* SPDX-License-Identifier: Apache-2.0 */
/* /metrics, /healthz and /readyz, in the thread of the daemon. */
#ifndef OKTA_ROTATIOND_HTTP_H
#define OKTA_ROTATIOND_HTTP_H

#include <okta/error.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct http http;

/* What the pages say. */
typedef struct http_source {
    void *ctx;
    /* The text of /metrics; freed by free(). NULL: out of memory. */
    char *(*metrics)(void *ctx, size_t *out_length);
    /* Why the daemon is not ready; NULL: it is. */
    const char *(*refuse_ready)(void *ctx);
} http_source;

/* Listen on a numeric address. Port 0 is a free one. Errors: OKTA_E_CONFIG, OKTA_E_NOMEM. */
okta_error *http_start(const char *host, uint16_t port, const http_source *source, http **out);

/* "HOST:PORT", with brackets around an IPv6 address; returns `out`. */
#define HTTP_WHERE_SIZE 64u
const char *http_where(const char *host, uint16_t port, char out[HTTP_WHERE_SIZE]);

uint16_t http_port(const http *self);

/* Readable when http_run() has something to do, or its time is over. */
int http_fd(const http *self);

/* In how many milliseconds http_run() is to run at the latest; -1: no time. */
int64_t http_wait_ms(const http *self);

void http_run(http *self);

/* NULL is allowed. */
void http_stop(http *self);

#endif
