/* SPDX-License-Identifier: Apache-2.0 */
#include "daemon.h"

#include <errno.h>
#include <okta/okta.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "check.h"
#include "common/new_error.h"
#include "config_read.h"
#include "crew.h"
#include "http.h"
#include "log.h"
#include "metrics.h"
#include "notify.h"
#include "org.h"

/* So long a daemon that was told to end waits for what it has canceled. */
#define END_MS 500
/* So long the database may be waited for in vain: in a turn of the loop, in one of a daemon that ends, and
 * until it is open. A daemon that is told to end in the middle of a turn ends within a second. */
#define TURN_PATIENCE_MS 300
#define END_PATIENCE_MS  100
#define OPEN_PATIENCE_MS 10000
#define OWNER_SIZE       128u

typedef struct service {
    const options *options;
    config *config;
    shop shop;
    crew crew;
    http *http;
    char owner[OWNER_SIZE];
    int signal_fd;
    int end_fd; /* readable when the daemon is to end; the signal stays for signal_fd */
    int timer_fd;
    int64_t watchdog_ms; /* when the watchdog is told next; INT64_MAX: never */
    int64_t end_ms;      /* when a daemon that ends waits no longer */
    bool is_ready;
} service;

/* Beginning. */

static okta_error *system_error(const char *what)
{
    return report_new_error(OKTA_E_CONFIG, "%s: %s", what, strerror(errno));
}

/* Threads that libraries begin inherit the mask, so that all signals come by the descriptor. */
static okta_error *open_descriptors(service *self)
{
    sigset_t ends;
    (void)sigemptyset(&ends);
    (void)sigaddset(&ends, SIGTERM);
    (void)sigaddset(&ends, SIGINT);
    sigset_t caught = ends;
    (void)sigaddset(&caught, SIGHUP);
    (void)signal(SIGPIPE, SIG_IGN);
    if (pthread_sigmask(SIG_BLOCK, &caught, NULL) != 0) {
        return system_error("signals");
    }
    self->signal_fd = signalfd(-1, &caught, SFD_NONBLOCK | SFD_CLOEXEC);
    self->end_fd = signalfd(-1, &ends, SFD_NONBLOCK | SFD_CLOEXEC);
    self->timer_fd = timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK | TFD_CLOEXEC);
    bool good = self->signal_fd >= 0 && self->end_fd >= 0 && self->timer_fd >= 0;
    return good ? NULL : system_error("descriptors");
}

static char *write_metrics(void *ctx, size_t *out_length)
{
    const service *self = ctx;
    crew_gauges gauges = crew_look(&self->crew);
    return metrics_text(&self->shop.counts, &gauges, shop_now_ms(), out_length);
}

static const char *refuse_ready(void *ctx)
{
    const service *self = ctx;
    return self->shop.is_stopping ? "the daemon ends\n" : self->is_ready ? NULL : "the daemon begins\n";
}

static okta_error *listen_for_metrics(service *self)
{
    const http_source source = {.ctx = self, .metrics = write_metrics, .refuse_ready = refuse_ready};
    if (self->config->metrics_host == NULL || self->options->mode == OPTIONS_ONCE) {
        return NULL;
    }
    okta_error *error =
        http_start(self->config->metrics_host, self->config->metrics_port, &source, &self->http);
    if (error == NULL) {
        char where[HTTP_WHERE_SIZE];
        log_write(
            &(log_line){.event = "metrics",
                        .detail = http_where(self->config->metrics_host, http_port(self->http), where)});
    }
    return error;
}

static void name_owner(service *self)
{
    char host[OWNER_SIZE - 32] = "";
    (void)gethostname(host, sizeof host - 1);
    (void)snprintf(self->owner, sizeof self->owner, "%s/%ld", host, (long)getpid());
    self->shop.chance = (uint32_t)getpid() * UINT32_C(2654435761) + (uint32_t)shop_now_ms();
    log_set_instance(self->owner);
}

/* A signal that ends the daemon ends the wait. */
static okta_error *open_ledger(service *self)
{
    self->shop.term_ms = self->config->lease_s * 1000;
    self->shop.patience = (patience){.left_ms = OPEN_PATIENCE_MS, .interrupt_fd = self->end_fd};
    const lock_options leases = {
        .term_ms = self->shop.term_ms, .owner = self->owner, .limit = &self->shop.patience};
    log_write(&(log_line){.event = "opening"});
    okta_error *error = check_journal(self->config);
    return error != NULL ? error
                         : ledger_open(self->config->journal, okta_client_org_url(self->shop.client), &leases,
                                       &self->shop.ledger);
}

