/* SPDX-License-Identifier: Apache-2.0 */
/* Names of options: those of Okta's other SDKs, those that nobody has, and those in the documents. */
#include "unit/config_support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/names.h"
#include "core/error.h"

/* As the other SDKs have them, and the option that each is. */
static const struct {
    const char *variable, *path, *value, *option;
} aliases[] = {
    {"OKTA_CLIENT_ORG_URL", NULL, "https://a.example", "org_url"},
    {"OKTA_CLIENT_OKTADOMAIN", "oktaDomain", "https://a.example", "org_url"},
    {"OKTA_CLIENT_AUTHORIZATION_MODE", NULL, "Bearer", "authorization_mode"},
    {"OKTA_CLIENT_APITOKEN", "apiToken", "t", "token"},
    {"OKTA_CLIENT_USER_AGENT", NULL, "me", "user_agent"},
    {"OKTA_CLIENT_REQUEST_TIMEOUT", NULL, "5", "timeout_ms"},
    {"OKTA_CLIENT_CONNECTION_TIMEOUT", NULL, "5", "connect_timeout_ms"},
    {"OKTA_CLIENT_RATE_LIMIT_MAX_RETRIES", NULL, "5", "max_retries"},
    {"OKTA_CLIENT_RATELIMIT_MAX_RETRIES", NULL, "5", "max_retries"},
    {"OKTA_CLIENT_MAXRETRIES", "maxRetries", "5", "max_retries"},
    {"OKTA_CLIENT_MAX_RETRIES", NULL, "5", "max_retries"},
    {"OKTA_CLIENT_CLIENT_ID", NULL, "c", "client_id"},
    {"OKTA_CLIENT_PRIVATE_KEY", NULL, "/keys/k.pem", "private_key"},
    {"OKTA_CLIENT_PRIVATE_KEY_ID", NULL, "k", "private_key_id"},
    {"OKTA_CLIENT_KID", "kid", "k", "private_key_id"},
    {"OKTA_CLIENT_KEYID", "keyId", "k", "private_key_id"},
    {"OKTA_CLIENT_KEY_ID", NULL, "k", "private_key_id"},
};

static bool is_set(const config_world *world, const char *option)
{
    okta_client_options *options = config_load(world);
    okta_option_values *values = NULL;
    assert_null(okta_client_options_describe(options, &values));
    bool set = strcmp(value_named(values, option)->source, "default") != 0;
    assert_int_equal(values->unknown_count, 0);
    okta_free(values);
    okta_free(options);
    return set;
}

static void takes_the_names_of_other_sdks(void **state)
{
    config_world *world = *state;
    for (size_t i = 0; i < COUNT(aliases); i++) {
        config_reset(world);
        config_set(world, aliases[i].variable, aliases[i].value);
        assert_true(is_set(world, aliases[i].option));
        if (aliases[i].path != NULL) {
            char text[256];
            config_reset(world);
            (void)snprintf(text, sizeof text, "okta: {client: {%s: '%s'}}", aliases[i].path,
                           aliases[i].value);
            config_write_folder(world, text);
            assert_true(is_set(world, aliases[i].option));
        }
    }
}

static void shows_the_name_that_was_used(void **state)
{
    config_world *world = *state;
    okta_option_values *values = NULL;
    config_set(world, "OKTA_CLIENT_KID", "k");
    okta_client_options *options = config_load(world);
    assert_null(okta_client_options_describe(options, &values));
    assert_string_equal(value_named(values, "private_key_id")->source, "OKTA_CLIENT_KID");
    okta_free(values);
    okta_free(options);
    config_reset(world);
    config_set(world, "OKTA_CLIENT_REQUEST_TIMEOUT", "soon");
    config_refused(world, "OKTA_CLIENT_REQUEST_TIMEOUT must be a whole number", NULL);
    config_reset(world);
    config_write_home(world, "okta:\n  client:\n    kid: \"\\xe9\"\n");
    config_refused(world, "okta.yaml:3: okta.client.kid must be printable ASCII", NULL);
}

