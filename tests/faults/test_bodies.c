/* SPDX-License-Identifier: Apache-2.0 */
/* Answers that are unusual but whole, compressed ones, and those that are too large. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "faults/fault_gzip.h"
#include "faults/fault_script.h"
#include "faults/fault_world.h"

#define LATER_HEAD "HTTP/1.1 103 Early Hints\r\nContent-Length: 99\r\nLink: </x>; rel=\"next\"\r\n\r\n"

typedef struct whole {
    const char *name;
    fault_step script[8];
} whole;

static const whole wholes[] = {
    {"T17 a write for each byte", {READ, DRIP(FAULT_GOOD), END}},
    {"T17 split inside names, numbers and line ends",
     {READ, SEND("HTTP/1.1 2"), SEND("00 OK\r"), SEND("\nContent-Len"), SEND("gth: 1"), SEND("3\r\n\r"),
      SEND("\n" FAULT_GOOD_BODY)}},
    {"T17 chunks, a write for each byte",
     {READ, DRIP(CHUNKED "5\r\n{\"id\"\r\n8\r\n:\"good\"}\r\n0\r\n\r\n")}},
    {"T21 a hundred times 100 Continue",
     {READ, SEND_TIMES("HTTP/1.1 100 Continue\r\n\r\n", 100), SEND(FAULT_GOOD)}},
    {"T23 early hints, then the answer", {READ, SEND(LATER_HEAD), SEND(FAULT_GOOD)}},
    {"T23 early hints and the answer in one", {READ, SEND(LATER_HEAD LATER_HEAD FAULT_GOOD)}},
    {"T23 early hints, a write for each byte", {READ, DRIP(LATER_HEAD FAULT_GOOD)}},
    {"H03 two Content-Lengths that agree", {READ, SEND(STATUS TYPE LENGTH LENGTH BODY)}},
    {"H06 one chunk", {READ, SEND(CHUNKED "d\r\n" FAULT_GOOD_BODY "\r\n0\r\n\r\n")}},
    {"H06 a chunk size with zeros and capitals",
     {READ, SEND(CHUNKED "0000D\r\n" FAULT_GOOD_BODY "\r\n000\r\n\r\n")}},
    {"H07 chunk extensions", {READ, SEND(CHUNKED "d;a=b;c=\"d\"\r\n" FAULT_GOOD_BODY "\r\n0;e\r\n\r\n")}},
    {"H07 a chunk extension of 64 KiB",
     {READ, SEND(CHUNKED "d;"), SEND_TIMES("yyyyyyyyyyyyyyyy", 4096),
      SEND("\r\n" FAULT_GOOD_BODY "\r\n0\r\n\r\n")}},
    {"H07 trailers",
     {READ,
      SEND(CHUNKED "d\r\n" FAULT_GOOD_BODY "\r\n0\r\nContent-Length: 99\r\nX-Rate-Limit-Limit: 0\r\n\r\n")}},
    {"H09 192 KiB of headers", {READ, SEND(STATUS TYPE), SEND_TIMES(FILL "\r\n", 2978), SEND(LENGTH BODY)}},
    {"H11 bare line feeds",
     {READ, SEND("HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: 13\n\n" FAULT_GOOD_BODY)}},
    {"H11 a folded header", {READ, SEND(STATUS TYPE "X: a\r\n b\r\n\tc\r\n" LENGTH BODY)}},
    {"a status without words", {READ, SEND("HTTP/1.1 200\r\n" TYPE LENGTH BODY)}},
    {"names in capitals", {READ, SEND(STATUS "CONTENT-TYPE:application/json\r\nCONTENT-LENGTH:13\r\n" BODY)}},
    {"a header without a value", {READ, SEND(STATUS TYPE "X:\r\n" LENGTH BODY)}},
    {"HTTP/1.0 with a length", {READ, SEND("HTTP/1.0 200 OK\r\n" TYPE LENGTH BODY), CLOSE}},
    {"closed behind the body", {READ, SEND(FAULT_GOOD), CLOSE}},
    {"reset behind the body", {READ, SEND(STATUS TYPE "Connection: close\r\n" LENGTH BODY), RESET}},
};

static void takes_whole_answers(void **state)
{
    fault_world *world = *state;
    for (size_t i = 0; i < COUNT(wholes); i++) {
        fault_plan plan = {.script = wholes[i].script, .connections = 1};
        fault_world_start(world, &plan, NULL);
        fault_outcome outcome = fault_request_once(world, "GET", NULL, 0);
        fault_expect_status(wholes[i].name, &outcome, OKTA_OK);
        fault_expect_body(wholes[i].name, &outcome, FAULT_GOOD_BODY);
        assert_int_equal(outcome.http_status, 200);
        fault_expect_good(wholes[i].name, world);
        fault_world_finish(world);
        fault_expect_requests(wholes[i].name, world, "GET", 2);
        fault_world_stop(world);
    }
}

/* Interim and final answers have headers of their own, and trailers are none. */
static void reads_headers_of_the_final_answer_only(void **state)
{
    static const fault_step script[] = {
        READ, SEND("HTTP/1.1 103 Early Hints\r\nX-Okta-Request-Id: interim\r\nX-A: interim\r\n\r\n"),
        SEND(STATUS TYPE "X-B: final\r\nX-Folded: a\r\n b\r\nTransfer-Encoding: chunked\r\n\r\n"),
        SEND("d\r\n" FAULT_GOOD_BODY "\r\n0\r\nX-C: trailer\r\nX-B: trailer\r\n\r\n"), END};
    fault_world *world = *state;
    fault_plan plan = {.script = script};
    fault_world_start(world, &plan, NULL);
    okta_call *call = okta_request_call(world->client, "GET", FAULT_PATH, NULL);
    assert_null(okta_call_run(call, NULL));
    assert_null(okta_call_request_id(call));
    assert_null(okta_call_header(call, "X-A", 0));
    assert_null(okta_call_header(call, "X-C", 0));
    assert_null(okta_call_header(call, "X-Folded", 0));
    assert_string_equal(okta_call_header(call, "X-B", 0), "final");
    assert_null(okta_call_header(call, "X-B", 1));
    okta_free(call);
    fault_world_stop(world);
}

