/* SPDX-License-Identifier: Apache-2.0 */
/* Without a client: what was recorded is decoded, encoded and compared. */
#include "replay.h"

#include "answer.h"
#include "arguments.h"
#include "call.h"
#include "check.h"
#include "core/error.h"
#include "okta/memory.h"
#include "pairs.h"

static okta_error *check_answer(replay_run *run, oktai_arena *arena, const oktai_operation *operation,
                                const exchange *one)
{
    const okta_descriptor *type = answer_type(operation, one);
    void *model = NULL;
    okta_error *error = NULL;
    if (type == NULL && (one->answer.length == 0 || !exchange_answer_is_json(one))) {
        return NULL;
    }
    if (type != NULL) {
        error = okta_from_json(type, one->answer.data, one->answer.length, &model);
    }
    if (error == NULL) {
        error = answer_check(run, arena, operation, type, model, &one->answer);
    }
    okta_free(model);
    return error;
}

/* Count the parameters of a query: as members of a request that an operation has, or has not. */
static okta_error *count_query(member_tally *tally, oktai_arena *arena, const oktai_operation *operation,
                               const exchange *one)
{
    pair_list pairs;
    okta_error *error = pairs_read(arena, one->query, &pairs);
    for (size_t i = 0; error == NULL && i < pairs.count; i++) {
        const okta_text *name = &pairs.items[i].name;
        if (operation->params != NULL &&
            oktai_row_find(operation->params->type, name->text, name->length) != NULL) {
            tally->counts.typed++;
            continue;
        }
        tally->counts.unknown++;
        if (!notes_add(tally->notes, NOTE_UNKNOWN_QUERY, operation->name, name->text, name->length)) {
            error = oktai_error_nomem();
        }
    }
    return error;
}

static okta_error *check_request(replay_run *run, oktai_arena *arena, const route *of, const exchange *one)
{
    arguments made = {.params = NULL};
    const okta_descriptor *type = of->operation->request;
    member_tally tally = {.notes = &run->notes, .notes_from = NOTE_SENT_UNKNOWN};
    okta_error *error = count_query(&tally, arena, of->operation, one);
    error = error == NULL ? arguments_make_params(arena, of, one, &made) : error;
    error = error == NULL ? arguments_make_body(arena, of, one, &made) : error;
    error = error == NULL ? members_count_doubled(&tally, arena, of->operation->name, &made.document) : error;
    if (error == NULL && made.model != NULL) {
        members_count(&tally, type, made.model, &made.document);
        error = check_drop_read_only(type, &made.document, &run->notes);
        if (error == NULL) {
            error = check_model(arena, type, made.model, OKTA_JSON_REQUEST, &made.document);
        }
    }
    arguments_clear(&made);
    member_counts_add(&run->requests, &tally.counts);
    return error == NULL && tally.no_memory ? oktai_error_nomem() : error;
}

static okta_error *note(replay_run *run, note_kind kind, const char *text)
{
    return notes_add(&run->notes, kind, text, NULL, 0) ? NULL : oktai_error_nomem();
}

static okta_error *note_unmatched(replay_run *run, oktai_arena *arena, const exchange *one, const char *path)
{
    const char *method = oktai_arena_join(arena, one->method, " ");
    const char *text = method == NULL ? NULL : oktai_arena_join(arena, method, path);
    return text == NULL ? oktai_error_nomem() : note(run, NOTE_UNMATCHED, text);
}

static okta_error *play(replay_run *run, oktai_arena *arena, const route *of, const exchange *one,
                        replay_outcome *out)
{
    bool unsent = arguments_lack_body(of, one);
    okta_error *error = unsent ? note(run, NOTE_UNSENT, of->operation->name) : NULL;
    if (error == NULL && !unsent) {
        out->part = "request";
        error = check_request(run, arena, of, one);
    }
    if (error == NULL && (run->client == NULL || run->server != NULL)) {
        out->part = "answer";
        error = answer_check_presence(of->operation, one);
    }
    if (error == NULL && run->client == NULL) {
        out->part = "answer";
        return check_answer(run, arena, of->operation, one);
    }
    if (error == NULL && unsent) {
        out->verdict = REPLAY_UNSENT;
    } else if (error == NULL) {
        out->part = "call";
        error = call_play(run, arena, of, one);
    }
    return error;
}

static member_counts total(const replay_run *run)
{
    member_counts sum = run->answers;
    member_counts_add(&sum, &run->requests);
    return sum;
}

replay_outcome replay_exchange(replay_run *run, oktai_arena *arena, const exchange *one)
{
    replay_outcome out = {.verdict = REPLAY_PASSED};
    const member_counts before = total(run);
    route of;
    okta_error *error = route_find(arena, one, &of);
    out.path = error == NULL ? route_hide(arena, of.path) : NULL;
    error = error == NULL && out.path == NULL ? oktai_error_nomem() : error;
    out.operation = of.operation;
    if (error == NULL && of.operation == NULL) {
        out.verdict = REPLAY_UNMATCHED;
        error = note_unmatched(run, arena, one, out.path);
    } else if (error == NULL) {
        error = play(run, arena, &of, one, &out);
    }
    if (error != NULL) {
        out.verdict = REPLAY_FAILED;
        out.reason = error;
    }
    const member_counts after = total(run);
    out.counts = (member_counts){.typed = after.typed - before.typed,
                                 .unknown = after.unknown - before.unknown,
                                 .other_type = after.other_type - before.other_type,
                                 .newer_values = after.newer_values - before.newer_values,
                                 .doubled = after.doubled - before.doubled};
    return out;
}
