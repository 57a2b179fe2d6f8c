/* SPDX-License-Identifier: Apache-2.0 */
#include "server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/buffer.h"
#include "core/error.h"

#define CONNECTIONS_MAX 16u
#define READ_AT_ONCE    65536u

typedef struct connection {
    int fd;
    oktai_buffer in;
} connection;

struct replay_server {
    char url[40];
    int listener;
    int stop[2]; /* a pipe, whose end stops the thread */
    pthread_t thread;
    bool runs;
    connection connections[CONNECTIONS_MAX];
    size_t connection_count;

    pthread_mutex_t lock; /* of what follows */
    const exchange *expected;
    oktai_buffer method; /* of the request that was answered as recorded; without data: none came */
    oktai_buffer target;
    oktai_buffer body;
    unsigned strange;
};

/* A request in the bytes of a connection. */
typedef struct request {
    okta_text method;
    okta_text target;
    okta_text body;
    size_t length; /* of all of it */
} request;

/* The number behind `Content-Length:`; 0 without such a header. */
static size_t content_length(const char *head, const char *end)
{
    static const char name[] = "\r\ncontent-length:";
    for (const char *at = head; at + sizeof name <= end; at++) {
        if (*at == '\r' && strncasecmp(at, name, sizeof name - 1) == 0) {
            return (size_t)strtoull(at + sizeof name - 1, NULL, 10);
        }
    }
    return 0;
}

/* False: it is not whole. The client is libokta's own, which sends a length with each body. */
static bool read_request(const oktai_buffer *in, request *out)
{
    const char *end = in->length == 0 ? NULL : strstr(in->data, "\r\n\r\n");
    if (end == NULL) {
        return false;
    }
    size_t head = (size_t)(end - in->data) + 4;
    size_t body = content_length(in->data, end);
    size_t method = strcspn(in->data, " ");
    const char *target = in->data + method + (in->data[method] == ' ');
    if (in->length - head < body) {
        return false;
    }
    *out = (request){.method = {in->data, method},
                     .target = {target, strcspn(target, " \r")},
                     .body = {in->data + head, body},
                     .length = head + body};
    return true;
}

