/* SPDX-License-Identifier: Apache-2.0 */
#include "faults/settle_org.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
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

#include "faults/fault_connection.h"
#include "faults/fault_h2.h"
#include "faults/fault_tls.h"
#include "faults/settle_send.h"
#include "faults/settle_store.h"

#define CHUNK           65536u
#define BACKLOG         64
#define CONNECTIONS_MAX 64u
#define RECEIVE_BYTES   65536   /* of the kernel's, so that a large request does not fit */
#define BREAK_AT        262144u /* bytes of it that are taken */

/* What comes of one request. */
typedef struct settle_request {
    unsigned connection;
    char *text; /* with the body behind it; free() it */
    const char *body;
    size_t body_length;
    bool cut; /* it broke off inside a string of its body */
} settle_request;

struct settle_org {
    settle_plan plan;
    int listener;
    char url[48];
    pthread_t acceptor;
    bool accepting;
    fault_server *recorder; /* of HTTP/2; hears nothing itself */
    pthread_t threads[CONNECTIONS_MAX];
    fault_connection connections[CONNECTIONS_MAX];
    unsigned connection_count; /* of the accepting thread */

    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t changed;
    settle_store store;
    char *pending; /* body of the request that is late */
    char *first_body;
    bool recovered;
    bool list_failed;
    unsigned h2_taken; /* requests that came over HTTP/2 and were looked at */
    unsigned requests;
    unsigned posts;
    unsigned looks;
    unsigned post_connection;
    pid_t victim;
    bool victim_is_dead;
    char complaint[160];
};

static fault_tls tls_one;
static fault_tls tls_two;

void settle_tls_begin(void)
{
    const fault_tls_options two = {.h2 = true};
    const fault_tls_options one = {0};
    fault_tls_start(&tls_two, &two);
    fault_tls_start(&tls_one, &one);
    X509 *const authorities[] = {tls_one.authority, tls_two.authority};
    fault_tls_write(tls_one.ca_file, authorities, 2);
}

void settle_tls_end(void)
{
    fault_tls_stop(&tls_one);
    fault_tls_stop(&tls_two);
}

const char *settle_tls_ca_file(void)
{
    return tls_one.ca_file;
}

static bool is_h2(const settle_org *org)
{
    return org->plan.cause != NULL && org->plan.cause->act == SETTLE_H2;
}

static void complain(settle_org *org, const char *what)
{
    if (org->complaint[0] == '\0') {
        snprintf(org->complaint, sizeof org->complaint, "%s", what);
    }
}

static char *copy_text(const char *text, size_t length)
{
    char *copy = malloc(length + 1);
    if (copy == NULL) {
        abort();
    }
    memcpy(copy, text, length);
    copy[length] = '\0';
    return copy;
}

/* The text ends where the padding was cut: what a server makes of the part that it has. */
static char *whole_body(const settle_request *request, size_t *length)
{
    *length = request->body_length + (request->cut ? 2 : 0);
    char *copy = malloc(*length + 1);
    if (copy == NULL) {
        abort();
    }
    memcpy(copy, request->body, request->body_length);
    memcpy(copy + request->body_length, "\"}", request->cut ? 3 : 1);
    copy[*length] = '\0';
    return copy;
}

static void release_pending(settle_org *org)
{
    if (org->pending != NULL) {
        settle_answer ignored = settle_store_add(&org->store, org->pending, strlen(org->pending));
        free(ignored.body);
        free(org->pending);
        org->pending = NULL;
    }
}

/* Count a request, and end the client where that is planned. The lock is held. */
static void note_request(settle_org *org, const settle_request *request)
{
    org->requests++;
    if (strstr(request->text, ": SSWS " SETTLE_TOKEN "\r\n") == NULL) {
        complain(org, "a request without the token");
    }
    if (org->victim > 0 && org->requests == org->plan.kill_at) {
        kill(org->victim, SIGKILL);
        while (!org->victim_is_dead) {
            pthread_cond_wait(&org->changed, &org->lock);
        }
    }
}

static void compare_post(settle_org *org, const settle_request *request)
{
    size_t length;
    char *body = whole_body(request, &length);
    size_t before = org->first_body == NULL ? 0 : strlen(org->first_body);
    if (org->first_body == NULL) {
        org->first_body = copy_text(body, length);
    } else if (memcmp(org->first_body, body, (before < length ? before : length) - 2) != 0) {
        complain(org, "the second POST is another");
    }
    free(body);
}

