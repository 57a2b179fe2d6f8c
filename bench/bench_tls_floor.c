/* SPDX-License-Identifier: Apache-2.0 */
/* bench_tls_floor URL CALLS kept|new CA_FILE|FOLDER/: what bench_tls_okta does, by hand on libcurl: one
 * handle, which resumes TLS sessions by itself, and the authorities of one file or of a folder with links.
 * With "new" each request has a connection of its own. */
#include <cjson/cJSON.h>
#include <curl/curl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench_guard.h"

typedef struct body {
    char data[4096];
    size_t length;
} body;

static size_t on_body(char *data, size_t size, size_t count, void *context)
{
    body *b = context;
    size_t length = size * count;
    if (length > sizeof b->data - b->length) {
        return 0;
    }
    memcpy(b->data + b->length, data, length);
    b->length += length;
    return length;
}

static bool call(CURL *easy, body *b)
{
    long status = 0;
    b->length = 0;
    if (curl_easy_perform(easy) != CURLE_OK ||
        curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status) != CURLE_OK || status != 200) {
        return false;
    }
    cJSON *tree = cJSON_ParseWithLength(b->data, b->length);
    bool good = cJSON_IsString(cJSON_GetObjectItemCaseSensitive(tree, "kid")) &&
                cJSON_IsString(cJSON_GetObjectItemCaseSensitive(tree, "n"));
    cJSON_Delete(tree);
    return good;
}

static void set_authorities(CURL *easy, const char *path)
{
    bool folder = path[strlen(path) - 1] == '/';
    curl_easy_setopt(easy, CURLOPT_CAINFO, folder ? NULL : path);
    curl_easy_setopt(easy, CURLOPT_CAPATH, folder ? path : NULL);
}

static void set_request(CURL *easy, bool fresh)
{
    if (fresh) {
        curl_easy_setopt(easy, CURLOPT_POSTFIELDS, "");
        curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    }
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "bench_floor");
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 60000L);
}

int main(int argc, char **argv)
{
    if (argc != 5 || argv[4][0] == '\0' || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        return 2;
    }
    char url[512];
    body b = {.length = 0};
    bool good = true;
    CURL *easy = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Accept: application/json");
    headers = curl_slist_append(headers, "Authorization: SSWS mock-token");
    snprintf(url, sizeof url, "%s/api/v1/apps/a/credentials/jwks/k", argv[1]);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &b);
    set_request(easy, strcmp(argv[3], "new") == 0);
    set_authorities(easy, argv[4]);
    bench_guard(easy);
    for (long left = strtol(argv[2], NULL, 10); good && left > 0; left--) {
        good = call(easy, &b);
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(easy);
    curl_global_cleanup();
    return good ? 0 : 1;
}
