/* SPDX-License-Identifier: Apache-2.0 */
#include "bench_guard.h"

#include <strings.h>

/* A folded line at the head of an answer would make libcurl follow the last header of the answer before,
 * which is freed: the blank goes before libcurl sees it. */
static int on_debug(CURL *easy, curl_infotype type, char *line, size_t length, void *context)
{
    (void)context;
    if (type == CURLINFO_HEADER_IN && line[0] != '\r' && line[0] != '\n' &&
        !(length >= 5 && strncasecmp(line, "HTTP/", 5) == 0)) {
        if (line[0] == ' ' || line[0] == '\t') {
            line[0] = ':';
        }
        curl_easy_setopt(easy, CURLOPT_VERBOSE, 0L);
    }
    return 0;
}

static int on_send(void *context, char *peer, char *self, int peer_port, int self_port)
{
    (void)peer;
    (void)self;
    (void)peer_port;
    (void)self_port;
    curl_easy_setopt((CURL *)context, CURLOPT_VERBOSE, 1L);
    return CURL_PREREQFUNC_OK;
}

void bench_guard(CURL *easy)
{
    if (curl_version_info(CURLVERSION_NOW)->version_num < 0x080100) {
        curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, on_debug);
        curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_send);
        curl_easy_setopt(easy, CURLOPT_PREREQDATA, easy);
    }
}