/* The lock is held. `struck`: which of the answers that get lost it is; 0: none. */
static settle_answer answer_post(settle_org *org, const settle_request *request, unsigned *struck)
{
    size_t length;
    char *body = whole_body(request, &length);
    settle_answer answer;
    note_request(org, request);
    if (org->plan.hurry != NULL) {
        atomic_store(org->plan.hurry, false);
    }
    compare_post(org, request);
    org->posts++;
    org->post_connection = request->connection;
    bool lost = !org->recovered && org->plan.cause != NULL && org->posts <= org->plan.strikes;
    *struck = lost ? org->posts : 0;
    if (org->posts > 1 && org->plan.fate == SETTLE_LATE && org->plan.late_at == 0) {
        release_pending(org);
    }
    bool first = org->posts == 1;
    if (!lost || org->plan.fate == SETTLE_PROCESSED || (org->plan.fate == SETTLE_LATE && !first)) {
        answer = settle_store_add(&org->store, body, length);
    } else {
        answer = settle_store_pretend(body, length);
        if (org->plan.fate == SETTLE_LATE) {
            org->pending = copy_text(body, length);
        }
    }
    if (lost && answer.status != 201) {
        free(answer.body); /* what gets lost looks like success */
        answer = settle_store_pretend(body, length);
    }
    free(body);
    return answer;
}

/* What came over HTTP/2 is on record before the client knows of a fault, so that it is in time to be looked
 * at before anything else is. The lock is held. */
static void take_h2(settle_org *org)
{
    const fault_request *one;
    while ((one = fault_server_request_at(org->recorder, org->h2_taken)) != NULL) {
        unsigned struck;
        const char *end = strstr(one->text, "\r\n\r\n");
        org->h2_taken++;
        settle_request request = {.connection = one->connection, .text = (char *)(uintptr_t)one->text};
        request.body = end == NULL ? "" : end + 4;
        request.body_length = strlen(request.body);
        settle_answer answer = answer_post(org, &request, &struck);
        free(answer.body);
    }
}

static settle_answer answer_list(settle_org *org, const settle_request *request)
{
    settle_list list = org->recovered ? SETTLE_LIST_WORKS : org->plan.list;
    org->looks++;
    if (!org->recovered && request->connection == org->post_connection) {
        complain(org, "a look over the connection of the POST before it");
    }
    if (list == SETTLE_LIST_DOWN || (list == SETTLE_LIST_FAILS_ONCE && !org->list_failed)) {
        org->list_failed = true;
        return settle_refusal(500, "E0000009", NULL);
    }
    settle_answer answer = settle_store_list(&org->store);
    if (org->plan.fate == SETTLE_LATE && org->looks == org->plan.late_at) {
        release_pending(org);
    }
    return answer;
}

static settle_answer answer_request(settle_org *org, const settle_request *request, unsigned *struck)
{
    const char *target = strchr(request->text, ' ');
    const size_t length = sizeof " " SETTLE_KEYS_PATH - 1;
    settle_answer answer;
    *struck = 0;
    pthread_mutex_lock(&org->lock);
    take_h2(org);
    if (target == NULL || strncmp(target, " " SETTLE_KEYS_PATH, length) != 0) {
        answer = settle_refusal(404, "E0000007", NULL);
    } else if (strncmp(request->text, "POST ", 5) == 0) {
        answer = answer_post(org, request, struck);
    } else if (target[length] == '/') {
        char id[SETTLE_ID_SIZE];
        note_request(org, request);
        snprintf(id, sizeof id, "%.*s", (int)strcspn(target + length + 1, " "), target + length + 1);
        answer = settle_store_get(&org->store, id);
    } else {
        note_request(org, request);
        answer = answer_list(org, request);
    }
    pthread_mutex_unlock(&org->lock);
    return answer;
}

static size_t content_length(const char *head)
{
    static const char name[] = "\r\nContent-Length:";
    for (; *head != '\0'; head++) {
        if (strncasecmp(head, name, sizeof name - 1) == 0) {
            return strtoul(head + sizeof name - 1, NULL, 10);
        }
    }
    return 0;
}

