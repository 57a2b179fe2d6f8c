/* SPDX-License-Identifier: Apache-2.0 */
#include "client/settling.h"

void oktai_known_ids_clear(oktai_known_ids *known)
{
    okta_free(known->list);
    oktai_arena_clear(&known->arena);
    *known = (oktai_known_ids){0};
}
