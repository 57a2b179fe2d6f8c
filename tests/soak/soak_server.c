/* SPDX-License-Identifier: Apache-2.0 */
#include "soak/soak_server.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "faults/fault_h2.h"
#include "soak/soak_witness.h"

#define BACKLOG 256

/* A connection's thread looks up now and then. */
#define LOOK_MS 100

#define STACK_BYTES ((size_t)1024 * 1024)

struct soak_server {
    SSL_CTX *tls;
    uint64_t seed;
    int listener;
    unsigned port;
    pthread_t thread;
    pthread_mutex_t lock; /* of what follows */
    pthread_cond_t left;  /* a connection is gone */
    bool over;
    soak_peer *peers;
    unsigned accepted;
    unsigned answers;
};

bool soak_is_over(soak_peer *peer)
{
    pthread_mutex_lock(&peer->server->lock);
    bool over = peer->server->over;
    pthread_mutex_unlock(&peer->server->lock);
    return over;
}

void soak_count_answer(soak_peer *peer)
{
    pthread_mutex_lock(&peer->server->lock);
    peer->server->answers++;
    pthread_mutex_unlock(&peer->server->lock);
}

/* The socket never blocks for longer than LOOK_MS. False: the connection is over. */
static bool goes_on(soak_peer *peer, int result)
{
    if (peer->tls != NULL) {
        int error = SSL_get_error(peer->tls, result);
        return (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE) && !soak_is_over(peer);
    }
    return result < 0 && (errno == EAGAIN || errno == EINTR) && !soak_is_over(peer);
}

bool soak_send(soak_peer *peer, const void *data, size_t length)
{
    const char *at = data;
    int64_t until_ms = soak_now_ms() + SOAK_ACT_MS;
    while (peer->socket >= 0 && length > 0) {
        int chunk = length > 16384 ? 16384 : (int)length;
        int sent = peer->tls != NULL ? SSL_write(peer->tls, at, chunk)
                                     : (int)send(peer->socket, at, (size_t)chunk, MSG_NOSIGNAL);
        if (sent > 0) {
            at += sent;
            length -= (size_t)sent;
        } else if (!goes_on(peer, sent) || soak_now_ms() > until_ms) {
            return false;
        }
    }
    return peer->socket >= 0;
}

static bool receive(soak_peer *peer, char *out, size_t size, int64_t until_ms, size_t *out_length)
{
    while (peer->socket >= 0 && size > 0) {
        int got =
            peer->tls != NULL ? SSL_read(peer->tls, out, (int)size) : (int)recv(peer->socket, out, size, 0);
        if (got > 0) {
            *out_length = (size_t)got;
            return true;
        }
        if (!goes_on(peer, got) || soak_now_ms() > until_ms) {
            return false;
        }
    }
    return false;
}

/* An idle connection is kept longer than anything else lasts. */
bool soak_receive(soak_peer *peer)
{
    size_t length = 0;
    if (!receive(peer, peer->input + peer->input_length, sizeof peer->input - peer->input_length,
                 soak_now_ms() + 4 * SOAK_ACT_MS, &length)) {
        return false;
    }
    peer->input_length += length;
    return true;
}

void soak_ignore(soak_peer *peer)
{
    char ignored[4096];
    size_t length;
    int64_t until_ms = soak_now_ms() + SOAK_ACT_MS;
    while (receive(peer, ignored, sizeof ignored, until_ms, &length)) {
    }
}

