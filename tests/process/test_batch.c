/* SPDX-License-Identifier: Apache-2.0 */
/* Batches: the outcome of each call is told once and each key's calls run in their order, whoever fails,
 * cancels or lets go of what. */
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "faults/fault_script.h"
#include "okta/batch.h"
#include "process/children.h"
#include "process/small_org.h"
#include "unit/allocations.h"

#define MANY     10000u
#define KEYS     50u
#define KEY_SIZE 16u

/* The first connection never answers. */
static const fault_step silent_first[] = {READ, DRAIN, NEXT, END};
static const fault_step silent[] = {READ, DRAIN, END};
static const fault_step silent_soon[] = {READ, SEND(FAULT_GOOD), READ, DRAIN, END};
/* The first answer of each connection refuses. */
static const fault_step refusing[] = {
    READ,
    SEND("HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\nContent-Length: 25\r\n\r\n"
         "{\"errorCode\":\"E0000007\"} "),
    END};

typedef struct feed feed;

/* Something that a function of the program does to the batch. */
typedef void deed(feed *self);

/* A program with a batch. */
struct feed {
    okta_client *client;
    okta_loop *loop; /* NULL: the batch runs in this thread */
    okta_batch *batch;
    unsigned calls;     /* to give */
    unsigned keys;      /* of them; 0: none has a key */
    const char *bad_id; /* of the call at `bad`; NULL: none */
    unsigned bad;
    bool bad_is_null; /* it is no call at all */
    bool bad_has_error;
    okta_error *failure; /* in the place of the end */
    deed *in_next, *in_result, *in_progress;
    unsigned deed_at; /* the place in the order of calls given, or of results told, at which these do it */
    bool did;

    char key[KEY_SIZE];
    unsigned given;
    unsigned alive, most_alive;
    unsigned told[OKTA_E_OUTCOME_UNKNOWN + 1]; /* by status */
    unsigned all_told;
    unsigned next_of[KEYS]; /* the least number of its key that may be told */
    bool out_of_order;
    unsigned ended;
    okta_status status;
    okta_batch_counts counts; /* the last ones that progress was told */
    okta_batch_counts at_end;
    feed *other; /* begins when this one has ended */
};

static void act(feed *self, deed *what, unsigned at)
{
    if (what != NULL && at == self->deed_at) {
        self->did = true;
        what(self);
    }
}

static bool give(void *ctx, okta_batch_item *item)
{
    feed *self = ctx;
    char number[KEY_SIZE];
    const char *app = "app";
    assert_null(item->call);
    assert_null(item->error);
    if (self->given == self->calls) {
        item->error = self->failure;
        self->failure = NULL;
        return false;
    }
    unsigned at = self->given++;
    if (self->keys > 0) {
        (void)snprintf(self->key, sizeof self->key, "app%u", at % self->keys);
        item->key = app = self->key; /* until the next call */
    }
    (void)snprintf(number, sizeof number, "%u", at);
    bool is_bad = at == self->bad;
    if (!is_bad || !self->bad_is_null) {
        item->call =
            okta_get_jwk_call(self->client, app, is_bad && self->bad_id != NULL ? self->bad_id : number);
        self->alive += item->call != NULL;
        self->most_alive = self->alive > self->most_alive ? self->alive : self->most_alive;
    }
    if (is_bad && self->bad_has_error) {
        okta_key *none = NULL;
        item->error = okta_key_from_pem("", 0, NULL, NULL, &none);
    }
    item->ctx = (void *)(uintptr_t)(at + 1);
    act(self, self->in_next, at);
    return true;
}

