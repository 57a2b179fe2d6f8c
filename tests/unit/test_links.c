/* SPDX-License-Identifier: Apache-2.0 */
/* src/http/links.h: what the next page is, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/buffer.h"
#include "core/uri.h"
#include "http/links.h"
#include "unit/allocations.h"
#include "unit/mutate.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define HUGE_SIZE    (4u << 20)
#define USERS        "/api/v1/users?after=x"
#define NEXT_USERS   "<https://org.okta.com" USERS ">; rel=\"next\""
#define SELF         "<https://org.okta.com/api/v1/users?limit=2>; rel=\"self\""

static const char *const result_names[] = {"NONE", "FOUND", "DAMAGED", "FOREIGN", "NO_MEMORY"};

/* Result for Link values that lie in exactly their own memory. */
static oktai_link_result next_of(const char *const *values, size_t count, oktai_arena *arena,
                                 const char **out)
{
    oktai_header items[4] = {{0}};
    assert_true(count <= COUNT(items));
    for (size_t i = 0; i < count; i++) {
        items[i] = (oktai_header){"link", 4, exact_text(values[i], strlen(values[i])), false};
    }
    oktai_headers headers = {.items = items, .count = count, .capacity = count};
    oktai_link_result result = oktai_links_next(&headers, arena, out);
    for (size_t i = 0; i < count; i++) {
        free((char *)items[i].value);
    }
    return result;
}

static void expect(const char *const *values, size_t count, oktai_link_result expected, const char *target)
{
    oktai_arena arena = {0};
    const char *out = "stale";
    oktai_link_result result = next_of(values, count, &arena, &out);
    if (result != expected) {
        fail_msg("%.200s: %s, not %s", count == 0 ? "" : values[0], result_names[result],
                 result_names[expected]);
    }
    if (target == NULL) {
        assert_null(out);
    } else {
        assert_string_equal(out, target);
    }
    oktai_arena_clear(&arena);
}

static void finds_next_as_rfc_8288_writes_it(void **state)
{
    static const char *const cases[] = {
        NEXT_USERS,
        SELF ", " NEXT_USERS,
        NEXT_USERS "," SELF,
        "<https://org.okta.com" USERS ">;rel=\"next\"",
        "<https://org.okta.com" USERS ">;rel=next",
        " \t<https://org.okta.com" USERS "> \t; \trel \t= \t\"next\"\t ",
        "<https://org.okta.com" USERS ">; REL=\"NEXT\"",
        "<https://org.okta.com" USERS ">; Rel=Next",
        "<https://org.okta.com" USERS ">; rel=\"n\\e\\xt\"",
        "<https://org.okta.com" USERS ">; rel=\"self next\"",
        "<https://org.okta.com" USERS ">; rel=\"next last\"",
        "<https://org.okta.com" USERS ">; rel=\"  prev\t next  last \"",
        "<https://org.okta.com" USERS ">; rel=\"https://a.example/b next\"",
        "<https://org.okta.com" USERS ">; rel=\"nextnext next\"",
        "<https://org.okta.com" USERS ">; title=\"a, <b>; rel=\\\"prev\\\"\"; rel=\"next\"",
        "<https://org.okta.com" USERS ">; title*=UTF-8''%e2%82%ac; rel=\"next\"",
        "<https://org.okta.com" USERS ">; crossorigin; rel=\"next\"; x",
        "<https://org.okta.com" USERS ">; a=\"\"; rel=\"next\"",
        "<https://org.okta.com" USERS ">; rel=\"next\"; rel=\"prev\"",
        "<https://org.okta.com" USERS ">; rel=\"next\"; rel=\"\"",
        "<https://org.okta.com" USERS ">; rel=\"next\"; title=\"\xc3\xa9\t\x80\"",
        "<https://org.okta.com" USERS ">;; ; rel=\"next\" ;",
        ",, , " NEXT_USERS " ,\t,",
        NEXT_USERS ", " NEXT_USERS,
        NEXT_USERS ", <https://other.example" USERS ">; rel=\"next\"",
        "<>; rel=\"self\", " NEXT_USERS,
        "<anything \x01 goes>; rel=\"alternate\", " NEXT_USERS,
        "<https://a/api/v1/b,c;d>; rel=\"prev\"," NEXT_USERS,
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        expect(&cases[i], 1, OKTAI_LINK_FOUND, USERS);
    }
}

