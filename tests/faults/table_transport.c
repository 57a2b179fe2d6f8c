/* SPDX-License-Identifier: Apache-2.0 */
/* T01 to T24: names, connections, their ends, and what does not come in time. Real time-outs are short, and
 * nothing measures them. */
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "faults/fault_resolver.h"
#include "faults/fault_verdicts.h"

#define NAME     "org.test"
#define HINTS    "HTTP/1.1 103 Early Hints\r\nContent-Length: 99\r\nLink: </x>; rel=\"next\"\r\n\r\n"
#define CONTINUE "HTTP/1.1 100 Continue\r\n\r\n"
#define EVIL     STATUS TYPE "Content-Length: 13\r\n\r\n{\"id\":\"evil\"}"
#define BLOCKERS 8

static void name_is_unknown(fault_bench *bench)
{
    (void)bench;
    fault_resolver_fail(EAI_NONAME);
}

static void name_is_unknown_for_now(fault_bench *bench)
{
    (void)bench;
    fault_resolver_fail(EAI_AGAIN);
}

static void name_hangs(fault_bench *bench)
{
    (void)bench;
    fault_resolver_hang();
}

static void name_is_known(fault_bench *bench)
{
    (void)bench;
    fault_resolver_set("127.0.0.1");
}

static void name_has_closed_address_first(fault_bench *bench)
{
    (void)bench;
    fault_resolver_set("127.0.0.2 127.0.0.1");
}

static void name_has_other_family_first(fault_bench *bench)
{
    (void)bench;
    fault_resolver_set("::1 127.0.0.1");
}

/* A socket whose queue of connections is full: the kernel drops further ones without a word. */
typedef struct black_hole {
    int listener;
    int blockers[BLOCKERS];
} black_hole;

static void open_black_hole(fault_bench *bench, uint32_t host)
{
    black_hole *hole = malloc(sizeof *hole);
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(host),
                                  .sin_port = htons((uint16_t)fault_server_port(bench->world.server))};
    int on = 1;
    if (hole == NULL) {
        abort();
    }
    hole->listener = socket(AF_INET, SOCK_STREAM, 0);
    if (setsockopt(hole->listener, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0 ||
        bind(hole->listener, (struct sockaddr *)&address, sizeof address) != 0 ||
        listen(hole->listener, 0) != 0) {
        abort();
    }
    for (size_t i = 0; i < BLOCKERS; i++) {
        hole->blockers[i] = socket(AF_INET, SOCK_STREAM, 0);
        if (fcntl(hole->blockers[i], F_SETFL, O_NONBLOCK) != 0) {
            abort();
        }
        (void)connect(hole->blockers[i], (struct sockaddr *)&address, sizeof address);
    }
    bench->extra = hole;
}

static void close_black_hole(fault_bench *bench)
{
    black_hole *hole = bench->extra;
    if (hole == NULL) {
        return;
    }
    for (size_t i = 0; i < BLOCKERS; i++) {
        close(hole->blockers[i]);
    }
    close(hole->listener);
    free(hole);
    bench->extra = NULL;
}

static void server_is_a_black_hole(fault_bench *bench)
{
    open_black_hole(bench, INADDR_LOOPBACK);
}

static void name_has_silent_address_first(fault_bench *bench)
{
    open_black_hole(bench, INADDR_LOOPBACK + 1);
    fault_resolver_set("127.0.0.2 127.0.0.1");
}

/* Dies under a request on a connection that was good before. What has no body and must not be sent twice gets
 * a connection of its own. */
static const fault_verdict died = {.of = {
                                       [FAULT_GET] = {OKTA_OK, 2, 200, false},
                                       [FAULT_POST] = {OKTA_E_OUTCOME_UNKNOWN, 1, 0, false},
                                       [FAULT_BARE_POST] = {OKTA_OK, 1, 200, false},
                                       [FAULT_PUT] = {OKTA_OK, 2, 200, false},
                                       [FAULT_DELETE] = {OKTA_OK, 2, 200, false},
                                   }};

static const fault_verdict died_for_good = {.of = {
                                                [FAULT_GET] = {OKTA_E_TRANSPORT, 1, 0, true},
                                                [FAULT_POST] = {OKTA_E_OUTCOME_UNKNOWN, 1, 0, false},
                                                [FAULT_PUT] = {OKTA_E_OUTCOME_UNKNOWN, 1, 0, true},
                                                [FAULT_DELETE] = {OKTA_E_OUTCOME_UNKNOWN, 1, 0, true},
                                            }};

