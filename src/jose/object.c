/* SPDX-License-Identifier: Apache-2.0 */
#include "jose/object.h"

#include <string.h>

#include "core/error.h"

static bool is_named(const oktai_jose_member *member, const char *name, size_t length)
{
    return member->name.length == length && memcmp(member->name.text, name, length) == 0;
}

static const oktai_jose_member *find(const oktai_jose_object *object, const char *name, size_t length)
{
    const oktai_jose_member *members = object->members.data;
    for (size_t i = 0; i < object->members.count; i++) {
        if (is_named(&members[i], name, length)) {
            return &members[i];
        }
    }
    return NULL;
}

static bool read_value(oktai_reader *reader, oktai_arena *arena, oktai_jose_member *out)
{
    out->type = oktai_reader_peek(reader);
    if (out->type == OKTAI_JSON_STRING) {
        out->value.text = oktai_reader_string(reader, arena, &out->value.length);
        return out->value.text != NULL;
    }
    okta_text text;
    if (!oktai_reader_skip(reader, &text)) {
        return false;
    }
    out->value = (okta_text){oktai_arena_copy(arena, text.text, text.length), text.length};
    reader->no_memory = reader->no_memory || out->value.text == NULL;
    return out->value.text != NULL;
}

/* Why the reader stopped. */
static okta_error *damage(const oktai_reader *reader, const char *what)
{
    return reader->no_memory
               ? oktai_error_nomem()
               : oktai_error_new(OKTA_E_PROTOCOL, "%s is no strict JSON: %s", what,
                                 reader->problem == NULL ? "it goes on behind its end" : reader->problem);
}

static okta_error *read_members(oktai_reader *reader, const char *what, oktai_arena *arena,
                                oktai_jose_object *out)
{
    okta_text name;
    for (bool first = true; oktai_reader_member(reader, first, arena, &name); first = false) {
        if (find(out, name.text, name.length) != NULL) {
            return oktai_error_new(OKTA_E_PROTOCOL, "%s has a member twice", what);
        }
        if (out->members.count == OKTAI_JOSE_MEMBERS_MAX) {
            return oktai_error_new(OKTA_E_PROTOCOL, "%s has more than %u members", what,
                                   OKTAI_JOSE_MEMBERS_MAX);
        }
        oktai_jose_member *member = oktai_arena_push(arena, &out->members, sizeof *member);
        if (member == NULL) {
            return oktai_error_nomem();
        }
        member->name = name;
        if (!read_value(reader, arena, member)) {
            return damage(reader, what);
        }
    }
    return oktai_reader_finish(reader) ? NULL : damage(reader, what);
}

okta_error *oktai_jose_object_read(const char *json, size_t length, const char *what, oktai_arena *arena,
                                   oktai_jose_object *out)
{
    oktai_reader reader;
    *out = (oktai_jose_object){0};
    oktai_reader_init(&reader, json, length);
    if (reader.next != json || oktai_reader_peek(&reader) != OKTAI_JSON_OBJECT ||
        !oktai_reader_enter(&reader)) {
        return oktai_error_new(OKTA_E_PROTOCOL, "%s is no JSON object", what);
    }
    return read_members(&reader, what, arena, out);
}

const oktai_jose_member *oktai_jose_object_find(const oktai_jose_object *object, const char *name)
{
    return find(object, name, strlen(name));
}

okta_error *oktai_jose_object_string(const oktai_jose_object *object, const char *name, const char **out)
{
    const oktai_jose_member *member = oktai_jose_object_find(object, name);
    *out = NULL;
    if (member == NULL) {
        return NULL;
    }
    if (member->type != OKTAI_JSON_STRING) {
        return oktai_error_new(OKTA_E_PROTOCOL, "\"%s\" of the token is no string", name);
    }
    *out = member->value.text;
    return NULL;
}

bool oktai_jose_object_allows(const oktai_jose_object *object, const char *name, const char *value)
{
    const oktai_jose_member *member = oktai_jose_object_find(object, name);
    return member == NULL || (member->type == OKTAI_JSON_STRING && strcmp(member->value.text, value) == 0);
}
