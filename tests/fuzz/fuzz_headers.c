/* SPDX-License-Identifier: Apache-2.0 */
/* The lines of the input are an answer's head: its framing, its headers, and what they say about rate limits
 * and time. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fuzz/fuzz.h"
#include "http/dates.h"
#include "http/framing.h"
#include "http/headers.h"

#define YEAR_9999_END_S INT64_C(253402300799)

/* A date that was read is written by the C library and reads the same. */
static void check_date(const char *text)
{
    int64_t seconds = -1;
    if (!oktai_http_date(text, &seconds)) {
        FUZZ_CHECK(seconds == -1);
        return;
    }
    FUZZ_CHECK(seconds >= 0 && seconds <= YEAR_9999_END_S + 1);
    if (seconds > YEAR_9999_END_S) {
        return;
    }
    char again[64];
    struct tm parts;
    time_t time = (time_t)seconds;
    int64_t once_more = -1;
    FUZZ_CHECK(gmtime_r(&time, &parts) != NULL);
    FUZZ_CHECK(strftime(again, sizeof again, "%a, %d %b %Y %H:%M:%S GMT", &parts) > 0);
    FUZZ_CHECK(oktai_http_date(again, &once_more) && once_more == seconds);
}

static void check_values(const oktai_headers *headers)
{
    for (size_t i = 0; i < headers->count; i++) {
        const oktai_header *header = &headers->items[i];
        size_t position = 0;
        FUZZ_CHECK(header->name[0] != '\0' && strpbrk(header->name, ": \t\r\n") == NULL);
        FUZZ_CHECK(oktai_headers_next(headers, header->name, &position) != NULL);
        const char *value = oktai_headers_get(headers, header->name, 0);
        FUZZ_CHECK(value == NULL || strpbrk(value, "\r\n") == NULL);
        FUZZ_CHECK(header->damaged || oktai_headers_get(headers, header->name, headers->count) == NULL);
        check_date(header->value);
    }
    /* No name has a colon, whatever the input learns from what it is compared with. */
    FUZZ_CHECK(oktai_headers_get(headers, "No:Such-Header-At-All", 0) == NULL);
}

static void check_times(const oktai_headers *headers)
{
    okta_rate_limit rate = oktai_headers_rate_limit(headers);
    int64_t wait_ms = -1;
    bool waits = oktai_headers_retry_after(headers, &wait_ms);
    FUZZ_CHECK(!rate.limit.has || rate.limit.value >= 0);
    FUZZ_CHECK(!rate.remaining.has || rate.remaining.value >= 0);
    FUZZ_CHECK(!rate.reset.has ||
               (rate.reset.value >= INT64_C(946684800) && rate.reset.value <= INT64_C(4102444800)));
    FUZZ_CHECK(!rate.date.has || (rate.date.value >= 0 && rate.date.value <= YEAR_9999_END_S + 1));
    FUZZ_CHECK(waits ? wait_ms >= 0 && wait_ms <= 3600000 : wait_ms == -1);
    FUZZ_CHECK(!rate.reset.has || oktai_headers_get(headers, "x-rate-limit-reset", 0) != NULL);
    FUZZ_CHECK(!waits || oktai_headers_get(headers, "RETRY-AFTER", 0) != NULL);
}

static void check_framing(const oktai_framing *framing, oktai_line last)
{
    FUZZ_CHECK((last == OKTAI_LINE_REFUSED) == (framing->problem != NULL));
    for (int by_protocol = 0; by_protocol < 2; by_protocol++) {
        if (oktai_framing_problem(framing, by_protocol == 1) == NULL) {
            bool bodyless = framing->http_status == 204 || framing->http_status == 304;
            bool has_length = framing->content_length != OKTAI_NO_LENGTH;
            FUZZ_CHECK(framing->complete && framing->http_status >= 200 && framing->http_status <= 599);
            FUZZ_CHECK(by_protocol == 1 || bodyless || has_length || framing->chunked);
            FUZZ_CHECK(framing->problem != NULL || !(has_length && framing->chunked));
        }
    }
    FUZZ_CHECK(framing->content_length == OKTAI_NO_LENGTH || framing->content_length <= INT64_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input = {data, size};
    oktai_headers headers = {0};
    oktai_framing framing = {.content_length = OKTAI_NO_LENGTH};
    oktai_line what = OKTAI_LINE_IGNORED;
    while (fuzz_more(&input)) {
        size_t before = input.left;
        fuzz_text line = fuzz_line(&input);
        /* With its line end, as libcurl hands it on. */
        fuzz_text whole = {(char *)(uintptr_t)(data + (size - before)), before - input.left};
        char *exact = fuzz_exact(whole);
        if (what != OKTAI_LINE_REFUSED) {
            what = oktai_framing_line(&framing, exact, whole.length);
        }
        free(exact);
        while (line.length > 0 && line.text[line.length - 1] == '\r') {
            line.length--;
        }
        exact = fuzz_exact(line);
        FUZZ_CHECK(line.length == 0 || exact != NULL);
        oktai_headers_add_line(&headers, exact == NULL ? "" : exact, line.length);
        free(exact);
        free(line.text);
    }
    check_framing(&framing, what);
    check_values(&headers);
    check_times(&headers);
    oktai_headers_clear(&headers);
    return 0;
}
