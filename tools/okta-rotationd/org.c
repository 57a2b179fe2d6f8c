/* SPDX-License-Identifier: Apache-2.0 */
#include "org.h"

#include <okta/okta.h>
#include <stdlib.h>
#include <string.h>

#include "common/new_error.h"
#include "log.h"

#define OWN_USER_AGENT "okta-rotationd/" OKTA_VERSION

static void on_event(void *ctx, const okta_log_event *event)
{
    (void)ctx;
    log_write(&(log_line){.level = event->level == OKTA_LOG_WARN ? LOG_WARNING : LOG_INFO,
                          .event = "client",
                          .step = event->operation,
                          .detail = event->message});
}

/* The first line, without its end. */
static okta_error *read_token(const char *path, char **out)
{
    okta_error *error = okta_secret_file_read(path, OKTA_SWITCH_OFF, out);
    if (error == NULL) {
        (*out)[strcspn(*out, "\r\n")] = '\0';
    }
    if (error == NULL && (*out)[0] == '\0') {
        error = report_new_error(OKTA_E_CONFIG, "%s: its first line holds no token", path);
    }
    if (error != NULL) {
        okta_free(*out);
        *out = NULL;
    }
    return error;
}

/* What the library would say is missing, with the place where a person may write it. */
static okta_error *refuse_missing(const okta_client_options *loaded)
{
    bool is_service = loaded->authorization_mode == OKTA_AUTHORIZATION_PRIVATE_KEY;
    const struct {
        const char *name, *value, *variable;
    } needed[] = {
        {"org_url", loaded->org_url, "OKTA_CLIENT_ORGURL"},
        {"client_id", is_service ? loaded->client_id : "", "OKTA_CLIENT_CLIENTID"},
        {"scopes", is_service ? loaded->scopes : "", "OKTA_CLIENT_SCOPES"},
    };
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        if (needed[i].value == NULL) {
            return report_new_error(OKTA_E_CONFIG, "there is no %s, and neither %s nor okta.yaml has it",
                                    needed[i].name, needed[i].variable);
        }
    }
    return NULL;
}

okta_error *org_connect(const config *from, okta_client **out)
{
    okta_client_options code = OKTA_CLIENT_OPTIONS_INIT;
    okta_client_options *loaded = NULL;
    char *token = NULL;
    okta_error *error = from->token_file == NULL ? NULL : read_token(from->token_file, &token);
    *out = NULL;
    code.org_url = from->org_url;
    code.token = token;
    code.client_id = from->client_id;
    code.private_key = from->private_key;
    code.assertion_file = from->assertion_file;
    if (from->private_key != NULL || from->assertion_file != NULL) {
        code.authorization_mode = OKTA_AUTHORIZATION_PRIVATE_KEY;
    }
    code.scopes = from->okta_scopes;
    code.max_in_flight = from->max_in_flight;
    code.log = on_event;
    if (error == NULL) {
        error = okta_client_options_load(&code, &loaded);
    }
    if (error == NULL) {
        error = refuse_missing(loaded);
    }
    if (error == NULL) {
        loaded->user_agent = loaded->user_agent == NULL ? OWN_USER_AGENT : loaded->user_agent;
        error = okta_client_new(loaded, out);
    }
    okta_free(loaded);
    okta_free(token);
    return config_error_at(from, from->okta_line, "okta", error);
}

okta_error *org_reload(const config *from, okta_client *client)
{
    char *token = NULL;
    okta_error *error = NULL;
    if (from->token_file != NULL) {
        error = read_token(from->token_file, &token);
        error = error == NULL ? okta_client_set_token(client, token) : error;
    } else {
        error = okta_client_reload(client);
        if (okta_error_status(error) == OKTA_E_ARG) { /* there is no file */
            okta_free(error);
            error = NULL;
        }
    }
    okta_free(token);
    return error;
}
