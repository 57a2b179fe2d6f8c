/* SPDX-License-Identifier: Apache-2.0 */
/* bench_decode_floor TIMES: what bench_decode_okta does, written by hand on cJSON: parse the text, and copy
 * the members that the structs of libokta show into structs of one's own, so that the tree can go. */
#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench_users.h"

enum { TEXTS = 21 };

typedef struct user {
    char *texts[TEXTS];
} user;

/* False: out of memory. A member that is absent or null stays NULL. */
static bool copy_text(const cJSON *object, const char *name, char **out)
{
    const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
    if (!cJSON_IsString(member)) {
        return true;
    }
    *out = strdup(member->valuestring);
    return *out != NULL;
}

static bool copy_texts(const cJSON *object, const char *const *names, char ***next)
{
    bool good = true;
    for (; *names != NULL; names++) {
        good = copy_text(object, *names, (*next)++) && good;
    }
    return good;
}

static bool copy_user(const cJSON *tree, user *out)
{
    static const char *const own[] = {"id",          "status",          "created",
                                      "activated",   "statusChanged",   "lastLogin",
                                      "lastUpdated", "passwordChanged", NULL};
    static const char *const profile[] = {"firstName", "lastName", "mobilePhone", "secondEmail",
                                          "login",     "email",    "department",  NULL};
    static const char *const email[] = {"value", "status", NULL};
    static const char *const provider[] = {"type", "name", NULL};
    static const char *const id[] = {"id", NULL};
    static const char *const href[] = {"href", NULL};
    char **next = out->texts;
    const cJSON *credentials = cJSON_GetObjectItemCaseSensitive(tree, "credentials");
    const cJSON *emails = cJSON_GetObjectItemCaseSensitive(credentials, "emails");
    const cJSON *links = cJSON_GetObjectItemCaseSensitive(tree, "_links");
    bool good = copy_texts(tree, own, &next);
    good = copy_texts(cJSON_GetObjectItemCaseSensitive(tree, "profile"), profile, &next) && good;
    good = copy_texts(cJSON_GetObjectItemCaseSensitive(tree, "type"), id, &next) && good;
    good = copy_texts(cJSON_GetArrayItem(emails, 0), email, &next) && good;
    good = copy_texts(cJSON_GetObjectItemCaseSensitive(credentials, "provider"), provider, &next) && good;
    return copy_texts(cJSON_GetObjectItemCaseSensitive(links, "self"), href, &next) && good;
}

static void free_users(user *users, size_t count)
{
    for (size_t i = 0; users != NULL && i < count; i++) {
        for (size_t k = 0; k < TEXTS; k++) {
            free(users[i].texts[k]);
        }
    }
    free(users);
}

static bool decode(const char *json, size_t length, size_t *characters)
{
    cJSON *tree = cJSON_ParseWithLength(json, length);
    size_t count = (size_t)cJSON_GetArraySize(tree), i = 0;
    user *users = calloc(count, sizeof *users);
    bool good = count > 0 && users != NULL;
    const cJSON *item;
    cJSON_ArrayForEach(item, tree)
    {
        good = good && copy_user(item, &users[i++]);
    }
    cJSON_Delete(tree);
    for (i = 0; good && i < count; i++) {
        *characters += strlen(users[i].texts[0]) + strlen(users[i].texts[12]);
    }
    free_users(users, count);
    return good;
}

int main(int argc, char **argv)
{
    size_t length = 0, characters = 0;
    char *json = bench_users(200, &length);
    bool good = json != NULL;
    for (long left = argc > 1 ? strtol(argv[1], NULL, 10) : 0; good && left > 0; left--) {
        good = decode(json, length, &characters);
    }
    printf("%zu\n", characters);
    free(json);
    return good ? 0 : 1;
}
