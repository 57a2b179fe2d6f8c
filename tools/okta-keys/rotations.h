/* SPDX-License-Identifier: Apache-2.0 */
/* Rotations of many apps, side by side. */
#ifndef OKTA_KEYS_ROTATIONS_H
#define OKTA_KEYS_ROTATIONS_H

#include "apps.h"
#include "key_store.h"

struct rotations;

/* The rotation of an app. */
typedef struct rotation_job {
    struct rotations *all;
    const app_name *name;
    key_store store;
    okta_rotation *rotation;
    okta_error *error;
    bool is_running;
    bool is_ended;
    int64_t due_ms; /* when it goes on, by the time of day; 0: at once */
} rotation_job;

typedef struct rotations {
    rotation_job *jobs;
    size_t count;
    size_t at_once;
    size_t running;
    size_t ended;
    size_t failed;
    bool stops_at_failure;
    bool is_stopped;     /* no further one begins */
    bool is_interrupted; /* by a signal, which ends those that run, too */
    okta_loop *loop;
} rotations;

/* Run them, `at_once` at a time, until each is over, or waits for a time that is far away. A signal ends all.
 */
okta_error *rotations_run(rotations *all);

#endif
