/* SPDX-License-Identifier: Apache-2.0 */
#include "http/connections.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

const oktai_connections_use oktai_connections_uses = {
    .add = oktai_connections_add,
    .give_up = oktai_connections_give_up,
    .hold = oktai_connections_hold,
    .send = oktai_connections_send,
    .let_go = oktai_connections_let_go,
    .is_quiet = oktai_connection_is_quiet,
};

static oktai_list *row_of_socket(oktai_connections *connections, curl_socket_t socket)
{
    return &connections->by_socket[(unsigned)socket % OKTAI_CONNECTION_ROWS];
}

static oktai_connection **row_of_port(oktai_connections *connections, int port)
{
    return &connections->by_port[(unsigned)port % OKTAI_CONNECTION_ROWS];
}

static void free_all(oktai_list *list)
{
    while (list->first != NULL) {
        oktai_connection *connection = oktai_list_first(list);
        oktai_list_remove(list, &connection->link);
        free(connection);
    }
}

void oktai_connections_clear(oktai_connections *connections)
{
    for (size_t i = 0; i < OKTAI_CONNECTION_ROWS; i++) {
        free_all(&connections->by_socket[i]);
        connections->by_port[i] = NULL;
    }
    free_all(&connections->closed);
    connections->unsent = NULL;
    connections->open = 0;
}

static void unlink_from(oktai_connection **row, oktai_connection *connection)
{
    while (*row != connection) {
        row = &(*row)->next;
    }
    *row = connection->next;
    connection->next = NULL;
}

/* Whoever holds it finds it closed. */
static void forget(oktai_connections *connections, oktai_connection *connection)
{
    bool unsent = connection->sent == 0;
    unlink_from(unsent ? &connections->unsent : row_of_port(connections, connection->port), connection);
    oktai_list_remove(row_of_socket(connections, connection->socket), &connection->link);
    connections->open--;
    connection->socket = CURL_SOCKET_BAD;
    if (connection->holders == 0) {
        free(connection);
    } else {
        oktai_list_append(&connections->closed, &connection->link);
    }
}

static oktai_connection *find(const oktai_connections *connections, curl_socket_t socket)
{
    oktai_connection *connection =
        oktai_list_first(&connections->by_socket[(unsigned)socket % OKTAI_CONNECTION_ROWS]);
    while (connection != NULL && connection->socket != socket) {
        connection = oktai_list_after(&connection->link);
    }
    return connection;
}

static void forget_socket(oktai_connections *connections, curl_socket_t socket)
{
    oktai_connection *connection = find(connections, socket);
    if (connection != NULL) {
        forget(connections, connection);
    }
}

bool oktai_connections_is_kept(const oktai_connections *connections, curl_socket_t socket)
{
    const oktai_connection *connection = find(connections, socket);
    return connection != NULL && connection->sent > 0;
}

/* In the place of one with a number that is known. */
static curl_socket_t renumber(curl_socket_t socket)
{
    curl_socket_t other = fcntl(socket, F_DUPFD_CLOEXEC, 0);
    close(socket);
    return other;
}

curl_socket_t oktai_connections_add(oktai_connections *connections, const void *opener, curl_socket_t socket)
{
    while (socket != CURL_SOCKET_BAD && find(connections, socket) != NULL) {
        curl_socket_t before = socket;
        socket = renumber(socket);
        forget_socket(connections, before);
        connections->forget(connections->context, before);
    }
    oktai_connection *made = socket == CURL_SOCKET_BAD ? NULL : calloc(1, sizeof *made);
    if (made == NULL) {
        if (socket != CURL_SOCKET_BAD) {
            close(socket);
        }
        return CURL_SOCKET_BAD;
    }
    made->socket = socket;
    made->opener = opener;
    made->next = connections->unsent;
    connections->unsent = made;
    connections->open++;
    oktai_list_append(row_of_socket(connections, socket), &made->link);
    return socket;
}

void oktai_connections_give_up(oktai_connections *connections, const void *opener)
{
    oktai_connection *next;
    for (oktai_connection *connection = connections->unsent; connection != NULL; connection = next) {
        next = connection->next;
        if (connection->opener == opener) {
            connections->forget(connections->context, connection->socket);
            forget(connections, connection);
        }
    }
}

int oktai_connections_close(void *context, curl_socket_t socket)
{
    oktai_connections *connections = context;
    forget_socket(connections, socket);
    connections->forget(connections->context, socket);
    return close(socket);
}

/* The address and port of its own end, which stay what they are once there is a request for it. */
static void learn_end(oktai_connection *connection)
{
    struct sockaddr_storage own;
    socklen_t size = sizeof own;
    connection->port = 0;
    if (getsockname(connection->socket, (struct sockaddr *)&own, &size) != 0) {
        return;
    }
    if (own.ss_family == AF_INET) {
        const struct sockaddr_in *four = (const struct sockaddr_in *)&own;
        connection->port = ntohs(four->sin_port);
        inet_ntop(AF_INET, &four->sin_addr, connection->address, sizeof connection->address);
    } else if (own.ss_family == AF_INET6) {
        const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)&own;
        connection->port = ntohs(six->sin6_port);
        inet_ntop(AF_INET6, &six->sin6_addr, connection->address, sizeof connection->address);
    }
}

static bool is_at(const oktai_connection *connection, const oktai_ends *ends)
{
    return connection->port == ends->port && strcmp(connection->address, ends->address) == 0;
}

static oktai_connection *find_sent(oktai_connections *connections, const oktai_ends *ends)
{
    oktai_connection *connection = *row_of_port(connections, ends->port);
    while (connection != NULL && !(is_at(connection, ends) && strcmp(connection->peer, ends->peer) == 0)) {
        connection = connection->next;
    }
    return connection;
}

static oktai_connection *find_unsent(const oktai_connections *connections, const oktai_ends *ends,
                                     const void *opener)
{
    for (oktai_connection *connection = connections->unsent; connection != NULL;
         connection = connection->next) {
        if (opener == NULL || connection->opener == opener) {
            learn_end(connection);
            if (is_at(connection, ends)) {
                snprintf(connection->peer, sizeof connection->peer, "%s", ends->peer);
                return connection;
            }
        }
    }
    return NULL;
}

oktai_connection *oktai_connections_hold(oktai_connections *connections, const oktai_ends *ends,
                                         const void *opener)
{
    oktai_connection *connection = opener == NULL ? find_sent(connections, ends) : NULL;
    if (connection == NULL) {
        connection = find_unsent(connections, ends, opener);
    }
    if (connection != NULL) {
        connection->holders++;
    }
    return connection;
}

uint64_t oktai_connections_send(oktai_connections *connections, oktai_connection *connection)
{
    if (connection->sent == 0) {
        oktai_connection **row = row_of_port(connections, connection->port);
        unlink_from(&connections->unsent, connection);
        connection->next = *row;
        *row = connection;
    }
    return ++connection->sent;
}

void oktai_connections_let_go(oktai_connections *connections, oktai_connection *connection)
{
    if (--connection->holders == 0 && connection->socket == CURL_SOCKET_BAD) {
        oktai_list_remove(&connections->closed, &connection->link);
        free(connection);
    }
}

bool oktai_connection_is_quiet(const oktai_connection *connection)
{
    struct pollfd polled = {.fd = connection->socket, .events = POLLIN};
    int ready;
    do {
        ready = poll(&polled, 1, 0);
    } while (ready < 0 && errno == EINTR);
    return ready == 0;
}
