/* SPDX-License-Identifier: Apache-2.0 */
/* The example that signs in a PKCS#11 token, against a mock org. The token is one of SoftHSM 2; it makes the
 * key pair itself, and this test takes no more out of it than the public key. Skipped where there is no
 * SoftHSM. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/base64url.h"
#include "example_world.h"
#include "expect_text.h"
#include "mock_oauth.h"

#include <dlfcn.h>
#include <p11-kit/pkcs11.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define APP       MOCK_SERVICE_APP
#define TOKEN     "okta"
#define KEY       "signing"
#define OTHER_KEY "twice"
#define PIN       "471100"
#define KID       "in-the-token"

/* An uncompressed point on P-256 in its DER octet string. */
#define POINT_SIZE 67u

static const char *const modules[] = {
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so",
    "/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so",
};

static const char *module;
static char folder[] = "/tmp/okta-test-hsm-XXXXXX";
static CK_FUNCTION_LIST *p11;
static CK_SESSION_HANDLE session;
static CK_OBJECT_HANDLE private_key;
static char public_jwk[512];

static int set_up(void **state)
{
    example_world *f = example_world_start(NULL);
    assert_null(mock_org_add_key(f->org, APP, public_jwk));
    *state = f;
    return 0;
}

/* `change` replaces the variable of its name; NULL: none. */
static void run_example(example_world *f, const char *change)
{
    char conf[96], library[128];
    snprintf(conf, sizeof conf, "SOFTHSM2_CONF=%s/conf", folder);
    snprintf(library, sizeof library, "PKCS11_MODULE=%s", module);
    const char *variables[] = {conf,
                               library,
                               "PKCS11_TOKEN=" TOKEN,
                               "PKCS11_KEY=" KEY,
                               "PKCS11_PIN=" PIN,
                               "OKTA_CLIENT_CLIENTID=" APP,
                               "OKTA_CLIENT_SCOPES=okta.apps.read",
                               "OKTA_CLIENT_PRIVATEKEYID=" KID,
                               NULL};
    for (size_t i = 0; change != NULL && variables[i] != NULL; i++) {
        if (strncmp(variables[i], change, strcspn(change, "=") + 1) == 0) {
            variables[i] = change;
        }
    }
    example_run(f, EXAMPLE_HSM_SIGNER, (const char *const[]){APP, NULL}, variables);
}

static void it_lists_keys_with_a_signature_of_the_token(void **state)
{
    example_world *f = *state;
    run_example(f, NULL);
    assert_string_equal(f->result.err, "");
    assert_int_equal(f->result.exit_code, 0);
    assert_contains(f->result.out, " " KID "\n");
    assert_int_equal(mock_org_request_count(f->org), 2);
    assert_string_equal(mock_org_request_at(f->org, 0)->target, MOCK_TOKEN_PATH);
    assert_int_equal(mock_org_token_count(f->org), 1);
}

static void it_signs_a_nonce_challenge_anew(void **state)
{
    const mock_oauth_options options = {.api_nonce = true};
    example_world *f = *state;
    assert_true(mock_org_set_oauth(f->org, &options));
    assert_true(mock_org_require_dpop(f->org, APP, true));
    run_example(f, NULL);
    assert_int_equal(f->result.exit_code, 0);
    assert_contains(f->result.out, " " KID "\n");
}

static CK_BBOOL flag_of(CK_ATTRIBUTE_TYPE type)
{
    CK_BBOOL flag = 2;
    CK_ATTRIBUTE attribute = {type, &flag, sizeof flag};
    assert_int_equal(p11->C_GetAttributeValue(session, private_key, &attribute, 1), CKR_OK);
    return flag;
}

static void the_private_key_cannot_leave_the_token(void **state)
{
    unsigned char bytes[256];
    CK_ATTRIBUTE value = {CKA_VALUE, bytes, sizeof bytes};
    (void)state;
    assert_int_equal(flag_of(CKA_SENSITIVE), CK_TRUE);
    assert_int_equal(flag_of(CKA_EXTRACTABLE), CK_FALSE);
    assert_int_equal(flag_of(CKA_ALWAYS_SENSITIVE), CK_TRUE);
    assert_int_equal(flag_of(CKA_NEVER_EXTRACTABLE), CK_TRUE);
    assert_int_equal(p11->C_GetAttributeValue(session, private_key, &value, 1), CKR_ATTRIBUTE_SENSITIVE);
}

