/* SPDX-License-Identifier: Apache-2.0 */
/* A model with a member of every kind, and the helpers that the tests of the JSON layer share. */
#ifndef TESTS_UNIT_JSON_MODELS_H
#define TESTS_UNIT_JSON_MODELS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/buffer.h"
#include "okta/error.h"
#include "okta/model.h"
#include "json/descriptor.h"

typedef enum test_color {
    TEST_COLOR_ABSENT = 0,
    TEST_COLOR_OTHER,
    TEST_COLOR_RED,   /* "RED" */
    TEST_COLOR_GREEN, /* "GREEN" */
    TEST_COLOR_BLUE,  /* "light blue" */
} test_color;

typedef struct everything everything;
typedef struct variety variety;
struct everything {
    okta_model model;
    const char *id;       /* unique, read-only */
    const char *key;      /* unique */
    const char *text;     /* string */
    const char *any;      /* any JSON */
    okta_opt_bool flag;   /* boolean */
    okta_opt_int number;  /* integer */
    okta_opt_double real; /* number */
    test_color color;     /* enum */
    everything *child;    /* object */
    const char **names;   /* strings */
    size_t names_count;
    test_color *colors; /* enums */
    size_t colors_count;
    everything **children; /* objects */
    size_t children_count;
    const char *password; /* secret string */
    const char *token;    /* secret JSON */
    everything *vault;    /* secret object */
    const char **codes;   /* secret strings */
    size_t codes_count;
    okta_opt_int seen; /* read-only */
    test_color state;  /* read-only enum */
    everything *owner; /* read-only; "_owner" */
    const char *added; /* a member of a later version */
    const char **tags; /* another one */
    size_t tags_count;
    variety *more; /* object of another model */
};

typedef struct everything_entry {
    const char *name;
    everything *value;
} everything_entry;

/* Maps, and one JSON name with several C members. */
struct variety {
    okta_model model;
    okta_string_entry *labels; /* map of strings */
    size_t labels_count;
    everything_entry *places; /* map of objects; "urn:x/places#1" */
    size_t places_count;
    okta_string_entry *codes; /* secret map of strings */
    size_t codes_count;
    okta_opt_int size; /* "size", by the type that comes */
    const char *size_text;
    okta_opt_double size_real;
    everything *size_object;
    const char **size_list;
    size_t size_list_count;
    everything **size_objects;
    size_t size_objects_count;
    test_color kind; /* "kind": an enum or strings */
    const char **kinds;
    size_t kinds_count;
};

/* As JSON: an array, or an array behind "items" and "page". "hidden" and "pin" are secret extras. */
typedef struct everything_list {
    okta_model model;
    everything **items;
    size_t count;
} everything_list;

extern const okta_descriptor everything_model;
extern const okta_descriptor everything_list_model;
extern const okta_descriptor variety_model;

/* A text that may hold NULs. */
typedef struct test_text {
    const char *text;
    size_t length;
} test_text;

#define TEXT(literal)                                                                                        \
    {                                                                                                        \
        literal, sizeof(literal) - 1                                                                         \
    }

/* A copy in memory of exactly this many bytes, for AddressSanitizer to guard both ends. */
char *exact_copy(const char *text, size_t length);

/* Release the error and give its status. */
okta_status take_status(okta_error *error);

/* Fail the test with the error's message unless it is NULL. */
void assert_success(okta_error *error);

/* The status of decoding; on failure the output must be NULL, and on success it is released. */
okta_status decode_status(const okta_descriptor *type, const char *json, size_t length);

/* Decode a text that must be accepted. */
void *decode(const okta_descriptor *type, const char *json);
everything *decode_everything(const char *json);

/* Encode a model that must be accepted. The text is the caller's: okta_free(). */
char *encode(const okta_descriptor *type, const void *model, okta_json_form form);

/* The status of encoding; on failure the outputs must be NULL. */
okta_status encode_status(const okta_descriptor *type, const void *model, okta_json_form form);

void assert_encodes(const okta_descriptor *type, const void *model, okta_json_form form,
                    const char *expected);

/* Decoding `json` and encoding it as `form` gives `expected`. */
void assert_becomes(const okta_descriptor *type, const char *json, okta_json_form form, const char *expected);

/* okta_redact_json() of `json` gives `expected`. */
void assert_redacts(const okta_descriptor *type, const char *json, const char *expected);

/* okta_source() of the model is `expected`. */
void assert_source(const void *model, const char *expected);

/* Append `text` `count` times. */
void append_times(oktai_buffer *out, const char *text, size_t count);

#endif
