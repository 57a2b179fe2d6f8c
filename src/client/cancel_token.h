/* SPDX-License-Identifier: Apache-2.0 */
/* The cancel token, and what it ends. */
#ifndef OKTA_CLIENT_CANCEL_TOKEN_H
#define OKTA_CLIENT_CANCEL_TOKEN_H

#include <pthread.h>
#include <stdatomic.h>

#include "core/list.h"
#include "core/process.h"
#include "okta/cancel.h"

/* The place of a call among those of a token. Zeroed it has none. */
typedef struct oktai_cancel_link {
    oktai_link link;
    okta_cancel_token *token;     /* held; NULL: none */
    void (*end)(okta_call *call); /* with the lock of the token held */
    okta_call *call;
} oktai_cancel_link;

struct okta_cancel_token {
    oktai_process owner;
    atomic_bool canceled;
    pthread_mutex_t lock; /* of the links; taken before that of any client */
    oktai_list calls;     /* links, the latest in front */
};

/* In a child process another thread of the parent may have held the lock. */
bool oktai_cancel_token_is_inherited(const okta_cancel_token *token);

/* The link is in no token. A token that is canceled already ends the call at once. */
void oktai_cancel_link_join(oktai_cancel_link *link, okta_cancel_token *token);
/* Does nothing where it is in none. */
void oktai_cancel_link_leave(oktai_cancel_link *link);

#endif
