/* SPDX-License-Identifier: Apache-2.0 */
/* One command on many apps: calls for a few of them at once, what they brought in the order of the apps. */
#ifndef OKTA_KEYS_MANY_H
#define OKTA_KEYS_MANY_H

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

/* Run a command on all apps of the command line; `prepare`, nullable, looks at each before the first call,
 * and returns an exit code. Returns the exit code. */
typedef int many_prepare(const many *self, many_app *app);
int many_run(const command_line *options, okta_client *client, const many_work *work, many_prepare *prepare);

/* The app failed, for this reason, which it takes. */
void many_fail(many_app *app, okta_error *error);

/* Print all whose turn it is, in the order of the command line. */
void many_print_ended(many *self);

/* The last line: how many are done. */
void many_sum_up(const many *self);

void many_clear_app(many_app *app);

/* Print the line in front of what an app has, and its models in JSON. */
void many_print_title(const many *self, const many_app *app);
int many_print_models(const many *self, size_t count, output_model_at *at, const void *list);

/* Print a cell of a line, which has that width at least, and the last one, with the line's end. NULL and ""
 * show as "-". */
void many_print_cell(const char *text, size_t width);
void many_print_last(const char *text);

#endif
