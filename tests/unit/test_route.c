/* SPDX-License-Identifier: Apache-2.0 */
/* Which way connections take: the proxy of an option or of the environment, and which names that takes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/arena.h"
#include "http/proxy_env.h"
#include "http/route.h"
#include "unit/allocations.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const char *const variables[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
                                        "http_proxy",  "HTTP_PROXY",  "no_proxy",  "NO_PROXY"};

static int clear_environment(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(variables); i++) {
        unsetenv(variables[i]);
    }
    return 0;
}

static void no_proxy_excludes_names_addresses_and_networks(void **state)
{
    static const struct {
        const char *no_proxy;
        const char *host;
        bool excluded;
    } cases[] = {
        {"*", "org.okta.com", true},
        {"okta.com", "okta.com", true},
        {"okta.com", "org.okta.com", true},
        {".okta.com", "org.okta.com", true},
        {".okta.com", "okta.com", true},
        {"OKTA.com", "org.okta.COM", true},
        {"okta.com.", "org.okta.com", true},
        {"okta.com", "org.okta.com.", true},
        {"okta.com", "orgokta.com", false},
        {"org.okta.com", "okta.com", false},
        {"com.okta", "okta.com", false},
        {"", "okta.com", false},
        {" , ,", "okta.com", false},
        {".", "okta.com", false},
        {"a.example,okta.com", "org.okta.com", true},
        {"a.example okta.com", "org.okta.com", true},
        {"a.example,\t okta.com ,b.example", "org.okta.com", true},
        {"a.example,b.example", "org.okta.com", false},
        {"*,okta.com", "a.example", false},
        {"*.okta.com", "org.okta.com", false},
        {"192.0.2.1", "192.0.2.1", true},
        {"192.0.2.1", "192.0.2.10", false},
        {"2.1", "192.0.2.1", false},
        {"192.0.2.0/24", "192.0.2.200", true},
        {"192.0.2.0/24", "192.0.3.200", false},
        {"192.0.2.0/25", "192.0.2.200", false},
        {"192.0.2.0/0", "8.8.8.8", true},
        {"192.0.2.0/33", "192.0.2.0", false},
        {"192.0.2.0/", "192.0.2.0", false},
        {"192.0.2.0/24x", "192.0.2.0", false},
        {"192.0.2.0/-1", "192.0.2.0", false},
        {"2001:db8::1", "2001:db8:0::1", true},
        {"[2001:db8::1]", "2001:db8::1", true},
        {"2001:db8::/32", "2001:db8:1::1", true},
        {"2001:db8::/32", "2001:db9::1", false},
        {"2001:db8::/129", "2001:db8::", false},
        {"::/0", "192.0.2.1", false},
        {"[", "2001:db8::1", false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        if (oktai_proxy_is_excluded(cases[i].no_proxy, cases[i].host) != cases[i].excluded) {
            fail_msg("\"%s\" and %s", cases[i].no_proxy, cases[i].host);
        }
    }
    char long_word[600];
    memset(long_word, 'a', sizeof long_word - 1);
    long_word[sizeof long_word - 1] = '\0';
    assert_false(oktai_proxy_is_excluded(long_word, "okta.com"));
}

typedef struct route_case {
    const char *name;
    const char *environment[3]; /* NAME=value */
    const char *org;
    const char *option;
    const char *source;
    const char *proxy;
    const char *label;
    const char *names; /* host:port, each with a space behind it */
} route_case;

#define ORG "https://org.okta.com"

