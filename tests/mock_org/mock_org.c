/* SPDX-License-Identifier: Apache-2.0 */
/* The functions of mock_org.h. */
#include "mock_org.h"

#include "mock_state.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define DEFAULT_TOKEN         "mock-token"
#define DEFAULT_ACCESS_TOKEN  "mock-access-token"
#define DEFAULT_KEY_LIMIT     50
#define DEFAULT_RATE_LIMIT    10000
#define DEFAULT_RATE_WINDOW_S 60
#define DEFAULT_OBJECT_LIMIT  10000
#define DEFAULT_BYTE_LIMIT    ((size_t)64 * 1024 * 1024)

int64_t mock_now(const mock_org *org)
{
    return (org->frozen ? org->frozen_now : (int64_t)time(NULL)) + org->skew;
}

uint64_t mock_serial(mock_org *org)
{
    return ++org->serial;
}

static bool init_locks(mock_org *org)
{
    pthread_condattr_t attributes;
    if (pthread_condattr_init(&attributes) != 0) {
        return false;
    }
    bool made = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
                pthread_cond_init(&org->stop_wanted, &attributes) == 0;
    pthread_condattr_destroy(&attributes);
    if (made && pthread_mutex_init(&org->lock, NULL) != 0) {
        pthread_cond_destroy(&org->stop_wanted);
        made = false;
    }
    return made;
}

/* Both in the list of the apps and in the store. */
static bool add_app(mock_org *org, const char *app_id, const char *auth_method)
{
    if (!mock_apps_add(&org->apps, app_id, auth_method)) {
        return false;
    }
    cJSON *json = mock_app_json(mock_apps_find(org->apps, app_id));
    bool added = json != NULL && mock_store_put(&org->store, MOCK_APPS_FOLDER, app_id, json) == MOCK_STORED;
    if (!added) {
        mock_apps_remove(&org->apps, app_id);
    }
    return added;
}

static bool fill(mock_org *org, const mock_org_options *options)
{
    org->list_shape = options->list_shape;
    org->key_limit = options->key_limit > 0 ? options->key_limit : DEFAULT_KEY_LIMIT;
    org->page_size = options->page_size;
    org->limit.calls = options->rate_limit > 0 ? options->rate_limit : DEFAULT_RATE_LIMIT;
    org->limit.window_s = options->rate_window_s > 0 ? options->rate_window_s : DEFAULT_RATE_WINDOW_S;
    org->users = options->users;
    org->store.object_limit = options->object_limit > 0 ? options->object_limit : DEFAULT_OBJECT_LIMIT;
    org->store.byte_limit = options->byte_limit > 0 ? options->byte_limit : DEFAULT_BYTE_LIMIT;
    org->frozen = options->now_s != 0;
    org->frozen_now = options->now_s;
    org->token = mock_copy(options->token != NULL ? options->token : DEFAULT_TOKEN);
    org->access_token =
        mock_copy(options->access_token != NULL ? options->access_token : DEFAULT_ACCESS_TOKEN);
    return org->token != NULL && org->access_token != NULL &&
           add_app(org, MOCK_WEB_APP, "client_secret_basic") &&
           add_app(org, MOCK_SERVICE_APP, "private_key_jwt");
}

mock_org *mock_org_start(const mock_org_options *options)
{
    static const mock_org_options defaults = {0};
    mock_org *org = calloc(1, sizeof *org);
    if (org == NULL || !init_locks(org)) {
        free(org);
        return NULL;
    }
    options = options != NULL ? options : &defaults;
    if (!fill(org, options) || !mock_http_start(org, options->port)) {
        mock_org_stop(org);
        return NULL;
    }
    return org;
}

void mock_org_stop(mock_org *org)
{
    if (org == NULL) {
        return;
    }
    pthread_mutex_lock(&org->lock);
    org->stopping = true;
    pthread_cond_broadcast(&org->stop_wanted);
    pthread_mutex_unlock(&org->lock);
    mock_http_stop(org);
    mock_apps_clear(&org->apps);
    mock_store_clear(&org->store);
    mock_faults_clear(&org->faults);
    mock_log_clear(&org->log);
    mock_oauth_clear(&org->oauth);
    free(org->token);
    free(org->access_token);
    pthread_cond_destroy(&org->stop_wanted);
    pthread_mutex_destroy(&org->lock);
    free(org);
}

const char *mock_org_url(const mock_org *org)
{
    return org->url;
}

void mock_org_set_now(mock_org *org, int64_t now_s)
{
    pthread_mutex_lock(&org->lock);
    org->frozen = now_s != 0;
    org->frozen_now = now_s;
    pthread_mutex_unlock(&org->lock);
}

bool mock_org_add_app(mock_org *org, const char *app_id, const char *auth_method)
{
    pthread_mutex_lock(&org->lock);
    bool added = add_app(org, app_id, auth_method);
    pthread_mutex_unlock(&org->lock);
    return added;
}

bool mock_org_set_id_token_encryption(mock_org *org, const char *app_id, bool on)
{
    pthread_mutex_lock(&org->lock);
    mock_app *app = mock_apps_find(org->apps, app_id);
    if (app != NULL) {
        app->id_token_encryption = on;
    }
    pthread_mutex_unlock(&org->lock);
    return app != NULL;
}

static mock_item *put(mock_org *org, const char *app_id, const char *collection, const char *json)
{
    mock_app *app = mock_apps_find(org->apps, app_id);
    cJSON *object = cJSON_ParseWithOpts(json, NULL, true);
    bool key = strcmp(collection, mock_keys.name) == 0;
    if (app == NULL || !cJSON_IsObject(object) || (!key && strcmp(collection, mock_secrets.name) != 0)) {
        cJSON_Delete(object);
        return NULL;
    }
    return mock_items_add(app, key ? MOCK_KIND_KEY : MOCK_KIND_SECRET, object, json);
}

bool mock_org_put(mock_org *org, const char *app_id, const char *collection, const char *json)
{
    pthread_mutex_lock(&org->lock);
    bool added = put(org, app_id, collection, json) != NULL;
    pthread_mutex_unlock(&org->lock);
    return added;
}

bool mock_org_fail_next(mock_org *org, const mock_fault *fault)
{
    pthread_mutex_lock(&org->lock);
    bool queued = mock_faults_add(&org->faults, fault);
    pthread_mutex_unlock(&org->lock);
    return queued;
}

void mock_org_forget_faults(mock_org *org)
{
    pthread_mutex_lock(&org->lock);
    mock_faults_clear(&org->faults);
    pthread_mutex_unlock(&org->lock);
}

size_t mock_org_request_count(mock_org *org)
{
    pthread_mutex_lock(&org->lock);
    size_t count = org->log.count;
    pthread_mutex_unlock(&org->lock);
    return count;
}

size_t mock_org_limited_count(mock_org *org)
{
    pthread_mutex_lock(&org->lock);
    size_t count = org->limited;
    pthread_mutex_unlock(&org->lock);
    return count;
}

const mock_request *mock_org_request_at(mock_org *org, size_t i)
{
    pthread_mutex_lock(&org->lock);
    const mock_request *request = i < org->log.count ? &org->log.records[i]->view : NULL;
    pthread_mutex_unlock(&org->lock);
    return request;
}

void mock_org_forget_requests(mock_org *org)
{
    pthread_mutex_lock(&org->lock);
    mock_log_clear(&org->log);
    pthread_mutex_unlock(&org->lock);
}
