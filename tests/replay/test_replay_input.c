/* SPDX-License-Identifier: Apache-2.0 */
/* What okta-replay refuses, what is large or hostile, and an org of one's own. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mock_org/mock_org.h"
#include "replay_world.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define GOOD         GET_LINE("/api/v1/users/00u1", "\"{\\\"id\\\":\\\"00u1\\\"}\"")

typedef struct input_case {
    const char *text;
    const char *complaint; /* of standard error */
} input_case;

/* The members of a line, with one left out or changed. */
#define MEMBERS(method, path, query, request, status, headers, answer)                                       \
    "{" method path query request status headers answer "\"more\":0}\n"
#define METHOD  "\"method\":\"GET\","
#define PATH    "\"path\":\"/api/v1/users/00u1\","
#define QUERY   "\"query\":null,"
#define REQUEST "\"request_body\":null,"
#define STATUS  "\"status\":200,"
#define HEADERS "\"response_headers\":{},"
#define ANSWER  "\"response_body\":\"{}\","

static const input_case bad_lines[] = {
    {"no JSON " CANARY "\n", ":1: the JSON is not valid"},
    {"[]\n", ":1: the line is no JSON object"},
    {GOOD "{\n" GOOD, ":2: the JSON is not valid"},
    {"\n \r\n" GOOD "7\n", ":4: the line is no JSON object"},
    {"{} {}\n", ":1: the JSON is not valid"},
    {MEMBERS("", PATH, QUERY, REQUEST, STATUS, HEADERS, ANSWER), ":1: \"method\" is missing"},
    {MEMBERS(METHOD, "", QUERY, REQUEST, STATUS, HEADERS, ANSWER), ":1: \"path\" is missing"},
    {MEMBERS(METHOD, PATH, "", REQUEST, STATUS, HEADERS, ANSWER), ":1: \"query\" is missing"},
    {MEMBERS(METHOD, PATH, QUERY, "", STATUS, HEADERS, ANSWER), ":1: \"request_body\" is missing"},
    {MEMBERS(METHOD, PATH, QUERY, REQUEST, "", HEADERS, ANSWER), ":1: \"status\" is missing"},
    {MEMBERS(METHOD, PATH, QUERY, REQUEST, STATUS, "", ANSWER), ":1: \"response_headers\" is missing"},
    {MEMBERS(METHOD, PATH, QUERY, REQUEST, STATUS, HEADERS, ""), ":1: \"response_body\" is missing"},
    {MEMBERS("\"method\":null,", PATH, QUERY, REQUEST, STATUS, HEADERS, ANSWER),
     ":1: \"method\" is no string"},
    {MEMBERS(METHOD, "\"path\":\"api\",", QUERY, REQUEST, STATUS, HEADERS, ANSWER),
     ":1: \"path\" is no path"},
    {MEMBERS(METHOD, "\"path\":\"/a?b\",", QUERY, REQUEST, STATUS, HEADERS, ANSWER),
     ":1: \"path\" is no path"},
    {MEMBERS(METHOD, "\"path\":\"/\\u0000\",", QUERY, REQUEST, STATUS, HEADERS, ANSWER),
     ":1: the JSON is not valid"},
    {MEMBERS(METHOD, PATH, "\"query\":{},", REQUEST, STATUS, HEADERS, ANSWER), ":1: \"query\" is no string"},
    {MEMBERS(METHOD, PATH, QUERY, "\"request_body\":7,", STATUS, HEADERS, ANSWER),
     ":1: \"request_body\" is neither"},
    {MEMBERS(METHOD, PATH, QUERY, "\"request_body\":{\"base64\":\"AA?A\"},", STATUS, HEADERS, ANSWER),
     ":1: \"request_body\" is no base64"},
    {MEMBERS(METHOD, PATH, QUERY, "\"request_body\":{\"base64\":\"AAA\"},", STATUS, HEADERS, ANSWER),
     ":1: \"request_body\" is no base64"},
    {MEMBERS(METHOD, PATH, QUERY, "\"request_body\":{\"base64\":\"QR==\"},", STATUS, HEADERS, ANSWER),
     ":1: \"request_body\" is no base64: it has bits"},
    {MEMBERS(METHOD, PATH, QUERY, "\"request_body\":{\"base64\":\"QUJ=\"},", STATUS, HEADERS, ANSWER),
     ":1: \"request_body\" is no base64: it has bits"},
    {MEMBERS(METHOD, PATH, QUERY, REQUEST, "\"status\":\"200\",", HEADERS, ANSWER),
     ":1: \"status\" is no number"},
    {MEMBERS(METHOD, PATH, QUERY, REQUEST, "\"status\":100,", HEADERS, ANSWER),
     ":1: \"status\" is no number"},
    {MEMBERS(METHOD, PATH, QUERY, REQUEST, "\"status\":2e2,", HEADERS, ANSWER),
     ":1: \"status\" is no number"},
    {MEMBERS(METHOD, PATH, QUERY, REQUEST, STATUS, "\"response_headers\":[],", ANSWER),
     ":1: \"response_headers\" is no object"},
    {MEMBERS(METHOD, PATH, QUERY, REQUEST, STATUS, "\"response_headers\":{\"a\":[\"x\\r\\nb: y\"]},", ANSWER),
     ":1: \"response_headers\" has what is no header"},
    {MEMBERS(METHOD, PATH, QUERY, REQUEST, STATUS, "\"response_headers\":{\"a b\":\"x\"},", ANSWER),
     ":1: \"response_headers\" has what is no header"},
};

