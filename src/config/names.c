/* SPDX-License-Identifier: Apache-2.0 */
#include "config/names.h"

#include <limits.h>
#include <string.h>

/* Longer names are near none. */
#define NAME_MAX_LENGTH 40u

/* Names of the other SDKs, below okta.client, and libokta's. */
static const struct {
    const char *other, *ours;
} aliases[] = {
    {"kid", "privateKeyId"},
    {"keyId", "privateKeyId"},
    {"oktaDomain", "orgUrl"},
    {"apiToken", "token"},
    {"maxRetries", "rateLimit.maxRetries"},
};

/* Names that people take for one of libokta's, but that mean more, less or something else: only advice. */
static const struct {
    const char *other, *ours; /* NULL: libokta has nothing like it */
} hints[] = {
    {"accessToken", "token"},
    {"oauth2.accessToken", "token"},
    {"id", "clientId"},
    {"secret", "clientSecret"},
    {"domain", "orgUrl"},
    {"url", "orgUrl"},
    {"dpopEnabled", "dpop"},
    {"authMode", "authorizationMode"},
    {"authMethod", "clientAuthMethod"},
    {"timeout", "requestTimeout"},
    {"connectTimeout", "connectionTimeout"},
    {"retries", "rateLimit.maxRetries"},
    {"privateKeyFile", "privateKey"},
    {"privateKeyPath", "privateKey"},
    {"caBundle", "caFile"},
    {"clientAssertion", "assertion.file"},
    {"clientAssertionFile", "assertion.file"},
    {"cache", NULL},
    {"cache.enabled", NULL},
    {"cache.defaultTtl", NULL},
    {"cache.defaultTti", NULL},
    {"rateLimit.maxBackoff", NULL},
};

static const char *behind(const char *text, const char *prefix)
{
    size_t length = strlen(prefix);
    return strncmp(text, prefix, length) == 0 ? text + length : NULL;
}

/* Small letters without dots and underscores, "" where the name is too long. */
static size_t fold(const char *name, char out[NAME_MAX_LENGTH + 1])
{
    size_t length = 0;
    for (; *name != '\0'; name++) {
        if (*name == '.' || *name == '_') {
            continue;
        }
        if (length == NAME_MAX_LENGTH) {
            length = 0;
            break;
        }
        out[length++] = (char)(*name >= 'A' && *name <= 'Z' ? *name - 'A' + 'a' : *name);
    }
    out[length] = '\0';
    return length;
}

static bool folds_to(const char *name, const char *folded)
{
    char other[NAME_MAX_LENGTH + 1];
    return fold(name, other) > 0 && strcmp(other, folded) == 0;
}

/* A variable is written in capitals. */
static bool is_in_capitals(const char *name)
{
    return name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")] == '\0';
}

static const oktai_option_row *row_of_ours(const char *ours)
{
    for (size_t i = 0; ours != NULL && i < OKTAI_OPTION_ROWS; i++) {
        const char *path = oktai_option_rows[i].path;
        if (path != NULL && strcmp(behind(path, OKTAI_PATH_PREFIX), ours) == 0) {
            return &oktai_option_rows[i];
        }
    }
    return NULL;
}

const oktai_option_row *oktai_row_of_path(const char *path)
{
    const char *name = behind(path, OKTAI_PATH_PREFIX);
    for (size_t i = 0; name != NULL && i < sizeof aliases / sizeof aliases[0]; i++) {
        if (strcmp(aliases[i].other, name) == 0) {
            return row_of_ours(aliases[i].ours);
        }
    }
    return row_of_ours(name);
}

