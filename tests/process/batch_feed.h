/* SPDX-License-Identifier: Apache-2.0 */
/* A program with a batch: it gives calls, takes their results, and counts what it is told. Each outcome has
 * to be told once, and those of a key in their order. */
#ifndef OKTA_TESTS_PROCESS_BATCH_FEED_H
#define OKTA_TESTS_PROCESS_BATCH_FEED_H

#include "okta/batch.h"
#include "process/small_org.h"

#define FEED_KEYS     50u
#define FEED_KEY_SIZE 16u

typedef struct feed feed;

/* Something that a function of the program does to the batch. */
typedef void feed_deed(feed *self);

struct feed {
    okta_client *client;
    okta_loop *loop; /* NULL: the batch runs in this thread */
    okta_batch *batch;
    unsigned calls;     /* to give */
    unsigned keys;      /* of them; 0: none has a key */
    const char *bad_id; /* of the call at `bad`; NULL: none */
    unsigned bad;
    bool bad_is_null; /* it is no call at all */
    bool bad_has_error;
    okta_error *failure; /* in the place of the end */
    feed_deed *in_next, *in_result, *in_progress;
    unsigned deed_at; /* the place in the order of calls given, or of results told, at which these do it */
    bool did;

    char key[FEED_KEY_SIZE];
    unsigned given;
    unsigned alive, most_alive;
    unsigned told[OKTA_E_OUTCOME_UNKNOWN + 1]; /* by status */
    unsigned all_told;
    unsigned next_of[FEED_KEYS]; /* the least number of its key that may be told */
    bool out_of_order;
    unsigned ended;
    okta_status status;
    okta_batch_counts counts; /* the last ones that progress was told */
    okta_batch_counts at_end;
    feed *other; /* begins when this one has ended */
};

okta_batch_options feed_options(feed *self);
void feed_make(feed *self, const okta_batch_options *options);

/* Have it begin in its loop. */
void feed_submit(feed *self);
/* Run it to its end, in a loop or not. */
void feed_run(feed *self);

/* It has ended. Takes `error`. */
void feed_end(feed *self, okta_error *error);
/* The same as a function of a batch in a loop; `ctx` is the feed. */
void feed_on_end(void *ctx, const okta_batch_counts *counts, okta_error *error);

okta_loop *feed_new_loop(void);

/* Each outcome was told once, so many of them good and canceled, and no call is left. */
void feed_expect_told(const feed *self, unsigned good, unsigned canceled);

#endif