static void take(void *ctx, const okta_batch_item *item, okta_error *error)
{
    feed *self = ctx;
    unsigned at = (unsigned)(uintptr_t)item->ctx - 1;
    okta_status status = okta_error_status(error);
    assert_true(at < self->given);
    unsigned place = self->all_told++;
    self->told[status]++;
    if (status == OKTA_OK) {
        okta_oauth2_client_jwk *key = OKTA_TAKE(item->call, okta_oauth2_client_jwk);
        assert_non_null(key);
        okta_free(key);
    }
    self->alive -= item->call != NULL;
    okta_free(item->call);
    okta_free(error);
    if (self->keys > 0 && self->keys <= KEYS) {
        char app[KEY_SIZE];
        (void)snprintf(app, sizeof app, "app%u", at % self->keys);
        assert_string_equal(item->key, app); /* also behind the end of the call */
        self->out_of_order = self->out_of_order || at < self->next_of[at % self->keys];
        self->next_of[at % self->keys] = at + 1;
    }
    act(self, self->in_result, place);
}

static void progress(void *ctx, const okta_batch_counts *counts)
{
    feed *self = ctx;
    self->counts = *counts;
    assert_int_equal(counts->done + counts->failed, self->all_told);
    assert_int_equal(counts->in_flight + counts->held_back, self->given - self->all_told);
    act(self, self->in_progress, self->given - 1);
}

static okta_batch_options options_of(feed *self)
{
    okta_batch_options options = OKTA_BATCH_OPTIONS_INIT;
    options.next = give;
    options.result = take;
    options.progress = progress;
    options.ctx = self;
    return options;
}

static void make(feed *self, const okta_batch_options *options)
{
    assert_null(okta_batch_new(options, &self->batch));
    assert_non_null(self->batch);
}

static void end(feed *self, okta_error *error)
{
    self->ended++;
    self->status = okta_error_status(error);
    okta_free(error);
    okta_free(self->batch);
    self->batch = NULL;
}

static void submit(feed *self);

static void on_end(void *ctx, const okta_batch_counts *counts, okta_error *error)
{
    feed *self = ctx;
    self->at_end = *counts;
    assert_int_equal(counts->in_flight + counts->held_back, 0);
    assert_int_equal(counts->done + counts->failed, self->given);
    end(self, error);
    if (self->other != NULL) {
        submit(self->other);
    }
}

static void submit(feed *self)
{
    unsigned before = self->given;
    assert_null(okta_batch_submit(self->batch, self->loop, on_end, self));
    assert_int_equal(self->given, before);
}

/* Run it to its end, in a loop or not. */
static void run(feed *self)
{
    if (self->loop == NULL) {
        end(self, okta_batch_run(self->batch));
        return;
    }
    submit(self);
    assert_null(okta_loop_run(self->loop));
    assert_int_equal(okta_loop_pending(self->loop), 0);
}

static okta_loop *new_loop(void)
{
    okta_loop *loop = NULL;
    assert_null(okta_loop_new(NULL, &loop));
    return loop;
}

static void expect_told(const feed *self, unsigned good, unsigned canceled)
{
    assert_int_equal(self->told[OKTA_OK], good);
    assert_int_equal(self->told[OKTA_E_CANCELED], canceled);
    assert_int_equal(self->all_told, self->given);
    assert_int_equal(self->alive, 0);
    assert_false(self->out_of_order);
}

/* The number behind this text. */
static unsigned number_behind(const char *request, const char *text)
{
    char *end_of_number = NULL;
    const char *at = strstr(request, text);
    assert_non_null(at);
    unsigned long number = strtoul(at + strlen(text), &end_of_number, 10);
    assert_true(end_of_number > at + strlen(text));
    return (unsigned)number;
}

/* The numbers of a key's calls in the order in which the server heard them. */
static void expect_order(fault_server *server, unsigned calls)
{
    unsigned heard = 0;
    unsigned next[KEYS] = {0};
    const fault_request *request = NULL;
    fault_server_finish(server);
    while ((request = fault_server_request_after(server, request)) != NULL) {
        unsigned key = number_behind(request->text, "GET /api/v1/apps/app");
        unsigned number = number_behind(request->text, "/credentials/jwks/");
        assert_int_equal(number % KEYS, key);
        assert_int_equal(number / KEYS, next[key]);
        next[key]++;
        heard++;
    }
    assert_int_equal(heard, calls);
}

