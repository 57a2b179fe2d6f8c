/* SPDX-License-Identifier: Apache-2.0 */
#include "faults/settle_send.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "faults/fault_gzip.h"

#define CHUNK       65536u
#define DESCRIPTORS 1024 /* a test has fewer */

static bool send_text(fault_connection *self, const char *text)
{
    return fault_connection_send(self, text, strlen(text));
}

/* The head of an answer that announces so many bytes; `more` is lines of it. */
static bool send_head(fault_connection *self, int status, const char *more, size_t length)
{
    char head[256];
    snprintf(head, sizeof head,
             "HTTP/1.1 %d x\r\nContent-Type: application/json\r\n%sContent-Length: %zu\r\n\r\n", status, more,
             length);
    return send_text(self, head);
}

bool settle_send_answer(fault_connection *self, int status, const char *body)
{
    return send_head(self, status, "", strlen(body)) && send_text(self, body);
}

/* Makes the value of a member another of the same length. */
static void spoil(char *body, const char *member)
{
    char *at = strstr(body, member);
    if (at == NULL) {
        abort();
    }
    at += strlen(member) + 8;
    *at = *at == 'A' ? 'B' : 'A';
}

static bool send_large(fault_connection *self, const settle_cause *cause, const char *body)
{
    size_t spaces = 2 * cause->max_body_bytes;
    char fill[256];
    memset(fill, ' ', sizeof fill);
    bool going = send_head(self, 201, "", strlen(body) + spaces) && send_text(self, body);
    for (size_t sent = 0; going && sent < spaces; sent += sizeof fill) {
        going = fault_connection_send(self, fill, sizeof fill);
    }
    return going;
}

static bool send_gzip(fault_connection *self, const char *body, bool cut)
{
    fault_bytes packed = fault_gzip(body, strlen(body));
    size_t length = cut ? packed.length / 2 : packed.length;
    if (!cut) {
        packed.data[0] = 'x'; /* no gzip at all */
    }
    bool going = send_head(self, 201, "Content-Encoding: gzip\r\n", length) &&
                 fault_connection_send(self, packed.data, length);
    free(packed.data);
    return going;
}

static bool stall(fault_connection *self)
{
    while (fault_connection_receive(self, CHUNK)) {
        self->input_length = 0;
    }
    return false;
}

static bool is_same(const struct sockaddr_in *a, const struct sockaddr_in *b)
{
    return a->sin_family == AF_INET && b->sin_family == AF_INET && a->sin_port == b->sin_port &&
           a->sin_addr.s_addr == b->sin_addr.s_addr;
}

/* Of a reset the client would hear when it listens, not when it sends. So the other end, which is in this
 * process, is shut for sending. False: it is in another. */
static bool shut_client(const fault_connection *self)
{
    struct sockaddr_in peer = {0};
    struct sockaddr_in name;
    socklen_t size = sizeof peer;
    if (getpeername(self->socket, (struct sockaddr *)&peer, &size) != 0) {
        return false;
    }
    for (int descriptor = 0; descriptor < DESCRIPTORS; descriptor++) {
        size = sizeof name;
        name = (struct sockaddr_in){0};
        if (getsockname(descriptor, (struct sockaddr *)&name, &size) == 0 && is_same(&name, &peer)) {
            return shutdown(descriptor, SHUT_WR) == 0;
        }
    }
    return false;
}

bool settle_send_fault(fault_connection *self, const settle_cause *cause, unsigned struck, char *body)
{
    size_t length = strlen(body);
    if (struck > 1 && (cause->act == SETTLE_STALL || cause->act == SETTLE_H2)) {
        return false; /* there is real time, and HTTP/2, for the first only */
    }
    switch (cause->act) {
    case SETTLE_CLOSE:
        return false;
    case SETTLE_RESET:
        fault_connection_hang_up(self, true);
        return false;
    case SETTLE_BREAK:
        if (shut_client(self)) {
            return stall(self);
        }
        fault_connection_hang_up(self, true);
        return false;
    case SETTLE_STALL:
        return stall(self);
    case SETTLE_CUT:
        (void)(send_head(self, 201, "", length) && fault_connection_send(self, body, length / 2));
        return false;
    case SETTLE_CUT_HEADERS:
        (void)send_text(self, "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\n");
        return false;
    case SETTLE_LARGE:
        return send_large(self, cause, body) && stall(self);
    case SETTLE_TEXT:
        return send_text(self, cause->text);
    case SETTLE_GZIP:
    case SETTLE_GZIP_CUT:
        return send_gzip(self, body, cause->act == SETTLE_GZIP_CUT);
    case SETTLE_HALF_JSON:
        body[length / 2] = '\0';
        return settle_send_answer(self, 201, body);
    case SETTLE_OTHER_KID:
        spoil(body, "\"kid\"");
        return settle_send_answer(self, 201, body);
    case SETTLE_OTHER_KEY:
        spoil(body, "\"n\"");
        return settle_send_answer(self, 201, body);
    case SETTLE_NO_ID:
        memcpy(strstr(body, "\"id\""), "\"ID\"", 4);
        return settle_send_answer(self, 201, body);
    case SETTLE_H2:
        break;
    }
    return false;
}
