/* SPDX-License-Identifier: Apache-2.0 */
/* Proxies: which are refused, what one in trouble does to a call, and that nobody but it hears its password.
 */
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "api/expect.h"
#include "api/operations.h"
#include "client/client.h"

#define SECRET        "s3cret"
#define PASSWORD      SECRET "-canary"
#define BASIC         "dXNlcjpzM2NyZXQtY2FuYXJ5" /* user:s3cret-canary */
#define OKTA_HOST     "127.0.0.1:1"              /* nothing listens there, and nobody is to try */
#define HEARD_MAX     8192u
#define ATTEMPTS      4u
#define LATE_MS       86400000 /* no machine is too slow for what comes before this */
#define SHORT_MS      300
#define TUNNEL_OPENED "HTTP/1.1 200 OK\r\n\r\n"

/* A proxy on a loopback port. It reads the beginning of each connection, answers all the same, and ends. */
typedef struct proxy {
    int listener;
    unsigned port;
    const char *answer; /* NULL: it hangs up */
    const char *flood;  /* sent behind the answer again and again until the client hangs up; nullable */
    int pause_ms;       /* before each flood: the client may hang up meanwhile */
    pthread_t thread;

    pthread_mutex_t lock; /* of what follows */
    size_t connections;
    char heard[HEARD_MAX]; /* the last beginning */
} proxy;

static bool is_whole(const char *heard, size_t length)
{
    return heard[0] != 'C' || (length >= 4 && memcmp(heard + length - 4, "\r\n\r\n", 4) == 0);
}

/* Ends when the client hangs up. */
static void send_without_an_end(const proxy *self, int client)
{
    size_t length = strlen(self->flood);
    struct pollfd hang_up = {.fd = client, .events = POLLIN};
    while (send(client, self->flood, length, MSG_NOSIGNAL) > 0 && poll(&hang_up, 1, self->pause_ms) == 0) {
    }
}

static void serve(proxy *self, int client)
{
    char heard[HEARD_MAX] = {0};
    size_t length = 0;
    ssize_t got;
    do {
        got = recv(client, heard + length, sizeof heard - 1 - length, 0);
        length += got > 0 ? (size_t)got : 0;
    } while (got > 0 && length < sizeof heard - 1 && !is_whole(heard, length));
    pthread_mutex_lock(&self->lock);
    self->connections++;
    memcpy(self->heard, heard, sizeof heard);
    pthread_mutex_unlock(&self->lock);
    if (self->answer != NULL) {
        send(client, self->answer, strlen(self->answer), MSG_NOSIGNAL);
        if (self->flood != NULL) {
            send_without_an_end(self, client);
        }
        shutdown(client, SHUT_WR);
        while (recv(client, heard, sizeof heard, 0) > 0) {
        }
    }
    close(client);
}

static void *serve_all(void *context)
{
    proxy *self = context;
    for (int client; (client = accept(self->listener, NULL, NULL)) >= 0;) {
        serve(self, client);
    }
    return NULL;
}

