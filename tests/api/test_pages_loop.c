/* SPDX-License-Identifier: Apache-2.0 */
/* Lists in pages that a loop fetches: every item once, each `done` once, whoever cancels or lets go of what.
 */
#include <limits.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "api/expect.h"
#include "api/rows.h"
#include "okta/loop.h"
#include "unit/allocations.h"

#define THINGS     "/api/v1/things"
#define NEXT(path) "Link: <https://org.example.com" path ">; rel=\"next\""

/* A program that reads on as long as there is something. */
typedef struct reader {
    okta_loop *loop;
    okta_pages *pages;
    api_world *world;
    char ids[64];
    unsigned told;
    okta_error *error;
    bool stays;       /* it does not go on */
    bool spoils;      /* it sets what is refused, and goes on */
    bool frees;       /* the pages when it is told */
    okta_loop *other; /* that it asks for the page ahead, which is on its way; NULL: it does not */
} reader;

static void on_page(void *ctx, okta_pages *pages);

static void go_on(reader *self)
{
    unsigned told = self->told;
    self->error = okta_pages_submit(self->pages, self->loop, on_page, self);
    assert_int_equal(self->told, told);
}

static void on_page(void *ctx, okta_pages *pages)
{
    reader *self = ctx;
    const okta_thing *thing;
    assert_ptr_equal(pages, self->pages);
    self->told++;
    while ((thing = OKTA_NEXT(pages, okta_thing)) != NULL) {
        strncat(self->ids, thing->id == NULL ? "-" : thing->id, 8);
        strncat(self->ids, " ", 2);
    }
    self->error = okta_pages_error(pages);
    if (self->spoils) {
        okta_pages_set_timeout_ms(pages, -1);
    }
    if (self->other != NULL) {
        api_expect_refusal("another loop", okta_pages_submit(pages, self->other, on_page, self), OKTA_E_ARG,
                           "another loop");
    }
    if (self->frees) {
        okta_free(pages);
        self->pages = NULL;
    } else if (self->error == NULL && !self->stays && okta_pages_cursor(pages) != NULL) {
        go_on(self);
    }
}

/* The answers to each page, however often it is asked for. */
static void three_pages(api_world *world)
{
    static const struct {
        const char *path;
        const char *headers[2];
        const char *body;
    } pages[] = {
        {THINGS "/p3", {NULL}, "[{\"id\":\"c\"}]"},
        {THINGS "/p2", {NEXT(THINGS "/p3"), NULL}, "[]"},
        {THINGS, {NEXT(THINGS "/p2"), NULL}, "[{\"id\":\"a\"},{\"id\":\"b\"}]"},
    };
    for (size_t i = 0; i < COUNT(pages); i++) {
        api_fault(world, (mock_fault){.path_contains = pages[i].path,
                                      .times = UINT_MAX,
                                      .status = 200,
                                      .headers = pages[i].headers,
                                      .body = pages[i].body});
    }
}

static reader open_pages(api_world *world, bool ahead)
{
    reader self = {.world = world};
    assert_null(okta_loop_new(NULL, &self.loop));
    self.pages = oktai_operation_pages(world->client, &rows_list_things, NULL, NULL);
    okta_pages_set_ahead(self.pages, ahead);
    return self;
}

static reader start(api_world *world, bool ahead)
{
    three_pages(world);
    return open_pages(world, ahead);
}

static void stop(reader *self)
{
    okta_free(self->pages);
    assert_null(okta_loop_run(self->loop));
    okta_free(self->loop);
    api_forget(self->world);
}

static void brings_every_item_once(void **state)
{
    for (int ahead = 0; ahead < 2; ahead++) {
        reader self = start(*state, ahead);
        go_on(&self);
        assert_int_equal(okta_loop_pending(self.loop), 1);
        assert_null(okta_loop_run(self.loop));
        api_expect_success("pages", self.error);
        assert_string_equal(self.ids, "a b c ");
        assert_int_equal(self.told, 3);
        assert_null(okta_pages_cursor(self.pages));
        api_expect_requests("pages", *state, 3);
        api_expect_request("pages", *state, 1, "GET", THINGS "/p2", "");
        api_expect_request("pages", *state, 2, "GET", THINGS "/p3", "");
        go_on(&self); /* behind the last one */
        api_expect_success("pages", self.error);
        assert_null(okta_loop_run(self.loop));
        assert_int_equal(self.told, 4);
        api_expect_requests("pages", *state, 3);
        stop(&self);
    }
}

