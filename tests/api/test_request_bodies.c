/* SPDX-License-Identifier: Apache-2.0 */
/* Bodies of requests: the bytes and the media type that each kind of body puts on the wire, and what is
 * refused before anything is sent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "api/expect.h"
#include "api/rows.h"

static const char *const thing_id[] = {"t1"};

static okta_error *run(const api_world *world, const oktai_operation *operation, const void *body)
{
    void *result = NULL;
    okta_error *error = oktai_operation_run(world->client, operation, thing_id, NULL, body,
                                            operation->response == NULL ? NULL : &result);
    okta_free(result);
    return error;
}

static void expect_body(api_world *world, const oktai_operation *operation, const void *body,
                        const char *type, const char *text)
{
    api_forget(world);
    api_fault(world,
              (mock_fault){.status = operation->statuses == OKTAI_STATUS_201 ? 201 : 200, .body = "{}"});
    api_expect_success(operation->name, run(world, operation, body));
    api_expect_requests(operation->name, world, 1);
    const mock_request *request = mock_org_request_at(world->org, 0);
    api_expect_text(operation->name, "the body", request->body, text);
    api_expect_number(operation->name, "the length of the body", (int64_t)request->body_length,
                      (int64_t)strlen(text));
    api_expect_header(operation->name, world, 0, "Content-Type", type);
}

static void writes_json_of_each_media_type(void **state)
{
    static okta_thing thing = {
        .model = OKTA_INIT(okta_thing), .id = "read-only", .name = "n", .size = {true, 1}};
    static okta_thing *things[] = {&thing, &thing};
    static const okta_thing_list list = {
        .model = OKTA_INIT(okta_thing_list), .items = things, .count = COUNT(things)};
    api_world *world = *state;
    expect_body(world, &rows_replace_thing, &thing, "application/json", "{\"name\":\"n\",\"size\":1}");
    expect_body(world, &rows_update_thing, &thing, "application/merge-patch+json",
                "{\"name\":\"n\",\"size\":1}");
    expect_body(world, &rows_patch_things, &list, "application/json-patch+json",
                "[{\"name\":\"n\",\"size\":1},{\"name\":\"n\",\"size\":1}]");
}

static void sends_free_form_json_as_it_is(void **state)
{
    api_world *world = *state;
    expect_body(world, &rows_tell_thing, " {\"b\" : [1, 2.50]}\n", "application/json",
                " {\"b\" : [1, 2.50]}\n");
    expect_body(world, &rows_tell_thing, NULL, NULL, "");
    api_forget(world);
    api_expect_refusal("damaged", run(world, &rows_tell_thing, "{\"a\":1}}"), OKTA_E_ARG,
                       "body: the JSON is not valid");
    api_expect_refusal("empty", run(world, &rows_tell_thing, ""), OKTA_E_ARG, "body: the JSON is not valid");
    api_expect_requests("damaged", world, 0);
}

static void refuses_a_body_that_is_missing(void **state)
{
    api_world *world = *state;
    api_expect_refusal("a model", run(world, &rows_replace_thing, NULL), OKTA_E_ARG, "Thing");
    api_expect_refusal("bytes", run(world, &rows_publish_thing, NULL), OKTA_E_ARG, "body");
    api_expect_refusal("a file", run(world, &rows_upload_logo, NULL), OKTA_E_ARG, "okta_thing_logo_body");
    api_expect_requests("all", world, 0);
}

/* application/x-www-form-urlencoded of the URL standard, of which percent-encoding of all but unreserved
 * characters is a form. */
static void writes_forms(void **state)
{
    static const char *tags[] = {"a b", "c&d"};
    static okta_thing part = {.model = OKTA_INIT(okta_thing), .name = "p"};
    static const okta_member extras[] = {{"client_id", "\"0oa\"", NULL}, {"more", "[1,2]", NULL}};
    static const okta_thing thing = {
        .model = {sizeof(okta_thing), NULL, extras, COUNT(extras), NULL, 0, NULL},
        .name = "n=1&\xC3\xA9",
        .state = OKTA_THING_STATE_NOT_OFF,
        .size = {true, 5},
        .good = {true, true},
        .tags = tags,
        .tags_count = 2,
        .part = &part,
        .free_form = "{\"x\":[1]}",
    };
    static const okta_thing null_name = {.model = OKTA_INIT(okta_thing), .name = OKTA_NULL};
    api_world *world = *state;
    expect_body(world, &rows_introspect, &thing, "application/x-www-form-urlencoded",
                "name=n%3D1%26%C3%A9&state=NOT%20OFF&size=5&good=true&tags=a%20b&tags=c%26d"
                "&part=%7B%22name%22%3A%22p%22%7D&freeForm=%7B%22x%22%3A%5B1%5D%7D"
                "&client_id=0oa&more=1&more=2");
    api_expect_header("a form", world, 0, "Authorization", NULL);
    api_forget(world);
    api_expect_refusal("null", run(world, &rows_introspect, &null_name), OKTA_E_ARG, "name is null");
    api_expect_requests("null", world, 0);
}

