/* SPDX-License-Identifier: Apache-2.0 */
#include "passphrase.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "common/text.h"

/* What a signal handler needs to put the terminal back. */
static struct termios saved_terminal;
static int terminal = -1;

static const int deadly[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
#define DEADLY_COUNT (sizeof deadly / sizeof deadly[0])

/* The default action follows: SA_RESETHAND has put it back, and the signal is unblocked on return. */
static void restore_and_die(int number)
{
    (void)tcsetattr(terminal, TCSAFLUSH, &saved_terminal);
    (void)raise(number);
}

typedef struct prompt_state {
    struct sigaction actions[DEADLY_COUNT];
    sigset_t mask;
} prompt_state;

static void catch_signals(prompt_state *state)
{
    /* Stopping the program with the echo off would leave the shell without it. */
    sigset_t stop;
    (void)sigemptyset(&stop);
    (void)sigaddset(&stop, SIGTSTP);
    (void)sigprocmask(SIG_BLOCK, &stop, &state->mask);
    struct sigaction action = {.sa_handler = restore_and_die};
    action.sa_flags = (int)SA_RESETHAND;
    (void)sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < DEADLY_COUNT; i++) {
        (void)sigaction(deadly[i], NULL, &state->actions[i]);
        /* A signal that is ignored, as under nohup, stays ignored. */
        if (state->actions[i].sa_handler != SIG_IGN) {
            (void)sigaction(deadly[i], &action, NULL);
        }
    }
}

static void release_signals(const prompt_state *state)
{
    for (size_t i = 0; i < DEADLY_COUNT; i++) {
        (void)sigaction(deadly[i], &state->actions[i], NULL);
    }
    (void)sigprocmask(SIG_SETMASK, &state->mask, NULL);
}

/* The name of a file may hold anything. */
static bool prompt(const char *file)
{
    FILE *screen = fopen("/dev/tty", "w");
    if (screen == NULL) {
        return false;
    }
    (void)fputs("Passphrase of ", screen);
    text_print(screen, file);
    (void)fputs(": ", screen);
    return fclose(screen) == 0;
}

/* Read up to the newline. -1: the line does not fit, the terminal is gone, or it was closed with no line. */
static int read_line(char *buffer, size_t capacity)
{
    size_t length = 0;
    for (;;) {
        char byte = 0;
        ssize_t got = read(terminal, &byte, 1);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got == 1 && byte == '\n') {
            return (int)length;
        }
        if (got != 1 || length == capacity) {
            return -1;
        }
        buffer[length++] = byte;
    }
}

static int ask(const char *file, char *buffer, size_t capacity)
{
    prompt_state state;
    struct termios silent;
    terminal = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (terminal < 0 || tcgetattr(terminal, &saved_terminal) != 0) {
        return -1;
    }
    silent = saved_terminal;
    silent.c_lflag = (silent.c_lflag & ~(tcflag_t)(ECHO | ECHOE | ECHOK)) | ECHONL | ICANON;
    catch_signals(&state);
    int length = -1;
    if (tcsetattr(terminal, TCSAFLUSH, &silent) == 0) {
        length = prompt(file) ? read_line(buffer, capacity) : -1;
        (void)tcsetattr(terminal, TCSAFLUSH, &saved_terminal);
    }
    release_signals(&state);
    (void)close(terminal);
    terminal = -1;
    return length;
}

int passphrase_get(void *ctx, char *buffer, size_t capacity)
{
    passphrase_source *source = ctx;
    const char *given = getenv(PASSPHRASE_VARIABLE);
    if (given != NULL) {
        size_t length = strlen(given);
        if (length > capacity) {
            return -1;
        }
        memcpy(buffer, given, length);
        return (int)length;
    }
    if (!source->may_ask || isatty(STDIN_FILENO) == 0) {
        source->missing = true;
        return -1;
    }
    int length = ask(source->file, buffer, capacity);
    source->missing = length < 0;
    return length;
}