/* What stands between an answer's head and `body`. */
static fault_bytes answer_with(const char *fields, const char *body, size_t length)
{
    char head[512];
    snprintf(head, sizeof head, STATUS "%sContent-Length: %zu\r\n\r\n", fields, length);
    fault_bytes out = {malloc(strlen(head) + length), strlen(head) + length};
    assert_non_null(out.data);
    memcpy(out.data, head, strlen(head));
    memcpy(out.data + strlen(head), body, length);
    return out;
}

static fault_outcome get_answer(fault_world *world, const fault_bytes *answer,
                                const okta_client_options *options)
{
    const fault_step script[] = {READ, {FAULT_SEND, answer->data, answer->length, 1}, END};
    fault_plan plan = {.script = script, .connections = 1};
    fault_world_start(world, &plan, options);
    fault_outcome outcome = fault_request_once(world, "GET", NULL, 0);
    fault_expect_good("afterwards", world);
    fault_world_stop(world);
    return outcome;
}

static okta_client_options with_cap(size_t max_response_bytes)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.max_response_bytes = max_response_bytes;
    return options;
}

typedef struct packed {
    const char *name;
    const char *coding;
    size_t cut;    /* bytes that are missing at the end */
    size_t damage; /* which byte from the end is changed, from 1; 0: none */
    bool twice;    /* a second member follows */
    okta_status status;
} packed;

