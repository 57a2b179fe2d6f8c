/* SPDX-License-Identifier: Apache-2.0 */
/* Damaged answers, a row each: what GET, POST and DELETE make of them, how often the server hears the
 * request, and that the same client works afterwards. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "faults/fault_script.h"
#include "faults/fault_world.h"

#define RETRIES 2

/* What a request comes to when each of its attempts is answered so. */
typedef enum fault_end {
    LOST,     /* TRANSPORT, after all repetitions; a write: OUTCOME_UNKNOWN */
    REFUSED,  /* PROTOCOL, without repetition; a write: OUTCOME_UNKNOWN */
    NONSENSE, /* the same, of an answer that came whole */
} fault_end;

typedef struct fault_row {
    const char *name;
    fault_step script[7];
    fault_end end;
} fault_row;

static const fault_row rows[] = {
    /* The connection ends early. */
    {"T06 closed without an answer", {READ, CLOSE}, LOST},
    {"T07 reset without an answer", {READ, RESET}, LOST},
    {"T08 closed inside the status line", {READ, SEND("HTTP/1.1 2"), CLOSE}, LOST},
    {"T08 closed inside the status line, behind the status", {READ, SEND("HTTP/1.1 200 O"), CLOSE}, LOST},
    {"T08 closed behind the status line", {READ, SEND(STATUS), CLOSE}, LOST},
    {"T09 closed inside a header", {READ, SEND(STATUS TYPE "Content-Le"), CLOSE}, LOST},
    {"T09 closed behind the length", {READ, SEND(STATUS TYPE LENGTH), CLOSE}, LOST},
    {"T09 closed behind a length of zero", {READ, SEND(STATUS "Content-Length: 0\r\n"), CLOSE}, LOST},
    {"T09 closed inside the headers of a 204", {READ, SEND("HTTP/1.1 204 No Content\r\n"), CLOSE}, LOST},
    {"T09 reset inside the headers", {READ, SEND(STATUS TYPE), RESET}, LOST},
    {"T10 closed before the body", {READ, SEND(STATUS TYPE LENGTH "\r\n"), CLOSE}, LOST},
    {"T10 closed inside the body", {READ, SEND(STATUS TYPE LENGTH "\r\n{\"id\":"), CLOSE}, LOST},
    {"T10 closed one byte too early", {READ, SEND(STATUS TYPE "Content-Length: 14\r\n" BODY), CLOSE}, LOST},
    {"T11 reset inside the body", {READ, SEND(STATUS TYPE LENGTH "\r\n{\"id\":"), RESET}, LOST},
    {"T12 closed inside a body without length", {READ, SEND(STATUS TYPE "\r\n[1,"), CLOSE}, LOST},
    {"T12 closed behind a body without length", {READ, SEND(STATUS TYPE BODY), CLOSE}, LOST},
    {"T12 body without length, HTTP/1.0", {READ, SEND("HTTP/1.0 200 OK\r\n" TYPE BODY), CLOSE}, LOST},
    {"T12 text without length, cut",
     {READ, SEND(STATUS "Content-Type: text/plain\r\n\r\nhalf of"), CLOSE},
     LOST},
    {"T12 text without length, under a coding that is none",
     {READ, SEND(STATUS "Content-Type: text/plain\r\nTransfer-Encoding: identity\r\n\r\nhalf of"), CLOSE},
     REFUSED},

    /* Interim answers. */
    {"T21 no end of 100 Continue", {READ, FLOOD("HTTP/1.1 100 Continue\r\n\r\n")}, REFUSED},
    {"T21 no end of 103 with headers",
     {READ, FLOOD("HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n")},
     REFUSED},
    {"T21 100 Continue, then closed", {READ, SEND("HTTP/1.1 100 Continue\r\n\r\n"), CLOSE}, LOST},
    {"T22 101 Switching Protocols",
     {READ, SEND("HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"), CLOSE},
     REFUSED},

    /* Lengths. */
    {"H01 negative Content-Length", {READ, SEND(STATUS TYPE "Content-Length: -1\r\n" BODY)}, REFUSED},
    {"H01 Content-Length of letters", {READ, SEND(STATUS TYPE "Content-Length: abc\r\n" BODY)}, REFUSED},
    {"H01 empty Content-Length", {READ, SEND(STATUS TYPE "Content-Length:\r\n" BODY), CLOSE}, REFUSED},
    {"H01 Content-Length with a sign", {READ, SEND(STATUS TYPE "Content-Length: +13\r\n" BODY)}, REFUSED},
    {"H02 Content-Length beyond 64 bits",
     {READ, SEND(STATUS TYPE "Content-Length: 18446744073709551629\r\n" BODY), CLOSE},
     REFUSED},
    {"H02 Content-Length beyond 63 bits",
     {READ, SEND(STATUS TYPE "Content-Length: 9223372036854775808\r\n" BODY), CLOSE},
     REFUSED},
    {"H03 two Content-Lengths, the smaller first",
     {READ, SEND(STATUS TYPE "Content-Length: 13\r\nContent-Length: 14\r\n" BODY), CLOSE},
     REFUSED},
    {"H03 two Content-Lengths, the larger first",
     {READ, SEND(STATUS TYPE "Content-Length: 14\r\nContent-Length: 13\r\n" BODY), CLOSE},
     REFUSED},
    {"H03 two Content-Lengths in a list",
     {READ, SEND(STATUS TYPE "Content-Length: 13, 14\r\n" BODY), CLOSE},
     REFUSED},
    {"H04 Content-Length, then chunked",
     {READ,
      SEND(STATUS TYPE LENGTH "Transfer-Encoding: chunked\r\n\r\nd\r\n" FAULT_GOOD_BODY "\r\n0\r\n\r\n")},
     REFUSED},
    {"H04 chunked, then Content-Length",
     {READ,
      SEND(STATUS TYPE "Transfer-Encoding: chunked\r\n" LENGTH "\r\nd\r\n" FAULT_GOOD_BODY "\r\n0\r\n\r\n")},
     REFUSED},
    {"H04 gzip as a transfer coding",
     {READ, SEND(STATUS TYPE "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n")},
     REFUSED},

    /* Chunks. */
    {"H05 chunk size of letters", {READ, SEND(CHUNKED "xyz\r\n" FAULT_GOOD_BODY "\r\n0\r\n\r\n")}, LOST},
    {"H05 negative chunk size", {READ, SEND(CHUNKED "-d\r\n" FAULT_GOOD_BODY "\r\n0\r\n\r\n")}, LOST},
    {"H05 chunk size beyond 64 bits",
     {READ, SEND(CHUNKED "1000000000000000d\r\n" FAULT_GOOD_BODY "\r\n0\r\n\r\n")},
     LOST},
    {"H05 chunk longer than its size", {READ, SEND(CHUNKED "5\r\n" FAULT_GOOD_BODY "\r\n0\r\n\r\n")}, LOST},
    {"H06 closed inside a chunk", {READ, SEND(CHUNKED "d\r\n{\"id\":"), CLOSE}, LOST},
    {"H06 closed behind a chunk", {READ, SEND(CHUNKED "d\r\n" FAULT_GOOD_BODY "\r\n"), CLOSE}, LOST},
    {"H06 closed inside the last chunk",
     {READ, SEND(CHUNKED "d\r\n" FAULT_GOOD_BODY "\r\n0\r\n"), CLOSE},
     LOST},
    {"H06 reset behind a chunk", {READ, SEND(CHUNKED "d\r\n" FAULT_GOOD_BODY "\r\n"), RESET}, LOST},
    {"H06 closed before any chunk", {READ, SEND(CHUNKED), CLOSE}, LOST},
    {"H07 no end of trailers",
     {READ, SEND(CHUNKED "d\r\n" FAULT_GOOD_BODY "\r\n0\r\n"), FLOOD(FILL "\r\n")},
     REFUSED},

    /* Headers. */
    {"H08 header line of 128 KiB",
     {READ, SEND(STATUS TYPE), SEND_TIMES(FILL, 2048), SEND("\r\n" LENGTH BODY)},
     REFUSED},
    {"H08 status line of 128 KiB",
     {READ, SEND("HTTP/1.1 200 "), SEND_TIMES(FILL, 2048), SEND("\r\n" LENGTH BODY)},
     REFUSED},
    {"H08 no end of a header line", {READ, SEND(STATUS TYPE), FLOOD(FILL)}, REFUSED},
    {"H09 320 KiB of headers",
     {READ, SEND(STATUS TYPE LENGTH), SEND_TIMES(FILL "\r\n", 5120), SEND(BODY)},
     REFUSED},
    {"H09 no end of headers", {READ, SEND(STATUS TYPE LENGTH), FLOOD(FILL "\r\n")}, REFUSED},
    {"H10 NUL in a header", {READ, SEND(STATUS TYPE LENGTH "X: a\0b\r\n" BODY)}, REFUSED},
    {"H10 header without a colon", {READ, SEND(STATUS TYPE LENGTH "nonsense\r\n" BODY)}, REFUSED},
    {"H12 HTTP/0.9", {READ, SEND("<html>hello</html>"), CLOSE}, REFUSED},
    {"H12 garbage", {READ, SEND("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"), CLOSE}, REFUSED},
    {"H12 HTTP/9.9", {READ, SEND("HTTP/9.9 200 OK\r\n" TYPE LENGTH BODY), CLOSE}, REFUSED},
    {"H12 status 000", {READ, SEND("HTTP/1.1 000 x\r\n" TYPE LENGTH BODY)}, REFUSED},
    {"H12 status 099", {READ, SEND("HTTP/1.1 099 x\r\n" TYPE LENGTH BODY)}, REFUSED},
    {"H12 status 999", {READ, SEND("HTTP/1.1 999 x\r\n" TYPE LENGTH BODY)}, REFUSED},
    {"H12 status 2000", {READ, SEND("HTTP/1.1 2000 x\r\n" TYPE LENGTH BODY)}, REFUSED},
    {"H12 status of letters", {READ, SEND("HTTP/1.1 abc x\r\n" TYPE LENGTH BODY)}, REFUSED},

    /* Bodies. */
    {"J01 JSON cut, its length right",
     {READ, SEND(STATUS TYPE "Content-Length: 12\r\n\r\n{\"id\":\"good\"")},
     NONSENSE},
    {"J02 JSON with more behind it", {READ, SEND(STATUS TYPE "Content-Length: 14\r\n" BODY "x")}, NONSENSE},
    {"H18 web page that calls itself JSON",
     {READ, SEND(STATUS TYPE "Content-Length: 13\r\n\r\n<html></html>")},
     NONSENSE},
    {"J01 JSON cut, its type in capitals",
     {READ, SEND(STATUS "CONTENT-TYPE: APPLICATION/JSON\r\nContent-Length: 12\r\n\r\n{\"id\":\"good\"")},
     NONSENSE},
};

