/* SPDX-License-Identifier: Apache-2.0 */
/* Credentials that are replaced while their client is in use. */
#include <limits.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "api/service_app.h"
#include "client/client.h"
#include "config/trust.h"
#include "unit/allocations.h"

#define OTHER_TOKEN "other-Canary_8"
#define BAD_SECRET  "wrong-Canary_9"
#define GOOD_SECRET "right-Canary_5"
#define SECRET_APP  "0oa5secret"
#define THREADS     6u
#define CALLS       60u

static void use_token(service_world *world, okta_authorization_mode mode, const char *token)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.authorization_mode = mode;
    options.token = token;
    service_renew(world, &options);
    api_forget(&world->api);
}

static void a_token_is_replaced(void **state)
{
    static const struct {
        okta_authorization_mode mode;
        const char *before;
        const char *after;
    } cases[] = {
        {OKTA_AUTHORIZATION_SSWS, "SSWS " OTHER_TOKEN, "SSWS " API_TOKEN},
        {OKTA_AUTHORIZATION_BEARER, "Bearer " OTHER_TOKEN, "Bearer " API_TOKEN},
    };
    service_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char token[] = API_TOKEN;
        use_token(world, cases[i].mode, OTHER_TOKEN);
        okta_error *error = service_call(world);
        assert_int_equal(okta_error_status(error), OKTA_E_AUTH);
        assert_int_equal(okta_error_attempts(error), 1);
        okta_free(error);
        assert_null(okta_client_set_token(world->api.client, token));
        memset(token, 'x', sizeof token - 1); /* it was copied */
        api_expect_success("replaced", service_call(world));
        api_expect_header("before", &world->api, 0, "Authorization", cases[i].before);
        api_expect_header("after", &world->api, 1, "Authorization", cases[i].after);
        assert_null(okta_client_set_token(world->api.client, OTHER_TOKEN));
        error = service_call(world);
        assert_null(strstr(okta_error_message(error), "Canary"));
        assert_int_equal(okta_error_status(error), OKTA_E_AUTH);
        assert_int_equal(okta_error_attempts(error), 1);
        okta_free(error);
        api_expect_header("and back", &world->api, 2, "Authorization", cases[i].before);
        api_expect_requests("all", &world->api, 3);
    }
}

/* What the server sends back is hidden, whichever token it was. */
static void no_message_shows_a_replaced_token(void **state)
{
    service_world *world = *state;
    use_token(world, OKTA_AUTHORIZATION_SSWS, "first-Canary_1");
    assert_null(okta_client_set_token(world->api.client, "second-Canary_2"));
    api_fault(&world->api, (mock_fault){.status = 400, .echo = MOCK_ECHO_PLAIN});
    okta_error *error = service_call(world);
    assert_non_null(strstr(okta_error_message(error), "***"));
    assert_null(strstr(okta_error_message(error), "Canary"));
    okta_free(error);
}

/* At one look at the clock something is replaced, unless the client's lock is held then. */
static struct {
    service_world *world;
    void (*replace)(service_world *world);
    unsigned looks;
    unsigned at;
    bool done;
} replacing;

static int64_t look_and_replace(const oktai_clock *clock)
{
    api_clock *self = (api_clock *)(uintptr_t)clock;
    okta_client *client = replacing.world->api.client;
    if (!replacing.done && ++replacing.looks >= replacing.at && pthread_mutex_trylock(&client->lock) == 0) {
        pthread_mutex_unlock(&client->lock);
        replacing.done = true;
        replacing.replace(replacing.world);
    }
    return self->now_ms;
}

static void replace_at(service_world *world, void (*replace)(service_world *world), unsigned at)
{
    replacing.world = world;
    replacing.replace = replace;
    replacing.looks = 0;
    replacing.at = at;
    replacing.done = false;
    world->api.clock.clock.now_ms = look_and_replace;
}

static void set_good_token(service_world *world)
{
    assert_null(okta_client_set_token(world->api.client, API_TOKEN));
}

