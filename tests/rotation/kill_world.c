/* SPDX-License-Identifier: Apache-2.0 */
#include "kill_world.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "okta/api/application_sso_public_keys.h"

_Noreturn void kill_world_die(const char *what, okta_error *error)
{
    fprintf(stderr, "kill_sweep: %s: %s\n", what,
            error == NULL ? strerror(errno) : okta_error_message(error));
    exit(2);
}

static void expect(okta_error *error, const char *what)
{
    if (error != NULL) {
        kill_world_die(what, error);
    }
}

/* The folder of the program. */

static void path_of(const kill_world *self, char out[PATH_SIZE * 2], const char *name)
{
    snprintf(out, PATH_SIZE * 2, "%s/%s", self->folder, name);
}

static void write_text(const kill_world *self, const char *name, const char *text)
{
    char path[PATH_SIZE * 2];
    path_of(self, path, name);
    FILE *file = fopen(path, "w");
    if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0) {
        kill_world_die(path, NULL);
    }
}

/* False: there is none, or nothing in it. */
static bool read_text(const kill_world *self, const char *name, char *out, size_t size)
{
    char path[PATH_SIZE * 2];
    path_of(self, path, name);
    FILE *file = fopen(path, "r");
    size_t length = file == NULL ? 0 : fread(out, 1, size - 1, file);
    out[length] = '\0';
    if (file != NULL) {
        fclose(file);
    }
    return length > 0;
}

static void empty_folder(const kill_world *self)
{
    DIR *dir = opendir(self->folder);
    if (dir == NULL) {
        kill_world_die(self->folder, NULL);
    }
    const struct dirent *entry;
    while ((entry = readdir(dir)) != NULL) {
        char path[PATH_SIZE * 2];
        path_of(self, path, entry->d_name);
        if (entry->d_name[0] != '.') {
            unlink(path);
        }
    }
    closedir(dir);
}

/* Whether there is a file. */
static bool is_stored(const kill_world *self, const char *name)
{
    char path[PATH_SIZE * 2];
    path_of(self, path, name);
    return access(path, R_OK) == 0;
}

/* The org. */

static void add_key(kill_world *self, okta_key *key)
{
    okta_key_jwk_options options = OKTA_KEY_JWK_OPTIONS_INIT;
    options.use = self->kind == OKTA_ROTATION_ENCRYPTION_KEY ? OKTA_OAUTH2_CLIENT_JWK_USE_ENC
                                                             : OKTA_OAUTH2_CLIENT_JWK_USE_SIG;
    okta_oauth2_client_jwk_request *request = NULL;
    okta_oauth2_client_jwk *added = NULL;
    expect(okta_key_to_jwk_request(key, &options, &request), "key");
    expect(okta_add_jwk(self->client, self->app_id, request, &added), "addJwk");
    snprintf(self->first, sizeof self->first, "%s", added->kid);
    okta_free(request);
    okta_free(added);
}

static void add_first(kill_world *self)
{
    if (self->kind != OKTA_ROTATION_CLIENT_SECRET) {
        add_key(self, self->first_key);
        return;
    }
    okta_oauth2_client_secret *added = NULL;
    expect(okta_create_oauth2_client_secret(self->client, self->app_id, NULL, &added), "secret");
    snprintf(self->first, sizeof self->first, "%s", added->client_secret);
    okta_free(added);
}

void kill_world_start(kill_world *self)
{
    const mock_org_options options = {.rate_limit = 1000000};
    self->org = mock_org_start(&options);
    if (self->org == NULL) {
        kill_world_die("mock org", NULL);
    }
    okta_client_options client = OKTA_CLIENT_OPTIONS_INIT;
    client.org_url = mock_org_url(self->org);
    client.token = "mock-token";
    expect(okta_client_new(&client, &self->client), "client");
    self->app_id = self->kind == OKTA_ROTATION_CLIENT_SECRET ? MOCK_WEB_APP : MOCK_SERVICE_APP;
    add_first(self);
    empty_folder(self);
    write_text(self, "current", self->first);
    for (unsigned i = 0; i < POOL; i++) {
        char name[16];
        snprintf(name, sizeof name, "pool-%u", i + 1);
        write_text(self, name, self->pool[i]);
    }
}

void kill_world_stop(kill_world *self)
{
    okta_free(self->client);
    mock_org_stop(self->org);
}

