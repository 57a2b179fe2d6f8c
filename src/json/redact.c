/* SPDX-License-Identifier: Apache-2.0 */
/* Redaction of JSON text: everything but secret values is copied byte for byte. */
#include <string.h>

#include "core/error.h"
#include "json/engine.h"
#include "json/reader.h"

typedef struct redactor {
    oktai_reader reader;
    oktai_arena arena; /* names with escapes */
    oktai_buffer *out;
    const char *copied;     /* what stands before it is in `out` */
    oktai_secrets *secrets; /* not NULL: secret values go there, and nothing is copied */
} redactor;

/* The models that an object may be. There are several where the model is a oneOf, since the redactor does not
 * look for the discriminator: then the object may be each of its variants, and an object inside it may be
 * whatever any of these variants has in that place. A member is secret when one of the models says so. */
#define TYPES_MAX 64u

typedef struct candidate {
    const okta_descriptor *type;
    bool map; /* the object is a map: its members are such models, whatever their names */
} candidate;

typedef struct candidates {
    candidate items[TYPES_MAX];
    size_t count;
    bool too_many;  /* more than TYPES_MAX: then the whole value counts as secret */
    bool free_form; /* it may have no model: then names alone tell, too, at any depth */
} candidates;

static bool redact_value(redactor *r, const candidates *all);

static void add_candidate(candidates *all, const okta_descriptor *type, bool map)
{
    for (size_t i = 0; i < all->count; i++) {
        if (all->items[i].type == type && all->items[i].map == map) {
            return;
        }
    }
    if (all->count == TYPES_MAX) {
        all->too_many = true;
        return;
    }
    all->items[all->count++] = (candidate){type, map};
    for (size_t i = 0; !map && type->variants != NULL && i < type->variants->count; i++) {
        add_candidate(all, type->variants->items[i].type, false);
    }
}

/* The models that the value of a member may be. A value that has no model of its own (free-form JSON, a map
 * of strings) is looked at as the model around it, and by names alone: what is secret in either way hides its
 * value at any depth. */
static void add_value(candidates *value, const okta_descriptor *type, const oktai_row *row)
{
    if (row == NULL) {
        add_candidate(value, type, false);
        value->free_form = true;
    }
    for (; row != NULL; row = oktai_row_next(row)) {
        bool map = row->kind == OKTAI_KIND_MAP_OBJECTS;
        bool has_model = map || row->kind == OKTAI_KIND_OBJECT || row->kind == OKTAI_KIND_OBJECTS;
        add_candidate(value, has_model ? row->of.object : type, map);
        value->free_form = value->free_form || !has_model;
    }
}

bool oktai_is_secret(const okta_descriptor *type, const oktai_row *row, const char *name, size_t length)
{
    if (row != NULL) {
        while (row != NULL && (row->flags & OKTAI_ROW_SECRET) == 0) {
            row = oktai_row_next(row);
        }
        return row != NULL;
    }
    if (oktai_is_secret_name(name, length)) {
        return true;
    }
    for (const char *const *secret = type->secret_extras; secret != NULL && *secret != NULL; secret++) {
        if (strlen(*secret) == length && memcmp(*secret, name, length) == 0) {
            return true;
        }
    }
    return false;
}

static bool copy_until(redactor *r, const char *position)
{
    if (r->secrets != NULL) {
        return true;
    }
    bool good = oktai_buffer_append(r->out, r->copied, (size_t)(position - r->copied));
    r->copied = position;
    return good;
}

static bool add_string(redactor *r)
{
    okta_text text;
    if (!oktai_reader_text(&r->reader, &r->arena, &text)) {
        return false;
    }
    r->reader.no_memory = !oktai_secrets_add(r->secrets, text.text, text.length);
    return !r->reader.no_memory;
}

static bool add_number(redactor *r)
{
    okta_text text;
    if (!oktai_reader_skip(&r->reader, &text)) {
        return false;
    }
    r->reader.no_memory = !oktai_secrets_add(r->secrets, text.text, text.length);
    return !r->reader.no_memory;
}

/* All strings and numbers of the value ahead, at any depth. */
static bool add_values(redactor *r)
{
    oktai_json_type json_type = oktai_reader_peek(&r->reader);
    okta_text name;
    if (json_type == OKTAI_JSON_STRING) {
        return add_string(r);
    }
    if (json_type == OKTAI_JSON_NUMBER) {
        return add_number(r);
    }
    if (json_type != OKTAI_JSON_OBJECT && json_type != OKTAI_JSON_ARRAY) {
        return oktai_reader_skip(&r->reader, NULL);
    }
    bool object = json_type == OKTAI_JSON_OBJECT;
    if (!oktai_reader_enter(&r->reader)) {
        return false;
    }
    for (bool first = true; object ? oktai_reader_member(&r->reader, first, &r->arena, &name)
                                   : oktai_reader_element(&r->reader, first);
         first = false) {
        if (!add_values(r)) {
            return false;
        }
    }
    return r->reader.problem == NULL;
}

