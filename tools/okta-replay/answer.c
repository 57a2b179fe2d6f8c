/* SPDX-License-Identifier: Apache-2.0 */
#include "answer.h"

#include "check.h"
#include "client/accept.h"
#include "core/error.h"
#include "models/error.h"
#include "json/plain.h"

const okta_descriptor *answer_type(const oktai_operation *operation, const exchange *one)
{
    bool json = one->answer.length > 0 && exchange_answer_is_json(one);
    if (one->status >= 400) {
        return json ? &oktai_error_body_model : NULL;
    }
    const okta_descriptor *type = operation->response;
    bool other_type = operation->wire != NULL && operation->wire->answer_types != NULL && !json;
    return type == NULL || one->answer.length == 0 || other_type || !oktai_plain_has_json(type) ? NULL : type;
}

okta_error *answer_check_presence(const oktai_operation *operation, const exchange *one)
{
    const okta_descriptor *type = operation->response;
    bool due = type != NULL && type->form != OKTAI_FORM_LOCATION && one->status < 300 &&
               (operation->empty_statuses & oktai_status_bit(one->status)) == 0;
    return due && one->answer.length == 0 ? oktai_error_new(OKTA_E_PROTOCOL, "the answer is empty") : NULL;
}

okta_error *answer_check(replay_run *run, oktai_arena *arena, const oktai_operation *operation,
                         const okta_descriptor *type, const void *model, const recorded_body *text)
{
    json_node document;
    member_tally tally = {.notes = &run->notes, .notes_from = NOTE_UNKNOWN};
    okta_error *error = json_tree_read(arena, text->data, text->length, &document);
    error = error == NULL ? members_count_doubled(&tally, arena, operation->name, &document) : error;
    if (error != NULL) {
        return error;
    }
    if (type == NULL) {
        members_count_unknown(&tally, operation->name, &document);
    } else {
        members_count(&tally, type, model, &document);
        error = check_model(arena, type, model, OKTA_JSON_WHOLE, &document);
    }
    member_counts_add(&run->answers, &tally.counts);
    return error == NULL && tally.no_memory ? oktai_error_nomem() : error;
}
