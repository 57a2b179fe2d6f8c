/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of an app, from list to delete. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "test_groups.h"
#include "tool_world.h"

/* As Okta could send them one day: members and values that nobody knows yet, numbers that a double cannot
 * hold, spaces and escapes. */
#define FUTURE_KEY                                                                                           \
    "{ \"id\":\"pks1\",\"kid\" : \"k\\u00e9y\", \"kty\":\"EC\", \"crv\":\"P-256\",\"status\":\"PAUSED\","    \
    "\"future\":{\"big\":9007199254740993,\"list\":[ 1.50, null ]} }"
#define PLAIN_KEY                                                                                            \
    "{\"id\":\"pks22\",\"kid\":\"second\",\"kty\":\"RSA\",\"alg\":\"RS256\",\"use\":\"sig\",\"n\":\"" RSA_N  \
    "\",\"e\":\"AQAB\",\"status\":\"ACTIVE\",\"created\":\"2026-01-06T19:50:58.000Z\"}"
#define IDLE_KEY                                                                                             \
    "{\"id\":\"pks3\",\"kid\":\"idle\",\"kty\":\"RSA\",\"use\":null,\"n\":\"" RSA_N                          \
    "\",\"e\":\"AQAB\",\"status\":\"INACTIVE\"}"

static void put_key(const tool_world *world, const char *json)
{
    assert_true(mock_org_put(world->org, APP, "jwks", json));
}

static void lists_every_shape_as_one_array(void **state)
{
    static const mock_list_shape shapes[] = {MOCK_LIST_ARRAY, MOCK_LIST_KEYS, MOCK_LIST_JWKS};
    tool_world *world = *state;
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        mock_org_options options = {.list_shape = shapes[i]};
        world_restart(world, &options);
        RUN(world, "list", APP, "--json");
        assert_exit(world, 0);
        assert_out(world, "[]\n");
        RUN(world, "list", APP);
        assert_exit(world, 0);
        assert_out(world, "no keys\n");
        put_key(world, FUTURE_KEY);
        put_key(world, PLAIN_KEY);
        RUN(world, "list", APP, "--json");
        assert_exit(world, 0);
        assert_out(world, "[" FUTURE_KEY ",\n" PLAIN_KEY "]\n");
        assert_err(world, "");
        assert_requests(world, 1);
        assert_string_equal(world_request(world, 0)->target, KEYS);
    }
}

static void aligns_the_table_by_characters(void **state)
{
    tool_world *world = *state;
    put_key(world, FUTURE_KEY);
    put_key(world, PLAIN_KEY);
    put_key(world, IDLE_KEY);
    RUN(world, "list", APP);
    assert_exit(world, 0);
    assert_out(world, "ID     KID     KTY       USE  ALG    STATUS    CREATED\n"
                      "pks1   k\xc3\xa9y     EC P-256  -    -      PAUSED    -\n"
                      "pks22  second  RSA 2048  sig  RS256  ACTIVE    2026-01-06T19:50:58.000Z\n"
                      "pks3   idle    RSA 2048  -    -      INACTIVE  -\n");
}

/* Writes a key that has these two members. Returns where it ends. */
static char *write_key(char *out, size_t room, const char *before, const char *id, const char *kid)
{
    return out + snprintf(out, room, "%s{\"id\":\"%s\",\"kid\":\"%s\"}", before, id, kid);
}

/* One long text must not be paid for in each of many rows. */
static void a_long_cell_does_not_widen_its_column(void **state)
{
    enum { LONG = 20000, ROWS = 500 };
    static const struct {
        size_t length;
        bool widens;
    } cases[] = {{100, true}, {101, false}, {LONG, false}};
    tool_world *world = *state;
    char *json = malloc(LONG + ROWS * 64 + 64);
    char *name = malloc(LONG + 1);
    assert_non_null(json);
    assert_non_null(name);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        memset(name, 'k', cases[i].length);
        name[cases[i].length] = '\0';
        char *at = write_key(json, LONG + 64, "[", "long", name);
        for (int row = 0; row < ROWS; row++) {
            at = write_key(at, 64, ",", "pks1", "short");
        }
        memcpy(at, "]", 2);
        mock_fault fault = {.status = 200, .body = json, .times = 1};
        assert_true(mock_org_fail_next(world->org, &fault));
        RUN(world, "list", APP);
        assert_exit(world, 0);
        assert_out_has(world, name);
        size_t width = cases[i].widens ? cases[i].length : strlen("short");
        assert_true(strlen(world->out) >= cases[i].length + ROWS * width);
        assert_true(strlen(world->out) <= cases[i].length + (ROWS + 2) * (width + 60));
    }
    free(json);
    free(name);
}

