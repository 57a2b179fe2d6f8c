/* SPDX-License-Identifier: Apache-2.0 */
/* How the library starts what lies below it: each case in a process where nothing has started. */
#include <curl/curl.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "okta/api/application_sso_public_keys.h"
#include "okta/okta.h"
#include "process/children.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* What fails, how often; and what was asked for. */
static struct {
    unsigned context;
    unsigned curl;
    CURLcode curl_code;
    unsigned random;
    unsigned atfork;
    unsigned curl_starts;
    pid_t forked; /* by what is loaded; -1: it is to fork */
    bool curl_is_old;
} script;

/* One thread initialises, another forks. */
static struct {
    bool wait;
    atomic_bool inside;
    atomic_bool forking;
    atomic_bool forked;
} race;

OSSL_LIB_CTX *__real_OSSL_LIB_CTX_get0_global_default(void);
OSSL_LIB_CTX *__wrap_OSSL_LIB_CTX_get0_global_default(void);
CURLcode __real_curl_global_init(long flags);
CURLcode __wrap_curl_global_init(long flags);
curl_version_info_data *__real_curl_version_info(CURLversion version);
curl_version_info_data *__wrap_curl_version_info(CURLversion version);
int __real_RAND_bytes(unsigned char *out, int length);
int __wrap_RAND_bytes(unsigned char *out, int length);

static bool strikes(unsigned *times)
{
    *times -= *times > 0 ? 1 : 0;
    return *times > 0;
}

OSSL_LIB_CTX *__wrap_OSSL_LIB_CTX_get0_global_default(void)
{
    return strikes(&script.context) ? NULL : __real_OSSL_LIB_CTX_get0_global_default();
}

CURLcode __wrap_curl_global_init(long flags)
{
    script.curl_starts++;
    if (race.wait) {
        atomic_store(&race.inside, true);
        while (!atomic_load(&race.forking)) {
            sched_yield();
        }
        for (unsigned i = 0; i < 2000; i++) {
            sched_yield(); /* so that the fork comes while this thread is here, wherever it can */
        }
    }
    if (script.forked < 0) {
        script.forked = fork();
        if (script.forked == 0) {
            _exit(7);
        }
    }
    return strikes(&script.curl) ? script.curl_code : __real_curl_global_init(flags);
}

curl_version_info_data *__wrap_curl_version_info(CURLversion version)
{
    static curl_version_info_data old;
    if (!script.curl_is_old) {
        return __real_curl_version_info(version);
    }
    old = *__real_curl_version_info(version);
    old.version_num = 0x075702;
    return &old;
}

int __wrap_RAND_bytes(unsigned char *out, int length)
{
    if (!strikes(&script.random)) {
        return __real_RAND_bytes(out, length);
    }
    ERR_raise(ERR_LIB_RAND, ERR_R_INTERNAL_ERROR);
    return 0;
}

/* A sanitizer's runtime calls it too. */
#ifdef WRAP_ATFORK
int __real_pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void));
int __wrap_pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void));

int __wrap_pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void))
{
    return strikes(&script.atfork) ? 12 : __real_pthread_atfork(prepare, parent, child);
}
#endif

static okta_error *make_client(const char *org_url, okta_client **out)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = org_url;
    options.token = "00tok-Canary_7";
    options.proxy = "";
    options.max_retries = okta_int(0);
    return okta_client_new(&options, out);
}

#define TLS_ORG   "https://127.0.0.1:1"
#define PLAIN_ORG "http://127.0.0.1:1"

/* A call that finds nobody there, so that all has started that a call needs. */
static const char *expect_a_working_client(const char *org_url)
{
    okta_client *client = NULL;
    okta_oauth2_client_jwk_list *list = NULL;
    CHILD_EXPECT(make_client(org_url, &client) == NULL);
    okta_error *error = okta_list_jwk(client, "app", &list);
    CHILD_EXPECT(okta_error_status(error) == OKTA_E_TRANSPORT);
    okta_free(error);
    okta_free(client);
    return NULL;
}

static const char *expect_refusal(const char *org_url, okta_status status)
{
    okta_client *client = NULL;
    okta_error *error = make_client(org_url, &client);
    CHILD_EXPECT(okta_error_status(error) == status);
    CHILD_EXPECT(client == NULL);
    CHILD_EXPECT(ERR_peek_error() == 0);
    okta_free(error);
    return NULL;
}