static okta_error *open_all(service *self)
{
    okta_error *error = open_descriptors(self);
    if (error == NULL) {
        error = org_connect(self->config, &self->shop.client);
    }
    if (error == NULL) {
        error = open_ledger(self);
    }
    if (error == NULL) {
        error = listen_for_metrics(self);
    }
    if (error == NULL) {
        error = okta_loop_new(NULL, &self->shop.loop);
    }
    if (error == NULL && okta_loop_fd(self->shop.loop) < 0) {
        error = system_error("descriptors");
    }
    if (error == NULL) {
        error = crew_configure(&self->crew, self->config);
    }
    return error == NULL ? crew_know(&self->crew) : error;
}

static void close_all(service *self)
{
    okta_free(self->shop.loop); /* the workers whose calls it ends give their leases back */
    crew_free(&self->crew);
    http_stop(self->http);
    ledger_close(&self->shop.ledger);
    okta_free(self->shop.client);
    config_drop(self->config);
    const int fds[] = {self->signal_fd, self->end_fd, self->timer_fd};
    for (size_t i = 0; i < sizeof fds / sizeof fds[0]; i++) {
        if (fds[i] >= 0) {
            (void)close(fds[i]);
        }
    }
}

/* Signals. */

static void tell_status(const service *self)
{
    crew_gauges now = crew_look(&self->crew);
    notify_status("%zu apps: %zu rotate, %zu wait, %zu fail", self->crew.count, now.rotating + now.looking,
                  now.waiting, now.failing);
}

static okta_error *take_configuration(service *self)
{
    config *coming = NULL;
    okta_error *error = config_read(self->options->config, &coming);
    if (error == NULL) {
        error = config_refuse_change(self->config, coming);
    }
    if (error == NULL) {
        error = org_reload(coming, self->shop.client);
    }
    if (error == NULL) {
        error = crew_configure(&self->crew, coming);
    }
    if (error == NULL) {
        config_drop(self->config);
        self->config = config_hold(coming);
    }
    config_drop(coming);
    return error;
}

static void reload(service *self)
{
    notify_reloading();
    okta_error *error = take_configuration(self);
    if (error == NULL) {
        self->shop.counts.reloads_good++;
        log_write(&(log_line){.event = "reloaded", .detail = self->options->config});
        tell_status(self);
    } else {
        self->shop.counts.reloads_bad++;
        log_write(&(log_line){.level = LOG_ERROR,
                              .event = "reload refused",
                              .error = error,
                              .detail = "the daemon goes on with the configuration that it has"});
        notify_status("the configuration was refused: %s", okta_error_message(error));
    }
    notify_send("READY=1");
    okta_free(error);
}

static void begin_end(service *self, const char *why)
{
    if (!self->shop.is_stopping) {
        notify_send("STOPPING=1");
        log_write(&(log_line){.event = "stopping", .detail = why});
        self->end_ms = shop_now_ms() + END_MS;
        crew_stop(&self->crew);
    }
}

static void take_signals(service *self)
{
    struct signalfd_siginfo taken;
    while (read(self->signal_fd, &taken, sizeof taken) == (ssize_t)sizeof taken) {
        if (taken.ssi_signo != SIGHUP) {
            begin_end(self, taken.ssi_signo == SIGTERM ? "SIGTERM" : "SIGINT");
        } else if (!self->shop.is_stopping && self->options->mode == OPTIONS_SERVE) {
            reload(self);
        }
    }
}

/* The loop. */

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* When the timer is to wake the daemon, by the time of day. */
static int64_t wake_ms(const service *self)
{
    int64_t wait_ms = self->http == NULL ? -1 : http_wait_ms(self->http);
    int64_t at_ms = least(crew_next_ms(&self->crew), self->watchdog_ms);
    if (wait_ms >= 0) {
        at_ms = least(at_ms, shop_now_ms() + wait_ms);
    }
    return self->shop.is_stopping ? least(at_ms, self->end_ms) : at_ms;
}

/* A clock that is set ends the wait as well. */
static void set_timer(const service *self)
{
    int64_t at_ms = wake_ms(self);
    struct itimerspec when = {.it_value = {.tv_nsec = 1}};
    if (at_ms == INT64_MAX) {
        when.it_value.tv_nsec = 0;
    } else if (at_ms > 0) {
        when.it_value = (struct timespec){.tv_sec = (time_t)(at_ms / 1000),
                                          .tv_nsec = (long)(at_ms % 1000) * 1000000 + 1};
    }
    (void)timerfd_settime(self->timer_fd, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &when, NULL);
}

static void await(const service *self)
{
    struct pollfd watched[] = {
        {.fd = self->signal_fd, .events = POLLIN},
        {.fd = self->timer_fd, .events = POLLIN},
        {.fd = okta_loop_fd(self->shop.loop), .events = POLLIN},
        {.fd = self->http == NULL ? -1 : http_fd(self->http), .events = POLLIN},
    };
    uint64_t expired;
    set_timer(self);
    (void)poll(watched, sizeof watched / sizeof watched[0], -1);
    ssize_t got = read(self->timer_fd, &expired, sizeof expired);
    (void)got;
}

