/* SPDX-License-Identifier: Apache-2.0 */
#include "http/transport.h"

#include <curl/curl.h>
#include <errno.h>
#include <openssl/err.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/arena.h"
#include "core/memory.h"
#include "http/framing.h"

/* A body that trickles slower than this many bytes in a window is given up. */
#define SLOW_WINDOW_MS 10000
#define SLOW_BYTES     100

#define CONNECTION_MAX_IDLE_S 30L
#define CONNECTION_MAX_AGE_S  300L
#define CA_CACHE_S            600L

struct oktai_transport {
    oktai_transport *next;
    const oktai_transport_options *options;
    CURL *easy;
    bool spent;           /* `easy` serves no further transfer */
    pthread_mutex_t lock; /* of `multi` against oktai_transport_wake(): only its owner changes it */
    CURLM *multi;
    curl_socket_t idle; /* of the connection that libcurl keeps, HTTP/1 only; CURL_SOCKET_BAD: none */
    char problem[CURL_ERROR_SIZE];
    struct curl_slist headers[OKTAI_REQUEST_HEADERS_MAX];

    /* of the request in flight */
    oktai_response *response;
    const oktai_buffer *request_body;
    size_t request_sent;
    unsigned sends;
    unsigned sends_max;
    oktai_framing framing;
    bool lost;           /* a reused connection died, and the request may not be sent again */
    const char *refusal; /* why a callback stopped the transfer */
    bool no_memory;
};

oktai_transport **oktai_transport_next(oktai_transport *transport)
{
    return &transport->next;
}

void oktai_response_clear(oktai_response *response)
{
    response->http_status = 0;
    oktai_headers_clear(&response->headers);
    oktai_buffer_clear(&response->body);
}

static size_t on_header(char *data, size_t size, size_t count, void *context)
{
    oktai_transport *t = context;
    size_t length = size * count;
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

static size_t on_body(char *data, size_t size, size_t count, void *context)
{
    oktai_transport *t = context;
    oktai_buffer *body = &t->response->body;
    size_t length = size * count;
    if (body->length == 0 && t->framing.content_length < body->limit) {
        oktai_buffer_reserve(body, (size_t)t->framing.content_length);
    }
    if (oktai_buffer_append(body, data, length)) {
        return length;
    }
    t->no_memory = !body->over_limit;
    t->refusal = "the answer is larger than max_response_bytes";
    return 0;
}

static size_t on_read(char *data, size_t size, size_t count, void *context)
{
    oktai_transport *t = context;
    size_t left = t->request_body->length - t->request_sent;
    size_t length = size * count < left ? size * count : left;
    memcpy(data, t->request_body->data + t->request_sent, length);
    t->request_sent += length;
    return length;
}

/* libcurl sends a request again by itself when a reused connection dies. This runs before each sending, and
 * lets no more happen than the caller allows. */
static int on_send(void *context, char *peer, char *self, int peer_port, int self_port)
{
    oktai_transport *t = context;
    (void)peer;
    (void)self;
    (void)peer_port;
    (void)self_port;
    if (t->sends == t->sends_max) {
        t->lost = true;
        return CURL_PREREQFUNC_ABORT;
    }
    t->sends++;
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
    (void)context;
    (void)purpose;
    int type = address->socktype;
#ifdef SOCK_CLOEXEC
    type |= SOCK_CLOEXEC;
#endif
    return socket(address->family, type, address->protocol);
}

static bool set_security(CURL *easy, const oktai_transport_options *options)
{
    return curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, options->plain_http ? "http" : "https") ==
               CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "https") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SSL_CIPHER_LIST, "ECDHE+AESGCM:ECDHE+CHACHA20") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_CA_CACHE_TIMEOUT, CA_CACHE_S) == CURLE_OK &&
           /* libcurl 7.88 frees a name twice when memory ends while it keeps a session. */
           curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L) == CURLE_OK &&
           (options->ca_file == NULL ||
            curl_easy_setopt(easy, CURLOPT_CAINFO, options->ca_file) == CURLE_OK) &&
           (options->proxy == NULL || (curl_easy_setopt(easy, CURLOPT_PROXY, options->proxy) == CURLE_OK &&
                                       curl_easy_setopt(easy, CURLOPT_NOPROXY, "") == CURLE_OK)) &&
           curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) == CURLE_OK;
}