static const char *start_again_and_again(void *context)
{
    static const struct {
        unsigned *what;
        CURLcode code;
        okta_status status;
    } cases[] = {
#ifdef WRAP_ATFORK
        {&script.atfork, CURLE_OK, OKTA_E_NOMEM},
#endif
        {&script.context, CURLE_OK, OKTA_E_NOMEM},
        {&script.curl, CURLE_OUT_OF_MEMORY, OKTA_E_NOMEM},
        {&script.curl, CURLE_FAILED_INIT, OKTA_E_TRANSPORT},
        {&script.random, CURLE_OK, OKTA_E_CONFIG},
    };
    (void)context;
    for (size_t i = 0; i < COUNT(cases); i++) {
        unsigned before = script.curl_starts;
        *cases[i].what = 3;
        script.curl_code = cases[i].code;
        const char *wrong = expect_refusal(TLS_ORG, cases[i].status);
        if (wrong != NULL) {
            return wrong;
        }
        CHILD_EXPECT(*cases[i].what == 2 || cases[i].what == &script.atfork);
        /* Nothing starts behind what did not. */
        bool below = cases[i].what == &script.atfork || cases[i].what == &script.context;
        CHILD_EXPECT(!below || script.curl_starts == before);
        *cases[i].what = 0;
    }
    return expect_a_working_client(TLS_ORG);
}

static void starts_each_step_behind_a_good_one_and_again_after_a_bad_one(void **state)
{
    (void)state;
    run_in_child("failures", start_again_and_again, NULL);
}

static const char *meet_an_old_libcurl(void *context)
{
    (void)context;
    script.curl_is_old = true;
    return expect_refusal(TLS_ORG, OKTA_E_TRANSPORT);
}

static const char *do_without_tls(void *context)
{
    (void)context;
    script.random = 9;
    const char *wrong = expect_a_working_client(PLAIN_ORG);
    CHILD_EXPECT(script.random == 9);
    return wrong != NULL ? wrong : expect_refusal(TLS_ORG, OKTA_E_CONFIG);
}

static const char *meet_a_key_log(void *context)
{
    (void)context;
    CHILD_EXPECT(setenv("SSLKEYLOGFILE", "/nowhere", 1) == 0);
    okta_error *error = okta_use_wiping_memory();
    CHILD_EXPECT(okta_error_status(error) == OKTA_E_CONFIG);
    CHILD_EXPECT(strstr(okta_error_message(error), "SSLKEYLOGFILE") != NULL);
    okta_free(error);
    CHILD_EXPECT(unsetenv("SSLKEYLOGFILE") == 0);
    CHILD_EXPECT(okta_use_wiping_memory() == NULL);
    CHILD_EXPECT(setenv("SSLKEYLOGFILE", "/nowhere", 1) == 0);
    const char *wrong = expect_refusal(TLS_ORG, OKTA_E_CONFIG);
    CHILD_EXPECT(unsetenv("SSLKEYLOGFILE") == 0);
    return wrong != NULL ? wrong : expect_a_working_client(TLS_ORG);
}

static void refuses_what_it_cannot_work_with(void **state)
{
    (void)state;
    run_in_child("an old libcurl", meet_an_old_libcurl, NULL);
    run_in_child("no TLS needed", do_without_tls, NULL);
    run_in_child("SSLKEYLOGFILE", meet_a_key_log, NULL);
}

static void *initialise(void *context)
{
    okta_client *client = NULL;
    okta_error *error = make_client(TLS_ORG, &client);
    *(bool *)context = error == NULL;
    /* A thread that ends takes locks of OpenSSL's, which no child must inherit. */
    while (!atomic_load(&race.forked)) {
        sched_yield();
    }
    okta_free(error);
    okta_free(client);
    return NULL;
}