static void finds_no_next_on_the_last_page(void **state)
{
    static const char *const cases[] = {
        SELF,
        "",
        " ",
        ",",
        ", ,",
        "<https://org.okta.com" USERS ">; rel=\"prev\"",
        "<https://org.okta.com" USERS ">; rel=\"nex\"",
        "<https://org.okta.com" USERS ">; rel=\"nextx\"",
        "<https://org.okta.com" USERS ">; rel=\"xnext\"",
        "<https://org.okta.com" USERS ">; rel=\"next-page\"",
        "<https://org.okta.com" USERS ">; rel=\"nexT\\x\"",
        "<https://org.okta.com" USERS ">; rel=\"next,\"",
        "<https://org.okta.com" USERS ">; rel=self; rel=next",
        "<https://org.okta.com" USERS ">; rel=self; title=\"rel=next\"",
        "<https://org.okta.com" USERS ">; rel=self; rev=\"next\"",
        "<https://org.okta.com" USERS ">; rel=self; rel*=\"next\"",
        "<https://org.okta.com" USERS ">; rel=self; xrel=next; relx=next",
        "<https://evil.example/admin>; rel=\"self\"",
        "</a?; rel=\"next\", />; rel=\"self\"",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        expect(&cases[i], 1, OKTAI_LINK_NONE, NULL);
    }
    expect(NULL, 0, OKTAI_LINK_NONE, NULL);
}

static void never_takes_damage_for_the_last_page(void **state)
{
    static const char *const cases[] = {
        "https://org.okta.com" USERS "; rel=\"next\"",
        "<https://org.okta.com" USERS,
        "<https://org.okta.com" USERS "; rel=\"next\"",
        "<https://org.okta.com" USERS "; rel=\"next\", " SELF,
        "https://org.okta.com" USERS ">; rel=\"next\"",
        "<https://org.okta.com" USERS ">",
        "<https://org.okta.com" USERS ">;",
        "<https://org.okta.com" USERS ">; rel",
        "<https://org.okta.com" USERS ">; rel=",
        "<https://org.okta.com" USERS ">; rel=\"",
        "<https://org.okta.com" USERS ">; rel=\"next",
        "<https://org.okta.com" USERS ">; rel=\"next\\",
        "<https://org.okta.com" USERS ">; rel=\"next\\\"",
        "<https://org.okta.com" USERS ">; rel=next\"",
        "<https://org.okta.com" USERS ">; rel='next' x",
        "<https://org.okta.com" USERS ">; rel=\"next\"x",
        "<https://org.okta.com" USERS ">; rel=\"next\" title=\"x\"",
        "<https://org.okta.com" USERS ">; rel=\"\"",
        "<https://org.okta.com" USERS ">; rel=\" \t\"",
        "<https://org.okta.com" USERS ">; rel=; rel=\"next\"",
        "<https://org.okta.com" USERS ">; rel; rel=\"next\"",
        "<https://org.okta.com" USERS ">; rel==next",
        "<https://org.okta.com" USERS ">; rel=https://a/",
        "<https://org.okta.com" USERS ">; =next",
        "<https://org.okta.com" USERS ">; \"rel\"=next",
        "<https://org.okta.com" USERS ">; title=\"a\"; title",
        "<https://org.okta.com" USERS ">; rel=\"next\x01\"",
        "<https://org.okta.com" USERS ">; rel=\"next\"; title=\"\x7f\"",
        "<https://org.okta.com" USERS ">; rel=\"next\"; title=\"\\\x1f\"",
        "<https://org.okta.com" USERS "> rel=\"next\"",
        "<https://org.okta.com" USERS ">, rel=\"next\"",
        "<https://org.okta.com" USERS ">: rel=\"next\"",
        "<https://org.okta.com" USERS ">>; rel=\"next\"",
        "<<https://org.okta.com" USERS ">; rel=\"next\"",
        "< <https://org.okta.com" USERS ">; rel=\"next\"",
        "(<https://org.okta.com" USERS ">; rel=\"next\")",
        "[" NEXT_USERS "]",
        NEXT_USERS " " SELF,
        NEXT_USERS "; " SELF,
        NEXT_USERS ", x",
        "x, " NEXT_USERS,
        NEXT_USERS ", <",
        SELF ", <>",
        NEXT_USERS ", <https://org.okta.com/api/v1/users?after=y>; rel=\"next\"",
        NEXT_USERS ", <https://org.okta.com/api/v1/users?after=x&>; rel=\"next\"",
        "<https://evil.example/>; rel=\"next\", <",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        expect(&cases[i], 1, OKTAI_LINK_DAMAGED, NULL);
    }
}

