/* SPDX-License-Identifier: Apache-2.0 */
#include "json/model_parts.h"

#include <stdint.h>
#include <string.h>

const char okta_null[5] = "null";

struct okta_extra_index {
    const okta_member *extras;
    size_t count;
    /* Where the array may be written: `extras` lies in it, and it belongs to this model alone. A struct that
     * is copied by value shares its index with the original, and writes to neither. */
    okta_member *own;
    const okta_model *owner;
    size_t capacity;
    uint32_t removed; /* so many at the front of `own` are no extras any more */
    uint32_t order[]; /* places in `own`, or in `extras` where that is NULL */
};

/* An extra while the names are sorted. */
typedef struct ranked {
    uint64_t key; /* the eight bytes of the name at the depth of its group, zeros behind its end */
    uint32_t at;  /* which extra it is */
} ranked;

/* Extras whose names are the same up to `depth`. */
typedef struct group {
    size_t first;
    size_t count;
    size_t depth; /* a multiple of KEY_SIZE */
} group;

typedef struct sorter {
    const okta_member *extras;
    ranked *from;
    ranked *to;
    oktai_arena arena;   /* of all this: nothing of it stays */
    oktai_vector groups; /* that are not in order yet */
} sorter;

#define KEY_SIZE 8u
#define DIGITS   256u

/* So few names are sorted by comparing them. */
#define GROUP_FEW 32u

/* No name has a NUL, so that zeros stand for its end. */
static uint64_t key_of(const char *text)
{
    uint64_t key = 0;
    size_t i = 0;
    for (; i < KEY_SIZE && text[i] != '\0'; i++) {
        key = key << 8 | (unsigned char)text[i];
    }
    return i == 0 ? 0 : key << 8 * (KEY_SIZE - i);
}

/* Whether a name goes on behind the bytes of its key. */
static bool goes_on(uint64_t key)
{
    return (key & (DIGITS - 1)) != 0;
}

static void sort_few(sorter *s, const group *g)
{
    ranked *entries = s->from + g->first;
    for (size_t i = 1; i < g->count; i++) {
        const ranked entry = entries[i];
        const char *name = s->extras[entry.at].name + g->depth;
        size_t to = i;
        while (to > 0 && strcmp(s->extras[entries[to - 1].at].name + g->depth, name) > 0) {
            entries[to] = entries[to - 1];
            to--;
        }
        entries[to] = entry;
    }
}

/* One pass from the last byte of the keys to the first keeps what is equal in its order. */
static void sort_by_key(sorter *s, const group *g)
{
    size_t counts[KEY_SIZE][DIGITS] = {{0}};
    ranked *from = s->from + g->first;
    ranked *to = s->to + g->first;
    for (size_t i = 0; i < g->count; i++) {
        from[i].key = key_of(s->extras[from[i].at].name + g->depth);
        for (unsigned digit = 0; digit < KEY_SIZE; digit++) {
            counts[digit][from[i].key >> 8 * digit & (DIGITS - 1)]++;
        }
    }
    for (unsigned digit = 0; digit < KEY_SIZE; digit++) {
        size_t *places = counts[digit];
        size_t place = 0;
        if (places[from[0].key >> 8 * digit & (DIGITS - 1)] == g->count) {
            continue; /* it is the same in all */
        }
        for (size_t value = 0; value < DIGITS; value++) {
            size_t count = places[value];
            places[value] = place;
            place += count;
        }
        for (size_t i = 0; i < g->count; i++) {
            to[places[from[i].key >> 8 * digit & (DIGITS - 1)]++] = from[i];
        }
        ranked *sorted = to;
        to = from;
        from = sorted;
    }
    if (from != s->from + g->first) {
        memcpy(to, from, g->count * sizeof *from);
    }
}

