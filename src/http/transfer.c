/* SPDX-License-Identifier: Apache-2.0 */
#include "http/transfer.h"

void oktai_transfer_set_connecting(oktai_transfer *t, bool is_connecting)
{
    if (t->connections != NULL) {
        t->connections->connecting -= t->is_connecting ? 1 : 0;
        t->connections->connecting += is_connecting ? 1 : 0;
    }
    t->is_connecting = is_connecting;
}

/* The handshake's word counts. libcurl's is that of the status line, which may claim any version over HTTP/1;
 * it is asked only where the handshake is out of reach. */
bool oktai_transfer_is_multiplexed(oktai_transfer *t)
{
    long version = 0;
    if (t->options->plain_http || t->options->tls != NULL) {
        return t->is_h2;
    }
    curl_easy_getinfo(t->easy, CURLINFO_HTTP_VERSION, &version);
    return version == CURL_HTTP_VERSION_2_0 || version == CURL_HTTP_VERSION_3;
}