static void a_bad_line_is_told_by_file_and_number_and_nothing_is_played(void **state)
{
    replay_world *world = *state;
    for (size_t i = 0; i < COUNT(bad_lines); i++) {
        replay_write(world, bad_lines[i].text, strlen(bad_lines[i].text));
        replay_run_tool(world, i % 2 == 0 ? NULL : "--http");
        replay_expect(bad_lines[i].text, world->result.err, bad_lines[i].complaint);
        replay_expect(bad_lines[i].text, world->result.err, world->file);
        assert_string_equal(world->result.out, "");
        assert_int_equal(world->result.exit_code, 2);
    }
}

static void a_raw_nul_is_no_json(void **state)
{
    replay_world *world = *state;
    static const char text[] = GOOD "{\"method\":\0}\n";
    replay_write(world, text, sizeof text - 1);
    replay_run_tool(world, NULL);
    replay_expect("NUL", world->result.err, ":2: the JSON is not valid");
    assert_int_equal(world->result.exit_code, 2);
}

static void what_cannot_be_read_is_told(void **state)
{
    replay_world *world = *state;
    char missing[128];
    snprintf(missing, sizeof missing, "%s/missing", world->folder);
    replay_write(world, GOOD, strlen(GOOD));
    replay_run_words(world, (const char *const[]){world->file, missing, NULL});
    replay_expect("missing", world->result.err, missing);
    assert_int_equal(world->result.exit_code, 2);
    replay_run_words(world, (const char *const[]){world->folder, NULL});
    replay_expect("folder", world->result.err, world->folder);
    assert_int_equal(world->result.exit_code, 2);
}

static void nothing_to_play_is_no_failure(void **state)
{
    replay_world *world = *state;
    static const char *const texts[] = {"", "\n\n", " \t\r\n"};
    for (size_t i = 0; i < COUNT(texts); i++) {
        replay_write(world, texts[i], strlen(texts[i]));
        replay_run_tool(world, i == 0 ? NULL : "--http");
        replay_expect("empty", world->result.out, "0 passed, 0 failed\n");
        assert_int_equal(world->result.exit_code, 0);
    }
}

static void the_last_line_needs_no_end(void **state)
{
    replay_world *world = *state;
    replay_write(world, GOOD GOOD, 2 * strlen(GOOD) - 1);
    replay_run_tool(world, NULL);
    replay_expect("two lines", world->result.out, "2 passed, 0 failed\n");
}

