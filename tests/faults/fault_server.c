/* SPDX-License-Identifier: Apache-2.0 */
#include "faults/fault_server.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/ssl.h>

#define BACKLOG 128

typedef struct connection {
    struct connection *next;
    fault_server *server;
    pthread_t thread;
    unsigned number;
    SSL *tls;
    char *input; /* what arrived and is not part of a request yet */
    size_t input_length;
    size_t input_capacity;
    pthread_mutex_t lock; /* of `socket` */
    int socket;           /* -1: closed */
} connection;

typedef struct record {
    struct record *next;
    fault_request request;
    char text[];
} record;

struct fault_server {
    fault_plan plan;
    int holder; /* bound, so that the port stays the server's; never listens */
    int listener;
    unsigned port;
    char url[48];
    int wake[2]; /* a byte in this pipe ends the accepting thread */
    pthread_t thread;
    bool accepting;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t changed;
    unsigned hang_ups;
    unsigned script_ends;
    connection *connections;
    unsigned connection_count;
    unsigned handshakes;
    record *records;
    record **records_end;
    unsigned record_count;
};

static const fault_step good_script[] = {{.act = FAULT_READ}, {FAULT_SEND, FAULT_TEXT(FAULT_GOOD), 1}};

static bool send_some(connection *self, const char *data, size_t length)
{
    while (length > 0) {
        ssize_t sent;
        if (self->tls != NULL) {
            sent = SSL_write(self->tls, data, length > INT32_MAX ? INT32_MAX : (int)length);
        } else {
            sent = send(self->socket, data, length, MSG_NOSIGNAL);
        }
        if (sent <= 0) {
            return false;
        }
        data += sent;
        length -= (size_t)sent;
    }
    return true;
}

/* More input, which is appended. False: the client hung up. */
static bool receive_some(connection *self)
{
    enum { CHUNK = 16384 };
    if (self->input_capacity - self->input_length < CHUNK) {
        size_t capacity = self->input_capacity * 2 + CHUNK;
        char *input = realloc(self->input, capacity);
        if (input == NULL) {
            return false;
        }
        self->input = input;
        self->input_capacity = capacity;
    }
    char *end = self->input + self->input_length;
    ssize_t got = self->tls != NULL ? SSL_read(self->tls, end, CHUNK) : recv(self->socket, end, CHUNK, 0);
    if (got <= 0) {
        return false;
    }
    self->input_length += (size_t)got;
    return true;
}

/* Bytes of the request that the input begins with; 0: it is not whole yet. */
static size_t request_length(const connection *self)
{
    static const char name[] = "\r\nContent-Length:";
    const char *input = self->input;
    size_t head = 0;
    unsigned long body = 0;
    for (size_t i = 0; i + 4 <= self->input_length && head == 0; i++) {
        if (self->input_length - i > sizeof name && strncasecmp(input + i, name, sizeof name - 1) == 0) {
            body = strtoul(input + i + sizeof name - 1, NULL, 10);
        }
        head = memcmp(input + i, "\r\n\r\n", 4) == 0 ? i + 4 : 0;
    }
    return head > 0 && self->input_length >= head + body ? head + body : 0;
}

static void keep_request(connection *self, size_t length)
{
    fault_server *server = self->server;
    record *kept = malloc(sizeof *kept + length + 1);
    if (kept == NULL) {
        abort();
    }
    memcpy(kept->text, self->input, length);
    kept->text[length] = '\0';
    kept->next = NULL;
    kept->request = (fault_request){self->number, kept->text, length};
    self->input_length -= length;
    memmove(self->input, self->input + length, self->input_length);
    pthread_mutex_lock(&server->lock);
    *server->records_end = kept;
    server->records_end = &kept->next;
    server->record_count++;
    pthread_cond_broadcast(&server->changed);
    pthread_mutex_unlock(&server->lock);
}

static bool read_request(connection *self)
{
    size_t length;
    while ((length = request_length(self)) == 0) {
        if (!receive_some(self)) {
            return false;
        }
    }
    keep_request(self, length);
    return true;
}

