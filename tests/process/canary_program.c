/* SPDX-License-Identifier: Apache-2.0 */
/* canary_program MODE ORG_URL CA_FILE
 * Uses the library with secrets that it is told masked, prints all that the library says, releases all, and
 * then searches its own memory for what the test names. A mode is a way to prove who calls, or something that
 * is done wrong, so that the test sees itself find it. */
#include <inttypes.h>
#include <openssl/core_names.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "client/client.h"
#include "core/arena.h"
#include "keys/key.h"
#include "okta/api/application_sso_public_keys.h"
#include "okta/api/user_factor.h"
#include "okta/okta.h"
#include "process/canary_scan.h"
#include "process/canary_wire.h"
#include "process/patient_clock.h"

#define APP         "0oa1mockwebapp0000g4"
#define SERVICE_APP "0oa2mockservice000g4"

typedef enum mode {
    MODE_TOKEN,
    MODE_BEARER, /* a service app with a private key */
    MODE_DPOP,   /* ... whose tokens are bound to a key */
    MODE_BASIC,  /* a service app with a client secret, in a header */
    MODE_POST,   /* ... in the body */
    PLANT_NO_WIPING,
    PLANT_FREED,
    PLANT_STACK,
    PLANT_STATIC,
    PLANT_CLIENT,
    PLANT_KEY,
    PLANT_PRINT,
    MODES,
} mode;

static const char *const mode_names[MODES] = {"api-token",   "bearer",    "dpop",  "secret-basic",
                                              "secret-post", "no-wiping", "freed", "stack",
                                              "static",      "client",    "key",   "print"};

static struct {
    mode mode;
    const char *org_url;
    const char *ca_file; /* "": none */
    struct {
        unsigned char masked[CANARY_FRAME_MAX];
        size_t length;
    } settings[CANARY_SETTINGS];
    unsigned char frame[CANARY_FRAME_MAX];
    size_t frame_length;
} self;

static bool read_all(void *out, size_t length)
{
    for (size_t done = 0; done < length;) {
        ssize_t got = read(STDIN_FILENO, (char *)out + done, length - done);
        if (got <= 0) {
            return false;
        }
        done += (size_t)got;
    }
    return true;
}

static bool read_frame(canary_kind *kind)
{
    uint32_t words[2];
    if (!read_all(words, sizeof words) || words[1] > CANARY_FRAME_MAX) {
        return false;
    }
    *kind = (canary_kind)words[0];
    self.frame_length = words[1];
    return read_all(self.frame, words[1]);
}

/* A secret in clear, for as long as it is needed. */
typedef struct clear_text {
    char text[CANARY_FRAME_MAX + 1];
} clear_text;

static const char *reveal(canary_kind kind, clear_text *clear)
{
    size_t length = self.settings[kind].length;
    for (size_t i = 0; i < length; i++) {
        clear->text[i] = (char)(self.settings[kind].masked[i] ^ CANARY_MASK);
    }
    clear->text[length] = '\0';
    return clear->text;
}

static void hide(clear_text *clear)
{
    oktai_wipe(clear, sizeof *clear);
}

static const char *or_none(const char *text)
{
    return text == NULL ? "-" : text;
}

static void print_event(void *ctx, const okta_log_event *event)
{
    (void)ctx;
    printf("event %d %s %s %s %s %d %s\n", (int)event->level, or_none(event->message),
           or_none(event->operation), or_none(event->method), or_none(event->path), event->http_status,
           or_none(event->request_id));
}

/* All an error says, but for the body of the answer, which the server wrote. */
static void print_and_free(const char *what, okta_error *error)
{
    printf("%s: %s: %s code %s summary %s id %s request %s\n", what,
           okta_status_name(okta_error_status(error)), or_none(okta_error_message(error)),
           or_none(okta_error_code(error)), or_none(okta_error_summary(error)), or_none(okta_error_id(error)),
           or_none(okta_error_request_id(error)));
    for (size_t i = 0; i < okta_error_cause_count(error); i++) {
        printf("cause %s\n", or_none(okta_error_cause_summary(error, i)));
    }
    okta_free(error);
}

okta_error *__real_okta_key_generate(okta_key_type type, okta_key **out);
okta_error *__wrap_okta_key_generate(okta_key_type type, okta_key **out);

/* The only key that is made here is that of a client's proofs. The test is told it, masked. */
okta_error *__wrap_okta_key_generate(okta_key_type type, okta_key **out)
{
    unsigned char number[32];
    okta_error *error = __real_okta_key_generate(type, out);
    if (error == NULL && oktai_key_number((*out)->pkey, OSSL_PKEY_PARAM_PRIV_KEY, number, sizeof number)) {
        printf("dpop-key ");
        for (size_t i = 0; i < sizeof number; i++) {
            printf("%02x", (unsigned)(number[i] ^ CANARY_MASK));
        }
        printf("\n");
    }
    oktai_wipe(number, sizeof number);
    return error;
}

