/* SPDX-License-Identifier: Apache-2.0 */
/* What requests come to, for many rows. */
#ifndef OKTA_TESTS_FAULTS_FAULT_VERDICTS_H
#define OKTA_TESTS_FAULTS_FAULT_VERDICTS_H

#include "faults/fault_table.h"

#define FAULT_ALL (FAULT_RETRIES + 1)

/* The answer that is due, or another good one. */
extern const fault_verdict fault_whole;
/* No answer, or none to its end: what only reads is repeated, and a creation is not. */
extern const fault_verdict fault_lost;
/* What comes is no HTTP; a repetition would not change it. */
extern const fault_verdict fault_refused;
/* A whole answer of status 200 that is not what it says. */
extern const fault_verdict fault_nonsense;
/* Nothing was sent: everything is repeated. */
extern const fault_verdict fault_unreached;
/* Nothing was sent, and nothing will be. */
extern const fault_verdict fault_barred;
/* The same, by the program's own doing. */
extern const fault_verdict fault_misconfigured;
/* No connection in time. */
extern const fault_verdict fault_unconnected;
/* The deadline, or the slowness of an answer, ends the call in its first attempt. */
extern const fault_verdict fault_late;
/* The server's trouble (5xx), a creation with it may have happened. */
extern const fault_verdict fault_server_trouble;
/* An answer of 429 to each attempt, and to the only one that there is time for. */
extern const fault_verdict fault_limited;
extern const fault_verdict fault_limited_at_once;
/* The request is refused for its content (4xx). */
extern const fault_verdict fault_invalid;
/* A refusal, or a 2xx, that nothing shows to be Okta's. */
extern const fault_verdict fault_foreign;
/* An answer that is none of a Management API (3xx). */
extern const fault_verdict fault_unfollowed;
/* Pages to the end, and to one that is refused. */
extern const fault_verdict fault_listed;
extern const fault_verdict fault_unlisted;

#endif
