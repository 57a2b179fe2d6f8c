/* SPDX-License-Identifier: Apache-2.0 */
/* A program that uses libcurl and OpenSSL itself, and one that changes its locale and time zone. */
#include <curl/curl.h>
#include <locale.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "faults/fault_script.h"
#include "faults/fault_world.h"
#include "process/children.h"
#include "process/small_org.h"
#include "json/number.h"

static size_t swallow(char *data, size_t size, size_t count, void *context)
{
    (void)data;
    *(size_t *)context += size * count;
    return size * count;
}

/* What the host does by itself: a request, and a digest. */
static void be_the_host(const small_org *org)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    size_t received = 0;
    CURL *easy = curl_easy_init();
    assert_non_null(easy);
    curl_easy_setopt(easy, CURLOPT_URL, fault_server_url(org->server));
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_CAINFO, org->tls.ca_file);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, swallow);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &received);
    assert_int_equal(curl_easy_perform(easy), CURLE_OK);
    assert_int_equal(received, strlen(FAULT_GOOD_BODY));
    curl_easy_cleanup(easy);
    assert_int_equal(EVP_Digest("abc", 3, digest, &length, EVP_sha256(), NULL), 1);
    assert_int_equal(length, 32);
    assert_int_equal(digest[0], 0xba);
}

static void use_the_library(const small_org *org)
{
    okta_client *client = small_org_client(org);
    assert_true(small_org_get(client, NULL));
    assert_true(small_org_post(client, NULL));
    okta_free(client);
}

static void expect_refused_connection(void)
{
    okta_client *client = NULL;
    okta_oauth2_client_jwk_list *list = NULL;
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = "https://127.0.0.1:1";
    options.token = "00tok-Canary_7";
    options.proxy = "";
    options.max_retries = okta_int(0);
    assert_null(okta_client_new(&options, &client));
    okta_error *error = okta_list_jwk(client, SMALL_APP, &list);
    assert_int_equal(okta_error_status(error), OKTA_E_TRANSPORT);
    okta_free(error);
    okta_free(client);
}

static void shares_libcurl_and_openssl_with_the_program(void **state)
{
    small_org *org = *state;
    small_org_start(org, SMALL_TLS, NULL);
    assert_int_equal(curl_global_init(CURL_GLOBAL_DEFAULT), CURLE_OK);
    be_the_host(org);
    use_the_library(org);
    be_the_host(org);
    okta_client *client = small_org_client(org);
    assert_true(small_org_get(client, NULL));
    /* The program is done with libcurl; the library is not. */
    curl_global_cleanup();
    assert_true(small_org_get(client, NULL));
    use_the_library(org);
    okta_free(client);
    assert_int_equal(curl_global_init(CURL_GLOBAL_DEFAULT), CURLE_OK);
    be_the_host(org);
    curl_global_cleanup();
    use_the_library(org);
}

/* Its own errors in OpenSSL's queue are the program's, before and after good calls and bad ones. */
static void leaves_the_programs_openssl_errors_alone(void **state)
{
    small_org *org = *state;
    small_org_start(org, SMALL_TLS, NULL);
    ERR_clear_error();
    use_the_library(org);
    expect_refused_connection();
    assert_int_equal(ERR_peek_error(), 0);
    ERR_raise(ERR_LIB_USER, 77);
    unsigned long mine = ERR_peek_last_error();
    expect_refused_connection();
    okta_key *key = NULL;
    okta_error *error = okta_key_from_pem("no key", 6, NULL, NULL, &key);
    assert_int_equal(okta_error_status(error), OKTA_E_ARG);
    okta_free(error);
    assert_int_equal(ERR_get_error(), mine);
    assert_int_equal(ERR_get_error(), 0);
}

