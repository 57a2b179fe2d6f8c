/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file
 * An ::okta_loop in a main context of GLib, 2.36 and later: of a GMainLoop, a GApplication, GTK.
 * okta/adapters/adapter.h has the rules of all adapters.
 *
 * A GMainLoop runs until g_main_loop_quit(), whatever is left to do. GLib ends the program when memory is
 * out.
 */
#ifndef OKTA_ADAPTERS_GLIB_H
#define OKTA_ADAPTERS_GLIB_H

#include "okta/adapters/adapter.h"

#include <glib.h>

#ifdef __cplusplus
extern "C" {
#endif

/** @cond internal */

typedef struct okta_glib_adapter {
    okta_adapter base; /* the first member */
    GMainContext *context;
    GSource *timer;
} okta_glib_adapter;

/* A descriptor. */
typedef struct okta_glib_watched {
    GSource source; /* the first member */
    okta_glib_adapter *adapter;
    gpointer tag;
    int fd;
} okta_glib_watched;

/* The timer. */
typedef struct okta_glib_timer {
    GSource source; /* the first member */
    okta_glib_adapter *adapter;
} okta_glib_timer;

static inline gboolean okta_glib_on_ready(GSource *source, GSourceFunc function, gpointer ctx)
{
    const okta_glib_watched *watched = (const okta_glib_watched *)source;
    unsigned found = (unsigned)g_source_query_unix_fd(source, watched->tag);
    unsigned events =
        (found & (unsigned)(G_IO_IN | G_IO_HUP | G_IO_ERR)) != 0 ? (unsigned)OKTA_LOOP_INPUT : 0u;
    events |= (found & (unsigned)(G_IO_OUT | G_IO_ERR)) != 0 ? (unsigned)OKTA_LOOP_OUTPUT : 0u;
    (void)function;
    (void)ctx;
    if (okta_adapter_is_foreign(&watched->adapter->base)) {
        return G_SOURCE_REMOVE;
    }
    okta_loop_on_ready(watched->adapter->base.loop, watched->fd, events);
    return G_SOURCE_CONTINUE;
}

static inline gboolean okta_glib_on_timer(GSource *source, GSourceFunc function, gpointer ctx)
{
    const okta_glib_timer *timer = (const okta_glib_timer *)source;
    (void)function;
    (void)ctx;
    if (okta_adapter_is_foreign(&timer->adapter->base)) {
        return G_SOURCE_REMOVE;
    }
    g_source_set_ready_time(source, -1);
    okta_loop_on_timer(timer->adapter->base.loop);
    return G_SOURCE_CONTINUE;
}

static inline GSourceFuncs *okta_glib_watched_funcs(void)
{
    static GSourceFuncs funcs = {NULL, NULL, okta_glib_on_ready, NULL, NULL, NULL};
    return &funcs;
}

static inline GSourceFuncs *okta_glib_timer_funcs(void)
{
    static GSourceFuncs funcs = {NULL, NULL, okta_glib_on_timer, NULL, NULL, NULL};
    return &funcs;
}

static inline GSource *okta_glib_new_watched(okta_glib_adapter *self, int fd, GIOCondition wanted)
{
    GSource *source = g_source_new(okta_glib_watched_funcs(), (guint)sizeof(okta_glib_watched));
    okta_glib_watched *watched = (okta_glib_watched *)source;
    watched->adapter = self;
    watched->fd = fd;
    watched->tag = g_source_add_unix_fd(source, fd, wanted);
    g_source_attach(source, self->context);
    return source;
}

static inline bool okta_glib_watch(void *ctx, int fd, unsigned events, void **own)
{
    okta_glib_adapter *self = (okta_glib_adapter *)ctx;
    GSource *source = (GSource *)*own;
    GIOCondition wanted = (GIOCondition)(((events & OKTA_LOOP_INPUT) != 0 ? (unsigned)G_IO_IN : 0u) |
                                         ((events & OKTA_LOOP_OUTPUT) != 0 ? (unsigned)G_IO_OUT : 0u));
    if (events == 0 && source != NULL) {
        g_source_destroy(source);
        g_source_unref(source);
        *own = NULL;
    } else if (source != NULL) {
        g_source_modify_unix_fd(source, ((okta_glib_watched *)source)->tag, wanted);
    } else if (events != 0) {
        *own = okta_glib_new_watched(self, fd, wanted);
    }
    return true;
}

static inline void okta_glib_set_timer(void *ctx, int64_t ms)
{
    const okta_glib_adapter *self = (const okta_glib_adapter *)ctx;
    gint64 now_us = g_get_monotonic_time();
    gint64 most_ms = (G_MAXINT64 - now_us) / 1000;
    gint64 due_us = ms == 0 ? 0 : now_us + (ms < most_ms ? ms : most_ms) * 1000;
    g_source_set_ready_time(self->timer, ms < 0 ? -1 : due_us);
}

static inline void okta_glib_release(void *ctx)
{
    okta_glib_adapter *self = (okta_glib_adapter *)ctx;
    g_source_destroy(self->timer);
    g_source_unref(self->timer);
    g_main_context_unref(self->context);
    free(self);
}

/** @endcond */

/**
 * Make a loop that a main context of GLib drives.
 *
 * @param[in]  context nullable: the default one; the loop holds a reference to it.
 * @param[out] out     receives the loop; release it with okta_free().
 * @return NULL; ::OKTA_E_ARG (`out`), ::OKTA_E_NOMEM, ::OKTA_E_TRANSPORT (no descriptor is left).
 * @since 0.2.0
 */
static inline OKTA_MUST_CHECK okta_error *okta_glib_loop_new(GMainContext *context, okta_loop **out)
{
    okta_glib_adapter *self = (okta_glib_adapter *)okta_adapter_new(sizeof *self);
    okta_loop_hooks hooks = OKTA_LOOP_HOOKS_INIT;
    hooks.ctx = self;
    hooks.watch = okta_glib_watch;
    hooks.set_timer = okta_glib_set_timer;
    hooks.release = okta_glib_release;
    if (self != NULL) {
        self->context = g_main_context_ref(context != NULL ? context : g_main_context_default());
        self->timer = g_source_new(okta_glib_timer_funcs(), (guint)sizeof(okta_glib_timer));
        ((okta_glib_timer *)self->timer)->adapter = self;
        g_source_attach(self->timer, self->context);
    }
    okta_error *error = okta_adapter_open((okta_adapter *)self, &hooks, out);
    if (error != NULL && self != NULL) {
        okta_glib_release(self);
    }
    return error;
}

#ifdef __cplusplus
}
#endif
#endif
