/* SPDX-License-Identifier: Apache-2.0 */
/* A service app's first key: made and shown without an org, a URL or a credential. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <cjson/cJSON.h>

#include "mock_oauth.h"
#include "test_groups.h"
#include "tool_world.h"

static const char *member(const cJSON *json, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, name));
    return text == NULL ? "" : text;
}

static void alone(tool_world *world)
{
    world->org_url = world->token = NULL;
}

static void makes_keys_of_every_type(void **state)
{
    static const struct {
        const char *type, *kty, *description, *alg;
    } cases[] = {
        {"rsa2048", "RSA", "RSA 2048", "RS256"}, {"rsa3072", "RSA", "RSA 3072", "RS256"},
        {"p256", "EC", "EC P-256", "ES256"},     {"p384", "EC", "EC P-384", "ES384"},
        {"p521", "EC", "EC P-521", "ES512"},
    };
    tool_world *world = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct stat about;
        const char *path = world_path(world, cases[i].type);
        alone(world);
        RUN(world, "key", "generate", "--type", cases[i].type, "--out", path);
        assert_exit(world, 0);
        assert_err(world, "");
        assert_out_has(world, cases[i].description);
        assert_out_has(world, cases[i].alg);
        assert_out_has(world, path);
        assert_lacks(world->out, "PRIVATE KEY---");
        assert_int_equal(stat(path, &about), 0);
        assert_int_equal(about.st_mode & 07777, 0600);
        RUN(world, "key", "show", "--pem", path, "--json");
        assert_exit(world, 0);
        cJSON *jwk = cJSON_Parse(world->out);
        assert_string_equal(member(jwk, "kty"), cases[i].kty);
        assert_string_equal(member(jwk, "alg"), cases[i].alg);
        assert_string_equal(member(jwk, "use"), "sig");
        assert_int_equal(strlen(member(jwk, "kid")), 43);
        assert_null(cJSON_GetObjectItemCaseSensitive(jwk, "d"));
        assert_null(cJSON_GetObjectItemCaseSensitive(jwk, "status"));
        cJSON_Delete(jwk);
        assert_requests(world, 0);
    }
}

static void shows_the_public_half_of_any_key(void **state)
{
    tool_world *world = *state;
    char *pem = world_pem(NULL);
    char *locked = world_pem("open sesame");
    alone(world);
    RUN(world, "key", "show", "--jwk", world_write(world, "rsa.jwk", RSA_JWK));
    assert_exit(world, 0);
    assert_out(world, "KID         " RSA_THUMBPRINT "\n"
                      "KTY         RSA 2048\n"
                      "USE         sig\n"
                      "ALG         RS256\n"
                      "THUMBPRINT  " RSA_THUMBPRINT "\n"
                      "PUBLIC JWK  {\"kid\":\"" RSA_THUMBPRINT
                      "\",\"kty\":\"RSA\",\"alg\":\"RS256\",\"use\":\"sig\","
                      "\"e\":\"AQAB\",\"n\":\"" RSA_N "\"}\n");
    RUN(world, "key", "show", "--jwk", world_path(world, "rsa.jwk"), "--kid", "enc-1", "--use", "enc",
        "--json");
    assert_exit(world, 0);
    assert_out(world,
               "{\"kid\":\"enc-1\",\"kty\":\"RSA\",\"alg\":\"RSA-OAEP-256\",\"use\":\"enc\",\"e\":\"AQAB\","
               "\"n\":\"" RSA_N "\"}\n");
    world->input = pem;
    RUN(world, "key", "show", "-", "--json");
    assert_exit(world, 0);
    assert_out_has(world, "\"crv\":\"P-256\"");
    assert_lacks(world->out, "\"d\"");
    world->variable = "OKTA_KEYS_PASSPHRASE=open sesame";
    RUN(world, "key", "show", "--pem", world_write(world, "locked.pem", locked), "--json");
    assert_exit(world, 0);
    assert_out_has(world, "\"crv\":\"P-256\"");
    assert_requests(world, 0);
    free(pem);
    free(locked);
}

#define BY_KEY                                                                                               \
    "OKTA_CLIENT_AUTHORIZATIONMODE=PrivateKey", "OKTA_CLIENT_CLIENTID=" MOCK_SERVICE_APP,                    \
        "OKTA_CLIENT_SCOPES=okta.apps.read"

/* A key that the tool makes and the org's service app has; and the variable that names its file. */
static void make_service_key(tool_world *world, char variable[WORLD_PATH_SIZE])
{
    const char *path = world_path(world, "service.pem");
    alone(world);
    RUN(world, "key", "generate", "--type", "p256", "--out", path, "--json");
    assert_exit(world, 0);
    assert_null(mock_org_add_key(world->org, MOCK_SERVICE_APP, world->out));
    world_reset(world);
    (void)snprintf(variable, WORLD_PATH_SIZE, "OKTA_CLIENT_PRIVATEKEY=%s", path);
}

