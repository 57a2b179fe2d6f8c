/* SPDX-License-Identifier: Apache-2.0 */
#include "http/transfer.h"

/* libcurl believes the version that a status line claims, also over HTTP/1. Without TLS there is no other. */
bool oktai_transfer_is_multiplexed(oktai_transport *t)
{
    long version = 0;
    if (t->options->plain_http) {
        return false;
    }
    curl_easy_getinfo(t->easy, CURLINFO_HTTP_VERSION, &version);
    return version == CURL_HTTP_VERSION_2_0 || version == CURL_HTTP_VERSION_3;
}