static bool set_callbacks(oktai_transport *t, CURL *easy)
{
    return curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, t->problem) == CURLE_OK &&
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
           curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L) == CURLE_OK;
}

static bool set_behaviour(CURL *easy, const oktai_transport_options *options)
{
    return curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_USERAGENT, options->user_agent) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip") == CURLE_OK &&
           (!oktai_wiping_is_on() || /* the memory of HTTP/2 is not libcurl's own */
            curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) == CURLE_OK) &&
           curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)options->connect_timeout_ms) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, CONNECTION_MAX_IDLE_S) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_MAXLIFETIME_CONN, CONNECTION_MAX_AGE_S) == CURLE_OK;
}

/* It keeps one connection, so that there is never another than `idle`. */
static CURLM *new_multi(void)
{
    CURLM *multi = curl_multi_init();
    if (multi != NULL && curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, 1L) != CURLM_OK) {
        curl_multi_cleanup(multi);
        return NULL;
    }
    return multi;
}

static CURL *new_easy(oktai_transport *t)
{
    CURL *easy = curl_easy_init();
    if (easy != NULL &&
        !(set_security(easy, t->options) && set_callbacks(t, easy) && set_behaviour(easy, t->options))) {
        curl_easy_cleanup(easy);
        return NULL;
    }
    return easy;
}

/* In libcurl before 8.1.0 a handle keeps a pointer to the last header of a transfer, whose memory its next
 * transfer frees, and follows it when the next answer begins with a folded line (curl issue 11101). Such a
 * handle serves one transfer; the connection is kept by `multi`. Plain HTTP comes from this machine, and is
 * spared the cost. False: out of memory. */
static bool renew_easy(oktai_transport *t)
{
    if (!t->spent) {
        return true;
    }
    CURL *easy = new_easy(t);
    if (easy == NULL) {
        return false;
    }
    curl_easy_cleanup(t->easy);
    t->easy = easy;
    t->spent = false;
    return true;
}

oktai_transport *oktai_transport_new(const oktai_transport_options *options)
{
    oktai_transport *t = calloc(1, sizeof *t);
    if (t == NULL) {
        return NULL;
    }
    pthread_mutex_init(&t->lock, NULL);
    t->options = options;
    t->idle = CURL_SOCKET_BAD;
    t->easy = new_easy(t);
    t->multi = new_multi();
    if (t->easy == NULL || t->multi == NULL) {
        oktai_transport_free(t);
        return NULL;
    }
    return t;
}

void oktai_transport_free(oktai_transport *t)
{
    if (t == NULL) {
        return;
    }
    curl_easy_cleanup(t->easy);
    curl_multi_cleanup(t->multi);
    pthread_mutex_destroy(&t->lock);
    oktai_wipe(t, sizeof *t);
    free(t);
}

void oktai_transport_wake(oktai_transport *t)
{
    pthread_mutex_lock(&t->lock);
    curl_multi_wakeup(t->multi);
    pthread_mutex_unlock(&t->lock);
}

/* Input, or the end of it; a signal is neither. */
static bool has_input(curl_socket_t socket)
{
    struct pollfd polled = {.fd = socket, .events = POLLIN};
    int ready;
    do {
        ready = poll(&polled, 1, 0);
    } while (ready < 0 && errno == EINTR);
    return ready != 0;
}

/* False: out of memory, and they stay. */
static bool drop_connections(oktai_transport *t)
{
    CURLM *unclean = t->multi;
    CURLM *multi = new_multi();
    if (multi == NULL) {
        return false;
    }
    pthread_mutex_lock(&t->lock);
    t->multi = multi;
    pthread_mutex_unlock(&t->lock);
    t->idle = CURL_SOCKET_BAD;
    curl_multi_cleanup(unclean);
    return true;
}

