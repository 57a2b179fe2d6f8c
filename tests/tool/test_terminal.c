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

/* Unicode's Cc, Cf, Zl, Zp and Default_Ignorable_Code_Point, and neighbours that are none of them. */
static void escapes_what_nobody_sees_in_tables(void **state)
{
    static const struct {
        const char *sent, *shown;
    } cases[] = {
        {"\\u0080", "\\x80"},
        {"\\u00a0", "\xc2\xa0"},
        {"\\u00ad", "\\xad"},
        {"\\u00ae", "\xc2\xae"},
        {"\\u034f", "\\u034f"},
        {"\\u061c", "\\u061c"},
        {"\\u115f", "\\u115f"},
        {"\\u17b5", "\\u17b5"},
        {"\\u180e", "\\u180e"},
        {"\\u200a", "\xe2\x80\x8a"},
        {"\\u200b", "\\u200b"},
        {"\\u200d", "\\u200d"},
        {"\\u200f", "\\u200f"},
        {"\\u2010", "\xe2\x80\x90"},
        {"\\u2027", "\xe2\x80\xa7"},
        {"\\u2028", "\\u2028"},
        {"\\u2029", "\\u2029"},
        {"\\u202a", "\\u202a"},
        {"\\u202e", "\\u202e"},
        {"\\u202f", "\xe2\x80\xaf"},
        {"\\u205f", "\xe2\x81\x9f"},
        {"\\u2060", "\\u2060"},
        {"\\u2064", "\\u2064"},
        {"\\u2066", "\\u2066"},
        {"\\u2069", "\\u2069"},
        {"\\u206f", "\\u206f"},
        {"\\u2070", "\xe2\x81\xb0"},
        {"\\u3164", "\\u3164"},
        {"\\ufe00", "\\ufe00"},
        {"\\ufe0f", "\\ufe0f"},
        {"\\ufe10", "\xef\xb8\x90"},
        {"\\ufeff", "\\ufeff"},
        {"\\uffa0", "\\uffa0"},
        {"\\ufffb", "\\ufffb"},
        {"\\ufffd", "\xef\xbf\xbd"},
        {"\\ud80d\\udc30", "\\U00013430"},
        {"\\ud834\\udd73", "\\U0001d173"},
        {"\\ud83d\\udd11", "\xf0\x9f\x94\x91"},
        {"\\udb40\\udc01", "\\U000e0001"},
        {"\\udb40\\udc7f", "\\U000e007f"},
        {"\\udb43\\udfff", "\\U000e0fff"},
        {"\\udb44\\udc00", "\xf3\xa1\x80\x80"},
    };
    tool_world *world = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char id[16];
        char text[128];
        (void)snprintf(id, sizeof id, "pks%zu", i);
        (void)snprintf(text, sizeof text, "{\"id\":\"%s\",\"kid\":\"a%sb\"}", id, cases[i].sent);
        assert_true(mock_org_put(world->org, APP, "jwks", text));
        RUN(world, "get", APP, id);
        assert_exit(world, 0);
        (void)snprintf(text, sizeof text, "\nKID           a%sb\n", cases[i].shown);
        assert_out_has(world, text);
    }
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

/* What the tool shows a person whom it asks nothing. */
static void show(const tool_world *world, const char *const *words, const char *last, pty *out)
{
    start_on_terminal(world, words, out);
    wait_for(out, last);
    int status = end_of(out);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    close_terminal(out);
}

/* What a terminal acts on or does not show: OSC, CSI of one character, DEL, an override, its end, a tag. */
#define RAW                                                                                                  \
    "\x1b]0;x\x07 \xc2\x9b"                                                                                  \
    "2J \x7f\xe2\x80\xae\xe2\x80\xac\xf3\xa0\x81\x81"
#define ESCAPED "\\u001b]0;x\\u0007 \\u009b2J \\u007f\\u202e\\u202c\\udb40\\udc41"

