/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cancel_token.h"

#include "core/arena.h"
#include "core/error.h"
#include "core/misuse.h"

bool oktai_cancel_token_is_inherited(const okta_cancel_token *token)
{
    return oktai_process_is_another(&token->owner);
}

static void release(void *object)
{
    okta_cancel_token *token = object;
    if (!oktai_cancel_token_is_inherited(token)) {
        pthread_mutex_destroy(&token->lock);
    }
}

okta_error *okta_cancel_token_new(okta_cancel_token **out)
{
    if (out == NULL) {
        return oktai_error_null("out");
    }
    okta_cancel_token *token = oktai_root_new(sizeof *token, 0, release);
    *out = token;
    if (token == NULL) {
        return oktai_error_nomem();
    }
    token->owner = oktai_process_now();
    atomic_init(&token->canceled, false);
    pthread_mutex_init(&token->lock, NULL);
    return NULL;
}

void okta_cancel_token_cancel(okta_cancel_token *token)
{
    oktai_expect_root(__func__, token);
    if (token == NULL) {
        return;
    }
    atomic_store(&token->canceled, true);
    if (oktai_cancel_token_is_inherited(token)) {
        return; /* its calls are the parent's */
    }
    pthread_mutex_lock(&token->lock);
    for (oktai_cancel_link *link = oktai_list_first(&token->calls); link != NULL;
         link = oktai_list_after(&link->link)) {
        link->end(link->call);
    }
    pthread_mutex_unlock(&token->lock);
}

bool okta_cancel_token_is_canceled(const okta_cancel_token *token)
{
    oktai_expect_root(__func__, token);
    return token != NULL && atomic_load(&token->canceled);
}

void oktai_cancel_link_join(oktai_cancel_link *link, okta_cancel_token *token)
{
    link->token = oktai_root_hold(token);
    pthread_mutex_lock(&token->lock);
    oktai_list_insert(&token->calls, NULL, &link->link);
    if (atomic_load(&token->canceled)) {
        link->end(link->call);
    }
    pthread_mutex_unlock(&token->lock);
}

void oktai_cancel_link_leave(oktai_cancel_link *link)
{
    okta_cancel_token *token = link->token;
    if (token == NULL) {
        return;
    }
    if (!oktai_cancel_token_is_inherited(token)) {
        pthread_mutex_lock(&token->lock);
        oktai_list_remove(&token->calls, &link->link);
        pthread_mutex_unlock(&token->lock);
    }
    link->token = NULL;
    okta_free(token);
}
