/* SPDX-License-Identifier: Apache-2.0 */
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/new_error.h"
#include "ledger.h"

/* The folder of a file. NULL: out of memory. */
static char *folder_of(const char *file)
{
    const char *slash = strrchr(file, '/');
    return slash == NULL ? strdup(".") : slash == file ? strdup("/") : strndup(file, (size_t)(slash - file));
}

static okta_error *refuse_folder(const char *folder)
{
    struct stat about;
    if (stat(folder, &about) != 0) {
        return errno == ENOENT
                   ? report_new_error(OKTA_E_CONFIG,
                                      "the folder %s does not exist: make it, or name another one", folder)
                   : report_new_error(OKTA_E_CONFIG, "the folder %s: %s", folder, strerror(errno));
    }
    if (!S_ISDIR(about.st_mode)) {
        return report_new_error(OKTA_E_CONFIG, "%s is no folder", folder);
    }
    if (faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) != 0) {
        return report_new_error(OKTA_E_CONFIG, "the user of this process cannot write into the folder %s: %s",
                                folder, strerror(errno));
    }
    return NULL;
}

static okta_error *check_file(const char *file)
{
    char *folder = folder_of(file);
    okta_error *error = folder == NULL ? okta_error_new(OKTA_E_NOMEM, NULL) : refuse_folder(folder);
    free(folder);
    return error;
}

okta_error *check_journal(const config *from)
{
    okta_error *error =
        ledger_is_postgres(from->journal) ? ledger_check_postgres(from->journal) : check_file(from->journal);
    return config_error_at(from, from->journal_line, "journal", error);
}

okta_error *check_sinks(const config *from)
{
    okta_error *error = NULL;
    for (size_t i = 0; error == NULL && i < from->app_count; i++) {
        const config_sink *sink = &from->apps[i].sink;
        if (sink->file != NULL) {
            error = config_error_at(from, sink->line, "file", check_file(sink->file));
        }
    }
    return error;
}