/* What a client of this mode is; the token or credential is in clear in `credential`. */
static void identify(okta_client_options *options, okta_authorization_mode how, clear_text *credential)
{
    bool by_key = self.mode == MODE_BEARER || self.mode == MODE_DPOP;
    if (by_key) {
        options->authorization_mode = OKTA_AUTHORIZATION_PRIVATE_KEY;
        options->client_id = SERVICE_APP;
        options->private_key = reveal(CANARY_PRIVATE_KEY, credential);
        options->dpop = self.mode == MODE_DPOP ? OKTA_DPOP_ALWAYS : OKTA_DPOP_NEVER;
    } else if (self.mode == MODE_BASIC || self.mode == MODE_POST) {
        options->authorization_mode = OKTA_AUTHORIZATION_CLIENT_SECRET;
        options->client_id = self.mode == MODE_BASIC ? "client_secret_basic" : "client_secret_post";
        options->client_auth_method = self.mode == MODE_BASIC ? OKTA_CLIENT_AUTH_METHOD_CLIENT_SECRET_BASIC
                                                              : OKTA_CLIENT_AUTH_METHOD_CLIENT_SECRET_POST;
        options->client_secret = reveal(CANARY_SECRET, credential);
    } else {
        options->authorization_mode = how;
        options->token = reveal(CANARY_TOKEN, credential);
    }
    if (options->client_id != NULL) {
        options->scopes = "okta.apps.read okta.apps.manage";
    }
}

static okta_client *make_client(okta_log_level level, okta_authorization_mode how, const char *proxy)
{
    clear_text credential;
    okta_client *client = NULL;
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = self.org_url;
    identify(&options, how, &credential);
    options.ca_file = self.ca_file[0] == '\0' ? NULL : self.ca_file;
    options.proxy = proxy;
    options.log_level = level;
    options.log = print_event;
    options.max_retries = okta_int(2);
    print_and_free("client", okta_client_new(&options, &client));
    hide(&credential);
    if (client != NULL) {
        oktai_client_set_clock(client, &patient_clock);
    }
    return client;
}

static void use_secrets(okta_client *client)
{
    clear_text secret;
    okta_oauth2_client_secret *made = NULL;
    okta_oauth2_client_secret *again = NULL;
    okta_oauth2_client_secret *got = NULL;
    okta_oauth2_client_secret_list *list = NULL;
    const okta_oauth2_client_secret_request_body body = {
        .model = OKTA_INIT(okta_oauth2_client_secret_request_body),
        .client_secret = reveal(CANARY_SECRET, &secret),
    };
    print_and_free("create", okta_create_oauth2_client_secret(client, APP, &body, &made));
    /* A second one of the same is refused, or its answer is cut short. */
    print_and_free("create", okta_create_oauth2_client_secret(client, APP, &body, &again));
    hide(&secret);
    print_and_free("list", okta_list_oauth2_client_secrets(client, APP, &list));
    print_and_free("get", okta_get_oauth2_client_secret(
                              client, APP, made == NULL || made->id == NULL ? "x" : made->id, &got));
    okta_free(list);
    okta_free(got);
    okta_free(again);
    okta_free(made);
}

/* An operation of the many that say nothing of secrets themselves: its row does. A server that is scripted
 * has no answer for it. */
static void use_passcode(okta_client *client)
{
    if (self.ca_file[0] != '\0') {
        return;
    }
    clear_text secret;
    okta_user_factor_verify_response *verified = NULL;
    const okta_user_factor_verify_request body = {.model = OKTA_INIT(okta_user_factor_verify_request),
                                                  .pass_code = reveal(CANARY_SECRET, &secret)};
    print_and_free("passcode",
                   okta_verify_factor(client, "00u1canary", "opf1canary", NULL, &body, &verified));
    hide(&secret);
    okta_free(verified);
}

static void use_raw_requests(okta_client *client)
{
    clear_text secret;
    size_t length;
    char body[256];
    snprintf(body, sizeof body, "{\"client_secret\":\"%.200s\"}", reveal(CANARY_SECRET, &secret));
    okta_call *call = okta_request_call(client, "POST", "/api/v1/apps/" APP "/credentials/secrets", body);
    oktai_wipe(body, sizeof body);
    okta_call_add_header(call, "X-Secret", secret.text);
    hide(&secret);
    print_and_free("request", okta_call_run(call));
    (void)okta_call_body(call, &length);
    okta_free(call);
    call = okta_list_oauth2_client_secrets_call(client, APP);
    okta_call_cancel(call);
    print_and_free("canceled", okta_call_run(call));
    okta_free(call);
}