/* A program that takes its time finds the next page there; the one behind that is not asked for. */
static void fetches_one_page_ahead(void **state)
{
    reader self = start(*state, true);
    self.stays = true;
    go_on(&self);
    assert_null(okta_loop_run(self.loop));
    assert_int_equal(self.told, 1);
    assert_string_equal(self.ids, "a b ");
    assert_string_equal(okta_pages_cursor(self.pages), THINGS "/p2");
    api_expect_requests("pages", *state, 2);
    self.stays = false;
    go_on(&self);
    api_expect_success("pages", self.error);
    assert_null(okta_loop_run(self.loop));
    assert_string_equal(self.ids, "a b c ");
    assert_int_equal(self.told, 3);
    stop(&self);
}

/* An org in the thread of the program: it answers between two polls of the loop. */
typedef struct small_org {
    int listener;
    int connection; /* -1: none yet */
    char url[64];
    char heard[4096]; /* since the last answer */
    size_t length;
} small_org;

static void open_org(small_org *self)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    *self = (small_org){.listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), .connection = -1};
    assert_true(self->listener >= 0);
    assert_int_equal(bind(self->listener, (struct sockaddr *)&address, length), 0);
    assert_int_equal(getsockname(self->listener, (struct sockaddr *)&address, &length), 0);
    assert_int_equal(listen(self->listener, 8), 0);
    snprintf(self->url, sizeof self->url, "http://127.0.0.1:%u", (unsigned)ntohs(address.sin_port));
}

/* What has come by now. What a program has sent to this machine is there. */
static void hear(small_org *self)
{
    if (self->connection < 0) {
        self->connection = accept(self->listener, NULL, NULL);
    }
    if (self->connection >= 0) {
        ssize_t size = recv(self->connection, self->heard + self->length,
                            sizeof self->heard - 1 - self->length, MSG_DONTWAIT);
        self->length += size > 0 ? (size_t)size : 0;
        self->heard[self->length] = '\0';
    }
}

static void answer(small_org *self, const char *body, const char *next)
{
    char text[512];
    int length =
        snprintf(text, sizeof text,
                 "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n%s\r\n%s",
                 strlen(body), next, body);
    assert_int_equal(send(self->connection, text, (size_t)length, MSG_NOSIGNAL), length);
    self->length = 0;
    self->heard[0] = '\0';
}

static void close_org(const small_org *self)
{
    close(self->connection);
    close(self->listener);
}

typedef struct overlap {
    small_org org;
    okta_loop *loop;
    unsigned told;
    bool was_heard; /* the request for the page behind, when a page was told */
    bool was_complete;
} overlap;

static void on_page_in_time(void *ctx, okta_pages *pages)
{
    overlap *self = ctx;
    self->told++;
    assert_null(okta_pages_error(pages));
    if (self->told == 1) {
        hear(&self->org);
        self->was_heard = strncmp(self->org.heard, "GET " THINGS "/p2 ", strlen(THINGS) + 8) == 0;
        self->was_complete = strstr(self->org.heard, "\r\n\r\n") != NULL;
    }
}

static void ask_until_heard(overlap *self)
{
    while (strstr(self->org.heard, "\r\n\r\n") == NULL) {
        assert_null(okta_loop_poll(self->loop, 0));
        hear(&self->org);
    }
}

/* A program that works in `done`, or until it polls again, has the server work at the same time. */
static void asks_for_the_page_ahead_before_it_tells(void **state)
{
    overlap self = {.told = 0};
    api_world *world = *state;
    open_org(&self.org);
    api_world_renew_at(world, self.org.url);
    assert_null(okta_loop_new(NULL, &self.loop));
    okta_pages *pages = oktai_operation_pages(world->client, &rows_list_things, NULL, NULL);
    okta_pages_set_ahead(pages, true);
    assert_null(okta_pages_submit(pages, self.loop, on_page_in_time, &self));
    ask_until_heard(&self);
    answer(&self.org, "[{\"id\":\"a\"}]", NEXT(THINGS "/p2") "\r\n");
    while (self.told == 0) {
        assert_null(okta_loop_poll(self.loop, 0));
    }
    assert_true(self.was_heard);
    assert_true(self.was_complete);
    answer(&self.org, "[{\"id\":\"b\"}]", "");
    assert_null(okta_pages_submit(pages, self.loop, on_page_in_time, &self));
    assert_null(okta_loop_run(self.loop));
    assert_int_equal(self.told, 2);
    okta_free(pages);
    okta_free(self.loop);
    close_org(&self.org);
}

