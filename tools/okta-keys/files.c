/* SPDX-License-Identifier: Apache-2.0 */
#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <okta/okta.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report.h"

bool file_is_stdin(const char *path)
{
    return strcmp(path, "-") == 0;
}

const char *file_name(const char *path)
{
    return file_is_stdin(path) ? "standard input" : path;
}

int file_read(const char *path, size_t max, file_text *out)
{
    int fd = file_is_stdin(path) ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        return report(EXIT_USAGE, "cannot open %s: %s", path, strerror(errno));
    }
    int code = report_error(file_text_read(fd, file_name(path), max, out), NULL);
    if (fd != STDIN_FILENO) {
        (void)close(fd);
    }
    if (code == EXIT_DONE && memchr(out->text, '\0', out->length) != NULL) {
        return report(EXIT_USAGE, "%s holds a NUL byte, so it is no text", file_name(path));
    }
    return code;
}

static void cut(file_text *file, size_t length)
{
    if (length < file->length) {
        explicit_bzero(file->text + length, file->length - length);
        file->length = length;
    }
}

static int keep(file_text *file, const char *text)
{
    size_t size = strlen(text) + 1;
    file->text = malloc(size);
    if (file->text == NULL) {
        return report(EXIT_REFUSED, "out of memory");
    }
    memcpy(file->text, text, size);
    file->length = size - 1;
    file->capacity = size;
    return EXIT_DONE;
}

/* A pipe of a shell, as in `--token-file <(command)`, is this user's alone; a named one may be others', too.
 */
static int check_pipe(const char *path, const struct stat *about)
{
    bool is_closed = about->st_uid == geteuid() && (about->st_mode & (S_IRWXG | S_IRWXO)) == 0;
    return is_closed ? EXIT_DONE
                     : report(EXIT_USAGE, "the pipe %s is open to others (mode %04o): chmod 600", path,
                              (unsigned)(about->st_mode & 07777));
}

/* Standard input and pipes are read as they are; a file must be as private as any that holds a secret. */
static int read_secret(const char *option, const char *path, file_text *out)
{
    struct stat about;
    bool is_stdin = file_is_stdin(path);
    bool is_pipe = !is_stdin && stat(path, &about) == 0 && S_ISFIFO(about.st_mode);
    int code = is_pipe ? check_pipe(path, &about) : EXIT_DONE;
    if (code != EXIT_DONE || is_stdin || is_pipe) {
        return code != EXIT_DONE ? code : file_read(path, FILES_SMALL_MAX, out);
    }
    char *text = NULL;
    code = report_option(option, NULL, okta_secret_file_read(path, OKTA_SWITCH_OFF, &text));
    if (code == EXIT_DONE) {
        code = keep(out, text);
    }
    okta_free(text);
    return code;
}

int file_read_token(const char *path, file_text *out)
{
    int code = read_secret("token-file", path, out);
    if (code != EXIT_DONE) {
        return code;
    }
    cut(out, strcspn(out->text, "\r\n"));
    return out->length > 0 ? EXIT_DONE
                           : report(EXIT_USAGE, "the first line of %s holds no token", file_name(path));
}

int file_read_secret(const char *path, file_text *out)
{
    int code = read_secret("secret-file", path, out);
    if (code != EXIT_DONE) {
        return code;
    }
    if (out->length > 0 && out->text[out->length - 1] == '\n') {
        size_t length = out->length - 1;
        cut(out, length > 0 && out->text[length - 1] == '\r' ? length - 1 : length);
    }
    for (size_t i = 0; i < out->length; i++) {
        if (out->text[i] < 0x20 || out->text[i] > 0x7e) {
            return report(EXIT_USAGE, "%s holds more than one line of printable ASCII", file_name(path));
        }
    }
    return out->length > 0 ? EXIT_DONE : report(EXIT_USAGE, "%s is empty", file_name(path));
}