/* Bytes that arrive while nothing is asked are no answer to the next request, but libcurl takes them for one:
 * a second answer that was smuggled behind the first, or the 408 of a server that waited long enough. Only
 * libcurl's own end lets go of a connection for certain. False: out of memory. */
static bool drop_unclean_connection(oktai_transport *t)
{
    return t->idle == CURL_SOCKET_BAD || !has_input(t->idle) || drop_connections(t);
}

/* libcurl believes the version that a status line claims, also over HTTP/1. Without TLS there is no other. */
static bool is_multiplexed(oktai_transport *t)
{
    long version = 0;
    if (t->options->plain_http) {
        return false;
    }
    curl_easy_getinfo(t->easy, CURLINFO_HTTP_VERSION, &version);
    return version == CURL_HTTP_VERSION_2_0 || version == CURL_HTTP_VERSION_3;
}

/* Which connection libcurl keeps after a transfer. One that did not serve it stays, unless another takes its
 * place. */
static void find_idle_connection(oktai_transport *t, bool fresh)
{
    curl_socket_t socket = CURL_SOCKET_BAD;
    curl_easy_getinfo(t->easy, CURLINFO_ACTIVESOCKET, &socket);
    if (socket == CURL_SOCKET_BAD && fresh) {
        return;
    }
    t->idle = is_multiplexed(t) ? CURL_SOCKET_BAD : socket;
}

/* libcurl's list, without its copies: the lines stay where they are. */
static struct curl_slist *chain_headers(oktai_transport *t, const char *const *lines)
{
    size_t count = 0;
    for (; count < OKTAI_REQUEST_HEADERS_MAX && lines[count] != NULL; count++) {
        t->headers[count] = (struct curl_slist){.data = (char *)(uintptr_t)lines[count]};
        if (count > 0) {
            t->headers[count - 1].next = &t->headers[count];
        }
    }
    return t->headers;
}

static bool set_request(oktai_transport *t, const oktai_request *request)
{
    CURL *easy = t->easy;
    bool get = strcmp(request->method, "GET") == 0;
    /* A method that is made for a body says `Content-Length: 0` when there is none. */
    bool post = request->body != NULL || request->method[0] == 'P';
    curl_off_t size = request->body == NULL ? 0 : (curl_off_t)request->body->length;
    /* CURLOPT_POSTFIELDS makes the request a POST, so the method comes behind it. */
    return curl_easy_setopt(easy, CURLOPT_POSTFIELDS, post && request->body == NULL ? "" : NULL) ==
               CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, size) == CURLE_OK &&
           curl_easy_setopt(easy, post ? CURLOPT_POST : CURLOPT_HTTPGET, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, get ? NULL : request->method) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, request->fresh ? 1L : 0L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HTTPHEADER, chain_headers(t, request->headers)) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)request->timeout_ms) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_URL, request->url) == CURLE_OK;
}

/* libcurl keeps these beyond the transfer; nothing of the request may stay referenced. */
static void forget_request(oktai_transport *t)
{
    curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, NULL);
    t->response = NULL;
    t->request_body = NULL;
}

/* What goes to a proxy before the request is not part of it, though libcurl counts it. */
static bool request_left(oktai_transport *t)
{
    long bytes = 0;
    if (t->sends == 0) {
        return false;
    }
    curl_easy_getinfo(t->easy, CURLINFO_REQUEST_SIZE, &bytes);
    return bytes > 0;
}

static bool answer_began(oktai_transport *t)
{
    curl_off_t microseconds = 0;
    curl_easy_getinfo(t->easy, CURLINFO_STARTTRANSFER_TIME_T, &microseconds);
    return microseconds > 0;
}

/* What libcurl drove to its end, or what ended the driving. */
typedef struct oktai_ending {
    CURLcode code;
    bool canceled;
    bool too_slow;
} oktai_ending;