static void runs_many_calls_each_key_in_its_order(void **state)
{
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, NULL);
    feed self = {.client = small_org_client(org), .calls = MANY, .keys = KEYS, .bad = MANY};
    okta_batch_options options = options_of(&self);
    make(&self, &options);
    run(&self);
    assert_int_equal(self.status, OKTA_OK);
    expect_told(&self, MANY, 0);
    assert_int_equal(self.counts.done, MANY);
    assert_true(self.most_alive <= 10 + 256); /* in flight, and held back */
    expect_order(org->server, MANY);
    okta_free(self.client);
}

/* One call of a key never ends, and the others of the key wait for it; the rest goes by. */
static void other_keys_overtake(void **state)
{
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, silent_first);
    feed self = {.client = small_org_client(org), .loop = new_loop(), .calls = 100, .keys = 10, .bad = 100};
    okta_batch_options options = options_of(&self);
    options.max_in_flight = 2;
    options.max_held_back = 10;
    make(&self, &options);
    submit(&self);
    while (self.told[OKTA_OK] < 90) {
        assert_null(okta_loop_poll(self.loop, -1));
    }
    assert_int_equal(self.counts.in_flight, 1);
    assert_int_equal(self.counts.held_back, 9);
    okta_batch_cancel(self.batch);
    assert_null(okta_loop_run(self.loop));
    expect_told(&self, 90, 10);
    assert_int_equal(self.status, OKTA_E_CANCELED);
    okta_free(self.loop);
    okta_free(self.client);
}

/* No more is read than may be held back; a second key behind them is not found. */
static void reads_ahead_no_further_than_told(void **state)
{
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, silent);
    feed self = {.client = small_org_client(org), .loop = new_loop(), .calls = 100, .keys = 1, .bad = 100};
    okta_batch_options options = options_of(&self);
    options.max_held_back = 3;
    make(&self, &options);
    submit(&self);
    for (int i = 0; i < 50 || fault_server_request_count(org->server) < 1; i++) {
        assert_null(okta_loop_poll(self.loop, 1));
    }
    assert_int_equal(self.given, 4);
    assert_int_equal(okta_batch_count(self.batch)->in_flight, 1);
    assert_int_equal(okta_batch_count(self.batch)->held_back, 3);
    okta_loop_cancel(self.loop);
    assert_null(okta_loop_run(self.loop));
    expect_told(&self, 0, 4);
    okta_free(self.loop);
    okta_free(self.client);
}

/* A call that cannot run is one failure among the others. */
static void goes_on_behind_what_cannot_run(void **state)
{
    static const struct {
        const char *bad_id;
        bool is_null, has_error;
        okta_status status; /* OKTA_OK: that of the error */
    } cases[] = {{"..", false, false, OKTA_E_ARG},
                 {NULL, true, false, OKTA_E_NOMEM},
                 {NULL, false, true, OKTA_OK},
                 {NULL, true, true, OKTA_OK}};
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, NULL);
    okta_client *client = small_org_client(org);
    okta_key *none = NULL;
    okta_error *error = okta_key_from_pem("", 0, NULL, NULL, &none);
    okta_status of_key = okta_error_status(error);
    okta_free(error);
    for (size_t i = 0; i < COUNT(cases); i++) {
        okta_status status = cases[i].has_error ? of_key : cases[i].status;
        feed self = {.client = client,
                     .calls = 20,
                     .keys = 2,
                     .bad = 6,
                     .bad_id = cases[i].bad_id,
                     .bad_is_null = cases[i].is_null,
                     .bad_has_error = cases[i].has_error};
        okta_batch_options options = options_of(&self);
        make(&self, &options);
        run(&self);
        assert_int_equal(self.status, OKTA_OK);
        assert_int_equal(self.told[OKTA_OK], 19);
        assert_int_equal(self.told[status], 1);
        assert_int_equal(self.alive, 0);
        assert_int_equal(self.counts.failed, 1);
    }
    okta_free(client);
}

