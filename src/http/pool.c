/* SPDX-License-Identifier: Apache-2.0 */
#include "http/pool.h"

#include <stdlib.h>

#include "core/arena.h"
#include "core/clock.h"
#include "core/list.h"
#include "core/openssl.h"
#include "http/look_up.h"
#include "http/tls_hooks.h"
#include "http/tls_slice.h"
#include "http/transfer_run.h"

/* So long libcurl may read in one call, and the short answers of some dozens of streams in any case: a slice
 * that ends among them makes libcurl ask for each stream in vain. A record takes two reads. */
#define SLICE_MS    20
#define SLICE_READS 256u
#define SLICE_BYTES ((size_t)96 * 1024)

/* How often all that is in flight is looked at. libcurl's own time-outs come first, by this much. */
#define LOOK_MS  1000
#define AFTER_MS 20

#define IDLE_MS (OKTAI_CONNECTION_MAX_IDLE_S * INT64_C(1000))

/* What a flight is in the middle of. Each stage has a queue. */
typedef enum flight_stage {
    STAGE_LOOKING, /* its addresses are being looked up */
    STAGE_FLYING,  /* libcurl has it */
    STAGE_PROVING, /* libcurl calls it good, and what becomes of its connection is to show that it came whole
                    */
    STAGE_ENDED,   /* its end is to be told */
    STAGE_SPARE,
    STAGES,
} flight_stage;

struct oktai_flight {
    oktai_link link; /* in the queue of its stage */
    flight_stage stage;
    oktai_transfer transfer;
    oktai_request request;
    void *owner;
    oktai_multi *multi;        /* that it flies in; NULL: none */
    uint64_t told_in;          /* number of the one whose libcurl knows its addresses */
    oktai_connection *awaited; /* STAGE_PROVING: its connection, whose others go on; held */
    uint64_t proof;            /* ... an answer to a request in a later place there is one */
    bool resends;              /* a reused connection had died under it */
    bool lost;                 /* nothing comes of it: its socket cannot be watched, or memory is out */
    oktai_attempt attempt;
};

struct oktai_pool {
    const oktai_transport_options *options;
    const oktai_pool_hooks *hooks;
    unsigned connections_max;
    oktai_multi
        *multis; /* requests begin in the first, unless it is retired; the others end what they have */
    oktai_list queues[STAGES];
    oktai_flight *told;    /* whose end was told last: its reason may be in use */
    size_t in_flight;      /* that have not ended */
    int64_t idle_since_ms; /* while there are none */
    uint64_t multis_made;
    uint64_t serial;
    uint64_t rounds;
    int64_t look_ms;  /* when to look at what is in flight, or to close what has been idle; -1: never */
    int64_t timer_ms; /* when the loop calls; -1: never */
    bool has_input;   /* sockets were ready, and what ended by that was not taken from libcurl */
    oktai_slice slice;
    oktai_openssl stretch; /* of the call at hand */
    oktai_resolver_watcher watcher;
};

/* The first flight of a stage; NULL: there is none. */
static oktai_flight *first_of(const oktai_pool *pool, flight_stage stage)
{
    return oktai_list_first(&pool->queues[stage]);
}

/* The one behind it in its stage; NULL: there is none. */
static oktai_flight *behind(const oktai_flight *flight)
{
    return oktai_list_after(&flight->link);
}

/* The one place where a flight comes from one stage into another. */
static void enter_stage(oktai_pool *pool, oktai_flight *flight, flight_stage stage)
{
    bool flew = flight->stage < STAGE_ENDED;
    bool flies = stage < STAGE_ENDED;
    oktai_list_remove(&pool->queues[flight->stage], &flight->link);
    oktai_list_append(&pool->queues[stage], &flight->link);
    flight->stage = stage;
    pool->in_flight = pool->in_flight + (flies ? 1 : 0) - (flew ? 1 : 0);
    if (pool->in_flight == 0) {
        pool->idle_since_ms = oktai_clock_system_ms();
    }
}

static void on_unwatched(CURL *easy)
{
    oktai_flight *flight = NULL;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, (char **)&flight);
    if (flight != NULL) {
        flight->lost = true;
    }
}

static oktai_multi *current_multi(oktai_pool *pool)
{
    if (pool->multis == NULL || pool->multis->retired) {
        oktai_multi *made = oktai_multi_new(pool->hooks, ++pool->multis_made, pool->connections_max);
        if (made == NULL) {
            return NULL;
        }
        made->unwatched = on_unwatched;
        made->next = pool->multis;
        pool->multis = made;
    }
    return pool->multis;
}

