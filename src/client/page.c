/* SPDX-License-Identifier: Apache-2.0 */
#include "client/page.h"

#include <string.h>

#include "core/error.h"
#include "core/uri.h"
#include "http/links.h"
#include "json/engine.h"

/* An array stands in the body's object, or one object deeper: `{"jwks":{"keys":[...]}}`. */
#define OBJECTS_MAX 2

/* Bytes of a member's name in a message. */
#define NAME_SHOWN 100

/* What the members of one object hold. */
typedef struct findings {
    size_t arrays; /* that may be the list */
    okta_text list;
    okta_text name;       /* of the first array */
    okta_text other_name; /* of the second one */
    size_t members;       /* whose name does not begin with `_` */
    okta_text object;     /* the last of them that is an object */
} findings;

static bool is_name(okta_text name, const char *text)
{
    return name.length == strlen(text) && memcmp(name.text, text, name.length) == 0;
}

static void note_member(findings *found, okta_text name, okta_text value, const char *wanted)
{
    bool plain = name.length == 0 || name.text[0] != '_';
    found->members += plain;
    if (*value.text == '{' && plain) {
        found->object = value;
    }
    if (*value.text != '[' || !(wanted == NULL ? plain : is_name(name, wanted))) {
        return;
    }
    if (found->arrays == 0) {
        found->list = value;
        found->name = name;
    } else if (found->arrays == 1) {
        found->other_name = name;
    }
    found->arrays++;
}

/* Walks the object ahead to its end. False: the reader died. */
static bool walk(oktai_reader *reader, const char *wanted, oktai_arena *arena, findings *found,
                 okta_text *links)
{
    okta_text name;
    okta_text value;
    if (!oktai_reader_enter(reader)) {
        return false;
    }
    for (bool first = true; oktai_reader_member(reader, first, arena, &name); first = false) {
        if (!oktai_reader_skip(reader, &value)) {
            return false;
        }
        if (links->text == NULL && is_name(name, "_links")) {
            *links = value;
        }
        note_member(found, name, value, wanted);
    }
    return reader->problem == NULL;
}

static int shown(okta_text name)
{
    return (int)(name.length < NAME_SHOWN ? name.length : NAME_SHOWN);
}

static okta_error *no_list(const findings *found, const char *wanted)
{
    if (wanted != NULL) {
        return oktai_error_new(OKTA_E_PROTOCOL, "a page has %s arrays named \"%.*s\"",
                               found->arrays == 0 ? "no" : "several", NAME_SHOWN, wanted);
    }
    if (found->arrays > 1) {
        return oktai_error_new(OKTA_E_PROTOCOL,
                               "a page has several arrays: name the one that is the list, such as "
                               "\"%.*s\" or \"%.*s\"",
                               shown(found->name), found->name.text, shown(found->other_name),
                               found->other_name.text);
    }
    return oktai_error_new(OKTA_E_PROTOCOL, "a page is not a JSON array, nor an object that holds one");
}

/* The reader of a value inside a body that was read to its end. */
static oktai_reader reader_of(okta_text value, const oktai_watch *watch)
{
    const char *text = value.text == NULL ? "" : value.text;
    return (oktai_reader){.next = text, .start = text, .end = text + value.length, .watch = watch};
}

static okta_error *dead(const oktai_reader *reader, const oktai_arena *arena)
{
    if (arena->over_limit) {
        return oktai_error_new(OKTA_E_PROTOCOL, "a page has too many items for its length");
    }
    if (reader->no_memory) {
        return oktai_error_nomem();
    }
    if (reader->ended != OKTA_OK) {
        return oktai_error_new(reader->ended, "a page: %s", reader->problem);
    }
    return oktai_error_new(OKTA_E_PROTOCOL, "a page is not valid JSON: %s", reader->problem);
}

static okta_error *find_list(oktai_reader *body, const char *wanted, oktai_arena *arena, oktai_page_body *out)
{
    findings found = {.arrays = 0};
    if (!walk(body, wanted, arena, &found, &out->links) || !oktai_reader_finish(body)) {
        return dead(body, arena);
    }
    for (int depth = 1; depth < OBJECTS_MAX && found.arrays == 0 && found.members == 1; depth++) {
        if (found.object.text == NULL) {
            break;
        }
        oktai_reader inner = reader_of(found.object, body->watch);
        found = (findings){.arrays = 0};
        if (!walk(&inner, wanted, arena, &found, &out->links)) {
            return dead(&inner, arena);
        }
    }
    if (found.arrays != 1) {
        return no_list(&found, wanted);
    }
    out->list = found.list;
    return NULL;
}