static void sends_bytes_with_a_media_type_by_choice(void **state)
{
    okta_bytes bytes = {.model = OKTA_INIT(okta_bytes), .data = "PEM or DER", .length = 10};
    api_world *world = *state;
    expect_body(world, &rows_publish_thing, &bytes, "application/x-x509-ca-cert", "PEM or DER");
    bytes.media_type = "application/x-pem-file";
    expect_body(world, &rows_publish_thing, &bytes, "application/x-pem-file", "PEM or DER");
    api_forget(world);
    bytes.media_type = "application/json";
    api_expect_refusal("another type", run(world, &rows_publish_thing, &bytes), OKTA_E_ARG,
                       "publishThing: the operation takes no application/json");
    bytes = (okta_bytes){.model = OKTA_INIT(okta_bytes), .length = 1};
    api_expect_refusal("no data", run(world, &rows_publish_thing, &bytes), OKTA_E_ARG, "data");
    bytes = (okta_bytes){.data = "x", .length = 1};
    api_expect_refusal("no size", run(world, &rows_publish_thing, &bytes), OKTA_E_ARG, "struct_size");
    api_expect_requests("all", world, 0);
}

static void sends_every_byte(void **state)
{
    char all[256];
    okta_bytes bytes = {.model = OKTA_INIT(okta_bytes), .data = all, .length = sizeof all};
    api_world *world = *state;
    for (size_t i = 0; i < sizeof all; i++) {
        all[i] = (char)i;
    }
    api_fault(world, (mock_fault){.status = 201, .body = "{}"});
    api_expect_success("bytes", run(world, &rows_publish_thing, &bytes));
    const mock_request *request = mock_org_request_at(world->org, 0);
    assert_int_equal(request->body_length, sizeof all);
    assert_memory_equal(request->body, all, sizeof all);
}

/* A file that gives so many bytes at a time. */
typedef struct file {
    const char *text;
    size_t step;
    size_t at;
    size_t fails_at; /* 0: never */
    unsigned reads;
} file;

static size_t read_file(void *ctx, void *buffer, size_t size)
{
    file *self = ctx;
    size_t left = strlen(self->text) - self->at;
    size_t count = left < self->step ? left : self->step;
    self->reads++;
    assert_true(size > 0);
    if (self->fails_at != 0 && self->at >= self->fails_at) {
        return OKTA_UPLOAD_FAILED;
    }
    count = count < size ? count : size;
    memcpy(buffer, self->text + self->at, count);
    self->at += count;
    return count;
}

#define BOUNDARY         "80000000800000008000000080000000" /* by the chance of the tests */
#define PART(head, body) "--" BOUNDARY "\r\nContent-Disposition: form-data; " head "\r\n\r\n" body "\r\n"
#define END              "--" BOUNDARY "--\r\n"
#define TYPE             "multipart/form-data; boundary=" BOUNDARY

static okta_upload upload_of(const char *name, const char *type, const char *data)
{
    okta_upload upload = OKTA_UPLOAD_INIT;
    upload.file_name = name;
    upload.media_type = type;
    upload.data = data;
    upload.length = data == NULL ? 0 : strlen(data);
    return upload;
}

/* RFC 7578, with a quote in a file name as browsers write it. */
static void writes_parts_of_files_and_texts(void **state)
{
    okta_upload logo = upload_of("logo.png", "image/png", "\x89PNG\r\n");
    okta_upload small = upload_of("a \"b\" \xC3\xA9.svg", NULL, "");
    okta_thing_logo_body body = {.model = OKTA_INIT(okta_thing_logo_body), .file = &logo};
    api_world *world = *state;
    expect_body(world, &rows_upload_logo, &body, TYPE,
                PART("name=\"file\"; filename=\"logo.png\"\r\nContent-Type: image/png", "\x89PNG\r\n") END);
    body.name = "two words\r\n";
    body.small = &small;
    expect_body(world, &rows_upload_logo, &body, TYPE,
                PART("name=\"name\"", "two words\r\n")
                    PART("name=\"file\"; filename=\"logo.png\"\r\nContent-Type: image/png", "\x89PNG\r\n")
                        PART("name=\"small\"; filename=\"a %22b%22 \xC3\xA9.svg\"\r\nContent-Type: "
                             "application/octet-stream",
                             "") END);
}

static void reads_a_file_once_also_when_it_is_sent_again(void **state)
{
    file source = {.text = "0123456789", .step = 3};
    okta_upload logo = upload_of("l", "image/png", NULL);
    okta_thing_logo_body body = {.model = OKTA_INIT(okta_thing_logo_body), .file = &logo};
    static const char text[] =
        PART("name=\"file\"; filename=\"l\"\r\nContent-Type: image/png", "0123456789") END;
    api_world *world = *state;
    logo.read = read_file;
    logo.ctx = &source;
    logo.length = 10;
    api_fault(world, (mock_fault){.status = 503});
    api_fault(world, (mock_fault){.status = 201, .body = ""});
    api_expect_success("a file", run(world, &rows_upload_logo, &body));
    assert_int_equal(source.reads, 5); /* four pieces and the end */
    api_expect_requests("a file", world, 2);
    for (size_t i = 0; i < 2; i++) {
        api_expect_request("a file", world, i, "POST", "/api/v1/things/t1/logo", text);
    }
}

