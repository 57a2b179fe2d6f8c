/* SPDX-License-Identifier: Apache-2.0 */
/* src/http/framing.h: which header lines make a whole answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "http/framing.h"
#include "unit/mutate.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define CONTRADICT   "contradicting"
#define INVALID      "not valid"
#define CUT          "ends inside its headers"
#define ENDLESS      "does not say where it ends"
#define BOTH         "both Content-Length and Transfer-Encoding"
#define CODING       "Transfer-Encoding other than chunked"
#define STATUS       "no HTTP status"

static oktai_framing begin(void)
{
    return (oktai_framing){.content_length = OKTAI_NO_LENGTH};
}

/* A line in exactly its own memory, so that a sanitizer sees a read beyond it. */
static oktai_line feed_line(oktai_framing *framing, const char *line, size_t length)
{
    char *exact = malloc(length);
    assert_non_null(exact);
    memcpy(exact, line, length);
    oktai_line kind = oktai_framing_line(framing, exact, length);
    free(exact);
    return kind;
}

/* All lines of a head up to one that is refused; the kind of the last one. */
static oktai_line feed(oktai_framing *framing, const char *text, size_t length)
{
    oktai_line kind = OKTAI_LINE_IGNORED;
    while (length > 0 && kind != OKTAI_LINE_REFUSED) {
        const char *end = memchr(text, '\n', length);
        size_t line = end == NULL ? length : (size_t)(end - text) + 1;
        kind = feed_line(framing, text, line);
        text += line;
        length -= line;
    }
    return kind;
}

/* What is wrong with a head, whether a line said so or the end; NULL: nothing. */
static const char *problem_of(const char *text, bool framed_by_protocol)
{
    oktai_framing framing = begin();
    oktai_line kind = feed(&framing, text, strlen(text));
    assert_int_equal(kind == OKTAI_LINE_REFUSED, framing.problem != NULL);
    return kind == OKTAI_LINE_REFUSED ? framing.problem : oktai_framing_problem(&framing, framed_by_protocol);
}

static void expect_problem(const char *text, bool framed_by_protocol, const char *part)
{
    const char *problem = problem_of(text, framed_by_protocol);
    bool as_expected = part == NULL ? problem == NULL : problem != NULL && strstr(problem, part) != NULL;
    if (!as_expected) {
        fail_msg("\"%s\": %s", text, problem == NULL ? "no problem" : problem);
    }
}

static void reads_status_lines(void **state)
{
    static const struct {
        const char *line;
        int http_status; /* 0: refused */
    } cases[] = {
        {"HTTP/1.1 200 OK\r\n", 200},
        {"HTTP/1.1 200\r\n", 200},
        {"HTTP/1.1 200 \r\n", 200},
        {"HTTP/1.1 200\n", 200},
        {"HTTP/1.1 200", 200},
        {"HTTP/1.0 404 Not Found\r\n", 404},
        {"HTTP/2 503 \r\n", 503},
        {"HTTP/3 204\r\n", 204},
        {"HTTP/1.1 100 Continue\r\n", 100},
        {"HTTP/1.1 103 Early Hints\r\n", 103},
        {"HTTP/1.1 599 x\r\n", 599},
        {"HTTP/1.1 200 200 404\r\n", 200},
        {"HTTP/1.1 101 Switching Protocols\r\n", 0},
        {"HTTP/1.1 000 x\r\n", 0},
        {"HTTP/1.1 099 x\r\n", 0},
        {"HTTP/1.1 600 x\r\n", 0},
        {"HTTP/1.1 999 x\r\n", 0},
        {"HTTP/1.1 2000 x\r\n", 0},
        {"HTTP/1.1 200OK\r\n", 0},
        {"HTTP/1.1 200.5\r\n", 0},
        {"HTTP/1.1 20 OK\r\n", 0},
        {"HTTP/1.1 20", 0},
        {"HTTP/1.1 2", 0},
        {"HTTP/1.1 ", 0},
        {"HTTP/1.1", 0},
        {"HTTP/", 0},
        {"HTTP/1.1  200 OK\r\n", 0},
        {"HTTP/1.1\t200 404\r\n", 0},
        {"HTTP/1.1 -20 x\r\n", 0},
        {"HTTP/1.1 +20 x\r\n", 0},
        {"HTTP/1.1 2x0 x\r\n", 0},
        {"HTTP/1.1 OK 200\r\n", 0},
        {"HTTP/x.y 200 OK\r\n", 0},
        {"HTTP/1.1x 200 OK\r\n", 0},
        {"HTTP/.1 204 No Content\r\n", 0},
        {"HTTP/1 204 No Content\r\n", 0},
        {"HTTP/ 204 No Content\r\n", 0},
        {"HTTP/11.1 204 No Content\r\n", 0},
        {"HTTP/1.12 204 No Content\r\n", 0},
        {"HTTP/0.9 204 No Content\r\n", 0},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        oktai_framing framing = begin();
        oktai_line kind = feed_line(&framing, cases[i].line, strlen(cases[i].line));
        bool good = cases[i].http_status != 0;
        if (kind != (good ? OKTAI_LINE_STATUS : OKTAI_LINE_REFUSED) || (framing.problem == NULL) != good ||
            (good && framing.http_status != cases[i].http_status)) {
            fail_msg("\"%s\": kind %d, status %d", cases[i].line, (int)kind, framing.http_status);
        }
    }
}

