/* SPDX-License-Identifier: Apache-2.0 */
#include "http.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/new_error.h"
#include "seats.h"

/* So long a client may do nothing. */
#define TIMEOUT_S 10u

struct http {
    struct MHD_Daemon *daemon;
    http_source source;
    seats seats;
    int fd;
    uint16_t port;
};

/* Answers. */

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned status, const char *type,
                              struct MHD_Response *response)
{
    enum MHD_Result result = MHD_NO;
    if (response != NULL) {
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
        (void)MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
        if (status == MHD_HTTP_METHOD_NOT_ALLOWED) {
            (void)MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
        }
        result = MHD_queue_response(connection, status, response);
        MHD_destroy_response(response);
    }
    return result;
}

static enum MHD_Result answer_text(struct MHD_Connection *connection, unsigned status, const char *text)
{
    return answer(
        connection, status, "text/plain; charset=utf-8",
        MHD_create_response_from_buffer(strlen(text), (void *)(uintptr_t)text, MHD_RESPMEM_MUST_COPY));
}

static enum MHD_Result answer_metrics(const http *self, struct MHD_Connection *connection)
{
    size_t length = 0;
    char *text = self->source.metrics(self->source.ctx, &length);
    if (text == NULL) {
        return answer_text(connection, MHD_HTTP_INTERNAL_SERVER_ERROR, "out of memory\n");
    }
    struct MHD_Response *response = MHD_create_response_from_buffer(length, text, MHD_RESPMEM_MUST_FREE);
    if (response == NULL) {
        free(text);
    }
    return answer(connection, MHD_HTTP_OK, "text/plain; version=0.0.4; charset=utf-8", response);
}

static enum MHD_Result answer_ready(const http *self, struct MHD_Connection *connection)
{
    const char *reason = self->source.refuse_ready(self->source.ctx);
    return reason == NULL ? answer_text(connection, MHD_HTTP_OK, "ready\n")
                          : answer_text(connection, MHD_HTTP_SERVICE_UNAVAILABLE, reason);
}

static enum MHD_Result on_request(void *ctx, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_size, void **state)
{
    const http *self = ctx;
    (void)version;
    (void)upload;
    (void)state;
    if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0) {
        *upload_size = 0;
        return answer_text(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET and HEAD\n");
    }
    if (strcmp(url, "/metrics") == 0) {
        return answer_metrics(self, connection);
    }
    if (strcmp(url, "/healthz") == 0) {
        return answer_text(connection, MHD_HTTP_OK, "alive\n");
    }
    if (strcmp(url, "/readyz") == 0) {
        return answer_ready(self, connection);
    }
    return answer_text(connection, MHD_HTTP_NOT_FOUND, "there are /metrics, /healthz and /readyz\n");
}

/* Connections. */

static void on_connection(void *ctx, struct MHD_Connection *connection, void **its,
                          enum MHD_ConnectionNotificationCode what)
{
    http *self = ctx;
    if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
        seats_leave(*its);
        return;
    }
    const union MHD_ConnectionInfo *fd =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const union MHD_ConnectionInfo *from =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    *its = fd == NULL || from == NULL ? NULL : seats_take(&self->seats, fd->connect_fd, from->client_addr);
}

/* Starting. */

typedef union any_address {
    struct sockaddr any;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
} any_address;

static bool fill_address(const char *host, uint16_t port, any_address *out)
{
    *out = (any_address){.four = {0}};
    if (strchr(host, ':') == NULL) {
        out->four.sin_family = AF_INET;
        out->four.sin_port = htons(port);
        return inet_pton(AF_INET, host, &out->four.sin_addr) == 1;
    }
    out->six = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = htons(port)};
    return inet_pton(AF_INET6, host, &out->six.sin6_addr) == 1;
}

const char *http_where(const char *host, uint16_t port, char out[HTTP_WHERE_SIZE])
{
    bool is_six = strchr(host, ':') != NULL;
    (void)snprintf(out, HTTP_WHERE_SIZE, "%s%s%s:%u", is_six ? "[" : "", host, is_six ? "]" : "",
                   (unsigned)port);
    return out;
}

static okta_error *start(http *self, const char *host, uint16_t port)
{
    any_address address;
    if (!fill_address(host, port, &address)) {
        return report_new_error(OKTA_E_CONFIG, "metrics: %s is no numeric address", host);
    }
    unsigned six = address.any.sa_family == AF_INET6 ? MHD_USE_IPv6 : 0;
    errno = 0;
    self->daemon =
        MHD_start_daemon(MHD_USE_EPOLL | six, port, NULL, NULL, on_request, self, MHD_OPTION_SOCK_ADDR,
                         &address.any, MHD_OPTION_CONNECTION_LIMIT, SEATS, MHD_OPTION_CONNECTION_TIMEOUT,
                         TIMEOUT_S, MHD_OPTION_NOTIFY_CONNECTION, on_connection, self, MHD_OPTION_END);
    const union MHD_DaemonInfo *epoll =
        self->daemon == NULL ? NULL : MHD_get_daemon_info(self->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    const union MHD_DaemonInfo *bound =
        self->daemon == NULL ? NULL : MHD_get_daemon_info(self->daemon, MHD_DAEMON_INFO_BIND_PORT);
    if (epoll == NULL || bound == NULL) {
        char where[HTTP_WHERE_SIZE];
        const char *reason = errno == 0 ? "no reason is known" : strerror(errno);
        return report_new_error(OKTA_E_CONFIG, "metrics: cannot listen on %s: %s",
                                http_where(host, port, where), reason);
    }
    self->fd = epoll->epoll_fd;
    self->port = bound->port;
    return NULL;
}

okta_error *http_start(const char *host, uint16_t port, const http_source *source, http **out)
{
    http *self = calloc(1, sizeof *self);
    *out = NULL;
    if (self == NULL) {
        return okta_error_new(OKTA_E_NOMEM, NULL);
    }
    self->source = *source;
    okta_error *error = start(self, host, port);
    if (error != NULL) {
        http_stop(self);
        return error;
    }
    *out = self;
    return NULL;
}

uint16_t http_port(const http *self)
{
    return self->port;
}

int http_fd(const http *self)
{
    return self->fd;
}

int64_t http_wait_ms(const http *self)
{
    MHD_UNSIGNED_LONG_LONG wait_ms = 0;
    return MHD_get_timeout(self->daemon, &wait_ms) == MHD_YES ? (int64_t)wait_ms : -1;
}

static bool is_full(const http *self)
{
    const union MHD_DaemonInfo *now = MHD_get_daemon_info(self->daemon, MHD_DAEMON_INFO_CURRENT_CONNECTIONS);
    return now != NULL && now->num_connections >= SEATS;
}

void http_run(http *self)
{
    bool was_full = is_full(self);
    (void)MHD_run(self->daemon);
    /* The port is not watched while all connections are taken, and only the next run watches it again:
     * without a connection that is left nothing would wake the loop for that. */
    if (was_full && !is_full(self)) {
        (void)MHD_run(self->daemon);
    }
}

void http_stop(http *self)
{
    if (self != NULL && self->daemon != NULL) {
        MHD_stop_daemon(self->daemon);
    }
    free(self);
}
