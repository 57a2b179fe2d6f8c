/* SPDX-License-Identifier: Apache-2.0 */
#include "json/model_parts.h"

#include <stdint.h>
#include <string.h>

struct okta_extra_index {
    const okta_member *extras;
    size_t count;
    uint32_t order[];
};

/* Of extras with the same name the one that came first stands first. */
static bool is_before(const okta_member *extras, uint32_t a, uint32_t b)
{
    int order = strcmp(extras[a].name, extras[b].name);
    return order < 0 || (order == 0 && a < b);
}

/* Let the entry at `top` sink until no one below it in the heap belongs behind it. */
static void sink(oktai_extra_index *index, size_t top, size_t count)
{
    uint32_t *order = index->order;
    uint32_t entry = order[top];
    size_t child;
    while ((child = 2 * top + 1) < count) {
        if (child + 1 < count && is_before(index->extras, order[child], order[child + 1])) {
            child++;
        }
        if (!is_before(index->extras, entry, order[child])) {
            break;
        }
        order[top] = order[child];
        top = child;
    }
    order[top] = entry;
}

bool oktai_extras_sort(oktai_arena *arena, okta_model *model)
{
    size_t count = model->extra_count;
    if (count <= OKTAI_EXTRAS_FEW || count > UINT32_MAX) {
        return true;
    }
    oktai_extra_index *index = oktai_arena_alloc(arena, sizeof *index + count * sizeof index->order[0]);
    if (index == NULL) {
        return false;
    }
    index->extras = model->extras;
    index->count = count;
    for (size_t i = 0; i < count; i++) {
        index->order[i] = (uint32_t)i;
    }
    /* A heap sorts without memory of its own, and a server cannot choose names that make it slow. */
    for (size_t i = count / 2; i-- > 0;) {
        sink(index, i, count);
    }
    for (size_t last = count - 1; last > 0; last--) {
        uint32_t largest = index->order[0];
        index->order[0] = index->order[last];
        index->order[last] = largest;
        sink(index, 0, last);
    }
    model->extra_index = index;
    return true;
}

static const okta_member *find_sorted(const oktai_extra_index *index, const char *name)
{
    size_t low = 0;
    size_t high = index->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(index->extras[index->order[middle]].name, name) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const okta_member *found = low < index->count ? &index->extras[index->order[low]] : NULL;
    return found != NULL && strcmp(found->name, name) == 0 ? found : NULL;
}

const okta_member *oktai_extra_find(const okta_model *model, const char *name)
{
    const oktai_extra_index *index = model->extra_index;
    if (index != NULL && index->extras == model->extras && index->count == model->extra_count) {
        return find_sorted(index, name);
    }
    for (size_t i = 0; model->extras != NULL && i < model->extra_count; i++) {
        if (model->extras[i].name != NULL && strcmp(model->extras[i].name, name) == 0) {
            return &model->extras[i];
        }
    }
    return NULL;
}

bool oktai_model_is_blank(const okta_model *model)
{
    return model->source != NULL && model->type == NULL;
}
