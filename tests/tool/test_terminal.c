/* SPDX-License-Identifier: Apache-2.0 */
/* What a terminal gets to see, and the passphrase that is asked for on one. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "test_groups.h"
#include "tool_world.h"

#define SCREEN_MAX  8192u
#define PATIENCE_MS 60000
#define PASSPHRASE  "open sesame"

static void escapes_control_characters_in_tables(void **state)
{
    tool_world *world = *state;
    assert_true(mock_org_put(world->org, APP, "jwks",
                             "{\"id\":\"pks1\",\"kid\":\"a\\u001b]0;x\\u0007\\u009b\\u202e\\u007f\\n\\t\\r\","
                             "\"status\":\"ACTIVE\"}"));
    assert_true(
        mock_org_put(world->org, APP, "jwks", "{\"id\":\"pks2\",\"kid\":\"b\",\"status\":\"\\u001bX\"}"));
    RUN(world, "list", APP);
    assert_exit(world, 0);
    assert_out(world, "ID    KID                                      KTY  USE  ALG  STATUS  CREATED\n"
                      "pks1  a\\x1b]0;x\\x07\\x9b\\u202e\\x7f\\x0a\\x09\\x0d  -    -    -    ACTIVE  -\n"
                      "pks2  b                                        -    -    -    \\x1bX   -\n");
    RUN(world, "get", APP, "pks1");
    assert_exit(world, 0);
    assert_out_has(world, "\nKID           a\\x1b]0;x\\x07\\x9b\\u202e\\x7f\\x0a\\x09\\x0d\n");
}

static void counts_characters_of_every_length(void **state)
{
    tool_world *world = *state;
    assert_true(mock_org_put(world->org, APP, "jwks",
                             "{\"id\":\"1\",\"kid\":\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x94\x91x\"}"));
    assert_true(mock_org_put(world->org, APP, "jwks", "{\"id\":\"2\",\"kid\":\"12345\"}"));
    RUN(world, "list", APP);
    assert_exit(world, 0);
    assert_out(world, "ID  KID    KTY  USE  ALG  STATUS  CREATED\n"
                      "1   \xc3\xa9\xe2\x82\xac\xf0\x9f\x94\x91x   -    -    -    -       -\n"
                      "2   12345  -    -    -    -       -\n");
}

/* A program whose standard input, output and controlling terminal is one pseudo-terminal. */
typedef struct pty {
    int fd;       /* the person's side */
    int keyboard; /* the program's side, held open to look at its modes */
    pid_t child;
    char screen[SCREEN_MAX];
    size_t length;
} pty;

/* A machine may lack pseudo-terminals altogether: a chroot without /dev/pts. */
static void need_terminal(void)
{
    int fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) {
        puts("no pseudo-terminal is to be had");
        skip();
    }
    close(fd);
}

static void start_on_terminal(const tool_world *world, const char *const *words, pty *out)
{
    world_command command;
    world_command_fill(world, words, &command);
    *out = (pty){.fd = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)};
    assert_true(out->fd >= 0);
    assert_int_equal(grantpt(out->fd), 0);
    assert_int_equal(unlockpt(out->fd), 0);
    out->keyboard = open(ptsname(out->fd), O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(out->keyboard >= 0);
    out->child = fork();
    if (out->child == 0) {
        if (setsid() < 0 || ioctl(out->keyboard, TIOCSCTTY, 0) != 0 || dup2(out->keyboard, 0) < 0 ||
            dup2(out->keyboard, 1) < 0 || dup2(out->keyboard, 2) < 0) {
            _exit(126);
        }
        (void)execve(command.words[0], command.words, command.environment);
        _exit(127);
    }
    assert_true(out->child > 0);
}

/* Read what is shown until `text` stands there. */
static void wait_for(pty *terminal, const char *text)
{
    while (strstr(terminal->screen, text) == NULL) {
        struct pollfd ready = {.fd = terminal->fd, .events = POLLIN};
        assert_int_equal(poll(&ready, 1, PATIENCE_MS), 1);
        ssize_t got =
            read(terminal->fd, terminal->screen + terminal->length, SCREEN_MAX - 1 - terminal->length);
        if (got <= 0) {
            print_error("on the screen: %s\n", terminal->screen);
            fail_msg("the terminal shows no '%s'", text);
        }
        terminal->length += (size_t)got;
    }
}

