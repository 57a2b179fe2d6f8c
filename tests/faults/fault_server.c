/* SPDX-License-Identifier: Apache-2.0 */
#include "faults/fault_server.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "faults/fault_connection.h"

#define STACK_BYTES ((size_t)1 << 20)
#define BACKLOG     128

typedef struct record {
    fault_request request; /* first, so that one leads to the next */
    struct record *next;
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
    unsigned starts; /* of the accepting thread */
    fault_connection *connections;
    unsigned connection_count;
    unsigned handshakes;
    unsigned resumptions;
    record *records;
    record **records_end;
    unsigned record_count;
    unsigned answered[FAULT_ROUTES_MAX]; /* by each route */
};

const fault_plan *fault_server_plan(const fault_server *server)
{
    return &server->plan;
}

void fault_server_note(fault_server *server, fault_event event)
{
    pthread_mutex_lock(&server->lock);
    switch (event) {
    case FAULT_EVENT_HANDSHAKE:
        server->handshakes++;
        break;
    case FAULT_EVENT_RESUMPTION:
        server->resumptions++;
        break;
    case FAULT_EVENT_SCRIPT_END:
        server->script_ends++;
        break;
    case FAULT_EVENT_HANG_UP:
        server->hang_ups++;
        break;
    case FAULT_EVENT_START:
        server->starts++;
        break;
    }
    pthread_cond_broadcast(&server->changed);
    pthread_mutex_unlock(&server->lock);
}

/* The lock is held. */
static const fault_step *choose_answer(fault_server *server, const char *text)
{
    const fault_route *route = server->plan.routes;
    while (route != NULL && route->start != NULL && strncmp(text, route->start, strlen(route->start)) != 0) {
        route++;
    }
    if (route == NULL || route->start == NULL) {
        return NULL;
    }
    unsigned before = server->answered[route - server->plan.routes]++;
    const fault_step *step = route->script;
    for (; before > 0 && step->act != FAULT_END; step++) {
        before -= step->act == FAULT_NEXT;
    }
    return step->act == FAULT_END ? route->rest : step;
}

const fault_step *fault_server_keep(fault_server *server, unsigned connection, const char *text,
                                    size_t length)
{
    record *kept = malloc(sizeof *kept + length + 1);
    if (kept == NULL) {
        abort();
    }
    memcpy(kept->text, text, length);
    kept->text[length] = '\0';
    kept->next = NULL;
    kept->request = (fault_request){connection, kept->text, length};
    pthread_mutex_lock(&server->lock);
    *server->records_end = kept;
    server->records_end = &kept->next;
    server->record_count++;
    const fault_step *answer = choose_answer(server, kept->text);
    pthread_cond_broadcast(&server->changed);
    pthread_mutex_unlock(&server->lock);
    return answer;
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

static void add_connection(fault_server *server, int socket)
{
    int on = 1;
    fault_connection *self = calloc(1, sizeof *self);
    if (self == NULL) {
        abort();
    }
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    *self = (fault_connection){.server = server, .socket = socket, .next = server->connections};
    pthread_mutex_init(&self->lock, NULL);
    pthread_mutex_lock(&server->lock);
    self->number = ++server->connection_count;
    pthread_mutex_unlock(&server->lock);
    /* They are joined at the end only: of 32 bits, a thousand of the usual stacks would take all. */
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    if (pthread_attr_setstacksize(&attributes, STACK_BYTES) != 0 ||
        pthread_create(&self->thread, &attributes, fault_connection_serve, self) != 0) {
        abort();
    }
    pthread_attr_destroy(&attributes);
    server->connections = self;
}

/* Accepts until it is woken, and then what is left in the queue. */
static void *accept_all(void *context)
{
    fault_server *server = context;
    struct pollfd polled[] = {{.fd = server->listener, .events = POLLIN},
                              {.fd = server->wake[0], .events = POLLIN}};
    bool woken = false;
    fault_server_note(server, FAULT_EVENT_START);
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

/* The thread runs when this is over: a sanitizer's allocator may be locked while a thread begins, and would
 * stay so in a process that is forked then. */
void fault_server_accept(fault_server *server)
{
    unsigned starts = server->starts;
    assert_false(server->accepting);
    server->listener = bind_to(server->port);
    assert_int_equal(fcntl(server->listener, F_SETFL, O_NONBLOCK), 0);
    assert_int_equal(pipe(server->wake), 0);
    assert_int_equal(listen(server->listener, BACKLOG), 0);
    assert_int_equal(pthread_create(&server->thread, NULL, accept_all, server), 0);
    await(server, &server->starts, starts + 1);
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
    snprintf(server->url, sizeof server->url, "%s://127.0.0.1:%u",
             plan->tls == NULL && plan->good_tls == NULL ? "http" : "https", server->port);
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
        fault_connection *self = server->connections;
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

const fault_request *fault_server_request_after(const fault_server *server, const fault_request *request)
{
    const record *found = request == NULL ? server->records : ((const record *)request)->next;
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

unsigned fault_server_resumption_count(fault_server *server)
{
    return look_up(server, &server->resumptions);
}
