/* SPDX-License-Identifier: Apache-2.0 */
/* bench_floor URL APP KEY|- CALLS [peak|bare]: what bench_okta does, written by hand on libcurl and cJSON as
 * a careful program would: one handle, one connection, the body in one growing buffer, the members read out
 * of the tree. Before libcurl 8.1.0 a handle that is used again needs a guard (curl issue 11101), which it
 * has without "bare". */
#include <cjson/cJSON.h>
#include <curl/curl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench_guard.h"
#include "bench_peak.h"

typedef struct body {
    char *data;
    size_t length;
    size_t capacity;
} body;

static size_t on_body(char *data, size_t size, size_t count, void *context)
{
    body *b = context;
    size_t length = size * count;
    if (b->length + length + 1 > b->capacity) {
        size_t capacity = (b->length + length + 1) * 2;
        char *larger = realloc(b->data, capacity);
        if (larger == NULL) {
            return 0;
        }
        b->data = larger;
        b->capacity = capacity;
    }
    memcpy(b->data + b->length, data, length);
    b->length += length;
    b->data[b->length] = '\0';
    return length;
}

static bool read_key(const cJSON *key, size_t *characters)
{
    const cJSON *kid = cJSON_GetObjectItemCaseSensitive(key, "kid");
    const cJSON *n = cJSON_GetObjectItemCaseSensitive(key, "n");
    if (!cJSON_IsString(kid) || !cJSON_IsString(n)) {
        return false;
    }
    *characters += strlen(kid->valuestring) + strlen(n->valuestring);
    return true;
}

static bool read_answer(const body *b, size_t *characters)
{
    cJSON *tree = cJSON_ParseWithLength(b->data, b->length);
    bool good = tree != NULL;
    if (cJSON_IsArray(tree)) {
        const cJSON *key;
        cJSON_ArrayForEach(key, tree)
        {
            good = good && read_key(key, characters);
        }
    } else {
        good = good && read_key(tree, characters);
    }
    cJSON_Delete(tree);
    return good;
}

static bool call(CURL *easy, body *b, size_t *characters)
{
    long status = 0;
    b->length = 0;
    return curl_easy_perform(easy) == CURLE_OK &&
           curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK && status == 200 &&
           read_answer(b, characters);
}

int main(int argc, char **argv)
{
    if (argc < 5 || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        return 2;
    }
    char url[512];
    bool list = strcmp(argv[3], "-") == 0;
    snprintf(url, sizeof url, "%s/api/v1/apps/%s/credentials/jwks%s%s", argv[1], argv[2], list ? "" : "/",
             list ? "" : argv[3]);
    CURL *easy = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Accept: application/json");
    headers = curl_slist_append(headers, "Authorization: SSWS mock-token");
    body b = {0};
    size_t characters = 0;
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "bench_floor");
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 60000L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &b);
    const char *mode = argc > 5 ? argv[5] : "";
    if (strcmp(mode, "bare") != 0) {
        bench_guard(easy);
    }
    bool good = true;
    for (long left = strtol(argv[4], NULL, 10); good && left > 0; left--) {
        good = call(easy, &b, &characters);
    }
    printf("%zu\n", characters);
    if (strcmp(mode, "peak") == 0) {
        printf("peak %ld\n", bench_peak_kib());
    }
    free(b.data);
    curl_slist_free_all(headers);
    curl_easy_cleanup(easy);
    curl_global_cleanup();
    return good ? 0 : 1;
}
