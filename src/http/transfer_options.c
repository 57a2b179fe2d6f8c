/* SPDX-License-Identifier: Apache-2.0 */
#include "http/transfer_options.h"

#include <stdint.h>
#include <string.h>

#include "core/clock.h"
#include "core/memory.h"
#include "http/tls_hooks.h"
#include "http/transfer_callbacks.h"

#define CONNECTION_MAX_AGE_S 300L

/* With a store of the client's own, or a `ca_file`, nothing of libcurl's may be in force beside it: its
 * compiled-in folder would be. */
static bool set_trust(CURL *easy, const oktai_transport_options *options)
{
    if (options->tls == NULL && options->ca_file == NULL) {
        return true;
    }
    const char *file = options->tls == NULL ? options->ca_file : NULL;
    return curl_easy_setopt(easy, CURLOPT_CAINFO, file) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_CAPATH, NULL) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROXY_CAINFO, file) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROXY_CAPATH, NULL) == CURLE_OK;
}

static bool set_tls(oktai_transfer *t, CURL *easy)
{
    static const char ciphers[] = "ECDHE+AESGCM:ECDHE+CHACHA20";
    return curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROXY_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SSL_CIPHER_LIST, ciphers) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROXY_SSL_CIPHER_LIST, ciphers) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROXY_SSL_VERIFYPEER, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROXY_SSL_VERIFYHOST, 2L) == CURLE_OK &&
           /* libcurl 7.88 frees a name twice when memory ends while it keeps a session. */
           curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L) == CURLE_OK &&
           set_trust(easy, t->options) && oktai_tls_hooks_set(t, easy);
}

static bool set_security(CURL *easy, const oktai_transport_options *options)
{
    return curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, options->plain_http ? "http" : "https") ==
               CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_REDIR_PROTOCOLS_STR, "https") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROXY, options->route->proxy) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_NOPROXY, "") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) == CURLE_OK;
}

static bool set_behaviour(CURL *easy, const oktai_transport_options *options)
{
    return curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_USERAGENT, options->user_agent) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip") == CURLE_OK &&
           /* The memory of HTTP/2 is not libcurl's own. Without TLS there is none. */
           (!(oktai_wiping_is_on() || options->plain_http || options->http_1_1) ||
            curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) == CURLE_OK) &&
           curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, (long)OKTAI_CONNECTION_MAX_IDLE_S) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_MAXLIFETIME_CONN, CONNECTION_MAX_AGE_S) == CURLE_OK;
}

CURL *oktai_transfer_new_easy(oktai_transfer *t)
{
    CURL *easy = curl_easy_init();
    if (easy != NULL && !(set_security(easy, t->options) && set_tls(t, easy) &&
                          oktai_transfer_set_callbacks(t, easy) && set_behaviour(easy, t->options))) {
        curl_easy_cleanup(easy);
        return NULL;
    }
    return easy;
}

/* libcurl's list, without its copies: the lines stay where they are. */
static struct curl_slist *chain_headers(oktai_transfer *t, const char *const *lines)
{
    size_t count = 0;
    for (; count < OKTAI_REQUEST_HEADERS_MAX && lines[count] != NULL; count++) {
        t->headers[count] = (struct curl_slist){.data = (char *)(uintptr_t)lines[count]};
        if (count > 0) {
            t->headers[count - 1].next = &t->headers[count];
        }
    }
    return t->headers;
}

/* At least 1: 0 is no limit. */
static long left_ms(int64_t until_ms)
{
    int64_t left = until_ms - oktai_clock_system_ms();
    return left > 1 ? (long)left : 1;
}

bool oktai_transfer_set_request(oktai_transfer *t, const oktai_request *request)
{
    CURL *easy = t->easy;
    bool get = strcmp(request->method, "GET") == 0;
    /* A method that is made for a body says `Content-Length: 0` when there is none. */
    bool post = request->body != NULL || request->method[0] == 'P';
    curl_off_t size = request->body == NULL ? 0 : (curl_off_t)request->body->length;
    /* CURLOPT_POSTFIELDS makes the request a POST, so the method comes behind it. */
    return curl_easy_setopt(easy, CURLOPT_POSTFIELDS, post && request->body == NULL ? "" : NULL) ==
               CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, size) == CURLE_OK &&
           curl_easy_setopt(easy, post ? CURLOPT_POST : CURLOPT_HTTPGET, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, get ? NULL : request->method) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, request->fresh ? 1L : 0L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HTTPHEADER, chain_headers(t, request->headers)) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, left_ms(t->give_up_ms)) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                            left_ms(t->began_ms + t->options->connect_timeout_ms)) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_URL, request->url) == CURLE_OK;
}

/* libcurl keeps these beyond the transfer; nothing of the request may stay referenced. */
void oktai_transfer_forget_request(oktai_transfer *t)
{
    curl_easy_setopt(t->easy, CURLOPT_HTTPHEADER, NULL);
    t->response = NULL;
    t->request_body = NULL;
    t->url = NULL;
    t->canceled = NULL;
}
