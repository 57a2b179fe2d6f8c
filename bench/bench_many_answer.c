/* SPDX-License-Identifier: Apache-2.0 */
#include "bench_many_answer.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench_guard.h"

enum { TEXTS = 5 };

/* A key or a user. */
typedef struct item {
    char *texts[TEXTS];
} item;

static size_t on_body(char *data, size_t size, size_t count, void *context)
{
    bench_many_call *call = context;
    size_t length = size * count;
    if (call->length + length > call->capacity) {
        size_t capacity = (call->length + length) * 2;
        char *larger = realloc(call->data, capacity);
        if (larger == NULL) {
            return 0;
        }
        call->data = larger;
        call->capacity = capacity;
    }
    memcpy(call->data + call->length, data, length);
    call->length += length;
    return length;
}

static bool copy_text(const cJSON *object, const char *name, char **out)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
    *out = cJSON_IsString(member) ? strdup(member->valuestring) : NULL;
    return *out != NULL;
}

static bool copy_key(const cJSON *tree, item *out)
{
    char **texts = out->texts;
    return copy_text(tree, "id", &texts[0]) && copy_text(tree, "kid", &texts[1]) &&
           copy_text(tree, "n", &texts[2]) && copy_text(tree, "e", &texts[3]) &&
           copy_text(tree, "status", &texts[4]);
}

static bool copy_user(const cJSON *tree, item *out)
{
    char **texts = out->texts;
    const cJSON *profile = cJSON_GetObjectItemCaseSensitive(tree, "profile");
    return copy_text(tree, "id", &texts[0]) && copy_text(tree, "status", &texts[1]) &&
           copy_text(profile, "login", &texts[2]) && copy_text(profile, "firstName", &texts[3]) &&
           copy_text(profile, "lastName", &texts[4]);
}

static void clear_items(item *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < TEXTS; k++) {
            free(items[i].texts[k]);
        }
    }
}

static bool copy_items(const bench_many_call *call, const cJSON *tree)
{
    item items[BENCH_MANY_USERS] = {0};
    size_t count = 0;
    bool good = true;
    if (call->users) {
        const cJSON *user;
        cJSON_ArrayForEach(user, tree)
        {
            good = good && count < BENCH_MANY_USERS && copy_user(user, &items[count++]);
        }
        good = good && count == BENCH_MANY_USERS;
    } else {
        good = copy_key(tree, &items[count++]);
    }
    clear_items(items, count);
    return good;
}

bool bench_many_call_take(const bench_many_call *call, CURLcode code)
{
    long status = 0;
    if (code != CURLE_OK || curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status) != CURLE_OK ||
        status != 200) {
        fprintf(stderr, "libcurl %d, HTTP %ld\n", (int)code, status);
        return false;
    }
    cJSON *tree = cJSON_ParseWithLength(call->data, call->length);
    bool good = copy_items(call, tree);
    cJSON_Delete(tree);
    return good;
}

void bench_many_call_reset(bench_many_call *call)
{
    call->length = 0;
}

/* Those of src/http/transfer_options.c. */
static bool set_tls(CURL *easy, const bench_many *many)
{
    return curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, many->ca_file == NULL ? "http" : "https") ==
               CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SSL_CIPHER_LIST, "ECDHE+AESGCM:ECDHE+CHACHA20") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_CAINFO, many->ca_file) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_CAPATH, NULL) == CURLE_OK;
}

/* With HTTP/2 on a multi handle, calls wait for the first connection and share it. */
static bool set_request(bench_many_call *call, const bench_many *many)
{
    char url[512];
    snprintf(url, sizeof url, "%s%s", many->url,
             many->users ? "/api/v1/users?limit=50" : "/api/v1/apps/a/credentials/jwks/k");
    call->headers = curl_slist_append(NULL, "Accept: application/json");
    if (call->headers == NULL || curl_slist_append(call->headers, "Authorization: SSWS mock-token") == NULL) {
        return false;
    }
    CURL *easy = call->easy;
    return curl_easy_setopt(easy, CURLOPT_URL, url) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HTTPHEADER, call->headers) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_USERAGENT, "bench_many") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "gzip") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, 60000L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PRIVATE, call) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEDATA, call) == CURLE_OK;
}

bool bench_many_call_init(bench_many_call *call, const bench_many *many)
{
    *call = (bench_many_call){.easy = curl_easy_init(), .users = many->users};
    if (call->easy == NULL || !set_tls(call->easy, many) || !set_request(call, many)) {
        bench_many_call_clear(call);
        return false;
    }
    bench_guard(call->easy);
    return true;
}

void bench_many_call_clear(bench_many_call *call)
{
    curl_easy_cleanup(call->easy);
    curl_slist_free_all(call->headers);
    free(call->data);
    *call = (bench_many_call){0};
}
