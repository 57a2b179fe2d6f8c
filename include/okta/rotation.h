/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Keys and secrets that are replaced, so that a login works at every moment and nothing is left behind.
 *
 * A rotation makes a new credential of an app, hands it to the program to be stored, adds it to the app,
 * proves that it logs in, has the program switch to it, deactivates the old one, and deletes that after a
 * grace period. Before each write a journal is told what is about to happen. Whatever ends the process, the
 * next run goes on from what the journal says and from what the org holds; each step does no harm when it is
 * done twice. Until the program is asked to switch, a failure takes the new credential back.
 * @code
 * okta_rotation_options options = OKTA_ROTATION_OPTIONS_INIT;
 * options.client = client;
 * options.app_id = "0oa1...";
 * options.kind = OKTA_ROTATION_SIGNING_KEY;
 * options.journal = journal;
 * options.store = write_to_vault;
 * options.switch_over = tell_the_services;
 * okta_rotation *rotation;
 * okta_error *error = okta_rotation_new(&options, &rotation);
 * if (error == NULL) {
 *     error = okta_rotation_run(rotation);
 * }
 * @endcode
 *
 * A rotation never waits for a time. Where it has to, it ends as ::OKTA_ROTATION_WAITS, and tells from when
 * on it is to be run again; in between the process may end. Calls, logins and functions of the program it
 * waits for, in this thread or in a loop.
 *
 * | kind | order |
 * |---|---|
 * | signing key | make, store, add, prove, switch, deactivate the old ones, delete them |
 * | encryption key | make, store, add as inactive, activate, prove, switch, delete the old one |
 * | client secret | make, add, store, prove, switch, deactivate the old one, delete it |
 *
 * Activating an encryption key deactivates the old one.
 *
 * A rotation belongs to the thread that runs it or drives its loop; only okta_rotation_cancel(),
 * okta_rotation_answer() and its sisters may come from elsewhere.
 */
#ifndef OKTA_ROTATION_H
#define OKTA_ROTATION_H

#include "okta/client.h"
#include "okta/key.h"
#include "okta/loop.h"
#include "okta/rotation_journal.h"
#include "okta/signer.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A rotation; opaque. Release it with okta_free(): in a loop that cancels it as okta_rotation_cancel() does.
 *  @since 0.2.0 */
typedef struct okta_rotation okta_rotation;

/** Which credentials of the app a new one replaces. @since 0.2.0 */
typedef enum okta_rotation_retire {
    /** The only active one of the kind. With several active ones the rotation is refused. */
    OKTA_ROTATION_RETIRE_ACTIVE = 0,
    OKTA_ROTATION_RETIRE_OLDEST,     /**< the one of the kind that was made first, active or not */
    OKTA_ROTATION_RETIRE_ALL_OTHERS, /**< all of the kind */
    OKTA_ROTATION_RETIRE_NAMED,      /**< the one with the kid, or of secrets the id, `retire_name` */
    OKTA_ROTATION_RETIRE_NONE,       /**< none: the new one comes beside them */
} okta_rotation_retire;

/** What a run does where the journal has a rotation, and where it has none. @since 0.2.0 */
typedef enum okta_rotation_start {
    OKTA_ROTATION_GO_ON_OR_BEGIN = 0, /**< go on with the one in the journal, or begin one */
    OKTA_ROTATION_GO_ON,              /**< where there is none: ::OKTA_E_NOT_FOUND */
    /** Where one only waits to delete what it replaced, begin another one, which takes that over. Any other
     *  one in the journal: ::OKTA_E_CONFLICT. */
    OKTA_ROTATION_BEGIN,
    /** Take back what was begun, as long as the program was not asked to switch; then: ::OKTA_E_CONFLICT. */
    OKTA_ROTATION_UNDO,
} okta_rotation_start;

/** What the functions of the program are told. It lives until they have answered. @since 0.2.0 */
typedef struct okta_rotation_subject {
    const char *app_id;      /**< the app */
    okta_rotation_kind kind; /**< of what */
    const char *kid;         /**< the key id of the new key; NULL: not made yet, or a secret */
    const char *id;          /**< the id that the org gave the new one; NULL: it is not known */
    const okta_key *key;     /**< the new key; NULL: it is not at hand, or a secret */
    okta_signer *signer;     /**< of a key whose private half is elsewhere; else NULL */
    const char *secret;      /**< the new secret; NULL: it is not at hand, or a key */
} okta_rotation_subject;

