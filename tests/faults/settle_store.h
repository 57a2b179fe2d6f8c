/* SPDX-License-Identifier: Apache-2.0 */
/* The keys of one app, by Okta's rules. Whoever uses it sees to it that nobody else does at the time. */
#ifndef OKTA_TESTS_FAULTS_SETTLE_STORE_H
#define OKTA_TESTS_FAULTS_SETTLE_STORE_H

#include <stddef.h>

#include <cjson/cJSON.h>

#define SETTLE_ID_SIZE 32u

typedef struct settle_store {
    cJSON *keys;    /* an array */
    unsigned given; /* ids */
} settle_store;

/* What is said to a request. */
typedef struct settle_answer {
    int status;
    char *body; /* free() it */
} settle_answer;

void settle_store_begin(settle_store *store);
void settle_store_end(settle_store *store);

/* Add the key that a request's body brings. */
settle_answer settle_store_add(settle_store *store, const char *json, size_t length);
/* The answer to that which would come if the key were added; its id is none. */
settle_answer settle_store_pretend(const char *json, size_t length);
settle_answer settle_store_list(const settle_store *store);
settle_answer settle_store_get(const settle_store *store, const char *id);
/* An error of Okta's. `cause` is nullable. */
settle_answer settle_refusal(int status, const char *code, const char *cause);

/* Put an object in as it is. */
void settle_store_put(settle_store *store, const char *json);
/* The first key of that kid; NULL: none. `count` is nullable: how many there are. */
const cJSON *settle_store_find(const settle_store *store, const char *kid, unsigned *count);

#endif
