/* SPDX-License-Identifier: Apache-2.0 */
#include "kills_service.h"

#include <okta/okta.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define PATH_SIZE 256u
/* Each app logs in that often: half of what the org lets them. */
#define PERIOD_NS 2000000000L

struct kills_service {
    const char *org_url;
    const char *folder;
    char (*apps)[APP_ID_SIZE];
    size_t count;
    pthread_t thread;
    atomic_bool ends;
    kills_logins logins;
};

/* A token, and a call that it opens; of a rate limit that the daemons do not use. */
static okta_error *log_in(const kills_service *self, const char *app, const char *path)
{
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = self->org_url;
    options.authorization_mode = OKTA_AUTHORIZATION_PRIVATE_KEY;
    options.client_id = app;
    options.private_key = path;
    options.scopes = "okta.users.read";
    options.max_retries = okta_int(0);
    okta_client *client = NULL;
    okta_call *call = NULL;
    okta_error *error = okta_client_new(&options, &client);
    if (error == NULL) {
        call = okta_request_call(client, "GET", "/api/v1/users?limit=1", NULL);
        error = okta_call_run(call);
    }
    okta_free(call);
    okta_free(client);
    return error;
}

static void *serve(void *context)
{
    kills_service *self = context;
    const long pause_ns = PERIOD_NS / (long)self->count;
    const struct timespec pause = {.tv_sec = pause_ns / 1000000000L, .tv_nsec = pause_ns % 1000000000L};
    for (size_t i = 0; !atomic_load(&self->ends); i = (i + 1) % self->count) {
        char path[PATH_SIZE];
        (void)snprintf(path, sizeof path, "%s/%s.pem", self->folder, self->apps[i]);
        (void)nanosleep(&pause, NULL);
        if (access(path, R_OK) != 0) {
            continue;
        }
        okta_error *error = log_in(self, self->apps[i], path);
        if (error == NULL) {
            self->logins.good++;
        } else {
            self->logins.failed++;
            (void)printf("app %s cannot log in: %s\n", self->apps[i], okta_error_message(error));
        }
        okta_free(error);
    }
    return NULL;
}

kills_service *kills_service_start(const char *org_url, const char *folder, char (*apps)[APP_ID_SIZE],
                                   size_t count)
{
    kills_service *self = calloc(1, sizeof *self);
    if (self == NULL) {
        return NULL;
    }
    self->org_url = org_url;
    self->folder = folder;
    self->apps = apps;
    self->count = count;
    if (pthread_create(&self->thread, NULL, serve, self) != 0) {
        free(self);
        return NULL;
    }
    return self;
}

kills_logins kills_service_stop(kills_service *self)
{
    atomic_store(&self->ends, true);
    (void)pthread_join(self->thread, NULL);
    kills_logins logins = self->logins;
    free(self);
    return logins;
}
