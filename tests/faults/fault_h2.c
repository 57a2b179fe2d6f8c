/* SPDX-License-Identifier: Apache-2.0 */
#include "faults/fault_h2.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <nghttp2/nghttp2.h>

#define CHUNK      16384u
#define TEXT_BYTES 16384u

#define NAME_VALUE(name, value)                                                                              \
    {                                                                                                        \
        (uint8_t *)(uintptr_t)(name), (uint8_t *)(uintptr_t)(value), sizeof(name) - 1, sizeof(value) - 1,    \
            NGHTTP2_NV_FLAG_NONE                                                                             \
    }

/* One request and the answer to it. */
typedef struct exchange {
    struct exchange *next; /* in the order in which they began */
    int32_t stream;
    bool whole;
    bool taken; /* by FAULT_READ */
    char method[16];
    char path[512];
    char fields[TEXT_BYTES];
    size_t fields_length;
    char body[TEXT_BYTES];
    size_t body_length;
    char good_body[2304];
    const char *data; /* of the answer, not sent yet */
    size_t data_length;
    bool data_ends;
} exchange;

typedef struct session {
    fault_connection *connection;
    nghttp2_session *nghttp2;
    exchange *first;
    exchange *now; /* that the script is about; NULL: none so far */
} session;

static int choose(SSL *tls, const unsigned char **out, unsigned char *out_length, const unsigned char *in,
                  unsigned in_length, void *context)
{
    static const unsigned char ours[] = "\x02h2\x08http/1.1";
    unsigned char *chosen = NULL;
    (void)tls;
    (void)context;
    int result = SSL_select_next_proto(&chosen, out_length, ours, sizeof ours - 1, in, in_length);
    *out = chosen;
    return result == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
}

void fault_h2_offer(SSL_CTX *context)
{
    SSL_CTX_set_alpn_select_cb(context, choose, NULL);
}

bool fault_h2_is_chosen(const fault_connection *connection)
{
    const unsigned char *name = NULL;
    unsigned length = 0;
    if (connection->tls != NULL) {
        SSL_get0_alpn_selected(connection->tls, &name, &length);
    }
    return length == 2 && memcmp(name, "h2", 2) == 0;
}

static exchange *find(const session *self, int32_t stream)
{
    exchange *found = self->first;
    while (found != NULL && found->stream != stream) {
        found = found->next;
    }
    return found;
}

static int on_begin_headers(nghttp2_session *nghttp2, const nghttp2_frame *frame, void *context)
{
    session *self = context;
    exchange **place = &self->first;
    exchange *made = calloc(1, sizeof *made);
    (void)nghttp2;
    if (made == NULL) {
        abort();
    }
    made->stream = frame->hd.stream_id;
    while (*place != NULL) {
        place = &(*place)->next;
    }
    *place = made;
    return 0;
}

static int on_header(nghttp2_session *nghttp2, const nghttp2_frame *frame, const uint8_t *name,
                     size_t name_length, const uint8_t *value, size_t value_length, uint8_t flags,
                     void *context)
{
    exchange *of = find(context, frame->hd.stream_id);
    (void)nghttp2;
    (void)flags;
    const char *text = (const char *)value;
    if (of == NULL) {
        return 0;
    }
    if (name_length == 7 && memcmp(name, ":method", 7) == 0) {
        snprintf(of->method, sizeof of->method, "%.*s", (int)value_length, text);
    } else if (name_length == 5 && memcmp(name, ":path", 5) == 0) {
        snprintf(of->path, sizeof of->path, "%.*s", (int)value_length, text);
    } else if (of->fields_length + name_length + value_length + 5 < sizeof of->fields) {
        of->fields_length +=
            (size_t)snprintf(of->fields + of->fields_length, sizeof of->fields - of->fields_length,
                             "%.*s: %.*s\r\n", (int)name_length, (const char *)name, (int)value_length, text);
    }
    return 0;
}

static int on_data(nghttp2_session *nghttp2, uint8_t flags, int32_t stream, const uint8_t *data,
                   size_t length, void *context)
{
    exchange *of = find(context, stream);
    (void)nghttp2;
    (void)flags;
    if (of != NULL && length <= sizeof of->body - of->body_length) {
        memcpy(of->body + of->body_length, data, length);
        of->body_length += length;
    }
    return 0;
}

