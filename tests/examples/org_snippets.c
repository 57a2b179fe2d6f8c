/* SPDX-License-Identifier: Apache-2.0 */
/* test_documents.c compares the code blocks of the guide pages with this file and with the examples. */
#include "org_snippets.h"

#include <stdlib.h>

okta_error *guide_create_staged_user(okta_client *client, FILE *out)
{
    okta_user_profile profile = {
        .model = OKTA_INIT(okta_user_profile),
        .login = "ann@example.com",
        .email = "ann@example.com",
        .first_name = "Ann",
        .last_name = "Lee",
    };
    const okta_create_user_request body = {
        .model = OKTA_INIT(okta_create_user_request),
        .profile = &profile,
    };
    const okta_create_user_params params = {
        .model = OKTA_INIT(okta_create_user_params),
        .activate = okta_bool(false),
    };
    okta_user *user = NULL;
    okta_error *error = okta_create_user(client, &params, &body, &user);
    if (error == NULL && user->status == OKTA_USER_STATUS_STAGED) {
        fprintf(out, "%s waits for its activation\n", user->id);
    }
    okta_free(user);
    return error;
}

void guide_print_scopes(FILE *out)
{
    const char *const *scopes = okta_operation_scopes("createUser");
    for (; scopes != NULL && *scopes != NULL; scopes++) {
        fprintf(out, "%s\n", *scopes);
    }
}

okta_error *guide_upload_logo(okta_client *client, const char *brand_id, const char *theme_id,
                              const void *image, size_t image_length)
{
    okta_upload file = OKTA_UPLOAD_INIT;
    file.file_name = "logo.png";
    file.media_type = "image/png";
    file.data = image;
    file.length = image_length;
    const okta_upload_brand_theme_logo_request body = {
        .model = OKTA_INIT(okta_upload_brand_theme_logo_request),
        .file = &file,
    };
    okta_image_upload_response *stored = NULL;
    okta_error *error = okta_upload_brand_theme_logo(client, brand_id, theme_id, &body, &stored);
    okta_free(stored);
    return error;
}

okta_error *guide_free_form_answer(okta_client *client, FILE *out)
{
    okta_json *document = NULL;
    okta_error *error = okta_get_web_authn_well_known_uri(client, &document);
    if (error == NULL) {
        fprintf(out, "%s\n", document->json);
    }
    okta_free(document);
    return error;
}

okta_error *guide_print_apps(okta_client *client, FILE *out)
{
    okta_pages *pages = okta_list_applications_pages(client, NULL);
    for (okta_application *app; (app = OKTA_NEXT(pages, okta_application)) != NULL;) {
        if (app->sign_on_mode == OKTA_APPLICATION_SIGN_ON_MODE_OPENID_CONNECT && app->label != NULL) {
            const char *method =
                app->credentials != NULL && app->credentials->oauth_client != NULL
                    ? okta_enum_text(app->credentials->oauth_client, "token_endpoint_auth_method")
                    : NULL;
            fprintf(out, "%s signs in by %s\n", app->label, method != NULL ? method : "an unknown way");
        }
    }
    okta_error *error = okta_pages_error(pages);
    okta_free(pages);
    return error;
}

okta_error *guide_missing_operation(okta_client *client, const char *user_id, FILE *out)
{
    char path[256];
    snprintf(path, sizeof path, "/api/v1/users/%s/made-up", user_id);
    okta_call *call = okta_request_call(client, "POST", path, "{\"level\":3}");
    okta_error *error = okta_call_run(call);
    okta_user *user = NULL;
    if (error == NULL) {
        size_t length = 0;
        const char *json = okta_call_body(call, &length);
        error = okta_from_json(okta_user_descriptor(), json, length, &user);
    }
    if (error == NULL) {
        fprintf(out, "%s\n", user->id);
    }
    okta_free(user);
    okta_free(call);
    return error;
}

okta_error *guide_read_attributes(okta_client *client, const char *user_id, FILE *out)
{
    okta_user_get_singleton *user = NULL;
    okta_error *error = okta_get_user(client, user_id, NULL, &user);
    if (error == NULL && user->profile != NULL) {
        const char *team = okta_extra_text(user->profile, "team");
        const char *level = okta_extra(user->profile, "level");
        const char *badges = okta_extra(user->profile, "badges");
        fprintf(out, "team: %s\n", team != NULL ? team : "none");
        fprintf(out, "level: %ld\n", level != NULL ? strtol(level, NULL, 10) : 0);
        fprintf(out, "badges, as JSON: %s\n", badges != NULL ? badges : "none");
    }
    okta_free(user);
    return error;
}

okta_error *guide_create_with_attributes(okta_client *client, okta_user **user)
{
    const okta_member custom[] = {
        {.name = "team", .text = "red"},
        {.name = "level", .json = "3"},
        {.name = "badges", .json = "[\"first aid\",\"forklift\"]"},
    };
    okta_user_profile profile = {
        .model = OKTA_INIT_EXTRAS(okta_user_profile, custom),
        .login = "ann@example.com",
        .email = "ann@example.com",
        .first_name = "Ann",
        .last_name = "Lee",
    };
    const okta_create_user_request body = {
        .model = OKTA_INIT(okta_create_user_request),
        .profile = &profile,
    };
    okta_error *error = okta_create_user(client, NULL, &body, user);
    return error;
}

