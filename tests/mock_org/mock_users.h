/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * The made-up users of mock_org_options.users. They take no memory.
 */
#ifndef OKTA_TESTS_MOCK_ORG_USERS_H
#define OKTA_TESTS_MOCK_ORG_USERS_H

#include "mock_state.h"

/** The place of all users, the made-up ones and those that clients created. */
#define MOCK_USERS_PLACE  "/api/v1/users/*"
#define MOCK_USERS_FOLDER "/api/v1/users"

/** Which made-up user has this id or login. By its id only the first 10,000 are found. */
bool mock_user_find(const mock_org *org, const char *id, unsigned *out_number);
/**
 * The id of the user whom a path names: by the id, the login in letters of any case, or what stands before
 * the
 * `@` of the login where only one user has it. `name` itself where there is no such user. `made` may hold the
 * result.
 */
const char *mock_user_id(const mock_org *org, const char *name, char made[MOCK_ID_SIZE]);
/** A made-up user. NULL: memory is out. */
cJSON *mock_user_json(unsigned number);

#endif
