/* SPDX-License-Identifier: Apache-2.0 */
/* Calls in a loop of libuv, through its adapter. */
#ifndef OKTA_TESTS_DRIVERS_UV_DRIVER_H
#define OKTA_TESTS_DRIVERS_UV_DRIVER_H

#include "okta/loop.h"

/* A loop of libuv and one in it. After an error there are none. */
okta_error *uv_driver_open(void **events, okta_loop **out);

/* Until libuv has nothing left to wait for. */
okta_error *uv_driver_run(void *events, okta_loop *loop);

/* Let it do what there is to do. */
void uv_driver_look(void *events, okta_loop *loop);

/* Close it; the loop in it is gone. */
void uv_driver_close(void *events);

#endif
