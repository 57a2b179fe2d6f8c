/* SPDX-License-Identifier: Apache-2.0 */
/* The program okta-rotationd. */
#include <fcntl.h>
#include <stdbool.h>
#include <unistd.h>

#include "daemon.h"

/* A closed standard stream would give its number to a socket or a key file, and output would go there. */
static bool occupy_standard_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        int mode = fd == STDIN_FILENO ? O_RDONLY : O_WRONLY;
        if (fcntl(fd, F_GETFD) == -1 && open("/dev/null", mode) != fd) {
            return false;
        }
    }
    return true;
}

int main(int argc, char **argv)
{
    options given;
    if (!occupy_standard_streams()) {
        return EXIT_FAILED;
    }
    int code = options_read(argc, argv, &given);
    return code >= 0 ? code : daemon_run(&given);
}
