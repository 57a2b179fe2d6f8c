/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * From a request's method and target to what answers it: a route with rules of its own, or an operation of
 * the generated table.
 */
#ifndef OKTA_TESTS_MOCK_ORG_ROUTES_H
#define OKTA_TESTS_MOCK_ORG_ROUTES_H

#include "mock_path.h"
#include "mock_state.h"
#include "mock_table.h"

struct mock_route;

typedef struct mock_way {
    mock_path path;
    bool split;                      /**< the path has segments */
    bool known;                      /**< the path answers to some method */
    const struct mock_route *route;  /**< NULL: none */
    const char *ids[2];              /**< of the route */
    const mock_operation *operation; /**< NULL: none, or there is a route */
} mock_way;

mock_way mock_way_of(const char *method, const char *target);
void mock_way_clear(mock_way *way);
/** Whether the caller may go there, as far as credentials tell. False: the answer is a refusal. */
bool mock_way_admits(mock_call *call, const mock_way *way);
/** Answer a request; 404 and 405 are answered here. */
void mock_route(mock_call *call, const mock_way *way);

#endif