static void takes_no_other_line_for_a_status(void **state)
{
    static const char *const lines[] = {"http/1.1 200 OK\r\n",  "HTTP 200 OK\r\n", "HTT",
                                        " HTTP/1.1 200 OK\r\n", "ICY 200 OK\r\n",  "X: HTTP/1.1 200\r\n"};
    (void)state;
    for (size_t i = 0; i < COUNT(lines); i++) {
        oktai_framing framing = begin();
        assert_int_equal(feed_line(&framing, lines[i], strlen(lines[i])), OKTAI_LINE_FIELD);
        assert_int_equal(framing.http_status, 0);
        assert_non_null(oktai_framing_problem(&framing, true));
    }
    oktai_framing framing = begin();
    feed_line(&framing, "HTTP/1.1 200 OK\r\n", 17);
    assert_int_equal(feed_line(&framing, "HTTP/1.1 404 x\r\n", 16), OKTAI_LINE_FIELD);
    assert_int_equal(framing.http_status, 200);
}

static void reads_lengths_strictly(void **state)
{
    static const struct {
        const char *fields;
        const char *problem; /* NULL: none, and the length is */
        uint64_t length;
    } cases[] = {
        {"Content-Length: 0\r\n", NULL, 0},
        {"Content-Length: 5\r\n", NULL, 5},
        {"content-LENGTH:5\r\n", NULL, 5},
        {"Content-Length: \t 5 \t \r\n", NULL, 5},
        {"Content-Length: 5\n", NULL, 5},
        {"Content-Length: 0000000000000000000000000000000000000005\r\n", NULL, 5},
        {"Content-Length: 16777217\r\n", NULL, 16777217},
        {"Content-Length: 4294967296\r\n", NULL, UINT64_C(4294967296)},
        {"Content-Length: 922337203685477579\r\n", NULL, UINT64_C(922337203685477579)},
        {"Content-Length: 5\r\nX: y\r\nContent-Length: 5\r\n", NULL, 5},
        {"Content-Length: 5\r\nContent-Length: 05\r\n", NULL, 5},
        {"Content-Lengths: x\r\nX-Content-Length: x\r\nContent-Length: 5\r\n", NULL, 5},
        {"Content-Length: -1\r\n", INVALID, 0},
        {"Content-Length: -0\r\n", INVALID, 0},
        {"Content-Length: +5\r\n", INVALID, 0},
        {"Content-Length: abc\r\n", INVALID, 0},
        {"Content-Length: 5x\r\n", INVALID, 0},
        {"Content-Length: 5 5\r\n", INVALID, 0},
        {"Content-Length: 0x5\r\n", INVALID, 0},
        {"Content-Length: 5.0\r\n", INVALID, 0},
        {"Content-Length: 5e1\r\n", INVALID, 0},
        {"Content-Length: 5, 5\r\n", INVALID, 0},
        {"Content-Length: 5,\r\n", INVALID, 0},
        {"Content-Length: ,5\r\n", INVALID, 0},
        {"Content-Length: \"5\"\r\n", INVALID, 0},
        {"Content-Length: \xd9\xa5\r\n", INVALID, 0},
        {"Content-Length: 9223372036854775808\r\n", INVALID, 0},
        {"Content-Length: 18446744073709551615\r\n", INVALID, 0},
        {"Content-Length: 18446744073709551616\r\n", INVALID, 0},
        {"Content-Length: 18446744073709551621\r\n", INVALID, 0},
        {"Content-Length: 99999999999999999999999999999999999999999\r\n", INVALID, 0},
        {"Content-Length:\r\n", CONTRADICT, 0},
        {"Content-Length: \t \r\n", CONTRADICT, 0},
        {"Content-Length: 5\r\nContent-Length: 6\r\n", CONTRADICT, 0},
        {"Content-Length: 6\r\nX: y\r\ncontent-length: 5\r\n", CONTRADICT, 0},
        {"Content-Length: 5\r\nContent-Length:\r\n", CONTRADICT, 0},
        {"Content-Length: 5\r\nContent-Length: x\r\n", INVALID, 0},
        {"Content-Length : 5\r\n", ENDLESS, 0},
        {" Content-Length: 5\r\n", ENDLESS, 0},
        {"Content-Length\r\n", ENDLESS, 0},
        {"Content-Length 5\r\n", ENDLESS, 0},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[256] = "HTTP/1.1 200 OK\r\n";
        strncat(text, cases[i].fields, sizeof text - strlen(text) - 4);
        strncat(text, "\r\n", 3);
        expect_problem(text, false, cases[i].problem);
        if (cases[i].problem == NULL) {
            oktai_framing framing = begin();
            feed(&framing, text, strlen(text));
            assert_true(framing.content_length == cases[i].length);
            assert_false(framing.chunked);
        }
    }
}

