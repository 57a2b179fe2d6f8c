/* SPDX-License-Identifier: Apache-2.0 */
/* The input is what a server says: two bytes choose a call and how its answers arrive, then come the answers,
 * each with the byte of fuzz_server.h that ends it. A client makes the call through libcurl over loopback. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "client/client.h"
#include "fuzz/fuzz.h"
#include "fuzz/fuzz_server.h"
#include "okta/api/application_sso_public_keys.h"
#include "okta/okta.h"
#include "unit/json_oracle.h"

#define TOKEN     "00Canary-7f3a"
#define PAGES_MAX 6u

/* What a call is, and what it may do. */
typedef struct exchange {
    okta_call *(*make)(okta_client *client);
    const char *method;
    bool is_create;
    bool settles;                         /* a create whose lost answer is looked up in a list */
    const okta_descriptor *(*type)(void); /* of its result, whose source is JSON; NULL: it has none */
} exchange;

static struct {
    const exchange *what; /* NULL: pages */
    bool is_service_app;
    unsigned own;          /* requests of the call's own method, but for tokens */
    unsigned looks;        /* other requests since, but for tokens */
    unsigned repeats;      /* of a create after looking */
    bool is_answered_next; /* the call's own request was the last one */
    bool refused;          /* the last answer to it says that the server did nothing */
    int64_t now_ms;
} seen;

static int64_t now_ms(const oktai_clock *clock)
{
    (void)clock;
    return seen.now_ms;
}

static void wait_ms(const oktai_clock *clock, void (*wait)(void *object, int64_t ms), void *object,
                    int64_t ms)
{
    (void)clock;
    (void)wait;
    (void)object;
    FUZZ_CHECK(ms > 0);
    seen.now_ms += ms;
}

static int64_t wall_ms(const oktai_clock *clock)
{
    (void)clock;
    return seen.now_ms + INT64_C(1750000000000);
}

static uint32_t half(const oktai_clock *clock)
{
    (void)clock;
    return UINT32_C(1) << 31;
}

static const oktai_clock fuzz_clock = {now_ms, wait_ms, wall_ms, half};

static bool mentions(fuzz_text answer, const char *word)
{
    size_t length = strlen(word);
    for (size_t i = 0; i + length <= answer.length; i++) {
        if (strncasecmp(answer.text + i, word, length) == 0) {
            return true;
        }
    }
    return false;
}

/* No answer puts a line of its own into the next request. */
static void check_line(const char *line)
{
    static const char *const known[] = {
        "Accept:", "Accept-Encoding:",    "Content-Length:",  "Content-Type:", "Host:", "User-Agent:",
        "DPoP:",   "X-Okta-Retry-Count:", "X-Okta-Retry-For:"};
    const char *credential = seen.is_service_app ? "Authorization: " : "Authorization: SSWS " TOKEN "\r\n";
    bool found = strncmp(line, credential, strlen(credential)) == 0;
    for (size_t i = 0; i < COUNT(known) && !found; i++) {
        found = strncasecmp(line, known[i], strlen(known[i])) == 0;
    }
    FUZZ_CHECK(found);
    /* What comes back of an answer is one word. */
    size_t length = strlen("X-Okta-Retry-For: ");
    FUZZ_CHECK(strncmp(line, "X-Okta-Retry-For: ", length) != 0 ||
               line[length + strcspn(line + length, " \t\r")] == '\r');
}

/* Whether the answer says that the server did nothing. */
static bool refuses(fuzz_text answer)
{
    return mentions(answer, " 429") || (seen.is_service_app && mentions(answer, " 401"));
}

/* A create is sent again only where the server says that it did nothing, or where it was not found by looking
 * four times. */
static void check_repeat(void)
{
    if (seen.own == 0 || seen.refused) {
        return;
    }
    FUZZ_CHECK(seen.what->settles && seen.looks >= 4);
    seen.repeats++;
    FUZZ_CHECK(seen.repeats <= 1);
}

