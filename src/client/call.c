/* SPDX-License-Identifier: Apache-2.0 */
/* Making calls. */
#include "client/call.h"

#include <string.h>

#include "auth/authorization.h"
#include "client/cancel_token.h"
#include "client/params.h"
#include "core/arena.h"
#include "core/error.h"
#include "core/misuse.h"
#include "core/uri.h"
#include "json/plain.h"

static void release(void *object)
{
    okta_call *call = object;
    if (call->cancel_link != NULL) {
        oktai_cancel_link_leave(call->cancel_link);
    }
    if (call->signature != NULL) {
        call->drop_signature(call);
    }
    okta_free(call->problem);
    okta_free(call->child);
    okta_free(call->outcome);
    okta_free(call->settling.unknown);
    oktai_known_ids_clear(&call->settling.known);
    oktai_sending_clear(&call->sending);
    okta_free(call->token);
    okta_free(call->app);
    okta_free(call->result);
    oktai_buffer_clear(&call->url);
    oktai_body_clear(&call->body);
    oktai_response_clear(&call->response);
    oktai_listing_clear(&call->listing);
    oktai_secrets_clear(&call->sent_secrets);
    okta_free(call->client);
}

/* The first problem counts. */
static void refuse(okta_call *call, okta_error *problem)
{
    if (call->problem == NULL) {
        call->problem = problem;
    } else {
        okta_free(problem);
    }
}

void oktai_call_set_problem(okta_call *call, okta_error *problem)
{
    refuse(call, problem);
}

/* What is refused about the arguments of an operation, with its name in front, as the server's refusals have
 * it. */
static void refuse_named(okta_call *call, okta_error *problem)
{
    refuse(call, oktai_error_reword(problem, "%s: %s", call->operation->name, okta_error_message(problem)));
}

/* Where the path goes. An org on loopback stands for all servers of an org. */
static bool add_server(okta_call *call)
{
    static const char scheme[] = "https://";
    const okta_client *client = call->client;
    bool other = call->operation->server == OKTAI_SERVER_DRAPP && !client->transport.plain_http;
    const char *rest = client->base_url + (other ? strlen(scheme) : 0);
    if ((other && !oktai_buffer_add_text(&call->url, "https://drapp.")) ||
        !oktai_buffer_add_text(&call->url, rest)) {
        return false;
    }
    call->path_at = call->url.length;
    return true;
}

/* The media types that the answer may have, the first one for NULL; NULL: JSON and no other. */
static const char *const *answer_types(const okta_call *call)
{
    const oktai_wire *wire = call->operation->wire;
    return wire == NULL ? NULL : wire->answer_types;
}

static bool is_json_type(const char *type)
{
    return strstr(type, "json") != NULL;
}

/* Ask for a media type; NULL: the row's first. */
static void set_accept(okta_call *call, const char *type)
{
    const char *const *types = answer_types(call);
    if (type == NULL && types == NULL) {
        call->accept = "Accept: application/json";
        return;
    }
    type = type == NULL ? types[0] : type;
    call->takes_bytes = !is_json_type(type);
    call->accept = oktai_arena_join(oktai_root_arena(call), "Accept: ", type);
    if (call->accept == NULL) {
        refuse(call, oktai_error_nomem());
    }
}

bool oktai_call_needs_token(const okta_call *call)
{
    const okta_client *client = call->client;
    return call->operation->security == OKTAI_SECURITY_TOKEN &&
           (client->authorization == NULL || atomic_load(&client->is_replaced));
}

const okta_descriptor *oktai_call_result_type(const okta_call *call)
{
    if (call->is_page || call->operation->response == NULL) {
        return NULL;
    }
    return call->takes_bytes ? &oktai_bytes_model : call->operation->response;
}

static okta_call *new_call(okta_client *client, const oktai_operation *operation)
{
    oktai_expect_root(operation->name, client);
    okta_call *call = oktai_root_new(sizeof *call, 256, release);
    if (call == NULL) {
        return NULL;
    }
    atomic_init(&call->canceled, false);
    call->root = call;
    call->operation = operation;
    if (client == NULL) {
        refuse(call, oktai_error_null("client"));
        return call;
    }
    call->client = oktai_root_hold(client);
    call->timeout_ms = client->timeout_ms;
    call->max_retries = client->max_retries;
    call->latest_ms = INT64_MAX;
    set_accept(call, NULL);
    if (!add_server(call)) {
        refuse(call, oktai_error_nomem());
    }
    if (operation->path != NULL) {
        call->endpoint = oktai_pacing_key(oktai_method_name(operation->method), operation->path);
    }
    return call;
}