static void unpacks_gzip_strictly(void **state)
{
    static const packed cases[] = {
        {"gzip", "gzip", 0, 0, false, OKTA_OK},
        {"x-gzip", "x-gzip", 0, 0, false, OKTA_OK},
        {"H15 cut inside the text", "gzip", FAULT_GZIP_TRAILER + 4, 0, false, OKTA_E_PROTOCOL},
        {"H15 one byte of the text is missing", "gzip", FAULT_GZIP_TRAILER + 1, 0, false, OKTA_E_PROTOCOL},
        {"H15 cut before the text", "gzip", FAULT_GZIP_TRAILER + 13, 0, false, OKTA_E_PROTOCOL},
        {"H15 wrong check sum", "gzip", 0, 8, false, OKTA_E_PROTOCOL},
        {"H15 wrong size", "gzip", 0, 4, false, OKTA_E_PROTOCOL},
        {"H15 damaged text", "gzip", 0, FAULT_GZIP_TRAILER + 3, false, OKTA_E_PROTOCOL},
        {"H15 damaged head", "gzip", 0, FAULT_GZIP_TRAILER + 13 + 5 + FAULT_GZIP_HEAD, false,
         OKTA_E_PROTOCOL},
        {"H15 unknown coding", "fancy", 0, 0, false, OKTA_E_PROTOCOL},
        {"H15 packed once, named twice", "gzip, gzip", 0, 0, false, OKTA_E_PROTOCOL},
        {"H15 twenty codings",
         "gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, "
         "gzip, "
         "gzip, gzip, gzip",
         0, 0, false, OKTA_E_PROTOCOL},
    };
    fault_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char fields[512];
        fault_bytes gzip = fault_gzip(FAULT_GOOD_BODY, strlen(FAULT_GOOD_BODY));
        snprintf(fields, sizeof fields, TYPE "Content-Encoding: %s\r\n", cases[i].coding);
        if (cases[i].damage > 0) {
            gzip.data[gzip.length - cases[i].damage] ^= 0x20;
        }
        fault_bytes answer = answer_with(fields, gzip.data, gzip.length - cases[i].cut);
        fault_outcome outcome = get_answer(world, &answer, NULL);
        fault_expect_status(cases[i].name, &outcome, cases[i].status);
        if (outcome.status == OKTA_OK) {
            fault_expect_body(cases[i].name, &outcome, FAULT_GOOD_BODY);
        }
        free(gzip.data);
        free(answer.data);
    }
}

/* Every cut of a compressed answer that its own length does not show. The body is JSON, so that what is whole
 * is known: only with the text complete may it pass. */
static void takes_no_cut_gzip_for_whole(void **state)
{
    fault_world *world = *state;
    fault_bytes gzip = fault_gzip(FAULT_GOOD_BODY, strlen(FAULT_GOOD_BODY));
    for (size_t length = 0; length < gzip.length; length++) {
        fault_bytes answer = answer_with(TYPE "Content-Encoding: gzip\r\n", gzip.data, length);
        fault_outcome outcome = get_answer(world, &answer, NULL);
        if (outcome.status == OKTA_OK && length > 0) {
            assert_true(length >= gzip.length - FAULT_GZIP_TRAILER);
            fault_expect_body("H15", &outcome, FAULT_GOOD_BODY);
        }
        free(answer.data);
    }
    free(gzip.data);
}

/* Without JSON nothing shows whether a compressed text is whole. */
static void refuses_gzip_of_what_is_not_json(void **state)
{
    fault_world *world = *state;
    for (size_t cut = 0; cut < 20; cut++) {
        fault_bytes gzip = fault_gzip("half of a sentence", 18);
        fault_bytes answer = answer_with("Content-Type: text/plain\r\nContent-Encoding: gzip\r\n", gzip.data,
                                         gzip.length - cut);
        fault_outcome outcome = get_answer(world, &answer, NULL);
        fault_expect_status("H15", &outcome, OKTA_E_PROTOCOL);
        free(gzip.data);
        free(answer.data);
    }
}

static void refuses_what_only_claims_to_be_gzip(void **state)
{
    static const char *const bodies[] = {FAULT_GOOD_BODY, "\x1f", "\x1f\x8b", "\x1f\x8b\x08",
                                         "<html></html>"};
    fault_world *world = *state;
    for (size_t i = 0; i < COUNT(bodies); i++) {
        fault_bytes answer = answer_with(TYPE "Content-Encoding: gzip\r\n", bodies[i], strlen(bodies[i]));
        fault_outcome outcome = get_answer(world, &answer, NULL);
        fault_expect_status(bodies[i], &outcome, OKTA_E_PROTOCOL);
        assert_int_equal(outcome.body_length, 0);
        free(answer.data);
    }
}

