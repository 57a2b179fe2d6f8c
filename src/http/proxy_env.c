/* SPDX-License-Identifier: Apache-2.0 */
#include "http/proxy_env.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "http/headers.h"

/* An IPv4 or IPv6 address; `bits` is 0 for what is none. */
typedef struct address {
    unsigned char bytes[16];
    unsigned bits;
} address;

static address read_address(const char *text)
{
    address read = {.bits = 0};
    if (inet_pton(AF_INET, text, read.bytes) == 1) {
        read.bits = 32;
    } else if (inet_pton(AF_INET6, text, read.bytes) == 1) {
        read.bits = 128;
    }
    return read;
}

static bool begins_alike(const address *a, const address *b, unsigned bits)
{
    for (unsigned i = 0; i < bits; i++) {
        unsigned mask = 0x80u >> (i % 8);
        if (((a->bytes[i / 8] ^ b->bytes[i / 8]) & mask) != 0) {
            return false;
        }
    }
    return true;
}

/* `word` is an address, or an address and how many of its bits count. */
static bool covers_address(char *word, const address *host)
{
    char *slash = strchr(word, '/');
    unsigned long bits = host->bits;
    if (slash != NULL) {
        char *end;
        *slash = '\0';
        bits = strtoul(slash + 1, &end, 10);
        if (end == slash + 1 || *end != '\0') {
            return false;
        }
    }
    size_t length = strlen(word);
    if (word[0] == '[' && word[length - 1] == ']') {
        word[length - 1] = '\0';
        word++;
    }
    address network = read_address(word);
    return network.bits == host->bits && bits <= host->bits && begins_alike(&network, host, (unsigned)bits);
}

static size_t without_last_dot(const char *name)
{
    size_t length = strlen(name);
    return length > 0 && name[length - 1] == '.' ? length - 1 : length;
}

static bool covers_name(char *word, const char *host)
{
    size_t host_length = without_last_dot(host);
    word += word[0] == '.' ? 1 : 0;
    size_t length = without_last_dot(word);
    word[length] = '\0';
    if (length == 0 || length > host_length) {
        return false;
    }
    const char *tail = host + host_length - length;
    return (tail == host || tail[-1] == '.') && oktai_http_equals(tail, length, word);
}

bool oktai_proxy_is_excluded(const char *no_proxy, const char *host)
{
    static const char between[] = ", \t\r\n";
    address target = read_address(host);
    if (strcmp(no_proxy, "*") == 0) {
        return true;
    }
    for (const char *at = no_proxy; *(at += strspn(at, between)) != '\0'; at += strcspn(at, between)) {
        char word[256];
        size_t length = strcspn(at, between);
        if (length >= sizeof word) {
            continue; /* no name is as long */
        }
        memcpy(word, at, length);
        word[length] = '\0';
        if (target.bits > 0 ? covers_address(word, &target) : covers_name(word, host)) {
            return true;
        }
    }
    return false;
}

/* A variable without a value is not set. */
static const char *first_set(const char *const *names, size_t count, const char **which)
{
    for (size_t i = 0; i < count; i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && value[0] != '\0') {
            *which = names[i];
            return value;
        }
    }
    return NULL;
}

const char *oktai_proxy_of_environment(const char *host, const char **variable)
{
    static const char *const proxies[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"};
    static const char *const exclusions[] = {"no_proxy", "NO_PROXY"};
    const char *which = NULL;
    const char *proxy = first_set(proxies, sizeof proxies / sizeof proxies[0], variable);
    const char *excluded = first_set(exclusions, sizeof exclusions / sizeof exclusions[0], &which);
    if (proxy == NULL || excluded == NULL || !oktai_proxy_is_excluded(excluded, host)) {
        return proxy;
    }
    *variable = which;
    return "";
}