/* What was read before ends; the batch ends with the error. */
static void ends_with_the_error_of_next(void **state)
{
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, NULL);
    feed self = {.client = small_org_client(org), .calls = 5, .bad = 5};
    okta_key *none = NULL;
    self.failure = okta_key_from_pem("", 0, NULL, NULL, &none);
    okta_status status = okta_error_status(self.failure);
    assert_int_not_equal(status, OKTA_OK);
    okta_batch_options options = options_of(&self);
    make(&self, &options);
    run(&self);
    assert_int_equal(self.status, status);
    expect_told(&self, 5, 0);
    okta_free(self.client);
}

static void runs_nothing_at_all(void **state)
{
    (void)state;
    feed self = {.calls = 0, .bad = 1};
    okta_batch_options options = options_of(&self);
    options.progress = NULL;
    make(&self, &options);
    run(&self);
    assert_int_equal(self.status, OKTA_OK);
    self.loop = new_loop();
    make(&self, &options);
    run(&self);
    assert_int_equal(self.status, OKTA_OK);
    assert_int_equal(self.ended, 2);
    okta_free(self.loop);
}

/* The first answer is a refusal, and one call has begun beside it. */
static void stops_at_the_first_error(void **state)
{
    static const fault_step one_refusal[] = {
        READ,
        DRAIN,
        NEXT,
        READ,
        SEND("HTTP/1.1 404 Not Found\r\n"
             "Content-Type: application/json\r\nContent-Length: 25\r\n\r\n{\"errorCode\":\"E0000007\"} "),
        END};
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, one_refusal);
    feed self = {.client = small_org_client(org), .calls = 100, .bad = 100, .keys = 2};
    okta_batch_options options = options_of(&self);
    options.max_in_flight = 2;
    options.on_error = OKTA_BATCH_STOP_AND_CANCEL;
    make(&self, &options);
    run(&self);
    assert_int_equal(self.status, OKTA_E_NOT_FOUND);
    assert_int_equal(self.told[OKTA_E_NOT_FOUND], 1);
    expect_told(&self, 0, self.given - 1);
    assert_true(self.given >= 2 && self.given < 100);
    okta_free(self.client);
}

static void lets_those_in_flight_end_by_default(void **state)
{
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, NULL);
    feed self = {.client = small_org_client(org), .calls = 100, .bad = 4, .bad_id = ".."};
    okta_batch_options options = options_of(&self);
    options.max_in_flight = 10;
    options.on_error = OKTA_BATCH_STOP;
    make(&self, &options);
    run(&self);
    assert_int_equal(self.status, OKTA_E_ARG);
    assert_int_equal(self.told[OKTA_E_ARG], 1);
    expect_told(&self, 4, 0);
    assert_int_equal(self.given, 5);
    okta_free(self.client);
}

static void goes_on_behind_refusals(void **state)
{
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, refusing);
    feed self = {.client = small_org_client(org), .calls = 100, .keys = 7, .bad = 100};
    okta_batch_options options = options_of(&self);
    make(&self, &options);
    run(&self);
    assert_int_equal(self.status, OKTA_OK);
    assert_true(self.told[OKTA_E_NOT_FOUND] >= 1);
    assert_int_equal(self.counts.failed, self.told[OKTA_E_NOT_FOUND]);
    expect_told(&self, 100 - self.told[OKTA_E_NOT_FOUND], 0);
    okta_free(self.client);
}

static void cancel(feed *self)
{
    okta_batch_cancel(self->batch);
}

static void let_go(feed *self)
{
    okta_free(self->batch);
    self->batch = NULL;
}

static void free_loop(feed *self)
{
    okta_free(self->loop);
    self->loop = NULL;
}

static void cancel_loop(feed *self)
{
    okta_loop_cancel(self->loop);
}

/* libcurl closes a socket that is not connected yet behind the loop's back; that the loop then unwatches a
 * number that a thread of the server may have got meanwhile is a race for a sanitizer of threads. For it
 * there is one connection, which is open before anything is canceled. */
static void connect_first(const small_org *org, okta_loop *loop, okta_client *client)
{
    if (org->max_in_flight == 1) {
        feed self = {.client = client, .loop = loop, .calls = 1, .bad = 1};
        okta_batch_options options = options_of(&self);
        make(&self, &options);
        run(&self);
        assert_int_equal(self.status, OKTA_OK);
    }
}

