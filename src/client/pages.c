/* SPDX-License-Identifier: Apache-2.0 */
#include "client/pages.h"

#include <string.h>

#include "client/endings.h"
#include "client/log.h"
#include "core/arena.h"
#include "core/error.h"
#include "core/misuse.h"
#include "core/uri.h"
#include "okta/cancel.h"
#include "json/engine.h"
#include "json/plain.h"

static void release(void *object)
{
    okta_pages *pages = object;
    if (pages->fetch != NULL) {
        pages->abandon(pages->fetch);
    }
    okta_free(pages->error);
    okta_free(pages->call);
    okta_free(pages->first);
    okta_free(pages->item);
    oktai_buffer_clear(&pages->cursor);
    oktai_buffer_clear(&pages->here);
    oktai_arena_clear(&pages->items);
    oktai_arena_clear(&pages->trail.arena);
}

/* Takes `first`; NULL: out of memory. */
static okta_pages *new_pages(okta_call *first)
{
    okta_pages *pages = first == NULL ? NULL : oktai_root_new(sizeof *pages, 0, release);
    if (pages == NULL) {
        okta_free(first);
        return NULL;
    }
    pages->first = first;
    pages->error = oktai_call_take_problem(first);
    if (pages->error == NULL) {
        const okta_client *client = first->client;
        pages->trail.seed = client->clock->random(client->clock);
        if (!oktai_buffer_add_text(&pages->cursor, first->url.data + first->path_at)) {
            pages->error = oktai_error_nomem();
        }
    }
    return pages;
}

okta_pages *okta_request_pages(okta_client *client, const char *path)
{
    oktai_expect_root(__func__, client);
    return new_pages(okta_request_call(client, "GET", path, NULL));
}

okta_pages *oktai_operation_pages(okta_client *client, const oktai_operation *operation,
                                  const char *const *ids, const void *params)
{
    oktai_expect_root(operation->name, client);
    okta_pages *pages = new_pages(oktai_operation_call(client, operation, ids, params, NULL));
    if (pages != NULL) {
        pages->paging = operation->paging;
        pages->member = operation->paging->member;
    }
    return pages;
}

void okta_pages_set_list(okta_pages *pages, const char *member)
{
    oktai_expect_root(__func__, pages);
    if (pages == NULL || pages->error != NULL) {
        return;
    }
    pages->member = oktai_arena_strdup(oktai_root_arena(pages), member);
    if (pages->member == NULL) {
        pages->error = member == NULL ? oktai_error_null("member") : oktai_error_nomem();
    }
}

void okta_pages_set_cursor(okta_pages *pages, const char *cursor)
{
    oktai_expect_root(__func__, pages);
    if (pages == NULL || pages->error != NULL) {
        return;
    }
    const char *reason =
        cursor == NULL ? "must not be NULL" : oktai_uri_refuse_target(cursor, strlen(cursor));
    if (reason == NULL && (pages->call != NULL || pages->finished)) {
        reason = "comes too late: a page was fetched already";
    }
    oktai_buffer copy = {0};
    if (reason != NULL) {
        pages->error = oktai_error_new(OKTA_E_ARG, "cursor %s", reason);
    } else if (!oktai_buffer_add_text(&copy, cursor)) {
        pages->error = oktai_error_nomem();
    } else {
        oktai_buffer_clear(&pages->cursor);
        pages->cursor = copy;
    }
}

void okta_pages_set_timeout_ms(okta_pages *pages, int64_t timeout_ms)
{
    oktai_expect_root(__func__, pages);
    if (pages != NULL) {
        okta_call_set_timeout_ms(pages->first, timeout_ms);
    }
}

void okta_pages_set_deadline(okta_pages *pages, const struct timespec *deadline)
{
    oktai_expect_root(__func__, pages);
    if (pages != NULL) {
        okta_call_set_deadline(pages->first, deadline);
    }
}

void okta_pages_set_cancel_token(okta_pages *pages, okta_cancel_token *token)
{
    oktai_expect_root(__func__, pages);
    if (pages != NULL) {
        okta_call_set_cancel_token(pages->first, token);
    }
}

void okta_pages_add_header(okta_pages *pages, const char *name, const char *value)
{
    oktai_expect_root(__func__, pages);
    if (pages != NULL) {
        okta_call_add_header(pages->first, name, value);
    }
}

void okta_pages_cancel(okta_pages *pages)
{
    oktai_expect_root(__func__, pages);
    if (pages != NULL) {
        okta_call_cancel(pages->first);
    }
}

const char *okta_pages_request_id(const okta_pages *pages)
{
    oktai_expect_root(__func__, pages);
    return pages == NULL ? NULL : okta_call_request_id(pages->call);
}

