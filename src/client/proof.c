/* SPDX-License-Identifier: Apache-2.0 */
#include "client/proof.h"

#include <string.h>

#include "core/arena.h"
#include "core/error.h"

static int64_t now_ms(const okta_client *client)
{
    return client->clock->now_ms(client->clock);
}

static int64_t wall_ms(const okta_client *client)
{
    return client->clock->wall_ms(client->clock);
}

int64_t oktai_client_time_s(okta_client *client)
{
    pthread_mutex_lock(&client->lock);
    int64_t time_s = oktai_server_time_s(&client->tokens.time, now_ms(client), wall_ms(client));
    pthread_mutex_unlock(&client->lock);
    return time_s;
}

bool oktai_proof_learn(okta_client *client, const oktai_response *response, char nonce[OKTAI_DPOP_NONCE_SIZE],
                       const char *used)
{
    okta_opt_int date = oktai_headers_date(&response->headers);
    const char *given = oktai_headers_get(&response->headers, "DPoP-Nonce", 0);
    pthread_mutex_lock(&client->lock);
    if (date.has) {
        oktai_server_time_learn(&client->tokens.time, date.value, now_ms(client), wall_ms(client));
    }
    if (given != NULL) {
        oktai_dpop_take_nonce(given, nonce);
    }
    bool other = strcmp(nonce, used) != 0;
    pthread_mutex_unlock(&client->lock);
    return other;
}

okta_error *oktai_proof_write(okta_client *client, const oktai_token *token, const char *method,
                              const char *url, char nonce[OKTAI_DPOP_NONCE_SIZE], oktai_buffer *out)
{
    oktai_tokens *tokens = &client->tokens;
    pthread_mutex_lock(&client->lock);
    const char *source = token == NULL ? tokens->token_nonce : tokens->api_nonce;
    memcpy(nonce, source, strlen(source) + 1);
    oktai_dpop_proof proof = {.key = tokens->key,
                              .method = method,
                              .url = url,
                              .access_token = token == NULL ? NULL : token->value,
                              .nonce = nonce};
    pthread_mutex_unlock(&client->lock);
    proof.now_s = oktai_client_time_s(client);
    return oktai_buffer_add_text(out, "DPoP: ") ? oktai_dpop_write(&proof, out) : oktai_error_nomem();
}

const char *oktai_proof_nonce(const okta_call *call)
{
    return call->nonce == NULL ? "" : call->nonce;
}

okta_error *oktai_proof_of_call(okta_call *call, const oktai_token *token, oktai_buffer *out)
{
    if (call->nonce == NULL) {
        call->nonce = oktai_arena_alloc(oktai_root_arena(call), OKTAI_DPOP_NONCE_SIZE);
    }
    if (call->nonce == NULL) {
        return oktai_error_nomem();
    }
    call->nonce[0] = '\0';
    return oktai_proof_write(call->client, token, oktai_method_name(call->operation->method), call->url.data,
                             call->nonce, out);
}

bool oktai_proof_is_needed(okta_client *client)
{
    pthread_mutex_lock(&client->lock);
    bool needed = client->tokens.key != NULL;
    pthread_mutex_unlock(&client->lock);
    return needed;
}

okta_error *oktai_proof_begin(okta_client *client)
{
    oktai_dpop_key *key = NULL;
    okta_error *error = oktai_dpop_key_new(&key);
    if (error != NULL) {
        return error;
    }
    pthread_mutex_lock(&client->lock);
    client->tokens.key = key;
    pthread_mutex_unlock(&client->lock);
    return NULL;
}
