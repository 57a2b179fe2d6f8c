/* SPDX-License-Identifier: Apache-2.0 */
/* Settings from files, variables and options, and the command that shows them. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "test_groups.h"
#include "tool_world.h"

#define CANARY "c4n4ry"

static void write_config(tool_world *world, const char *text)
{
    const char *path = world_write(world, "okta.yaml", text);
    assert_int_equal(chmod(path, 0600), 0);
}

static void write_home(tool_world *world, const char *text)
{
    assert_int_equal(mkdir(world_path(world, ".okta"), 0700), 0);
    assert_int_equal(chmod(world_write(world, ".okta/okta.yaml", text), 0600), 0);
}

static void remove_home(tool_world *world)
{
    assert_int_equal(unlink(world_path(world, ".okta/okta.yaml")), 0);
    assert_int_equal(rmdir(world_path(world, ".okta")), 0);
}

/* The member of the object with this name in the JSON that was printed; the caller deletes `*out`. */
static const char *json_of(const tool_world *world, const char *name, const char *member, cJSON **out)
{
    *out = cJSON_Parse(world->out);
    assert_true(cJSON_IsArray(*out));
    const cJSON *item = NULL;
    cJSON_ArrayForEach(item, *out)
    {
        if (strcmp(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "name")), name) == 0) {
            return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, member));
        }
    }
    fail_msg("no %s in %s", name, world->out);
    return NULL;
}

static void expect_json(const tool_world *world, const char *name, const char *value, const char *source)
{
    cJSON *array = NULL;
    const char *text = json_of(world, name, "value", &array);
    if (value == NULL) {
        assert_null(text);
    } else {
        assert_non_null(text);
        assert_string_equal(text, value);
    }
    cJSON_Delete(array);
    assert_string_equal(json_of(world, name, "source", &array), source);
    cJSON_Delete(array);
}

static void shows_settings_without_an_org(void **state)
{
    tool_world *world = *state;
    world->org_url = world->token = NULL;
    RUN(world, "config");
    assert_exit(world, 0);
    assert_err(world, "");
    assert_out_has(world, "OPTION ");
    assert_out_has(world, "org_url               -                    default\n");
    assert_out_has(world, "timeout_ms            60000                default\n");
    assert_out_has(world, "user_agent            okta-keys/0.2.0      code\n");
    assert_requests(world, 0);
    RUN(world, "config", "--json");
    assert_exit(world, 0);
    expect_json(world, "org_url", NULL, "default");
    expect_json(world, "timeout_ms", "60000", "default");
    assert_int_equal(world_count(world->out, "\n"), 1);
    assert_requests(world, 0);
}

static void names_the_source_of_each_setting(void **state)
{
    static const char *const variables[] = {"OKTA_CLIENT_AUTHORIZATIONMODE=PrivateKey",
                                            "OKTA_CLIENT_SCOPES=okta.apps.read,okta.apps.manage",
                                            "OKTA_CLIENT_PRIVATEKEY=/keys/app.pem", NULL};
    tool_world *world = *state;
    char source[WORLD_PATH_SIZE];
    write_home(world,
               "okta:\n  client:\n    clientId: from-home\n    privateKeyId: from-home\n    dpop: never\n");
    write_config(world, "okta:\n  client:\n    privateKeyId: from-folder\n");
    world->variables = variables;
    world->token = NULL;
    RUN(world, "config", "--json", "--timeout", "1.5", "--org-url", "https://a.example");
    assert_exit(world, 0);
    expect_json(world, "org_url", "https://a.example", "code");
    expect_json(world, "timeout_ms", "1500", "code");
    expect_json(world, "authorization_mode", "PrivateKey", "OKTA_CLIENT_AUTHORIZATIONMODE");
    expect_json(world, "scopes", "okta.apps.read okta.apps.manage", "OKTA_CLIENT_SCOPES");
    expect_json(world, "private_key", "/keys/app.pem", "OKTA_CLIENT_PRIVATEKEY");
    expect_json(world, "private_key_id", "from-folder", "./okta.yaml:3");
    (void)snprintf(source, sizeof source, "%s/.okta/okta.yaml:3", world->folder);
    expect_json(world, "client_id", "from-home", source);
    (void)snprintf(source, sizeof source, "%s/.okta/okta.yaml:5", world->folder);
    expect_json(world, "dpop", "never", source);
    assert_requests(world, 0);
    remove_home(world);
}