okta_rate_limit okta_pages_rate_limit(const okta_pages *pages)
{
    oktai_expect_root(__func__, pages);
    return okta_call_rate_limit(pages == NULL ? NULL : pages->call);
}

/* An error about the page at hand, or about the list where there is none. Takes `cause`. */
static okta_error *bad_page(okta_pages *pages, okta_error *cause)
{
    okta_status status = okta_error_status(cause);
    if (pages->call == NULL || status == OKTA_E_NOMEM) {
        return cause;
    }
    if (status != OKTA_E_PROTOCOL) {
        return oktai_call_interrupted(pages->call, cause);
    }
    oktai_answer answer = oktai_call_answer(pages->call);
    return oktai_outcome_bad_answer(&answer, OKTAI_EFFECT_READ, cause);
}

/* Path and query of the page behind the one at hand, in its memory; NULL: it is the last one. */
static okta_error *find_next(okta_pages *pages, const oktai_page_body *found, const char **out)
{
    okta_error *error =
        oktai_page_next(&pages->call->response.headers, found->links, pages->cursor.data, &pages->items, out);
    if (error == NULL && *out == NULL && pages->paging != NULL && pages->paging->cursor != NULL) {
        error =
            oktai_page_after(pages->page.json, pages->paging->cursor, pages->cursor.data, &pages->items, out);
    }
    return error;
}

/* A list that is an array by its description has no other form; a list that is in an object is found there.
 */
static okta_error *read_page(okta_pages *pages, const oktai_watch *watch, oktai_page_body *out)
{
    const okta_text json = pages->page.json;
    const okta_descriptor *type = pages->first->operation->response;
    bool array = pages->paging != NULL && pages->member == NULL && type->wrappers == NULL &&
                 (type->item != NULL || type == &oktai_string_list_model);
    return array ? oktai_page_read_array(json.text, json.length, type, watch, &pages->items, out)
                 : oktai_page_read(json.text, json.length, pages->member, watch, &pages->items, out);
}

/* The cursor moves on only when the page is good: after a failure it names the page that failed. An endless
 * list that names no next page stays where it is: the next poll asks for the same page. */
static okta_error *take_page(okta_pages *pages)
{
    oktai_page_body found;
    const char *next = NULL;
    oktai_buffer cursor = {0};
    const oktai_watch watch = oktai_call_watch(pages->call);
    okta_text *json = &pages->page.json;
    json->text = okta_call_body(pages->call, &json->length);
    json->text = json->text == NULL ? "" : json->text;
    okta_error *error = read_page(pages, &watch, &found);
    if (error == NULL) {
        error = find_next(pages, &found, &next);
    }
    bool endless = oktai_paging_is_endless(pages->paging, pages->cursor.data);
    bool rests = endless && (next == NULL || found.count == 0);
    if (next == NULL && endless) {
        next = pages->cursor.data;
    }
    if (error == NULL && next != NULL && !oktai_buffer_add_text(&cursor, next)) {
        error = oktai_error_nomem();
    }
    if (error != NULL) {
        return error;
    }
    pages->page.items = found.items;
    pages->page.count = found.count;
    pages->finished = next == NULL;
    pages->resting = rests;
    pages->next_item = 0;
    oktai_buffer_clear(&pages->here);
    pages->here = pages->cursor;
    pages->cursor = cursor;
    return NULL;
}

okta_call *oktai_pages_call(okta_pages *pages, okta_error **error)
{
    *error = oktai_page_trail_add(&pages->trail, pages->cursor.data);
    if (*error != NULL) {
        *error = bad_page(pages, *error);
        return NULL;
    }
    okta_call *call = oktai_call_for_page(pages->first, pages->cursor.data);
    oktai_call_set_page(call, (unsigned)pages->trail.count);
    return call;
}

void oktai_pages_drop(okta_pages *pages)
{
    okta_free(pages->call);
    pages->call = NULL;
    oktai_arena_clear(&pages->items);
    pages->page = (okta_page){.count = 0};
    pages->next_item = 0;
    pages->is_told = true;
}

void oktai_pages_take(okta_pages *pages, okta_call *call, okta_error *error)
{
    oktai_pages_drop(pages);
    pages->call = call;
    if (error == NULL) {
        error = take_page(pages);
        error = error == NULL ? NULL : bad_page(pages, error);
    }
    pages->is_told = error != NULL;
    pages->error = error;
}

static void fetch(okta_pages *pages)
{
    pages->error = oktai_call_take_problem(pages->first);
    if (pages->error != NULL) {
        return;
    }
    okta_call *call = oktai_pages_call(pages, &pages->error);
    if (pages->error == NULL) {
        oktai_pages_drop(pages);
        okta_error *error = okta_call_run(call);
        oktai_pages_take(pages, call, error);
    }
}

