/* SPDX-License-Identifier: Apache-2.0 */
/* Calls of all functions of the API, and the request that Okta's descriptions have for each. `derive` writes
 * the cases; wire.c runs them. */
#ifndef OKTA_TESTS_WIRE_H
#define OKTA_TESTS_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "okta/okta.h"
#include "okta/upload.h"

/* How a body is compared. */
typedef enum wire_form {
    WIRE_NOTHING = 0, /* there is none */
    WIRE_JSON,        /* as a JSON value */
    WIRE_PAIRS,       /* as name=value pairs between ampersands, in any order */
    WIRE_PART,        /* as one part that is WIRE_FILE; `body` is its Content-Disposition */
    WIRE_BYTES,       /* byte for byte */
} wire_form;

/* The file that is uploaded: with a NUL, a line end and what looks like a boundary. */
#define WIRE_FILE "wire\0\r\n--wire"

typedef struct wire_run wire_run;

/* One call of one function. Members that are NULL stand for nothing. */
typedef struct wire_case {
    const char *name;      /* of the function without "okta_"; with a number where it is called again */
    const char *operation; /* method and path, its placeholders without names */
    const char *server;    /* the first label of the host, where it is not the org's own */
    const char *method;
    const char *path;    /* percent-encoded */
    const char *query;   /* pairs between ampersands, sorted */
    const char *headers; /* of the operation's own: lines, "Name: value" */
    const char *accept;
    const char *type; /* Content-Type */
    const char *body;
    const char *answer;
    const char *answer_type; /* its Content-Type */
    const char *location;    /* of the answer */
    void (*run)(wire_run *run, okta_client *client);
    unsigned number; /* which alternative of body or answer it has, from 0 */
    wire_form form;
    unsigned status; /* of the answer */
    bool token;      /* whether the request carries the client's */
} wire_case;

/* The cases of all headers, each with an end whose name is NULL; NULL at the end. */
extern const wire_case *const wire_groups[];
/* How many operations the descriptions have. */
extern const size_t wire_operations;

bool wire_same(const char *one, const char *other);

/* Before and behind a call: the mock's answer, and what it heard. `holds`: whether the result is the
 * answer's. */
void wire_begin(wire_run *run);
void wire_end(wire_run *run, okta_error *error, bool holds);

/* The head of a model, and that of one with members that it has no place for. */
#define W(type) .model = OKTA_INIT(type)
#define WIRE_EXTRAS(type, count, ...)                                                                        \
    .model = {sizeof(type), NULL, (const okta_member[]){__VA_ARGS__}, count, NULL, 0, NULL}

/* The case `name`: runs a function with a result of `type` and its twin. `holds` is a condition on `out`; the
 * rest are arguments. */
#define WIRE_RESULT(name, function, type, holds, ...)                                                        \
    static void run_##name(wire_run *run, okta_client *client)                                               \
    {                                                                                                        \
        type *out = NULL;                                                                                    \
        wire_begin(run);                                                                                     \
        okta_error *error = function(__VA_ARGS__, &out);                                                     \
        wire_end(run, error, out != NULL && (holds));                                                        \
        okta_free(out);                                                                                      \
        wire_begin(run);                                                                                     \
        okta_call *call = function##_call(__VA_ARGS__);                                                      \
        error = okta_call_run(call);                                                                         \
        out = error == NULL ? OKTA_TAKE(call, type) : NULL;                                                  \
        wire_end(run, error, out != NULL && (holds));                                                        \
        okta_free(out);                                                                                      \
        okta_free(call);                                                                                     \
    }

/* The same for a function without a result. */
#define WIRE_NONE(name, function, ...)                                                                       \
    static void run_##name(wire_run *run, okta_client *client)                                               \
    {                                                                                                        \
        wire_begin(run);                                                                                     \
        wire_end(run, function(__VA_ARGS__), true);                                                          \
        wire_begin(run);                                                                                     \
        okta_call *call = function##_call(__VA_ARGS__);                                                      \
        wire_end(run, okta_call_run(call), true);                                                            \
        okta_free(call);                                                                                     \
    }

#endif