static void hang_up(connection *self, bool reset)
{
    struct linger at_once = {.l_onoff = 1};
    pthread_mutex_lock(&self->lock);
    if (reset) {
        setsockopt(self->socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    close(self->socket);
    self->socket = -1;
    pthread_mutex_unlock(&self->lock);
}

static void count_up(fault_server *server, unsigned *counter)
{
    pthread_mutex_lock(&server->lock);
    (*counter)++;
    pthread_cond_broadcast(&server->changed);
    pthread_mutex_unlock(&server->lock);
}

static void await(fault_server *server, const unsigned *counter, unsigned count)
{
    pthread_mutex_lock(&server->lock);
    while (*counter < count) {
        pthread_cond_wait(&server->changed, &server->lock);
    }
    pthread_mutex_unlock(&server->lock);
}

void fault_server_await_requests(fault_server *server, unsigned count)
{
    await(server, &server->record_count, count);
}

void fault_server_await_hang_ups(fault_server *server, unsigned count)
{
    await(server, &server->hang_ups, count);
}

void fault_server_await_script_ends(fault_server *server, unsigned count)
{
    await(server, &server->script_ends, count);
}

static void wait_for_finish(const connection *self)
{
    struct pollfd polled = {.fd = self->socket};
    while (poll(&polled, 1, -1) < 0 && errno == EINTR) {
    }
}

/* False: the connection is over. */
static bool act(connection *self, const fault_step *step)
{
    bool going = true;
    switch (step->act) {
    case FAULT_END:
    case FAULT_NEXT:
        return true;
    case FAULT_AWAIT:
        await(self->server, &self->server->record_count, step->times);
        return true;
    case FAULT_READ:
        return read_request(self);
    case FAULT_SEND:
        for (unsigned i = 0; going && i < step->times; i++) {
            going = send_some(self, step->data, step->length);
        }
        return going;
    case FAULT_DRIP:
        for (size_t i = 0; going && i < step->length; i++) {
            going = send_some(self, step->data + i, 1);
        }
        return going;
    case FAULT_FLOOD:
        while (send_some(self, step->data, step->length)) {
        }
        return false;
    case FAULT_STALL:
        while (read_request(self)) {
        }
        return false;
    case FAULT_DEAF:
        wait_for_finish(self);
        return false;
    case FAULT_CLOSE:
        hang_up(self, false);
        return false;
    case FAULT_RESET:
        hang_up(self, true);
        return false;
    }
    return false;
}

static bool shake_hands(connection *self)
{
    fault_server *server = self->server;
    if (server->plan.tls == NULL) {
        return true;
    }
    self->tls = SSL_new(server->plan.tls);
    if (self->tls == NULL || SSL_set_fd(self->tls, self->socket) != 1 || SSL_accept(self->tls) != 1) {
        return false;
    }
    count_up(server, &server->handshakes);
    return true;
}

/* The part of the script that is for this connection; NULL: none. */
static const fault_step *script_of(const connection *self)
{
    const fault_plan *plan = &self->server->plan;
    if (plan->script == NULL || (plan->connections != 0 && self->number > plan->connections)) {
        return NULL;
    }
    const fault_step *part = plan->script;
    unsigned number = 1;
    for (const fault_step *step = part; step->act != FAULT_END && number < self->number; step++) {
        if (step->act == FAULT_NEXT) {
            part = step + 1;
            number++;
        }
    }
    return part;
}

/* The script, then good answers for as long as the client asks. */
static void *serve(void *context)
{
    connection *self = context;
    const fault_step *step = script_of(self);
    /* SSL_write() to a client that is gone raises it. */
    sigset_t pipe_signal;
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_signal, NULL);

    bool going = shake_hands(self);
    for (; going && step != NULL && step->act != FAULT_END && step->act != FAULT_NEXT; step++) {
        going = act(self, step);
    }
    count_up(self->server, &self->server->script_ends);
    for (size_t i = 0; going; i = (i + 1) % 2) {
        going = act(self, &good_script[i]);
    }
    SSL_free(self->tls);
    if (self->socket >= 0) {
        hang_up(self, false);
    }
    count_up(self->server, &self->server->hang_ups);
    return NULL;
}

static void add_connection(fault_server *server, int socket)
{
    int on = 1;
    connection *self = calloc(1, sizeof *self);
    if (self == NULL) {
        abort();
    }
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    *self = (connection){.server = server, .socket = socket, .next = server->connections};
    pthread_mutex_init(&self->lock, NULL);
    pthread_mutex_lock(&server->lock);
    self->number = ++server->connection_count;
    pthread_mutex_unlock(&server->lock);
    if (pthread_create(&self->thread, NULL, serve, self) != 0) {
        abort();
    }
    server->connections = self;
}

/* Accepts until it is woken, and then what is left in the queue. */
static void *accept_all(void *context)
{
    fault_server *server = context;
    struct pollfd polled[] = {{.fd = server->listener, .events = POLLIN},
                              {.fd = server->wake[0], .events = POLLIN}};
    bool woken = false;
    for (;;) {
        int socket = accept(server->listener, NULL, NULL);
        if (socket >= 0) {
            add_connection(server, socket);
        } else if (woken) {
            return NULL;
        } else {
            poll(polled, 2, -1);
            woken = polled[1].revents != 0;
        }
    }
}

/* A socket on a port of 127.0.0.1, which others of this server may share. */
static int bind_to(unsigned port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)port)};
    int on = 1;
    int bound = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(bound >= 0);
    assert_int_equal(setsockopt(bound, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on), 0);
    assert_int_equal(bind(bound, (struct sockaddr *)&address, sizeof address), 0);
    return bound;
}

