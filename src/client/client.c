/* SPDX-License-Identifier: Apache-2.0 */
#include "client/client.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "auth/authorization.h"
#include "client/identity.h"
#include "client/init.h"
#include "client/secrets.h"
#include "config/check.h"
#include "config/option_rows.h"
#include "config/org_url.h"
#include "config/report.h"
#include "config/trust.h"
#include "core/arena.h"
#include "core/error.h"
#include "core/misuse.h"
#include "http/tls.h"
#include "okta/version.h"

const char *okta_version(void)
{
    return OKTA_VERSION;
}

static okta_error *refuse(const char *option, const char *reason)
{
    return oktai_error_new(OKTA_E_CONFIG, "%s %s", option, reason);
}

static bool is_service_app(const okta_client_options *options)
{
    return options->authorization_mode == OKTA_AUTHORIZATION_PRIVATE_KEY ||
           options->authorization_mode == OKTA_AUTHORIZATION_CLIENT_SECRET;
}

#define ADVICE_SIZE 192u

/* `before`, and how to set the mode of a credential. */
static void tell_mode(char out[ADVICE_SIZE], const char *before, bool by_secret)
{
    (void)snprintf(out, ADVICE_SIZE,
                   "%sset authorization_mode to OKTA_AUTHORIZATION_%s (OKTA_CLIENT_AUTHORIZATIONMODE=%s)",
                   before, by_secret ? "CLIENT_SECRET" : "PRIVATE_KEY",
                   by_secret ? "ClientSecret" : "PrivateKey");
}

static okta_error *refuse_without_token(const okta_client_options *options)
{
    char advice[ADVICE_SIZE] = "";
    if (options->private_key != NULL || options->signer != NULL) {
        tell_mode(advice, "; for a private key ", false);
    } else if (options->assertion_file != NULL) {
        tell_mode(advice, "; for an assertion file ", false);
    } else if (options->client_secret != NULL) {
        tell_mode(advice, "; for a client secret ", true);
    }
    return oktai_options_refuse_missing(options, "token", "", advice);
}

static okta_error *check_credential(const okta_client_options *options)
{
    if (is_service_app(options)) {
        return oktai_identity_refuse(options);
    }
    /* What a file or variable holds is for programs in another mode. */
    if (options->assertion_file != NULL && oktai_option_place(options, "assertion_file") == NULL) {
        char reason[ADVICE_SIZE];
        tell_mode(reason, "is refused in this mode: ", false);
        return refuse("assertion_file", reason);
    }
    if (options->token_source != NULL) {
        return NULL; /* what it gives is checked then */
    }
    if (options->token == NULL) {
        return refuse_without_token(options);
    }
    const char *reason = oktai_authorization_refuse(options->token);
    return reason == NULL ? NULL : refuse("token", reason);
}

static okta_error *check_options(const okta_client_options *options)
{
    okta_error *error = oktai_options_check(options);
    if (error == NULL && options->org_url == NULL) {
        error = oktai_options_refuse_missing(options, "org_url", "", "");
    }
    if (error == NULL) {
        error = check_credential(options);
    }
    if (error == NULL && options->admin_host == OKTA_SWITCH_OFF && oktai_org_url_is_admin(options->org_url)) {
        error =
            refuse("org_url", "names the host of the admin console: leave out \"-admin\", or set admin_host "
                              "(OKTA_CLIENT_ADMINHOST=true)");
    }
    /* A program may have changed what it loaded. */
    return error == NULL ? oktai_options_trust(options) : error;
}

static char *make_user_agent(oktai_arena *arena, const char *prefix)
{
    oktai_buffer text = {0};
    oktai_buffer_printf(&text, "%s%slibokta/%s libcurl/%s", prefix == NULL ? "" : prefix,
                        prefix == NULL ? "" : " ", OKTA_VERSION, curl_version_info(CURLVERSION_NOW)->version);
    char *copy = text.failed ? NULL : oktai_arena_copy(arena, text.data, text.length);
    oktai_buffer_clear(&text);
    return copy;
}