static int on_frame(nghttp2_session *nghttp2, const nghttp2_frame *frame, void *context)
{
    session *self = context;
    exchange *of = find(self, frame->hd.stream_id);
    (void)nghttp2;
    bool request = frame->hd.type == NGHTTP2_HEADERS || frame->hd.type == NGHTTP2_DATA;
    if (of == NULL || !request || (frame->hd.flags & NGHTTP2_FLAG_END_STREAM) == 0) {
        return 0;
    }
    char text[2 * TEXT_BYTES + 1024];
    int head = snprintf(text, sizeof text, "%s %s HTTP/2\r\n%.*s\r\n", of->method, of->path,
                        (int)of->fields_length, of->fields);
    memcpy(text + head, of->body, of->body_length);
    fault_server_keep(self->connection->server, self->connection->number, text,
                      (size_t)head + of->body_length);
    of->whole = true;
    return 0;
}

static ssize_t read_data(nghttp2_session *nghttp2, int32_t stream, uint8_t *out, size_t size, uint32_t *flags,
                         nghttp2_data_source *source, void *context)
{
    exchange *of = find(context, stream);
    (void)nghttp2;
    (void)source;
    if (of == NULL) {
        return NGHTTP2_ERR_CALLBACK_FAILURE;
    }
    size_t length = of->data_length < size ? of->data_length : size;
    if (length == 0 && !of->data_ends) {
        return NGHTTP2_ERR_DEFERRED;
    }
    if (length > 0) {
        memcpy(out, of->data, length);
        of->data += length;
        of->data_length -= length;
    }
    if (of->data_ends && of->data_length == 0) {
        *flags |= NGHTTP2_DATA_FLAG_EOF;
    }
    return (ssize_t)length;
}

static bool flush(session *self)
{
    const uint8_t *data = NULL;
    ssize_t length;
    while ((length = nghttp2_session_mem_send(self->nghttp2, &data)) > 0) {
        if (!fault_connection_send(self->connection, (const char *)data, (size_t)length)) {
            return false;
        }
    }
    return length == 0;
}

/* Feed what arrives. False: the client hung up or makes no sense. */
static bool listen_once(session *self)
{
    fault_connection *connection = self->connection;
    connection->input_length = 0;
    if (!fault_connection_receive(connection, CHUNK)) {
        return false;
    }
    const uint8_t *input = (const uint8_t *)connection->input;
    ssize_t taken = nghttp2_session_mem_recv(self->nghttp2, input, connection->input_length);
    return taken == (ssize_t)connection->input_length && flush(self);
}

static exchange *next_whole(const session *self)
{
    exchange *next = self->first;
    while (next != NULL && (next->taken || !next->whole)) {
        next = next->next;
    }
    return next;
}

static bool read_request(session *self)
{
    while ((self->now = next_whole(self)) == NULL) {
        if (!listen_once(self)) {
            return false;
        }
    }
    self->now->taken = true;
    fault_connection_good_body(self->connection, self->now->path, self->now->good_body,
                               sizeof self->now->good_body);
    return true;
}

/* The client may have ended it. */
static bool is_open(const session *self)
{
    return nghttp2_session_find_stream(self->nghttp2, self->now->stream) != NULL;
}

static bool send_headers(session *self)
{
    char length[24];
    nghttp2_nv headers[] = {
        NAME_VALUE(":status", "200"),
        NAME_VALUE("content-type", "application/json"),
        NAME_VALUE("content-length", ""),
    };
    headers[2].valuelen = (size_t)snprintf(length, sizeof length, "%zu", strlen(self->now->good_body));
    headers[2].value = (uint8_t *)length;
    const nghttp2_data_provider provider = {.read_callback = read_data};
    return !is_open(self) || (nghttp2_submit_response(self->nghttp2, self->now->stream, headers,
                                                      sizeof headers / sizeof *headers, &provider) == 0 &&
                              flush(self));
}

static bool send_data(session *self, const fault_step *step)
{
    self->now->data = step->data;
    self->now->data_length = step->length;
    self->now->data_ends = step->act == FAULT_H2_END;
    return !is_open(self) ||
           (nghttp2_session_resume_data(self->nghttp2, self->now->stream) == 0 && flush(self));
}