static void refuses_two_names_with_two_values(void **state)
{
    config_world *world = *state;
    config_set(world, "OKTA_CLIENT_KID", "one");
    config_set(world, "OKTA_CLIENT_PRIVATEKEYID", "two");
    config_refused(
        world,
        "OKTA_CLIENT_KID and OKTA_CLIENT_PRIVATEKEYID are one option, and differ: leave one of them out",
        NULL);
    config_set(world, "OKTA_CLIENT_PRIVATEKEYID", "one");
    okta_free(config_load(world));
    config_set(world, "OKTA_CLIENT_REQUEST_TIMEOUT", "5");
    config_set(world, "OKTA_CLIENT_REQUESTTIMEOUT", "6");
    config_refused(world, "OKTA_CLIENT_REQUEST_TIMEOUT and OKTA_CLIENT_REQUESTTIMEOUT are one option", NULL);
    config_reset(world);
    config_set(world, "OKTA_CLIENT_TOKEN", "s3cr3t1");
    config_set(world, "OKTA_CLIENT_API_TOKEN", "s3cr3t2");
    config_refused(world, "OKTA_CLIENT_TOKEN and OKTA_CLIENT_API_TOKEN are one option", "s3cr3t");
    config_reset(world);
    config_write_folder(world, "okta:\n  client:\n    keyId: one\n    privateKeyId: two\n");
    config_refused(world, "okta.yaml:3: okta.client.keyId and ", NULL);
    config_refused(world, "okta.yaml:4: okta.client.privateKeyId are one option, and differ", NULL);
    config_write_folder(world, "okta: {client: {proxy: {host: a}, Proxy: {host: b}}}");
    okta_free(config_load(world));
}

/* Two places may differ: the later one counts, whatever its name. */
static void lets_a_later_place_use_another_name(void **state)
{
    config_world *world = *state;
    config_write_home(world, "okta: {client: {privateKeyId: one}}");
    config_write_folder(world, "okta: {client: {kid: two}}");
    okta_client_options *options = config_load(world);
    assert_string_equal(options->private_key_id, "two");
    okta_free(options);
    config_set(world, "OKTA_CLIENT_KEYID", "three");
    options = config_load(world);
    assert_string_equal(options->private_key_id, "three");
    okta_free(options);
}

static const struct {
    const char *variable, *nearest; /* NULL: none */
    bool is_foreign;
} unknown[] = {
    {"OKTA_CLIENT_TOKN", "OKTA_CLIENT_TOKEN", false},
    {"OKTA_CLIENT_TOEKN", "OKTA_CLIENT_TOKEN", false},
    {"OKTA_CLIENT_ORGURI", "OKTA_CLIENT_ORGURL", false},
    {"OKTA_CLIENT_orgUrl", "OKTA_CLIENT_ORGURL", false},
    {"OKTA_CLIENT_PRIVATEKEYS", "OKTA_CLIENT_PRIVATEKEY", false},
    {"OKTA_CLIENT_AUTHORISATIONMODE", "OKTA_CLIENT_AUTHORIZATIONMODE", false},
    {"OKTA_CLIENT_ID", "OKTA_CLIENT_CLIENTID", false},
    {"OKTA_CLIENT_ACCESSTOKEN", "OKTA_CLIENT_TOKEN", false},
    {"OKTA_CLIENT_MAX_RETRYS", "OKTA_CLIENT_RATELIMIT_MAXRETRIES", false},
    {"OKTA_CLIENT_MAX_RETRIE", "OKTA_CLIENT_RATELIMIT_MAXRETRIES", false},
    {"OKTA_CLIENT_AUTHMODE", "OKTA_CLIENT_AUTHORIZATIONMODE", false},
    {"OKTA_CLIENT_AUTHMODES", "OKTA_CLIENT_AUTHORIZATIONMODE", false},
    {"OKTA_CLIENT_OKTA_DOMAIM", "OKTA_CLIENT_ORGURL", false},
    {"OKTA_CLIENT_TIMEOUT", "OKTA_CLIENT_REQUESTTIMEOUT", false},
    {"OKTA_CLIENT_XYZ", NULL, false},
    {"OKTA_CLIENT_", NULL, false},
    {"OKTA_CLIENT_CACHE_ENABLED", NULL, true},
    {"OKTA_CLIENT_CACHE_DEFAULT_TTL", NULL, true},
    {"OKTA_CLIENT_RATE_LIMIT_MAX_BACKOFF", NULL, true},
};

static const okta_unknown_option *only_unknown(const config_world *world, okta_option_values **values)
{
    okta_client_options *options = config_load(world);
    assert_null(okta_client_options_describe(options, values));
    okta_free(options);
    assert_int_equal((*values)->unknown_count, 1);
    return (*values)->unknown;
}

