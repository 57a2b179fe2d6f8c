/* SPDX-License-Identifier: Apache-2.0 */
/* What the guides about Okta's reference, custom attributes, the System Log and raw libcurl promise of the
 * code they quote. The answers have the members that Okta's reference describes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "curl_snippets.h"
#include "guide_world.h"
#include "org_snippets.h"

#include <stdlib.h>
#include <string.h>

#define USER_ID "00u1exampleuser000g4"
#define PROFILE                                                                                              \
    "\"profile\":{\"login\":\"ann@example.com\",\"team\":\"red\",\"level\":3,\"badges\":[\"first aid\"]}"

static int set_up(void **state)
{
    guide_world *f = guide_world_start(NULL, OKTA_KEY_EC_P256);
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = mock_org_url(f->org);
    options.token = "mock-token";
    assert_null(okta_client_new(&options, &f->client));
    *state = f;
    return 0;
}

static void answer_with(const guide_world *f, const char *method, const char *const *headers,
                        const char *body)
{
    const mock_fault canned = {.method = method, .status = 200, .headers = headers, .body = body};
    assert_true(mock_org_fail_next(f->org, &canned));
}

static void answer(const guide_world *f, const char *method, const char *body)
{
    answer_with(f, method, NULL, body);
}

static void answer_page(const guide_world *f, const char *body, const char *next)
{
    char link[4096];
    snprintf(link, sizeof link, "Link: <%s%s>; rel=\"next\"", mock_org_url(f->org), next);
    answer_with(f, "GET", (const char *const[]){link, NULL}, body);
}

static void assert_request(const guide_world *f, size_t index, const char *method, const char *target,
                           const char *body)
{
    const mock_request *request = mock_org_request_at(f->org, index);
    assert_non_null(request);
    assert_string_equal(request->method, method);
    assert_string_equal(request->target, target);
    assert_string_equal(request->body, body);
}

static void a_user_is_created_with_a_parameter(void **state)
{
    guide_world *f = *state;
    answer(f, "POST", "{\"id\":\"" USER_ID "\",\"status\":\"STAGED\"}");
    assert_null(guide_create_staged_user(f->client, f->out));
    assert_string_equal(guide_printed(f), USER_ID " waits for its activation\n");
    assert_request(f, 0, "POST", "/api/v1/users?activate=false",
                   "{\"profile\":{\"email\":\"ann@example.com\",\"firstName\":\"Ann\",\"lastName\":\"Lee\","
                   "\"login\":\"ann@example.com\"}}");
}

static void scopes_are_told(void **state)
{
    guide_world *f = *state;
    guide_print_scopes(f->out);
    assert_string_equal(guide_printed(f), "okta.users.manage\n");
}

static void a_file_is_a_part_of_its_own(void **state)
{
    guide_world *f = *state;
    answer(f, "POST", "{\"url\":\"https://example.com/logo\"}");
    assert_null(guide_upload_logo(f->client, "bnd1", "thd1", "\x89PNG", 4));
    const mock_request *request = mock_org_request_at(f->org, 0);
    assert_string_equal(request->target, "/api/v1/brands/bnd1/themes/thd1/logo");
    assert_non_null(strstr(request->body, "name=\"file\"; filename=\"logo.png\""));
    assert_non_null(strstr(request->body, "Content-Type: image/png\r\n\r\n\x89PNG\r\n--"));
}

static void free_form_json_is_a_text(void **state)
{
    guide_world *f = *state;
    answer(f, "GET", "{\"origins\":[\"https://example.com\"]}");
    assert_null(guide_free_form_answer(f->client, f->out));
    assert_string_equal(guide_printed(f), "{\"origins\":[\"https://example.com\"]}\n");
    assert_request(f, 0, "GET", "/.well-known/webauthn", "");
}

static void variants_are_one_struct(void **state)
{
    guide_world *f = *state;
    answer(f, "GET",
           "[{\"id\":\"0oa1\",\"label\":\"wiki\",\"signOnMode\":\"SAML_2_0\"},"
           "{\"id\":\"0oa2\",\"label\":\"shop\",\"signOnMode\":\"OPENID_CONNECT\",\"credentials\":"
           "{\"oauthClient\":{\"token_endpoint_auth_method\":\"client_secret_post\"}}},"
           "{\"id\":\"0oa3\",\"label\":\"till\",\"signOnMode\":\"OPENID_CONNECT\"}]");
    assert_null(guide_print_apps(f->client, f->out));
    assert_string_equal(guide_printed(f), "shop signs in by client_secret_post\n"
                                          "till signs in by an unknown way\n");
}

static void an_operation_that_is_missing_goes_raw(void **state)
{
    guide_world *f = *state;
    answer(f, "POST", "{\"id\":\"" USER_ID "\"}");
    assert_null(guide_missing_operation(f->client, USER_ID, f->out));
    assert_string_equal(guide_printed(f), USER_ID "\n");
    assert_request(f, 0, "POST", "/api/v1/users/" USER_ID "/made-up", "{\"level\":3}");
}

static void attributes_are_read(void **state)
{
    guide_world *f = *state;
    answer(f, "GET", "{\"id\":\"" USER_ID "\"," PROFILE "}");
    answer(f, "GET", "{\"id\":\"" USER_ID "\",\"profile\":{\"team\":7}}");
    assert_null(guide_read_attributes(f->client, USER_ID, f->out));
    assert_null(guide_read_attributes(f->client, USER_ID, f->out));
    assert_string_equal(guide_printed(f), "team: red\nlevel: 3\nbadges, as JSON: [\"first aid\"]\n"
                                          "team: none\nlevel: 0\nbadges, as JSON: none\n");
}

static void attributes_are_sent(void **state)
{
    guide_world *f = *state;
    okta_user *user = NULL;
    answer(f, "POST", "{\"id\":\"" USER_ID "\"}");
    assert_null(guide_create_with_attributes(f->client, &user));
    assert_string_equal(user->id, USER_ID);
    assert_request(f, 0, "POST", "/api/v1/users",
                   "{\"profile\":{\"email\":\"ann@example.com\",\"firstName\":\"Ann\",\"lastName\":\"Lee\","
                   "\"login\":\"ann@example.com\",\"team\":\"red\",\"level\":3,"
                   "\"badges\":[\"first aid\",\"forklift\"]}}");
    okta_free(user);
}

static void a_profile_is_changed_and_sent_whole(void **state)
{
    guide_world *f = *state;
    answer(f, "GET", "{\"id\":\"" USER_ID "\"," PROFILE "}");
    answer(f, "PUT", "{\"id\":\"" USER_ID "\"}");
    assert_null(guide_replace_attributes(f->client, USER_ID));
    assert_request(f, 1, "PUT", "/api/v1/users/" USER_ID,
                   "{\"profile\":{\"login\":\"ann@example.com\",\"team\":\"blue\",\"level\":3}}");
}

static void an_attribute_is_cleared_by_null(void **state)
{
    guide_world *f = *state;
    answer(f, "POST", "{\"id\":\"" USER_ID "\"}");
    assert_null(guide_clear_attribute(f->client, USER_ID));
    assert_request(f, 0, "POST", "/api/v1/users/" USER_ID, "{\"profile\":{\"team\":null}}");
}

static void a_group_keeps_its_other_attributes(void **state)
{
    guide_world *f = *state;
    answer(f, "GET", "{\"id\":\"00g1\",\"profile\":{\"name\":\"red\",\"description\":null,\"site\":\"B\"}}");
    answer(f, "PUT", "{\"id\":\"00g1\"}");
    assert_null(guide_change_group(f->client, "00g1"));
    assert_request(f, 1, "PUT", "/api/v1/groups/00g1",
                   "{\"profile\":{\"name\":\"red\",\"description\":null,\"site\":\"B\","
                   "\"costCenter\":\"4711\"}}");
}

static void an_app_user_has_a_profile_of_the_app(void **state)
{
    guide_world *f = *state;
    answer(f, "POST", "{\"id\":\"" USER_ID "\"}");
    assert_null(guide_change_app_user(f->client, "0oa1", USER_ID));
    assert_request(f, 0, "POST", "/api/v1/apps/0oa1/users/" USER_ID, "{\"profile\":{\"role\":\"auditor\"}}");
}

static void settings_of_an_app_are_members_and_extras(void **state)
{
    guide_world *f = *state;
    answer(f, "GET",
           "{\"id\":\"0oa1\",\"label\":\"wiki\",\"signOnMode\":\"BOOKMARK\",\"status\":\"ACTIVE\","
           "\"settings\":{\"app\":{\"url\":\"https://old.example.com\",\"region\":\"eu\"}}}");
    answer(f, "PUT", "{\"id\":\"0oa1\"}");
    assert_null(guide_change_app_settings(f->client, "0oa1"));
    assert_request(f, 1, "PUT", "/api/v1/apps/0oa1",
                   "{\"label\":\"wiki\",\"signOnMode\":\"BOOKMARK\",\"settings\":{\"app\":"
                   "{\"url\":\"https://app.example.com/login\",\"region\":\"eu\","
                   "\"subDomain\":\"example\"}}}");
}

#define EVENT(id) "[{\"uuid\":\"" id "\",\"eventType\":\"user.session.start\"}]"

typedef struct follower {
    int rounds; /* that are left */
    char *cursor;
} follower;