static void get_fails(const fault_row *row, fault_world *world)
{
    unsigned sends = row->end == LOST ? RETRIES + 1 : 1;
    fault_plan plan = {.script = row->script, .connections = sends};
    fault_world_start(world, &plan, NULL);
    fault_outcome outcome = fault_request_once(world, "GET", NULL, RETRIES);
    fault_expect_status(row->name, &outcome, row->end == LOST ? OKTA_E_TRANSPORT : OKTA_E_PROTOCOL);
    fault_expect_attempts(row->name, &outcome, sends);
    assert_int_equal(outcome.retryable, row->end == LOST);
    assert_int_equal(outcome.http_status, row->end == NONSENSE ? 200 : 0);
    assert_int_equal(outcome.body_length > 0, row->end == NONSENSE);
    fault_expect_good(row->name, world);
    fault_world_finish(world);
    fault_expect_requests(row->name, world, "GET", sends + 1);
    if (row->end != NONSENSE) {
        /* What is left on a connection is not trusted. */
        fault_expect_connections(row->name, world, sends + 1);
    }
    fault_world_stop(world);
}

static void get_heals(const fault_row *row, fault_world *world)
{
    fault_plan plan = {.script = row->script, .connections = 1};
    fault_world_start(world, &plan, NULL);
    fault_outcome outcome = fault_request_once(world, "GET", NULL, RETRIES);
    fault_expect_status(row->name, &outcome, OKTA_OK);
    fault_expect_attempts(row->name, &outcome, 2);
    fault_expect_body(row->name, &outcome, FAULT_GOOD_BODY);
    fault_world_finish(world);
    fault_expect_requests(row->name, world, "GET", 2);
    fault_world_stop(world);
}

