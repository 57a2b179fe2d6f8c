/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * What all models share. A model is a struct that begins with ::okta_model; the same struct serves for what
 * the server sends and for what a program sends. `okta/models/` holds one header per resource.
 *
 * Absent is zero: NULL for strings, objects and arrays, `{0}` for ::okta_opt_bool, ::okta_opt_int and
 * ::okta_opt_double, `..._ABSENT` for enums. An empty array is non-NULL with count 0.
 *
 * Nothing the server sends is lost. A member that the struct does not have, a known member of another JSON
 * type, a number that does not fit and a null are absent in the struct and kept under okta_extra(); they go
 * back unchanged when the model is sent, unless the program set the member. An enum value that the library
 * does not know is `..._OTHER`, and okta_enum_text() gives its text. In a list of enums the elements that are
 * `..._OTHER` go back with their texts in the order in which these came, whatever the program did to the
 * known ones; where it left another number of them, the list is refused, and okta_set_extra() sets the whole
 * of it. A program sends an enum value that is newer than the library with okta_set_extra_text(), or in a
 * struct of its own with `..._OTHER` and an extra of the member's name. Of a number with more digits than a
 * double holds, an ::okta_opt_double is the nearest one; okta_extra() has all digits, and they go back unless
 * the program changes the member. Of a member that an object holds twice the first counts; where that would
 * be a risk (ids, states, key material) the object is refused.
 *
 * A member that comes to a struct in a later release of the library is an extra as well, so that programs
 * which were compiled before find it where they look; okta_set_extra() sets both. It is sent once: the
 * member, or, for a struct that ends before it, the extra.
 *
 * A request model may live on the stack. In C, and in C++ from C++20 on, which wants the members in the order
 * of the struct:
 * @code
 * okta_oauth2_client_secret_request_body body = {.model = OKTA_INIT(okta_oauth2_client_secret_request_body),
 *                                                .client_secret = "..."};
 * @endcode
 * In C++ before C++20, which has no designated initialisers:
 * @code
 * okta_oauth2_client_secret_request_body body{};
 * body.model = OKTA_INIT(okta_oauth2_client_secret_request_body);
 * body.client_secret = "...";
 * @endcode
 * Pointers in it are borrowed until the call that takes it returns. A model that was decoded may be changed
 * in place and sent; what it pointed to stays alive until it is released. A decoded struct that is copied by
 * value needs `copy.model.struct_size = sizeof copy`.
 */
#ifndef OKTA_MODEL_H
#define OKTA_MODEL_H

#include "okta/common.h"
#include "okta/error.h"
#include "okta/optional.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Describes a model to the functions below. Each model has a function that returns its descriptor. */
typedef struct okta_descriptor okta_descriptor;

/** One JSON member: its name and its value, NUL-terminated. A program sets `json` or `text`; where both are
 *  set, `json` is sent. */
typedef struct okta_member {
    const char *name; /**< UTF-8, unescaped */
    const char *json; /**< the value as JSON text, such as `12`, `"a"`, `null`, `{"b":[]}` */
    const char *text; /**< the value as a string, unescaped; ::OKTA_NULL for null. In decoded models it is set
                           where the value is a string */
} okta_member;

/** One entry of a map of strings. A map of objects has entries of its own, with a pointer to a model as their
 *  value. Their order is that of the text. */
typedef struct okta_string_entry {
    const char *name;  /**< UTF-8, unescaped */
    const char *value; /**< ::OKTA_NULL where it is null */
} okta_string_entry;

/** Finds one among many extras; the library's own. */
struct okta_extra_index;

/** What every model begins with. */
typedef struct okta_model {
    size_t struct_size;          /**< required; sizeof of the model in the program; OKTA_INIT() fills it */
    const okta_descriptor *type; /**< set in decoded models; leave it NULL */
    const okta_member *extras;   /**< nullable, borrowed; members beyond the struct */
    size_t extra_count;          /**< how many */
    const char *source;          /**< set in decoded models: see okta_source() */
    size_t source_length;        /**< bytes in `source` */
    struct okta_extra_index *extra_index; /**< the library's own; leave it NULL */
} okta_model;

