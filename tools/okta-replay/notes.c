/* SPDX-License-Identifier: Apache-2.0 */
#include "notes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"

typedef struct note {
    const char *text;
    size_t count;
} note;

bool notes_add(notes *self, note_kind kind, const char *owner, const char *name, size_t length)
{
    size_t owner_length = strlen(owner);
    char *text = oktai_arena_alloc(&self->arena, owner_length + length + 2);
    note *slot = text == NULL ? NULL : oktai_arena_push(&self->arena, &self->items[kind], sizeof *slot);
    if (slot == NULL) {
        return false;
    }
    memcpy(text, owner, owner_length);
    text[owner_length] = '\0';
    if (name != NULL) {
        text[owner_length] = '.';
        memcpy(text + owner_length + 1, name, length);
        text[owner_length + 1 + length] = '\0';
    }
    *slot = (note){text, 1};
    return true;
}

size_t notes_count(const notes *self, note_kind kind)
{
    size_t total = 0;
    const note *items = self->items[kind].data;
    for (size_t i = 0; i < self->items[kind].count; i++) {
        total += items[i].count;
    }
    return total;
}

static int by_text(const void *one, const void *other)
{
    return strcmp(((const note *)one)->text, ((const note *)other)->text);
}

static int by_count(const void *one, const void *other)
{
    const note *a = one;
    const note *b = other;
    return a->count != b->count ? (a->count < b->count) - (a->count > b->count) : strcmp(a->text, b->text);
}

/* Equal texts become one note. */
static void gather(oktai_vector *items)
{
    note *all = items->data;
    size_t count = 0;
    if (items->count == 0) {
        return;
    }
    qsort(all, items->count, sizeof *all, by_text);
    for (size_t i = 0; i < items->count; i++) {
        if (count > 0 && strcmp(all[count - 1].text, all[i].text) == 0) {
            all[count - 1].count += all[i].count;
        } else {
            all[count++] = all[i];
        }
    }
    items->count = count;
    qsort(all, count, sizeof *all, by_count);
}

void notes_print(notes *self, note_kind kind, size_t limit)
{
    oktai_vector *items = &self->items[kind];
    gather(items);
    const note *all = items->data;
    for (size_t i = 0; i < items->count && i < limit; i++) {
        printf("%8zu ", all[i].count);
        text_print(stdout, all[i].text);
        (void)putchar('\n');
    }
    if (items->count > limit) {
        printf("%8zu further names; -v prints all\n", items->count - limit);
    }
}

void notes_clear(notes *self)
{
    oktai_arena_clear(&self->arena);
    *self = (notes){.arena = {0}};
}
