/* SPDX-License-Identifier: Apache-2.0 */
/* HTTP/2: frames by chance. They are written by hand, since a library for it sends no bad ones; only request
 * headers are read by nghttp2. */
#include <string.h>

#include <nghttp2/nghttp2.h>

#include "soak/soak_server.h"
#include "soak/soak_witness.h"

#define PREFACE_LENGTH 24u
#define FRAME_HEAD     9u
#define PAYLOAD_MAX    15000u

typedef enum frame_type {
    DATA = 0,
    HEADERS = 1,
    PRIORITY = 2,
    RST_STREAM = 3,
    SETTINGS = 4,
    PUSH_PROMISE = 5,
    PING = 6,
    GOAWAY = 7,
    WINDOW_UPDATE = 8,
    CONTINUATION = 9,
} frame_type;

enum { END_STREAM = 1, ACK = 1, END_HEADERS = 4 };

typedef struct frame {
    frame_type type;
    uint8_t flags;
    uint32_t stream;
    size_t length;
    const uint8_t *payload;
} frame;

typedef struct session {
    soak_peer *peer;
    nghttp2_hd_inflater *inflater;
    uint32_t stream; /* of the latest request */
    bool token;      /* it asks for a token */
    bool whole;
} session;

static size_t put_frame(uint8_t *out, frame_type type, uint8_t flags, uint32_t stream, const void *payload,
                        size_t length)
{
    const uint8_t head[FRAME_HEAD] = {
        (uint8_t)(length >> 16), (uint8_t)(length >> 8),  (uint8_t)length,        (uint8_t)type,  flags,
        (uint8_t)(stream >> 24), (uint8_t)(stream >> 16), (uint8_t)(stream >> 8), (uint8_t)stream};
    memcpy(out, head, sizeof head);
    if (length > 0) {
        memcpy(out + sizeof head, payload, length);
    }
    return sizeof head + length;
}

static bool send_frame(soak_peer *peer, frame_type type, uint8_t flags, uint32_t stream, const void *payload,
                       size_t length)
{
    uint8_t out[FRAME_HEAD + PAYLOAD_MAX];
    return soak_send(peer, out, put_frame(out, type, flags, stream, payload, length));
}

/* A field that is not indexed and not compressed (RFC 7541, section 6.2.2). */
static size_t put_field(uint8_t *out, const char *name, const char *value)
{
    size_t name_length = strlen(name);
    size_t value_length = strlen(value);
    uint8_t *at = out;
    *at++ = 0;
    *at++ = (uint8_t)name_length;
    memcpy(at, name, name_length);
    at += name_length;
    *at++ = (uint8_t)value_length;
    memcpy(at, value, value_length);
    return (size_t)(at + value_length - out);
}

static bool send_headers(soak_peer *peer, uint32_t stream, const char *status, uint8_t flags)
{
    static const char *const extras[][2] = {
        {"content-type", "application/json"},
        {"content-type", "text/html"},
        {"content-length", "13"},
        {"retry-after", "0"},
        {"dpop-nonce", "soak"},
        {"x-rate-limit-remaining", "0"},
        {"www-authenticate", "DPoP error=\"use_dpop_nonce\""},
        {"link", "</api/v1/users?after=2>; rel=\"next\""},
        {"connection", "close"},
        {"transfer-encoding", "chunked"},
        {"content-encoding", "gzip"},
        {"Upper", "case"},
    };
    uint8_t block[1024];
    size_t length = put_field(block, ":status", status);
    for (size_t count = soak_below(&peer->random, 4); count > 0; count--) {
        const char *const *extra = SOAK_PICK(&peer->random, extras);
        length += put_field(block + length, extra[0], extra[1]);
    }
    return send_frame(peer, HEADERS, flags, stream, block, length);
}

static bool send_good(soak_peer *peer, uint32_t stream, bool token)
{
    char body[SOAK_BODY_MAX];
    uint8_t block[256];
    size_t body_length = soak_make_body(&peer->random, token, true, body);
    size_t length = put_field(block, ":status", token || soak_once_in(&peer->random, 2) ? "200" : "201");
    length += put_field(block + length, "content-type", "application/json");
    return send_frame(peer, HEADERS, END_HEADERS, stream, block, length) &&
           send_frame(peer, DATA, END_STREAM, stream, body, body_length);
}

