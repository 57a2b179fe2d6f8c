/* SPDX-License-Identifier: Apache-2.0 */
#include "common/errand_output.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define LINES_MAX 20u
/* A command that never stops talking is listened to for so long at a time. */
#define READS_AT_ONCE 16u
#define READ_SIZE     4096u
/* A run of so many characters of base64, base64url or hex may be secret: a line of PEM, a secret, a token.
 * Words of people are shorter. */
#define SECRET_MIN 32u
#define SECRET_OF  "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/=_-"
#define HIDDEN     "***"

bool errand_output_open(errand_output *self, int *out_end)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return false;
    }
    if (fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) {
        (void)close(ends[0]);
        (void)close(ends[1]);
        return false;
    }
    *self = (errand_output){.fd = ends[0]};
    *out_end = ends[1];
    return true;
}

void errand_output_close(errand_output *self)
{
    if (self->fd >= 0) {
        (void)close(self->fd);
    }
    explicit_bzero(self->line, sizeof self->line);
    self->fd = -1;
}

/* Of a line that is cut, the end may be the beginning of a long run. */
static void hide_secrets(char *line, bool is_cut)
{
    char *to = line;
    for (const char *at = line; *at != '\0';) {
        size_t length = strspn(at, SECRET_OF);
        bool hides = length >= SECRET_MIN || (is_cut && length > 0 && at[length] == '\0');
        if (hides) {
            /* Where a line is cut within its last characters there is no room for all of the mark. */
            size_t room = length < sizeof HIDDEN - 1 ? length : sizeof HIDDEN - 1;
            memcpy(to, HIDDEN, room);
            to += room;
        } else {
            length = length == 0 ? 1 : length;
            memmove(to, at, length);
            to += length;
        }
        at += length;
    }
    *to = '\0';
}

/* The last line of a PEM may be short. */
static void hide_pem(errand_output *self)
{
    bool begins = strstr(self->line, "-----BEGIN ") != NULL;
    self->in_pem = self->in_pem && strstr(self->line, "-----END ") == NULL;
    if (self->in_pem) {
        memcpy(self->line, HIDDEN, self->length < sizeof HIDDEN - 1 ? self->length : sizeof HIDDEN);
    }
    self->in_pem = self->in_pem || begins;
}

static void end_line(errand_output *self, errand_line_fn *tell, void *ctx)
{
    self->line[self->length] = '\0';
    if (self->length > 0 && self->told < LINES_MAX) {
        hide_secrets(self->line, self->is_cut);
        hide_pem(self);
        tell(ctx, self->line);
    } else if (self->length > 0 && self->told == LINES_MAX) {
        tell(ctx, "(it says more, which is left out)");
    }
    self->told += self->length > 0;
    self->length = 0;
    self->is_cut = false;
}

static void take(errand_output *self, char byte, errand_line_fn *tell, void *ctx)
{
    if (byte == '\n') {
        end_line(self, tell, ctx);
    } else if (self->length < ERRAND_LINE_MAX) {
        self->line[self->length++] = byte == '\0' ? '?' : byte;
    } else {
        self->is_cut = true;
    }
}

void errand_output_read(errand_output *self, bool is_last, errand_line_fn *tell, void *ctx)
{
    char bytes[READ_SIZE];
    ssize_t got = self->fd < 0 ? 0 : 1;
    for (size_t i = 0; i < READS_AT_ONCE && got > 0; i++) {
        got = read(self->fd, bytes, sizeof bytes);
        for (ssize_t at = 0; at < got; at++) {
            take(self, bytes[at], tell, ctx);
        }
    }
    explicit_bzero(bytes, sizeof bytes);
    if (is_last) {
        end_line(self, tell, ctx);
    }
}