static bool keep_cursor(void *ctx, const char *cursor)
{
    follower *self = ctx;
    free(self->cursor);
    self->cursor = cursor == NULL ? NULL : strdup(cursor);
    return self->cursor != NULL;
}

static bool one_round_less(void *ctx)
{
    return ((follower *)ctx)->rounds-- > 0;
}

static void the_log_is_followed_beyond_an_empty_page(void **state)
{
    guide_world *f = *state;
    follower self = {.rounds = 1};
    char last[2048] = "/api/v1/logs?after=";
    /* Cursors have no length of their own. */
    memset(last + strlen(last), '3', sizeof last - strlen(last) - 1);
    answer_page(f, EVENT("e1"), "/api/v1/logs?after=1");
    answer_page(f, "[]", "/api/v1/logs?after=2");
    answer_page(f, EVENT("e2"), last);
    answer_page(f, "[]", last);
    assert_null(
        guide_follow_log(f->client, "2026-01-02T00:00:00.000Z", keep_cursor, one_round_less, &self, f->out));
    assert_string_equal(guide_printed(f), "e1 user.session.start\ne2 user.session.start\n");
    assert_string_equal(self.cursor, last);
    assert_int_equal(mock_org_request_count(f->org), 4);
    assert_request(f, 2, "GET", "/api/v1/logs?after=2", "");
    free(self.cursor);
}