/* The text of each place stands in front of the tool's own name, which a program behind a gateway can see. */
static void puts_a_text_of_the_settings_in_front_of_its_user_agent(void **state)
{
    static const struct {
        const char *home, *folder, *variable, *text, *source;
    } cases[] = {
        {NULL, NULL, NULL, NULL, NULL},
        {"home/1", NULL, NULL, "home/1", NULL},
        {NULL, "folder/1 (x)", NULL, "folder/1 (x)", "./okta.yaml:1"},
        {NULL, NULL, "OKTA_CLIENT_USERAGENT=env/2", "env/2", "OKTA_CLIENT_USERAGENT"},
    };
    tool_world *world = *state;
    char text[256];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        world_reset(world);
        if (cases[i].home != NULL) {
            (void)snprintf(text, sizeof text, "okta: {client: {userAgent: %s}}", cases[i].home);
            write_home(world, text);
        }
        if (cases[i].folder != NULL) {
            (void)snprintf(text, sizeof text, "okta: {client: {userAgent: %s}}", cases[i].folder);
            write_config(world, text);
        }
        world->variable = cases[i].variable;
        RUN(world, "list", APP);
        assert_exit(world, 0);
        (void)snprintf(text, sizeof text, "%s%sokta-keys/0.2.0 libokta/0.2.0 libcurl/",
                       cases[i].text == NULL ? "" : cases[i].text, cases[i].text == NULL ? "" : " ");
        const char *sent = mock_request_header(world_request(world, 0), "User-Agent");
        assert_non_null(sent);
        assert_memory_equal(sent, text, strlen(text));
        if (cases[i].source != NULL) {
            RUN(world, "config", "--json");
            expect_json(world, "user_agent", cases[i].text, cases[i].source);
        }
    }
    remove_home(world);
}

static void never_prints_a_secret(void **state)
{
    static const char *const variables[] = {
        "OKTA_CLIENT_PRIVATEKEY=-----BEGIN PRIVATE KEY-----\\n" CANARY "\\n-----END PRIVATE KEY-----",
        "OKTA_CLIENT_PROXY_HOST=p.example", "OKTA_CLIENT_PROXY_USERNAME=u",
        "OKTA_CLIENT_PROXY_PASSWORD=" CANARY, NULL};
    static const char *const forms[] = {"--verbose", "--json", "--show-secrets"};
    tool_world *world = *state;
    world->variables = variables;
    world->token = CANARY "-t";
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        RUN(world, "config", forms[i]);
        assert_exit(world, 0);
        assert_lacks(world->out, CANARY);
        assert_lacks(world->err, CANARY);
        assert_out_has(world, "***");
        assert_out_has(world, "http://u:***@p.example");
    }
    RUN(world, "config", "--token-file", world_write(world, "token", CANARY "-file\n"));
    assert_exit(world, 0);
    assert_lacks(world->out, CANARY);
    assert_out_has(world, "token                 ***");
}

static void works_with_what_a_file_says(void **state)
{
    tool_world *world = *state;
    char text[512];
    (void)snprintf(text, sizeof text, "okta: {client: {orgUrl: '%s', token: " TOKEN "}}",
                   mock_org_url(world->org));
    world->org_url = world->token = NULL;
    write_config(world, text);
    RUN(world, "list", APP, "--json");
    assert_exit(world, 0);
    assert_out(world, "[]\n");
    assert_string_equal(mock_request_header(world_request(world, 0), "Authorization"), "SSWS " TOKEN);
}

