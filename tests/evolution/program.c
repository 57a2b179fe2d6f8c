/* SPDX-License-Identifier: Apache-2.0 */
/* A program that uses every struct and every function of the headers it is compiled with: it is compiled with
 * those of an older description and runs with the library of a newer one. program URL; what it is told of the
 * requests that came is for tests/evolution/server. Memory is left to the end of the program. */
#include <okta/links.h>
#include <okta/okta.h>
#include <okta/operations.h>
#include <okta/upload.h>
#include <okta/values.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef enum kind {
    STRING,
    JSON,
    BOOL,
    INT,
    DOUBLE,
    ENUM,
    OBJECT,
    STRINGS,
    ENUMS,
    OBJECTS,
    MAP_STRINGS,
    MAP_OBJECTS,
    UPLOAD,
    FOREIGN, /* a model that is written by hand */
} kind;

typedef struct model model;

typedef struct slot {
    const char *json;
    kind kind;
    size_t offset;
    size_t count_offset;
    int value;        /* of an enum: one that the program knows */
    const char *text; /* ... and its text */
    const model *target;
    bool read_only;
} slot;

struct model {
    const char *name;
    size_t size;
    const slot *slots;
    size_t slot_count;
    const okta_descriptor *(*descriptor)(void); /* NULL: a params struct */
};

/* A request that the server shall see, and how it answers. */
typedef struct expected {
    const char *function;
    const char *operation; /* Okta's name of it */
    const char *request;
    int status; /* 0: the library refuses what is made up, and sends nothing */
    const char *media_type;
    const char *answer;
    const okta_descriptor *(*result)(void); /* NULL: none */
} expected;

typedef struct entry {
    const char *name;
    void *value;
} entry;

typedef struct list {
    okta_model model;
    void **items;
    size_t count;
} list;

static size_t checks;
static size_t failures;

static void check(bool good, const char *where, const char *member, const char *what, const char *detail)
{
    checks++;
    if (!good) {
        failures++;
        printf("%s.%s: %s: %s\n", where, member, what, detail != NULL ? detail : "NULL");
    }
}

static void *memory(size_t size)
{
    void *found = malloc(size);
    if (found == NULL) {
        abort();
    }
    return found;
}

/* The JSON of a value, and what it must be in the struct. */
static const char *json_of(const slot *slot)
{
    static char text[512];
    static const char *const fixed[] = {
        [STRING] = "\"made up\"",
        [JSON] = "{\"made\":[\"up\"]}",
        [BOOL] = "true",
        [INT] = "7",
        [DOUBLE] = "2.5",
        [OBJECT] = "{\"made_up\":1}",
        [STRINGS] = "[\"a\",\"b\"]",
        [OBJECTS] = "[{\"made_up\":1}]",
        [MAP_STRINGS] = "{\"a\":\"b\"}",
        [MAP_OBJECTS] = "{\"a\":{\"made_up\":1}}",
        [FOREIGN] = "{}",
    };
    if (slot->kind != ENUM && slot->kind != ENUMS) {
        return fixed[slot->kind];
    }
    snprintf(text, sizeof text, slot->kind == ENUM ? "\"%s\"" : "[\"%s\"]", slot->text);
    return text;
}

static const void *at(const void *object, size_t offset)
{
    const void *found;
    memcpy(&found, (const char *)object + offset, sizeof found);
    return found;
}

static size_t count_at(const void *object, const slot *slot)
{
    size_t count;
    memcpy(&count, (const char *)object + slot->count_offset, sizeof count);
    return count;
}

static bool extra_is_kept(const void *object)
{
    const char *extra = object == NULL ? NULL : okta_extra(object, "made_up");
    return extra != NULL && strcmp(extra, "1") == 0;
}

static bool holds(const void *object, const slot *slot)
{
    const char *bytes = (const char *)object + slot->offset;
    const char *text;
    int value;
    switch (slot->kind) {
    case STRING:
        text = at(object, slot->offset);
        return text != NULL && strcmp(text, "made up") == 0;
    case JSON:
        text = at(object, slot->offset);
        return text != NULL && strcmp(text, "{\"made\":[\"up\"]}") == 0;
    case BOOL:
        return ((const okta_opt_bool *)(const void *)bytes)->has &&
               ((const okta_opt_bool *)(const void *)bytes)->value;
    case INT:
        return ((const okta_opt_int *)(const void *)bytes)->has &&
               ((const okta_opt_int *)(const void *)bytes)->value == 7;
    case DOUBLE:
        return ((const okta_opt_double *)(const void *)bytes)->has &&
               ((const okta_opt_double *)(const void *)bytes)->value == 2.5;
    case ENUM:
        memcpy(&value, bytes, sizeof value);
        return value == slot->value;
    case OBJECT:
        return extra_is_kept(at(object, slot->offset));
    case STRINGS:
        return count_at(object, slot) == 2 &&
               strcmp(((const char *const *)at(object, slot->offset))[1], "b") == 0;
    case ENUMS:
        return count_at(object, slot) == 1 && *(const int *)at(object, slot->offset) == slot->value;
    case OBJECTS:
        return count_at(object, slot) == 1 && extra_is_kept(*(void *const *)at(object, slot->offset));
    case MAP_STRINGS:
        return count_at(object, slot) == 1 &&
               strcmp(((const okta_string_entry *)at(object, slot->offset))->value, "b") == 0;
    case MAP_OBJECTS:
        return count_at(object, slot) == 1 && extra_is_kept(((const entry *)at(object, slot->offset))->value);
    case FOREIGN:
        return at(object, slot->offset) != NULL;
    case UPLOAD:
        break;
    }
    return false;
}

