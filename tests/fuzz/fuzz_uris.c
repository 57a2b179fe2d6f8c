/* SPDX-License-Identifier: Apache-2.0 */
/* The first byte of the input says what the rest is: an id, a target, an org URL or a proxy URL. What the
 * library accepts, libcurl and a decoder of the tests' own must read as the library does. */
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "config/org_url.h"
#include "core/uri.h"
#include "fuzz/fuzz.h"

#define HOST "https://example.com"

/* libcurl, which resolves dot segments here, finds this path and nothing behind it but the query. */
static void check_by_libcurl(const char *path_and_query)
{
    oktai_buffer url = {0};
    char *path = NULL;
    char *query = NULL;
    size_t length = strcspn(path_and_query, "?");
    CURLU *parts = curl_url();
    FUZZ_CHECK(parts != NULL && oktai_buffer_add_text(&url, HOST) &&
               oktai_buffer_add_text(&url, path_and_query));
    FUZZ_CHECK(curl_url_set(parts, CURLUPART_URL, url.data, 0) == CURLUE_OK);
    FUZZ_CHECK(curl_url_get(parts, CURLUPART_PATH, &path, 0) == CURLUE_OK);
    FUZZ_CHECK(strlen(path) == length && memcmp(path, path_and_query, length) == 0);
    bool has_query = path_and_query[length] == '?' && path_and_query[length + 1] != '\0';
    FUZZ_CHECK((curl_url_get(parts, CURLUPART_QUERY, &query, 0) == CURLUE_OK) == has_query || query != NULL);
    FUZZ_CHECK(!has_query || strcmp(query, path_and_query + length + 1) == 0);
    curl_free(path);
    curl_free(query);
    curl_url_cleanup(parts);
    oktai_buffer_clear(&url);
}

/* One segment that decodes to the id, wherever it stands. */
static void check_id(const char *id)
{
    static const char before[] = "/api/v1/apps/";
    static const char after[] = "/credentials/jwks/k1";
    const char *const ids[] = {id, "k1"};
    const char *name;
    size_t name_length;
    if (oktai_uri_refuse_id(id) != NULL) {
        return;
    }
    oktai_buffer out = {0};
    FUZZ_CHECK(oktai_uri_placeholder("/a/{one}/b/{two}", 1, &name, &name_length) && name_length == 3);
    FUZZ_CHECK(oktai_uri_expand(&out, "/api/v1/apps/{appId}/credentials/jwks/{keyId}", ids));
    FUZZ_CHECK(strncmp(out.data, before, sizeof before - 1) == 0);
    const char *segment = out.data + sizeof before - 1;
    size_t length = strcspn(segment, "/?#;\\");
    FUZZ_CHECK(strcmp(segment + length, after) == 0);
    FUZZ_CHECK(oktai_uri_refuse_target(out.data, out.length) == NULL);
    FUZZ_CHECK(fuzz_is_clean_target(out.data));
    check_by_libcurl(out.data);
    int decoded_length = 0;
    char *decoded = curl_easy_unescape(NULL, segment, (int)length, &decoded_length);
    FUZZ_CHECK(decoded != NULL && (size_t)decoded_length == strlen(id) && strcmp(decoded, id) == 0);
    curl_free(decoded);
    oktai_buffer_clear(&out);
}

static void check_target(fuzz_text target)
{
    char *exact = fuzz_exact(target);
    const char *refusal = oktai_uri_refuse_target(exact == NULL ? "" : exact, target.length);
    free(exact);
    if (refusal == NULL) {
        FUZZ_CHECK(strlen(target.text) == target.length);
        FUZZ_CHECK(fuzz_is_clean_target(target.text));
        check_by_libcurl(target.text);
    }
}

static bool has_part(CURLU *parts, CURLUPart part)
{
    char *text = NULL;
    bool has = curl_url_get(parts, part, &text, 0) == CURLUE_OK;
    curl_free(text);
    return has;
}

/* What is accepted is an origin, and comes out the same again. */
static void check_org(const char *text)
{
    oktai_arena arena = {0};
    const char *origin = NULL;
    const char *again = NULL;
    bool plain = false;
    bool plain_again = false;
    okta_status status = fuzz_take(oktai_org_url(text, &arena, &origin, &plain));
    FUZZ_CHECK(status == OKTA_OK || status == OKTA_E_CONFIG);
    if (status == OKTA_OK) {
        CURLU *parts = curl_url();
        FUZZ_CHECK(parts != NULL && curl_url_set(parts, CURLUPART_URL, origin, 0) == CURLUE_OK);
        FUZZ_CHECK(strncmp(origin, plain ? "http://" : "https://", plain ? 7 : 8) == 0);
        const char *authority = origin + (plain ? 7 : 8);
        FUZZ_CHECK(authority[0] != '\0' && strpbrk(authority, "/?#@\\% ") == NULL);
        const char *colon = strrchr(authority, ':');
        FUZZ_CHECK(colon == NULL || (colon[1] > '0' && colon[1] <= '9') || strchr(colon, ']') != NULL);
        FUZZ_CHECK(!has_part(parts, CURLUPART_USER) && !has_part(parts, CURLUPART_PASSWORD));
        FUZZ_CHECK(!has_part(parts, CURLUPART_QUERY) && !has_part(parts, CURLUPART_FRAGMENT));
        FUZZ_CHECK(!plain || strncmp(authority, "127.", 4) == 0 || strncmp(authority, "[::1]", 5) == 0 ||
                   strncmp(authority, "localhost", 9) == 0);
        fuzz_expect_success(oktai_org_url(origin, &arena, &again, &plain_again));
        FUZZ_CHECK(strcmp(again, origin) == 0 && plain == plain_again);
        curl_url_cleanup(parts);
    }
    oktai_arena_clear(&arena);
}

static void check_proxy(const char *text)
{
    if (oktai_proxy_refuse(text) != NULL || text[0] == '\0') {
        return;
    }
    CURLU *parts = curl_url();
    FUZZ_CHECK(parts != NULL &&
               curl_url_set(parts, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK);
    FUZZ_CHECK(has_part(parts, CURLUPART_HOST) && strpbrk(text, " \t\r\n\\") == NULL);
    curl_url_cleanup(parts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input = {data, size};
    size_t what = fuzz_choice(&input, 4);
    fuzz_text text = fuzz_rest(&input);
    switch (what) {
    case 0:
        check_id(text.text);
        break;
    case 1:
        check_target(text);
        break;
    case 2:
        check_org(text.text);
        break;
    default:
        check_proxy(text.text);
        break;
    }
    free(text.text);
    return 0;
}