static bool ends_with(const char *text, const fault_step *end)
{
    size_t length = strlen(text);
    return length >= end->length && memcmp(text + length - end->length, end->data, end->length) == 0;
}

static bool choose_stream(session *self, const fault_step *step)
{
    exchange *found = NULL;
    for (exchange *each = self->first; each != NULL; each = each->next) {
        found = each->taken && ends_with(each->path, step) ? each : found;
    }
    self->now = found;
    return found != NULL;
}

static bool send_end(session *self)
{
    const fault_step end = {.act = FAULT_H2_END};
    return send_data(self, &end);
}

static bool send_goaway(session *self, const fault_step *step)
{
    int32_t last = step->act == FAULT_H2_GOAWAY ? self->now->stream : 0;
    return nghttp2_submit_goaway(self->nghttp2, NGHTTP2_FLAG_NONE, last, step->times, NULL, 0) == 0 &&
           flush(self);
}

static bool allow_streams(session *self, const fault_step *step)
{
    const nghttp2_settings_entry most = {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, step->times};
    return nghttp2_submit_settings(self->nghttp2, NGHTTP2_FLAG_NONE, &most, 1) == 0 && flush(self);
}

/* False: the connection is over. */
static bool act(session *self, const fault_step *step)
{
    switch (step->act) {
    case FAULT_END:
    case FAULT_NEXT:
        return true;
    case FAULT_READ:
        return read_request(self);
    case FAULT_STALL:
        while (listen_once(self)) {
        }
        return false;
    case FAULT_H2_STREAM:
        return choose_stream(self, step);
    case FAULT_H2_HEADERS:
        return send_headers(self);
    case FAULT_H2_DATA:
    case FAULT_H2_END:
        return send_data(self, step);
    case FAULT_H2_RESET:
        return nghttp2_submit_rst_stream(self->nghttp2, NGHTTP2_FLAG_NONE, self->now->stream, step->times) ==
                   0 &&
               flush(self);
    case FAULT_H2_GOAWAY:
    case FAULT_H2_GOAWAY_BEFORE:
        return send_goaway(self, step);
    case FAULT_H2_STREAMS:
        return allow_streams(self, step);
    case FAULT_AWAIT:
    case FAULT_DEAF:
    case FAULT_DRAIN:
    case FAULT_CLOSE:
    case FAULT_RESET:
    case FAULT_FLOOD:
    case FAULT_TICKETS:
        return fault_connection_act(self->connection, step);
    case FAULT_SEND: /* bytes that are no frame of HTTP/2 */
        return fault_connection_send(self->connection, step->data, step->length);
    case FAULT_TUNNEL:
    case FAULT_SIP:
    case FAULT_DRIP:
    case FAULT_SERIES:
    case FAULT_MEASURE:
        break;
    }
    return false;
}

static bool answer(session *self)
{
    const fault_step data = {FAULT_H2_DATA, self->now->good_body, strlen(self->now->good_body), 1};
    return send_headers(self) && send_data(self, &data) && send_end(self);
}

static bool begin(session *self)
{
    nghttp2_session_callbacks *callbacks = NULL;
    if (nghttp2_session_callbacks_new(&callbacks) != 0) {
        return false;
    }
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, on_begin_headers);
    nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame);
    int result = nghttp2_session_server_new(&self->nghttp2, callbacks, self);
    nghttp2_session_callbacks_del(callbacks);
    return result == 0 && nghttp2_submit_settings(self->nghttp2, NGHTTP2_FLAG_NONE, NULL, 0) == 0 &&
           flush(self);
}

void fault_h2_serve(fault_connection *connection, const fault_step *script)
{
    session *self = calloc(1, sizeof *self);
    if (self == NULL) {
        abort();
    }
    self->connection = connection;
    bool going = begin(self);
    const fault_step *step = script;
    for (; going && step != NULL && step->act != FAULT_END && step->act != FAULT_NEXT; step++) {
        going = act(self, step);
    }
    fault_server_note(connection->server, FAULT_EVENT_SCRIPT_END);
    while (going) {
        going = read_request(self) && answer(self);
    }
    nghttp2_session_del(self->nghttp2);
    while (self->first != NULL) {
        exchange *next = self->first->next;
        free(self->first);
        self->first = next;
    }
    free(self);
}