/* Every way to cut the header of a next page short. */
static void tells_a_cut_next_from_the_last_page(void **state)
{
    static const char whole[] = NEXT_USERS;
    (void)state;
    for (size_t length = 1; length < sizeof whole - 1; length++) {
        char *cut = exact_text(whole, length);
        const char *const value = cut;
        expect(&value, 1, OKTAI_LINK_DAMAGED, NULL);
        free(cut);
    }
}

static void reads_all_link_headers(void **state)
{
    static const struct {
        const char *values[3];
        oktai_link_result result;
    } cases[] = {
        {{SELF, NEXT_USERS}, OKTAI_LINK_FOUND},
        {{NEXT_USERS, SELF, ""}, OKTAI_LINK_FOUND},
        {{NEXT_USERS, NEXT_USERS}, OKTAI_LINK_FOUND},
        {{NEXT_USERS, "<" USERS ">; rel=next", "<//h" USERS ">; rel=next"}, OKTAI_LINK_FOUND},
        {{SELF, SELF}, OKTAI_LINK_NONE},
        {{NEXT_USERS, "damage"}, OKTAI_LINK_DAMAGED},
        {{"damage", NEXT_USERS}, OKTAI_LINK_DAMAGED},
        {{"<https://h/admin>; rel=next", "damage"}, OKTAI_LINK_DAMAGED},
        {{NEXT_USERS, "<https://org.okta.com/api/v1/users?after=y>; rel=\"next\""}, OKTAI_LINK_DAMAGED},
        {{NEXT_USERS, "<https://h/admin>; rel=next"}, OKTAI_LINK_FOREIGN},
        {{"<https://h/admin>; rel=next", NEXT_USERS}, OKTAI_LINK_FOREIGN},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t count = 0;
        while (count < 3 && cases[i].values[count] != NULL) {
            count++;
        }
        expect(cases[i].values, count, cases[i].result, cases[i].result == OKTAI_LINK_FOUND ? USERS : NULL);
    }
}

/* Of an absolute URL only path and query are left, whatever its host is. */
static void drops_scheme_user_host_and_port(void **state)
{
    static const char *const origins[] = {
        "",
        "https://org.okta.com",
        "http://org.okta.com",
        "HTTPS://ORG.OKTA.COM",
        "hTTp://h",
        "https://evil.example",
        "https://evil.okta.com.x",
        "https://org.okta.com:444",
        "https://org.okta.com@evil.example",
        "https://org.okta.com:443@evil.example:8443",
        "https://user:pass@@org.okta.com",
        "https://127.0.0.1",
        "https://2130706433",
        "https://0x7f.1",
        "https://[::1]:8443",
        "https://[::ffff:127.0.0.1]",
        "https://xn--kta-vna.com",
        "https://org.okta.com.",
        "https://.",
        "https://%65vil.example",
        "https://org.okta.com%2f@evil.example",
        "https://https:",
        "//evil.example",
        "//org.okta.com@evil.example:99",
    };
    static const char *const targets[] = {
        "/api/v1/users",
        "/api/v1/",
        "/api/v1/?after=x",
        "/oauth2/v1/clients?after=x&limit=1",
        "/governance/api/v1/campaigns",
        "/integrations/api/v1/x/y",
        "/api/api/v1/x",
        "/api/v1/users?after=https://evil.example/../%23",
        "/api/v1/users?q=a;b,c&d=%22%0a%2f..%5c",
        "/api/v1/realms?limit=5&search=id+pr&after=guo~._-",
        "/api/v1/groups/%C3%A9/...;x/.well-known",
    };
    (void)state;
    for (size_t o = 0; o < COUNT(origins); o++) {
        for (size_t t = 0; t < COUNT(targets); t++) {
            char value[512];
            const char *const values[] = {value};
            snprintf(value, sizeof value, "<%s%s>; rel=\"next\"", origins[o], targets[t]);
            expect(values, 1, OKTAI_LINK_FOUND, targets[t]);
        }
    }
}

