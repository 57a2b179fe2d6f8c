/* SPDX-License-Identifier: Apache-2.0 */
/* J01 to J16: whole answers whose JSON is damaged, hostile or not what is due. What calls itself JSON is read
 * to its end for every request; a model is made of it for typed ones. */
#include "faults/fault_verdicts.h"

#define TYPED_ONLY                                                                                           \
    .only = (FAULT_ONLY(FAULT_TYPED_GET) | FAULT_ONLY(FAULT_TYPED_ANY_STATE) | FAULT_ONLY(FAULT_TYPED_DELETE))
#define A_FEW .only = (FAULT_ONLY(FAULT_GET) | FAULT_ONLY(FAULT_POST) | FAULT_ONLY(FAULT_TYPED_GET))

#define JSON(length, text) .script = {READ, SEND(STATUS TYPE "Content-Length: " #length "\r\n\r\n" text)}
#define MEASURED(text)     .script = {READ, MEASURE(STATUS TYPE "Content-Length: $\r\n\r\n" text)}
#define ACTIVE(id)         "{\"id\":\"" id "\",\"status\":\"ACTIVE\"}"
#define BAD(length, text)  &fault_nonsense, JSON(length, text)
#define CUT(length, text)                                                                                    \
    {                                                                                                        \
        "J01", "cut behind " #length " bytes", &fault_nonsense, JSON(length, text), A_FEW                    \
    }

/* A document that is another than is due; nobody looks at what a DELETE brings. */
static const fault_verdict other_document = {
    .of = {
        [FAULT_TYPED_GET] = {OKTA_E_PROTOCOL, 1, 200, false},
        [FAULT_TYPED_ANY_STATE] = {OKTA_E_OUTCOME_UNKNOWN, 1, 200, true},
        [FAULT_TYPED_DELETE] = {OKTA_OK, 1, 200, false},
    }};

/* A document without what only a creation cannot do without. */
static const fault_verdict without_id = {.of = {
                                             [FAULT_TYPED_GET] = {OKTA_OK, 1, 200, false},
                                             [FAULT_TYPED_ANY_STATE] = {OKTA_OK, 1, 200, false},
                                             [FAULT_TYPED_DELETE] = {OKTA_OK, 1, 200, false},
                                         }};

/* An activate has happened when its answer says so of the very object. */
static const fault_verdict activated = {.of = {[FAULT_TYPED_ACTIVATE] = {OKTA_OK, 1, 200, false}}};
static const fault_verdict unsettled = {
    .of = {[FAULT_TYPED_ACTIVATE] = {OKTA_E_OUTCOME_UNKNOWN, 1, 200, true}}};

#define FIFTY "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["

