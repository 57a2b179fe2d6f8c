/* SPDX-License-Identifier: Apache-2.0 */
/* Is an HTTP answer whole? libcurl reports several damaged ones as good: headers cut short, a body without a
 * length that the peer or an attacker ended, Content-Length that overflows or contradicts itself. This
 * watches the header lines. */
#ifndef OKTA_HTTP_FRAMING_H
#define OKTA_HTTP_FRAMING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OKTA_NO_LENGTH        UINT64_MAX
#define OKTA_HEADER_BYTES_MAX 262144u

/* Begins zeroed, with content_length = OKTA_NO_LENGTH. */
typedef struct okta_framing {
    size_t bytes; /* of all header lines */
    int http_status;
    uint64_t content_length;
    bool chunked;
    bool complete; /* the empty line behind the headers came */
    const char *problem;
} okta_framing;

typedef enum okta_line {
    OKTA_LINE_STATUS,  /* a status line: headers before it do not count */
    OKTA_LINE_FIELD,   /* a header */
    OKTA_LINE_IGNORED, /* the empty line, or a trailer */
    OKTA_LINE_REFUSED, /* see `problem` */
} okta_line;

/* One header line as it arrived, with its line end. */
okta_line okta_framing_line(okta_framing *framing, const char *line, size_t length);

/* Why a transfer that ended well is no whole answer; NULL: it is. `framed_by_protocol`: HTTP/2 and later mark
 * the end of a body themselves. */
const char *okta_framing_problem(const okta_framing *framing, bool framed_by_protocol);

#endif