/* Headers that say how a message is framed; the body is recorded without that. */
static bool is_framing(const char *name)
{
    static const char *const names[] = {"content-length", "transfer-encoding", "content-encoding",
                                        "connection",     "keep-alive",        "trailer",
                                        "upgrade"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcasecmp(name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

static void write_recorded(const exchange *one, oktai_buffer *out)
{
    bool bodyless = one->status == 204 || one->status == 304;
    oktai_buffer_printf(out, "HTTP/1.1 %d Recorded\r\n", one->status);
    for (size_t i = 0; i < one->header_count; i++) {
        if (!is_framing(one->headers[i].name)) {
            oktai_buffer_printf(out, "%s: ", one->headers[i].name);
            oktai_buffer_add_text(out, one->headers[i].value);
            oktai_buffer_add_text(out, "\r\n");
        }
    }
    if (!bodyless) {
        oktai_buffer_printf(out, "Content-Length: %zu\r\n", one->answer.length);
    }
    oktai_buffer_add_text(out, "\r\n");
    if (!bodyless && one->answer.data != NULL) {
        oktai_buffer_append(out, one->answer.data, one->answer.length);
    }
}

static bool text_is(okta_text text, const char *other)
{
    return strlen(other) == text.length && memcmp(other, text.text, text.length) == 0;
}

static void keep(oktai_buffer *into, okta_text text)
{
    oktai_buffer_reset(into);
    if (!oktai_buffer_append(into, text.text, text.length)) {
        oktai_buffer_clear(into);
    }
}

static void answer(replay_server *self, const request *one, oktai_buffer *out)
{
    static const char empty_list[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                                     "Content-Length: 2\r\n\r\n[]";
    static const char refusal[] = "HTTP/1.1 501 Unexpected\r\nContent-Length: 0\r\n\r\n";
    pthread_mutex_lock(&self->lock);
    bool first = self->method.length == 0;
    if (self->expected != NULL && first && text_is(one->method, self->expected->method)) {
        keep(&self->method, one->method);
        keep(&self->target, one->target);
        keep(&self->body, one->body);
        write_recorded(self->expected, out);
    } else if (self->expected != NULL && text_is(one->method, "GET")) {
        oktai_buffer_add_text(out, empty_list);
    } else {
        self->strange++;
        oktai_buffer_add_text(out, refusal);
    }
    pthread_mutex_unlock(&self->lock);
}

static bool send_all(int fd, const oktai_buffer *out)
{
    for (size_t sent = 0; sent < out->length;) {
        ssize_t count = send(fd, out->data + sent, out->length - sent, MSG_NOSIGNAL);
        if (count < 0 && errno != EINTR) {
            return false;
        }
        sent += count > 0 ? (size_t)count : 0;
    }
    return true;
}

/* Answer the requests that are whole. */
static bool serve(replay_server *self, connection *from)
{
    request one;
    bool good = true;
    while (good && read_request(&from->in, &one)) {
        oktai_buffer out = {0};
        answer(self, &one, &out);
        good = !out.failed && send_all(from->fd, &out);
        oktai_buffer_clear(&out);
        from->in.length -= one.length;
        memmove(from->in.data, from->in.data + one.length, from->in.length + 1);
    }
    return good;
}

/* False: the connection is over. */
static bool receive(replay_server *self, connection *from)
{
    if (!oktai_buffer_reserve(&from->in, from->in.length + READ_AT_ONCE)) {
        return false;
    }
    ssize_t count = recv(from->fd, from->in.data + from->in.length, READ_AT_ONCE, 0);
    if (count <= 0) {
        return count < 0 && errno == EINTR;
    }
    from->in.length += (size_t)count;
    from->in.data[from->in.length] = '\0';
    return serve(self, from);
}

static void close_connection(replay_server *self, size_t at)
{
    (void)close(self->connections[at].fd);
    oktai_buffer_clear(&self->connections[at].in);
    self->connection_count--;
    self->connections[at] = self->connections[self->connection_count];
}

static void accept_one(replay_server *self)
{
    int fd = accept(self->listener, NULL, NULL);
    if (fd >= 0) {
        self->connections[self->connection_count++] = (connection){.fd = fd};
    }
}

static void *run(void *object)
{
    replay_server *self = object;
    struct pollfd fds[CONNECTIONS_MAX + 2];
    for (;;) {
        size_t count = self->connection_count;
        bool room = count < CONNECTIONS_MAX;
        fds[0] = (struct pollfd){.fd = self->stop[0], .events = POLLIN};
        fds[1] = (struct pollfd){.fd = room ? self->listener : -1, .events = POLLIN};
        for (size_t i = 0; i < count; i++) {
            fds[i + 2] = (struct pollfd){.fd = self->connections[i].fd, .events = POLLIN};
        }
        if (poll(fds, (nfds_t)count + 2, -1) < 0 && errno != EINTR) {
            break;
        }
        if (fds[0].revents != 0) {
            break;
        }
        for (size_t i = count; i > 0; i--) {
            if (fds[i + 1].revents != 0 && !receive(self, &self->connections[i - 1])) {
                close_connection(self, i - 1);
            }
        }
        if (room && fds[1].revents != 0) {
            accept_one(self);
        }
    }
    while (self->connection_count > 0) {
        close_connection(self, self->connection_count - 1);
    }
    return NULL;
}

static bool listen_on_loopback(replay_server *self)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof address;
    self->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (self->listener < 0 || bind(self->listener, (struct sockaddr *)&address, length) != 0 ||
        listen(self->listener, (int)CONNECTIONS_MAX) != 0 ||
        getsockname(self->listener, (struct sockaddr *)&address, &length) != 0) {
        return false;
    }
    (void)snprintf(self->url, sizeof self->url, "http://127.0.0.1:%u", (unsigned)ntohs(address.sin_port));
    return true;
}

okta_error *server_start(replay_server **out)
{
    replay_server *self = calloc(1, sizeof *self);
    *out = NULL;
    if (self == NULL) {
        return oktai_error_nomem();
    }
    self->listener = self->stop[0] = self->stop[1] = -1;
    pthread_mutex_init(&self->lock, NULL);
    bool good = listen_on_loopback(self) && pipe(self->stop) == 0;
    int reason = good ? pthread_create(&self->thread, NULL, run, self) : errno;
    self->runs = good && reason == 0;
    if (!self->runs) {
        server_stop(self);
        return oktai_error_new(OKTA_E_TRANSPORT, "cannot serve on loopback: %s", strerror(reason));
    }
    *out = self;
    return NULL;
}

const char *server_url(const replay_server *self)
{
    return self->url;
}

void server_expect(replay_server *self, const exchange *one)
{
    pthread_mutex_lock(&self->lock);
    self->expected = one;
    self->strange = 0;
    oktai_buffer_clear(&self->method);
    oktai_buffer_clear(&self->target);
    oktai_buffer_clear(&self->body);
    pthread_mutex_unlock(&self->lock);
}

seen_request server_seen(replay_server *self)
{
    pthread_mutex_lock(&self->lock);
    const seen_request seen = {.method = self->method.data,
                               .target = self->target.data == NULL ? "" : self->target.data,
                               .body = {self->body.data == NULL ? "" : self->body.data, self->body.length},
                               .strange = self->strange};
    pthread_mutex_unlock(&self->lock);
    return seen;
}

void server_stop(replay_server *self)
{
    if (self == NULL) {
        return;
    }
    int fds[] = {self->stop[1], self->stop[0], self->listener};
    for (size_t i = 0; i < sizeof fds / sizeof fds[0]; i++) {
        if (fds[i] >= 0) {
            (void)close(fds[i]);
        }
        if (i == 0 && self->runs) {
            pthread_join(self->thread, NULL);
        }
    }
    oktai_buffer_clear(&self->method);
    oktai_buffer_clear(&self->target);
    oktai_buffer_clear(&self->body);
    pthread_mutex_destroy(&self->lock);
    free(self);
}