static const char *const foreign[] = {
    /* no path of ours */
    "",
    "#",
    "?after=x",
    "api/v1/users",
    "users?after=x",
    "./api/v1/users",
    "../api/v1/users",
    "https://org.okta.com",
    "https://org.okta.com?after=/api/v1/users",
    "https://org.okta.com#/api/v1/users",
    "https://org.okta.com/",
    "https://org.okta.com/admin",
    "https://org.okta.com/api/v1",
    "https://org.okta.com/api/v1?x",
    "https://org.okta.com/api/v2/users",
    "https://org.okta.com/api/v1users",
    "https://org.okta.com/API/v1/users",
    "https://org.okta.com/%61pi/v1/users",
    "https://org.okta.com/oauth2/v1",
    "https://org.okta.com/oauth2/default/v1/token",
    "https://org.okta.com/a/b/api/v1/users",
    "https://org.okta.com/x?/api/v1/users",
    "https://org.okta.com/?/api/v1/users",
    "https://org.okta.com/x/?/api/v1/users",
    "https://org.okta.com//api/v1/users",
    "https://org.okta.com/api/v1//users",
    "https://org.okta.com/x//api/v1/users",
    "https://org.okta.com/;/api/v1/users",
    /* schemes and authorities */
    "ftp://org.okta.com/api/v1/users",
    "file:///api/v1/users",
    "file:/api/v1/users",
    "javascript:/api/v1/users",
    "data:/api/v1/users",
    "httpx://org.okta.com/api/v1/users",
    "xhttps://org.okta.com/api/v1/users",
    "htt://org.okta.com/api/v1/users",
    "https:org.okta.com/api/v1/users",
    "https:/api/v1/users",
    "https:/org.okta.com/api/v1/users",
    "https:",
    "https:/",
    "https://",
    "https:///api/v1/users",
    "https:////api/v1/users",
    "//",
    "///api/v1/users",
    "//api/v1/users",
    "://org.okta.com/api/v1/users",
    ":/api/v1/users",
    "https ://org.okta.com/api/v1/users",
    "view-source:https://org.okta.com/api/v1/users",
    /* bytes that parsers read differently */
    "https:\\\\evil.example/api/v1/users",
    "https://org.okta.com\\@evil.example/api/v1/users",
    "\\\\evil.example/api/v1/users",
    "/\\evil.example/api/v1/users",
    "/api/v1/users\\..",
    "/api/v1/users?a=\\",
    " https://org.okta.com/api/v1/users",
    "https://org.okta.com/api/v1/users ",
    "https://org okta.com/api/v1/users",
    "https://org.okta.com/api/v1/users?q=a b",
    "\thttps://org.okta.com/api/v1/users",
    "https://org.okta.com/api/v1/us\ters",
    "https://\x01org.okta.com/api/v1/users",
    "/api/v1/users\x7f",
    "/api/v1/users\x1f",
    "https://\xc3\xb6rg.okta.com/api/v1/users",
    "/api/v1/\xc3\xb6",
    "\xe2\x80\x8b/api/v1/users",
    /* ways out of the API's paths, and damage in them */
    "/api/v1/../../admin",
    "/api/v1/..",
    "/api/v1/.",
    "/api/v1/./users",
    "/api/v1/../v1/users",
    "/../api/v1/users",
    "/./api/v1/users",
    "/api/v1/%2e%2e/admin",
    "/api/v1/%2E./admin",
    "/api/v1/.%2e/admin?x",
    "/api/v1/..;/admin",
    "/api/v1/..;a=b/admin",
    "/api/v1/%2e%2e%3b/admin",
    "/api/v1/..%2fadmin",
    "/api/v1/..%5cadmin",
    "/api/v1/%252e%252e/admin",
    "/api/v1/%c0%ae%c0%ae/admin",
    "/api/v1/users%00",
    "/api/v1/users%0d%0aX:y",
    "/api/v1/users#x",
    "/api/v1/users?a#x",
    "/api/v1/%",
    "/api/v1/%4",
    "/api/v1/%zz",
    "/api/v1/users?after=%",
    "/api/v1/users?after=%4",
    "/api/v1/users?after=%u0041",
};

static void refuses_foreign_targets(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(foreign); i++) {
        char value[512];
        const char *const values[] = {value};
        snprintf(value, sizeof value, "<%s>; rel=\"next\"", foreign[i]);
        expect(values, 1, OKTAI_LINK_FOREIGN, NULL);
        snprintf(value, sizeof value, "<%s>; rel=\"self\"", foreign[i]);
        expect(values, 1, OKTAI_LINK_NONE, NULL);
    }
}