/* Counts what arrives in windows of time; nothing counts before the final answer begins. */
typedef struct oktai_pace {
    int64_t since_ms;
    size_t bytes;
} oktai_pace;

static bool is_too_slow(const oktai_transport *t, oktai_pace *pace)
{
    int64_t now_ms = t->options->clock->now_ms(t->options->clock);
    size_t bytes = t->framing.bytes + t->response->body.length;
    if (t->framing.http_status < 200 || pace->since_ms == 0) {
        *pace = (oktai_pace){now_ms, bytes};
        return false;
    }
    if (now_ms - pace->since_ms < SLOW_WINDOW_MS) {
        return false;
    }
    bool slow = bytes - pace->bytes < SLOW_BYTES;
    *pace = (oktai_pace){now_ms, bytes};
    return slow;
}

static bool find_result(oktai_transport *t, CURLcode *code)
{
    int left;
    CURLMsg *message = curl_multi_info_read(t->multi, &left);
    if (message == NULL || message->msg != CURLMSG_DONE) {
        return false;
    }
    *code = message->data.result;
    return true;
}

static oktai_ending drive(oktai_transport *t, const atomic_bool *canceled)
{
    oktai_ending ending = {.code = CURLE_OUT_OF_MEMORY};
    oktai_pace pace = {0};
    int running = 1;
    while (running > 0) {
        if (atomic_load(canceled)) {
            ending.canceled = true;
            return ending;
        }
        if (curl_multi_perform(t->multi, &running) != CURLM_OK) {
            return ending;
        }
        if (running > 0 && is_too_slow(t, &pace)) {
            ending.too_slow = true;
            return ending;
        }
        int ready;
        if (running > 0 && curl_multi_poll(t->multi, NULL, 0, 1000, &ready) != CURLM_OK) {
            return ending;
        }
    }
    find_result(t, &ending.code);
    return ending;
}

static oktai_attempt failed(okta_status status, bool maybe_processed, const char *reason)
{
    return (oktai_attempt){.failure = status, .maybe_processed = maybe_processed, .reason = reason};
}

static bool is_verification(CURLcode code)
{
    return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CERTPROBLEM ||
           code == CURLE_SSL_CIPHER || code == CURLE_SSL_ISSUER_ERROR || code == CURLE_SSL_CRL_BADFILE ||
           code == CURLE_SSL_INVALIDCERTSTATUS || code == CURLE_SSL_PINNEDPUBKEYNOTMATCH ||
           code == CURLE_URL_MALFORMAT || code == CURLE_UNSUPPORTED_PROTOCOL ||
           code == CURLE_COULDNT_RESOLVE_PROXY;
}

/* libcurl's own words, unless they may quote a proxy URL with its password. */
static const char *reason_of(const oktai_transport *t, CURLcode code)
{
    bool usable =
        t->problem[0] != '\0' && strchr(t->problem, '@') == NULL && strstr(t->problem, "://") == NULL;
    return usable ? t->problem : curl_easy_strerror(code);
}

/* libcurl says of a CA file that cannot be opened only that. OpenSSL's queue has the reason. */
static bool lacked_descriptors(void)
{
    unsigned long code = ERR_peek_error();
    return ERR_SYSTEM_ERROR(code) && (ERR_GET_REASON(code) == EMFILE || ERR_GET_REASON(code) == ENFILE);
}

/* Names what libcurl reports. Its codes are no proof of anything but the few listed: whether the server may
 * have seen the request is read off the bytes that left. */
