/* SPDX-License-Identifier: Apache-2.0 */
/* Programs that release what they do not own, or take a result by another type, end and are told why. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "process/children.h"
#include "process/small_org.h"

#define LIST "[{\"id\":\"k1\",\"kid\":\"one\",\"x5c\":[1]},{\"id\":\"k2\"}]"

/* Keeps the compiler from seeing that a pointer is no heap's. */
static void *hide(const void *pointer)
{
    void *volatile hidden = (void *)(uintptr_t)pointer;
    return hidden;
}

static okta_oauth2_client_jwk_list *make_list(void)
{
    okta_oauth2_client_jwk_list *list = NULL;
    okta_error *error = okta_from_json(okta_oauth2_client_jwk_list_descriptor(), LIST, strlen(LIST), &list);
    if (error != NULL) {
        _exit(3);
    }
    return list;
}

static okta_error *make_error(void)
{
    void *out = NULL;
    return okta_from_json(okta_oauth2_client_jwk_list_descriptor(), "{", 1, &out);
}

static okta_client *make_client(void)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    okta_client *client = NULL;
    options.org_url = "http://127.0.0.1:1";
    options.token = "token";
    if (okta_client_new(&options, &client) != NULL) {
        _exit(3);
    }
    return client;
}

static void free_a_result_twice(void)
{
    okta_oauth2_client_jwk_list *list = make_list();
    okta_free(list);
    okta_free(hide(list));
}

static void free_an_error_twice(void)
{
    okta_error *error = make_error();
    okta_free(error);
    okta_free(hide(error));
}

static void free_a_key_twice(void)
{
    okta_key *key = NULL;
    okta_free(okta_key_generate(OKTA_KEY_EC_P256, &key));
    okta_free(key);
    okta_free(hide(key));
}

static void free_a_client_once_for_its_call_too(void)
{
    okta_client *client = make_client();
    okta_call *call = okta_list_jwk_call(client, "app");
    okta_free(client);
    okta_free(client);
    okta_free(call);
}

static void free_an_element(void)
{
    okta_free(make_list()->items[1]);
}

static void free_a_string(void)
{
    okta_free(hide(make_list()->items[0]->kid));
}

static void free_an_extra(void)
{
    okta_free(hide(okta_extra(make_list()->items[0], "x5c")));
}

static void free_a_source(void)
{
    okta_free(hide(okta_source(make_list(), NULL)));
}

static void free_a_message(void)
{
    okta_free(hide(okta_error_message(make_error())));
}

static void free_behind_the_beginning(void)
{
    okta_free((char *)make_list() + 8);
}

static void free_memory_of_malloc(void)
{
    okta_free(hide(calloc(1, 64)));
}

static void free_no_address(void)
{
    okta_free((void *)(uintptr_t)64);
}

static void free_a_request_model(void)
{
    okta_oauth2_client_secret_request_body body = {
        .model = OKTA_INIT(okta_oauth2_client_secret_request_body),
        .client_secret = "a-secret-of-more-than-14",
    };
    okta_free(hide(&body));
}

static void free_a_constant(void)
{
    okta_free(hide(okta_version()));
}

static void free_a_descriptor(void)
{
    okta_free(hide(okta_oauth2_client_jwk_descriptor()));
}

static void take_another_type(void)
{
    okta_call *call = okta_list_jwk_call(make_client(), "app");
    okta_free(OKTA_TAKE(call, okta_oauth2_client_jwk));
}

static void take_of_an_operation_without_a_result(void)
{
    okta_call *call = okta_delete_jwk_call(make_client(), "app", "key");
    okta_free(OKTA_TAKE(call, okta_oauth2_client_jwk));
}

static void take_of_a_raw_call(void)
{
    okta_call *call = okta_request_call(make_client(), "GET", "/api/v1/users", NULL);
    okta_free(OKTA_TAKE(call, okta_oauth2_client_secret_list));
}

static void use_a_released_client(void)
{
    okta_oauth2_client_jwk_list *keys = NULL;
    okta_client *client = make_client();
    okta_free(client);
    okta_free(okta_list_jwk(hide(client), "app", &keys));
}

static void make_a_raw_call_of_a_released_client(void)
{
    okta_client *client = make_client();
    okta_free(client);
    okta_free(okta_request_call(hide(client), "GET", "/api/v1/users", NULL));
}

static void make_pages_of_a_released_client(void)
{
    okta_client *client = make_client();
    okta_free(client);
    okta_free(okta_request_pages(hide(client), "/api/v1/users"));
}

static void ask_a_released_client_for_its_limits(void)
{
    okta_rate_limits *limits = NULL;
    okta_client *client = make_client();
    okta_free(client);
    okta_free(okta_client_rate_limits(hide(client), &limits));
}

static void run_a_released_call(void)
{
    okta_call *call = okta_list_jwk_call(make_client(), "app");
    okta_free(call);
    okta_free(okta_call_run(hide(call)));
}

static void cancel_a_released_call(void)
{
    okta_call *call = okta_list_jwk_call(make_client(), "app");
    okta_free(call);
    okta_call_cancel(hide(call));
}

static void go_on_with_released_pages(void)
{
    okta_pages *pages = okta_request_pages(make_client(), "/api/v1/users");
    okta_free(pages);
    (void)okta_pages_next(hide(pages));
}

static void use_options_as_a_client(void)
{
    static okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    okta_oauth2_client_jwk_list *keys = NULL;
    okta_free(okta_list_jwk(hide(&options), "app", &keys));
}