/* A port of its own. Without `listens` every connection to it is refused. */
static void proxy_start(proxy *self, const char *answer, bool listens)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    *self = (proxy){.listener = socket(AF_INET, SOCK_STREAM, 0), .answer = answer};
    assert_true(self->listener >= 0);
    assert_int_equal(bind(self->listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(getsockname(self->listener, (struct sockaddr *)&address, &size), 0);
    self->port = ntohs(address.sin_port);
    pthread_mutex_init(&self->lock, NULL);
    if (listens) {
        assert_int_equal(listen(self->listener, 16), 0);
        assert_int_equal(pthread_create(&self->thread, NULL, serve_all, self), 0);
    }
}

static void proxy_stop(proxy *self, bool listens)
{
    if (listens) {
        shutdown(self->listener, SHUT_RDWR);
        pthread_join(self->thread, NULL);
    }
    close(self->listener);
    pthread_mutex_destroy(&self->lock);
}

static void expect_no_secret(const char *label, const char *text)
{
    if (text != NULL && (strstr(text, SECRET) != NULL || strstr(text, BASIC) != NULL)) {
        fail_msg("%s: the password stands in: %s", label, text);
    }
}

/* Counts events into the size_t at `ctx`. */
static void listen_to_log(void *ctx, const okta_log_event *event)
{
    size_t *count = ctx;
    (*count)++;
    expect_no_secret("log", event->message);
    expect_no_secret("log", event->operation);
    expect_no_secret("log", event->method);
    expect_no_secret("log", event->path);
    expect_no_secret("log", event->request_id);
}

static okta_client *client_behind(api_world *world, const char *proxy_url, size_t *events)
{
    okta_client *client = NULL;
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = "https://" OKTA_HOST;
    options.token = API_TOKEN;
    options.proxy = proxy_url;
    options.connect_timeout_ms = LATE_MS;
    options.log_level = OKTA_LOG_DEBUG;
    options.log = listen_to_log;
    options.log_ctx = events;
    api_expect_success("a client", okta_client_new(&options, &client));
    oktai_client_set_clock(client, &world->clock.clock);
    world->clock.wait_count = 0;
    return client;
}

static const char *const refused_proxies[] = {
    "ftp://user:" PASSWORD "@127.0.0.1:1",
    "file://user:" PASSWORD "@127.0.0.1/",
    "httpx://user:" PASSWORD "@127.0.0.1:1",
    "socks6://user:" PASSWORD "@127.0.0.1:1",
    "user:" PASSWORD "@127.0.0.1:1",
    PASSWORD,
    "127.0.0.1:1",
    "//user:" PASSWORD "@127.0.0.1:1",
    "http//user:" PASSWORD "@127.0.0.1:1",
    "://user:" PASSWORD "@127.0.0.1:1",
    "http://",
    "http://user:" PASSWORD "@",
    "http://user:" PASSWORD "@127.0.0.1:99999",
    "http://user:" PASSWORD "@127.0.0.1:x",
    "http://user:" PASSWORD "@[::1",
    "http://user:" PASSWORD "@127.0.0.1:1\r\nX-Evil: 1",
    "http://user:" PASSWORD "\n@127.0.0.1:1",
    "http://user:" PASSWORD "\x01@127.0.0.1:1",
    "http://user:" PASSWORD "\x7f@127.0.0.1:1",
    "http://user:" PASSWORD "\t@127.0.0.1:1",
    "http://user: " PASSWORD "@127.0.0.1:1",
    " http://user:" PASSWORD "@127.0.0.1:1",
    "http://user:" PASSWORD "@127.0.0.1:1 ",
    "http://user:" PASSWORD "\xc3\xa9@127.0.0.1:1",
    "http:\\\\user:" PASSWORD "@127.0.0.1:1",
};

static void expect_refused(const char *proxy_url, const char *org_url)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    okta_client *client = (okta_client *)(uintptr_t)&options; /* must not stay */
    options.org_url = org_url;
    options.token = API_TOKEN;
    options.proxy = proxy_url;
    okta_error *error = okta_client_new(&options, &client);
    if (error == NULL) {
        fail_msg("accepted: %s", proxy_url);
    }
    assert_null(client);
    expect_no_secret("refused", okta_error_message(error));
    assert_null(strstr(okta_error_message(error), "127.0.0.1:"));
    api_expect_refusal(proxy_url, error, OKTA_E_CONFIG, "proxy ");
}

static void refuses_what_is_no_proxy_url_without_showing_it(void **state)
{
    (void)state;
    static char url[2100] = "http://user:" PASSWORD;
    for (size_t i = 0; i < COUNT(refused_proxies); i++) {
        expect_refused(refused_proxies[i], "https://org.example.com");
    }
    memset(url + strlen(url), 'a', sizeof url - 1 - strlen(url));
    expect_refused(url, "https://org.example.com");
}

