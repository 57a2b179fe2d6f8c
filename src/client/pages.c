/* SPDX-License-Identifier: Apache-2.0 */
#include "okta/pages.h"

#include <string.h>

#include "client/call.h"
#include "client/page.h"
#include "core/arena.h"
#include "core/error.h"

struct okta_pages {
    okta_client *client;
    okta_error *error;
    oktai_buffer cursor;
    bool finished;   /* the last page was delivered */
    bool failed;     /* and the error handed out */
    okta_call *call; /* holds the page at hand */
    okta_page page;
    oktai_arena items;
    const char *member; /* that holds the list; NULL: the only array */
    oktai_page_trail trail;
};

static void release(void *object)
{
    okta_pages *pages = object;
    okta_free(pages->error);
    okta_free(pages->call);
    oktai_buffer_clear(&pages->cursor);
    oktai_arena_clear(&pages->items);
    oktai_arena_clear(&pages->trail.arena);
    okta_free(pages->client);
}

okta_pages *okta_request_pages(okta_client *client, const char *path)
{
    okta_pages *pages = oktai_root_new(sizeof *pages, 0, release);
    if (pages == NULL) {
        return NULL;
    }
    pages->client = oktai_root_hold(client);
    if (client != NULL) {
        pages->trail.seed = client->clock->random(client->clock);
    }
    if (client == NULL || path == NULL) {
        pages->error = oktai_error_null(client == NULL ? "client" : "path");
    } else if (!oktai_buffer_add_text(&pages->cursor, path)) {
        pages->error = oktai_error_nomem();
    }
    return pages;
}

void okta_pages_set_list(okta_pages *pages, const char *member)
{
    if (pages == NULL || pages->error != NULL) {
        return;
    }
    pages->member = oktai_arena_strdup(oktai_root_arena(pages), member);
    if (pages->member == NULL) {
        pages->error = member == NULL ? oktai_error_null("member") : oktai_error_nomem();
    }
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

/* The cursor moves on only when the page is good: after a failure it names the page that failed. */
static okta_error *take_page(okta_pages *pages)
{
    size_t length;
    oktai_page_body found;
    const char *next = NULL;
    oktai_buffer cursor = {0};
    const char *body = okta_call_body(pages->call, &length);
    const oktai_watch watch = oktai_call_watch(pages->call);
    okta_error *error =
        oktai_page_read(body == NULL ? "" : body, length, pages->member, &watch, &pages->items, &found);
    if (error == NULL) {
        error = oktai_page_next(&pages->call->response.headers, found.links, &pages->items, &next);
    }
    if (error != NULL) {
        return error;
    }
    if (next != NULL && !oktai_buffer_add_text(&cursor, next)) {
        return oktai_error_nomem();
    }
    pages->page = (okta_page){.json = {body, length}, .items = found.items, .count = found.count};
    pages->finished = next == NULL;
    if (next != NULL) {
        oktai_buffer_clear(&pages->cursor);
        pages->cursor = cursor;
    }
    return NULL;
}

static okta_error *fetch(okta_pages *pages)
{
    okta_error *error = oktai_page_trail_add(&pages->trail, pages->cursor.data);
    if (error != NULL) {
        return bad_page(pages, error);
    }
    okta_free(pages->call);
    oktai_arena_clear(&pages->items);
    pages->call = okta_request_call(pages->client, "GET", pages->cursor.data, NULL);
    oktai_call_set_page(pages->call, (unsigned)pages->trail.count);
    error = okta_call_run(pages->call);
    if (error != NULL) {
        return error;
    }
    error = take_page(pages);
    return error == NULL ? NULL : bad_page(pages, error);
}

const okta_page *okta_pages_next(okta_pages *pages)
{
    if (pages == NULL || pages->finished || pages->failed || pages->error != NULL) {
        return NULL;
    }
    pages->error = fetch(pages);
    return pages->error == NULL ? &pages->page : NULL;
}

okta_error *okta_pages_error(okta_pages *pages)
{
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
    return pages == NULL || pages->finished ? NULL : pages->cursor.data;
}
