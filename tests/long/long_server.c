/* SPDX-License-Identifier: Apache-2.0 */
#include "long/long_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define REQUEST_MAX 2048u
#define SOCKETS_MAX 4096
#define EVENTS_MAX  64
#define TOO_MANY    "429 Too Many Requests"
#define REFUSAL     "{\"errorCode\":\"E0000047\",\"errorSummary\":\"API call exceeded rate limit\"}"
#define KEY                                                                                                  \
    "{\"id\":\"pks1\",\"kid\":\"k\",\"kty\":\"EC\",\"crv\":\"P-256\",\"status\":\"ACTIVE\","                 \
    "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","                                                 \
    "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}"

typedef struct peer {
    size_t length;
    char request[REQUEST_MAX + 1];
} peer;

typedef struct serving {
    long_shared *shared;
    int epoll;
    int listener;
    int end;
    int64_t window_ends_s;
    unsigned used; /* in the window */
    peer *peers;   /* by socket */
} serving;

/* What an answer is made of. */
typedef struct answer {
    const char *status;
    unsigned limit;
    unsigned left;
    int64_t reset_s;
    const char *body;
} answer;

static int64_t now_s(const serving *self)
{
    int64_t ms = atomic_load(&self->shared->now_ms);
    return ms == 0 ? (int64_t)time(NULL) : ms / 1000;
}

/* Windows begin with a request. False: it is used up. */
static bool take_turn(serving *self)
{
    long_shared *shared = self->shared;
    int64_t now = now_s(self);
    if (now >= self->window_ends_s) {
        self->window_ends_s = now + LONG_WINDOW_S;
        self->used = 0;
        atomic_fetch_add(&shared->windows, 1);
    }
    if (self->used < atomic_load(&shared->limit)) {
        self->used++;
        return true;
    }
    atomic_fetch_add(&shared->refused, 1);
    atomic_fetch_add(&shared->refused_later, atomic_load(&shared->windows) > 1);
    return false;
}

static void check_order(long_shared *shared, const char *request)
{
    static const char before[] = "GET /api/v1/apps/a";
    static const char between[] = "/credentials/jwks/";
    char *rest;
    if (strncmp(request, before, sizeof before - 1) != 0) {
        return;
    }
    unsigned long app = strtoul(request + sizeof before - 1, &rest, 10);
    if (strncmp(rest, between, sizeof between - 1) != 0) {
        return;
    }
    unsigned long number = strtoul(rest + sizeof between - 1, NULL, 10);
    if (app < LONG_APPS && atomic_fetch_add(&shared->next[app], 1) != number) {
        atomic_fetch_add(&shared->unordered, 1);
    }
}

static answer answer_key(serving *self, const char *request)
{
    unsigned limit = atomic_load(&self->shared->limit);
    answer made = {.status = "200 OK", .limit = limit, .body = KEY};
    if (limit > 0 && !take_turn(self)) {
        made.status = TOO_MANY;
        made.body = REFUSAL;
    } else {
        atomic_fetch_add(&self->shared->served, 1);
        check_order(self->shared, request);
    }
    made.left = limit - self->used;
    made.reset_s = self->window_ends_s;
    return made;
}

/* False: it gets none. */
static bool choose(serving *self, const char *request, answer *out)
{
    if (strstr(request, "/apps/mute/") != NULL) {
        atomic_fetch_add(&self->shared->mute, 1);
        return false;
    }
    if (strstr(request, "/jwks HTTP") != NULL) {
        *out = (answer){"200 OK", 100, 0, now_s(self) + 600, "[]"};
    } else if (strstr(request, "/api/v1/late") != NULL) {
        *out = (answer){TOO_MANY, 100, 0, now_s(self) + 600, REFUSAL};
    } else {
        *out = answer_key(self, request);
    }
    return true;
}