/* Frames that bring nothing, as many as the client takes. */
static bool flood(soak_peer *peer, uint32_t stream)
{
    static const uint8_t words[8] = {0, 0, 0, 1, 16};
    static const struct {
        frame_type type;
        uint8_t flags;
        bool on_stream;
        size_t length;
    } kinds[] = {{DATA, 0, true, 0},         {WINDOW_UPDATE, 0, true, 4}, {WINDOW_UPDATE, 0, false, 4},
                 {PRIORITY, 0, true, 5},     {PING, 0, false, 8},         {SETTINGS, 0, false, 0},
                 {CONTINUATION, 0, true, 0}, {RST_STREAM, 0, true, 4},    {PRIORITY, 0, false, 5}};
    size_t kind = soak_below(&peer->random, sizeof kinds / sizeof kinds[0]);
    int64_t until_ms = soak_now_ms() + SOAK_ACT_MS;
    bool going = soak_once_in(&peer->random, 3) || send_headers(peer, stream, "200", END_HEADERS);
    uint8_t many[16 * 64];
    size_t length = 0;
    while (length + FRAME_HEAD + kinds[kind].length <= sizeof many) {
        length += put_frame(many + length, kinds[kind].type, kinds[kind].flags,
                            kinds[kind].on_stream ? stream : 0, words, kinds[kind].length);
    }
    while (going && soak_now_ms() < until_ms && !soak_is_over(peer)) {
        going = soak_send(peer, many, length);
    }
    return false;
}

/* A frame of any type, with any flags and payload. */
static bool send_noise(soak_peer *peer, uint32_t stream)
{
    uint8_t payload[64];
    size_t length = soak_below(&peer->random, sizeof payload);
    for (size_t i = 0; i < length; i++) {
        payload[i] = (uint8_t)soak_below(&peer->random, 256);
    }
    return send_frame(
        peer, (frame_type)soak_below(&peer->random, 14), (uint8_t)soak_below(&peer->random, 256),
        soak_once_in(&peer->random, 2) ? stream : (uint32_t)soak_below(&peer->random, 100), payload, length);
}

static bool answer_in_pieces(soak_peer *peer, uint32_t stream, bool token)
{
    static const char *const statuses[] = {"200", "201", "204", "302", "400", "401", "403",
                                           "404", "410", "429", "500", "503", "999", "0"};
    char body[SOAK_BODY_MAX];
    size_t length = soak_make_body(&peer->random, token, soak_once_in(&peer->random, 2), body);
    length = length > PAYLOAD_MAX ? PAYLOAD_MAX : length;
    bool going = !soak_once_in(&peer->random, 4) || send_headers(peer, stream, "103", END_HEADERS);
    going = going && send_headers(peer, stream, SOAK_PICK(&peer->random, statuses), END_HEADERS);
    size_t piece = 1 + soak_below(&peer->random, length + 1);
    for (size_t at = 0; going && at < length; at += piece) {
        size_t size = length - at < piece ? length - at : piece;
        going = send_frame(peer, DATA, at + size == length ? END_STREAM : 0, stream, body + at, size);
    }
    return going;
}

/* False: the connection is over. */
static bool answer(soak_peer *peer, uint32_t stream, bool token)
{
    static const uint8_t codes[][8] = {{0, 0, 0, 0, 0, 0, 0, 0},
                                       {0, 0, 0, 2, 0, 0, 0, 2},
                                       {0, 0, 0, 7, 0, 0, 0, 7},
                                       {0, 0, 0, 99, 0, 0, 0, 8}};
    size_t dice = soak_below(&peer->random, 14);
    if (dice < (token ? 9u : 5u)) {
        return send_good(peer, stream, token);
    }
    switch (dice) {
    case 9:
        return flood(peer, stream);
    case 10:
        return send_frame(peer, RST_STREAM, 0, stream, SOAK_PICK(&peer->random, codes), 4);
    case 11:
        return send_frame(peer, GOAWAY, 0, 0, SOAK_PICK(&peer->random, codes), 8) &&
               soak_once_in(&peer->random, 2);
    case 12:
        return send_noise(peer, stream) && send_good(peer, stream, token);
    case 13:
        soak_ignore(peer);
        return false;
    default:
        return answer_in_pieces(peer, stream, token) && !soak_once_in(&peer->random, 8);
    }
}