/** The first initialiser of a model: `okta_x x = {.model = OKTA_INIT(okta_x), .member = value};` */
#define OKTA_INIT(type)                                                                                      \
    {                                                                                                        \
        sizeof(type), NULL, NULL, 0, NULL, 0, NULL                                                           \
    }

/**
 * The same with members that the struct does not have, such as custom attributes:
 * @code
 * const okta_member custom[] = {{.name = "team", .text = "red"}, {.name = "level", .json = "3"}};
 * okta_user_profile profile = {.model = OKTA_INIT_EXTRAS(okta_user_profile, custom), .login = login};
 * @endcode
 * `members` is an array of ::okta_member, not a pointer to one; it is borrowed like all that a model points
 * to.
 */
#define OKTA_INIT_EXTRAS(type, members)                                                                      \
    {                                                                                                        \
        sizeof(type), NULL, (members), sizeof(members) / sizeof(members)[0], NULL, 0, NULL                   \
    }

/** A string set to this is sent as null: a member, an element of an array, a value of a map. Compared by
 *  address. For members of other types put an ::okta_member with the member's name and the JSON text `null`
 *  into the extras; okta_set_extra() does it for a decoded model. */
OKTA_API extern const char okta_null[5];
/** What a program writes: `.kid = OKTA_NULL`. See ::okta_null. */
#define OKTA_NULL okta_null

/**
 * A member that the struct does not show, or that came to it in a later release.
 *
 * @param[in] model any model struct.
 * @param[in] name  the member's JSON name.
 * @return the JSON text of the value, borrowed from the model; NULL when there is none, and for a member that
 *         the program gave as `text` only.
 * @since 0.1.0
 */
OKTA_API const char *okta_extra(const void *model, const char *name);

/**
 * The text of a string that the struct does not show, such as a custom attribute.
 *
 * @param[in] model any model struct.
 * @param[in] name  the member's JSON name.
 * @return the string, unescaped, borrowed from the model; NULL when there is no such member or it is no
 *         string.
 * @since 0.1.0
 */
OKTA_API const char *okta_extra_text(const void *model, const char *name);

/**
 * Set a member by its JSON name, or remove it: one that the struct does not have, such as a custom attribute,
 * or, in a decoded model, one that it has. An extra replaces all extras of that name; the others keep their
 * order. A member of the struct takes the value, which must fit it; an enum takes any text, and is
 * `..._OTHER` for one that is newer than the library; `null` makes the member absent and is sent until it is
 * set. For a member that came to the struct in a later release the extra is set too, with any value. Memory
 * comes from `root` and goes with it, also that of values which are replaced later.
 *
 * @param[in,out] root  what the library handed out and okta_free() will release; `model` is it, or lives at
 *                      least as long.
 * @param[in,out] model the model to change: decoded, or begun with OKTA_INIT().
 * @param[in]     name  the member's JSON name; copied. Members of a model that was not decoded are not known
 *                      here: the extra is sent unless the member is set.
 * @param[in]     json  nullable; the value as JSON text, copied. NULL removes the member.
 * @return NULL; ::OKTA_E_ARG (a NULL argument, text that is not JSON, a value of another type than the member
 *         of the struct, a name that is not UTF-8 or belongs to a link, a model that is a list, one of
 * several variants, or no object),
 *         ::OKTA_E_NOMEM. After an error the model is as it was.
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_set_extra(void *root, void *model, const char *name,
                                                    const char *json);

/**
 * The same as okta_set_extra() for a string.
 *
 * @param[in,out] root  as above.
 * @param[in,out] model as above.
 * @param[in]     name  as above.
 * @param[in]     text  nullable; the string, unescaped, copied. NULL removes the member, ::OKTA_NULL sets
 *                      null.
 * @return NULL; ::OKTA_E_ARG (as okta_set_extra(), and a text that is not UTF-8), ::OKTA_E_NOMEM.
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_set_extra_text(void *root, void *model, const char *name,
                                                         const char *text);

/**
 * The text of an enum member, also where its value is newer than the library (`..._OTHER`).
 *
 * @param[in] model a model that the library decoded.
 * @param[in] name  the member's JSON name.
 * @return the text, unescaped, borrowed; NULL when the member is absent or no enum, or the model was
 *         not decoded.
 * @since 0.1.0
 */
