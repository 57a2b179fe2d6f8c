/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * An operation at work, and what its verbs do. Each of them writes the answer; one that fails makes it a
 * refusal or broken.
 */
#ifndef OKTA_TESTS_MOCK_ORG_WORK_H
#define OKTA_TESTS_MOCK_ORG_WORK_H

#include "mock_objects.h"

typedef struct mock_work {
    mock_call *call;
    const mock_operation *operation;
    const mock_path *path;
    mock_spot spot; /**< what the path is about */
    cJSON *body;    /**< NULL: none, or no JSON */
} mock_work;

/** Answer with the usual status of success, and with an object (nullable) where one is described. */
void mock_work_answer(const mock_work *at, const cJSON *object);
/** Answer with what is at the spot. */
void mock_work_answer_spot(const mock_work *at);

/** What objects of this call are made with. `url` is nullable; `now` gets the text of the time. */
void mock_work_maker(const mock_work *at, const char *url, char now[MOCK_TIMESTAMP_SIZE], mock_maker *out);
/** Whether the org itself writes a member of this name into an object: its id, its times and its links. */
bool mock_work_is_own(const char *name);
/**
 * The members of a body (nullable) that its object keeps: those of the object's shape, and those that nobody
 * knows, without those that the org itself writes. NULL: memory is out.
 */
cJSON *mock_work_kept(const mock_work *at, const cJSON *body);
/** The object that `base` makes at the spot. NULL: memory is out, and the answer is broken. */
cJSON *mock_work_make(const mock_work *at, const cJSON *base);
/** Put an object (nullable, owned) there. False: the answer is a refusal or broken. */
bool mock_work_store(const mock_work *at, cJSON *object);

void mock_work_create(mock_work *at);
void mock_work_replace(const mock_work *at);
void mock_work_update(const mock_work *at);
void mock_work_delete_all(const mock_work *at, const mock_place *place);
void mock_work_change_state(const mock_work *at);

#endif
