/* SPDX-License-Identifier: Apache-2.0 */
#include "faults/fault_resolver.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static char answer[128];
static int failure;
static bool hangs;
static unsigned hanging;
static unsigned begun;

static void set(const char *addresses, int code, bool hang)
{
    pthread_mutex_lock(&lock);
    snprintf(answer, sizeof answer, "%s", addresses);
    failure = code;
    hangs = hang;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
}

void fault_resolver_set(const char *addresses)
{
    set(addresses, 0, false);
}

void fault_resolver_fail(int code)
{
    set("", code, false);
}

void fault_resolver_hang(void)
{
    set("127.0.0.1", 0, true);
}

void fault_resolver_await_idle(void)
{
    pthread_mutex_lock(&lock);
    while (hanging > 0) {
        pthread_cond_wait(&changed, &lock);
    }
    pthread_mutex_unlock(&lock);
}

void fault_resolver_await_hanging(void)
{
    pthread_mutex_lock(&lock);
    while (hanging == 0) {
        pthread_cond_wait(&changed, &lock);
    }
    pthread_mutex_unlock(&lock);
}

unsigned fault_resolver_count(void)
{
    pthread_mutex_lock(&lock);
    unsigned count = begun;
    pthread_mutex_unlock(&lock);
    return count;
}

/* What is said about a name, once it may be told. */
static int look_up(char *addresses, size_t size)
{
    pthread_mutex_lock(&lock);
    begun++;
    hanging++;
    pthread_cond_broadcast(&changed);
    while (hangs) {
        pthread_cond_wait(&changed, &lock);
    }
    hanging--;
    pthread_cond_broadcast(&changed);
    snprintf(addresses, size, "%s", answer);
    int code = failure;
    pthread_mutex_unlock(&lock);
    return code;
}

typedef struct entry {
    struct addrinfo info;
    struct sockaddr_storage address;
} entry;

/* NULL: not an address of the family that is asked for, or no memory. */
static struct addrinfo *make_entry(const char *text, const char *port, const struct addrinfo *hints)
{
    entry *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return NULL;
    }
    struct sockaddr_in *four = (struct sockaddr_in *)&made->address;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)&made->address;
    in_port_t number = htons((in_port_t)(port == NULL ? 0 : strtoul(port, NULL, 10)));
    if (inet_pton(AF_INET, text, &four->sin_addr) == 1) {
        made->info.ai_addrlen = sizeof *four;
        four->sin_family = AF_INET;
        four->sin_port = number;
    } else if (inet_pton(AF_INET6, text, &six->sin6_addr) == 1) {
        made->info.ai_addrlen = sizeof *six;
        six->sin6_family = AF_INET6;
        six->sin6_port = number;
    }
    made->info.ai_family = made->address.ss_family;
    if (made->info.ai_family == AF_UNSPEC ||
        (hints != NULL && hints->ai_family != AF_UNSPEC && hints->ai_family != made->info.ai_family)) {
        free(made);
        return NULL;
    }
    made->info.ai_socktype = hints != NULL && hints->ai_socktype != 0 ? hints->ai_socktype : SOCK_STREAM;
    made->info.ai_protocol = IPPROTO_TCP;
    made->info.ai_addr = (struct sockaddr *)&made->address;
    return &made->info;
}

/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): the system's names are reserved */
__attribute__((visibility("default"))) void freeaddrinfo(struct addrinfo *list)
{
    while (list != NULL) {
        struct addrinfo *next = list->ai_next;
        free(list); /* `info` is the first member */
        list = next;
    }
}

/* Names have no case, and a dot at their end says that they are whole. */
static bool ends_with(const char *name, const char *end)
{
    size_t length = strlen(name);
    length -= length > 0 && name[length - 1] == '.' ? 1 : 0;
    return length >= strlen(end) && strncasecmp(name + length - strlen(end), end, strlen(end)) == 0;
}

/* The addresses of a name, or an EAI_ code. */
static int find(const char *name, char *addresses, size_t size)
{
    if (ends_with(name, ".test")) {
        return look_up(addresses, size);
    }
    bool here = ends_with(name, ".example") || strcmp(name, "localhost") == 0;
    snprintf(addresses, size, "%s", here ? "127.0.0.1" : name);
    return 0;
}

__attribute__((visibility("default"))) int getaddrinfo(const char *restrict name,
                                                       const char *restrict service,
                                                       const struct addrinfo *restrict hints,
                                                       struct addrinfo **restrict out)
{
    char addresses[sizeof answer];
    struct addrinfo **end = out;
    *out = NULL;
    int code = find(name == NULL ? "" : name, addresses, sizeof addresses);
    if (code != 0) {
        return code;
    }
    char *rest = addresses;
    while (*rest != '\0') {
        size_t length = strcspn(rest, " ");
        bool last = rest[length] == '\0';
        rest[length] = '\0';
        *end = make_entry(rest, service, hints);
        if (*end != NULL) {
            end = &(*end)->ai_next;
        }
        rest += length + (last ? 0 : 1);
    }
    return *out == NULL ? EAI_NONAME : 0;
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