static oktai_link_result next_of_lines(const char *const *lines, size_t count)
{
    oktai_headers headers = {0};
    oktai_arena arena = {0};
    const char *out;
    for (size_t i = 0; i < count; i++) {
        assert_true(oktai_headers_add_line(&headers, lines[i], strlen(lines[i])));
    }
    oktai_link_result result = oktai_links_next(&headers, &arena, &out);
    oktai_arena_clear(&arena);
    oktai_headers_clear(&headers);
    return result;
}

static void takes_damaged_lines_for_damage(void **state)
{
    static const char *const folded[] = {"Link: " SELF ",", " " NEXT_USERS};
    static const char *const folded_later[] = {"Link: " NEXT_USERS, "Link: " SELF ",", "\t" NEXT_USERS};
    static const char *const spaced[] = {"Link : " NEXT_USERS};
    static const char *const broken[] = {"Link: " NEXT_USERS "\r,"};
    static const char *const elsewhere[] = {"Link: " NEXT_USERS, "Server: x", " y"};
    (void)state;
    assert_int_equal(next_of_lines(folded, COUNT(folded)), OKTAI_LINK_DAMAGED);
    assert_int_equal(next_of_lines(folded_later, COUNT(folded_later)), OKTAI_LINK_DAMAGED);
    assert_int_equal(next_of_lines(spaced, COUNT(spaced)), OKTAI_LINK_DAMAGED);
    assert_int_equal(next_of_lines(broken, COUNT(broken)), OKTAI_LINK_DAMAGED);
    assert_int_equal(next_of_lines(elsewhere, COUNT(elsewhere)), OKTAI_LINK_FOUND);
    assert_int_equal(next_of_lines(NULL, 0), OKTAI_LINK_NONE);
}

/* At this size anything slower than linear runs into the time limit of the test. */
static void reads_huge_headers_in_linear_time(void **state)
{
    static const struct {
        const char *head;
        const char *repeated;
        const char *tail;
        oktai_link_result result;
    } cases[] = {
        {"", ",", "", OKTAI_LINK_NONE},
        {"", " ", "", OKTAI_LINK_NONE},
        {"", ", ", NEXT_USERS, OKTAI_LINK_FOUND},
        {"", SELF ",", NEXT_USERS, OKTAI_LINK_FOUND},
        {"", NEXT_USERS ",", "", OKTAI_LINK_FOUND},
        {"", "<", "", OKTAI_LINK_DAMAGED},
        {"", "<>", "", OKTAI_LINK_DAMAGED},
        {"<", "a", "", OKTAI_LINK_DAMAGED},
        {"<" USERS ">;rel=next", ";", "", OKTAI_LINK_FOUND},
        {"<" USERS ">;rel=next", ";a=b", "", OKTAI_LINK_FOUND},
        {"<" USERS ">;rel=next", ";rel=prev", "", OKTAI_LINK_FOUND},
        {"<" USERS ">;rel=next;a=\"", "\\\"", "\"", OKTAI_LINK_FOUND},
        {"<" USERS ">;rel=next;a=\"", "\\", "", OKTAI_LINK_DAMAGED},
        {"<" USERS ">;rel=\"", "a ", "next\"", OKTAI_LINK_FOUND},
        {"<" USERS ">;rel=\"", "next", "\"", OKTAI_LINK_NONE},
        {"<" USERS, "&a=b", ">;rel=next", OKTAI_LINK_FOUND},
        {"<https://", "h", USERS ">;rel=next", OKTAI_LINK_FOUND},
        {"</api/v1/", "a/", ">;rel=next", OKTAI_LINK_FOUND},
        {"</api/v1/", "../", ">;rel=next", OKTAI_LINK_FOREIGN},
        {"</api/v1/", "%2e", ">;rel=next", OKTAI_LINK_FOUND},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        oktai_buffer value = {0};
        oktai_arena arena = {0};
        const char *out;
        oktai_buffer_add_text(&value, cases[i].head);
        while (value.length < HUGE_SIZE) {
            oktai_buffer_add_text(&value, cases[i].repeated);
        }
        assert_true(oktai_buffer_add_text(&value, cases[i].tail));
        oktai_header item = {"Link", 4, value.data, false};
        oktai_headers headers = {.items = &item, .count = 1, .capacity = 1};
        if (oktai_links_next(&headers, &arena, &out) != cases[i].result) {
            fail_msg("case %zu", i);
        }
        oktai_arena_clear(&arena);
        oktai_buffer_clear(&value);
    }
}