/* A call that ends before it begins is told when its page is asked for. */
static void a_page_ahead_that_fails_at_once_is_told_in_its_turn(void **state)
{
    reader self = {.world = *state, .stays = true};
    const char *used_up[] = {NEXT(THINGS "?after=2"), "X-Rate-Limit-Limit: 100", "X-Rate-Limit-Remaining: 0",
                             "X-Rate-Limit-Reset: 1750000090", NULL};
    api_fault(*state, (mock_fault){.status = 200, .headers = used_up, .body = "[{\"id\":\"a\"}]"});
    assert_null(okta_loop_new(NULL, &self.loop));
    self.pages = oktai_operation_pages(self.world->client, &rows_list_things, NULL, NULL);
    okta_pages_set_ahead(self.pages, true);
    go_on(&self);
    assert_null(okta_loop_run(self.loop));
    api_expect_success("first", self.error);
    assert_string_equal(self.ids, "a ");
    assert_int_equal(self.told, 1);
    go_on(&self);
    assert_null(okta_loop_run(self.loop));
    assert_int_equal(self.told, 2);
    api_expect_refusal("second", self.error, OKTA_E_RATE_LIMITED, "the request was not sent");
    stop(&self);
}

static void waits_for_the_program_without_that(void **state)
{
    reader self = start(*state, false);
    self.stays = true;
    go_on(&self);
    assert_null(okta_loop_run(self.loop));
    assert_null(OKTA_NEXT(self.pages, okta_thing));
    assert_null(okta_pages_next(self.pages));
    api_expect_requests("pages", *state, 1);
    stop(&self);
}

/* At each moment: on its way, in `done`, with the next one on its way or there. */
static void may_be_released(void **state)
{
    for (int ahead = 0; ahead < 2; ahead++) {
        reader self = start(*state, ahead);
        go_on(&self);
        okta_free(self.pages);
        self.pages = NULL;
        assert_null(okta_loop_run(self.loop));
        assert_int_equal(self.told, 0);
        stop(&self);
        self = start(*state, ahead);
        self.frees = true;
        go_on(&self);
        assert_null(okta_loop_run(self.loop));
        assert_int_equal(self.told, 1);
        stop(&self);
        self = start(*state, ahead);
        self.stays = true;
        go_on(&self);
        assert_null(okta_loop_run(self.loop));
        go_on(&self); /* told soon, where it is there */
        okta_free(self.pages);
        self.pages = NULL;
        assert_null(okta_loop_run(self.loop));
        assert_int_equal(self.told, 1);
        stop(&self);
    }
}

/* The loop's end cancels what is on its way, and tells it. */
static void outlives_its_loop(void **state)
{
    for (int ahead = 0; ahead < 2; ahead++) {
        reader self = start(*state, ahead);
        go_on(&self);
        self.stays = true;
        okta_free(self.loop);
        assert_int_equal(self.told, 1);
        api_expect_refusal("loop", self.error, OKTA_E_CANCELED, "canceled");
        assert_null(okta_loop_new(NULL, &self.loop));
        go_on(&self);
        api_expect_refusal("pages", self.error, OKTA_E_ARG, "failed");
        stop(&self);
    }
}

static void *cancel(void *context)
{
    okta_pages_cancel(context);
    return NULL;
}

static void is_canceled_from_any_thread(void **state)
{
    for (int ahead = 0; ahead < 2; ahead++) {
        pthread_t thread;
        reader self = start(*state, ahead);
        go_on(&self);
        assert_int_equal(pthread_create(&thread, NULL, cancel, self.pages), 0);
        assert_int_equal(pthread_join(thread, NULL), 0);
        assert_null(okta_loop_run(self.loop));
        assert_int_equal(self.told, 1);
        api_expect_refusal("cancel", self.error, OKTA_E_CANCELED, "canceled");
        assert_string_equal(okta_pages_cursor(self.pages), THINGS);
        stop(&self);
    }
}

static void cancel_pages(reader *self)
{
    okta_pages_cancel(self->pages);
}

static void shut_client(reader *self)
{
    okta_client_cancel_all(self->world->client);
}

