/* SPDX-License-Identifier: Apache-2.0 */
/* okta-replay as a person runs it, on recordings that a test makes up. */
#ifndef OKTA_TESTS_REPLAY_WORLD_H
#define OKTA_TESTS_REPLAY_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka.h needs those before it. */
#include <cmocka.h>

#include "examples/run_program.h"

/* One line of a recording: method, path, then query, request body, status, headers and answer as JSON. */
#define LINE_WITH(method, path, query, request, status, headers, answer)                                     \
    "{\"method\":\"" method "\",\"path\":\"" path "\",\"query\":" query ",\"request_body\":" request         \
    ",\"status\":" status ",\"response_headers\":" headers ",\"response_body\":" answer "}\n"
#define JSON_HEADERS "{\"content-type\":[\"application/json\"]}"
#define LINE(method, path, query, request, status, answer)                                                   \
    LINE_WITH(method, path, query, request, status, JSON_HEADERS, answer)
#define GET_LINE(path, answer) LINE("GET", path, "null", "null", "200", answer)

/* The value of members that nobody may see. */
#define CANARY "canary-5f7c"

typedef struct replay_world {
    char folder[64];
    char file[96]; /* the recording */
    run_result result;
} replay_world;

/* The path of the tool. */
extern const char *replay_tool;

int replay_begin(void **state);
int replay_end(void **state);

/* Write the recording. */
void replay_write(replay_world *world, const char *text, size_t length);

/* Run the tool on it with one option, nullable. The canary is in nothing that it prints. */
void replay_run_tool(replay_world *world, const char *option);
/* The same with these words, up to NULL, and nothing else. */
void replay_run_words(replay_world *world, const char *const *words);

/* What was printed has that text, or has it not. */
void replay_expect(const char *label, const char *text, const char *part);
void replay_expect_not(const char *label, const char *text, const char *part);

#endif