static void reads_a_hundred_thousand_headers_in_linear_time(void **state)
{
    enum { MANY = 100000 };
    oktai_header *items = calloc(MANY, sizeof *items);
    oktai_arena arena = {0};
    const char *out;
    (void)state;
    assert_non_null(items);
    for (size_t i = 0; i < MANY; i++) {
        items[i] = (oktai_header){"Link", 4, SELF, false};
    }
    oktai_headers headers = {.items = items, .count = MANY, .capacity = MANY};
    assert_int_equal(oktai_links_next(&headers, &arena, &out), OKTAI_LINK_NONE);
    items[MANY - 1].value = NEXT_USERS;
    assert_int_equal(oktai_links_next(&headers, &arena, &out), OKTAI_LINK_FOUND);
    oktai_arena_clear(&arena);
    free(items);
}

static void reports_that_memory_is_out(void **state)
{
    oktai_header item = {"Link", 4, NEXT_USERS, false};
    oktai_headers headers = {.items = &item, .count = 1, .capacity = 1};
    oktai_arena arena = {0};
    const char *out = "stale";
    (void)state;
    allocations_begin(1, false);
    assert_int_equal(oktai_links_next(&headers, &arena, &out), OKTAI_LINK_NO_MEMORY);
    assert_true(allocations_end());
    assert_null(out);
    assert_int_equal(oktai_links_next(&headers, &arena, &out), OKTAI_LINK_FOUND);
    assert_string_equal(out, USERS);
    oktai_arena_clear(&arena);
}

static bool is_inside_the_api(const char *target)
{
    const char *rest = strchr(target + 1, '/');
    return strncmp(target, "/api/v1/", 8) == 0 || strncmp(target, "/oauth2/v1/", 11) == 0 ||
           (rest != NULL && strncmp(rest, "/api/v1/", 8) == 0 && strcspn(target, "?") > strlen("/api/v1/"));
}

static void survives_mutated_headers(void **state)
{
    static const char *const seeds[] = {
        NEXT_USERS,
        SELF,
        "<//h/oauth2/v1/clients>;rel=next",
        "</governance/api/v1/campaigns?after=%2F>; title=\"a\\\"b\"; REL=\"prev next\"",
    };
    uint64_t random = 0x11e5;
    size_t seen[5] = {0};
    (void)state;
    for (int i = 0; i < 50000; i++) {
        char *texts[2];
        oktai_header items[2];
        oktai_arena arena = {0};
        const char *out = "stale";
        for (size_t n = 0; n < 2; n++) {
            texts[n] = mutate(&random, seeds, COUNT(seeds), "<>;,=\"\\ /:.%2efrlnxt?#@\t\x01");
            items[n] = (oktai_header){"Link", 4, texts[n], false};
        }
        oktai_headers headers = {.items = items, .count = pick(&random, 2) + 1, .capacity = 2};
        oktai_link_result result = oktai_links_next(&headers, &arena, &out);
        seen[result]++;
        assert_int_equal(result == OKTAI_LINK_FOUND, out != NULL);
        assert_true(out == NULL || oktai_uri_refuse_target(out, strlen(out)) == NULL);
        assert_true(out == NULL || is_inside_the_api(out));
        oktai_arena_clear(&arena);
        free(texts[0]);
        free(texts[1]);
    }
    assert_true(seen[OKTAI_LINK_NONE] > 100 && seen[OKTAI_LINK_FOUND] > 100);
    assert_true(seen[OKTAI_LINK_DAMAGED] > 100 && seen[OKTAI_LINK_FOREIGN] > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_next_as_rfc_8288_writes_it),
        cmocka_unit_test(finds_no_next_on_the_last_page),
        cmocka_unit_test(never_takes_damage_for_the_last_page),
        cmocka_unit_test(tells_a_cut_next_from_the_last_page),
        cmocka_unit_test(reads_all_link_headers),
        cmocka_unit_test(drops_scheme_user_host_and_port),
        cmocka_unit_test(refuses_foreign_targets),
        cmocka_unit_test(takes_damaged_lines_for_damage),
        cmocka_unit_test(reads_huge_headers_in_linear_time),
        cmocka_unit_test(reads_a_hundred_thousand_headers_in_linear_time),
        cmocka_unit_test(reports_that_memory_is_out),
        cmocka_unit_test(survives_mutated_headers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
