/* SPDX-License-Identifier: Apache-2.0 */
/* A process that runs short of descriptors, and one that lives long. */
#include <fcntl.h>
#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "process/children.h"
#include "process/small_org.h"

#define DESCRIPTORS 24
#define WARM_UP     100u
#define ROUNDS      5u
#define CYCLES      200u         /* clients in a round */
#define BYTES_LOST  ((size_t)16) /* the smallest block there is */

/* The limit that leaves so many descriptors to be had. */
static rlim_t limit_for(int descriptors)
{
    int limit = 0;
    while (descriptors > 0 || fcntl(limit, F_GETFD) >= 0) {
        descriptors -= fcntl(limit, F_GETFD) < 0;
        limit++;
    }
    return (rlim_t)limit;
}

static int count_descriptors(void)
{
    int count = 0;
    for (int i = 0; i < 1024; i++) {
        count += fcntl(i, F_GETFD) >= 0;
    }
    return count;
}

static bool allow_descriptors(rlim_t count)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return false;
    }
    limit.rlim_cur = count;
    return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

static const char *expect_typed(okta_status status)
{
    CHILD_EXPECT(status == OKTA_OK || status == OKTA_E_NOMEM || status == OKTA_E_TRANSPORT ||
                 status == OKTA_E_CONFIG || status == OKTA_E_TIMEOUT);
    return NULL;
}

/* With so many descriptors more than there are, and then with enough. */
static const char *call_with(const small_org *org, int descriptors, bool *good)
{
    okta_client *client = NULL;
    okta_status status = OKTA_OK;
    int before = count_descriptors();
    CHILD_EXPECT(allow_descriptors(limit_for(descriptors)));
    okta_error *error = small_org_try_client(org, &client);
    const char *wrong = expect_typed(okta_error_status(error));
    okta_free(error);
    *good = client != NULL && small_org_get(client, &status);
    wrong = wrong == NULL ? expect_typed(status) : wrong;
    CHILD_EXPECT(*good == (client != NULL && status == OKTA_OK));
    CHILD_EXPECT(allow_descriptors(1024));
    if (client != NULL) {
        CHILD_EXPECT(small_org_get(client, NULL));
        CHILD_EXPECT(small_org_post(client, NULL));
    }
    okta_free(client);
    CHILD_EXPECT(count_descriptors() <= before + 1); /* OpenSSL may keep its source of randomness open */
    return wrong;
}

static const char *run_short_of_descriptors(void *context)
{
    unsigned bad = 0;
    unsigned well = 0;
    for (int i = 0; i < DESCRIPTORS; i++) {
        bool good;
        const char *wrong = call_with(context, i, &good);
        if (wrong != NULL) {
            return wrong;
        }
        bad += !good;
        well += good;
    }
    /* The limit was felt, and there is an end to it. */
    CHILD_EXPECT(bad >= 2);
    CHILD_EXPECT(well >= 10);
    return NULL;
}

static void a_lack_of_descriptors_is_an_error_that_passes(void **state)
{
    small_org *org = *state;
    for (unsigned kind = 0; kind < SMALL_KINDS; kind++) {
        small_org_start(org, (small_org_kind)kind, NULL);
        org->patient = true;
        run_in_child("few descriptors", run_short_of_descriptors, org);
        small_org_stop(org);
    }
}

static const char *live_for(const small_org *org, unsigned cycles, bool leaks)
{
    for (unsigned i = 0; i < cycles; i++) {
        okta_client *client = NULL;
        CHILD_EXPECT(small_org_try_client(org, &client) == NULL);
        CHILD_EXPECT(small_org_get(client, NULL));
        if (leaks) {
            CHILD_EXPECT(okta_client_new(NULL, NULL) != NULL); /* an error that nobody frees */
        }
        okta_free(client);
    }
    return NULL;
}

/* The allocator's own caches fill in some rounds and not in others; what is lost with each client is lost in
 * every round. Under a sanitizer the figures are 0: there it looks for leaks itself. */
static const char *find_least_growth(const small_org *org, bool leaks, size_t *least)
{
    const char *wrong = live_for(org, WARM_UP, false);
    *least = SIZE_MAX;
    for (unsigned i = 0; wrong == NULL && i < ROUNDS; i++) {
        size_t before = mallinfo2().uordblks;
        wrong = live_for(org, CYCLES, leaks);
        size_t after = mallinfo2().uordblks;
        size_t growth = after > before ? after - before : 0;
        *least = growth < *least ? growth : *least;
    }
    return wrong;
}

static const char *live_long(void *context)
{
    size_t least = SIZE_MAX;
    const char *wrong = live_for(context, 1, false);
    int before = count_descriptors();
    if (wrong == NULL) {
        wrong = find_least_growth(context, false, &least);
    }
    CHILD_EXPECT(wrong != NULL || least < CYCLES * BYTES_LOST);
    CHILD_EXPECT(count_descriptors() == before);
    return wrong;
}

static const char *leak_a_little(void *context)
{
    size_t least = SIZE_MAX;
    const char *wrong = find_least_growth(context, true, &least);
    CHILD_EXPECT(wrong != NULL || is_sanitized() || least >= CYCLES * BYTES_LOST);
    return wrong;
}

static void a_thousand_clients_leave_nothing_behind(void **state)
{
    small_org *org = *state;
    for (unsigned kind = 0; kind < SMALL_KINDS; kind++) {
        small_org_start(org, (small_org_kind)kind, NULL);
        run_in_child("a long life", live_long, org);
        small_org_stop(org);
    }
    small_org_start(org, SMALL_PLAIN, NULL);
    run_in_child("a leak is seen", leak_a_little, org);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ORG_TEST(a_lack_of_descriptors_is_an_error_that_passes),
        ORG_TEST(a_thousand_clients_leave_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
