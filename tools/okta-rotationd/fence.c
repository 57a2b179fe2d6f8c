/* SPDX-License-Identifier: Apache-2.0 */
#include "fence.h"

typedef okta_error *journal_fn(void *ctx, const okta_rotation_record *record);

/* One write of the journal. */
typedef struct entry {
    journal_fn *function;
    void *ctx;
    const okta_rotation_record *record;
} entry;

static okta_error *write_entry(void *ctx)
{
    const entry *self = ctx;
    return self->function(self->ctx, self->record);
}

static okta_error *write_under_lease(fence *self, journal_fn *function, const okta_rotation_record *record)
{
    entry what = {.function = function, .ctx = self->inner->ctx, .record = record};
    okta_error *error = self->lock->fenced(self->lock->ctx, &self->subject, self->token, write_entry, &what);
    self->is_overtaken = self->is_overtaken || okta_error_status(error) == OKTA_E_CONFLICT;
    return error;
}

static okta_error *load(void *ctx, const char *app_id, okta_rotation_kind kind, okta_rotation_record **out)
{
    const fence *self = ctx;
    return self->inner->load(self->inner->ctx, app_id, kind, out);
}

static okta_error *begin(void *ctx, const okta_rotation_record *record)
{
    fence *self = ctx;
    return write_under_lease(self, self->inner->begin, record);
}

static okta_error *step(void *ctx, const okta_rotation_record *record)
{
    fence *self = ctx;
    return write_under_lease(self, self->inner->step, record);
}

static okta_error *forget(void *ctx, const okta_rotation_record *record)
{
    fence *self = ctx;
    return write_under_lease(self, self->inner->forget, record);
}

void fence_begin(fence *self, const okta_rotation_journal *inner, const lock *leases,
                 const lock_subject *subject, int64_t token)
{
    *self = (fence){
        .journal = {.struct_size = sizeof self->journal,
                    .ctx = self,
                    .load = load,
                    .begin = begin,
                    .step = step,
                    .forget = forget},
        .inner = inner,
        .lock = leases,
        .subject = *subject,
        .token = token,
    };
}