static void copy_numbers(okta_client *client, const okta_client_options *options)
{
    client->timeout_ms = options->timeout_ms;
    client->max_retries = (unsigned)options->max_retries.value;
    client->log_level = options->log == NULL ? OKTA_LOG_NONE : options->log_level;
    client->log = options->log;
    client->log_ctx = options->log_ctx;
    client->mode = options->authorization_mode;
    client->tokens.source = options->token_source;
    client->tokens.source_ctx = options->token_source_ctx;
    client->transport.connect_timeout_ms = options->connect_timeout_ms;
    client->transport.http_1_1 = options->http_version == OKTA_HTTP_1_1;
    client->transport.max_response_bytes = options->max_response_bytes;
    client->pacing.options = (oktai_pacing_options){
        .off = options->pacing == OKTA_PACING_OFF,
        .percent = options->rate_limit_percent,
        .reserve = options->rate_limit_reserve,
        .max_in_flight = options->max_in_flight,
    };
}

const char *oktai_client_scheme(const okta_client *client)
{
    return client->mode == OKTA_AUTHORIZATION_BEARER ? "Bearer" : "SSWS";
}

/* Where an option comes from. False: out of memory. */
static bool copy_place(oktai_arena *arena, const okta_client_options *options, const char *name,
                       const char **out)
{
    const char *place = oktai_option_place(options, name);
    *out = oktai_arena_strdup(arena, place);
    return (*out != NULL) == (place != NULL);
}

static bool copy_texts(okta_client *client, const okta_client_options *options)
{
    oktai_arena *arena = oktai_root_arena(client);
    bool has_line = !is_service_app(options) && options->token_source == NULL;
    if (has_line) {
        client->authorization = oktai_authorization_line(arena, oktai_client_scheme(client), options->token);
    }
    client->transport.user_agent = make_user_agent(arena, options->user_agent);
    client->transport.ca_file = oktai_arena_strdup(arena, options->ca_file);
    return (client->authorization != NULL) == has_line && client->transport.user_agent != NULL &&
           (client->transport.ca_file != NULL) == (options->ca_file != NULL) &&
           copy_place(arena, options, "timeout_ms", &client->timeout_place) &&
           copy_place(arena, options, "connect_timeout_ms", &client->connect_timeout_place);
}

/* False: out of memory. */
static bool find_route(okta_client *client, const okta_client_options *options)
{
    oktai_route *route = &client->route;
    if (!oktai_route_find(oktai_root_arena(client), client->base_url, options->proxy,
                          oktai_option_place(options, "proxy"), route)) {
        return false;
    }
    client->transport.route = route;
    client->transport.resolver =
        route->name_count == 0 ? NULL : oktai_resolver_new(route->names, route->name_count);
    return route->name_count == 0 || client->transport.resolver != NULL;
}

static void close_all(okta_client *client)
{
    while (client->idle != NULL) {
        oktai_transport *transport = client->idle;
        client->idle = *oktai_transport_next(transport);
        oktai_transport_free(transport);
    }
    oktai_tls_free(client->transport.tls);
    oktai_resolver_free(client->transport.resolver);
    oktai_worker_free(client->worker);
    pthread_mutex_destroy(&client->lock);
}

oktai_worker *oktai_client_worker(okta_client *client)
{
    pthread_mutex_lock(&client->lock);
    if (client->worker == NULL) {
        client->worker = oktai_worker_new();
    }
    oktai_worker *worker = client->worker;
    pthread_mutex_unlock(&client->lock);
    return worker;
}

/* In a child process nothing inherited is touched: closing a connection would speak on the parent's, and a
 * thread that the child does not have may seem to wait. */
static void release(void *object)
{
    okta_client *client = object;
    if (!oktai_client_is_inherited(client)) {
        close_all(client);
    }
    okta_free(client->tokens.app);
    oktai_secrets_clear(&client->secrets);
    okta_free(client->tokens.token);
    oktai_root_let_go(client->tokens.failure);
    okta_free(client->tokens.key);
}