static void hear(const char *request, size_t length)
{
    const char *line = strstr(request, "\r\n") + 2;
    const char *path = strchr(request, ' ') + 1;
    FUZZ_CHECK(strlen(request) == length);
    FUZZ_CHECK(strncmp(path, "/api/v1/", 8) == 0 || strncmp(path, "/oauth2/v1/", 11) == 0 ||
               strstr(path, "/api/v1/") != NULL);
    while (strncmp(line, "\r\n", 2) != 0) {
        check_line(line);
        line = strstr(line, "\r\n") + 2;
    }
    if (seen.is_answered_next) {
        seen.refused = refuses(fuzz_server_last_answer());
        seen.is_answered_next = false;
    }
    if (strncmp(path, "/oauth2/v1/token ", 17) == 0) {
        return;
    }
    size_t method = (size_t)(path - 1 - request);
    if (seen.what == NULL || strlen(seen.what->method) != method ||
        memcmp(seen.what->method, request, method) != 0) {
        seen.looks++;
        return;
    }
    if (seen.what->is_create) {
        check_repeat();
    }
    seen.own++;
    seen.looks = 0;
    seen.is_answered_next = true;
}

static okta_client *make_client(void)
{
    okta_client *client = NULL;
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = fuzz_server_url();
    options.token = TOKEN;
    options.max_response_bytes = 65536;
    fuzz_expect_success(okta_client_new(&options, &client));
    oktai_client_set_clock(client, &fuzz_clock);
    return client;
}

/* A signature of ES256 in form, for a token endpoint that does not look. */
static int sign(void *ctx, const unsigned char *message, size_t length, unsigned char *signature,
                size_t capacity, size_t *size)
{
    (void)ctx;
    FUZZ_CHECK(message != NULL && length > 0 && capacity >= 64);
    memset(signature, 1, 64);
    *size = 64;
    return 0;
}

static okta_client *make_service_app(void)
{
    okta_client *client = NULL;
    okta_signer *signer = NULL;
    okta_signer_options with = OKTA_SIGNER_OPTIONS_INIT;
    with.alg = "ES256";
    with.kid = "k1";
    with.sign = sign;
    fuzz_expect_success(okta_signer_new(&with, &signer));
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = fuzz_server_url();
    options.authorization_mode = OKTA_AUTHORIZATION_PRIVATE_KEY;
    options.client_id = "0oa1";
    options.scopes = "okta.apps.manage";
    options.signer = signer;
    options.max_response_bytes = 65536;
    fuzz_expect_success(okta_client_new(&options, &client));
    oktai_client_set_clock(client, &fuzz_clock);
    okta_free(signer);
    return client;
}

static okta_call *make_get(okta_client *client)
{
    return okta_request_call(client, "GET", "/api/v1/users?limit=2", NULL);
}

static okta_call *make_post(okta_client *client)
{
    return okta_request_call(client, "POST", "/api/v1/users", "{\"profile\":{}}");
}

static okta_call *make_put(okta_client *client)
{
    return okta_request_call(client, "PUT", "/api/v1/users/u", "{}");
}

static okta_call *make_get_jwk(okta_client *client)
{
    return okta_get_jwk_call(client, "app", "key");
}

static okta_call *make_list_jwk(okta_client *client)
{
    return okta_list_jwk_call(client, "app");
}

static okta_call *make_delete(okta_client *client)
{
    return okta_delete_jwk_call(client, "app", "key");
}

static okta_call *make_activate(okta_client *client)
{
    return okta_activate_oauth2_client_json_web_key_call(client, "app", "key");
}

static okta_call *make_add_jwk(okta_client *client)
{
    static const okta_oauth2_client_jwk_request key = {
        .model = OKTA_INIT(okta_oauth2_client_jwk_request),
        .kid = "k1",
        .kty = OKTA_OAUTH2_CLIENT_JWK_KTY_EC,
        .use = OKTA_OAUTH2_CLIENT_JWK_USE_SIG,
        .crv = "P-256",
        .x = "yStzmQUiw4geLlyOvNVdqY45fUzMZT9YgsMpBhz0Lx0",
        .y = "4p4QjMkOevGq6s-6zIs7nGZN1fRD4c2eikwvXaKPcVg",
    };
    return okta_add_jwk_call(client, "app", &key);
}

static okta_call *make_secret(okta_client *client)
{
    return okta_create_oauth2_client_secret_call(client, "app", NULL);
}

