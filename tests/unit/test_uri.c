/* SPDX-License-Identifier: Apache-2.0 */
/* src/core/uri.h: ids and targets that try to reach another path. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <curl/curl.h>

#include "core/uri.h"
#include "unit/allocations.h"
#include "unit/mutate.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static const char *refuse_target(const char *target)
{
    char *exact = malloc(strlen(target) + (*target == '\0' ? 1 : 0));
    assert_non_null(exact);
    memcpy(exact, target, strlen(target));
    const char *reason = oktai_uri_refuse_target(exact, strlen(target));
    free(exact);
    return reason;
}

static void expand_to(const char *path_template, const char *const *ids, const char *expected)
{
    oktai_buffer out = {0};
    assert_true(oktai_uri_expand(&out, path_template, ids));
    assert_string_equal(out.data, expected);
    oktai_buffer_clear(&out);
}

static const char *const bad_ids[] = {
    "",
    ".",
    "..",
    "../x",
    "x/..",
    "./x",
    "a/b",
    "/",
    "/a",
    "a/",
    "//h",
    "a?b",
    "?",
    "a#b",
    "#",
    "%",
    "%2e",
    "%2e%2e",
    "%2E%2E",
    ".%2e",
    "%2f",
    "%2F",
    "a%2fb",
    "%5c",
    "%00",
    "%",
    "%252e",
    "%c0%ae",
    "a\\b",
    "..\\x",
    "\\",
    " ",
    "a b",
    " a",
    "a ",
    "\t",
    "a\tb",
    "\n",
    "a\nb",
    "a\r\nX: y",
    "\r",
    "\x01",
    "a\x1f",
    "\x7f",
    "a\x7f",
    "\x80",
    "\xff",
    "\xc3\xa9",
    "a\xc3\xa9",
    "\xc0\xae",
    "\xe2\x80\xa4",
    "\xef\xbc\x8e\xef\xbc\x8e",
    "..;",
    "..;x",
    ".;",
    ".;x=y",
    ";",
    ";x",
    "..;/admin",
    "a?b#c",
    "../users/x",
    "0oa1/..",
};

static void refuses_ids_that_rewrite_a_path(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(bad_ids); i++) {
        char *exact = exact_text(bad_ids[i], strlen(bad_ids[i]));
        if (oktai_uri_refuse_id(exact) == NULL) {
            fail_msg("id \"%s\" passes", bad_ids[i]);
        }
        free(exact);
    }
    assert_string_equal(oktai_uri_refuse_id(NULL), "must not be NULL");
    assert_string_equal(oktai_uri_refuse_id(""), "must not be empty");
    assert_string_equal(oktai_uri_refuse_id(".."), "must not be a dot segment");
}

static void tells_which_byte_is_refused(void **state)
{
    static const struct {
        const char *text, *of_id, *of_target;
    } cases[] = {
        {"/a b", ": '/' at byte 1", ": a space at byte 3"},
        {"/a\\b", ": '/' at byte 1", ": '\\' at byte 3"},
        {"a\tb", ": 0x09 at byte 2", ""},
        {"/a#", ": '/' at byte 1", ": '#' at byte 3"},
        {"/\xc3\xa4", ": '/' at byte 1", ": 0xc3 at byte 2"},
        {"a%2fb", ": '%' at byte 2", ""},
        {"key 1", ": a space at byte 4", ""},
        {"", "", ""},
        {"..", "", ""},
        {"/a//b", ": '/' at byte 1", ""},
        {"0oa1", "", ""},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char byte[OKTAI_URI_BYTE_SIZE];
        const char *text = cases[i].text;
        assert_string_equal(oktai_uri_tell_byte(oktai_uri_refuse_id(text), text, byte), cases[i].of_id);
        assert_string_equal(oktai_uri_tell_byte(oktai_uri_refuse_target(text, strlen(text)), text, byte),
                            cases[i].of_target);
    }
}

static void takes_ordinary_ids(void **state)
{
    static const char *const ids[] = {
        "0oa1gjh63g214q0Hq0g4",
        "a",
        "-",
        "_",
        "~",
        "...",
        "....",
        "..a",
        "a..",
        ".a",
        "a.",
        "a.b@example.com",
        "isaac.brock+1@example.com",
        "a:b",
        "a;b",
        "...;x",
        "{a}",
        "a,b",
        "!$&'()*+,=:@[]^`|<>\"",
        "me",
        "default",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(ids); i++) {
        assert_null(oktai_uri_refuse_id(ids[i]));
    }
}

static void judges_every_byte_of_an_id(void **state)
{
    (void)state;
    for (int c = 1; c < 256; c++) {
        char id[] = {'a', (char)c, 'b', '\0'};
        char first[] = {(char)c, 'b', 'c', '\0'};
        char last[] = {'a', 'b', (char)c, '\0'};
        bool allowed = c > ' ' && c < 0x7f && strchr("/?#%\\", c) == NULL;
        assert_int_equal(oktai_uri_refuse_id(id) == NULL, allowed);
        assert_int_equal(oktai_uri_refuse_id(last) == NULL, allowed);
        assert_int_equal(oktai_uri_refuse_id(first) == NULL, allowed && c != ';');
    }
}

static void limits_the_length_of_an_id(void **state)
{
    char *id = malloc(4097);
    (void)state;
    assert_non_null(id);
    memset(id, 'a', 4096);
    id[4096] = '\0';
    assert_non_null(oktai_uri_refuse_id(id));
    id[OKTAI_ID_MAX + 1] = '\0';
    assert_non_null(oktai_uri_refuse_id(id));
    id[OKTAI_ID_MAX] = '\0';
    assert_null(oktai_uri_refuse_id(id));
    id[OKTAI_ID_MAX - 1] = '/';
    assert_non_null(oktai_uri_refuse_id(id));
    memset(id, '.', OKTAI_ID_MAX);
    assert_null(oktai_uri_refuse_id(id));
    free(id);
}

static void expands_templates(void **state)
{
    static const char *const two[] = {"0oa1", "a b"};
    static const char *const odd[] = {"a.b-c_d~e@f;g:h+i&j=k"};
    static const char *const marks[] = {"!\"$&'()*+,:;<=>@[]^`{|}"};
    static const char *const braces[] = {"{b}", "}{"};
    (void)state;
    expand_to("/api/v1/apps", NULL, "/api/v1/apps");
    expand_to("/api/v1/apps/{appId}/credentials/jwks/{keyId}", two,
              "/api/v1/apps/0oa1/credentials/jwks/a%20b");
    expand_to("{a}", odd, "a.b-c_d~e%40f%3Bg%3Ah%2Bi%26j%3Dk");
    expand_to("/{a}/", marks, "/%21%22%24%26%27%28%29%2A%2B%2C%3A%3B%3C%3D%3E%40%5B%5D%5E%60%7B%7C%7D/");
    expand_to("/{a}/{b}/x", braces, "/%7Bb%7D/%7D%7B/x");
    expand_to("{a}{b}", two, "0oa1a%20b");
}

static void encodes_all_but_unreserved_bytes(void **state)
{
    static const char unreserved[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    (void)state;
    for (unsigned c = 1; c < 256; c++) {
        char id[] = {(char)c, '\0'};
        const char *const ids[] = {id};
        char expected[8];
        bool plain = strchr(unreserved, id[0]) != NULL;
        if (plain) {
            memcpy(expected, id, sizeof id);
        } else {
            snprintf(expected, sizeof expected, "%%%02X", c);
        }
        expand_to("{a}", ids, expected);
    }
}

static void names_placeholders(void **state)
{
    static const char path_template[] = "/api/v1/apps/{appId}/credentials/jwks/{keyId}";
    const char *name = NULL;
    size_t length = 0;
    (void)state;
    assert_true(oktai_uri_placeholder(path_template, 0, &name, &length));
    assert_int_equal(length, 5);
    assert_memory_equal(name, "appId", 5);
    assert_true(oktai_uri_placeholder(path_template, 1, &name, &length));
    assert_int_equal(length, 5);
    assert_memory_equal(name, "keyId", 5);
    assert_false(oktai_uri_placeholder(path_template, 2, &name, &length));
    assert_false(oktai_uri_placeholder("/api/v1/apps", 0, &name, &length));
    assert_false(oktai_uri_placeholder("", 0, &name, &length));
    assert_false(oktai_uri_placeholder(path_template, SIZE_MAX, &name, &length));
}

static void expansion_reports_that_room_is_out(void **state)
{
    static const char *const path_templates[] = {"/a/{x}/d", "/a/{x}", "{x}"};
    static const char *const ids[] = {"b@c"};
    (void)state;
    for (size_t i = 0; i < COUNT(path_templates); i++) {
        oktai_buffer whole = {0};
        oktai_buffer none = {0};
        assert_true(oktai_uri_expand(&whole, path_templates[i], ids));
        for (size_t limit = 1; limit <= whole.length; limit++) {
            oktai_buffer out = {.limit = limit};
            assert_int_equal(oktai_uri_expand(&out, path_templates[i], ids), limit == whole.length);
            assert_true(out.failed == (limit < whole.length) && out.length <= limit);
            oktai_buffer_clear(&out);
        }
        oktai_buffer_clear(&whole);
        allocations_begin(1, true);
        assert_false(oktai_uri_expand(&none, path_templates[i], ids));
        assert_true(allocations_end());
        oktai_buffer_clear(&none);
    }
}

static void takes_ordinary_targets(void **state)
{
    static const char *const targets[] = {
        "/",
        "/a",
        "/api/v1/users",
        "/api/v1/users/",
        "/api/v1/users/?",
        "/api/v1/users?",
        "/api/v1/users?limit=2&after=x",
        "/api/v1/users?q=a//b/../c/./d;e?f",
        "/api/v1/users?q=%2e%2e%2f%5c%00%0d%0a%25%c0%ae",
        "/api/v1/users?search=profile.name+eq+%22a%22",
        "/api/v1/users?filter=<>\"{}|^`[]'",
        "/api/v1/users/a@b.c",
        "/api/v1/users/%C3%A9%e2%82%ac%f0%9f%98%80%e0%a4%84%f0%90%80%80%e0%a0%80",
        "/api/v1/users/%20%22%3c%41",
        "/.well-known/okta-organization",
        "/a/...",
        "/a/..../b",
        "/a/..b/c",
        "/a/b../c",
        "/a/.b/c",
        "/a/%2e%2e%2e/c",
        "/a/%2eb/c",
        "/a/b%2e%2e/c",
        "/a/...;x/c",
        "/a/b;x=../c",
        "/a/b;/c",
        "/a/%2a%2a/c",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(targets); i++) {
        const char *reason = refuse_target(targets[i]);
        if (reason != NULL) {
            fail_msg("\"%s\" %s", targets[i], reason);
        }
    }
}

static const char *const bad_targets[] = {
    "",
    "a",
    "api/v1/users",
    "?",
    "?a",
    "#",
    "https://h/a",
    "*",
    "//",
    "//h",
    "//h/a",
    "/a//",
    "/a//b",
    "///",
    "/a//?b",
    "/a b",
    "/a?b c",
    " /a",
    "/a ",
    "/a\tb",
    "/a\r\nX: y",
    "/a?\n",
    "/\x01",
    "/\x7f",
    "/a?\x7f",
    "/\x80",
    "/\xc3\xa9",
    "/a?\xc3\xa9",
    "/\xff",
    "/a#",
    "/a#b",
    "/a?b#c",
    "/#",
    "\\a",
    "/\\",
    "/\\h/a",
    "/a\\..",
    "/a?\\",
    "/%",
    "/%2",
    "/%2/",
    "/%2?",
    "/%4g",
    "/a?%4g",
    "/%-1",
    "/%+1",
    "/%4 ",
    "/%g0",
    "/%0g",
    "/%%20",
    "/%u002e",
    "/% 20",
    "/a?%",
    "/a?%1",
    "/a?%xy",
    "/a?b=%u0041",
    "/a?100%",
    "/%2f",
    "/%2F",
    "/a%2fb",
    "/%5c",
    "/%5C",
    "/a%5Cb",
    "/%00",
    "/a%00b",
    "/%0a",
    "/%0D",
    "/%1f",
    "/%7f",
    "/%25",
    "/%252e",
    "/%252f",
    "/a%25",
    "/%c0%af",
    "/%C1%9c",
    "/%e0%80%af",
    "/%E0%9F%BF",
    "/%f0%80%80%af",
    "/%F0%8f%bf%bf",
    "/;",
    "/;/a",
    "/a/;x/b",
    "/a/;",
    "/a/%3b",
    "/a/%3Bx?c",
};

static void refuses_bad_targets(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(bad_targets); i++) {
        if (refuse_target(bad_targets[i]) == NULL) {
            fail_msg("target \"%s\" passes", bad_targets[i]);
        }
    }
    assert_non_null(oktai_uri_refuse_target("/a\0b", 4));
    assert_non_null(oktai_uri_refuse_target("/\0", 2));
    assert_non_null(oktai_uri_refuse_target("/a?\0", 4));
}

static const char *const dots[] = {
    ".",         "%2e",          "%2E",   "%c0%ae", "%C0%AE",    "%e0%80%ae",
    "%E0%80%AE", "%f0%80%80%ae", "%252e", "%252E",  "%25%32%65",
};

/* The star is where the segment goes. */
static void try_segment(const char *segment)
{
    static const char *const places[] = {"/*", "/*/a", "/a/*", "/a/*/b", "/a/*?b", "/*?", "/.a/*/b"};
    static const char *const parameters[] = {"", ";", ";x", ";x=y", "%3b", "%3Bx", ";;", ";.", ";.."};
    for (size_t p = 0; p < COUNT(places); p++) {
        for (size_t q = 0; q < COUNT(parameters); q++) {
            char target[128];
            int before = (int)strcspn(places[p], "*");
            snprintf(target, sizeof target, "%.*s%s%s%s", before, places[p], segment, parameters[q],
                     places[p] + before + 1);
            if (refuse_target(target) == NULL) {
                fail_msg("target \"%s\" passes", target);
            }
        }
    }
}

