/* SPDX-License-Identifier: Apache-2.0 */
/* The connections of a loop: each is found by its ends among many, and by nothing else once it is closed. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "http/connections.h"

/* Several to each row. */
#define MANY (5 * OKTAI_CONNECTION_ROWS)

/* A socket as libcurl opens and binds it. */
typedef struct end {
    curl_socket_t socket;
    char address[OKTAI_ADDRESS_SIZE];
    int port;
    const void *opener; /* while nothing was sent; NULL: nobody says */
    oktai_connection *connection;
} end;

#define PEER "192.0.2.1"

static size_t forgotten;

static void count_forgotten(void *context, curl_socket_t socket)
{
    (void)context;
    assert_true(socket != CURL_SOCKET_BAD);
    forgotten++;
}

static void begin(oktai_connections *connections)
{
    forgotten = 0;
    *connections = (oktai_connections){.use = &oktai_connections_uses, .forget = count_forgotten};
}

static void learn(end *self, int family)
{
    struct sockaddr_in four;
    struct sockaddr_in6 six;
    bool is_four = family == AF_INET;
    socklen_t size = is_four ? sizeof four : sizeof six;
    struct sockaddr *address = is_four ? (struct sockaddr *)&four : (struct sockaddr *)&six;
    assert_int_equal(getsockname(self->socket, address, &size), 0);
    self->port = ntohs(is_four ? four.sin_port : six.sin6_port);
    const void *bytes = is_four ? (const void *)&four.sin_addr : (const void *)&six.sin6_addr;
    assert_non_null(inet_ntop(family, bytes, self->address, sizeof self->address));
}

/* False: this machine has no such address. */
static bool bind_it(end *self, int family)
{
    const struct sockaddr_in four = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    bool is_four = family == AF_INET;
    const struct sockaddr *address = is_four ? (const struct sockaddr *)&four : (const struct sockaddr *)&six;
    if (bind(self->socket, address, is_four ? sizeof four : sizeof six) != 0) {
        return false;
    }
    learn(self, family);
    return true;
}