/* Numbers, dates and letters go through the library here: everything that a locale could change. */
static void tell(char *out, size_t size)
{
    static const fault_step script[] = {
        READ,
        SEND(
            "HTTP/1.1 429 I\r\nCONTENT-TYPE: APPLICATION/JSON\r\nRETRY-AFTER: 3\r\nX-RATE-LIMIT-LIMIT: 10\r\n"
            "x-rate-limit-remaining: 0\r\nX-Rate-Limit-Reset: 1750000010\r\nDATE: Sun, 15 Jun 2025 15:06:40 "
            "GMT\r\n"
            "CONTENT-LENGTH: 30\r\n\r\n{\"errorCode\":\"E0000047\",\"d\":1}"),
        READ,
        SEND("HTTP/1.1 503 I\r\nRETRY-AFTER: Sun, 15 Jun 2025 15:06:50 GMT\r\nDATE: Sun, 15 Jun 2025 "
             "15:06:40 GMT\r\n"
             "CONTENT-LENGTH: 0\r\n\r\n"),
        READ,
        SEND("HTTP/1.1 200 I\r\ncontent-type: application/json\r\ncontent-length: 34\r\nX-RATE-LIMIT-RESET: "
             "1750000010\r\n"
             "\r\n{\"id\":\"good\",\"d\":1.5e3,\"\xc3\x84\":-0.25}"),
        END};
    fault_world world;
    double number = 0;
    char text[OKTAI_NUMBER_SIZE];
    const fault_plan plan = {.script = script};
    fault_world_start(&world, &plan, NULL);
    okta_call *call = okta_get_jwk_call(world.client, SMALL_APP, "key");
    okta_error *error = okta_call_run(call);
    okta_oauth2_client_jwk *key = OKTA_TAKE(call, okta_oauth2_client_jwk);
    bool read = oktai_number_to_double("-1234.5e-2", 10, &number);
    oktai_number_from_double(number, text);
    snprintf(out, size, "%s; %u attempts; waited %d; reset %d; %s; %s; %s; %d", okta_error_message(error),
             okta_call_attempts(call), (int)(world.clock.now_ms / 1000),
             (int)okta_call_rate_limit(call).reset.value, key == NULL ? "none" : key->id,
             key == NULL ? "none" : okta_extra(key, "d"), text, read);
    okta_free(error);
    okta_free(key);
    okta_free(call);
    fault_world_stop(&world);
}

static bool make_locale(const char *folder, const char *language)
{
    char path[128];
    int status = -1;
    snprintf(path, sizeof path, "%s/%s.UTF-8", folder, language);
    pid_t pid = fork();
    if (pid == 0) {
        execlp("localedef", "localedef", "--no-archive", "-c", "-i", language, "-f", "UTF-8", path,
               (char *)NULL);
        _exit(127);
    }
    return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static void remove_folder(const char *folder)
{
    pid_t pid = fork();
    if (pid == 0) {
        execlp("rm", "rm", "-r", folder, (char *)NULL);
        _exit(127);
    }
    waitpid(pid, NULL, 0);
}

static void says_the_same_in_every_time_zone(void **state)
{
    static const char *const zones[] = {"UTC0", "EST5EDT", "XXX-14", "Asia/Kolkata"};
    char first[512];
    (void)state;
    tell(first, sizeof first);
    assert_non_null(strstr(first, "success; 3 attempts"));
    assert_non_null(strstr(first, "good; 1.5e3; -12.345; 1"));
    for (size_t i = 0; i < COUNT(zones); i++) {
        char again[512];
        assert_int_equal(setenv("TZ", zones[i], 1), 0);
        tzset();
        tell(again, sizeof again);
        assert_string_equal(again, first);
    }
    assert_int_equal(unsetenv("TZ"), 0);
    tzset();
}

/* Commas in numbers, and an i whose capital has a dot. */
static void says_the_same_in_every_locale(void **state)
{
    static const char *const languages[] = {"de_DE", "tr_TR"};
    char folder[] = "/tmp/okta-locales-XXXXXX";
    char first[512];
    unsigned tried = 0;
    (void)state;
    tell(first, sizeof first);
    assert_non_null(mkdtemp(folder));
    assert_int_equal(setenv("LOCPATH", folder, 1), 0);
    for (size_t i = 0; i < COUNT(languages); i++) {
        char name[32];
        char again[512];
        snprintf(name, sizeof name, "%s.UTF-8", languages[i]);
        if (make_locale(folder, languages[i]) && setlocale(LC_ALL, name) != NULL) {
            assert_string_equal(localeconv()->decimal_point, ",");
            tell(again, sizeof again);
            assert_non_null(setlocale(LC_ALL, "C"));
            assert_string_equal(again, first);
            tried++;
        }
    }
    assert_int_equal(unsetenv("LOCPATH"), 0);
    remove_folder(folder);
    if (tried == 0) {
        print_message("localedef makes no locale here\n");
        skip();
    }
    assert_int_equal(tried, COUNT(languages));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ORG_TEST(shares_libcurl_and_openssl_with_the_program),
        ORG_TEST(leaves_the_programs_openssl_errors_alone),
        cmocka_unit_test(says_the_same_in_every_time_zone),
        cmocka_unit_test(says_the_same_in_every_locale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