/* Each of these in each function of the program, at the first call, in the midst, and at the last. Fewer are
 * in flight than follow the midst, so that only behind the last one nothing is left to cancel. */
static void ends_whatever_its_functions_do(void **state)
{
    enum { CALLS = 40 };
    static deed *const deeds[] = {cancel, let_go, free_loop, cancel_loop};
    static const unsigned moments[] = {0, 20, CALLS - 1};
    small_org *org = *state;
    org->max_in_flight = is_sanitized();
    small_org_start(org, SMALL_PLAIN, NULL);
    okta_client *client = small_org_client(org);
    for (size_t i = 0; i < COUNT(deeds) * COUNT(moments) * 6; i++) {
        deed *what = deeds[i % COUNT(deeds)];
        size_t place = i / COUNT(deeds) / COUNT(moments);
        feed self = {.client = client,
                     .calls = CALLS,
                     .bad = CALLS,
                     .keys = place % 2 == 0 ? 0 : 3,
                     .loop = new_loop(),
                     .deed_at = moments[i / COUNT(deeds) % COUNT(moments)]};
        okta_loop *loop = self.loop;
        connect_first(org, loop, client);
        *(place / 2 == 0 ? &self.in_next : place / 2 == 1 ? &self.in_result : &self.in_progress) = what;
        okta_batch_options options = options_of(&self);
        options.max_in_flight = CALLS / 4;
        make(&self, &options);
        submit(&self);
        assert_null(okta_loop_run(loop));
        assert_int_equal(self.ended, 1);
        assert_true(self.did);
        assert_true(self.status == OKTA_E_CANCELED || (self.status == OKTA_OK && self.deed_at == CALLS - 1));
        expect_told(&self, self.told[OKTA_OK], self.given - self.told[OKTA_OK]);
        okta_free(self.loop);
    }
    okta_free(client);
}

static void a_blocking_run_outlives_its_batch(void **state)
{
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, NULL);
    feed self = {.client = small_org_client(org), .calls = 40, .bad = 40, .in_result = let_go, .deed_at = 5};
    okta_batch_options options = options_of(&self);
    options.max_in_flight = 1;
    make(&self, &options);
    run(&self);
    assert_int_equal(self.status, OKTA_E_CANCELED);
    assert_int_equal(self.given, 6);
    expect_told(&self, 6, 0);
    okta_free(self.client);
}

/* Somebody who cancels a batch in a thread of his own. */
typedef struct canceler {
    okta_batch *batch;
    fault_server *server;
    unsigned requests; /* that come before */
} canceler;

static void *cancel_it(void *context)
{
    const canceler *self = context;
    fault_server_await_requests(self->server, self->requests);
    okta_batch_cancel(self->batch);
    return NULL;
}

/* The batch waits for answers that never come, in the thread or in a loop. */
static void is_canceled_from_another_thread(void **state)
{
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, silent);
    okta_client *client = small_org_client(org);
    for (unsigned i = is_sanitized() ? 2 : 0; i < 4; i++) {
        pthread_t thread;
        bool in_loop = i % 2 == 1;
        feed self = {.client = client, .calls = 100, .keys = 3, .bad = 100};
        self.loop = in_loop ? new_loop() : NULL;
        okta_batch_options options = options_of(&self);
        make(&self, &options);
        okta_batch *batch = self.batch;
        /* Those of three keys, beside those of the rounds before. */
        canceler other = {batch, org->server, i < 2 ? 0 : fault_server_request_count(org->server) + 3};
        assert_int_equal(pthread_create(&thread, NULL, cancel_it, &other), 0);
        if (in_loop) {
            submit(&self);
            while (self.ended == 0) {
                self.batch = NULL; /* the other thread may still use it */
                assert_null(okta_loop_poll(self.loop, -1));
            }
        } else {
            self.batch = NULL;
            end(&self, okta_batch_run(batch));
        }
        assert_int_equal(pthread_join(thread, NULL), 0);
        okta_free(batch);
        assert_int_equal(self.status, OKTA_E_CANCELED);
        expect_told(&self, 0, self.given);
        okta_free(self.loop);
    }
    okta_free(client);
}

