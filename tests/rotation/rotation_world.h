/* SPDX-License-Identifier: Apache-2.0 */
/* A program that rotates the credential of an app, and may end at any moment; the service that logs in with
 * it; and the org. */
#ifndef OKTA_TESTS_ROTATION_ROTATION_WORLD_H
#define OKTA_TESTS_ROTATION_ROTATION_WORLD_H

#include "api/fixture.h"
#include "okta/rotation.h"

#define WORLD_KEYS   4u
#define WORLD_GRACE  3600
#define WORLD_NAME   64u
#define WORLD_SECRET 128u
#define WORLD_HELD   8u
#define WORLD_KINDS  3u

extern const okta_rotation_kind world_kinds[WORLD_KINDS];

typedef struct rotation_world {
    api_world api;
    okta_rotation_kind kind;
    const char *app_id;
    okta_key *keys[WORLD_KEYS]; /* that are given, one after the other; the first one is the old one */
    size_t given;

    okta_rotation_journal *memory; /* what is durable */
    okta_rotation_journal journal; /* the same as the process sees it */

    bool gives_same;        /* `make` gives the same key again and again */
    bool arrives_in_recall; /* what an earlier process sent arrives behind the first list */
    bool has_recall;        /* the store gives back what it has */
    /* The store: all keys and secrets that it ever got, the latest last. */
    size_t held_count;
    okta_key *held[WORLD_HELD];
    char held_secrets[WORLD_HELD][WORLD_SECRET];
    /* What the service uses: a kid, or a secret. */
    char current[WORLD_SECRET];
    char first[WORLD_SECRET]; /* that it used at the beginning */

    /* The process ends at an event: a write of the journal, or a question. */
    unsigned events;
    unsigned ends_at;       /* counted from 1; 0: it does not */
    bool ends_behind;       /* when the event has had its effect; else before */
    size_t ends_at_request; /* or when the org has got so many requests; 0: it does not */
    bool ended;

    /* A request of an earlier process that arrives when an event begins. */
    struct {
        char method[8];
        char target[160];
        char body[2048]; /* "": none */
        unsigned at;     /* the event, counted from 1; 0: it does not arrive */
    } late;

    okta_status store_fails, prove_fails, switch_fails; /* OKTA_OK: they do not */
    bool proves_itself;                                 /* `prove` is the program's */
    unsigned stored, proven, switched;
    char message[1024];              /* of the latest error */
    okta_rotation_progress progress; /* of the latest run; its texts are gone */
} rotation_world;

void rotation_world_start(rotation_world *world, okta_rotation_kind kind);
void rotation_world_stop(rotation_world *world);

/* As the program sets it up. */
okta_rotation_options rotation_world_options(rotation_world *world);

/* One process: a rotation that is run until it waits or ends. Its outcome, and its error if `out_error` is
 * not NULL. */
okta_rotation_state rotation_world_run(rotation_world *world, okta_rotation_start start,
                                       okta_status *out_status);

/* Run on, with time passing, until nothing waits and the journal is empty. Returns the last state. */
okta_rotation_state rotation_world_run_to_end(rotation_world *world);

/* Go on behind an interruption, to the end, and begin once more if it was undone or had not begun. Fails
 * where the service does not work at a moment, or something is left behind. `at` says for people what was
 * tried. */
void rotation_world_finish(rotation_world *world, const char *at);

/* All is as it should be behind a rotation. */
void rotation_world_expect_rotated(rotation_world *world, const char *at);

/* The late request arrives at the org. */
void rotation_world_arrive(rotation_world *world);

/* Let that time pass. */
void rotation_world_pass(rotation_world *world, int64_t seconds);

/* Whether the service can log in, as the org's own list tells. */
bool rotation_world_service_works(rotation_world *world);
/* How many of the kind the app holds. */
size_t rotation_world_count(rotation_world *world);
/* Whether the journal has something of the app. */
bool rotation_world_is_pending(rotation_world *world);

/* Put so many signing keys of that status, `other-0` and so on, into the app. */
void rotation_world_put_keys(rotation_world *world, unsigned count, const char *status);
/* Run on behind the overlap, until the old one only waits to be deleted. */
void rotation_world_run_to_retired(rotation_world *world);

/* It has that status and that part in its message, or there is none. It is released. */
void world_expect_error(okta_error *error, okta_status status, const char *part);
void world_expect_none(okta_error *error);

#endif
