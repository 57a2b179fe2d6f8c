/* SPDX-License-Identifier: Apache-2.0 */
/* H01 to H19: lengths, chunks, headers, compression, sizes, statuses, pages. */
#include "faults/fault_verdicts.h"

#define NOTHING   "Content-Length: 0\r\n\r\n"
#define PAGE      "<!DOCTYPE html>\n<html><body onload=\"x()\">Log in</body></html>\n"
#define PAGE_HEAD "Content-Type: text/html; charset=utf-8\r\nContent-Length: 62\r\n\r\n"
#define HTML      PAGE_HEAD PAGE
#define CHUNKS    "\r\nd\r\n" FAULT_GOOD_BODY "\r\n0\r\n\r\n"

/* gzip (RFC 1952) of the good body, in one block that is not compressed; 36 bytes. */
#define GZIP_HEAD    "\x1f\x8b\x08\0\0\0\0\0\0\xff"
#define GZIP_BLOCK   "\x01\x0d\0\xf2\xff"
#define GZIP_TRAILER "\x26\x11\xf0\x1e\x0d\0\0\0"
#define GZIP         GZIP_HEAD GZIP_BLOCK FAULT_GOOD_BODY GZIP_TRAILER
#define PACKED(coding, length, bytes)                                                                        \
    SEND(STATUS TYPE "Content-Encoding: " coding "\r\nContent-Length: " #length "\r\n\r\n" bytes)
/* gzip that has no end: a space, and then blocks of 13 bytes that stand for 2,064 spaces each. */
#define BOMB_HEAD                                                                                            \
    STATUS TYPE "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n"                               \
                "1d\r\n" GZIP_HEAD "\0\x01\0\xfe\xff \x1b\x05" BOMB_REST "\r\n"
#define BOMB_REST  "\xa3\x60\x14\x8c\x82\x51\x30\x0a\x46\xc1\x28"
#define BOMB_CHUNK "d\r\n\x18\x05" BOMB_REST "\r\n"
/* The same body by deflate (RFC 1950). */
#define ZLIB "\x78\x01\x01\x0d\0\xf2\xff" FAULT_GOOD_BODY "\x1c\x7d\x04\x31"

#define CAP 1024u

/* 62 bytes that end a JSON array with one text. */
#define FILL_END "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\"]"

/* A 204 has no body, which is all that a DELETE needs. */
static const fault_verdict empty = {
    .of = {
        [FAULT_TYPED_GET] = {OKTA_E_PROTOCOL, 1, FAULT_OF_ROW, false},
        [FAULT_TYPED_ANY_STATE] = {OKTA_E_OUTCOME_UNKNOWN, 1, FAULT_OF_ROW, true},
        [FAULT_TYPED_DELETE] = {OKTA_OK, 1, FAULT_OF_ROW, false},
    }};

/* For a raw request an empty answer may be what the program wants. */
static const fault_verdict contented = {.of = {
                                            [FAULT_GET] = {OKTA_OK, 1, FAULT_OF_ROW, false},
                                            [FAULT_POST] = {OKTA_OK, 1, FAULT_OF_ROW, false},
                                            [FAULT_BARE_POST] = {OKTA_OK, 1, FAULT_OF_ROW, false},
                                            [FAULT_PUT] = {OKTA_OK, 1, FAULT_OF_ROW, false},
                                            [FAULT_DELETE] = {OKTA_OK, 1, FAULT_OF_ROW, false},
                                        }};

/* What a raw read brings may be any text; of a raw write, which asks for JSON, it does not tell the outcome.
 */
static const fault_verdict read_only = {
    .of = {
        [FAULT_GET] = {OKTA_OK, 1, FAULT_OF_ROW, false},
        [FAULT_POST] = {OKTA_E_OUTCOME_UNKNOWN, 1, FAULT_OF_ROW, false},
        [FAULT_BARE_POST] = {OKTA_E_OUTCOME_UNKNOWN, 1, FAULT_OF_ROW, false},
        [FAULT_PUT] = {OKTA_E_OUTCOME_UNKNOWN, 1, FAULT_OF_ROW, true},
        [FAULT_DELETE] = {OKTA_E_OUTCOME_UNKNOWN, 1, FAULT_OF_ROW, true},
    }};

/* A failure whose answer is cut: neither the answer nor the outcome is known. */
static const fault_verdict cut_trouble = {
    .of = {
        [FAULT_GET] = {OKTA_E_TRANSPORT, FAULT_ALL, 0, true},
        [FAULT_POST] = {OKTA_E_OUTCOME_UNKNOWN, 1, 0, false},
        [FAULT_PUT] = {OKTA_E_OUTCOME_UNKNOWN, FAULT_ALL, 0, true},
        [FAULT_TYPED_GET] = {OKTA_E_TRANSPORT, FAULT_ALL, 0, true},
        [FAULT_TYPED_DELETE] = {OKTA_E_OUTCOME_UNKNOWN, FAULT_ALL, 0, true},
    }};

/* Of the only attempt: its outcome is looked for all the same. */
static const fault_verdict trouble_at_once = {
    .of = {
        [FAULT_GET] = {OKTA_E_SERVER, 1, FAULT_OF_ROW, true},
        [FAULT_PUT] = {OKTA_E_SERVER, 1, FAULT_OF_ROW, true},
        [FAULT_DELETE] = {OKTA_E_SERVER, 1, FAULT_OF_ROW, true},
        [FAULT_TYPED_GET] = {OKTA_E_SERVER, 1, FAULT_OF_ROW, true},
        [FAULT_TYPED_ANY_STATE] = {OKTA_E_SERVER, 1, FAULT_OF_ROW, true},
        [FAULT_TYPED_DELETE] = {OKTA_E_SERVER, 1, FAULT_OF_ROW, true},
    }};

static const fault_row rows[] = {
    /* Lengths. */
    {"H01", "negative Content-Length", &fault_refused,
     .script = {READ, SEND(STATUS TYPE "Content-Length: -1\r\n" BODY)}},
    {"H01", "Content-Length of letters", &fault_refused,
     .script = {READ, SEND(STATUS TYPE "Content-Length: abc\r\n" BODY)}},
    {"H01", "empty Content-Length", &fault_refused,
     .script = {READ, SEND(STATUS TYPE "Content-Length:\r\n" BODY), CLOSE}},
    {"H01", "Content-Length with a sign", &fault_refused,
     .script = {READ, SEND(STATUS TYPE "Content-Length: +13\r\n" BODY)}},
    {"H02", "Content-Length beyond 64 bits", &fault_refused,
     .script = {READ, SEND(STATUS TYPE "Content-Length: 18446744073709551629\r\n" BODY), CLOSE}},
    {"H02", "Content-Length beyond 63 bits", &fault_refused,
     .script = {READ, SEND(STATUS TYPE "Content-Length: 9223372036854775808\r\n" BODY), CLOSE}},
    {"H03", "two Content-Lengths, the smaller first", &fault_refused,
     .script = {READ, SEND(STATUS TYPE "Content-Length: 13\r\nContent-Length: 14\r\n" BODY), CLOSE}},
    {"H03", "two Content-Lengths, the larger first", &fault_refused,
     .script = {READ, SEND(STATUS TYPE "Content-Length: 14\r\nContent-Length: 13\r\n" BODY), CLOSE}},
    {"H03", "two Content-Lengths in a list", &fault_refused,
     .script = {READ, SEND(STATUS TYPE "Content-Length: 13, 14\r\n" BODY), CLOSE}},
    {"H03", "two Content-Lengths that agree", &fault_whole,
     .script = {READ, SEND(STATUS TYPE LENGTH LENGTH BODY)}},
    {"H04", "Content-Length, then chunked", &fault_refused,
     .script = {READ, SEND(STATUS TYPE LENGTH "Transfer-Encoding: chunked\r\n" CHUNKS)}},
    {"H04", "chunked, then Content-Length", &fault_refused,
     .script = {READ, SEND(STATUS TYPE "Transfer-Encoding: chunked\r\n" LENGTH CHUNKS)}},
    {"H04", "gzip as a transfer coding", &fault_refused,
     .script = {READ, SEND(STATUS TYPE "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n")}},

    /* Chunks. */
    {"H05", "chunk size of letters", &fault_lost,
     .script = {READ, SEND(CHUNKED "xyz\r\n" FAULT_GOOD_BODY "\r\n0\r\n\r\n")}},
    {"H05", "negative chunk size", &fault_lost,
     .script = {READ, SEND(CHUNKED "-d\r\n" FAULT_GOOD_BODY "\r\n0\r\n\r\n")}},
    {"H05", "chunk size beyond 64 bits", &fault_lost,
     .script = {READ, SEND(CHUNKED "1000000000000000d\r\n" FAULT_GOOD_BODY "\r\n0\r\n\r\n")}},
    {"H05", "chunk longer than its size", &fault_lost,
     .script = {READ, SEND(CHUNKED "5\r\n" FAULT_GOOD_BODY "\r\n0\r\n\r\n")}},
    {"H06", "closed inside a chunk", &fault_lost, .script = {READ, SEND(CHUNKED "d\r\n{\"id\":"), CLOSE}},
    {"H06", "closed behind a chunk", &fault_lost,
     .script = {READ, SEND(CHUNKED "d\r\n" FAULT_GOOD_BODY "\r\n"), CLOSE}},
    {"H06", "closed inside the last chunk", &fault_lost,
     .script = {READ, SEND(CHUNKED "d\r\n" FAULT_GOOD_BODY "\r\n0\r\n"), CLOSE}},
    {"H06", "reset behind a chunk", &fault_lost,
     .script = {READ, SEND(CHUNKED "d\r\n" FAULT_GOOD_BODY "\r\n"), RESET}},
    {"H06", "closed before any chunk", &fault_lost, .script = {READ, SEND(CHUNKED), CLOSE}},
    {"H06", "one chunk", &fault_whole,
     .script = {READ, SEND(CHUNKED "d\r\n" FAULT_GOOD_BODY "\r\n0\r\n\r\n")}},
    {"H06", "chunk size with zeros and capitals", &fault_whole,
     .script = {READ, SEND(CHUNKED "0000D\r\n" FAULT_GOOD_BODY "\r\n000\r\n\r\n")}},
    {"H07", "chunk extensions", &fault_whole,
     .script = {READ, SEND(CHUNKED "d;a=b;c=\"d\"\r\n" FAULT_GOOD_BODY "\r\n0;e\r\n\r\n")}},
    {"H07", "chunk extension of 64 KiB", &fault_whole,
     .script = {READ, SEND(CHUNKED "d;"), SEND_TIMES("yyyyyyyyyyyyyyyy", 4096),
                SEND("\r\n" FAULT_GOOD_BODY "\r\n0\r\n\r\n")}},
    {"H07", "trailers", &fault_whole,
     .script = {READ, SEND(CHUNKED "d\r\n" FAULT_GOOD_BODY
                                   "\r\n0\r\nContent-Length: 99\r\nX-Rate-Limit-Limit: 0\r\n\r\n")}},
    {"H07", "next link in a trailer", &fault_listed, .pages = 1,
     .script = {READ, SEND(CHUNKED "3\r\n[1]\r\n0\r\nLink: </api/v1/x?after=2>; rel=\"next\"\r\n\r\n")}},
    {"H07", "no end of trailers", &fault_refused,
     .script = {READ, SEND(CHUNKED "d\r\n" FAULT_GOOD_BODY "\r\n0\r\n"), FLOOD(FILL "\r\n")}},

    /* Headers. */
    {"H08", "header line of 128 KiB", &fault_refused,
     .script = {READ, SEND(STATUS TYPE), SEND_TIMES(FILL, 2048), SEND("\r\n" LENGTH BODY)}},
    {"H08", "status line of 128 KiB", &fault_refused,
     .script = {READ, SEND("HTTP/1.1 200 "), SEND_TIMES(FILL, 2048), SEND("\r\n" LENGTH BODY)}},
    {"H08", "no end of a header line", &fault_refused, .says = "a header line that is too long",
     .script = {READ, SEND(STATUS TYPE), FLOOD(FILL)}},
    {"H09", "192 KiB of headers", &fault_whole,
     .script = {READ, SEND(STATUS TYPE), SEND_TIMES(FILL "\r\n", 2978), SEND(LENGTH BODY)}},
    {"H09", "320 KiB of headers", &fault_refused,
     .script = {READ, SEND(STATUS TYPE LENGTH), SEND_TIMES(FILL "\r\n", 5120), SEND(BODY)}},
    {"H09", "no end of headers", &fault_refused,
     .script = {READ, SEND(STATUS TYPE LENGTH), FLOOD(FILL "\r\n")}},
    {"H10", "NUL in a header", &fault_refused, .script = {READ, SEND(STATUS TYPE LENGTH "X: a\0b\r\n" BODY)}},
    {"H10", "header without a colon", &fault_refused,
     .script = {READ, SEND(STATUS TYPE LENGTH "nonsense\r\n" BODY)}},
    {"H11", "bare line feeds", &fault_whole,
     .script =
         {READ,
          SEND("HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: 13\n\n" FAULT_GOOD_BODY)}},
    {"H11", "folded header", &fault_whole,
     .script = {READ, SEND(STATUS TYPE "X: a\r\n b\r\n\tc\r\n" LENGTH BODY)}},
    {"H11", "folded next link", &fault_unlisted,
     .script = {READ, SEND(STATUS TYPE "Link: </api/v1/x?after=2>;\r\n rel=\"next\"\r\n"
                                       "Content-Length: 3\r\n\r\n[1]")}},
    {"H12", "HTTP/0.9", &fault_refused, .script = {READ, SEND("<html>hello</html>"), CLOSE}},
    {"H12", "garbage", &fault_refused,
     .script = {READ, SEND("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n"), CLOSE}},
    {"H12", "HTTP/9.9", &fault_refused,
     .script = {READ, SEND("HTTP/9.9 200 OK\r\n" TYPE LENGTH BODY), CLOSE}},
    {"H12", "status 000", &fault_refused, .script = {READ, SEND("HTTP/1.1 000 x\r\n" TYPE LENGTH BODY)}},
    {"H12", "status 099", &fault_refused, .script = {READ, SEND("HTTP/1.1 099 x\r\n" TYPE LENGTH BODY)}},
    {"H12", "status 999", &fault_refused, .script = {READ, SEND("HTTP/1.1 999 x\r\n" TYPE LENGTH BODY)}},
    {"H12", "status 2000", &fault_refused, .script = {READ, SEND("HTTP/1.1 2000 x\r\n" TYPE LENGTH BODY)}},
    {"H12", "status of letters", &fault_refused,
     .script = {READ, SEND("HTTP/1.1 abc x\r\n" TYPE LENGTH BODY)}},
    {"H12", "status without words", &fault_whole,
     .script = {READ, SEND("HTTP/1.1 200\r\n" TYPE LENGTH BODY)}},
    {"H12", "names in capitals", &fault_whole,
     .script = {READ, SEND(STATUS "CONTENT-TYPE:application/json\r\nCONTENT-LENGTH:13\r\n" BODY)}},
    {"H12", "header without a value", &fault_whole, .script = {READ, SEND(STATUS TYPE "X:\r\n" LENGTH BODY)}},
    {"H12", "HTTP/1.0 with a length", &fault_whole,
     .script = {READ, SEND("HTTP/1.0 200 OK\r\n" TYPE LENGTH BODY), CLOSE}},

    /* Statuses whose bodies are special. */
    {"H13", "204", &contented, .http_status = 204, .body = "",
     .script = {READ, SEND("HTTP/1.1 204 x\r\n\r\n")}},
    {"H13", "204 with a body", &contented, .http_status = 204, .body = "",
     .script = {READ, SEND("HTTP/1.1 204 x\r\n" TYPE LENGTH BODY)}, .await = true},
    {"H13", "204 where an object is due", &empty, .http_status = 204,
     .script = {READ, SEND("HTTP/1.1 204 x\r\n\r\n")}},
    {"H13", "204 with a length where an object is due", &empty, .http_status = 204,
     .script = {READ, SEND("HTTP/1.1 204 x\r\n" TYPE LENGTH "\r\n"), CLOSE}},
    {"H13", "206 unasked", &fault_foreign, .http_status = 206,
     .script = {READ, SEND("HTTP/1.1 206 x\r\nContent-Range: bytes 0-12/99\r\n" TYPE LENGTH BODY)}},
    {"H13", "304 unasked", &fault_unfollowed, .http_status = 304,
     .script = {READ, SEND("HTTP/1.1 304 x\r\n\r\n")}},

    /* Compression. gzip is what the client asks for. */
    {"H14", "gzip", &fault_whole, .script = {READ, PACKED("gzip", 36, GZIP)}},
    {"H14", "gzip by its old name", &fault_whole, .script = {READ, PACKED("x-gzip", 36, GZIP)}},
    {"H14", "deflate, which nobody asked for", &fault_whole, .script = {READ, PACKED("deflate", 24, ZLIB)}},
    {"H14", "coding that nobody asked for", &fault_refused, .script = {READ, PACKED("fancy", 36, GZIP)}},
    {"H15", "gzip cut inside its text", &fault_nonsense,
     .script = {READ, PACKED("gzip", 24, GZIP_HEAD GZIP_BLOCK "{\"id\":\"go")}},
    {"H15", "gzip cut inside its head", &fault_nonsense,
     .script = {READ, PACKED("gzip", 5, "\x1f\x8b\x08\0\0")}},
    {"H15", "gzip without its trailer", &fault_whole,
     .script = {READ, PACKED("gzip", 28, GZIP_HEAD GZIP_BLOCK FAULT_GOOD_BODY)}},
    {"H15", "wrong check sum", &fault_refused,
     .script = {READ, PACKED("gzip", 36, GZIP_HEAD GZIP_BLOCK FAULT_GOOD_BODY "\x27\x11\xf0\x1e\x0d\0\0\0")}},
    {"H15", "damaged text", &fault_refused,
     .script = {READ, PACKED("gzip", 36, GZIP_HEAD GZIP_BLOCK "{\"id\":\"gooD\"}" GZIP_TRAILER)}},
    {"H15", "damaged head", &fault_refused,
     .script = {READ,
                PACKED("gzip", 36, "\x3f\x8b\x08\0\0\0\0\0\0\xff" GZIP_BLOCK FAULT_GOOD_BODY GZIP_TRAILER)}},
    {"H15", "wrong size", &fault_refused,
     .script = {READ, PACKED("gzip", 36, GZIP_HEAD GZIP_BLOCK FAULT_GOOD_BODY "\x26\x11\xf0\x1e\x0e\0\0\0")}},
    {"H15", "JSON that says it is gzip", &fault_refused,
     .script = {READ, PACKED("gzip", 13, FAULT_GOOD_BODY)}},
    {"H15", "packed once, named twice", &fault_refused, .script = {READ, PACKED("gzip, gzip", 36, GZIP)}},
    {"H15", "twenty codings", &fault_refused,
     .script = {READ, PACKED("gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, gzip, "
                             "gzip, gzip, gzip, gzip, gzip, gzip, gzip",
                             36, GZIP)}},
    {"H15", "two members", &fault_refused, .script = {READ, PACKED("gzip", 72, GZIP GZIP)}},
    {"H15", "bytes behind the member", &fault_refused, .says = "does not end where its compressed data ends",
     .script = {READ, PACKED("gzip", 43, GZIP "garbage")}},
    {"H16", "gzip bomb without end", &fault_refused, .script = {READ, SEND(BOMB_HEAD), FLOOD(BOMB_CHUNK)},
     .max_response_bytes = 1 << 20, .says = "max_response_bytes"},
    {"H16", "gzip bomb without end, default cap", &fault_refused,
     .script = {READ, SEND(BOMB_HEAD), FLOOD(BOMB_CHUNK)}, .only = FAULT_ONLY(FAULT_GET),
     .says = "max_response_bytes"},

    /* Sizes. */
    {"H17", "body as large as the cap", &contented, .http_status = 200, .body_bytes = CAP,
     .max_response_bytes = CAP,
     .script = {READ, SEND(STATUS "Content-Length: 1024\r\n\r\n[\""), SEND_TIMES(FILL, 15), SEND(FILL_END)}},
    {"H17", "one byte more", &fault_refused, .max_response_bytes = CAP,
     .script = {READ, SEND(STATUS "Content-Length: 1025\r\n\r\ny"), SEND_TIMES(FILL, 16)}},
    {"H17", "length of a tebibyte", &fault_refused, .max_response_bytes = CAP,
     .script = {READ, SEND(STATUS "Content-Length: 1099511627776\r\n\r\n"), FLOOD(FILL)}},
    {"H17", "chunks as large as the cap", &contented, .http_status = 200, .body_bytes = CAP,
     .max_response_bytes = CAP,
     .script = {READ, SEND(STATUS "Transfer-Encoding: chunked\r\n\r\n"), SEND("2\r\n[\"\r\n"),
                SEND_TIMES("40\r\n" FILL "\r\n", 15), SEND("3e\r\n" FILL_END "\r\n0\r\n\r\n")}},
    {"H17", "one chunk more", &fault_refused, .max_response_bytes = CAP,
     .script = {READ, SEND(STATUS "Transfer-Encoding: chunked\r\n\r\n"), SEND_TIMES("40\r\n" FILL "\r\n", 17),
                SEND("0\r\n\r\n")}},
    {"H17", "no end of chunks", &fault_refused, .max_response_bytes = CAP,
     .script = {READ, SEND(STATUS "Transfer-Encoding: chunked\r\n\r\n"), FLOOD("40\r\n" FILL "\r\n")}},
    {"H17", "no end and no length", &fault_refused, .max_response_bytes = CAP,
     .script = {READ, SEND(STATUS "\r\n"), FLOOD(FILL)}},
    {"H17", "no end and no length, default cap", &fault_refused, .only = FAULT_ONLY(FAULT_GET),
     .script = {READ, SEND(STATUS TYPE "\r\n"), FLOOD(FILL)}, .says = "max_response_bytes"},
    {"H17", "failure with no end", &fault_refused, .max_response_bytes = CAP,
     .script = {READ, SEND("HTTP/1.1 500 x\r\nTransfer-Encoding: chunked\r\n\r\n"),
                FLOOD("40\r\n" FILL "\r\n")}},

    /* Answers of something that stands between here and Okta. */
    {"H18", "empty 200", &contented, .http_status = 200, .body = "",
     .script = {READ, SEND(STATUS "Content-Length: 0\r\n\r\n")}},
    {"H18", "text", &read_only, .http_status = 200, .body = "done",
     .script = {READ, SEND(STATUS "Content-Type: text/plain\r\nContent-Length: 4\r\n\r\ndone")}},
    {"H18", "XML", &read_only, .http_status = 200, .body = "<done/>",
     .script = {READ, SEND(STATUS "Content-Type: application/xml\r\nContent-Length: 7\r\n\r\n<done/>")}},
    {"H18", "text of no type", &read_only, .http_status = 200, .body = "done",
     .script = {READ, SEND(STATUS "Content-Length: 4\r\n\r\ndone")}},
    {"H18", "JSON that calls itself text", &contented, .http_status = 200, .body = "{}",
     .script = {READ, SEND(STATUS "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}")}},
    {"H18", "empty 200 where an object is due", &empty, .http_status = 200,
     .script = {READ, SEND(STATUS TYPE NOTHING)}},
    {"H18", "web page where an object is due", &fault_nonsense, .script = {READ, SEND(STATUS HTML)},
     .hides = "<"},
    {"H18", "web page, its type in capitals", &fault_nonsense,
     .script = {READ, SEND(STATUS "CONTENT-TYPE: TEXT/HTML\r\nContent-Length: 62\r\n\r\n" PAGE)}},
    {"H18", "web page that calls itself JSON", &fault_nonsense,
     .script = {READ, SEND(STATUS TYPE "Content-Length: 62\r\n\r\n" PAGE)}, .hides = "<"},
    {"H18", "white space only", &fault_nonsense,
     .script = {READ, SEND(STATUS TYPE "Content-Length: 3\r\n\r\n \r\n")}},

    /* A refusal that Okta did not speak. */
    {"B1", "400 with a page", &fault_foreign, .http_status = 400,
     .script = {READ, SEND("HTTP/1.1 400 x\r\nContent-Type: text/html\r\nContent-Length: "
                           "36\r\n\r\n<html><title>Not here</title></html>")},
     .says = "HTTP 400: an HTML page titled \"Not here\", not from Okta", .hides = "<"},
    {"B1", "404 with a page", &fault_foreign, .http_status = 404,
     .script = {READ, SEND("HTTP/1.1 404 x\r\nContent-Type: text/html\r\nContent-Length: "
                           "36\r\n\r\n<html><title>Not here</title></html>")},
     .says = "HTTP 404: an HTML page titled \"Not here\", not from Okta", .hides = "<"},
    {"B1", "409 with a page", &fault_foreign, .http_status = 409,
     .script = {READ, SEND("HTTP/1.1 409 x\r\nContent-Type: text/html\r\nContent-Length: "
                           "36\r\n\r\n<html><title>Not here</title></html>")},
     .says = "HTTP 409: an HTML page titled \"Not here\", not from Okta", .hides = "<"},
    {"B1", "410 with a page", &fault_foreign, .http_status = 410,
     .script = {READ, SEND("HTTP/1.1 410 x\r\nContent-Type: text/html\r\nContent-Length: "
                           "36\r\n\r\n<html><title>Not here</title></html>")},
     .says = "HTTP 410: an HTML page titled \"Not here\", not from Okta", .hides = "<"},
    {"B1", "422 with a page", &fault_foreign, .http_status = 422,
     .script = {READ, SEND("HTTP/1.1 422 x\r\nContent-Type: text/html\r\nContent-Length: "
                           "36\r\n\r\n<html><title>Not here</title></html>")},
     .says = "HTTP 422: an HTML page titled \"Not here\", not from Okta", .hides = "<"},
    {"B1", "404 with nothing", &fault_foreign, .http_status = 404,
     .script = {READ, SEND("HTTP/1.1 404 x\r\nContent-Length: 0\r\n\r\n")},
     .says = "HTTP 404: an answer without Okta's error document", .hides = "<"},
    {"B1", "404 with what a gateway says", &fault_foreign, .http_status = 404,
     .script = {READ, SEND("HTTP/1.1 404 x\r\nContent-Type: application/json\r\nContent-Length: "
                           "35\r\n\r\n{\"status\":404,\"message\":\"no Route\"}")},
     .says = "HTTP 404: \"no Route\", not from Okta", .hides = "<"},
    {"B1", "404 with a sentence for an error", &fault_foreign, .http_status = 404,
     .script = {READ, SEND("HTTP/1.1 404 x\r\nContent-Type: application/json\r\nContent-Length: "
                           "21\r\n\r\n{\"error\":\"Not Found\"}")},
     .says = "HTTP 404: \"Not Found\", not from Okta", .hides = "<"},
    {"B1", "410 with an empty code", &fault_foreign, .http_status = 410,
     .script = {READ, SEND("HTTP/1.1 410 x\r\nContent-Type: application/json\r\nContent-Length: "
                           "16\r\n\r\n{\"errorCode\":\"\"}")},
     .says = "without Okta's error document", .hides = "<"},

    {"H19", "502 with a page", &fault_server_trouble, .http_status = 502,
     .script = {READ, SEND("HTTP/1.1 502 Bad Gateway\r\n" HTML)}, .hides = "<"},
    {"H19", "503 with nothing", &fault_server_trouble, .http_status = 503,
     .script = {READ, SEND("HTTP/1.1 503 x\r\n" NOTHING)}},
    {"H19", "504 with a page of 10 MiB", &fault_server_trouble, .http_status = 504,
     .script = {READ, SEND("HTTP/1.1 504 x\r\nContent-Type: text/html\r\nContent-Length: 10485760\r\n\r\n"),
                SEND_TIMES(FILL, 163840)}},
    {"H19", "503 with nothing, no repetition allowed", &trouble_at_once, .http_status = 503, .single = true,
     .script = {READ, SEND("HTTP/1.1 503 x\r\n" NOTHING)}},
    {"H19", "502 with a page, no repetition allowed", &trouble_at_once, .http_status = 502, .single = true,
     .script = {READ, SEND("HTTP/1.1 502 Bad Gateway\r\n" HTML)}, .hides = "<"},
    {"H19", "500 that is cut", &cut_trouble,
     .script = {READ, SEND("HTTP/1.1 500 x\r\n" TYPE LENGTH "\r\n{"), CLOSE}},
};

const fault_group fault_answer_rows = {"answers", rows, COUNT(rows)};
