/* SPDX-License-Identifier: Apache-2.0 */
#include "mock_patch.h"

#include "mock_json.h"

bool mock_patch_merge(cJSON *target, const cJSON *patch)
{
    const cJSON *change = NULL;
    bool merged = true;
    cJSON_ArrayForEach(change, patch)
    {
        cJSON *old = cJSON_GetObjectItemCaseSensitive(target, change->string);
        if (cJSON_IsNull(change)) {
            cJSON_DeleteItemFromObjectCaseSensitive(target, change->string);
        } else if (!cJSON_IsObject(change)) {
            merged = mock_json_set(target, change->string, cJSON_Duplicate(change, true));
        } else if (cJSON_IsObject(old)) {
            merged = mock_patch_merge(old, change);
        } else {
            cJSON *made = cJSON_CreateObject();
            merged = made != NULL && mock_patch_merge(made, change);
            if (merged) {
                merged = mock_json_set(target, change->string, made);
            } else {
                cJSON_Delete(made);
            }
        }
        if (!merged) {
            return false;
        }
    }
    return true;
}
