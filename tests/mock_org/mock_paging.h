/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Lists in pages: which part of a list a request asks for by `limit` and `after`, and the link to the part
 * that follows.
 */
#ifndef OKTA_TESTS_MOCK_ORG_PAGING_H
#define OKTA_TESTS_MOCK_ORG_PAGING_H

#include "mock_state.h"

/** A part of a list. */
typedef struct mock_page {
    unsigned start; /**< index of its first item */
    unsigned end;   /**< index behind its last item */
    char *next;     /**< path and query of the part that follows, for free(); NULL: there is none */
} mock_page;

/**
 * Cut a list of `count` items. A page has at most `max` items, and no more than the request's `limit`.
 * @return false: the answer is a refusal or broken
 */
bool mock_page_cut(mock_call *call, unsigned count, unsigned max, mock_page *out);
/** Add the Link headers `self` and, where a page follows, `next`. */
void mock_page_link(const mock_call *call, const mock_page *page);
void mock_page_clear(mock_page *page);

#endif
