/* SPDX-License-Identifier: Apache-2.0 */
/* okta-keys: the keys and secrets of OAuth 2.0 clients from the command line. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "client_options.h"
#include "help.h"
#include "interrupt.h"
#include "options.h"
#include "output.h"
#include "report.h"

static int run(int argc, char **argv)
{
    command_line options;
    okta_client *client = NULL;
    int code = options_parse(argc, argv, &options);
    if (code == OPTIONS_HELP) {
        return help_print(options.words, options.word_count);
    }
    if (code != OPTIONS_RUN) {
        return code;
    }
    if (options_has(&options, OPTION_SHOW_BODY)) {
        report_show_bodies();
    }
    code = options.command->offline ? EXIT_DONE : client_options_connect(&options, &client);
    if (code == EXIT_DONE) {
        code = options.command->run(&options, client);
    }
    okta_free(client);
    return code;
}

/* A closed standard stream would give its number to a socket or a key file, and output would go there. What
 * is opened instead cannot be used in the stream's direction, so reading or printing still fails. */
static bool occupy_standard_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        int mode = fd == STDIN_FILENO ? O_WRONLY : O_RDONLY;
        if (fcntl(fd, F_GETFD) == -1 && open("/dev/null", mode | O_CLOEXEC) != fd) {
            return false;
        }
    }
    return true;
}

int main(int argc, char **argv)
{
    static char line[BUFSIZ];
    if (!occupy_standard_streams()) {
        return EXIT_REFUSED;
    }
    /* One write a line, so that lines of several processes do not mix. */
    (void)setvbuf(stderr, line, _IOLBF, sizeof line);
    int code = output_finish(run(argc, argv));
    interrupt_end();
    return code;
}
