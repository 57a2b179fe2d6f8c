/* SPDX-License-Identifier: Apache-2.0 */
#include "client/newcomers.h"

#include <stdlib.h>
#include <string.h>

#include "client/look.h"
#include "core/arena.h"
#include "core/error.h"

/* The id of an element; NULL: it has none. */
static const char *id_of(const okta_call *call, const oktai_any_list *list, size_t i)
{
    const char *id = oktai_row_text(call->operation->response, list->items[i], "id");
    return id == NULL || id[0] == '\0' ? NULL : id;
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

okta_error *oktai_newcomers_note(const okta_call *call, oktai_any_list *list, oktai_known_ids *out)
{
    out->list = list;
    out->ids = oktai_arena_array(&out->arena, out->list->count, sizeof *out->ids);
    if (out->ids == NULL) {
        return oktai_error_nomem();
    }
    for (size_t i = 0; i < out->list->count; i++) {
        const char *id = id_of(call, out->list, i);
        if (id != NULL) {
            out->ids[out->count++] = id;
        }
    }
    qsort(out->ids, out->count, sizeof *out->ids, compare);
    return NULL;
}

static bool is_known(const oktai_known_ids *known, const char *id)
{
    return bsearch(&id, known->ids, known->count, sizeof *known->ids, compare) != NULL;
}

/* False: the call is over, or memory is out. */
static bool collect(const okta_call *call, const oktai_any_list *list, const oktai_known_ids *known,
                    oktai_arena *arena, oktai_vector *out)
{
    for (size_t i = 0; i < list->count; i++) {
        if (oktai_look_is_over_at(call, i)) {
            return false;
        }
        const char *id = id_of(call, list, i);
        if (id == NULL || is_known(known, id)) {
            continue;
        }
        const char **place = oktai_arena_push(arena, out, sizeof *place);
        if (place == NULL) {
            return false;
        }
        *place = id;
    }
    return true;
}

/* The ids, as texts of the error. */
static const char **copy_ids(okta_error *error, const oktai_vector *ids)
{
    const char *const *from = ids->data;
    const char **copies = oktai_arena_array(oktai_root_arena(error), ids->count, sizeof *copies);
    for (size_t i = 0; copies != NULL && i < ids->count; i++) {
        copies[i] = oktai_arena_strdup(oktai_root_arena(error), from[i]);
        if (copies[i] == NULL) {
            return NULL;
        }
    }
    return copies;
}

static okta_error *tell(okta_error *unknown, const oktai_vector *ids)
{
    const okta_error *before = unknown;
    okta_error *error =
        ids->count == 0
            ? oktai_error_reword(unknown, "%s; nothing is there that was not before", before->message)
            : oktai_error_reword(unknown, "%s; %zu %s there that %s not before", before->message, ids->count,
                                 ids->count == 1 ? "is" : "are", ids->count == 1 ? "was" : "were");
    if (!oktai_root_is_static(error)) {
        error->newcomers = copy_ids(error, ids);
        error->newcomer_count = error->newcomers == NULL ? 0 : ids->count;
    }
    return error;
}

okta_error *oktai_newcomers_report(const okta_call *call, okta_error *unknown, const oktai_any_list *list)
{
    oktai_arena arena = {0};
    oktai_vector ids = {0};
    if (collect(call, list, &call->settling.known, &arena, &ids)) {
        unknown = tell(unknown, &ids);
    }
    oktai_arena_clear(&arena);
    return unknown;
}
