/* SPDX-License-Identifier: Apache-2.0 */
/* TLS sessions: a further connection of a client resumes one, and none is kept that must not be. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "client/client.h"
#include "faults/fault_script.h"
#include "faults/fault_tls_world.h"
#include "http/tls.h"
#include "http/transport.h"

#define THREADS 8
#define CALLS   6

static void start(fault_tls_world *self, const fault_tls_options *options)
{
    fault_tls_start(&self->tls, options);
    const fault_plan plan = {.tls = self->tls.context};
    fault_world_begin(&self->world, &plan);
}

static void make_client(fault_tls_world *self)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.ca_file = self->tls.ca_file;
    options.proxy = "";
    options.max_in_flight = THREADS;
    fault_world_renew(&self->world, &options);
}

/* A POST without a body has a connection of its own. */
static void connect_once(fault_tls_world *self)
{
    fault_outcome outcome = fault_request_once(&self->world, "POST", NULL, 0);
    fault_expect_status("connection", &outcome, OKTA_OK);
}

static void each_further_connection_resumes(void **state)
{
    static const fault_tls_options cases[] = {
        {.issued = true},
        {.max_version = TLS1_2_VERSION},
        {.min_version = TLS1_3_VERSION},
        {.h2 = true},
    };
    fault_tls_world *self = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        start(self, &cases[i]);
        make_client(self);
        for (unsigned k = 0; k < CALLS; k++) {
            connect_once(self);
        }
        fault_world_finish(&self->world);
        assert_int_equal(fault_server_handshake_count(self->world.server), CALLS);
        assert_int_equal(fault_server_resumption_count(self->world.server), CALLS - 1);
        fault_tls_world_stop(self);
    }
}

static void ask_over(oktai_transport *transport, fault_tls_world *self)
{
    static const char *const headers[] = {"Accept: application/json", NULL};
    static const atomic_bool canceled;
    char url[96];
    oktai_response response = {0};
    snprintf(url, sizeof url, "%s" FAULT_PATH, fault_server_url(self->world.server));
    const oktai_request request = {
        .method = "GET", .url = url, .headers = headers, .timeout_ms = 10000, .canceled = &canceled};
    oktai_attempt attempt = oktai_transport_perform(transport, &request, &response);
    oktai_response_clear(&response);
    if (attempt.failure != OKTA_OK) {
        fail_msg("%s", attempt.reason);
    }
}

/* What one connection brought serves another that is open beside it. */
static void connections_side_by_side_share_them(void **state)
{
    static const fault_tls_options cases[] = {
        {.issued = true},
        {.max_version = TLS1_2_VERSION},
        {.min_version = TLS1_3_VERSION},
        {.h2 = true},
    };
    fault_tls_world *self = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        oktai_transport *transports[4];
        start(self, &cases[i]);
        make_client(self);
        for (size_t k = 0; k < COUNT(transports); k++) {
            transports[k] = oktai_transport_new(&self->world.client->transport);
            assert_non_null(transports[k]);
            ask_over(transports[k], self);
        }
        for (size_t k = 0; k < COUNT(transports); k++) {
            ask_over(transports[k], self);
            oktai_transport_free(transports[k]);
        }
        fault_world_finish(&self->world);
        assert_int_equal(fault_server_handshake_count(self->world.server), COUNT(transports));
        assert_int_equal(fault_server_resumption_count(self->world.server), COUNT(transports) - 1);
        fault_tls_world_stop(self);
    }
}

/* Other authorities may not trust whom the former ones did. */
static void none_outlives_its_authorities(void **state)
{
    static const fault_tls_options versions[] = {{.issued = true}, {.max_version = TLS1_2_VERSION}};
    fault_tls_world *self = *state;
    for (size_t i = 0; i < COUNT(versions); i++) {
        start(self, &versions[i]);
        make_client(self);
        connect_once(self);
        connect_once(self);
        assert_int_equal(fault_server_resumption_count(self->world.server), 1);
        fault_tls_write(self->tls.ca_file, (X509 *const[]){self->tls.authority, self->tls.authority}, 2);
        connect_once(self);
        assert_int_equal(fault_server_resumption_count(self->world.server), 1);
        connect_once(self);
        fault_world_finish(&self->world);
        assert_int_equal(fault_server_handshake_count(self->world.server), 4);
        assert_int_equal(fault_server_resumption_count(self->world.server), 2);
        fault_tls_world_stop(self);
    }
}

/* A session belongs to its client. */
static void another_client_resumes_nothing(void **state)
{
    static const fault_tls_options options = {.issued = true};
    fault_tls_world *self = *state;
    start(self, &options);
    for (int i = 0; i < 3; i++) {
        make_client(self);
        connect_once(self);
    }
    fault_world_finish(&self->world);
    assert_int_equal(fault_server_handshake_count(self->world.server), 3);
    assert_int_equal(fault_server_resumption_count(self->world.server), 0);
}

