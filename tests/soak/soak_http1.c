/* SPDX-License-Identifier: Apache-2.0 */
/* HTTP/1.1: a status, headers, a framing, a body and an end, each by chance. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "faults/fault_gzip.h"
#include "soak/soak_server.h"
#include "soak/soak_witness.h"

#define HEAD_MAX 4096u

#define KEY(kid)                                                                                             \
    "{\"id\":\"pks" kid "\",\"kid\":\"" kid "\",\"kty\":\"EC\",\"status\":\"ACTIVE\",\"use\":\"sig\","       \
    "\"x\":\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\","                                                 \
    "\"y\":\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\"}"

static const char *const token_bodies[] = {
    "{\"token_type\":\"Bearer\",\"expires_in\":3600,\"access_token\":\"soak-token-1\"}",
    "{\"token_type\":\"Bearer\",\"expires_in\":1,\"access_token\":\"soak-token-2\"}",
    "{\"token_type\":\"DPoP\",\"expires_in\":3600,\"access_token\":\"soak-token-3\"}",
    "{\"token_type\":\"Bearer\",\"access_token\":\"soak-token-4\"}",
};

static const char *const good_bodies[] = {
    "[]",
    "[" KEY("a") "," KEY("b") "]",
    "{\"keys\":[" KEY("c") "]}",
    KEY("d"),
    "{\"id\":\"ocs1\",\"client_secret\":\"0123456789abcdef0123\",\"status\":\"ACTIVE\"}",
};

static const char *const bad_bodies[] = {
    "",
    "{",
    "nul",
    "null",
    "{}",
    "\xff\xfe\x00",
    "[1,2,3] trailing",
    "{\"id\":\"a\\u0000b\"}",
    "<html><head><title>Sign in</title></head><body>no</body></html>",
    "{\"errorCode\":\"E0000001\",\"errorSummary\":\"Api validation "
    "failed\",\"errorCauses\":[{\"errorSummary\":"
    "\"kid\"}]}",
    "{\"error\":\"invalid_client\",\"error_description\":\"no such client\"}",
    "{\"error\":\"use_dpop_nonce\"}",
    "{\"error\":\"invalid_dpop_proof\"}",
    "{\"status\":404,\"message\":\"no route\"}",
};

/* Deep, wide or large. */
static size_t make_monster(soak_random *random, char *out)
{
    size_t length = 1 + soak_below(random, SOAK_BODY_MAX - 1);
    static const char *const fills[] = {"[", "{\"a\":", "[{},", "9", " ", "\"", "\\u12"};
    const char *fill = SOAK_PICK(random, fills);
    size_t size = strlen(fill);
    for (size_t i = 0; i < length; i++) {
        out[i] = fill[i % size];
    }
    return length;
}

size_t soak_make_body(soak_random *random, bool token, bool good, char *out)
{
    if (!good && soak_once_in(random, 4)) {
        return make_monster(random, out);
    }
    const char *text = token  ? SOAK_PICK(random, token_bodies)
                       : good ? SOAK_PICK(random, good_bodies)
                              : SOAK_PICK(random, bad_bodies);
    size_t length = strlen(text);
    memcpy(out, text, length);
    return length;
}

/* One whole request, of which the first line and the body's length matter. */
static bool read_request(soak_peer *peer, char line[256])
{
    for (;;) {
        peer->input[peer->input_length] = '\0';
        const char *end = strstr(peer->input, "\r\n\r\n");
        if (end != NULL) {
            const char *field = strstr(peer->input, "\r\nContent-Length:");
            size_t body = field == NULL || field > end ? 0 : strtoul(field + 17, NULL, 10);
            size_t whole = (size_t)(end + 4 - peer->input) + body;
            if (whole <= peer->input_length) {
                snprintf(line, 256, "%.*s", (int)strcspn(peer->input, "\r"), peer->input);
                peer->input_length -= whole;
                memmove(peer->input, peer->input + whole, peer->input_length);
                return true;
            }
        }
        if (peer->input_length == sizeof peer->input - 1 || !soak_receive(peer)) {
            return false;
        }
    }
}

