/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Lists that come in pages. Ask for the next page until NULL, then ask for the error once:
 * @code
 * okta_pages *pages = okta_request_pages(client, "/api/v1/users?limit=200");
 * const okta_page *page;
 * while ((page = okta_pages_next(pages)) != NULL) { ... page->items[i] ... }
 * okta_error *error = okta_pages_error(pages);
 * okta_free(pages);
 * @endcode
 * One page is in memory at a time. The next page is the one that the `Link` header with `rel="next"`
 * (RFC 8288) names, or `_links.next.href` in the body where no such header came; of its URL only path and
 * query are used, against the client's own org. Pages belong to one thread at a time.
 *
 * The list is the body where that is an array. In an object it is the only member that is an array
 * (`{"roles":[...],"_links":{...}}`), also inside an object that is the only member; members whose name
 * begins with `_` do not count. Where an object has several arrays, okta_pages_set_list() names the list.
 */
#ifndef OKTA_PAGES_H
#define OKTA_PAGES_H

#include "okta/client.h"
#include "okta/common.h"
#include "okta/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/** An iteration over pages; opaque. Release it with okta_free(). */
typedef struct okta_pages okta_pages;

/** One page. */
typedef struct okta_page {
    okta_text json;         /**< the body as it came */
    const okta_text *items; /**< the elements of the list, byte for byte; non-NULL */
    size_t count;           /**< how many */
} okta_page;

/**
 * Iterate over a list by GET.
 *
 * @param[in] client required.
 * @param[in] path   as for okta_request_call(); copied. Also the cursor of an earlier iteration, to go on
 * with the page that it names.
 * @return pages; release them with okta_free(). What is wrong with the arguments comes out of
 *         okta_pages_error(). NULL when memory is out; then okta_pages_error() answers ::OKTA_E_NOMEM.
 * @since 0.1.0
 */
OKTA_API okta_pages *okta_request_pages(okta_client *client, const char *path);

/**
 * Name the member of the pages' objects that holds the list. Needed only where an object has several arrays.
 *
 * @param[in] pages  required.
 * @param[in] member required, the member's JSON name; copied. A page that is an array needs no member. A page
 *                   without one array of that name is ::OKTA_E_PROTOCOL.
 * @since 0.1.0
 */
OKTA_API void okta_pages_set_list(okta_pages *pages, const char *member);

/**
 * Fetch the next page. The page before it is gone.
 *
 * @param[in] pages nullable: the pages that memory was too short for.
 * @return the page, borrowed until the next call of a function on `pages`; NULL after the last page and
 *         after a failure.
 * @since 0.1.0
 */
OKTA_API const okta_page *okta_pages_next(okta_pages *pages);

/**
 * Why okta_pages_next() returned NULL.
 *
 * @param[in] pages nullable: ::OKTA_E_NOMEM.
 * @return NULL after the last page. Else the failure, which is the caller's and is returned once: any status
 *         of okta_call_run(); ::OKTA_E_PROTOCOL also for a page without a list or with several arrays, a
 *         damaged `next` link, one that leaves the API, a link to a page seen before, and more than 10,000
 *         pages. The message says which page it was, from the second on.
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_pages_error(okta_pages *pages);

/**
 * Where the iteration stands: path and query of the page that okta_pages_next() fetches next. After a
 * failure, of the page that failed. Save it to resume in another process.
 *
 * @param[in] pages nullable.
 * @return borrowed until the next call of a function on `pages`; NULL after the last page and for NULL.
 * @since 0.1.0
 */
OKTA_API const char *okta_pages_cursor(const okta_pages *pages);

#ifdef __cplusplus
}
#endif
#endif
