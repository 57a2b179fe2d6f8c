/* SPDX-License-Identifier: Apache-2.0 */
#include "process/canary_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <openssl/evp.h>

#define MIDDLE 48u /* bytes of a number that are looked for */

static void send_bytes(canary_run *run, const void *bytes, size_t length)
{
    for (size_t done = 0; done < length;) {
        ssize_t sent = write(run->input, (const char *)bytes + done, length - done);
        assert_true(sent > 0);
        done += (size_t)sent;
    }
}

static void send_frame(canary_run *run, canary_kind kind, const void *bytes, size_t length)
{
    unsigned char masked[CANARY_FRAME_MAX];
    uint32_t words[2] = {(uint32_t)kind, (uint32_t)length};
    assert_true(length <= sizeof masked);
    for (size_t i = 0; i < length; i++) {
        masked[i] = (unsigned char)(((const unsigned char *)bytes)[i] ^ CANARY_MASK);
    }
    send_bytes(run, words, sizeof words);
    send_bytes(run, masked, length);
}

/* What it prints up to a line that begins with `last`. */
static void read_until(canary_run *run, const char *last)
{
    char line[8192];
    do {
        if (fgets(line, sizeof line, run->output) == NULL) {
            fail_msg("the program ended early; it said: %s", run->text);
        }
        size_t length = strlen(line);
        assert_true(run->length + length < CANARY_TEXT_MAX);
        memcpy(run->text + run->length, line, length + 1);
        run->length += length;
    } while (strncmp(line, last, strlen(last)) != 0);
}

static void start_program(canary_run *run, const char *const arguments[])
{
    int to[2];
    int from[2];
    assert_int_equal(pipe(to), 0);
    assert_int_equal(pipe(from), 0);
    run->pid = fork();
    assert_true(run->pid >= 0);
    if (run->pid == 0) {
        dup2(to[0], STDIN_FILENO);
        dup2(from[1], STDOUT_FILENO);
        dup2(from[1], STDERR_FILENO);
        close(to[1]);
        close(from[0]);
        execl(arguments[0], arguments[0], arguments[1], arguments[2], arguments[3], (char *)NULL);
        _exit(127);
    }
    close(to[0]);
    close(from[1]);
    run->input = to[1];
    run->output = fdopen(from[0], "r");
    assert_non_null(run->output);
}

void canary_start(canary_run *run, const char *mode, const char *org_url, const char *ca_file,
                  const char *const settings[CANARY_SETTINGS])
{
    *run = (canary_run){.text = calloc(1, CANARY_TEXT_MAX)};
    assert_non_null(run->text);
    const char *const arguments[] = {CANARY_PROGRAM, mode, org_url, ca_file};
    start_program(run, arguments);
    for (unsigned kind = 0; kind < CANARY_SETTINGS; kind++) {
        send_frame(run, (canary_kind)kind, settings[kind], strlen(settings[kind]));
    }
    send_frame(run, CANARY_GO, "", 0);
    read_until(run, "done\n");
}

static canary_find *begin_find(canary_run *run, const char *name)
{
    assert_true(run->find_count < CANARY_FINDS_MAX);
    canary_find *find = &run->finds[run->find_count++];
    *find = (canary_find){.name = name, .first_needle = run->needles};
    return find;
}

static void add_needle(canary_run *run, canary_find *find, const void *bytes)
{
    send_frame(run, CANARY_NEEDLE_FRAME, bytes, CANARY_NEEDLE);
    find->needles++;
    run->needles++;
}

/* As it stands in base64 behind any number of other bytes, in both alphabets. */
static void add_base64(canary_run *run, canary_find *find, const unsigned char *bytes, size_t length)
{
    for (size_t at = 0; at < 3 && at + 9 <= length; at++) {
        unsigned char text[CANARY_NEEDLE + 1];
        EVP_EncodeBlock(text, bytes + at, 9);
        add_needle(run, find, text);
        if (strpbrk((char *)text, "+/") == NULL) {
            continue;
        }
        for (size_t i = 0; i < CANARY_NEEDLE; i++) {
            text[i] = (unsigned char)(text[i] == '+' ? '-' : text[i] == '/' ? '_' : text[i]);
        }
        add_needle(run, find, text);
    }
}

static void add_parts(canary_run *run, canary_find *find, const unsigned char *bytes, size_t length)
{
    assert_true(length >= CANARY_NEEDLE);
    for (size_t at = 0; at + CANARY_NEEDLE <= length; at += CANARY_NEEDLE) {
        add_needle(run, find, bytes + at);
        add_base64(run, find, bytes + at, length - at);
    }
    add_needle(run, find, bytes + length - CANARY_NEEDLE);
}

void canary_look_for_text(canary_run *run, const char *name, const char *text)
{
    add_parts(run, begin_find(run, name), (const unsigned char *)text, strlen(text));
}

void canary_look_for_number(canary_run *run, const char *name, const unsigned char *bytes, size_t length)
{
    unsigned char middle[MIDDLE];
    unsigned char backwards[MIDDLE];
    size_t size = length < MIDDLE ? length : MIDDLE;
    canary_find *find = begin_find(run, name);
    memcpy(middle, bytes + (length - size) / 2, size);
    for (size_t i = 0; i < size; i++) {
        backwards[i] = middle[size - 1 - i];
    }
    add_parts(run, find, middle, size);
    add_parts(run, find, backwards, size);
}

void canary_finish(canary_run *run)
{
    int status = -1;
    size_t before = run->length;
    send_frame(run, CANARY_SCAN, "", 0);
    read_until(run, "scanned ");
    close(run->input);
    run->input = -1;
    assert_int_equal(waitpid(run->pid, &status, 0), run->pid);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    for (const char *line = run->text + before; line[0] != '\0'; line = strchr(line, '\n') + 1) {
        char *rest;
        if (strncmp(line, "scanned ", 8) == 0) {
            run->scanned = strtoul(line + 8, NULL, 10);
            continue;
        }
        assert_int_equal(strncmp(line, "hits ", 5), 0);
        size_t needle = strtoul(line + 5, &rest, 10);
        for (size_t i = 0; i < run->find_count; i++) {
            canary_find *find = &run->finds[i];
            bool mine = needle >= find->first_needle && needle - find->first_needle < find->needles;
            find->hits += mine ? strtoul(rest, NULL, 10) : 0;
        }
    }
    run->length = before;
    run->text[before] = '\0';
}

size_t canary_hits(const canary_run *run, const char *name)
{
    size_t hits = 0;
    bool known = false;
    for (size_t i = 0; i < run->find_count; i++) {
        if (strcmp(run->finds[i].name, name) == 0) {
            hits += run->finds[i].hits;
            known = true;
        }
    }
    if (!known) {
        fail_msg("nobody looked for a %s", name);
    }
    return hits;
}

void canary_free(canary_run *run)
{
    if (run->input > 0) {
        close(run->input);
        waitpid(run->pid, NULL, 0);
    }
    if (run->output != NULL) {
        fclose(run->output);
    }
    free(run->text);
    *run = (canary_run){0};
}
