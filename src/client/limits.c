/* SPDX-License-Identifier: Apache-2.0 */
#include "client/limits.h"

#include "core/arena.h"

static void add_option(oktai_buffer *out, const char *name, int64_t ms, const char *place)
{
    oktai_buffer_printf(out, "%s ", name);
    oktai_buffer_add_grouped(out, ms);
    oktai_buffer_add_text(out, " ms");
    if (place != NULL) {
        oktai_buffer_printf(out, ", as %.200s says", place);
    }
}

/* A point in time is told by the time that the call had for it. */
static void add_deadline(oktai_buffer *out, const okta_call *root)
{
    int64_t given_ms = root->latest_ms - root->started_ms;
    oktai_buffer_add_text(out, "the deadline that was set");
    if (root->ran && given_ms > 0) {
        oktai_buffer_add_text(out, ", ");
        oktai_buffer_add_grouped(out, given_ms);
        oktai_buffer_add_text(out, " ms after the call began");
    }
}

/* What helps a call has a part of its time: what was set is set on the root. */
void oktai_limits_add(oktai_buffer *out, const okta_call *call)
{
    const okta_call *root = call->root;
    const okta_client *client = call->client;
    if (root->latest_ms <= call->retry.deadline_ms) {
        add_deadline(out, root);
    } else {
        add_option(out, "timeout_ms", root->timeout_ms,
                   root->timeout_ms == client->timeout_ms ? client->timeout_place : NULL);
    }
}

/* Takes the text. */
static const char *keep(okta_call *call, oktai_buffer *text)
{
    const char *kept =
        text->failed ? NULL : oktai_arena_copy(oktai_root_arena(call), text->data, text->length);
    oktai_buffer_clear(text);
    return kept;
}

const char *oktai_limits_explain(okta_call *call, const char *reason)
{
    oktai_buffer text = {0};
    if (reason == NULL) {
        return NULL;
    }
    oktai_buffer_printf(&text, "%s (", reason);
    oktai_limits_add(&text, call);
    oktai_buffer_add_char(&text, ')');
    return keep(call, &text);
}

const char *oktai_limits_explain_attempt(okta_call *call, const oktai_attempt *attempt, const char *reason)
{
    oktai_buffer text = {0};
    const okta_client *client = call->client;
    if (attempt->limit == OKTAI_LIMIT_NONE) {
        return reason;
    }
    oktai_buffer_printf(&text, "%s (", reason);
    if (attempt->limit == OKTAI_LIMIT_CONNECT) {
        add_option(&text, "connect_timeout_ms", client->transport.connect_timeout_ms,
                   client->connect_timeout_place);
    } else {
        bool half = oktai_care_of(call->operation)->settlement != NULL;
        oktai_buffer_add_text(&text, half ? "half of what was left of " : "");
        oktai_limits_add(&text, call);
    }
    oktai_buffer_add_char(&text, ')');
    return keep(call, &text);
}