/* A file of the working folder may have come with somebody else's program. */
static void sends_no_token_where_a_file_of_the_working_folder_says(void **state)
{
    tool_world *world = *state;
    char org[128];
    char text[256];
    (void)snprintf(text, sizeof text, "okta: {client: {orgUrl: '%s'}}", mock_org_url(world->org));
    world->org_url = world->token = NULL;
    write_home(world, "okta: {client: {orgUrl: https://a.example, token: " TOKEN "}}");
    write_config(world, text);
    for (unsigned place = 0; place < 3; place++) {
        world->variable = place == 1 ? "OKTA_CLIENT_TOKEN=" TOKEN : NULL;
        if (place == 2) {
            RUN(world, "list", APP, "--token-file", world_write(world, "token", TOKEN));
        } else {
            RUN(world, "list", APP);
        }
        assert_exit(world, 2);
        assert_one_line(world);
        assert_err_has(world, "./okta.yaml:1: orgUrl says where a credential goes, but token comes from ");
        assert_err_has(world, place == 0 ? "/.okta/okta.yaml:1" : place == 1 ? "OKTA_CLIENT_TOKEN" : "code");
        assert_err_has(world, "set OKTA_CLIENT_ORGURL, or the option org_url");
        assert_requests(world, 0);
    }
    (void)snprintf(org, sizeof org, "OKTA_CLIENT_ORGURL=%s", mock_org_url(world->org));
    world->variable = org;
    RUN(world, "list", APP);
    assert_exit(world, 0);
    world->variable = NULL;
    RUN(world, "list", APP, "--org-url", mock_org_url(world->org));
    assert_exit(world, 0);
    remove_home(world);
}

static void says_which_source_is_wrong(void **state)
{
    static const struct {
        const char *file, *variable, *err;
    } cases[] = {
        {"okta: {client: {token: " CANARY "}}\n---\n", NULL, "./okta.yaml:2: a second document"},
        {"okta:\n  client:\n    requestTimeout: " CANARY "\n", NULL,
         "./okta.yaml:3: okta.client.requestTimeout must be a whole number of seconds from 0 to 86400"},
        {"okta:\n  client:\n\ttoken: " CANARY "\n", NULL, "./okta.yaml:3: this is not YAML"},
        {"", "OKTA_CLIENT_AUTHORIZATIONMODE=" CANARY,
         "OKTA_CLIENT_AUTHORIZATIONMODE must be SSWS, Bearer, PrivateKey or ClientSecret"},
        {"", "OKTA_CLIENT_DPOP=" CANARY, "OKTA_CLIENT_DPOP must be auto, always or never"},
    };
    tool_world *world = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        write_config(world, cases[i].file);
        world->variable = cases[i].variable;
        RUN(world, "config");
        assert_exit(world, 2);
        assert_one_line(world);
        assert_err_has(world, cases[i].err);
        assert_lacks(world->err, CANARY);
        assert_out(world, "");
        RUN(world, "list", APP);
        assert_exit(world, 2);
        assert_err_has(world, cases[i].err);
        assert_lacks(world->err, CANARY);
        assert_requests(world, 0);
    }
}

static void refuses_a_file_with_a_token_that_others_can_read(void **state)
{
    tool_world *world = *state;
    write_config(world, "okta: {client: {token: " CANARY "}}");
    assert_int_equal(chmod(world_path(world, "okta.yaml"), 0644), 0);
    RUN(world, "config");
    assert_exit(world, 2);
    assert_err_has(world, "./okta.yaml holds a secret and is open to others: chmod 600");
    assert_lacks(world->err, CANARY);
}

