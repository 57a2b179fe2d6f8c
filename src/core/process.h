/* SPDX-License-Identifier: Apache-2.0 */
/* Which process this is. */
#ifndef OKTA_CORE_PROCESS_H
#define OKTA_CORE_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* An object remembers the process that made it. */
typedef struct oktai_process {
    pid_t pid; /* 0: the generation says it */
    uint64_t generation;
} oktai_process;

oktai_process oktai_process_now(void);

/* Whether this process is a child of that one, and not that one. Their ids may be alike where the child has a
 * namespace of its own. Takes no lock. */
bool oktai_process_is_another(const oktai_process *process);

/* To be called in a child behind fork(). Where the system has no memory that it empties for a child, nothing
 * else tells the two apart when their ids are alike. */
void oktai_process_forked(void);

#endif
