/* SPDX-License-Identifier: Apache-2.0 */
/* Signers that answer later: from within, from another thread, badly, too late, to nobody. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "api/service_app.h"
#include "auth/signing.h"
#include "okta/api/org_as.h"
#include "okta/loop.h"
#include "unit/allocations.h"

#define WAITING_MAX 64u

typedef enum way {
    AT_ONCE,
    BY_THREAD,
    NEVER,      /* the test does, in the end */
    PAST_LIMIT, /* ... and time passes */
} way;

/* What signs, somewhere else. */
typedef struct vault {
    service_world *world;
    way how;
    int code;
    size_t too_long; /* bytes that are none of the signature */
    bool gives_none;
    okta_call *cancels; /* once it is asked */
    bool replaces;      /* ... itself, by a signer that answers at once */
    int64_t takes_ms;   /* the first time */

    pthread_mutex_t lock; /* of what follows */
    unsigned asked;
    pthread_t threads[WAITING_MAX];
    okta_signing *waiting[WAITING_MAX];
    const unsigned char *messages[WAITING_MAX];
    size_t lengths[WAITING_MAX];
} vault;

static void answer(vault *self, unsigned which)
{
    unsigned char signature[OKTA_SIGNATURE_MAX + 16] = {0};
    size_t size = 0;
    const okta_signer *signer = self->world->signer;
    const oktai_bytes message = {self->messages[which], self->lengths[which]};
    assert_null(signer->sign(signer, message, signature, &size));
    okta_sign_finish(self->waiting[which], self->code, self->gives_none ? NULL : signature,
                     size + self->too_long);
}

typedef struct errand {
    vault *vault;
    unsigned which;
} errand;

static errand errands[WAITING_MAX];

static void *run_errand(void *context)
{
    const errand *self = context;
    okta_call *call = self->vault->cancels;
    if (call != NULL) {
        okta_call_cancel(call);
    }
    if (self->vault->replaces) {
        const service_world *world = self->vault->world;
        assert_null(okta_client_set_signer(world->api.client, world->signer));
    }
    if (self->vault->how == BY_THREAD) {
        answer(self->vault, self->which);
    }
    return NULL;
}

static void begin(void *ctx, const unsigned char *message, size_t length, okta_signing *signing)
{
    vault *self = ctx;
    pthread_mutex_lock(&self->lock);
    unsigned which = self->asked++;
    assert_true(which < WAITING_MAX);
    self->waiting[which] = signing;
    self->messages[which] = message;
    self->lengths[which] = length;
    errands[which] = (errand){self, which};
    bool errand_runs = self->how == BY_THREAD || self->cancels != NULL;
    if (errand_runs) {
        assert_int_equal(pthread_create(&self->threads[which], NULL, run_errand, &errands[which]), 0);
    }
    pthread_mutex_unlock(&self->lock);
    if (which == 0 && self->takes_ms > 0) {
        api_clock *clock = &self->world->api.clock;
        clock->now_ms += self->takes_ms;
        mock_org_set_now(clock->org, API_NOW_S + clock->now_ms / 1000);
    }
    if (self->how == AT_ONCE) {
        answer(self, which);
    } else if (self->how == PAST_LIMIT) {
        self->world->api.clock.now_ms += 3600000;
    }
}

static void join(vault *self)
{
    for (unsigned i = 0; i < self->asked; i++) {
        if (self->how == BY_THREAD || self->cancels != NULL) {
            assert_int_equal(pthread_join(self->threads[i], NULL), 0);
        }
        if (self->how == NEVER || self->how == PAST_LIMIT) {
            answer(self, i);
        }
    }
    pthread_mutex_destroy(&self->lock);
}

static vault make(service_world *world, way how)
{
    return (vault){.world = world, .how = how, .lock = PTHREAD_MUTEX_INITIALIZER};
}

static okta_signer *signer_of(vault *self)
{
    okta_signer *signer = NULL;
    okta_signer_options options = OKTA_SIGNER_OPTIONS_INIT;
    options.alg = "ES256";
    options.kid = "first";
    options.form = self->world->signer->form;
    options.begin = begin;
    options.ctx = self;
    assert_null(okta_signer_new(&options, &signer));
    return signer;
}

/* The world's client has it from here on. */
static void use(vault *self)
{
    okta_client_options options = service_options(self->world);
    options.signer = signer_of(self);
    options.timeout_ms = 600000;
    service_renew(self->world, &options);
    okta_free(options.signer);
}