static bool echoes(const pty *terminal)
{
    struct termios modes;
    assert_int_equal(tcgetattr(terminal->keyboard, &modes), 0);
    return (modes.c_lflag & ECHO) != 0;
}

static int end_of(pty *terminal)
{
    int status = 0;
    while (waitpid(terminal->child, &status, 0) < 0) {
        assert_int_equal(errno, EINTR);
    }
    return status;
}

static void close_terminal(const pty *terminal)
{
    (void)close(terminal->keyboard);
    (void)close(terminal->fd);
}

static void type(const pty *terminal, const char *text)
{
    assert_int_equal(write(terminal->fd, text, strlen(text)), (ssize_t)strlen(text));
}

static const char *write_locked(tool_world *world)
{
    char *pem = world_pem(PASSPHRASE);
    const char *path = world_write(world, "locked.pem", pem);
    free(pem);
    return path;
}

static void asks_for_a_passphrase_without_echo(void **state)
{
    need_terminal();
    tool_world *world = *state;
    pty terminal;
    const char *const words[] = {"add", APP, "--pem", write_locked(world), NULL};
    mock_org_forget_requests(world->org);
    start_on_terminal(world, words, &terminal);
    wait_for(&terminal, "locked.pem: ");
    assert_false(echoes(&terminal));
    type(&terminal, PASSPHRASE "\n");
    wait_for(&terminal, "LAST UPDATED");
    int status = end_of(&terminal);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_true(echoes(&terminal));
    assert_null(strstr(terminal.screen, "sesame"));
    assert_int_equal(mock_org_request_count(world->org), 1);
    close_terminal(&terminal);
}

static void refuses_a_wrong_passphrase_from_the_terminal(void **state)
{
    need_terminal();
    tool_world *world = *state;
    pty terminal;
    const char *const words[] = {"thumbprint", "--pem", write_locked(world), NULL};
    start_on_terminal(world, words, &terminal);
    wait_for(&terminal, "locked.pem: ");
    type(&terminal, "wrong\n");
    wait_for(&terminal, "okta-keys: ");
    int status = end_of(&terminal);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 2);
    assert_true(echoes(&terminal));
    close_terminal(&terminal);
}

static void puts_the_echo_back_when_a_signal_ends_it(void **state)
{
    need_terminal();
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};
    tool_world *world = *state;
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        pty terminal;
        const char *const words[] = {"thumbprint", "--pem", write_locked(world), NULL};
        start_on_terminal(world, words, &terminal);
        wait_for(&terminal, "locked.pem: ");
        assert_false(echoes(&terminal));
        if (signals[i] == SIGINT) {
            type(&terminal, "\x03");
        } else {
            assert_int_equal(kill(terminal.child, signals[i]), 0);
        }
        int status = end_of(&terminal);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == signals[i]);
        assert_true(echoes(&terminal));
        close_terminal(&terminal);
    }
}

static void asks_nobody_when_the_environment_answers(void **state)
{
    need_terminal();
    tool_world *world = *state;
    pty terminal;
    const char *const words[] = {"thumbprint", "--pem", write_locked(world), NULL};
    world->variable = "OKTA_KEYS_PASSPHRASE=" PASSPHRASE;
    start_on_terminal(world, words, &terminal);
    wait_for(&terminal, "\n");
    int status = end_of(&terminal);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_null(strstr(terminal.screen, "Passphrase"));
    close_terminal(&terminal);
}

int test_terminal_group(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(escapes_control_characters_in_tables),
        WORLD_TEST(counts_characters_of_every_length),
        WORLD_TEST(asks_for_a_passphrase_without_echo),
        WORLD_TEST(refuses_a_wrong_passphrase_from_the_terminal),
        WORLD_TEST(puts_the_echo_back_when_a_signal_ends_it),
        WORLD_TEST(asks_nobody_when_the_environment_answers),
    };
    return cmocka_run_group_tests_name("tool: terminal", tests, NULL, NULL);
}
