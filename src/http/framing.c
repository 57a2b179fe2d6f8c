/* SPDX-License-Identifier: Apache-2.0 */
#include "http/framing.h"

#include <string.h>

#include "http/headers.h"

static oktai_line refuse(oktai_framing *framing, const char *problem)
{
    framing->problem = problem;
    return OKTAI_LINE_REFUSED;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Bytes of "HTTP/1.1" and its like; 0: none that libcurl knows. It takes any other for HTTP/1.0 with status
 * 200. */
static size_t version_length(const char *line, size_t length)
{
    static const char *const versions[] = {"HTTP/1.0 ", "HTTP/1.1 ", "HTTP/2 ", "HTTP/3 "};
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
        size_t size = strlen(versions[i]);
        if (length > size && memcmp(line, versions[i], size) == 0) {
            return size - 1;
        }
    }
    return 0;
}

/* "HTTP/1.1 200 OK" or "HTTP/2 200": the number of exactly three digits behind one space. */
static int status_of(const char *line, size_t length)
{
    size_t at = version_length(line, length);
    if (at == 0 || length - at < 4 || (length - at > 4 && (unsigned char)line[at + 4] > ' ')) {
        return 0;
    }
    int status = 0;
    for (size_t i = at + 1; i <= at + 3; i++) {
        if (!is_digit(line[i])) {
            return 0;
        }
        status = status * 10 + (line[i] - '0');
    }
    return status;
}

static oktai_line status_line(oktai_framing *framing, const char *line, size_t length)
{
    size_t bytes = framing->bytes;
    *framing = (oktai_framing){.bytes = bytes, .content_length = OKTAI_NO_LENGTH};
    framing->http_status = status_of(line, length);
    if (framing->http_status < 100 || framing->http_status > 599) {
        return refuse(framing, "the answer has no HTTP status from 100 to 599");
    }
    if (framing->http_status == 101) {
        return refuse(framing, "the server switches to another protocol");
    }
    return OKTAI_LINE_STATUS;
}

/* The value of the line when its name is `name`: trimmed. */
static bool field_is(const char *line, size_t length, const char *name, const char **value,
                     size_t *value_length)
{
    size_t name_length = strlen(name);
    if (length <= name_length || line[name_length] != ':' || !oktai_http_equals(line, name_length, name)) {
        return false;
    }
    const char *start = line + name_length + 1;
    const char *end = line + length;
    while (start < end && (*start == ' ' || *start == '\t')) {
        start++;
    }
    while (end > start && (unsigned char)end[-1] <= ' ') {
        end--;
    }
    *value = start;
    *value_length = (size_t)(end - start);
    return true;
}

static oktai_line content_length(oktai_framing *framing, const char *value, size_t length)
{
    uint64_t number = 0;
    for (size_t i = 0; i < length; i++) {
        if (!is_digit(value[i]) || number > (INT64_MAX - 9) / 10) {
            return refuse(framing, "the answer has a Content-Length that is not valid");
        }
        number = number * 10 + (uint64_t)(value[i] - '0');
    }
    if (length == 0 || (framing->content_length != OKTAI_NO_LENGTH && framing->content_length != number)) {
        return refuse(framing, "the answer has contradicting Content-Length headers");
    }
    framing->content_length = number;
    return OKTAI_LINE_FIELD;
}

/* The request asks for no transfer coding, so that chunked, once, is the only one allowed (RFC 9112, section
 * 7.4). What libcurl makes of others is no proof that the body is whole. */
static oktai_line transfer_encoding(oktai_framing *framing, const char *value, size_t length)
{
    if (framing->chunked || !oktai_http_equals(value, length, "chunked")) {
        return refuse(framing, "the answer has a Transfer-Encoding other than chunked");
    }
    framing->chunked = true;
    return OKTAI_LINE_FIELD;
}

/* Two ways to find the end of one body: what follows on the connection may be anything (RFC 9112, section
 * 6.3). To refuse it here makes libcurl close the connection. */
static oktai_line end_of_head(oktai_framing *framing)
{
    if (framing->chunked && framing->content_length != OKTAI_NO_LENGTH && framing->http_status >= 200) {
        return refuse(framing, "the answer has both Content-Length and Transfer-Encoding");
    }
    framing->complete = true;
    return OKTAI_LINE_IGNORED;
}

oktai_line oktai_framing_line(oktai_framing *framing, const char *line, size_t length)
{
    framing->bytes += length;
    if (framing->bytes > OKTAI_HEADER_BYTES_MAX) {
        return refuse(framing, "the answer has more than 256 KiB of headers");
    }
    bool between = framing->http_status == 0 || (framing->complete && framing->http_status < 200);
    if (between && length >= 5 && memcmp(line, "HTTP/", 5) == 0) {
        return status_line(framing, line, length);
    }
    if (framing->complete) {
        return OKTAI_LINE_IGNORED;
    }
    if (length <= 2 && (line[0] == '\r' || line[0] == '\n')) {
        return end_of_head(framing);
    }
    const char *value;
    size_t value_length;
    if (field_is(line, length, "Content-Length", &value, &value_length)) {
        return content_length(framing, value, value_length);
    }
    if (field_is(line, length, "Transfer-Encoding", &value, &value_length)) {
        return transfer_encoding(framing, value, value_length);
    }
    return OKTAI_LINE_FIELD;
}

const char *oktai_framing_problem(const oktai_framing *framing, bool framed_by_protocol)
{
    int status = framing->http_status;
    if (status < 200 || !framing->complete) {
        return "the answer ends inside its headers";
    }
    if (framed_by_protocol || framing->chunked || framing->content_length != OKTAI_NO_LENGTH ||
        status == 204 || status == 304) {
        return NULL;
    }
    return "the answer does not say where it ends";
}