/* `head`, so often `part` with its number behind it and `rest`, `tail`. Without `rest` there is no number. */
static void a_hyphen_is_standard_input(void **state)
{
    replay_world *world = *state;
    const char *const arguments[] = {"/bin/sh",   "-c",        "exec \"$0\" - <\"$1\"",
                                     replay_tool, world->file, NULL};
    const char *const environment[] = {"OKTA_CLIENT_TOKEN=mock-token", NULL};
    replay_write(world, GOOD GOOD, 2 * strlen(GOOD));
    run_program(arguments, environment, &world->result);
    replay_expect("standard input", world->result.out, "2 passed, 0 failed\n");
    assert_int_equal(world->result.exit_code, 0);
    replay_write(world, "{", 1);
    run_program(arguments, environment, &world->result);
    replay_expect("a bad line", world->result.err, "-:1: ");
    assert_int_equal(world->result.exit_code, 2);
}

static void write_long(replay_world *world, const char *head, const char *part, const char *rest,
                       size_t times, const char *tail)
{
    FILE *file = fopen(world->file, "wb");
    assert_non_null(file);
    assert_true(fputs(head, file) >= 0);
    for (size_t i = 0; i < times; i++) {
        assert_true(fputs(part, file) >= 0);
        assert_true(rest == NULL || fprintf(file, "%zu%s", i, rest) > 0);
    }
    assert_true(fputs(tail, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void output_that_cannot_be_written_is_no_success(void **state)
{
    replay_world *world = *state;
    static const char *const ends[] = {"exec \"$0\" \"$@\" >/dev/full", "exec \"$0\" \"$@\" >&-"};
    static const char *const options[] = {"-v", "--http"};
    static const struct {
        const char *text;
        int code;
    } cases[] = {{GOOD, 1}, {GET_LINE("/api/v1/users/00u1", "\"{\""), 1}, {"{\n", 2}};
    for (size_t i = 0; i < COUNT(ends) * COUNT(options) * COUNT(cases); i++) {
        const char *const arguments[] = {"/bin/sh",          "-c",        ends[i % 2], replay_tool,
                                         options[i / 2 % 2], world->file, NULL};
        const char *const environment[] = {"OKTA_CLIENT_TOKEN=mock-token", NULL};
        bool closed = i % 2 == 1;
        replay_write(world, cases[i / 4].text, strlen(cases[i / 4].text));
        run_program(arguments, environment, &world->result);
        bool prints = closed || cases[i / 4].code != 2;
        replay_expect(arguments[2], world->result.err,
                      prints ? "okta-replay: cannot write to standard output: "
                             : ":1: the JSON is not valid");
        assert_int_equal(world->result.exit_code, closed ? 1 : cases[i / 4].code);
    }
}

#define HEAD "{" METHOD PATH QUERY REQUEST STATUS HEADERS "\"response_body\":\""
#define TAIL "\"}\n"

static void long_and_deep_bodies_end(void **state)
{
    replay_world *world = *state;
    static const struct {
        const char *head, *part, *rest, *tail;
        size_t times;
        const char *result;
    } cases[] = {
        {HEAD "{\\\"x\\\":\\\"", "0123456789", NULL, "\\\"}" TAIL, 1000000, "1 passed, 0 failed\n"},
        {HEAD "{\\\"id\\\":\\\"a\\\"", ",\\\"n", "\\\":0", "}" TAIL, 100000,
         "   99900 further names; -v prints all\n"},
        {HEAD "{\\\"x\\\":0", ",\\\"x\\\":0", NULL, "}" TAIL, 30000, "1 passed, 0 failed\n"},
        {HEAD "{\\\"x\\\":", "[", NULL, TAIL, 100000, "nested deeper"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        write_long(world, cases[i].head, cases[i].part, cases[i].rest, cases[i].times, cases[i].tail);
        for (int http = 0; http < 2; http++) {
            replay_run_tool(world, http == 0 ? NULL : "--http");
            replay_expect(cases[i].head, world->result.out, cases[i].result);
        }
    }
}

static void a_line_that_is_too_deep_is_refused(void **state)
{
    replay_world *world = *state;
    write_long(world, "{\"a\":", "[", NULL, 100000, "\n");
    replay_run_tool(world, NULL);
    replay_expect("deep", world->result.err, ":1: the JSON is not valid: ");
    assert_int_equal(world->result.exit_code, 2);
}

static void the_command_line_is_checked(void **state)
{
    replay_world *world = *state;
    static const struct {
        const char *words[4];
        int code;
        const char *out, *err;
    } cases[] = {
        {{"--help"}, 0, "Usage: okta-replay", ""},
        {{"-h", "--nope"}, 0, "Usage: okta-replay", ""},
        {{"--version"}, 0, "okta-replay 0.", ""},
        {{NULL}, 2, "", "FILE is missing"},
        {{"--nope", "x"}, 2, "", "unknown option --nope; see okta-replay --help"},
        {{"x", "--org-url"}, 2, "", "--org-url needs a URL"},
        {{"--http", "--org-url=http://127.0.0.1:1", "x"}, 2, "", "exclude each other"},
        {{"--", "--http"}, 2, "", "--http: No such file"},
        {{"--org-url", "http://a.example", "/dev/null"}, 2, "", "org_url"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        replay_run_words(world, cases[i].words);
        replay_expect(cases[i].words[0], world->result.out, cases[i].out);
        replay_expect(cases[i].words[0], world->result.err, cases[i].err);
        assert_int_equal(world->result.exit_code, cases[i].code);
    }
}

static void an_org_gets_the_calls_and_its_answers_are_compared(void **state)
{
    replay_world *world = *state;
    const mock_org_options options = {.users = 5};
    mock_org *org = mock_org_start(&options);
    assert_non_null(org);
    static const char text[] = LINE("GET", "/api/v1/users", "\"limit=2\"", "null", "200", "\"[]\"")
        LINE("GET", "/api/v1/apps/" MOCK_WEB_APP "/credentials/jwks", "null", "null", "200", "\"[]\"")
            LINE("GET", "/api/v1/apps/0oanope/credentials/jwks", "null", "null", "404", "\"{}\"")
                LINE("GET", "/api/v1/apps/0oanope/credentials/jwks", "null", "null", "200", "\"[]\"");
    replay_write(world, text, strlen(text));
    replay_run_words(world, (const char *const[]){"--org-url", mock_org_url(org), world->file, NULL});
    replay_expect("org", world->result.out,
                  ":4: GET /api/v1/apps/{appId}/credentials/jwks: listJwk: FAILED: ");
    replay_expect("org", world->result.out, "3 passed, 1 failed\n");
    assert_int_equal(world->result.exit_code, 1);
    replay_expect("a name that is none", world->result.err, "OKTA_CLIENT_TOKN");
    assert_true(mock_org_request_count(org) >= 4);
    assert_string_equal(mock_org_request_at(org, 0)->target, "/api/v1/users?limit=2");
    replay_expect("token", mock_request_header(mock_org_request_at(org, 0), "Authorization"),
                  "SSWS mock-token");
    mock_org_stop(org);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_bad_line_is_told_by_file_and_number_and_nothing_is_played,
                                        replay_begin, replay_end),
        cmocka_unit_test_setup_teardown(a_raw_nul_is_no_json, replay_begin, replay_end),
        cmocka_unit_test_setup_teardown(what_cannot_be_read_is_told, replay_begin, replay_end),
        cmocka_unit_test_setup_teardown(nothing_to_play_is_no_failure, replay_begin, replay_end),
        cmocka_unit_test_setup_teardown(the_last_line_needs_no_end, replay_begin, replay_end),
        cmocka_unit_test_setup_teardown(a_hyphen_is_standard_input, replay_begin, replay_end),
        cmocka_unit_test_setup_teardown(output_that_cannot_be_written_is_no_success, replay_begin,
                                        replay_end),
        cmocka_unit_test_setup_teardown(long_and_deep_bodies_end, replay_begin, replay_end),
        cmocka_unit_test_setup_teardown(a_line_that_is_too_deep_is_refused, replay_begin, replay_end),
        cmocka_unit_test_setup_teardown(the_command_line_is_checked, replay_begin, replay_end),
        cmocka_unit_test_setup_teardown(an_org_gets_the_calls_and_its_answers_are_compared, replay_begin,
                                        replay_end),
    };
    replay_tool = argc > 1 ? argv[1] : "";
    return cmocka_run_group_tests(tests, NULL, NULL);
}
