/* SPDX-License-Identifier: Apache-2.0 */
/* H22: HTTP/2 answers without a length that no END_STREAM ends: a frame that breaks the connection (RFC 9113)
 * comes instead. What is sent is whole frames, byte by byte. */
#include "faults/fault_verdicts.h"

static const fault_tls_options h2 = {.h2 = true};

#define OVER_H2 .tls = (&h2)

/* HEADERS of the first stream without END_STREAM: `:status: 200` and, in a literal, the content type. */
#define OPEN                                                                                                 \
    "\0\0\x13\1\4\0\0\0\1\x88\x5f\x10"                                                                       \
    "application/json"
/* The same of `:status: 204`. */
#define NO_CONTENT "\0\0\1\1\4\0\0\0\1\x89"
/* DATA of the first stream without END_STREAM. */
#define DATA(length, text) "\0\0" length "\0\0\0\0\0\1" text

/* What breaks a connection. */
#define DATA_OF_ANOTHER "\0\0\1\0\0\0\0\0\3x"
#define BAD_SETTINGS    "\0\0\1\4\0\0\0\0\0x"
#define BAD_PING        "\0\0\1\6\0\0\0\0\0x"
#define NO_WINDOW       "\0\0\4\x8\0\0\0\0\0\0\0\0\0"
#define BAD_FIELD       "\0\0\1\1\5\0\0\0\1\x80"
#define TOO_LONG        "\1\0\0\0\0\0\0\0\1"
#define OTHER_PROTOCOL  "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

#define OBJECT DATA("\xd", FAULT_GOOD_BODY)
#define PART   DATA("\2", "[{")
#define NUMBER DATA("\2", "12")
/* The end of the stream, and a graceful end of the connection behind it. */
#define LAST   "\0\0\0\0\1\0\0\0\1"
#define GOAWAY "\0\0\x8\7\0\0\0\0\0\0\0\0\1\0\0\0\0"

/* What the reads and the creations of a row come to, unless it says more. */
#define ROW(what, becomes, ...)                                                                              \
    {                                                                                                        \
        "H22", what, becomes, OVER_H2, .script = {READ, __VA_ARGS__},                                        \
                                       .only = FAULT_ONLY(FAULT_GET) | FAULT_ONLY(FAULT_POST)                \
    }
#define LOST(what, ...)  ROW(what, &fault_lost, __VA_ARGS__)
#define WHOLE(what, ...) ROW(what, &fault_whole, __VA_ARGS__)

/* Where the frame comes in one record with the answer, libcurl wakes up only when the server closes. */
#define CUT(what, frame)                                                                                     \
    {"H22", what " instead of a body", &fault_lost, OVER_H2,                                                 \
     .script = {READ, SEND(OPEN), SEND(frame), DRAIN}},                                                      \
        LOST(what " behind the headers, closed", SEND(OPEN), SEND(frame), CLOSE),                            \
        LOST(what " with the headers, closed", SEND(OPEN frame), CLOSE),                                     \
        LOST(what " inside the body", SEND(OPEN), SEND(PART), SEND(frame), DRAIN),                           \
        LOST(what " inside the body, closed", SEND(OPEN), SEND(PART), SEND(frame), CLOSE),                   \
        LOST(what " with the body, closed", SEND(OPEN PART frame), CLOSE),                                   \
        LOST(what " behind a number", SEND(OPEN), SEND(NUMBER), SEND(frame), DRAIN),                         \
        LOST(what " behind an object and more", SEND(OPEN), SEND(OBJECT), SEND(PART), SEND(frame), DRAIN),   \
        WHOLE(what " behind an object", SEND(OPEN), SEND(OBJECT), SEND(frame), DRAIN),                       \
    {                                                                                                        \
        "H22", what " behind 204", &deleted, OVER_H2,                                                        \
            .script = {READ, SEND(NO_CONTENT), SEND(frame), DRAIN}, .body = ""                               \
    }

/* Such an answer ends with its headers (RFC 9110, section 15.3.5). */
static const fault_verdict deleted = {{[FAULT_DELETE] = {OKTA_OK, 1, 204, false}}};

static const fault_row rows[] = {
    CUT("DATA of another stream", DATA_OF_ANOTHER),
    CUT("SETTINGS of one byte", BAD_SETTINGS),
    CUT("PING of one byte", BAD_PING),
    CUT("WINDOW_UPDATE of nothing", NO_WINDOW),
    CUT("a field that HPACK does not know", BAD_FIELD),
    CUT("a frame that is too long", TOO_LONG),
    CUT("HTTP/1.1", OTHER_PROTOCOL),

    WHOLE("an object without a length", SEND(OPEN OBJECT LAST)),
    WHOLE("GOAWAY, then an object without a length", SEND(GOAWAY OPEN OBJECT LAST), DRAIN),
    WHOLE("an object without a length, then GOAWAY", SEND(OPEN OBJECT LAST GOAWAY), DRAIN),
    {"H22", "an empty answer without a length", &fault_whole, OVER_H2, .script = {READ, SEND(OPEN LAST)},
     .only = FAULT_ONLY(FAULT_BARE_POST), .body = ""},
    /* Nothing tells this from an answer that is cut. */
    LOST("GOAWAY, then an empty answer without a length", SEND(GOAWAY OPEN LAST), DRAIN),
};

const fault_group fault_h2_cut_rows = {"h2_cuts", rows, COUNT(rows)};
