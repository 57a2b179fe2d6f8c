/* SPDX-License-Identifier: Apache-2.0 */
/* One request of a call, with all that it points to. */
#ifndef OKTA_CLIENT_SENDING_H
#define OKTA_CLIENT_SENDING_H

#include "core/arena.h"
#include "core/buffer.h"
#include "http/exchange.h"

/* Zeroed it is none; oktai_sending_clear() releases what was made for the request. */
typedef struct oktai_sending {
    oktai_request request;
    const char **lines; /* of its headers, NULL at the end; NULL: no room was made for any */
    size_t line_count;
    char retry_count[40];
    oktai_buffer proof; /* header line; empty: none */
    oktai_buffer form;  /* the body, where it is made anew for each attempt */
} oktai_sending;

/* Make room in the arena for so many lines, once. False: out of memory. */
bool oktai_sending_begin(oktai_sending *sending, oktai_arena *arena, size_t count);
void oktai_sending_add_line(oktai_sending *sending, const char *line);
void oktai_sending_clear(oktai_sending *sending);

#endif
