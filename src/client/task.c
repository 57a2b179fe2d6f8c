/* SPDX-License-Identifier: Apache-2.0 */
#include "client/task.h"

bool oktai_tasks_are_due(const oktai_list *tasks)
{
    const oktai_task *task = oktai_list_first(tasks);
    while (task != NULL && !atomic_load(&task->is_due)) {
        task = oktai_list_after(&task->link);
    }
    return task != NULL;
}

void oktai_tasks_run(const oktai_list *tasks)
{
    oktai_task *next;
    for (oktai_task *task = oktai_list_first(tasks); task != NULL; task = next) {
        next = oktai_list_after(&task->link);
        if (atomic_exchange(&task->is_due, false)) {
            task->run(task);
        }
    }
}

void oktai_tasks_cancel(const oktai_list *tasks)
{
    for (oktai_task *task = oktai_list_first(tasks); task != NULL; task = oktai_list_after(&task->link)) {
        task->cancel(task);
    }
}
