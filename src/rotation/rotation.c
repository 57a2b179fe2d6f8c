/* SPDX-License-Identifier: Apache-2.0 */
#include "okta/rotation.h"

#include "client/client.h"
#include "core/arena.h"
#include "core/error.h"
#include "core/misuse.h"
#include "core/uri.h"
#include "rotation/course.h"
#include "rotation/plan.h"
#include "rotation/steps.h"

#define WAIT_MOST_S     31536000
#define OVERLAP_USUAL_S 10
#define GRACE_USUAL_S   86400

struct okta_rotation {
    oktai_course *course; /* held */
};

static okta_error *bad(const char *member, const char *why)
{
    return oktai_error_new(OKTA_E_ARG, "options.%s %s", member, why);
}

static okta_error *check_wait(const char *member, okta_opt_int value)
{
    return value.has && (value.value < 0 || value.value > WAIT_MOST_S)
               ? bad(member, "must be 0 to 31,536,000")
               : NULL;
}

static okta_error *check_journal(const okta_rotation_journal *journal)
{
    if (journal == NULL) {
        return oktai_error_null("options.journal");
    }
    if (journal->struct_size < sizeof *journal) {
        return bad("journal", "must have its struct_size");
    }
    bool whole =
        journal->load != NULL && journal->begin != NULL && journal->step != NULL && journal->forget != NULL;
    return whole ? NULL : bad("journal", "lacks one of its functions");
}

static okta_error *check_enums(const okta_rotation_options *options)
{
    if (options->kind < OKTA_ROTATION_SIGNING_KEY || options->kind > OKTA_ROTATION_CLIENT_SECRET) {
        return bad("kind", "is no value of its enum");
    }
    if ((unsigned)options->start > OKTA_ROTATION_UNDO) {
        return bad("start", "is no value of its enum");
    }
    if ((unsigned)options->retire > OKTA_ROTATION_RETIRE_NONE) {
        return bad("retire", "is no value of its enum");
    }
    if ((unsigned)options->key_type > OKTA_KEY_EC_P521) {
        return bad("key_type", "is no value of its enum");
    }
    if ((unsigned)options->client_auth_method > OKTA_CLIENT_AUTH_METHOD_CLIENT_SECRET_POST) {
        return bad("client_auth_method", "is no value of its enum");
    }
    return NULL;
}

static okta_error *check_fit(const okta_rotation_options *options)
{
    bool is_named = options->retire == OKTA_ROTATION_RETIRE_NAMED;
    if (is_named != (options->retire_name != NULL)) {
        return is_named ? oktai_error_null("options.retire_name")
                        : bad("retire_name", "goes with OKTA_ROTATION_RETIRE_NAMED only");
    }
    if (options->store == NULL && options->make == NULL) {
        return oktai_error_null("options.store");
    }
    if (options->kind == OKTA_ROTATION_ENCRYPTION_KEY && options->key_type >= OKTA_KEY_EC_P256) {
        return bad("key_type", "must be RSA for an encryption key");
    }
    if (options->kind == OKTA_ROTATION_CLIENT_SECRET && options->key_type != 0) {
        return bad("key_type", "goes with keys only");
    }
    okta_error *error = check_wait("overlap_s", options->overlap_s);
    return error == NULL ? check_wait("grace_s", options->grace_s) : error;
}

static okta_error *check(const okta_rotation_options *options)
{
    if (options == NULL) {
        return oktai_error_null("options");
    }
    if (options->struct_size < sizeof *options) {
        return oktai_error_new(OKTA_E_ARG, "options must begin as OKTA_ROTATION_OPTIONS_INIT");
    }
    if (options->client == NULL) {
        return oktai_error_null("options.client");
    }
    const char *reason = oktai_uri_refuse_id(options->app_id);
    if (reason != NULL) {
        return bad("app_id", reason);
    }
    okta_error *error = check_enums(options);
    if (error == NULL) {
        error = check_fit(options);
    }
    return error == NULL ? check_journal(options->journal) : error;
}

/* False: out of memory. */
static bool take_options(oktai_course *course, const okta_rotation_options *given)
{
    okta_rotation_options *options = &course->options;
    oktai_arena *arena = oktai_root_arena(course);
    *options = *given;
    options->client = okta_client_hold(given->client);
    if (options->scopes == NULL) {
        options->scopes = "okta.apps.read";
    }
    if (options->kind != OKTA_ROTATION_CLIENT_SECRET && options->key_type == 0) {
        options->key_type = OKTA_KEY_RSA_2048;
    }
    if (!options->grace_s.has) {
        options->grace_s = okta_int(GRACE_USUAL_S);
    }
    if (!options->overlap_s.has) {
        int64_t grace_s = options->grace_s.value;
        options->overlap_s = okta_int(grace_s < OVERLAP_USUAL_S ? grace_s : OVERLAP_USUAL_S);
    }
    return oktai_arena_keep(arena, &options->app_id) && oktai_arena_keep(arena, &options->retire_name) &&
           oktai_arena_keep(arena, &options->client_id) && oktai_arena_keep(arena, &options->scopes);
}