/* Decodes an object of one member, looks at the member, and encodes the object again. */
static void read_member(const model *model, const slot *slot)
{
    char text[1024];
    snprintf(text, sizeof text, "{\"%s\":%s}", slot->json, json_of(slot));
    void *object = NULL;
    okta_error *error = okta_from_json(model->descriptor(), text, strlen(text), &object);
    check(error == NULL, model->name, slot->json, "decodes", okta_error_message(error));
    if (error != NULL) {
        return;
    }
    check(holds(object, slot), model->name, slot->json, "is read", text);
    char *back = NULL;
    error = okta_to_json(model->descriptor(), object, OKTA_JSON_WHOLE, &back, NULL);
    check(error == NULL && strcmp(back, text) == 0, model->name, slot->json, "goes back", back);
    okta_free(back);
    okta_free(object);
}

/* A struct of which only the members are absent: what lies between and behind them is not. */
static void *blank(const model *model)
{
    char *object = memory(model->size + 256);
    memset(object, 0xa5, model->size + 256);
    memset(object, 0, sizeof(okta_model));
    memcpy(object, &model->size, sizeof model->size);
    for (size_t i = 0; i < model->slot_count; i++) {
        const slot *slot = &model->slots[i];
        size_t size = slot->kind == BOOL     ? sizeof(okta_opt_bool)
                      : slot->kind == INT    ? sizeof(okta_opt_int)
                      : slot->kind == DOUBLE ? sizeof(okta_opt_double)
                      : slot->kind == ENUM   ? sizeof(int)
                                             : sizeof(void *);
        memset(object + slot->offset, 0, size);
        if (slot->count_offset != 0) {
            memset(object + slot->count_offset, 0, sizeof(size_t));
        }
    }
    return object;
}

static void *filled(const model *model, int depth);

static void put(void *object, const slot *slot, const void *value, size_t size, size_t count)
{
    memcpy((char *)object + slot->offset, value, size);
    if (slot->count_offset != 0) {
        memcpy((char *)object + slot->count_offset, &count, sizeof count);
    }
}

/* A model with one extra, or with all members where `depth` is not too much. */
static void *below(const model *model, int depth)
{
    static const okta_member extra = {"made_up", "1", NULL};
    if (depth < 2) {
        return filled(model, depth);
    }
    okta_model *object = blank(model);
    object->extras = &extra;
    object->extra_count = 1;
    return object;
}

static void set(void *object, const slot *slot, int depth)
{
    static const char *strings[] = {"a", "b"};
    static okta_string_entry strings_by_name[] = {{"a", "b"}};
    static const okta_upload upload = {sizeof upload, "a.png", "image/png", "bytes", 5, NULL, NULL};
    static okta_links links = {.model = OKTA_INIT(okta_links)};
    okta_opt_int number = okta_int(7);
    okta_opt_double fraction = okta_double(2.5);
    okta_opt_bool flag = okta_bool(true);
    const void *pointer = NULL;
    void **items;
    entry *entries;
    switch (slot->kind) {
    case BOOL:
        put(object, slot, &flag, sizeof flag, 0);
        return;
    case INT:
        put(object, slot, &number, sizeof number, 0);
        return;
    case DOUBLE:
        put(object, slot, &fraction, sizeof fraction, 0);
        return;
    case ENUM:
        put(object, slot, &slot->value, sizeof slot->value, 0);
        return;
    case STRING:
        pointer = "made up";
        break;
    case JSON:
        pointer = "{\"made\":[\"up\"]}";
        break;
    case OBJECT:
        pointer = below(slot->target, depth);
        break;
    case STRINGS:
        pointer = strings;
        put(object, slot, &pointer, sizeof pointer, 2);
        return;
    case ENUMS:
        pointer = &slot->value;
        break;
    case OBJECTS:
        items = memory(sizeof *items);
        items[0] = below(slot->target, depth);
        pointer = items;
        break;
    case MAP_STRINGS:
        pointer = strings_by_name;
        break;
    case MAP_OBJECTS:
        entries = memory(sizeof *entries);
        *entries = (entry){"a", below(slot->target, depth)};
        pointer = entries;
        break;
    case UPLOAD:
        pointer = &upload;
        break;
    case FOREIGN:
        pointer = &links;
        break;
    }
    put(object, slot, &pointer, sizeof pointer, 1);
}

