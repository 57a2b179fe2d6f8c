/* SPDX-License-Identifier: Apache-2.0 */
/* Runs a fuzz target over the files and folders that are given as arguments, where there is no libFuzzer. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/buffer.h"
#include "fuzz/fuzz.h"

static size_t replayed;

static bool complain(const char *path)
{
    fprintf(stderr, "%s: %s\n", path, strerror(errno));
    return false;
}

static bool read_file(const char *path, oktai_buffer *out)
{
    char piece[4096];
    size_t got;
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return complain(path);
    }
    while ((got = fread(piece, 1, sizeof piece, file)) > 0) {
        FUZZ_CHECK(oktai_buffer_append(out, piece, got));
    }
    bool good = ferror(file) == 0 || complain(path);
    fclose(file);
    return good;
}

/* In memory of exactly its size, as libFuzzer does. */
static bool run_file(const char *path)
{
    oktai_buffer content = {0};
    if (!read_file(path, &content)) {
        oktai_buffer_clear(&content);
        return false;
    }
    uint8_t *data = content.length == 0 ? NULL : malloc(content.length);
    FUZZ_CHECK(data != NULL || content.length == 0);
    if (content.length > 0) {
        memcpy(data, content.data, content.length);
    }
    if (LLVMFuzzerTestOneInput(data, content.length) != 0) {
        fuzz_fail(__FILE__, __LINE__, path);
    }
    free(data);
    oktai_buffer_clear(&content);
    replayed++;
    return true;
}

static bool run_folder(const char *path)
{
    DIR *folder = opendir(path);
    if (folder == NULL) {
        return complain(path);
    }
    bool good = true;
    const struct dirent *entry;
    oktai_buffer name = {0};
    while ((entry = readdir(folder)) != NULL) {
        if (entry->d_name[0] != '.') {
            oktai_buffer_reset(&name);
            FUZZ_CHECK(oktai_buffer_printf(&name, "%s/%s", path, entry->d_name));
            good = run_file(name.data) && good;
        }
    }
    closedir(folder);
    oktai_buffer_clear(&name);
    return good;
}

int main(int count, char **arguments)
{
    bool good = true;
    for (int i = 1; i < count; i++) {
        struct stat about;
        if (stat(arguments[i], &about) != 0) {
            good = complain(arguments[i]);
        } else {
            good = (S_ISDIR(about.st_mode) ? run_folder(arguments[i]) : run_file(arguments[i])) && good;
        }
    }
    printf("%zu inputs\n", replayed);
    return good && replayed > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