static const route_case cases[] = {
    {"nothing", {NULL}, ORG, NULL, NULL, "", NULL, "org.okta.com:443 "},
    {"port", {NULL}, ORG ":8443", NULL, NULL, "", NULL, "org.okta.com:8443 "},
    {"address", {NULL}, "https://192.0.2.1:8443", NULL, NULL, "", NULL, ""},
    {"IPv6 address", {NULL}, "https://[2001:db8::1]", NULL, NULL, "", NULL, ""},
    {"localhost", {NULL}, "http://localhost:80", NULL, NULL, "", NULL, ""},
    {"below localhost", {NULL}, "https://a.localhost", NULL, NULL, "", NULL, ""},
    {"not localhost", {NULL}, "https://notlocalhost", NULL, NULL, "", NULL, "notlocalhost:443 "},
    {"option",
     {NULL},
     ORG,
     "http://proxy.corp:3128",
     NULL,
     "http://proxy.corp:3128",
     "http://proxy.corp:3128, from the option proxy",
     "proxy.corp:3128 "},
    {"option of a file",
     {NULL},
     ORG,
     "http://proxy.corp:3128",
     "/home/a/.okta/okta.yaml:3",
     "http://proxy.corp:3128",
     "http://proxy.corp:3128, from /home/a/.okta/okta.yaml:3",
     "proxy.corp:3128 "},
    {"password",
     {NULL},
     ORG,
     "http://user:p%40ss@proxy.corp:3128/",
     NULL,
     "http://user:p%40ss@proxy.corp:3128/",
     "http://proxy.corp:3128, from the option proxy",
     "proxy.corp:3128 "},
    {"at sign in a password",
     {NULL},
     ORG,
     "http://user:p@ss@proxy.corp:3128",
     NULL,
     "http://user:p@ss@proxy.corp:3128",
     "http://proxy.corp:3128, from the option proxy",
     "proxy.corp:3128 "},
    {"no port",
     {NULL},
     ORG,
     "http://proxy.corp",
     NULL,
     "http://proxy.corp",
     "http://proxy.corp, from the option proxy",
     "proxy.corp:1080 "},
    {"https proxy",
     {NULL},
     ORG,
     "https://proxy.corp",
     NULL,
     "https://proxy.corp",
     "https://proxy.corp, from the option proxy",
     "proxy.corp:443 "},
    {"IPv6 proxy",
     {NULL},
     ORG,
     "http://[2001:db8::1]:3128",
     NULL,
     "http://[2001:db8::1]:3128",
     "http://[2001:db8::1]:3128, from the option proxy",
     ""},
    {"socks5",
     {NULL},
     ORG,
     "socks5://proxy.corp",
     NULL,
     "socks5://proxy.corp",
     "socks5://proxy.corp, from the option proxy",
     "proxy.corp:1080 org.okta.com:443 "},
    {"socks4",
     {NULL},
     ORG,
     "socks4://192.0.2.1:1",
     NULL,
     "socks4://192.0.2.1:1",
     "socks4://192.0.2.1:1, from the option proxy",
     "org.okta.com:443 "},
    {"socks5h",
     {NULL},
     ORG,
     "socks5h://proxy.corp",
     NULL,
     "socks5h://proxy.corp",
     "socks5h://proxy.corp, from the option proxy",
     "proxy.corp:1080 "},
    {"none by option", {"HTTPS_PROXY=http://proxy.corp:1"}, ORG, "", NULL, "", NULL, "org.okta.com:443 "},
    {"environment",
     {"HTTPS_PROXY=http://proxy.corp:1"},
     ORG,
     NULL,
     NULL,
     "http://proxy.corp:1",
     "http://proxy.corp:1, from HTTPS_PROXY",
     "proxy.corp:1 "},
    {"small letters first",
     {"HTTPS_PROXY=http://large:1", "https_proxy=http://small:1"},
     ORG,
     NULL,
     NULL,
     "http://small:1",
     "http://small:1, from https_proxy",
     "small:1 "},
    {"all",
     {"ALL_PROXY=socks5h://proxy.corp:1"},
     ORG,
     NULL,
     NULL,
     "socks5h://proxy.corp:1",
     "socks5h://proxy.corp:1, from ALL_PROXY",
     "proxy.corp:1 "},
    {"own before all",
     {"all_proxy=http://all:1", "HTTPS_PROXY=http://own:1"},
     ORG,
     NULL,
     NULL,
     "http://own:1",
     "http://own:1, from HTTPS_PROXY",
     "own:1 "},
    {"empty is not set",
     {"https_proxy=", "HTTPS_PROXY=http://proxy.corp:1"},
     ORG,
     NULL,
     NULL,
     "http://proxy.corp:1",
     "http://proxy.corp:1, from HTTPS_PROXY",
     "proxy.corp:1 "},
    {"of another scheme", {"http_proxy=http://proxy.corp:1"}, ORG, NULL, NULL, "", NULL, "org.okta.com:443 "},
    {"without a scheme",
     {"HTTPS_PROXY=user:word@proxy.corp:3128"},
     ORG,
     NULL,
     NULL,
     "user:word@proxy.corp:3128",
     "http://proxy.corp:3128, from HTTPS_PROXY",
     "proxy.corp:3128 "},
    {"excluded",
     {"HTTPS_PROXY=http://proxy.corp:1", "NO_PROXY=okta.com"},
     ORG,
     NULL,
     NULL,
     "",
     NULL,
     "org.okta.com:443 "},
    {"excluded IPv6 address",
     {"HTTPS_PROXY=http://proxy.corp:1", "NO_PROXY=2001:db8::/32"},
     "https://[2001:db8::1]",
     NULL,
     NULL,
     "",
     NULL,
     ""},
    {"exclusion is for the environment",
     {"NO_PROXY=okta.com"},
     ORG,
     "http://proxy.corp:1",
     NULL,
     "http://proxy.corp:1",
     "http://proxy.corp:1, from the option proxy",
     "proxy.corp:1 "},
    {"plain loopback", {"ALL_PROXY=http://proxy.corp:1"}, "http://127.0.0.1:8080", NULL, NULL, "", NULL, ""},
};

