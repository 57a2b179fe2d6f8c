/* SPDX-License-Identifier: Apache-2.0 */
/* The three shapes of the list of keys, and the pages of users. */
#include "test_client.h"
#include "test_groups.h"

#include <stdlib.h>
#include <string.h>

static void keys_are_listed_in_the_shape_that_was_asked_for(void **state)
{
    fixture *f = *state;
    static const struct {
        mock_list_shape shape;
        const char *empty, *full;
    } cases[] = {
        {MOCK_LIST_ARRAY, "[]", "[{\"id\":\"a\"},{ \"id\" : \"b\",\"n\":9007199254740993}]"},
        {MOCK_LIST_KEYS, "{\"keys\":[]}",
         "{\"keys\":[{\"id\":\"a\"},{ \"id\" : \"b\",\"n\":9007199254740993}]}"},
        {MOCK_LIST_JWKS, "{\"jwks\":{\"keys\":[]}}",
         "{\"jwks\":{\"keys\":[{\"id\":\"a\"},{ \"id\" : \"b\",\"n\":9007199254740993}]}}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        test_restart(f, (mock_org_options){.list_shape = cases[i].shape});
        test_expect(f, "GET", WEB_KEYS, NULL, 200);
        assert_string_equal(f->body.bytes, cases[i].empty);
        assert_true(mock_org_put(f->org, MOCK_WEB_APP, "jwks", "{\"id\":\"a\"}"));
        assert_true(mock_org_put(f->org, MOCK_WEB_APP, "jwks", "{ \"id\" : \"b\",\"n\":9007199254740993}"));
        test_expect(f, "GET", WEB_KEYS, NULL, 200);
        assert_string_equal(f->body.bytes, cases[i].full);
        test_expect(f, "GET", SERVICE_KEYS, NULL, 200);
        assert_string_equal(f->body.bytes, cases[i].empty);
        test_expect(f, "GET", WEB_SECRETS, NULL, 200);
        assert_string_equal(f->body.bytes, "[]");
    }
}

static void put_refuses_what_is_no_object_and_has_no_place(void **state)
{
    fixture *f = *state;
    assert_false(mock_org_put(f->org, MOCK_WEB_APP, "jwks", "[]"));
    assert_false(mock_org_put(f->org, MOCK_WEB_APP, "jwks", "{} {}"));
    assert_false(mock_org_put(f->org, MOCK_WEB_APP, "keys", "{}"));
    assert_false(mock_org_put(f->org, "0oa3", "jwks", "{}"));
    test_expect(f, "GET", WEB_KEYS, NULL, 200);
    assert_string_equal(f->body.bytes, "[]");
}

/* The URL of the next link in the last answer without the mock's own URL, for free(); NULL when there is
 * none. */
static char *next_target(fixture *f)
{
    static const char end[] = ">; rel=\"next\"";
    char *link = test_header(f, "Link", 1);
    assert_null(test_header(f, "Link", 2));
    if (link == NULL) {
        return NULL;
    }
    size_t url_length = strlen(test_url(f));
    size_t length = strlen(link);
    assert_true(length > 1 + url_length + strlen(end));
    assert_int_equal(link[0], '<');
    assert_memory_equal(link + 1, test_url(f), url_length);
    assert_string_equal(link + length - strlen(end), end);
    char *target = strndup(link + 1 + url_length, length - 1 - url_length - strlen(end));
    free(link);
    assert_non_null(target);
    return target;
}

static void keys_come_in_pages_of_the_size_that_was_asked_for(void **state)
{
    fixture *f = *state;
    test_restart(f, (mock_org_options){.page_size = 2});
    for (const char *id = "abc"; *id != '\0'; id++) {
        assert_true(mock_org_put(f->org, MOCK_WEB_APP, "jwks", test_format("{\"id\":\"%c\"}", *id)));
    }
    test_expect(f, "GET", WEB_KEYS, NULL, 200);
    assert_string_equal(f->body.bytes, "[{\"id\":\"a\"},{\"id\":\"b\"}]");
    char *target = next_target(f);
    assert_non_null(target);
    test_expect(f, "GET", target, NULL, 200);
    free(target);
    assert_string_equal(f->body.bytes, "[{\"id\":\"c\"}]");
    assert_null(next_target(f));
}

static void links_are_by_the_name_that_the_request_has(void **state)
{
    fixture *f = *state;
    test_restart(f, (mock_org_options){.page_size = 1});
    char by_name[64];
    (void)snprintf(by_name, sizeof by_name, "http://localhost%s", strrchr(mock_org_url(f->org), ':'));
    assert_true(mock_org_put(f->org, MOCK_WEB_APP, "jwks", "{\"id\":\"a\"}"));
    assert_true(mock_org_put(f->org, MOCK_WEB_APP, "jwks", "{\"id\":\"b\"}"));
    const char *const names[] = {NULL, by_name};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        f->url = names[i];
        test_expect(f, "GET", WEB_KEYS, NULL, 200);
        char *target = next_target(f);
        assert_non_null(target);
        free(target);
    }
}

