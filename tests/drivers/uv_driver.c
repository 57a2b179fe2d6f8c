/* SPDX-License-Identifier: Apache-2.0 */
#include "drivers/uv_driver.h"

#include <stdio.h>
#include <stdlib.h>

#include "okta/adapters/uv.h"

void uv_driver_close(void *events)
{
    if (uv_run(events, UV_RUN_DEFAULT) != 0 || uv_loop_close(events) != 0) {
        fputs("the driver of the test: something is left in the loop of libuv\n", stderr);
        abort();
    }
    free(events);
}

okta_error *uv_driver_open(void **events, okta_loop **out)
{
    uv_loop_t *uv = calloc(1, sizeof *uv);
    if (uv == NULL || uv_loop_init(uv) != 0) {
        free(uv);
        return okta_call_run(NULL); /* out of memory */
    }
    okta_error *error = okta_uv_loop_new(uv, out);
    if (error != NULL) {
        uv_driver_close(uv);
        uv = NULL;
    }
    *events = uv;
    return error;
}

okta_error *uv_driver_run(void *events, okta_loop *loop)
{
    (void)loop;
    uv_run(events, UV_RUN_DEFAULT);
    return NULL;
}

void uv_driver_look(void *events, okta_loop *loop)
{
    okta_loop_on_timer(loop);
    uv_run(events, UV_RUN_NOWAIT);
}