static void set_environment(const route_case *one)
{
    clear_environment(NULL);
    for (size_t i = 0; i < COUNT(one->environment) && one->environment[i] != NULL; i++) {
        char name[32];
        size_t length = strcspn(one->environment[i], "=");
        snprintf(name, sizeof name, "%.*s", (int)length, one->environment[i]);
        assert_int_equal(setenv(name, one->environment[i] + length + 1, 1), 0);
    }
}

static void finds_the_proxy_and_the_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const route_case *one = &cases[i];
        oktai_arena arena = {0};
        oktai_route route;
        char names[256] = "";
        set_environment(one);
        assert_true(oktai_route_find(&arena, one->org, one->option, one->source, &route));
        for (size_t k = 0; k < route.name_count; k++) {
            size_t length = strlen(names);
            snprintf(names + length, sizeof names - length, "%s:%u ", route.names[k].host,
                     route.names[k].port);
        }
        if (strcmp(route.proxy, one->proxy) != 0 || strcmp(names, one->names) != 0 ||
            (route.proxy_label == NULL) != (one->label == NULL) ||
            (one->label != NULL && strcmp(route.proxy_label, one->label) != 0)) {
            fail_msg("%s: proxy \"%s\", label \"%s\", names \"%s\"", one->name, route.proxy,
                     route.proxy_label == NULL ? "" : route.proxy_label, names);
        }
        oktai_arena_clear(&arena);
    }
}

static void says_when_memory_is_out(void **state)
{
    (void)state;
    for (size_t nth = 1, failed = 1; failed != 0; nth++) {
        oktai_arena arena = {0};
        oktai_route route;
        allocations_begin(nth, false);
        bool good = oktai_route_find(&arena, ORG, "socks5://user:word@proxy.corp", NULL, &route);
        failed = allocations_end();
        assert_true(good || failed != 0);
        assert_true(!good || (route.name_count == 2 && route.proxy_label != NULL));
        oktai_arena_clear(&arena);
    }
    for (size_t nth = 1, failed = 1; failed != 0; nth++) {
        const oktai_name names[] = {{"a.example", 1}, {"b.example", 2}};
        allocations_begin(nth, false);
        oktai_resolver *resolver = oktai_resolver_new(names, COUNT(names));
        failed = allocations_end();
        assert_true((resolver == NULL) == (failed != 0));
        oktai_resolver_free(resolver);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_proxy_excludes_names_addresses_and_networks),
        cmocka_unit_test_setup(finds_the_proxy_and_the_names, clear_environment),
        cmocka_unit_test_setup(says_when_memory_is_out, clear_environment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