static void expect_nothing_raw(const pty *terminal)
{
    static const char *const parts[] = {"\x1b", "\x07", "\xc2\x9b", "\x7f", "\xe2\x80", "\xf3\xa0\x81\x81"};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        assert_lacks(terminal->screen, parts[i]);
    }
}

static void escapes_an_answer_on_a_terminal_and_nowhere_else(void **state)
{
    static const struct {
        const char *type, *body, *shown;
    } cases[] = {
        {"text/plain", RAW "\n\t\xff\r\nend", ESCAPED "\r\n\t\\xff\r\nend\r\n"},
        {"text/plain", "\xc3\xa9\xf0\x9f\x94\x91 \xf3\xa0\x81",
         "\xc3\xa9\xf0\x9f\x94\x91 \\xf3\\xa0\\x81\r\n"},
        {"application/json", "{\"a\":\"\xc2\x9b\x7f\xe2\x80\xae\xe2\x80\xac\xf3\xa0\x81\x81\"}",
         "{\"a\":\"\\u009b\\u007f\\u202e\\u202c\\udb40\\udc41\"}\r\n"},
    };
    static const char *const words[] = {"request", "GET", "/api/v1/anything", NULL};
    tool_world *world = *state;
    need_terminal();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        pty terminal;
        char plain[128];
        mock_fault fault = {.status = 200, .times = 2, .content_type = cases[i].type, .body = cases[i].body};
        assert_true(mock_org_fail_next(world->org, &fault));
        show(world, words, cases[i].shown, &terminal);
        expect_nothing_raw(&terminal);
        world_run(world, words);
        assert_exit(world, 0);
        (void)snprintf(plain, sizeof plain, "%s\n", cases[i].body);
        assert_out(world, plain);
    }
}

/* Of models, of a list and of pages, with the escapes of JSON: it stays the same JSON. */
static void escapes_json_on_a_terminal_and_nowhere_else(void **state)
{
#define KEY "{\"id\":\"pks1\",\"kid\":\"\xc2\x9b\x7f\xe2\x80\xae\xe2\x80\xac\xf3\xa0\x81\x81\""
    static const char shown[] = "\"kid\":\"\\u009b\\u007f\\u202e\\u202c\\udb40\\udc41\"";
    static const char *const lines[][6] = {
        {"get", APP, "pks1", "--json", NULL},
        {"list", APP, "--json", NULL},
        {"request", "GET", KEYS, "--all-pages", NULL},
    };
    tool_world *world = *state;
    need_terminal();
    assert_true(mock_org_put(world->org, APP, "jwks", KEY "}"));
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        pty terminal;
        show(world, lines[i], "\n", &terminal);
        assert_non_null(strstr(terminal.screen, shown));
        expect_nothing_raw(&terminal);
        world_run(world, lines[i]);
        assert_exit(world, 0);
        assert_out_has(world, KEY);
    }
#undef KEY
}

static const char *write_locked_as(tool_world *world, const char *name)
{
    char *pem = world_pem(PASSPHRASE);
    const char *path = world_write(world, name, pem);
    free(pem);
    return path;
}