static void tells_names_that_nobody_has(void **state)
{
    config_world *world = *state;
    for (size_t i = 0; i < COUNT(unknown); i++) {
        okta_option_values *values = NULL;
        char line[256];
        config_reset(world);
        config_set(world, unknown[i].variable, "s3cr3t");
        const okta_unknown_option *option = only_unknown(world, &values);
        assert_string_equal(option->name, unknown[i].variable);
        assert_string_equal(option->source, unknown[i].variable);
        assert_int_equal(option->is_foreign, unknown[i].is_foreign);
        if (unknown[i].nearest == NULL) {
            assert_null(option->nearest);
        } else {
            assert_non_null(option->nearest);
            assert_string_equal(option->nearest, unknown[i].nearest);
        }
        (void)snprintf(line, sizeof line, "\n%s: %s is no option", unknown[i].variable, unknown[i].variable);
        assert_non_null(strstr(values->text, line));
        assert_null(strstr(values->text, "s3cr3t"));
        okta_free(values);
    }
}

static void tells_names_of_files_with_their_lines(void **state)
{
    static const struct {
        const char *yaml, *name, *nearest;
        unsigned line;
    } cases[] = {
        {"okta:\n  client:\n    orgurl: https://a.example\n", "okta.client.orgurl", "okta.client.orgUrl", 3},
        {"okta:\n  client:\n    tokn: s3cr3t\n", "okta.client.tokn", "okta.client.token", 3},
        {"okta:\n  client:\n    proxy:\n      hots: h\n", "okta.client.proxy.hots", "okta.client.proxy.host",
         4},
        {"okta:\n  client:\n    thing: {a: [1, {b: c}]}\n", "okta.client.thing", NULL, 3},
        {"client:\n  token: s3cr3t\n", "client", "okta.client", 1},
        {"\ntoken: s3cr3t\n", "token", "okta.client.token", 2},
        {"okta:\n  token: s3cr3t\n", "okta.token", "okta.client.token", 2},
        {"okta:\n  client:\n    cache: {enabled: true}\n", "okta.client.cache", NULL, 3},
    };
    config_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        okta_option_values *values = NULL;
        char source[WORLD_PATH + 32];
        config_reset(world);
        config_write_folder(world, cases[i].yaml);
        const okta_unknown_option *option = only_unknown(world, &values);
        (void)snprintf(source, sizeof source, "%s:%u", config_path(world, "okta.yaml"), cases[i].line);
        assert_string_equal(option->name, cases[i].name);
        assert_string_equal(option->source, source);
        assert_true((option->nearest == NULL) == (cases[i].nearest == NULL));
        if (option->nearest != NULL) {
            assert_string_equal(option->nearest, cases[i].nearest);
        }
        assert_null(strstr(values->text, "s3cr3t"));
        okta_free(values);
    }
    /* Other parts of a file are other programs'. */
    config_reset(world);
    config_write_folder(world, "okta: {testing: {x: 1}, idx: {y: 2}}\nother: {client: {z: 3}}");
    assert_false(is_set(world, "token"));
}

typedef struct heard {
    unsigned count;
    char message[512];
} heard;

static void listen(void *ctx, const okta_log_event *event)
{
    heard *all = ctx;
    all->count++;
    assert_int_equal(event->level, OKTA_LOG_WARN);
    assert_string_equal(event->operation, "configuration");
    (void)snprintf(all->message, sizeof all->message, "%s", event->message);
}

static void warns_once_of_unknown_names(void **state)
{
    config_world *world = *state;
    heard all = {0, ""};
    config_set(world, "OKTA_CLIENT_ORGURL", "https://a.example");
    config_set(world, "OKTA_CLIENT_TOKEN", "t");
    config_set(world, "OKTA_CLIENT_CLIENTIDS", "s3cr3t");
    config_set(world, "OKTA_CLIENT_CACHE_ENABLED", "true");
    world->code.log = listen;
    world->code.log_ctx = &all;
    for (unsigned level = OKTA_LOG_NONE; level <= OKTA_LOG_DEBUG; level++) {
        okta_client *clients[2] = {NULL, NULL};
        all.count = 0;
        world->code.log_level = (okta_log_level)level;
        okta_client_options *options = config_load(world);
        assert_null(okta_client_new(options, &clients[0]));
        assert_null(okta_client_new(options, &clients[1]));
        assert_int_equal(all.count, level == OKTA_LOG_NONE ? 0 : 1);
        okta_free(clients[0]);
        okta_free(clients[1]);
        okta_free(options);
    }
    assert_string_equal(all.message, "configuration: OKTA_CLIENT_CLIENTIDS is no option; is it meant to be "
                                     "OKTA_CLIENT_CLIENTID?");
}