static bool read_head(fault_connection *self, size_t *head)
{
    for (*head = 0;;) {
        for (size_t i = 0; i + 4 <= self->input_length; i++) {
            if (memcmp(self->input + i, "\r\n\r\n", 4) == 0) {
                *head = i + 4;
                return true;
            }
        }
        if (!fault_connection_receive(self, CHUNK)) {
            return false;
        }
    }
}

static bool will_break(settle_org *org)
{
    pthread_mutex_lock(&org->lock);
    bool so = !org->recovered && org->plan.cause != NULL && org->plan.cause->act == SETTLE_BREAK &&
              org->posts < org->plan.strikes;
    pthread_mutex_unlock(&org->lock);
    return so;
}

static bool read_request(settle_org *org, fault_connection *self, settle_request *out)
{
    size_t head;
    if (!read_head(self, &head)) {
        return false;
    }
    char *text = copy_text(self->input, head);
    size_t length = head + content_length(text);
    free(text);
    *out = (settle_request){.connection = self->number};
    out->cut = length > BREAK_AT && will_break(org);
    length = out->cut ? BREAK_AT : length;
    while (self->input_length < length) {
        if (!fault_connection_receive(self, CHUNK)) {
            return false;
        }
    }
    out->text = copy_text(self->input, length);
    out->body = out->text + head;
    out->body_length = length - head;
    self->input_length -= length;
    memmove(self->input, self->input + length, self->input_length);
    return true;
}

static void serve_h1(settle_org *org, fault_connection *self)
{
    settle_request request;
    bool going = true;
    while (going && read_request(org, self, &request)) {
        unsigned struck;
        settle_answer answer = answer_request(org, &request, &struck);
        going = struck > 0 ? settle_send_fault(self, org->plan.cause, struck, answer.body)
                           : settle_send_answer(self, answer.status, answer.body);
        free(answer.body);
        free(request.text);
    }
}

static bool shake_hands(const settle_org *org, fault_connection *self)
{
    if (!is_h2(org)) {
        return true;
    }
    self->tls = SSL_new(self->number == 1 ? tls_two.context : tls_one.context);
    return self->tls != NULL && SSL_set_fd(self->tls, self->socket) == 1 && SSL_accept(self->tls) == 1;
}

typedef struct serving {
    settle_org *org;
    fault_connection *connection;
} serving;

static void *serve(void *context)
{
    serving own = *(serving *)context;
    sigset_t pipe_signal;
    free(context);
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_signal, NULL);
    if (!shake_hands(own.org, own.connection)) {
        /* the client is gone */
    } else if (fault_h2_is_chosen(own.connection)) {
        fault_h2_serve(own.connection, own.org->plan.cause->h2);
    } else {
        serve_h1(own.org, own.connection);
    }
    SSL_free(own.connection->tls);
    if (own.connection->socket >= 0) {
        fault_connection_hang_up(own.connection, false);
    }
    return NULL;
}

static void *accept_all(void *context)
{
    settle_org *org = context;
    int socket;
    while ((socket = accept(org->listener, NULL, NULL)) >= 0) {
        int on = 1;
        serving *own = malloc(sizeof *own);
        if (own == NULL || org->connection_count == CONNECTIONS_MAX) {
            abort();
        }
        setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        unsigned i = org->connection_count++;
        fault_connection *self = &org->connections[i];
        *self = (fault_connection){.server = org->recorder, .socket = socket, .number = i + 1};
        pthread_mutex_init(&self->lock, NULL);
        *own = (serving){org, self};
        if (pthread_create(&org->threads[i], NULL, serve, own) != 0) {
            abort();
        }
    }
    return NULL;
}

static void listen_on_free_port(settle_org *org)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int receive = RECEIVE_BYTES;
    org->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(org->listener >= 0);
    assert_int_equal(setsockopt(org->listener, SOL_SOCKET, SO_RCVBUF, &receive, sizeof receive), 0);
    assert_int_equal(bind(org->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(org->listener, BACKLOG), 0);
    assert_int_equal(getsockname(org->listener, (struct sockaddr *)&address, &size), 0);
    snprintf(org->url, sizeof org->url, "%s://127.0.0.1:%u", is_h2(org) ? "https" : "http",
             (unsigned)ntohs(address.sin_port));
}

