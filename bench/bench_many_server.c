/* SPDX-License-Identifier: Apache-2.0 */
/* bench_many_server FOLDER: an HTTP/1.1 server on one thread for scripts/bench-load. It answers each GET of
 * /api/v1/users with FOLDER/users.json and all others with FOLDER/key.json, or with the same in gzip
 * (key.json.gz, users.json.gz) where the client takes it. Its rate limit is counted as Okta does.
 * Prints its URL. A line with a number N on its standard input is repeated on its standard output; the next N
 * requests are answered when all of them are there, so that a client opens as many connections as it has
 * calls in flight. Runs until its standard input ends. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define REQUEST_MAX 8192u
#define HEAD_MAX    1024u
#define EVENTS_MAX  64
#define RATE_LIMIT  100000000L
#define SOCKETS_MAX 1024
#define HOLD_MS     5000 /* a client that never has so many calls in flight is answered then */

typedef struct answer {
    char *data;
    size_t length;
} answer;

/* Each with its twin in gzip. */
typedef enum answer_name { KEY, KEY_GZIP, USERS, USERS_GZIP, ANSWERS } answer_name;

typedef struct connection {
    bool waits; /* with a request, for those of others */
    size_t length;
    char request[REQUEST_MAX + 1];
} connection;

typedef struct server {
    int epoll;
    int listener;
    connection connections[SOCKETS_MAX]; /* by socket */
    unsigned waiting;                    /* of these */
    unsigned held;                       /* that many are to wait; 0: none */
    answer answers[ANSWERS];
    long remaining;
    time_t reset_s;
} server;

static bool read_answer(const char *folder, const char *name, answer *out)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    FILE *copy = open_memstream(&out->data, &out->length);
    int byte;
    while (file != NULL && copy != NULL && (byte = fgetc(file)) != EOF) {
        fputc(byte, copy);
    }
    bool good = file != NULL && copy != NULL && fclose(copy) == 0;
    if (file != NULL) {
        fclose(file);
    }
    return good && out->length > 0;
}

/* A window is a minute of the clock. */
static void count_call(server *self, time_t now)
{
    if (now >= self->reset_s) {
        self->reset_s = now - now % 60 + 60;
        self->remaining = RATE_LIMIT;
    }
    self->remaining--;
}

static bool send_all(int socket, const char *data, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(socket, data, length, MSG_NOSIGNAL);
        if (sent <= 0) {
            return false;
        }
        data += sent;
        length -= (size_t)sent;
    }
    return true;
}

static bool reply(server *self, int socket, const char *request)
{
    char date[64], text[HEAD_MAX + 65536];
    time_t now = time(NULL);
    struct tm parts;
    bool gzip = strcasestr(request, "\r\naccept-encoding:") != NULL && strstr(request, "gzip") != NULL;
    bool users = strstr(request, "/api/v1/users") != NULL;
    const answer *body = &self->answers[(users ? USERS : KEY) + (gzip ? 1 : 0)];
    count_call(self, now);
    gmtime_r(&now, &parts);
    strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    int head = snprintf(text, HEAD_MAX,
                        "HTTP/1.1 200 OK\r\nDate: %s\r\nContent-Type: application/json\r\n"
                        "X-Okta-Request-Id: aVxmZ2Jlbmno%010ld\r\nX-Rate-Limit-Limit: %ld\r\n"
                        "X-Rate-Limit-Remaining: %ld\r\nX-Rate-Limit-Reset: %lld\r\n"
                        "Cache-Control: no-cache, no-store\r\nVary: Accept-Encoding\r\n%s"
                        "Strict-Transport-Security: max-age=315360000; includeSubDomains\r\n"
                        "Content-Length: %zu\r\n\r\n",
                        date, RATE_LIMIT - self->remaining, RATE_LIMIT, self->remaining,
                        (long long)self->reset_s, gzip ? "Content-Encoding: gzip\r\n" : "", body->length);
    if (body->length > sizeof text - HEAD_MAX) {
        return false;
    }
    memcpy(text + head, body->data, body->length);
    return send_all(socket, text, (size_t)head + body->length);
}

