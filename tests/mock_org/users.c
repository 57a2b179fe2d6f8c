/* SPDX-License-Identifier: Apache-2.0 */
/* The paged list of made-up users. */
#include "mock_paging.h"

#include <stdlib.h>

#define PAGE_MAX 200

static cJSON *make_user(unsigned number)
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

static cJSON *make_page(unsigned start, unsigned end)
{
    cJSON *list = cJSON_CreateArray();
    for (unsigned number = start; list != NULL && number < end; number++) {
        cJSON *user = make_user(number);
        if (user == NULL || !cJSON_AddItemToArray(list, user)) {
            cJSON_Delete(user);
            cJSON_Delete(list);
            list = NULL;
        }
    }
    return list;
}

void mock_list_users(mock_call *call)
{
    mock_page page;
    if (mock_page_cut(call, call->org->users, PAGE_MAX, &page)) {
        mock_page_link(call, &page);
        mock_answer_json(call->answer, 200, make_page(page.start, page.end));
    }
    mock_page_clear(&page);
}