static void post_is_sent_once(const fault_row *row, fault_world *world, const char *body)
{
    fault_plan plan = {.script = row->script, .connections = 1};
    fault_world_start(world, &plan, NULL);
    fault_outcome outcome = fault_request_once(world, "POST", body, RETRIES);
    fault_expect_status(row->name, &outcome, OKTA_E_OUTCOME_UNKNOWN);
    fault_expect_attempts(row->name, &outcome, 1);
    assert_false(outcome.retryable);
    fault_expect_good(row->name, world);
    fault_world_finish(world);
    fault_expect_requests(row->name, world, "POST", 1);
    fault_expect_requests(row->name, world, "GET", 1);
    fault_world_stop(world);
}

static void delete_ends_like_a_write(const fault_row *row, fault_world *world)
{
    unsigned sends = row->end == LOST ? RETRIES + 1 : 1;
    fault_plan plan = {.script = row->script, .connections = sends};
    fault_world_start(world, &plan, NULL);
    fault_outcome outcome = fault_request_once(world, "DELETE", NULL, RETRIES);
    fault_expect_status(row->name, &outcome, OKTA_E_OUTCOME_UNKNOWN);
    fault_expect_attempts(row->name, &outcome, sends);
    fault_expect_good(row->name, world);
    fault_world_finish(world);
    fault_expect_requests(row->name, world, "DELETE", sends);
    fault_world_stop(world);
}

typedef struct row_test {
    const fault_row *row;
    fault_world world;
} row_test;

static void survives(void **state)
{
    row_test *test = *state;
    get_fails(test->row, &test->world);
    if (test->row->end == LOST) {
        get_heals(test->row, &test->world);
    }
    post_is_sent_once(test->row, &test->world, "{\"a\":1}");
    post_is_sent_once(test->row, &test->world, NULL);
    delete_ends_like_a_write(test->row, &test->world);
}

static int clean_up(void **state)
{
    row_test *test = *state;
    fault_world_stop(&test->world);
    return 0;
}

int main(void)
{
    static row_test states[COUNT(rows)];
    struct CMUnitTest tests[COUNT(rows)];
    for (size_t i = 0; i < COUNT(rows); i++) {
        states[i].row = &rows[i];
        tests[i] = (struct CMUnitTest){rows[i].name, survives, NULL, clean_up, &states[i]};
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