static void what_it_cannot_use_is_named(void **state)
{
    static const struct {
        const char *change;
        const char *said;
    } cases[] = {
        {"PKCS11_MODULE=/nowhere/no.so", "is no PKCS#11 library"},
        {"PKCS11_TOKEN=okt", "no token PKCS11_TOKEN"},
        {"PKCS11_TOKEN=okta-but-with-a-name-of-more-than-thirty-two-bytes", "no token PKCS11_TOKEN"},
        {"PKCS11_PIN=471101", "refuses PKCS11_PIN"},
        {"PKCS11_KEY=sign", "exactly one EC private key"},
        {"PKCS11_KEY=" OTHER_KEY, "exactly one EC private key"},
        {"OKTA_CLIENT_SCOPES=\"", "scopes"},
    };
    example_world *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        run_example(f, cases[i].change);
        assert_int_equal(f->result.exit_code, 1);
        assert_string_equal(f->result.out, "");
        assert_contains(f->result.err, "hsm_signer: ");
        assert_contains(f->result.err, cases[i].said);
        assert_null(strstr(f->result.err, "4711"));
    }
    assert_int_equal(mock_org_request_count(f->org), 0);
}

static void a_key_that_okta_does_not_know_is_refused(void **state)
{
    example_world *f = *state;
    run_example(f, "OKTA_CLIENT_PRIVATEKEYID=another");
    assert_int_equal(f->result.exit_code, 1);
    assert_contains(f->result.err, "invalid_client");
    assert_int_equal(mock_org_token_count(f->org), 0);
}

static void it_refuses_wrong_arguments(void **state)
{
    example_world *f = *state;
    run_program((const char *const[]){EXAMPLE_HSM_SIGNER, NULL}, (const char *const[]){NULL}, &f->result);
    assert_int_equal(f->result.exit_code, 2);
    assert_contains(f->result.err, "usage: ");
    run_program((const char *const[]){EXAMPLE_HSM_SIGNER, APP, NULL}, (const char *const[]){NULL},
                &f->result);
    assert_int_equal(f->result.exit_code, 1);
    assert_contains(f->result.err, "PKCS11_MODULE");
}

static void call(CK_RV result, const char *what)
{
    if (result != CKR_OK) {
        fail_msg("%s: 0x%lx", what, (unsigned long)result);
    }
}

static void write_configuration(void)
{
    char path[96];
    snprintf(path, sizeof path, "%s/tokens", folder);
    assert_int_equal(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/conf", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "directories.tokendir = %s/tokens\nobjectstore.backend = file\nlog.level = ERROR\n",
            folder);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(setenv("SOFTHSM2_CONF", path, 1), 0);
}

/* The module stays loaded, so that its memory stays in reach. */
static void load_module(void)
{
    CK_C_GetFunctionList get_functions;
    void *library = dlopen(module, RTLD_NOW | RTLD_LOCAL);
    void *symbol = library != NULL ? dlsym(library, "C_GetFunctionList") : NULL;
    assert_non_null(symbol);
    memcpy(&get_functions, &symbol, sizeof symbol);
    call(get_functions(&p11), "C_GetFunctionList");
    call(p11->C_Initialize(NULL), "C_Initialize");
}

static void make_token(void)
{
    unsigned char officer[] = "87654321", pin[] = PIN, label[33];
    CK_SLOT_ID slot;
    CK_ULONG count = 1;
    const CK_FLAGS flags = CKF_SERIAL_SESSION | CKF_RW_SESSION;
    snprintf((char *)label, sizeof label, "%-32s", TOKEN);
    call(p11->C_GetSlotList(CK_FALSE, &slot, &count), "C_GetSlotList");
    call(p11->C_InitToken(slot, officer, sizeof officer - 1, label), "C_InitToken");
    call(p11->C_OpenSession(slot, flags, NULL, NULL, &session), "C_OpenSession");
    call(p11->C_Login(session, CKU_SO, officer, sizeof officer - 1), "C_Login of the officer");
    call(p11->C_InitPIN(session, pin, sizeof pin - 1), "C_InitPIN");
    call(p11->C_Logout(session), "C_Logout");
    call(p11->C_Login(session, CKU_USER, pin, sizeof pin - 1), "C_Login");
}

