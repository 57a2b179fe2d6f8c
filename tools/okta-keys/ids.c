/* SPDX-License-Identifier: Apache-2.0 */
#include "ids.h"

#include <stdio.h>
#include <string.h>

#include "common/text.h"
#include "key_find.h"
#include "report.h"

#define ID_MAX 512u

/* Servers that know path parameters cut a segment at its ";" before they resolve dot segments. */
static bool is_name_of_dots(const char *id)
{
    size_t dots = strspn(id, ".");
    return dots <= 2 && (id[dots] == '\0' || id[dots] == ';');
}

static bool is_allowed(char c)
{
    return c > ' ' && c <= '~' && strchr("/?#%\\", c) == NULL;
}

const char *ids_refuse(const char *id, char why[IDS_WHY_SIZE])
{
    size_t at = 0;
    if (id[0] == '\0') {
        return "it is empty";
    }
    if (is_name_of_dots(id)) {
        return "no id is made of dots";
    }
    if (strnlen(id, ID_MAX + 1) > ID_MAX) {
        return "it is longer than 512 bytes";
    }
    while (is_allowed(id[at])) {
        at++;
    }
    if (id[at] == '\0') {
        return NULL;
    }
    if (id[at] == ' ') {
        (void)snprintf(why, IDS_WHY_SIZE, "no id has a space (byte %zu)", at + 1);
    } else if (id[at] > ' ' && id[at] <= '~') {
        (void)snprintf(why, IDS_WHY_SIZE, "no id has a '%c' (byte %zu)", id[at], at + 1);
    } else {
        (void)snprintf(why, IDS_WHY_SIZE, "no id has a 0x%02x (byte %zu)", (unsigned)(unsigned char)id[at],
                       at + 1);
    }
    return why;
}

size_t ids_shown(const char *id)
{
    return text_cut(id, IDS_SHOWN_MAX);
}

const char *ids_ahead(const char *id)
{
    return id[0] == '-' ? "-- " : "";
}

/* What an argument is that is an id; NULL: it is none. */
static const char *kind_of(const char *argument)
{
    static const struct {
        const char *argument, *kind;
    } kinds[] = {{"APP", "app"}, {"KEY", "key"}, {"SECRET", "secret"}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strcmp(kinds[i].argument, argument) == 0) {
            return kinds[i].kind;
        }
    }
    return NULL;
}

int ids_check(const command_line *options)
{
    char text[IDS_WHY_SIZE];
    for (size_t i = 0; i < OPTIONS_MAX_ARGUMENTS && options->command->arguments[i] != NULL; i++) {
        const char *id = options->arguments[i];
        const char *kind = kind_of(options->command->arguments[i]);
        bool is_id = id != NULL && kind != NULL && key_kid(id) == NULL;
        const char *why = is_id ? ids_refuse(id, text) : NULL;
        if (why != NULL) {
            return report(EXIT_USAGE, "%s '%.*s%s': %s", kind, IDS_SHOWN(id), why);
        }
    }
    return EXIT_DONE;
}
