/* SPDX-License-Identifier: Apache-2.0 */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "common/new_error.h"

config *config_hold(config *self)
{
    self->holders++;
    return self;
}

static void clear_app(config_app *app)
{
    free(app->id);
    free(app->client_id);
    free(app->scopes);
    free(app->sink.file);
    free(app->sink.command);
    free(app->sink.switches);
}

void config_drop(config *self)
{
    if (self == NULL || --self->holders > 0) {
        return;
    }
    for (size_t i = 0; i < self->app_count; i++) {
        clear_app(&self->apps[i]);
    }
    free(self->apps);
    free(self->path);
    free(self->journal);
    free(self->metrics_host);
    free(self->org_url);
    free(self->token_file);
    free(self->client_id);
    free(self->private_key);
    free(self->assertion_file);
    free(self->okta_scopes);
    free(self);
}

static bool is_same(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

okta_error *config_refuse_change(const config *from, const config *to)
{
    const char *what = NULL;
    if (!is_same(from->journal, to->journal)) {
        what = "journal";
    } else if (!is_same(from->metrics_host, to->metrics_host) || from->metrics_port != to->metrics_port) {
        what = "metrics";
    } else if (from->lease_s != to->lease_s) {
        what = "lease";
    } else if (!is_same(from->org_url, to->org_url) || !is_same(from->token_file, to->token_file) ||
               !is_same(from->client_id, to->client_id) || !is_same(from->private_key, to->private_key) ||
               !is_same(from->assertion_file, to->assertion_file) ||
               !is_same(from->okta_scopes, to->okta_scopes)) {
        what = "okta";
    }
    return what == NULL
               ? NULL
               : report_new_error(OKTA_E_CONFIG, "%s has changed, which takes a restart of the daemon", what);
}

okta_error *config_error_at(const config *self, size_t line, const char *member, okta_error *error)
{
    okta_status status = okta_error_status(error);
    if (error == NULL || status == OKTA_E_NOMEM) {
        return error;
    }
    okta_error *whole =
        report_new_error(status, "%s:%zu: %s: %s", self->path, line, member, okta_error_message(error));
    okta_free(error);
    return whole;
}