static void release(void *object)
{
    okta_rotation *rotation = object;
    oktai_course *course = rotation->course;
    if (course != NULL) {
        course->rotation = NULL;
        oktai_course_cancel(course);
        okta_free(course);
    }
}

okta_error *okta_rotation_new(const okta_rotation_options *options, okta_rotation **out)
{
    if (out == NULL) {
        return oktai_error_null("out");
    }
    *out = NULL;
    okta_error *error = check(options);
    if (error != NULL) {
        return error;
    }
    oktai_expect_root(__func__, options->client);
    okta_rotation *rotation = oktai_root_new(sizeof *rotation, 0, release);
    if (rotation != NULL) {
        rotation->course = oktai_course_new(oktai_step_rows);
    }
    if (rotation == NULL || rotation->course == NULL || !take_options(rotation->course, options)) {
        okta_free(rotation);
        return oktai_error_nomem();
    }
    rotation->course->rotation = rotation;
    *out = rotation;
    return NULL;
}

static okta_error *refuse(const okta_rotation *rotation)
{
    if (rotation == NULL) {
        return oktai_error_null("rotation");
    }
    if (oktai_process_is_another(&rotation->course->owner)) {
        return oktai_error_new(OKTA_E_ARG, "the rotation was made before fork: make one in the child");
    }
    if (rotation->course->stage != OKTAI_COURSE_IDLE) {
        return oktai_error_new(OKTA_E_ARG, "the rotation runs already");
    }
    return NULL;
}

okta_error *okta_rotation_submit(okta_rotation *rotation, okta_loop *loop, okta_rotation_done_fn *done,
                                 void *ctx)
{
    oktai_expect_root(__func__, rotation);
    oktai_expect_root(__func__, loop);
    okta_error *error = refuse(rotation);
    if (error == NULL && done == NULL) {
        error = oktai_error_null("done");
    }
    return error == NULL ? oktai_course_submit(rotation->course, loop, done, ctx) : error;
}

/* How a run in this thread ended. */
typedef struct ending {
    okta_error *error;
} ending;

static void keep_ending(void *ctx, okta_rotation *rotation, okta_error *error)
{
    ending *its = ctx;
    (void)rotation;
    its->error = error;
}

okta_error *okta_rotation_run(okta_rotation *rotation)
{
    oktai_expect_root(__func__, rotation);
    okta_loop *loop = NULL;
    ending its = {NULL};
    okta_error *error = refuse(rotation);
    if (error == NULL) {
        error = okta_loop_new(NULL, &loop);
    }
    if (error == NULL) {
        error = okta_rotation_submit(rotation, loop, keep_ending, &its);
    }
    if (error == NULL) {
        error = okta_loop_run(loop);
    }
    okta_free(loop);
    if (error != NULL) {
        okta_free(its.error);
        return error;
    }
    return its.error;
}

okta_error *okta_rotation_make_plan(okta_rotation *rotation, okta_rotation_plan **out)
{
    oktai_expect_root(__func__, rotation);
    if (out == NULL) {
        return oktai_error_null("out");
    }
    *out = NULL;
    okta_error *error = refuse(rotation);
    if (error != NULL) {
        return error;
    }
    oktai_plan plan = {.plan = oktai_root_new(sizeof *plan.plan, 512, NULL),
                       .names_keys = rotation->course->options.kind != OKTA_ROTATION_CLIENT_SECRET};
    if (plan.plan == NULL) {
        return oktai_error_nomem();
    }
    oktai_course *course = rotation->course;
    const okta_rotation_progress progress = course->progress;
    okta_rotation_record *shown = course->shown;
    bool began = course->began;
    course->shown = NULL;
    course->plan = &plan;
    error = okta_rotation_run(rotation);
    okta_free(course->shown);
    course->plan = NULL;
    course->progress = progress;
    course->shown = shown;
    course->began = began;
    if (error != NULL) {
        okta_free(plan.plan);
        return error;
    }
    *out = plan.plan;
    return NULL;
}

void okta_rotation_cancel(okta_rotation *rotation)
{
    oktai_expect_root(__func__, rotation);
    if (rotation != NULL) {
        oktai_course_cancel(rotation->course);
    }
}

const okta_rotation_progress *okta_rotation_look(const okta_rotation *rotation)
{
    oktai_expect_root(__func__, rotation);
    return rotation == NULL ? NULL : &rotation->course->progress;
}
