/* SPDX-License-Identifier: Apache-2.0 */
#include "core/list.h"

void oktai_list_insert(oktai_list *list, oktai_link *ahead, oktai_link *link)
{
    link->ahead = ahead;
    link->behind = ahead == NULL ? list->first : ahead->behind;
    *(link->ahead == NULL ? &list->first : &link->ahead->behind) = link;
    *(link->behind == NULL ? &list->last : &link->behind->ahead) = link;
    list->count++;
}

void oktai_list_append(oktai_list *list, oktai_link *link)
{
    oktai_list_insert(list, list->last, link);
}

void oktai_list_remove(oktai_list *list, oktai_link *link)
{
    *(link->ahead == NULL ? &list->first : &link->ahead->behind) = link->behind;
    *(link->behind == NULL ? &list->last : &link->behind->ahead) = link->ahead;
    *link = (oktai_link){NULL, NULL};
    list->count--;
}
