/* SPDX-License-Identifier: Apache-2.0 */
/* What all exchanges of a run share. */
#ifndef OKTA_REPLAY_RUN_H
#define OKTA_REPLAY_RUN_H

#include "members.h"
#include "okta/client.h"
#include "server.h"

typedef struct replay_run {
    okta_client *client;   /* NULL: bodies are decoded and encoded, and nothing is sent */
    replay_server *server; /* NULL with a client: the client's org is a real one */
    notes notes;
    member_counts answers;
    member_counts requests;
} replay_run;

#endif
