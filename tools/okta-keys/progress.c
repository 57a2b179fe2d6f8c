/* SPDX-License-Identifier: Apache-2.0 */
#include "progress.h"

#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

#include "common/now.h"

#define BETWEEN_MS 100

/* How many characters the line at hand has; 0: there is none. */
static int shown;
static int64_t shown_ms;
static progress_line line = LINE_IS_ENDED;

void progress_show(const char *doing, size_t ended, size_t of, size_t failed)
{
    int64_t now = now_steady_ms();
    if (isatty(STDERR_FILENO) != 1 || (shown > 0 && now - shown_ms < BETWEEN_MS)) {
        return;
    }
    progress_clear();
    int width = fprintf(stderr, "%s: %zu of %zu", doing, ended, of);
    width += failed == 0 ? 0 : fprintf(stderr, ", %zu failed", failed);
    (void)fflush(stderr);
    shown = width > 0 ? width : 0;
    shown_ms = now;
}

/* Spaces, because not every terminal knows how to erase. */
void progress_clear(void)
{
    if (shown > 0) {
        (void)fprintf(stderr, "\r%*s\r", shown, "");
        (void)fflush(stderr);
        shown = 0;
    }
    if (line == LINE_IS_OPEN && isatty(STDOUT_FILENO) == 1) {
        (void)putchar('\n');
        (void)fflush(stdout);
        line = LINE_IS_ENDED;
    }
}

void progress_set_line(progress_line now)
{
    line = now;
}