/* Nothing is factored, signed or proved to name a key: no key of OpenSSL would be made of this one. */
static void describes_keys_without_checking_them(void **state)
{
    enum { LETTERS = 1366 }; /* 1,024 octets */
    tool_world *world = *state;
    char n[LETTERS + 1];
    char json[LETTERS + 128];
    memset(n, 'A', LETTERS);
    n[0] = 'g'; /* 2^8191 */
    n[LETTERS] = '\0';
    snprintf(json, sizeof json,
             "{\"id\":\"pks1\",\"kid\":\"even\",\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"Ag\"}", n);
    put_key(world, json);
    RUN(world, "list", APP);
    assert_exit(world, 0);
    assert_out_has(world, "even  RSA 8192");
}

static void keeps_an_element_that_is_no_key(void **state)
{
    tool_world *world = *state;
    mock_fault fault = {.status = 200, .body = "[" FUTURE_KEY ", 12 ,null,\"text\"]", .times = 2};
    assert_true(mock_org_fail_next(world->org, &fault));
    RUN(world, "list", APP, "--json");
    assert_exit(world, 0);
    assert_out(world, "[" FUTURE_KEY ",\n12,\nnull,\n\"text\"]\n");
    RUN(world, "list", APP);
    assert_exit(world, 0);
    assert_out_has(world, "\n-     -    -         -    -    -       -\n");
}

static void shows_one_key(void **state)
{
    tool_world *world = *state;
    put_key(world, PLAIN_KEY);
    put_key(world, FUTURE_KEY);
    RUN(world, "get", APP, "pks1", "--json");
    assert_exit(world, 0);
    assert_out(world, FUTURE_KEY "\n");
    RUN(world, "get", APP, "pks22");
    assert_exit(world, 0);
    assert_out(world, "ID            pks22\n"
                      "KID           second\n"
                      "KTY           RSA 2048\n"
                      "USE           sig\n"
                      "ALG           RS256\n"
                      "STATUS        ACTIVE\n"
                      "CREATED       2026-01-06T19:50:58.000Z\n"
                      "LAST UPDATED  -\n");
}

static void finds_a_key_by_its_kid(void **state)
{
    tool_world *world = *state;
    put_key(world, PLAIN_KEY);
    put_key(world, FUTURE_KEY);
    RUN(world, "get", APP, "kid:k\xc3\xa9y", "--json");
    assert_exit(world, 0);
    assert_out(world, FUTURE_KEY "\n");
    assert_requests(world, 2);
    assert_string_equal(world_request(world, 0)->target, KEYS);
    assert_string_equal(world_request(world, 1)->target, KEYS "/pks1");
    RUN(world, "deactivate", APP, "kid:second");
    assert_exit(world, 0);
    assert_string_equal(world_request(world, 1)->target, KEYS "/pks22/lifecycle/deactivate");
    RUN(world, "activate", APP, "kid:second");
    assert_exit(world, 0);
    assert_string_equal(world_request(world, 1)->target, KEYS "/pks22/lifecycle/activate");
    RUN(world, "get", APP, "kid:secon");
    assert_exit(world, 3);
    assert_err(world, "okta-keys: no key of app " APP " has the kid secon\n");
    assert_requests(world, 1);
}

/* A kid that is taken for an id is told with how to write it. */
static void tells_how_to_write_a_kid(void **state)
{
    static const char *const commands[] = {"get", "activate", "deactivate", "delete"};
    tool_world *world = *state;
    put_key(world, PLAIN_KEY);
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        RUN(world, commands[i], APP, "second");
        assert_exit(world, 3);
        assert_one_line(world);
        assert_err_has(world, "; a key has it as its kid: write kid:second\n");
        assert_out(world, "");
        assert_requests(world, 2);
        RUN(world, commands[i], APP, "nobody");
        assert_lacks(world->err, "kid:");
        assert_exit(world, 3);
    }
    RUN(world, "get", "0oa0another0app0000g4", "second");
    assert_exit(world, 3);
    assert_lacks(world->err, "kid:");
}

