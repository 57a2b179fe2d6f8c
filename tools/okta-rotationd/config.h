/* SPDX-License-Identifier: Apache-2.0 */
/* What the configuration file says. */
#ifndef OKTA_ROTATIOND_CONFIG_H
#define OKTA_ROTATIOND_CONFIG_H

#include <okta/rotation.h>
#include <stdbool.h>
#include <stdint.h>

/* The same bound as that of commands that run at a time. */
#define CONFIG_IN_FLIGHT_MAX 64u

/* Where a new key or secret goes: a file or a command; and a command behind either. */
typedef struct config_sink {
    char *file;    /* for this app; NULL: there is none */
    size_t line;   /* of it, in the file */
    char *command; /* NULL: there is none */
    char *switches;
} config_sink;

/* One credential that is kept young. */
typedef struct config_app {
    char *id;
    okta_rotation_kind kind;
    okta_key_type key_type; /* 0: of secrets */
    okta_rotation_retire retire;
    int64_t every_s;
    int64_t jitter_s;
    int64_t grace_s;
    int64_t overlap_s;
    char *client_id;                            /* nullable */
    char *scopes;                               /* nullable */
    okta_client_auth_method client_auth_method; /* how the proof of a secret sends it */
    config_sink sink;
    size_t line; /* in the file */
} config_app;

typedef struct config {
    size_t holders;
    char *path; /* of the file itself */
    char *journal;
    size_t journal_line;
    char *metrics_host; /* NULL: there are no metrics */
    uint16_t metrics_port;
    int64_t lease_s;
    unsigned max_in_flight;
    char *org_url; /* nullable, as the next ones */
    char *token_file;
    char *client_id;
    char *private_key; /* the path of a file */
    char *assertion_file;
    char *okta_scopes;
    size_t okta_line; /* 1 where the file has no `okta` */
    config_app *apps;
    size_t app_count;
} config;

/* Who uses parts of a configuration holds it. */
config *config_hold(config *self);
void config_drop(config *self); /* nullable */

/* Why one cannot take the place of the other in a daemon that runs; NULL: it can. Errors: OKTA_E_CONFIG. */
okta_error *config_refuse_change(const config *from, const config *to);

/* "FILE:LINE: MEMBER: " before a message. Takes `error`, and returns it where it is OKTA_E_NOMEM or NULL. */
okta_error *config_error_at(const config *self, size_t line, const char *member, okta_error *error);

#endif