/* The cursor stays with the list, and the pages of the next poll may be those of this one. */
bool oktai_pages_end_poll(okta_pages *pages)
{
    bool ends = pages->resting;
    pages->resting = false;
    if (ends) {
        oktai_arena_clear(&pages->trail.arena);
        pages->trail = (oktai_page_trail){.seed = pages->trail.seed};
    }
    return ends;
}

/* Whether there is a page that was not told yet; it is fetched where no loop does that. */
static bool has_page(okta_pages *pages)
{
    if (pages->is_submitted) {
        return !pages->is_told;
    }
    if (pages->finished || pages->failed || pages->error != NULL || oktai_pages_end_poll(pages)) {
        return false;
    }
    fetch(pages);
    return pages->error == NULL;
}

const okta_page *okta_pages_next(okta_pages *pages)
{
    oktai_expect_root(__func__, pages);
    if (pages == NULL || !has_page(pages)) {
        return NULL;
    }
    pages->is_told = true;
    bool empty = pages->page.count == 0;
    return empty && oktai_pages_end_poll(pages) ? NULL : &pages->page;
}

/* A list's element that is no such object has its text and nothing else. */
static okta_error *make_blank(const okta_descriptor *type, okta_text text, void **out)
{
    okta_model *blank = oktai_root_new(type->size, text.length, NULL);
    char *copy = blank == NULL ? NULL : oktai_arena_copy(oktai_root_arena(blank), text.text, text.length);
    if (copy == NULL) {
        okta_free(blank);
        return oktai_error_nomem();
    }
    blank->struct_size = type->size;
    blank->source = copy;
    blank->source_length = text.length;
    *out = blank;
    return NULL;
}

static okta_error *decode_item(const okta_pages *pages, okta_text text, void **out)
{
    const okta_descriptor *type = pages->paging->item;
    oktai_decode_report report = {0};
    oktai_buffer body = {0};
    okta_error *error = NULL;
    if (!oktai_buffer_append(&body, text.text, text.length)) {
        return oktai_error_nomem();
    }
    error = type->form == OKTAI_FORM_MODEL ? oktai_engine_decode(type, &body, NULL, out, &report)
                                           : oktai_plain_decode(type, &body, NULL, out);
    oktai_buffer_clear(&body);
    if (error == NULL && report.set_aside > 0) {
        oktai_log_set_aside(pages->call, report.set_aside, report.first_name);
    }
    if (okta_error_status(error) == OKTA_E_PROTOCOL) {
        okta_free(error);
        error = make_blank(type, text, out);
    }
    return error;
}

static void refuse_type(okta_pages *pages, const okta_descriptor *type)
{
    const char *name = pages->first->operation->name;
    const char *schema = pages->paging == NULL ? "no model" : pages->paging->item->schema;
    oktai_misuse("okta_pages_next_item(): an item of %s is %s, not %s", name, schema, type->schema);
    if (pages->error == NULL && !pages->failed) {
        pages->error = oktai_error_new(OKTA_E_ARG, "an item of %s is %s, not %s", name, schema, type->schema);
    }
}

void *okta_pages_next_item(okta_pages *pages, const okta_descriptor *type)
{
    oktai_expect_root(__func__, pages);
    if (pages == NULL || type == NULL) {
        return NULL;
    }
    if (pages->paging == NULL || pages->paging->item != type) {
        refuse_type(pages, type);
        return NULL;
    }
    okta_free(pages->item);
    pages->item = NULL;
    pages->by_item = true;
    while (pages->error == NULL && !pages->failed && pages->next_item == pages->page.count) {
        if (okta_pages_next(pages) == NULL) {
            return NULL;
        }
    }
    if (pages->error == NULL && !pages->failed) {
        pages->error = decode_item(pages, pages->page.items[pages->next_item], &pages->item);
        pages->next_item += pages->error == NULL;
    }
    return pages->item;
}

void okta_pages_keep_item(okta_pages *pages)
{
    oktai_expect_root(__func__, pages);
    if (pages != NULL) {
        pages->item = NULL;
    }
}

okta_error *okta_pages_error(okta_pages *pages)
{
    oktai_expect_root(__func__, pages);
    if (pages == NULL) {
        return oktai_error_nomem();
    }
    okta_error *error = pages->error;
    pages->error = NULL;
    pages->failed = pages->failed || error != NULL;
    return error;
}

const char *okta_pages_cursor(const okta_pages *pages)
{
    oktai_expect_root(__func__, pages);
    if (pages == NULL) {
        return NULL;
    }
    bool within = pages->by_item && pages->next_item < pages->page.count;
    return within ? pages->here.data : pages->finished ? NULL : pages->cursor.data;
}