/** A question to the program, which answers it once; opaque. @since 0.2.0 */
typedef struct okta_rotation_ask okta_rotation_ask;

/**
 * Asks the program for something. Call okta_rotation_answer(), or where that is said
 * okta_rotation_answer_key() or okta_rotation_answer_secret(), once for each `ask`, within this function or
 * later from any thread. Where it was canceled meanwhile the answer is forgotten. It runs again when the
 * process ended before the journal had the answer: it must do no harm then.
 * @param[in] ctx     that of the options.
 * @param[in] subject borrowed until the answer.
 * @param[in] ask     for the answer.
 */
typedef void okta_rotation_ask_fn(void *ctx, const okta_rotation_subject *subject, okta_rotation_ask *ask);

/** How a credential is rotated. Strings are copied. @since 0.2.0 */
typedef struct okta_rotation_options {
    size_t struct_size;                   /**< required; ::OKTA_ROTATION_OPTIONS_INIT fills it */
    okta_client *client;                  /**< required; held */
    const char *app_id;                   /**< required */
    okta_rotation_kind kind;              /**< required */
    const okta_rotation_journal *journal; /**< required; borrowed for the life of the rotation */
    okta_rotation_start start;            /**< optional */

    okta_rotation_retire retire; /**< optional */
    const char *retire_name;     /**< with ::OKTA_ROTATION_RETIRE_NAMED */

    /** Optional; of keys that the library makes. 0: ::OKTA_KEY_RSA_2048. Encryption keys are RSA. */
    okta_key_type key_type;
    /** Optional; gives the new key by okta_rotation_answer_key(): a private one, or the public half of one in
     *  an HSM with its signer. NULL: the library makes it. Of secrets: by okta_rotation_answer_secret(). */
    okta_rotation_ask_fn *make;
    /** Optional; gives back the new key that was stored, in the same way, or NULL where the store has none.
     *  Without it a rotation that was interrupted before its proof begins again with another key, and deletes
     *  the first. A secret is found at the org. */
    okta_rotation_ask_fn *recall;
    /** Stores the new key or secret where the services will find it, durably, without their using it yet;
     *  of an encryption key they must be able to decrypt with it from then on, beside the old one. Required,
     *  unless `make` gives keys that need no store. */
    okta_rotation_ask_fn *store;
    /** Optional; proves that the new credential works. NULL: a key or secret asks for an access token; an
     *  encryption key is compared with what the org holds. ::OKTA_E_AUTH says that it does not work: the
     *  rotation is undone. After another error it can go on. */
    okta_rotation_ask_fn *prove;
    /** Optional; has all services use the new credential. When it has answered, nothing uses the old one. */
    okta_rotation_ask_fn *switch_over;
    void *ctx; /**< optional; for these five */

    const char *client_id; /**< optional; whose token the proof asks for. NULL: `app_id` */
    /** Optional; what the proof asks for. NULL: "okta.apps.read". An app that logs in, and may not have
     *  that, is proven too. */
    const char *scopes;
    okta_client_auth_method client_auth_method; /**< optional; how the proof sends a secret */

    /** Optional; how long the old one stays active after the switch, in seconds, 0 to 31,536,000: for logins
     *  that are under way. Absent: 10, or `grace_s` where that is shorter. */
    okta_opt_int overlap_s;
    /** Optional; how long the old one is kept, inactive, in seconds, 0 to 31,536,000. Absent: 86,400. */
    okta_opt_int grace_s;
} okta_rotation_options;

/** `okta_rotation_options options = OKTA_ROTATION_OPTIONS_INIT;` */
#ifdef __cplusplus
#define OKTA_ROTATION_OPTIONS_INIT (okta_rotation_options{sizeof(okta_rotation_options)})
#else
#define OKTA_ROTATION_OPTIONS_INIT ((okta_rotation_options){.struct_size = sizeof(okta_rotation_options)})
#endif

