/* SPDX-License-Identifier: Apache-2.0 */
/* The code that the guide pages quote, as functions that test_guides.c runs against the mock org. */
#ifndef OKTA_TESTS_GUIDE_SNIPPETS_H
#define OKTA_TESTS_GUIDE_SNIPPETS_H

#include <okta/api/application_sso_public_keys.h>
#include <okta/okta.h>
#include <pthread.h>
#include <stdio.h>
#include <time.h>

/* Each returns the error that the guide would show; the caller releases it. What a snippet prints goes to
 * `out`. */
okta_error *guide_call_with_limits(okta_client *client, const char *app_id, FILE *out);
okta_error *guide_raw_request(okta_client *client, FILE *out);
okta_error *guide_client_with_log(const char *org_url, const char *token, okta_client **client);
okta_error *guide_create_secret(okta_client *client, const char *app_id, FILE *out);
okta_error *guide_change_and_send(okta_client *client, const char *app_id, const char *key_id);
okta_error *guide_read_unknown(okta_client *client, const char *app_id, const char *key_id, FILE *out);
okta_error *guide_keep_one_key(okta_client *client, const char *app_id, okta_oauth2_client_jwk **kept);
okta_error *guide_extra_as_cjson(const okta_oauth2_client_jwk *key, FILE *out);
okta_error *guide_change_extras(okta_oauth2_client_jwk *key, FILE *out);
void guide_print_links(const okta_oauth2_client_jwk *key, FILE *out);
okta_error *guide_print_age(const okta_oauth2_client_jwk *key, int64_t now, FILE *out);
okta_error *guide_send_an_extra(okta_client *client, const char *app_id, const okta_key *key);
void guide_print_error(const okta_error *error, FILE *out);
okta_error *guide_delete_if_there(okta_client *client, const char *app_id, const char *key_id);
okta_error *guide_add_and_settle(okta_client *client, const char *app_id,
                                 const okta_oauth2_client_jwk_request *request,
                                 okta_oauth2_client_jwk **added);
void guide_tell_when_to_repeat(const okta_error *error, FILE *out);
okta_error *guide_read_encrypted_pem(const char *pem, size_t length, okta_key **key);
okta_error *guide_encryption_key(const okta_key *key, okta_oauth2_client_jwk_request **request);
okta_error *guide_is_my_key(const okta_key *mine, const okta_oauth2_client_jwk *theirs, int *same);

okta_error *guide_list_within(okta_client *client, const char *app_id, time_t seconds);
/* The error of the call; that of the pages is `*of_pages`. */
okta_error *guide_end_by_token(okta_client *client, const char *app_id, okta_error **of_pages);
/* A client whose token is in a file. */
okta_error *guide_client_with_source(const char *org_url, char *path, okta_client **client);
okta_error *guide_reload(okta_client *client);
/* Prints the users' ids to standard output. */
okta_error *guide_users_by_loop(okta_client *client);
void guide_shut_down(okta_client *client, const pthread_t *threads, size_t count);

#endif
