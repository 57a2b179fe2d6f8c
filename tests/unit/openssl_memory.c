/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/openssl_memory.h"

#include <malloc.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#include "unit/allocations.h"
#include "unit/keys_support.h"

void *__real_malloc(size_t size);
void *__real_realloc(void *memory, size_t size);

static bool openssl_too;

/* OpenSSL's start is out of memory: 1 its context, 2 the rest. */
static int start_failure;

OSSL_LIB_CTX *__real_OSSL_LIB_CTX_get0_global_default(void);
int __real_OPENSSL_init_crypto(uint64_t options, const OPENSSL_INIT_SETTINGS *settings);
OSSL_LIB_CTX *__wrap_OSSL_LIB_CTX_get0_global_default(void);
int __wrap_OPENSSL_init_crypto(uint64_t options, const OPENSSL_INIT_SETTINGS *settings);

OSSL_LIB_CTX *__wrap_OSSL_LIB_CTX_get0_global_default(void)
{
    return start_failure == 1 ? NULL : __real_OSSL_LIB_CTX_get0_global_default();
}

int __wrap_OPENSSL_init_crypto(uint64_t options, const OPENSSL_INIT_SETTINGS *settings)
{
    return start_failure == 2 ? 0 : __real_OPENSSL_init_crypto(options, settings);
}

/* What is searched later is written first. */
static void *openssl_malloc(size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    void *memory = openssl_too ? malloc(size) : __real_malloc(size);
    if (memory != NULL) {
        memset(memory, 0xa5, size);
    }
    return memory;
}

static void *openssl_realloc(void *memory, size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    size_t before = memory == NULL ? 0 : malloc_usable_size(memory);
    char *moved = openssl_too ? realloc(memory, size) : __real_realloc(memory, size);
    if (moved != NULL && size > before) {
        memset(moved + before, 0xa5, size - before);
    }
    return moved;
}

static void openssl_free(void *memory, const char *file, int line)
{
    (void)file;
    (void)line;
    free(memory);
}

bool openssl_memory_take(void)
{
    return CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free) == 1;
}

void openssl_memory_settle(const memory_operations *operations)
{
    for (size_t i = 0; i < operations->count; i++) {
        assert_null(operations->all[i].run());
    }
    ERR_clear_error();
}

okta_error *expect_refusal(okta_error *error)
{
    if (okta_error_status(error) != OKTA_E_ARG) {
        return error;
    }
    okta_free(error);
    return NULL;
}

/* Runs an operation with its nth allocation failing. The caller's error queue is not empty where only the
 * library's own memory fails; below an entry of the caller, OpenSSL's reason is not always to be seen. */
static okta_status strike(const memory_operation *operation, size_t nth, bool lasting, bool *struck)
{
    if (!openssl_too) {
        ERR_raise(ERR_LIB_USER, 42);
    }
    allocations_begin(nth, lasting);
    okta_error *error = operation->run();
    *struck = allocations_end();
    okta_status status = okta_error_status(error);
    okta_free(error);
    if (!openssl_too) {
        assert_int_equal(ERR_GET_REASON(ERR_get_error()), 42);
    }
    assert_int_equal(ERR_peek_error(), 0);
    return status;
}

static void sweep(const memory_operation *operation, bool lasting, size_t silent_share)
{
    size_t strikes = 0;
    size_t out_of_memory = 0;
    size_t survived = 0;
    bool struck = true;
    for (size_t nth = 1; struck; nth++) {
        okta_status status = strike(operation, nth, lasting, &struck);
        strikes += struck;
        survived += struck && status == OKTA_OK;
        out_of_memory += status == OKTA_E_NOMEM;
        assert_true(struck || status == OKTA_OK);
    }
    print_message("%s: %zu allocations fail%s, %zu calls succeed, %zu are out of memory\n", operation->name,
                  strikes, lasting ? " with all after" : "", survived, out_of_memory);
    assert_true(strikes > 0);
    if (!openssl_too) {
        assert_int_equal(out_of_memory, strikes);
    }
    /* OpenSSL does without some memory, and sometimes forgets to say that it had none. */
    assert_true(survived + out_of_memory + strikes / silent_share + 1 >= strikes);
}

static void sweep_all(const memory_operations *operations, bool with_openssl)
{
    openssl_too = with_openssl;
    for (size_t i = 0; i < operations->count; i++) {
        sweep(&operations->all[i], false, operations->silent_share);
        sweep(&operations->all[i], true, operations->silent_share);
    }
    openssl_too = false;
}

void each_allocation_of_the_library_may_fail(void **state)
{
    sweep_all(*state, false);
}

void each_allocation_of_openssl_may_fail(void **state)
{
    sweep_all(*state, true);
}

void openssl_may_fail_to_start(void **state)
{
    const memory_operations *operations = *state;
    size_t refused = 0;
    for (start_failure = 1; start_failure <= 2; start_failure++) {
        for (size_t i = 0; i < operations->count; i++) {
            okta_error *error = operations->all[i].run();
            assert_true(error == NULL || okta_error_status(error) == OKTA_E_NOMEM);
            refused += error != NULL;
            okta_free(error);
        }
    }
    start_failure = 0;
    assert_int_equal(refused, 2 * (operations->count - operations->without_openssl));
}