static okta_error *make_client(const okta_client_options *options, okta_client **out)
{
    okta_client *client = oktai_root_new(sizeof *client, 512, release);
    if (client == NULL) {
        return oktai_error_nomem();
    }
    pthread_mutex_init(&client->lock, NULL);
    client->owner = oktai_process_now();
    atomic_init(&client->is_replaced, false);
    client->clock = &oktai_system_clock;
    client->transport.clock = &oktai_system_clock;
    copy_numbers(client, options);
    okta_error *error = oktai_org_url(options->org_url, oktai_root_arena(client), &client->base_url,
                                      &client->transport.plain_http);
    if (error == NULL && client->transport.plain_http && options->proxy != NULL &&
        options->proxy[0] != '\0') {
        error = refuse("proxy", "cannot be used with an http:// org_url: it would see the credential");
    }
    if (error == NULL) {
        error = oktai_init(!client->transport.plain_http);
    }
    if (error == NULL && !(copy_texts(client, options) && find_route(client, options) &&
                           oktai_secrets_of_client(&client->secrets, options, client->route.proxy))) {
        error = oktai_error_nomem();
    }
    if (error == NULL && !client->transport.plain_http && oktai_tls_is_available()) {
        client->transport.tls = oktai_tls_new(client->transport.ca_file);
        error = client->transport.tls == NULL ? oktai_error_nomem() : NULL;
    }
    if (error == NULL && is_service_app(options)) {
        error = oktai_identity_take(oktai_root_arena(client), client->base_url, options, &client->tokens);
    }
    if (error != NULL) {
        okta_free(client);
        return error;
    }
    *out = client;
    return NULL;
}

okta_error *okta_client_new(const okta_client_options *options, okta_client **out)
{
    if (out != NULL) {
        *out = NULL;
    }
    if (options == NULL || out == NULL) {
        return oktai_error_null(options == NULL ? "options" : "out");
    }
    okta_client_options known;
    okta_error *error = oktai_options_known(options, &known);
    if (error == NULL) {
        error = check_options(&known);
    }
    if (error == NULL) {
        oktai_options_warn(&known);
        oktai_options_complete(&known);
        error = make_client(&known, out);
    }
    return oktai_options_name_place(options, error);
}

const char *okta_client_org_url(const okta_client *client)
{
    oktai_expect_root(__func__, client);
    return client == NULL ? NULL : client->base_url;
}

okta_client *okta_client_hold(okta_client *client)
{
    oktai_expect_root(__func__, client);
    return oktai_root_hold(client);
}

bool oktai_client_is_inherited(const okta_client *client)
{
    return oktai_process_is_another(&client->owner);
}

okta_error *oktai_client_refuse(const okta_client *client)
{
    return oktai_client_is_inherited(client)
               ? oktai_error_new(OKTA_E_ARG, "the client was made before fork: make one in the child")
               : NULL;
}

oktai_transport *oktai_client_take_transport(okta_client *client)
{
    pthread_mutex_lock(&client->lock);
    oktai_transport *transport = client->idle;
    if (transport != NULL) {
        client->idle = *oktai_transport_next(transport);
        client->idle_count--;
    }
    pthread_mutex_unlock(&client->lock);
    return transport != NULL ? transport : oktai_transport_new(&client->transport);
}

void oktai_client_give_transport(okta_client *client, oktai_transport *transport)
{
    pthread_mutex_lock(&client->lock);
    if (client->idle_count < client->pacing.options.max_in_flight) {
        *oktai_transport_next(transport) = client->idle;
        client->idle = transport;
        client->idle_count++;
        transport = NULL;
    }
    pthread_mutex_unlock(&client->lock);
    oktai_transport_free(transport);
}

void oktai_client_set_clock(okta_client *client, const oktai_clock *clock)
{
    client->clock = clock;
    client->transport.clock = clock;
}
