/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Lists in pages: which part of a list a request asks for by `limit` and `after`, and the link to the part
 * that follows.
 */
#ifndef OKTA_TESTS_MOCK_ORG_PAGING_H
#define OKTA_TESTS_MOCK_ORG_PAGING_H

#include "mock_state.h"

#include <limits.h>

/**
 * A part of a list. Every item has a position, which no other item of the list ever has and which grows along
 * the list. A cursor is the position behind the last item that a page showed: what is deleted meanwhile moves
 * nothing.
 */
typedef struct mock_page {
    unsigned start; /**< no item before this position is in it */
    unsigned end;   /**< behind the last item that is in it */
    unsigned left;  /**< how many more fit */
    unsigned limit; /**< how many a page has at most */
    char *rest;     /**< the other parameters, each behind an `&`; NULL: a list in one page */
    char *next;     /**< path and query of the part that follows, for free(); NULL: there is none */
} mock_page;

/** All of a list, for what comes in one page. */
#define MOCK_PAGE_ALL ((mock_page){.left = UINT_MAX, .limit = UINT_MAX})

/**
 * Read which page a request is for. It has at most `max` items, and no more than the request's `limit`.
 * @return false: the answer is a refusal or broken
 */
bool mock_page_begin(mock_call *call, unsigned max, mock_page *out);

typedef enum mock_page_side {
    MOCK_PAGE_BEFORE,
    MOCK_PAGE_IN,
    MOCK_PAGE_BEHIND, /**< the page is full, and has its next link or the answer is broken */
} mock_page_side;

/** Where the item at a position is; to be asked in the order of the list, until one is behind the page. */
mock_page_side mock_page_side_of(mock_call *call, mock_page *page, unsigned position);
/** Give a page its next link, whether or not anything follows. */
void mock_page_go_on(mock_call *call, mock_page *page);

/** Add the Link headers `self` and, where a page follows, `next`. */
void mock_page_link(const mock_call *call, const mock_page *page);
void mock_page_clear(mock_page *page);

#endif
