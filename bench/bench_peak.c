/* SPDX-License-Identifier: Apache-2.0 */
#include "bench_peak.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void read_kib(const char *line, const char *name, long *out)
{
    size_t length = strlen(name);
    if (strncmp(line, name, length) == 0) {
        *out = strtol(line + length, NULL, 10);
    }
}

long bench_peak_kib(void)
{
    char line[256];
    long peak = -1, file = -1;
    FILE *status = fopen("/proc/self/status", "r");
    while (status != NULL && fgets(line, sizeof line, status) != NULL) {
        read_kib(line, "VmHWM:", &peak);
        read_kib(line, "RssFile:", &file);
    }
    if (status != NULL) {
        fclose(status);
    }
    return peak >= 0 && file >= 0 ? peak - file : -1;
}