/* What --json prints is what the org takes, and the thumbprint is the kid that a client sends. */
static void the_key_that_is_made_signs_in(void **state)
{
    tool_world *world = *state;
    char variable[WORLD_PATH_SIZE];
    make_service_key(world, variable);
    const char *const variables[] = {BY_KEY, variable, NULL};
    world->token = NULL;
    world->variables = variables;
    RUN(world, "list", APP);
    assert_exit(world, 0);
    assert_requests(world, 2);
}

/* A refused token request is told as such, with what was sent and where it came from. */
static void tells_why_no_token_is_given(void **state)
{
    tool_world *world = *state;
    char variable[WORLD_PATH_SIZE];
    make_service_key(world, variable);
    const char *const by_key[] = {BY_KEY, "OKTA_CLIENT_PRIVATEKEYID=service-2027", variable, NULL};
    static const char *const by_secret[] = {
        "OKTA_CLIENT_AUTHORIZATIONMODE=ClientSecret", "OKTA_CLIENT_CLIENTID=" MOCK_WEB_APP,
        "OKTA_CLIENT_SCOPES=okta.apps.read", "OKTA_CLIENT_CLIENTSECRET=not-the-one-of-the-app", NULL};
    world->token = NULL;
    world->variables = by_key;
    RUN(world, "list", APP);
    assert_exit(world, 4);
    assert_one_line(world);
    assert_err_has(world, "okta-keys: listJwk: the token request was refused (kid \"service-2027\" from "
                          "OKTA_CLIENT_PRIVATEKEYID): HTTP 401 invalid_client: No active signing key of the "
                          "client has the kid of the client_assertion [request id ");
    world->variables = by_secret;
    RUN(world, "list", APP);
    assert_exit(world, 4);
    assert_one_line(world);
    assert_err_has(world, "okta-keys: listJwk: the token request was refused (client_secret_basic): HTTP 401 "
                          "invalid_client: ");
    mock_fault busy = {.method = "POST", .status = 503};
    assert_true(mock_org_fail_next(world->org, &busy));
    RUN(world, "list", APP, "--max-retries", "0");
    assert_exit(world, 1);
    assert_err_has(world, "okta-keys: listJwk: the token request failed: HTTP 503");
}

/* The other option is the one that is meant. */
static void tells_a_jwk_from_pem(void **state)
{
    tool_world *world = *state;
    const char *pem_path = world_path(world, "key.pem");
    char *pem = world_pem(NULL);
    world_write(world, "key.pem", pem);
    free(pem);
    const char *jwk_path = world_write(world, "key.jwk", " " EC_JWK);
    static const char *const commands[][3] = {{"thumbprint"}, {"key", "show"}, {"add", APP}};
    for (size_t i = 0; i < 3; i++) {
        bool two = commands[i][1] != NULL;
        const char *second = two ? commands[i][1] : "--json";
        RUN(world, commands[i][0], second, "--jwk", pem_path);
        assert_exit(world, 2);
        assert_one_line(world);
        assert_err_has(world, "key.pem is PEM, not a JWK: use --pem\n");
        RUN(world, commands[i][0], second, "--pem", jwk_path);
        assert_exit(world, 2);
        assert_err_has(world, "key.jwk is a JWK, not PEM: use --jwk\n");
        assert_requests(world, 0);
    }
}

/* `text` with each line end written as `end`, between `before` and `behind`. */
static const char *shaped(tool_world *world, const char *before, const char *text, const char *end,
                          const char *behind)
{
    char out[4096] = "";
    size_t at = (size_t)snprintf(out, sizeof out, "%s", before);
    for (; *text != '\0' && at + 8 < sizeof out; text++) {
        at += (size_t)(*text == '\n' ? snprintf(out + at, sizeof out - at, "%s", end)
                                     : snprintf(out + at, sizeof out - at, "%c", *text));
    }
    (void)snprintf(out + at, sizeof out - at, "%s", behind);
    return world_write(world, "shaped", out);
}