static void finds_a_kid_on_any_page_of_the_list(void **state)
{
    static const mock_list_shape shapes[] = {MOCK_LIST_ARRAY, MOCK_LIST_KEYS, MOCK_LIST_JWKS};
    tool_world *world = *state;
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        mock_org_options options = {.list_shape = shapes[i], .page_size = 1};
        world_restart(world, &options);
        put_key(world, FUTURE_KEY);
        put_key(world, IDLE_KEY);
        put_key(world, PLAIN_KEY);
        RUN(world, "get", APP, "kid:second", "--json");
        assert_exit(world, 0);
        assert_out(world, PLAIN_KEY "\n");
        assert_requests(world, 4);
        RUN(world, "list", APP, "--json");
        assert_exit(world, 0);
        assert_out(world, "[" FUTURE_KEY ",\n" IDLE_KEY ",\n" PLAIN_KEY "]\n");
        RUN(world, "delete", APP, "kid:nobody");
        assert_exit(world, 3);
        assert_requests(world, 3);
    }
}

static void refuses_a_kid_that_two_keys_have(void **state)
{
    tool_world *world = *state;
    put_key(world, "{\"id\":\"a\",\"kid\":\"twin\",\"status\":\"INACTIVE\"}");
    put_key(world, "{\"id\":\"b\",\"kid\":\"twin\",\"status\":\"INACTIVE\"}");
    RUN(world, "delete", APP, "kid:twin");
    assert_exit(world, 1);
    assert_err_has(world, "2 keys of app " APP " have the kid twin");
    assert_one_line(world);
    assert_requests(world, 1);
    put_key(world, "{\"kid\":\"nameless\"}");
    RUN(world, "get", APP, "kid:nameless");
    assert_exit(world, 7);
    assert_one_line(world);
    assert_requests(world, 1);
}

static void adds_what_the_options_say(void **state)
{
    tool_world *world = *state;
    const char *jwk = world_write(world, "key.jwk", RSA_JWK);
    RUN(world, "add", APP, "--jwk", jwk, "--json");
    assert_exit(world, 0);
    assert_requests(world, 1);
    const mock_request *request = world_request(world, 0);
    assert_string_equal(request->method, "POST");
    assert_string_equal(request->target, KEYS);
    assert_non_null(strstr(request->body, "\"kid\":\"" RSA_THUMBPRINT "\""));
    assert_non_null(strstr(request->body, "\"use\":\"sig\""));
    assert_non_null(strstr(request->body, "\"alg\":\"RS256\""));
    assert_non_null(strstr(request->body, "\"n\":\"" RSA_N "\""));
    assert_null(strstr(request->body, "\"status\""));
    assert_out_has(world, "{\"id\":\"pks");
    assert_out_has(world, "\"kid\":\"" RSA_THUMBPRINT "\"");

    RUN(world, "add", APP, "--jwk", jwk, "--kid=enc-1", "--use", "enc", "--alg", "RSA-OAEP-512", "--status",
        "INACTIVE");
    assert_exit(world, 0);
    request = world_request(world, 0);
    assert_non_null(strstr(request->body, "\"kid\":\"enc-1\""));
    assert_non_null(strstr(request->body, "\"use\":\"enc\""));
    assert_non_null(strstr(request->body, "\"alg\":\"RSA-OAEP-512\""));
    assert_non_null(strstr(request->body, "\"status\":\"INACTIVE\""));
    assert_out_has(world, "\nSTATUS        INACTIVE\n");
    assert_out_has(world, "\nKTY           RSA 2048\n");
}

static void refuses_options_that_do_not_fit_the_key(void **state)
{
    tool_world *world = *state;
    world->input = EC_JWK;
    RUN(world, "add", APP, "-", "--use", "enc");
    assert_exit(world, 2);
    assert_one_line(world);
    assert_requests(world, 0);
    RUN(world, "add", APP, "-", "--alg", "RS256");
    assert_exit(world, 2);
    assert_requests(world, 0);
    const char *out = world_path(world, "new.pem");
    RUN(world, "generate", APP, "--type", "p384", "--out", out, "--alg", "ES256");
    assert_exit(world, 2);
    assert_requests(world, 0);
    assert_null(world_read(out));
}