/* A 401 to the token before is no answer to the new one. */
static void a_token_may_be_replaced_at_each_moment(void **state)
{
    service_world *world = *state;
    unsigned good = 0;
    unsigned again = 0;
    bool over = false;
    for (unsigned at = 1; !over; at++) {
        use_token(world, OKTA_AUTHORIZATION_SSWS, OTHER_TOKEN);
        replace_at(world, set_good_token, at);
        okta_error *error = service_call(world);
        over = !replacing.done;
        size_t sent = service_requests(world, "/api/");
        assert_true(over || error == NULL || okta_error_status(error) == OKTA_E_AUTH);
        assert_int_equal(sent, error == NULL ? sent : 1);
        good += error == NULL && sent == 1;
        again += error == NULL && sent == 2;
        okta_free(error);
    }
    assert_true(good > 0);
    assert_true(again > 0);
}

/* The new one is no better than the one before, and there it ends. */
static void set_bad_token(service_world *world)
{
    assert_null(okta_client_set_token(world->api.client, "worse-Canary_9"));
}

static void a_replaced_token_is_tried_once(void **state)
{
    service_world *world = *state;
    size_t most = 0;
    for (unsigned at = 1; at < 20; at++) {
        use_token(world, OKTA_AUTHORIZATION_BEARER, OTHER_TOKEN);
        replace_at(world, set_bad_token, at);
        okta_error *error = service_call(world);
        assert_int_equal(okta_error_status(error), OKTA_E_AUTH);
        okta_free(error);
        size_t sent = service_requests(world, "/api/");
        most = sent > most ? sent : most;
    }
    assert_int_equal(most, 2);
}

static okta_signer *second_signer(service_world *world, const char *kid)
{
    okta_key *key = NULL;
    okta_signer *signer = NULL;
    assert_null(okta_key_generate(OKTA_KEY_EC_P256, &key));
    service_register(world, key, kid);
    assert_null(okta_signer_from_key(key, NULL, kid, &signer));
    okta_free(key);
    return signer;
}

/* A client whose key the org does not know. */
static void use_unknown_key(service_world *world)
{
    okta_key *key = NULL;
    okta_signer *unknown = NULL;
    assert_null(okta_key_generate(OKTA_KEY_EC_P256, &key));
    assert_null(okta_signer_from_key(key, NULL, "unknown", &unknown));
    okta_client_options options = service_options(world);
    options.signer = unknown;
    service_renew(world, &options);
    api_forget(&world->api);
    okta_free(unknown);
    okta_free(key);
}

static void set_good_signer(service_world *world)
{
    assert_null(okta_client_set_signer(world->api.client, world->signer));
}

/* The refusal of the key before is not waited for. */
static void a_signer_is_replaced(void **state)
{
    service_world *world = *state;
    use_unknown_key(world);
    api_expect_refusal("unknown", service_call(world), OKTA_E_AUTH, "kid \"unknown\" of the signer");
    set_good_signer(world);
    api_expect_success("replaced", service_call(world));
    assert_int_equal(world->api.clock.wait_count, 0);
    /* The token at hand goes on, and a further one is asked for by the latest. */
    okta_signer *second = second_signer(world, "second");
    assert_null(okta_client_set_signer(world->api.client, second));
    okta_free(second); /* the client keeps it */
    api_forget(&world->api);
    api_expect_success("the same token", service_call(world));
    assert_int_equal(service_requests(world, MOCK_TOKEN_PATH), 0);
    mock_org_revoke_tokens(world->api.org);
    api_expect_success("another token", service_call(world));
    assert_int_equal(service_requests(world, MOCK_TOKEN_PATH), 1);
}

/* Whatever the call says whose request had the key before, the next one goes by the new key at once. */
static void a_signer_may_be_replaced_at_each_moment(void **state)
{
    service_world *world = *state;
    unsigned failed = 0;
    unsigned good = 0;
    bool over = false;
    for (unsigned at = 1; !over; at++) {
        use_unknown_key(world);
        replace_at(world, set_good_signer, at);
        okta_error *error = service_call(world);
        over = !replacing.done;
        good += error == NULL;
        failed += error != NULL && !over;
        assert_true(error == NULL || okta_error_status(error) == OKTA_E_AUTH);
        okta_free(error);
        if (!over) {
            api_expect_success("the next", service_call(world));
        }
    }
    assert_true(good > 0);
    assert_true(failed > 0);
    assert_int_equal(world->api.clock.wait_count, 0);
}