static oktai_attempt classify(oktai_transport *t, const oktai_ending *ending)
{
    bool left = request_left(t);
    oktai_attempt attempt = failed(OKTA_E_TRANSPORT, left, reason_of(t, ending->code));
    if (ending->canceled) {
        return failed(OKTA_E_CANCELED, left, "the call was canceled");
    }
    if (ending->too_slow) {
        return failed(OKTA_E_TIMEOUT, left, "the answer comes too slowly");
    }
    if (t->no_memory || (ending->code == CURLE_OUT_OF_MEMORY && !answer_began(t))) {
        attempt = failed(OKTA_E_NOMEM, left, "out of memory");
        attempt.permanent = true;
        return attempt;
    }
    if (t->refusal != NULL) {
        attempt = failed(OKTA_E_PROTOCOL, left, t->refusal);
        attempt.permanent = true;
        return attempt;
    }
    if (t->lost || ending->code == CURLE_SEND_FAIL_REWIND) {
        attempt.reason = "the connection died before an answer came";
    } else if (ending->code == CURLE_OPERATION_TIMEDOUT) {
        attempt.failure = OKTA_E_TIMEOUT;
    } else if (ending->code == CURLE_SSL_CACERT_BADFILE && !lacked_descriptors()) {
        attempt.failure = OKTA_E_CONFIG;
        attempt.permanent = true;
    } else if (ending->code == CURLE_UNSUPPORTED_PROTOCOL || ending->code == CURLE_WEIRD_SERVER_REPLY ||
               ending->code == CURLE_BAD_CONTENT_ENCODING || ending->code == CURLE_WRITE_ERROR ||
               ending->code == CURLE_OUT_OF_MEMORY) {
        attempt.failure = OKTA_E_PROTOCOL;
        attempt.permanent = true;
    } else {
        attempt.permanent = is_verification(ending->code);
    }
    return attempt;
}

/* A transfer that libcurl calls good is looked at once more: it takes a cut answer for a whole one in several
 * cases. */
static oktai_attempt accept_answer(oktai_transport *t)
{
    long status = 0;
    curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &status);
    const char *problem = oktai_framing_problem(&t->framing, is_multiplexed(t));
    if (problem != NULL) {
        return failed(OKTA_E_TRANSPORT, true, problem);
    }
    t->response->http_status = (int)status;
    return (oktai_attempt){.failure = OKTA_OK, .http_status = (int)status};
}

static oktai_attempt transfer(oktai_transport *t, const oktai_request *request)
{
    if (!drop_unclean_connection(t) || !renew_easy(t) || !set_request(t, request) ||
        curl_multi_add_handle(t->multi, t->easy) != CURLM_OK) {
        oktai_attempt attempt = failed(OKTA_E_NOMEM, false, "out of memory");
        attempt.permanent = true;
        return attempt;
    }
    oktai_ending ending = drive(t, request->canceled);
    bool whole = ending.code == CURLE_OK && !ending.canceled && !ending.too_slow;
    oktai_attempt attempt = whole ? accept_answer(t) : classify(t, &ending);
    find_idle_connection(t, request->fresh);
    curl_multi_remove_handle(t->multi, t->easy);
    t->spent = !t->options->plain_http && curl_version_info(CURLVERSION_NOW)->version_num < 0x080100;
    /* Over HTTP/2 libcurl keeps a connection that went silent. */
    if (!t->options->plain_http &&
        (attempt.failure == OKTA_E_TIMEOUT || attempt.failure == OKTA_E_CANCELED)) {
        drop_connections(t);
    }
    return attempt;
}

oktai_attempt oktai_transport_perform(oktai_transport *t, const oktai_request *request,
                                      oktai_response *response)
{
    oktai_response_clear(response);
    response->body.limit = t->options->max_response_bytes;
    t->response = response;
    t->request_body = request->body;
    t->request_sent = 0;
    t->sends = 0;
    t->sends_max = request->may_resend ? 2 : 1;
    t->lost = false;
    t->framing = (oktai_framing){.content_length = OKTAI_NO_LENGTH};
    t->refusal = NULL;
    t->no_memory = false;
    t->problem[0] = '\0';
    bool queue_was_empty = !t->options->plain_http && ERR_peek_error() == 0;
    oktai_attempt attempt = transfer(t, request);
    if (queue_was_empty) {
        ERR_clear_error();
    }
    if (attempt.failure != OKTA_OK) {
        oktai_buffer_clear(&response->body);
    }
    attempt.resent = t->sends > 1 ? t->sends - 1 : 0;
    forget_request(t);
    return attempt;
}