okta_call *oktai_call_alone(okta_client *client, const oktai_operation *operation)
{
    return new_call(client, operation);
}

okta_call *oktai_call_beside(const okta_call *call, const oktai_operation *operation, size_t url_length)
{
    okta_call *beside = new_call(call->client, operation);
    if (beside == NULL || beside->problem != NULL) {
        return beside;
    }
    beside->max_retries = call->max_retries;
    beside->timeout_ms = OKTAI_TIMEOUT_MAX_MS;
    beside->fresh = true;
    if (!oktai_buffer_append(&beside->url, call->url.data + call->path_at, url_length - call->path_at)) {
        refuse(beside, oktai_error_nomem());
    }
    return beside;
}

/* Stands for a value that no text says. */
static const char no_text[] = "";

const char *oktai_enum_in_path(const oktai_enum_texts *texts, int value)
{
    return value >= 2 && (size_t)value - 2 < texts->count ? texts->texts[value - 2] : no_text;
}

static void set_path(okta_call *call, const char *const *ids)
{
    const char *path = call->operation->path;
    const char *name;
    size_t length;
    for (size_t i = 0; oktai_uri_placeholder(path, i, &name, &length); i++) {
        const char *reason = ids[i] == no_text ? "is no value of its enum" : oktai_uri_refuse_id(ids[i]);
        if (reason != NULL) {
            char byte[OKTAI_URI_BYTE_SIZE];
            refuse_named(call, oktai_error_new(OKTA_E_ARG, "%.*s %s%s", (int)length, name, reason,
                                               oktai_uri_tell_byte(reason, ids[i], byte)));
            return;
        }
    }
    if (!oktai_uri_expand(&call->url, path, ids)) {
        refuse(call, oktai_error_nomem());
    }
}

okta_call *oktai_operation_call_plain(okta_client *client, const oktai_operation *operation,
                                      const char *const *ids)
{
    okta_call *call = new_call(client, operation);
    if (call != NULL && call->problem == NULL) {
        set_path(call, ids);
    }
    return call;
}

okta_call *oktai_operation_call(okta_client *client, const oktai_operation *operation, const char *const *ids,
                                const void *params, const void *body)
{
    okta_call *call = oktai_operation_call_plain(client, operation, ids);
    if (call != NULL && call->problem == NULL) {
        const oktai_params_target target = {&call->url, &call->own_headers, oktai_root_arena(call),
                                            &call->body.secrets};
        okta_error *error =
            call->problem == NULL ? oktai_params_write(operation->params, params, &target) : NULL;
        if (error == NULL && call->problem == NULL) {
            error = oktai_body_write(&call->body, operation, body, oktai_root_arena(call), client->clock);
        }
        if (error != NULL) {
            refuse_named(call, error);
        }
    }
    return call;
}

static const oktai_operation raw_operations[] = {
    {.name = "request", .method = OKTAI_METHOD_GET, .effect = OKTAI_EFFECT_READ},
    {.name = "request", .method = OKTAI_METHOD_POST, .effect = OKTAI_EFFECT_CREATE},
    {.name = "request", .method = OKTAI_METHOD_PUT, .effect = OKTAI_EFFECT_REPLACE},
    {.name = "request", .method = OKTAI_METHOD_PATCH, .effect = OKTAI_EFFECT_UPDATE},
    {.name = "request", .method = OKTAI_METHOD_DELETE, .effect = OKTAI_EFFECT_DELETE},
};

static const oktai_operation *raw_operation(const char *method)
{
    for (size_t i = 0; method != NULL && i < sizeof raw_operations / sizeof raw_operations[0]; i++) {
        if (strcmp(method, oktai_method_name(raw_operations[i].method)) == 0) {
            return &raw_operations[i];
        }
    }
    return NULL;
}

static okta_error *set_raw(okta_call *call, const char *path, const char *body)
{
    const char *reason = path == NULL ? "must not be NULL" : oktai_uri_refuse_target(path, strlen(path));
    if (reason != NULL) {
        char byte[OKTAI_URI_BYTE_SIZE];
        return oktai_error_new(OKTA_E_ARG, "path %s%s", reason, oktai_uri_tell_byte(reason, path, byte));
    }
    if (!oktai_buffer_add_text(&call->url, path) || !oktai_secrets_of_target(&call->body.secrets, path)) {
        return oktai_error_nomem();
    }
    if (call->url.length > OKTAI_URL_MAX) {
        return oktai_error_new(OKTA_E_ARG, "path makes a URL of more than %u bytes", OKTAI_URL_MAX);
    }
    call->endpoint = oktai_pacing_key(oktai_method_name(call->operation->method), path);
    if (body == NULL) {
        return NULL;
    }
    if (call->operation->method == OKTAI_METHOD_GET) {
        return oktai_error_new(OKTA_E_ARG, "a GET request takes no body");
    }
    return oktai_body_write_json(&call->body, body);
}