static void refuses_dot_segments_in_every_spelling(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(dots); i++) {
        try_segment(dots[i]);
        for (size_t j = 0; j < COUNT(dots); j++) {
            char segment[32];
            snprintf(segment, sizeof segment, "%s%s", dots[i], dots[j]);
            try_segment(segment);
        }
    }
}

static void judges_every_byte_and_escape_of_a_target(void **state)
{
    (void)state;
    for (int c = 0; c < 256; c++) {
        char target[] = {'/', 'a', (char)c, 'b'};
        char query[] = {'/', '?', (char)c, 'b'};
        char escape[8];
        bool graph = c > ' ' && c < 0x7f && c != '#' && c != '\\';
        assert_int_equal(oktai_uri_refuse_target(target, 4) == NULL, graph && c != '%');
        assert_int_equal(oktai_uri_refuse_target(query, 4) == NULL, graph && c != '%');
        snprintf(escape, sizeof escape, "/a%%%02x", (unsigned)c);
        bool hides = c < ' ' || c == 0x7f || c == '/' || c == '\\' || c == '%' || c == 0xc0 || c == 0xc1;
        assert_int_equal(oktai_uri_refuse_target(escape, 5) == NULL, !hides);
    }
}

/* What is left of a path after libcurl, which resolves dot segments, has parsed it. */
static void assert_curl_keeps(const char *target)
{
    char url[8192];
    char *path = NULL;
    char *query = NULL;
    CURLU *handle = curl_url();
    assert_non_null(handle);
    snprintf(url, sizeof url, "https://org.okta.com%s", target);
    assert_int_equal(curl_url_set(handle, CURLUPART_URL, url, 0), CURLUE_OK);
    assert_int_equal(curl_url_get(handle, CURLUPART_PATH, &path, 0), CURLUE_OK);
    CURLUcode code = curl_url_get(handle, CURLUPART_QUERY, &query, 0);
    size_t length = strcspn(target, "?");
    if (strlen(path) != length || strncmp(path, target, length) != 0) {
        fail_msg("\"%s\" becomes \"%s\"", target, path);
    }
    if (target[length] == '\0' || target[length + 1] == '\0') {
        assert_true(code == CURLUE_NO_QUERY || query[0] == '\0');
    } else {
        assert_string_equal(query, target + length + 1);
    }
    curl_free(path);
    curl_free(query);
    curl_url_cleanup(handle);
}

