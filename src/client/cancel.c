/* SPDX-License-Identifier: Apache-2.0 */
#include "client/cancel.h"

#include "client/cancel_token.h"
#include "core/arena.h"
#include "core/error.h"
#include "core/misuse.h"

/* The lock of the client is held. */
static void end_in_lock(okta_call *root)
{
    atomic_store(&root->canceled, true);
    if (root->driver != NULL) {
        root->driver->wake(root->driver, root);
    }
}

static void end(okta_call *root)
{
    atomic_store(&root->canceled, true);
    if (root->client == NULL || oktai_client_is_inherited(root->client)) {
        return; /* it does not run */
    }
    pthread_mutex_lock(&root->client->lock);
    end_in_lock(root);
    pthread_mutex_unlock(&root->client->lock);
}

void okta_call_cancel(okta_call *call)
{
    oktai_expect_root(__func__, call);
    if (call != NULL) {
        end(call);
    }
}

bool oktai_call_is_ended(const okta_call *call)
{
    okta_client *client = call->client;
    pthread_mutex_lock(&client->lock);
    bool ended = client->is_shut || atomic_load(&call->root->canceled);
    pthread_mutex_unlock(&client->lock);
    return ended;
}

/* Of a client. */

void oktai_call_begin_run(okta_call *root, oktai_driver *driver)
{
    okta_client *client = root->client;
    pthread_mutex_lock(&client->lock);
    root->driver = driver;
    oktai_list_insert(&client->running, NULL, &root->run);
    if (client->is_shut) {
        atomic_store(&root->canceled, true);
    }
    pthread_mutex_unlock(&client->lock);
}

void oktai_call_end_run(okta_call *root)
{
    okta_client *client = root->client;
    pthread_mutex_lock(&client->lock);
    root->driver = NULL;
    oktai_list_remove(&client->running, &root->run);
    pthread_mutex_unlock(&client->lock);
}

void okta_client_cancel_all(okta_client *client)
{
    oktai_expect_root(__func__, client);
    if (client == NULL || oktai_client_is_inherited(client)) {
        return;
    }
    pthread_mutex_lock(&client->lock);
    client->is_shut = true;
    for (okta_call *root = oktai_list_first(&client->running); root != NULL;
         root = oktai_list_after(&root->run)) {
        end_in_lock(root);
    }
    pthread_mutex_unlock(&client->lock);
}

/* Of a token. */

static okta_error *set_token(okta_call *call, okta_cancel_token *token)
{
    if (token == NULL) {
        return oktai_error_null("token");
    }
    if (oktai_cancel_token_is_inherited(token)) {
        return oktai_error_new(OKTA_E_ARG, "the cancel token was made before fork: make one in the child");
    }
    if (call->cancel_link == NULL) {
        call->cancel_link = oktai_arena_zalloc(oktai_root_arena(call), sizeof *call->cancel_link);
    }
    if (call->cancel_link == NULL) {
        return oktai_error_nomem();
    }
    oktai_cancel_link_leave(call->cancel_link);
    call->cancel_link->end = end;
    call->cancel_link->call = call;
    oktai_cancel_link_join(call->cancel_link, token);
    return NULL;
}

void okta_call_set_cancel_token(okta_call *call, okta_cancel_token *token)
{
    oktai_expect_root(__func__, call);
    oktai_expect_root(__func__, token);
    okta_error *error = call == NULL ? NULL : set_token(call, token);
    if (error != NULL) {
        oktai_call_set_problem(call, error);
    }
}