static const char *write_locked(tool_world *world)
{
    return write_locked_as(world, "locked.pem");
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

static void asks_for_the_passphrase_of_a_file_with_a_hostile_name(void **state)
{
    need_terminal();
    tool_world *world = *state;
    pty terminal;
    const char *const words[] = {"thumbprint", "--pem", write_locked_as(world, "a" RAW "b"), NULL};
    start_on_terminal(world, words, &terminal);
    wait_for(&terminal, "/a\\x1b]0;x\\x07 \\x9b2J \\x7f\\u202e\\u202c\\U000e0041b: ");
    type(&terminal, PASSPHRASE "\n");
    int status = end_of(&terminal);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    expect_nothing_raw(&terminal);
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

/* What stands on the screen in the end, in place: a carriage return goes back to the start of its line.
 * Blanks at the ends of lines are left out. */
static void settle_screen(pty *terminal)
{
    char *line = terminal->screen;
    size_t at = 0;
    size_t width = 0;
    for (const char *in = terminal->screen; *in != '\0'; in++) {
        if (*in == '\r') {
            at = 0;
        } else if (*in != '\n') {
            line[at++] = *in;
            width = at > width ? at : width;
        } else {
            while (width > 0 && line[width - 1] == ' ') {
                width--;
            }
            line += width;
            *line++ = '\n';
            at = width = 0;
        }
    }
    line[width] = '\0';
}

/* The line tells how far it is, goes away for what is printed, and is nowhere but on a terminal. */
static void shows_how_far_it_is_on_a_terminal(void **state)
{
    need_terminal();
    static const char listed[] = APP ":\nno keys\n\n" MOCK_SERVICE_APP ":\nno keys\n";
    static const char *const words[] = {"list", APP, MOCK_SERVICE_APP, NULL};
    tool_world *world = *state;
    pty terminal;
    show(world, words, "okta-keys: 2 done\r\n", &terminal);
    assert_non_null(strstr(terminal.screen, "listing keys: 0 of 2"));
    settle_screen(&terminal);
    assert_int_equal(strncmp(terminal.screen, listed, strlen(listed)), 0);
    assert_string_equal(terminal.screen + strlen(listed), "okta-keys: 2 done\n");
    world_run(world, words);
    assert_exit(world, 0);
    assert_out(world, listed);
    assert_err(world, "okta-keys: 2 done\n");
}

/* The line that tells how far it is must not stand where an element of the array does. */
static void keeps_json_whole_on_a_terminal(void **state)
{
    static const char *const words[] = {"list", APP, MOCK_SERVICE_APP, "--json", "--concurrency", "1", NULL};
    need_terminal();
    tool_world *world = *state;
    pty terminal;
    show(world, words, "okta-keys: 2 done\r\n", &terminal);
    assert_non_null(strstr(terminal.screen, "listing keys: 1 of 2"));
    settle_screen(&terminal);
    assert_string_equal(terminal.screen, "[{\"app\":\"" APP "\",\"keys\":[]},\n{\"app\":\"" MOCK_SERVICE_APP
                                         "\",\"keys\":[]}]\nokta-keys: 2 done\n");
}

/* What --verbose tells while an array is printed begins a line, and the array stays the same JSON. */
static void begins_a_line_for_what_it_tells_on_a_terminal(void **state)
{
    static const char *const words[] = {"request", "GET", KEYS, "--all-pages", "--verbose", NULL};
    mock_org_options options = {.page_size = 1};
    need_terminal();
    tool_world *world = *state;
    pty terminal;
    world_restart(world, &options);
    assert_true(mock_org_put(world->org, APP, "jwks", "{\"id\":\"pks1\"}"));
    assert_true(mock_org_put(world->org, APP, "jwks", "{\"id\":\"pks2\"}"));
    show(world, words, "]\r\n", &terminal);
    assert_non_null(strstr(terminal.screen, "[{\"id\":\"pks1\"}\r\nokta-keys: "));
    assert_non_null(strstr(terminal.screen, "\r\n,\r\n{\"id\":\"pks2\"}"));
    assert_int_equal(world_count(terminal.screen, "okta-keys: "),
                     world_count(terminal.screen, "\nokta-keys: ") + 1);
}

/* A file that wants another key than the app has, its changes, and the question behind them. */
static void show_changes(tool_world *world, pty *out)
{
    static const char file[] = "apps:\n- id: " APP "\n  keys:\n  - {file: a.jwk, kid: new}\n"
                               "  - {kid: old, status: absent}\n";
    (void)world_write(world, "a.jwk", EC_JWK);
    const char *const words[] = {"apply", world_write(world, "keys.yaml", file), NULL};
    assert_true(
        mock_org_put(world->org, APP, "jwks", "{\"id\":\"pks1\",\"kid\":\"old\",\"status\":\"INACTIVE\"}"));
    mock_org_forget_requests(world->org);
    start_on_terminal(world, words, out);
    wait_for(out, "1 to add, 1 to delete, 0 unchanged\r\nokta-keys: make these changes? [y/N] ");
    assert_int_equal(mock_org_request_count(world->org), 1);
}

static void asks_before_it_changes_keys(void **state)
{
    static const struct {
        const char *typed, *shown;
        int code;
        size_t requests;
    } answers[] = {{"y\n", "2 of 2 changes made\r\nokta-keys: 1 done\r\n", 0, 4},
                   {"Yes\n", "2 of 2 changes made\r\nokta-keys: 1 done\r\n", 0, 4},
                   {"n\n", "okta-keys: nothing is changed\r\n", 1, 1},
                   {"\n", "okta-keys: nothing is changed\r\n", 1, 1},
                   {"yn\n", "okta-keys: nothing is changed\r\n", 1, 1},
                   {"\x04", "okta-keys: nothing is changed\r\n", 1, 1}};
    tool_world *world = *state;
    need_terminal();
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        pty terminal;
        mock_org_options options = {.users = 0};
        world_restart(world, &options);
        show_changes(world, &terminal);
        type(&terminal, answers[i].typed);
        wait_for(&terminal, answers[i].shown);
        int status = end_of(&terminal);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == answers[i].code);
        assert_int_equal(mock_org_request_count(world->org), answers[i].requests);
        close_terminal(&terminal);
    }
}

