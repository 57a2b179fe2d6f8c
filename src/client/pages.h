/* SPDX-License-Identifier: Apache-2.0 */
/* The pages object, and the parts of fetching a page: the blocking and the submitted way share them. */
#ifndef OKTA_CLIENT_PAGES_H
#define OKTA_CLIENT_PAGES_H

#include "client/call.h"
#include "client/page.h"
#include "okta/pages.h"

struct oktai_fetch;

struct okta_pages {
    okta_call
        *first; /* never runs: what is set on it holds for the calls of all pages, which are its children */
    const oktai_paging *paging; /* NULL: of a raw request */
    okta_error *error;
    oktai_buffer cursor;
    bool finished;   /* the last page was delivered */
    bool resting;    /* the end of an endless list for this time was delivered */
    bool failed;     /* and the error handed out */
    okta_call *call; /* holds the page at hand */
    okta_page page;
    oktai_arena items;
    const char *member; /* that holds the list; NULL: the only array */
    oktai_page_trail trail;

    oktai_buffer here; /* path and query of the page at hand */
    bool by_item;      /* the program asks for items, not for pages */
    size_t next_item;  /* of that page */
    void *item;        /* the latest; NULL: none, or it is the program's */

    bool is_submitted;                          /* a loop fetches, and nothing else does */
    bool is_told;                               /* okta_pages_next() returned the page at hand */
    bool reads_ahead;                           /* one page */
    struct oktai_fetch *fetch;                  /* by a loop; NULL: none */
    void (*abandon)(struct oktai_fetch *fetch); /* a program without a loop links none of it */
};

/* The call that fetches the next page. NULL: out of memory, or `*error`. */
okta_call *oktai_pages_call(okta_pages *pages, okta_error **error);
/* The page at hand is gone. */
void oktai_pages_drop(okta_pages *pages);
/* That call ended: it holds the page at hand. Takes `call` and `error`; sets the error of the pages. */
void oktai_pages_take(okta_pages *pages, okta_call *call, okta_error *error);
/* Whether an endless list is at its end for this time; it is told once. */
bool oktai_pages_end_poll(okta_pages *pages);

#endif