static void tell_watchdog(service *self)
{
    int64_t every_ms = notify_watchdog_ms();
    int64_t now_ms = shop_now_ms();
    if (every_ms == 0) {
        self->watchdog_ms = INT64_MAX;
    } else if (now_ms >= self->watchdog_ms || self->watchdog_ms > now_ms + every_ms) {
        notify_send("WATCHDOG=1");
        tell_status(self);
        self->watchdog_ms = now_ms + every_ms;
    }
}

static bool is_over(const service *self)
{
    if (self->shop.is_stopping) {
        int64_t left_ms = self->end_ms - shop_now_ms();
        bool is_late = left_ms <= 0 || left_ms > END_MS; /* a clock may be set back */
        return self->shop.running == 0 || is_late;
    }
    return self->options->mode == OPTIONS_ONCE && crew_is_settled(&self->crew);
}

static okta_error *turn(service *self)
{
    int64_t most_ms = self->shop.is_stopping ? END_PATIENCE_MS : TURN_PATIENCE_MS;
    self->shop.patience = (patience){.left_ms = most_ms, .interrupt_fd = -1};
    crew_tick(&self->crew);
    if (self->http != NULL) {
        http_run(self->http);
    }
    okta_error *error = okta_loop_poll(self->shop.loop, 0);
    tell_watchdog(self);
    return error;
}

static okta_error *serve(service *self)
{
    self->is_ready = true;
    log_write(&(log_line){.event = "ready", .detail = self->options->config});
    notify_send("READY=1");
    tell_status(self);
    okta_error *error = turn(self);
    while (error == NULL && !is_over(self)) {
        await(self);
        take_signals(self);
        error = turn(self);
    }
    return error;
}

/* What became of it all, for --once. */
static int finish(const service *self)
{
    crew_gauges gauges = crew_look(&self->crew);
    char text[OWNER_SIZE];
    (void)snprintf(text, sizeof text, "%llu rotated, %zu wait, %zu failed, %zu elsewhere",
                   (unsigned long long)self->shop.counts.done, gauges.waiting, gauges.failing,
                   gauges.elsewhere);
    log_write(&(log_line){.event = "stopped", .detail = text});
    bool is_bad =
        self->options->mode == OPTIONS_ONCE && (crew_failed(&self->crew) > 0 || self->shop.is_stopping);
    return is_bad ? EXIT_FAILED : EXIT_FINE;
}

static int refuse(okta_error *error)
{
    bool is_ours = okta_error_status(error) != OKTA_E_NOMEM;
    (void)fprintf(stderr, "okta-rotationd: %s\n", okta_error_message(error));
    okta_free(error);
    return is_ours ? EXIT_USAGE : EXIT_FAILED;
}

/* Whether the daemon was told to end before it began. */
static bool is_ended(const service *self)
{
    struct pollfd end = {.fd = self->end_fd, .events = POLLIN};
    return poll(&end, 1, 0) > 0;
}

/* Takes `error`: why it could not begin. */
static int end_early(service *self, okta_error *error)
{
    bool is_told = is_ended(self);
    close_all(self);
    if (!is_told) {
        return refuse(error);
    }
    log_write(&(log_line){.event = "stopped", .error = error});
    okta_free(error);
    return self->options->mode == OPTIONS_ONCE ? EXIT_FAILED : EXIT_FINE;
}

/* All that a start does without the network, the journal and the leases; and the folders of sinks. */
static int check(service *self)
{
    okta_error *error = org_connect(self->config, &self->shop.client);
    if (error == NULL) {
        error = check_journal(self->config);
    }
    if (error == NULL) {
        error = check_sinks(self->config);
    }
    if (error == NULL) {
        (void)printf("%s: %zu apps, nothing is wrong\n", self->options->config, self->config->app_count);
    }
    close_all(self);
    if (error != NULL) {
        return refuse(error);
    }
    return fflush(stdout) == 0 ? EXIT_FINE : EXIT_FAILED;
}

int daemon_run(const options *given)
{
    service self = {.options = given, .signal_fd = -1, .end_fd = -1, .timer_fd = -1, .watchdog_ms = 0};
    self.crew.shop = &self.shop;
    okta_error *error = config_read(given->config, &self.config);
    if (error == NULL && given->mode == OPTIONS_CHECK) {
        return check(&self);
    }
    if (error == NULL) {
        name_owner(&self);
        notify_begin();
        error = open_all(&self);
    }
    if (error != NULL) {
        return end_early(&self, error);
    }
    error = serve(&self);
    int code = finish(&self);
    if (error != NULL) {
        log_write(&(log_line){.level = LOG_ERROR, .event = "broken", .error = error});
        okta_free(error);
        code = EXIT_FAILED;
    }
    close_all(&self);
    notify_end();
    return code;
}
