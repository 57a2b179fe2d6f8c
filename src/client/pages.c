/* SPDX-License-Identifier: Apache-2.0 */
#include "okta/pages.h"

#include <string.h>

#include "client/call.h"
#include "core/arena.h"
#include "core/error.h"
#include "http/links.h"
#include "json/engine.h"
#include "json/reader.h"

#define PAGES_MAX 10000u

struct okta_pages {
    okta_client *client;
    okta_error *error;
    oktai_buffer cursor;
    bool finished;   /* the last page was delivered */
    bool failed;     /* and the error handed out */
    okta_call *call; /* holds the page at hand */
    okta_page page;
    oktai_arena items;
    oktai_vector seen; /* hashes of the cursors so far: uint64_t */
    oktai_arena seen_arena;
};

static void release(void *object)
{
    okta_pages *pages = object;
    okta_free(pages->error);
    okta_free(pages->call);
    oktai_buffer_clear(&pages->cursor);
    oktai_arena_clear(&pages->items);
    oktai_arena_clear(&pages->seen_arena);
    okta_free(pages->client);
}

okta_pages *okta_request_pages(okta_client *client, const char *path)
{
    okta_pages *pages = oktai_root_new(sizeof *pages, 0, release);
    if (pages == NULL) {
        return NULL;
    }
    pages->client = oktai_root_hold(client);
    if (client == NULL || path == NULL) {
        pages->error = oktai_error_null(client == NULL ? "client" : "path");
    } else if (!oktai_buffer_add_text(&pages->cursor, path)) {
        pages->error = oktai_error_nomem();
    }
    return pages;
}

/* FNV-1a, 64 bits: two of 10,000 pages collide by chance once in 10^11 lists. */
static uint64_t hash(const char *text)
{
    uint64_t value = UINT64_C(0xcbf29ce484222325);
    for (; *text != '\0'; text++) {
        value = (value ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    }
    return value;
}

/* An error about the page at hand, or about the list where there is none. Takes `cause`. */
static okta_error *bad_page(okta_pages *pages, okta_error *cause)
{
    bool plain = pages->call == NULL || okta_error_status(cause) == OKTA_E_NOMEM;
    if (plain) {
        return cause;
    }
    oktai_answer answer = oktai_call_answer(pages->call);
    return oktai_outcome_bad_answer(&answer, OKTAI_EFFECT_READ, cause);
}

static okta_error *remember(okta_pages *pages)
{
    uint64_t value = hash(pages->cursor.data);
    const uint64_t *seen = pages->seen.data;
    for (size_t i = 0; i < pages->seen.count; i++) {
        if (seen[i] == value) {
            return bad_page(pages,
                            oktai_error_new(OKTA_E_PROTOCOL, "the next link leads to a page seen before"));
        }
    }
    if (pages->seen.count == PAGES_MAX) {
        return bad_page(pages, oktai_error_new(OKTA_E_PROTOCOL, "the list has more than 10,000 pages"));
    }
    uint64_t *slot = oktai_arena_push(&pages->seen_arena, &pages->seen, sizeof *slot);
    if (slot == NULL) {
        return oktai_error_nomem();
    }
    *slot = value;
    return NULL;
}

static okta_error *read_items(okta_pages *pages, oktai_reader *reader, oktai_vector *items)
{
    oktai_span item;
    for (bool first = true; oktai_reader_element(reader, first); first = false) {
        if (!oktai_reader_skip(reader, &item)) {
            break;
        }
        okta_text *slot = oktai_arena_push(&pages->items, items, sizeof *slot);
        if (slot == NULL && pages->items.over_limit) {
            return oktai_error_new(OKTA_E_PROTOCOL, "a page has too many items for its length");
        }
        if (slot == NULL) {
            return oktai_error_nomem();
        }
        *slot = (okta_text){item.text, item.length};
    }
    if (!oktai_reader_finish(reader)) {
        return oktai_error_new(OKTA_E_PROTOCOL, "a page is not valid JSON: %s", reader->problem);
    }
    return NULL;
}

static okta_error *split(okta_pages *pages)
{
    size_t length;
    const char *body = okta_call_body(pages->call, &length);
    oktai_reader reader;
    oktai_vector items = {0};
    oktai_reader_init(&reader, body == NULL ? "" : body, length);
    if (oktai_reader_peek(&reader) != OKTAI_JSON_ARRAY || !oktai_reader_enter(&reader)) {
        return oktai_error_new(OKTA_E_PROTOCOL, "a page is not a JSON array");
    }
    pages->items.limit = oktai_engine_memory_limit(length);
    okta_error *error = read_items(pages, &reader, &items);
    if (error == NULL && items.data == NULL) {
        items.data = oktai_arena_array(&pages->items, 1, sizeof(okta_text));
        error = items.data == NULL ? oktai_error_nomem() : NULL;
    }
    pages->page = (okta_page){.json = {body, length}, .items = items.data, .count = items.count};
    return error;
}

/* The cursor moves on only when the page is good: after a failure it names the page that failed. */
static okta_error *advance(okta_pages *pages)
{
    const char *next = NULL;
    switch (oktai_links_next(&pages->call->response.headers, &pages->items, &next)) {
    case OKTAI_LINK_NONE:
        pages->finished = true;
        return NULL;
    case OKTAI_LINK_FOUND:
        break;
    case OKTAI_LINK_DAMAGED:
        return oktai_error_new(OKTA_E_PROTOCOL, "the Link header of a page is damaged");
    case OKTAI_LINK_FOREIGN:
        return oktai_error_new(OKTA_E_PROTOCOL, "the next link of a page leaves the API");
    case OKTAI_LINK_NO_MEMORY:
        return oktai_error_nomem();
    }
    oktai_buffer cursor = {0};
    if (!oktai_buffer_add_text(&cursor, next)) {
        return oktai_error_nomem();
    }
    oktai_buffer_clear(&pages->cursor);
    pages->cursor = cursor;
    return NULL;
}

static okta_error *fetch(okta_pages *pages)
{
    okta_error *error = remember(pages);
    if (error != NULL) {
        return error;
    }
    okta_free(pages->call);
    oktai_arena_clear(&pages->items);
    pages->call = okta_request_call(pages->client, "GET", pages->cursor.data, NULL);
    error = okta_call_run(pages->call);
    if (error != NULL) {
        return error;
    }
    error = split(pages);
    if (error == NULL) {
        error = advance(pages);
    }
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