/* Close the connections of those that are done. */
static void free_multis(oktai_pool *pool, bool all)
{
    oktai_multi **place = &pool->multis;
    while (*place != NULL) {
        oktai_multi *multi = *place;
        if (multi->flights == 0 && (all || multi->retired)) {
            *place = multi->next;
            oktai_multi_free(multi);
        } else {
            place = &multi->next;
        }
    }
}

/* When libcurl should have ended it: it gives no time to those that wait for another one's connection. */
static int64_t overdue_ms(const oktai_flight *flight)
{
    const oktai_transfer *t = &flight->transfer;
    if (flight->stage == STAGE_LOOKING) {
        return oktai_look_up_until_ms(t);
    }
    bool waits = t->sends == 0 && !t->is_connecting;
    return (waits ? oktai_look_up_until_ms(t) : t->give_up_ms) + AFTER_MS;
}

static void look_by(oktai_pool *pool, int64_t ms)
{
    if (pool->look_ms < 0 || pool->look_ms > ms) {
        pool->look_ms = ms;
    }
}

static void end(oktai_pool *pool, oktai_flight *flight, oktai_attempt attempt)
{
    flight->attempt = oktai_transfer_close(&flight->transfer, attempt);
    enter_stage(pool, flight, STAGE_ENDED);
}

/* What failed over HTTP/2 says nothing good of its connection, and libcurl would use that again; unless the
 * request was canceled, and another one was answered meanwhile. */
static void judge_connections(oktai_flight *flight, const oktai_attempt *attempt)
{
    oktai_multi *multi = flight->multi;
    int64_t began_ms = flight->transfer.began_ms;
    const oktai_transfer *t = &flight->transfer;
    if (t->connection != NULL && t->framing.http_status >= 200 && t->place > t->connection->answered) {
        t->connection->answered = t->place;
    }
    if (attempt->failure == OKTA_OK) {
        multi->lived_ms = oktai_clock_system_ms();
    } else if (!flight->transfer.options->plain_http && oktai_transfer_is_multiplexed(&flight->transfer) &&
               !(attempt->failure == OKTA_E_CANCELED && multi->lived_ms >= began_ms)) {
        multi->retired = true;
    }
}

/* What breaks a connection of HTTP/2, libcurl 7.88 tells the first of its streams only: the others look at it
 * when they run next. Here is no more than a bad sign, and they look. */
static void rouse_others(const oktai_flight *flight)
{
    const oktai_connection *connection = flight->transfer.connection;
    if (connection != NULL && connection->requests > 1) {
        flight->multi->rouse = connection->socket;
    }
}

static void leave_multi(oktai_flight *flight)
{
    flight->multi->flights--;
    flight->multi = NULL;
}

static void finish(oktai_pool *pool, oktai_flight *flight, const oktai_ending *ending)
{
    oktai_attempt attempt = oktai_transfer_judge(&flight->transfer, ending);
    if (attempt.failure != OKTA_OK) {
        rouse_others(flight);
    }
    judge_connections(flight, &attempt);
    oktai_transfer_take_back(&flight->transfer);
    if (flight->awaited != NULL) {
        oktai_connections_let_go(&flight->multi->connections, flight->awaited);
        flight->awaited = NULL;
    }
    leave_multi(flight);
    if (attempt.failure != OKTA_OK) {
        oktai_look_up_forget(&flight->transfer);
        oktai_transfer_free_handle(&flight->transfer);
    }
    end(pool, flight, attempt);
}

/* Give it to libcurl. */
static void fly(oktai_pool *pool, oktai_flight *flight, oktai_multi *multi)
{
    oktai_transfer *t = &flight->transfer;
    t->serial = ++pool->serial;
    t->sends_max = t->sends + 1;
    flight->lost = false;
    curl_easy_setopt(t->easy, CURLOPT_CLOSESOCKETDATA, &multi->connections);
    curl_easy_setopt(t->easy, CURLOPT_FORBID_REUSE, 0L);
    if (!oktai_transfer_begin(t, &flight->request, multi->multi, &multi->connections)) {
        oktai_look_up_forget(t);
        end(pool, flight, oktai_verdict_no_memory());
        return;
    }
    flight->multi = multi;
    multi->flights++;
    enter_stage(pool, flight, STAGE_FLYING);
    look_by(pool, overdue_ms(flight));
    look_by(pool, oktai_clock_system_ms() + LOOK_MS);
    if (!oktai_transfer_can_trust(t)) {
        const oktai_ending ending = {.code = CURLE_SSL_CACERT_BADFILE};
        finish(pool, flight, &ending);
    }
}