static void tells_how_to_use_a_private_key(void **state)
{
    tool_world *world = *state;
    world->token = NULL;
    world->variable = "OKTA_CLIENT_PRIVATEKEY=/keys/app.pem";
    RUN(world, "list", APP);
    assert_exit(world, 2);
    assert_one_line(world);
    assert_err_has(world, "token is required (--token-file FILE, OKTA_CLIENT_TOKEN, or ");
    assert_err_has(world, "for a private key set authorization_mode to ");
    assert_err_has(world, "(OKTA_CLIENT_AUTHORIZATIONMODE=PrivateKey)");
    assert_requests(world, 0);
}

#define KEY_MODE "OKTA_CLIENT_AUTHORIZATIONMODE=PrivateKey"

/* What is missing is named by its places, and a slip of the pen beside it. */
static void names_the_slip_where_a_setting_is_missing(void **state)
{
    static const struct {
        const char *variables[5], *file;
        const char *err[4];
    } cases[] = {
        {{KEY_MODE, "OKTA_CLIENT_CLIENTID=c", "OKTA_CLIENT_SCOPE=" CANARY},
         "",
         {"scopes is required with a private key (OKTA_CLIENT_SCOPES, or okta.client.scopes in okta.yaml); ",
          "OKTA_CLIENT_SCOPE is no option; is it meant to be OKTA_CLIENT_SCOPES?"}},
        {{"OKTA_CLIENT_AUTHORISATIONMODE=PrivateKey"},
         "",
         {"token is required (--token-file FILE, OKTA_CLIENT_TOKEN, or okta.client.token in okta.yaml); ",
          "OKTA_CLIENT_AUTHORISATIONMODE is no option; is it meant to be OKTA_CLIENT_AUTHORIZATIONMODE?\n"}},
        {{KEY_MODE},
         "okta:\n  client:\n    clientID: a\n    scope: b\n    private_key: " CANARY "\n",
         {"client_id is required with a private key (OKTA_CLIENT_CLIENTID, or okta.client.clientId in ",
          "okta.client.clientID (./okta.yaml:3) is no option; is it meant to be okta.client.clientId?",
          "okta.client.scope (./okta.yaml:4) is no option; is it meant to be okta.client.scopes?",
          "okta.client.private_key (./okta.yaml:5) is no option; is it meant to be okta.client.privateKey?"}},
        {{"OKTA_CLIENT_AUTHORIZATIONMODE=ClientSecret", "OKTA_CLIENT_CLIENTID=c", "OKTA_CLIENT_SCOPES=s",
          "OKTA_CLIENT_SECRET=" CANARY},
         "",
         {"client_secret is required (OKTA_CLIENT_CLIENTSECRET, or okta.client.clientSecret in okta.yaml); ",
          "OKTA_CLIENT_SECRET is no option; is it meant to be OKTA_CLIENT_CLIENTSECRET?"}},
        {{"OKTA_CLIENT_TIMEOOT=1", "OKTA_CLIENT_CACHE_ENABLED=true"},
         "client:\n  token: " CANARY "\n",
         {"client (./okta.yaml:1) is no option; is it meant to be okta.client?"}},
        {{NULL},
         "okta:\n  token: " CANARY "\n  pacing: off\n",
         {"okta.token (./okta.yaml:2) is no option; is it meant to be okta.client.token?\n"}},
    };
    tool_world *world = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        world->token = NULL;
        world->variables = cases[i].variables;
        write_config(world, cases[i].file);
        RUN(world, "list", APP);
        assert_exit(world, 2);
        assert_one_line(world);
        assert_requests(world, 0);
        for (size_t part = 0; part < 4 && cases[i].err[part] != NULL; part++) {
            assert_err_has(world, cases[i].err[part]);
            assert_int_equal(world_count(world->err, cases[i].err[part]), 1);
        }
        assert_lacks(world->err, CANARY);
        assert_lacks(world->err, "TIMEOOT");
    }
    static const char *const org[] = {"OKTA_CLIENT_ORG_URI=https://a.example", NULL};
    world->org_url = NULL;
    world->variables = org;
    RUN(world, "list", APP);
    assert_exit(world, 2);
    assert_err_has(world, "org_url is required (--org-url URL, OKTA_CLIENT_ORGURL, or ");
    assert_err_has(world, "OKTA_CLIENT_ORG_URI is no option; is it meant to be OKTA_CLIENT_ORGURL?\n");
}

