/* SPDX-License-Identifier: Apache-2.0 */
/* The test's end of canary_program: starts it, tells it secrets, and asks what is left of them. */
#ifndef OKTA_TESTS_PROCESS_CANARY_WORLD_H
#define OKTA_TESTS_PROCESS_CANARY_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

#include "process/canary_scan.h"
#include "process/canary_wire.h"

#define CANARY_FINDS_MAX 128u
#define CANARY_TEXT_MAX  ((size_t)1 << 20)

/* One secret, and what was found of it. */
typedef struct canary_find {
    const char *name;
    size_t first_needle;
    size_t needles;
    size_t hits;
} canary_find;

typedef struct canary_run {
    pid_t pid;
    int input;
    FILE *output;
    char *text; /* all that it printed until "done" */
    size_t length;
    canary_find finds[CANARY_FINDS_MAX];
    size_t find_count;
    size_t needles;
    size_t scanned;
} canary_run;

/* Run it; `settings` has a text for each kind of setting. Comes back when all is released. */
void canary_start(canary_run *run, const char *mode, const char *org_url, const char *ca_file,
                  const char *const settings[CANARY_SETTINGS]);

/* Look for a secret: each part of a text, or the middle of a number in both orders; as it is, and in base64.
 */
void canary_look_for_text(canary_run *run, const char *name, const char *text);
void canary_look_for_number(canary_run *run, const char *name, const unsigned char *bytes, size_t length);

/* Search, and read what was found. */
void canary_finish(canary_run *run);

/* Of all secrets of this name. */
size_t canary_hits(const canary_run *run, const char *name);

void canary_free(canary_run *run);

#endif
