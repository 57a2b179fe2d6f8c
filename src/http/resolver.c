/* SPDX-License-Identifier: Apache-2.0 */
#include "http/resolver.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "core/arena.h"
#include "core/clock.h"

#define ANSWER_COUNTS_MS 60000
#define ADDRESSES_MAX    64u

typedef struct entry {
    const char *host;
    unsigned port;
    bool wanted;       /* it waits for the thread */
    bool asked;        /* the thread is at it */
    int64_t asked_ms;  /* when the latest look-up was wanted */
    uint64_t look_ups; /* that ended */
    int failure;       /* of the latest; 0: it found something */
    oktai_buffer line; /* what the latest good one found */
    uint64_t number;   /* of that; 0: none so far */
    int64_t line_ms;   /* when it was wanted */
} entry;

struct oktai_resolver {
    atomic_uint holders;  /* the client, and the thread while there is one */
    pthread_mutex_t lock; /* of all below but host and port */
    pthread_cond_t changed;
    pthread_t thread;
    bool has_thread;  /* which looks up, or is just about to */
    bool is_joinable; /* `thread` is to be joined or detached */
    uint64_t numbers;
    oktai_resolver_watcher *watchers;
    oktai_arena hosts;
    size_t count;
    entry entries[OKTAI_NAMES_MAX];
};

/* Failures that are not the system's own. */
enum { NO_THREAD = 1000, NO_USABLE_ADDRESS };

static void let_go(oktai_resolver *resolver)
{
    if (atomic_fetch_sub(&resolver->holders, 1) != 1) {
        return;
    }
    for (size_t i = 0; i < resolver->count; i++) {
        oktai_buffer_clear(&resolver->entries[i].line);
    }
    oktai_arena_clear(&resolver->hosts);
    pthread_cond_destroy(&resolver->changed);
    pthread_mutex_destroy(&resolver->lock);
    free(resolver);
}

void oktai_resolver_free(oktai_resolver *resolver)
{
    if (resolver == NULL) {
        return;
    }
    pthread_mutex_lock(&resolver->lock);
    if (resolver->is_joinable) {
        pthread_detach(resolver->thread);
    }
    pthread_mutex_unlock(&resolver->lock);
    let_go(resolver);
}

oktai_resolver *oktai_resolver_new(const oktai_name *names, size_t count)
{
    oktai_resolver *resolver = calloc(1, sizeof *resolver);
    if (resolver == NULL) {
        return NULL;
    }
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&resolver->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&resolver->lock, NULL);
    atomic_init(&resolver->holders, 1);
    resolver->count = count;
    for (size_t i = 0; i < count; i++) {
        resolver->entries[i].host = oktai_arena_strdup(&resolver->hosts, names[i].host);
        resolver->entries[i].port = names[i].port;
        if (resolver->entries[i].host == NULL) {
            oktai_resolver_free(resolver);
            return NULL;
        }
    }
    return resolver;
}

/* An address with a zone (fe80::1%eth0) is none that libcurl takes here. */
static bool write_address(const struct addrinfo *info, char *text, socklen_t size)
{
    if (info->ai_family == AF_INET) {
        const struct sockaddr_in *four = (const struct sockaddr_in *)(const void *)info->ai_addr;
        return inet_ntop(AF_INET, &four->sin_addr, text, size) != NULL;
    }
    if (info->ai_family == AF_INET6) {
        const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)(const void *)info->ai_addr;
        return six->sin6_scope_id == 0 && inet_ntop(AF_INET6, &six->sin6_addr, text, size) != NULL;
    }
    return false;
}

/* 0, or why there is no address. */
static int write_line(const entry *asked, const struct addrinfo *list, oktai_buffer *line)
{
    unsigned count = 0;
    oktai_buffer_printf(line, "%s:%u:", asked->host, asked->port);
    for (const struct addrinfo *info = list; info != NULL && count < ADDRESSES_MAX; info = info->ai_next) {
        char text[INET6_ADDRSTRLEN];
        if (write_address(info, text, sizeof text)) {
            oktai_buffer_printf(line, info->ai_family == AF_INET6 ? "%s[%s]" : "%s%s", count > 0 ? "," : "",
                                text);
            count++;
        }
    }
    if (line->failed) {
        return EAI_MEMORY;
    }
    return count > 0 ? 0 : NO_USABLE_ADDRESS;
}

static int ask_system(const entry *asked, oktai_buffer *line)
{
    const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
    struct addrinfo *list = NULL;
    int code = getaddrinfo(asked->host, NULL, &hints, &list);
    if (code == 0) {
        code = write_line(asked, list, line);
        freeaddrinfo(list);
    }
    return code;
}

/* The lock is held. */
static void tell_all(oktai_resolver *resolver)
{
    pthread_cond_broadcast(&resolver->changed);
    for (oktai_resolver_watcher *w = resolver->watchers; w != NULL; w = w->next) {
        w->told(w->context);
    }
}

static entry *next_wanted(oktai_resolver *resolver)
{
    for (size_t i = 0; i < resolver->count; i++) {
        if (resolver->entries[i].wanted) {
            return &resolver->entries[i];
        }
    }
    return NULL;
}

