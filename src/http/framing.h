/* SPDX-License-Identifier: Apache-2.0 */
/* Is an HTTP answer whole? libcurl reports several damaged ones as good: headers cut short, a body without a
 * length that the peer or an attacker ended, Content-Length that overflows or contradicts itself. This
 * watches the header lines. */
#ifndef OKTA_HTTP_FRAMING_H
#define OKTA_HTTP_FRAMING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OKTAI_NO_LENGTH        UINT64_MAX
#define OKTAI_HEADER_BYTES_MAX 262144u

/* Begins zeroed, with content_length = OKTAI_NO_LENGTH. */
typedef struct oktai_framing {
    size_t bytes; /* of all header lines */
    int http_status;
    uint64_t content_length;
    bool chunked;
    bool complete; /* the empty line behind the headers came */
    const char *problem;
} oktai_framing;

typedef enum oktai_line {
    OKTAI_LINE_STATUS,  /* a status line: headers before it do not count */
    OKTAI_LINE_FIELD,   /* a header */
    OKTAI_LINE_IGNORED, /* the empty line, or a trailer */
    OKTAI_LINE_REFUSED, /* see `problem` */
} oktai_line;

/* One header line as it arrived, with its line end. */
oktai_line oktai_framing_line(oktai_framing *framing, const char *line, size_t length);

/* Why a transfer that ended well is no whole answer; NULL: it is. `framed_by_protocol`: HTTP/2 and later mark
 * the end of a body themselves. */
const char *oktai_framing_problem(const oktai_framing *framing, bool framed_by_protocol);

#endif
