/* SPDX-License-Identifier: Apache-2.0 */
/* The glue to libmicrohttpd: it reads requests into records and sends answers. */
#include "mock_state.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

/* Room for the header lines of a request or an answer, which tests make long. */
#define CONNECTION_MEMORY ((size_t)512 * 1024)
#define BODY_BLOCK        4096

/* Begins with the request line, ends when libmicrohttpd is done with the request. */
typedef struct exchange {
    mock_record *record; /* NULL once the log owns it */
    bool has_headers;
} exchange;

/* The only place where libmicrohttpd shows the target as it came. */
static void *begin_exchange(void *context, const char *target, struct MHD_Connection *connection)
{
    (void)context;
    (void)connection;
    exchange *begun = calloc(1, sizeof *begun);
    if (begun != NULL) {
        begun->record = mock_record_new(target);
    }
    return begun;
}

static void end_exchange(void *context, struct MHD_Connection *connection, void **request_context,
                         enum MHD_RequestTerminationCode why)
{
    (void)context;
    (void)connection;
    (void)why;
    exchange *current = *request_context;
    if (current != NULL) {
        mock_record_free(current->record);
        free(current);
        *request_context = NULL;
    }
}

static void number_connection(void *context, struct MHD_Connection *connection, void **socket_context,
                              enum MHD_ConnectionNotificationCode event)
{
    (void)connection;
    mock_org *org = context;
    if (event == MHD_CONNECTION_NOTIFY_STARTED) {
        pthread_mutex_lock(&org->lock);
        *socket_context = (void *)(uintptr_t)++org->connections;
        pthread_mutex_unlock(&org->lock);
    }
}

static unsigned connection_number(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info != NULL ? (unsigned)(uintptr_t)info->socket_context : 0;
}

typedef struct header_reader {
    mock_record *record;
    bool failed;
} header_reader;

static enum MHD_Result read_header(void *context, enum MHD_ValueKind kind, const char *name,
                                   const char *value)
{
    (void)kind;
    header_reader *reader = context;
    reader->failed = !mock_record_header(reader->record, name, value != NULL ? value : "");
    return reader->failed ? MHD_NO : MHD_YES;
}

typedef struct cut_body {
    size_t cut_at;
    size_t length;
    char bytes[];
} cut_body;

static ssize_t read_cut_body(void *context, uint64_t position, char *out, size_t room)
{
    const cut_body *body = context;
    if (position >= body->cut_at) {
        return MHD_CONTENT_READER_END_WITH_ERROR;
    }
    size_t left = body->cut_at - (size_t)position;
    size_t length = left < room ? left : room;
    memcpy(out, body->bytes + position, length);
    return (ssize_t)length;
}

static struct MHD_Response *make_response(const mock_answer *answer)
{
    const char *body = answer->body != NULL ? answer->body : "";
    if (answer->cut_body_at == 0 || answer->cut_body_at >= answer->body_length) {
        /* libmicrohttpd takes a non-const pointer but only copies from it. */
        return MHD_create_response_from_buffer(answer->body_length, (void *)(uintptr_t)body,
                                               MHD_RESPMEM_MUST_COPY);
    }
    cut_body *cut = malloc(sizeof *cut + answer->body_length);
    if (cut == NULL) {
        return NULL;
    }
    cut->cut_at = answer->cut_body_at;
    cut->length = answer->body_length;
    memcpy(cut->bytes, body, answer->body_length);
    struct MHD_Response *response =
        MHD_create_response_from_callback(cut->length, BODY_BLOCK, read_cut_body, cut, free);
    if (response == NULL) {
        free(cut);
    }
    return response;
}

static bool add_header(struct MHD_Response *response, const char *line)
{
    char *name = mock_copy_n(line, mock_header_name_length(line));
    bool added = name != NULL && MHD_add_response_header(response, name, mock_header_value(line)) == MHD_YES;
    free(name);
    return added;
}

/* MHD_NO makes libmicrohttpd close the connection without an answer. */
static enum MHD_Result send_answer(struct MHD_Connection *connection, const mock_answer *answer)
{
    if (answer->drop || answer->broken) {
        return MHD_NO;
    }
    struct MHD_Response *response = make_response(answer);
    if (response == NULL) {
        return MHD_NO;
    }
    bool complete = true;
    for (size_t i = 0; complete && i < answer->header_count; i++) {
        complete = add_header(response, answer->headers[i]);
    }
    enum MHD_Result result = complete ? MHD_queue_response(connection, answer->status, response) : MHD_NO;
    MHD_destroy_response(response);
    return result;
}

/* Called when the headers are in, then for each piece of the body, then once more when all is in. */
static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload_data,
                              size_t *upload_data_size, void **request_context)
{
    (void)url;
    (void)version;
    mock_org *org = context;
    exchange *current = *request_context;
    if (current == NULL || current->record == NULL) {
        return MHD_NO;
    }
    mock_record *record = current->record;
    if (!current->has_headers) {
        current->has_headers = true;
        header_reader reader = {.record = record};
        (void)MHD_get_connection_values(connection, MHD_HEADER_KIND, read_header, &reader);
        return reader.failed ? MHD_NO : MHD_YES;
    }
    if (*upload_data_size > 0) {
        bool kept = mock_record_body(record, upload_data, *upload_data_size);
        *upload_data_size = 0;
        return kept ? MHD_YES : MHD_NO;
    }
    if (!mock_record_seal(record, method, connection_number(connection))) {
        return MHD_NO;
    }
    current->record = NULL;
    mock_answer answer = {0};
    mock_serve(org, record, &answer);
    enum MHD_Result result = send_answer(connection, &answer);
    mock_answer_clear(&answer);
    return result;
}

const char *mock_call_url(const mock_call *call)
{
    /* A key that mock_org_add_key() puts in comes with no request. */
    const char *host = call->record != NULL ? mock_request_header(&call->record->view, "Host") : NULL;
    const char *named = call->org->localhost_url;
    bool by_name = host != NULL && strcasecmp(host, named + strlen("http://")) == 0;
    return by_name ? named : call->org->url;
}

bool mock_http_start(mock_org *org, uint16_t port)
{
    struct sockaddr_in address = {0};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    /* A thread for each connection: a delayed answer on one must not hold up the others. */
    unsigned flags = MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL |
                     MHD_USE_SUPPRESS_DATE_NO_CLOCK;
    org->daemon = MHD_start_daemon(
        flags, port, NULL, NULL, handle, org, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address,
        MHD_OPTION_URI_LOG_CALLBACK, begin_exchange, NULL, MHD_OPTION_NOTIFY_COMPLETED, end_exchange, NULL,
        MHD_OPTION_NOTIFY_CONNECTION, number_connection, org, MHD_OPTION_STRICT_FOR_CLIENT, 1,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY, MHD_OPTION_END);
    if (org->daemon == NULL) {
        return false;
    }
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(org->daemon, MHD_DAEMON_INFO_BIND_PORT);
    if (info == NULL || info->port == 0) {
        return false;
    }
    /* On a port that the caller chose, requests may come in before this line. */
    pthread_mutex_lock(&org->lock);
    (void)snprintf(org->url, sizeof org->url, "http://127.0.0.1:%u", (unsigned)info->port);
    (void)snprintf(org->localhost_url, sizeof org->localhost_url, "http://localhost:%u",
                   (unsigned)info->port);
    pthread_mutex_unlock(&org->lock);
    return true;
}

void mock_http_stop(mock_org *org)
{
    if (org->daemon != NULL) {
        MHD_stop_daemon(org->daemon);
    }
}