/* As with a TLS library that is not OpenSSL: libcurl would free a name twice when memory ends. */
static void libcurl_keeps_none(void **state)
{
    static const fault_tls_options versions[] = {{.issued = true}, {.max_version = TLS1_2_VERSION}};
    fault_tls_world *self = *state;
    for (size_t i = 0; i < COUNT(versions); i++) {
        start(self, &versions[i]);
        make_client(self);
        oktai_tls_free(self->world.client->transport.tls);
        self->world.client->transport.tls = NULL;
        for (int k = 0; k < 3; k++) {
            connect_once(self);
        }
        fault_world_finish(&self->world);
        assert_int_equal(fault_server_handshake_count(self->world.server), 3);
        assert_int_equal(fault_server_resumption_count(self->world.server), 0);
        fault_tls_world_stop(self);
    }
}

/* The server forgot its keys: it declines, and the handshake is a full one. */
static void a_server_may_decline(void **state)
{
    static const fault_tls_options versions[] = {{.issued = true}, {.max_version = TLS1_2_VERSION}};
    fault_tls_world *self = *state;
    for (size_t i = 0; i < COUNT(versions); i++) {
        unsigned char keys[80];
        start(self, &versions[i]);
        make_client(self);
        connect_once(self);
        memset(keys, 'k', sizeof keys);
        assert_int_equal(SSL_CTX_set_tlsext_ticket_keys(self->tls.context, keys, sizeof keys), 1);
        connect_once(self);
        assert_int_equal(fault_server_resumption_count(self->world.server), 0);
        connect_once(self);
        fault_world_finish(&self->world);
        assert_int_equal(fault_server_handshake_count(self->world.server), 3);
        assert_int_equal(fault_server_resumption_count(self->world.server), 1);
        fault_tls_world_stop(self);
    }
}

/* TLS 1.3: whoever watches could link two connections by the same ticket (RFC 8446, appendix C.4). This
 * server gives one a handshake. */
static void a_ticket_is_used_once(void **state)
{
    static const fault_tls_options options = {.min_version = TLS1_3_VERSION};
    fault_tls_world *self = *state;
    start(self, &options);
    assert_int_equal(SSL_CTX_set_num_tickets(self->tls.context, 1), 1);
    make_client(self);
    connect_once(self);
    assert_int_equal(SSL_CTX_set_num_tickets(self->tls.context, 0), 1);
    connect_once(self);
    assert_int_equal(fault_server_resumption_count(self->world.server), 1);
    connect_once(self);
    fault_world_finish(&self->world);
    assert_int_equal(fault_server_resumption_count(self->world.server), 1);
}

static void *connect_often(void *context)
{
    fault_tls_world *self = context;
    bool good = true;
    for (int i = 0; i < CALLS; i++) {
        okta_call *call = okta_request_call(self->world.client, "POST", FAULT_PATH, NULL);
        okta_error *error = okta_call_run(call);
        good = good && error == NULL;
        okta_free(error);
        okta_free(call);
    }
    return good ? self : NULL;
}

static void threads_share_them(void **state)
{
    static const fault_tls_options versions[] = {{.issued = true}, {.max_version = TLS1_2_VERSION}};
    fault_tls_world *self = *state;
    for (size_t i = 0; i < COUNT(versions); i++) {
        pthread_t threads[THREADS];
        start(self, &versions[i]);
        make_client(self);
        oktai_client_set_clock(self->world.client, &oktai_system_clock);
        for (int k = 0; k < THREADS; k++) {
            assert_int_equal(pthread_create(&threads[k], NULL, connect_often, self), 0);
        }
        for (int k = 0; k < THREADS; k++) {
            void *good = NULL;
            pthread_join(threads[k], &good);
            assert_non_null(good);
        }
        fault_world_finish(&self->world);
        assert_int_equal(fault_server_handshake_count(self->world.server), THREADS * CALLS);
        assert_true(fault_server_resumption_count(self->world.server) >= THREADS * (CALLS - 1));
        fault_tls_world_stop(self);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FAULT_TLS_TEST(each_further_connection_resumes),
        FAULT_TLS_TEST(connections_side_by_side_share_them),
        FAULT_TLS_TEST(none_outlives_its_authorities),
        FAULT_TLS_TEST(another_client_resumes_nothing),
        FAULT_TLS_TEST(libcurl_keeps_none),
        FAULT_TLS_TEST(a_server_may_decline),
        FAULT_TLS_TEST(a_ticket_is_used_once),
        FAULT_TLS_TEST(threads_share_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