/* Lost in the only attempt: the outcome of a lifecycle call is looked for all the same. */
static const fault_verdict lost_at_once = {.of = {
                                               [FAULT_GET] = {OKTA_E_TRANSPORT, 1, 0, true},
                                               [FAULT_POST] = {OKTA_E_OUTCOME_UNKNOWN, 1, 0, false},
                                               [FAULT_BARE_POST] = {OKTA_E_OUTCOME_UNKNOWN, 1, 0, false},
                                               [FAULT_PUT] = {OKTA_E_OUTCOME_UNKNOWN, 1, 0, true},
                                               [FAULT_DELETE] = {OKTA_E_OUTCOME_UNKNOWN, 1, 0, true},
                                               [FAULT_TYPED_GET] = {OKTA_E_TRANSPORT, 1, 0, true},
                                               [FAULT_TYPED_ANY_STATE] = {OKTA_E_OUTCOME_UNKNOWN, 1, 0, true},
                                               [FAULT_TYPED_DELETE] = {OKTA_E_OUTCOME_UNKNOWN, 1, 0, true},
                                           }};

static const fault_row rows[] = {
    /* Names and connections. */
    {"T01", "name that is unknown", &fault_unreached, .host = NAME, .unheard = true,
     .arrange = name_is_unknown, .mend = name_is_known},
    {"T01", "name server that fails", &fault_unreached, .host = NAME, .unheard = true,
     .arrange = name_is_unknown_for_now, .mend = name_is_known},
    {"T02", "name server that does not answer", &fault_unconnected, .host = NAME, .unheard = true,
     .arrange = name_hangs, .mend = name_is_known, .connect_timeout_ms = 100, .alone = true,
     .says = "the look-up takes too long (connect_timeout_ms 100 ms)"},
    {"T02", "name server that does not answer, short deadline", &fault_late, .host = NAME, .unheard = true,
     .racy = true, .arrange = name_hangs, .mend = name_is_known, .timeout_ms = 100,
     .says = "timeout_ms 100 ms)"},
    {"T03", "closed address first", &fault_whole, .host = NAME, .arrange = name_has_closed_address_first},
    {"T03", "address of the other family first", &fault_whole, .host = NAME,
     .arrange = name_has_other_family_first},
    /* The first address may take half of the time, and then libcurl looks up again after a second. */
    {"T03", "silent address first", &fault_whole, .host = NAME, .arrange = name_has_silent_address_first,
     .tidy = close_black_hole, .connect_timeout_ms = 2600, .only = FAULT_ONLY(FAULT_POST)},
    {"T04", "connection refused", &fault_unreached, .refuse = true, .unheard = true},
    {"T05", "no answer to a connection", &fault_unconnected, .refuse = true, .unheard = true,
     .arrange = server_is_a_black_hole, .mend = close_black_hole, .connect_timeout_ms = 100, .alone = true,
     .says = "no connection was made in time (connect_timeout_ms 100 ms)"},

    /* The connection ends early. */
    {"T06", "closed without an answer", &fault_lost, .script = {READ, CLOSE}},
    {"T06", "closed without an answer, no repetition allowed", &lost_at_once, .script = {READ, CLOSE},
     .single = true},
    {"T07", "reset without an answer", &fault_lost, .script = {READ, RESET}},
    {"T07", "reset without an answer, no repetition allowed", &lost_at_once, .script = {READ, RESET},
     .single = true},
    {"T08", "closed inside the status line", &fault_lost, .script = {READ, SEND("HTTP/1.1 2"), CLOSE}},
    {"T08", "closed behind the status", &fault_lost, .script = {READ, SEND("HTTP/1.1 200 O"), CLOSE}},
    {"T08", "closed behind the status line", &fault_lost, .script = {READ, SEND(STATUS), CLOSE}},
    {"T09", "closed inside a header", &fault_lost, .script = {READ, SEND(STATUS TYPE "Content-Le"), CLOSE}},
    {"T09", "closed behind the length", &fault_lost, .script = {READ, SEND(STATUS TYPE LENGTH), CLOSE}},
    {"T09", "closed behind a length of zero", &fault_lost,
     .script = {READ, SEND(STATUS "Content-Length: 0\r\n"), CLOSE}},
    {"T09", "closed inside the headers of a 204", &fault_lost,
     .script = {READ, SEND("HTTP/1.1 204 No Content\r\n"), CLOSE}},
    {"T09", "reset inside the headers", &fault_lost, .script = {READ, SEND(STATUS TYPE), RESET}},
    {"T10", "closed before the body", &fault_lost, .script = {READ, SEND(STATUS TYPE LENGTH "\r\n"), CLOSE}},
    {"T10", "closed inside the body", &fault_lost,
     .script = {READ, SEND(STATUS TYPE LENGTH "\r\n{\"id\":"), CLOSE}},
    {"T10", "closed one byte too early", &fault_lost,
     .script = {READ, SEND(STATUS TYPE "Content-Length: 14\r\n" BODY), CLOSE}},
    {"T10", "closed inside the body, no repetition allowed", &lost_at_once,
     .script = {READ, SEND(STATUS TYPE LENGTH "\r\n{\"id\":"), CLOSE}, .single = true},
    {"T11", "reset inside the body", &fault_lost,
     .script = {READ, SEND(STATUS TYPE LENGTH "\r\n{\"id\":"), RESET}},
    {"T12", "closed inside a body without length", &fault_lost,
     .script = {READ, SEND(STATUS TYPE "\r\n[1,"), CLOSE}},
    {"T12", "closed behind a body without length", &fault_lost,
     .script = {READ, SEND(STATUS TYPE BODY), CLOSE}},
    {"T12", "body without length, HTTP/1.0", &fault_lost,
     .script = {READ, SEND("HTTP/1.0 200 OK\r\n" TYPE BODY), CLOSE}},
    {"T12", "text without length, cut", &fault_lost,
     .script = {READ, SEND(STATUS "Content-Type: text/plain\r\n\r\nhalf of"), CLOSE}},
    {"T12", "text without length, under a coding that is none", &fault_refused,
     .script = {READ, SEND(STATUS "Content-Type: text/plain\r\nTransfer-Encoding: identity\r\n\r\nhalf of"),
                CLOSE}},

    /* More than one answer. */
    {"T13", "bytes behind the body", &fault_whole, .script = {READ, SEND(FAULT_GOOD "garbage")},
     .await = true},
    {"T13", "second answer behind the body", &fault_whole, .script = {READ, SEND(FAULT_GOOD EVIL)},
     .await = true},
    {"T13", "second answer after the first", &fault_whole, .script = {READ, SEND(FAULT_GOOD), SEND(EVIL)},
     .await = true},
    {"T13", "interim answer after the answer", &fault_whole,
     .script = {READ, SEND(FAULT_GOOD), SEND(CONTINUE)}, .await = true},
    {"T13", "408 while nothing is asked", &fault_whole,
     .script = {READ, SEND(FAULT_GOOD), SEND("HTTP/1.1 408 x\r\nContent-Length: 0\r\n\r\n"), CLOSE},
     .await = true},
    {"T13", "second answer far behind the body", &fault_whole,
     .script = {READ, SEND(FAULT_GOOD), SEND_TIMES(FILL, 1024), SEND(EVIL)}, .await = true},

    {"T13", "closed behind the body", &fault_whole, .script = {READ, SEND(FAULT_GOOD), CLOSE}, .await = true},
    {"T13", "reset behind the body", &fault_whole,
     .script = {READ, SEND(STATUS TYPE "Connection: close\r\n" LENGTH BODY), RESET}},

    /* A connection that was good before. */
    {"T14", "reused connection closed without an answer", &died,
     .script = {READ, SEND(FAULT_GOOD), READ, CLOSE}, .warm = true, .times = 1},
    {"T14", "reused connection reset without an answer", &died,
     .script = {READ, SEND(FAULT_GOOD), READ, RESET}, .warm = true, .times = 1},
    {"T14", "reused connection closed, no repetition allowed", &died_for_good,
     .script = {READ, SEND(FAULT_GOOD), READ, CLOSE}, .warm = true, .times = 1, .single = true},
    {"T15", "reused connection closed inside the status line", &died,
     .script = {READ, SEND(FAULT_GOOD), READ, SEND("HTTP/1"), CLOSE}, .warm = true, .times = 1},
    {"T15", "reused connection closed, large request", &died, .script = {READ, SEND(FAULT_GOOD), READ, CLOSE},
     .warm = true, .times = 1, .send_bytes = 3 << 20, .only = FAULT_ONLY(FAULT_POST) | FAULT_ONLY(FAULT_PUT)},
    {"T16", "own connection closed without an answer", &fault_lost,
     .script = {READ, SEND(FAULT_GOOD), NEXT, READ, CLOSE}, .warm = true, .times = 2,
     .only = FAULT_ONLY(FAULT_BARE_POST)},

    /* Bytes in odd portions. */
    {"T17", "write for each byte", &fault_whole, .script = {READ, DRIP(FAULT_GOOD)}},
    {"T17", "read for each byte", &fault_whole, .script = {SIP, SEND(FAULT_GOOD)}},
    {"T17", "split inside names, numbers and line ends", &fault_whole,
     .script = {READ, SEND("HTTP/1.1 2"), SEND("00 OK\r"),
                SEND("\nContent-Type: application/json\r\nContent-Len"), SEND("gth: 1"), SEND("3\r\n\r"),
                SEND("\n" FAULT_GOOD_BODY)}},
    {"T17", "chunks, write for each byte", &fault_whole,
     .script = {READ, DRIP(CHUNKED "5\r\n{\"id\"\r\n8\r\n:\"good\"}\r\n0\r\n\r\n")}},
    {"T17", "request larger than any buffer", &fault_whole, .script = {READ, SEND(FAULT_GOOD)},
     .send_bytes = 8 << 20, .only = FAULT_ONLY(FAULT_POST) | FAULT_ONLY(FAULT_PUT)},

    /* What does not come in time. */
    {"T18", "answer that trickles", &fault_late,
     .script = {READ, SEND(STATUS TYPE FILL "\r\n" FILL "\r\nContent-Length: 999\r\n\r\n{"), STALL},
     .times = 1, .single = true, .step_ms = 11000, .timeout_ms = 86400000, .says = "too slowly"},
/* Shorter than the first wait before a repetition, so that the time-out ends the call. */
#define STALLS(...)                                                                                          \
    .script = {READ, __VA_ARGS__}, .times = 1, .timeout_ms = 60, .racy = true, .says = "timeout_ms 60 ms)"
    {"T19", "stalls before the headers", &fault_late, STALLS(STALL)},
    {"T19", "stalls inside the status line", &fault_late, STALLS(SEND("HTTP/1."), STALL)},
    {"T19", "stalls inside the headers", &fault_late, STALLS(SEND(STATUS TYPE LENGTH), STALL)},
    {"T19", "stalls behind 100 Continue", &fault_late, STALLS(SEND(CONTINUE), STALL)},
    {"T19", "stalls inside the body", &fault_late, STALLS(SEND(STATUS TYPE LENGTH "\r\n{"), STALL)},
    {"T19", "stalls inside chunks", &fault_late, STALLS(SEND(CHUNKED "d\r\n" FAULT_GOOD_BODY "\r\n"), STALL)},
    /* Nobody hears whether it began: the time is long enough for a busy machine to connect. */
    {"T20", "request that nobody reads", &fault_late, .script = {DEAF}, .times = 1, .timeout_ms = 3000,
     .single = true, .unheard = true, .send_bytes = 12 << 20,
     .only = FAULT_ONLY(FAULT_POST) | FAULT_ONLY(FAULT_PUT)},

    /* Interim answers. */
    {"T21", "no end of 100 Continue", &fault_refused, .script = {READ, FLOOD(CONTINUE)}},
    {"T21", "no end of 103 with headers", &fault_refused,
     .script = {READ, FLOOD("HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n")}},
    {"T21", "100 Continue, then closed", &fault_lost, .script = {READ, SEND(CONTINUE), CLOSE}},
    {"T21", "hundred times 100 Continue", &fault_whole,
     .script = {READ, SEND_TIMES(CONTINUE, 100), SEND(FAULT_GOOD)}},
    {"T22", "101 Switching Protocols", &fault_refused,
     .script = {READ, SEND("HTTP/1.1 101 x\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"), CLOSE}},
    {"T23", "early hints, then the answer", &fault_whole, .script = {READ, SEND(HINTS), SEND(FAULT_GOOD)}},
    {"T23", "early hints and the answer in one", &fault_whole,
     .script = {READ, SEND(HINTS HINTS FAULT_GOOD)}},
    {"T23", "early hints, write for each byte", &fault_whole, .script = {READ, DRIP(HINTS FAULT_GOOD)}},
    {"T23", "next link in early hints", &fault_listed, .pages = 1,
     .script = {READ, SEND("HTTP/1.1 103 x\r\nLink: </api/v1/x?after=2>; rel=\"next\"\r\n\r\n" STATUS TYPE
                           "Content-Length: 3\r\n\r\n[1]")}},
    {"T24", "417 Expectation Failed", &fault_foreign, .http_status = 417,
     .script = {READ, SEND("HTTP/1.1 417 x\r\nContent-Length: 0\r\n\r\n")}},
    {"T24", "request of more than a mebibyte", &fault_whole, .script = {READ, SEND(FAULT_GOOD)},
     .send_bytes = 3 << 20, .only = FAULT_ONLY(FAULT_POST) | FAULT_ONLY(FAULT_PUT)},
};

const fault_group fault_transport_rows = {"transport", rows, COUNT(rows)};