void fault_server_accept(fault_server *server)
{
    assert_false(server->accepting);
    server->listener = bind_to(server->port);
    assert_int_equal(fcntl(server->listener, F_SETFL, O_NONBLOCK), 0);
    assert_int_equal(pipe(server->wake), 0);
    assert_int_equal(listen(server->listener, BACKLOG), 0);
    assert_int_equal(pthread_create(&server->thread, NULL, accept_all, server), 0);
    server->accepting = true;
}

void fault_server_refuse(fault_server *server)
{
    if (!server->accepting) {
        return;
    }
    assert_int_equal(write(server->wake[1], "", 1), 1);
    pthread_join(server->thread, NULL);
    close(server->wake[0]);
    close(server->wake[1]);
    close(server->listener);
    server->accepting = false;
}

fault_server *fault_server_start(const fault_plan *plan)
{
    fault_server *server = calloc(1, sizeof *server);
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    assert_non_null(server);
    server->plan = *plan;
    server->records_end = &server->records;
    pthread_mutex_init(&server->lock, NULL);
    pthread_cond_init(&server->changed, NULL);
    server->holder = bind_to(0);
    assert_int_equal(getsockname(server->holder, (struct sockaddr *)&address, &size), 0);
    server->port = ntohs(address.sin_port);
    snprintf(server->url, sizeof server->url, "%s://127.0.0.1:%u", plan->tls == NULL ? "http" : "https",
             server->port);
    if (!plan->refuse) {
        fault_server_accept(server);
    }
    return server;
}

const char *fault_server_url(const fault_server *server)
{
    return server->url;
}

unsigned fault_server_port(const fault_server *server)
{
    return server->port;
}

void fault_server_finish(fault_server *server)
{
    fault_server_refuse(server);
    while (server->connections != NULL) {
        connection *self = server->connections;
        server->connections = self->next;
        pthread_mutex_lock(&self->lock);
        if (self->socket >= 0) {
            /* What arrived before can still be read. */
            shutdown(self->socket, SHUT_RDWR);
        }
        pthread_mutex_unlock(&self->lock);
        pthread_join(self->thread, NULL);
        pthread_mutex_destroy(&self->lock);
        free(self->input);
        free(self);
    }
}

void fault_server_free(fault_server *server)
{
    if (server == NULL) {
        return;
    }
    fault_server_finish(server);
    while (server->records != NULL) {
        record *next = server->records->next;
        free(server->records);
        server->records = next;
    }
    close(server->holder);
    pthread_cond_destroy(&server->changed);
    pthread_mutex_destroy(&server->lock);
    free(server);
}

const fault_request *fault_server_request_at(fault_server *server, size_t i)
{
    pthread_mutex_lock(&server->lock);
    const record *found = server->records;
    for (; found != NULL && i > 0; i--) {
        found = found->next;
    }
    pthread_mutex_unlock(&server->lock);
    return found == NULL ? NULL : &found->request;
}

static unsigned look_up(fault_server *server, const unsigned *counter)
{
    pthread_mutex_lock(&server->lock);
    unsigned count = *counter;
    pthread_mutex_unlock(&server->lock);
    return count;
}

unsigned fault_server_request_count(fault_server *server)
{
    return look_up(server, &server->record_count);
}

unsigned fault_server_connection_count(fault_server *server)
{
    return look_up(server, &server->connection_count);
}

unsigned fault_server_handshake_count(fault_server *server)
{
    return look_up(server, &server->handshakes);
}
