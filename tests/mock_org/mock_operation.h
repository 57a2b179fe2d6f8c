/* SPDX-License-Identifier: Apache-2.0 */
/* What the stand-in org knows of every operation of Okta's reference. tools/generate writes the table.
 *
 * A value is told by a letter:
 *   s string, j any JSON, b boolean, i integer, d number, f bytes of a file, l a Location header,
 *   e and the number of its texts in mock_enums: one of them or a newer one,
 *   o and the number of its shape in mock_shapes: an object,
 *   S E O lists of these, m an object of strings, M an object of such objects.
 * Marks may follow: `!` required, `r` read-only, `w` write-only, `,` a list that is one text with commas
 * between its values. Members and parameters are texts of it: the value, a space, the JSON name or the name
 * in the request. Two of them may have one name: the JSON type tells which is meant. All tables of texts end
 * with NULL. */
#ifndef OKTA_MOCK_OPERATION_H
#define OKTA_MOCK_OPERATION_H

#include <stdbool.h>
#include <stddef.h>

typedef struct mock_shape {
    const char *const *members; /* NULL: none */
    bool open;                  /* further members are described as well */
} mock_shape;

/* Texts are never NULL where the comment does not say so. */
typedef struct mock_operation {
    const char *name; /* Okta's operationId */
    const char *method;
    const char *path;                   /* with {placeholders} */
    const char *const *path_parameters; /* in the order of the path; NULL: none */
    const char *const *query;           /* NULL: none */
    const char *const *headers;         /* NULL: none */
    const char *body;         /* a value; NULL: none. A form or a multipart body is an object by its types */
    const char *body_types;   /* media types with spaces between; NULL: no body */
    const char *answer;       /* a value; NULL: none */
    const char *answer_types; /* media types with spaces between; NULL: application/json */
    const char
        *bytes_types; /* media types of bytes that `Accept` may ask for in place of the answer; NULL: none */
    const char *paging;   /* "link", "body" or "after"; NULL: in one page */
    const char *items;    /* of a page that is an object, the member with the list; NULL: the page is it */
    const char *statuses; /* that mean success, with spaces between, the first is usual; NULL: any of 2xx */
    const char *effect;   /* "read", "create", "replace", "update", "delete", "state", "action" */
    const char *security; /* "api", "user", "client" or "none" */
    const char *scopes;   /* with spaces between; NULL: none */
} mock_operation;

/* Where objects are: the end of a path at a placeholder. Texts are never NULL where the comment does not say
 * so. */
typedef struct mock_place {
    const char *path; /* with `*` for each placeholder; in the order of strcmp() */
    /* How objects come there: "made" by a create, "assigned" by a PUT to their id, "found": Okta makes them,
     * and one is there from the start; "enum": one for each of `texts`; "any": every id has one. */
    const char *how;
    const char *shape;        /* a value, of an object; NULL: it has no members that are described */
    const char *id;           /* its member with the id; NULL: none */
    const char *known;        /* an id that is there from the start; NULL: none */
    const char *refers;       /* of what is assigned, the place that the ids are from; NULL: any */
    const char *const *texts; /* "enum": NULL at the end; else NULL */
} mock_place;

extern const mock_place mock_places[];
extern const size_t mock_place_count;

extern const char *const *const mock_enums[]; /* texts, NULL at the end of each */
extern const mock_shape mock_shapes[];
extern const mock_operation mock_operations[];
extern const size_t mock_operation_count;

#endif
