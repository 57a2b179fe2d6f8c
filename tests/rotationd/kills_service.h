/* SPDX-License-Identifier: Apache-2.0 */
/* A service of many apps that logs in with their current keys, one app after the other, all the time. */
#ifndef OKTA_TESTS_ROTATIOND_KILLS_SERVICE_H
#define OKTA_TESTS_ROTATIOND_KILLS_SERVICE_H

#include <stdbool.h>
#include <stddef.h>

#define APP_ID_SIZE 32u

typedef struct kills_service kills_service;

/* Begin to log in. `folder` has the keys as ID.pem; an app without one is not there yet. All is borrowed. */
kills_service *kills_service_start(const char *org_url, const char *folder, char (*apps)[APP_ID_SIZE],
                                   size_t count);

typedef struct kills_logins {
    unsigned long good;
    unsigned long failed;
} kills_logins;

/* End, and tell what came of it. */
kills_logins kills_service_stop(kills_service *self);

#endif
