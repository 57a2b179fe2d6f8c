/* SPDX-License-Identifier: Apache-2.0 */
/* Models as a program writes them in C++ before C++20, which has no designated initialisers. */
#include <okta/api/application_sso_public_keys.h>
#include <okta/okta.h>

#include <cstdio>
#include <memory>
#include <string>

struct release {
    void operator()(void *object) const { okta_free(object); }
};

int main()
{
    okta_oauth2_client_secret_request_body body{};
    body.model = OKTA_INIT(okta_oauth2_client_secret_request_body);
    body.client_secret = "a-secret-of-more-than-14";

    char *json = nullptr;
    std::unique_ptr<okta_error, release> error(okta_to_json(okta_oauth2_client_secret_request_body_descriptor(), &body,
                                                            OKTA_JSON_REQUEST, &json, nullptr));
    std::unique_ptr<char, release> text(json);
    if (error || std::string(json) != "{\"client_secret\":\"a-secret-of-more-than-14\"}") {
        std::fprintf(stderr, "%s\n", okta_error_message(error.get()));
        return 1;
    }
    std::unique_ptr<okta_call, release> call(okta_list_jwk_call(nullptr, "app"));
    error.reset(okta_call_run(call.get()));
    std::unique_ptr<okta_oauth2_client_jwk_list, release> list(OKTA_TAKE(call.get(), okta_oauth2_client_jwk_list));
    return okta_error_status(error.get()) == OKTA_E_ARG && !list ? 0 : 1;
}
