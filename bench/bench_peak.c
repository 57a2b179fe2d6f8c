/* SPDX-License-Identifier: Apache-2.0 */
#include "bench_peak.h"

#include <stdio.h>

long bench_peak_kib(void)
{
    char line[256];
    long peak = -1, file = -1;
    FILE *status = fopen("/proc/self/status", "r");
    while (status != NULL && fgets(line, sizeof line, status) != NULL) {
        sscanf(line, "VmHWM: %ld", &peak);
        sscanf(line, "RssFile: %ld", &file);
    }
    if (status != NULL) {
        fclose(status);
    }
    return peak >= 0 && file >= 0 ? peak - file : -1;
}
