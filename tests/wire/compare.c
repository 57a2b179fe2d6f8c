/* SPDX-License-Identifier: Apache-2.0 */
#include "wire/compare.h"

#include <stdio.h>
#include <strings.h>

#include <cjson/cJSON.h>

#define MULTIPART "multipart/form-data"
#define PAIRS_MAX 64u

bool wire_same_value(const char *actual, const char *expected)
{
    if (actual == NULL || expected == NULL) {
        return actual == expected;
    }
    if (strcmp(expected, MULTIPART) == 0) {
        return strncmp(actual, MULTIPART "; boundary=", sizeof MULTIPART "; boundary=" - 1) == 0;
    }
    while (*actual != '\0' && *actual == *expected) {
        bool semicolon = *actual == ';';
        actual++;
        expected++;
        if (semicolon) {
            actual += strspn(actual, " ");
            expected += strspn(expected, " ");
        }
    }
    return *actual == *expected;
}

const char *wire_header_of(const char *lines, const char *name)
{
    size_t length = strlen(name);
    for (const char *line = lines; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n' ? 1 : 0;
        if (strncasecmp(line, name, length) == 0 && line[length] == ':') {
            return line;
        }
    }
    return NULL;
}

/* Whether it is a header of every request, or one that check_headers() looks at. */
static bool is_usual(const char *header)
{
    static const char *const names[] = {
        "Accept", "Accept-Encoding", "Authorization", "Content-Length", "Content-Type", "Host", "User-Agent"};
    size_t length = strcspn(header, ":");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strlen(names[i]) == length && strncasecmp(names[i], header, length) == 0) {
            return true;
        }
    }
    return false;
}

/* Whether a header is one of these lines; its name in any case. */
static bool is_among(const char *header, const char *lines)
{
    size_t name = strcspn(header, ":");
    for (const char *line = lines; line != NULL; line = strchr(line, '\n')) {
        line += *line == '\n' ? 1 : 0;
        size_t length = strcspn(line, "\n");
        if (strlen(header) == length && strncasecmp(line, header, name) == 0 &&
            strncmp(line + name, header + name, length - name) == 0) {
            return true;
        }
    }
    return false;
}

const char *wire_own_headers(const char *const *headers, const char *expected)
{
    size_t wanted = 0;
    size_t found = 0;
    for (const char *line = expected; line != NULL; line = strchr(line + 1, '\n')) {
        wanted++;
    }
    for (; *headers != NULL; headers++) {
        bool own = is_among(*headers, expected);
        found += own ? 1 : 0;
        if (!own && !is_usual(*headers)) {
            return *headers;
        }
    }
    return found == wanted ? NULL : "missing";
}

/* Each pair of `actual` finds one of `expected` that no other one found. */
bool wire_same_pairs(const char *actual, const char *expected)
{
    bool used[PAIRS_MAX] = {false};
    size_t left = 1;
    for (const char *p = expected; (p = strchr(p, '&')) != NULL; p++) {
        left++;
    }
    if (left > PAIRS_MAX) {
        return false;
    }
    for (;; actual++) {
        size_t length = strcspn(actual, "&");
        size_t i = 0;
        const char *pair = expected;
        while (pair != NULL &&
               (used[i] || strcspn(pair, "&") != length || strncmp(pair, actual, length) != 0)) {
            pair = strchr(pair, '&');
            pair = pair == NULL ? NULL : pair + 1;
            i++;
        }
        if (pair == NULL) {
            return false;
        }
        used[i] = true;
        left--;
        actual += length;
        if (*actual == '\0') {
            return left == 0;
        }
    }
}

static bool same_json(const char *actual, size_t length, const char *expected)
{
    cJSON *got = cJSON_ParseWithLength(actual, length);
    cJSON *wanted = cJSON_Parse(expected);
    bool same = got != NULL && wanted != NULL && cJSON_Compare(got, wanted, true);
    cJSON_Delete(got);
    cJSON_Delete(wanted);
    return same;
}

static bool is_bytes(const mock_request *request, const char *bytes, size_t length)
{
    return request->body_length == length && memcmp(request->body, bytes, length) == 0;
}

/* RFC 7578: one part with the file. */
static bool same_part(const mock_request *request, const char *disposition)
{
    char expected[1024];
    const char *type = mock_request_header(request, "Content-Type");
    const char *boundary = type == NULL ? NULL : strstr(type, "boundary=");
    if (boundary == NULL) {
        return false;
    }
    boundary += strlen("boundary=");
    int head =
        snprintf(expected, sizeof expected,
                 "--%s\r\nContent-Disposition: %s\r\nContent-Type: image/png\r\n\r\n", boundary, disposition);
    if (head < 0 || (size_t)head + sizeof WIRE_FILE > sizeof expected) {
        return false;
    }
    size_t length = (size_t)head;
    memcpy(expected + length, WIRE_FILE, sizeof WIRE_FILE - 1);
    length += sizeof WIRE_FILE - 1;
    int tail = snprintf(expected + length, sizeof expected - length, "\r\n--%s--\r\n", boundary);
    return tail > 0 && (size_t)tail < sizeof expected - length &&
           is_bytes(request, expected, length + (size_t)tail);
}

bool wire_same_body(const mock_request *request, const wire_case *expected)
{
    switch (expected->form) {
    case WIRE_NOTHING:
        return request->body_length == 0;
    case WIRE_JSON:
        return same_json(request->body, request->body_length, expected->body);
    case WIRE_PAIRS:
        return strlen(request->body) == request->body_length &&
               wire_same_pairs(request->body, expected->body);
    case WIRE_PART:
        return same_part(request, expected->body);
    case WIRE_BYTES:
        return is_bytes(request, expected->body, strlen(expected->body));
    }
    return false;
}
