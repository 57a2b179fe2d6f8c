/* SPDX-License-Identifier: Apache-2.0 */
#include "http/route.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "http/headers.h"
#include "http/proxy_env.h"

#define PORT_HTTP  80u
#define PORT_HTTPS 443u
#define PORT_PROXY 1080u /* libcurl's, of all proxies but https:// ones */
#define HOST_MAX   256u

/* Scheme, host and port of a URL, as libcurl reads it. The host of an IPv6 address has no brackets. */
typedef struct place {
    char scheme[16];
    char host[HOST_MAX];
    unsigned port; /* 0: not said */
} place;

static void take_part(CURLU *url, CURLUPart part, char *out, size_t size)
{
    char *text = NULL;
    out[0] = '\0';
    if (curl_url_get(url, part, &text, 0) == CURLUE_OK && strlen(text) < size) {
        memcpy(out, text, strlen(text) + 1);
    }
    curl_free(text);
}

static void drop_brackets(char *host)
{
    size_t length = strlen(host);
    if (length > 2 && host[0] == '[' && host[length - 1] == ']') {
        memmove(host, host + 1, length - 2);
        host[length - 2] = '\0';
    }
}

/* What is no URL has no host. False: out of memory. */
static bool read_place(const char *text, place *out)
{
    char port[8];
    CURLU *url = curl_url();
    *out = (place){.port = 0};
    if (url == NULL) {
        return false;
    }
    CURLUcode code = curl_url_set(url, CURLUPART_URL, text, CURLU_NON_SUPPORT_SCHEME | CURLU_GUESS_SCHEME);
    if (code == CURLUE_OK) {
        take_part(url, CURLUPART_SCHEME, out->scheme, sizeof out->scheme);
        take_part(url, CURLUPART_HOST, out->host, sizeof out->host);
        take_part(url, CURLUPART_PORT, port, sizeof port);
        out->port = (unsigned)strtoul(port, NULL, 10);
        drop_brackets(out->host);
    }
    curl_url_cleanup(url);
    return code != CURLUE_OUT_OF_MEMORY;
}

/* libcurl does not wipe its copies: it gets the URL of a proxy without user and password. False: out of
 * memory. */
static bool read_proxy(oktai_arena *arena, const char *proxy, place *out)
{
    char *plain = oktai_arena_strdup(arena, proxy);
    if (plain == NULL) {
        return false;
    }
    char *scheme_end = strstr(plain, "://");
    char *start = scheme_end == NULL ? plain : scheme_end + 3;
    char *end = start + strcspn(start, "/?#");
    for (char *at = end; at > start; at--) {
        if (at[-1] == '@') {
            memmove(start, at, strlen(at) + 1);
            break;
        }
    }
    return read_place(plain, out);
}

static bool is_address(const char *host)
{
    unsigned char bytes[sizeof(struct in6_addr)];
    return strchr(host, ':') != NULL || inet_pton(AF_INET, host, bytes) == 1;
}

/* libcurl asks nobody for these (RFC 6761, section 6.3). */
static bool is_localhost(const char *host)
{
    static const char name[] = "localhost";
    size_t length = strlen(host);
    size_t skip = length < sizeof name - 1 ? length : length - (sizeof name - 1);
    return oktai_http_equals(host + skip, length - skip, name) && (skip == 0 || host[skip - 1] == '.');
}

static bool add_name(oktai_arena *arena, const place *where, unsigned port, oktai_route *route)
{
    if (where->host[0] == '\0' || is_address(where->host) || is_localhost(where->host)) {
        return true;
    }
    oktai_name *name = &route->names[route->name_count++];
    name->host = oktai_arena_strdup(arena, where->host);
    name->port = where->port != 0 ? where->port : port;
    return name->host != NULL;
}

static bool is_scheme(const place *proxy, const char *scheme)
{
    return oktai_http_equals(proxy->scheme, strlen(proxy->scheme), scheme);
}

/* Of an HTTP proxy, and of SOCKS with an h or an a at its end, the proxy itself finds the org. */
static bool resolves_here(const place *proxy)
{
    return is_scheme(proxy, "socks4") || is_scheme(proxy, "socks5") || is_scheme(proxy, "socks");
}

static const char *make_label(oktai_arena *arena, const place *proxy, const char *source)
{
    oktai_buffer text = {0};
    bool bare = strchr(proxy->host, ':') == NULL;
    oktai_buffer_printf(&text, bare ? "%s://%s" : "%s://[%s]", proxy->scheme, proxy->host);
    if (proxy->port != 0) {
        oktai_buffer_printf(&text, ":%u", proxy->port);
    }
    oktai_buffer_printf(&text, ", from %s", source);
    char *copy = text.failed ? NULL : oktai_arena_copy(arena, text.data, text.length);
    oktai_buffer_clear(&text);
    return copy;
}

static bool add_proxy(oktai_arena *arena, const char *proxy, const char *source, const place *org,
                      unsigned org_port, oktai_route *route)
{
    place where;
    if (!read_proxy(arena, proxy, &where)) {
        return false;
    }
    unsigned port = is_scheme(&where, "https") ? PORT_HTTPS : PORT_PROXY;
    route->proxy = oktai_arena_strdup(arena, proxy);
    route->proxy_label = make_label(arena, &where, source);
    return route->proxy != NULL && route->proxy_label != NULL && add_name(arena, &where, port, route) &&
           (!resolves_here(&where) || add_name(arena, org, org_port, route));
}

/* A proxy of the environment must not see the credential of a plain loopback connection. */
static const char *proxy_of_environment(const place *org, const char **variable)
{
    return is_scheme(org, "http") ? NULL : oktai_proxy_of_environment(org->host, variable);
}

bool oktai_route_look_at_environment(const char *base_url, const char **proxy, const char **variable)
{
    place org = {.port = 0};
    *proxy = NULL;
    if (base_url != NULL && !read_place(base_url, &org)) {
        return false;
    }
    *proxy = proxy_of_environment(&org, variable);
    return true;
}

bool oktai_route_find(oktai_arena *arena, const char *base_url, const char *proxy, const char *source,
                      oktai_route *out)
{
    place org;
    *out = (oktai_route){.proxy = ""};
    if (!read_place(base_url, &org)) {
        return false;
    }
    unsigned port = is_scheme(&org, "http") ? PORT_HTTP : PORT_HTTPS;
    if (proxy == NULL) {
        proxy = proxy_of_environment(&org, &source);
    }
    if (proxy == NULL || proxy[0] == '\0') {
        return add_name(arena, &org, port, out);
    }
    return add_proxy(arena, proxy, source == NULL ? "the option proxy" : source, &org, port, out);
}