static void a_released_loop_ends_its_batches(void **state)
{
    small_org *org = *state;
    org->max_in_flight = is_sanitized();
    small_org_start(org, SMALL_PLAIN, org->max_in_flight == 1 ? silent_soon : silent);
    okta_client *client = small_org_client(org);
    for (int turns = 0; turns < 6; turns++) {
        okta_loop *loop = new_loop();
        connect_first(org, loop, client);
        feed both[2];
        for (size_t i = 0; i < COUNT(both); i++) {
            both[i] = (feed){.client = client, .loop = loop, .calls = 50, .keys = (unsigned)i, .bad = 50};
            okta_batch_options options = options_of(&both[i]);
            options.max_in_flight = 10;
            make(&both[i], &options);
            submit(&both[i]);
        }
        assert_int_equal(okta_loop_pending(loop), 2);
        for (int i = 0; i < turns; i++) {
            assert_null(okta_loop_poll(loop, 0));
        }
        okta_free(loop);
        for (size_t i = 0; i < COUNT(both); i++) {
            assert_int_equal(both[i].ended, 1);
            assert_int_equal(both[i].status, OKTA_E_CANCELED);
            assert_int_equal(both[i].given, (unsigned)turns);
            expect_told(&both[i], 0, both[i].given);
        }
    }
    okta_free(client);
}

static void two_batches_share_a_loop(void **state)
{
    small_org *org = *state;
    small_org_start(org, SMALL_TLS, NULL);
    okta_client *client = small_org_client(org);
    okta_loop *loop = new_loop();
    feed all[3];
    for (size_t i = 0; i < COUNT(all); i++) {
        all[i] = (feed){.client = client, .loop = loop, .calls = 200, .keys = (unsigned)i * 5, .bad = 200};
        okta_batch_options options = options_of(&all[i]);
        make(&all[i], &options);
    }
    all[0].other = &all[2]; /* begins in the end of the first */
    submit(&all[0]);
    submit(&all[1]);
    assert_null(okta_loop_run(loop));
    for (size_t i = 0; i < COUNT(all); i++) {
        assert_int_equal(all[i].ended, 1);
        assert_int_equal(all[i].status, OKTA_OK);
        assert_int_equal(all[i].at_end.done, 200);
        expect_told(&all[i], 200, 0);
    }
    okta_free(loop);
    okta_free(client);
}

/* One descriptor tells when the batch can go on. */
static void is_driven_by_the_descriptor_of_the_loop(void **state)
{
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, NULL);
    feed self = {.client = small_org_client(org), .loop = new_loop(), .calls = 100, .keys = 5, .bad = 100};
    struct pollfd polled = {.fd = okta_loop_fd(self.loop), .events = POLLIN};
    okta_batch_options options = options_of(&self);
    make(&self, &options);
    submit(&self);
    while (okta_loop_pending(self.loop) > 0) {
        assert_int_equal(poll(&polled, 1, 30000), 1);
        assert_null(okta_loop_poll(self.loop, 0));
    }
    assert_int_equal(self.status, OKTA_OK);
    expect_told(&self, 100, 0);
    okta_free(self.loop);
    okta_free(self.client);
}

/* Calls that fail at once: they never stand in memory together, nor on the stack. */
static void a_hundred_thousand_calls_are_few_at_once(void **state)
{
    enum { CALLS = 100000 };
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, NULL);
    okta_client *client = small_org_client(org);
    feed self = {.client = NULL, .calls = CALLS, .bad = CALLS, .keys = 1000};
    okta_batch_options options = options_of(&self);
    make(&self, &options);
    run(&self);
    assert_int_equal(self.status, OKTA_OK);
    assert_int_equal(self.told[OKTA_E_ARG], CALLS);
    assert_int_equal(self.most_alive, 1);
    okta_free(client);
}

