/* SPDX-License-Identifier: Apache-2.0 */
/* What a settle_org puts on the wire in answer to a request. */
#ifndef OKTA_TESTS_FAULTS_SETTLE_SEND_H
#define OKTA_TESTS_FAULTS_SETTLE_SEND_H

#include "faults/fault_connection.h"
#include "faults/settle_org.h"

/* Both: false when the connection is over. */
bool settle_send_answer(fault_connection *self, int status, const char *body);
/* `struck`: how many answers got lost, with this one. `body`: of the good answer; it is changed. */
bool settle_send_fault(fault_connection *self, const settle_cause *cause, unsigned struck, char *body);

#endif