/* The lock is held, and free while the system is asked. */
static void look_up(oktai_resolver *resolver, entry *asked)
{
    oktai_buffer line = {0};
    int64_t asked_ms = asked->asked_ms;
    asked->wanted = false;
    asked->asked = true;
    pthread_mutex_unlock(&resolver->lock);
    int code = ask_system(asked, &line);
    pthread_mutex_lock(&resolver->lock);
    asked->asked = false;
    asked->look_ups++;
    asked->failure = code;
    if (code == 0) {
        oktai_buffer_clear(&asked->line);
        asked->line = line;
        asked->line_ms = asked_ms;
        asked->number = ++resolver->numbers;
    } else {
        oktai_buffer_clear(&line);
    }
    tell_all(resolver);
}

static void *look_up_all(void *context)
{
    oktai_resolver *resolver = context;
    entry *asked;
    pthread_mutex_lock(&resolver->lock);
    while ((asked = next_wanted(resolver)) != NULL) {
        look_up(resolver, asked);
    }
    resolver->has_thread = false;
    pthread_mutex_unlock(&resolver->lock);
    let_go(resolver);
    return NULL;
}

/* The one before has nothing left to do, and is gone before there is another. The program's signals are not
 * for this thread. False: there is none. */
static bool start_thread(oktai_resolver *resolver)
{
    sigset_t all;
    sigset_t before;
    if (resolver->is_joinable) {
        pthread_join(resolver->thread, NULL);
    }
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    atomic_fetch_add(&resolver->holders, 1);
    resolver->has_thread = pthread_create(&resolver->thread, NULL, look_up_all, resolver) == 0;
    resolver->is_joinable = resolver->has_thread;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!resolver->has_thread) {
        atomic_fetch_sub(&resolver->holders, 1);
    }
    return resolver->has_thread;
}

/* See that a look-up is under way. False: it cannot be. */
static bool begin_look_up(oktai_resolver *resolver, entry *wanted, int64_t now_ms)
{
    if (wanted->wanted || wanted->asked) {
        return true;
    }
    wanted->wanted = true;
    wanted->asked_ms = now_ms;
    if (!resolver->has_thread && !start_thread(resolver)) {
        wanted->wanted = false;
        return false;
    }
    return true;
}

static const char *reason_of(int failure)
{
    switch (failure) {
    case NO_THREAD:
        return "no thread can be started to look it up";
    case NO_USABLE_ADDRESS:
        return "it has no usable address";
    default:
        return gai_strerror(failure);
    }
}

static oktai_found fail(oktai_search *search, int failure)
{
    search->reason = reason_of(failure);
    return failure == EAI_MEMORY ? OKTAI_FIND_NO_MEMORY : OKTAI_NOT_FOUND;
}

static oktai_found hand_out(const entry *found, oktai_search *search, oktai_buffer *line)
{
    if (found->number == search->number) {
        return OKTAI_FOUND;
    }
    oktai_buffer_reset(line);
    if (!oktai_buffer_append(line, found->line.data, found->line.length)) {
        return OKTAI_FIND_NO_MEMORY;
    }
    search->number = found->number;
    return OKTAI_FOUND;
}

static bool counts(const entry *found, int64_t now_ms)
{
    return found->number != 0 && now_ms >= found->line_ms && now_ms - found->line_ms < ANSWER_COUNTS_MS;
}

/* The lock is held. OKTAI_FOUND: a look-up ended. */
static oktai_found wait_for(oktai_resolver *resolver, const entry *wanted, oktai_search *search)
{
    struct timespec until = oktai_clock_in_ms(search->wait_ms);
    bool late = search->wait_ms <= 0;
    search->ticket = wanted->look_ups + 1;
    while (wanted->look_ups < search->ticket) {
        if (atomic_load(search->canceled)) {
            return OKTAI_FIND_CANCELED;
        }
        if (late) {
            return OKTAI_FOUND_TOO_LATE;
        }
        late = pthread_cond_timedwait(&resolver->changed, &resolver->lock, &until) != 0;
    }
    return OKTAI_FOUND;
}

oktai_found oktai_resolver_find(oktai_resolver *resolver, size_t name, oktai_search *search,
                                oktai_buffer *line)
{
    entry *wanted = &resolver->entries[name];
    oktai_found found = OKTAI_FOUND;
    pthread_mutex_lock(&resolver->lock);
    bool good = counts(wanted, search->now_ms);
    bool ended = search->ticket != 0 && wanted->look_ups >= search->ticket;
    if (!good && !ended) {
        found = begin_look_up(resolver, wanted, search->now_ms) ? wait_for(resolver, wanted, search)
                                                                : fail(search, NO_THREAD);
    }
    if (found == OKTAI_FOUND) {
        found = good || wanted->failure == 0 ? hand_out(wanted, search, line) : fail(search, wanted->failure);
    }
    pthread_mutex_unlock(&resolver->lock);
    return found;
}

void oktai_resolver_wake(oktai_resolver *resolver)
{
    pthread_mutex_lock(&resolver->lock);
    tell_all(resolver);
    pthread_mutex_unlock(&resolver->lock);
}

void oktai_resolver_watch(oktai_resolver *resolver, oktai_resolver_watcher *watcher)
{
    pthread_mutex_lock(&resolver->lock);
    watcher->next = resolver->watchers;
    resolver->watchers = watcher;
    pthread_mutex_unlock(&resolver->lock);
}

void oktai_resolver_unwatch(oktai_resolver *resolver, oktai_resolver_watcher *watcher)
{
    pthread_mutex_lock(&resolver->lock);
    oktai_resolver_watcher **place = &resolver->watchers;
    while (*place != NULL && *place != watcher) {
        place = &(*place)->next;
    }
    if (*place != NULL) {
        *place = watcher->next;
    }
    pthread_mutex_unlock(&resolver->lock);
}