static CK_OBJECT_HANDLE make_key_pair(char *label, CK_OBJECT_HANDLE *out_private)
{
    unsigned char p256[] = {0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
    CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
    CK_MECHANISM generate = {CKM_EC_KEY_PAIR_GEN, NULL, 0};
    CK_ATTRIBUTE of_public[] = {{CKA_EC_PARAMS, p256, sizeof p256},
                                {CKA_TOKEN, &yes, sizeof yes},
                                {CKA_VERIFY, &yes, sizeof yes},
                                {CKA_LABEL, label, (CK_ULONG)strlen(label)}};
    CK_ATTRIBUTE of_private[] = {
        {CKA_TOKEN, &yes, sizeof yes},     {CKA_PRIVATE, &yes, sizeof yes},
        {CKA_SIGN, &yes, sizeof yes},      {CKA_SENSITIVE, &yes, sizeof yes},
        {CKA_EXTRACTABLE, &no, sizeof no}, {CKA_LABEL, label, (CK_ULONG)strlen(label)}};
    CK_OBJECT_HANDLE of_both;
    call(p11->C_GenerateKeyPair(session, &generate, of_public, 4, of_private, 6, &of_both, out_private),
         "C_GenerateKeyPair");
    return of_both;
}

static void read_public_key(CK_OBJECT_HANDLE key)
{
    unsigned char point[POINT_SIZE];
    char x[48], y[48];
    CK_ATTRIBUTE value = {CKA_EC_POINT, point, sizeof point};
    call(p11->C_GetAttributeValue(session, key, &value, 1), "C_GetAttributeValue");
    assert_int_equal(value.ulValueLen, POINT_SIZE);
    assert_memory_equal(point, "\x04\x41\x04", 3);
    oktai_base64url_encode(point + 3, 32, x);
    oktai_base64url_encode(point + 35, 32, y);
    snprintf(public_jwk, sizeof public_jwk,
             "{\"kty\":\"EC\",\"use\":\"sig\",\"kid\":\"" KID
             "\",\"crv\":\"P-256\",\"x\":\"%s\",\"y\":\"%s\"}",
             x, y);
}

static int make_keys(void **state)
{
    char label[] = KEY, twice[] = OTHER_KEY;
    CK_OBJECT_HANDLE ignored;
    (void)state;
    assert_non_null(mkdtemp(folder));
    write_configuration();
    load_module();
    make_token();
    read_public_key(make_key_pair(label, &private_key));
    make_key_pair(twice, &ignored);
    make_key_pair(twice, &ignored);
    return 0;
}

static int remove_keys(void **state)
{
    run_result *result = malloc(sizeof *result);
    (void)state;
    assert_non_null(result);
    call(p11->C_Finalize(NULL), "C_Finalize");
    run_program((const char *const[]){"/bin/rm", "-r", folder, NULL}, (const char *const[]){NULL}, result);
    assert_int_equal(result->exit_code, 0);
    free(result);
    return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, example_world_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_lists_keys_with_a_signature_of_the_token),        TEST(it_signs_a_nonce_challenge_anew),
        cmocka_unit_test(the_private_key_cannot_leave_the_token), TEST(what_it_cannot_use_is_named),
        TEST(a_key_that_okta_does_not_know_is_refused),           TEST(it_refuses_wrong_arguments),
    };
    for (size_t i = 0; i < sizeof modules / sizeof modules[0] && module == NULL; i++) {
        module = access(modules[i], R_OK) == 0 ? modules[i] : NULL;
    }
    if (module == NULL) {
        printf("skipped: there is no SoftHSM 2 here\n");
        return 77;
    }
    return cmocka_run_group_tests(tests, make_keys, remove_keys);
}
