/* SPDX-License-Identifier: Apache-2.0 */
/* R01 to R14: what the server says about time. Its clock stands at DATE; the waits are of the fake clock. */
#include "faults/fault_verdicts.h"

#define DATE     "Date: Sun, 15 Jun 2025 15:06:40 GMT\r\n" /* 1750000000 */
#define REFUSAL  "HTTP/1.1 429 x\r\nX-Okta-Request-Id: r1\r\n"
#define WINDOW   "X-Rate-Limit-Limit: 600\r\nX-Rate-Limit-Remaining: 0\r\n"
#define NOTHING  "Content-Length: 0\r\n\r\n"
#define RESET_AT "X-Rate-Limit-Reset: "

#define SAYS(fields)     .script = {READ, SEND(REFUSAL fields NOTHING)}
#define RESETS_AT(value) SAYS(DATE WINDOW RESET_AT value "\r\n")
#define AFTER(value)     SAYS(DATE "Retry-After: " value "\r\n")
#define WITHIN(min, max) .wait_min_ms = (min), .wait_max_ms = (max)
/* What the client waits by itself before the second attempt. */
#define OWN_WAIT WITHIN(500, 1000)

/* After the first wait there is no time for a second. */
static const fault_verdict limited_twice = {.of = {
                                                [FAULT_GET] = {OKTA_E_RATE_LIMITED, 2, 429, true},
                                                [FAULT_POST] = {OKTA_E_RATE_LIMITED, 2, 429, true},
                                                [FAULT_BARE_POST] = {OKTA_E_RATE_LIMITED, 2, 429, true},
                                                [FAULT_PUT] = {OKTA_E_RATE_LIMITED, 2, 429, true},
                                                [FAULT_DELETE] = {OKTA_E_RATE_LIMITED, 2, 429, true},
                                            }};