static void allows_chunked_alone(void **state)
{
    static const struct {
        const char *fields;
        const char *problem;
    } cases[] = {
        {"Transfer-Encoding: chunked\r\n", NULL},
        {"TRANSFER-encoding:Chunked\r\n", NULL},
        {"Transfer-Encoding: \t chunked \r\n", NULL},
        {"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", BOTH},
        {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", BOTH},
        {"Content-Length: 0\r\nTransfer-Encoding: chunked\r\n", BOTH},
        {"Transfer-Encoding: identity\r\n", CODING},
        {"Transfer-Encoding: gzip\r\n", CODING},
        {"Transfer-Encoding: gzip, chunked\r\n", CODING},
        {"Transfer-Encoding: chunked, gzip\r\n", CODING},
        {"Transfer-Encoding: chunked, chunked\r\n", CODING},
        {"Transfer-Encoding: chunked;x=y\r\n", CODING},
        {"Transfer-Encoding: chunkedx\r\n", CODING},
        {"Transfer-Encoding: chunke\r\n", CODING},
        {"Transfer-Encoding: xchunked\r\n", CODING},
        {"Transfer-Encoding: \"chunked\"\r\n", CODING},
        {"Transfer-Encoding: \vchunked\r\n", CODING},
        {"Transfer-Encoding:\r\n", CODING},
        {"Transfer-Encoding:\r\n chunked\r\n", CODING},
        {"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", CODING},
        {"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", CODING},
        {"Transfer-Encoding : chunked\r\n", ENDLESS},
        {"X-Transfer-Encoding: chunked\r\n", ENDLESS},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char text[256] = "HTTP/1.1 200 OK\r\n";
        strncat(text, cases[i].fields, sizeof text - strlen(text) - 4);
        strncat(text, "\r\n", 3);
        expect_problem(text, false, cases[i].problem);
    }
}

static void asks_for_an_end_of_the_body(void **state)
{
    static const struct {
        const char *text;
        bool framed_by_protocol;
        const char *problem;
    } cases[] = {
        {"HTTP/1.1 200 OK\r\n\r\n", false, ENDLESS},
        {"HTTP/1.0 200 OK\r\nConnection: close\r\n\r\n", false, ENDLESS},
        {"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n", false, NULL},
        {"HTTP/1.1 205 Reset\r\n\r\n", false, ENDLESS},
        {"HTTP/1.1 404 Not Found\r\n\r\n", false, ENDLESS},
        {"HTTP/1.1 204 No Content\r\n\r\n", false, NULL},
        {"HTTP/1.1 304 Not Modified\r\n\r\n", false, NULL},
        {"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", false, NULL},
        {"HTTP/1.1 204 No Content\r\nContent-Length: x\r\n\r\n", false, INVALID},
        {"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n", false, BOTH},
        {"HTTP/1.1 204 No Content\r\n", false, CUT},
        {"HTTP/2 200 \r\n\r\n", true, NULL},
        {"HTTP/2 200 \r\ncontent-length: 5\r\n\r\n", true, NULL},
        {"HTTP/2 200 \r\n", true, CUT},
        {"HTTP/2 200 \r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n", true, CONTRADICT},
        {"HTTP/1.1 200 OK\nContent-Length: 2\n\n", false, NULL},
        {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\n", false, NULL},
        {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r", false, NULL},
        {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n \r\n", false, CUT},
        {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nx\r\n", false, CUT},
        {"", false, CUT},
        {"", true, CUT},
        {"\r\n", false, CUT},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        expect_problem(cases[i].text, cases[i].framed_by_protocol, cases[i].problem);
    }
}

static void judges_only_the_final_head(void **state)
{
    static const struct {
        const char *text;
        const char *problem;
        int http_status;
    } cases[] = {
        {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", NULL, 200},
        {"HTTP/1.1 103 x\r\nContent-Length: 7\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", NULL,
         200},
        {"HTTP/1.1 103 x\r\nTransfer-Encoding: chunked\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n",
         NULL, 200},
        {"HTTP/1.1 102 x\r\n\r\nHTTP/1.1 103 x\r\n\r\nHTTP/1.1 204 x\r\n\r\n", NULL, 204},
        {"HTTP/1.1 103 x\r\nContent-Length: 7\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", ENDLESS, 200},
        {"HTTP/1.1 103 x\r\nContent-Length: x\r\n\r\nHTTP/1.1 204 x\r\n\r\n", INVALID, 103},
        {"HTTP/1.1 100 Continue\r\n\r\n", CUT, 100},
        {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n", CUT, 200},
        {"HTTP/1.1 100 Continue\r\n\r\nContent-Length: 2\r\n\r\n", CUT, 100},
        {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 999 x\r\n", STATUS, 999},
        {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 101 Switching Protocols\r\n", "another protocol", 101},
        {"HTTP/1.1 100 Continue\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", CUT, 100},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        oktai_framing framing = begin();
        feed(&framing, cases[i].text, strlen(cases[i].text));
        expect_problem(cases[i].text, false, cases[i].problem);
        assert_int_equal(framing.http_status, cases[i].http_status);
    }
}

static void ignores_what_comes_behind_the_head(void **state)
{
    static const char *const trailers[] = {"Content-Length: 5\r\n",           "Content-Length: -1\r\n",
                                           "Transfer-Encoding: identity\r\n", "HTTP/1.1 500 x\r\n",
                                           "Link: <x>; rel=\"next\"\r\n",     "\r\n"};
    static const char head[] = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    oktai_framing framing = begin();
    (void)state;
    feed(&framing, head, strlen(head));
    for (size_t i = 0; i < COUNT(trailers); i++) {
        assert_int_equal(feed_line(&framing, trailers[i], strlen(trailers[i])), OKTAI_LINE_IGNORED);
    }
    assert_null(oktai_framing_problem(&framing, false));
    assert_int_equal(framing.http_status, 200);
    assert_true(framing.content_length == OKTAI_NO_LENGTH);
}

/* A line of so many bytes. */
static oktai_line feed_long(oktai_framing *framing, const char *start, size_t length)
{
    char *line = malloc(length);
    assert_non_null(line);
    memset(line, 'x', length);
    memcpy(line, start, strlen(start));
    line[length - 1] = '\n';
    oktai_line kind = oktai_framing_line(framing, line, length);
    free(line);
    return kind;
}

static void caps_all_header_lines_together(void **state)
{
    static const char ending[] = "Content-Length: 2\r\n\r\n";
    const size_t status = strlen("HTTP/1.1 200 OK\r\n");
    const size_t room = OKTAI_HEADER_BYTES_MAX - status - strlen(ending);
    oktai_framing framing = begin();
    (void)state;
    assert_int_equal(OKTAI_HEADER_BYTES_MAX, 256 * 1024);

    feed_line(&framing, "HTTP/1.1 200 OK\r\n", status);
    assert_int_equal(feed_long(&framing, "X: ", room), OKTAI_LINE_FIELD);
    assert_int_equal(feed(&framing, ending, strlen(ending)), OKTAI_LINE_IGNORED);
    assert_null(oktai_framing_problem(&framing, false));
    assert_int_equal(feed_line(&framing, "T", 1), OKTAI_LINE_REFUSED);
    assert_non_null(strstr(framing.problem, "256 KiB"));

    framing = begin();
    assert_int_equal(feed_long(&framing, "HTTP/1.1 200 ", OKTAI_HEADER_BYTES_MAX), OKTAI_LINE_STATUS);
    assert_int_equal(feed_line(&framing, "X", 1), OKTAI_LINE_REFUSED);

    framing = begin();
    assert_int_equal(feed_long(&framing, "HTTP/1.1 200 ", OKTAI_HEADER_BYTES_MAX + 1), OKTAI_LINE_REFUSED);

    framing = begin();
    size_t blocks = 0;
    while (feed(&framing, "HTTP/1.1 100 Continue\r\n\r\n", 25) == OKTAI_LINE_IGNORED) {
        blocks++;
    }
    assert_int_equal(blocks, OKTAI_HEADER_BYTES_MAX / 25);
    assert_non_null(strstr(framing.problem, "256 KiB"));
}

static void finds_every_cut_inside_a_head(void **state)
{
    static const char head[] = "HTTP/1.1 103 x\r\nLink: <y>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n"
                               "X: y\r\n\r\n";
    (void)state;
    /* The last byte is the line feed of the empty line: a carriage return alone ends it too. */
    for (size_t length = 0; length < strlen(head); length++) {
        oktai_framing framing = begin();
        oktai_line kind = feed(&framing, head, length);
        bool whole = kind != OKTAI_LINE_REFUSED && oktai_framing_problem(&framing, false) == NULL;
        assert_int_equal(whole, length == strlen(head) - 1);
    }
}

static void survives_any_lines(void **state)
{
    static const char *const seeds[] = {
        "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 100 Continue\r\n",
        "HTTP/2 204\r\n",
        "Content-Length: 5\r\n",
        "Transfer-Encoding: chunked\r\n",
        "\r\n",
        "\n",
        "X: y\r\n",
    };
    uint64_t chance = 9;
    (void)state;
    for (unsigned round = 0; round < 20000; round++) {
        oktai_framing framing = begin();
        for (size_t i = pick(&chance, 8); i > 0; i--) {
            char *line = pick(&chance, 2) == 0
                             ? mutate(&chance, seeds, COUNT(seeds), "\r\n :,05HTP/.chunked")
                             : mutate(&chance, &seeds[pick(&chance, COUNT(seeds))], 1, "05: \r\n");
            size_t length = strlen(line);
            if (length > 0 && oktai_framing_line(&framing, line, length) == OKTAI_LINE_REFUSED) {
                assert_non_null(framing.problem);
                free(line);
                break;
            }
            free(line);
        }
        if (oktai_framing_problem(&framing, false) == NULL) {
            assert_true(framing.complete);
            assert_in_range(framing.http_status, 200, 599);
            assert_null(oktai_framing_problem(&framing, true));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_status_lines),
        cmocka_unit_test(takes_no_other_line_for_a_status),
        cmocka_unit_test(reads_lengths_strictly),
        cmocka_unit_test(allows_chunked_alone),
        cmocka_unit_test(asks_for_an_end_of_the_body),
        cmocka_unit_test(judges_only_the_final_head),
        cmocka_unit_test(ignores_what_comes_behind_the_head),
        cmocka_unit_test(caps_all_header_lines_together),
        cmocka_unit_test(finds_every_cut_inside_a_head),
        cmocka_unit_test(survives_any_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