/* A page that is in memory already when the pages are canceled is not told as if nothing had happened. */
static void a_page_ahead_is_canceled_too(void **state)
{
    void (*const ways[])(reader *) = {cancel_pages, shut_client};
    for (size_t i = 0; i < COUNT(ways); i++) {
        reader self = start(*state, true);
        self.stays = true;
        go_on(&self);
        assert_null(okta_loop_run(self.loop)); /* the second page is there */
        assert_string_equal(self.ids, "a b ");
        ways[i](&self);
        go_on(&self);
        assert_null(okta_loop_run(self.loop));
        assert_int_equal(self.told, 2);
        api_expect_refusal("cancel", self.error, OKTA_E_CANCELED, "canceled");
        stop(&self);
        api_world_renew(*state, NULL);
    }
}

/* A list that leads back to a page says which one it was. */
static void a_circle_names_its_page(void **state)
{
    for (int ahead = 0; ahead < 2; ahead++) {
        const char *link[] = {NEXT(THINGS "/p2"), NULL};
        reader self = open_pages(*state, ahead);
        api_fault(*state,
                  (mock_fault){.times = 3, .status = 200, .headers = link, .body = "[{\"id\":\"a\"}]"});
        go_on(&self);
        assert_null(okta_loop_run(self.loop));
        api_expect_refusal("circle", self.error, OKTA_E_PROTOCOL, "page 2");
        stop(&self);
    }
}

/* An error of a page that was fetched ahead belongs to whoever asks for it. */
static void tells_errors_of_the_page_that_was_asked_for(void **state)
{
    for (int ahead = 0; ahead < 2; ahead++) {
        reader self = {.world = *state, .stays = true};
        const char *link[] = {NEXT(THINGS "?after=2"), NULL};
        api_fault(*state, (mock_fault){.status = 200, .headers = link, .body = "[{\"id\":\"a\"}]"});
        api_fault(*state, (mock_fault){.status = 404, .body = "{\"errorCode\":\"E0000007\"}"});
        assert_null(okta_loop_new(NULL, &self.loop));
        self.pages = oktai_operation_pages(self.world->client, &rows_list_things, NULL, NULL);
        okta_pages_set_ahead(self.pages, ahead);
        go_on(&self);
        assert_null(okta_loop_run(self.loop));
        api_expect_success("first", self.error);
        assert_string_equal(self.ids, "a ");
        go_on(&self);
        assert_null(okta_loop_run(self.loop));
        assert_int_equal(self.told, 2);
        api_expect_refusal("second", self.error, OKTA_E_NOT_FOUND, "page 2");
        assert_string_equal(okta_pages_cursor(self.pages), THINGS "?after=2");
        stop(&self);
    }
}

/* The end of an endless list is an end for this time, also one page ahead. */
static void goes_on_behind_an_empty_page(void **state)
{
    for (int ahead = 0; ahead < 2; ahead++) {
        reader self = {.world = *state, .stays = true};
        const char *link[] = {NEXT(THINGS "/events?after=2"), NULL};
        api_fault(*state, (mock_fault){.status = 200, .headers = link, .body = "[{\"id\":\"a\"}]"});
        api_fault(*state, (mock_fault){.status = 200, .headers = link, .body = "[]"});
        api_fault(*state, (mock_fault){.status = 200, .headers = link, .body = "[{\"id\":\"b\"}]"});
        assert_null(okta_loop_new(NULL, &self.loop));
        self.pages = oktai_operation_pages(self.world->client, &rows_list_thing_events, NULL, NULL);
        okta_pages_set_ahead(self.pages, ahead);
        static const char *const ids[] = {"a ", "a ", "a b "};
        for (size_t i = 0; i < COUNT(ids); i++) {
            go_on(&self);
            assert_null(okta_loop_run(self.loop));
            api_expect_success("page", self.error);
            assert_int_equal(self.told, i + 1);
            assert_string_equal(self.ids, ids[i]);
            assert_non_null(okta_pages_cursor(self.pages));
        }
        stop(&self);
    }
}

/* The page that was read ahead is still on its way, or is there. */
static void a_mistake_of_the_program_ends_the_pages(void **state)
{
    for (int form = 0; form < 4; form++) {
        reader self = start(*state, form & 1);
        self.spoils = true;
        self.stays = (form & 2) != 0;
        go_on(&self);
        assert_null(okta_loop_run(self.loop));
        assert_int_equal(self.told, 1);
        if (self.stays) {
            go_on(&self);
        }
        api_expect_refusal("mistake", self.error, OKTA_E_ARG, "timeout_ms");
        stop(&self);
    }
}

