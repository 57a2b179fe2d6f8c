/* SPDX-License-Identifier: Apache-2.0 */
/* DPoP proofs, RFC 9449 section 4.3, and the nonces of section 8 and 9. */
#include "mock_json.h"
#include "mock_jwt.h"
#include "mock_state.h"

#include <stdlib.h>
#include <string.h>

#define DEFAULT_WINDOW_S 300

static const char *type_refusal(const mock_jwt *jwt, char out_jkt[MOCK_THUMBPRINT_SIZE])
{
    const cJSON *jwk = cJSON_GetObjectItemCaseSensitive(jwt->header, "jwk");
    if (!mock_json_is(jwt->header, "typ", "dpop+jwt")) {
        return "The typ of the DPoP proof is not dpop+jwt";
    }
    if (!cJSON_IsObject(jwk) || mock_json_repeats_a_member(jwk)) {
        return "The DPoP proof has no jwk with each member once";
    }
    if (mock_jwk_has_private_part(jwk)) {
        return "The jwk of the DPoP proof has private members";
    }
    if (!mock_thumbprint(jwk, out_jkt)) {
        return "The jwk of the DPoP proof is no RSA or EC key in canonical form";
    }
    return mock_jwt_verify(jwt, jwk);
}

static const char *target_refusal(mock_call *call, const mock_jwt *jwt)
{
    const mock_record *record = call->record;
    if (!mock_json_is(jwt->claims, "htm", record->method)) {
        return "The htm of the DPoP proof is not the method of the request";
    }
    int path_length = (int)strcspn(record->target, "?#");
    char *url = mock_format("%s%.*s", mock_call_url(call), path_length, record->target);
    if (url == NULL) {
        call->answer->broken = true;
        return "Out of memory";
    }
    bool same = mock_json_is(jwt->claims, "htu", url);
    free(url);
    return same ? NULL : "The htu of the DPoP proof is not the URL of the request without query and fragment";
}

static const char *time_refusal(const mock_call *call, const mock_jwt *jwt)
{
    unsigned set = call->org->oauth.options.proof_window_s;
    double window = set > 0 ? set : DEFAULT_WINDOW_S;
    double now = (double)mock_now(call->org);
    double issued = 0;
    if (!mock_jwt_time(jwt, "iat", &issued)) {
        return "The DPoP proof has no iat";
    }
    return issued >= now - window && issued <= now + window ? NULL
                                                            : "The iat of the DPoP proof is too far off";
}

static const char *token_refusal(mock_call *call, const mock_jwt *jwt, const char *access_token)
{
    char hash[MOCK_SHA256_SIZE];
    if (access_token == NULL) {
        return NULL;
    }
    if (!mock_sha256_text(access_token, hash)) {
        call->answer->broken = true;
        return "Out of memory";
    }
    return mock_json_is(jwt->claims, "ath", hash) ? NULL
                                                  : "The ath of the DPoP proof is not that of the token";
}

static const char *use_up(mock_call *call, const mock_jwt *jwt, const char *jkt)
{
    const char *jti = mock_json_string(jwt->claims, "jti");
    if (jti == NULL || *jti == '\0') {
        return "The DPoP proof has no jti";
    }
    switch (mock_seen_add(&call->org->oauth.seen, "proof", jkt, jti)) {
    case MOCK_SIGHT_FIRST:
        return NULL;
    case MOCK_SIGHT_REPEATED:
        return "The DPoP proof is a replay: its jti was used before";
    case MOCK_SIGHT_NO_MEMORY:
        break;
    }
    call->answer->broken = true;
    return "Out of memory";
}

static const char *read_proof(mock_call *call, mock_jwt *out)
{
    if (mock_record_header_count(call->record, "DPoP") != 1) {
        return "There is not one DPoP header";
    }
    return mock_jwt_read(mock_request_header(&call->record->view, "DPoP"), out);
}

static void add_nonce(const mock_call *call, const char *nonce)
{
    if (nonce == NULL) {
        call->answer->broken = true;
        return;
    }
    mock_answer_header(call->answer, "DPoP-Nonce: %s", nonce);
}

void mock_tell_nonce(const mock_call *call)
{
    mock_oauth *oauth = &call->org->oauth;
    bool told_a_fresh_one = oauth->options.fresh_nonces && mock_record_header_count(call->record, "DPoP") > 0;
    if (!oauth->options.no_token_nonce && !told_a_fresh_one) {
        add_nonce(call, mock_nonces_newest(&oauth->token_nonces));
    }
}

/* Challenges a proof without the nonce that it needs, and hands out fresh ones with good proofs. */
static mock_proof_state check_nonce(mock_call *call, const mock_jwt *jwt, bool at_token_endpoint)
{
    mock_oauth *oauth = &call->org->oauth;
    const mock_oauth_options *options = &oauth->options;
    mock_nonces *nonces = at_token_endpoint ? &oauth->token_nonces : &oauth->api_nonces;
    const char *given = mock_json_string(jwt->claims, "nonce");
    size_t accepted = options->accepted_nonces > 0 ? options->accepted_nonces : 1;
    bool needed = at_token_endpoint ? !options->no_token_nonce : options->api_nonce;
    if (needed && (given == NULL || !mock_nonces_have(nonces, given, accepted))) {
        add_nonce(call, mock_nonces_newest(nonces));
        return MOCK_PROOF_NEEDS_NONCE;
    }
    if (options->fresh_nonces) {
        add_nonce(call, mock_nonces_make(nonces));
    }
    return MOCK_PROOF_GOOD;
}

mock_proof mock_proof_check(mock_call *call, const char *access_token)
{
    mock_jwt jwt = {0};
    mock_proof proof = {.state = MOCK_PROOF_BAD};
    if ((proof.why = read_proof(call, &jwt)) == NULL && (proof.why = type_refusal(&jwt, proof.jkt)) == NULL &&
        (proof.why = target_refusal(call, &jwt)) == NULL && (proof.why = time_refusal(call, &jwt)) == NULL &&
        (proof.why = token_refusal(call, &jwt, access_token)) == NULL &&
        (proof.why = use_up(call, &jwt, proof.jkt)) == NULL) {
        proof.state = check_nonce(call, &jwt, access_token == NULL);
        proof.why = proof.state == MOCK_PROOF_GOOD ? NULL : "The DPoP proof needs the nonce of this answer";
    }
    mock_jwt_clear(&jwt);
    return proof;
}