/* Consumes the array ahead. */
static okta_error *split(oktai_reader *reader, oktai_arena *arena, oktai_page_body *out)
{
    oktai_vector items = {0};
    okta_text item;
    if (!oktai_reader_enter(reader)) {
        return dead(reader, arena);
    }
    for (bool first = true; oktai_reader_element(reader, first); first = false) {
        if (!oktai_reader_skip(reader, &item)) {
            break;
        }
        okta_text *slot = oktai_arena_push(arena, &items, sizeof *slot);
        if (slot == NULL) {
            reader->no_memory = true;
            return dead(reader, arena);
        }
        *slot = (okta_text){item.text, item.length};
    }
    if (reader->problem != NULL) {
        return dead(reader, arena);
    }
    out->items = items.data == NULL ? oktai_arena_array(arena, 1, sizeof *out->items) : items.data;
    out->count = items.count;
    return out->items == NULL ? oktai_error_nomem() : NULL;
}

/* The whole object is the only item. */
static okta_error *take_single(oktai_reader *reader, oktai_arena *arena, oktai_page_body *out)
{
    okta_text *item = oktai_arena_alloc(arena, sizeof *item);
    if (item == NULL) {
        reader->no_memory = true;
        return dead(reader, arena);
    }
    if (!oktai_reader_skip(reader, item) || !oktai_reader_finish(reader)) {
        return dead(reader, arena);
    }
    out->items = item;
    out->count = 1;
    return NULL;
}

okta_error *oktai_page_read_array(const char *body, size_t length, const okta_descriptor *list,
                                  const oktai_watch *watch, oktai_arena *arena, oktai_page_body *out)
{
    oktai_reader reader;
    *out = (oktai_page_body){.count = 0};
    arena->limit = oktai_engine_memory_limit(length);
    oktai_reader_init(&reader, body, length);
    reader.watch = watch;
    if (oktai_reader_peek(&reader) != OKTAI_JSON_OBJECT) {
        return oktai_page_read(body, length, NULL, watch, arena, out);
    }
    if (oktai_engine_is_element(list, &reader, arena)) {
        return take_single(&reader, arena, out);
    }
    if (!oktai_reader_skip(&reader, NULL) || !oktai_reader_finish(&reader)) {
        return dead(&reader, arena);
    }
    return oktai_error_new(OKTA_E_PROTOCOL, "a page is an object, not an array: it is no %s", list->schema);
}

okta_error *oktai_page_read(const char *body, size_t length, const char *member, const oktai_watch *watch,
                            oktai_arena *arena, oktai_page_body *out)
{
    oktai_reader reader;
    *out = (oktai_page_body){.count = 0};
    arena->limit = oktai_engine_memory_limit(length);
    oktai_reader_init(&reader, body, length);
    reader.watch = watch;
    oktai_json_type type = oktai_reader_peek(&reader);
    if (type == OKTAI_JSON_ARRAY) {
        okta_error *error = split(&reader, arena, out);
        return error == NULL && !oktai_reader_finish(&reader) ? dead(&reader, arena) : error;
    }
    if (type != OKTAI_JSON_OBJECT) {
        const findings none = {.arrays = 0};
        return no_list(&none, NULL);
    }
    okta_error *error = find_list(&reader, member, arena, out);
    if (error == NULL) {
        reader = reader_of(out->list, watch);
        error = split(&reader, arena, out);
    }
    return error;
}

/* The value of a member. OKTAI_LINK_NONE: `object` is no object or has no such member. */
static oktai_link_result member_of(okta_text object, const char *wanted, oktai_arena *arena, okta_text *out)
{
    oktai_reader reader = reader_of(object, NULL);
    okta_text name;
    if (object.text == NULL || *object.text != '{' || !oktai_reader_enter(&reader)) {
        return OKTAI_LINK_NONE;
    }
    for (bool first = true; oktai_reader_member(&reader, first, arena, &name); first = false) {
        if (!oktai_reader_skip(&reader, out)) {
            break;
        }
        if (is_name(name, wanted)) {
            return OKTAI_LINK_FOUND;
        }
    }
    if (reader.no_memory) {
        return OKTAI_LINK_NO_MEMORY;
    }
    return reader.problem == NULL ? OKTAI_LINK_NONE : OKTAI_LINK_DAMAGED;
}

