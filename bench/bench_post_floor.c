/* SPDX-License-Identifier: Apache-2.0 */
/* bench_post_floor URL APP CALLS: add that many keys, written by hand on libcurl and cJSON as a careful
 * program would: one handle, one connection, the request printed from a tree, the answer read out of one. */
#include <cjson/cJSON.h>
#include <curl/curl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench_post.h"

#define BODY_MAX 8192u

typedef struct body {
    char data[BODY_MAX];
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

static char *make_request(long call)
{
    char kid[BENCH_KID_SIZE];
    snprintf(kid, sizeof kid, BENCH_KID_FORMAT, (long)getpid(), call);
    cJSON *tree = cJSON_CreateObject();
    char *text = NULL;
    if (cJSON_AddStringToObject(tree, "kid", kid) != NULL &&
        cJSON_AddStringToObject(tree, "kty", "RSA") != NULL &&
        cJSON_AddStringToObject(tree, "use", "sig") != NULL &&
        cJSON_AddStringToObject(tree, "alg", "RS256") != NULL &&
        cJSON_AddStringToObject(tree, "e", "AQAB") != NULL &&
        cJSON_AddStringToObject(tree, "n", BENCH_MODULUS) != NULL) {
        text = cJSON_PrintUnformatted(tree);
    }
    cJSON_Delete(tree);
    return text;
}

static bool read_answer(const body *b, size_t *characters)
{
    cJSON *key = cJSON_ParseWithLength(b->data, b->length);
    const cJSON *id = cJSON_GetObjectItemCaseSensitive(key, "id");
    const cJSON *kid = cJSON_GetObjectItemCaseSensitive(key, "kid");
    bool good = cJSON_IsString(id) && cJSON_IsString(kid);
    *characters += good ? strlen(id->valuestring) + strlen(kid->valuestring) : 0;
    cJSON_Delete(key);
    return good;
}

static bool add(CURL *easy, body *b, long call, size_t *characters)
{
    long status = 0;
    char *request = make_request(call);
    b->length = 0;
    bool good = request != NULL &&
                curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE, (long)strlen(request)) == CURLE_OK &&
                curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request) == CURLE_OK &&
                curl_easy_perform(easy) == CURLE_OK &&
                curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK && status == 201 &&
                read_answer(b, characters);
    free(request);
    return good;
}

int main(int argc, char **argv)
{
    if (argc < 4 || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        return 2;
    }
    char url[512];
    snprintf(url, sizeof url, "%s/api/v1/apps/%s/credentials/jwks", argv[1], argv[2]);
    CURL *easy = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Accept: application/json");
    headers = curl_slist_append(headers, "Authorization: SSWS mock-token");
    headers = curl_slist_append(headers, "Content-Type: application/json");
    body b = {.length = 0};
    size_t characters = 0;
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "bench_floor");
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 60000L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &b);
    bool good = true;
    for (long left = strtol(argv[3], NULL, 10); good && left > 0; left--) {
        good = add(easy, &b, left, &characters);
    }
    printf("%zu\n", characters);
    curl_slist_free_all(headers);
    curl_easy_cleanup(easy);
    curl_global_cleanup();
    return good ? 0 : 1;
}