static void expect_refused(okta_error *error, okta_status status, const char *phrase)
{
    assert_int_equal(okta_error_status(error), status);
    assert_non_null(strstr(okta_error_message(error), phrase));
    okta_free(error);
}

static void refuses_what_makes_no_batch(void **state)
{
    (void)state;
    okta_batch *batch = (okta_batch *)(uintptr_t)1;
    feed self = {.calls = 0, .bad = 1};
    okta_batch_options options = options_of(&self);
    expect_refused(okta_batch_new(&options, NULL), OKTA_E_ARG, "out");
    expect_refused(okta_batch_new(NULL, &batch), OKTA_E_ARG, "options");
    assert_null(batch);
    options.struct_size--;
    expect_refused(okta_batch_new(&options, &batch), OKTA_E_ARG, "OKTA_BATCH_OPTIONS_INIT");
    options = options_of(&self);
    options.next = NULL;
    expect_refused(okta_batch_new(&options, &batch), OKTA_E_ARG, "options.next");
    options = options_of(&self);
    options.result = NULL;
    expect_refused(okta_batch_new(&options, &batch), OKTA_E_ARG, "options.result");
    options = options_of(&self);
    options.max_in_flight = 10001;
    expect_refused(okta_batch_new(&options, &batch), OKTA_E_ARG, "max_in_flight");
    options = options_of(&self);
    options.max_held_back = 1000001;
    expect_refused(okta_batch_new(&options, &batch), OKTA_E_ARG, "max_held_back");
    options = options_of(&self);
    options.on_error = (okta_batch_on_error)3;
    expect_refused(okta_batch_new(&options, &batch), OKTA_E_ARG, "on_error");
    options = options_of(&self);
    options.max_in_flight = 10000;
    options.max_held_back = 1000000;
    make(&self, &options);
    okta_free(self.batch);
}

static void refuses_what_cannot_run(void **state)
{
    (void)state;
    feed self = {.calls = 0, .bad = 1, .loop = new_loop()};
    okta_batch_options options = options_of(&self);
    make(&self, &options);
    okta_batch_cancel(NULL);
    assert_null(okta_batch_count(NULL));
    expect_refused(okta_batch_run(NULL), OKTA_E_ARG, "batch");
    expect_refused(okta_batch_submit(NULL, self.loop, on_end, &self), OKTA_E_ARG, "batch");
    expect_refused(okta_batch_submit(self.batch, NULL, on_end, &self), OKTA_E_ARG, "loop");
    expect_refused(okta_batch_submit(self.batch, self.loop, NULL, &self), OKTA_E_ARG, "done");
    okta_batch *batch = self.batch;
    submit(&self);
    self.batch = NULL;
    expect_refused(okta_batch_submit(batch, self.loop, on_end, &self), OKTA_E_ARG, "runs once");
    expect_refused(okta_batch_run(batch), OKTA_E_ARG, "runs once");
    assert_null(okta_loop_run(self.loop));
    assert_int_equal(self.ended, 1);
    expect_refused(okta_batch_run(batch), OKTA_E_ARG, "runs once");
    okta_batch_cancel(batch); /* behind its end */
    okta_free(batch);
    okta_free(self.loop);
}

static void one_that_is_canceled_before_it_runs_reads_nothing(void **state)
{
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, NULL);
    feed self = {.client = small_org_client(org), .calls = 10, .bad = 10};
    okta_batch_options options = options_of(&self);
    make(&self, &options);
    okta_batch_cancel(self.batch);
    run(&self);
    assert_int_equal(self.status, OKTA_E_CANCELED);
    assert_int_equal(self.given, 0);
    okta_free(self.client);
}