/* The href of a link in the text of `_links`, as a URI. */
static oktai_link_result link_in_body(okta_text links, const char *relation, oktai_arena *arena,
                                      okta_text *out)
{
    okta_text next;
    okta_text href;
    oktai_link_result result = member_of(links, relation, arena, &next);
    if (result != OKTAI_LINK_FOUND) {
        return result;
    }
    if (*next.text == 'n') {
        return OKTAI_LINK_NONE;
    }
    result = member_of(next, "href", arena, &href);
    if (result == OKTAI_LINK_NONE || (result == OKTAI_LINK_FOUND && *href.text != '"')) {
        return OKTAI_LINK_DAMAGED;
    }
    if (result != OKTAI_LINK_FOUND) {
        return result;
    }
    oktai_reader reader = reader_of(href, NULL);
    if (oktai_reader_text(&reader, arena, out)) {
        return OKTAI_LINK_FOUND;
    }
    return reader.no_memory ? OKTAI_LINK_NO_MEMORY : OKTAI_LINK_DAMAGED;
}

/* The target of a link in the body, as path and query. */
static oktai_link_result target_in_body(okta_text links, const char *relation, oktai_arena *arena,
                                        const char **out)
{
    okta_text uri;
    oktai_link_result result = link_in_body(links, relation, arena, &uri);
    *out = NULL;
    return result == OKTAI_LINK_FOUND ? oktai_links_target(uri.text, uri.length, arena, out) : result;
}

bool oktai_page_is_same_path(const char *target, const char *other)
{
    size_t length = strcspn(target, "?");
    return length == strcspn(other, "?") && memcmp(target, other, length) == 0;
}

/* Some lists call themselves by the path of another list, in `self` as in `next`. What comes next of a page
 * that calls itself so has the path that the page really has. */
static oktai_link_result correct_path(const char *self, const char *target, oktai_arena *arena,
                                      const char **next)
{
    if (self == NULL || oktai_page_is_same_path(*next, target) || !oktai_page_is_same_path(*next, self)) {
        return OKTAI_LINK_FOUND;
    }
    const char *path = oktai_arena_copy(arena, target, strcspn(target, "?"));
    *next = path == NULL ? NULL : oktai_arena_join(arena, path, *next + strcspn(*next, "?"));
    return *next == NULL ? OKTAI_LINK_NO_MEMORY : OKTAI_LINK_FOUND;
}

okta_error *oktai_page_next(const oktai_headers *headers, okta_text links, const char *target,
                            oktai_arena *arena, const char **out)
{
    const char *self = NULL;
    oktai_link_result of_self = OKTAI_LINK_NONE;
    oktai_link_result result = oktai_links_next(headers, arena, out);
    if (result == OKTAI_LINK_FOUND) {
        of_self = oktai_links_self(headers, arena, &self);
    } else if (result == OKTAI_LINK_NONE) {
        result = target_in_body(links, "next", arena, out);
        of_self = result == OKTAI_LINK_FOUND ? target_in_body(links, "self", arena, &self) : of_self;
    }
    if (result == OKTAI_LINK_FOUND) {
        result = of_self == OKTAI_LINK_NO_MEMORY ? of_self : correct_path(self, target, arena, out);
    }
    switch (result) {
    case OKTAI_LINK_NONE:
    case OKTAI_LINK_FOUND:
        return NULL;
    case OKTAI_LINK_DAMAGED:
        return oktai_error_new(OKTA_E_PROTOCOL, "the link to the page after this one is damaged");
    case OKTAI_LINK_FOREIGN:
        return oktai_error_new(OKTA_E_PROTOCOL, "the next link of a page leaves the API");
    case OKTAI_LINK_NO_MEMORY:
        break;
    }
    return oktai_error_nomem();
}

/* The parameter's `name=` in a query; NULL: it has none. */
static const char *find_parameter(const char *target, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = strchr(target, '?'); at != NULL; at = strchr(at, '&')) {
        at++;
        if (strncmp(at, name, length) == 0 && at[length] == '=') {
            return at;
        }
    }
    return NULL;
}

bool oktai_page_has_parameter(const char *target, const char *name)
{
    return find_parameter(target, name) != NULL;
}

bool oktai_paging_is_endless(const oktai_paging *paging, const char *target)
{
    return paging != NULL && paging->endless_without != NULL &&
           !oktai_page_has_parameter(target, paging->endless_without);
}

