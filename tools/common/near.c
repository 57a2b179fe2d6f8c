/* SPDX-License-Identifier: Apache-2.0 */
#include "near.h"

#include <stdbool.h>
#include <string.h>

/* Behind this many slips it is another word. */
#define SLIPS_MOST 2u

near_search near_begin(const char *word)
{
    near_search self = {.far = SLIPS_MOST + 1};
    size_t length = strcspn(word, "=");
    if (length <= NEAR_WORD_MAX) {
        memcpy(self.word, word, length);
    }
    return self;
}

/* Whether so many slips turn `a` into `b`: letters that are added, dropped, changed or exchanged with their
 * neighbour. */
static bool is_within(const char *a, const char *b, unsigned slips)
{
    while (*a != '\0' && *a == *b) {
        a++;
        b++;
    }
    if (*a == *b || slips == 0) {
        return *a == *b;
    }
    bool exchanged = *a != '\0' && *b != '\0' && a[1] == b[0] && a[0] == b[1];
    return (*a != '\0' && is_within(a + 1, b, slips - 1)) || (*b != '\0' && is_within(a, b + 1, slips - 1)) ||
           (*a != '\0' && *b != '\0' && is_within(a + 1, b + 1, slips - 1)) ||
           (exchanged && is_within(a + 2, b + 2, slips - 1));
}

/* How far a name is from a word that nobody knows: 0 for the beginning of the name, else the slips; above
 * SLIPS_MOST: too far. Short words allow for one slip. */
static unsigned distance(const char *word, const char *name)
{
    size_t length = strlen(word);
    if (length >= 2 && strncmp(name, word, length) == 0) {
        return 0;
    }
    unsigned most = length < 3 ? 0 : length < 6 ? 1 : SLIPS_MOST;
    for (unsigned slips = 1; slips <= most; slips++) {
        if (is_within(word, name, slips)) {
            return slips;
        }
    }
    return SLIPS_MOST + 1;
}

void near_compare(near_search *self, const char *name)
{
    unsigned far = distance(self->word, name);
    if (far < self->far) {
        self->far = far;
        self->name = name;
    }
}