static const char *fork_while_another_thread_initialises(void *context)
{
    (void)context;
    pthread_t thread;
    bool good = false;
    int status = -1;
    race.wait = true;
    CHILD_EXPECT(pthread_create(&thread, NULL, initialise, &good) == 0);
    while (!atomic_load(&race.inside)) {
        sched_yield();
    }
    atomic_store(&race.forking, true);
    pid_t pid = fork();
    atomic_store(&race.forked, true);
    CHILD_EXPECT(pid >= 0);
    if (pid == 0) {
        alarm(20);
        if (expect_a_working_client(TLS_ORG) == NULL) {
            /* A sanitizer's look at the end would miss the other thread. */
            (void)raise(SIGKILL);
        }
        _exit(1);
    }
    CHILD_EXPECT(waitpid(pid, &status, 0) == pid);
    CHILD_EXPECT(pthread_join(thread, NULL) == 0);
    CHILD_EXPECT(good);
    CHILD_EXPECT(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    return NULL;
}

/* As an OpenSSL provider may do it that is loaded then. */
static const char *fork_within_the_start(void *context)
{
    int status = -1;
    (void)context;
    script.forked = -1;
    const char *wrong = expect_a_working_client(TLS_ORG);
    CHILD_EXPECT(script.forked > 0);
    CHILD_EXPECT(waitpid(script.forked, &status, 0) == script.forked);
    CHILD_EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 7);
    /* Later forks wait again, and find all well. */
    pid_t pid = fork();
    CHILD_EXPECT(pid >= 0);
    if (pid == 0) {
        _exit(expect_a_working_client(TLS_ORG) == NULL ? 0 : 1);
    }
    CHILD_EXPECT(waitpid(pid, &status, 0) == pid);
    CHILD_EXPECT(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    return wrong;
}

static void what_is_loaded_may_fork_while_the_library_starts(void **state)
{
    (void)state;
    run_in_child("a fork within", fork_within_the_start, NULL);
}

static void a_fork_waits_for_a_start_that_is_under_way(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 10; i++) {
        run_in_child("fork while starting", fork_while_another_thread_initialises, NULL);
    }
}

static const char *wipe_in_time(void *context)
{
    (void)context;
    CHILD_EXPECT(okta_use_wiping_memory() == NULL);
    CHILD_EXPECT(okta_use_wiping_memory() == NULL);
    const char *wrong = expect_a_working_client(TLS_ORG);
    CHILD_EXPECT(okta_use_wiping_memory() == NULL);
    return wrong;
}

static const char *expect_too_late(const char *why)
{
    okta_error *error = okta_use_wiping_memory();
    CHILD_EXPECT(okta_error_status(error) == OKTA_E_CONFIG);
    CHILD_EXPECT(strstr(okta_error_message(error), "too late") != NULL);
    CHILD_EXPECT(strstr(okta_error_message(error), why) != NULL);
    okta_free(error);
    return expect_a_working_client(TLS_ORG);
}

static const char *wipe_after_a_client(void *context)
{
    (void)context;
    const char *wrong = expect_a_working_client(TLS_ORG);
    return wrong != NULL ? wrong : expect_too_late("client");
}

static const char *wipe_after_openssl(void *context)
{
    (void)context;
    unsigned char digest[EVP_MAX_MD_SIZE];
    CHILD_EXPECT(EVP_Digest("a", 1, digest, NULL, EVP_sha256(), NULL) == 1);
    return expect_too_late("OpenSSL");
}

/* Without TLS libcurl leaves OpenSSL alone. */
static const char *wipe_after_libcurl(void *context)
{
    (void)context;
    CHILD_EXPECT(__real_curl_global_init(CURL_GLOBAL_NOTHING) == CURLE_OK);
    const char *wrong = expect_too_late("");
    CURL *easy = curl_easy_init();
    CHILD_EXPECT(easy != NULL);
    curl_easy_cleanup(easy);
    curl_global_cleanup();
    return wrong;
}

static const char *wipe_without_a_context(void *context)
{
    (void)context;
    script.context = 2;
    CHILD_EXPECT(okta_error_status(okta_use_wiping_memory()) == OKTA_E_NOMEM);
    CHILD_EXPECT(okta_use_wiping_memory() == NULL);
    return expect_a_working_client(TLS_ORG);
}

static void takes_the_wiping_allocator_in_time_or_not_at_all(void **state)
{
    (void)state;
    run_in_child("in time", wipe_in_time, NULL);
    run_in_child("after a client", wipe_after_a_client, NULL);
    run_in_child("after OpenSSL", wipe_after_openssl, NULL);
    run_in_child("after libcurl", wipe_after_libcurl, NULL);
    run_in_child("out of memory", wipe_without_a_context, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(starts_each_step_behind_a_good_one_and_again_after_a_bad_one),
        cmocka_unit_test(refuses_what_it_cannot_work_with),
        cmocka_unit_test(what_is_loaded_may_fork_while_the_library_starts),
        cmocka_unit_test(a_fork_waits_for_a_start_that_is_under_way),
        cmocka_unit_test(takes_the_wiping_allocator_in_time_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
