/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzz/fuzz_server.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define CONNECTIONS_MAX 64u
#define REQUEST_MAX     16384u
/* How often libcurl may ask to wait while the server has nothing to do before it hangs up. */
#define IDLE_MAX 3u
/* ... and before the client counts as hanging. */
#define HANG_MAX 64u

typedef struct connection {
    int socket; /* -1: closed */
    bool answering;
    unsigned waiting; /* requests that came while it did */
    bool ended;       /* our half is */
    fuzz_text answer;
    size_t sent;
    char last; /* what ends the answer */
    char *input;
    size_t length;
} connection;

static struct {
    int listener;
    char url[32];
    fuzz_text answers;
    size_t parts;
    fuzz_request_fn *on_request;
    fuzz_text last_answer;
    connection connections[CONNECTIONS_MAX];
    size_t count;
    unsigned idle;
} server = {.listener = -1};

CURLMcode __real_curl_multi_poll(CURLM *multi, struct curl_waitfd *extra, unsigned extra_count,
                                 int timeout_ms, int *ready);
CURLMcode __wrap_curl_multi_poll(CURLM *multi, struct curl_waitfd *extra, unsigned extra_count,
                                 int timeout_ms, int *ready);

const char *fuzz_server_url(void)
{
    if (server.listener < 0) {
        struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
        socklen_t size = sizeof address;
        server.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        FUZZ_CHECK(server.listener >= 0);
        FUZZ_CHECK(bind(server.listener, (struct sockaddr *)&address, sizeof address) == 0);
        FUZZ_CHECK(listen(server.listener, (int)CONNECTIONS_MAX) == 0);
        FUZZ_CHECK(getsockname(server.listener, (struct sockaddr *)&address, &size) == 0);
        snprintf(server.url, sizeof server.url, "http://127.0.0.1:%u", (unsigned)ntohs(address.sin_port));
    }
    return server.url;
}

/* By a reset, so that no port is kept for a minute. */
static void hang_up(connection *self)
{
    struct linger at_once = {.l_onoff = 1};
    if (self->socket >= 0) {
        setsockopt(self->socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
        close(self->socket);
    }
    self->socket = -1;
}

static void end_answers(connection *self)
{
    if (!self->ended) {
        shutdown(self->socket, SHUT_WR);
    }
    self->ended = true;
}

static bool accept_one(void)
{
    int on = 1;
    int accepted = server.count == CONNECTIONS_MAX ? -1 : accept(server.listener, NULL, NULL);
    if (accepted < 0) {
        return false;
    }
    FUZZ_CHECK(fcntl(accepted, F_SETFL, O_NONBLOCK) == 0);
    setsockopt(accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    connection *self = &server.connections[server.count++];
    *self = (connection){.socket = accepted, .input = calloc(1, REQUEST_MAX)};
    FUZZ_CHECK(self->input != NULL);
    return true;
}

/* Bytes of the request that the input begins with; 0: it is not whole yet. */
static size_t request_length(const connection *self)
{
    static const char name[] = "\r\nContent-Length:";
    const char *end = strstr(self->input, "\r\n\r\n");
    unsigned long body = 0;
    if (end == NULL) {
        return 0;
    }
    for (const char *p = self->input; p < end; p++) {
        if (strncasecmp(p, name, sizeof name - 1) == 0) {
            body = strtoul(p + sizeof name - 1, NULL, 10);
        }
    }
    size_t whole = (size_t)(end - self->input) + 4 + body;
    return self->length >= whole ? whole : 0;
}

/* The next piece of the input. Behind the last one every connection is ended without a word. */
static void begin_answer(connection *self)
{
    static const char ends[] = {FUZZ_KEEP, FUZZ_CLOSE, FUZZ_RESET, '\0'};
    fuzz_text *left = &server.answers;
    size_t length = 0;
    while (length < left->length &&
           (left->text[length] == '\0' || strchr(ends, left->text[length]) == NULL)) {
        length++;
    }
    bool has_end = length < left->length;
    self->last = has_end ? left->text[length] : FUZZ_CLOSE;
    self->answer = (fuzz_text){left->text, length};
    self->sent = 0;
    self->answering = true;
    server.last_answer = self->answer;
    *left = (fuzz_text){left->text + length + has_end, left->length - length - has_end};
}

static bool receive(connection *self)
{
    ssize_t got = recv(self->socket, self->input + self->length, REQUEST_MAX - 1 - self->length, 0);
    if (got <= 0) {
        return false;
    }
    self->length += (size_t)got;
    self->input[self->length] = '\0';
    size_t length = request_length(self);
    if (length > 0) {
        FUZZ_CHECK(length == self->length);
        server.on_request(self->input, length);
        self->length = 0;
        self->input[0] = '\0';
        self->waiting++;
    }
    return true;
}

static void send_part(connection *self)
{
    size_t left = self->answer.length - self->sent;
    size_t part = self->answer.length / server.parts + 1;
    ssize_t sent = left == 0 ? 0
                             : send(self->socket, self->answer.text + self->sent, part < left ? part : left,
                                    MSG_NOSIGNAL);
    if (sent < 0) {
        self->answering = false;
        return;
    }
    self->sent += (size_t)sent;
    self->answering = self->sent < self->answer.length;
    if (!self->answering && self->last == FUZZ_CLOSE) {
        end_answers(self);
    } else if (!self->answering && self->last == FUZZ_RESET) {
        hang_up(self);
    }
}

/* Whether anything was done. */
static bool serve(void)
{
    bool busy = accept_one();
    for (size_t i = 0; i < server.count; i++) {
        connection *self = &server.connections[i];
        if (self->socket < 0) {
            continue;
        }
        busy = receive(self) || busy;
        if (!self->answering && self->waiting > 0) {
            self->waiting--;
            begin_answer(self);
        }
        if (self->answering) {
            send_part(self);
            busy = true;
        }
    }
    return busy;
}

CURLMcode __wrap_curl_multi_poll(CURLM *multi, struct curl_waitfd *extra, unsigned extra_count,
                                 int timeout_ms, int *ready)
{
    (void)timeout_ms;
    server.idle = serve() ? 0 : server.idle + 1;
    FUZZ_CHECK(server.idle < HANG_MAX);
    for (size_t i = 0; server.idle > IDLE_MAX && i < server.count; i++) {
        if (server.connections[i].socket >= 0) {
            end_answers(&server.connections[i]);
        }
    }
    return __real_curl_multi_poll(multi, extra, extra_count, server.idle > IDLE_MAX ? 1 : 0, ready);
}

void fuzz_server_begin(fuzz_text answers, size_t parts, fuzz_request_fn *on_request)
{
    server.answers = answers;
    server.parts = parts;
    server.on_request = on_request;
    server.last_answer = (fuzz_text){NULL, 0};
    server.count = 0;
    server.idle = 0;
}

void fuzz_server_end(void)
{
    while (accept_one()) {
    }
    for (size_t i = 0; i < server.count; i++) {
        hang_up(&server.connections[i]);
        free(server.connections[i].input);
    }
    server.count = 0;
}

fuzz_text fuzz_server_last_answer(void)
{
    return server.last_answer;
}
