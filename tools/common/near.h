/* SPDX-License-Identifier: Apache-2.0 */
/* Which of the names that are known a word may be meant to be. */
#ifndef OKTA_TOOLS_NEAR_H
#define OKTA_TOOLS_NEAR_H

/* A word is longer than it is wrong. */
#define NEAR_WORD_MAX 32u

typedef struct near_search {
    char word[NEAR_WORD_MAX + 1];
    const char *name; /* the nearest so far; NULL: none is near */
    unsigned far;
} near_search;

/* Look for a word up to its "=". To one that is longer than NEAR_WORD_MAX nothing is near. */
near_search near_begin(const char *word);

/* Keep a name, which is borrowed, where it is nearer than all before: where the word is its beginning, or
 * differs from it by a slip or two. */
void near_compare(near_search *self, const char *name);

#endif