/* In the child: nothing of the parent's is touched. */
static const char *use_inherited(void *context)
{
    feed *self = context;
    okta_loop *loop = NULL;
    unsigned given = self->given;
    okta_error *error = okta_batch_run(self->batch);
    CHILD_EXPECT(okta_error_status(error) == OKTA_E_ARG);
    okta_free(error);
    CHILD_EXPECT(okta_loop_new(NULL, &loop) == NULL);
    error = okta_batch_submit(self->batch, loop, on_end, self);
    CHILD_EXPECT(okta_error_status(error) == OKTA_E_ARG);
    CHILD_EXPECT(strstr(okta_error_message(error), "fork") != NULL);
    okta_free(error);
    okta_free(loop);
    okta_batch_cancel(self->batch);
    okta_free(self->batch);
    okta_free(self->loop);
    CHILD_EXPECT(self->given == given && self->ended == 0);
    return NULL;
}

static void a_child_leaves_the_batch_of_its_parent_alone(void **state)
{
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, NULL);
    okta_client *client = small_org_client(org);
    for (int turns = 0; turns < 4; turns++) {
        feed self = {.client = client, .loop = new_loop(), .calls = 50, .keys = 3, .bad = 50};
        okta_batch_options options = options_of(&self);
        make(&self, &options);
        submit(&self);
        for (int i = 0; i < turns; i++) {
            assert_null(okta_loop_poll(self.loop, 0));
        }
        run_in_child("batch", use_inherited, &self);
        assert_null(okta_loop_run(self.loop));
        assert_int_equal(self.status, OKTA_OK);
        expect_told(&self, 50, 0);
        okta_free(self.loop);
    }
    okta_free(client);
}

/* A program whose memory fails at one point. It has no assertions that need memory. */
static void run_without(small_org *org, okta_client *client, size_t nth, bool *struck)
{
    feed self = {.client = client, .calls = 6, .keys = 2, .bad = 6};
    okta_batch_options options = options_of(&self);
    (void)org;
    allocations_begin(nth, false);
    okta_error *error = okta_batch_new(&options, &self.batch);
    if (error == NULL) {
        error = okta_batch_run(self.batch);
    }
    *struck = allocations_end();
    assert_int_equal(self.all_told, self.given);
    assert_int_equal(self.alive, 0);
    if (error == NULL) {
        assert_int_equal(self.given, 6);
        assert_true(self.told[OKTA_OK] >= 5);
    } else {
        assert_true(okta_error_status(error) == OKTA_E_NOMEM || okta_error_status(error) == OKTA_E_TRANSPORT);
        assert_int_equal(self.given, 0);
    }
    okta_free(error);
    okta_free(self.batch);
}

static void survives_each_lost_allocation(void **state)
{
    small_org *org = *state;
    small_org_start(org, SMALL_PLAIN, NULL);
    okta_client *client = small_org_client(org);
    bool struck = true;
    size_t nth = 0;
    while (struck) {
        run_without(org, client, ++nth, &struck);
    }
    assert_true(nth > 20);
    okta_free(client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ORG_TEST(runs_many_calls_each_key_in_its_order),
        ORG_TEST(other_keys_overtake),
        ORG_TEST(reads_ahead_no_further_than_told),
        ORG_TEST(goes_on_behind_what_cannot_run),
        ORG_TEST(ends_with_the_error_of_next),
        ORG_TEST(runs_nothing_at_all),
        ORG_TEST(stops_at_the_first_error),
        ORG_TEST(lets_those_in_flight_end_by_default),
        ORG_TEST(goes_on_behind_refusals),
        ORG_TEST(ends_whatever_its_functions_do),
        ORG_TEST(a_blocking_run_outlives_its_batch),
        ORG_TEST(is_canceled_from_another_thread),
        ORG_TEST(a_released_loop_ends_its_batches),
        ORG_TEST(two_batches_share_a_loop),
        ORG_TEST(is_driven_by_the_descriptor_of_the_loop),
        ORG_TEST(a_hundred_thousand_calls_are_few_at_once),
        ORG_TEST(refuses_what_makes_no_batch),
        ORG_TEST(refuses_what_cannot_run),
        ORG_TEST(one_that_is_canceled_before_it_runs_reads_nothing),
        ORG_TEST(a_child_leaves_the_batch_of_its_parent_alone),
        ORG_TEST(survives_each_lost_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