static size_t add_headers(soak_random *random, char *out, size_t size)
{
    static const char *const headers[] = {
        "Content-Type: application/json",
        "Content-Type: text/html",
        "Content-Encoding: gzip",
        "Content-Encoding: br",
        "X-Okta-Request-Id: soak",
        "X-Okta-Request-Id: a\tb\x01",
        "X-Rate-Limit-Limit: 100\r\nX-Rate-Limit-Remaining: 0\r\nX-Rate-Limit-Reset: 1",
        "X-Rate-Limit-Limit: 0\r\nX-Rate-Limit-Remaining: 0\r\nX-Rate-Limit-Reset: 99999999999999999999",
        "Retry-After: 0",
        "Retry-After: -1",
        "Retry-After: 99999999999",
        "Date: Sun, 06 Nov 1994 08:49:37 GMT",
        "Date: yesterday",
        "Link: </api/v1/apps/a/credentials/jwks?after=1>; rel=\"next\"",
        "Link: <https://evil.example/api>; rel=\"next\"",
        "Link: <broken; rel=next",
        "Location: https://evil.example/",
        "WWW-Authenticate: DPoP error=\"use_dpop_nonce\"",
        "WWW-Authenticate: Bearer error=\"invalid_token\", error_description=\"gone\"",
        "DPoP-Nonce: soak-nonce",
        "DPoP-Nonce:",
        "Connection: close",
        "Set-Cookie: a=b",
        "X: y\r\n folded: z",
        "no colon at all",
        "Transfer-Encoding: chunked, gzip",
    };
    size_t length = 0;
    for (size_t count = soak_below(random, 6); count > 0; count--) {
        int added = snprintf(out + length, size - length, "%s\r\n", SOAK_PICK(random, headers));
        length += (size_t)added;
    }
    return length;
}

static bool send_chunked(soak_peer *peer, const char *body, size_t length)
{
    char size[32];
    bool damaged = soak_once_in(&peer->random, 4);
    int digits = snprintf(size, sizeof size, damaged ? "%zxg\r\n" : "%zx\r\n", length);
    return soak_send(peer, size, (size_t)digits) && soak_send(peer, body, length) &&
           soak_send(peer, "\r\n0\r\n\r\n", soak_once_in(&peer->random, 5) ? 4 : 7);
}

/* The framing that goes with a body: its true length, another, none, or chunks. */
static bool send_framed(soak_peer *peer, char *head, size_t head_length, const char *body, size_t length)
{
    size_t told = length;
    switch (soak_below(&peer->random, 8)) {
    case 0:
        told = soak_below(&peer->random, 2 * length + 2);
        break;
    case 1:
        told = (size_t)1 << (20 + soak_below(&peer->random, 40));
        break;
    case 2:
        return soak_send(peer, head, head_length) && soak_send(peer, "\r\n", 2) &&
               soak_send(peer, body, length);
    case 3:
    case 4:
        head_length += (size_t)snprintf(head + head_length, HEAD_MAX - head_length,
                                        "Transfer-Encoding: chunked\r\n\r\n");
        return soak_send(peer, head, head_length) && send_chunked(peer, body, length);
    default:
        break;
    }
    head_length +=
        (size_t)snprintf(head + head_length, HEAD_MAX - head_length, "Content-Length: %zu\r\n\r\n", told);
    return soak_send(peer, head, head_length) && soak_send(peer, body, length);
}

static bool answer_well(soak_peer *peer, bool token)
{
    static const char *const statuses[] = {"200 OK", "200 OK", "201 Created"};
    char body[SOAK_BODY_MAX];
    char head[HEAD_MAX];
    size_t length = soak_make_body(&peer->random, token, true, body);
    int head_length = snprintf(
        head, sizeof head,
        "HTTP/1.1 %s\r\nContent-Type: application/json\r\nDPoP-Nonce: soak\r\nContent-Length: %zu\r\n\r\n",
        token ? "200 OK" : SOAK_PICK(&peer->random, statuses), length);
    return soak_send(peer, head, (size_t)head_length) && soak_send(peer, body, length);
}

static bool answer_compressed(soak_peer *peer)
{
    char head[256];
    char body[SOAK_BODY_MAX];
    size_t length = soak_make_body(&peer->random, false, true, body);
    fault_bytes packed =
        soak_once_in(&peer->random, 3) ? fault_gzip_spaces((size_t)4 << 20) : fault_gzip(body, length);
    size_t sent = soak_once_in(&peer->random, 2) ? packed.length : soak_below(&peer->random, packed.length);
    int head_length = snprintf(head, sizeof head,
                               "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
                               "Content-Encoding: gzip\r\nContent-Length: %zu\r\n\r\n",
                               sent);
    bool going = soak_send(peer, head, (size_t)head_length) && soak_send(peer, packed.data, sent);
    free(packed.data);
    return going;
}