static void a_call_waits_for_its_signature(void **state)
{
    for (way how = AT_ONCE; how <= BY_THREAD; how++) {
        vault self = make(*state, how);
        use(&self);
        api_forget(&self.world->api);
        api_expect_success("call", service_call(self.world));
        api_expect_success("call", service_call(self.world));
        assert_int_equal(self.asked, 1);
        assert_int_equal(service_requests(self.world, MOCK_TOKEN_PATH), 1);
        join(&self);
    }
}

/* Each attempt has a signature of its own. */
static void a_repetition_is_signed_anew(void **state)
{
    vault self = make(*state, BY_THREAD);
    use(&self);
    api_fault(&self.world->api, (mock_fault){.path_contains = MOCK_TOKEN_PATH, .status = 503, .times = 2});
    api_expect_success("call", service_call(self.world));
    assert_int_equal(self.asked, 3);
    join(&self);
}

static void many_calls_share_one(void **state)
{
    vault self = make(*state, BY_THREAD);
    use(&self);
    assert_int_equal(service_call_from_threads(self.world, 20), 20);
    assert_int_equal(self.asked, 1);
    join(&self);
}

static void what_is_no_signature_fails_the_call(void **state)
{
    static const struct {
        int code;
        size_t too_long;
        bool gives_none;
        const char *says;
    } cases[] = {
        {7, 0, false, "code 7"},
        {-1, 0, true, "code -1"},
        {0, 1, false, "the signature that the signer gave"},
        {0, OKTA_SIGNATURE_MAX, false, "the signature that the signer gave is too long"},
        {0, 0, true, "the signature that the signer gave"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        for (way how = AT_ONCE; how <= BY_THREAD; how++) {
            vault self = make(*state, how);
            self.code = cases[i].code;
            self.too_long = cases[i].too_long;
            self.gives_none = cases[i].gives_none;
            use(&self);
            api_forget(&self.world->api);
            api_expect_refusal(cases[i].says, service_call(self.world), OKTA_E_AUTH, cases[i].says);
            assert_int_equal(service_requests(self.world, MOCK_TOKEN_PATH), 0);
            join(&self);
        }
    }
}

/* The signature comes when the call, and at last the client, are gone. */
static void a_cancel_does_not_wait(void **state)
{
    vault self = make(*state, NEVER);
    use(&self);
    okta_call *call = okta_list_jwk_call(self.world->api.client, MOCK_WEB_APP);
    self.cancels = call;
    okta_error *error = okta_call_run(call);
    api_expect_refusal("cancel", error, OKTA_E_CANCELED, "canceled");
    okta_free(call);
    service_renew(self.world, NULL);
    join(&self);
}

/* An assertion is good for two minutes. */
static void what_took_long_is_signed_anew(void **state)
{
    for (way how = AT_ONCE; how <= BY_THREAD; how++) {
        vault self = make(*state, how);
        self.takes_ms = 100000;
        use(&self);
        api_expect_success("call", service_call(self.world));
        assert_int_equal(self.asked, 2);
        join(&self);
    }
}

/* The request is that of the new signer, which is asked once. */
static void a_signer_may_be_replaced_meanwhile(void **state)
{
    vault self = make(*state, BY_THREAD);
    self.replaces = true;
    use(&self);
    const okta_introspection_request body = {.model = OKTA_INIT(okta_introspection_request), .token = "t"};
    okta_introspection_response *answered = NULL;
    okta_error *error = okta_introspect(self.world->api.client, &body, &answered);
    assert_int_equal(self.asked, 1);
    api_expect_success("introspect", error);
    okta_free(answered);
    join(&self);
}

static void a_deadline_does_not_wait(void **state)
{
    vault self = make(*state, PAST_LIMIT);
    use(&self);
    api_expect_refusal(
        "deadline", service_call(self.world), OKTA_E_TIMEOUT,
        "the deadline passed while the signer of the token request had not answered (timeout_ms "
        "600,000 ms)");
    service_renew(self.world, NULL);
    join(&self);
}

/* The vault's own work needs memory, too: it gets it. */
static void a_lack_of_memory_is_told(void **state)
{
    for (int lasting = 0; lasting <= 1; lasting++) {
        bool failed = true;
        for (size_t at = 1; failed; at++) {
            vault self = make(*state, NEVER);
            use(&self);
            okta_call *call = okta_list_jwk_call(self.world->api.client, MOCK_WEB_APP);
            self.cancels = call;
            allocations_begin(at, lasting);
            okta_error *error = okta_call_run(call);
            failed = allocations_end();
            if (self.asked == 0) {
                api_expect_refusal("memory", error, OKTA_E_NOMEM, "memory");
            } else {
                okta_status status = okta_error_status(error);
                assert_true(status == OKTA_E_CANCELED || (failed && status == OKTA_E_NOMEM));
                okta_free(error);
            }
            okta_free(call);
            service_renew(self.world, NULL);
            join(&self);
        }
    }
}

typedef struct end {
    bool told;
    okta_status status;
} end;

static void on_end(void *ctx, okta_call *call, okta_error *error)
{
    *(end *)ctx = (end){true, okta_error_status(error)};
    okta_free(error);
    okta_free(call);
}

/* Calls of other clients go on in the same loop. */
static void a_loop_goes_on_meanwhile(void **state)
{
    vault self = make(*state, NEVER);
    use(&self);
    okta_client_options options = api_options(&self.world->api);
    okta_client *other = NULL;
    okta_loop *loop = NULL;
    end late = {.told = false};
    end quick = {.told = false};
    assert_null(okta_client_new(&options, &other));
    assert_null(okta_loop_new(NULL, &loop));
    okta_client *client = self.world->api.client;
    assert_null(okta_call_submit(okta_list_jwk_call(client, MOCK_WEB_APP), loop, on_end, &late));
    while (self.asked == 0) {
        assert_null(okta_loop_poll(loop, -1));
    }
    assert_null(okta_call_submit(okta_list_jwk_call(other, MOCK_WEB_APP), loop, on_end, &quick));
    while (!quick.told) {
        assert_null(okta_loop_poll(loop, -1));
    }
    assert_int_equal(quick.status, OKTA_OK);
    assert_false(late.told);
    join(&self);
    assert_null(okta_loop_run(loop));
    assert_true(late.told);
    assert_int_equal(late.status, OKTA_OK);
    okta_free(loop);
    okta_free(other);
}

typedef struct last {
    unsigned asking;
    unsigned waiting;
} last;

static void on_late(void *ctx, okta_call *call, okta_error *error)
{
    last *self = ctx;
    const char *message = okta_error_message(error);
    assert_int_equal(okta_error_status(error), OKTA_E_TIMEOUT);
    self->asking +=
        strstr(message, "while the signer of the token request had not answered (timeout_ms 600,000 "
                        "ms)") != NULL;
    self->waiting += strstr(message, "while another call asked for a token, whose signer had not answered "
                                     "(timeout_ms 600,000 ms)") != NULL;
    okta_free(error);
    okta_free(call);
}

/* Also those that wait for the token of another one. */
static void all_calls_say_what_they_waited_for(void **state)
{
    vault self = make(*state, NEVER);
    last told = {0};
    okta_loop *loop = NULL;
    use(&self);
    assert_null(okta_loop_new(NULL, &loop));
    for (unsigned i = 0; i < 5; i++) {
        okta_call *call = okta_list_jwk_call(self.world->api.client, MOCK_WEB_APP);
        assert_null(okta_call_submit(call, loop, on_late, &told));
    }
    while (self.asked == 0) {
        assert_null(okta_loop_poll(loop, -1));
    }
    self.world->api.clock.now_ms += 3600000;
    okta_loop_wake(loop);
    assert_null(okta_loop_run(loop));
    assert_int_equal(self.asked, 1);
    assert_int_equal(told.asking, 1);
    assert_int_equal(told.waiting, 4);
    okta_free(loop);
    service_renew(self.world, NULL);
    join(&self);
}

static int sign(void *ctx, const unsigned char *message, size_t length, unsigned char *signature,
                size_t capacity, size_t *size)
{
    (void)ctx;
    (void)message;
    (void)length;
    (void)signature;
    (void)capacity;
    *size = 0;
    return 1;
}

static void one_of_two_ways_is_required(void **state)
{
    vault self = make(*state, NEVER);
    okta_signer_options options = OKTA_SIGNER_OPTIONS_INIT;
    okta_signer *signer = NULL;
    options.alg = "ES256";
    options.kid = "k";
    api_expect_refusal("none", okta_signer_new(&options, &signer), OKTA_E_ARG, "sign");
    options.begin = begin;
    options.sign = sign;
    api_expect_refusal("both", okta_signer_new(&options, &signer), OKTA_E_ARG, "begin");
    assert_null(signer);
    okta_sign_finish(NULL, 0, NULL, 0);
    join(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(function) cmocka_unit_test_setup_teardown(function, service_setup, service_teardown)
        TEST(a_call_waits_for_its_signature),
        TEST(a_repetition_is_signed_anew),
        TEST(many_calls_share_one),
        TEST(what_is_no_signature_fails_the_call),
        TEST(a_cancel_does_not_wait),
        TEST(what_took_long_is_signed_anew),
        TEST(a_signer_may_be_replaced_meanwhile),
        TEST(a_deadline_does_not_wait),
        TEST(a_lack_of_memory_is_told),
        TEST(a_loop_goes_on_meanwhile),
        TEST(all_calls_say_what_they_waited_for),
        TEST(one_of_two_ways_is_required),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