/* Give it to libcurl as soon as there are addresses. */
static void launch(oktai_pool *pool, oktai_flight *flight)
{
    oktai_transfer *t = &flight->transfer;
    bool pending = false;
    oktai_multi *multi = current_multi(pool);
    if (multi == NULL) {
        end(pool, flight, oktai_verdict_no_memory());
        return;
    }
    if (flight->told_in != multi->number) {
        oktai_look_up_forget(t);
        flight->told_in = multi->number;
    }
    bool needed = flight->request.fresh || multi->connections.open == 0;
    oktai_attempt attempt = oktai_look_up_try(t, &flight->request, needed, &pending);
    if (attempt.failure != OKTA_OK) {
        end(pool, flight, attempt);
    } else if (pending) {
        enter_stage(pool, flight, STAGE_LOOKING);
        look_by(pool, overdue_ms(flight));
    } else {
        fly(pool, flight, multi);
    }
}

/* Nothing came of it, over a connection that was no good: over another. */
static void launch_again(oktai_pool *pool, oktai_flight *flight)
{
    oktai_transfer_take_back(&flight->transfer);
    leave_multi(flight);
    launch(pool, flight);
}

/* A reused connection died before anything came. Others of that age may be dead, too. */
static bool may_resend(const oktai_flight *flight)
{
    return flight->transfer.lost && flight->request.may_resend && !flight->resends;
}

static void begin_resending(oktai_flight *flight)
{
    const oktai_attempt lost = {.failure = OKTA_E_TRANSPORT};
    judge_connections(flight, &lost);
    flight->resends = true;
    flight->transfer.left_before = true;
    flight->request.fresh = flight->request.fresh || !flight->multi->retired;
}

/* An answer over HTTP/2 may show its end by what becomes of its connection, and others are still using that.
 */
static bool needs_proof(oktai_flight *flight, const oktai_ending *ending)
{
    const oktai_connection *connection = flight->transfer.connection;
    return ending->code == CURLE_OK && connection != NULL && connection->socket != CURL_SOCKET_BAD &&
           connection->requests > 1 && oktai_verdict_needs_connection(&flight->transfer);
}

static void wait_for_proof(oktai_pool *pool, oktai_flight *flight)
{
    oktai_transfer *t = &flight->transfer;
    flight->awaited = t->connection;
    flight->awaited->holders++;
    flight->proof = flight->awaited->sent;
    oktai_transfer_leave_connection(t);
    enter_stage(pool, flight, STAGE_PROVING);
}

/* libcurl keeps no connection that was broken, once nobody uses it any more, and sends nothing over it. */
static void prove(oktai_pool *pool)
{
    oktai_flight *next;
    for (oktai_flight *flight = first_of(pool, STAGE_PROVING); flight != NULL; flight = next) {
        const oktai_connection *connection = flight->awaited;
        bool closed = connection->socket == CURL_SOCKET_BAD;
        bool lives = !closed && (connection->requests == 0 || connection->answered > flight->proof);
        const oktai_ending ending = {.code = CURLE_OK, .is_whole = lives};
        next = behind(flight);
        if (closed || lives) {
            finish(pool, flight, &ending);
        }
    }
}

/* libcurl is done with it. */
static void land(oktai_pool *pool, oktai_flight *flight, const oktai_ending *ending)
{
    oktai_transfer *t = &flight->transfer;
    bool again = t->unclean || may_resend(flight);
    if (again && !oktai_tls_hooks_hang_up(t)) {
        if (!t->unclean) {
            begin_resending(flight);
        }
        launch_again(pool, flight);
    } else if (needs_proof(flight, ending)) {
        rouse_others(flight);
        wait_for_proof(pool, flight);
    } else {
        finish(pool, flight, ending);
    }
}

/* Whether it, or another one over its connection, is lost. */
static bool shares_loss(const oktai_pool *pool, const oktai_flight *flight)
{
    const oktai_connection *connection =
        flight->awaited != NULL ? flight->awaited : flight->transfer.connection;
    const oktai_flight *other = connection == NULL ? NULL : first_of(pool, STAGE_FLYING);
    while (other != NULL && !(other->lost && other->transfer.connection == connection)) {
        other = behind(other);
    }
    return flight->lost || other != NULL;
}