static void a_list_in_an_object_has_its_next_link_beside_it(void **state)
{
    fixture *f = *state;
    static const mock_list_shape shapes[] = {MOCK_LIST_KEYS, MOCK_LIST_JWKS};
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        test_restart(f, (mock_org_options){.page_size = 1, .list_shape = shapes[i]});
        assert_true(mock_org_put(f->org, MOCK_WEB_APP, "jwks", "{\"id\":\"a\"}"));
        assert_true(mock_org_put(f->org, MOCK_WEB_APP, "jwks", "{\"id\":\"b\"}"));
        test_expect(f, "GET", WEB_KEYS, NULL, 200);
        test_header_is(f, "Link", NULL);
        const cJSON *links = cJSON_GetObjectItemCaseSensitive(f->json, "_links");
        const char *href = test_string(cJSON_GetObjectItemCaseSensitive(links, "next"), "href");
        size_t url_length = strlen(test_url(f));
        assert_memory_equal(href, test_url(f), url_length);
        char *target = strdup(href + url_length);
        test_expect(f, "GET", target, NULL, 200);
        free(target);
        assert_non_null(strstr(f->body.bytes, "[{\"id\":\"b\"}]"));
        assert_null(cJSON_GetObjectItemCaseSensitive(f->json, "_links"));
    }
}

static void a_user_has_id_status_and_profile(void **state)
{
    fixture *f = *state;
    test_restart(f, (mock_org_options){.users = 2});
    test_expect(f, "GET", "/api/v1/users", NULL, 200);
    assert_int_equal(cJSON_GetArraySize(f->json), 2);
    const cJSON *user = cJSON_GetArrayItem(f->json, 1);
    test_members(user, "id,status,profile");
    assert_int_equal(strlen(test_string(user, "id")), 20);
    assert_int_equal(strncmp(test_string(user, "id"), "00u", 3), 0);
    assert_string_equal(test_string(user, "status"), "ACTIVE");
    const cJSON *profile = cJSON_GetObjectItemCaseSensitive(user, "profile");
    test_members(profile, "login,email,firstName,lastName");
    assert_string_equal(test_string(profile, "login"), "user1@mock.example");
}

static void following_next_shows_every_user_once(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *query;
        unsigned users;
        int pages[4];
    } cases[] = {
        {"", 0, {0, -1}},
        {"", 200, {200, -1}},
        {"", 201, {200, 1, -1}},
        {"?limit=2", 5, {2, 2, 1, -1}},
        {"?limit=2", 4, {2, 2, -1}},
        {"?limit=1000&search=a%20b", 401, {200, 200, 1, -1}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        test_restart(f, (mock_org_options){.users = cases[i].users});
        char *target = strdup(test_format("/api/v1/users%s", cases[i].query));
        unsigned seen = 0;
        for (size_t page = 0; cases[i].pages[page] >= 0; page++) {
            assert_non_null(target);
            test_expect(f, "GET", target, NULL, 200);
            char *self = test_header(f, "Link", 0);
            assert_non_null(self);
            assert_string_equal(self, test_format("<%s%s>; rel=\"self\"", mock_org_url(f->org), target));
            free(self);
            assert_int_equal(cJSON_GetArraySize(f->json), cases[i].pages[page]);
            for (const cJSON *user = f->json->child; user != NULL; user = user->next) {
                const cJSON *profile = cJSON_GetObjectItemCaseSensitive(user, "profile");
                assert_string_equal(test_string(profile, "login"),
                                    test_format("user%u@mock.example", seen++));
            }
            free(target);
            target = next_target(f);
        }
        assert_null(target);
        assert_int_equal(seen, cases[i].users);
    }
}

static void next_keeps_limit_and_the_rest_of_the_query(void **state)
{
    fixture *f = *state;
    test_restart(f, (mock_org_options){.users = 9});
    test_expect(f, "GET", "/api/v1/users?search=a%20b&limit=3&sortBy=id", NULL, 200);
    char *target = next_target(f);
    assert_non_null(target);
    assert_int_equal(strncmp(target, "/api/v1/users?after=", 20), 0);
    assert_non_null(strstr(target, "&limit=3&search=a%20b&sortBy=id"));
    assert_non_null(strstr(target, "%3D&"));
    free(target);
}

static void bad_limits_and_cursors_are_refused(void **state)
{
    fixture *f = *state;
    test_restart(f, (mock_org_options){.users = 9});
    static const char *const queries[] = {
        "limit=0", "limit=",  "limit=-1",    "limit=1x",  "limit=99999999999999999999",
        "after=",  "after=3", "after=3.abc", "after=%zz", "limit=1&after=x",
    };
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        test_expect(f, "GET", test_format("/api/v1/users?%s", queries[i]), NULL, 400);
        assert_string_equal(test_string(f->json, "errorCode"), "E0000001");
        test_header_is(f, "Link", NULL);
    }
}

int test_lists_group(void)
{
    const struct CMUnitTest tests[] = {
        TEST(keys_are_listed_in_the_shape_that_was_asked_for),
        TEST(put_refuses_what_is_no_object_and_has_no_place),
        TEST(keys_come_in_pages_of_the_size_that_was_asked_for),
        TEST(links_are_by_the_name_that_the_request_has),
        TEST(a_list_in_an_object_has_its_next_link_beside_it),
        TEST(a_user_has_id_status_and_profile),
        TEST(following_next_shows_every_user_once),
        TEST(next_keeps_limit_and_the_rest_of_the_query),
        TEST(bad_limits_and_cursors_are_refused),
    };
    return cmocka_run_group_tests_name("mock_org lists", tests, NULL, NULL);
}
