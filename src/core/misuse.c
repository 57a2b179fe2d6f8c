/* SPDX-License-Identifier: Apache-2.0 */
#include "core/misuse.h"

#include <link.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* 2 MiB that are touched only where there are roots. */
#define SLOTS ((size_t)1 << 18)

/* An open hash table with linear probing: 0, the address of a living root, or the address of one that lives
 * no longer with its lowest bit set. A slot in use never becomes 0 again, so that a look-up finds what it
 * looks for ahead of the first 0. There is no lock that a fork could leave held. */
static atomic_uintptr_t slots[SLOTS];
/* There were more roots than slots: from then on every pointer passes. */
static atomic_bool overflowed;

#define GONE ((uintptr_t)1)

static size_t home(uintptr_t address)
{
    uint64_t mixed = (uint64_t)(address >> 4) * UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)(mixed >> 32) % SLOTS;
}

void oktai_live_add(const void *object)
{
    uintptr_t address = (uintptr_t)object;
    size_t at = home(address);
    for (size_t i = 0; i < SLOTS; i++, at = (at + 1) % SLOTS) {
        uintptr_t seen = atomic_load(&slots[at]);
        if ((seen == 0 || (seen & GONE) != 0) && atomic_compare_exchange_strong(&slots[at], &seen, address)) {
            return;
        }
    }
    atomic_store(&overflowed, true);
}

/* NULL: it is nowhere. */
static atomic_uintptr_t *find(uintptr_t value)
{
    size_t at = home(value & ~GONE);
    for (size_t i = 0; i < SLOTS; i++, at = (at + 1) % SLOTS) {
        uintptr_t seen = atomic_load(&slots[at]);
        if (seen == value) {
            return &slots[at];
        }
        if (seen == 0) {
            return NULL;
        }
    }
    return NULL;
}

void oktai_live_remove(const void *object)
{
    uintptr_t address = (uintptr_t)object;
    atomic_uintptr_t *slot = find(address);
    if (slot != NULL && atomic_compare_exchange_strong(slot, &address, address | GONE)) {
        return;
    }
    if (!atomic_load(&overflowed)) {
        oktai_refuse_pointer("okta_free", object, false);
    }
}

bool oktai_live_has(const void *object)
{
    uintptr_t address = (uintptr_t)object;
    return ((address & GONE) == 0 && find(address) != NULL) || atomic_load(&overflowed);
}

const void *oktai_live_next(size_t *cursor)
{
    while (*cursor < SLOTS) {
        uintptr_t seen = atomic_load(&slots[(*cursor)++]);
        if (seen != 0 && (seen & GONE) == 0) {
            return (const void *)seen;
        }
    }
    return NULL;
}

typedef struct range {
    uintptr_t begin;
    uintptr_t end;
    bool found;
} range;

static int look_into_module(struct dl_phdr_info *module, size_t size, void *context)
{
    range *wanted = context;
    (void)size;
    for (size_t i = 0; i < module->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &module->dlpi_phdr[i];
        uintptr_t begin = (uintptr_t)(module->dlpi_addr + segment->p_vaddr);
        if (segment->p_type == PT_LOAD && (segment->p_flags & PF_R) != 0 && wanted->begin >= begin &&
            wanted->end <= begin + segment->p_memsz) {
            wanted->found = true;
        }
    }
    return wanted->found;
}

bool oktai_is_static_memory(const void *memory, size_t size)
{
    range wanted = {(uintptr_t)memory, (uintptr_t)memory + size, false};
    if (wanted.end >= wanted.begin) {
        dl_iterate_phdr(look_into_module, &wanted);
    }
    return wanted.found;
}

static bool is_on_stack(const void *memory)
{
    pthread_attr_t attributes;
    void *lowest = NULL;
    size_t size = 0;
    if (pthread_getattr_np(pthread_self(), &attributes) != 0) {
        return false;
    }
    bool known = pthread_attr_getstack(&attributes, &lowest, &size) == 0;
    pthread_attr_destroy(&attributes);
    return known && (uintptr_t)memory >= (uintptr_t)lowest && (uintptr_t)memory - (uintptr_t)lowest < size;
}

void oktai_refuse_pointer(const char *function, const void *object, bool is_part)
{
    const char *what = "is not from the library";
    if (find((uintptr_t)object | GONE) != NULL) {
        what = "was released before";
    } else if (is_part) {
        what = "is a part of an object, such as an element of a list, and goes with it";
    } else if (is_on_stack(object)) {
        what = "is on the stack, and not from the library";
    } else if (oktai_is_static_memory(object, 1)) {
        what = "is a variable of the program, and not from the library";
    }
    oktai_misuse("%s(): %p %s", function, object, what);
}

void oktai_misuse(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("libokta: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    abort();
}