/* False: the connection is over. */
static bool reply_to_all(server *self, int socket)
{
    connection *peer = &self->connections[socket];
    const char *end;
    while ((end = strstr(peer->request, "\r\n\r\n")) != NULL) {
        if (!reply(self, socket, peer->request)) {
            return false;
        }
        size_t used = (size_t)(end + 4 - peer->request);
        peer->length -= used;
        memmove(peer->request, peer->request + used, peer->length + 1);
    }
    return peer->length < REQUEST_MAX;
}

/* The same. There are no bodies of requests. */
static bool serve(server *self, int socket)
{
    connection *peer = &self->connections[socket];
    ssize_t got = recv(socket, peer->request + peer->length, REQUEST_MAX - peer->length, 0);
    if (got <= 0) {
        return false;
    }
    peer->length += (size_t)got;
    peer->request[peer->length] = '\0';
    if (self->held > 0 && !peer->waits) {
        peer->waits = true;
        self->waiting++;
    }
    return peer->waits || reply_to_all(self, socket);
}

static void end(server *self, int socket)
{
    self->waiting -= self->connections[socket].waits ? 1 : 0;
    self->connections[socket] = (connection){0};
    close(socket);
}

static void serve_waiting(server *self)
{
    self->held = 0;
    for (int socket = 0; self->waiting > 0 && socket < SOCKETS_MAX; socket++) {
        connection *peer = &self->connections[socket];
        if (peer->waits) {
            peer->waits = false;
            self->waiting--;
            if (!reply_to_all(self, socket)) {
                end(self, socket);
            }
        }
    }
}

static void add(const server *self, int socket)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = socket};
    epoll_ctl(self->epoll, EPOLL_CTL_ADD, socket, &event);
}

static void accept_one(server *self)
{
    int one = 1;
    int socket = accept(self->listener, NULL, NULL);
    if (socket >= SOCKETS_MAX) {
        close(socket);
    } else if (socket >= 0) {
        setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        self->connections[socket].length = 0;
        add(self, socket);
    }
}

static bool start(server *self, const char *folder)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    self->epoll = epoll_create1(EPOLL_CLOEXEC);
    self->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (!read_answer(folder, "key.json", &self->answers[KEY]) ||
        !read_answer(folder, "key.json.gz", &self->answers[KEY_GZIP]) ||
        !read_answer(folder, "users.json", &self->answers[USERS]) ||
        !read_answer(folder, "users.json.gz", &self->answers[USERS_GZIP]) ||
        bind(self->listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(self->listener, 1024) != 0 ||
        getsockname(self->listener, (struct sockaddr *)&address, &size) != 0) {
        return false;
    }
    printf("http://127.0.0.1:%u\n", (unsigned)ntohs(address.sin_port));
    fflush(stdout);
    add(self, self->listener);
    add(self, STDIN_FILENO);
    return true;
}

/* False: standard input has ended. */
static bool take_order(server *self)
{
    char line[32];
    ssize_t got = read(STDIN_FILENO, line, sizeof line - 1);
    if (got <= 0) {
        return false;
    }
    line[got] = '\0';
    self->held = (unsigned)strtoul(line, NULL, 10);
    printf("%u\n", self->held);
    return fflush(stdout) == 0;
}

/* The same. */
static bool step(server *self)
{
    struct epoll_event events[EVENTS_MAX];
    bool runs = true;
    int count = epoll_wait(self->epoll, events, EVENTS_MAX, self->waiting > 0 ? HOLD_MS : -1);
    for (int i = 0; i < count; i++) {
        int socket = events[i].data.fd;
        if (socket == STDIN_FILENO) {
            runs = take_order(self);
        } else if (socket == self->listener) {
            accept_one(self);
        } else if (!serve(self, socket)) {
            end(self, socket);
        }
    }
    if (count == 0 || self->waiting >= self->held) {
        serve_waiting(self);
    }
    return runs;
}

int main(int argc, char **argv)
{
    static server self;
    if (argc != 2 || !start(&self, argv[1])) {
        return 1;
    }
    while (step(&self)) {
    }
    return 0;
}