static void passes_only_targets_that_stay_as_they_are(void **state)
{
    static const char *const seeds[] = {
        "/api/v1/users?after=x&limit=2",
        "/api/v1/apps/0oa1/credentials/jwks/../x",
        "/a/%2e%2e/b/./c?d",
        "/oauth2/v1/clients/..;x/y",
        "/a/.%2E/%41?q=%20/..",
    };
    uint64_t random = 0x0a1;
    size_t passed = 0;
    (void)state;
    for (int i = 0; i < 30000; i++) {
        char *target = mutate(&random, seeds, COUNT(seeds), "/.%2eE;?#\\ aF0cb:@");
        if (oktai_uri_refuse_target(target, strlen(target)) == NULL) {
            passed++;
            assert_curl_keeps(target);
        }
        free(target);
    }
    assert_in_range(passed, 1000, 29000);
}

/* An id that passes stays one segment, and the path around it stays. */
static void passes_only_ids_that_stay_one_segment(void **state)
{
    static const char *const seeds[] = {"0oa1gjh63g214q0Hq0g4", "..", ".", "a@b.c", "..;x", "{id}", "%2e%2e"};
    uint64_t random = 0x1d5;
    size_t passed = 0;
    (void)state;
    for (int i = 0; i < 30000; i++) {
        char *id = mutate(&random, seeds, COUNT(seeds), "/.%2eE;?#\\ a{}@~");
        const char *const ids[] = {id, id};
        if (oktai_uri_refuse_id(id) == NULL) {
            oktai_buffer out = {0};
            size_t slashes = 0;
            assert_true(oktai_uri_expand(&out, "/apps/{a}/jwks/{b}", ids));
            assert_null(oktai_uri_refuse_target(out.data, out.length));
            assert_curl_keeps(out.data);
            for (const char *p = out.data; (p = strchr(p, '/')) != NULL; p++) {
                slashes++;
            }
            assert_int_equal(slashes, 4);
            char *decoded = curl_easy_unescape(NULL, out.data, (int)out.length, NULL);
            char expected[8192];
            snprintf(expected, sizeof expected, "/apps/%s/jwks/%s", id, id);
            assert_string_equal(decoded, expected);
            curl_free(decoded);
            oktai_buffer_clear(&out);
            passed++;
        }
        free(id);
    }
    assert_in_range(passed, 1000, 29000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_ids_that_rewrite_a_path),
        cmocka_unit_test(tells_which_byte_is_refused),
        cmocka_unit_test(takes_ordinary_ids),
        cmocka_unit_test(judges_every_byte_of_an_id),
        cmocka_unit_test(limits_the_length_of_an_id),
        cmocka_unit_test(expands_templates),
        cmocka_unit_test(encodes_all_but_unreserved_bytes),
        cmocka_unit_test(names_placeholders),
        cmocka_unit_test(expansion_reports_that_room_is_out),
        cmocka_unit_test(takes_ordinary_targets),
        cmocka_unit_test(refuses_bad_targets),
        cmocka_unit_test(refuses_dot_segments_in_every_spelling),
        cmocka_unit_test(judges_every_byte_and_escape_of_a_target),
        cmocka_unit_test(passes_only_targets_that_stay_as_they_are),
        cmocka_unit_test(passes_only_ids_that_stay_one_segment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
