/* SPDX-License-Identifier: Apache-2.0 */
/* A guard against a fault of libcurl before 8.1.0 (curl issue 11101). A handle keeps a pointer to the last
 * header of a transfer, whose memory its next transfer frees, and follows it when the next answer begins with
 * a folded line: a line that begins with a blank and continues the one before it. The guard sees each line
 * before libcurl does, until the first header has renewed the pointer, and takes the blank away. The headers
 * of a proxy's answer to CONNECT count as an answer's. */
#ifndef OKTA_HTTP_HEADER_GUARD_H
#define OKTA_HTTP_HEADER_GUARD_H

#include "http/transfer.h"

/* Whether this libcurl needs it. */
bool oktai_header_guard_is_needed(void);
/* Make `easy` ready for it. False: out of memory. */
bool oktai_header_guard_set(oktai_transfer *transfer, CURL *easy);
/* The request, or a CONNECT before it, goes out: look at the lines that come next. Does nothing where libcurl
 * needs no guard. */
void oktai_header_guard_begin(oktai_transfer *transfer);

#endif