static void life_of_a_key(void **state)
{
    tool_world *world = *state;
    world->input = EC_JWK;
    RUN(world, "add", APP, "-", "--kid", "mine");
    assert_exit(world, 0);
    assert_out_has(world, "STATUS        ACTIVE\n");
    RUN(world, "delete", APP, "kid:mine");
    assert_exit(world, 1);
    assert_one_line(world);
    assert_err_has(world, "An active key is not deleted; deactivate it first");
    assert_err_has(world, "E0000001");
    assert_err_has(world, "HTTP 400");
    assert_err_has(world, "request id ");
    RUN(world, "deactivate", APP, "kid:mine");
    assert_exit(world, 0);
    assert_out_has(world, "STATUS        INACTIVE\n");
    RUN(world, "activate", APP, "kid:mine", "--json");
    assert_exit(world, 0);
    assert_out_has(world, "\"status\":\"ACTIVE\"");
    RUN(world, "deactivate", APP, "kid:mine");
    RUN(world, "delete", APP, "kid:mine");
    assert_exit(world, 0);
    assert_out_has(world, "deleted key pks");
    assert_string_equal(world_request(world, 1)->method, "DELETE");
    RUN(world, "list", APP);
    assert_out(world, "no keys\n");
}

static void deletes_silently_with_json(void **state)
{
    tool_world *world = *state;
    put_key(world, IDLE_KEY);
    RUN(world, "delete", APP, "pks3", "--json");
    assert_exit(world, 0);
    assert_out(world, "");
    assert_err(world, "");
    RUN(world, "delete", APP, "pks3", "--json");
    assert_exit(world, 3);
}

static void generates_every_type(void **state)
{
    static const struct {
        const char *type, *kind, *alg;
    } types[] = {{"rsa2048", "RSA 2048", "RS256"}, {"rsa3072", "RSA 3072", "RS256"},
                 {"rsa4096", "RSA 4096", "RS256"}, {"p256", "EC P-256", "ES256"},
                 {"p384", "EC P-384", "ES384"},    {"p521", "EC P-521", "ES512"}};
    tool_world *world = *state;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        char line[WORLD_PATH_SIZE];
        const char *path = world_path(world, types[i].type);
        RUN(world, "generate", APP, "--type", types[i].type, "--out", path);
        assert_exit(world, 0);
        assert_requests(world, 1);
        (void)snprintf(line, sizeof line, "\nKTY           %s\n", types[i].kind);
        assert_out_has(world, line);
        (void)snprintf(line, sizeof line, "\nALG           %s\n", types[i].alg);
        assert_out_has(world, line);
        (void)snprintf(line, sizeof line, "\nPRIVATE KEY   %s\n", path);
        assert_out_has(world, line);
        char *pem = world_read(path);
        assert_non_null(pem);
        assert_non_null(strstr(pem, "-----BEGIN PRIVATE KEY-----"));
        free(pem);
        assert_lacks(world->out, "PRIVATE KEY-----");
        /* What was sent is the public half of what was written. */
        const char *kid = strstr(world->out, "KID           ");
        assert_non_null(kid);
        char wanted[64] = "";
        (void)snprintf(wanted, sizeof wanted, "%.43s\n", kid + 14);
        RUN(world, "thumbprint", "--pem", path);
        assert_exit(world, 0);
        assert_out(world, wanted);
    }
}

static void generates_with_the_options_of_add(void **state)
{
    tool_world *world = *state;
    RUN(world, "generate", APP, "--type=rsa2048", "--out", world_path(world, "enc.pem"), "--kid", "e1",
        "--use", "enc", "--status", "INACTIVE", "--json");
    assert_exit(world, 0);
    const mock_request *request = world_request(world, 0);
    assert_non_null(strstr(request->body, "\"kid\":\"e1\""));
    assert_non_null(strstr(request->body, "\"use\":\"enc\""));
    assert_non_null(strstr(request->body, "\"alg\":\"RSA-OAEP-256\""));
    assert_non_null(strstr(request->body, "\"status\":\"INACTIVE\""));
    assert_null(strstr(request->body, "\"d\""));
    assert_out_has(world, "{\"id\":\"pks");
    assert_lacks(world->out, "PRIVATE");
}