/* What a client takes as its private_key, the commands for keys take as well. */
static void takes_the_shapes_that_a_client_takes(void **state)
{
    static const struct {
        const char *before, *end, *behind;
    } shapes[] = {
        {"", "\n", ""},    {"\xef\xbb\xbf", "\n", ""}, {"\"", "\n", "\""}, {"'", "\\n", "'"},
        {"", "\\n", "\n"}, {"", "\r\n", ""},           {"", "\r", ""},     {"", " ", ""},
        {"", "", ""},
    };
    tool_world *world = *state;
    char thumbprint[128];
    char *pem = world_pem(NULL);
    alone(world);
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        const char *path = shaped(world, shapes[i].before, pem, shapes[i].end, shapes[i].behind);
        RUN(world, "key", "show", "--pem", path, "--json");
        assert_exit(world, 0);
        RUN(world, "thumbprint", "--pem", path);
        assert_exit(world, 0);
        if (i == 0) {
            (void)snprintf(thumbprint, sizeof thumbprint, "%s", world->out);
        }
        assert_out(world, thumbprint);
    }
    RUN(world, "thumbprint", "--jwk", world_write(world, "set", "{\"keys\":[" RSA_JWK "]}"));
    assert_exit(world, 0);
    assert_out(world, RSA_THUMBPRINT "\n");
    free(pem);
}

/* JSON that is no key says what it is. */
static void names_the_shape_of_json_that_is_no_key(void **state)
{
    static const struct {
        const char *json, *phrase;
    } cases[] = {
        {"{\"keys\":[]}", "the JWK set holds no key"},
        {"{\"keys\":{}}", "the member \"keys\" of the JWK set is no array"},
        {"{\"keys\":[" RSA_JWK "," EC_JWK "]}", "the JWK set holds 2 keys: give one of them"},
        {"[" RSA_JWK "]", "a JSON array is no JWK: give the object in it alone"},
        {"{\"kty\":\"RSA\",\"keys\":[" RSA_JWK "]}", "is a JWK and a JWK set at once"},
    };
    tool_world *world = *state;
    alone(world);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        RUN(world, "key", "show", "--jwk", world_write(world, "json", cases[i].json));
        assert_exit(world, 2);
        assert_one_line(world);
        assert_err_has(world, cases[i].phrase);
    }
}

static void refuses_what_would_go_wrong(void **state)
{
    tool_world *world = *state;
    const char *path = world_write(world, "there", "x");
    alone(world);
    RUN(world, "key", "generate", "--type", "p256", "--out", path);
    assert_exit(world, 2);
    assert_err_has(world, "exists, and a private key never replaces a file");
    RUN(world, "key", "generate", "--type", "p256", "--out", "-");
    assert_exit(world, 2);
    RUN(world, "key", "generate", "--type", "p256", "--out", world_path(world, "enc.pem"), "--use", "enc");
    assert_exit(world, 2);
    char *left = world_read(world_path(world, "enc.pem"));
    assert_null(left);
    RUN(world, "key", "generate", "--type", "p256");
    assert_exit(world, 2);
    assert_err_has(world, "needs --out");
    RUN(world, "key", "generate", APP, "--type", "p256", "--out", world_path(world, "app.pem"));
    assert_exit(world, 2);
    RUN(world, "key", "show");
    assert_exit(world, 2);
    RUN(world, "key", "show", "--jwk", path);
    assert_exit(world, 2);
    RUN(world, "key", "shew");
    assert_exit(world, 2);
    assert_err_has(world, "there is no command 'key shew'");
    assert_requests(world, 0);
}

int test_key_group(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(makes_keys_of_every_type),
        WORLD_TEST(shows_the_public_half_of_any_key),
        WORLD_TEST(the_key_that_is_made_signs_in),
        WORLD_TEST(tells_why_no_token_is_given),
        WORLD_TEST(tells_a_jwk_from_pem),
        WORLD_TEST(takes_the_shapes_that_a_client_takes),
        WORLD_TEST(names_the_shape_of_json_that_is_no_key),
        WORLD_TEST(refuses_what_would_go_wrong),
    };
    return cmocka_run_group_tests_name("key", tests, NULL, NULL);
}
