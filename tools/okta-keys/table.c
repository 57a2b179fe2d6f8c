/* SPDX-License-Identifier: Apache-2.0 */
#include "table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "report.h"

#define GAP         2u
#define MAX_COLUMNS 8u

/* A wider cell does not widen its column: one long text from a server would be paid for in each row. */
#define WIDTH_MAX 100u

/* A list and not a growing array: realloc() would leave copies of secrets behind. */
struct table_cell {
    struct table_cell *next;
    size_t width;
    char text[];
};

void table_add(text_table *table, const char *text)
{
    const char *shown = text == NULL || *text == '\0' ? "-" : text;
    size_t size = strlen(shown) + 1;
    struct table_cell *cell = malloc(sizeof *cell + size);
    if (cell == NULL) {
        table->out_of_memory = true;
        return;
    }
    cell->next = NULL;
    cell->width = text_width(shown);
    memcpy(cell->text, shown, size);
    if (table->last == NULL) {
        table->first = cell;
    } else {
        table->last->next = cell;
    }
    table->last = cell;
}

void table_add_line(text_table *table, const char *name, const char *value)
{
    table_add(table, name);
    table_add(table, value);
}

static bool print(const text_table *table)
{
    size_t widths[MAX_COLUMNS] = {0};
    size_t column = 0;
    if (table->out_of_memory || table->columns == 0 || table->columns > MAX_COLUMNS) {
        return false;
    }
    for (const struct table_cell *cell = table->first; cell != NULL; cell = cell->next) {
        bool widens = cell->width > widths[column] && cell->width <= WIDTH_MAX;
        widths[column] = widens ? cell->width : widths[column];
        column = (column + 1) % table->columns;
    }
    column = 0;
    for (const struct table_cell *cell = table->first; cell != NULL; cell = cell->next) {
        text_print(stdout, cell->text);
        /* No spaces behind the last column: they would wrap on a narrow terminal. */
        if (column + 1 == table->columns) {
            (void)putchar('\n');
        } else {
            size_t left = cell->width < widths[column] ? widths[column] - cell->width : 0;
            (void)printf("%*s", (int)(left + GAP), "");
        }
        column = (column + 1) % table->columns;
    }
    return true;
}

static void clear(text_table *table)
{
    while (table->first != NULL) {
        struct table_cell *next = table->first->next;
        explicit_bzero(table->first->text, strlen(table->first->text));
        free(table->first);
        table->first = next;
    }
    table->last = NULL;
}

int table_finish(text_table *table)
{
    bool printed = print(table);
    clear(table);
    return printed ? EXIT_DONE : report(EXIT_REFUSED, "out of memory");
}
