/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The journal of rotations: what was about to happen when a process ended. A journal holds at most one
 * rotation of each kind for an app. No private key and no secret enters it.
 *
 * okta_rotation_journal_new() makes one in memory, for tests and for programs that keep nothing. One in a
 * SQLite file is in the library okta_sqlite (<okta/sqlite.h>). A program may bring its own.
 */
#ifndef OKTA_ROTATION_JOURNAL_H
#define OKTA_ROTATION_JOURNAL_H

#include "okta/common.h"
#include "okta/error.h"

#ifdef __cplusplus
extern "C" {
#endif

/** What is rotated. The numbers stay. @since 0.2.0 */
typedef enum okta_rotation_kind {
    OKTA_ROTATION_KIND_NONE = 0,      /**< nothing */
    OKTA_ROTATION_SIGNING_KEY = 1,    /**< a key whose `use` is not enc */
    OKTA_ROTATION_ENCRYPTION_KEY = 2, /**< a key whose `use` is enc */
    OKTA_ROTATION_CLIENT_SECRET = 3,  /**< a client secret */
} okta_rotation_kind;

/** How far a rotation is. The numbers stay. @since 0.2.0 */
typedef enum okta_rotation_phase {
    OKTA_ROTATION_PHASE_NONE = 0,     /**< it is not under way */
    OKTA_ROTATION_PHASE_PREPARED = 1, /**< the new one is made, and named in the journal */
    OKTA_ROTATION_PHASE_STORED = 2,   /**< `store` has answered. Of keys: from here on it may be at the org */
    OKTA_ROTATION_PHASE_ADDED = 3,    /**< the org has it */
    OKTA_ROTATION_PHASE_PROVEN = 4,   /**< it works. From here on the program may have switched */
    OKTA_ROTATION_PHASE_SWITCHED = 5, /**< the program uses it */
    OKTA_ROTATION_PHASE_RETIRED = 6,  /**< the old ones are inactive */
    OKTA_ROTATION_PHASE_UNDOING = 7,  /**< the new one is taken back */
} okta_rotation_phase;

/** What becomes of a credential beside the new one; ORed. @since 0.2.0 */
enum {
    OKTA_ROTATION_RETIRES = 1,    /**< it is replaced */
    OKTA_ROTATION_WAS_ACTIVE = 2, /**< it was active when the rotation began */
    OKTA_ROTATION_DROPPED = 4,    /**< a new one that was given up: it must not stay at the org */
    OKTA_ROTATION_TAKEN_OVER = 8, /**< an earlier rotation has replaced it, and had still to delete it */
    OKTA_ROTATION_BEFORE = 16,    /**< the one that the earlier rotation made */
};

/** A credential beside the new one. @since 0.2.0 */
typedef struct okta_rotation_other {
    const char *name; /**< its kid, or of a secret its fingerprint; NULL: it has none */
    const char *id;   /**< at the org; NULL: one that was given up before that was known */
    unsigned flags;   /**< OKTA_ROTATION_RETIRES and so on */
} okta_rotation_other;

/** What a journal holds of a rotation. @since 0.2.0 */
typedef struct okta_rotation_record {
    const char *app_id;        /**< the app */
    okta_rotation_kind kind;   /**< of what */
    okta_rotation_phase phase; /**< how far it is */
    int64_t revision; /**< one more with each step; it begins with a number that no other rotation has */
    const char *name; /**< of the new one: its kid, or of a secret the SHA-256 in base64url; NULL: none */
    const char *id;   /**< of the new one at the org; NULL: not known */
    const okta_rotation_other *others; /**< what else the app held, and what was given up */
    size_t other_count;                /**< of `others` */
    int64_t begun_s;                   /**< seconds since 1970 */
    int64_t due_s;                     /**< the step out of `phase` is not done before; seconds since 1970 */
    int64_t quiet_s;   /**< until then something that was given up may still arrive at the org */
    int64_t overlap_s; /**< as in the options it began with */
    int64_t grace_s;   /**< as in the options it began with */
} okta_rotation_record;

/** The functions of a journal. They run in the thread of the rotation, and return when what they write is
 *  durable. Their errors end the run. @since 0.2.0 */
typedef struct okta_rotation_journal {
    size_t struct_size; /**< sizeof(okta_rotation_journal) */
    void *ctx;          /**< nullable; comes back with each function */
    /** The rotation of that kind for that app. `*out`: a copy, made by okta_rotation_record_copy(); NULL:
     *  there is none. */
    okta_error *(*load)(void *ctx, const char *app_id, okta_rotation_kind kind, okta_rotation_record **out);
    /** Enter a rotation. ::OKTA_E_CONFLICT: there is one of that kind for that app. */
    okta_error *(*begin)(void *ctx, const okta_rotation_record *record);
    /** Replace it. ::OKTA_E_CONFLICT: the journal does not have the revision before: somebody else went on
     *  with it. */
    okta_error *(*step)(void *ctx, const okta_rotation_record *record);
    /** Take it out, where the journal has just this revision; else ::OKTA_E_CONFLICT. */
    okta_error *(*forget)(void *ctx, const okta_rotation_record *record);
} okta_rotation_journal;

/**
 * A journal in memory; any number of threads may use it.
 * @param[out] out receives it; release it with okta_free() when no rotation uses it any more.
 * @return NULL; ::OKTA_E_ARG (NULL), ::OKTA_E_NOMEM.
 * @since 0.2.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_rotation_journal_new(okta_rotation_journal **out);

/**
 * Copy a record, for journals.
 * @param[in]  record required.
 * @param[out] out    receives the copy; release it with okta_free().
 * @return NULL; ::OKTA_E_ARG (NULL), ::OKTA_E_NOMEM.
 * @since 0.2.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_rotation_record_copy(const okta_rotation_record *record,
                                                               okta_rotation_record **out);

/** @return a word such as "signing-key"; "unknown" for no value of the enum. @since 0.2.0 */
OKTA_API const char *okta_rotation_kind_name(okta_rotation_kind kind);

/** @return a word such as "stored"; "unknown" for no value of the enum. @since 0.2.0 */
OKTA_API const char *okta_rotation_phase_name(okta_rotation_phase phase);

#ifdef __cplusplus
}
#endif
#endif
