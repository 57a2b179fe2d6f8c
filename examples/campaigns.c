/* SPDX-License-Identifier: Apache-2.0 */
/* The access certification campaigns of the org's Governance API: campaigns [STATUS]
 *
 * STATUS is one of Okta's, such as ACTIVE; without it, all. Okta Identity Governance has to be on. */
#include <okta/api/governance_campaigns.h>
#include <okta/okta.h>
#include <stdio.h>
#include <stdlib.h>

static const char *or_dash(const char *text)
{
    return text != NULL ? text : "-";
}

static okta_error *print_campaigns(okta_client *client, const char *status)
{
    char *filter = NULL;
    okta_error *error = NULL;
    if (status != NULL) {
        error = okta_filter_format("status eq ?", (const char *const[]){status, NULL}, &filter);
    }
    if (error != NULL) {
        return error;
    }
    const okta_governance_list_campaigns_params params = {
        .model = OKTA_INIT(okta_governance_list_campaigns_params),
        .filter = filter,
        .limit = okta_int(200),
    };
    okta_pages *pages = okta_governance_list_campaigns_pages(client, &params);
    const okta_governance_campaign_sparse *campaign;
    while ((campaign = OKTA_NEXT(pages, okta_governance_campaign_sparse)) != NULL) {
        printf("%s %s %s to %s: %s\n", or_dash(campaign->id), or_dash(okta_enum_text(campaign, "status")),
               or_dash(campaign->start_date), or_dash(campaign->end_date), or_dash(campaign->name));
    }
    error = okta_pages_error(pages);
    okta_free(pages);
    okta_free(filter);
    return error;
}

int main(int argc, char **argv)
{
    if (argc > 2) {
        fprintf(stderr, "usage: campaigns [STATUS]\n");
        return 2;
    }
    okta_client_options options = OKTA_CLIENT_OPTIONS_INIT;
    options.org_url = getenv("OKTA_CLIENT_ORGURL");
    options.token = getenv("OKTA_CLIENT_TOKEN");

    okta_client *client = NULL;
    okta_error *error = okta_client_new(&options, &client);
    if (error == NULL) {
        error = print_campaigns(client, argc > 1 ? argv[1] : NULL);
    }

    int exit_code = error == NULL ? 0 : 1;
    if (error != NULL) {
        fprintf(stderr, "campaigns: %s\n", okta_error_message(error));
    }
    okta_free(error);
    okta_free(client);
    return exit_code;
}
