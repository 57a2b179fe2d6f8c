/* SPDX-License-Identifier: Apache-2.0 */
/* Identifiers of tokens: no two are alike, whoever draws them. */
#ifndef OKTA_TESTS_UNIT_JTI_SUPPORT_H
#define OKTA_TESTS_UNIT_JTI_SUPPORT_H

#include "unit/signer_support.h"

#include "auth/assertion.h"

typedef char jti_text[OKTAI_JTI_SIZE];

/* Sorts them. */
void assert_all_differ(jti_text *texts, size_t count);

/* What the threads of a crowd write, and by what: `by` is theirs to share. */
typedef struct jti_source {
    void *by;
    void *(*hold)(void *by); /* nullable: a thread has its own hold on it, and releases that in the end */
    okta_error *(*write)(void *by, oktai_buffer *out);
    bool (*verifies)(const parsed_jws *jws);
} jti_source;

typedef struct jti_crowd jti_crowd;

/* Threads that write hundreds of tokens each, at the same time. */
jti_crowd *jti_crowd_start(const jti_source *source);
/* Waits for them and fails the test unless every token was written and verifies, and no identifier came
 * twice. */
void jti_crowd_finish(jti_crowd *crowd);

#endif
