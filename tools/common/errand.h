/* SPDX-License-Identifier: Apache-2.0 */
/* Commands of the user that store a new key or secret, or have services use it. Each runs by /bin/sh in a
 * process group and a thread of its own, has OKTA_APP_ID, OKTA_KID and OKTA_SECRET_ID in its environment,
 * makes files that only its user can read (umask 077), and is ended after 60 seconds. */
#ifndef OKTA_TOOLS_ERRAND_H
#define OKTA_TOOLS_ERRAND_H

#include <okta/rotation.h>

typedef enum errand_reads {
    ERRAND_READS_NOTHING,
    ERRAND_READS_NEW, /* the new key in PEM, or the new secret */
} errand_reads;

/* A line that a command says. */
typedef struct errand_words {
    const char *name; /* of the order */
    const char *app_id;
    okta_rotation_kind kind;
    const char *line; /* what may be a secret is hidden in it */
} errand_words;

/* Both texts are copied. */
typedef struct errand_order {
    const char *name; /* that messages call the command by, such as "--store" */
    const char *command;
    errand_reads reads;
    /* Is told what the command says on its standard error, in another thread, before the answer. What it says
     * on its standard output is dropped, since that is where a key would be printed. NULL: both go to
     * standard error as they are. */
    void (*tell)(const errand_words *words);
} errand_order;

/* Run a command, and answer `ask` when it has ended, or when it cannot begin. */
void errand_run(const errand_order *order, const okta_rotation_subject *subject, okta_rotation_ask *ask);

/* End the commands that run, and all that they began: none of them may write later than the rotation that
 * goes on. No further one begins. One that cannot be killed, such as another user's, is waited for half a
 * second. */
void errand_end_all(void);

#endif