static void a_part_of_the_log_has_an_end(void **state)
{
    guide_world *f = *state;
    answer_page(f, EVENT("e1"), "/api/v1/logs?after=1");
    answer(f, "GET", "[]");
    assert_null(guide_log_of_a_day(f->client, f->out));
    assert_string_equal(guide_printed(f), "e1 user.session.start\n");
    assert_request(f, 0, "GET",
                   "/api/v1/logs?since=2026-01-02T00%3A00%3A00.000Z&until=2026-01-03T00%3A00%3A00.000Z"
                   "&filter=eventType%20eq%20%22user.session.start%22%20and%20outcome.result%20eq%20"
                   "%22FAILURE%22&limit=1000",
                   "");
}

static void both_ways_print_the_same_user(void **state)
{
    guide_world *f = *state;
    static const char user[] = "{\"id\":\"" USER_ID "\",\"status\":\"ACTIVE\"," PROFILE "}";
    answer(f, "GET", user);
    answer(f, "GET", user);
    assert_true(print_user_by_hand(mock_org_url(f->org), "mock-token", "ann@example.com", f->out));
    assert_null(print_user(mock_org_url(f->org), "mock-token", "ann@example.com", f->out));
    assert_string_equal(guide_printed(f), "ann@example.com is ACTIVE\nann@example.com is ACTIVE\n");
    for (size_t i = 0; i < 2; i++) {
        assert_request(f, i, "GET", "/api/v1/users/ann%40example.com", "");
        const mock_request *request = mock_org_request_at(f->org, i);
        assert_string_equal(mock_request_header(request, "Authorization"), "SSWS mock-token");
    }
    assert_false(print_user_by_hand(mock_org_url(f->org), "no-such-token", "ann@example.com", f->out));
    okta_error *error = print_user(mock_org_url(f->org), "no-such-token", "ann@example.com", f->out);
    assert_int_equal(okta_error_status(error), OKTA_E_AUTH);
    okta_free(error);
}

static void json_of_ones_own_goes_raw(void **state)
{
    guide_world *f = *state;
    answer(f, "PUT", "{\"id\":\"00g1\"}");
    assert_null(rename_group_with_cjson(f->client, "00g1", "blue"));
    assert_request(f, 0, "PUT", "/api/v1/groups/00g1", "{\"profile\":{\"name\":\"blue\"}}");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, guide_world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_user_is_created_with_a_parameter),
        TEST(scopes_are_told),
        TEST(a_file_is_a_part_of_its_own),
        TEST(free_form_json_is_a_text),
        TEST(variants_are_one_struct),
        TEST(an_operation_that_is_missing_goes_raw),
        TEST(attributes_are_read),
        TEST(attributes_are_sent),
        TEST(a_profile_is_changed_and_sent_whole),
        TEST(an_attribute_is_cleared_by_null),
        TEST(a_group_keeps_its_other_attributes),
        TEST(an_app_user_has_a_profile_of_the_app),
        TEST(settings_of_an_app_are_members_and_extras),
        TEST(the_log_is_followed_beyond_an_empty_page),
        TEST(a_part_of_the_log_has_an_end),
        TEST(both_ways_print_the_same_user),
        TEST(json_of_ones_own_goes_raw),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