/* What okta_client_new() refuses is named by where it came from. */
static void names_the_place_of_what_a_client_refuses(void **state)
{
    static const struct {
        const char *variable, *value, *says;
    } cases[] = {
        {"OKTA_CLIENT_PRIVATEKEY", "-----BEGIN PRIVATE KEY-----",
         "OKTA_CLIENT_PRIVATEKEY: private_key: the PEM ends behind its first line"},
        {"OKTA_CLIENT_PRIVATE_KEY", "/nonexistent/key.pem",
         "OKTA_CLIENT_PRIVATE_KEY: private_key: cannot open"},
        {"OKTA_CLIENT_ORGURL", "https://a-admin.okta.com",
         "OKTA_CLIENT_ORGURL: org_url names the host of the admin console: leave out \"-admin\""},
    };
    config_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        okta_client *client = NULL;
        config_reset(world);
        config_set(world, "OKTA_CLIENT_ORGURL", "https://a.example");
        config_set(world, "OKTA_CLIENT_AUTHORIZATIONMODE", "PrivateKey");
        config_set(world, "OKTA_CLIENT_CLIENTID", "c");
        config_set(world, "OKTA_CLIENT_SCOPES", "s");
        config_set(world, "OKTA_CLIENT_PRIVATEKEY", "{}");
        if (strcmp(cases[i].variable, "OKTA_CLIENT_PRIVATE_KEY") == 0) {
            config_set(world, "OKTA_CLIENT_PRIVATEKEY", "");
        }
        config_set(world, cases[i].variable, cases[i].value);
        okta_client_options *options = config_load(world);
        okta_error *error = okta_client_new(options, &client);
        assert_int_equal(okta_error_status(error), OKTA_E_CONFIG);
        if (strstr(okta_error_message(error), cases[i].says) != okta_error_message(error)) {
            fail_msg("\"%s\" instead of \"%s\"", okta_error_message(error), cases[i].says);
        }
        okta_free(error);
        okta_free(options);
    }
}

/* A program that sets its options itself reads no variable, so none is named. */
static void names_places_only_where_they_are_read(void **state)
{
    config_world *world = *state;
    okta_client *client = NULL;
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = "https://a.example";
    okta_error *error = okta_client_new(&options, &client);
    assert_string_equal(okta_error_message(error), "token is required");
    okta_free(error);
    config_set(world, "OKTA_CLIENT_ORGURL", "https://a.example");
    okta_client_options *loaded = config_load(world);
    error = okta_client_new(loaded, &client);
    assert_string_equal(okta_error_message(error),
                        "token is required (OKTA_CLIENT_TOKEN, or okta.client.token in okta.yaml)");
    okta_free(error);
    okta_free(loaded);
    config_set(world, "OKTA_CLIENT_TOKN", "s3cr3t");
    loaded = config_load(world);
    error = okta_client_new(loaded, &client);
    assert_string_equal(okta_error_message(error),
                        "token is required (OKTA_CLIENT_TOKEN, or okta.client.token in okta.yaml); "
                        "OKTA_CLIENT_TOKN is no option; is it meant to be OKTA_CLIENT_TOKEN?");
    okta_free(error);
    /* What is set is not missed. */
    config_set(world, "OKTA_CLIENT_AUTHORIZATIONMODE", "PrivateKey");
    config_set(world, "OKTA_CLIENT_CLIENTID", "c");
    config_set(world, "OKTA_CLIENT_CLIENTIT", "s3cr3t");
    okta_free(loaded);
    loaded = config_load(world);
    error = okta_client_new(loaded, &client);
    assert_non_null(strstr(okta_error_message(error), "scopes is required with a private key (OKTA_CLIENT_"));
    assert_null(strstr(okta_error_message(error), "CLIENTIT"));
    okta_free(error);
    okta_free(loaded);
}

static void tells_placeholders(void **state)
{
    static const struct {
        const char *variable, *value, *says;
    } cases[] = {
        {"OKTA_CLIENT_ORGURL", "https://{yourOktaDomain}",
         "OKTA_CLIENT_ORGURL holds a placeholder such as {yourOktaDomain}: put the host"},
        {"OKTA_CLIENT_ORGURL", "{yourOktaDomain}", "OKTA_CLIENT_ORGURL holds a placeholder"},
        {"OKTA_CLIENT_ORGURL", "https://<org>.okta.com", "OKTA_CLIENT_ORGURL holds a placeholder"},
        {"OKTA_CLIENT_TOKEN", "{apiToken}", "OKTA_CLIENT_TOKEN is a placeholder: put the token in its place"},
        {"OKTA_CLIENT_CLIENTID", "{clientId}", "OKTA_CLIENT_CLIENTID is a placeholder: put the id of your"},
    };
    config_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        config_reset(world);
        config_set(world, cases[i].variable, cases[i].value);
        config_refused(world, cases[i].says, NULL);
    }
}