#define TWICE    " was released before\n"
#define PART     " is a part of an object, such as an element of a list, and goes with it\n"
#define FOREIGN  " is not from the library\n"
#define ON_STACK " is on the stack, and not from the library\n"
#define STATIC   " is a variable of the program, and not from the library\n"

static const struct {
    const char *name;
    void (*act)(void);
    const char *begin;
    const char *end;
} misuses[] = {
    {"a result twice", free_a_result_twice, "okta_free(): 0x", TWICE},
    {"an error twice", free_an_error_twice, "okta_free(): 0x", TWICE},
    {"a key twice", free_a_key_twice, "okta_free(): 0x", TWICE},
    {"a client that a call holds", free_a_client_once_for_its_call_too, "okta_free(): 0x", TWICE},
    {"an element of a list", free_an_element, "okta_free(): 0x", PART},
    {"a string of a model", free_a_string, "okta_free(): 0x", PART},
    {"the text of an extra", free_an_extra, "okta_free(): 0x", PART},
    {"a source", free_a_source, "okta_free(): 0x", PART},
    {"the message of an error", free_a_message, "okta_free(): 0x", PART},
    {"behind the beginning", free_behind_the_beginning, "okta_free(): 0x", PART},
    {"memory of malloc", free_memory_of_malloc, "okta_free(): 0x", FOREIGN},
    {"no address", free_no_address, "okta_free(): 0x", FOREIGN},
    {"a model on the stack", free_a_request_model, "okta_free(): 0x",
     " is on the stack, and not from the library\n"},
    {"a constant", free_a_constant, "okta_free(): 0x", STATIC},
    {"a descriptor", free_a_descriptor, "okta_free(): 0x", STATIC},
    {"a released client", use_a_released_client, "listJwk(): 0x", TWICE},
    {"a raw call", make_a_raw_call_of_a_released_client, "request(): 0x", TWICE},
    {"pages", make_pages_of_a_released_client, "okta_request_pages(): 0x", TWICE},
    {"its limits", ask_a_released_client_for_its_limits, "okta_client_rate_limits(): 0x", TWICE},
    {"a released call", run_a_released_call, "okta_call_run(): 0x", TWICE},
    {"a cancel", cancel_a_released_call, "okta_call_cancel(): 0x", TWICE},
    {"released pages", go_on_with_released_pages, "okta_pages_next(): 0x", TWICE},
    {"no client", use_options_as_a_client, "listJwk(): 0x", STATIC},
    {"a list as its element", take_another_type, "okta_call_take(): the result of listJwk is ",
     " is OAuth2ClientJsonWebKey list, not OAuth2ClientJsonWebKey\n"},
    {"no result", take_of_an_operation_without_a_result, "okta_call_take(): the result of deletejwk is ",
     " is nothing, not OAuth2ClientJsonWebKey\n"},
    {"the result of a raw call", take_of_a_raw_call, "okta_call_take(): the result of request is ",
     " is nothing, not OAuth2ClientSecret list\n"},
};

/* Run it in a child whose standard error is read. Returns how it ended. */
static int run_and_read(void (*act)(void), char *said, size_t size)
{
    const struct rlimit no_core = {0, 0};
    int from[2];
    int status = 0;
    size_t length = 0;
    ssize_t got;
    assert_int_equal(pipe(from), 0);
    (void)fflush(NULL);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        (void)signal(SIGABRT, SIG_DFL);
        (void)setrlimit(RLIMIT_CORE, &no_core);
        (void)alarm(60);
        _exit(dup2(from[1], STDERR_FILENO) < 0 ? 3 : (act(), 0));
    }
    close(from[1]);
    while (length < size - 1 && (got = read(from[0], said + length, size - 1 - length)) > 0) {
        length += (size_t)got;
    }
    said[length] = '\0';
    close(from[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text);
    return length >= strlen(end) && strcmp(text + length - strlen(end), end) == 0;
}

static void a_misuse_ends_the_program_and_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(misuses); i++) {
        char said[4096];
        char begin[128];
        int status = run_and_read(misuses[i].act, said, sizeof said);
        snprintf(begin, sizeof begin, "libokta: %s", misuses[i].begin);
        /* AddressSanitizer may keep variables elsewhere. */
        bool may_be_elsewhere = is_sanitized() && strcmp(misuses[i].end, ON_STACK) == 0;
        bool is_named = ends_with(said, misuses[i].end) || (may_be_elsewhere && ends_with(said, FOREIGN));
        if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGABRT || strncmp(said, begin, strlen(begin)) != 0 ||
            !is_named) {
            fail_msg("%s: status %d, \"%s\"", misuses[i].name, status, said);
        }
    }
}

/* More roots than a short table could hold, released in another order than they were made. */
static void release_much(void)
{
    enum { MANY = 5000 };
    static void *objects[MANY];
    for (unsigned round = 0; round < 3; round++) {
        for (unsigned i = 0; i < MANY; i++) {
            objects[i] = i % 2 == 0 ? (void *)make_list() : (void *)make_error();
        }
        for (unsigned i = 0; i < MANY; i++) {
            okta_free(objects[i * 7 % MANY]);
        }
    }
    okta_free(NULL);
    okta_client *client = make_client();
    okta_call *call = okta_list_jwk_call(client, "app");
    okta_free(client);
    okta_free(call);
    okta_error *no_memory = okta_call_run(NULL);
    okta_free(no_memory);
    okta_free(no_memory);
}

static void what_is_owned_is_released_in_any_order(void **state)
{
    char said[4096];
    (void)state;
    int status = run_and_read(release_much, said, sizeof said);
    assert_string_equal(said, "");
    assert_int_equal(status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_misuse_ends_the_program_and_is_named),
        cmocka_unit_test(what_is_owned_is_released_in_any_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