/* Something again and again, until the client hangs up or time is up. */
static bool flood(soak_peer *peer)
{
    static const char *const starts[] = {"", "HTTP/1.1 200 OK\r\n",
                                         "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                                         "HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n"};
    static const char *const pieces[] = {"HTTP/1.1 100 Continue\r\n\r\n",
                                         "X: y\r\n",
                                         "1;ext=y\r\n \r\n",
                                         " ",
                                         "0",
                                         "\r\n",
                                         "HTTP/1.1 103 Early Hints\r\nLink: </>\r\n\r\n"};
    const char *start = SOAK_PICK(&peer->random, starts);
    const char *piece = SOAK_PICK(&peer->random, pieces);
    bool slow = soak_once_in(&peer->random, 2);
    int64_t until_ms = soak_now_ms() + SOAK_ACT_MS;
    bool going = soak_send(peer, start, strlen(start));
    while (going && soak_now_ms() < until_ms && !soak_is_over(peer)) {
        char many[2048];
        size_t length = 0;
        size_t size = strlen(piece);
        size_t most = slow ? size : sizeof many - size;
        while (length < most) {
            memcpy(many + length, piece, size);
            length += size;
        }
        going = soak_send(peer, many, length);
    }
    return false;
}

static bool answer_oddly(soak_peer *peer, bool token)
{
    static const char *const statuses[] = {
        "HTTP/1.1 200 OK",
        "HTTP/1.1 201 Created",
        "HTTP/1.1 202 Accepted",
        "HTTP/1.1 204 No Content",
        "HTTP/2 200",
        "HTTP/2 200",
        "HTTP/1.0 200 OK",
        "HTTP/1.1 206 Partial",
        "HTTP/1.1 302 Found",
        "HTTP/1.1 307 There",
        "HTTP/1.1 400 Bad",
        "HTTP/1.1 401 Who",
        "HTTP/1.1 403 No",
        "HTTP/1.1 404 Not Found",
        "HTTP/1.1 407 Proxy",
        "HTTP/1.1 409 Conflict",
        "HTTP/1.1 410 Gone",
        "HTTP/1.1 429 Too Many",
        "HTTP/1.1 500 Oops",
        "HTTP/1.1 502 Bad Gateway",
        "HTTP/1.1 503 Busy",
        "HTTP/1.1 999 ?",
        "HTTP/1.1 000 ?",
        "HTTP/9.9 200 OK",
        "ICY 200 OK",
        " HTTP/1.1 200 OK",
        "",
        "HTTP/1.1 200",
        "HTTP/1.1 101 Switch",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK",
    };
    char body[SOAK_BODY_MAX];
    char head[HEAD_MAX];
    size_t length = soak_make_body(&peer->random, token, soak_once_in(&peer->random, 2), body);
    size_t head_length = (size_t)snprintf(head, sizeof head, "%s\r\n", SOAK_PICK(&peer->random, statuses));
    head_length += add_headers(&peer->random, head + head_length, sizeof head / 2);
    return send_framed(peer, head, head_length, body, length);
}

/* What comes behind an answer. False: the connection is over. */
static bool end_answer(soak_peer *peer)
{
    switch (soak_below(&peer->random, 10)) {
    case 0:
        soak_hang_up(peer, false);
        return false;
    case 1:
        soak_hang_up(peer, true);
        return false;
    case 2:
        return soak_send(peer, " folded\r\n", 9);
    case 3:
        return answer_well(peer, false); /* a second answer that nobody asked for */
    case 4:
        soak_ignore(peer);
        return false;
    default:
        return true;
    }
}

static bool answer(soak_peer *peer, bool token)
{
    size_t dice = soak_below(&peer->random, 12);
    if (dice < (token ? 8u : 4u)) {
        return answer_well(peer, token);
    }
    switch (dice) {
    case 8:
        return flood(peer);
    case 9:
        return answer_compressed(peer) && end_answer(peer);
    case 10:
        return end_answer(peer); /* without an answer */
    default:
        return answer_oddly(peer, token) && end_answer(peer);
    }
}

void soak_serve_http1(soak_peer *peer)
{
    char line[256];
    bool going = true;
    while (going && read_request(peer, line)) {
        going = answer(peer, strstr(line, SOAK_TOKEN_PATH) != NULL);
        soak_count_answer(peer);
    }
}
