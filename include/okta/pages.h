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
 * Every list of Okta's that comes in pages has a function `okta_xxx_pages()`, whose items are models:
 * @code
 * okta_pages *pages = okta_list_users_pages(client, &params);
 * okta_user *user;
 * while ((user = OKTA_NEXT(pages, okta_user)) != NULL) { ... user->id ... }
 * okta_error *error = okta_pages_error(pages);
 * okta_free(pages);
 * @endcode
 *
 * A list that grows all the time, such as the System Log without `until`, has no last page: there the first
 * empty page ends the loop without an error, and the next OKTA_NEXT() goes on behind it. Wait in between, or
 * save okta_pages_cursor() and go on in another process. A page that names no next one ends the loop, too:
 * the cursor stays at that page, and the next OKTA_NEXT() asks for it again.
 *
 * The list is the body where that is an array. In an object it is the only member that is an array
 * (`{"roles":[...],"_links":{...}}`), also inside an object that is the only member; members whose name
 * begins with `_` do not count. Where an object has several arrays, okta_pages_set_list() names the list.
 * Of a function `okta_xxx_pages()` whose page is an array by Okta's description, an object that has a member
 * of the items' struct is the only item, as in the list that comes as one result.
 */
#ifndef OKTA_PAGES_H
#define OKTA_PAGES_H

#include <time.h>

#include "okta/client.h"
#include "okta/common.h"
#include "okta/error.h"
#include "okta/model.h"
#include "okta/rate_limits.h"

struct timespec;

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
 * Go on where an earlier iteration stood.
 *
 * @param[in] pages  required; before its first page.
 * @param[in] cursor required, from okta_pages_cursor(); copied. What okta_request_pages() refuses as a
 *                   path is ::OKTA_E_ARG, as is a call behind the first page.
 * @since 0.1.0
 */
OKTA_API void okta_pages_set_cursor(okta_pages *pages, const char *cursor);

/** Limit each page with its retries to `timeout_ms`, as okta_call_set_timeout_ms() does. @since 0.1.0 */
OKTA_API void okta_pages_set_timeout_ms(okta_pages *pages, int64_t timeout_ms);

/** Give the whole iteration a point in time at which it ends, as okta_call_set_deadline() does for a call.
 * Each page still has its own limit. @since 0.2.0 */
OKTA_API void okta_pages_set_deadline(okta_pages *pages, const struct timespec *deadline);

/** Have a loop fetch one page ahead: as soon as a page came, the one behind it is asked for, before `done`
 *  runs, and is in memory beside it. Holds for okta_pages_submit() only. @since 0.2.0 */
OKTA_API void okta_pages_set_ahead(okta_pages *pages, bool ahead);

/** Add a header to the requests of all pages, as okta_call_add_header() does. @since 0.1.0 */
OKTA_API void okta_pages_add_header(okta_pages *pages, const char *name, const char *value);

/**
 * End an iteration from any thread: the page that is under way, or the next one, fails with
 * ::OKTA_E_CANCELED. The pages must not be released meanwhile.
 *
 * @param[in] pages nullable.
 * @since 0.1.0
 */
OKTA_API void okta_pages_cancel(okta_pages *pages);

/**
 * Fetch the next item, and the next page where the one at hand is used up. Programs write OKTA_NEXT(), which
 * lets the compiler see the type.
 *
 * @param[in] pages nullable; of a function that ends in `_pages`.
 * @param[in] type  the descriptor of the list's items.
 * @return the item, borrowed until the next call of a function on `pages` unless okta_pages_keep_item() takes
 * it. An element that is no such object shows no member, and okta_source() has its text. NULL after the last
 * item, where an endless list has no further one so far, and after a failure: okta_pages_error() tells. Items
 * of another type are ::OKTA_E_ARG; a library built with `OKTA_CHECK_POINTERS` ends the program with a
 * message.
 * @since 0.1.0
 */
OKTA_API void *okta_pages_next_item(okta_pages *pages, const okta_descriptor *type);

/**
 * The next item of a list, `okta_user *user = OKTA_NEXT(pages, okta_user);`. The value is a `type *`; a
 * `type` that is no model does not compile. See okta_pages_next_item().
 */
#ifdef __cplusplus
#define OKTA_NEXT(pages, type) (static_cast<type *>(okta_pages_next_item((pages), type##_descriptor())))
#else
#define OKTA_NEXT(pages, type) ((type *)okta_pages_next_item((pages), type##_descriptor()))
#endif

/**
 * Keep the item that OKTA_NEXT() brought last: it is the caller's from here on, to be released with
 * okta_free().
 *
 * @param[in] pages nullable.
 * @since 0.1.0
 */
OKTA_API void okta_pages_keep_item(okta_pages *pages);

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
 * failure, of the page that failed. While items of a page are left, it is that page, so that none is lost.
 * Save it to resume in another process.
 *
 * @param[in] pages nullable.
 * @return borrowed until the next call of a function on `pages`; NULL after the last page and for NULL.
 * @since 0.1.0
 */
OKTA_API const char *okta_pages_cursor(const okta_pages *pages);

/** @return X-Okta-Request-Id of the last page's answer; nullable; borrowed until the next page. @since 0.1.0
 */
OKTA_API const char *okta_pages_request_id(const okta_pages *pages);

/** @return the rate-limit state of the last page's answer; members that it did not have are absent. @since
 * 0.1.0 */
OKTA_API okta_rate_limit okta_pages_rate_limit(const okta_pages *pages);

#ifdef __cplusplus
}
#endif
#endif
