/* SPDX-License-Identifier: Apache-2.0 */
#include "rotation/steps.h"

#include "core/arena.h"
#include "core/error.h"
#include "rotation/ask.h"
#include "rotation/calls.h"
#include "rotation/deeds.h"
#include "rotation/ending.h"
#include "rotation/entries.h"
#include "rotation/making.h"
#include "rotation/plan.h"
#include "rotation/record.h"

static okta_error *done_at_once(oktai_course *course)
{
    course->stage = OKTAI_COURSE_DID;
    return NULL;
}

static okta_error *ask_for(oktai_course *course, okta_rotation_ask_fn *function)
{
    course->stage = OKTAI_COURSE_ASK;
    return oktai_ask(course, function);
}

static okta_error *make_beside(oktai_course *course)
{
    course->stage = OKTAI_COURSE_ASK;
    return oktai_making_begin(course);
}

/* The new one. */

static okta_error *made(oktai_course *course)
{
    char *name = NULL;
    okta_error *error = oktai_credential_name(&course->credential, &name);
    if (error == NULL) {
        error = oktai_enter_new(course, name);
    }
    okta_free(name);
    return error;
}

static okta_error *make(oktai_course *course)
{
    oktai_credential_clear(&course->credential);
    if (course->options.make != NULL) {
        return ask_for(course, course->options.make);
    }
    if (oktai_making_takes_long(&course->options)) {
        return make_beside(course);
    }
    okta_error *error = oktai_credential_make(&course->options, NULL, &course->credential);
    return error == NULL ? made(course) : error;
}

static okta_error *take_made(oktai_course *course, oktai_credential *given)
{
    if (!oktai_credential_is_there(given)) {
        return oktai_error_new(OKTA_E_ARG, "the program gave no key and no secret");
    }
    okta_error *error = oktai_credential_check(given, &course->options);
    if (error != NULL) {
        return error;
    }
    course->credential = *given;
    *given = (oktai_credential){NULL, NULL, NULL};
    return made(course);
}

static okta_error *imagine_made(oktai_course *course)
{
    return oktai_enter_new(course, OKTAI_PLANNED);
}

/* The program. */

static okta_error *ask_if_given(oktai_course *course, okta_rotation_ask_fn *function)
{
    return function == NULL ? done_at_once(course) : ask_for(course, function);
}

static okta_error *store(oktai_course *course)
{
    return ask_if_given(course, course->options.store);
}

static bool is_not_canceled(const oktai_course *course, const okta_error *error)
{
    (void)course;
    return okta_error_status(error) != OKTA_E_CANCELED;
}

static okta_error *switch_over(oktai_course *course)
{
    return ask_if_given(course, course->options.switch_over);
}

/* The proof. */

static okta_error *prove(oktai_course *course)
{
    if (course->options.prove != NULL) {
        return ask_for(course, course->options.prove);
    }
    okta_call *call = NULL;
    const oktai_seen_item *ours = oktai_rotation_ours(course->record, course->seen);
    okta_error *error = oktai_deed_prove(&course->options, &course->credential, ours->id, &call);
    return error == NULL ? oktai_calls_send(course, call) : error;
}

static bool is_disproof(const oktai_course *course, const okta_error *error)
{
    /* A call that gets a key is no login: what it is refused for is another credential. */
    bool is_login = course->options.prove != NULL || course->options.kind != OKTA_ROTATION_ENCRYPTION_KEY;
    return okta_error_status(error) == (is_login ? OKTA_E_AUTH : OKTA_E_CONFLICT);
}

/* The app. */

static okta_error *add(oktai_course *course)
{
    void *body = NULL;
    okta_call *call = NULL;
    okta_error *error = oktai_deed_add(&course->options, &course->credential, &body, &call);
    if (error == NULL) {
        error = oktai_calls_send(course, call);
    }
    okta_free(body);
    return error;
}

static okta_error *take_added(oktai_course *course, okta_call *call)
{
    return oktai_deed_take_added(call, course->options.kind, course->record->name, course->seen);
}