/* The target with another value of `after`. False: out of memory. */
static bool write_after(oktai_buffer *out, const char *target, const char *value)
{
    const char *old = find_parameter(target, "after");
    const char *rest = old == NULL ? "" : old + strcspn(old, "&");
    bool query = strchr(target, '?') != NULL;
    bool good = old != NULL
                    ? oktai_buffer_append(out, target, (size_t)(old - target))
                    : oktai_buffer_add_text(out, target) && oktai_buffer_add_char(out, query ? '&' : '?');
    return good && oktai_buffer_add_text(out, "after=") && oktai_uri_encode(out, value) &&
           oktai_buffer_add_text(out, rest);
}

/* The value of a path of names. OKTAI_LINK_NONE: it is not there. */
static oktai_link_result follow(okta_text value, const char *path, oktai_arena *arena, okta_text *out)
{
    oktai_link_result result = OKTAI_LINK_FOUND;
    *out = value;
    while (result == OKTAI_LINK_FOUND && *path != '\0') {
        size_t length = strcspn(path, ".");
        const char *name = oktai_arena_copy(arena, path, length);
        if (name == NULL) {
            return OKTAI_LINK_NO_MEMORY;
        }
        result = member_of(*out, name, arena, out);
        path += length + (path[length] == '.');
    }
    return result;
}

okta_error *oktai_page_after(okta_text body, const char *path, const char *target, oktai_arena *arena,
                             const char **out)
{
    okta_text value;
    oktai_buffer next = {0};
    size_t length;
    *out = NULL;
    oktai_link_result result = follow(body, path, arena, &value);
    if (result == OKTAI_LINK_NO_MEMORY) {
        return oktai_error_nomem();
    }
    if (result != OKTAI_LINK_FOUND || *value.text == 'n') {
        return NULL;
    }
    if (*value.text != '"') {
        return oktai_error_new(OKTA_E_PROTOCOL, "the cursor of the page after this one is no string");
    }
    oktai_reader reader = reader_of(value, NULL);
    const char *cursor = oktai_reader_string(&reader, arena, &length);
    if (cursor != NULL && cursor[0] == '\0') {
        return NULL;
    }
    if (cursor != NULL && write_after(&next, target, cursor)) {
        *out = oktai_arena_copy(arena, next.data, next.length);
    }
    oktai_buffer_clear(&next);
    return *out == NULL ? oktai_error_nomem() : NULL;
}

/* FNV-1a from a start that the server does not know, with its high bits mixed into the low ones: no server
 * makes many pages share a slot. Never 0. */
static uint64_t hash(uint64_t seed, const char *text)
{
    uint64_t value = UINT64_C(0xcbf29ce484222325) ^ seed;
    for (; *text != '\0'; text++) {
        value = (value ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    }
    value = (value ^ (value >> 32)) * UINT64_C(0xff51afd7ed558ccd);
    value ^= value >> 29;
    return value == 0 ? 1 : value;
}

/* The slot of a hash: where it is, or the free one where it belongs. */
static uint64_t *slot_of(const oktai_page_trail *trail, uint64_t value)
{
    size_t i = (size_t)value & (trail->capacity - 1);
    while (trail->slots[i] != 0 && trail->slots[i] != value) {
        i = (i + 1) & (trail->capacity - 1);
    }
    return &trail->slots[i];
}

/* Keeps half of the slots free. */
static bool make_room(oktai_page_trail *trail)
{
    if (trail->count < trail->capacity / 2) {
        return true;
    }
    oktai_page_trail larger = *trail;
    larger.capacity = trail->capacity == 0 ? 16 : trail->capacity * 2;
    larger.slots = oktai_arena_array(&trail->arena, larger.capacity, sizeof *larger.slots);
    if (larger.slots == NULL) {
        return false;
    }
    for (size_t i = 0; i < trail->capacity; i++) {
        if (trail->slots[i] != 0) {
            *slot_of(&larger, trail->slots[i]) = trail->slots[i];
        }
    }
    trail->slots = larger.slots;
    trail->capacity = larger.capacity;
    return true;
}

okta_error *oktai_page_trail_add(oktai_page_trail *trail, const char *target)
{
    if (!make_room(trail)) {
        return oktai_error_nomem();
    }
    uint64_t value = hash(trail->seed, target);
    uint64_t *slot = slot_of(trail, value);
    if (*slot != 0) {
        return oktai_error_new(OKTA_E_PROTOCOL, "the next link leads to a page seen before");
    }
    if (trail->count == OKTAI_PAGES_MAX) {
        return oktai_error_new(OKTA_E_PROTOCOL, "the list has more than 10,000 pages");
    }
    *slot = value;
    trail->count++;
    return NULL;
}