static void use_secret(service_world *world, okta_client_auth_method method, const char *secret)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.authorization_mode = OKTA_AUTHORIZATION_CLIENT_SECRET;
    options.client_id = SECRET_APP;
    options.scopes = SERVICE_SCOPES;
    options.client_auth_method = method;
    options.client_secret = secret;
    service_renew(world, &options);
    api_forget(&world->api);
}

static void a_client_secret_is_replaced(void **state)
{
    static const char *const methods[] = {"client_secret_basic", "client_secret_post"};
    service_world *world = *state;
    for (size_t i = 0; i < COUNT(methods); i++) {
        api_world_stop(&world->api);
        api_world_start(&world->api, NULL, NULL);
        assert_true(mock_org_add_app(world->api.org, SECRET_APP, methods[i]));
        assert_true(mock_org_put(world->api.org, SECRET_APP, "secrets",
                                 "{\"id\":\"ocs1\",\"status\":\"ACTIVE\",\"client_secret\":\"" GOOD_SECRET
                                 "\"}"));
        use_secret(world, (okta_client_auth_method)i, BAD_SECRET);
        api_expect_refusal(methods[i], service_call(world), OKTA_E_AUTH, methods[i]);
        assert_null(okta_client_set_client_secret(world->api.client, GOOD_SECRET));
        api_expect_success(methods[i], service_call(world));
        /* The org sends back what it was sent, now with another one. */
        assert_null(okta_client_set_client_secret(world->api.client, "third Canary_3"));
        mock_org_revoke_tokens(world->api.org);
        api_fault(&world->api, (mock_fault){.path_contains = "/api/", .status = 401});
        api_fault(&world->api,
                  (mock_fault){.path_contains = MOCK_TOKEN_PATH, .status = 400, .echo = MOCK_ECHO_PLAIN});
        okta_error *error = service_call(world);
        assert_int_equal(okta_error_status(error), OKTA_E_AUTH);
        assert_null(strstr(okta_error_message(error), "Canary"));
        okta_free(error);
    }
}

/* Each with a client that it does not fit, and what it does not take. */
static void refuses_what_does_not_fit(void **state)
{
    service_world *world = *state;
    okta_client *service = okta_client_hold(world->api.client);
    use_token(world, OKTA_AUTHORIZATION_SSWS, API_TOKEN);
    okta_client *plain = okta_client_hold(world->api.client);
    use_secret(world, OKTA_CLIENT_AUTH_METHOD_CLIENT_SECRET_POST, GOOD_SECRET);
    okta_client *secret = world->api.client;
#define REFUSES(call, says) api_expect_refusal(#call, call, OKTA_E_ARG, says)
    REFUSES(okta_client_set_token(NULL, API_TOKEN), "client must not be NULL");
    REFUSES(okta_client_set_client_secret(NULL, GOOD_SECRET), "client must not be NULL");
    REFUSES(okta_client_set_signer(NULL, world->signer), "client must not be NULL");
    REFUSES(okta_client_reload(NULL), "client must not be NULL");
    REFUSES(okta_client_set_token(plain, NULL), "token must not be NULL");
    REFUSES(okta_client_set_token(plain, ""), "token is required");
    REFUSES(okta_client_set_token(plain, "SSWS abc"), "token begins with its scheme");
    REFUSES(okta_client_set_token(plain, "a b"), "token must be printable ASCII");
    REFUSES(okta_client_set_client_secret(secret, NULL), "client_secret must not be NULL");
    REFUSES(okta_client_set_client_secret(secret, "\xc3\xa9"), "client_secret must be printable ASCII");
    REFUSES(okta_client_set_signer(service, NULL), "signer must not be NULL");
    REFUSES(okta_client_set_token(service, API_TOKEN), "was not made with a token");
    REFUSES(okta_client_set_token(secret, API_TOKEN), "was not made with a token");
    REFUSES(okta_client_set_client_secret(plain, GOOD_SECRET), "was not made with a client secret");
    REFUSES(okta_client_set_client_secret(service, GOOD_SECRET), "was not made with a client secret");
    REFUSES(okta_client_set_signer(plain, world->signer), "was not made with a private key");
    REFUSES(okta_client_set_signer(secret, world->signer), "was not made with a private key");
    REFUSES(okta_client_reload(plain), "was not made with the file of a private key");
    REFUSES(okta_client_reload(secret), "was not made with the file of a private key");
    REFUSES(okta_client_reload(service), "was not made with the file of a private key");
#undef REFUSES
    okta_free(plain);
    okta_free(service);
}