/* End what a multi cannot go on with: all, or those whose connections are not watched. */
static void give_up(oktai_pool *pool, oktai_multi *multi, bool all)
{
    const oktai_ending ending = {.code = CURLE_OUT_OF_MEMORY};
    multi->retired = true;
    for (flight_stage stage = STAGE_FLYING; stage <= STAGE_PROVING; stage++) {
        for (oktai_flight *flight = first_of(pool, stage); flight != NULL; flight = behind(flight)) {
            flight->lost = flight->lost || (flight->multi == multi && (all || shares_loss(pool, flight)));
        }
    }
    for (flight_stage stage = STAGE_FLYING; stage <= STAGE_PROVING; stage++) {
        oktai_flight *next;
        for (oktai_flight *flight = first_of(pool, stage); flight != NULL; flight = next) {
            next = behind(flight);
            if (flight->multi == multi && flight->lost) {
                finish(pool, flight, &ending);
            }
        }
    }
}

/* False: there is none. */
static bool take_message(oktai_pool *pool, const oktai_multi *multi)
{
    int left;
    const CURLMsg *message = curl_multi_info_read(multi->multi, &left);
    if (message != NULL) {
        const oktai_ending ending = {.code = message->data.result};
        oktai_flight *flight = NULL;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&flight);
        land(pool, flight, &ending);
    }
    return message != NULL;
}

/* False: nobody is to be roused. */
static bool rouse(oktai_multi *multi)
{
    curl_socket_t socket = multi->rouse;
    multi->rouse = CURL_SOCKET_BAD;
    if (socket != CURL_SOCKET_BAD) {
        oktai_multi_on_socket(multi, socket, OKTAI_WATCH_INPUT);
    }
    return socket != CURL_SOCKET_BAD;
}

/* Several connections may break at once: the others of each are roused before the next message is taken. */
static void take_messages(oktai_pool *pool, oktai_multi *multi)
{
    bool took;
    do {
        took = take_message(pool, multi);
    } while (rouse(multi) || took);
}

/* libcurl 7.88 gives up a name's address in one call and turns to the next in the one after, which it sets no
 * time for. Letting go of a pause does. */
static void rouse_connecting(oktai_pool *pool, const oktai_multi *multi)
{
    size_t left = multi->connections.connecting;
    for (oktai_flight *flight = first_of(pool, STAGE_FLYING); flight != NULL && left > 0;
         flight = behind(flight)) {
        if (flight->multi == multi && flight->transfer.is_connecting) {
            left--;
            curl_easy_pause(flight->transfer.easy, CURLPAUSE_SEND);
            curl_easy_pause(flight->transfer.easy, CURLPAUSE_CONT);
        }
    }
}

static void collect(oktai_pool *pool)
{
    for (oktai_multi *multi = pool->multis; multi != NULL; multi = multi->next) {
        take_messages(pool, multi);
        if (multi->broken || multi->has_unwatched) {
            multi->has_unwatched = false;
            give_up(pool, multi, multi->broken);
        }
        if (multi->dropped && !multi->broken) {
            multi->dropped = false;
            rouse_connecting(pool, multi);
        }
    }
    prove(pool);
}

/* Whoever waits for addresses tries again; those that wait on keep their order. */
static void look_up_again(oktai_pool *pool)
{
    const oktai_flight *last = oktai_list_last(&pool->queues[STAGE_LOOKING]);
    const oktai_flight *flight = NULL;
    while (flight != last) {
        flight = first_of(pool, STAGE_LOOKING);
        launch(pool, first_of(pool, STAGE_LOOKING));
    }
}

static void look_at(oktai_pool *pool, oktai_flight *flight)
{
    oktai_ending ending = {.code = CURLE_OPERATION_TIMEDOUT};
    bool overdue = oktai_clock_system_ms() >= overdue_ms(flight);
    ending.canceled = atomic_load(flight->request.canceled);
    ending.too_slow =
        !overdue && flight->stage == STAGE_FLYING && oktai_transfer_is_too_slow(&flight->transfer);
    if (overdue || ending.canceled || ending.too_slow) {
        finish(pool, flight, &ending);
    } else {
        look_by(pool, overdue_ms(flight));
    }
}

/* libcurl 7.88 loses sight of a stream now and then, such as behind a frame that breaks its connection: each
 * connection runs all its requests once. */
