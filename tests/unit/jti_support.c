/* SPDX-License-Identifier: Apache-2.0 */
#include "unit/jti_support.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define THREADS 8u
#define EACH    500u

typedef struct worker {
    const jti_source *source;
    void *by;
    pthread_t thread;
    jti_text texts[EACH];
    size_t written;
} worker;

struct jti_crowd {
    jti_source source;
    worker workers[THREADS];
};

static int compare(const void *a, const void *b)
{
    return strcmp(a, b);
}

void assert_all_differ(jti_text *texts, size_t count)
{
    qsort(texts, count, sizeof *texts, compare);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(strlen(texts[i]), OKTAI_JTI_SIZE - 1);
        assert_true(i == 0 || strcmp(texts[i - 1], texts[i]) != 0);
    }
}

static void *write_many(void *argument)
{
    worker *work = argument;
    for (size_t i = 0; i < EACH; i++) {
        oktai_buffer out = {0};
        okta_error *error = work->source->write(work->by, &out);
        if (error == NULL) {
            parsed_jws jws;
            jws_parse(out.data, &jws);
            char *jti = json_text_member(jws.claims, "jti");
            memcpy(work->texts[i], jti, OKTAI_JTI_SIZE);
            work->written += work->source->verifies(&jws);
            free(jti);
            jws_clear(&jws);
        }
        oktai_buffer_clear(&out);
        okta_free(error);
    }
    if (work->source->hold != NULL) {
        okta_free(work->by);
    }
    return NULL;
}

jti_crowd *jti_crowd_start(const jti_source *source)
{
    jti_crowd *crowd = calloc(1, sizeof *crowd);
    assert_non_null(crowd);
    crowd->source = *source;
    for (size_t i = 0; i < THREADS; i++) {
        worker *work = &crowd->workers[i];
        work->source = &crowd->source;
        work->by = source->hold != NULL ? source->hold(source->by) : source->by;
        assert_int_equal(pthread_create(&work->thread, NULL, write_many, work), 0);
    }
    return crowd;
}

void jti_crowd_finish(jti_crowd *crowd)
{
    jti_text *texts = calloc((size_t)THREADS * EACH, sizeof *texts);
    assert_non_null(texts);
    for (size_t i = 0; i < THREADS; i++) {
        const worker *work = &crowd->workers[i];
        assert_int_equal(pthread_join(work->thread, NULL), 0);
        assert_int_equal(work->written, EACH);
        memcpy(texts + i * EACH, work->texts, sizeof work->texts);
    }
    assert_all_differ(texts, (size_t)THREADS * EACH);
    free(texts);
    free(crowd);
}