/* False: the block makes no sense. */
static bool read_headers(session *self, const frame *headers)
{
    const uint8_t *in = headers->payload;
    size_t left = headers->length;
    if ((headers->flags & 0x20) != 0 && left >= 5) { /* a priority comes first */
        in += 5;
        left -= 5;
    }
    self->token = false;
    for (;;) {
        nghttp2_nv field;
        int flags = 0;
        ssize_t used = nghttp2_hd_inflate_hd2(self->inflater, &field, &flags, in, left, 1);
        if (used < 0) {
            return false;
        }
        in += used;
        left -= (size_t)used;
        if ((flags & NGHTTP2_HD_INFLATE_EMIT) != 0 && field.namelen == 5 &&
            memcmp(field.name, ":path", 5) == 0) {
            self->token = field.valuelen == strlen(SOAK_TOKEN_PATH) &&
                          memcmp(field.value, SOAK_TOKEN_PATH, field.valuelen) == 0;
        }
        if ((flags & NGHTTP2_HD_INFLATE_FINAL) != 0) {
            nghttp2_hd_inflate_end_headers(self->inflater);
            return true;
        }
    }
}

/* False: the connection is over. */
static bool take_frame(session *self, const frame *taken)
{
    soak_peer *peer = self->peer;
    switch (taken->type) {
    case SETTINGS:
        return (taken->flags & ACK) != 0 || send_frame(peer, SETTINGS, ACK, 0, NULL, 0);
    case PING:
        return (taken->flags & ACK) != 0 || send_frame(peer, PING, ACK, 0, taken->payload, taken->length);
    case HEADERS:
        self->stream = taken->stream;
        self->whole = (taken->flags & END_STREAM) != 0;
        return read_headers(self, taken);
    case DATA:
        self->whole = taken->stream == self->stream && (taken->flags & END_STREAM) != 0;
        return true;
    case GOAWAY:
        return false;
    case PRIORITY:
    case RST_STREAM:
    case PUSH_PROMISE:
    case WINDOW_UPDATE:
    case CONTINUATION:
        break;
    }
    return true;
}

/* What stands in the input whole. False: the connection is over. */
static bool take_input(session *self)
{
    soak_peer *peer = self->peer;
    const uint8_t *in = (const uint8_t *)peer->input;
    size_t at = 0;
    bool going = true;
    while (going && peer->input_length - at >= FRAME_HEAD) {
        const uint8_t *head = in + at;
        size_t length = (size_t)head[0] << 16 | (size_t)head[1] << 8 | head[2];
        if (peer->input_length - at - FRAME_HEAD < length) {
            break;
        }
        const frame taken = {.type = (frame_type)head[3],
                             .flags = head[4],
                             .stream = (uint32_t)(head[5] & 0x7f) << 24 | (uint32_t)head[6] << 16 |
                                       (uint32_t)head[7] << 8 | head[8],
                             .length = length,
                             .payload = head + FRAME_HEAD};
        going = take_frame(self, &taken);
        at += FRAME_HEAD + length;
        if (going && self->whole) {
            self->whole = false;
            going = answer(peer, self->stream, self->token);
            soak_count_answer(peer);
        }
    }
    peer->input_length -= at;
    memmove(peer->input, peer->input + at, peer->input_length);
    return going;
}

void soak_serve_http2(soak_peer *peer)
{
    session self = {.peer = peer};
    bool going = nghttp2_hd_inflate_new(&self.inflater) == 0;
    while (going && peer->input_length < PREFACE_LENGTH) {
        going = soak_receive(peer);
    }
    if (going) {
        peer->input_length -= PREFACE_LENGTH;
        memmove(peer->input, peer->input + PREFACE_LENGTH, peer->input_length);
        going = send_frame(peer, SETTINGS, 0, 0, NULL, 0);
    }
    while (going && take_input(&self)) {
        going = soak_receive(peer);
    }
    nghttp2_hd_inflate_del(self.inflater);
}