/* Names with the same key that go on behind it make a group of their own. */
static bool add_groups(sorter *s, const group *g)
{
    const ranked *entries = s->from + g->first;
    for (size_t begin = 0, end; begin < g->count; begin = end) {
        end = begin + 1;
        while (end < g->count && entries[end].key == entries[begin].key) {
            end++;
        }
        if (end - begin == 1 || !goes_on(entries[begin].key)) {
            continue;
        }
        group *next = oktai_arena_push(&s->arena, &s->groups, sizeof *next);
        if (next == NULL) {
            return false;
        }
        *next = (group){g->first + begin, end - begin, g->depth + KEY_SIZE};
    }
    return true;
}

/* The work grows with the bytes of the names, whatever names a server chooses. Extras of the same name stay
 * in their order. */
static bool sort(sorter *s, size_t count)
{
    group all = {.count = count};
    sort_by_key(s, &all);
    bool good = add_groups(s, &all);
    while (good && s->groups.count > 0) {
        const group *groups = s->groups.data;
        const group g = groups[--s->groups.count];
        if (g.count <= GROUP_FEW) {
            sort_few(s, &g);
        } else {
            sort_by_key(s, &g);
            good = add_groups(s, &g);
        }
    }
    return good;
}

static bool make_index(sorter *s, size_t count, oktai_extra_index *index)
{
    s->from = oktai_arena_alloc(&s->arena, count * sizeof *s->from);
    s->to = oktai_arena_alloc(&s->arena, count * sizeof *s->to);
    if (s->from == NULL || s->to == NULL) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        s->from[i] = (ranked){.at = (uint32_t)i};
    }
    if (!sort(s, count)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        index->order[i] = s->from[i].at;
    }
    return true;
}

/* An index of these extras with room for more. NULL: out of memory. */
static oktai_extra_index *new_index(oktai_arena *arena, const okta_member *extras, size_t count,
                                    size_t capacity)
{
    if (capacity > UINT32_MAX) {
        return NULL;
    }
    oktai_extra_index *index = oktai_arena_alloc(arena, sizeof *index + capacity * sizeof index->order[0]);
    if (index == NULL) {
        return NULL;
    }
    *index = (oktai_extra_index){.extras = extras, .count = count, .capacity = capacity};
    sorter s = {.extras = extras};
    bool good = count == 0 || make_index(&s, count, index);
    oktai_arena_clear(&s.arena);
    return good ? index : NULL;
}

bool oktai_extras_sort(oktai_arena *arena, okta_model *model)
{
    size_t count = model->extra_count;
    if (count <= OKTAI_EXTRAS_FEW || count > UINT32_MAX) {
        return true;
    }
    oktai_extra_index *index = new_index(arena, model->extras, count, count);
    if (index != NULL) {
        model->extra_index = index;
    }
    return index != NULL;
}

static const char *name_at(const oktai_extra_index *index, size_t place)
{
    return index->extras[index->order[place] - index->removed].name;
}

