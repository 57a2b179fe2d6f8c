/* SPDX-License-Identifier: Apache-2.0 */
/* The code that the guides about Okta's reference, custom attributes and the System Log quote, as functions
 * that test_org_guides.c runs against the mock org. */
#ifndef OKTA_TESTS_ORG_SNIPPETS_H
#define OKTA_TESTS_ORG_SNIPPETS_H

#include <okta/api/application.h>
#include <okta/api/application_users.h>
#include <okta/api/associated_domain_customizations.h>
#include <okta/api/group.h>
#include <okta/api/system_log.h>
#include <okta/api/themes.h>
#include <okta/api/user.h>
#include <okta/okta.h>
#include <stdio.h>

/* Each returns the error that the guide would show; the caller releases it. What a snippet prints goes to
 * `out`. */
okta_error *guide_create_staged_user(okta_client *client, FILE *out);
void guide_print_scopes(FILE *out);
okta_error *guide_upload_logo(okta_client *client, const char *brand_id, const char *theme_id,
                              const void *image, size_t image_length);
okta_error *guide_free_form_answer(okta_client *client, FILE *out);
okta_error *guide_print_apps(okta_client *client, FILE *out);
okta_error *guide_missing_operation(okta_client *client, const char *user_id, FILE *out);
okta_error *guide_read_attributes(okta_client *client, const char *user_id, FILE *out);
okta_error *guide_create_with_attributes(okta_client *client, okta_user **user);
okta_error *guide_replace_attributes(okta_client *client, const char *user_id);
okta_error *guide_clear_attribute(okta_client *client, const char *user_id);
okta_error *guide_change_group(okta_client *client, const char *group_id);
okta_error *guide_change_app_user(okta_client *client, const char *app_id, const char *user_id);
okta_error *guide_change_app_settings(okta_client *client, const char *app_id);
/* `keep` gets the cursor after each poll, `rest` is called between two polls; false ends the loop. */
okta_error *guide_follow_log(okta_client *client, const char *since,
                             bool (*keep)(void *ctx, const char *cursor), bool (*rest)(void *ctx), void *ctx,
                             FILE *out);
okta_error *guide_log_of_a_day(okta_client *client, FILE *out);

#endif
