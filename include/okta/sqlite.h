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
 * Open a journal.
 *
 * @param[in]  path a file, made with mode 0600 where it does not exist; its folder must be writable.
 * @param[out] out  receives the journal; give it back with okta_sqlite_journal_close(). NULL after an error.
 * @return NULL; ::OKTA_E_ARG (NULL, an empty path), ::OKTA_E_CONFIG (the file cannot be opened or made, is no
 *         journal, or is one of a later version; the message has SQLite's reason), ::OKTA_E_NOMEM. Its
 *         functions fail with ::OKTA_E_CONFLICT as ::okta_rotation_journal says, with ::OKTA_E_CONFIG where
 *         the file cannot be read or written, such as on a full disk, and with ::OKTA_E_NOMEM.
 * @since 0.2.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_sqlite_journal_open(const char *path, okta_rotation_journal **out);

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
 * @return NULL; ::OKTA_E_ARG (NULL), ::OKTA_E_CONFIG, ::OKTA_E_NOMEM.
 * @since 0.2.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_sqlite_journal_each(okta_rotation_journal *journal,
                                                              okta_sqlite_record_fn *function, void *ctx);

#ifdef __cplusplus
}
#endif
#endif
