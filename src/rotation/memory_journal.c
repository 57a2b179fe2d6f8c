/* SPDX-License-Identifier: Apache-2.0 */
/* A journal of rotations in memory. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/error.h"
#include "okta/rotation_journal.h"

typedef struct page {
    struct page *next;
    okta_rotation_record *record; /* a root */
} page;

typedef struct memory_journal {
    okta_rotation_journal journal; /* the first member */
    pthread_mutex_t lock;          /* of what follows */
    page *pages;
} memory_journal;

/* Where the page of a rotation is, or would be. The lock is held. */
static page **find(memory_journal *self, const char *app_id, okta_rotation_kind kind)
{
    page **place = &self->pages;
    while (*place != NULL &&
           ((*place)->record->kind != kind || strcmp((*place)->record->app_id, app_id) != 0)) {
        place = &(*place)->next;
    }
    return place;
}

static okta_error *load(void *ctx, const char *app_id, okta_rotation_kind kind, okta_rotation_record **out)
{
    memory_journal *self = ctx;
    okta_error *error = NULL;
    *out = NULL;
    pthread_mutex_lock(&self->lock);
    page *found = *find(self, app_id, kind);
    if (found != NULL) {
        error = okta_rotation_record_copy(found->record, out);
    }
    pthread_mutex_unlock(&self->lock);
    return error;
}

static okta_error *conflict(const okta_rotation_record *record, const char *what)
{
    return oktai_error_new(OKTA_E_CONFLICT, "the journal %s of the %s of app %s", what,
                           okta_rotation_kind_name(record->kind), record->app_id);
}

static okta_error *begin(void *ctx, const okta_rotation_record *record)
{
    memory_journal *self = ctx;
    page *made = calloc(1, sizeof *made);
    okta_error *error = made == NULL ? oktai_error_nomem() : okta_rotation_record_copy(record, &made->record);
    if (error != NULL) {
        free(made);
        return error;
    }
    pthread_mutex_lock(&self->lock);
    page **place = find(self, record->app_id, record->kind);
    if (*place == NULL) {
        *place = made;
        made = NULL;
    }
    pthread_mutex_unlock(&self->lock);
    if (made != NULL) {
        okta_free(made->record);
        free(made);
        return conflict(record, "has a rotation");
    }
    return NULL;
}

/* The page that has the revision; NULL: none has. The lock is held. */
static page *find_revision(memory_journal *self, const okta_rotation_record *record, int64_t revision)
{
    page *found = *find(self, record->app_id, record->kind);
    return found != NULL && found->record->revision == revision ? found : NULL;
}

static okta_error *step(void *ctx, const okta_rotation_record *record)
{
    memory_journal *self = ctx;
    okta_rotation_record *copy = NULL;
    okta_error *error = okta_rotation_record_copy(record, &copy);
    if (error != NULL) {
        return error;
    }
    pthread_mutex_lock(&self->lock);
    page *found = find_revision(self, record, record->revision - 1);
    if (found != NULL) {
        okta_rotation_record *before = found->record;
        found->record = copy;
        copy = before;
    }
    pthread_mutex_unlock(&self->lock);
    okta_free(copy);
    return found != NULL
               ? NULL
               : conflict(record, "is not where this run left it: another one goes on with the rotation");
}

static okta_error *forget(void *ctx, const okta_rotation_record *record)
{
    memory_journal *self = ctx;
    pthread_mutex_lock(&self->lock);
    page *found = find_revision(self, record, record->revision);
    if (found != NULL) {
        *find(self, record->app_id, record->kind) = found->next;
    }
    pthread_mutex_unlock(&self->lock);
    if (found == NULL) {
        return conflict(record, "is not where this run left it: another one goes on with the rotation");
    }
    okta_free(found->record);
    free(found);
    return NULL;
}

static void release(void *object)
{
    memory_journal *self = object;
    while (self->pages != NULL) {
        page *first = self->pages;
        self->pages = first->next;
        okta_free(first->record);
        free(first);
    }
    pthread_mutex_destroy(&self->lock);
}

okta_error *okta_rotation_journal_new(okta_rotation_journal **out)
{
    if (out == NULL) {
        return oktai_error_null("out");
    }
    *out = NULL;
    memory_journal *self = oktai_root_new(sizeof *self, 0, release);
    if (self == NULL) {
        return oktai_error_nomem();
    }
    pthread_mutex_init(&self->lock, NULL);
    self->journal = (okta_rotation_journal){.struct_size = sizeof self->journal,
                                            .ctx = self,
                                            .load = load,
                                            .begin = begin,
                                            .step = step,
                                            .forget = forget};
    *out = &self->journal;
    return NULL;
}
