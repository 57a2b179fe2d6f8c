/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * Answers that send back what came: as some gateways do in their error pages.
 */
#ifndef OKTA_TESTS_MOCK_ORG_ECHO_H
#define OKTA_TESTS_MOCK_ORG_ECHO_H

#include "mock_answer.h"
#include "mock_record.h"

/**
 * Answer with an Okta error document whose every text is the whole request, headers and body, in this form;
 * X-Okta-Request-Id is the request's credential in the same form.
 */
void mock_echo_answer(mock_answer *answer, const mock_record *record, mock_echo how, unsigned status);

#endif