/* A struct with all members set; of those that share a name the first. */
static void *filled(const model *model, int depth)
{
    void *object = blank(model);
    for (size_t i = 0; i < model->slot_count; i++) {
        bool is_first = true;
        for (size_t k = 0; k < i; k++) {
            is_first = is_first && strcmp(model->slots[k].json, model->slots[i].json) != 0;
        }
        if (is_first && model->slots[i].kind != FOREIGN) {
            set(object, &model->slots[i], depth + 1);
        }
    }
    return object;
}

/* Encodes a struct of the program's own with one member. */
static void write_member(const model *model, const slot *slot)
{
    void *object = blank(model);
    set(object, slot, 2);
    char text[1024];
    snprintf(text, sizeof text, "{\"%s\":%s}", slot->json, json_of(slot));
    char *json = NULL;
    okta_error *error = okta_to_json(model->descriptor(), object, OKTA_JSON_WHOLE, &json, NULL);
    bool same =
        slot->kind == ENUM && slot->value == 1 ? error != NULL : error == NULL && strcmp(json, text) == 0;
    check(same, model->name, slot->json, "is written", error != NULL ? okta_error_message(error) : json);
    okta_free(json);
    okta_free(error);
    free(object);
}

static void use_members(const model *model)
{
    for (size_t i = 0; i < model->slot_count; i++) {
        if (model->descriptor != NULL && model->slots[i].kind != UPLOAD) {
            read_member(model, &model->slots[i]);
            if (model->slots[i].kind != FOREIGN) {
                write_member(model, &model->slots[i]);
            }
        }
    }
}

/* -- calls -- */

static okta_bytes *a_bytes(void)
{
    static okta_bytes bytes = {.model = OKTA_INIT(okta_bytes), .data = "bytes", .length = 5};
    return &bytes;
}

static okta_string_list *a_string_list(void)
{
    static const char *const items[] = {"a"};
    static okta_string_list list = {.model = OKTA_INIT(okta_string_list), .items = items, .count = 1};
    return &list;
}

/* A list struct of any element. */
static void *filled_list(const model *model)
{
    list *found = memory(sizeof *found);
    *found = (list){.model = {.struct_size = sizeof *found}, .items = memory(sizeof(void *)), .count = 1};
    found->items[0] = filled(model, 0);
    return found;
}

static void run(okta_call *call, expected expected)
{
    char status[16];
    snprintf(status, sizeof status, "%d", expected.status);
    okta_call_add_header(call, "x-function", expected.function);
    okta_call_add_header(call, "x-request", expected.request);
    okta_call_add_header(call, "x-status", status);
    okta_call_add_header(call, "x-media-type", expected.media_type);
    okta_call_add_header(call, "x-answer", expected.answer);
    okta_error *error = okta_call_run(call);
    check(okta_operation_scopes(expected.operation) != NULL, expected.function, "call", "has a name",
          expected.operation);
    if (expected.status == 0) {
        check(okta_error_status(error) == OKTA_E_ARG, expected.function, "call", "is refused",
              okta_error_message(error));
    } else {
        check(error == NULL, expected.function, "call", "goes well", okta_error_message(error));
    }
    if (error == NULL && expected.result != NULL) {
        void *result = okta_call_take(call, expected.result());
        check(result != NULL, expected.function, "call", "has a result of its type", NULL);
        okta_free(result);
    }
    okta_free(error);
    okta_free(call);
}

static void read_pages(okta_pages *pages, expected expected)
{
    char status[16];
    snprintf(status, sizeof status, "%d", expected.status);
    okta_pages_add_header(pages, "x-function", expected.function);
    okta_pages_add_header(pages, "x-request", expected.request);
    okta_pages_add_header(pages, "x-status", status);
    okta_pages_add_header(pages, "x-media-type", expected.media_type);
    okta_pages_add_header(pages, "x-answer", expected.answer);
    size_t count = 0;
    while (count < 10 && (expected.result != NULL ? okta_pages_next_item(pages, expected.result()) != NULL
                                                  : okta_pages_next(pages) != NULL)) {
        count++;
    }
    okta_error *error = okta_pages_error(pages);
    check(error == NULL && count == 1, expected.function, "pages", "give one item",
          okta_error_message(error));
    okta_free(error);
    okta_free(pages);
}

/* Not every description has operations that take these. */
static const void *unused(void)
{
    return (const void *)(a_bytes() == NULL && a_string_list() == NULL ? filled_list(NULL) : NULL);
}

#include "rows.h"

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: program URL\n");
        return 2;
    }
    if (unused() != NULL) {
        return 2;
    }
    for (size_t i = 0; i < sizeof models / sizeof *models; i++) {
        use_members(models[i]);
    }
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = argv[1];
    options.token = "made-up";
    okta_client *client = NULL;
    okta_error *error = okta_client_new(&options, &client);
    check(error == NULL, "client", "new", "goes well", okta_error_message(error));
    if (error == NULL) {
        make_calls(client);
    }
    okta_free(client);
    printf("program: %zu checks, %zu failed\n", checks, failures);
    return failures == 0 ? 0 : 1;
}