OKTA_API const char *okta_enum_text(const void *model, const char *name);

/**
 * The JSON text that a model was decoded from, byte for byte.
 *
 * @param[in]  model  any model struct.
 * @param[out] length nullable; bytes.
 * @return borrowed, not NUL-terminated: use `length`; NULL for a model that was not decoded, and for a list
 *         that came in several pages, whose elements have texts of their own.
 * @since 0.1.0
 */
OKTA_API const char *okta_source(const void *model, size_t *length);

/** How okta_to_json() writes a model. */
typedef enum okta_json_form {
    OKTA_JSON_WHOLE,    /**< all members */
    OKTA_JSON_REQUEST,  /**< as a request body: without read-only members */
    OKTA_JSON_REDACTED, /**< all members, with secret values replaced by "***" */
} okta_json_form;

/**
 * Decode one JSON document: RFC 8259 to the last byte, valid UTF-8, at most 64 levels deep. A byte order mark
 * at the start is accepted.
 *
 * @param[in]  type   the descriptor of the model.
 * @param[in]  json   the text; copied; need not be NUL-terminated.
 * @param[in]  length bytes of `json`.
 * @param[out] out    address of a pointer to the model (`T **`); receives a model that is the caller's. NULL
 *                    after an error.
 * @return NULL; ::OKTA_E_ARG (a NULL argument), ::OKTA_E_PROTOCOL (not strict JSON, not an object where one
 * is due, an object with a member twice that is to be unique, or a text that takes more memory than four
 * times its size and 64 MiB), ::OKTA_E_NOMEM.
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_from_json(const okta_descriptor *type, const char *json,
                                                    size_t length, void *out);

/**
 * Write a model as JSON.
 *
 * @param[in]  type       the descriptor of the model.
 * @param[in]  model      the model.
 * @param[in]  form       what to include.
 * @param[out] out_json   NUL-terminated text, the caller's; NULL after an error.
 * @param[out] out_length nullable; bytes without the NUL.
 * @return NULL; ::OKTA_E_ARG (a NULL argument, a header that OKTA_INIT() did not fill, a string that is not
 *         UTF-8, an enum value out of range or without text, an extra that is not JSON, a number that is not
 * finite, a list of enums with another number of `..._OTHER` than came, more than 64 levels), ::OKTA_E_NOMEM.
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_to_json(const okta_descriptor *type, const void *model,
                                                  okta_json_form form, char **out_json, size_t *out_length);

/**
 * Copy a model with all it reaches.
 *
 * @param[in]  type  the descriptor of the model.
 * @param[in]  model the model, decoded or built by hand.
 * @param[out] out   address of a pointer to the model (`T **`); the copy is the caller's. NULL after an
 * error.
 * @return NULL; ::OKTA_E_ARG (as okta_to_json()), ::OKTA_E_NOMEM.
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_copy(const okta_descriptor *type, const void *model, void *out);

/**
 * Copy JSON text with the value of every secret member of the model replaced by "***". Members that the model
 * does not have, and all inside values that it does not describe, are secret by their names
 * (docs/security.md). All else stays byte for byte.
 *
 * @param[in]  type       the descriptor of what `json` holds.
 * @param[in]  json       strict JSON.
 * @param[in]  length     bytes of `json`.
 * @param[out] out_json   NUL-terminated text, the caller's; NULL after an error.
 * @param[out] out_length nullable; bytes without the NUL.
 * @return NULL; ::OKTA_E_ARG (a NULL argument), ::OKTA_E_PROTOCOL (not strict JSON), ::OKTA_E_NOMEM.
 * @since 0.1.0
 */
OKTA_API OKTA_MUST_CHECK okta_error *okta_redact_json(const okta_descriptor *type, const char *json,
                                                      size_t length, char **out_json, size_t *out_length);

#ifdef __cplusplus
}
#endif
#endif
