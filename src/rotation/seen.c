/* SPDX-License-Identifier: Apache-2.0 */
#include "rotation/seen.h"

#include <string.h>

#include "core/arena.h"
#include "core/digest.h"
#include "core/error.h"

/* What an app may hold in Okta. */
#define KEYS_MOST    50u
#define SECRETS_MOST 2u

/* Room for those listed and the new one. NULL: out of memory. */
static oktai_seen *new_seen(size_t count, size_t most)
{
    oktai_seen *seen = oktai_root_new(sizeof *seen, 0, NULL);
    if (seen == NULL) {
        return NULL;
    }
    seen->items = oktai_arena_array(oktai_root_arena(seen), count + 1, sizeof *seen->items);
    if (seen->items == NULL) {
        okta_free(seen);
        return NULL;
    }
    seen->room = count < most ? most - count : 0;
    return seen;
}

/* `name` and `created` are nullable. */
static okta_error *push(oktai_seen *seen, const char *name, const char *id, const char *created, bool active)
{
    if (id == NULL || id[0] == '\0') {
        return oktai_error_new(OKTA_E_PROTOCOL, "the org lists a key or secret without an id");
    }
    oktai_arena *arena = oktai_root_arena(seen);
    oktai_seen_item item = {.name = name, .id = id, .created = created, .active = active};
    if (!oktai_arena_keep(arena, &item.name) || !oktai_arena_keep(arena, &item.id) ||
        !oktai_arena_keep(arena, &item.created)) {
        return oktai_error_nomem();
    }
    seen->items[seen->count++] = item;
    return NULL;
}

static okta_error *end(okta_error *error, oktai_seen *seen, oktai_seen **out)
{
    if (error != NULL) {
        okta_free(seen);
        seen = NULL;
    }
    *out = seen;
    return error;
}

okta_error *oktai_seen_keys(const okta_oauth2_client_jwk_list *list, okta_rotation_kind kind,
                            oktai_seen **out)
{
    oktai_seen *seen = new_seen(list->count, KEYS_MOST);
    okta_error *error = seen == NULL ? oktai_error_nomem() : NULL;
    for (size_t i = 0; error == NULL && i < list->count; i++) {
        const okta_oauth2_client_jwk *key = list->items[i];
        bool encrypts = key->use == OKTA_OAUTH2_CLIENT_JWK_USE_ENC;
        if (encrypts == (kind == OKTA_ROTATION_ENCRYPTION_KEY)) {
            error = push(seen, key->kid, key->id, key->created,
                         key->status != OKTA_OAUTH2_CLIENT_JWK_STATUS_INACTIVE);
        }
    }
    return end(error, seen, out);
}

okta_error *oktai_seen_secrets(const okta_oauth2_client_secret_list *list, oktai_seen **out)
{
    oktai_seen *seen = new_seen(list->count, SECRETS_MOST);
    okta_error *error = seen == NULL ? oktai_error_nomem() : NULL;
    for (size_t i = 0; error == NULL && i < list->count; i++) {
        const okta_oauth2_client_secret *secret = list->items[i];
        const char *text = secret->client_secret;
        char digest[OKTAI_DIGEST_SIZE];
        if (text != NULL) {
            error = oktai_digest(text, strlen(text), digest);
        }
        if (error == NULL) {
            error = push(seen, text == NULL ? NULL : digest, secret->id, secret->created,
                         secret->status != OKTA_OAUTH2_CLIENT_SECRET_STATUS_INACTIVE);
        }
    }
    return end(error, seen, out);
}

okta_error *oktai_seen_add(oktai_seen *seen, const char *name, const char *id, bool active)
{
    oktai_seen_item *items = oktai_arena_array(oktai_root_arena(seen), seen->count + 1, sizeof *items);
    if (items == NULL) {
        return oktai_error_nomem();
    }
    if (seen->count > 0) {
        memcpy(items, seen->items, seen->count * sizeof *items);
    }
    seen->items = items;
    return push(seen, name, id, NULL, active);
}

bool oktai_seen_has(const oktai_seen *seen, const char *name)
{
    for (size_t i = 0; i < seen->count; i++) {
        if (seen->items[i].name != NULL && strcmp(seen->items[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

void oktai_seen_set_active(oktai_seen *seen, const oktai_seen_item *item, okta_rotation_kind kind,
                           bool active)
{
    for (size_t i = 0; i < seen->count; i++) {
        oktai_seen_item *it = &seen->items[i];
        if (it == item) {
            it->active = active;
        } else if (active && kind == OKTA_ROTATION_ENCRYPTION_KEY) {
            it->active = false;
        }
    }
}

void oktai_seen_remove(oktai_seen *seen, const oktai_seen_item *item)
{
    size_t at = (size_t)(item - seen->items);
    memmove(&seen->items[at], &seen->items[at + 1], (seen->count - at - 1) * sizeof *seen->items);
    seen->count--;
}