static void run_all(oktai_pool *pool)
{
    uint64_t round = ++pool->rounds;
    for (oktai_flight *flight = first_of(pool, STAGE_FLYING); flight != NULL; flight = behind(flight)) {
        oktai_connection *connection = flight->transfer.connection;
        if (connection != NULL && connection->round != round && connection->socket != CURL_SOCKET_BAD) {
            connection->round = round;
            oktai_multi_on_socket(flight->multi, connection->socket, OKTAI_WATCH_INPUT);
        }
    }
    collect(pool);
}

/* Look at all that is in flight; where nothing is, close what has been idle for long. */
static void look(oktai_pool *pool)
{
    pool->look_ms = -1;
    look_up_again(pool);
    run_all(pool);
    for (flight_stage stage = STAGE_FLYING; stage <= STAGE_PROVING; stage++) {
        oktai_flight *next;
        for (oktai_flight *flight = first_of(pool, stage); flight != NULL; flight = next) {
            next = behind(flight);
            look_at(pool, flight);
        }
    }
    if (pool->in_flight > 0) {
        look_by(pool, oktai_clock_system_ms() + LOOK_MS);
    } else if (oktai_clock_system_ms() - pool->idle_since_ms >= IDLE_MS) {
        free_multis(pool, true);
    } else {
        look_by(pool, pool->idle_since_ms + IDLE_MS);
    }
}

/* The flight whose end was told last can be used again. */
static void retire_told(oktai_pool *pool)
{
    if (pool->told != NULL) {
        enter_stage(pool, pool->told, STAGE_SPARE);
        pool->told = NULL;
    }
}

static void enter(oktai_pool *pool)
{
    pool->stretch = oktai_openssl_begin_foreign(!pool->options->plain_http);
    pool->slice = (oktai_slice){
        .ends_ms = oktai_clock_system_ms() + SLICE_MS, .reads_left = SLICE_READS, .bytes_left = SLICE_BYTES};
    retire_told(pool);
}

static void set_timer(oktai_pool *pool)
{
    int64_t due_ms = pool->look_ms;
    for (const oktai_multi *multi = pool->multis; multi != NULL; multi = multi->next) {
        if (multi->due_ms >= 0 && (due_ms < 0 || multi->due_ms < due_ms)) {
            due_ms = multi->due_ms;
        }
    }
    if (due_ms != pool->timer_ms) {
        int64_t left_ms = due_ms - oktai_clock_system_ms();
        pool->timer_ms = due_ms;
        pool->hooks->set_timer(pool->hooks->context, due_ms < 0 ? -1 : left_ms > 0 ? left_ms : 0);
    }
}

static void leave(oktai_pool *pool)
{
    pool->has_input = false;
    collect(pool);
    free_multis(pool, false);
    set_timer(pool);
    oktai_openssl_end_foreign(pool->stretch);
}

oktai_pool *oktai_pool_new(const oktai_transport_options *options, const oktai_pool_hooks *hooks,
                           unsigned connections_max)
{
    if (!options->plain_http && !oktai_tls_slice_start()) {
        return NULL;
    }
    oktai_pool *pool = calloc(1, sizeof *pool);
    if (pool == NULL) {
        return NULL;
    }
    pool->options = options;
    pool->hooks = hooks;
    pool->connections_max = connections_max;
    pool->look_ms = -1;
    pool->timer_ms = -1;
    pool->watcher = (oktai_resolver_watcher){.told = hooks->look_up_ended, .context = hooks->context};
    if (options->resolver != NULL) {
        oktai_resolver_watch(options->resolver, &pool->watcher);
    }
    return pool;
}

static void free_flights(oktai_list *queue)
{
    oktai_flight *next;
    for (oktai_flight *flight = oktai_list_first(queue); flight != NULL; flight = next) {
        next = behind(flight);
        oktai_transfer_clear(&flight->transfer);
        free(flight);
    }
}

void oktai_pool_free(oktai_pool *pool)
{
    if (pool == NULL) {
        return;
    }
    if (pool->options->resolver != NULL) {
        oktai_resolver_unwatch(pool->options->resolver, &pool->watcher);
    }
    enter(pool);
    for (flight_stage stage = STAGE_LOOKING; stage < STAGES; stage++) {
        for (oktai_flight *flight = first_of(pool, stage); flight != NULL; flight = behind(flight)) {
            if (flight->multi != NULL) {
                oktai_transfer_take_back(&flight->transfer);
                leave_multi(flight);
            }
            oktai_transfer_free_handle(&flight->transfer);
        }
    }
    free_multis(pool, true);
    for (flight_stage stage = STAGE_LOOKING; stage < STAGES; stage++) {
        free_flights(&pool->queues[stage]);
    }
    oktai_openssl_end_foreign(pool->stretch);
    free(pool);
}