void soak_hang_up(soak_peer *peer, bool reset)
{
    if (peer->socket < 0) {
        return;
    }
    if (reset) {
        const struct linger at_once = {.l_onoff = 1};
        setsockopt(peer->socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    }
    pthread_mutex_lock(&peer->server->lock);
    int socket = peer->socket;
    peer->socket = -1;
    pthread_mutex_unlock(&peer->server->lock);
    close(socket);
}

static bool shake_hands(soak_peer *peer)
{
    peer->tls = SSL_new(peer->server->tls);
    if (peer->tls == NULL || SSL_set_fd(peer->tls, peer->socket) != 1) {
        abort();
    }
    int64_t until_ms = soak_now_ms() + SOAK_ACT_MS;
    for (;;) {
        int result = SSL_accept(peer->tls);
        if (result == 1) {
            return true;
        }
        if (!goes_on(peer, result) || soak_now_ms() > until_ms) {
            return false;
        }
    }
}

static void leave(soak_peer *peer)
{
    soak_server *server = peer->server;
    pthread_mutex_lock(&server->lock);
    soak_peer **at = &server->peers;
    while (*at != peer) {
        at = &(*at)->next;
    }
    *at = peer->next;
    pthread_cond_signal(&server->left);
    pthread_mutex_unlock(&server->lock);
    free(peer);
}

static void *serve(void *context)
{
    soak_peer *peer = context;
    sigset_t pipe_signal;
    sigemptyset(&pipe_signal);
    sigaddset(&pipe_signal, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_signal, NULL);
    if (peer->server->tls == NULL || shake_hands(peer)) {
        const unsigned char *name = NULL;
        unsigned length = 0;
        if (peer->tls != NULL) {
            SSL_get0_alpn_selected(peer->tls, &name, &length);
        }
        if (length == 2) {
            soak_serve_http2(peer);
        } else {
            soak_serve_http1(peer);
        }
    }
    SSL_free(peer->tls);
    soak_hang_up(peer, false);
    leave(peer);
    return NULL;
}

static void add_peer(soak_server *server, int socket)
{
    const struct timeval look = {.tv_usec = LOOK_MS * 1000};
    int on = 1;
    pthread_t thread;
    pthread_attr_t attributes;
    soak_peer *peer = calloc(1, sizeof *peer);
    if (peer == NULL) {
        abort();
    }
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &look, sizeof look);
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &look, sizeof look);
    peer->server = server;
    peer->socket = socket;
    pthread_mutex_lock(&server->lock);
    peer->random = soak_random_begin(server->seed, ++server->accepted);
    peer->next = server->peers;
    server->peers = peer;
    pthread_mutex_unlock(&server->lock);
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    if (pthread_create(&thread, &attributes, serve, peer) != 0) {
        abort();
    }
    pthread_attr_destroy(&attributes);
}

static void *accept_all(void *context)
{
    soak_server *server = context;
    for (;;) {
        int socket = accept(server->listener, NULL, NULL);
        if (socket >= 0) {
            add_peer(server, socket);
        } else if (errno != EINTR && errno != ECONNABORTED) {
            return NULL; /* the listener is shut down */
        }
    }
}

soak_server *soak_server_start(SSL_CTX *tls, uint64_t seed)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    soak_server *server = calloc(1, sizeof *server);
    if (server == NULL) {
        abort();
    }
    server->tls = tls;
    server->seed = seed;
    pthread_mutex_init(&server->lock, NULL);
    pthread_cond_init(&server->left, NULL);
    server->listener = socket(AF_INET, SOCK_STREAM, 0);
    if (server->listener < 0 || bind(server->listener, (struct sockaddr *)&address, size) != 0 ||
        listen(server->listener, BACKLOG) != 0 ||
        getsockname(server->listener, (struct sockaddr *)&address, &size) != 0 ||
        pthread_create(&server->thread, NULL, accept_all, server) != 0) {
        perror("soak: a server");
        exit(1);
    }
    server->port = ntohs(address.sin_port);
    return server;
}

unsigned soak_server_port(const soak_server *server)
{
    return server->port;
}

unsigned soak_server_answers(soak_server *server)
{
    pthread_mutex_lock(&server->lock);
    unsigned answers = server->answers;
    pthread_mutex_unlock(&server->lock);
    return answers;
}

void soak_server_stop(soak_server *server)
{
    pthread_mutex_lock(&server->lock);
    server->over = true;
    pthread_mutex_unlock(&server->lock);
    shutdown(server->listener, SHUT_RDWR);
    pthread_join(server->thread, NULL);
    close(server->listener);
    pthread_mutex_lock(&server->lock);
    for (soak_peer *peer = server->peers; peer != NULL; peer = peer->next) {
        if (peer->socket >= 0) {
            shutdown(peer->socket, SHUT_RDWR);
        }
    }
    while (server->peers != NULL) {
        pthread_cond_wait(&server->left, &server->lock);
    }
    pthread_mutex_unlock(&server->lock);
    pthread_cond_destroy(&server->left);
    pthread_mutex_destroy(&server->lock);
    free(server);
}