/* The place in the order of the first extra that does not come before the name. */
static size_t place_of(const oktai_extra_index *index, const char *name)
{
    size_t low = 0;
    size_t high = index->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(name_at(index, middle), name) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool stands_at(const oktai_extra_index *index, size_t place, const char *name)
{
    return place < index->count && strcmp(name_at(index, place), name) == 0;
}

static bool is_valid(const oktai_extra_index *index, const okta_model *model)
{
    return index != NULL && index->extras == model->extras && index->count == model->extra_count;
}

bool oktai_extras_have_names(const okta_model *model)
{
    bool good = true;
    size_t count = is_valid(model->extra_index, model) || model->extras == NULL ? 0 : model->extra_count;
    for (size_t i = 0; good && i < count; i++) {
        good = model->extras[i].name != NULL;
    }
    return good;
}

const okta_member *oktai_extra_find(const okta_model *model, const char *name)
{
    const oktai_extra_index *index = model->extra_index;
    if (is_valid(index, model)) {
        size_t place = place_of(index, name);
        return stands_at(index, place, name) ? &index->extras[index->order[place] - index->removed] : NULL;
    }
    for (size_t i = 0; model->extras != NULL && i < model->extra_count; i++) {
        if (model->extras[i].name != NULL && strcmp(model->extras[i].name, name) == 0) {
            return &model->extras[i];
        }
    }
    return NULL;
}

/* The model's index with an array that may be written and has room for `more`. NULL: out of memory. */
static oktai_extra_index *own_index(oktai_arena *arena, const okta_model *model, size_t more)
{
    oktai_extra_index *index = model->extra_index;
    if (is_valid(index, model) && index->owner == model &&
        index->capacity - index->count - index->removed >= more) {
        return index;
    }
    size_t count = model->extras == NULL ? 0 : model->extra_count;
    size_t capacity = count + (count < OKTAI_EXTRAS_FEW / 8 ? OKTAI_EXTRAS_FEW / 8 : count);
    okta_member *own = oktai_arena_array(arena, capacity, sizeof *own);
    if (own == NULL) {
        return NULL;
    }
    if (count > 0) {
        memcpy(own, model->extras, count * sizeof *own);
    }
    index = new_index(arena, own, count, capacity);
    if (index != NULL) {
        index->own = own;
        index->owner = model;
    }
    return index;
}

static void use_index(okta_model *model, oktai_extra_index *index)
{
    model->extras = index->extras;
    model->extra_count = index->count;
    model->extra_index = index;
}

/* The fewer extras move: those before it or those behind it. So removing many from either end is cheap. */
static void remove_at(oktai_extra_index *index, size_t place)
{
    const uint32_t number = index->order[place];
    const size_t before = number - index->removed;
    const size_t behind = index->count - before - 1;
    okta_member *first = index->own + index->removed;
    index->count--;
    memmove(&index->order[place], &index->order[place + 1], (index->count - place) * sizeof index->order[0]);
    if (before < behind) {
        memmove(first + 1, first, before * sizeof *first);
        index->extras = first + 1;
        index->removed++;
        for (size_t i = 0; before > 0 && i < index->count; i++) {
            index->order[i] += index->order[i] < number;
        }
    } else {
        memmove(first + before, first + before + 1, behind * sizeof *first);
        for (size_t i = 0; behind > 0 && i < index->count; i++) {
            index->order[i] -= index->order[i] > number;
        }
    }
}

bool oktai_extras_put(oktai_arena *arena, okta_model *model, const okta_member *extra)
{
    oktai_extra_index *index = own_index(arena, model, 1);
    if (index == NULL) {
        return false;
    }
    size_t place = place_of(index, extra->name);
    if (stands_at(index, place, extra->name)) {
        index->own[index->order[place]] = *extra;
        while (stands_at(index, place + 1, extra->name)) {
            remove_at(index, place + 1);
        }
    } else {
        memmove(&index->order[place + 1], &index->order[place],
                (index->count - place) * sizeof index->order[0]);
        index->order[place] = index->removed + (uint32_t)index->count;
        index->own[index->order[place]] = *extra;
        index->count++;
    }
    use_index(model, index);
    return true;
}

bool oktai_extras_remove(oktai_arena *arena, okta_model *model, const char *name)
{
    if (oktai_extra_find(model, name) == NULL) {
        return true;
    }
    oktai_extra_index *index = own_index(arena, model, 0);
    if (index == NULL) {
        return false;
    }
    size_t place = place_of(index, name);
    while (stands_at(index, place, name)) {
        remove_at(index, place);
    }
    use_index(model, index);
    return true;
}

bool oktai_extra_is_shown(const okta_member *extra, const oktai_row *row)
{
    return extra->name == row->name && !oktai_member_is_null(extra);
}

bool oktai_member_is_null(const okta_member *member)
{
    return member->json != NULL ? strcmp(member->json, "null") == 0 : member->text == okta_null;
}

bool oktai_model_is_blank(const okta_model *model)
{
    return model->source != NULL && model->type == NULL;
}
