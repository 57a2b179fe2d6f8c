/* SPDX-License-Identifier: Apache-2.0 */
#include "core/process.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/mman.h>
#include <unistd.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
/* A page that the kernel empties for a child that has memory of its own, however that is made; NULL: there is
 * none, and each look asks for the process's id. It holds the number of the process. */
static _Atomic uint64_t *page;
static _Atomic uint64_t last_number; /* of this process or those it was forked from */
static _Atomic uint64_t forks;       /* that were told */

static void make_page(void)
{
#ifdef MADV_WIPEONFORK
    size_t size = (size_t)sysconf(_SC_PAGESIZE);
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        return;
    }
    if (madvise(memory, size, MADV_WIPEONFORK) != 0) {
        munmap(memory, size);
        return;
    }
    page = memory;
#endif
}

static uint64_t number(void)
{
    pthread_once(&once, make_page);
    uint64_t found = page == NULL ? 1 : atomic_load(page);
    if (found == 0) {
        uint64_t next = atomic_fetch_add(&last_number, 1) + 1;
        found = atomic_compare_exchange_strong(page, &found, next) ? next : found;
    }
    return found;
}

oktai_process oktai_process_now(void)
{
    uint64_t known = number();
    return page != NULL ? (oktai_process){0, known} : (oktai_process){getpid(), atomic_load(&forks)};
}

bool oktai_process_is_another(const oktai_process *process)
{
    oktai_process now = oktai_process_now();
    return now.pid != process->pid || now.generation != process->generation;
}

void oktai_process_forked(void)
{
    atomic_fetch_add(&forks, 1);
}
