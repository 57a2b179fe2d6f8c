/* SPDX-License-Identifier: Apache-2.0 */
/* The events of a client's log. */
#ifndef OKTA_CLIENT_LOG_H
#define OKTA_CLIENT_LOG_H

#include "client/call.h"

void oktai_log_attempt(const okta_call *call, const oktai_attempt *attempt, const oktai_decision *decision);
void oktai_log_end(const okta_call *call, const okta_error *error);
#if defined(__GNUC__)
__attribute__((format(printf, 4, 5)))
#endif
void oktai_log_note(const okta_call *call, okta_log_level level, int64_t wait_ms, const char *format, ...);
void oktai_log_set_aside(const okta_call *call, size_t count, const char *first_name);

#endif
