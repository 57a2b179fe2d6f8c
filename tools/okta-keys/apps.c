/* SPDX-License-Identifier: Apache-2.0 */
#include "apps.h"

#include <stdlib.h>
#include <string.h>

#include "ids.h"
#include "report.h"

#define BLANKS          " \t\r\v\f"
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

bool apps_are_several(const command_line *options)
{
    return options->app_count > 1 || options_has(options, OPTION_APPS_FILE);
}

int apps_refuse(const command_line *options, const app_name *app, const char *what)
{
    if (app->line == 0) {
        return report(EXIT_USAGE, "app '%.*s%s': %s", IDS_SHOWN(app->id), what);
    }
    return report(EXIT_USAGE, "%s, line %zu: app '%.*s%s': %s",
                  file_name(options_value(options, OPTION_APPS_FILE)), app->line, IDS_SHOWN(app->id), what);
}

/* Without the blanks around it and the comment behind it. */
static char *trim(char *line)
{
    line += strspn(line, BLANKS);
    for (char *at = line; *at != '\0'; at++) {
        if (*at == '#' && (at == line || strchr(BLANKS, at[-1]) != NULL)) {
            *at = '\0';
            break;
        }
    }
    size_t length = strlen(line);
    while (length > 0 && strchr(BLANKS, line[length - 1]) != NULL) {
        line[--length] = '\0';
    }
    return line;
}

static size_t count_lines(const char *text)
{
    size_t count = 1;
    while ((text = strchr(text, '\n')) != NULL) {
        text++;
        count++;
    }
    return count;
}

/* There is room for an id on each line. */
static void split(app_names *out)
{
    size_t line = 0;
    char *next = out->file.text;
    next += strncmp(next, BYTE_ORDER_MARK, strlen(BYTE_ORDER_MARK)) == 0 ? strlen(BYTE_ORDER_MARK) : 0;
    while (next != NULL) {
        char *text = next;
        next = strchr(text, '\n');
        if (next != NULL) {
            *next++ = '\0';
        }
        line++;
        text = trim(text);
        if (*text != '\0') {
            out->items[out->count++] = (app_name){text, line};
        }
    }
}

static int read_file(const char *path, app_names *out)
{
    int code = file_read(path, FILES_BODY_MAX, &out->file);
    if (code != EXIT_DONE) {
        return code;
    }
    out->items = calloc(count_lines(out->file.text), sizeof *out->items);
    if (out->items == NULL) {
        return report(EXIT_REFUSED, "out of memory");
    }
    split(out);
    return out->count > 0 ? EXIT_DONE : report(EXIT_USAGE, "%s names no app", file_name(path));
}

static int take_words(const command_line *options, app_names *out)
{
    out->items = calloc(options->app_count, sizeof *out->items);
    if (out->items == NULL) {
        return report(EXIT_REFUSED, "out of memory");
    }
    for (size_t i = 0; i < options->app_count; i++) {
        out->items[out->count++] = (app_name){options->apps[i], 0};
    }
    return EXIT_DONE;
}

static int check(const command_line *options, const app_name *app)
{
    char text[IDS_WHY_SIZE];
    const char *why = ids_refuse(app->id, text);
    return why == NULL ? EXIT_DONE : apps_refuse(options, app, why);
}

/* By id, and those with the same one in their order. */
static int compare(const void *a, const void *b)
{
    const app_name *const *first = a;
    const app_name *const *second = b;
    int order = strcmp((*first)->id, (*second)->id);
    return order != 0 ? order : *first < *second ? -1 : *first > *second ? 1 : 0;
}

static int report_twice(const command_line *options, const app_name *before, const app_name *app)
{
    if (app->line == 0) {
        return apps_refuse(options, app, "it is there twice");
    }
    return report(EXIT_USAGE, "%s, line %zu: app '%.*s%s' is on line %zu already",
                  file_name(options_value(options, OPTION_APPS_FILE)), app->line, IDS_SHOWN(app->id),
                  before->line);
}

static int refuse_twins(const command_line *options, const app_names *names)
{
    const app_name **sorted = calloc(names->count + 1, sizeof *sorted);
    int code = EXIT_DONE;
    if (sorted == NULL) {
        return report(EXIT_REFUSED, "out of memory");
    }
    for (size_t i = 0; i < names->count; i++) {
        sorted[i] = &names->items[i];
    }
    qsort(sorted, names->count, sizeof *sorted, compare);
    for (size_t i = 1; code == EXIT_DONE && i < names->count; i++) {
        if (strcmp(sorted[i - 1]->id, sorted[i]->id) == 0) {
            code = report_twice(options, sorted[i - 1], sorted[i]);
        }
    }
    free(sorted);
    return code;
}

int apps_read(const command_line *options, app_names *out)
{
    const char *path = options_value(options, OPTION_APPS_FILE);
    int code = path != NULL ? read_file(path, out) : take_words(options, out);
    for (size_t i = 0; code == EXIT_DONE && i < out->count; i++) {
        code = check(options, &out->items[i]);
    }
    return code == EXIT_DONE ? refuse_twins(options, out) : code;
}

void apps_clear(app_names *names)
{
    free(names->items);
    file_text_clear(&names->file);
    *names = (app_names){0};
}