/** How far a rotation is. @since 0.2.0 */
typedef enum okta_rotation_state {
    OKTA_ROTATION_STATE_NONE = 0, /**< it did not run */
    OKTA_ROTATION_STOPPED,        /**< it ended with an error; the journal has what can go on, if anything */
    OKTA_ROTATION_WAITS,          /**< it goes on when it is run again, from `due_s` on */
    OKTA_ROTATION_DONE,           /**< the old one is gone; the journal has nothing any more */
    OKTA_ROTATION_UNDONE,         /**< the new one is gone; the journal has nothing any more */
    /** Somebody deleted the app, and all its keys and secrets with it; the journal has nothing any more. The
     *  run fails with ::OKTA_E_NOT_FOUND. */
    OKTA_ROTATION_APP_GONE,
} okta_rotation_state;

/** How far a rotation is. Lives as long as the rotation, and changes when that runs. @since 0.2.0 */
typedef struct okta_rotation_progress {
    okta_rotation_state state; /**< how the latest run ended */
    okta_rotation_phase phase; /**< of the journal */
    const char *kid;           /**< of the new key; NULL: none, or a secret */
    const char *id;            /**< of the new one at the org; NULL: unknown */
    int64_t due_s;             /**< ::OKTA_ROTATION_WAITS: seconds since 1970 */
    size_t kept;               /**< old ones that somebody activated again, and that were not deleted */
} okta_rotation_progress;

/**
 * Make a rotation.
 *
 * @param[in]  options required.
 * @param[out] out     receives the rotation; release it with okta_free().
 * @return NULL; ::OKTA_E_ARG (NULL, `struct_size`, a value out of its range, an id that no URL may hold, a
 *         `key_type` that does not go with the kind, a journal without one of its functions), ::OKTA_E_NOMEM.
 * @since 0.2.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_rotation_new(const okta_rotation_options *options,
                                                       okta_rotation **out);

/**
 * Run a rotation in this thread until it is done or has to wait for a time; okta_rotation_look() tells. It
 * may run any number of times.
 *
 * HTTP: of keys listJwk, addJwk, activateOAuth2ClientJsonWebKey, deactivateOAuth2ClientJsonWebKey, deletejwk;
 * of secrets listOAuth2ClientSecrets, createOAuth2ClientSecret, activateOAuth2ClientSecret,
 * deactivateOAuth2ClientSecret, deleteOAuth2ClientSecret. Scopes: okta.apps.read, okta.apps.manage.
 *
 * @param[in] rotation required.
 * @return NULL; ::OKTA_E_CONFLICT (the app holds as many as it may; several could be meant by
 *         ::OKTA_ROTATION_RETIRE_ACTIVE; the journal has another rotation of the app, or another process went
 *         on with this one), ::OKTA_E_NOT_FOUND (`retire_name`, nothing to go on with, no such app; where a
 *         rotation of it was in the journal, that ends as ::OKTA_ROTATION_APP_GONE), ::OKTA_E_AUTH (the new
 * one does not log in; it is gone again), ::OKTA_E_CANCELED, ::OKTA_E_ARG (NULL; it runs already; made before
 * fork), ::OKTA_E_NOMEM; and what calls, the journal and the program's functions fail with.
 * @since 0.2.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_rotation_run(okta_rotation *rotation);

/**
 * Tells that a run has ended, once, in the thread that drives the loop and never within
 * okta_rotation_submit().
 * @param[in] ctx      what okta_rotation_submit() was given.
 * @param[in] rotation yours again.
 * @param[in] error    as of okta_rotation_run(); yours.
 */
typedef void okta_rotation_done_fn(void *ctx, okta_rotation *rotation, okta_error *error);