static const fault_row rows[] = {
    {"J01", "nothing", &other_document, TYPED_ONLY, JSON(0, "")},
    CUT(1, "{"),
    CUT(2, "{\""),
    CUT(3, "{\"i"),
    CUT(4, "{\"id"),
    CUT(5, "{\"id\""),
    CUT(6, "{\"id\":"),
    CUT(7, "{\"id\":\""),
    CUT(8, "{\"id\":\"g"),
    CUT(9, "{\"id\":\"go"),
    CUT(10, "{\"id\":\"goo"),
    CUT(11, "{\"id\":\"good"),
    CUT(12, "{\"id\":\"good\""),
    {"J01", "cut, its type in capitals", &fault_nonsense,
     .script = {READ, SEND(STATUS "CONTENT-TYPE: APPLICATION/JSON\r\nContent-Length: 12\r\n\r\n"
                                  "{\"id\":\"good\"")}},
    {"J02", "letter behind it", BAD(14, FAULT_GOOD_BODY "x")},
    {"J02", "second document", BAD(15, FAULT_GOOD_BODY "{}")},
    {"J02", "NUL and garbage behind it", BAD(16, FAULT_GOOD_BODY "\0xx")},
    {"J02", "comma behind it", BAD(14, FAULT_GOOD_BODY ",")},
    {"J02", "white space behind it", &fault_whole, JSON(15, FAULT_GOOD_BODY "\r\n"), TYPED_ONLY},
    {"J03", "65 levels", &fault_nonsense,
     .script = {READ,
                SEND(STATUS TYPE "Content-Length: 138\r\n\r\n{\"id\":\"a\",\"x\":" FIFTY "[[[[[[[[[[[[[["
                                 "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"
                                 "}")}},
    {"J03", "hundred thousand levels", &fault_nonsense,
     .script = {READ, SEND(STATUS TYPE "Content-Length: 100000\r\n\r\n"), SEND_TIMES(FIFTY, 2000)}},
    {"J04", "id twice", &other_document, JSON(24, "{\"id\":\"good\",\"id\":\"bad\"}")},
    {"J04", "other member twice", &fault_whole, JSON(27, "{\"id\":\"good\",\"x\":1,\"x\":2.0}"), TYPED_ONLY},
    {"J05", "id in other letters", &without_id, JSON(13, "{\"ID\":\"good\"}")},
    {"J06", "escaped NUL", BAD(19, "{\"id\":\"good\\u0000\"}")},
    {"J06", "raw NUL in a string", BAD(14, "{\"id\":\"good\0\"}")},
    {"J06", "escaped NUL in a name", BAD(19, "{\"id\\u0000\":\"good\"}")},
    {"J07", "byte that is no UTF-8", BAD(14, "{\"id\":\"good\xff\"}")},
    {"J07", "overlong UTF-8", BAD(15, "{\"id\":\"good\xc0\xaf\"}")},
    {"J07", "cut UTF-8", BAD(15, "{\"id\":\"good\xe2\x82\"}")},
    {"J07", "surrogate in UTF-8", BAD(16, "{\"id\":\"good\xed\xa0\x80\"}")},
    {"J07", "lone surrogate", BAD(19, "{\"id\":\"good\\ud800\"}")},
    {"J07", "surrogates in the wrong order", BAD(25, "{\"id\":\"good\\udc00\\ud800\"}")},
    {"J08", "line end in a string", BAD(14, "{\"id\":\"good\n\"}")},
    {"J08", "number with a leading zero", BAD(20, "{\"id\":\"good\",\"x\":01}")},
    {"J08", "number that ends with a point", BAD(20, "{\"id\":\"good\",\"x\":1.}")},
    {"J08", "hexadecimal number", BAD(22, "{\"id\":\"good\",\"x\":0x10}")},
    {"J08", "NaN", BAD(21, "{\"id\":\"good\",\"x\":NaN}")},
    {"J08", "comment", BAD(19, "{\"id\":\"good\"/* */ }")},
    {"J08", "comma behind the last member", BAD(14, "{\"id\":\"good\",}")},
    {"J08", "single quotes", BAD(13, "{'id':'good'}")},
    {"J09", "number beyond all", &fault_whole, JSON(23, "{\"id\":\"good\",\"x\":1e999}"), TYPED_ONLY},
    {"J09", "id that is a number beyond all", &without_id, JSON(12, "{\"id\":1e999}")},
    {"J09", "id that is a number of 2^53 + 1", &without_id, JSON(23, "{\"id\":9007199254740993}")},
    {"J10", "array for an object", &other_document, JSON(15, "[" FAULT_GOOD_BODY "]")},
    {"J10", "string for an object", &other_document, JSON(6, "\"good\"")},
    {"J10", "null for an object", &other_document, JSON(4, "null")},
    {"J10", "id that is a number", &without_id, JSON(8, "{\"id\":7}")},
    {"J10", "id that is an array", &without_id, JSON(15, "{\"id\":[\"good\"]}")},
    {"J10", "id that is null", &without_id, JSON(11, "{\"id\":null}")},
    {"J11", "unknown members", &fault_whole, TYPED_ONLY,
     JSON(42, "{\"new\":{\"a\":[1]},\"id\":\"good\",\"newer\":true}")},
    {"J11", "unknown status", &fault_whole, JSON(34, "{\"id\":\"good\",\"status\":\"SUSPENDED\"}"),
     TYPED_ONLY},
    {"J12", "no members", &without_id, JSON(2, "{}")},
    {"J12", "empty id", &without_id, JSON(9, "{\"id\":\"\"}")},
    {"J13", "byte order mark", &fault_whole, JSON(16, "\xef\xbb\xbf" FAULT_GOOD_BODY), TYPED_ONLY},
    {"J13", "two byte order marks", BAD(19, "\xef\xbb\xbf\xef\xbb\xbf" FAULT_GOOD_BODY)},
    {"J13", "UTF-16",
     BAD(10, "\xff\xfe{\0"
             "\"\0"
             "a\0"
             "}\0")},
    {"J14", "million items", &fault_whole, .body_bytes = 2000000, .only = FAULT_ONLY(FAULT_GET),
     .script = {READ, SEND(STATUS TYPE "Content-Length: 2000003\r\n\r\n["),
                SEND_TIMES("1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,", 40000), SEND("1]")}},
    {"J14", "million members", &fault_whole, .body_bytes = 6000000,
     .only = FAULT_ONLY(FAULT_GET) | FAULT_ONLY(FAULT_TYPED_GET),
     .script = {READ, SEND(STATUS TYPE "Content-Length: 6000007\r\n\r\n{"),
                SEND_TIMES("\"a\":1,\"b\":2,\"c\":3,\"d\":4,", 250000), SEND("\"e\":0}")}},
    {"J14", "string of 15 MiB", &fault_whole, .body_bytes = 15 << 20, .only = FAULT_ONLY(FAULT_GET),
     .script = {READ, SEND(STATUS TYPE "Content-Length: 15728642\r\n\r\n\""), SEND_TIMES(FILL, 245760),
                SEND("\"")}},
    {"J14", "string beyond the cap", &fault_refused, .only = FAULT_ONLY(FAULT_GET),
     .script = {READ, SEND(STATUS TYPE "Content-Length: 67108866\r\n\r\n\""), SEND_TIMES(FILL, 1048576),
                SEND("\"")}},
#define REFUSED_WITH(verdict, length, text)                                                                  \
    verdict, .http_status = 400,                                                                             \
             .script = {READ, SEND("HTTP/1.1 400 x\r\n" TYPE "Content-Length: " #length "\r\n\r\n" text)}
    {"J15", "refusal without a body", REFUSED_WITH(&fault_foreign, 0, "")},
    {"J15", "refusal with an array", REFUSED_WITH(&fault_foreign, 2, "[]")},
    {"J15", "refusal with members of other types",
     REFUSED_WITH(&fault_foreign, 54, "{\"errorCode\":7,\"errorSummary\":[],\"errorCauses\":\"none\"}")},
    {"J15", "refusal with JSON that is cut", REFUSED_WITH(&fault_foreign, 14, "{\"errorCode\":\"")},
    {"J15", "refusal with line ends in its words",
     REFUSED_WITH(&fault_invalid, 53, "{\"errorCode\":\"E0\",\"errorSummary\":\"<b>\\r\\nX: y</b>\"}  ")},
    {"J15", "refusal with 100,000 causes", &fault_invalid, .http_status = 400,
     .only = FAULT_ONLY(FAULT_GET) | FAULT_ONLY(FAULT_POST),
     .script = {READ,
                SEND("HTTP/1.1 400 x\r\n" TYPE
                     "Content-Length: 2500040\r\n\r\n{\"errorCode\":\"E1\",\"errorCauses\":["),
                SEND_TIMES("{\"errorSummary\":\"cause\"},", 100000), SEND("null] }")}},

    /* The object in the answer. */
    {"J16", "object that is active", &activated, .body = ACTIVE("s1"), MEASURED(ACTIVE("s1"))},
    {"J16", "object without a status", &unsettled, MEASURED("{\"id\":\"s1\"}"), .says = "not ACTIVE"},
    {"J16", "object whose status is null", &unsettled, MEASURED("{\"id\":\"s1\",\"status\":null}"),
     .says = "not ACTIVE"},
    {"J16", "object whose status is a number", &unsettled, MEASURED("{\"id\":\"s1\",\"status\":1}"),
     .says = "not ACTIVE"},
    {"J16", "object that is inactive", &unsettled, MEASURED("{\"id\":\"s1\",\"status\":\"INACTIVE\"}"),
     .says = "not ACTIVE"},
    {"J16", "object of an unknown status", &unsettled, MEASURED("{\"id\":\"s1\",\"status\":\"SUSPENDED\"}"),
     .says = "not ACTIVE"},
    {"J16", "object whose status has other letters", &unsettled,
     MEASURED("{\"id\":\"s1\",\"status\":\"active\"}"), .says = "not ACTIVE"},
    {"J16", "active object of another id", &unsettled, MEASURED(ACTIVE("s2")), .says = "another object"},
    {"J16", "active object whose id has other letters", &unsettled, MEASURED(ACTIVE("S1")),
     .says = "another object"},
    {"J16", "active object of a longer id", &unsettled, MEASURED(ACTIVE("s1x")), .says = "another object"},
    {"J16", "active object with an empty id", &unsettled, MEASURED(ACTIVE("")), .says = "another object"},
    {"J16", "active object without an id", &unsettled, MEASURED("{\"status\":\"ACTIVE\"}"),
     .says = "another object"},
    {"J16", "object without members", &unsettled, MEASURED("{}"), .says = "another object"},
};

const fault_group fault_json_rows = {"json", rows, COUNT(rows)};