okta_error *guide_replace_attributes(okta_client *client, const char *user_id)
{
    okta_user_get_singleton *user = NULL;
    okta_error *error = okta_get_user(client, user_id, NULL, &user);
    if (error == NULL) {
        error = okta_set_extra_text(user, user->profile, "team", "blue");
    }
    if (error == NULL) {
        error = okta_set_extra(user, user->profile, "badges", NULL); /* not in what is sent */
    }
    okta_user *replaced = NULL;
    if (error == NULL) {
        const okta_update_user_request body = {
            .model = OKTA_INIT(okta_update_user_request),
            .profile = user->profile,
        };
        error = okta_replace_user(client, user_id, NULL, &body, &replaced);
    }
    okta_free(replaced);
    okta_free(user);
    return error;
}

okta_error *guide_clear_attribute(okta_client *client, const char *user_id)
{
    const okta_member custom[] = {{.name = "team", .text = OKTA_NULL}};
    okta_user_profile profile = {.model = OKTA_INIT_EXTRAS(okta_user_profile, custom)};
    const okta_update_user_request body = {
        .model = OKTA_INIT(okta_update_user_request),
        .profile = &profile,
    };
    okta_user *user = NULL;
    okta_error *error = okta_update_user(client, user_id, NULL, &body, &user);
    okta_free(user);
    return error;
}

okta_error *guide_change_group(okta_client *client, const char *group_id)
{
    okta_group *group = NULL, *replaced = NULL;
    okta_error *error = okta_get_group(client, group_id, &group);
    if (error == NULL) {
        error = okta_set_extra_text(group, group->profile, "costCenter", "4711");
    }
    if (error == NULL) {
        const okta_replace_group_request body = {
            .model = OKTA_INIT(okta_replace_group_request),
            .profile = group->profile,
        };
        error = okta_replace_group(client, group_id, &body, &replaced);
    }
    okta_free(replaced);
    okta_free(group);
    return error;
}

okta_error *guide_change_app_user(okta_client *client, const char *app_id, const char *user_id)
{
    const okta_member custom[] = {{.name = "role", .text = "auditor"}};
    okta_app_user_profile profile = {.model = OKTA_INIT_EXTRAS(okta_app_user_profile, custom)};
    const okta_app_user_update_request body = {
        .model = OKTA_INIT(okta_app_user_update_request),
        .profile = &profile,
    };
    okta_app_user *user = NULL;
    okta_error *error = okta_update_application_user(client, app_id, user_id, &body, &user);
    okta_free(user);
    return error;
}

okta_error *guide_change_app_settings(okta_client *client, const char *app_id)
{
    okta_application *app = NULL, *replaced = NULL;
    okta_error *error = okta_get_application(client, app_id, NULL, &app);
    if (error == NULL && app->settings != NULL && app->settings->app != NULL) {
        error = okta_set_extra_text(app, app->settings->app, "subDomain", "example");
        app->settings->app->url = "https://app.example.com/login";
    }
    if (error == NULL) {
        error = okta_replace_application(client, app_id, app, &replaced);
    }
    okta_free(replaced);
    okta_free(app);
    return error;
}

static void print_event(const okta_system_log_event *event, FILE *out)
{
    fprintf(out, "%s %s\n", event->uuid, event->event_type);
}

okta_error *guide_follow_log(okta_client *client, const char *since,
                             bool (*keep)(void *ctx, const char *cursor), bool (*rest)(void *ctx), void *ctx,
                             FILE *out)
{
    const okta_list_log_events_params params = {
        .model = OKTA_INIT(okta_list_log_events_params),
        .since = since,
    };
    okta_pages *pages = okta_list_log_events_pages(client, &params);
    okta_error *error = NULL;
    bool kept = true;
    do {
        for (okta_system_log_event *event; (event = OKTA_NEXT(pages, okta_system_log_event)) != NULL;) {
            print_event(event, out);
        }
        error = okta_pages_error(pages);
        kept = keep(ctx, okta_pages_cursor(pages));
    } while (error == NULL && kept && rest(ctx));
    okta_free(pages);
    return error;
}

okta_error *guide_log_of_a_day(okta_client *client, FILE *out)
{
    const okta_list_log_events_params params = {
        .model = OKTA_INIT(okta_list_log_events_params),
        .since = "2026-01-02T00:00:00.000Z",
        .until = "2026-01-03T00:00:00.000Z",
        .filter = "eventType eq \"user.session.start\" and outcome.result eq \"FAILURE\"",
        .limit = okta_int(1000),
    };
    okta_pages *pages = okta_list_log_events_pages(client, &params);
    for (okta_system_log_event *event; (event = OKTA_NEXT(pages, okta_system_log_event)) != NULL;) {
        print_event(event, out);
    }
    okta_error *error = okta_pages_error(pages);
    okta_free(pages);
    return error;
}
