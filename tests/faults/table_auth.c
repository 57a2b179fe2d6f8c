/* SPDX-License-Identifier: Apache-2.0 */
/* A01 to A12: tokens, proofs and clocks of a service app. fault_service.h tells how to read a trace. Threads
 * that share a token (A04) are in tests/api/test_tokens.c, a million proofs (A09) in
 * tests/unit/test_assertion.c. */
#include "faults/fault_service.h"
#include "faults/fault_verdicts.h"

/* The same for every kind of request: it is not sent, or the server refused it unseen. */
#define ALIKE(...)                                                                                           \
    (&(const fault_verdict){{[FAULT_GET] = {__VA_ARGS__},                                                    \
                             [FAULT_POST] = {__VA_ARGS__},                                                   \
                             [FAULT_BARE_POST] = {__VA_ARGS__},                                              \
                             [FAULT_PUT] = {__VA_ARGS__},                                                    \
                             [FAULT_DELETE] = {__VA_ARGS__},                                                 \
                             [FAULT_TYPED_GET] = {__VA_ARGS__},                                              \
                             [FAULT_TYPED_ANY_STATE] = {__VA_ARGS__},                                        \
                             [FAULT_TYPED_DELETE] = {__VA_ARGS__}}})
#define WALKED(...)         (&(const fault_verdict){{[FAULT_PAGES] = {__VA_ARGS__}}})
#define GOOD                (&fault_whole)
#define REPLAYED            ALIKE(OKTA_OK, 2, 200, false)
#define NO_TOKEN            ALIKE(OKTA_E_PROTOCOL, 1, 200, false)
#define DENIED(http_status) ALIKE(OKTA_E_AUTH, 1, http_status, false)
/* A 4xx that nothing shows to be the org's refuses nobody. */
#define FOREIGN(http_status) ALIKE(OKTA_E_PROTOCOL, 1, http_status, false)
#define READS                .only = FAULT_ONLY(FAULT_GET)

#define PLAIN(trace_)   .identity = FAULT_SERVICE, .trace = (trace_)
#define DERIVED(trace_) .identity = FAULT_SERVICE_DERIVED, .trace = (trace_)
#define PROVEN(trace_)  .identity = FAULT_SERVICE_DPOP, .trace = (trace_)

/* Waits before the second and before the third request, and both. */
#define WITHIN(min, max) .wait_min_ms = (min), .wait_max_ms = (max)
#define ONE_WAIT         WITHIN(250, 500)
#define TWO_WAITS        WITHIN(750, 1500)

#define NOTHING    "Content-Length: 0\r\n\r\n"
#define HTTP(code) "HTTP/1.1 " #code " x\r\n"
#define HOUR_MS    3600000

/* Answers of the token endpoint. */
#define ISSUE(type, id)   MEASURE(STATUS TYPE FAULT_MEASURED FAULT_TOKEN_BODY(type, id))
#define ISSUE_1           ISSUE("Bearer", "1")
#define ISSUE_DPOP_1      ISSUE("DPoP", "1")
#define SAY(code, error)  MEASURE(HTTP(code) TYPE FAULT_MEASURED "{\"error\":\"" error "\"}")
#define DOCUMENT(body)    MEASURE(STATUS TYPE FAULT_MEASURED body)
#define ACCESS_TOKEN      "\"access_token\":\"" FAULT_ISSUED "1\""
#define LIVES(expires_in) DOCUMENT("{\"token_type\":\"Bearer\"," ACCESS_TOKEN expires_in "}")
#define PAGE_OF_A_GATEWAY TYPE_HTML FAULT_MEASURED "<html><body>Log in</body></html>"
#define TYPE_HTML         "Content-Type: text/html\r\n"
#define MOVED(code, target)                                                                                  \
    MEASURE(HTTP(code) "Location: " target "\r\n" TYPE FAULT_MEASURED "{" ACCESS_TOKEN "}")

/* Answers of the API. */
#define REFUSED        SEND(HTTP(401) "WWW-Authenticate: Bearer error=\"invalid_token\"\r\n" NOTHING)
#define REFUSED_PROVEN SEND(HTTP(401) "WWW-Authenticate: DPoP error=\"invalid_token\"\r\n" NOTHING)
#define EXPIRED                                                                                              \
    MEASURE(HTTP(401) TYPE FAULT_MEASURED                                                                    \
            "{\"errorCode\":\"E0000011\",\"errorSummary\":\"Invalid token provided\"}")
#define LIST(items, more) MEASURE(STATUS TYPE more FAULT_MEASURED "[" items "]")
#define LEADS_TO(path)    "Link: <" path ">; rel=\"next\"\r\n"
#define PAGE_2            "/api/v1/things?after=2"
#define PAGE_3            "/api/v1/things?after=3"

/* DPoP nonces. */
#define NONCE(value)           "DPoP-Nonce: " value "\r\n"
#define ASK_TOKEN_NONCE(lines) MEASURE(HTTP(400) TYPE lines FAULT_MEASURED "{\"error\":\"use_dpop_nonce\"}")
#define ASK_API_NONCE(lines)                                                                                 \
    SEND(HTTP(401) "WWW-Authenticate: DPoP error=\"use_dpop_nonce\"\r\n" lines NOTHING)
#define WITH(lines) SEND(STATUS TYPE lines LENGTH BODY)
/* The nonce of a good answer to the operation, and what the next proof carries. */
#define BRINGS(lines, next) GOOD, .script = {WITH(lines)}, PROVEN("T/ C9/ P9/" next)

