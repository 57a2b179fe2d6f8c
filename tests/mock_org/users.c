/* SPDX-License-Identifier: Apache-2.0 */
/* The paged list of made-up users. */
#include "mock_json.h"
#include "mock_paging.h"
#include "mock_users.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define PAGE_MAX 200
/* An id is made of a number and does not tell it: each number is tried. */
#define FOUND_BY_ID 10000

cJSON *mock_user_json(unsigned number)
{
    char id[MOCK_ID_SIZE];
    mock_id(id, "00u", number);
    char *login = mock_format("user%u@mock.example", number);
    char *last_name = mock_format("Number %u", number);
    cJSON *user = cJSON_CreateObject();
    cJSON *profile = NULL;
    bool made = login != NULL && last_name != NULL && cJSON_AddStringToObject(user, "id", id) != NULL &&
                cJSON_AddStringToObject(user, "status", "ACTIVE") != NULL &&
                (profile = cJSON_AddObjectToObject(user, "profile")) != NULL &&
                cJSON_AddStringToObject(profile, "login", login) != NULL &&
                cJSON_AddStringToObject(profile, "email", login) != NULL &&
                cJSON_AddStringToObject(profile, "firstName", "User") != NULL &&
                cJSON_AddStringToObject(profile, "lastName", last_name) != NULL;
    free(login);
    free(last_name);
    if (!made) {
        cJSON_Delete(user);
        return NULL;
    }
    return user;
}

static bool find_login(const mock_org *org, const char *login, unsigned *out_number)
{
    char made[64];
    if (strncmp(login, "user", 4) != 0 || login[4] < '0' || login[4] > '9') {
        return false;
    }
    unsigned long number = strtoul(login + 4, NULL, 10);
    (void)snprintf(made, sizeof made, "user%lu@mock.example", number);
    *out_number = (unsigned)number;
    return number < org->users && strcmp(made, login) == 0;
}

bool mock_user_find(const mock_org *org, const char *id, unsigned *out_number)
{
    char made[MOCK_ID_SIZE];
    if (strncmp(id, "00u", 3) != 0) {
        return find_login(org, id, out_number);
    }
    for (unsigned number = 0; number < org->users && number < FOUND_BY_ID; number++) {
        mock_id(made, "00u", number);
        if (strcmp(made, id) == 0) {
            *out_number = number;
            return true;
        }
    }
    return false;
}

static bool is_login_of(const cJSON *user, const char *name, bool short_form)
{
    const char *login = mock_json_string(cJSON_GetObjectItemCaseSensitive(user, "profile"), "login");
    size_t length = login == NULL ? 0 : short_form ? strcspn(login, "@") : strlen(login);
    return length > 0 && strlen(name) == length && strncasecmp(login, name, length) == 0;
}

/* The one user with this login, or with this text before the @ of its login. NULL: none, or several. */
static const char *find_by_login(const mock_org *org, const char *name, bool short_form,
                                 char made[MOCK_ID_SIZE])
{
    const char *found = NULL;
    size_t count = 0;
    char *whole = short_form ? mock_format("%s@mock.example", name) : mock_copy(name);
    unsigned number = 0;
    if (whole != NULL && find_login(org, whole, &number) && number < FOUND_BY_ID) {
        mock_id(made, "00u", number);
        found = made;
        count = 1;
    }
    free(whole);
    const mock_object *user = mock_store_first(&org->store, MOCK_USERS_FOLDER);
    for (; user != NULL; user = user->next) {
        if (user->json != NULL && is_login_of(user->json, name, short_form)) {
            found = found != NULL ? found : user->id;
            count++;
        }
    }
    return short_form && count > 1 ? NULL : found;
}

const char *mock_user_id(const mock_org *org, const char *name, char made[MOCK_ID_SIZE])
{
    if (strcmp(name, "me") == 0 || mock_store_find(&org->store, MOCK_USERS_FOLDER, name) != NULL) {
        return name;
    }
    const char *found = find_by_login(org, name, false, made);
    if (found == NULL && strchr(name, '@') == NULL) {
        found = find_by_login(org, name, true, made);
    }
    return found != NULL ? found : name;
}

/* The users that clients created, without those that are deleted. */
static const mock_object *skip_deleted(const mock_object *object)
{
    while (object != NULL && object->json == NULL) {
        object = object->next;
    }
    return object;
}

static bool add_user(cJSON *list, cJSON *user)
{
    bool added = user != NULL && cJSON_AddItemToArray(list, user);
    if (!added) {
        cJSON_Delete(user);
    }
    return added;
}

/* The made-up users come first; their numbers are their positions. */
static bool fill_page(mock_call *call, mock_page *page, cJSON *list)
{
    unsigned users = call->org->users;
    mock_page_side side = MOCK_PAGE_BEFORE;
    for (unsigned number = page->start; side != MOCK_PAGE_BEHIND && number < users; number++) {
        side = mock_page_side_of(call, page, number);
        if (side == MOCK_PAGE_IN && !add_user(list, mock_user_json(number))) {
            return false;
        }
    }
    const mock_object *created = skip_deleted(mock_store_first(&call->org->store, MOCK_USERS_FOLDER));
    for (; side != MOCK_PAGE_BEHIND && created != NULL; created = skip_deleted(created->next)) {
        side = mock_page_side_of(call, page, users + created->order);
        if (side == MOCK_PAGE_IN && !add_user(list, cJSON_Duplicate(created->json, true))) {
            return false;
        }
    }
    return true;
}

void mock_list_users(mock_call *call)
{
    mock_page page;
    if (mock_page_begin(call, PAGE_MAX, &page)) {
        cJSON *list = cJSON_CreateArray();
        if (list != NULL && !fill_page(call, &page, list)) {
            cJSON_Delete(list);
            list = NULL;
        }
        mock_page_link(call, &page);
        mock_answer_json(call->answer, 200, list);
    }
    mock_page_clear(&page);
}
