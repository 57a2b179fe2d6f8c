/* SPDX-License-Identifier: Apache-2.0 */
/* The shared library as a plug-in: loaded, used and unloaded again and again. */
#include <dlfcn.h>
#include <malloc.h>
#include <netdb.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "faults/fault_resolver.h"
#include "okta/api/application_sso_public_keys.h"
#include "okta/okta.h"
#include "process/threads.h"

#define CYCLES  100u
#define WARM_UP 10u

/* Enough for a busy machine to begin a look-up. */
#define LOOK_UP_MS 500

/* What libcurl keeps of each start in a process that unloads it. */
#define GROWTH_MAX ((size_t)1024 * CYCLES)

typedef okta_error *client_new_fn(const okta_client_options *options, okta_client **out);
typedef okta_error *list_fn(okta_client *client, const char *app_id, okta_oauth2_client_jwk_list **out);
typedef okta_status status_fn(const okta_error *error);
typedef void free_fn(void *object);

/* A function pointer is no object pointer: it is copied. */
static void find(void *library, const char *name, void *function, size_t size)
{
    void *symbol = dlsym(library, name);
    assert_non_null(symbol);
    assert_int_equal(size, sizeof symbol);
    memcpy(function, &symbol, size);
}

/* Load the library, have a call fail, and unload it. */
static void load_use_and_unload(const char *org_url, int64_t timeout_ms, okta_status expected)
{
    client_new_fn *client_new;
    list_fn *list_jwk;
    status_fn *status;
    free_fn *release;
    okta_client *client = NULL;
    okta_oauth2_client_jwk_list *list = NULL;
    void *library = dlopen(OKTA_LIBRARY, RTLD_NOW | RTLD_LOCAL);
    assert_non_null(library);
    find(library, "okta_client_new", &client_new, sizeof client_new);
    find(library, "okta_list_jwk", &list_jwk, sizeof list_jwk);
    find(library, "okta_error_status", &status, sizeof status);
    find(library, "okta_free", &release, sizeof release);
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = org_url;
    options.timeout_ms = timeout_ms;
    options.token = "00tok-Canary_7";
    options.proxy = "";
    options.max_retries.has = true;
    assert_null(client_new(&options, &client));
    okta_error *error = list_jwk(client, "app", &list);
    assert_int_equal(status(error), expected);
    release(error);
    release(client);
    assert_int_equal(dlclose(library), 0);
}

static void can_be_loaded_and_unloaded_again_and_again(void **state)
{
    size_t before = 0;
    (void)state;
    for (unsigned i = 0; i < WARM_UP + CYCLES; i++) {
        before = i == WARM_UP ? mallinfo2().uordblks : before;
        load_use_and_unload("https://127.0.0.1:1", 60000, OKTA_E_TRANSPORT);
    }
    size_t after = mallinfo2().uordblks;
    print_message("%zu bytes more after %u times\n", after - before, CYCLES);
    assert_true(after <= before + GROWTH_MAX);
}

/* Nothing of it is called any more. */
static void a_process_forks_after_it_is_gone(void **state)
{
    int status = -1;
    (void)state;
    load_use_and_unload("https://127.0.0.1:1", 60000, OKTA_E_TRANSPORT);
    pid_t pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        _exit(7);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 7);
}

/* The thread of a look-up outlives the client. Its code stays until the process ends. */
static void it_is_unloaded_while_a_look_up_hangs(void **state)
{
    (void)state;
    fault_resolver_hang();
    for (unsigned i = 0; i < 3; i++) {
        load_use_and_unload("https://org.test:1", LOOK_UP_MS, OKTA_E_TIMEOUT);
    }
    assert_int_equal(threads_count(), 4);
    fault_resolver_fail(EAI_AGAIN);
    fault_resolver_await_idle();
    while (threads_count() > 1) {
        sched_yield();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(can_be_loaded_and_unloaded_again_and_again),
        cmocka_unit_test(a_process_forks_after_it_is_gone),
        cmocka_unit_test(it_is_unloaded_while_a_look_up_hangs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