static okta_error *imagine_added(oktai_course *course)
{
    return oktai_seen_add(course->seen, OKTAI_PLANNED, OKTAI_PLANNED,
                          course->options.kind != OKTA_ROTATION_ENCRYPTION_KEY);
}

/* Whether the org did not take it. */
static bool is_refusal(const oktai_course *course, const okta_error *error)
{
    static const okta_status refusals[] = {OKTA_E_ARG, OKTA_E_INVALID, OKTA_E_FORBIDDEN, OKTA_E_NOT_FOUND,
                                           OKTA_E_CONFLICT};
    (void)course;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        if (okta_error_status(error) == refusals[i]) {
            return true;
        }
    }
    return false;
}

/* One that was given up is the only active one, and the org keeps it: another one comes first, and then it
 * goes. A run in which the rotation failed does not try another one. */
static bool is_kept(const oktai_course *course, const okta_error *error)
{
    const oktai_seen_item *item = course->move.item;
    bool is_dropped = (oktai_record_flags(course->record, item->name, item->id) & OKTA_ROTATION_DROPPED) != 0;
    bool has_another = false;
    for (size_t i = 0; i < course->seen->count; i++) {
        const oktai_seen_item *it = &course->seen->items[i];
        has_another = has_another || (it != item && it->active);
    }
    return is_dropped && !has_another && course->undoing == NULL &&
           course->options.start != OKTA_ROTATION_UNDO && is_refusal(course, error);
}

static okta_error *send_change(oktai_course *course)
{
    const oktai_move *move = &course->move;
    return oktai_calls_send(course, oktai_deed_change(&course->options, move->step, move->item->id));
}

static okta_error *imagine_active(oktai_course *course)
{
    oktai_seen_set_active(course->seen, course->move.item, course->options.kind,
                          course->move.step == OKTA_ROTATION_STEP_ACTIVATE);
    return NULL;
}

static okta_error *take_active(oktai_course *course, okta_call *call)
{
    (void)call;
    return imagine_active(course);
}

static okta_error *imagine_deleted(oktai_course *course)
{
    oktai_seen_remove(course->seen, course->move.item);
    return NULL;
}

static okta_error *take_deleted(oktai_course *course, okta_call *call)
{
    (void)call;
    return imagine_deleted(course);
}

/* The end. */

static okta_error *wait_for_time(oktai_course *course)
{
    oktai_end_wait(course, course->move.until_s);
    return NULL;
}

static okta_error *imagine_wait(oktai_course *course)
{
    course->ahead_s += course->move.until_s - oktai_run_now_s(course);
    return NULL;
}

const oktai_step_row oktai_step_rows[] = {
    [OKTA_ROTATION_STEP_NONE] = {.perform = done_at_once},
    [OKTA_ROTATION_STEP_MAKE] = {.perform = make, .imagine = imagine_made, .take_given = take_made},
    [OKTA_ROTATION_STEP_STORE] = {.perform = store, .takes_back = is_not_canceled},
    [OKTA_ROTATION_STEP_ADD] = {.perform = add,
                                .imagine = imagine_added,
                                .take_call = take_added,
                                .takes_back = is_refusal},
    [OKTA_ROTATION_STEP_ACTIVATE] = {.perform = send_change,
                                     .imagine = imagine_active,
                                     .take_call = take_active},
    [OKTA_ROTATION_STEP_PROVE] = {.perform = prove, .takes_back = is_disproof},
    [OKTA_ROTATION_STEP_SWITCH] = {.perform = switch_over},
    [OKTA_ROTATION_STEP_DEACTIVATE] = {.perform = send_change,
                                       .imagine = imagine_active,
                                       .take_call = take_active,
                                       .takes_back = is_kept},
    [OKTA_ROTATION_STEP_DELETE] = {.perform = send_change,
                                   .imagine = imagine_deleted,
                                   .take_call = take_deleted},
    [OKTA_ROTATION_STEP_WAIT] = {.perform = wait_for_time, .imagine = imagine_wait},
    [OKTA_ROTATION_STEP_FINISH] = {.perform = oktai_end_finish, .imagine = oktai_end_finish},
};