okta_call *oktai_call_for_page(okta_call *first, const char *target)
{
    okta_call *call = new_call(first->client, first->operation);
    if (call == NULL || call->problem != NULL) {
        return call;
    }
    uint64_t endpoint = call->endpoint;
    okta_error *error = set_raw(call, target, NULL);
    if (error != NULL) {
        refuse(call, error);
    }
    call->endpoint = call->operation->path == NULL ? call->endpoint : endpoint;
    call->is_page = true;
    call->root = first->root;
    call->timeout_ms = first->timeout_ms;
    call->latest_ms = first->latest_ms;
    call->max_retries = first->max_retries;
    call->own_headers = first->own_headers;
    return call;
}

okta_error *oktai_call_take_problem(okta_call *call)
{
    okta_error *problem = call->problem;
    call->problem = NULL;
    return problem;
}

okta_error *oktai_call_refuse(okta_call *call)
{
    if (call->ran) {
        return oktai_error_new(OKTA_E_ARG, "a call runs once, and this one ran");
    }
    okta_error *problem = oktai_call_take_problem(call);
    if (problem != NULL) {
        call->ran = true;
        return problem;
    }
    return oktai_client_refuse(call->client);
}

okta_call *okta_request_call(okta_client *client, const char *method, const char *path, const char *body)
{
    const oktai_operation *operation = raw_operation(method);
    okta_call *call = new_call(client, operation == NULL ? &raw_operations[0] : operation);
    if (call == NULL || call->problem != NULL) {
        return call;
    }
    okta_error *error = operation == NULL
                            ? oktai_error_new(OKTA_E_ARG, "method must be GET, POST, PUT, PATCH or DELETE")
                            : set_raw(call, path, body);
    if (error != NULL) {
        refuse(call, error);
    }
    return call;
}

void okta_call_set_timeout_ms(okta_call *call, int64_t timeout_ms)
{
    oktai_expect_root(__func__, call);
    if (call == NULL) {
        return;
    }
    if (timeout_ms < 1 || timeout_ms > OKTAI_TIMEOUT_MAX_MS) {
        refuse(call, oktai_error_new(OKTA_E_ARG, "timeout_ms must be 1 to 86,400,000"));
        return;
    }
    call->timeout_ms = timeout_ms;
}

/* In milliseconds, rounded down. What is beyond them is never. */
static int64_t in_ms(const struct timespec *time)
{
    const int64_t most_s = INT64_MAX / 1000 - 1;
    int64_t seconds = time->tv_sec;
    if (seconds > most_s) {
        return INT64_MAX;
    }
    return (seconds < -most_s ? -most_s : seconds) * 1000 + time->tv_nsec / 1000000;
}

void okta_call_set_deadline(okta_call *call, const struct timespec *deadline)
{
    oktai_expect_root(__func__, call);
    if (call == NULL) {
        return;
    }
    if (deadline == NULL) {
        refuse(call, oktai_error_null("deadline"));
        return;
    }
    if (deadline->tv_nsec < 0 || deadline->tv_nsec > 999999999) {
        refuse(call, oktai_error_new(OKTA_E_ARG, "deadline has nanoseconds that are no part of a second"));
        return;
    }
    call->latest_ms = in_ms(deadline);
}

void okta_call_set_max_retries(okta_call *call, unsigned max_retries)
{
    oktai_expect_root(__func__, call);
    if (call == NULL) {
        return;
    }
    if (max_retries > OKTAI_RETRIES_MAX) {
        refuse(call, oktai_error_new(OKTA_E_ARG, "max_retries must be 0 to 20"));
        return;
    }
    call->max_retries = max_retries;
}

void okta_call_add_header(okta_call *call, const char *name, const char *value)
{
    oktai_expect_root(__func__, call);
    if (call == NULL) {
        return;
    }
    okta_error *error = oktai_own_headers_add(&call->own_headers, oktai_root_arena(call), name, value);
    if (error != NULL) {
        refuse(call, error);
    }
}

void okta_call_set_accept(okta_call *call, const char *media_type)
{
    oktai_expect_root(__func__, call);
    if (call == NULL) {
        return;
    }
    const char *const *types = answer_types(call);
    for (size_t i = 0; media_type != NULL && types != NULL && types[i] != NULL; i++) {
        if (strcmp(types[i], media_type) == 0) {
            set_accept(call, types[i]);
            return;
        }
    }
    refuse(call, oktai_error_new(OKTA_E_ARG, "%s does not answer with %s", call->operation->name,
                                 media_type == NULL ? "NULL" : media_type));
}

