/* SPDX-License-Identifier: Apache-2.0 */
/* A typed list that comes in pages: all of them become one list. */
#ifndef OKTA_CLIENT_LISTING_H
#define OKTA_CLIENT_LISTING_H

#include "client/page.h"
#include "json/descriptor.h"

/* Zeroed it is empty; oktai_listing_clear() releases it. */
typedef struct oktai_listing {
    unsigned page;          /* number of the page at hand, from 1; 0: the answer has no pages */
    unsigned past_attempts; /* made for the pages before it */
    oktai_any_list *list;   /* the first page, a root that holds what all pages hold; NULL before it came */
    oktai_vector items;     /* of all pages; empty as long as the first page may be the only one */
    size_t length;          /* bytes of the pages' JSON */
    oktai_page_trail trail;
} oktai_listing;

/* Add the page at hand: the first one becomes the list, which the listing owns then; a further one lies in
 * the memory of the list. `target` is the path and query that the page came from. `*out_next` receives path
 * and query of the next page, in `arena`; NULL: the list is complete. All pages together have at most
 * `max_length` bytes. Errors: OKTA_E_PROTOCOL, OKTA_E_NOMEM. */
okta_error *oktai_listing_add(oktai_listing *listing, oktai_any_list *page, const oktai_headers *headers,
                              const char *target, size_t max_length, oktai_arena *arena,
                              const char **out_next);

/* The complete list, which is the caller's from here on. */
oktai_any_list *oktai_listing_take(oktai_listing *listing);

void oktai_listing_clear(oktai_listing *listing);

#endif
