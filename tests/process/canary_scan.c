/* SPDX-License-Identifier: Apache-2.0 */
#include "process/canary_scan.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define NONE     UINT16_MAX
#define MAPS_MAX ((size_t)256 * 1024)

static struct {
    unsigned char masked[CANARY_NEEDLE];
    uint16_t next; /* with the same first byte; NONE: the last */
    size_t hits;
} needles[CANARY_NEEDLES_MAX];
static size_t needle_count;

bool canary_scan_add(const unsigned char *masked)
{
    if (needle_count == CANARY_NEEDLES_MAX) {
        return false;
    }
    memcpy(needles[needle_count++].masked, masked, CANARY_NEEDLE);
    return true;
}

size_t canary_scan_hits(size_t needle)
{
    return needles[needle].hits;
}

size_t canary_scan_count(void)
{
    return needle_count;
}

/* By the first byte, as it stands in memory. */
static void chain_up(uint16_t heads[256])
{
    for (size_t i = 0; i < 256; i++) {
        heads[i] = NONE;
    }
    for (size_t i = 0; i < needle_count; i++) {
        unsigned char first = (unsigned char)(needles[i].masked[0] ^ CANARY_MASK);
        needles[i].next = heads[first];
        heads[first] = (uint16_t)i;
    }
}

static bool is_needle(const volatile unsigned char *at, const unsigned char *masked)
{
    size_t same = 0;
    while (same < CANARY_NEEDLE && (at[same] ^ CANARY_MASK) == masked[same]) {
        same++;
    }
    return same == CANARY_NEEDLE;
}

static void scan(const volatile unsigned char *memory, size_t size, const uint16_t heads[256])
{
    for (size_t i = 0; i + CANARY_NEEDLE <= size; i++) {
        for (uint16_t k = heads[memory[i]]; k != NONE; k = needles[k].next) {
            needles[k].hits += is_needle(memory + i, needles[k].masked);
        }
    }
}

/* The lines of the map; 0: it cannot be read, or there is more. Read without stdio, which would allocate. */
static size_t read_maps(char *maps)
{
    size_t length = 0;
    ssize_t got = 1;
    int file = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    while (got > 0 && length < MAPS_MAX - 1) {
        got = read(file, maps + length, MAPS_MAX - 1 - length);
        length += got > 0 ? (size_t)got : 0;
    }
    maps[length] = '\0';
    close(file);
    return got == 0 ? length : 0;
}

size_t canary_scan_run(void)
{
    static char maps[MAPS_MAX];
    uint16_t heads[256];
    size_t scanned = 0;
    chain_up(heads);
    const char *end = maps + read_maps(maps);
    for (const char *line = maps; line < end; line = strchr(line, '\n') + 1) {
        char *rest;
        uintptr_t from = (uintptr_t)strtoull(line, &rest, 16);
        uintptr_t to = (uintptr_t)strtoull(rest + 1, &rest, 16);
        if (strncmp(rest, " rw", 3) == 0) {
            /* The map says that there is memory at this number. */
            scan((const volatile unsigned char *)from, to - from,
                 heads); /* NOLINT(performance-no-int-to-ptr) */
            scanned += to - from;
        }
    }
    return scanned;
}
