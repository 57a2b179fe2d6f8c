/* SPDX-License-Identifier: Apache-2.0 */
#include "http/transfer_callbacks.h"

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http/header_guard.h"
#include "http/tls_hooks.h"

/* So much room a body gets for announcing its length. Beyond it, room grows with what comes: anyone can
 * announce. */
#define ROOM_AT_ONCE ((size_t)16 * 1024)

/* And so much for what came before. */
#define ROOM_FROM_BEFORE ((size_t)64 * 1024)

/* libcurl hands over what 100 reads of so many bytes bring without a look at the time. */
#define ONE_READ ((size_t)16 * 1024)

/* A line of a proxy's answer to CONNECT. libcurl reads what is behind its headers byte by byte for as long as
 * it comes, without a look at the time, and throws it away: with a refusal the transfer ends before it.
 * Whether it limits the headers depends on its version. */
static bool take_proxy_line(oktai_transfer *t, const char *line, size_t length)
{
    long status = 0;
    if (oktai_tls_hooks_hang_up(t)) {
        return false;
    }
    t->proxy_bytes += length;
    if (t->proxy_bytes > OKTAI_HEADER_BYTES_MAX) {
        t->proxy_refusal = "the proxy's answer has more than 256 KiB of headers";
    } else if (length <= 2 && (line[0] == '\r' || line[0] == '\n')) {
        curl_easy_getinfo(t->easy, CURLINFO_HTTP_CONNECTCODE, &status);
        t->proxy_refusal = status >= 300 ? "the proxy refuses the connection" : NULL;
    }
    return t->proxy_refusal == NULL;
}

static size_t on_header(char *data, size_t size, size_t count, void *context)
{
    oktai_transfer *t = context;
    size_t length = size * count;
    if (t->is_connecting) {
        return take_proxy_line(t, data, length) ? length : 0;
    }
    if (t->framing.bytes > ONE_READ && oktai_tls_hooks_hang_up(t)) {
        return 0;
    }
    switch (oktai_framing_line(&t->framing, data, length)) {
    case OKTAI_LINE_STATUS:
        oktai_headers_clear(&t->response->headers);
        return length;
    case OKTAI_LINE_FIELD:
        while (length > 0 && (data[length - 1] == '\n' || data[length - 1] == '\r')) {
            length--;
        }
        if (oktai_headers_add_line(&t->response->headers, data, length)) {
            return size * count;
        }
        t->no_memory = true;
        return 0;
    case OKTAI_LINE_IGNORED:
        return length;
    case OKTAI_LINE_REFUSED:
        break;
    }
    t->refusal = t->framing.problem;
    return 0;
}

/* What begins with a full read goes on for as long as the one before, mostly: growing would copy and wipe. */
static void make_room(oktai_transfer *t, size_t first)
{
    oktai_buffer *body = &t->response->body;
    size_t room = 0;
    if (t->framing.content_length <= ROOM_AT_ONCE) {
        room = (size_t)t->framing.content_length;
    }
    if (first >= ONE_READ && t->body_before <= ROOM_FROM_BEFORE && t->body_before > room) {
        room = t->body_before;
    }
    if (room > 0 && room <= body->limit) {
        oktai_buffer_reserve(body, room);
    }
}

static size_t on_body(char *data, size_t size, size_t count, void *context)
{
    oktai_transfer *t = context;
    oktai_buffer *body = &t->response->body;
    size_t length = size * count;
    if (body->length > ONE_READ && oktai_tls_hooks_hang_up(t)) {
        return 0;
    }
    if (body->length == 0) {
        make_room(t, length);
    }
    if (oktai_buffer_append(body, data, length)) {
        t->body_before = body->length;
        return length;
    }
    t->no_memory = !body->over_limit;
    t->refusal = "the answer is larger than max_response_bytes";
    return 0;
}

static size_t on_read(char *data, size_t size, size_t count, void *context)
{
    oktai_transfer *t = context;
    size_t left = t->request_body->length - t->request_sent;
    size_t length = size * count < left ? size * count : left;
    memcpy(data, t->request_body->data + t->request_sent, length);
    t->request_sent += length;
    return length;
}