static void logs_as_the_settings_say(void **state)
{
    static const struct {
        const char *level;
        const char *has, *lacks; /* nullable */
    } cases[] = {
        {NULL, NULL, "HTTP"},
        {"OKTA_CLIENT_LOGLEVEL=none", NULL, "HTTP"},
        {"OKTA_CLIENT_LOGLEVEL=warn", "listJwk: GET ", "HTTP 200"},
        {"OKTA_CLIENT_LOGLEVEL=debug", "attempt 2: HTTP 200 (", NULL},
    };
    tool_world *world = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const char *const variables[] = {"OKTA_CLIENT_TOKN=" CANARY, cases[i].level, NULL};
        mock_fault fault = {.status = 503};
        assert_true(mock_org_fail_next(world->org, &fault));
        world->variables = variables;
        RUN(world, "list", APP);
        assert_exit(world, 0);
        assert_requests(world, 2);
        bool silent = i == 1;
        assert_int_equal(world_count(world->err,
                                     "okta-keys: configuration: OKTA_CLIENT_TOKN is no option; is "
                                     "it meant to be OKTA_CLIENT_TOKEN?\n"),
                         silent ? 0 : 1);
        if (cases[i].has != NULL) {
            assert_err_has(world, cases[i].has);
        }
        if (cases[i].lacks != NULL) {
            assert_lacks(world->err, cases[i].lacks);
        }
        RUN(world, "list", APP, "--verbose");
        assert_err_has(world, "HTTP 200 (");
        assert_int_equal(world_count(world->err, "OKTA_CLIENT_TOKN is no option"), 1);
        assert_lacks(world->err, CANARY);
    }
}

static void tells_a_placeholder_for_the_org(void **state)
{
    tool_world *world = *state;
    world->org_url = "https://{yourOktaDomain}";
    RUN(world, "list", APP);
    assert_exit(world, 2);
    assert_err_has(world, "OKTA_CLIENT_ORGURL holds a placeholder such as {yourOktaDomain}: put the "
                          "host of your org in its place");
}

static void keeps_terminals_safe_from_values(void **state)
{
    tool_world *world = *state;
    const char override[] = {(char)0xe2, (char)0x80, (char)0xae, '\0'};
    char url[64];
    (void)snprintf(url, sizeof url, "https://a\x1b[31m%s.example\xff", override);
    RUN(world, "config", "--org-url", url);
    assert_exit(world, 0);
    assert_lacks(world->out, "\x1b");
    assert_lacks(world->out, override);
    RUN(world, "config", "--json", "--org-url", "https://a\x1b[31m\xff\"\\.example");
    assert_exit(world, 0);
    expect_json(world, "org_url", "https://a [31m \"\\.example", "code");
}