static void never_replaces_a_file(void **state)
{
    tool_world *world = *state;
    const char *path = world_write(world, "taken", "precious");
    RUN(world, "generate", APP, "--type", "p256", "--out", path);
    assert_exit(world, 2);
    assert_err_has(world, "taken exists");
    assert_one_line(world);
    assert_requests(world, 0);
    char *text = world_read(path);
    assert_string_equal(text, "precious");
    free(text);
    RUN(world, "generate", APP, "--type", "p256", "--out", "no/such/folder");
    assert_exit(world, 2);
    assert_err(world, "okta-keys: cannot create no/such/folder: No such file or directory\n");
    RUN(world, "key", "generate", "--type", "p256", "--out", "no/such/folder");
    assert_exit(world, 2);
    assert_err(world, "okta-keys: cannot create no/such/folder: No such file or directory\n");
    assert_requests(world, 0);
}

/* The same command can run again. */
static void removes_the_private_key_of_a_refused_key(void **state)
{
    tool_world *world = *state;
    put_key(world, PLAIN_KEY);
    const char *path = world_path(world, "k.pem");
    RUN(world, "generate", APP, "--type", "p256", "--out", path, "--kid", "second");
    assert_exit(world, 1);
    assert_one_line(world);
    assert_err_has(world, "Another key of the app has this kid");
    assert_err_has(world, "; Okta does not hold the key, and the private key is removed: ");
    assert_null(world_read(path));
    RUN(world, "generate", APP, "--type", "p256", "--out", path);
    assert_exit(world, 0);
    char *pem = world_read(path);
    assert_non_null(pem);
    free(pem);
}

/* Whether Okta has added it or not, the command that the message gives finishes. */
static void keeps_a_private_key_whose_fate_is_unknown(void **state)
{
    static const mock_fault losses[] = {{.method = "POST", .drop_after = true},
                                        {.method = "POST", .drop_before = true}};
    tool_world *world = *state;
    for (size_t i = 0; i < 2; i++) {
        const char *path = i == 0 ? "added.pem" : "not added.pem";
        mock_fault blind = {.method = "GET", .status = 403};
        assert_true(mock_org_fail_next(world->org, &losses[i]));
        assert_true(mock_org_fail_next(world->org, &blind));
        RUN(world, "generate", APP, "--type", "p256", "--out", path, "--status", "INACTIVE");
        assert_exit(world, 7);
        assert_one_line(world);
        assert_requests(world, 2);
        assert_err_has(world,
                       i == 0 ? "; the private key is in added.pem; to finish, run: okta-keys generate " APP
                                " --type p256 --out added.pem --resume --status INACTIVE\n"
                              : "okta-keys generate " APP
                                " --type p256 --out 'not added.pem' --resume --status INACTIVE\n");
        assert_err_has(world, "; kid \"");
        char *before = world_read(world_path(world, path));
        assert_non_null(before);
        RUN(world, "generate", APP, "--type", "p256", "--out", path, "--resume", "--status", "INACTIVE");
        assert_exit(world, 0);
        assert_err(world, "");
        assert_requests(world, i == 0 ? 1 : 2);
        assert_out_has(world, "\nPRIVATE KEY   ");
        assert_out_has(world, "\nSTATUS        INACTIVE\n");
        char *after = world_read(world_path(world, path));
        assert_string_equal(before, after);
        free(before);
        free(after);
    }
}