static void refuses_files_that_cannot_be_sent(void **state)
{
    file source = {.text = "0123456789", .step = 3};
    const struct {
        okta_upload upload;
        const char *part;
    } cases[] = {
        {{.file_name = "a", .data = "x"}, "file has no struct_size: begin it with OKTA_UPLOAD_INIT"},
        {upload_of("a", NULL, NULL), "file has neither data nor read"},
        {{sizeof(okta_upload), "a", NULL, "x", 1, read_file, &source}, "file has both data and read"},
        {upload_of(NULL, NULL, "x"), "file has no file_name"},
        {upload_of("", NULL, "x"), "file has no file_name"},
        {upload_of("a\nb", NULL, "x"), "file has a file_name with a control character"},
        {upload_of("a\x7f", NULL, "x"), "file has a file_name with a control character"},
        {upload_of("a\xff", NULL, "x"), "file has a file_name that is not UTF-8"},
        {upload_of("a", "image/png\r\nX: y", "x"), "file has a media_type that is none"},
        {upload_of("a", "png", "x"), "file has a media_type that is none"},
        {{sizeof(okta_upload), "a", NULL, "x", OKTA_UPLOAD_MAX + 1, NULL, NULL},
         "file is longer than 64 MiB"},
        {{sizeof(okta_upload), "a", NULL, NULL, 11, read_file, &source}, "file has 10 bytes, not the 11"},
    };
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const okta_thing_logo_body body = {.model = OKTA_INIT(okta_thing_logo_body),
                                           .file = &cases[i].upload};
        source.at = 0;
        api_expect_refusal(cases[i].part, run(world, &rows_upload_logo, &body), OKTA_E_ARG, cases[i].part);
    }
    const okta_thing_logo_body none = {.model = OKTA_INIT(okta_thing_logo_body)};
    api_expect_refusal("none", run(world, &rows_upload_logo, &none), OKTA_E_ARG, "file must not be NULL");
    const okta_upload failing = {sizeof(okta_upload), "a", NULL, NULL, 0, read_file, &source};
    const okta_thing_logo_body body = {.model = OKTA_INIT(okta_thing_logo_body), .file = &failing};
    source.at = 0;
    source.fails_at = 6;
    api_expect_refusal("failing", run(world, &rows_upload_logo, &body), OKTA_E_ARG, "file could not be read");
    api_expect_requests("all", world, 0);
}

/* The server says it back, and nobody is to see it. */
static void hides_the_secrets_of_every_kind_of_body(void **state)
{
    static const okta_thing thing = {.model = OKTA_INIT(okta_thing), .secret = "Canary-of-the-body"};
    static const struct {
        const oktai_operation *operation;
        const void *body;
    } cases[] = {
        {&rows_replace_thing, &thing},
        {&rows_introspect, &thing},
        {&rows_tell_thing, "{\"password\":\"Canary-of-the-body\"}"},
    };
    api_world *world = *state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        api_fault(world,
                  (mock_fault){.status = 400,
                               .body = "{\"errorCode\":\"E1\",\"errorSummary\":\"no Canary-of-the-body\"}"});
        okta_error *error = run(world, cases[i].operation, cases[i].body);
        assert_non_null(strstr(okta_error_message(error), "no ***"));
        assert_null(strstr(okta_error_message(error), "Canary"));
        okta_free(error);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(writes_json_of_each_media_type, api_world_setup, api_world_teardown),
        cmocka_unit_test_setup_teardown(sends_free_form_json_as_it_is, api_world_setup, api_world_teardown),
        cmocka_unit_test_setup_teardown(refuses_a_body_that_is_missing, api_world_setup, api_world_teardown),
        cmocka_unit_test_setup_teardown(writes_forms, api_world_setup, api_world_teardown),
        cmocka_unit_test_setup_teardown(sends_bytes_with_a_media_type_by_choice, api_world_setup,
                                        api_world_teardown),
        cmocka_unit_test_setup_teardown(sends_every_byte, api_world_setup, api_world_teardown),
        cmocka_unit_test_setup_teardown(writes_parts_of_files_and_texts, api_world_setup, api_world_teardown),
        cmocka_unit_test_setup_teardown(reads_a_file_once_also_when_it_is_sent_again, api_world_setup,
                                        api_world_teardown),
        cmocka_unit_test_setup_teardown(refuses_files_that_cannot_be_sent, api_world_setup,
                                        api_world_teardown),
        cmocka_unit_test_setup_teardown(hides_the_secrets_of_every_kind_of_body, api_world_setup,
                                        api_world_teardown),
    };
    return cmocka_run_group_tests_name("request_bodies", tests, NULL, NULL);
}