/* A page that came before its loop was released is told as canceled: nobody goes on in that loop. */
static void a_loop_that_ends_brings_no_page(void **state)
{
    reader self = start(*state, true);
    self.stays = true;
    go_on(&self);
    assert_null(okta_loop_run(self.loop));
    self.stays = false;
    go_on(&self);
    okta_free(self.loop);
    assert_int_equal(self.told, 2);
    api_expect_refusal("released", self.error, OKTA_E_CANCELED, "released");
    assert_string_equal(self.ids, "a b ");
    assert_null(okta_loop_new(NULL, &self.loop));
    stop(&self);
}

static void refuses_before_anything_happens(void **state)
{
    api_world *world = *state;
    reader self = start(world, false);
    reader other = {.world = world};
    self.stays = true;
    assert_null(okta_loop_new(NULL, &other.loop));
    api_expect_refusal("pages", okta_pages_submit(NULL, self.loop, on_page, NULL), OKTA_E_NOMEM, "memory");
    api_expect_refusal("loop", okta_pages_submit(self.pages, NULL, on_page, NULL), OKTA_E_ARG, "loop");
    api_expect_refusal("done", okta_pages_submit(self.pages, self.loop, NULL, NULL), OKTA_E_ARG, "done");
    go_on(&self);
    api_expect_success("submit", self.error);
    api_expect_refusal("twice", okta_pages_submit(self.pages, self.loop, on_page, &self), OKTA_E_ARG,
                       "asked for already");
    assert_null(okta_loop_run(self.loop));
    assert_int_equal(self.told, 1);
    okta_pages_set_ahead(self.pages, true);
    self.other = other.loop;
    go_on(&self);
    while (self.told == 1) {
        assert_null(okta_loop_poll(self.loop, -1));
    }
    stop(&self);
    okta_free(other.loop);
    self = start(world, false);
    okta_pages_set_timeout_ms(self.pages, -1);
    go_on(&self);
    api_expect_refusal("argument", self.error, OKTA_E_ARG, "timeout_ms");
    go_on(&self);
    api_expect_refusal("afterwards", self.error, OKTA_E_ARG, "failed");
    assert_int_equal(okta_loop_pending(self.loop), 0);
    stop(&self);
    okta_pages_set_ahead(NULL, true);
}

/* With each allocation failing in turn, once or from there on, the program is told once or refused once, and
 * what it got before is right. */
static void tells_a_lack_of_memory(void **state)
{
    three_pages(*state);
    for (int form = 0; form < 4; form++) {
        bool good = false;
        for (size_t at = 1; !good; at++) {
            reader self = open_pages(*state, form & 1);
            allocations_begin(at, (form & 2) != 0);
            go_on(&self);
            unsigned refused = self.error != NULL && self.told == 0;
            if (!refused && okta_loop_run(self.loop) != NULL) {
                fail_msg("the loop ended");
            }
            good = !allocations_end();
            assert_true(strncmp("a b c ", self.ids, strlen(self.ids)) == 0);
            if (self.error != NULL) {
                api_expect_refusal("memory", self.error, OKTA_E_NOMEM, "memory");
            } else {
                assert_string_equal(self.ids, "a b c ");
            }
            stop(&self);
            api_world_renew(*state, NULL);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(function) cmocka_unit_test_setup_teardown(function, api_world_setup, api_world_teardown)
        TEST(brings_every_item_once),
        TEST(fetches_one_page_ahead),
        TEST(asks_for_the_page_ahead_before_it_tells),
        TEST(a_page_ahead_that_fails_at_once_is_told_in_its_turn),
        TEST(waits_for_the_program_without_that),
        TEST(may_be_released),
        TEST(outlives_its_loop),
        TEST(is_canceled_from_any_thread),
        TEST(a_page_ahead_is_canceled_too),
        TEST(a_circle_names_its_page),
        TEST(tells_errors_of_the_page_that_was_asked_for),
        TEST(goes_on_behind_an_empty_page),
        TEST(a_mistake_of_the_program_ends_the_pages),
        TEST(a_loop_that_ends_brings_no_page),
        TEST(refuses_before_anything_happens),
        TEST(tells_a_lack_of_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
