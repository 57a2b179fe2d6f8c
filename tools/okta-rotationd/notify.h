/* SPDX-License-Identifier: Apache-2.0 */
/* What the service manager is told, by the protocol of sd_notify(3). Without a service manager nothing
 * happens. */
#ifndef OKTA_ROTATIOND_NOTIFY_H
#define OKTA_ROTATIOND_NOTIFY_H

#include <stdint.h>

/* Read NOTIFY_SOCKET and WATCHDOG_USEC, and take them out of the environment: the commands of sinks are not
 * to speak for the daemon. */
void notify_begin(void);

/* Send assignments such as "READY=1", one a line. */
void notify_send(const char *text);

/* STATUS=, for people; the text as by printf. */
#if defined(__GNUC__)
__attribute__((format(printf, 1, 2)))
#endif
void notify_status(const char *format, ...);

/* RELOADING=1 with the time that goes with it. */
void notify_reloading(void);

/* How often the watchdog is to be told, in milliseconds; 0: never. */
int64_t notify_watchdog_ms(void);

void notify_end(void);

#endif
