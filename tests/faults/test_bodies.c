/* SPDX-License-Identifier: Apache-2.0 */
/* Which headers count, and compressed answers that are cut anywhere or grow too large. The fault table has
 * the rest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "faults/fault_gzip.h"
#include "faults/fault_script.h"
#include "faults/fault_world.h"

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
    assert_null(okta_call_run(call));
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        FAULT_TEST(reads_headers_of_the_final_answer_only), FAULT_TEST(takes_no_cut_gzip_for_whole),
        FAULT_TEST(refuses_gzip_of_what_is_not_json),       FAULT_TEST(refuses_what_only_claims_to_be_gzip),
        FAULT_TEST(stops_a_gzip_bomb_at_the_cap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