/* Whether the service holds a private key: as a file of its name, or in the file of all. */
static bool is_held(const kill_world *self, const char *kid)
{
    char text[TEXT_SIZE * 16];
    char thumbprint[OKTA_THUMBPRINT_SIZE] = "";
    okta_key *key = NULL;
    if (strcmp(kid, self->first) == 0 || is_stored(self, kid)) {
        return true;
    }
    if (read_text(self, OUT_FILE, text, sizeof text)) {
        okta_free(okta_key_from_pem(text, strlen(text), NULL, NULL, &key));
        okta_free(okta_key_thumbprint(key, thumbprint));
    }
    okta_free(key);
    return strcmp(kid, thumbprint) == 0;
}

static void look_at_keys(const kill_world *self, const char *current, kill_view *out)
{
    okta_oauth2_client_jwk_list *keys = NULL;
    expect(okta_list_jwk(self->client, self->app_id, &keys), "listJwk");
    for (size_t i = 0; i < keys->count; i++) {
        const okta_oauth2_client_jwk *key = keys->items[i];
        bool is_its = self->kind == OKTA_ROTATION_ENCRYPTION_KEY /* it decrypts with all that is stored */
                          ? is_held(self, key->kid)
                          : strcmp(key->kid, current) == 0;
        out->works = out->works || (is_its && key->status == OKTA_OAUTH2_CLIENT_JWK_STATUS_ACTIVE);
        for (size_t k = 0; k < i; k++) {
            out->duplicates += strcmp(key->kid, keys->items[k]->kid) == 0;
        }
    }
    out->count = keys->count;
    okta_free(keys);
}

static void look_at_secrets(const kill_world *self, const char *current, kill_view *out)
{
    okta_oauth2_client_secret_list *secrets = NULL;
    expect(okta_list_oauth2_client_secrets(self->client, self->app_id, &secrets), "secrets");
    for (size_t i = 0; i < secrets->count; i++) {
        const okta_oauth2_client_secret *secret = secrets->items[i];
        out->works = out->works || (strcmp(secret->client_secret, current) == 0 &&
                                    secret->status == OKTA_OAUTH2_CLIENT_SECRET_STATUS_ACTIVE);
        for (size_t k = 0; k < i; k++) {
            out->duplicates += strcmp(secret->client_secret, secrets->items[k]->client_secret) == 0;
        }
    }
    out->count = secrets->count;
    okta_free(secrets);
}

void kill_world_look(const kill_world *self, kill_view *out)
{
    char current[TEXT_SIZE];
    *out = (kill_view){.works = false};
    if (!read_text(self, "current", current, sizeof current)) {
        kill_world_die("current", NULL);
    }
    current[strcspn(current, "\n")] = '\0';
    out->is_rotated = strcmp(current, self->first) != 0;
    if (self->kind == OKTA_ROTATION_CLIENT_SECRET) {
        look_at_secrets(self, current, out);
    } else {
        look_at_keys(self, current, out);
    }
}

static void make_keys(kill_world *self)
{
    okta_key_type type = self->kind == OKTA_ROTATION_ENCRYPTION_KEY ? OKTA_KEY_RSA_2048 : OKTA_KEY_EC_P256;
    expect(okta_key_generate(type, &self->first_key), "key");
    for (unsigned i = 0; i < POOL; i++) {
        okta_key *key = NULL;
        char *pem = NULL;
        expect(okta_key_generate(type, &key), "key");
        expect(okta_key_to_private_pem(key, &pem), "key");
        snprintf(self->pool[i], sizeof self->pool[i], "%s", pem);
        okta_free(pem);
        okta_free(key);
    }
}

void kill_world_print(const kill_world *self, const char *name)
{
    char text[TEXT_SIZE * 16];
    if (read_text(self, name, text, sizeof text)) {
        printf("%s", text);
    }
}

void kill_world_make(kill_world *self, okta_rotation_kind kind)
{
    *self = (kill_world){.kind = kind};
    snprintf(self->folder, sizeof self->folder, "/tmp/kill_sweep.XXXXXX");
    if (mkdtemp(self->folder) == NULL) {
        kill_world_die("folder", NULL);
    }
    make_keys(self);
}

void kill_world_remove(kill_world *self)
{
    okta_free(self->first_key);
    empty_folder(self);
    rmdir(self->folder);
}
