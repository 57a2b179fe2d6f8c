/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/frees.h"

void __real_free(void *memory);
void __wrap_free(void *memory);

static struct {
    const char *memory; /* NULL once it is freed */
    size_t size;
    bool freed;
    bool dirty;
} watched;

void frees_watch(const void *memory, size_t size)
{
    watched.memory = memory;
    watched.size = size;
    watched.freed = false;
    watched.dirty = false;
}

bool frees_happened(void)
{
    return watched.freed;
}

bool frees_were_clean(void)
{
    return watched.freed && !watched.dirty;
}

void __wrap_free(void *memory)
{
    if (memory != NULL && memory == watched.memory) {
        for (size_t i = 0; i < watched.size; i++) {
            watched.dirty = watched.dirty || watched.memory[i] != 0;
        }
        watched.memory = NULL;
        watched.freed = true;
    }
    __real_free(memory);
}