static void wants_the_host_of_the_api(void **state)
{
    static const struct {
        const char *url;
        bool is_admin;
    } cases[] = {
        {"https://a-admin.okta.com", true},
        {"https://A-ADMIN.OKTA.COM:443/", true},
        {"https://a-admin.oktapreview.com", true},
        {"https://a-admin.okta-emea.com", true},
        {"https://a-admin.okta-gov.com", true},
        {"https://a-admin.okta.mil", true},
        {"https://a-admin.okta.com.", true},
        {"https://a-admin.okta.com.:443/", true},
        {"https://a.okta.com", false},
        {"https://a.okta.com.", false},
        {"https://-admin.okta.com.example", false},
        {"https://my-admin.example.com", false},
        {"https://admin.okta.com", false},
    };
    config_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        for (unsigned asked = 0; asked < 2; asked++) {
            okta_client *client = NULL;
            config_reset(world);
            config_set(world, "OKTA_CLIENT_ORGURL", cases[i].url);
            config_set(world, "OKTA_CLIENT_TOKEN", "t");
            config_set(world, "OKTA_CLIENT_ADMINHOST", asked == 1 ? "true" : "false");
            okta_client_options *options = config_load(world);
            okta_error *error = okta_client_new(options, &client);
            assert_true((error != NULL) == (cases[i].is_admin && asked == 0));
            okta_free(error);
            okta_free(client);
            okta_free(options);
        }
    }
}

static char *read_document(const char *name)
{
    char path[1024];
    (void)snprintf(path, sizeof path, "%s/%s", OKTA_SOURCE_DIR, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char *text = calloc(1, 1 << 17);
    assert_non_null(text);
    assert_true(fread(text, 1, (1 << 17) - 1, file) > 0);
    assert_int_equal(fclose(file), 0);
    return text;
}

/* A whole word of a text. */
static bool has_word(const char *text, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = strstr(text, word); at != NULL; at = strstr(at + 1, word)) {
        char behind = at[length];
        if (!((behind >= 'A' && behind <= 'Z') || (behind >= 'a' && behind <= 'z') || behind == '_')) {
            return true;
        }
    }
    return false;
}

static void stands_in_each_document(void **state)
{
    static const char *const documents[] = {"docs/configuration.md", "docs/okta-keys.1",
                                            "tools/okta-keys/settings.c"};
    (void)state;
    for (size_t d = 0; d < COUNT(documents); d++) {
        char *text = read_document(documents[d]);
        for (size_t i = 0; i < OKTAI_OPTION_ROWS; i++) {
            const oktai_option_row *row = &oktai_option_rows[i];
            if (row->variable == NULL) {
                continue;
            }
            if (!has_word(text, row->variable) || !has_word(text, row->path + strlen(OKTAI_PATH_PREFIX))) {
                fail_msg("%s lacks %s or %s", documents[d], row->variable, row->path);
            }
        }
        for (const char *at = strstr(text, "OKTA_CLIENT_"); at != NULL; at = strstr(at + 1, "OKTA_CLIENT_")) {
            char name[64] = "";
            size_t length = strspn(at, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");
            assert_true(length < sizeof name);
            memcpy(name, at, length);
            if (strcmp(name, "OKTA_CLIENT_") != 0 && strcmp(name, "OKTA_CLIENT_OPTIONS_INIT") != 0 &&
                oktai_row_of_variable(name) == NULL) {
                fail_msg("%s has %s, which is no option", documents[d], name);
            }
        }
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        CONFIG_TEST(takes_the_names_of_other_sdks),
        CONFIG_TEST(shows_the_name_that_was_used),
        CONFIG_TEST(refuses_two_names_with_two_values),
        CONFIG_TEST(lets_a_later_place_use_another_name),
        CONFIG_TEST(tells_names_that_nobody_has),
        CONFIG_TEST(tells_names_of_files_with_their_lines),
        CONFIG_TEST(warns_once_of_unknown_names),
        CONFIG_TEST(names_the_place_of_what_a_client_refuses),
        CONFIG_TEST(names_places_only_where_they_are_read),
        CONFIG_TEST(tells_placeholders),
        CONFIG_TEST(wants_the_host_of_the_api),
        CONFIG_TEST(stands_in_each_document),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
