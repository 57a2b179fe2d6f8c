/* SPDX-License-Identifier: Apache-2.0 */
#include "faults/fault_connection.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "faults/fault_h2.h"

#define CHUNK 16384u

static const fault_step good_script[] = {{.act = FAULT_READ}, {FAULT_SEND, FAULT_TEXT(FAULT_GOOD), 1}};

bool fault_connection_send(fault_connection *self, const char *data, size_t length)
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

bool fault_connection_receive(fault_connection *self, size_t most)
{
    if (self->input_capacity - self->input_length <= most) {
        size_t capacity = self->input_capacity * 2 + most + 1;
        char *input = realloc(self->input, capacity);
        if (input == NULL) {
            return false;
        }
        self->input = input;
        self->input_capacity = capacity;
    }
    char *end = self->input + self->input_length;
    ssize_t got = self->tls != NULL ? SSL_read(self->tls, end, (int)most) : recv(self->socket, end, most, 0);
    if (got <= 0) {
        return false;
    }
    self->input_length += (size_t)got;
    self->input[self->input_length] = '\0';
    return true;
}

/* Bytes of the request that the input begins with; 0: it is not whole yet. */
static size_t request_length(const fault_connection *self)
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

static bool read_request(fault_connection *self, size_t most)
{
    size_t length;
    while ((length = request_length(self)) == 0) {
        if (!fault_connection_receive(self, most)) {
            return false;
        }
    }
    sscanf(self->input, "%*15s %255s", self->target);
    self->answer = fault_server_keep(self->server, self->number, self->input, length);
    self->input_length -= length;
    memmove(self->input, self->input + length, self->input_length);
    return true;
}

void fault_connection_hang_up(fault_connection *self, bool reset)
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

static void wait_for_finish(const fault_connection *self)
{
    struct pollfd polled = {.fd = self->socket};
    while (poll(&polled, 1, -1) < 0 && errno == EINTR) {
    }
}

/* OpenSSL does not mind that a ticket cannot be sent. */
static bool hung_up(const fault_connection *self)
{
    struct pollfd polled = {.fd = self->socket};
    return poll(&polled, 1, 0) != 0;
}

bool fault_connection_act(fault_connection *self, const fault_step *step)
{
    if (step->act == FAULT_AWAIT) {
        fault_server_await_requests(self->server, step->times);
        return true;
    }
    if (step->act == FAULT_FLOOD) {
        while (fault_connection_send(self, step->data, step->length)) {
        }
    } else if (step->act == FAULT_TICKETS) {
        while (!hung_up(self) && SSL_new_session_ticket(self->tls) == 1 && SSL_do_handshake(self->tls) == 1) {
        }
    } else if (step->act == FAULT_DEAF) {
        wait_for_finish(self);
    } else if (step->act == FAULT_DRAIN) {
        do {
            self->input_length = 0;
        } while (fault_connection_receive(self, CHUNK));
    } else if (step->act == FAULT_CLOSE || step->act == FAULT_RESET) {
        fault_connection_hang_up(self, step->act == FAULT_RESET);
    }
    return false;
}

/* `data`, `times` over, in sendings of CHUNK: a million small ones would cost more than all else of a test.
 */
static bool send_repeated(fault_connection *self, const fault_step *step)
{
    char copies[CHUNK];
    size_t room = step->length > 0 ? sizeof copies / step->length : 0;
    size_t count = step->times < room ? step->times : room;
    for (size_t i = 0; i < count; i++) {
        memcpy(copies + i * step->length, step->data, step->length);
    }
    bool going = true;
    for (size_t left = step->times; going && left > 0; left -= count) {
        /* What is longer than CHUNK goes as it is. */
        count = count == 0 ? 1 : left < count ? left : count;
        going = fault_connection_send(self, room == 0 ? step->data : copies, count * step->length);
    }
    return going;
}

/* `data` with the number in the place of its mark. */
static bool send_numbered(fault_connection *self, const fault_step *step, char place, size_t number)
{
    char digits[24];
    const char *mark = memchr(step->data, place, step->length);
    size_t before = mark == NULL ? step->length : (size_t)(mark - step->data);
    int length = snprintf(digits, sizeof digits, "%zu", number);
    return fault_connection_send(self, step->data, before) &&
           (mark == NULL || (fault_connection_send(self, digits, (size_t)length) &&
                             fault_connection_send(self, mark + 1, step->length - before - 1)));
}

static bool send_measured(fault_connection *self, const fault_step *step)
{
    const char *head_end = strstr(step->data, "\r\n\r\n");
    if (head_end == NULL) {
        abort();
    }
    return send_numbered(self, step, '$', step->length - (size_t)(head_end + 4 - step->data));
}