okta_error *oktai_call_take_outcome(okta_call *call)
{
    okta_error *outcome = call->outcome;
    call->outcome = NULL;
    return outcome;
}

void *oktai_call_take_result(okta_call *call)
{
    void *result = call == NULL ? NULL : call->result;
    if (result != NULL) {
        call->result = NULL;
        call->result_text = NULL;
        call->result_length = 0;
    }
    return result;
}

unsigned okta_call_attempts(const okta_call *call)
{
    oktai_expect_root(__func__, call);
    return call == NULL ? 0 : call->listing.past_attempts + call->retry.attempts;
}

/* What to say when the server refuses a token that the program gave. */
static const char *doubt(const okta_call *call)
{
    if (call->operation->security != OKTAI_SECURITY_TOKEN || call->client->tokens.who.client_id != NULL) {
        return NULL;
    }
    return oktai_authorization_doubt(call->token != NULL ? call->token->line : call->client->authorization);
}

oktai_answer oktai_call_answer(okta_call *call)
{
    return (oktai_answer){.name = call->operation->name,
                          .page = call->listing.page,
                          .response = &call->response,
                          .watch = oktai_call_watch(call),
                          .attempts = okta_call_attempts(call),
                          .scopes = call->client->tokens.who.scopes,
                          .scopes_place = call->client->tokens.who.scopes_place,
                          .token_doubt = doubt(call),
                          .secrets = oktai_call_secrets_of(call)};
}

oktai_call_secrets oktai_call_secrets_of(const okta_call *call)
{
    const oktai_service_app *app = call->app == NULL && call->token != NULL ? call->token->app : call->app;
    return (oktai_call_secrets){.client = &call->client->secrets,
                                .body = &call->body.secrets,
                                .sent = &call->sent_secrets,
                                .app = app == NULL ? NULL : &app->secrets,
                                .token = call->token == NULL ? NULL : call->token->value};
}

void oktai_call_set_page(okta_call *call, unsigned page)
{
    if (call != NULL) {
        call->listing.page = page;
    }
}

oktai_watch oktai_call_watch(const okta_call *call)
{
    return (oktai_watch){.clock = call->client->clock,
                         .deadline_ms = call->retry.deadline_ms,
                         .canceled = &call->root->canceled};
}

int64_t oktai_call_now_ms(const okta_call *call)
{
    return call->client->clock->now_ms(call->client->clock);
}

int64_t oktai_call_left_ms(const okta_call *call)
{
    int64_t left_ms = call->retry.deadline_ms - oktai_call_now_ms(call);
    return left_ms < 1 ? 1 : left_ms;
}

bool oktai_call_is_canceled(const okta_call *call)
{
    return atomic_load(&call->root->canceled);
}

bool oktai_call_is_unsettled(const okta_call *call)
{
    return call->retry.unsettled && call->operation->effect != OKTAI_EFFECT_READ;
}

bool oktai_call_is_list(const okta_call *call)
{
    const oktai_operation *operation = call->operation;
    return !call->is_page && operation->effect == OKTAI_EFFECT_READ && operation->response != NULL &&
           operation->response->item != NULL;
}

void oktai_call_enter(okta_call *call, oktai_queue *queue)
{
    oktai_waiter *waiter = &call->waiter;
    waiter->call = call;
    waiter->driver = call->root->driver;
    if (waiter->place == 0) {
        waiter->place = ++call->client->places;
    }
    oktai_queue_enter(queue, waiter);
}

okta_error *oktai_call_adopt(okta_call *call, okta_call *child)
{
    if (child == NULL) {
        return oktai_error_nomem();
    }
    int64_t left_ms = call->retry.deadline_ms - oktai_call_now_ms(call);
    if (left_ms <= 0) {
        return oktai_error_new(OKTA_E_TIMEOUT, "the deadline passed");
    }
    child->timeout_ms = left_ms < child->timeout_ms ? left_ms : child->timeout_ms;
    child->root = call->root;
    return oktai_call_take_problem(child);
}

okta_rate_limit oktai_response_rate(const oktai_response *response, const oktai_clock *clock)
{
    okta_rate_limit told = oktai_headers_rate_limit(&response->headers);
    return oktai_pacing_believe(&told, clock->wall_ms(clock) / 1000);
}

oktai_server_times oktai_response_times(const oktai_response *response, const oktai_clock *clock)
{
    oktai_server_times times = {.rate = oktai_response_rate(response, clock)};
    times.has_retry_after = oktai_headers_retry_after(&response->headers, &times.retry_after_ms);
    return times;
}
