/* SPDX-License-Identifier: Apache-2.0 */
/* A server in the thread of its client: it runs whenever libcurl is about to wait, and answers a request with
 * the next piece of the input, whatever that is. Nothing ever waits: when neither side has anything to do it
 * hangs up. The program is linked with --wrap=curl_multi_poll. */
#ifndef OKTA_TESTS_FUZZ_FUZZ_SERVER_H
#define OKTA_TESTS_FUZZ_FUZZ_SERVER_H

#include <stdbool.h>
#include <stddef.h>

#include "fuzz/fuzz.h"

/* What ends a piece of the input, and what the server then does. */
#define FUZZ_KEEP  '\x1e' /* keep the connection */
#define FUZZ_CLOSE '\x1d' /* end it */
#define FUZZ_RESET '\x1c' /* reset it */

/* Gets each whole request, with a NUL behind it. */
typedef void fuzz_request_fn(const char *request, size_t length);

/* "http://127.0.0.1:PORT". The first call makes the listener. */
const char *fuzz_server_url(void);

/* Begin with these answers, which are borrowed and may be changed, sent in up to `parts` parts each. */
void fuzz_server_begin(fuzz_text answers, size_t parts, fuzz_request_fn *on_request);
/* Reset what is still open. */
void fuzz_server_end(void);

/* The answer that was begun last; text is NULL before the first. */
fuzz_text fuzz_server_last_answer(void);

#endif