/* Spaces are no JSON, but how far they are read is seen in the complaint. */
static void stops_a_gzip_bomb_at_the_cap(void **state)
{
    static const struct {
        size_t spaces;
        size_t cap;
        const char *complaint;
    } cases[] = {
        {20 * 1024 * 1024, 0, "max_response_bytes"}, /* the default is 16 MiB */
        {100000, 50000, "max_response_bytes"},
        {100000, 200000, "ends early"},
    };
    fault_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        fault_bytes gzip = fault_gzip_spaces(cases[i].spaces);
        okta_client_options options = with_cap(cases[i].cap);
        fault_bytes answer = answer_with(TYPE "Content-Encoding: gzip\r\n", gzip.data, gzip.length);
        assert_true(gzip.length < cases[i].spaces / 100);
        fault_outcome outcome = get_answer(world, &answer, &options);
        fault_expect_status("H16", &outcome, OKTA_E_PROTOCOL);
        if (strstr(outcome.message, cases[i].complaint) == NULL) {
            fail_msg("H16: %zu spaces: %s", cases[i].spaces, outcome.message);
        }
        free(gzip.data);
        free(answer.data);
    }
}

#define CAP 1024u

static void keeps_bodies_under_the_cap(void **state)
{
    static const struct {
        const char *name;
        fault_step script[4];
        okta_status status;
    } cases[] = {
        {"as large as the cap",
         {READ, SEND(STATUS "Content-Length: 1024\r\n\r\n"), SEND_TIMES(FILL, 16), END},
         OKTA_OK},
        {"H17 one byte more",
         {READ, SEND(STATUS "Content-Length: 1025\r\n\r\ny"), SEND_TIMES(FILL, 16), END},
         OKTA_E_PROTOCOL},
        {"H17 a length of a tebibyte",
         {READ, SEND(STATUS "Content-Length: 1099511627776\r\n\r\n"), FLOOD(FILL)},
         OKTA_E_PROTOCOL},
        {"chunks, as large as the cap",
         {READ, SEND(STATUS "Transfer-Encoding: chunked\r\n\r\n"), SEND_TIMES("40\r\n" FILL "\r\n", 16),
          SEND("0\r\n\r\n")},
         OKTA_OK},
        {"H17 one chunk more",
         {READ, SEND(STATUS "Transfer-Encoding: chunked\r\n\r\n"), SEND_TIMES("40\r\n" FILL "\r\n", 17),
          SEND("0\r\n\r\n")},
         OKTA_E_PROTOCOL},
        {"H17 no end of chunks",
         {READ, SEND(STATUS "Transfer-Encoding: chunked\r\n\r\n"), FLOOD("40\r\n" FILL "\r\n"), END},
         OKTA_E_PROTOCOL},
        {"H17 no end and no length", {READ, SEND(STATUS "\r\n"), FLOOD(FILL)}, OKTA_E_PROTOCOL},
        {"H17 a failure with no end",
         {READ, SEND("HTTP/1.1 500 x\r\nTransfer-Encoding: chunked\r\n\r\n"), FLOOD("40\r\n" FILL "\r\n"),
          END},
         OKTA_E_PROTOCOL},
    };
    fault_world *world = *state;
    okta_client_options options = with_cap(CAP);
    for (size_t i = 0; i < COUNT(cases); i++) {
        /* A script of four steps has no end: the good answers' steps are not reached. */
        fault_step script[5] = {END};
        memcpy(script, cases[i].script, sizeof cases[i].script);
        fault_plan plan = {.script = script, .connections = 1};
        fault_world_start(world, &plan, &options);
        fault_outcome outcome = fault_request_once(world, "GET", NULL, 3);
        fault_expect_status(cases[i].name, &outcome, cases[i].status);
        fault_expect_attempts(cases[i].name, &outcome, 1);
        assert_int_equal(outcome.body_length, cases[i].status == OKTA_OK ? CAP : 0);
        fault_expect_good(cases[i].name, world);
        fault_world_finish(world);
        fault_expect_requests(cases[i].name, world, "GET", 2);
        fault_world_stop(world);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FAULT_TEST(takes_whole_answers),
        FAULT_TEST(reads_headers_of_the_final_answer_only),
        FAULT_TEST(unpacks_gzip_strictly),
        FAULT_TEST(takes_no_cut_gzip_for_whole),
        FAULT_TEST(refuses_gzip_of_what_is_not_json),
        FAULT_TEST(refuses_what_only_claims_to_be_gzip),
        FAULT_TEST(stops_a_gzip_bomb_at_the_cap),
        FAULT_TEST(keeps_bodies_under_the_cap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
