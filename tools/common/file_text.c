/* SPDX-License-Identifier: Apache-2.0 */
#include "common/file_text.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/new_error.h"

#define FIRST_CAPACITY ((size_t)4096)

void file_text_clear(file_text *file)
{
    if (file->text != NULL) {
        explicit_bzero(file->text, file->capacity);
        free(file->text);
    }
    *file = (file_text){0};
}

/* Not realloc(), which can leave a copy of a secret in the memory that it gives back. */
static bool grow(file_text *file)
{
    size_t capacity = file->capacity == 0 ? FIRST_CAPACITY : file->capacity * 2;
    char *text = malloc(capacity);
    if (text == NULL) {
        return false;
    }
    size_t length = file->length;
    if (length > 0) {
        memcpy(text, file->text, length);
    }
    file_text_clear(file);
    file->text = text;
    file->length = length;
    file->capacity = capacity;
    return true;
}

okta_error *file_text_read(int file, const char *name, size_t max, file_text *out)
{
    for (;;) {
        if (out->length + 1 >= out->capacity && !grow(out)) {
            return okta_error_new(OKTA_E_NOMEM, NULL);
        }
        ssize_t got = read(file, out->text + out->length, out->capacity - out->length - 1);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return report_new_error(OKTA_E_CONFIG, "cannot read %s: %s", name, strerror(errno));
        }
        out->length += (size_t)got;
        out->text[out->length] = '\0';
        if (out->length > max) {
            return report_new_error(OKTA_E_CONFIG, "%s is larger than %zu bytes", name, max);
        }
        if (got == 0) {
            return NULL;
        }
    }
}