/* A folder of the test's own, with a key file in it. */
typedef struct key_folder {
    char folder[64];
    char path[96];
} key_folder;

static void write_file(const char *path, const char *text, mode_t mode)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fchmod(fileno(file), mode), 0);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void write_key(const char *path, const okta_key *key)
{
    char *pem = NULL;
    assert_null(okta_key_to_private_pem(key, &pem));
    unlink(path);
    write_file(path, pem, 0600);
    okta_free(pem);
}

static void begin_folder(key_folder *self)
{
    snprintf(self->folder, sizeof self->folder, "/tmp/okta-credentials-XXXXXX");
    assert_non_null(mkdtemp(self->folder));
    snprintf(self->path, sizeof self->path, "%s/key.pem", self->folder);
}

static void end_folder(const key_folder *self)
{
    unlink(self->path);
    assert_int_equal(rmdir(self->folder), 0);
}

static void expect_token_again(const char *label, service_world *world)
{
    mock_org_revoke_tokens(world->api.org);
    api_forget(&world->api);
    api_expect_success(label, service_call(world));
    api_expect_number(label, "token requests", (int64_t)service_requests(world, MOCK_TOKEN_PATH), 1);
}

/* What is no key changes nothing. */
static void a_key_file_is_read_again(void **state)
{
    service_world *world = *state;
    key_folder at;
    okta_key *second = NULL;
    begin_folder(&at);
    write_key(at.path, world->key);
    okta_client_options options = service_options(world);
    options.signer = NULL;
    options.private_key = at.path;
    options.private_key_id = "first";
    service_renew(world, &options);
    api_expect_success("the first", service_call(world));
    assert_null(okta_key_generate(OKTA_KEY_EC_P256, &second));
    write_key(at.path, second);
    api_expect_refusal("another key under the kid", okta_client_reload(world->api.client), OKTA_E_CONFIG,
                       "another key for the kid of the one before (private_key_id)");
    expect_token_again("another key under the kid", world);
    write_key(at.path, world->key);
    assert_null(okta_client_reload(world->api.client));
    expect_token_again("the first again", world);

    write_file(at.path, "no key", 0600);
    api_expect_refusal("no key", okta_client_reload(world->api.client), OKTA_E_CONFIG, at.path);
    expect_token_again("no key", world);
    write_key(at.path, second);
    assert_int_equal(chmod(at.path, 0644), 0);
    api_expect_refusal("open to all", okta_client_reload(world->api.client), OKTA_E_CONFIG, at.path);
    expect_token_again("open to all", world);
    unlink(at.path);
    api_expect_refusal("no file", okta_client_reload(world->api.client), OKTA_E_CONFIG, "private_key");
    expect_token_again("no file", world);
    end_folder(&at);
    okta_free(second);
}

/* A file that held the wrong key from the start is mended under its kid. */
static void a_key_that_never_worked_is_replaced_under_its_kid(void **state)
{
    service_world *world = *state;
    key_folder at;
    okta_key *wrong = NULL;
    begin_folder(&at);
    assert_null(okta_key_generate(OKTA_KEY_EC_P256, &wrong));
    write_key(at.path, wrong);
    okta_client_options options = service_options(world);
    options.signer = NULL;
    options.private_key = at.path;
    options.private_key_id = "first";
    service_renew(world, &options);
    api_expect_refusal("the wrong one", service_call(world), OKTA_E_AUTH,
                       "kid \"first\" from private_key_id");
    write_key(at.path, world->key);
    assert_null(okta_client_reload(world->api.client));
    api_expect_success("the right one", service_call(world));
    end_folder(&at);
    okta_free(wrong);
}

