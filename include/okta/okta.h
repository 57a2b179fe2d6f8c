/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * libokta: the APIs of an Okta org for C. Include this header, or the ones it names, and beside it the
 * headers of the tags whose operations the program calls, such as okta/api/user.h; docs/operations.md has the
 * header of each operation, and okta/all.h includes all of them.
 *
 * The rules that hold everywhere; a function says only what differs:
 *
 * - **Errors.** A function that can fail returns `okta_error *`: NULL is success. The error is yours; release
 * it with okta_free(). After an error every output is NULL and nothing is half done.
 * - **Calls and pages** are made without an error: what is wrong with the arguments comes out of
 * okta_call_run() and okta_pages_error(). NULL means that memory is out; both answer ::OKTA_E_NOMEM for it.
 * - **Ownership.** `T **out` is yours: one okta_free() releases it with all it reaches. A returned `const T
 * *` is borrowed from the object it came from. Arguments are borrowed until the function returns.
 * - **Strings** are NUL-terminated UTF-8. A required string must not be NULL or empty.
 * - **Ids** in paths are refused before any I/O when they are empty, `.` or `..`, longer than 512 bytes, or
 * have a byte outside printable ASCII or one of space `/ ? # % \`. The rest is percent-encoded.
 * - **Threads.** A client may be used by any number of threads. Models, calls, errors and pages belong to one
 *   thread at a time, and an okta_loop and its batches to the thread that drives it. Keys never change and
 * may be read by many. While a name is looked up, a client has one thread of its own for that, with all
 * signals blocked; calls that wait for it leave at their deadline, and okta_free() does not wait for it: it
 * ends with the look-up, and the library's code stays loaded for it after dlclose(). While a
 * rotation makes an RSA key, its client has one more thread, for that; a rotation that is canceled has it
 * give up, which takes a moment. There are no other threads, no signal handlers, and no global state beyond
 * the initialisation of libcurl and OpenSSL, a handler that keeps its lock sound over fork, a page that tells
 * a child from its parent, and what okta_use_wiping_memory() is asked for.
 * - **exit.** Before exit() or the return of main(), end the calls of other threads, with
 *   okta_client_cancel_all() or by waiting, and join these threads: exit() takes OpenSSL down while a
 * handshake of theirs may be under way, which can crash the process, as in any program on libcurl or OpenSSL.
 * _exit() does not.
 * - **fork.** In a child process an inherited client answers ::OKTA_E_ARG; okta_free() on it touches no
 *   connection of the parent, and nothing waits for a lock that a thread of the parent may hold.
 * - **Time.** A call ends within its deadline (client option `timeout_ms`, okta_call_set_timeout_ms() or
 * okta_call_set_deadline()), retries and waits included.
 */
#ifndef OKTA_OKTA_H
#define OKTA_OKTA_H

#include "okta/batch.h"
#include "okta/call.h"
#include "okta/cancel.h"
#include "okta/client.h"
#include "okta/common.h"
#include "okta/config.h"
#include "okta/error.h"
#include "okta/filter.h"
#include "okta/jose.h"
#include "okta/key.h"
#include "okta/links.h"
#include "okta/log.h"
#include "okta/loop.h"
#include "okta/memory.h"
#include "okta/model.h"
#include "okta/models/error.h"
#include "okta/models/oauth2_client_jwk.h"
#include "okta/models/oauth2_client_secret.h"
#include "okta/models/oauth_client_secret_links.h"
#include "okta/operations.h"
#include "okta/optional.h"
#include "okta/pages.h"
#include "okta/rate_limits.h"
#include "okta/reconcile.h"
#include "okta/signer.h"
#include "okta/time.h"
#include "okta/upload.h"
#include "okta/values.h"
#include "okta/version.h"

#endif
