/* SPDX-License-Identifier: Apache-2.0 */
/* Names as a test wants them. A program that has fault_resolver.c among its sources resolves no name outside
 * itself: its getaddrinfo() stands before the system's, for libcurl too. Numeric addresses are what they are,
 * names that end with ".test" what fault_resolver_set() said last, "localhost" and names that end with
 * ".example" are 127.0.0.1, and there are no others. */
#ifndef OKTA_TESTS_FAULTS_FAULT_RESOLVER_H
#define OKTA_TESTS_FAULTS_FAULT_RESOLVER_H

/* Addresses separated by spaces, in the order in which they are tried. */
void fault_resolver_set(const char *addresses);
/* Lookups fail with an EAI_ code. */
void fault_resolver_fail(int code);
/* Lookups do not return until anything else is set. */
void fault_resolver_hang(void);
/* Wait until no lookup hangs. */
void fault_resolver_await_idle(void);
/* Wait until one does. */
void fault_resolver_await_hanging(void);
/* How many lookups of names that end with ".test" began so far. */
unsigned fault_resolver_count(void);

#endif
