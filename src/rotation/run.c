/* SPDX-License-Identifier: Apache-2.0 */
#include "rotation/run.h"

#include "client/client.h"
#include "core/arena.h"
#include "rotation/record.h"

bool oktai_run_is_plan(const oktai_course *self)
{
    return self->plan != NULL;
}

bool oktai_run_is_first(const oktai_course *self)
{
    return self->record == NULL || (self->options.start == OKTA_ROTATION_BEGIN && !self->began &&
                                    self->record->phase == OKTA_ROTATION_PHASE_RETIRED);
}

int64_t oktai_run_now_s(const oktai_course *self)
{
    const oktai_clock *clock = self->options.client->clock;
    return clock->wall_ms(clock) / 1000 + self->ahead_s;
}

int64_t oktai_run_late_s(const oktai_course *self)
{
    return self->options.client->timeout_ms / 1000 + 1;
}

void oktai_run_set_record(oktai_course *self, okta_rotation_record *record)
{
    okta_free(self->record);
    self->record = record;
}

void oktai_run_set_loop(oktai_course *self, okta_loop *loop)
{
    pthread_mutex_lock(&self->lock);
    self->loop = loop;
    pthread_mutex_unlock(&self->lock);
}

size_t oktai_run_count_retired(const oktai_course *self)
{
    size_t count = 0;
    for (size_t i = 0; i < self->seen->count; i++) {
        const oktai_seen_item *it = &self->seen->items[i];
        count += (oktai_record_flags(self->record, it->name, it->id) & OKTA_ROTATION_RETIRES) != 0;
    }
    return count;
}

size_t oktai_run_count_dropped(const oktai_course *self)
{
    const okta_rotation_record *record = self->record;
    size_t count = 0;
    for (size_t i = 0; i < record->other_count; i++) {
        count += (record->others[i].flags & OKTA_ROTATION_DROPPED) != 0;
    }
    return count;
}