static void open_end(oktai_connections *connections, end *self, const void *opener)
{
    self->socket = oktai_connections_add(connections, opener, socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    assert_true(self->socket != CURL_SOCKET_BAD);
    assert_true(bind_it(self, AF_INET));
}

static oktai_connection *find(oktai_connections *connections, const end *self, const char *peer)
{
    const oktai_ends ends = {.address = self->address, .port = self->port, .peer = peer};
    return oktai_connections_hold(connections, &ends, self->opener);
}

static void hold_to(oktai_connections *connections, end *self, const char *peer)
{
    self->connection = find(connections, self, peer);
    assert_non_null(self->connection);
    assert_int_equal(self->connection->socket, self->socket);
}

static void hold(oktai_connections *connections, end *self)
{
    hold_to(connections, self, PEER);
}

static void expect_none(oktai_connections *connections, const end *self, const char *address, int port,
                        const char *peer)
{
    const oktai_ends ends = {.address = address, .port = port, .peer = peer};
    assert_null(oktai_connections_hold(connections, &ends, self->opener));
}

static void finds_each_among_many(void **state)
{
    (void)state;
    static end ends[MANY];
    oktai_connections connections;
    begin(&connections);
    for (size_t i = 0; i < MANY; i++) {
        open_end(&connections, &ends[i], &ends[i]);
    }
    assert_int_equal(connections.open, MANY);
    for (size_t i = 0; i < MANY; i++) {
        assert_false(oktai_connections_is_kept(&connections, ends[i].socket));
        hold(&connections, &ends[i]);
        assert_int_equal(oktai_connections_send(&connections, ends[i].connection), 1);
        assert_true(oktai_connections_is_kept(&connections, ends[i].socket));
    }
    for (size_t i = 0; i < MANY; i++) {
        const oktai_connection *before = ends[i].connection;
        oktai_connections_let_go(&connections, ends[i].connection);
        hold(&connections, &ends[i]);
        assert_ptr_equal(ends[i].connection, before);
        assert_int_equal(oktai_connections_send(&connections, ends[i].connection), 2);
        expect_none(&connections, &ends[i], "127.0.0.2", ends[i].port, PEER);
        expect_none(&connections, &ends[i], ends[i].address, ends[i].port + 65536, PEER);
        expect_none(&connections, &ends[i], ends[i].address, ends[i].port, "192.0.2.2");
    }
    /* Every second one is closed; those that are held stay in memory. */
    for (size_t i = 0; i < MANY; i += 2) {
        assert_int_equal(oktai_connections_close(&connections, ends[i].socket), 0);
        assert_int_equal(ends[i].connection->socket, CURL_SOCKET_BAD);
        assert_null(find(&connections, &ends[i], PEER));
        oktai_connections_let_go(&connections, ends[i].connection);
    }
    assert_int_equal(connections.open, MANY / 2);
    assert_int_equal(connections.closed.count, 0);
    for (size_t i = 1; i < MANY; i += 2) {
        oktai_connections_let_go(&connections, ends[i].connection);
        hold(&connections, &ends[i]);
        oktai_connections_let_go(&connections, ends[i].connection);
        close(ends[i].socket);
    }
    assert_int_equal(forgotten, MANY / 2);
    oktai_connections_clear(&connections);
    assert_int_equal(connections.open, 0);
}

static void gives_up_what_did_not_connect(void **state)
{
    (void)state;
    end ends[4] = {0};
    const int opener = 0;
    const int another = 0;
    oktai_connections connections;
    begin(&connections);
    for (size_t i = 0; i < 4; i++) {
        open_end(&connections, &ends[i], i < 3 ? &opener : &another);
    }
    hold(&connections, &ends[1]);
    oktai_connections_send(&connections, ends[1].connection);
    oktai_connections_give_up(&connections, &opener);
    assert_int_equal(forgotten, 2);
    assert_int_equal(connections.open, 2);
    assert_null(find(&connections, &ends[0], PEER));
    assert_null(find(&connections, &ends[2], PEER));
    oktai_connections_let_go(&connections, ends[1].connection);
    hold(&connections, &ends[1]);
    hold(&connections, &ends[3]);
    oktai_connections_let_go(&connections, ends[1].connection);
    oktai_connections_let_go(&connections, ends[3].connection);
    for (size_t i = 0; i < 4; i++) {
        close(ends[i].socket);
    }
    oktai_connections_clear(&connections);
}

/* libcurl has closed a socket without a word, and the system gives its number to the next one. */
static void takes_no_socket_for_the_one_before(void **state)
{
    (void)state;
    end before = {0};
    end after = {0};
    oktai_connections connections;
    begin(&connections);
    open_end(&connections, &before, &before);
    close(before.socket);
    int same = dup2(STDERR_FILENO, before.socket);
    assert_int_equal(same, before.socket);
    after.socket = oktai_connections_add(&connections, &after, same);
    assert_true(after.socket != CURL_SOCKET_BAD);
    assert_int_not_equal(after.socket, before.socket);
    assert_int_equal(forgotten, 1);
    assert_int_equal(connections.open, 1);
    close(after.socket);
    oktai_connections_clear(&connections);
}

/* The system gives one port to several connections whose peers differ. */
static void tells_peers_apart_behind_one_port(void **state)
{
    (void)state;
    static const char *const peers[] = {"192.0.2.1", "192.0.2.2", "192.0.2.3"};
    static const int yes = 1;
    end ends[3] = {0};
    oktai_connections connections;
    begin(&connections);
    for (size_t i = 0; i < 3; i++) {
        ends[i].socket = oktai_connections_add(&connections, &ends[i], socket(AF_INET, SOCK_STREAM, 0));
        ends[i].opener = &ends[i];
        setsockopt(ends[i].socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        struct sockaddr_in address = {.sin_family = AF_INET,
                                      .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                                      .sin_port = htons((uint16_t)ends[0].port)};
        assert_int_equal(bind(ends[i].socket, (struct sockaddr *)&address, sizeof address), 0);
        learn(&ends[i], AF_INET);
        assert_int_equal(ends[i].port, ends[0].port);
        hold_to(&connections, &ends[i], peers[i]);
        assert_int_equal(oktai_connections_send(&connections, ends[i].connection), 1);
        oktai_connections_give_up(&connections, &ends[i]);
        oktai_connections_let_go(&connections, ends[i].connection);
        ends[i].opener = NULL;
    }
    assert_int_equal(forgotten, 0);
    for (size_t i = 0; i < 3; i++) {
        hold_to(&connections, &ends[i], peers[i]);
        oktai_connections_let_go(&connections, ends[i].connection);
        close(ends[i].socket);
    }
    oktai_connections_clear(&connections);
}

/* The end of a socket is not known before it is bound, and may change until something was sent. */
static void learns_an_end_late(void **state)
{
    (void)state;
    end one = {0};
    oktai_connections connections;
    begin(&connections);
    one.socket = oktai_connections_add(&connections, &one, socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
    expect_none(&connections, &one, "::1", 1, PEER);
    if (one.socket == CURL_SOCKET_BAD || !bind_it(&one, AF_INET6)) {
        oktai_connections_clear(&connections);
        skip(); /* without IPv6 */
    }
    hold(&connections, &one);
    oktai_connections_send(&connections, one.connection);
    oktai_connections_let_go(&connections, one.connection);
    assert_int_equal(oktai_connections_close(&connections, one.socket), 0);
    assert_int_equal(connections.open, 0);
    oktai_connections_clear(&connections);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_each_among_many),
        cmocka_unit_test(gives_up_what_did_not_connect),
        cmocka_unit_test(takes_no_socket_for_the_one_before),
        cmocka_unit_test(tells_peers_apart_behind_one_port),
        cmocka_unit_test(learns_an_end_late),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
