/* SPDX-License-Identifier: Apache-2.0 */
/* One page of a list: where its items stand, and which page comes next. Pure functions of an answer. */
#ifndef OKTA_CLIENT_PAGE_H
#define OKTA_CLIENT_PAGE_H

#include "client/operation.h"
#include "core/arena.h"
#include "core/watch.h"
#include "http/headers.h"
#include "okta/error.h"
#include "okta/pages.h"
#include "json/reader.h"

#define OKTAI_PAGES_MAX 10000u

/* What a page's body holds. The texts point into the body. */
typedef struct oktai_page_body {
    okta_text list;         /* the array, with its brackets; its length is not set where it is the body */
    okta_text links;        /* the value of `_links` beside the array; its text is NULL where there is none */
    const okta_text *items; /* the array's elements; non-NULL */
    size_t count;
} oktai_page_body;

/* Find the list in a body and split it. The list is the body itself where that is an array; of an object, the
 * only member that is an array; where the only member is an object, the same of that
 * (`{"jwks":{"keys":[...]}}`). Members whose name begins with `_`, such as `_links` and `_embedded`, do not
 * count. `member` (nullable) names the member to take where an object has several arrays. A NUL stands behind
 * the body. What the result needs beside the body lies in `arena`, whose limit is set. `watch` (nullable)
 * ends it early. Errors: OKTA_E_PROTOCOL, OKTA_E_NOMEM; OKTA_E_TIMEOUT and OKTA_E_CANCELED by the watch. */
okta_error *oktai_page_read(const char *body, size_t length, const char *member, const oktai_watch *watch,
                            oktai_arena *arena, oktai_page_body *out);

/* The same of a page that is an array by its description, as `list` tells, with the rule of a list that comes
 * as one result: an object that has a member of its items is the only item, any other one is an error. */
okta_error *oktai_page_read_array(const char *body, size_t length, const okta_descriptor *list,
                                  const oktai_watch *watch, oktai_arena *arena, oktai_page_body *out);

/* Path and query of the page that comes next, as oktai_links_next() takes it from the Link headers; where
 * these name none, from `_links.next.href` of the body. `links` is the text of `_links`; its text may be
 * NULL. `target` is path and query of the page at hand: where the page calls itself (`self`) by another path,
 * and the next one by the same, the next page has the path of `target`. A `next` that is neither null nor an
 * object with an `href` is damage, so that nobody takes its page for the last one. `*out` lies in `arena`;
 * NULL: this is the last page. Errors: OKTA_E_PROTOCOL, OKTA_E_NOMEM. */
okta_error *oktai_page_next(const oktai_headers *headers, okta_text links, const char *target,
                            oktai_arena *arena, const char **out);

/* Whether two targets have the same path, whatever their queries are. */
bool oktai_page_is_same_path(const char *target, const char *other);

/* Where the value for `after` of the next page is in the body of a page: `path` is names with dots between
 * them. `target` is path and query of the page at hand. `*out` lies in `arena`; NULL: there is none, and this
 * is the last page. Errors: OKTA_E_PROTOCOL, OKTA_E_NOMEM. */
okta_error *oktai_page_after(okta_text body, const char *path, const char *target, oktai_arena *arena,
                             const char **out);

/* Whether a query has a parameter of that name. */
bool oktai_page_has_parameter(const char *target, const char *name);

/* Whether the pages of a list never end. `target`: of a page; `paging` is nullable. */
bool oktai_paging_is_endless(const oktai_paging *paging, const char *target);

/* The pages of a list so far: a set of hashes, to find a circle. Zeroed it is empty; `seed` is any number
 * that the server does not know. */
typedef struct oktai_page_trail {
    uint64_t seed;
    uint64_t *slots; /* 0: free */
    size_t capacity; /* 0 or a power of two */
    size_t count;
    oktai_arena arena; /* the caller clears it */
} oktai_page_trail;

/* Note that the page of this path and query comes. Errors: OKTA_E_PROTOCOL when it came before, or when
 * OKTAI_PAGES_MAX pages came; OKTA_E_NOMEM. */
okta_error *oktai_page_trail_add(oktai_page_trail *trail, const char *target);

#endif