const oktai_option_row *oktai_row_of_variable(const char *variable)
{
    char folded[NAME_MAX_LENGTH + 1];
    const char *name = behind(variable, OKTAI_VARIABLE_PREFIX);
    if (name == NULL || !is_in_capitals(name) || fold(name, folded) == 0) {
        return NULL;
    }
    for (size_t i = 0; i < OKTAI_OPTION_ROWS; i++) {
        const char *ours = oktai_option_rows[i].variable;
        if (ours != NULL && folds_to(behind(ours, OKTAI_VARIABLE_PREFIX), folded)) {
            return &oktai_option_rows[i];
        }
    }
    for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++) {
        if (folds_to(aliases[i].other, folded)) {
            return row_of_ours(aliases[i].ours);
        }
    }
    return NULL;
}

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* How many letters are added, dropped, changed or exchanged with their neighbour (optimal string alignment).
 */
static unsigned distance(const char *a, const char *b)
{
    unsigned rows[3][NAME_MAX_LENGTH + 1] = {{0}};
    size_t width = strlen(b);
    for (unsigned j = 0; j <= width; j++) {
        rows[0][j] = j;
    }
    for (unsigned i = 1; a[i - 1] != '\0'; i++) {
        unsigned *now = rows[i % 3];
        const unsigned *before = rows[(i + 2) % 3];
        const unsigned *earlier = rows[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= width; j++) {
            unsigned cost = a[i - 1] == b[j - 1] ? 0 : 1;
            now[j] = least(least(before[j] + 1, now[j - 1] + 1), before[j - 1] + cost);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                now[j] = least(now[j], earlier[j - 2] + 1);
            }
        }
    }
    return rows[strlen(a) % 3][width];
}

/* The best so far for a name. */
typedef struct nearest_row {
    const oktai_option_row *row;
    unsigned far; /* with a row: its distance; without: the greatest that counts */
} nearest_row;

static void compare(nearest_row *nearest, const char *folded, const char *name, const oktai_option_row *row)
{
    char other[NAME_MAX_LENGTH + 1];
    unsigned far = fold(name, other) == 0 ? UINT_MAX : distance(folded, other);
    if (far < nearest->far || (far == nearest->far && nearest->row == NULL)) {
        *nearest = (nearest_row){row, far};
    }
}

/* One slip in a short name, two in a longer one. */
static const oktai_option_row *find_nearest(const char *folded)
{
    size_t length = strlen(folded);
    nearest_row nearest = {NULL, length < 4 ? 0 : length < 8 ? 1 : 2};
    for (size_t i = 0; i < OKTAI_OPTION_ROWS; i++) {
        const oktai_option_row *row = &oktai_option_rows[i];
        if (row->path != NULL) {
            compare(&nearest, folded, behind(row->path, OKTAI_PATH_PREFIX), row);
        }
    }
    for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++) {
        compare(&nearest, folded, aliases[i].other, row_of_ours(aliases[i].ours));
    }
    for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++) {
        if (hints[i].ours != NULL) {
            compare(&nearest, folded, hints[i].other, row_of_ours(hints[i].ours));
        }
    }
    return nearest.row;
}

const char *oktai_path_misplaced(const char *path)
{
    static const char group[] = "okta.client";
    const char *name = behind(path, "okta.");
    const oktai_option_row *row = row_of_ours(name == NULL ? path : name);
    return row != NULL ? row->path : strcmp(path, "client") == 0 ? group : NULL;
}

oktai_name_advice oktai_name_advise(const char *name)
{
    oktai_name_advice advice = {NULL, false};
    char folded[NAME_MAX_LENGTH + 1];
    const char *rest = behind(name, OKTAI_VARIABLE_PREFIX);
    rest = rest == NULL ? behind(name, OKTAI_PATH_PREFIX) : rest;
    if (rest == NULL || fold(rest, folded) == 0) {
        return advice;
    }
    for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++) {
        if (folds_to(hints[i].other, folded)) {
            return (oktai_name_advice){row_of_ours(hints[i].ours), hints[i].ours == NULL};
        }
    }
    for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++) {
        if (folds_to(aliases[i].other, folded)) {
            advice.nearest = row_of_ours(aliases[i].ours);
        }
    }
    advice.nearest = advice.nearest == NULL ? find_nearest(folded) : advice.nearest;
    return advice;
}