static void refuses_any_proxy_before_a_plain_org(void **state)
{
    static const char *const urls[] = {
        "http://user:" PASSWORD "@127.0.0.1:1", "https://user:" PASSWORD "@127.0.0.1:1",
        "socks5h://user:" PASSWORD "@127.0.0.1:1", "HTTP://user:" PASSWORD "@localhost:1/"};
    const api_world *world = *state;
    for (size_t i = 0; i < COUNT(urls); i++) {
        expect_refused(urls[i], mock_org_url(world->org));
        expect_refused(urls[i], "http://localhost");
        expect_refused(urls[i], "http://[::1]:8080/");
    }
    api_expect_requests("the org", world, 0);
}

typedef struct proxy_case {
    const char *name;
    const char *url; /* with %u for the port */
    const char *answer;
    bool listens;
    bool told;         /* it hears user and password */
    okta_status final; /* OKTA_OK: it is asked again, and the status is TRANSPORT */
} proxy_case;

#define HTTP_URL "http://user:" PASSWORD "@127.0.0.1:%u"

static const proxy_case proxy_cases[] = {
    {"502", HTTP_URL, "HTTP/1.1 502 Bad Gateway\r\n\r\n", true, true, OKTA_OK},
    {"502 with a body", HTTP_URL, "HTTP/1.1 502 Bad\r\nContent-Length: 6\r\n\r\n" SECRET, true, true,
     OKTA_OK},
    {"407", HTTP_URL, "HTTP/1.1 407 " SECRET "\r\nProxy-Authenticate: Basic realm=\"" SECRET "\"\r\n\r\n",
     true, true, OKTA_E_AUTH},
    {"401", HTTP_URL, "HTTP/1.1 401 No\r\n\r\n", true, true, OKTA_E_TRANSPORT},
    {"400", HTTP_URL, "HTTP/1.1 400 Bad Request\r\n\r\n", true, true, OKTA_E_TRANSPORT},
    {"405", HTTP_URL, "HTTP/1.1 405 Method Not Allowed\r\n\r\n", true, true, OKTA_E_TRANSPORT},
    {"429", HTTP_URL, "HTTP/1.1 429 Too Many Requests\r\n\r\n", true, true, OKTA_OK},
    {"503", HTTP_URL, "HTTP/1.1 503 Unavailable\r\n\r\n", true, true, OKTA_OK},
    {"302", HTTP_URL, "HTTP/1.1 302 Found\r\nLocation: https://" SECRET ".example/\r\n\r\n", true, true,
     OKTA_OK},
    {"a folded line at the head", HTTP_URL, "HTTP/1.1 502 Bad\r\n folded: line\r\nX-Last: value\r\n\r\n",
     true, true, OKTA_OK},
    {"a hang-up", HTTP_URL, NULL, true, true, OKTA_OK},
    {"a hang-up within the answer", HTTP_URL, "HTTP/1.1 200 OK\r\nX: " SECRET, true, true, OKTA_OK},
    {"a hang-up behind the answer", HTTP_URL, TUNNEL_OPENED, true, true, OKTA_OK},
    {"escapes", "http://us%%65r:s3cret%%2Dcanary@127.0.0.1:%u/", "HTTP/1.1 403 No\r\n\r\n", true, true,
     OKTA_E_TRANSPORT},
    {"a closed port", HTTP_URL, NULL, false, false, OKTA_OK},
    {"https", "https://user:" PASSWORD "@127.0.0.1:%u", NULL, true, false, OKTA_OK},
    {"socks4a", "socks4a://user:" PASSWORD "@127.0.0.1:%u", NULL, true, false, OKTA_OK},
    {"socks5", "socks5://user:" PASSWORD "@127.0.0.1:%u", NULL, true, false, OKTA_OK},
    {"socks5h", "socks5h://user:" PASSWORD "@127.0.0.1:%u", "\x05\xff", true, false, OKTA_OK},
    {"a closed port of socks5h", "socks5h://user:" PASSWORD "@127.0.0.1:%u", NULL, false, false, OKTA_OK},
};