/* A refusal of the token endpoint, dated. The client's clock says 15:06:41. */
#define DATED(code, date)                                                                                    \
    MEASURE(HTTP(code) "Date: " date "\r\n" TYPE FAULT_MEASURED "{\"error\":\"invalid_client\"}")
/* The second request is dated so, and gets a token. */
#define LEARNT(date, offset) GOOD, .tokens = {DATED(400, date)}, .dated = true, PLAIN("T T@" offset " C9 P9")

/* A first attempt may have changed something, and then there is no token for a second. */
static const fault_verdict torn = {{
    [FAULT_GET] = {OKTA_E_AUTH, 1, 400, false},
    [FAULT_PUT] = {OKTA_E_OUTCOME_UNKNOWN, 2, 0, false},
    [FAULT_DELETE] = {OKTA_E_OUTCOME_UNKNOWN, 2, 0, false},
}};
static const fault_verdict torn_at_the_api = {{
    [FAULT_GET] = {OKTA_E_AUTH, 3, 401, false},
    [FAULT_PUT] = {OKTA_E_OUTCOME_UNKNOWN, 3, 401, true},
    [FAULT_DELETE] = {OKTA_E_OUTCOME_UNKNOWN, 3, 401, true},
}};

static const fault_row rows[] = {
    {"A01", "token refused", REPLAYED, .script = {REFUSED}, .tokens = {ISSUE_1}, PLAIN("T C1 T C9 P9")},
    {"A01", "token refused that was good before", REPLAYED, .script = {REFUSED}, .tokens = {ISSUE_1},
     .warm = true, PLAIN("T P1 C1 T C9 P9")},
    {"A01", "token refused with a document", REPLAYED, .script = {EXPIRED}, .tokens = {ISSUE_1},
     PLAIN("T C1 T C9 P9")},
    {"A01", "token refused without a word", REPLAYED, .script = {SEND(HTTP(401) NOTHING)},
     .tokens = {ISSUE_1}, PLAIN("T C1 T C9 P9")},
    {"A01", "token refused with a page", REPLAYED, .script = {MEASURE(HTTP(401) PAGE_OF_A_GATEWAY)},
     .tokens = {ISSUE_1}, PLAIN("T C1 T C9 P9")},
    {"A01", "token refused and the connection closed", REPLAYED,
     .script = {SEND(HTTP(401) "Connection: close\r\n" NOTHING), CLOSE}, .tokens = {ISSUE_1},
     PLAIN("T C1 T C9 P9")},
    {"A01", "bound token refused", REPLAYED, .script = {REFUSED_PROVEN}, .tokens = {ISSUE_DPOP_1},
     PROVEN("T/ C1/ T/ C9/ P9/")},
    {"A01", "token refused, and the same given again", REPLAYED, .script = {REFUSED},
     .tokens = {ISSUE_1, NEXT, ISSUE_1}, PLAIN("T C1 T C1 P1")},
    {"A01", "token refused, and no other given", DENIED(400), .script = {REFUSED},
     .tokens = {ISSUE_1, NEXT, SAY(400, "invalid_grant")}, .says = "invalid_grant", PLAIN("T C1 T P1")},
    {"A01", "token refused, then trouble at the token endpoint", REPLAYED, .script = {REFUSED},
     .tokens = {ISSUE_1, NEXT, SEND(HTTP(503) NOTHING)}, ONE_WAIT, PLAIN("T C1 T T C9 P9")},

    {"A01", "500, then the token refused, and no other given", &torn,
     .script = {SEND(HTTP(500) NOTHING), NEXT, REFUSED}, .tokens = {ISSUE_1, NEXT, SAY(400, "invalid_grant")},
     ONE_WAIT, PLAIN("T C1 C1 T P1")},

    {"A02", "token refused for the second page", &fault_listed, .pages = 2, .items = "12", .target = PAGE_2,
     .script = {LIST("1", LEADS_TO(PAGE_2)), NEXT, REFUSED, NEXT, LIST("2", "")}, .tokens = {ISSUE_1},
     PLAIN("T C1 C1 T C9 P9")},
    {"A02", "token refused for the first page", &fault_listed, .pages = 2, .items = "12", .target = PAGE_2,
     .script = {REFUSED, NEXT, LIST("1", LEADS_TO(PAGE_2)), NEXT, LIST("2", "")}, .tokens = {ISSUE_1},
     PLAIN("T C1 T C9 C9 P9")},
    {"A02", "token refused for each further page", &fault_listed, .pages = 3, .items = "123",
     .target = PAGE_3,
     .script = {LIST("1", LEADS_TO(PAGE_2)), NEXT, REFUSED, NEXT, LIST("2", LEADS_TO(PAGE_3)), NEXT, REFUSED,
                NEXT, LIST("3", "")},
     .tokens = {ISSUE_1, NEXT, ISSUE("Bearer", "2")}, PLAIN("T C1 C1 T C2 C2 T C9 P9")},
    {"A02", "bound token refused for the second page", &fault_listed, .pages = 2, .items = "12",
     .target = PAGE_2, .script = {LIST("1", LEADS_TO(PAGE_2)), NEXT, REFUSED_PROVEN, NEXT, LIST("2", "")},
     .tokens = {ISSUE_DPOP_1}, PROVEN("T/ C1/ C1/ T/ C9/ P9/")},
    {"A02", "every token refused for the second page", WALKED(OKTA_E_AUTH, 2, 401, false), .pages = 1,
     .items = "1", .target = PAGE_2, .script = {LIST("1", LEADS_TO(PAGE_2)), NEXT, REFUSED, NEXT, REFUSED},
     .tokens = {ISSUE_1}, PLAIN("T C1 C1 T C9 P9")},

    {"A03", "every token refused", ALIKE(OKTA_E_AUTH, 2, 401, false), .script = {REFUSED, NEXT, REFUSED},
     .tokens = {ISSUE_1}, PLAIN("T C1 T C9 P9")},
    {"A03", "every token refused, after a good one", ALIKE(OKTA_E_AUTH, 2, 401, false),
     .script = {EXPIRED, NEXT, EXPIRED}, .tokens = {ISSUE_1}, .says = "E0000011", .warm = true,
     PLAIN("T P1 C1 T C9 P9")},
    {"A03", "500, then every token refused", &torn_at_the_api,
     .script = {SEND(HTTP(500) NOTHING), NEXT, REFUSED, NEXT, REFUSED}, .tokens = {ISSUE_1}, ONE_WAIT,
     PLAIN("T C1 C1 T C9 P9")},
    {"A03", "every bound token refused", ALIKE(OKTA_E_AUTH, 2, 401, false),
     .script = {REFUSED_PROVEN, NEXT, REFUSED_PROVEN}, .tokens = {ISSUE_DPOP_1}, PROVEN("T/ C1/ T/ C9/ P9/")},

    /* Trouble at the token endpoint. */
    {"A05", "500", GOOD, .tokens = {SEND(HTTP(500) NOTHING)}, ONE_WAIT, PLAIN("T T C9 P9")},
    {"A05", "502 with a page", GOOD, .tokens = {MEASURE(HTTP(502) PAGE_OF_A_GATEWAY)}, ONE_WAIT,
     PLAIN("T T C9 P9")},
    {"A05", "503 twice", GOOD, .tokens = {SEND(HTTP(503) NOTHING), NEXT, SEND(HTTP(504) NOTHING)}, TWO_WAITS,
     PLAIN("T T T C9 P9")},
    {"A05", "500 for ever", ALIKE(OKTA_E_SERVER, FAULT_ALL, 500, true),
     .tokens = {SEND(HTTP(500) NOTHING), NEXT, SEND(HTTP(500) NOTHING), NEXT, SEND(HTTP(500) NOTHING)},
     TWO_WAITS, PLAIN("T T T T P9")},
    {"A05", "502 with a page for ever", ALIKE(OKTA_E_SERVER, FAULT_ALL, 502, true),
     .tokens = {MEASURE(HTTP(502) PAGE_OF_A_GATEWAY), NEXT, MEASURE(HTTP(502) PAGE_OF_A_GATEWAY), NEXT,
                MEASURE(HTTP(502) PAGE_OF_A_GATEWAY)},
     .hides = "<", TWO_WAITS, PLAIN("T T T T P9")},
    {"A05", "500, and no repetition allowed", ALIKE(OKTA_E_SERVER, 1, 500, true), .single = true,
     .tokens = {SEND(HTTP(500) NOTHING)}, PLAIN("T T P9")},
    {"A05", "501", ALIKE(OKTA_E_SERVER, 1, 501, false), .tokens = {SEND(HTTP(501) NOTHING)}, PLAIN("T T P9")},
    {"A05", "429 with Retry-After", GOOD, .tokens = {SEND(HTTP(429) "Retry-After: 5\r\n" NOTHING)},
     WITHIN(5000, 15000), PLAIN("T T C9 P9")},
    {"A05", "429 for ever", ALIKE(OKTA_E_RATE_LIMITED, FAULT_ALL, 429, true),
     .tokens = {SEND(HTTP(429) "Retry-After: 5\r\n" NOTHING), NEXT,
                SEND(HTTP(429) "Retry-After: 5\r\n" NOTHING), NEXT,
                SEND(HTTP(429) "Retry-After: 5\r\n" NOTHING)},
     WITHIN(10000, 30000), .told_ms = 5000, PLAIN("T T T T P9")},
    {"A05", "429 with Retry-After behind the deadline", ALIKE(OKTA_E_RATE_LIMITED, 1, 429, true),
     .tokens = {SEND(HTTP(429) "Retry-After: 3600\r\n" NOTHING)}, .told_ms = 3600000, PLAIN("T T P9")},
    {"A05", "closed without an answer", GOOD, .tokens = {CLOSE}, ONE_WAIT, PLAIN("T T C9 P9")},
    {"A05", "closed without an answer for ever", ALIKE(OKTA_E_TRANSPORT, FAULT_ALL, 0, true),
     .tokens = {CLOSE, NEXT, CLOSE, NEXT, CLOSE}, TWO_WAITS, PLAIN("T T T T P9")},
    {"A05", "reset", GOOD, .tokens = {RESET}, ONE_WAIT, PLAIN("T T C9 P9")},
    {"A05", "answer cut short", GOOD,
     .tokens = {SEND(STATUS TYPE "Content-Length: 200\r\n\r\n{\"token_type\":\"Bearer\"," ACCESS_TOKEN),
                CLOSE},
     ONE_WAIT, PLAIN("T T C9 P9")},
    {"A05", "answer cut short for ever", ALIKE(OKTA_E_TRANSPORT, FAULT_ALL, 0, true),
     .tokens = {SEND(STATUS TYPE "Content-Length: 200\r\n\r\n{" ACCESS_TOKEN), CLOSE, NEXT,
                SEND(STATUS TYPE "Content-Length: 200\r\n\r\n{" ACCESS_TOKEN), CLOSE, NEXT,
                SEND(STATUS TYPE "Content-Length: 200\r\n\r\n{" ACCESS_TOKEN), CLOSE},
     TWO_WAITS, PLAIN("T T T T P9")},
    /* The token endpoint is asked in each: the time is long enough for a busy machine to sign and connect. */
    {"A05", "no answer", ALIKE(OKTA_E_TIMEOUT, 1, 0, true), .tokens = {STALL}, .timeout_ms = 3000,
     .single = true, .only = FAULT_ONLY(FAULT_GET) | FAULT_ONLY(FAULT_POST), PLAIN("T T P9")},
    {"A05", "half an answer", ALIKE(OKTA_E_TIMEOUT, 1, 0, true),
     .tokens = {SEND(STATUS TYPE "Content-Length: 200\r\n\r\n{" ACCESS_TOKEN), STALL}, .timeout_ms = 3000,
     .single = true, READS, PLAIN("T T P9")},
    {"A05", "301 to another host", ALIKE(OKTA_E_PROTOCOL, 1, 301, false), .other = true,
     .tokens = {MOVED(301, "http://127.0.0.1:^" FAULT_TOKEN_PATH)}, PLAIN("T T P9")},
    {"A05", "302 to another host", ALIKE(OKTA_E_PROTOCOL, 1, 302, false), .other = true,
     .tokens = {MOVED(302, "http://127.0.0.1:^" FAULT_TOKEN_PATH)}, PLAIN("T T P9")},
    {"A05", "303 to the same host", ALIKE(OKTA_E_PROTOCOL, 1, 303, false), .other = true,
     .tokens = {MOVED(303, "http://127.0.0.1:~/oauth2/v2/token")}, PLAIN("T T P9")},
    {"A05", "307 to another host", ALIKE(OKTA_E_PROTOCOL, 1, 307, false), .other = true,
     .tokens = {MOVED(307, "//127.0.0.1:^" FAULT_TOKEN_PATH)}, PLAIN("T T P9")},
    {"A05", "308 to another host, with a proof", ALIKE(OKTA_E_PROTOCOL, 1, 308, false), .other = true,
     .tokens = {MOVED(308, "http://127.0.0.1:^" FAULT_TOKEN_PATH)}, PROVEN("T/ T/ P9/")},
    {"A05", "200 of a page", NO_TOKEN, .tokens = {MEASURE(STATUS PAGE_OF_A_GATEWAY)}, PLAIN("T T P9")},
    {"A05", "empty 200", NO_TOKEN, .tokens = {SEND(STATUS TYPE NOTHING)}, .says = "empty", PLAIN("T T P9")},
    {"A05", "204", ALIKE(OKTA_E_PROTOCOL, 1, 204, false), .tokens = {SEND("HTTP/1.1 204 x\r\n\r\n")},
     PLAIN("T T P9")},
    {"A05", "document cut short", NO_TOKEN, .tokens = {DOCUMENT("{\"token_type\":\"Bearer\"," ACCESS_TOKEN)},
     PLAIN("T T P9")},
    {"A05", "document and more", NO_TOKEN,
     .tokens = {DOCUMENT("{\"token_type\":\"Bearer\"," ACCESS_TOKEN "} {}")}, PLAIN("T T P9")},
    {"A05", "document in a list", NO_TOKEN,
     .tokens = {DOCUMENT("[{\"token_type\":\"Bearer\"," ACCESS_TOKEN "}]")}, PLAIN("T T P9")},
    {"A05", "two tokens in one document", NO_TOKEN,
     .tokens = {DOCUMENT("{\"token_type\":\"Bearer\"," ACCESS_TOKEN "," ACCESS_TOKEN "}")}, PLAIN("T T P9")},
    {"A05", "no access_token", NO_TOKEN, .tokens = {DOCUMENT("{\"token_type\":\"Bearer\"}")},
     .says = "access_token", PLAIN("T T P9")},
    {"A05", "empty access_token", NO_TOKEN,
     .tokens = {DOCUMENT("{\"token_type\":\"Bearer\",\"access_token\":\"\"}")}, .says = "access_token",
     PLAIN("T T P9")},
    {"A05", "access_token of two lines", NO_TOKEN,
     .tokens = {DOCUMENT("{\"token_type\":\"Bearer\",\"access_token\":\"" FAULT_ISSUED "1\\r\\nX: y\"}")},
     .says = "access_token", PLAIN("T T P9")},
    {"A05", "access_token that is a number", NO_TOKEN,
     .tokens = {DOCUMENT("{\"token_type\":\"Bearer\",\"access_token\":17}")}, .says = "access_token",
     PLAIN("T T P9")},

    /* A life that makes no sense is one of 5 minutes, less a margin; the longest is a day. */
    {"A05", "life of 0 s", GOOD, .tokens = {LIVES(",\"expires_in\":0")}, .later_ms = 230000,
     PLAIN("T C1 P1")},
    {"A05", "life of 0 s, used up", GOOD, .tokens = {LIVES(",\"expires_in\":0")}, .later_ms = 300000,
     PLAIN("T C1 T P9")},
    {"A05", "life of -1 s", GOOD, .tokens = {LIVES(",\"expires_in\":-1")}, .later_ms = 230000,
     PLAIN("T C1 P1")},
    {"A05", "life that is a string", GOOD, .tokens = {LIVES(",\"expires_in\":\"3600\"")}, .later_ms = 230000,
     PLAIN("T C1 P1")},
    {"A05", "life that is a string, used up", GOOD, .tokens = {LIVES(",\"expires_in\":\"3600\"")},
     .later_ms = 300000, PLAIN("T C1 T P9")},
    {"A05", "life that is null", GOOD, .tokens = {LIVES(",\"expires_in\":null")}, .later_ms = 230000,
     PLAIN("T C1 P1")},
    {"A05", "no life told", GOOD, .tokens = {LIVES("")}, .later_ms = 230000, PLAIN("T C1 P1")},
    {"A05", "no life told, used up", GOOD, .tokens = {LIVES("")}, .later_ms = 300000, PLAIN("T C1 T P9")},
    {"A05", "life of 1e18 s", GOOD, .tokens = {LIVES(",\"expires_in\":1000000000000000000")},
     .later_ms = 22 * HOUR_MS, PLAIN("T C1 P1")},
    {"A05", "life of 1e18 s, a day later", GOOD, .tokens = {LIVES(",\"expires_in\":1000000000000000000")},
     .later_ms = 24 * HOUR_MS, PLAIN("T C1 T P9")},
    {"A05", "life of 1e18 s, as a power", GOOD, .tokens = {LIVES(",\"expires_in\":1e18")},
     .later_ms = 24 * HOUR_MS, PLAIN("T C1 T P9")},
    {"A05", "life beyond 64 bits", GOOD, .tokens = {LIVES(",\"expires_in\":99999999999999999999999")},
     .later_ms = 24 * HOUR_MS, PLAIN("T C1 T P9")},
    {"A05", "life of 1 s", GOOD, .tokens = {LIVES(",\"expires_in\":1")}, PLAIN("T C1 T P9")},

    {"A06", "Bearer for DPoP", NO_TOKEN, .tokens = {ISSUE_1}, .says = "not bound", PROVEN("T/ T/ P9/")},
    {"A06", "DPoP for Bearer", NO_TOKEN, .tokens = {ISSUE_DPOP_1}, .says = "not of type Bearer",
     PLAIN("T T P9")},
    {"A06", "no type", NO_TOKEN, .tokens = {DOCUMENT("{" ACCESS_TOKEN "}")}, .says = "type", PLAIN("T T P9")},
    {"A06", "no type for DPoP", NO_TOKEN, .tokens = {DOCUMENT("{" ACCESS_TOKEN "}")}, .says = "not bound",
     PROVEN("T/ T/ P9/")},
    {"A06", "type of another kind", NO_TOKEN, .tokens = {ISSUE("mac", "1")}, .says = "type", PLAIN("T T P9")},
    {"A06", "type that begins as it should", NO_TOKEN, .tokens = {ISSUE("DPoPx", "1")}, PROVEN("T/ T/ P9/")},
    {"A06", "type that is no string", NO_TOKEN,
     .tokens = {DOCUMENT("{\"token_type\":true," ACCESS_TOKEN "}")}, PLAIN("T T P9")},
    {"A06", "type in small letters", GOOD, .tokens = {ISSUE("bearer", "1")}, PLAIN("T C1 P1")},
    {"A06", "Bearer for DPoP at the renewal", ALIKE(OKTA_E_PROTOCOL, 1, 200, false),
     .script = {REFUSED_PROVEN}, .tokens = {ISSUE_DPOP_1, NEXT, ISSUE_1}, .says = "not bound",
     PROVEN("T/ C1/ T/ P1/")},

    {"A07", "token endpoint asks for a proof", GOOD, .authorization = "DPoP " FAULT_ISSUED,
     .tokens = {SAY(400, "invalid_dpop_proof"), NEXT, ISSUE_DPOP_1}, PLAIN("T T/ C1/ P1/")},
    {"A07", "token endpoint asks for a nonce, of a client without proofs", GOOD,
     .authorization = "DPoP " FAULT_ISSUED, .tokens = {ASK_TOKEN_NONCE(NONCE("t1")), NEXT, ISSUE_DPOP_1},
     PLAIN("T T/t1 C1/ P1/")},
    {"A07", "token endpoint asks for a proof, then for a nonce", GOOD, .authorization = "DPoP " FAULT_ISSUED,
     .tokens = {SAY(400, "invalid_dpop_proof"), NEXT, ASK_TOKEN_NONCE(NONCE("t1")), NEXT, ISSUE_DPOP_1},
     PLAIN("T T/ T/t1 C1/ P1/")},
    {"A07", "token endpoint likes no proof", DENIED(400), .tokens = {SAY(400, "invalid_dpop_proof")},
     .says = "invalid_dpop_proof", PROVEN("T/ T/ P9/")},
    {"A07", "token endpoint asks for a nonce", GOOD, .tokens = {ASK_TOKEN_NONCE(NONCE("t1"))},
     PROVEN("T/ T/t1 C9/ P9/")},
    {"A07", "token endpoint asks for a nonce for ever", ALIKE(OKTA_E_AUTH, 2, 400, false),
     .tokens = {ASK_TOKEN_NONCE(NONCE("t1")), NEXT, ASK_TOKEN_NONCE(NONCE("t1"))}, .says = "use_dpop_nonce",
     PROVEN("T/ T/t1 T/t1 P9/")},
    {"A07", "token endpoint asks for another nonce each time", ALIKE(OKTA_E_AUTH, 2, 400, false),
     .tokens = {ASK_TOKEN_NONCE(NONCE("t1")), NEXT, ASK_TOKEN_NONCE(NONCE("t2"))}, .says = "use_dpop_nonce",
     PROVEN("T/ T/t1 T/t2 P9/")},
    {"A07", "token endpoint asks for a nonce and gives none", DENIED(400), .tokens = {ASK_TOKEN_NONCE("")},
     .says = "use_dpop_nonce", PROVEN("T/ T/ P9/")},
    {"A07", "token endpoint asks for a nonce, then is in trouble", GOOD,
     .tokens = {ASK_TOKEN_NONCE(NONCE("t1")), NEXT, SEND(HTTP(500) NOTHING)}, .wait_min_ms = 250,
     .wait_max_ms = 1000, PROVEN("T/ T/t1 T/t1 C9/ P9/")},
    {"A07", "API asks for a nonce", REPLAYED, .script = {ASK_API_NONCE(NONCE("n1"))},
     PROVEN("T/ C9/ C9/n1 P9/n1")},
    {"A07", "API asks for a nonce for ever", ALIKE(OKTA_E_AUTH, 2, 401, false),
     .script = {ASK_API_NONCE(NONCE("n1")), NEXT, ASK_API_NONCE(NONCE("n1"))}, PROVEN("T/ C9/ C9/n1 P9/n1")},
    {"A07", "API asks for another nonce each time", ALIKE(OKTA_E_AUTH, 2, 401, false),
     .script = {ASK_API_NONCE(NONCE("n1")), NEXT, ASK_API_NONCE(NONCE("n2"))}, PROVEN("T/ C9/ C9/n1 P9/n2")},
    {"A07", "API asks for a nonce and gives none", ALIKE(OKTA_E_AUTH, 1, 401, false),
     .script = {ASK_API_NONCE("")}, PROVEN("T/ C9/ P9/")},
    {"A07", "API asks for a nonce, then refuses the token", ALIKE(OKTA_OK, 3, 200, false),
     .script = {ASK_API_NONCE(NONCE("n1")), NEXT, REFUSED_PROVEN}, .tokens = {ISSUE_DPOP_1},
     PROVEN("T/ C1/ C1/n1 T/ C9/n1 P9/n1")},
    {"A07", "both ask for a nonce, each for its own", REPLAYED, .script = {ASK_API_NONCE(NONCE("n1"))},
     .tokens = {ASK_TOKEN_NONCE(NONCE("t1")), NEXT, ISSUE_DPOP_1}, .later_ms = HOUR_MS,
     PROVEN("T/ T/t1 C1/ C1/n1 T/t1 P9/n1")},
    {"A07", "API asks a client without proofs for a nonce", REPLAYED, .script = {ASK_API_NONCE(NONCE("n1"))},
     .tokens = {ISSUE_1}, PLAIN("T C1 T C9 P9")},

    {"A08", "nonce with an answer", BRINGS(NONCE("n1"), "n1")},
    {"A08", "nonce changes with each answer", &fault_listed, .pages = 2, .items = "12",
     .script = {LIST("1", LEADS_TO(PAGE_2) NONCE("n1")), NEXT, LIST("2", NONCE("n2"))},
     PROVEN("T/ C9/ C9/n1 P9/n2")},
    {"A08", "nonce with a token", GOOD,
     .tokens = {MEASURE(STATUS TYPE NONCE("t1") FAULT_MEASURED FAULT_TOKEN_BODY("DPoP", "1"))},
     .later_ms = HOUR_MS, PROVEN("T/ C1/ T/t1 P9/")},
    {"A08", "nonce with a 500", ALIKE(OKTA_OK, 2, 200, false),
     .script = {SEND(HTTP(500) NONCE("n1") NOTHING)}, READS, ONE_WAIT, PROVEN("T/ C9/ C9/n1 P9/n1")},
    {"A08", "nonce with a refused token", REPLAYED,
     .script = {SEND(HTTP(401) "WWW-Authenticate: DPoP error=\"invalid_token\"\r\n" NONCE("n1") NOTHING)},
     .tokens = {ISSUE_DPOP_1}, PROVEN("T/ C1/ T/ C9/n1 P9/n1")},
    {"A08", "nonce for a client without proofs", GOOD, .script = {WITH(NONCE("n1"))}, PLAIN("T C9 P9")},
    {"A08", "empty nonce", BRINGS("DPoP-Nonce:\r\n", "")},
    {"A08", "nonce of spaces", BRINGS(NONCE("  "), "")},
    {"A08", "nonce with a quote", BRINGS(NONCE("n\\\",\\\"htu\\\":\\\"x"), "")},
    {"A08", "nonce with a bare quote", BRINGS(NONCE("n\",\"jti\":\"x"), "")},
    {"A08", "nonce with a backslash", BRINGS(NONCE("n\\u0022"), "")},
    {"A08", "nonce of two words", BRINGS(NONCE("n 1"), "")},
    {"A08", "nonce with a tab", BRINGS(NONCE("n\t1"), "")},
    {"A08", "nonce that is not ASCII", BRINGS(NONCE("n\xc3\xbc"), "")},
    {"A08", "nonce with DEL", BRINGS(NONCE("n\x7f"), "")},
    {"A08", "nonce with a line end", BRINGS(NONCE("n1\r\nX-Other: n2"), "n1")},
    {"A08", "two nonces", BRINGS(NONCE("n1") NONCE("n2"), "n1")},
    {"A08", "two nonces, the first is none", BRINGS(NONCE("n 1") NONCE("n2"), "")},
    {"A08", "nonce of 256 bytes", GOOD,
     .script = {SEND(STATUS "DPoP-Nonce: "),
                SEND_TIMES("yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy", 4),
                SEND("\r\n" TYPE LENGTH BODY)},
     PROVEN("T/ C9/ P9/256")},
    {"A08", "nonce of 257 bytes", GOOD,
     .script = {SEND(STATUS "DPoP-Nonce: n"),
                SEND_TIMES("yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy", 4),
                SEND("\r\n" TYPE LENGTH BODY)},
     PROVEN("T/ C9/ P9/")},
    {"A08", "nonce of 10 KiB", GOOD,
     .script = {SEND(STATUS "DPoP-Nonce: "),
                SEND_TIMES("yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy", 160),
                SEND("\r\n" TYPE LENGTH BODY)},
     PROVEN("T/ C9/ P9/")},
    {"A08", "nonce asked for is none", ALIKE(OKTA_E_AUTH, 1, 401, false),
     .script = {ASK_API_NONCE(NONCE("n 1"))}, PROVEN("T/ C9/ P9/")},
    {"A08", "nonce that the token endpoint asks for is none", DENIED(400),
     .tokens = {ASK_TOKEN_NONCE(NONCE("t\"1"))}, PROVEN("T/ T/ P9/")},

    /* The client's clock says 15:06:41. What the refusal says is believed up to 10 minutes either way. */
    {"A10", "clock 6 s slow", LEARNT("Sun, 15 Jun 2025 15:06:47 GMT", "6")},
    {"A10", "clock 5 minutes fast", LEARNT("Sun, 15 Jun 2025 15:01:41 GMT", "-300")},
    {"A10", "clock 600 s slow", LEARNT("Sun, 15 Jun 2025 15:16:41 GMT", "600")},
    {"A10", "clock 601 s slow", LEARNT("Sun, 15 Jun 2025 15:16:42 GMT", "600")},
    {"A10", "clock 600 s fast", LEARNT("Sun, 15 Jun 2025 14:56:41 GMT", "-600")},
    {"A10", "clock 601 s fast", LEARNT("Sun, 15 Jun 2025 14:56:40 GMT", "-600")},
    {"A10", "clock a year slow", LEARNT("Mon, 15 Jun 2026 15:06:41 GMT", "600")},
    {"A10", "clock a year fast", LEARNT("Sat, 15 Jun 2024 15:06:41 GMT", "-600")},
    {"A10", "date of 1970", LEARNT("Thu, 01 Jan 1970 00:00:00 GMT", "-600")},
    {"A10", "date of 2038", LEARNT("Tue, 19 Jan 2038 03:14:08 GMT", "600")},
    {"A10", "clock a year slow, for the server too", ALIKE(OKTA_E_AUTH, 2, 400, false),
     .tokens = {DATED(400, "Mon, 15 Jun 2026 15:06:41 GMT"), NEXT,
                DATED(400, "Mon, 15 Jun 2026 15:06:41 GMT")},
     .says = "invalid_client", .dated = true, PLAIN("T T@600 T@602 P9")},
    {"A10", "clock is another each time", ALIKE(OKTA_E_AUTH, 2, 400, false),
     .tokens = {DATED(400, "Sun, 15 Jun 2025 15:08:41 GMT"), NEXT,
                DATED(400, "Sun, 15 Jun 2025 15:10:41 GMT")},
     .dated = true, PLAIN("T T@120 T@242 P9")},
    {"A10", "clock slow, says a 401", GOOD, .tokens = {DATED(401, "Sun, 15 Jun 2025 15:08:41 GMT")},
     .dated = true, PLAIN("T T@120 C9 P9")},
    {"A10", "clock slow, says a 403", DENIED(403), .tokens = {DATED(403, "Sun, 15 Jun 2025 15:08:41 GMT")},
     .dated = true, PLAIN("T T@122 P9")},
    {"A10", "clock slow, says the API", REPLAYED, .tokens = {ISSUE_1},
     .script = {SEND(HTTP(401) "Date: Sun, 15 Jun 2025 15:08:41 GMT\r\n" NOTHING)}, .dated = true,
     PLAIN("T C1 T@120 C9 P9")},
    {"A10", "clock slow, and a nonce asked for", GOOD,
     .tokens = {ASK_TOKEN_NONCE("Date: Sun, 15 Jun 2025 15:08:41 GMT\r\n" NONCE("t1"))}, .dated = true,
     PROVEN("T/ T@120/t1 C9/ P9/")},
    {"A10", "clock 5 s slow", DENIED(400), .tokens = {DATED(400, "Sun, 15 Jun 2025 15:06:46 GMT")},
     PLAIN("T T P9")},
    {"A10", "clock is right", DENIED(400), .tokens = {DATED(400, "Sun, 15 Jun 2025 15:06:41 GMT")},
     PLAIN("T T P9")},
    {"A10", "no date", DENIED(400), .tokens = {SAY(400, "invalid_client")}, .dated = true, PLAIN("T T@2 P9")},
    {"A10", "date that makes no sense", DENIED(400), .tokens = {DATED(400, "yesterday")}, .dated = true,
     PLAIN("T T@2 P9")},
    {"A10", "empty date", DENIED(400), .tokens = {DATED(400, "")}, .dated = true, PLAIN("T T@2 P9")},
    {"A10", "date of a 31st of June", DENIED(400), .tokens = {DATED(400, "Tue, 31 Jun 2025 15:06:41 GMT")},
     .dated = true, PLAIN("T T@2 P9")},
    {"A10", "date as a number", DENIED(400), .tokens = {DATED(400, "1750000601")}, .dated = true,
     PLAIN("T T@2 P9")},

    /* That no assertion comes twice is looked at in all rows. */
    {"A11", "asked again after no answer", GOOD, .tokens = {CLOSE, NEXT, RESET}, TWO_WAITS,
     PLAIN("T T T C9 P9")},
    {"A11", "asked again after a 503", GOOD, .tokens = {SEND(HTTP(503) NOTHING)}, ONE_WAIT,
     PLAIN("T T C9 P9")},
    {"A11", "asked again after a 503, with proofs", GOOD, .tokens = {SEND(HTTP(503) NOTHING)}, ONE_WAIT,
     PROVEN("T/ T/ C9/ P9/")},
    {"A11", "asked for over a connection that died", GOOD, .script = {SEND(FAULT_GOOD), CLOSE},
     .tokens = {ISSUE_1}, .later_ms = HOUR_MS, PLAIN("T C1 T P9")},

    {"A12", "400 invalid_client", DENIED(400), .tokens = {SAY(400, "invalid_client")},
     .says = "invalid_client", PLAIN("T T P9")},
    {"A12", "400 invalid_scope", DENIED(400), .tokens = {SAY(400, "invalid_scope")}, .says = "invalid_scope",
     PLAIN("T T P9")},
    {"A12", "400 unauthorized_client", DENIED(400), .tokens = {SAY(400, "unauthorized_client")},
     .says = "unauthorized_client", PLAIN("T T P9")},
    {"A12", "400 with a description", DENIED(400),
     .tokens = {SAY(400, "invalid_client\",\"error_description\":\"The key\\r\\nis not known.")},
     .says = "is not known.", PLAIN("T T P9")},
    {"A12", "400 without a word", FOREIGN(400), .tokens = {SEND(HTTP(400) NOTHING)}, .says = "HTTP 400",
     PLAIN("T T P9")},
    {"A12", "400 with a page", FOREIGN(400), .tokens = {MEASURE(HTTP(400) PAGE_OF_A_GATEWAY)}, .hides = "<",
     PLAIN("T T P9")},
    {"A12", "401", DENIED(401), .tokens = {SAY(401, "invalid_client")}, .says = "invalid_client",
     PLAIN("T T P9")},
    {"A12", "401 in Okta's own form", DENIED(401), .tokens = {EXPIRED}, .says = "E0000011", PLAIN("T T P9")},
    {"A12", "401 with proofs", DENIED(401), .tokens = {SAY(401, "invalid_client")}, .says = "invalid_client",
     PROVEN("T/ T/ P9/")},
    {"A12", "400 invalid_client for a kid that nobody chose", GOOD, .tokens = {SAY(400, "invalid_client")},
     DERIVED("Tk T C9 P9")},
    {"A12", "401 invalid_client for a kid that nobody chose", GOOD, .tokens = {SAY(401, "invalid_client")},
     DERIVED("Tk T C9 P9")},
    {"A12", "invalid_client with that kid and without it", ALIKE(OKTA_E_AUTH, 2, 400, false),
     .tokens = {SAY(400, "invalid_client"), NEXT, SAY(400, "invalid_client")}, .says = "then no kid",
     DERIVED("Tk T Tk P9")},
    {"A12", "a kid that nobody chose, at a renewal", REPLAYED, .script = {REFUSED},
     .tokens = {SAY(400, "invalid_client"), NEXT, ISSUE_1}, DERIVED("Tk T C1 T C9 P9")},
    {"A12", "invalid_scope with a kid that nobody chose", DENIED(400), .tokens = {SAY(400, "invalid_scope")},
     .says = "invalid_scope", DERIVED("Tk Tk P9")},
    {"A12", "403", DENIED(403), .tokens = {SAY(403, "access_denied")}, .says = "access_denied",
     PLAIN("T T P9")},
    {"A12", "404, which is not about the object", FOREIGN(404), .tokens = {SEND(HTTP(404) NOTHING)},
     .says = "token request", PLAIN("T T P9")},
    {"A12", "404 at a renewal", FOREIGN(404), .script = {REFUSED},
     .tokens = {ISSUE_1, NEXT, SEND(HTTP(404) NOTHING)}, PLAIN("T C1 T P1")},
    {"A12", "405", FOREIGN(405), .tokens = {SEND(HTTP(405) NOTHING)}, PLAIN("T T P9")},
    {"A12", "409", FOREIGN(409), .tokens = {SEND(HTTP(409) NOTHING)}, PLAIN("T T P9")},
    {"A12", "scope missing, says the API", ALIKE(OKTA_E_FORBIDDEN, 1, 403, false),
     .script = {SEND(HTTP(403) "WWW-Authenticate: Bearer error=\"insufficient_scope\"\r\n" NOTHING)},
     .says = "insufficient_scope", PLAIN("T C9 P9")},
};

const fault_group fault_auth_rows = {"auth", rows, COUNT(rows)};
