/* SPDX-License-Identifier: Apache-2.0 */
#include "tool_world.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

const char *world_tool = NULL;

extern char **environ;

struct world_file {
    struct world_file *next;
    char path[WORLD_PATH_SIZE];
};

void world_restart(tool_world *world, const mock_org_options *options)
{
    if (world->org != NULL) {
        mock_org_stop(world->org);
    }
    world->org = mock_org_start(options);
    assert_non_null(world->org);
    world_reset(world);
}

void world_reset(tool_world *world)
{
    world->input = NULL;
    world->org_url = mock_org_url(world->org);
    world->token = TOKEN;
    world->variable = NULL;
    world->variables = NULL;
    world->output = NULL;
    world->unread = false;
}

int world_begin(void **state)
{
    tool_world *world = calloc(1, sizeof *world);
    if (world == NULL) {
        return -1;
    }
    (void)snprintf(world->folder, sizeof world->folder, "/tmp/okta-keys-test-XXXXXX");
    if (mkdtemp(world->folder) == NULL) {
        free(world);
        return -1;
    }
    mock_org_options options = {.users = 0};
    world->org = mock_org_start(&options);
    *state = world;
    if (world->org == NULL) {
        return -1;
    }
    world_reset(world);
    return 0;
}

static void remove_folder(const char *folder)
{
    DIR *entries = opendir(folder);
    const struct dirent *entry = NULL;
    while (entries != NULL && (entry = readdir(entries)) != NULL) {
        (void)unlinkat(dirfd(entries), entry->d_name, 0);
    }
    if (entries != NULL) {
        (void)closedir(entries);
    }
    (void)rmdir(folder);
}

int world_end(void **state)
{
    tool_world *world = *state;
    mock_org_stop(world->org);
    remove_folder(world->folder);
    while (world->files != NULL) {
        struct world_file *next = world->files->next;
        free(world->files);
        world->files = next;
    }
    free(world->out);
    free(world->err);
    free(world);
    return 0;
}

const char *world_path(tool_world *world, const char *name)
{
    struct world_file *file = malloc(sizeof *file);
    assert_non_null(file);
    file->next = world->files;
    world->files = file;
    (void)snprintf(file->path, sizeof file->path, "%s/%s", world->folder, name);
    return file->path;
}

const char *world_write_bytes(tool_world *world, const char *name, const char *bytes, size_t length)
{
    const char *path = world_path(world, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, 0600), 0);
    return path;
}

const char *world_write(tool_world *world, const char *name, const char *text)
{
    return world_write_bytes(world, name, text, strlen(text));
}

char *world_read(const char *path)
{
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        return NULL;
    }
    size_t capacity = (size_t)1 << 20;
    char *text = malloc(capacity);
    assert_non_null(text);
    size_t length = fread(text, 1, capacity - 1, file);
    assert_true(length < capacity - 1);
    text[length] = '\0';
    (void)fclose(file);
    return text;
}

char *world_pem(const char *passphrase)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    BIO *memory = BIO_new(BIO_s_mem());
    assert_non_null(key);
    assert_non_null(memory);
    const EVP_CIPHER *cipher = passphrase == NULL ? NULL : EVP_aes_256_cbc();
    assert_int_equal(PEM_write_bio_PKCS8PrivateKey(memory, key, cipher, passphrase,
                                                   passphrase == NULL ? 0 : (int)strlen(passphrase), NULL,
                                                   NULL),
                     1);
    char *text = NULL;
    long length = BIO_get_mem_data(memory, &text);
    char *copy = calloc(1, (size_t)length + 1);
    assert_non_null(copy);
    memcpy(copy, text, (size_t)length);
    BIO_free(memory);
    EVP_PKEY_free(key);
    return copy;
}

