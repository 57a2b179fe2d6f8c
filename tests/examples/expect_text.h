/* SPDX-License-Identifier: Apache-2.0 */
/* Expectations about what a program or a snippet printed or sent. Each shows the text in its complaint. */
#ifndef OKTA_TESTS_EXAMPLES_EXPECT_TEXT_H
#define OKTA_TESTS_EXAMPLES_EXPECT_TEXT_H

/* The part stands in the text, which is there. */
void assert_contains(const char *text, const char *part);
/* It does not. */
void assert_lacks(const char *text, const char *part);

#endif
