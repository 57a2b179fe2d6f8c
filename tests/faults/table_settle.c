/* SPDX-License-Identifier: Apache-2.0 */
/* W4: why the outcome of a request is unknown, by the codes of libcurl and by status. */
#include "faults/settle_causes.h"

#define NONE "Content-Length: 0\r\n\r\n"
#define PAGE "Content-Type: text/html\r\nContent-Length: 13\r\n\r\n<p>Log in</p>"

#define INTERNAL_ERROR 2 /* RFC 9113, section 7 */

static const fault_step resets_stream[] = {{.act = FAULT_READ},
                                           {.act = FAULT_H2_RESET, .times = INTERNAL_ERROR},
                                           {.act = FAULT_STALL},
                                           {.act = FAULT_END}};
static const fault_step sends_no_frame[] = {
    {.act = FAULT_READ},
    {FAULT_SEND, FAULT_TEXT("HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"), 1},
    {.act = FAULT_STALL},
    {.act = FAULT_END}};
static const fault_step goes_away[] = {{.act = FAULT_READ},
                                       {.act = FAULT_H2_GOAWAY_BEFORE, .times = INTERNAL_ERROR},
                                       {.act = FAULT_STALL},
                                       {.act = FAULT_END}};
static const fault_step goes_away_inside[] = {{.act = FAULT_READ},
                                              {.act = FAULT_H2_HEADERS},
                                              {FAULT_H2_DATA, FAULT_TEXT("{\"id\""), 0},
                                              {.act = FAULT_H2_GOAWAY_BEFORE, .times = INTERNAL_ERROR},
                                              {.act = FAULT_STALL},
                                              {.act = FAULT_END}};
static const fault_step closes[] = {{.act = FAULT_READ}, {.act = FAULT_CLOSE}, {.act = FAULT_END}};
static const fault_step cuts_body[] = {{.act = FAULT_READ},
                                       {.act = FAULT_H2_HEADERS},
                                       {FAULT_H2_DATA, FAULT_TEXT("{\"id\""), 0},
                                       {.act = FAULT_CLOSE},
                                       {.act = FAULT_END}};

const settle_cause settle_causes[] = {
    {"16 HTTP/2 GOAWAY", "HTTP2 framing layer", .act = SETTLE_H2, .h2 = goes_away},
    {"18 body cut", "bytes remaining to read", .act = SETTLE_CUT, .said_done = true},
    {"23 body over the cap", "larger than max_response_bytes", .act = SETTLE_LARGE, .said_done = true,
     .max_body_bytes = 65536},
    {"28 time-out", "in time (half of what was left of timeout_ms ", .act = SETTLE_STALL},
    {"52 no answer", "Empty reply", .act = SETTLE_CLOSE},
    {"55 sending fails", "Send failure", .act = SETTLE_BREAK, .padding = 8u << 20},
    {"56 reset", "Recv failure", .act = SETTLE_RESET},
    {"61 bad gzip", "content unencoding", .act = SETTLE_GZIP, .said_done = true},
    {"65 reused connection dead", "the connection died", .act = SETTLE_CLOSE, .warm = true},
    {"92 HTTP/2 stream reset", "was not closed cleanly", .act = SETTLE_H2, .h2 = resets_stream},
    {" 0 headers cut", "ends inside its headers", .act = SETTLE_CUT_HEADERS, .said_done = true},
    {"408", "HTTP 408", .act = SETTLE_TEXT, .text = "HTTP/1.1 408 Request Timeout\r\n" NONE},
    {"503", "HTTP 503", .act = SETTLE_TEXT, .text = "HTTP/1.1 503 Service Unavailable\r\n" NONE},
    {"W3 other key material", "HTTP 201", .act = SETTLE_OTHER_KEY, .said_done = true},
};
const size_t settle_cause_count = sizeof settle_causes / sizeof *settle_causes;

const settle_cause settle_variants[] = {
    {"16 HTTP/2 GOAWAY in a body", "HTTP2 framing layer", .act = SETTLE_H2, .said_done = true,
     .h2 = goes_away_inside},
    {"HTTP/2 no frame", "", .act = SETTLE_H2, .h2 = sends_no_frame},
    {"HTTP/2 closed", "", .act = SETTLE_H2, .h2 = closes},
    {"HTTP/2 body cut", "", .act = SETTLE_H2, .said_done = true, .h2 = cuts_body},
    {" 0 gzip cut", "HTTP 201", .act = SETTLE_GZIP_CUT, .said_done = true},
    {"500", "HTTP 500", .act = SETTLE_TEXT, .text = "HTTP/1.1 500 x\r\n" NONE},
    {"502, a page", "HTTP 502", .act = SETTLE_TEXT, .text = "HTTP/1.1 502 Bad Gateway\r\n" PAGE},
    {"504", "HTTP 504", .act = SETTLE_TEXT, .text = "HTTP/1.1 504 x\r\n" NONE},
    {"599", "HTTP 599", .act = SETTLE_TEXT, .text = "HTTP/1.1 599 x\r\n" NONE},
    {"W3 other kid", "HTTP 201", .act = SETTLE_OTHER_KID, .said_done = true},
    {"W3 half of the JSON", "HTTP 201", .act = SETTLE_HALF_JSON, .said_done = true},
    {"W3 no id", "HTTP 201", .act = SETTLE_NO_ID, .said_done = true},
    {"W3 empty 201", "HTTP 201", .act = SETTLE_TEXT, .said_done = true,
     .text = "HTTP/1.1 201 Created\r\n" NONE},
    {"W3 204", "HTTP 204", .act = SETTLE_TEXT, .said_done = true, .text = "HTTP/1.1 204 No Content\r\n\r\n"},
    {"W3 a page", "HTTP 200", .act = SETTLE_TEXT, .said_done = true, .text = "HTTP/1.1 200 OK\r\n" PAGE},
    {"no HTTP", "", .act = SETTLE_TEXT, .text = "SSH-2.0-x\r\n"},
};
const size_t settle_variant_count = sizeof settle_variants / sizeof *settle_variants;
