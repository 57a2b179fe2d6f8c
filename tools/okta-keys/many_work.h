/* SPDX-License-Identifier: Apache-2.0 */
/* One command on many apps: what it does to each, and what is known of each. */
#ifndef OKTA_KEYS_MANY_WORK_H
#define OKTA_KEYS_MANY_WORK_H

#include "advice.h"
#include "apps.h"
#include "new_key.h"
#include "output.h"
#include "report.h"

typedef enum many_state {
    MANY_WAITS,
    MANY_DONE,
    MANY_FAILED,
    MANY_LEFT, /* it was not begun */
} many_state;

/* Why no further app is begun. */
typedef enum many_stop {
    MANY_GOES_ON,
    MANY_STOPS_AT_FAILURE, /* as --stop says */
    MANY_IS_DENIED,        /* the credential is refused, for each app alike */
    MANY_OUTPUT_IS_GONE,
    MANY_IS_INTERRUPTED, /* by a signal */
} many_stop;

/* What is known of an app. */
typedef struct many_app {
    const app_name *name;
    many_state state;
    char *key_id;      /* that it is about; NULL: none */
    new_key key;       /* that it gets */
    void *result;      /* that its call brought; NULL: none */
    const void *shown; /* to be printed: the result, or a part of it */
    okta_error *error; /* why it failed */
} many_app;

typedef struct many many;

/* A call for each app that waits. */
typedef struct many_step {
    const char *doing; /* for the line that tells how far it is */
    /* NULL: out of memory, or `*error` tells why there is none. */
    okta_call *(*make)(const many *self, many_app *app, okta_error **error);
    /* The call has ended well. It may fail the app by many_fail(), or end it by its state. */
    void (*take)(const many *self, many_app *app, okta_call *call);
    bool (*concerns)(const many_app *app); /* NULL: all */
    void (*undo)(many_app *app);           /* its call failed; NULL: there is nothing to undo */
} many_step;

/* A command. */
typedef struct many_work {
    const many_step *steps;
    size_t step_count;
    bool changes;                         /* what its calls are about */
    const char *member;                   /* of the object of an app in JSON */
    const okta_descriptor *mask;          /* of what is printed in JSON; NULL: nothing is hidden */
    void (*print_head)(const many *self); /* in front of the first app; NULL: nothing */
    int (*print)(const many *self, const many_app *app);      /* for people. Returns an exit code */
    int (*print_json)(const many *self, const many_app *app); /* the member's value */
    /* What to do behind a failure, written to `out`. NULL: a list tells what became of a change. */
    void (*advise)(const many *self, const many_app *app, char out[ADVICE_SIZE]);
} many_work;

struct many {
    const command_line *options;
    okta_client *client;
    const many_work *work;
    const many_step *step;
    many_app *apps;
    size_t count;
    size_t in_step; /* apps that the step at hand is about */
    size_t given;   /* to it */
    size_t printed;
    size_t failed;
    size_t left;
    const app_name *first_left;
    many_stop stop;
    okta_batch *batch; /* of the step at hand */
    okta_error *error; /* of the step, as a whole */
    bool titled;       /* something is printed for people already */
    size_t id_width;   /* of the longest id of an app */
    int code;          /* of what went wrong with printing, or with a step */
    int failure_code;  /* of all that failed; EXIT_REFUSED where they differ */
};

#endif
