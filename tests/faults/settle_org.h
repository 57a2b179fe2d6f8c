/* SPDX-License-Identifier: Apache-2.0 */
/* An org that keeps the keys of one app and loses its answers to addJwk. It has Okta's rules: ids are its
 * own, a kid is there once (400 E0000001 otherwise), and what it holds can be listed and read. What becomes
 * of a request is apart from what becomes of its answer: it is processed, or not, or later. Nothing in it
 * waits for time to pass. */
#ifndef OKTA_TESTS_FAULTS_SETTLE_ORG_H
#define OKTA_TESTS_FAULTS_SETTLE_ORG_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "faults/fault_server.h"

#define SETTLE_APP       "0oa1settleapp0000g4"
#define SETTLE_KEYS_PATH "/api/v1/apps/" SETTLE_APP "/credentials/jwks"
#define SETTLE_TOKEN     "00tok-Canary_7"

/* What the client gets in place of the answer. */
typedef enum settle_act {
    SETTLE_CLOSE,       /* the connection ends without a byte */
    SETTLE_RESET,       /* the same with a TCP reset */
    SETTLE_STALL,       /* nothing, and the connection stays */
    SETTLE_BREAK,       /* the connection breaks while the request's body is on its way */
    SETTLE_CUT,         /* half of the body, then the end */
    SETTLE_CUT_HEADERS, /* half of the headers, then the end */
    SETTLE_LARGE,       /* the body, and more spaces behind it than anybody wants */
    SETTLE_TEXT,        /* `text` as it is */
    SETTLE_GZIP,        /* the body, said to be gzip */
    SETTLE_GZIP_CUT,    /* the same as gzip without its end */
    SETTLE_HALF_JSON,   /* a whole answer whose JSON is cut */
    SETTLE_OTHER_KID,   /* a whole answer, about another kid */
    SETTLE_OTHER_KEY,   /* a whole answer, about other key material */
    SETTLE_NO_ID,       /* a whole answer without an id */
    SETTLE_H2,          /* by a script of HTTP/2 */
} settle_act;

/* Why the client does not know the outcome. */
typedef struct settle_cause {
    const char *name;
    const char *says; /* a part of what the client logs about the attempt: it is this cause and no other */
    settle_act act;
    bool said_done;        /* what came of the answer begins with 2xx: the key is never sent again */
    const char *text;      /* of SETTLE_TEXT */
    const fault_step *h2;  /* of SETTLE_H2 */
    bool warm;             /* the connection served before */
    size_t padding;        /* a member of this size goes with the key */
    size_t max_body_bytes; /* that the client takes; 0: the library's own */
} settle_cause;

typedef enum settle_fate {
    SETTLE_PROCESSED, /* when it arrives */
    SETTLE_UNSEEN,    /* never */
    SETTLE_LATE,      /* after some looks, or when the second request arrives */
    SETTLE_FATES,
} settle_fate;

typedef enum settle_list {
    SETTLE_LIST_WORKS,
    SETTLE_LIST_FAILS_ONCE, /* 500, and works from then on */
    SETTLE_LIST_DOWN,       /* 500 until settle_org_recover() */
    SETTLE_LISTS,
} settle_list;

#define SETTLE_ALWAYS 99u

typedef struct settle_plan {
    const settle_cause *cause; /* NULL: all goes well */
    settle_fate fate;          /* of requests whose answer is lost */
    settle_list list;
    unsigned strikes;   /* requests whose answer is lost */
    unsigned late_at;   /* SETTLE_LATE: processed after so many looks; 0: when the second request arrives;
                           SETTLE_ALWAYS: by settle_org_catch_up() */
    unsigned kill_at;   /* the client is killed when it sent so many requests about keys; 0: it lives */
    atomic_bool *hurry; /* made false when a POST is here; nullable */
} settle_plan;

/* The certificates of all orgs, made once. */
void settle_tls_begin(void);
void settle_tls_end(void);
const char *settle_tls_ca_file(void);

typedef struct settle_org settle_org;

/* The plan is copied. Fails the test when the machine has no port, thread or memory. */
settle_org *settle_org_start(const settle_plan *plan);
/* Hang up, and wait for all that was going on. Counts and keys are final. */
void settle_org_finish(settle_org *org);
void settle_org_free(settle_org *org);
const char *settle_org_url(const settle_org *org);

/* Who is killed, and that it is dead. */
void settle_org_set_victim(settle_org *org, pid_t victim);
void settle_org_bury_victim(settle_org *org);

/* From here on every answer arrives, and the list works. */
void settle_org_recover(settle_org *org);
/* Process what is late. */
void settle_org_catch_up(settle_org *org);
/* Put a key into the store without a request, as it is. */
void settle_org_put(settle_org *org, const char *json);

/* How many keys there are, and how many of them have that kid. */
unsigned settle_org_key_count(settle_org *org);
unsigned settle_org_kid_count(settle_org *org, const char *kid);
/* The id of the key of that kid; "" without one. */
void settle_org_id_of(settle_org *org, const char *kid, char out[32]);
/* The whole store, to be compared. free() it. */
char *settle_org_dump(settle_org *org);

/* How many requests came: POST; GET of the list. */
unsigned settle_org_post_count(settle_org *org);
unsigned settle_org_look_count(settle_org *org);
/* What is wrong with the requests as such; "": nothing. They carry the token, all POST are the same, no look
 * uses the connection of the POST before it. */
const char *settle_org_complaint(const settle_org *org);

#endif