/* What somebody else changes while the question stands there. */
static void changes_nothing_that_it_did_not_show(void **state)
{
    tool_world *world = *state;
    pty terminal;
    need_terminal();
    show_changes(world, &terminal);
    assert_true(
        mock_org_put(world->org, APP, "jwks", "{\"id\":\"pks2\",\"kid\":\"old\",\"status\":\"ACTIVE\"}"));
    type(&terminal, "y\n");
    wait_for(&terminal,
             "okta-keys: " APP ": the keys of the app have changed since the plan was made; 0 of 2 "
             "changes made; run the same command again to go on\r\nokta-keys: 0 done, 1 failed\r\n");
    int status = end_of(&terminal);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    assert_int_equal(mock_org_request_count(world->org), 2);
    close_terminal(&terminal);
}

static void a_signal_ends_the_question(void **state)
{
    tool_world *world = *state;
    pty terminal;
    need_terminal();
    show_changes(world, &terminal);
    type(&terminal, "\x03");
    int status = end_of(&terminal);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT);
    assert_int_equal(mock_org_request_count(world->org), 1);
    close_terminal(&terminal);
}

int test_terminal_group(void)
{
    const struct CMUnitTest tests[] = {
        WORLD_TEST(escapes_control_characters_in_tables),
        WORLD_TEST(escapes_what_nobody_sees_in_tables),
        WORLD_TEST(counts_characters_of_every_length),
        WORLD_TEST(escapes_an_answer_on_a_terminal_and_nowhere_else),
        WORLD_TEST(escapes_json_on_a_terminal_and_nowhere_else),
        WORLD_TEST(asks_for_a_passphrase_without_echo),
        WORLD_TEST(asks_for_the_passphrase_of_a_file_with_a_hostile_name),
        WORLD_TEST(refuses_a_wrong_passphrase_from_the_terminal),
        WORLD_TEST(puts_the_echo_back_when_a_signal_ends_it),
        WORLD_TEST(asks_nobody_when_the_environment_answers),
        WORLD_TEST(shows_how_far_it_is_on_a_terminal),
        WORLD_TEST(keeps_json_whole_on_a_terminal),
        WORLD_TEST(begins_a_line_for_what_it_tells_on_a_terminal),
        WORLD_TEST(asks_before_it_changes_keys),
        WORLD_TEST(changes_nothing_that_it_did_not_show),
        WORLD_TEST(a_signal_ends_the_question),
    };
    return cmocka_run_group_tests_name("tool: terminal", tests, NULL, NULL);
}