/* Those of RFC 7515, appendix A.3, and of RFC 7517, appendix A.2, under one kid. */
static const char *const jwks[] = {
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"third\",\"x\":"
    "\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
    "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\",\"d\":\"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-"
    "E9LI\"}",
    "{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"third\",\"x\":"
    "\"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4\","
    "\"y\":\"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM\",\"d\":"
    "\"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE\"}",
};

/* A kid that goes with the key: its thumbprint, or that of the JWK. */
static void a_kid_that_goes_with_the_key_is_read_with_it(void **state)
{
    service_world *world = *state;
    key_folder at;
    okta_key *second = NULL;
    okta_key *third = NULL;
    char thumbprint[OKTA_THUMBPRINT_SIZE];
    begin_folder(&at);
    write_key(at.path, world->key);
    okta_client_options options = service_options(world);
    options.signer = NULL;
    options.private_key = at.path;
    service_renew(world, &options);
    assert_null(okta_key_thumbprint(world->key, thumbprint));
    service_register(world, world->key, thumbprint);
    api_expect_success("the first", service_call(world));
    assert_null(okta_key_generate(OKTA_KEY_EC_P256, &second));
    assert_null(okta_key_thumbprint(second, thumbprint));
    service_register(world, second, thumbprint);
    write_key(at.path, second);
    assert_null(okta_client_reload(world->api.client));
    expect_token_again("the second", world);

    assert_null(okta_key_from_jwk(jwks[0], strlen(jwks[0]), &third));
    service_register(world, third, "third");
    unlink(at.path);
    write_file(at.path, jwks[0], 0600);
    assert_null(okta_client_reload(world->api.client));
    expect_token_again("the third", world);
    unlink(at.path);
    write_file(at.path, jwks[1], 0600);
    api_expect_refusal("another JWK of its kid", okta_client_reload(world->api.client), OKTA_E_CONFIG,
                       "another key for the kid of the one before (of the JWK)");
    expect_token_again("the third again", world);
    end_folder(&at);
    okta_free(second);
    okta_free(third);
}

static void a_key_that_is_text_is_not_read_again(void **state)
{
    service_world *world = *state;
    char *pem = NULL;
    assert_null(okta_key_to_private_pem(world->key, &pem));
    okta_client_options options = service_options(world);
    options.signer = NULL;
    options.private_key = pem;
    options.private_key_id = "first";
    service_renew(world, &options);
    okta_free(pem);
    api_expect_refusal("text", okta_client_reload(world->api.client), OKTA_E_ARG,
                       "the file of a private key");
    set_good_signer(world);
    api_expect_success("a signer in its place", service_call(world));
}

/* A link that leads elsewhere meanwhile lends no other key to whoever wrote the working folder's file. */
static void a_key_file_stays_below_the_folder_that_named_it(void **state)
{
    service_world *world = *state;
    key_folder at;
    key_folder other;
    char real[PATH_MAX];
    begin_folder(&at);
    begin_folder(&other);
    write_key(at.path, world->key);
    write_key(other.path, world->key);
    assert_non_null(realpath(at.folder, real));
    assert_null(oktai_trust_key_stays(at.path, real));
    assert_null(oktai_trust_key_stays(other.path, NULL));
    api_expect_refusal("elsewhere", oktai_trust_key_stays(other.path, real), OKTA_E_CONFIG, "working folder");
    unlink(at.path);
    assert_int_equal(symlink(other.path, at.path), 0);
    api_expect_refusal("a link", oktai_trust_key_stays(at.path, real), OKTA_E_CONFIG, "working folder");
    end_folder(&at);
    end_folder(&other);
}

/* Threads call, the tokens end, and the credential changes, all at once. */
typedef struct crowd {
    service_world *world;
    atomic_bool over;
    okta_signer *other;
} crowd;

