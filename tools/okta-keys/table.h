/* SPDX-License-Identifier: Apache-2.0 */
/* Aligned tables for people. Cells are added one after another, row by row; a first row of headings is a row
 * like any other. No cell is ever cut or wrapped; one of more than
 * 100 characters sticks out of its column. */
#ifndef OKTA_KEYS_TABLE_H
#define OKTA_KEYS_TABLE_H

#include <stdbool.h>
#include <stddef.h>

typedef struct text_table {
    size_t columns;           /* set by the caller; all else begins as zero */
    struct table_cell *first; /* row by row */
    struct table_cell *last;
    bool out_of_memory;
} text_table;

/* Add a cell with a copy of the text; NULL and "" show as "-". */
void table_add(text_table *table, const char *text);

/* Add a line to a table of two columns. */
void table_add_line(text_table *table, const char *name, const char *value);

/* Print the table on standard output, then wipe and release its cells, which may hold secrets. Returns an
 * exit code: without memory for a cell nothing is printed. */
int table_finish(text_table *table);

#endif