settle_org *settle_org_start(const settle_plan *plan)
{
    static const fault_plan deaf = {.refuse = true};
    settle_org *org = calloc(1, sizeof *org);
    assert_non_null(org);
    org->plan = *plan;
    pthread_mutex_init(&org->lock, NULL);
    pthread_cond_init(&org->changed, NULL);
    settle_store_begin(&org->store);
    org->recorder = fault_server_start(&deaf);
    listen_on_free_port(org);
    assert_int_equal(pthread_create(&org->acceptor, NULL, accept_all, org), 0);
    org->accepting = true;
    return org;
}

void settle_org_finish(settle_org *org)
{
    if (!org->accepting) {
        return;
    }
    org->accepting = false;
    shutdown(org->listener, SHUT_RDWR);
    pthread_join(org->acceptor, NULL);
    close(org->listener);
    for (unsigned i = 0; i < org->connection_count; i++) {
        fault_connection *self = &org->connections[i];
        pthread_mutex_lock(&self->lock);
        if (self->socket >= 0) {
            shutdown(self->socket, SHUT_RDWR);
        }
        pthread_mutex_unlock(&self->lock);
        pthread_join(org->threads[i], NULL);
        pthread_mutex_destroy(&self->lock);
        free(self->input);
    }
    pthread_mutex_lock(&org->lock);
    take_h2(org);
    pthread_mutex_unlock(&org->lock);
}

void settle_org_free(settle_org *org)
{
    if (org == NULL) {
        return;
    }
    settle_org_finish(org);
    fault_server_free(org->recorder);
    settle_store_end(&org->store);
    free(org->pending);
    free(org->first_body);
    pthread_cond_destroy(&org->changed);
    pthread_mutex_destroy(&org->lock);
    free(org);
}

const char *settle_org_url(const settle_org *org)
{
    return org->url;
}

void settle_org_set_victim(settle_org *org, pid_t victim)
{
    pthread_mutex_lock(&org->lock);
    org->victim = victim;
    pthread_mutex_unlock(&org->lock);
}

void settle_org_bury_victim(settle_org *org)
{
    pthread_mutex_lock(&org->lock);
    org->victim_is_dead = true;
    pthread_cond_broadcast(&org->changed);
    pthread_mutex_unlock(&org->lock);
}

void settle_org_recover(settle_org *org)
{
    pthread_mutex_lock(&org->lock);
    take_h2(org);
    org->recovered = true;
    pthread_mutex_unlock(&org->lock);
}

void settle_org_catch_up(settle_org *org)
{
    pthread_mutex_lock(&org->lock);
    take_h2(org);
    release_pending(org);
    pthread_mutex_unlock(&org->lock);
}

void settle_org_put(settle_org *org, const char *json)
{
    pthread_mutex_lock(&org->lock);
    settle_store_put(&org->store, json);
    pthread_mutex_unlock(&org->lock);
}

unsigned settle_org_key_count(settle_org *org)
{
    pthread_mutex_lock(&org->lock);
    take_h2(org);
    unsigned count = (unsigned)cJSON_GetArraySize(org->store.keys);
    pthread_mutex_unlock(&org->lock);
    return count;
}

unsigned settle_org_kid_count(settle_org *org, const char *kid)
{
    unsigned count = 0;
    pthread_mutex_lock(&org->lock);
    take_h2(org);
    (void)settle_store_find(&org->store, kid, &count);
    pthread_mutex_unlock(&org->lock);
    return count;
}

void settle_org_id_of(settle_org *org, const char *kid, char out[SETTLE_ID_SIZE])
{
    pthread_mutex_lock(&org->lock);
    const cJSON *key = settle_store_find(&org->store, kid, NULL);
    const char *id = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(key, "id"));
    snprintf(out, SETTLE_ID_SIZE, "%s", id == NULL ? "" : id);
    pthread_mutex_unlock(&org->lock);
}

char *settle_org_dump(settle_org *org)
{
    pthread_mutex_lock(&org->lock);
    settle_answer answer = settle_store_list(&org->store);
    pthread_mutex_unlock(&org->lock);
    return answer.body;
}

static unsigned look_up(settle_org *org, const unsigned *counter)
{
    pthread_mutex_lock(&org->lock);
    take_h2(org);
    unsigned count = *counter;
    pthread_mutex_unlock(&org->lock);
    return count;
}

unsigned settle_org_post_count(settle_org *org)
{
    return look_up(org, &org->posts);
}

unsigned settle_org_look_count(settle_org *org)
{
    return look_up(org, &org->looks);
}

const char *settle_org_complaint(const settle_org *org)
{
    return org->complaint;
}