static okta_key *use_key(okta_client *client)
{
    clear_text pem;
    okta_key *key = NULL;
    char *again = NULL;
    okta_oauth2_client_jwk_request *request = NULL;
    okta_oauth2_client_jwk *made = NULL;
    reveal(CANARY_PRIVATE_KEY, &pem);
    print_and_free("key", okta_key_from_pem(pem.text, strlen(pem.text), NULL, NULL, &key));
    pem.text[self.settings[CANARY_PRIVATE_KEY].length / 2] = '!';
    okta_key *damaged = NULL;
    print_and_free("damaged key", okta_key_from_pem(pem.text, strlen(pem.text), NULL, NULL, &damaged));
    hide(&pem);
    print_and_free("pem", okta_key_to_private_pem(key, &again));
    print_and_free("request of key", okta_key_to_jwk_request(key, NULL, &request));
    print_and_free("add", okta_add_jwk(client, APP, request, &made));
    okta_free(made);
    okta_free(request);
    okta_free(again);
    return key;
}

static void use_proxy(void)
{
    clear_text proxy;
    okta_oauth2_client_jwk_list *list = NULL;
    okta_client *client = make_client(OKTA_LOG_DEBUG, OKTA_AUTHORIZATION_SSWS, reveal(CANARY_PROXY, &proxy));
    hide(&proxy);
    print_and_free("through a proxy", okta_list_jwk(client, APP, &list));
    okta_free(list);
    okta_free(client);
}

static void *run(void *context)
{
    (void)context;
    static const okta_authorization_mode modes[] = {OKTA_AUTHORIZATION_SSWS, OKTA_AUTHORIZATION_BEARER};
    for (int i = 0; i < 8; i++) {
        okta_client *client =
            make_client((okta_log_level)(i % 4), modes[i / 4], self.ca_file[0] == '\0' ? NULL : "");
        use_secrets(client);
        use_passcode(client);
        use_raw_requests(client);
        okta_key *key = use_key(client);
        if (self.mode != PLANT_KEY) {
            okta_free(key);
        }
        if (self.mode != PLANT_CLIENT) {
            okta_free(client);
        }
    }
    use_proxy();
    return NULL;
}

static void plant_on_the_stack(void)
{
    clear_text token;
    printf("%zu\n", strlen(reveal(CANARY_TOKEN, &token)));
}

/* A block that the heap keeps for the next one of its size. */
static void plant_in_the_heap(void)
{
    clear_text token;
    size_t size = strlen(reveal(CANARY_TOKEN, &token)) + 1;
    char *lost = malloc(size);
    volatile char *writes = lost; /* the compiler knows that nobody reads what is freed */
    for (size_t i = 0; lost != NULL && i < size; i++) {
        writes[i] = token.text[i];
    }
    free(lost);
    hide(&token);
}

static void plant_it(void)
{
    static clear_text kept;
    if (self.mode == PLANT_FREED) {
        plant_in_the_heap();
    }
    if (self.mode == PLANT_STACK) {
        plant_on_the_stack();
    }
    if (self.mode == PLANT_STATIC) {
        reveal(CANARY_TOKEN, &kept);
    }
    if (self.mode == PLANT_PRINT) {
        printf("%s\n", reveal(CANARY_SECRET, &kept));
        hide(&kept);
    }
}

/* On the main thread's stack and on one that is given back. */
static int run_twice(void)
{
    pthread_t thread;
    if (self.mode != PLANT_NO_WIPING) {
        print_and_free("wiping", okta_use_wiping_memory());
    }
    run(NULL);
    if (pthread_create(&thread, NULL, run, NULL) != 0 || pthread_join(thread, NULL) != 0) {
        return 1;
    }
    plant_it();
    printf("done\n");
    return 0;
}

static void report(void)
{
    size_t scanned = canary_scan_run();
    for (size_t i = 0; i < canary_scan_count(); i++) {
        if (canary_scan_hits(i) > 0) {
            printf("hits %zu %zu\n", i, canary_scan_hits(i));
        }
    }
    printf("scanned %zu\n", scanned);
}

static bool obey(canary_kind kind)
{
    switch (kind) {
    case CANARY_TOKEN:
    case CANARY_SECRET:
    case CANARY_PROXY:
    case CANARY_PRIVATE_KEY:
        memcpy(self.settings[kind].masked, self.frame, self.frame_length);
        self.settings[kind].length = self.frame_length;
        return true;
    case CANARY_NEEDLE_FRAME:
        return canary_scan_add(self.frame);
    case CANARY_GO:
        return run_twice() == 0;
    case CANARY_SCAN:
        report();
        return true;
    case CANARY_SETTINGS:
        break;
    }
    return false;
}

int main(int argc, char **argv)
{
    static char output[BUFSIZ];
    canary_kind kind;
    if (argc != 4) {
        return 2;
    }
    self.org_url = argv[2];
    self.ca_file = argv[3];
    while (self.mode < MODES && strcmp(mode_names[self.mode], argv[1]) != 0) {
        self.mode++;
    }
    if (self.mode == MODES || setvbuf(stdout, output, _IOLBF, sizeof output) != 0) {
        return 2;
    }
    while (read_frame(&kind)) {
        if (!obey(kind)) {
            return 1;
        }
    }
    return 0;
}