/* A token may end twice for one call. */
static void *call_often(void *context)
{
    crowd *self = context;
    void *bad = context;
    for (unsigned i = 0; i < CALLS; i++) {
        okta_oauth2_client_jwk_list *keys = NULL;
        if (i == CALLS / 2) {
            mock_org_revoke_tokens(self->world->api.org);
        }
        okta_error *error = okta_list_jwk(self->world->api.client, MOCK_SERVICE_APP, &keys);
        if (error == NULL) {
            bad = NULL;
        } else if (okta_error_status(error) != OKTA_E_AUTH) {
            okta_free(error);
            return context;
        }
        okta_free(error);
        okta_free(keys);
    }
    return bad;
}

static void *replace_often(void *context)
{
    crowd *self = context;
    for (unsigned i = 0; !atomic_load(&self->over); i++) {
        okta_signer *signer = i % 2 == 0 ? self->other : self->world->signer;
        okta_free(okta_client_set_signer(self->world->api.client, signer));
    }
    return NULL;
}

static void calls_go_on_while_the_signer_changes(void **state)
{
    service_world *world = *state;
    pthread_t threads[THREADS];
    pthread_t replacer;
    crowd all = {.world = world, .other = second_signer(world, "second")};
    oktai_client_set_clock(world->api.client, &oktai_system_clock);
    mock_org_set_now(world->api.org, 0);
    assert_int_equal(pthread_create(&replacer, NULL, replace_often, &all), 0);
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, call_often, &all), 0);
    }
    size_t good = 0;
    for (size_t i = 0; i < THREADS; i++) {
        void *bad = NULL;
        assert_int_equal(pthread_join(threads[i], &bad), 0);
        good += bad == NULL;
    }
    atomic_store(&all.over, true);
    assert_int_equal(pthread_join(replacer, NULL), 0);
    okta_free(all.other);
    assert_int_equal(good, THREADS);
}

static okta_error *replace_any(service_world *world, size_t which)
{
    switch (which) {
    case 0:
        return okta_client_set_signer(world->api.client, world->signer);
    case 1:
        return okta_client_set_token(world->api.client, OTHER_TOKEN);
    default:
        return okta_client_set_client_secret(world->api.client, GOOD_SECRET);
    }
}

static void lack_of_memory_changes_nothing(void **state)
{
    service_world *world = *state;
    for (size_t which = 0; which < 3; which++) {
        if (which == 1) {
            use_token(world, OKTA_AUTHORIZATION_SSWS, API_TOKEN);
        } else if (which == 2) {
            use_secret(world, OKTA_CLIENT_AUTH_METHOD_CLIENT_SECRET_BASIC, BAD_SECRET);
        }
        const oktai_service_app *app = world->api.client->tokens.app;
        bool failed = true;
        for (size_t n = 1; failed; n++) {
            allocations_begin(n, true);
            okta_error *error = replace_any(world, which);
            failed = allocations_end();
            assert_int_equal(okta_error_status(error), failed ? OKTA_E_NOMEM : OKTA_OK);
            assert_true(!failed || app == world->api.client->tokens.app);
            assert_true(!failed || !atomic_load(&world->api.client->is_replaced));
        }
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, service_setup, service_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_token_is_replaced),
        TEST(no_message_shows_a_replaced_token),
        TEST(a_token_may_be_replaced_at_each_moment),
        TEST(a_replaced_token_is_tried_once),
        TEST(a_signer_is_replaced),
        TEST(a_signer_may_be_replaced_at_each_moment),
        TEST(a_client_secret_is_replaced),
        TEST(refuses_what_does_not_fit),
        TEST(a_key_file_is_read_again),
        TEST(a_key_that_never_worked_is_replaced_under_its_kid),
        TEST(a_kid_that_goes_with_the_key_is_read_with_it),
        TEST(a_key_that_is_text_is_not_read_again),
        TEST(a_key_file_stays_below_the_folder_that_named_it),
        TEST(calls_go_on_while_the_signer_changes),
        TEST(lack_of_memory_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
