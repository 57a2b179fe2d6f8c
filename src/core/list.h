/* SPDX-License-Identifier: Apache-2.0 */
/* Lists whose elements hold their own links: nothing is allocated, and an element leaves from anywhere. An
 * element begins with its link, so that the address of the link is that of the element. */
#ifndef OKTA_CORE_LIST_H
#define OKTA_CORE_LIST_H

#include <stddef.h>

typedef struct oktai_link {
    struct oktai_link *ahead; /* NULL: it is the first */
    struct oktai_link *behind;
} oktai_link;

/* Zeroed it is empty. */
typedef struct oktai_list {
    oktai_link *first;
    oktai_link *last;
    size_t count;
} oktai_list;

/* Put an element, which is in no list, behind `ahead`; NULL: in front of all others. */
void oktai_list_insert(oktai_list *list, oktai_link *ahead, oktai_link *link);
/* Put an element, which is in no list, behind all others. */
void oktai_list_append(oktai_list *list, oktai_link *link);
/* Take an element out of the list that it is in. */
void oktai_list_remove(oktai_list *list, oktai_link *link);

/* The first element; NULL: there is none. */
static inline void *oktai_list_first(const oktai_list *list)
{
    return list->first;
}

/* The last element; NULL: there is none. */
static inline void *oktai_list_last(const oktai_list *list)
{
    return list->last;
}

/* The element behind another one; NULL: there is none. */
static inline void *oktai_list_after(const oktai_link *link)
{
    return link->behind;
}

#endif
