/* SPDX-License-Identifier: Apache-2.0 */
#include "config/org_url.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <string.h>

#include "core/buffer.h"
#include "core/error.h"

static okta_error *refuse(const char *reason)
{
    return oktai_error_new(OKTA_E_CONFIG, "org_url %s", reason);
}

/* Whether a host is a loopback address. libcurl writes every IPv4 address as four numbers, so only a whole
 * address in 127.0.0.0/8 counts: a host such as `127.0.0.1.example` is a name, which may lead anywhere. */
static bool is_loopback(const char *host)
{
    struct in_addr address;
    return strcmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 ||
           (inet_pton(AF_INET, host, &address) == 1 && ntohl(address.s_addr) >> 24 == 127);
}

static const char *check_characters(const char *url)
{
    if (url == NULL || url[0] == '\0') {
        return "is required";
    }
    if (strnlen(url, 2049) > 2048) {
        return "is longer than 2,048 bytes";
    }
    for (const char *p = url; *p != '\0'; p++) {
        if (*p <= ' ' || *p > '~' || *p == '\\') {
            return "has a character that a URL cannot have";
        }
    }
    return NULL;
}

/* Parts of a URL, freed together. */
typedef struct oktai_url_parts {
    char *scheme;
    char *host;
    char *port;
    char *path;
} oktai_url_parts;

static bool has_part(CURLU *url, CURLUPart part)
{
    char *text = NULL;
    bool has = curl_url_get(url, part, &text, 0) == CURLUE_OK;
    curl_free(text);
    return has;
}

static const char *check_parts(CURLU *url, const oktai_url_parts *parts)
{
    if (parts->scheme == NULL || parts->host == NULL || parts->host[0] == '\0') {
        return "has no host";
    }
    if (has_part(url, CURLUPART_USER) || has_part(url, CURLUPART_PASSWORD)) {
        return "must not hold a user or password";
    }
    if (has_part(url, CURLUPART_QUERY) || has_part(url, CURLUPART_FRAGMENT) ||
        (parts->path != NULL && strcmp(parts->path, "/") != 0 && parts->path[0] != '\0')) {
        return "must end behind the host: no path, query or fragment";
    }
    if (parts->port != NULL && strcmp(parts->port, "0") == 0) {
        return "has port 0";
    }
    if (strcmp(parts->scheme, "https") != 0 &&
        (strcmp(parts->scheme, "http") != 0 || !is_loopback(parts->host))) {
        return "must begin with https:// (http:// is for loopback addresses only)";
    }
    return NULL;
}

/* libcurl accepts URLs whose destination is not what a person reads: one or three slashes before the host,
 * dot segments, escapes in the host, an empty fragment. A URL that a credential goes to must be plain. */
static const char *check_shape(const char *text)
{
    const char *host = strstr(text, "://");
    if (host == NULL || host[3] == '/') {
        return "must have two slashes before the host";
    }
    const char *rest = host + 3;
    rest += strspn(rest, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:[]");
    return rest[0] == '\0' || strcmp(rest, "/") == 0 ? NULL : "must end behind the host";
}

static okta_error *from_parts(const char *original, CURLU *url, oktai_arena *arena, const char **out,
                              bool *plain_http)
{
    oktai_url_parts parts = {0};
    curl_url_get(url, CURLUPART_SCHEME, &parts.scheme, 0);
    curl_url_get(url, CURLUPART_HOST, &parts.host, 0);
    curl_url_get(url, CURLUPART_PORT, &parts.port, CURLU_NO_DEFAULT_PORT);
    curl_url_get(url, CURLUPART_PATH, &parts.path, 0);
    /* One org has one URL: journals and assertions name it (RFC 3986, section 6.2). */
    for (char *at = parts.host; at != NULL && *at != '\0'; at++) {
        *at = *at >= 'A' && *at <= 'Z' ? (char)(*at | 0x20) : *at;
    }
    const char *reason = check_parts(url, &parts);
    if (reason == NULL) {
        reason = check_shape(original);
    }
    okta_error *error = reason != NULL ? refuse(reason) : NULL;
    if (error == NULL) {
        oktai_buffer text = {0};
        oktai_buffer_printf(&text, "%s://%s%s%s", parts.scheme, parts.host, parts.port == NULL ? "" : ":",
                            parts.port == NULL ? "" : parts.port);
        *out = text.failed ? NULL : oktai_arena_copy(arena, text.data, text.length);
        *plain_http = strcmp(parts.scheme, "http") == 0;
        error = *out == NULL ? oktai_error_nomem() : NULL;
        oktai_buffer_clear(&text);
    }
    curl_free(parts.scheme);
    curl_free(parts.host);
    curl_free(parts.port);
    curl_free(parts.path);
    return error;
}

okta_error *oktai_org_url(const char *text, oktai_arena *arena, const char **out, bool *plain_http)
{
    const char *reason = check_characters(text);
    if (reason == NULL && strpbrk(text, "{}<>") != NULL) {
        reason = "holds a placeholder such as {yourOktaDomain}: put the host of your org in its place";
    }
    if (reason == NULL && strstr(text, "://") == NULL) {
        reason = "has no https:// in front of the host";
    }
    if (reason != NULL) {
        return refuse(reason);
    }
    CURLU *url = curl_url();
    if (url == NULL) {
        return oktai_error_nomem();
    }
    CURLUcode code = curl_url_set(url, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME);
    okta_error *error = NULL;
    if (code == CURLUE_OUT_OF_MEMORY) {
        error = oktai_error_nomem();
    } else if (code != CURLUE_OK) {
        error = refuse("is not a URL");
    } else {
        error = from_parts(text, url, arena, out, plain_http);
    }
    curl_url_cleanup(url);
    return error;
}

bool oktai_org_url_is_admin(const char *text)
{
    static const char *const domains[] = {"-admin.okta.com", "-admin.oktapreview.com", "-admin.okta-emea.com",
                                          "-admin.okta-gov.com", "-admin.okta.mil"};
    const char *host = text == NULL ? NULL : strstr(text, "://");
    size_t length = host == NULL ? 0 : strcspn(host + 3, ":/");
    /* A dot at the end, as DNS writes names from its root, means the same host. */
    while (length > 0 && host[3 + length - 1] == '.') {
        length--;
    }
    for (size_t i = 0; i < sizeof domains / sizeof domains[0]; i++) {
        size_t size = strlen(domains[i]);
        if (length > size && curl_strnequal(host + 3 + length - size, domains[i], size) != 0) {
            return true;
        }
    }
    return false;
}

const char *oktai_proxy_refuse(const char *text)
{
    static const char *const schemes[] = {"http", "https", "socks4", "socks4a", "socks5", "socks5h"};
    if (text == NULL || text[0] == '\0') {
        return NULL;
    }
    const char *reason = check_characters(text);
    if (reason != NULL) {
        return reason;
    }
    reason = "must be a URL with http, https, socks4, socks4a, socks5 or socks5h";
    CURLU *url = curl_url();
    char *scheme = NULL;
    if (url != NULL && curl_url_set(url, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK) {
        curl_url_get(url, CURLUPART_SCHEME, &scheme, 0);
    }
    for (size_t i = 0; scheme != NULL && i < sizeof schemes / sizeof schemes[0]; i++) {
        reason = strcmp(scheme, schemes[i]) == 0 ? NULL : reason;
    }
    curl_free(scheme);
    curl_url_cleanup(url);
    return reason;
}