static unsigned attempts_of(const proxy_case *one)
{
    return one->final == OKTA_OK ? ATTEMPTS : 1;
}

/* The message names the proxy, and that the program itself named it. */
static void expect_not_sent(const char *label, okta_error *error, const proxy_case *one, unsigned port)
{
    char name[32];
    const char *message = okta_error_message(error);
    snprintf(name, sizeof name, "://127.0.0.1:%u", port);
    expect_no_secret(label, message);
    expect_no_secret(label, okta_error_response_body(error, NULL));
    if (strstr(message, name) == NULL || strstr(message, "from the option proxy") == NULL) {
        fail_msg("%s: the proxy is not named: %s", label, message);
    }
    const api_expected expected = {.status = one->final == OKTA_OK ? OKTA_E_TRANSPORT : one->final,
                                   .attempts = attempts_of(one),
                                   .retryable = one->final == OKTA_OK};
    api_expect_error(label, error, &expected);
}

/* It hears where to, and who asks; never what for. */
static void expect_heard(const char *label, proxy *self, const proxy_case *one)
{
    pthread_mutex_lock(&self->lock);
    api_expect_number(label, "connections", (int64_t)self->connections, one->listens ? attempts_of(one) : 0);
    assert_null(strstr(self->heard, API_TOKEN));
    assert_null(strstr(self->heard, "Authorization: SSWS"));
    if (one->told) {
        assert_int_equal(strncmp(self->heard, "CONNECT " OKTA_HOST " HTTP/1.1\r\n", 30), 0);
        assert_non_null(strstr(self->heard, "\r\nProxy-Authorization: Basic " BASIC "\r\n"));
    }
    self->connections = 0;
    pthread_mutex_unlock(&self->lock);
}

/* The request never leaves, so even a create may be repeated, and its outcome is known. */
static void a_proxy_in_trouble_leaves_no_outcome_unknown(void **state)
{
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(proxy_cases); i++) {
        const proxy_case *one = &proxy_cases[i];
        proxy self;
        char url[128];
        proxy_start(&self, one->answer, one->listens);
        snprintf(url, sizeof url, one->url, self.port);
        for (size_t j = 0; j < API_OPERATION_COUNT; j++) {
            char label[128];
            void *out = NULL;
            size_t events = 0;
            snprintf(label, sizeof label, "%s: %s", one->name, api_operations[j].name);
            okta_client *client = client_behind(world, url, &events);
            expect_not_sent(label, api_operations[j].run(client, api_operations[j].ids, &out), one,
                            self.port);
            okta_free(client);
            assert_null(out);
            /* A look ahead that fails ends the call, and each is a call in the log. */
            api_expect_number(label, "events", (int64_t)events,
                              attempts_of(one) + 1 + api_operations[j].looks_before);
            api_expect_number(label, "waits", (int64_t)world->clock.wait_count, attempts_of(one) - 1);
            expect_heard(label, &self, one);
        }
        proxy_stop(&self, one->listens);
    }
}

#define FILL_64 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define FILL    FILL_64 FILL_64 FILL_64 FILL_64 FILL_64 FILL_64 FILL_64 FILL_64

/* What a proxy sends without an end. In each row one thing alone can end the call: the end of a refusal's
 * headers, the limit of headers, or the deadline, where a line every few milliseconds stays far below the
 * limit. */