static const fault_row rows[] = {
    {"R01", "reset in 10 s by the server's clock", &fault_limited, RESETS_AT("1750000010"),
     WITHIN(11000, 21000)},
    {"R02", "reset in the past", &fault_limited, RESETS_AT("1749999990"), OWN_WAIT},
    {"R02", "reset at the server's time", &fault_limited, RESETS_AT("1750000000"), OWN_WAIT},
    {"R03", "reset in the year 9999", &fault_limited, RESETS_AT("253402300799"), OWN_WAIT},
    {"R03", "reset in more than an hour", &fault_limited, RESETS_AT("1750003601"), OWN_WAIT},
    {"R03", "reset beyond 64 bits", &fault_limited, RESETS_AT("99999999999999999999999"), OWN_WAIT},
    {"R03", "reset as a power", &fault_limited, RESETS_AT("1e30"), OWN_WAIT},
    {"R03", "negative reset", &fault_limited, RESETS_AT("-5"), OWN_WAIT},
    {"R03", "hexadecimal reset", &fault_limited, RESETS_AT("0x684edd8a"), OWN_WAIT},
    {"R03", "reset of letters", &fault_limited, RESETS_AT("soon"), OWN_WAIT},
    {"R03", "empty reset", &fault_limited, RESETS_AT(""), OWN_WAIT},
    {"R04", "reset behind the deadline", &fault_limited_at_once, RESETS_AT("1750000060"), .told_ms = 61000},
    {"R04", "reset in an hour", &fault_limited_at_once, RESETS_AT("1750003600"), .told_ms = 3601000},
    {"R05", "no rate headers", &fault_limited, SAYS(DATE), OWN_WAIT},
    {"R05", "no rate headers, no date", &fault_limited, SAYS(""), OWN_WAIT},
    {"R05", "reset without the server's time", &fault_limited, SAYS(WINDOW RESET_AT "1750000010\r\n"),
     OWN_WAIT},
    {"R05", "reset and a date that makes no sense", &fault_limited,
     SAYS("Date: yesterday\r\n" WINDOW RESET_AT "1750000010\r\n"), OWN_WAIT},
    {"R06", "too many at once", &fault_limited,
     SAYS(DATE "X-Rate-Limit-Limit: 0\r\nX-Rate-Limit-Remaining: 0\r\n" RESET_AT "1750000114\r\n"),
     WITHIN(250, 4000)},
    {"R07", "Retry-After in seconds", &fault_limited, AFTER("5"), WITHIN(5000, 15000)},
    {"R07", "Retry-After as a date", &fault_limited, AFTER("Sun, 15 Jun 2025 15:06:45 GMT"),
     WITHIN(5000, 15000)},
    {"R07", "Retry-After as a date that passed", &fault_limited, AFTER("Sun, 15 Jun 2025 15:05:00 GMT"),
     OWN_WAIT},
    {"R07", "Retry-After with a fraction", &fault_limited, AFTER("1.5"), OWN_WAIT},
    {"R07", "negative Retry-After", &fault_limited, AFTER("-1"), OWN_WAIT},
    {"R07", "Retry-After beyond 64 bits", &fault_limited, AFTER("99999999999999999999"), OWN_WAIT},
    {"R07", "Retry-After of letters", &fault_limited, AFTER("later"), OWN_WAIT},
    {"R07", "Retry-After of zero", &fault_limited, AFTER("0"), OWN_WAIT},
    {"R07", "two Retry-Afters", &fault_limited, AFTER("7\r\nRetry-After: 5"), WITHIN(7000, 17000)},
    {"R07", "Retry-After twice in a list", &fault_limited, AFTER("5, 7"), OWN_WAIT},
    {"R07", "Retry-After behind the deadline", &fault_limited_at_once, AFTER("3600"), .told_ms = 3600000},
    {"R07", "Retry-After longer than the reset", &fault_limited,
     SAYS(DATE WINDOW RESET_AT "1750000003\r\nRetry-After: 9\r\n"), WITHIN(9000, 19000)},
    {"R07", "Retry-After with a 503", &fault_server_trouble, .http_status = 503,
     .script = {READ, SEND("HTTP/1.1 503 x\r\n" DATE "Retry-After: 5\r\n" NOTHING)},
     .only = FAULT_ONLY(FAULT_GET) | FAULT_ONLY(FAULT_PUT) | FAULT_ONLY(FAULT_DELETE), WITHIN(5000, 15000)},
    {"R08", "two resets", &fault_limited,
     SAYS(DATE WINDOW RESET_AT "1750000009\r\n" RESET_AT "1750000005\r\n"), WITHIN(10000, 20000)},
    {"R08", "two resets, one of letters", &fault_limited,
     SAYS(DATE WINDOW RESET_AT "soon\r\n" RESET_AT "1750000005\r\n"), WITHIN(6000, 16000)},
    {"R08", "two counts of what remains", &fault_limited,
     SAYS(DATE "X-Rate-Limit-Limit: 600\r\nX-Rate-Limit-Remaining: 7\r\n"
               "X-Rate-Limit-Remaining: 0\r\n" RESET_AT "1750000005\r\n"),
     WITHIN(6000, 16000)},
    {"R09", "refused for ever, until the deadline", &limited_twice, AFTER("40")},
    {"R11", "500", &fault_server_trouble, .http_status = 500,
     .script = {READ, SEND("HTTP/1.1 500 x\r\n" NOTHING)}},
    {"R11", "502", &fault_server_trouble, .http_status = 502,
     .script = {READ, SEND("HTTP/1.1 502 x\r\n" NOTHING)}},
    {"R11", "504", &fault_server_trouble, .http_status = 504,
     .script = {READ, SEND("HTTP/1.1 504 x\r\n" NOTHING)}},
    {"R11", "408", &fault_server_trouble, .http_status = 408,
     .script = {READ, SEND("HTTP/1.1 408 x\r\nConnection: close\r\n" NOTHING), CLOSE}},
    {"R14", "last call of a window, then the next page", &fault_listed, .pages = 2, .heard = 2,
     .script = {READ,
                SEND(STATUS DATE WINDOW RESET_AT
                     "1750000030\r\nLink: </api/v1/things?after=2>; rel=\"next\"\r\n" TYPE
                     "Content-Length: 3\r\n\r\n[1]"),
                READ, SEND(STATUS TYPE "Content-Length: 3\r\n\r\n[2]")},
     WITHIN(30000, 42000)},
};

const fault_group fault_rate_rows = {"rates", rows, COUNT(rows)};