/**
 * Have a rotation run by a loop. The journal works in the loop's thread; RSA keys, which take long to make,
 * are made in a thread of the client, one after the other.
 *
 * @param[in] rotation required.
 * @param[in] loop     required; this thread drives it, or will.
 * @param[in] done     required.
 * @param[in] ctx      nullable; for `done`.
 * @return NULL: `done` runs once. Else it never does: ::OKTA_E_ARG (a NULL; it runs already; made before
 *         fork), ::OKTA_E_CANCELED (the loop is being released).
 * @since 0.2.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_rotation_submit(okta_rotation *rotation, okta_loop *loop,
                                                          okta_rotation_done_fn *done, void *ctx);

/** End a run, from any thread, with ::OKTA_E_CANCELED: after the call that is under way, which is canceled,
 *  or at once where the program is being asked. Behind its end: nothing. @param[in] rotation nullable.
 *  @since 0.2.0 */
OKTA_API void okta_rotation_cancel(okta_rotation *rotation);

/** @return how far a rotation is, borrowed from it; NULL for NULL. @since 0.2.0 */
OKTA_API const okta_rotation_progress *okta_rotation_look(const okta_rotation *rotation);

/** Answer a question. @param[in] ask gone then. @param[in] error NULL: it is done; else taken, and why not.
 *  @since 0.2.0 */
OKTA_API void okta_rotation_answer(okta_rotation_ask *ask, okta_error *error);

/**
 * Answer `make` or `recall` of a key.
 * @param[in] ask    gone then.
 * @param[in] key    held; NULL: there is none.
 * @param[in] signer nullable; held; what signs for a key that is only public.
 * @since 0.2.0
 */
OKTA_API void okta_rotation_answer_key(okta_rotation_ask *ask, okta_key *key, okta_signer *signer);

/** The same of a secret: 14 to 100 printable ASCII characters, copied; NULL: there is none. @since 0.2.0 */
OKTA_API void okta_rotation_answer_secret(okta_rotation_ask *ask, const char *secret);

/** What a rotation does, one after the other. @since 0.2.0 */
typedef enum okta_rotation_step {
    OKTA_ROTATION_STEP_NONE = 0,   /**< nothing */
    OKTA_ROTATION_STEP_MAKE,       /**< make a key or secret, and enter it into the journal */
    OKTA_ROTATION_STEP_STORE,      /**< `store` */
    OKTA_ROTATION_STEP_ADD,        /**< add it to the app */
    OKTA_ROTATION_STEP_ACTIVATE,   /**< activate one of the app's */
    OKTA_ROTATION_STEP_PROVE,      /**< `prove`, or a login */
    OKTA_ROTATION_STEP_SWITCH,     /**< `switch_over` */
    OKTA_ROTATION_STEP_DEACTIVATE, /**< deactivate one of the app's */
    OKTA_ROTATION_STEP_DELETE,     /**< delete one of the app's */
    OKTA_ROTATION_STEP_WAIT,       /**< until a time */
    OKTA_ROTATION_STEP_FINISH,     /**< take it out of the journal */
} okta_rotation_step;

/** A step of a plan. @since 0.2.0 */
typedef struct okta_rotation_plan_step {
    okta_rotation_step step; /**< what is done */
    const char *kid;         /**< of the key that it is about; NULL: the new one, or a secret */
    const char *id;          /**< of what it is about, at the org; NULL: the new one */
    int64_t wait_s;          /**< ::OKTA_ROTATION_STEP_WAIT: how long */
} okta_rotation_plan_step;

/** What a rotation would do. @since 0.2.0 */
typedef struct okta_rotation_plan {
    okta_rotation_phase phase;            /**< that the journal has; ::OKTA_ROTATION_PHASE_NONE: it begins */
    const okta_rotation_plan_step *steps; /**< in their order */
    size_t count;                         /**< of steps */
} okta_rotation_plan;

/**
 * What okta_rotation_run() would do until the rotation is done, when all goes well. Nothing is changed, and
 * no function of the program but `recall` runs.
 *
 * @param[in]  rotation required.
 * @param[out] out      receives the plan; release it with okta_free(). NULL after an error.
 * @return NULL; as okta_rotation_run() for what it refuses.
 * @since 0.2.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_rotation_make_plan(okta_rotation *rotation,
                                                             okta_rotation_plan **out);

/** @return a word for a step, such as "activate"; "unknown" for no value of the enum. @since 0.2.0 */
OKTA_API const char *okta_rotation_step_name(okta_rotation_step step);

#ifdef __cplusplus
}
#endif
#endif
