/* SPDX-License-Identifier: Apache-2.0 */
#include "config/environment_proxy.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define HOST_SIZE 256u

/* The first of these that is set and not empty. */
static oktai_environment_proxy first_of(const char *const *names)
{
    for (; *names != NULL; names++) {
        const char *value = getenv(*names);
        if (value != NULL && value[0] != '\0') {
            return (oktai_environment_proxy){value, *names};
        }
    }
    return (oktai_environment_proxy){NULL, NULL};
}

/* The host of a URL, without the brackets of IPv6 and without a dot at its end. */
static bool host_of(const char *url, char out[HOST_SIZE])
{
    const char *host = url == NULL ? NULL : strstr(url, "://");
    if (host == NULL) {
        return false;
    }
    host += 3;
    bool is_ipv6 = *host == '[';
    host += is_ipv6;
    size_t length = strcspn(host, is_ipv6 ? "]" : ":/");
    while (length > 0 && host[length - 1] == '.') {
        length--;
    }
    if (length == 0 || length >= HOST_SIZE) {
        return false;
    }
    memcpy(out, host, length);
    out[length] = '\0';
    return true;
}

/* Whether an address is in a network, as in 10.0.0.0/8. */
static bool is_in_network(const char *host, char *network)
{
    unsigned char a[16];
    unsigned char b[16];
    char *slash = strchr(network, '/');
    if (slash != NULL) {
        *slash = '\0';
    }
    int family = strchr(network, ':') != NULL ? AF_INET6 : AF_INET;
    if (inet_pton(family, host, a) != 1 || inet_pton(family, network, b) != 1) {
        return false;
    }
    unsigned long most = family == AF_INET6 ? 128 : 32;
    unsigned long bits = slash == NULL ? most : strtoul(slash + 1, NULL, 10);
    if (bits > most || (slash != NULL && bits == 0)) {
        return false;
    }
    unsigned long whole = bits / 8;
    unsigned char mask = (unsigned char)(0xff00u >> (bits % 8));
    return memcmp(a, b, whole) == 0 && (bits % 8 == 0 || ((a[whole] ^ b[whole]) & mask) == 0);
}

/* The name itself, or a name below it. */
static bool is_below(const char *host, const char *domain)
{
    size_t host_length = strlen(host);
    size_t length = strlen(domain);
    if (length == 0 || length > host_length) {
        return false;
    }
    const char *tail = host + host_length - length;
    return strcasecmp(tail, domain) == 0 && (tail == host || tail[-1] == '.');
}

static bool is_excepted(const char *host, const char *list)
{
    static const char separators[] = " \t,";
    if (strcmp(list, "*") == 0) {
        return true;
    }
    while (*(list += strspn(list, separators)) != '\0') {
        char entry[HOST_SIZE];
        size_t length = strcspn(list, separators);
        const char *name = list[0] == '.' ? list + 1 : list;
        size_t size = length - (list[0] == '.');
        list += length;
        while (size > 0 && name[size - 1] == '.') {
            size--;
        }
        if (size < sizeof entry) {
            memcpy(entry, name, size);
            entry[size] = '\0';
            if (is_below(host, entry) || is_in_network(host, entry)) {
                return true;
            }
        }
    }
    return false;
}

oktai_environment_proxy oktai_environment_proxy_of(const char *org_url)
{
    static const char *const proxies[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", NULL};
    static const char *const exceptions[] = {"no_proxy", "NO_PROXY", NULL};
    char host[HOST_SIZE];
    oktai_environment_proxy proxy = first_of(proxies);
    oktai_environment_proxy except = first_of(exceptions);
    if (proxy.url != NULL && except.url != NULL && host_of(org_url, host) && is_excepted(host, except.url)) {
        return (oktai_environment_proxy){"", except.variable};
    }
    return proxy;
}