static bool reply(serving *self, int socket, const char *request)
{
    char date[64];
    char rate[160] = "";
    char text[1024];
    struct tm parts;
    answer made;
    if (!choose(self, request, &made)) {
        return true;
    }
    time_t now = (time_t)now_s(self);
    gmtime_r(&now, &parts);
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    if (made.limit > 0) {
        snprintf(rate, sizeof rate,
                 "X-Rate-Limit-Limit: %u\r\nX-Rate-Limit-Remaining: %u\r\nX-Rate-Limit-Reset: %lld\r\n",
                 made.limit, made.left, (long long)made.reset_s);
    }
    int length = snprintf(text, sizeof text,
                          "HTTP/1.1 %s\r\nDate: %s\r\nContent-Type: application/json\r\n%s"
                          "Content-Length: %zu\r\n\r\n%s",
                          made.status, date, rate, strlen(made.body), made.body);
    return send(socket, text, (size_t)length, MSG_NOSIGNAL) == (ssize_t)length;
}

/* False: the connection is over. No request has a body. */
static bool serve(serving *self, int socket)
{
    peer *at = &self->peers[socket];
    ssize_t got = recv(socket, at->request + at->length, REQUEST_MAX - at->length, 0);
    if (got <= 0) {
        return false;
    }
    at->length += (size_t)got;
    at->request[at->length] = '\0';
    const char *end;
    while ((end = strstr(at->request, "\r\n\r\n")) != NULL) {
        if (!reply(self, socket, at->request)) {
            return false;
        }
        size_t used = (size_t)(end + 4 - at->request);
        at->length -= used;
        memmove(at->request, at->request + used, at->length + 1);
    }
    return at->length < REQUEST_MAX;
}

static void watch(const serving *self, int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    if (epoll_ctl(self->epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
        _exit(1);
    }
}

static void accept_one(serving *self)
{
    int one = 1;
    int made = accept(self->listener, NULL, NULL);
    if (made >= SOCKETS_MAX) {
        close(made);
    } else if (made >= 0) {
        setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        self->peers[made].length = 0;
        watch(self, made);
    }
}

/* Runs until the other end of `end` is closed. */
static void run(serving *self)
{
    struct epoll_event events[EVENTS_MAX];
    self->epoll = epoll_create1(EPOLL_CLOEXEC);
    self->peers = calloc(SOCKETS_MAX, sizeof *self->peers);
    if (self->epoll < 0 || self->peers == NULL) {
        _exit(1);
    }
    watch(self, self->listener);
    watch(self, self->end);
    for (;;) {
        int count = epoll_wait(self->epoll, events, EVENTS_MAX, -1);
        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd;
            if (fd == self->end) {
                _exit(0);
            }
            if (fd == self->listener) {
                accept_one(self);
            } else if (!serve(self, fd)) {
                close(fd);
            }
        }
    }
}

static bool listen_at(int *listener, char *url, size_t size)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    *listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (*listener < 0 || bind(*listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(*listener, SOCKETS_MAX) != 0 ||
        getsockname(*listener, (struct sockaddr *)&address, &length) != 0) {
        return false;
    }
    snprintf(url, size, "http://127.0.0.1:%u", (unsigned)ntohs(address.sin_port));
    return true;
}

bool long_server_start(long_server *server)
{
    serving self = {0};
    int ends[2];
    void *shared =
        mmap(NULL, sizeof *server->shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED || pipe(ends) != 0 ||
        !listen_at(&self.listener, server->url, sizeof server->url)) {
        return false;
    }
    server->shared = shared;
    self.shared = shared;
    self.end = ends[0];
    server->end = ends[1];
    server->pid = fork();
    if (server->pid == 0) {
        close(ends[1]);
        run(&self);
    }
    close(ends[0]);
    close(self.listener);
    return server->pid > 0;
}

void long_server_stop(long_server *server)
{
    close(server->end);
    waitpid(server->pid, NULL, 0);
    munmap(server->shared, sizeof *server->shared);
}