/* Find the connection among those that other requests use, too. False: over HTTP/1, bytes that arrived on it
 * while nothing was asked would be taken for the answer. One that was just made may bring what belongs to its
 * beginning. */
static bool take_connection(oktai_transfer *t, const oktai_ends *ends)
{
    t->connection = t->connections->use->hold(t->connections, ends, t->is_connecting ? t : NULL);
    if (t->connection == NULL) {
        return t->is_connecting;
    }
    t->connection->requests++;
    if (!t->is_connecting && !t->is_h2 &&
        (!t->connections->use->is_quiet(t->connection) || oktai_tls_hooks_has_input(t))) {
        return false;
    }
    t->place = t->connections->use->send(t->connections, t->connection);
    if (t->is_connecting) {
        t->connections->use->give_up(t->connections, t); /* the addresses that did not connect */
    }
    return true;
}

/* libcurl 7.88 resets a stream that was not opened yet, which is an error of the whole connection: it must
 * not keep that for others, and nobody may have it already. */
static int refuse_to_send(oktai_transfer *t)
{
    if (t->connections != NULL) {
        curl_easy_setopt(t->easy, CURLOPT_FORBID_REUSE, 1L);
    }
    return CURL_PREREQFUNC_ABORT;
}

/* libcurl sends a request again by itself when a reused connection dies. This runs before each sending, and
 * lets no more happen than the caller allows. */
static int on_send(void *context, char *peer, char *self, int peer_port, int self_port)
{
    oktai_transfer *t = context;
    const oktai_ends ends = {.address = self, .port = self_port, .peer = peer};
    (void)peer_port;
    oktai_tls_hooks_sending(t);
    bool has_company = t->connections != NULL && t->is_h2 && !t->is_connecting;
    if (!has_company && oktai_tls_hooks_hang_up(t)) {
        return refuse_to_send(t);
    }
    if (t->sends == t->sends_max) {
        t->lost = true;
        return refuse_to_send(t);
    }
    if (t->connections != NULL && !take_connection(t, &ends)) {
        t->unclean = true;
        return refuse_to_send(t);
    }
    oktai_transfer_set_connecting(t, false);
    t->sends++;
    /* Whatever libcurl repeats, it opens a connection for it: others have nothing to do with that. */
    if (t->connections != NULL) {
        curl_easy_setopt(t->easy, CURLOPT_FRESH_CONNECT, 1L);
    }
    oktai_header_guard_begin(t);
    return CURL_PREREQFUNC_OK;
}

/* A body would have to be rewound for that. */
static int on_seek(void *context, curl_off_t offset, int origin)
{
    (void)context;
    (void)offset;
    (void)origin;
    return CURL_SEEKFUNC_FAIL;
}

static curl_socket_t on_open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    oktai_transfer *t = context;
    (void)purpose;
    if (t->connections != NULL && t->sends == t->sends_max) {
        t->lost = true;
        return CURL_SOCKET_BAD;
    }
    oktai_transfer_set_connecting(t, true);
    if (t->options->route->proxy_label != NULL) {
        oktai_header_guard_begin(t);
    }
    int type = address->socktype;
#ifdef SOCK_CLOEXEC
    type |= SOCK_CLOEXEC;
#endif
    curl_socket_t made = socket(address->family, type, address->protocol);
    if (made != CURL_SOCKET_BAD && t->connections != NULL) {
        made = t->connections->use->add(t->connections, t, made);
        t->no_memory = made == CURL_SOCKET_BAD;
    }
    return made;
}

bool oktai_transfer_set_callbacks(oktai_transfer *t, CURL *easy)
{
    return oktai_header_guard_set(t, easy) &&
           curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, t->problem) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_header) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HEADERDATA, t) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEDATA, t) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_read) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_READDATA, t) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, on_seek) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_send) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PREREQDATA, t) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, on_open_socket) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, t) == CURLE_OK;
}