/* What sanitizers and coverage need; the rest of the environment must not reach the tool. */
static bool is_passed_on(const char *variable)
{
    static const char *const prefixes[] = {"ASAN_",         "UBSAN_", "LSAN_",           "TSAN_",
                                           "LLVM_PROFILE_", "GCOV_",  "LD_LIBRARY_PATH="};
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        if (strncmp(variable, prefixes[i], strlen(prefixes[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* execve() takes writable strings and does not write to them. */
static char *writable(const char *text)
{
    char *out = NULL;
    memcpy(&out, &text, sizeof out);
    return out;
}

void world_command_fill(const tool_world *world, const char *const *words, world_command *out)
{
    size_t count = 0;
    *out = (world_command){.words = {writable(world_tool)}};
    for (size_t i = 0; words[i] != NULL; i++) {
        assert_true(i + 2 < WORLD_MAX_WORDS);
        out->words[i + 1] = writable(words[i]);
    }
    for (size_t i = 0; environ[i] != NULL && count + 5 < WORLD_MAX_WORDS; i++) {
        if (is_passed_on(environ[i])) {
            out->environment[count++] = environ[i];
        }
    }
    (void)snprintf(out->home, sizeof out->home, "HOME=%s", world->folder);
    out->environment[count++] = out->home;
    if (world->org_url != NULL) {
        (void)snprintf(out->url, sizeof out->url, "OKTA_CLIENT_ORGURL=%s", world->org_url);
        out->environment[count++] = out->url;
    }
    if (world->token != NULL) {
        (void)snprintf(out->token, sizeof out->token, "OKTA_CLIENT_TOKEN=%s", world->token);
        out->environment[count++] = out->token;
    }
    if (world->variable != NULL) {
        out->environment[count++] = writable(world->variable);
    }
    for (size_t i = 0; world->variables != NULL && world->variables[i] != NULL; i++) {
        assert_true(count + 1 < WORLD_MAX_WORDS);
        out->environment[count++] = writable(world->variables[i]);
    }
}

/* Only async-signal-safe functions: the mock's thread runs in this process. */
static void run_child(const tool_world *world, const world_command *command, const int fds[3],
                      bool close_output)
{
    if (chdir(world->folder) != 0) {
        _exit(126);
    }
    for (int i = 0; i < 3; i++) {
        if (dup2(fds[i], i) < 0) {
            _exit(126);
        }
    }
    if (close_output) {
        (void)close(STDOUT_FILENO);
    }
    (void)execve(command->words[0], command->words, command->environment);
    _exit(127);
}

/* Takes `output`. */
static pid_t start(tool_world *world, const char *const *words, int output, bool close_output)
{
    world_command command;
    world_command_fill(world, words, &command);
    const char *in_path = world_write(world, ".in", world->input == NULL ? "" : world->input);
    const int fds[3] = {
        open(in_path, O_RDONLY | O_CLOEXEC),
        output,
        open(world_path(world, ".err"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600),
    };
    assert_true(fds[0] > 2 && fds[1] > 2 && fds[2] > 2);
    mock_org_forget_requests(world->org);
    pid_t child = fork();
    if (child == 0) {
        run_child(world, &command, fds, close_output);
    }
    assert_true(child > 0);
    for (size_t i = 0; i < 3; i++) {
        (void)close(fds[i]);
    }
    return child;
}

static void finish(tool_world *world, pid_t child)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0) {
        assert_int_equal(errno, EINTR);
    }
    free(world->err);
    world->code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    world->signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    world->err = world_read(world_path(world, ".err"));
    world->requests = mock_org_request_count(world->org);
    assert_non_null(world->err);
}

/* The writing end of a pipe; `*reader` is the other one. */
static int open_pipe(int *reader)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    for (size_t i = 0; i < 2; i++) {
        assert_int_not_equal(fcntl(ends[i], F_SETFD, FD_CLOEXEC), -1);
    }
    *reader = ends[0];
    return ends[1];
}

static int open_unread(void)
{
    int reader = -1;
    int writer = open_pipe(&reader);
    (void)close(reader);
    return writer;
}

void world_run(tool_world *world, const char *const *words)
{
    const char *out_path = world_path(world, ".out");
    bool elsewhere = world->unread || (world->output != NULL && *world->output != '\0');
    const char *path = elsewhere ? world->output : out_path;
    int output = world->unread ? open_unread() : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    finish(world, start(world, words, output, world->output != NULL && !elsewhere));
    free(world->out);
    world->out = elsewhere ? strdup("") : world_read(out_path);
    assert_non_null(world->out);
}

world_process world_start(tool_world *world, const char *const *words)
{
    world_process process = {.child = -1};
    int writer = open_pipe(&process.out_fd);
    process.child = start(world, words, writer, false);
    return process;
}

void world_finish(tool_world *world, const world_process *process)
{
    finish(world, process->child);
}

void world_read_line(const world_process *process, char *out, size_t size)
{
    size_t length = 0;
    ssize_t got = 1;
    while (got == 1 && length + 1 < size && (length == 0 || out[length - 1] != '\n')) {
        got = read(process->out_fd, out + length, 1);
        assert_true(got >= 0);
        length += (size_t)got;
    }
    out[length] = '\0';
}

void world_wait_for_requests(const tool_world *world, size_t count)
{
    while (mock_org_request_count(world->org) < count) {
        sched_yield();
    }
}

size_t world_count(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, part)) != NULL; at += strlen(part)) {
        count++;
    }
    return count;
}

const mock_request *world_request(tool_world *world, size_t i)
{
    const mock_request *request = mock_org_request_at(world->org, i);
    assert_non_null(request);
    return request;
}

static void show(const tool_world *world)
{
    print_error("exit code %d, %zu requests\n--- stdout\n%s--- stderr\n%s---\n", world->code, world->requests,
                world->out, world->err);
}

void world_assert_exit(const tool_world *world, int expected, const char *file, int line)
{
    if (world->code != expected) {
        show(world);
        print_error("expected exit code %d\n", expected);
        _fail(file, line);
    }
}

void world_assert_text(const tool_world *world, const char *text, const char *expected, bool whole,
                       const char *file, int line)
{
    if (whole ? strcmp(text, expected) != 0 : strstr(text, expected) == NULL) {
        show(world);
        print_error("expected %s\n%s\n", whole ? "exactly" : "in it", expected);
        _fail(file, line);
    }
}

void assert_one_line(const tool_world *world)
{
    const char *end = strchr(world->err, '\n');
    if (strncmp(world->err, "okta-keys: ", 11) != 0 || end == NULL || end[1] != '\0') {
        show(world);
        fail_msg("standard error is not one line");
    }
}