static const exchange exchanges[] = {
    {make_get, "GET", false, false, NULL},
    {make_post, "POST", true, false, NULL},
    {make_put, "PUT", false, false, NULL},
    {make_get_jwk, "GET", false, false, okta_oauth2_client_jwk_descriptor},
    {make_list_jwk, "GET", false, false, okta_oauth2_client_jwk_list_descriptor},
    {make_delete, "DELETE", false, false, NULL},
    {make_activate, "POST", false, false, okta_oauth2_client_jwk_descriptor},
    {make_secret, "POST", true, false, okta_oauth2_client_secret_descriptor},
    {make_add_jwk, "POST", true, true, okta_oauth2_client_jwk_descriptor},
};

/* The answer ends its head, and says where its body ends. */
static void check_good_answer(int http_status)
{
    fuzz_text answer = fuzz_server_last_answer();
    FUZZ_CHECK(answer.text != NULL && mentions(answer, "HTTP/"));
    FUZZ_CHECK(mentions(answer, "\n\r\n") || mentions(answer, "\n\n"));
    FUZZ_CHECK(http_status == 204 || http_status == 404 || http_status == 410 ||
               mentions(answer, "content-length:") || mentions(answer, "transfer-encoding:"));
}

static void check_success(const okta_call *call, const void *model)
{
    int http_status = okta_call_http_status(call);
    bool gone = strcmp(seen.what->method, "DELETE") == 0 && (http_status == 404 || http_status == 410);
    size_t length = 0;
    /* What was found by looking was not answered. */
    FUZZ_CHECK((http_status >= 200 && http_status <= 299 && http_status != 206) || gone ||
               (okta_call_was_reconciled(call) && seen.looks > 0));
    FUZZ_CHECK((model != NULL) == (seen.what->type != NULL));
    check_good_answer(http_status);
    const char *source = model == NULL ? NULL : okta_source(model, &length);
    FUZZ_CHECK(source == NULL || oracle_accepts(source, length));
}

static void run_call(okta_client *client, const exchange *what, unsigned retries, bool told_token)
{
    okta_call *call = what->make(client);
    seen.what = what;
    okta_call_set_max_retries(call, retries);
    okta_error *error = okta_call_run(call);
    void *model = what->type == NULL ? NULL : okta_call_take(call, what->type());
    FUZZ_CHECK(seen.own <= okta_call_attempts(call));
    FUZZ_CHECK(told_token || error == NULL || strstr(okta_error_message(error), TOKEN) == NULL);
    if (error == NULL) {
        check_success(call, model);
    } else {
        FUZZ_CHECK(model == NULL);
    }
    fuzz_take(error);
    okta_free(model);
    okta_free(call);
}

static void walk_pages(okta_client *client)
{
    okta_pages *pages = okta_request_pages(client, "/api/v1/users?limit=2");
    const okta_page *page;
    unsigned count = 0;
    while (count < PAGES_MAX && (page = okta_pages_next(pages)) != NULL) {
        count++;
        FUZZ_CHECK(oracle_accepts(page->json.text, page->json.length) && page->items != NULL);
        for (size_t i = 0; i < page->count; i++) {
            FUZZ_CHECK(oracle_accepts(page->items[i].text, page->items[i].length));
        }
        const char *cursor = okta_pages_cursor(pages);
        FUZZ_CHECK(cursor == NULL || fuzz_is_clean_target(cursor));
    }
    okta_error *error = okta_pages_error(pages);
    FUZZ_CHECK(error == NULL || okta_pages_cursor(pages) != NULL);
    FUZZ_CHECK(count <= seen.looks);
    fuzz_take(error);
    okta_free(pages);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_input input = {data, size};
    size_t which = fuzz_choice(&input, COUNT(exchanges) + 1);
    uint8_t how = fuzz_byte(&input);
    fuzz_text answers = fuzz_rest(&input);
    bool told_token = mentions(answers, TOKEN);
    memset(&seen, 0, sizeof seen);
    seen.is_service_app = (how & 0x10) != 0;
    seen.now_ms = 1000;
    fuzz_server_begin(answers, how % 4 + 1u, hear);
    okta_client *client = seen.is_service_app ? make_service_app() : make_client();
    if (which == COUNT(exchanges)) {
        walk_pages(client);
    } else {
        run_call(client, &exchanges[which], how / 4 % 4u, told_token);
    }
    fuzz_server_end();
    okta_free(client);
    free(answers.text);
    return 0;
}
