/* SPDX-License-Identifier: Apache-2.0 */
#include "client/listing.h"

#include <string.h>

#include "core/error.h"
#include "okta/memory.h"
#include "json/engine.h"

/* Appends the elements of a page. They stay where they are: only the pointers to them are copied. */
static okta_error *add_items(oktai_listing *listing, const oktai_any_list *page)
{
    oktai_arena *arena = oktai_root_arena(listing->list);
    for (size_t i = 0; i < page->count; i++) {
        void **slot = oktai_arena_push(arena, &listing->items, sizeof *slot);
        if (slot == NULL) {
            return arena->over_limit
                       ? oktai_error_new(OKTA_E_PROTOCOL, "the list takes far more memory than its length")
                       : oktai_error_nomem();
        }
        *slot = page->items[i];
    }
    return NULL;
}

okta_error *oktai_listing_add(oktai_listing *listing, oktai_any_list *page, const oktai_headers *headers,
                              const char *target, size_t max_length, oktai_arena *arena,
                              const char **out_next)
{
    bool first = listing->list == NULL;
    const okta_member *links = oktai_extra_find(&page->model, "_links");
    okta_text text = {0};
    if (first) {
        listing->list = page;
    }
    if (links != NULL) {
        text = (okta_text){links->json, strlen(links->json)};
    }
    okta_error *error = oktai_page_next(headers, text, target, arena, out_next);
    if (error != NULL || (first && *out_next == NULL)) {
        return error;
    }
    if (*out_next != NULL && !oktai_page_is_same_path(*out_next, target)) {
        return oktai_error_new(OKTA_E_PROTOCOL, "the next link of a page leads to another list");
    }
    listing->length += page->model.source_length;
    if (listing->length > max_length) {
        return oktai_error_new(OKTA_E_PROTOCOL,
                               "the pages of the list together are longer than max_response_bytes: allow "
                               "more, or read them one by one with okta_request_pages()");
    }
    if (first) {
        error = oktai_page_trail_add(&listing->trail, target);
    }
    if (error == NULL && *out_next != NULL) {
        error = oktai_page_trail_add(&listing->trail, *out_next);
    }
    return error == NULL ? add_items(listing, page) : error;
}

/* No text holds a list of several pages, so that its source is none. */
oktai_any_list *oktai_listing_take(oktai_listing *listing)
{
    oktai_any_list *list = listing->list;
    listing->list = NULL;
    if (listing->page > 1) {
        list->count = listing->items.count;
        list->items = listing->items.data == NULL ? list->items : listing->items.data;
        list->model.source = NULL;
        list->model.source_length = 0;
    }
    return list;
}

void oktai_listing_clear(oktai_listing *listing)
{
    okta_free(listing->list);
    listing->list = NULL;
    oktai_arena_clear(&listing->trail.arena);
}
