/* SPDX-License-Identifier: Apache-2.0 */
#include "mock_hide.h"

#include <string.h>
#include <strings.h>

void mock_hide_passwords(cJSON *json)
{
    cJSON *next = NULL;
    for (cJSON *member = json->child; member != NULL; member = next) {
        next = member->next;
        bool password = member->string != NULL && strcasecmp(member->string, "password") == 0;
        if (password && cJSON_IsString(member)) {
            cJSON_Delete(cJSON_DetachItemViaPointer(json, member));
        } else if (password && cJSON_IsObject(member)) {
            cJSON_Delete(member->child);
            member->child = NULL;
        } else {
            mock_hide_passwords(member);
        }
    }
}

void mock_hide_written(size_t shape, cJSON *object)
{
    cJSON *next = NULL;
    for (cJSON *member = object->child; member != NULL; member = next) {
        next = member->next;
        mock_value row = mock_shape_member(shape, member->string);
        if (row.write_only) {
            cJSON_Delete(cJSON_DetachItemViaPointer(object, member));
        } else if (row.kind == 'o' && cJSON_IsObject(member)) {
            mock_hide_written(row.number, member);
        } else if ((row.kind == 'O' && cJSON_IsArray(member)) ||
                   (row.kind == 'M' && cJSON_IsObject(member))) {
            for (cJSON *item = member->child; item != NULL; item = item->next) {
                mock_hide_written(row.number, item);
            }
        }
    }
}