static bool hide_value(redactor *r)
{
    okta_text value;
    if (r->secrets != NULL) {
        return add_values(r);
    }
    if (!oktai_reader_skip(&r->reader, &value) || !copy_until(r, value.text)) {
        return false;
    }
    r->copied = value.text + value.length;
    return oktai_buffer_add_text(r->out, "\"***\"");
}

/* Whether a member is secret. If it is not, `value` receives the models that its value may be. */
static bool look_up(const candidates *all, okta_text name, candidates *value)
{
    *value = (candidates){.free_form = all->free_form};
    if (all->free_form && oktai_is_secret_name(name.text, name.length)) {
        return true;
    }
    for (size_t i = 0; i < all->count; i++) {
        const okta_descriptor *type = all->items[i].type;
        if (all->items[i].map) {
            add_candidate(value, type, false);
            continue;
        }
        const oktai_row *row = oktai_row_find(type, name.text, name.length);
        if (oktai_is_secret(type, row, name.text, name.length)) {
            return true;
        }
        add_value(value, type, row);
    }
    return value->too_many;
}

static bool redact_members(redactor *r, const candidates *all)
{
    candidates value;
    okta_text name;
    if (!oktai_reader_enter(&r->reader)) {
        return false;
    }
    for (bool first = true; oktai_reader_member(&r->reader, first, &r->arena, &name); first = false) {
        bool secret = look_up(all, name, &value);
        if (secret ? !hide_value(r) : !redact_value(r, &value)) {
            return false;
        }
    }
    return r->reader.problem == NULL;
}

static bool redact_value(redactor *r, const candidates *all)
{
    oktai_json_type json_type = oktai_reader_peek(&r->reader);
    if (json_type == OKTAI_JSON_OBJECT) {
        return redact_members(r, all);
    }
    if (json_type != OKTAI_JSON_ARRAY) {
        return oktai_reader_skip(&r->reader, NULL);
    }
    if (!oktai_reader_enter(&r->reader)) {
        return false;
    }
    for (bool first = true; oktai_reader_element(&r->reader, first); first = false) {
        if (!redact_value(r, all)) {
            return false;
        }
    }
    return r->reader.problem == NULL;
}

/* Redact or collect: the whole text of the reader. */
static bool redact_all(redactor *r, const candidates *all)
{
    return (all->too_many ? hide_value(r) : redact_value(r, all)) && oktai_reader_finish(&r->reader);
}

static okta_error *redact_as(const candidates *all, const char *json, size_t length, oktai_buffer *out)
{
    oktai_buffer text = {0};
    if (!oktai_buffer_append(&text, json, length)) {
        return oktai_error_nomem();
    }
    redactor r = {.out = out, .copied = text.data};
    oktai_reader_init(&r.reader, text.data, length);
    okta_error *error = NULL;
    if (!redact_all(&r, all) || !copy_until(&r, r.reader.end)) {
        error = out->failed ? oktai_error_nomem() : oktai_engine_damage(&r.reader);
    }
    oktai_arena_clear(&r.arena);
    oktai_buffer_clear(&text);
    return error;
}

okta_error *oktai_engine_redact(const okta_descriptor *type, const char *json, size_t length,
                                oktai_buffer *out)
{
    candidates all = {.count = 0};
    add_candidate(&all, type->item != NULL ? type->item : type, false);
    return redact_as(&all, json, length, out);
}

okta_error *oktai_engine_redact_value(const okta_descriptor *type, const oktai_row *row, const char *json,
                                      size_t length, oktai_buffer *out)
{
    candidates all = {.count = 0};
    add_value(&all, type, row);
    return redact_as(&all, json, length, out);
}

okta_error *oktai_engine_secrets(const okta_descriptor *type, const char *json, size_t length,
                                 oktai_secrets *out)
{
    redactor r = {.secrets = out};
    candidates all = {.count = 0};
    add_candidate(&all, type->item != NULL ? type->item : type, false);
    oktai_reader_init(&r.reader, json, length);
    okta_error *error = redact_all(&r, &all) ? NULL : oktai_engine_damage(&r.reader);
    oktai_arena_clear(&r.arena);
    return error;
}