/* NULL: out of memory. */
static oktai_flight *new_flight(oktai_pool *pool)
{
    oktai_flight *flight = calloc(1, sizeof *flight);
    if (flight == NULL) {
        return NULL;
    }
    if (!pool->options->plain_http) {
        flight->transfer.slice = oktai_tls_slice;
    }
    flight->transfer.slice_now = &pool->slice;
    flight->stage = STAGE_SPARE;
    oktai_list_append(&pool->queues[STAGE_SPARE], &flight->link);
    return flight;
}

/* libcurl 7.88 keeps in it what a failed transfer left: whether a body is to be rewound, how often it
 * repeated. So each failure makes a new one due. False: out of memory. */
static bool has_handle(oktai_pool *pool, oktai_flight *flight)
{
    oktai_transfer *t = &flight->transfer;
    if (t->easy != NULL) {
        return true;
    }
    if (oktai_transfer_init(t, pool->options) &&
        curl_easy_setopt(t->easy, CURLOPT_PRIVATE, flight) == CURLE_OK &&
        curl_easy_setopt(t->easy, CURLOPT_CLOSESOCKETFUNCTION, oktai_connections_close) == CURLE_OK &&
        curl_easy_setopt(t->easy, CURLOPT_PIPEWAIT, 1L) == CURLE_OK) {
        return true;
    }
    oktai_transfer_free_handle(t);
    return false;
}

oktai_flight *oktai_pool_begin(oktai_pool *pool, const oktai_request *request, oktai_response *response,
                               void *owner)
{
    enter(pool);
    oktai_flight *flight = oktai_list_last(&pool->queues[STAGE_SPARE]);
    if (flight == NULL) {
        flight = new_flight(pool);
    }
    if (flight != NULL && !has_handle(pool, flight)) {
        flight = NULL;
    }
    if (flight != NULL) {
        flight->request = *request;
        flight->owner = owner;
        flight->resends = false;
        oktai_transfer_prepare(&flight->transfer, request, response);
        launch(pool, flight);
    }
    leave(pool);
    return flight;
}

void oktai_pool_cancel(oktai_pool *pool, oktai_flight *flight)
{
    const oktai_ending ending = {.canceled = true};
    enter(pool);
    if (flight->stage == STAGE_LOOKING) {
        end(pool, flight, oktai_verdict_canceled());
    } else if (flight->multi != NULL) {
        finish(pool, flight, &ending);
    }
    leave(pool);
}

/* What many sockets brought ends in one go. */
void *oktai_pool_next(oktai_pool *pool, oktai_attempt *attempt)
{
    retire_told(pool);
    if (pool->has_input && first_of(pool, STAGE_ENDED) == NULL) {
        enter(pool);
        leave(pool);
    }
    oktai_flight *flight = first_of(pool, STAGE_ENDED);
    if (flight == NULL) {
        return NULL;
    }
    *attempt = flight->attempt;
    pool->told = flight;
    return flight->owner;
}

void oktai_pool_on_socket(oktai_pool *pool, int socket, unsigned what)
{
    oktai_multi *next;
    enter(pool);
    for (oktai_multi *multi = pool->multis; multi != NULL; multi = next) {
        next = multi->next;
        oktai_multi_on_socket(multi, socket, what);
    }
    pool->has_input = true;
    oktai_openssl_end_foreign(pool->stretch);
}

void oktai_pool_on_timer(oktai_pool *pool)
{
    enter(pool);
    pool->timer_ms = -1;
    for (oktai_multi *multi = pool->multis; multi != NULL; multi = multi->next) {
        if (multi->due_ms >= 0 && multi->due_ms <= oktai_clock_system_ms()) {
            oktai_multi_on_time(multi);
        }
    }
    collect(pool);
    if (pool->look_ms >= 0 && pool->look_ms <= oktai_clock_system_ms()) {
        look(pool);
    }
    leave(pool);
}

void oktai_pool_on_look_up(oktai_pool *pool)
{
    enter(pool);
    look_up_again(pool);
    leave(pool);
}