static const struct {
    const char *name;
    const char *answer;
    const char *flood;
    int pause_ms;
    int64_t timeout_ms;
    okta_status status;
    const char *says;
} proxy_floods[] = {
    {"a body with a length", "HTTP/1.1 407 A\r\nContent-Length: 99999999999\r\n\r\n", FILL, 0, LATE_MS,
     OKTA_E_AUTH, "HTTP 407"},
    {"a body without a length", "HTTP/1.1 403 A\r\n\r\n", FILL, 0, LATE_MS, OKTA_E_TRANSPORT, "HTTP 403"},
    {"a body in chunks", "HTTP/1.1 407 A\r\nTransfer-Encoding: chunked\r\n\r\n", "4\r\nabcd\r\n", 0, LATE_MS,
     OKTA_E_AUTH, "HTTP 407"},
    {"header lines of a refusal", "HTTP/1.1 407 A\r\n", "X: " FILL "\r\n", 0, LATE_MS, OKTA_E_AUTH,
     "HTTP 407"},
    {"header lines", "HTTP/1.1 200 A\r\n", "X: " FILL "\r\n", 0, LATE_MS, OKTA_E_TRANSPORT,
     "256 KiB of headers"},
    {"header lines that trickle", "HTTP/1.1 200 A\r\n", "X: y\r\n", 5, SHORT_MS, OKTA_E_TIMEOUT, ""},
    {"a header line that trickles", "HTTP/1.1 200 A\r\nX: ", "y", 5, SHORT_MS, OKTA_E_TIMEOUT, ""},
    {"interim answers", "", "HTTP/1.1 100 A\r\n\r\n", 0, LATE_MS, OKTA_E_TRANSPORT, ""},
};

/* A hang would end the test by its time limit. */
static void a_proxy_that_sends_without_an_end_holds_no_call(void **state)
{
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(proxy_floods); i++) {
        proxy self;
        char url[128];
        size_t events = 0;
        proxy_start(&self, proxy_floods[i].answer, false);
        self.flood = proxy_floods[i].flood;
        self.pause_ms = proxy_floods[i].pause_ms;
        assert_int_equal(listen(self.listener, 16), 0);
        assert_int_equal(pthread_create(&self.thread, NULL, serve_all, &self), 0);
        snprintf(url, sizeof url, HTTP_URL, self.port);
        okta_client *client = client_behind(world, url, &events);
        oktai_client_set_clock(client, &oktai_system_clock);
        okta_call *call = okta_request_call(client, "POST", "/api/v1/things", "{}");
        okta_call_set_timeout_ms(call, proxy_floods[i].timeout_ms);
        okta_call_set_max_retries(call, 0);
        okta_error *error = okta_call_run(call);
        if (okta_error_status(error) != proxy_floods[i].status ||
            strstr(okta_error_message(error), proxy_floods[i].says) == NULL) {
            fail_msg("%s: %s: %s", proxy_floods[i].name, okta_status_name(okta_error_status(error)),
                     okta_error_message(error));
        }
        expect_no_secret(proxy_floods[i].name, okta_error_message(error));
        okta_free(error);
        okta_free(call);
        okta_free(client);
        proxy_stop(&self, true);
    }
}

/* A host name that no resolver takes, so that none is asked. */
static void a_proxy_without_an_address_is_not_shown(void **state)
{
    api_world *world = *state;
    char url[160];
    size_t events = 0;
    okta_oauth2_client_jwk_list *list = NULL;
    snprintf(url, sizeof url, "http://user:" PASSWORD "@%070d.example:1", 0);
    okta_client *client = client_behind(world, url, &events);
    okta_error *error = okta_list_jwk(client, API_APP, &list);
    expect_no_secret("no address", okta_error_message(error));
    api_expect_refusal("no address", error, OKTA_E_TRANSPORT, "listJwk: ");
    assert_true(events >= 2);
    okta_free(client);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, api_world_setup, api_world_teardown)
    const struct CMUnitTest tests[] = {
        TEST(refuses_what_is_no_proxy_url_without_showing_it),
        TEST(refuses_any_proxy_before_a_plain_org),
        TEST(a_proxy_in_trouble_leaves_no_outcome_unknown),
        TEST(a_proxy_that_sends_without_an_end_holds_no_call),
        TEST(a_proxy_without_an_address_is_not_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
