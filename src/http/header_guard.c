/* SPDX-License-Identifier: Apache-2.0 */
#include "http/header_guard.h"

#include "http/headers.h"

#define FIRST_SOUND_VERSION 0x080100u

bool oktai_header_guard_is_needed(void)
{
    return curl_version_info(CURLVERSION_NOW)->version_num < FIRST_SOUND_VERSION;
}

/* libcurl keeps neither a status line, whose "HTTP/" it finds in any case, nor the empty line. */
static bool is_kept(const char *line, size_t length)
{
    return length > 0 && line[0] != '\r' && line[0] != '\n' &&
           !(length >= 5 && oktai_http_equals(line, 5, "HTTP/"));
}

/* The line is libcurl's own buffer, which it reads next. With a colon in place of the blank it is a header
 * without a name, which nobody reads. */
static int on_debug(CURL *easy, curl_infotype type, char *line, size_t length, void *context)
{
    (void)context;
    if (type == CURLINFO_HEADER_IN && is_kept(line, length)) {
        if (line[0] == ' ' || line[0] == '\t') {
            line[0] = ':';
        }
        curl_easy_setopt(easy, CURLOPT_VERBOSE, 0L);
    }
    return 0;
}

bool oktai_header_guard_set(oktai_transfer *t, CURL *easy)
{
    return !t->is_guarded || curl_easy_setopt(easy, CURLOPT_DEBUGFUNCTION, on_debug) == CURLE_OK;
}

void oktai_header_guard_begin(oktai_transfer *t)
{
    if (t->is_guarded) {
        curl_easy_setopt(t->easy, CURLOPT_VERBOSE, 1L);
    }
}
