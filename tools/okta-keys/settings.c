/* SPDX-License-Identifier: Apache-2.0 */
#include "settings.h"

const setting_row setting_rows[] = {
    {"OKTA_CLIENT_ORGURL", "orgUrl", "the org, as for --org-url"},
    {"OKTA_CLIENT_AUTHORIZATIONMODE", "authorizationMode", "SSWS, Bearer, PrivateKey or ClientSecret"},
    {"OKTA_CLIENT_TOKEN", "token", "the API token or access token"},
    {"OKTA_CLIENT_USERAGENT", "userAgent", "put in front of the User-Agent"},
    {"OKTA_CLIENT_CAFILE", "caFile", "CA certificates in PEM instead of the system's"},
    {"OKTA_CLIENT_PROXY_HOST", "proxy.host", "a proxy, with or without its scheme"},
    {"OKTA_CLIENT_PROXY_PORT", "proxy.port", "its port"},
    {"OKTA_CLIENT_PROXY_USERNAME", "proxy.username", "its user"},
    {"OKTA_CLIENT_PROXY_PASSWORD", "proxy.password", "its password"},
    {"OKTA_CLIENT_REQUESTTIMEOUT", "requestTimeout", "seconds of a call, as for --timeout"},
    {"OKTA_CLIENT_CONNECTIONTIMEOUT", "connectionTimeout", "seconds of a connection attempt"},
    {"OKTA_CLIENT_RATELIMIT_MAXRETRIES", "rateLimit.maxRetries", "as for --max-retries"},
    {"OKTA_CLIENT_MAXRESPONSEBYTES", "maxResponseBytes", "the largest answer in bytes"},
    {"OKTA_CLIENT_LOGLEVEL", "logLevel", "none, warn, info or debug"},
    {"OKTA_CLIENT_CLIENTID", "clientId", "the service app's client id"},
    {"OKTA_CLIENT_SCOPES", "scopes", "the scopes to ask for"},
    {"OKTA_CLIENT_PRIVATEKEY", "privateKey", "the service app's key: text, or a file"},
    {"OKTA_CLIENT_PRIVATEKEYID", "privateKeyId", "its key id"},
    {"OKTA_CLIENT_PRIVATEKEYALG", "privateKeyAlg", "its algorithm, such as RS256"},
    {"OKTA_CLIENT_ASSERTION_AUDIENCE", "assertion.audience", "the audience of assertions"},
    {"OKTA_CLIENT_ASSERTION_TYPE", "assertion.type", "the header typ of assertions"},
    {"OKTA_CLIENT_CLIENTSECRET", "clientSecret", "the client secret of an API service integration"},
    {"OKTA_CLIENT_CLIENTAUTHMETHOD", "clientAuthMethod", "client_secret_basic or client_secret_post"},
    {"OKTA_CLIENT_DPOP", "dpop", "auto, always or never"},
    {"OKTA_CLIENT_PACING", "pacing", "on or off: wait for rate limits"},
    {"OKTA_CLIENT_RATELIMIT_PERCENT", "rateLimit.percent", "per cent of each rate limit to use"},
    {"OKTA_CLIENT_RATELIMIT_RESERVE", "rateLimit.reserve", "calls of each rate limit to leave"},
    {"OKTA_CLIENT_MAXINFLIGHT", "maxInFlight", "requests at the same time"},
    {"OKTA_CLIENT_PRIVATEKEYREADABLE", "privateKeyReadable", "true: everyone may read the key's file"},
    {"OKTA_CLIENT_ADMINHOST", "adminHost", "true: orgUrl may be the admin console's"},
    {"OKTA_CLIENT_ASSERTION_FILE", "assertion.file", "a file with a ready assertion, in the key's place"},
    {"OKTA_CLIENT_HTTPVERSION", "httpVersion", "auto or 1.1: which HTTP to speak"},
};

const size_t setting_count = sizeof setting_rows / sizeof setting_rows[0];
