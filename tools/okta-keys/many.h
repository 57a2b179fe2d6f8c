/* SPDX-License-Identifier: Apache-2.0 */
/* One command on many apps: calls for a few of them at once, what they brought in the order of the apps. */
#ifndef OKTA_KEYS_MANY_H
#define OKTA_KEYS_MANY_H

#include "advice.h"
#include "apps.h"
#include "output.h"
#include "report.h"

/* What is known of an app. */
typedef struct many_app {
    const app_name *name;
    char *key_id;                            /* that it is about; NULL: none */
    char *path;                              /* of its private key; NULL: none */
    okta_oauth2_client_jwk_request *request; /* that its call adds; NULL: none */
    void *result;                            /* to be printed; NULL: none */
    okta_error *error;                       /* why it failed; or: */
    bool has_failed;                         /* the tool itself says so */
    char *failure;                           /* ... in these words; NULL: no memory was left for them */
    bool is_stored;                          /* the private key is in its file */
    bool ended;
} many_app;

typedef struct many many;

/* A call for each app that has not ended. */
typedef struct many_step {
    const char *doing; /* for the line that tells how far it is */
    /* NULL: out of memory, or `*error` tells why there is none. */
    okta_call *(*make)(const many *self, many_app *app, okta_error **error);
    /* The call has ended well. It may set `failure` by many_fail(). */
    void (*take)(const many *self, many_app *app, okta_call *call);
} many_step;

/* A command. */
typedef struct many_work {
    const many_step *steps;
    size_t step_count;
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
    bool titled;     /* something is printed for people already */
    size_t id_width; /* of the longest id of an app */
    int code;        /* of what went wrong with printing */
    output_array array;
};

/* Run a command on all apps of the command line; `prepare`, nullable, looks at each before the first call,
 * and returns an exit code. Returns the exit code. */
typedef int many_prepare(const many *self, many_app *app);
int many_run(const command_line *options, okta_client *client, const many_work *work, many_prepare *prepare);

/* The app failed, for this reason: text as by printf. */
void many_fail(many_app *app, const char *format, ...) REPORT_PRINTF(2, 3);

/* Print the line in front of what an app has, and its models in JSON. */
void many_print_title(const many *self, const many_app *app);
int many_print_models(const many *self, size_t count, output_model_at *at, const void *list);

/* Print a cell of a line, which has that width at least, and the last one, with the line's end. NULL and ""
 * show as "-". */
void many_print_cell(const char *text, size_t width);
void many_print_last(const char *text);

#endif