/* Nothing is sent, and the file stays as it is. */
static void resumes_no_file_that_is_not_its_own(void **state)
{
    tool_world *world = *state;
    char *locked = world_pem("secret");
    RUN(world, "key", "generate", "--type", "p384", "--out", "other.pem");
    assert_exit(world, 0);
    RUN(world, "key", "generate", "--type", "p256", "--out", "open.pem");
    assert_int_equal(chmod(world_path(world, "open.pem"), 0644), 0);
    const struct {
        const char *path, *err;
    } cases[] = {
        {"other.pem", "other.pem holds a key of another type than p256: EC P-384\n"},
        {world_write(world, "text.pem", "precious"), "text.pem: "},
        {world_write(world, "empty.pem", ""), "empty.pem"},
        {world_write(world, "public.json", EC_JWK), "public.json holds no private key\n"},
        {world_write(world, "locked.pem", locked), "locked.pem is encrypted: put its passphrase into"},
        {"open.pem", "open.pem"},
        {world->folder, "is not a regular file"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        RUN(world, "generate", APP, "--type", "p256", "--out", cases[i].path, "--resume");
        assert_exit(world, 2);
        assert_one_line(world);
        assert_err_has(world, cases[i].err);
        assert_requests(world, 0);
    }
    free(locked);
    char *text = world_read(world_path(world, "text.pem"));
    assert_string_equal(text, "precious");
    free(text);
}

/* A refusal does not remove what was there before; nothing that is there makes a key as ever. */
static void resumes_with_a_file_or_without(void **state)
{
    tool_world *world = *state;
    RUN(world, "key", "generate", "--type", "p256", "--out", "k.pem");
    RUN(world, "generate", "0oanosuchapp", "--type", "p256", "--out", "k.pem", "--resume");
    assert_exit(world, 3);
    assert_requests(world, 1);
    mock_fault refusal = {.method = "POST", .status = 403};
    assert_true(mock_org_fail_next(world->org, &refusal));
    RUN(world, "generate", APP, "--type", "p256", "--out", "k.pem", "--resume");
    assert_exit(world, 4);
    assert_requests(world, 2);
    assert_err_has(world, "; Okta does not hold the key; the private key stays in k.pem\n");
    RUN(world, "generate", APP, "--type", "p256", "--out", "k.pem", "--resume");
    assert_exit(world, 0);
    assert_requests(world, 2);
    RUN(world, "generate", APP, "--type", "p256", "--out", "new.pem", "--resume");
    assert_exit(world, 0);
    assert_requests(world, 1);
    RUN(world, "generate", APP, "--type", "p256", "--out", "new.pem");
    assert_exit(world, 2);
    assert_err(world,
               "okta-keys: new.pem exists, and a private key never replaces a file; --resume goes on with "
               "the key in it\n");
}

static void finds_the_key_whose_answer_was_lost(void **state)
{
    tool_world *world = *state;
    mock_fault lost = {.method = "POST", .drop_after = true};
    assert_true(mock_org_fail_next(world->org, &lost));
    RUN(world, "generate", APP, "--type", "p256", "--out", world_path(world, "new.pem"), "--kid", "mine");
    assert_exit(world, 0);
    assert_requests(world, 2);
    assert_string_equal(world_request(world, 0)->method, "POST");
    assert_string_equal(world_request(world, 1)->method, "GET");
    assert_string_equal(world_request(world, 1)->target, KEYS);
    assert_out_has(world, "KID           mine\n");
}

int test_keys_group(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(lists_every_shape_as_one_array),
        WORLD_TEST(aligns_the_table_by_characters),
        WORLD_TEST(a_long_cell_does_not_widen_its_column),
        WORLD_TEST(describes_keys_without_checking_them),
        WORLD_TEST(keeps_an_element_that_is_no_key),
        WORLD_TEST(shows_one_key),
        WORLD_TEST(finds_a_key_by_its_kid),
        WORLD_TEST(tells_how_to_write_a_kid),
        WORLD_TEST(finds_a_kid_on_any_page_of_the_list),
        WORLD_TEST(refuses_a_kid_that_two_keys_have),
        WORLD_TEST(adds_what_the_options_say),
        WORLD_TEST(refuses_options_that_do_not_fit_the_key),
        WORLD_TEST(life_of_a_key),
        WORLD_TEST(deletes_silently_with_json),
        WORLD_TEST(generates_every_type),
        WORLD_TEST(generates_with_the_options_of_add),
        WORLD_TEST(never_replaces_a_file),
        WORLD_TEST(removes_the_private_key_of_a_refused_key),
        WORLD_TEST(keeps_a_private_key_whose_fate_is_unknown),
        WORLD_TEST(resumes_no_file_that_is_not_its_own),
        WORLD_TEST(resumes_with_a_file_or_without),
        WORLD_TEST(finds_the_key_whose_answer_was_lost),
    };
    return cmocka_run_group_tests_name("tool: keys", tests, NULL, NULL);
}