static bool shake_hands(fault_connection *self, SSL_CTX *context)
{
    if (context == NULL) {
        return true;
    }
    self->tls = SSL_new(context);
    if (self->tls == NULL || SSL_set_fd(self->tls, self->socket) != 1 || SSL_accept(self->tls) != 1) {
        return false;
    }
    fault_server_note(self->server, FAULT_EVENT_HANDSHAKE);
    if (SSL_session_reused(self->tls) == 1) {
        fault_server_note(self->server, FAULT_EVENT_RESUMPTION);
    }
    return true;
}

/* False: the connection is over. */
static bool act(fault_connection *self, const fault_step *step)
{
    bool going = true;
    switch (step->act) {
    case FAULT_END:
    case FAULT_NEXT:
        return true;
    case FAULT_READ:
        return read_request(self, CHUNK);
    case FAULT_SIP:
        return read_request(self, 1);
    case FAULT_SEND:
        return send_repeated(self, step);
    case FAULT_DRIP:
        for (size_t i = 0; going && i < step->length; i++) {
            going = fault_connection_send(self, step->data + i, 1);
        }
        return going;
    case FAULT_SERIES:
        for (unsigned i = 1; going && i <= step->times; i++) {
            going = read_request(self, CHUNK) && send_numbered(self, step, '#', i);
        }
        return going;
    case FAULT_MEASURE:
        return send_measured(self, step);
    case FAULT_TUNNEL:
        return shake_hands(self, fault_server_plan(self->server)->tunnel);
    case FAULT_STALL:
        while (read_request(self, CHUNK)) {
        }
        return false;
    case FAULT_AWAIT:
    case FAULT_DEAF:
    case FAULT_DRAIN:
    case FAULT_CLOSE:
    case FAULT_RESET:
    case FAULT_FLOOD:
    case FAULT_TICKETS:
        return fault_connection_act(self, step);
    case FAULT_H2_STREAM:
    case FAULT_H2_HEADERS:
    case FAULT_H2_DATA:
    case FAULT_H2_END:
    case FAULT_H2_RESET:
    case FAULT_H2_GOAWAY:
    case FAULT_H2_GOAWAY_BEFORE:
    case FAULT_H2_STREAMS:
        break;
    }
    return false;
}

/* The part of the script that is for this connection; NULL: none. */
static const fault_step *script_of(const fault_connection *self)
{
    const fault_plan *plan = fault_server_plan(self->server);
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

static bool follow(fault_connection *self, const fault_step *step)
{
    bool going = true;
    for (; going && step != NULL && step->act != FAULT_END && step->act != FAULT_NEXT; step++) {
        going = act(self, step);
    }
    return going;
}

static void serve_routes(fault_connection *self)
{
    bool going = true;
    while (going && read_request(self, CHUNK)) {
        going = self->answer == NULL ? act(self, &good_script[1]) : follow(self, self->answer);
    }
}

const char *fault_connection_good_body(const fault_connection *self, const char *target, char *out,
                                       size_t size)
{
    const fault_plan *plan = fault_server_plan(self->server);
    if (plan->echo) {
        snprintf(out, size, "[\"%s\"]", target);
    } else {
        snprintf(out, size, "%s", plan->body == NULL ? FAULT_GOOD_BODY : plan->body);
    }
    return out;
}

static bool send_body(fault_connection *self, const char *body)
{
    char text[4096];
    int length =
        snprintf(text, sizeof text,
                 "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                 strlen(body), body);
    return fault_connection_send(self, text, (size_t)length);
}

static void serve_http1(fault_connection *self, const fault_step *step)
{
    bool going = follow(self, step);
    fault_server_note(self->server, FAULT_EVENT_SCRIPT_END);
    char body[2304];
    while (going) {
        going = act(self, &good_script[0]) &&
                send_body(self, fault_connection_good_body(self, self->target, body, sizeof body));
    }
}

/* The script, then good answers for as long as the client asks. */
void *fault_connection_serve(void *context)
{
    fault_connection *self = context;
    const fault_step *script = script_of(self);
    /* SSL_write() to a client that is gone raises it. */
    sigset_t pipe_signal;
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_signal, NULL);

    const fault_plan *plan = fault_server_plan(self->server);
    if (!shake_hands(self, script == NULL && plan->good_tls != NULL ? plan->good_tls : plan->tls)) {
        fault_server_note(self->server, FAULT_EVENT_SCRIPT_END);
    } else if (fault_h2_is_chosen(self)) {
        fault_h2_serve(self, script);
    } else if (fault_server_plan(self->server)->routes != NULL) {
        serve_routes(self);
    } else {
        serve_http1(self, script);
    }
    SSL_free(self->tls);
    if (self->socket >= 0) {
        fault_connection_hang_up(self, false);
    }
    fault_server_note(self->server, FAULT_EVENT_HANG_UP);
    return NULL;
}
