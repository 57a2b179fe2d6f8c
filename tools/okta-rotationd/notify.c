/* SPDX-License-Identifier: Apache-2.0 */
#include "notify.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define TEXT_SIZE 512u

static int manager = -1;
static struct sockaddr_un address;
static socklen_t address_length;
static int64_t watchdog_ms;

/* A path, or a name that begins with '@' and stands for one that begins with NUL. */
static void connect_manager(const char *name)
{
    size_t length = strlen(name);
    if ((name[0] != '/' && name[0] != '@') || length < 2 || length >= sizeof address.sun_path) {
        return;
    }
    address.sun_family = AF_UNIX;
    memcpy(address.sun_path, name, length);
    if (name[0] == '@') {
        address.sun_path[0] = '\0';
    }
    address_length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    manager = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

/* The watchdog is another process's where WATCHDOG_PID names it. */
static void read_watchdog(void)
{
    const char *usec = getenv("WATCHDOG_USEC");
    const char *pid = getenv("WATCHDOG_PID");
    char own[24];
    (void)snprintf(own, sizeof own, "%ld", (long)getpid());
    if (usec != NULL && (pid == NULL || strcmp(pid, own) == 0)) {
        int64_t value = strtoll(usec, NULL, 10);
        watchdog_ms = value >= 2000 ? value / 2000 : 0;
    }
}

void notify_begin(void)
{
    const char *name = getenv("NOTIFY_SOCKET");
    if (name != NULL) {
        connect_manager(name);
    }
    read_watchdog();
    (void)unsetenv("NOTIFY_SOCKET");
    (void)unsetenv("WATCHDOG_USEC");
    (void)unsetenv("WATCHDOG_PID");
}

void notify_send(const char *text)
{
    if (manager >= 0) {
        (void)sendto(manager, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT,
                     (const struct sockaddr *)&address, address_length);
    }
}

void notify_status(const char *format, ...)
{
    char text[TEXT_SIZE] = "STATUS=";
    size_t at = strlen(text);
    va_list args;
    va_start(args, format);
    int length = vsnprintf(text + at, sizeof text - at, format, args);
    va_end(args);
    if (length >= 0) {
        text[at + strcspn(text + at, "\n")] = '\0'; /* a second line would be another assignment */
        notify_send(text);
    }
}

void notify_reloading(void)
{
    char text[TEXT_SIZE];
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    (void)snprintf(text, sizeof text, "RELOADING=1\nMONOTONIC_USEC=%" PRId64,
                   (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000);
    notify_send(text);
}

int64_t notify_watchdog_ms(void)
{
    return manager >= 0 ? watchdog_ms : 0;
}

void notify_end(void)
{
    if (manager >= 0) {
        (void)close(manager);
    }
    manager = -1;
}
