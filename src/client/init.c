/* SPDX-License-Identifier: Apache-2.0 */
#include "client/init.h"

#include <curl/curl.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "core/error.h"
#include "core/memory.h"
#include "core/openssl.h"
#include "core/process.h"
#include "http/tls_hooks.h"
#include "okta/memory.h"

#define KEPT_BYTES ((size_t)1024 * 1024)

static pthread_mutex_t init_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t fork_once = PTHREAD_ONCE_INIT;
static bool fork_is_guarded;
static bool initialised;
static bool tls_ready;
static bool openssl_is_wiped;
static atomic_bool curl_is_wiped;

/* Whether this thread initialises: OpenSSL's providers and engines, which it loads then, may fork. */
static _Thread_local bool initialises;

/* Whether this thread forks: the program's own handlers, which run meanwhile, may make clients. */
static _Thread_local bool forks;

static void lock(void)
{
    if (!forks) {
        pthread_mutex_lock(&init_lock);
    }
    initialises = true;
}

static void unlock(void)
{
    initialises = false;
    if (!forks) {
        pthread_mutex_unlock(&init_lock);
    }
}

static void before_fork(void)
{
    if (!initialises) {
        pthread_mutex_lock(&init_lock);
        forks = true;
    }
}

static void after_fork(void)
{
    if (!initialises) {
        forks = false;
        pthread_mutex_unlock(&init_lock);
    }
}

static void in_child(void)
{
    oktai_process_forked();
    after_fork();
}

/* A fork waits until no other thread initialises: a child that inherits libcurl or OpenSSL half made, with a
 * lock that is held by a thread it does not have, could never use either. */
static void guard_fork(void)
{
    fork_is_guarded = pthread_atfork(before_fork, after_fork, in_child) == 0;
}

static okta_error *begin(void)
{
    pthread_once(&fork_once, guard_fork);
    lock();
    if (!fork_is_guarded) {
        guard_fork();
    }
    if (!fork_is_guarded) {
        return oktai_error_nomem();
    }
    if (getenv("SSLKEYLOGFILE") != NULL) {
        return oktai_error_new(OKTA_E_CONFIG,
                               "SSLKEYLOGFILE is set: libcurl would write TLS secrets to a file");
    }
    return NULL;
}

static void *openssl_malloc(size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return size == 0 ? NULL : oktai_wiping_malloc(size);
}

static void openssl_free(void *memory, const char *file, int line)
{
    (void)file;
    (void)line;
    oktai_wiping_free(memory);
}

static void *openssl_realloc(void *memory, size_t size, const char *file, int line)
{
    if (size == 0) {
        openssl_free(memory, file, line);
        return NULL;
    }
    return oktai_wiping_realloc(memory, size);
}

static void *curl_malloc(size_t size)
{
    atomic_store_explicit(&curl_is_wiped, true, memory_order_relaxed);
    return oktai_wiping_malloc(size);
}

static void *curl_realloc(void *memory, size_t size)
{
    return memory == NULL ? curl_malloc(size) : oktai_wiping_realloc(memory, size);
}

/* libcurl takes the allocator of its first initialisation, and keeps silent about others. */
static bool curl_takes_our_memory(void)
{
    atomic_store(&curl_is_wiped, false);
    curl_free(curl_easy_escape(NULL, "a", 1));
    return atomic_load(&curl_is_wiped);
}

static CURLcode start_curl(bool wiping)
{
    return wiping ? curl_global_init_mem(CURL_GLOBAL_DEFAULT, curl_malloc, oktai_wiping_free, curl_realloc,
                                         oktai_wiping_strdup, oktai_wiping_calloc)
                  : curl_global_init(CURL_GLOBAL_DEFAULT);
}

static okta_error *init_curl(bool wiping)
{
    CURLcode code = start_curl(wiping);
    if (code == CURLE_OUT_OF_MEMORY) {
        return oktai_error_nomem();
    }
    if (code != CURLE_OK) {
        return oktai_error_new(OKTA_E_TRANSPORT, "libcurl does not start: %s", curl_easy_strerror(code));
    }
    if (curl_version_info(CURLVERSION_NOW)->version_num < 0x075800) {
        curl_global_cleanup();
        return oktai_error_new(OKTA_E_TRANSPORT, "libcurl is older than 7.88.0");
    }
    return NULL;
}

/* OpenSSL 3.0 crashes later when its default context could not be made for want of memory: so that comes
 * first, and libcurl, which uses it, only behind a good one. */
/* glibc keeps the memory of blocks of a size that it saw come from the system and go back once. Else it gives
 * the memory of a list back each time that one is freed, and takes it again for the next one page by page. */
static void keep_memory(void)
{
    void *volatile block = malloc(KEPT_BYTES);
    free(block);
}

static okta_error *init_libraries(bool wiping)
{
    oktai_openssl stretch;
    okta_error *error = oktai_openssl_begin(&stretch);
    keep_memory();
    return error != NULL ? error : oktai_openssl_end(stretch, init_curl(wiping));
}

/* The random generator loads OpenSSL's providers, which costs as much as all else that starts; only TLS needs
 * it. */
static okta_error *init_tls(void)
{
    unsigned char byte;
    oktai_openssl stretch;
    okta_error *error = oktai_openssl_begin(&stretch);
    if (error != NULL) {
        return error;
    }
    if (!oktai_tls_hooks_start()) {
        error = oktai_error_nomem();
    } else if (RAND_bytes(&byte, 1) != 1) {
        error = oktai_error_new(OKTA_E_CONFIG, "OpenSSL has no source of randomness");
    }
    return oktai_openssl_end(stretch, error);
}

okta_error *oktai_init(bool tls)
{
    okta_error *error = begin();
    if (error == NULL && !initialised) {
        error = init_libraries(false);
        initialised = error == NULL;
    }
    if (error == NULL && tls && !tls_ready) {
        error = init_tls();
        tls_ready = error == NULL;
    }
    unlock();
    return error;
}

static okta_error *start_wiping(void)
{
    if (!openssl_is_wiped && CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free) != 1) {
        return oktai_error_new(OKTA_E_CONFIG,
                               "okta_use_wiping_memory() comes too late: OpenSSL has memory already");
    }
    openssl_is_wiped = true;
    okta_error *error = init_libraries(true);
    if (error != NULL) {
        return error;
    }
    if (!curl_takes_our_memory()) {
        curl_global_cleanup();
        return oktai_error_new(OKTA_E_CONFIG,
                               "okta_use_wiping_memory() comes too late: libcurl is initialised already");
    }
    initialised = true;
    oktai_wiping_set_on();
    return NULL;
}

okta_error *okta_use_wiping_memory(void)
{
    okta_error *error = begin();
    if (error == NULL && !oktai_wiping_is_on()) {
        error = initialised ? oktai_error_new(OKTA_E_CONFIG, "okta_use_wiping_memory() comes too late: there "
                                                             "was a client before it")
                            : start_wiping();
    }
    unlock();
    return error;
}
