/* SPDX-License-Identifier: Apache-2.0 */
/* Folders, files and an environment for tests of the configuration. */
#ifndef OKTA_TESTS_UNIT_CONFIG_SUPPORT_H
#define OKTA_TESTS_UNIT_CONFIG_SUPPORT_H

/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
/* clang-format on */

#include <stdbool.h>

#include "config/config.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define WORLD_PATH      512u
#define WORLD_VARIABLES 40u

typedef struct config_world {
    char home[64];
    char folder[64];
    char *lines[WORLD_VARIABLES]; /* `NAME=value` */
    size_t count;
    oktai_config_places places; /* home, folder and the variables; a test may change it */
    okta_client_options code;
} config_world;

/* cmocka's setup and teardown; the state is a config_world with two empty folders of its own. */
int config_begin(void **state);
int config_end(void **state);
#define CONFIG_TEST(function) cmocka_unit_test_setup_teardown(function, config_begin, config_end)

/* Forget variables, files and code. */
void config_reset(config_world *world);

/* Set a variable, also one that is there. A NULL value sets nothing. */
void config_set(config_world *world, const char *name, const char *value);

/* Write `~/.okta/okta.yaml`, `okta.yaml` or `.okta.yaml`, with mode 0600. Text of any bytes. */
void config_write(const char *path, const char *text, size_t length);
void config_write_home(const config_world *world, const char *text);
void config_write_folder(const config_world *world, const char *text);
void config_write_dot(const config_world *world, const char *text);

/* "okta: client: ..." with one value at a row's path. The caller frees it. */
char *config_yaml_of(const oktai_option_row *row, const char *value);

/* Load; the options are the caller's. Fails the test when they are refused. */
okta_client_options *config_load(const config_world *world);

/* Fails the test unless loading is OKTA_E_CONFIG with this phrase in its message and without that one
 * (nullable). */
void config_refused(const config_world *world, const char *phrase, const char *secret);

/* Whether the text of a path in the world's folder stands in a message. */
const char *config_path(const config_world *world, const char *name);

/* The row of a member, or of a variable. */
const oktai_option_row *row_named(const char *name);
const oktai_option_row *row_of_variable(const char *variable_name);

/* The n-th of several different values that a row takes, as text. */
const char *config_sample(const oktai_option_row *row, unsigned n);

/* A described value; NULL: no such row. */
const okta_option_value *value_named(const okta_option_values *values, const char *name);

#endif