/* A slip of the pen is found by the command that people turn to. */
static void lists_names_that_nobody_has(void **state)
{
    static const char *const variables[] = {"OKTA_CLIENT_TOKN=" CANARY, "OKTA_CLIENT_CACHE_ENABLED=true",
                                            NULL};
    tool_world *world = *state;
    cJSON *array = NULL;
    world->variables = variables;
    write_config(world, "okta:\n  client:\n    orgurl: https://" CANARY ".example\n");
    RUN(world, "config");
    assert_exit(world, 0);
    assert_out_has(world, "OKTA_CLIENT_TOKN           no option: OKTA_CLIENT_TOKEN?   OKTA_CLIENT_TOKN\n");
    assert_out_has(world, "okta.client.orgurl         no option: okta.client.orgUrl?  ./okta.yaml:3\n");
    assert_out_has(world, "OKTA_CLIENT_CACHE_ENABLED  no option of libokta");
    assert_lacks(world->out, CANARY);
    RUN(world, "config", "--json");
    assert_exit(world, 0);
    assert_string_equal(json_of(world, "okta.client.orgurl", "nearest", &array), "okta.client.orgUrl");
    cJSON_Delete(array);
    assert_string_equal(json_of(world, "okta.client.orgurl", "source", &array), "./okta.yaml:3");
    cJSON_Delete(array);
    assert_null(json_of(world, "OKTA_CLIENT_CACHE_ENABLED", "nearest", &array));
    cJSON_Delete(array);
    assert_lacks(world->out, CANARY);
}

static void shows_the_proxy_of_the_environment(void **state)
{
    static const char *const variables[] = {"HTTPS_PROXY=http://u:" CANARY "@p.example:3128",
                                            "NO_PROXY=.internal,a.example", NULL};
    tool_world *world = *state;
    world->variables = variables;
    RUN(world, "config", "--json", "--org-url", "https://b.example");
    assert_exit(world, 0);
    expect_json(world, "proxy", "http://u:***@p.example:3128", "HTTPS_PROXY");
    assert_lacks(world->out, CANARY);
    RUN(world, "config", "--json", "--org-url", "https://x.a.example:443");
    expect_json(world, "proxy", "", "NO_PROXY");
    RUN(world, "config", "--json", "--org-url", "http://127.0.0.1:1");
    expect_json(world, "proxy", NULL, "default");
}

static void lists_every_setting_in_help(void **state)
{
    tool_world *world = *state;
    RUN(world, "--help");
    assert_exit(world, 0);
    assert_out_has(world, "  OKTA_CLIENT_PRIVATEKEYREADABLE    true: everyone may read the key's file\n");
    assert_out_has(world, "  OKTA_KEYS_PASSPHRASE              the passphrase of an encrypted PEM\n");
    RUN(world, "help", "config");
    assert_exit(world, 0);
    assert_out_has(world, "  rateLimit.maxRetries  OKTA_CLIENT_RATELIMIT_MAXRETRIES\n");
}

static void has_help_of_its_own(void **state)
{
    tool_world *world = *state;
    RUN(world, "help", "config");
    assert_exit(world, 0);
    assert_out_has(world, "Usage: okta-keys config [OPTIONS]");
    assert_out_has(world, "~/.okta/okta.yaml");
    RUN(world, "config", "x");
    assert_exit(world, 2);
    assert_err_has(world, "config does not know what to do with 'x'");
}

int test_config_group(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(shows_settings_without_an_org),
        WORLD_TEST(names_the_source_of_each_setting),
        WORLD_TEST(puts_a_text_of_the_settings_in_front_of_its_user_agent),
        WORLD_TEST(never_prints_a_secret),
        WORLD_TEST(works_with_what_a_file_says),
        WORLD_TEST(sends_no_token_where_a_file_of_the_working_folder_says),
        WORLD_TEST(says_which_source_is_wrong),
        WORLD_TEST(refuses_a_file_with_a_token_that_others_can_read),
        WORLD_TEST(tells_how_to_use_a_private_key),
        WORLD_TEST(names_the_slip_where_a_setting_is_missing),
        WORLD_TEST(logs_as_the_settings_say),
        WORLD_TEST(tells_a_placeholder_for_the_org),
        WORLD_TEST(keeps_terminals_safe_from_values),
        WORLD_TEST(lists_names_that_nobody_has),
        WORLD_TEST(shows_the_proxy_of_the_environment),
        WORLD_TEST(lists_every_setting_in_help),
        WORLD_TEST(has_help_of_its_own),
    };
    return cmocka_run_group_tests_name("tool: config", tests, NULL, NULL);
}
