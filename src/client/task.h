/* SPDX-License-Identifier: Apache-2.0 */
/* What a loop does beside its calls, such as a batch that reads on. It is run in the loop's thread whenever
 * it is due, and the loop is not at its end before it. */
#ifndef OKTA_CLIENT_TASK_H
#define OKTA_CLIENT_TASK_H

#include <stdatomic.h>
#include <stdbool.h>

#include "core/list.h"

typedef struct oktai_task {
    oktai_link link;
    atomic_bool is_due;
    void (*run)(struct oktai_task *task);
    /* The loop is canceled or released: it ends in one of its next runs. */
    void (*cancel)(struct oktai_task *task);
} oktai_task;

/* Whether one of them is due. */
bool oktai_tasks_are_due(const oktai_list *tasks);
/* Run those that are due. Those that begin meanwhile run the next time. */
void oktai_tasks_run(const oktai_list *tasks);
void oktai_tasks_cancel(const oktai_list *tasks);

#endif
