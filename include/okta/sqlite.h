/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The journal of rotations in a SQLite file. It is a library of its own, okta_sqlite, which needs libsqlite3;
 * libokta does not.
 *
 * Each write is one transaction, in a write-ahead log, and on the disk (fsync) when the function returns.
 * Several processes of one machine may share a file: a step that another process has overtaken is refused.
 * Do not put it on a network file system.
 */
#ifndef OKTA_SQLITE_H
#define OKTA_SQLITE_H

#include "okta/rotation_journal.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Open a journal of any org, and wait for up to 10 seconds wherever another process has locked it.
 *
 * @param[in]  path as of ::okta_sqlite_journal_options.
 * @param[out] out  as of okta_sqlite_journal_open_with().
 * @return as of okta_sqlite_journal_open_with().
 * @since 0.2.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_sqlite_journal_open(const char *path, okta_rotation_journal **out);

/**
 * Waits a moment while another process has locked the file.
 * @param[in] ctx   that of the options.
 * @param[in] count how often it was asked for the same wait before; 0 begins a wait.
 * @return true to try again; false to give up: the function of the journal fails with ::OKTA_E_TIMEOUT.
 */
typedef bool okta_sqlite_busy_fn(void *ctx, unsigned count);

/** How a journal is opened. @since 0.2.0 */
typedef struct okta_sqlite_journal_options {
    size_t struct_size; /**< required; ::OKTA_SQLITE_JOURNAL_OPTIONS_INIT fills it */
    /** Required; copied. A file, made with mode 0600 where it does not exist; its folder must be writable. */
    const char *path;
    /** Optional; the org whose rotations it holds, as okta_client_org_url() tells. A journal that names none
     *  is that org's from then on; one of another org is refused. NULL: any org. */
    const char *org_url;
    /** Optional; how it waits where it is locked. It runs in the thread that uses the journal, and must not
     *  use the journal. NULL: for up to 10 seconds. */
    okta_sqlite_busy_fn *busy;
    void *ctx; /**< optional; for `busy` */
} okta_sqlite_journal_options;

/** `okta_sqlite_journal_options options = OKTA_SQLITE_JOURNAL_OPTIONS_INIT;` */
#ifdef __cplusplus
#define OKTA_SQLITE_JOURNAL_OPTIONS_INIT (okta_sqlite_journal_options{sizeof(okta_sqlite_journal_options)})
#else
#define OKTA_SQLITE_JOURNAL_OPTIONS_INIT                                                                     \
    ((okta_sqlite_journal_options){.struct_size = sizeof(okta_sqlite_journal_options)})
#endif

/**
 * Open a journal.
 *
 * @param[in]  options required.
 * @param[out] out     receives the journal; give it back with okta_sqlite_journal_close(). NULL after an
 *                     error.
 * @return NULL; ::OKTA_E_ARG (NULL, `struct_size`, an empty path or org), ::OKTA_E_CONFIG (the file cannot be
 *         opened or made, is no journal, is one of a later version, or of another org, and nothing was
 *         written; the message has SQLite's reason), ::OKTA_E_TIMEOUT (another process has locked it),
 *         ::OKTA_E_NOMEM. Its functions fail with ::OKTA_E_CONFLICT as ::okta_rotation_journal says, with
 *         ::OKTA_E_CONFIG where the file cannot be read or written, such as on a full disk, with
 *         ::OKTA_E_TIMEOUT, and with ::OKTA_E_NOMEM.
 * @since 0.2.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_sqlite_journal_open_with(const okta_sqlite_journal_options *options,
                                                                   okta_rotation_journal **out);

/** Close a journal that no rotation uses any more. @param[in] journal nullable. @since 0.2.0 */
OKTA_API void okta_sqlite_journal_close(okta_rotation_journal *journal);

/**
 * Tells of a rotation that is in the journal.
 * @param[in] ctx    what okta_sqlite_journal_each() was given.
 * @param[in] record borrowed.
 * @return false to stop.
 */
typedef bool okta_sqlite_record_fn(void *ctx, const okta_rotation_record *record);

/**
 * All rotations of a journal, by app and kind.
 *
 * @param[in] journal  required.
 * @param[in] function required; it must not use the journal.
 * @param[in] ctx      nullable.
 * @return NULL; ::OKTA_E_ARG (NULL), ::OKTA_E_CONFIG, ::OKTA_E_TIMEOUT, ::OKTA_E_NOMEM.
 * @since 0.2.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_sqlite_journal_each(okta_rotation_journal *journal,
                                                              okta_sqlite_record_fn *function, void *ctx);

#ifdef __cplusplus
}
#endif
#endif
